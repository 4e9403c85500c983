"""Scenarios of a workflow that hands a matter to another and waits for what comes of it."""

# ruff: noqa: E501 - an example a line reads best

from __future__ import annotations

import pytest

from telecom_rules import scenarios
from telecom_rules.pack import load
from telecom_rules.pack import read as read_pack
from tests.scenarios.house import marked, read, write

TITLE = "title: {zh: 测试, en: Test}"
CALLER = """\
workflow: outer
version: 1.0.0
title: {zh: 外层, en: Outer}
cites: [book:2]
facts: ticket
events:
  stop: {title: {zh: 停止, en: Stop}}
initial: waiting
states:
  waiting:
    title: {zh: 等待, en: Waiting}
    cites: [book:2]
    call:
      workflow: handling
      with: facts
      onDone:
        - {target: finished, guard: event.state == 'closed', cites: [book:2]}
    on: {stop: {target: finished, cites: [book:2]}}
  finished: {title: {zh: 完成, en: Finished}, type: final, cites: [book:2]}
"""
FLOW = """\
scenarios: outer
title: {zh: 外层, en: Outer}
workflow: outer
start: 2026-03-02 09:00
given: {loss: 10}
"""


def outer(*steps: str) -> str:
    listed = "".join(f"      - {{{each}}}\n" for each in steps)
    return f"{FLOW}tests:\n  it:\n    {TITLE}\n    steps:\n{listed}"


@pytest.fixture
def root(tmp_path):
    write(tmp_path)
    (tmp_path / "workflows" / "outer.yaml").write_text(CALLER, "utf-8")
    return tmp_path


def ran(root, text: str):
    reading = read(root, text)
    assert reading.findings == (), [each.concise() for each in reading.findings]
    return scenarios.run(reading.scenarios, load(root), observe=True)


CLOSES = "steps: [{send: note, by: clerk, with: {loss: 20}}, {send: close, by: boss, after: 1 day, then: closed}]"


def test_a_called_case_is_walked_through_and_given_back(root):
    (result,) = ran(root, outer(f"call: waiting, {CLOSES}, then: finished", "wait: 1 hour"))
    assert result.passed, [each.concise() for each in result.findings]
    assert ("transition", "outer", "waiting", "call", 0) in result.marks
    assert ("transition", "handling", "open", "close", 0) in result.marks
    every = {each.mark for each in scenarios.list_items(read_pack(root))}
    assert ("transition", "outer", "waiting", "call", 0) in every


FAILS = {
    "a step of the called case": (
        outer("call: waiting, steps: [{send: «close», by: clerk, at: 2026-03-02 08:00}]"),
        "TR731",
    ),
    "a case that has not ended": (
        outer("«call: waiting, steps: [{wait: 1 hour}], then: finished»"),
        "TR731",
    ),
    "a state that waits no longer": (outer("send: stop", "«call: waiting»"), "TR737"),
    "the state afterwards": (outer(f"call: waiting, {CLOSES}, then: «waiting»"), "TR730"),
}


@pytest.mark.parametrize(("text", "code"), FAILS.values(), ids=FAILS)
def test_what_goes_wrong_with_a_called_case_is_shown_in_its_place(root, text, code):
    text, place = marked(text)
    (result,) = ran(root, text)
    (finding,) = result.findings
    assert finding.id == code
    assert finding.span.line == int(place.partition(":")[0])


MISTAKES = {
    "a state that calls nothing": (outer("call: «finished»"), "TR113"),
    "an event of the caller": (outer("call: waiting, steps: [{send: «stop»}]"), "TR113"),
    "a role for a return": (outer("call: waiting, by: «boss»"), "TR120"),
    "steps of a sent event": (outer("send: stop, «steps»: [{wait: 1 hour}]"), "TR120"),
}


@pytest.mark.parametrize(("text", "code"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_around_a_call_are_found_before_it_runs(root, text, code):
    text, _ = marked(text)
    assert [each.id for each in read(root, text).findings] == [code]
