"""Each format carries every finding and result of a report; the summary is for people alone."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telecom_rules.findings import Finding, Related, Span
from telecom_rules.pack import load
from telecom_rules.reports import FORMATS, Report, ScenarioRun
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
    }


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


def test_colours_are_for_the_format_of_people_alone(found):
    painted = Report(findings=found.findings, texts=found.texts, color=True)
    assert [name for name in FORMATS if "\x1b" in FORMATS[name](painted)] == ["text"]


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
