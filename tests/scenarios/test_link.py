"""Mistakes in a file of scenarios are findings with their place; loading a pack does not see it."""

# ruff: noqa: E501 - an example a line reads best

from __future__ import annotations

import pytest

from telecom_rules.errors import PackError
from telecom_rules.pack import load
from telecom_rules.pack import read as read_pack
from tests.scenarios.house import FLOW, POLICY, marked, read, write

TITLE = "title: {zh: 测试, en: Test}"


def of_policy(body: str) -> str:
    return f"{POLICY}tests:\n  it: {{{TITLE}, {body}}}\n"


def of_flow(step: str) -> str:
    return f"{FLOW}tests:\n  it: {{{TITLE}, steps: [{{{step}}}]}}\n"


MISTAKES = {
    "unknown key": (of_policy("«gven»: {loss: 1}, rule: low"), "TR102", "given"),
    "unknown fact": (of_policy("given: {«los»: 1}, rule: low"), "TR113", "loss"),
    "unknown fact without": (of_policy("without: «los», rule: low"), "TR113", "loss"),
    "unknown output": (of_policy("then: {«grad»: low}"), "TR113", "grade"),
    "unknown code": (of_policy("then: {grade: «lo»}"), "TR722", "low"),
    "unknown rule": (of_policy("rule: «hihg»"), "TR113", "high"),
    "unknown need": (of_policy("needs: «los»"), "TR113", "loss"),
    "unknown error": (of_policy("error: «fact»"), "TR109", "facts"),
    "unknown clause": (of_policy("cites: «book:3», rule: low"), "TR502", "book:1"),
    "a number as words": (of_policy("given: {loss: «many»}, rule: low"), "TR722", None),
    "a list of none for one": (of_policy("given: {«loss»: []}, rule: low"), "TR722", None),
    "a list for one": (of_policy("given: {«loss»: [1, 2]}, rule: low"), "TR722", None),
    "a null": (of_policy("given: {loss: «~»}, rule: low"), "TR016", None),
    "nothing expected": (of_policy("given: {loss: 1}").replace("it: {", "«it»: {"), "TR120", None),
    "an output of what is unknown": (of_policy("needs: «loss», then: {grade: low}"), "TR120", None),
    "unknown policy": (POLICY.replace("policy: grading", "policy: «gradin»")
                       + f"tests: {{it: {{{TITLE}, rule: low}}}}\n", "TR113", "grading"),
    "neither policy nor workflow": (f"«scenarios»: x\n{TITLE}\ntests: {{}}\n", "TR120", None),
    "unknown event": (of_flow("send: «closed», by: boss"), "TR113", "close"),
    "unknown role": (of_flow("send: close, by: «bos»"), "TR113", "boss"),
    "unknown field": (of_flow("send: note, by: clerk, with: {«los»: 1}"), "TR113", "loss"),
    "unknown state": (of_flow("send: close, then: «close»"), "TR113", "closed"),
    "unknown effect": (of_flow("send: close, then: {effects: «tel»}"), "TR113", "tell"),
    "unknown clock": (of_flow("wait: 1 hour, then: {due: {«repl»: none}}"), "TR113", "reply"),
    "unknown broken clock": (of_flow("wait: 1 hour, then: {breaches: «repl»}"), "TR113", "reply"),
    "unknown moment": (of_flow("wait: «clocks.reply.deadlin»"), "TR113", "deadline"),
    "unknown policy of a case": (of_flow("wait: 1 hour, then: {policies: {«gradin»: {grade: low}}}"),
                                 "TR113", "grading"),
    "unknown reason": (of_flow("send: close, refused: «gard»"), "TR109", "guard"),
    "no time": (of_flow("wait: «soon»"), "TR723", None),
    "no such hour": (of_flow("wait: «2026-03-02 25:00»"), "TR723", None),
    "no such day": (of_flow("wait: 1 hour, then: {due: {reply: «2026-02-30»}}"), "TR108", None),
    "no such unit": (of_flow("wait: «3 weeks»"), "TR110", None),
    "neither send nor wait": (of_flow("then: open").replace("[{", "[«{»"),
                              "TR120", None),
    "a role that waits": (of_flow("wait: 1 hour, by: «boss»"), "TR120", None),
    "at and after": (of_flow("send: close, at: 2026-03-02 09:00, after: «1 hour»"), "TR120", None),
    "effects of a refusal": (of_flow("send: close, refused: guard, then: {effects: «none»}"),
                             "TR120", None),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code", "meant"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_shown_in_its_place_with_what_was_meant(tmp_path, text, code, meant):
    text, place = marked(text)
    reading = read(tmp_path, text)
    (finding,) = reading.findings
    assert (finding.id, str(finding.span)) == (code, f"scenarios/only.yaml:{place}")
    assert finding.suggestion == meant
    assert reading.scenarios == ()


def test_a_mistake_in_what_a_file_says_for_all_is_told_once(tmp_path):
    text = (
        POLICY
        + f"given: {{los: 1}}\ntests:\n  a: {{{TITLE}, rule: low}}\n  b: {{{TITLE}, rule: low}}\n"
    )
    assert [each.id for each in read(tmp_path, text).findings] == ["TR113"]


def test_a_mistake_in_one_scenario_leaves_the_others(tmp_path):
    text = (
        POLICY
        + f"tests:\n  a: {{{TITLE}, rule: lo}}\n  b: {{{TITLE}, given: {{loss: 1}}, rule: low}}\n"
    )
    assert [each.id for each in read(tmp_path, text).scenarios] == ["grading/b"]


def test_two_files_of_one_name_are_a_mistake(tmp_path):
    text = POLICY + f"tests: {{it: {{{TITLE}, rule: low}}}}\n"
    write(tmp_path, a=text)
    (finding,) = read(tmp_path, text).findings
    assert (finding.id, finding.span.file) == ("TR112", "scenarios/only.yaml")


def test_what_goes_on_from_a_mistake_is_left_out_without_a_word(tmp_path):
    text = FLOW + f"tests:\n  a: {{{TITLE}, cites: book:9}}\n  b: {{{TITLE}, from: a}}\n"
    reading = read(tmp_path, text)
    assert [each.id for each in reading.findings] == ["TR502"]
    assert reading.scenarios == ()


def test_one_cannot_go_on_from_what_comes_later(tmp_path):
    text = FLOW + f"tests:\n  a: {{{TITLE}, from: b}}\n  b: {{{TITLE}}}\n"
    assert [each.id for each in read(tmp_path, text).findings] == ["TR113"]


def test_rules_in_a_folder_of_scenarios_are_a_mistake(tmp_path):
    text = "policy: x\n"
    assert [each.id for each in read(tmp_path, text).findings] == ["TR721"]


def test_scenarios_outside_of_their_folder_are_a_mistake(tmp_path):
    write(tmp_path)
    (tmp_path / "tests.yaml").write_text(POLICY, "utf-8")
    with pytest.raises(PackError) as caught:
        load(tmp_path)
    assert [each.id for each in caught.value.findings] == ["TR720"]


def test_scenarios_are_no_part_of_the_digest_and_are_not_opened(tmp_path):
    write(tmp_path)
    digest = load(tmp_path).digest
    write(tmp_path, broken="] no yaml [")
    (tmp_path / "scenarios" / "deep").mkdir()
    (tmp_path / "scenarios" / "deep" / "loop.yaml").symlink_to("loop.yaml")
    assert load(tmp_path).digest == digest
    assert read_pack(tmp_path).findings == ()
