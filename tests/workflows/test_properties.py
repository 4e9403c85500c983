"""Properties: what the templates mean, how they are written, what they say of journals."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from telecom_rules.workflows.properties.templates import Monitor, Template
from tests.workflows.house import COMPLAINT, START, link, made

if TYPE_CHECKING:
    from collections.abc import Callable

Trace = tuple[frozenset[str], ...]


def when(trace: Trace, name: str) -> list[int]:
    return [at for at, moment in enumerate(trace) if name in moment]


def response(trace: Trace) -> bool:
    return all(any(b >= a for b in when(trace, "b")) for a in when(trace, "a"))


def precedence(trace: Trace) -> bool:
    return all(any(a <= b for a in when(trace, "a")) for b in when(trace, "b"))


def alternate_response(trace: Trace) -> bool:
    firsts = when(trace, "a")
    ends = [*firsts[1:], len(trace)]
    return all(
        any(a <= b < end for b in when(trace, "b")) for a, end in zip(firsts, ends, strict=False)
    )


def alternate_precedence(trace: Trace) -> bool:
    thens = when(trace, "b")
    return all(
        any(before < a <= b for a in when(trace, "a"))
        for before, b in zip([-1, *thens], thens, strict=False)
    )


def chain_response(trace: Trace) -> bool:
    return all(a + 1 in when(trace, "b") for a in when(trace, "a"))


def chain_precedence(trace: Trace) -> bool:
    return all(b - 1 in when(trace, "a") for b in when(trace, "b"))


MEANINGS: dict[Template, Callable[[Trace], bool]] = {
    Template.EXISTENCE: lambda trace: bool(when(trace, "a")),
    Template.ABSENCE: lambda trace: not when(trace, "a"),
    Template.INIT: lambda trace: "a" in trace[0],
    Template.END: lambda trace: "a" in trace[-1],
    Template.RESPONSE: response,
    Template.PRECEDENCE: precedence,
    Template.SUCCESSION: lambda trace: response(trace) and precedence(trace),
    Template.ALTERNATE_RESPONSE: alternate_response,
    Template.ALTERNATE_PRECEDENCE: alternate_precedence,
    Template.ALTERNATE_SUCCESSION: lambda trace: (
        alternate_response(trace) and alternate_precedence(trace)
    ),
    Template.CHAIN_RESPONSE: chain_response,
    Template.CHAIN_PRECEDENCE: chain_precedence,
    Template.CHAIN_SUCCESSION: lambda trace: chain_response(trace) and chain_precedence(trace),
    Template.NOT_COEXISTENCE: lambda trace: not (when(trace, "a") and when(trace, "b")),
}
"""What each template says of a whole run, written down once more as directly as can be."""
LETTERS = tuple(map(frozenset, ("", "a", "b", "ab")))
TRACES = [trace for length in (1, 2, 3, 4, 5) for trace in product(LETTERS, repeat=length)]


def monitor(template: Template) -> Monitor:
    return Monitor(template, frozenset("a"), frozenset("" if template.single else "b"))


@pytest.mark.parametrize("template", Template)
def test_the_table_of_a_template_says_what_the_template_means_of_every_short_run(template):
    one = monitor(template)
    for trace in TRACES:
        stage = one.start
        for moment in trace:
            stage = one.advance(stage, moment)
        assert one.is_accepting(stage) is MEANINGS[template](trace), trace


@pytest.mark.parametrize("template", Template)
def test_what_is_settled_or_broken_early_stays_so_whatever_follows(template):
    one = monitor(template)
    for trace in TRACES[: 4 + 16 + 64]:
        stage = one.start
        for moment in trace:
            stage = one.advance(stage, moment)
        later = [MEANINGS[template](trace + more) for more in TRACES[: 4 + 16 + 64]]
        now = MEANINGS[template](trace)
        assert one.is_permanently_satisfied(stage) is (now and all(later)), trace
        assert one.is_violated(stage) is not (now or any(later)), trace


PROPERTIES = """
properties:
  - precedence: {first: answered, then: closed}
    cites: [spec:7.1.2(6)]
  - existence: [answered, withdraw]
    title: {zh: 必有答复, en: An answer}
  - init: received
  - chain_response: {first: record, then: classify}
