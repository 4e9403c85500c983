"""What the machines of the two libraries are like, and which workflows they refuse."""

from __future__ import annotations

import importlib
import json
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import pytest
from statemachine.exceptions import TransitionNotAllowed
from transitions import Machine, MachineError
from transitions.extensions import HierarchicalMachine

from telecom_rules.errors import FactsError, MissingData, MissingExtra, TelecomRulesError
from telecom_rules.interop import (
    Model,
    NotExpressible,
    to_scxml,
    to_statemachine,
    to_transitions,
    to_xstate,
)
from telecom_rules.workflows import Accepted, State
from tests.interop.house import START, made, titled

BOTH = [to_transitions, to_statemachine]


def flow(states: dict[str, object], clocks: dict[str, object] | None = None, *more: str):
    """Return a workflow with these states; every event it uses is declared."""
    text = json.dumps(states)
    events = {
        name: {"title": titled(name)} for name in ("go", "late", *more) if f'"{name}"' in text
    }
    if '"put"' in text:
        events["put"] = {"title": titled("put"), "payload": {"value": "integer"}}
    if clocks:
        events["late"] = {"title": titled("late")}
    return made(
        json.dumps(
            {
                "workflow": "small_flow",
                "version": "1.0.0",
                "title": titled("small"),
                "facts": "item",
                "roles": "role",
                "events": events,
                "clocks": clocks or {},
                "initial": next(iter(states)),
                "states": states,
            }
        )
    )


def simple(**on: object) -> dict[str, object]:
    return {
        "first": {"title": titled("first"), "on": on},
        "last": {"type": "final", "title": titled("last")},
    }


CLOCK = {
    "hour": {
        "title": titled("hour"),
        "from": "first",
        "until": "last",
        "limit": "1 hours",
        "on_expiry": "late",
    }
}


def elements(refused: pytest.ExceptionInfo[NotExpressible]) -> list[str]:
    return [each.place for each in refused.value.elements]


def test_a_flat_workflow_is_a_plain_machine_and_a_nested_one_a_hierarchical_one() -> None:
    nested = {
        "outer": {
            "title": titled("outer"),
            "initial": "inner",
            "states": {"inner": {"title": titled("inner")}},
            "on": {"go": "last"},
        },
        "last": {"type": "final", "title": titled("last")},
    }
    assert type(to_transitions(flow(simple(go="last")))) is Machine
    assert isinstance(to_transitions(flow(nested)), HierarchicalMachine)


def test_no_model_of_transitions_gets_a_way_past_the_guards() -> None:
    nested = {
        "outer": {
            "title": titled("outer"),
            "initial": "inner",
            "states": {"inner": {"title": titled("inner")}},
            "on": {"go": "last"},
        },
        "last": {"type": "final", "title": titled("last")},
    }
    workflow = flow(nested)
    model = Model(workflow)
    to_transitions(workflow).add_model(model)
    assert not [name for name in dir(model) if name.startswith("to_")]
    with pytest.raises(MachineError, match="only events"):
        model.to("last")


def test_an_action_under_a_condition_is_taken_only_where_it_holds() -> None:
    assign = {"n": {"value": "event.value", "when": "event.value > 1 && event_name == 'put'"}}
    workflow = flow(simple(put={"assign": assign}))
    for value, known in ((1, {}), (2, {"n": 2})):
        first, second = Model(workflow), Model(workflow)
        to_transitions(workflow).add_model(first)
        machine = to_statemachine(workflow)(second)
        first.trigger("put", at=START, payload={"value": value})
        machine.send("put", at=START, payload={"value": value})
        assert dict(first.facts) == dict(second.facts) == known


def test_what_a_guard_lacks_is_told_by_an_error_and_changes_nothing() -> None:
    workflow = flow(simple(go={"target": "last", "guard": "n > 1"}))
    first, second = Model(workflow), Model(workflow)
    to_transitions(workflow).add_model(first)
    machine = to_statemachine(workflow)(second)
    with pytest.raises(MissingData, match="`n`"):
        first.trigger("go", at=START)
    with pytest.raises(MissingData, match="`n`"):
        machine.send("go", at=START)
    assert (first.state, second.state) == ("first", "first")


def test_data_that_does_not_fit_is_told_by_an_error_and_changes_nothing() -> None:
    workflow = flow(simple(put={"target": "last", "assign": {"n": "event.value"}}))
    first, second = Model(workflow, {"n": 1}), Model(workflow, {"n": 1})
    to_transitions(workflow).add_model(first)
    machine = to_statemachine(workflow)(second)
    for payload in ({"value": "one"}, {"value": 5}, {}, None):
        with pytest.raises(FactsError):
            first.trigger("put", at=START, payload=payload)
        with pytest.raises(FactsError):
            machine.send("put", at=START, payload=payload)
    assert first.facts == second.facts == {"n": 1}
    assert (first.state, second.state) == ("first", "first")


def test_an_event_that_nothing_takes_is_told_in_the_way_of_each_library() -> None:
    workflow = flow(simple(go={"target": "last", "by": "chief"}))
    model = Model(workflow)
    to_transitions(workflow).add_model(model)
    machine = to_statemachine(workflow)(Model(workflow))
    assert model.trigger("go", at=START, by="agent") is False
    with pytest.raises(TransitionNotAllowed):
        machine.send("go", at=START, by="agent")
    assert model.trigger("go", at=START, by="chief") is True
    with pytest.raises(MachineError):
        model.trigger("go", at=START, by="chief")


