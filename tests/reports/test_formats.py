"""Each format carries every finding and result of a report; the summary is for people alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from telecom_rules.findings import Edit, Finding, Fix, Related, Span
from telecom_rules.findings.fingerprints import fingerprint
from telecom_rules.pack import load
from telecom_rules.reports import FORMATS, Report, ScenarioRun
from telecom_rules.reports.github import summarize_step
from telecom_rules.reports.places import Folders, move_report
from telecom_rules.scenarios import read, run
from telecom_rules.wording import Wording
from tests.fuzz.mutation import OBEYED
from tests.scenarios.house import FLOW, POLICY, write

TITLE = "title: {zh: 测试, en: Test}"
SCENARIOS = f"""{POLICY}tests:
  low: {{{TITLE}, given: {{loss: 1}}, then: {{grade: low}}}}
  high: {{{TITLE}, given: {{loss: 49}}, then: {{grade: high}}}}
"""
CLOSED = f"""{FLOW}tests:
  closed: {{{TITLE}, steps: [{{send: close, by: boss, then: closed}}]}}
"""
UNKNOWN_FACT = Finding(
    "TR113",
    Span("a.yaml", 2, 3, 2, 6),
    {"kind": Wording("数据项", "fact"), "name": "los"},
    suggestion="loss",
    related=(Related(Span("b.yaml", 7, 1), Wording("此处", "here")),),
    notes=(Wording("注", "a note"),),
    fix=Fix(
        Wording("将 `los` 改为 `loss`", "replace `los` by `loss`"),
        (Edit(Span("a.yaml", 2, 3, 2, 6), "loss"),),
        is_safe=False,
    ),
)
DUPLICATE = Finding("TR604", Span("a.yaml", 1), {"name": "fee", "value": "1"})


@pytest.fixture
def found() -> Report:
    return Report(findings=(DUPLICATE, UNKNOWN_FACT), texts={"a.yaml": "x: 1\n  los: 2\n"})


@pytest.fixture
def ran(tmp_path) -> Report:
    write(tmp_path, grading=SCENARIOS, handling=CLOSED)
    pack = load(tmp_path)
    written = read(tmp_path, pack)
    return Report(
        findings=written.findings,
        texts=written.texts,
        pack=pack,
        run=ScenarioRun(results=run(written.scenarios, pack), written=len(written.scenarios)),
    )


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_the_code_and_the_file_of_every_finding(name, found):
    written = FORMATS[name](found)
    for finding in found.findings:
        assert finding.id in written
        assert finding.span.file in written


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_the_same_report_the_same_way(name, found):
    assert FORMATS[name](found) == FORMATS[name](found)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_which_scenario_failed_and_why(name, ran):
    written = FORMATS[name](ran)
    assert "TR730" in written
    assert "scenarios/grading.yaml" in written


def test_text_frames_the_line_and_counts(found):
    written = FORMATS["text"](found)
    assert "2 |   los: 2\n  |   ^^^" in written
    assert written.endswith("1 error, 1 warning")


def test_concise_gives_each_finding_one_line(found):
    first, second, summary = FORMATS["concise"](found).splitlines()
    assert first.startswith("a.yaml:1:1: warning[TR604] ")
    assert second.startswith("a.yaml:2:3: error[TR113] ")
    assert summary == "1 error, 1 warning"


def test_json_has_every_field_of_a_finding_in_both_languages(found):
    document = json.loads(FORMATS["json"](found))
    assert document["findings"][1] == {
        "code": "TR113",
        "severity": "error",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 6,
        "message": UNKNOWN_FACT.wording._asdict(),
        "label": None,
        "help": {"zh": "是否指 `loss`？", "en": "did you mean `loss`?"},
        "related": [
            {
                "file": "b.yaml",
                "line": 7,
                "column": 1,
                "end_line": 7,
                "end_column": 2,
                "message": {"zh": "此处", "en": "here"},
            }
        ],
        "notes": [{"zh": "注", "en": "a note"}],
        "fix": {
            "message": {"zh": "将 `los` 改为 `loss`", "en": "replace `los` by `loss`"},
            "safe": False,
            "edits": [
                {
                    "file": "a.yaml",
                    "line": 2,
                    "column": 3,
                    "end_line": 2,
                    "end_column": 6,
                    "text": "loss",
                }
            ],
        },
    }
    assert document["findings"][0]["fix"] is None


def test_json_of_a_pack_that_does_not_load_has_no_pack_and_no_scenarios(found):
    document = json.loads(FORMATS["json"](found))
    assert [document[key] for key in ("pack", "version", "digest")] == [None, None, None]
    assert "scenarios" not in document
    assert "coverage" not in document


def test_json_does_not_depend_on_the_language(found, ran):
    for report in (found, ran):
        chinese = Report(
            findings=report.findings,
            texts=report.texts,
            pack=report.pack,
            run=report.run,
            language="zh",
        )
        assert FORMATS["json"](chinese) == FORMATS["json"](report)


def test_junit_counts_errors_of_files_and_lets_warnings_pass(found):
    suite = ET.fromstring(FORMATS["junit"](found))  # noqa: S314 - our own report
    assert (suite.get("tests"), suite.get("errors"), suite.get("failures")) == ("2", "1", "0")
    warning, error = suite
    assert warning.find("error") is None
    assert "warning[TR604]" in (warning.findtext("system-out") or "")
    assert "^^^" in (error.findtext("error") or "")


def test_junit_has_a_failure_for_each_scenario_that_failed(ran):
    suite = ET.fromstring(FORMATS["junit"](ran))  # noqa: S314 - our own report
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["high"]


def test_junit_has_the_place_of_each_case_and_the_time_of_each_scenario(found, ran):
    first, second = ET.fromstring(FORMATS["junit"](found))  # noqa: S314 - our own report
    assert [(each.get("file"), each.get("line")) for each in (first, second)] == [
        ("a.yaml", "1"),
        ("a.yaml", "2"),
    ]
    timed = replace(ran, run=replace(ran.run, seconds=(0.5, 0.25, 0.0004)))
    suite = ET.fromstring(FORMATS["junit"](timed))  # noqa: S314 - our own report
    assert [each.get("time") for each in (suite, *suite)] == ["0.750", "0.500", "0.250", "0.000"]
    assert all(each.get("line") and each.get("file") for each in suite)


def test_colours_are_for_the_format_of_people_alone(found):
    painted = Report(findings=found.findings, texts=found.texts, color=True)
    assert [name for name in FORMATS if "\x1b" in FORMATS[name](painted)] == ["text"]


SARIF = Draft4Validator(
    json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text("utf-8"))
)


def test_sarif_is_valid_by_the_schema_of_the_standard(found, ran):
    for report in (found, ran, replace(ran, known=found.findings, ignored=found.findings)):
        SARIF.validate(json.loads(FORMATS["sarif"](report)))


def test_sarif_quotes_what_is_marked_and_the_lines_around_it(found):
    document = json.loads(FORMATS["sarif"](found))
    place = document["runs"][0]["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "a.yaml", "uriBaseId": "SRCROOT"}
    assert place["region"]["snippet"] == {"text": "los"}
    assert place["contextRegion"] == {
        "startLine": 1,
        "endLine": 3,
        "snippet": {"text": "x: 1\n  los: 2\n"},
    }


def test_sarif_has_the_fix_of_a_finding_and_says_of_a_guess_that_it_is_one(found):
    first, second = json.loads(FORMATS["sarif"](found))["runs"][0]["results"]
    assert "fixes" not in first
    assert second["fixes"] == [
        {
            "description": {"text": "a guess: replace `los` by `loss`."},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "a.yaml", "uriBaseId": "SRCROOT"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 2,
                                "startColumn": 3,
                                "endLine": 2,
                                "endColumn": 6,
                            },
                            "insertedContent": {"text": "loss"},
                        }
                    ],
                }
            ],
        }
    ]


def test_the_fix_of_a_finding_is_told_from_where_the_reader_stands(found):
    (edit,) = move_report(found, Folders("rules")).findings[1].fix.edits
    assert edit.span.file == "rules/a.yaml"


def test_sarif_says_which_findings_are_set_aside(found):
    aside = replace(found, ignored=(DUPLICATE,), known=(UNKNOWN_FACT,))
    results = json.loads(FORMATS["sarif"](aside))["runs"][0]["results"]
    assert [each.get("suppressions") for each in results] == [
        None,
        None,
        [{"kind": "inSource"}],
        [{"kind": "external"}],
    ]


def test_a_fingerprint_stays_when_a_line_is_put_above(found):
    lower = [
        replace(each, span=Span(each.span.file, each.span.line + 1, each.span.column))
        for each in found.findings
    ]
    texts = {"a.yaml": f"# above\n{found.texts['a.yaml']}"}
    before = fingerprint(found.findings, found.texts)
    assert fingerprint(lower, texts) == before
    assert len(set(fingerprint([*found.findings, *found.findings], found.texts))) == 4


def test_github_shows_the_worst_first_and_counts_what_it_drops(found):
    many = [replace(UNKNOWN_FACT, span=Span("a.yaml", line)) for line in range(1, 31)]
    lines = FORMATS["github"](Report(findings=(DUPLICATE, *many), texts={})).splitlines()
    assert [each.partition(" ")[0] for each in lines[:11]] == ["::error"] * 10 + ["::warning"]
    assert lines[11].startswith("not annotated here: 20 more")
    assert lines[12] == "30 errors, 1 warning"
    assert summarize_step(Report(findings=many, texts={})).count("TR113") == 30


def test_github_reads_a_comma_of_a_file_as_part_of_its_name():
    finding = replace(DUPLICATE, span=Span("a,b:c%.yaml", 3, 1, 4, 2))
    (line, _) = FORMATS["github"](Report(findings=(finding,), texts={})).splitlines()
    assert line.startswith("::warning file=a%2Cb%3Ac%25.yaml,line=3,endLine=4,title=TR604::")


def test_gitlab_has_what_a_code_quality_report_needs(found):
    first, second = json.loads(FORMATS["gitlab"](found))
    assert (first["severity"], second["severity"]) == ("minor", "major")
    assert second["location"] == {"path": "a.yaml", "lines": {"begin": 2, "end": 2}}
    assert first["fingerprint"] != second["fingerprint"]


def test_a_report_is_told_from_where_its_reader_stands(ran):
    folders = Folders("rules/house", {"telecom_rules": "/opt/rules", "here": ""})
    moved = move_report(ran, folders)
    failed = next(each for each in moved.run.results if not each.passed)
    assert failed.scenario.span.file == "rules/house/scenarios/grading.yaml"
    assert failed.findings[0].span.file == "rules/house/scenarios/grading.yaml"
    assert "rules/house/scenarios/grading.yaml:" in FORMATS["concise"](moved)
    assert folders.move("../group/pack.yaml") == "rules/group/pack.yaml"


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("telecom_rules:law/pack.yaml", "/opt/rules/law/pack.yaml"),
        ("here:pack.yaml", "pack.yaml"),
        ("gone:pack.yaml", "gone:pack.yaml"),
        ("sub/a:b.yaml", "rules/sub/a:b.yaml"),
    ],
)
def test_a_file_of_an_installed_base_is_named_so_that_an_editor_opens_it(
    name: str, moved: str
) -> None:
    folders = Folders("rules", {"telecom_rules": "/opt/rules", "here": ""})
    assert folders.move(name) == moved


TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "<>&\"']]>`{}\n\r\t\0\x0b\x1b\x85\u2028\u202e\ufeff\ufffe\ud800\U0001ffff投"
        ),
        st.characters(),
    ),
    max_size=20,
)


@given(TEXTS, TEXTS, TEXTS)
@example("a\n\x1b[2J", "]]>", "\ud800")
@settings(deadline=None)
def test_no_text_escapes_its_format(name, value, line):
    hostile = Finding(
        "TR113",
        Span(f"{name}.yaml", 1, 1),
        {"kind": Wording("数据项", "fact"), "name": value, "known": value},
        related=(Related(Span(name, 1), Wording(value, value)),),
        notes=(Wording(value, value),),
    )
    report = Report(findings=(hostile, DUPLICATE), texts={f"{name}.yaml": line})
    written = {form: write(report) for form, write in FORMATS.items()}
    for text in written.values():
        assert not OBEYED.search(text)
        text.encode("utf-8")
    assert len(written["concise"].splitlines()) == 3
    document = json.loads(written["json"])["findings"]
    assert document[0]["file"] == f"{name}.yaml"
    assert document[0]["notes"] == [{"zh": value, "en": value}]
    suite = ET.fromstring(written["junit"])  # noqa: S314 - our own report
    assert [case.get("name") for case in suite] == ["TR113", "TR604"]
    assert [each.tag for each in suite.iter()].count("testcase") == 2
    frames = written["text"].split("\n")
    assert sum(each.startswith(("error[", "warning[")) for each in frames) == 2
    annotations = [each for each in written["github"].splitlines() if each.startswith("::")]
    assert [each.partition(" ")[0] for each in annotations] == ["::error", "::warning"]
    result = json.loads(written["sarif"])["runs"][0]["results"][0]
    assert result["ruleId"] == "TR113"
    SARIF.validate(json.loads(written["sarif"]))
    assert len(json.loads(written["gitlab"])) == 2
