"""An event that has a shortcut comes to the same by the shortcut and the long way."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import FactsError
from telecom_rules.expressions import Context
from telecom_rules.workflows import Accepted, Case, Run
from telecom_rules.workflows.engine import microstep
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.event_loop import open_case
from telecom_rules.workflows.engine.fast_path import FastMove, FastPath, take_fast_path
from telecom_rules.workflows.workflow import Progress
from tests.workflows.house import CALENDAR, FACTS, RECORD, START, complaint, link, made, started
from tests.workflows.random_charts import EVENTS, callees, charts
from tests.workflows.test_journal import FLOWS, Act

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows import Outcome, Workflow

GAPS = st.sampled_from(
    (timedelta(0), timedelta(minutes=40), timedelta(hours=2), timedelta(days=2, hours=3))
)
SENT = st.tuples(st.sampled_from(EVENTS), st.sampled_from((None, {}, {"n": 1}, {"n": 2})), GAPS)
CHARTS = settings.default.max_examples


@pytest.fixture(autouse=True)
def soon_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after few microsteps: the long way goes on for as long as it may."""
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", 30)


def is_plain(case: Case, name: str, payload: Any, at: datetime, by: str | None) -> bool:
    """Return whether the fast path takes an event."""
    machine, state, paths = case.workflow._machine, case._case_state, case.workflow._fast_paths
    return take_fast_path(paths, machine, state, name, payload, at, by) is not None


def both_ways(case: Case, name: str, payload: Any, at: datetime, by: str | None) -> Outcome:
    """Send an event to a case whose clocks are quiet; compare the shortcut, if there is one."""
    long = case._send(name, payload, at, by)
    if not is_plain(case, name, payload, at, by):
        return long
    short = case.send(name, payload, at=at, by=by)
    assert isinstance(short, Accepted)
    assert isinstance(long, Accepted)
    assert short == long
    assert short.step == long.step
    assert json.dumps(short.entry.dump()) == json.dumps(long.entry.dump())
    assert json.dumps(short.case.dump()) == json.dumps(long.case.dump())
    assert short.case._case_state.quiet_until == long.case._case_state.quiet_until
    assert short.effects == long.effects
    assert (short.explain("zh"), short.explain("en")) == (long.explain("zh"), long.explain("en"))
    return short


@settings(max_examples=CHARTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    charts(plain=True, calls=True),
    st.lists(st.lists(SENT, min_size=4, max_size=8), min_size=2, max_size=2),
)
def test_both_ways_agree_on_random_charts(text: str, sequences: list[list[Any]]) -> None:
    workflow, _ = link(text, calendar=CALENDAR, callees=callees())
    assume(workflow is not None)
    try:
        begun = workflow.open({"reworks": 2}, at=START, id="r")
    except FactsError:
        assume(False)
    assert begun.step == open_case(workflow._machine, workflow.facts.read({"reworks": 2}), START)
    assert begun.case == workflow.start({"reworks": 2}, at=START, id="r")
    for sequence in sequences:
        case, at = begun.case, START
        for name, payload, gap in sequence:
            at += gap
            case = case.tick(at).case
            event(f"fast path: {is_plain(case, name, payload, at, None)}")
            case = both_ways(case, name, payload, at, None).case


@settings(max_examples=200, deadline=None)
@given(FLOWS)
def test_both_ways_agree_with_roles_payloads_pauses_and_policies(
    told: tuple[Workflow, list[Act]],
) -> None:
    workflow, history = told
    case, at = workflow.start(FACTS, at=START, id="C-1"), START
    for act in history:
        at += act.gap
        case = case.tick(at).case
        if act.event is not None:
            case = both_ways(case, act.event, act.payload, at, act.by).case


HURRIED = made(
    """
workflow: hurried
version: 1.0.0
title: {zh: 流程, en: Flow}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
  rate: {title: {zh: 评, en: Rate}, payload: {satisfied: boolean}}
  hop: {title: {zh: 跳, en: Hop}}
  cry: {title: {zh: 喊, en: Cry}}
initial: one
states:
  one:
    title: {zh: 一, en: One}
    on:
      go: {target: two, guard: reworks < 2}
      rate: [{guard: event.satisfied, target: two}, {target: two, assign: event}]
      hop: three
      cry: {raise: go}
  two: {title: {zh: 二, en: Two}, on: {go: one}}
  three: {title: {zh: 三, en: Three}, always: {target: one, guard: reworks > 8}}
"""
)