def test_the_host_asks_in_advance_with_may_trigger() -> None:
    workflow = flow(simple(go={"target": "last", "by": "chief"}))
    model = Model(workflow)
    to_transitions(workflow).add_model(model)
    assert model.may_trigger("go", at=START, by="chief")
    assert not model.may_trigger("go", at=START, by="agent")


def test_diagrams_of_the_libraries_show_our_conditions() -> None:
    workflow = flow(simple(go={"target": "last", "by": "chief", "guard": "has(flag) && flag"}))
    (transition,) = to_transitions(workflow).get_transitions("go")
    names = [condition.func.__name__ for condition in transition.conditions]
    assert names == ["by chief", "has(flag) && flag"]


@pytest.mark.parametrize("to", BOTH)
def test_time_limits_are_refused_unless_the_host_keeps_them(to) -> None:
    workflow = flow(simple(go="last", late="last"), CLOCK)
    with pytest.raises(NotExpressible) as refused:
        to(workflow)
    assert elements(refused) == ["clocks.hour"]
    assert "host_keeps_time" in refused.value.explain("zh")
    assert to(workflow, host_keeps_time=True)


def test_the_host_that_keeps_the_time_sends_what_expires_and_says_what_clocks_read() -> None:
    guard = {"target": "last", "guard": "clocks.hour.expired"}
    workflow = flow(simple(go=guard, late={"title": titled("late")}), CLOCK)
    model = Model(workflow)
    to_transitions(workflow, host_keeps_time=True).add_model(model)
    with pytest.raises(MissingData):
        model.trigger("go", at=START)
    model.clocks = {"hour": {"expired": False}}
    assert model.trigger("go", at=START) is False
    assert model.trigger("late", at=START) is True
    model.clocks = {"hour": {"expired": True}}
    assert model.trigger("go", at=START) is True


TAKEN = {
    to_transitions: ("state", "facts", "is_first"),
    to_statemachine: ("send", "model", "before_go"),
}


@pytest.mark.parametrize(("to", "event"), [(to, e) for to, names in TAKEN.items() for e in names])
def test_a_name_that_a_library_needs_for_itself_is_refused(to, event: str) -> None:
    workflow = flow(simple(go="last", **{event: "last"}), None, event)
    with pytest.raises(NotExpressible) as refused:
        to(workflow)
    assert elements(refused) == [f"events.{event}"]


def test_a_state_called_like_an_event_is_refused_where_both_are_attributes() -> None:
    states = {**simple(go="last"), "go": {"type": "final", "title": titled("go")}}
    with pytest.raises(NotExpressible) as refused:
        to_statemachine(flow(states))
    assert elements(refused) == ["states.go"]
    assert to_transitions(flow(states))


@dataclass(frozen=True, slots=True)
class Richer(State):
    """A state with something that nothing here knows of."""

    mood: bool = False


@pytest.mark.parametrize(
    ("to", "against"),
    [
        *((to, ["first.mood", "last"]) for to in BOTH),
        (to_xstate, ["first.mood"]),
        (to_scxml, ["first.mood"]),
    ],
)
def test_what_is_not_carried_over_is_refused_and_never_left_out(to, against) -> None:
    workflow = flow(simple(go="last"))
    first, last = workflow.states.values()
    names = ("name", "title", "order", "on")
    richer = Richer(**{name: getattr(first, name) for name in names}, mood=True)
    inner = replace(last, ancestors=("first",))
    states = MappingProxyType({"first": richer, "last": inner})
    chart = replace(workflow._machine.chart, states=states)
    with pytest.raises(NotExpressible) as refused:
        to(replace(workflow, _machine=replace(workflow._machine, chart=chart)))
    assert elements(refused) == against


@pytest.mark.parametrize(
    ("library", "extra"), [("transitions", "transitions"), ("statemachine", "statemachine")]
)
def test_without_the_library_one_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"telecom_rules.interop.native.{library}", raising=False)
    with pytest.raises(MissingExtra, match=rf"pip install 'telecom-rules\[{extra}\]'") as missing:
        importlib.import_module(f"telecom_rules.interop.native.{library}")
    assert isinstance(missing.value, ImportError)
    assert isinstance(missing.value, TelecomRulesError)
    assert "可选组件" in missing.value.explain("zh")


def test_what_needs_no_library_is_there_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("transitions", "statemachine"):
        monkeypatch.setitem(sys.modules, library, None)
    assert to_xstate(flow(simple(go="last")))["id"] == "small_flow"


@pytest.mark.parametrize(
    "by",
    [
        None,
        "agent",
        "chief",
        (),
        ["chief", "agent"],
        ["agent", "chief"],
        ["no role", "chief"],
        ["no role"],
    ],
)
@pytest.mark.parametrize("n", [0, 2, None])
def test_of_several_roles_the_first_that_may_sends_the_event_as_in_a_case(
    by: Any, n: int | None
) -> None:
    ways = [
        {"target": "last", "by": ["agent"], "guard": "n > 1"},
        {"target": "other", "by": ["chief"]},
    ]
    states = simple(go=ways) | {"other": {"type": "final", "title": titled("other")}}
    workflow = flow(states)
    facts = {} if n is None else {"n": n}
    outcome = workflow.start(facts, at=START, id="T-1").send("go", at=START, by=by)
    first, second = Model(workflow, facts), Model(workflow, facts)
    to_transitions(workflow).add_model(first)
    machine = to_statemachine(workflow)(second)
    before = first.state
    for send in first.trigger, machine.send:
        with suppress(TelecomRulesError, TransitionNotAllowed):
            send("go", at=START, by=by)
    reached = outcome.case.state if isinstance(outcome, Accepted) else before
    assert (first.state, second.state) == (reached, reached)
