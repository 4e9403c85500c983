"""The command as people meet it: what it prints, in both languages, and what it tells the shell."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from telecom_rules.cli import build_parser, main
from tests.pack.house import HOUSE, broken, house, lay

RULES = Path(__file__).parents[2] / "rules"
CLEAN, FINDINGS, USAGE, NOT_CHECKED = 0, 1, 2, 3


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return lay(tmp_path / "house", house())


def file(folder: Path, name: str, *lines: object) -> Path:
    path = folder / name
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), "utf-8")
    return path


# validate


def test_a_clean_pack_says_what_it_holds(tell, pack: Path) -> None:
    status, text = tell("validate", pack)
    assert status == CLEAN
    assert "house 1.0.0" in text
    assert "policies 1, workflows 1, parameters 2" in text


def test_every_mistake_is_shown_in_its_line_with_a_caret_and_what_was_meant(
    tell, tmp_path: Path
) -> None:
    files = broken("policies/grading.yaml", "loss >=", "los >=")
    files["facts/ticket.yaml"] = files["facts/ticket.yaml"].replace(b"grade?", b"graed?")
    status, text = tell("validate", lay(tmp_path, files))
    assert status == FINDINGS
    assert re.search(r"error\[TR203\].*policies/grading.yaml:8:22", text)
    assert re.search(r"error\[TR114\].*facts/ticket.yaml:6:17", text)
    assert "did you mean `grade?`?" in text
    assert "^^^" in text
    assert "Traceback" not in text


def test_the_same_in_chinese_on_one_line_each(tell, tmp_path: Path, monkeypatch) -> None:
    files = broken("policies/grading.yaml", "loss >=", "los >=")
    root = lay(tmp_path / "house", files)
    monkeypatch.chdir(tmp_path)
    status, text = tell("validate", root, "--format", "concise", "--language", "zh")
    assert status == FINDINGS
    assert text.startswith("house/policies/grading.yaml:8:22: error[TR203] ")
    assert "是否指 `loss`" in text


def test_a_place_without_a_pack_is_never_success(tell, tmp_path: Path) -> None:
    status, text = tell("validate", tmp_path)
    assert status == NOT_CHECKED
    assert "there is no pack at" in text


def test_unverified_figures_are_listed_for_a_release_and_do_not_fail_it(tell, pack: Path) -> None:
    status, text = tell("validate", pack, "--release")
    assert status == CLEAN
    assert "TR604" in text


# decide


def test_each_record_is_decided_by_the_law_of_its_day(tell, pack: Path, tmp_path: Path) -> None:
    facts = file(tmp_path, "a.csv", "id,loss", "T-1,60", "T-2,49.99", "T-3,", "T-4,much")
    status, text = tell(
        "decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack
    )
    first, second, third, fourth, total = text.strip().splitlines()
    assert status == FINDINGS
    assert re.match(r"T-1 .*High.*\[book:1\]", first)
    assert re.match(r"T-2 .*Low", second)
    assert re.match(r"T-3 .*facts are missing: Loss", third)
    assert re.match(r"T-4 .*not decided", fourth)
    assert total == "4 records: 2 decided, 1 unknown because facts are missing, 1 not decided"


def test_a_decision_can_be_had_as_json(tell, pack: Path, tmp_path: Path) -> None:
    facts = file(tmp_path, "a.json", {"id": "T-1", "loss": "60"})
    status, text = tell(
        "decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack, "--json"
    )
    answer = json.loads(text)
    assert status == CLEAN
    assert answer["decision"]["outputs"] == {"grade": "high"}
    assert answer["decision"]["cites"] == ["book:1"]


IDS = [
    ("T-1", "T-1"), (7, "7"), (0, "0"), (True, "true"), (False, "false"), (1.5, "1.5"),
    (["a", None], '["a", null]'), ({"b": [1.25, "x"]}, '{"b": [1.25, "x"]}'),
]  # fmt: skip


@pytest.mark.parametrize(("id", "told"), IDS)
def test_an_id_that_is_not_a_text_is_written_as_json(
    tell, pack: Path, tmp_path: Path, id: object, told: str
) -> None:
    facts = file(tmp_path, "a.json", {"id": id, "loss": "60"})
    asked = ("decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack)
    assert tell(*asked)[1].startswith(f"{told}  ")
    assert f"{facts} {told}\n" in tell(*asked, "--explain")[1]
    assert json.loads(tell(*asked, "--json")[1])["id"] == told
    history = file(tmp_path, "b.jsonl", {**HISTORY, "id": id})
    assert tell("run", "handling", "--events", history, "--rules", pack)[1].startswith(f"{told}  ")
    written = tell("run", "handling", "--events", history, "--rules", pack, "--json")[1]
    assert json.loads(written)["case"]["id"] == told
    odd = file(tmp_path, "c.jsonl", {**json.loads(written)["case"], "id": id, "workflow": None})
    assert f"({told})" in tell("diff", pack, pack, "--cases", odd)[1]


@pytest.mark.parametrize("id", [None, ""])
def test_a_record_without_an_id_is_named_by_its_place(tell, pack, tmp_path, id) -> None:
    facts = file(tmp_path, "a.json", {"id": id, "loss": "60"})
    asked = ("decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack)
    assert tell(*asked)[1].startswith(f"{facts}  ")
    assert json.loads(tell(*asked, "--json")[1])["id"] is None
    history = file(tmp_path, "b.jsonl", {**HISTORY, "id": id})
    assert "b.jsonl:1  " in tell("run", "handling", "--events", history, "--rules", pack)[1]


def test_a_long_id_does_not_fill_the_screen(tell, pack: Path, tmp_path: Path) -> None:
    facts = file(tmp_path, "a.json", {"id": "x" * 100_000, "loss": "60"})
    asked = ("decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack)
    assert len(tell(*asked)[1]) < 500
    assert len(json.loads(tell(*asked, "--json")[1])["id"]) == 100_000


def test_a_long_explanation_names_the_clause_and_the_values(
    tell, pack: Path, tmp_path: Path
) -> None:
    facts = file(tmp_path, "a.json", {"loss": "60"})
    _, text = tell(
        "decide", "grading", "--facts", facts, "--on", "2025-01-01", "--rules", pack,
        "--explain", "--language", "zh",
    )  # fmt: skip
    assert "《手册》第1条" in text
    assert "60 元" in text


def test_a_policy_that_is_not_there_is_a_usage_error_with_a_near_miss(
    tell, pack: Path, tmp_path: Path
) -> None:
    status, text = tell("decide", "gradin", "--facts", tmp_path / "a.csv", "--rules", pack)
    assert status == USAGE
    assert "did you mean `grading`?" in text


@pytest.mark.parametrize("name", ["nothing.csv", "empty.csv"])
def test_no_records_is_never_success(tell, pack: Path, tmp_path: Path, name: str) -> None:
    file(tmp_path, "empty.csv", "")
    status, _ = tell("decide", "grading", "--facts", tmp_path / name, "--rules", pack)
    assert status == NOT_CHECKED


@pytest.mark.parametrize(
    ("on", "why"),
    [("los", "did you mean `loss`?"), ("2026-02-30", "is neither a day such as 2026-03-01")],
)
def test_a_day_that_is_neither_a_day_nor_a_fact_is_a_usage_error_before_any_record(
    tell, pack: Path, tmp_path: Path, on: str, why: str
) -> None:
    facts = file(tmp_path, "a.jsonl", {"loss": "10"})
    status, text = tell("decide", "grading", "--facts", facts, "--on", on, "--rules", pack)
    assert status == USAGE
    assert f"--on: `{on}`" in text
    assert why in text
    assert "a.jsonl:1" not in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", "grading", "--json", "--facts"),
        ("run", "handling", "--json", "--events"),
        ("diff", "{pack}", "{pack}", "--format", "json", "--cases"),
    ],
)
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("empty.jsonl", "there are no records in it"),
        ("nothing.jsonl", "there is no such file"),
        ("folder.jsonl", "this is a folder, not a file"),
    ],
)
def test_why_a_file_was_not_read_is_told_beside_what_a_program_reads(
    pack: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    name: str,
    why: str,
) -> None:
    file(tmp_path, "empty.jsonl", "")
    (tmp_path / "folder.jsonl").mkdir()
    line = [each.replace("{pack}", str(pack)) for each in arguments] + [str(tmp_path / name)]
    status = main(line if line[0] == "diff" else [*line, "--rules", str(pack)])
    printed = capsys.readouterr()
    assert (status, printed.out) == (NOT_CHECKED, "")
    assert why in printed.err


# run


HISTORY = {
    "id": "T-1",
    "opened_at": "2026-03-02T09:00:00+08:00",
    "facts": {"loss": "10"},
    "events": [
        {"event": "open", "at": "2026-03-02T10:00:00+08:00"},
        {"event": "close", "at": "2026-03-18T00:00:01+08:00", "by": "agent"},
    ],
}


def test_a_history_tells_its_refusals_and_the_limits_that_ran_out(
    tell, pack: Path, tmp_path: Path
) -> None:
    events = file(tmp_path, "a.jsonl", HISTORY)
    status, text = tell("run", "handling", "--events", events, "--rules", pack)
    assert status == CLEAN
    lines = text.splitlines()
    assert lines[0] == "T-1  open → closed"
    assert "× 2026-03-02 10:00+08:00 open:" in lines[1]
    assert "Time to answer: ran out at 2026-03-18 00:00+08:00  [book:2]" in lines[2]


def test_the_clocks_run_on_to_the_instant_asked_for(tell, pack: Path, tmp_path: Path) -> None:
    events = file(tmp_path, "a.jsonl", {**HISTORY, "events": []})
    in_time = ("--until", "2026-03-18T00:00:00+08:00")
    too_late = ("--until", "2026-03-18T00:00:00.000001+08:00")
    assert (
        "ran out at"
        not in tell("run", "handling", "--events", events, "--rules", pack, *in_time)[1]
    )
    assert (
        "ran out at" in tell("run", "handling", "--events", events, "--rules", pack, *too_late)[1]
    )


CLOSE = HISTORY["events"][1]
BAD_HISTORIES = [
    ({**HISTORY, "opened_at": "2026-03-02"}, "found `2026-03-02`"),
    ({**HISTORY, "facts": []}, "`facts` must be an object"),
    ({**HISTORY, "events": {}}, "`events` must be a list"),
    ({**HISTORY, "events": ["close"]}, "each event is a JSON object"),
    ({**HISTORY, "events": [{"event": "close"}]}, "`at` is missing; it is a text"),
    ({**HISTORY, "events": [{"at": "2026-03-02T10:00:00+08:00"}]}, "`event` is missing"),
    ({**HISTORY, "events": [{"event": "close", "paylod": {}}]}, "did you mean `payload`"),
    ({**HISTORY, "events": [{**CLOSE, "by": ["a"]}]}, "`by` must be a text"),
    ({**HISTORY, "events": [{"call": 5, "events": []}]}, "`call` must be a text"),
    ({**HISTORY, "fact": {}}, "there is no key `fact`; did you mean `facts`"),
    ({**HISTORY, "facts": {"los": 1}}, "did you mean `loss`"),
    ("{", "not valid JSON (line 1, column 2)"),
]


@pytest.mark.parametrize(("history", "why"), BAD_HISTORIES)
def test_a_history_that_cannot_be_walked_is_reported_and_the_next_one_is_walked(
    tell, pack: Path, tmp_path: Path, history: object, why: str
) -> None:
    events = file(tmp_path, "a.jsonl", history, HISTORY)
    status, text = tell("run", "handling", "--events", events, "--rules", pack)
    assert status == FINDINGS
    assert why in text
    assert "T-1  open → closed" in text


def test_a_run_can_be_had_as_json(tell, pack: Path, tmp_path: Path) -> None:
    events = file(tmp_path, "a.jsonl", HISTORY)
    _, text = tell("run", "handling", "--events", events, "--rules", pack, "--json")
    walked = json.loads(text)
    assert walked["case"]["workflow"] == "handling"
    assert [each["event"] for each in walked["refused"]] == ["open"]


# show


def test_show_lists_everything_by_kind(tell, pack: Path) -> None:
    status, text = tell("show", "--rules", pack)
    assert status == CLEAN
    assert all(
        name in text for name in ("grading", "handling", "threshold", "ticket", "grade", "book")
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("grading", "when: loss >= parameters.threshold"),
        ("handling", "close → closed  if policies.grading.grade == 'low'  [book:2]"),
        ("threshold", "from 2025-01-01: CNY 50 (unverified)  [book:1]"),
        ("ticket", "money"),
        ("grade", "High"),
        ("book", "Grades"),
        ("book:2", "transition handling.open.close"),
    ],
)
def test_show_says_what_one_thing_says(tell, pack: Path, name: str, told: str) -> None:
    status, text = tell("show", name, "--rules", pack)
    assert status == CLEAN
    assert told in text


@pytest.mark.usefixtures("shipped_is_read")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("abnormal_bill", "事实类型：用户账单（bill）  命中方式：取首条"),
        ("consumer_rights", "形式：检查清单"),
        ("consumer_rights", "  整改要求："),
        ("complaint_handling", "流程约束 precedence("),
        ("complaint_handling", "：已验证"),
        ("complaint_handling", "；角色：agent"),
        ("complaint_reply", "（依据核实程度：高）"),
    ],
)
def test_show_speaks_chinese_throughout(tell, name: str, told: str) -> None:
    status, text = tell("show", name, "--rules", RULES, "--language", "zh")
    assert status == CLEAN
    assert told in text


def test_show_puts_an_expression_of_several_lines_on_one(tell, tmp_path: Path) -> None:
    files = broken(
        "policies/grading.yaml",
        "{id: high, when: loss >= parameters.threshold, then: {grade: high}, cites: [book:1]}",
        "id: high\n    when: |\n      loss >=\n      parameters.threshold\n"
        "    then: {grade: high}\n    cites: [book:1]",
    )
    _, text = tell("show", "grading", "--rules", lay(tmp_path, files))
    assert "when: loss >= parameters.threshold" in text


def test_show_of_an_unknown_name_says_what_was_meant(tell, pack: Path) -> None:
    status, text = tell("show", "handlin", "--rules", pack)
    assert status == USAGE
    assert "did you mean `handling`?" in text


# graph


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("mermaid", "stateDiagram-v2\n"),
        ("dot", 'digraph "handling" {'),
    ],
)
def test_a_workflow_is_printed_as_a_picture(tell, pack: Path, form: str, told: str) -> None:
    status, text = tell("graph", "handling", "--format", form, "--rules", pack)
    assert status == CLEAN
    assert told in text


def test_a_picture_speaks_the_language_asked_for(tell, pack: Path) -> None:
    _, english = tell("graph", "handling", "--rules", pack)
    _, chinese = tell("graph", "handling", "--rules", pack, "--language", "zh")
    assert english.isascii()
    assert not chinese.isascii()


def test_a_workflow_that_is_not_there_cannot_be_drawn(tell, pack: Path) -> None:
    status, text = tell("graph", "handlin", "--rules", pack)
    assert status == USAGE
    assert "did you mean `handling`?" in text


# export and import


@pytest.mark.parametrize(
    ("form", "told"),
    [("scxml", '<state id="open"'), ("xstate", '"target": "#handling.closed"')],
)
def test_a_workflow_is_printed_for_another_tool(tell, pack: Path, form: str, told: str) -> None:
    status, text = tell("export", "handling", "--to", form, "--rules", pack)
    assert status == CLEAN
    assert told in text


PLAIN = """policy: plain
title: {zh: 表, en: Plain}
cites: [book:1]
facts: ticket
hit_policy: unique
outputs: {grade: grade}
rules:
  - {id: high, when: {loss: ">= 100"}, then: {grade: high}, cites: [book:1]}