class Odd:
    """Something that cannot be compared."""

    __hash__ = None

    def __eq__(self, other: object) -> bool:
        raise ValueError

    def __bool__(self) -> bool:
        raise ValueError


@pytest.mark.parametrize(
    ("name", "payload", "short"),
    [
        ("go", None, True),
        ("go", {}, True),
        ("rate", {"satisfied": True}, True),
        ("rate", {"satisfied": False}, True),
        ("hop", None, False),
        ("cry", None, False),
        ("go", {"n": 1}, False),
        ("go", 0, False),
        ("go", Odd(), False),
        ("rate", Odd(), False),
        ("rate", None, False),
        ("rate", {"satisfied": "yes"}, False),
        ("none", None, False),
    ],
)
def test_what_is_plain_has_a_shortcut_and_nothing_else(
    name: Any, payload: Any, *, short: bool
) -> None:
    case = HURRIED.start(FACTS, at=START, id="C-1")
    taken = both_ways(case, name, payload, START, None)
    assert is_plain(case, name, payload, START, None) is short
    assert case.send(name, payload, at=START) == taken


def test_a_guard_that_is_false_or_cannot_be_decided_goes_the_long_way() -> None:
    for facts, kind in (({"reworks": 3}, "guard"), ({}, "unknown")):
        refused = both_ways(HURRIED.start(facts, at=START, id="C-1"), "go", None, START, None)
        assert [each.kind for each in refused.reasons] == [kind]


def test_the_events_of_a_complaint_have_shortcuts() -> None:
    case, at = started(), START
    for name, payload, by in (RECORD, ("classify", {"grade": "major"}, "supervisor")):
        assert not is_plain(case, name, payload, at, "customer")
        assert not is_plain(case, name, payload, at, "nobody")
        case = both_ways(case, name, payload, at, by).case
    assert case.state == "major"
    assert len(complaint()._fast_paths[frozenset()]) == 1


def test_an_unknown_event_leaves_nothing_behind() -> None:
    case = started()
    names = case._case_state.configuration.names
    before = dict(case.workflow._fast_paths.get(names, {}))
    for name in ("nothing", "reply_overdue", "close"):
        assert not is_plain(case, name, None, START, None)
    assert case.workflow._fast_paths.get(names, {}) == before


def test_nothing_of_a_case_or_an_outcome_can_be_changed() -> None:
    outcome = started().send("record", RECORD[1], at=START, by="agent")
    assert isinstance(outcome, Accepted)
    values: list[tuple[object, str]] = [
        *((outcome.case, name) for name in ("workflow", "id", "standing", "state", "other")),
        *((outcome, name) for name in ("case", "firings", "step", "other")),
        *((outcome.case._case_state, name) for name in ("record", "quiet", "other")),
        *((outcome.case.clocks["reply"], name) for name in ("deadline", "clock", "other")),
    ]
    for value, name in values:
        with pytest.raises(AttributeError):
            setattr(value, name, None)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            CaseState,
            "configuration record runs breaches warnings sequence at quiet_until memory calls",
        ),
        (
            Run,
            (
                "clock name started deadline warning undetermined pauses warned ended expired"
                " paused follows agreed"
            ),
        ),
        (Context, "event parameters policies clocks today now states event_name"),
        (FastPath, "read build_context unconditional moves"),
        (FastMove, "by requires guard move reached keeps_clocks only_moves"),
    ],
)
def test_the_positions_of_the_hot_code_are_those_of_the_fields(kind: Any, fields: str) -> None:
    """A further field goes into each place that makes or unpacks such a tuple by position."""
    assert kind._fields == tuple(fields.split())


def test_the_slots_that_the_hot_code_fills_are_all_there_are() -> None:
    made_later = {"_entries"}
    assert {*Case.__slots__} - made_later == {
        *("_case_state", "_head", "_id", "_past", "_workflow"),
    }
    assert {*Progress.__slots__, *Accepted.__slots__} == {"_case", "_firings", "_step"}