"""
OPENING = "initial: open\n"


def with_properties(text: str) -> str:
    return COMPLAINT.replace(OPENING, text.strip() + "\n" + OPENING, 1)


def test_a_property_has_a_name_a_title_of_its_own_and_its_clauses():
    first, second, *_ = made(with_properties(PROPERTIES)).properties
    assert first.name == "precedence(answered, closed)"
    assert first.title.en == "“Closed” comes only after “Answered”"
    assert first.title.zh == "先有“已答复”，才有“已结案”"
    assert [str(clause) for clause in first.cites] == ["spec:7.1.2(6)"]
    assert second.name == "existence(answered|withdraw)"
    assert second.title.en == "An answer"


MISTAKES = [
    ("- precedence: {first: §answerd, then: closed}", "TR113"),
    ("- precedence: {first: answered, then: [closed, §clsed]}", "TR113"),
    ("- precedence: {§frst: answered, then: closed}", "TR102"),
    ("- §precedence: {first: answered}", "TR101"),
    ("- precedence: §answered", "TR103"),
    ("- §existence: {first: answered}", "TR103"),
    ("- §precedense: {first: answered, then: closed}", "TR102"),
    ("- §title: {zh: 空, en: Empty}", "TR701"),
    ("- §existence: answered\n    absence: closed", "TR701"),
    ("- precedence: {first: answered, then: §answered}", "TR703"),
    ("- §existence: []", "TR118"),
    ("- existence: answered\n    cites: §spec:99", "TR502"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_each_mistake_in_a_property_is_one_finding_at_its_place(text: str, code: str) -> None:
    marked = with_properties(f"properties:\n  {text}")
    place = marked.index("§")
    workflow, found = link(marked.replace("§", ""))
    assert workflow is None
    assert [(each.id, each.span.line, each.span.column) for each in found] == [
        (code, marked.count("\n", 0, place) + 1, place - marked.rfind("\n", 0, place))
    ]


def test_a_near_miss_is_named():
    _, found = link(with_properties("properties:\n  - existence: answerd"))
    assert [each.suggestion for each in found] == ["answered"]


def test_a_journal_is_judged_while_the_case_is_open_and_when_it_is_over():
    workflow = made(with_properties(PROPERTIES))
    opened = workflow.open({"amount": "1", "reworks": 0}, at=START, id="C-1")
    entries = [opened.entry]
    views = [[each.standpoint for each in workflow.judge(entries)]]
    outcome = opened.case.send("withdraw", at=START, by="customer")
    entries += outcome.entries
    judged = workflow.judge(entries)
    views.append([each.standpoint for each in judged])
    assert views == [
        ["open", "open", "satisfied", "open"],
        ["violated", "satisfied", "satisfied", "satisfied"],
    ]
    assert [each.entry for each in judged] == [1, 1, 0, 1]


def test_a_chain_is_broken_by_the_next_move_whatever_it_is():
    workflow = made(
        with_properties("properties:\n  - chain_response: {first: record, then: classify}")
    )
    case = workflow.start({"amount": "1", "reworks": 0}, at=START, id="C-1")
    entries = list(workflow.open({"amount": "1", "reworks": 0}, at=START, id="C-1").entries)
    for event, payload, by in (
        ("record", {"customer_id": "1", "content": "x"}, "agent"),
        ("appraise", {"amount": "2"}, "agent"),
    ):
        outcome = case.send(event, payload, at=START, by=by)
        case, entries = outcome.case, [*entries, *outcome.entries]
    (judged,) = workflow.judge(entries)
    assert (judged.standpoint, judged.entry) == ("violated", 2)