"""


def test_a_table_is_written_as_it_is_on_a_day(tell, pack: Path, tmp_path: Path) -> None:
    lay(pack, {"policies/plain.yaml": PLAIN.encode()})
    status, text = tell("export", "plain", "--to", "dmn", "--on", "2026-03-01", "--rules", pack)
    assert status == CLEAN
    assert '<decisionTable hitPolicy="UNIQUE">' in text
    status, text = tell("import", file(tmp_path, "plain.dmn", text))
    assert status == CLEAN
    assert "# policies/plain.yaml\npolicy: plain\n" in text
    status, text = tell("export", "plain", "--to", "dmn", "--on", "March", "--rules", pack)
    assert status == USAGE
    assert "`March` is not a date" in text


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        ("grading", "scxml", "`grading` is a policy: use `--to dmn`"),
        ("handling", "dmn", "`handling` is a workflow: use `--to scxml`"),
    ],
)
def test_a_format_for_something_else_is_a_usage_error_that_names_the_right_one(
    tell, pack: Path, name: str, form: str, told: str
) -> None:
    status, text = tell("export", name, "--to", form, "--rules", pack)
    assert status == USAGE
    assert told in text


def test_what_a_format_cannot_say_is_told_and_nothing_is_printed(tell, pack: Path) -> None:
    dated = PLAIN.replace('{loss: ">= 100"}', "string(loss).matches('1')")
    lay(pack, {"policies/plain.yaml": dated.encode()})
    status, text = tell("export", "plain", "--to", "dmn", "--rules", pack)
    assert status == FINDINGS
    assert "`high`: FEEL has no expression that gives the same" in text
    assert "<definitions" not in text


DOOR = """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" name="Door">
<state id="Closed"><transition event="open" target="Opened"/></state><final id="Opened"/>{more}
</scxml>"""


def test_a_document_is_printed_as_files_with_what_it_does_not_say_on_the_side(
    tell, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = file(tmp_path, "door.scxml", DOOR.format(more=""))
    assert main(["import", str(document)]) == CLEAN
    printed = capsys.readouterr()
    assert "# facts/door.yaml\nfacts: door\n" in printed.out
    assert "on: {open: opened}" in printed.out
    assert "warning[TR805]" in printed.err
    assert "`Closed` → `closed`" in printed.err


def test_a_document_is_written_once_and_never_over_a_file_that_is_there(
    tell, tmp_path: Path
) -> None:
    document = file(tmp_path, "door.scxml", DOOR.format(more=""))
    status, _ = tell("import", document, "--into", tmp_path)
    assert status == CLEAN
    written = tmp_path / "workflows" / "door.yaml"
    written.write_text("mine", "utf-8")
    status, text = tell("import", document, "--into", tmp_path)
    assert status == NOT_CHECKED
    assert "exist already: facts/door.yaml, workflows/door.yaml" in text
    assert written.read_text("utf-8") == "mine"


def test_a_place_that_cannot_be_written_is_told_with_its_name(tell, tmp_path: Path) -> None:
    document = file(tmp_path, "door.scxml", DOOR.format(more=""))
    status, text = tell("import", document, "--into", document)
    assert status == NOT_CHECKED
    assert text.splitlines()[-1].startswith(str(document))


def test_what_a_terminal_would_obey_is_not_printed(tell, pack: Path, tmp_path: Path) -> None:
    assert "\x1b" not in tell("validate", tmp_path / "red\x1b[31m")[1]
    facts = file(tmp_path, "a.jsonl", {"id": "\x1b[31mred\x1b]0;title\x07", "loss": "x\x1b[2J"})
    status, text = tell("decide", "grading", "--facts", facts, "--rules", pack)
    assert status == FINDINGS
    assert "\x1b" not in text
    assert "red" in text


def test_what_has_no_place_here_is_shown_in_its_line(tell, tmp_path: Path) -> None:
    document = file(tmp_path, "door.scxml", DOOR.format(more="\n<script/>"))
    status, text = tell("import", document)
    assert status == FINDINGS
    assert "error[TR804]" in text
    assert "door.scxml:3:1" in text


@pytest.mark.parametrize("name", ["nothing.scxml", "door.json"])
def test_a_document_that_cannot_be_read_is_no_success(tell, tmp_path: Path, name: str) -> None:
    file(tmp_path, "door.json", "{}")
    status, _ = tell("import", tmp_path / name)
    assert status == NOT_CHECKED


# fmt


UGLY = b'facts: item\ntitle:   {zh: "\xe4\xba\x8b\xe9\xa1\xb9", en: Item}   # why\nfields: {}\n'
NEAT = b"facts: item\ntitle: {zh: \xe4\xba\x8b\xe9\xa1\xb9, en: Item}  # why\nfields: {}\n"


@pytest.fixture
def ugly(pack: Path, tell) -> Path:
    """A pack of which one file is not in the style."""
    tell("fmt", pack)
    lay(pack, {"facts/item.yaml": UGLY})
    (pack / "facts" / "item.yaml").chmod(0o640)
    return pack


def test_files_are_put_into_the_style_once(tell, ugly: Path) -> None:
    status, text = tell("fmt", ugly)
    assert status == CLEAN
    assert "facts/item.yaml" in text
    assert "1 changed" in text
    file = ugly / "facts" / "item.yaml"
    assert file.read_bytes() == NEAT
    assert file.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in file.parent.iterdir()} == {"item.yaml", "ticket.yaml"}
    assert "0 changed" in tell("fmt", ugly)[1]


def test_a_check_and_a_difference_write_nothing(tell, ugly: Path) -> None:
    assert tell("fmt", ugly, "--diff")[0] == CLEAN
    assert "-title:   {zh:" in tell("fmt", ugly, "--diff")[1]
    status, text = tell("fmt", ugly, "--check")
    assert status == FINDINGS
    assert "1 would change" in text
    for form in ("sarif", "gitlab", "junit", "github", "concise", "json"):
        assert "--fix" not in tell("fmt", ugly, "--check", "--format", form)[1]  # `validate` has it
        status, text = tell("fmt", ugly, "--check", "--format", form)
        assert (status, "TR904" in text) == (FINDINGS, True)
    (found,) = json.loads(text)["findings"]
    assert [each["text"] for each in found["fix"]["edits"]] == [NEAT.decode().split("\n")[1] + "\n"]
    assert tell("fmt", ugly, "--format", "json")[0] == 2
    assert (ugly / "facts" / "item.yaml").read_bytes() == UGLY


def test_only_the_files_named_are_formatted(tell, ugly: Path) -> None:
    assert tell("fmt", ugly / "policies", "--check")[0] == CLEAN
    assert tell("fmt", ugly / "facts" / "item.yaml", "--check")[0] == FINDINGS


def test_a_file_with_mistakes_is_left_as_it_is(tell, ugly: Path) -> None:
    broken = UGLY + b"fields: {}\n"
    lay(ugly, {"facts/item.yaml": broken})
    status, text = tell("fmt", ugly)
    assert status == FINDINGS
    assert "error[TR006]" in text
    assert (ugly / "facts" / "item.yaml").read_bytes() == broken


def test_nothing_outside_a_pack_is_formatted(tell, pack: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_bytes(UGLY)
    (pack / "facts" / "link.yaml").symlink_to(outside)
    assert tell("fmt", pack)[0] == FINDINGS
    assert tell("fmt", outside)[0] == NOT_CHECKED
    assert outside.read_bytes() == UGLY
    (tmp_path / "house" / "empty").mkdir()
    assert tell("fmt", pack / "empty")[0] == NOT_CHECKED


# demo and the rest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demo_decides_walks_and_tells_the_clauses(tell, language: str) -> None:
    status, text = tell("demo", "--language", language)
    assert status == CLEAN
    for clause in ("telecom_regulations:69", "appeal_measures:10(4)", "spec:7.1.2(2)"):
        assert clause in text
    records = (Path(__file__).resolve().parents[2] / "examples/data/violations.csv").read_text(
        "utf-8"
    )
    assert str(len(records.splitlines()) - 1) in text


@pytest.mark.parametrize("verb", ["validate", "decide", "run", "show", "graph", "demo"])
def test_every_verb_has_help_with_an_example(tell, verb: str) -> None:
    status, text = tell(verb, "--help")
    assert status == CLEAN
    assert f"example:\n  telecom-rules {verb}" in text


@pytest.mark.parametrize("arguments", [[], ["valdate"], ["decide"], ["run", "handling"]])
def test_a_wrong_command_line_is_a_usage_error(tell, arguments: list[str]) -> None:
    assert tell(*arguments)[0] == USAGE


WRONG_IN_CHINESE = {
    "verb": (("vaildate",), "VERB：没有 `vaildate`，可选：init、", "；是否指 `validate`？"),
    "option": (("validate", "--strikt"), "没有 `--strikt` 这个参数；是否指 `--strict`？"),
    "choice": (("validate", "--format", "jsn"), "--format：没有 `jsn`，可选：text、", "`json`？"),
    "missing": (("export", "x"), "缺少参数：--to"),
    "value": (("validate", "--select", "--strict"), "--select：应带一个值"),
    "flag": (("validate", "--strict=3"), "--strict：不带值，却给了 `3`"),
    "ambiguous": (("validate", "--ca", "x"), "`--ca` 不明确，可能是：--calendar-days、--cache-dir"),
}


@pytest.mark.parametrize("case", WRONG_IN_CHINESE.values(), ids=list(WRONG_IN_CHINESE))
def test_what_argparse_refuses_is_told_in_chinese_where_that_is_asked_for(tell, case) -> None:
    arguments, *told = case
    status, text = tell(*arguments, "--language=zh-CN")
    assert status == USAGE
    assert text.startswith("用法：telecom-rules")
    assert all(each in text for each in told)


def test_a_reader_that_stops_early_is_no_error(pack: Path) -> None:
    command = f"{sys.executable} -m telecom_rules show --rules {pack} | head -1"
    done = subprocess.run(  # noqa: S602 - a pipe is what is tested
        command, shell=True, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr == ""
    assert HOUSE["pack.yaml"].split()[1] in done.stdout


# test

SCENARIOS = """\
scenarios: grading
title: {zh: 分级, en: Grading}
policy: grading
on: 2026-03-02
tests:
  low: {title: {zh: 低, en: Low}, given: {loss: 1}, then: {grade: low}, cites: book:1}
  high: {title: {zh: 高, en: High}, given: {loss: 50}, then: {grade: high}}
"""


def scenarios(root: Path, text: str = SCENARIOS) -> Path:
    return lay(root, {"scenarios/grading.yaml": text.encode()})


def test_scenarios_that_come_true_are_counted(tell, pack: Path) -> None:
    assert tell("test", scenarios(pack)) == (CLEAN, "scenarios: 2 passed, 0 failed\n")
    assert tell("test", pack, "--language", "zh") == (CLEAN, "场景：通过 2，未通过 0\n")


def test_what_does_not_come_true_is_shown_in_its_line_and_fails(tell, pack: Path) -> None:
    status, text = tell("test", scenarios(pack, SCENARIOS.replace("loss: 50", "loss: 49")))
    assert status == FINDINGS
    assert re.search(r"error\[TR730\].*/house/scenarios/grading.yaml:7:69", text)
    assert "why: Grading (grading), as in force on 2026-03-02" in text
    assert text.endswith("scenarios: 1 passed, 1 failed\n")


@pytest.mark.parametrize("part", ["scenarios", "scenarios/grading.yaml"])
def test_a_part_of_the_scenarios_can_be_run(tell, pack: Path, part: str) -> None:
    scenarios(pack)
    lay(
        pack, {"scenarios.more/scenarios/x.yaml": SCENARIOS.replace("grading\n", "x\n", 1).encode()}
    )
    assert tell("test", pack / part) == (CLEAN, "scenarios: 2 passed, 0 failed\n")
    assert tell("test", pack, "--select", "/low") == (CLEAN, "scenarios: 2 passed, 0 failed\n")


def test_a_pack_without_scenarios_is_not_a_success(tell, pack: Path) -> None:
    assert tell("test", pack) == (NOT_CHECKED, "there are no scenarios to run\n")
    status, text = tell("test", scenarios(pack), "--select", "grave")
    assert status == NOT_CHECKED
    assert "none has this name" in text


@pytest.mark.parametrize("percent", ["300", "-1", "nan", "much"])
def test_more_than_all_cannot_be_asked_for(tell, pack: Path, percent: str) -> None:
    status, text = tell("test", scenarios(pack), "--fail-under", percent)
    assert status == USAGE
    assert f"--fail-under: expected a number from 0 to 100 such as 80, found `{percent}`" in text


# Whatever an option takes is read in the language of the verb; argparse only speaks English.
WRONG_OPTIONS = {
    "diff --at foo": ("diff", "PACK", "PACK", "--at", "foo"),
    "diff --at day": ("diff", "PACK", "PACK", "--at", "2026-03-20"),
    "diff --at empty": ("diff", "PACK", "PACK", "--at", ""),
    "diff --at year": ("diff", "PACK", "PACK", "--at", "0001-01-01T00:00+08:00"),
    "run --until": ("run", "handling", "--events", "x", "--rules", "PACK", "--until", "foo"),
    "run --until day": ("run", "handling", "--events", "x", "--rules", "PACK", "--until",
                        "2026-03-20"),
    "test --fail-under": ("test", "PACK", "--fail-under", "foo"),
    "coverage --acting": ("coverage", "PACK", "--check", "--acting", "foo"),
}  # fmt: skip


@pytest.mark.parametrize("asked", WRONG_OPTIONS.values(), ids=list(WRONG_OPTIONS))
def test_a_wrong_option_is_told_with_a_right_one_in_the_language_asked_for(
    tell, pack: Path, asked
) -> None:
    arguments = [pack if each == "PACK" else each for each in asked]
    for language, told in (("en", "expected a"), ("zh", "而不是 `")):
        status, text = tell(*arguments, "--language", language)
        assert status == USAGE
        assert told in text
        assert f"found `{asked[-1]}`" in text or language == "zh"
        assert "invalid" not in text


def test_no_option_is_read_by_the_parser() -> None:
    """Argparse tells a value that it cannot read in English, by the name of a function."""
    (verbs,) = (each for each in build_parser()._actions if isinstance(each.choices, dict))
    types = {each.type for verb in verbs.choices.values() for each in verb._actions}
    assert types == {None, Path}


def test_a_mistake_in_a_scenario_fails_a_validation_and_a_test(tell, pack: Path) -> None:
    scenarios(pack, SCENARIOS.replace("loss: 50", "los: 50"))
    for verb in ("validate", "test"):
        status, text = tell(verb, pack)
        assert status == FINDINGS
        assert "did you mean `loss`?" in text


def test_scenarios_with_mistakes_are_counted_as_not_run(tell, pack: Path) -> None:
    scenarios(pack, SCENARIOS.replace("loss: 50", "los: 50"))
    _, text = tell("test", pack)
    assert text.endswith("scenarios: 1 passed, 0 failed, 1 not run because of mistakes\n")
    _, text = tell("test", pack, "--language", "zh")
    assert text.endswith("场景：通过 1，未通过 0，有错未运行 1\n")
    status, text = tell("test", pack, "--select", "/high")
    assert status == FINDINGS
    assert text.endswith("scenarios: 0 passed, 0 failed, 1 not run because of mistakes\n")
    assert json.loads(tell("test", pack, "--format", "json")[1])["not_run"] == {
        "scenarios": 1,
        "files": 0,
    }


def test_a_file_of_scenarios_that_cannot_be_read_is_not_none(tell, pack: Path) -> None:
    status, text = tell("test", scenarios(pack, "scenarios：grading\n"))
    assert status == FINDINGS
    assert text.endswith("scenarios: 0 passed, 0 failed, and 1 file cannot be read\n")
    lay(pack, {"scenarios/more.yaml": SCENARIOS.replace("grading\n", "more\n", 1).encode()})
    assert tell("test", pack)[1].endswith(
        "scenarios: 2 passed, 0 failed, and 1 file cannot be read\n"
    )


def test_a_pack_that_does_not_load_is_not_tested(tell, tmp_path: Path) -> None:
    root = scenarios(lay(tmp_path, broken("policies/grading.yaml", "loss >=", "los >=")))
    status, text = tell("test", root)
    assert status == FINDINGS
    assert "policies/grading.yaml:8:22" in text


def test_machines_get_json_and_junit(tell, pack: Path) -> None:
    scenarios(pack, SCENARIOS.replace("loss: 50", "loss: 49"))
    status, text = tell("test", pack, "--format", "json")
    low, high = json.loads(text)["scenarios"]
    assert (status, low["passed"], low["cites"]) == (FINDINGS, True, ["book:1"])
    assert [each["code"] for each in high["findings"]] == ["TR730"]
    status, text = tell("test", pack, "--format", "junit")
    suite = ET.fromstring(text)  # noqa: S314 - our own report
    assert (status, suite.get("tests"), suite.get("failures")) == (FINDINGS, "2", "1")
    assert "error[TR730]" in suite.findtext("testcase[2]/failure", "")


def test_coverage_says_what_no_scenario_sees_and_can_be_asked_for_enough(tell, pack: Path) -> None:
    scenarios(pack)
    status, text = tell("test", pack, "--coverage")
    assert status == CLEAN
    assert "\nrules: 2/2\n" in text
    assert f"\n  handling/reply: breached  {pack}/workflows/handling.yaml:9:3\n" in text
    percent = float(re.search(r"coverage ([0-9.]+)%", text)[1])
    status, text = tell("test", pack, "--fail-under", percent)
    assert status == CLEAN
    assert "handling/reply: breached" not in text
    status, text = tell("test", pack, "--fail-under", percent + 1)
    assert status == FINDINGS
    assert "handling/reply: breached" in text
    status, text = tell("test", pack, "--coverage", "--language", "zh")
    assert "\n规则：2/2\n" in text
    kinds = json.loads(tell("test", pack, "--coverage", "--format", "json")[1])["coverage"]["kinds"]
    assert kinds["rule"] == {"covered": 2, "total": 2, "missing": []}


# coverage


def test_the_matrix_says_of_each_clause_what_answers_it(tell, pack: Path) -> None:
    status, text = tell("coverage", pack)
    assert status == CLEAN
    assert "book: Handbook (answered 2)" in text
    assert "\n              rule grading.high, grading.low\n" in text
    assert "转换 handling.open.close" in tell("coverage", pack, "--language", "zh")[1]
    rows = json.loads(tell("coverage", pack, "--source", "book", "--format", "json")[1])["clauses"]
    assert [(row["clause"], row["standing"]) for row in rows] == [
        ("book:1", "answered"), ("book:2", "answered"),
    ]  # fmt: skip
    assert "| `book:1` | Grades | formula | " in tell("coverage", pack, "--format", "markdown")[1]


def test_a_source_that_is_not_there_is_a_wrong_command_line(tell, pack: Path) -> None:
    status, text = tell("coverage", pack, "--source", "bok")
    assert status == USAGE
    assert "did you mean `book`?" in text


def test_the_check_fails_on_a_clause_that_nothing_answers(tell, pack: Path) -> None:
    assert tell("coverage", pack, "--check") == (CLEAN, "no findings\n")
    book = HOUSE["sources/book.yaml"].replace("kind: rule", "kind: specification")
    lay(pack, {"sources/book.yaml": f'{book}  "3": {{title: {{zh: 三, en: Three}}}}\n'.encode()})
    status, text = tell("coverage", pack, "--check")
    assert status == FINDINGS
    assert re.search(
        r"error\[TR507\]: clause `book:3` \(Three\) is not implemented .*book.yaml:7:3", text
    )


def test_the_check_fails_where_too_little_is_worked_out_by_the_rules(tell, pack: Path) -> None:
    book = HOUSE["sources/book.yaml"].replace("kind: rule", "kind: specification")
    book += '  "3": {title: {zh: 三, en: Three}}\n'
    codes = HOUSE["catalogues/grade.yaml"].replace("book:1", "book:3")
    lay(pack, {"sources/book.yaml": book.encode(), "catalogues/grade.yaml": codes.encode()})
    assert tell("coverage", pack, "--check", "--acting", "66")[0] == CLEAN
    status, text = tell("coverage", pack, "--check", "--acting", "67")
    assert status == FINDINGS
    assert (
        "error[TR508]: of the clauses of `book` (Handbook) that are answered, 66% are answered"
        in text
    )
    for form in ("sarif", "gitlab", "junit", "github", "concise"):
        assert "TR508" in tell("coverage", pack, "--check", "--acting", "67", "--format", form)[1]
    ignoring = ("coverage", pack, "--check", "--acting", "67", "--ignore", "TR508")
    assert tell(*ignoring)[0] == CLEAN
    assert tell("coverage", pack, "--format", "sarif")[0] == 2


def test_the_check_fails_on_an_element_without_a_clause(tell, tmp_path: Path) -> None:
    files = broken("workflows/handling.yaml", "type: final, cites: [book:2]", "type: final")
    status, text = tell("coverage", lay(tmp_path, files), "--check")
    assert status == FINDINGS
    assert "error[TR504]" in text


def test_the_coverage_is_json_where_json_is_asked_for(tell, tmp_path: Path, pack: Path) -> None:
    whole = json.loads(tell("coverage", pack, "--check", "--format", "json")[1])
    assert (whole["report"], whole["format"], whole["findings"]) == ("coverage", 1, [])
    assert tell("coverage", pack, "--check", "--format", "markdown") == (CLEAN, "no findings\n")
    book = HOUSE["sources/book.yaml"].replace("kind: rule", "kind: specification")
    book += '  "3": {title: {zh: 三, en: Three}}\n  "4": {title: {zh: 四, en: Four}}\n'
    codes = HOUSE["catalogues/grade.yaml"].replace("book:1", "book:3")
    lay(pack, {"sources/book.yaml": book.encode(), "catalogues/grade.yaml": codes.encode()})
    check = ("coverage", pack, "--check", "--acting", "67", "--format")
    status, text = tell(*check, "json")
    found = json.loads(text)
    assert status == FINDINGS
    assert [each["code"] for each in found["findings"]] == ["TR508", "TR507"]
    lines = tell(*check, "markdown")[1].splitlines()
    assert len(lines) == 2
    assert all(each.startswith("- ") for each in lines)
    bare = {"pack.yaml": HOUSE["pack.yaml"].encode()}
    bare_pack = lay(tmp_path / "bare", bare)
    status, text = tell("coverage", bare_pack, "--format", "json")
    assert (status, json.loads(text)["clauses"]) == (NOT_CHECKED, [])


# option values


@pytest.mark.parametrize(
    "arguments",
    [
        ("decide", "grading", "--facts", "x.json", "--on=--"),
        ("validate", "--format=--"),
        ("validate", "--language=--"),
        ("test", "--fail-under=--"),
        ("show", "--rules=--"),
    ],
)
def test_an_option_without_its_value_is_a_wrong_command_line(tell, arguments) -> None:
    status, text = tell(*arguments)
    assert status == USAGE
    assert "expected one argument" in text


def test_a_tag_that_begins_with_a_language_is_that_language(tell, pack: Path) -> None:
    chinese = tell("validate", pack, "--language", "zh")
    assert chinese != tell("validate", pack)
    for tag in "zh-Hans", "ZH", "zh_CN.UTF-8":
        assert tell("validate", pack, "--language", tag) == chinese
    assert tell("validate", pack, "--language", "en-GB") == tell("validate", pack)


def test_another_language_is_a_wrong_command_line(tell) -> None:
    for tag in "fr", "", "%s", "x" * 5_000:
        status, text = tell("validate", "--language", tag)
        assert status == USAGE
        assert 'argument --language: expected "zh" (Chinese), "en" (English)' in text
        assert len(text) < 500


MATRICES = [
    ("coverage",),
    ("coverage", "--format", "json"),
    ("coverage", "--format", "markdown"),
    ("coverage", "--check", "--format", "markdown"),
]


@pytest.mark.parametrize("arguments", MATRICES)
def test_a_matrix_goes_to_the_file_that_is_named(
    tell, pack: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    printed = tell(*arguments, pack)
    file = tmp_path / "matrix"
    assert tell(*arguments, pack, "--output", file) == (printed[0], "")
    assert file.read_text(encoding="utf-8") == printed[1]


def test_findings_are_not_counted_where_there_are_none(tell, pack: Path) -> None:
    assert tell("coverage", pack, "--statistics")[0] == USAGE


def test_no_file_is_coloured_though_the_screen_is(
    tell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("telecom_rules.cli.wants_colour", lambda: True)
    lay(tmp_path, broken("facts/ticket.yaml", "grade?", "graed?"))
    assert "\x1b[" in tell("validate", tmp_path, "--no-cache")[1]
    tell("validate", tmp_path, "--no-cache", "--output", tmp_path / "report")
    assert "\x1b[" not in (tmp_path / "report").read_text(encoding="utf-8")


NEAR = [
    (["validate", "--strickt"], "--strict"),
    (["validate", "--languge", "zh"], "--language"),
    (["test", "--fail-udner=80"], "--fail-under"),
    (["validate", "--format", "jsn"], "json"),
    (["explian", "TR501"], "explain"),
]


@pytest.mark.parametrize(("arguments", "meant"), NEAR)
def test_a_slip_of_the_command_line_says_what_was_meant(
    tell, arguments: list[str], meant: str
) -> None:
    status, text = tell(*arguments)
    assert status == USAGE
    assert f"did you mean `{meant}`?" in text


@pytest.mark.parametrize("name", ["pack.yaml.txt", "pack.yml", "pack.YAML"])
def test_a_pack_whose_first_file_is_misnamed_says_so(tell, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("pack: x\n", encoding="utf-8")
    status, text = tell("validate", tmp_path)
    assert status == NOT_CHECKED
    assert f"rename {name} to pack.yaml" in text
    assert f"将 {name} 重命名为 pack.yaml" in tell("validate", tmp_path, "--language", "zh")[1]
