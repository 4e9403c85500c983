"""Asserts for the tests of a host: a failure says what the library says, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.policies import Decision
from telecom_rules.values.arguments import read_instance, read_text
from telecom_rules.vocabulary import dump_value
from telecom_rules.workflows import Accepted, Case, Refused
from telecom_rules.workflows.engine.instants import normalize_instant

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows import Due, Outcome


def assert_accepted(outcome: Outcome, to: str | None = None, *, language: str = "en") -> Accepted:
    """Return the outcome of an event that was accepted, and has led to the state `to` if given.

    Raises:
        AssertionError: it was refused; the reasons are in the message.
        ArgumentError: it is not an outcome.
    """
    if type(outcome) is not Accepted:
        outcome = read_instance("outcome", outcome, Refused)
        allowed = [each.event for each in outcome.case.allowed(by=outcome.by) if each.allowed]
        raise AssertionError(
            f"{outcome.explain(language)}\nin {outcome.case.state}, with the facts"
            f" {dump_facts(outcome.case)}; allowed now: {', '.join(allowed) or 'nothing'}"
        )
    if to is not None:
        assert_state(outcome.case, to)
    return outcome


def assert_refused(
    outcome: Outcome, kind: str | None = None, *, cites: str | None = None, language: str = "en"
) -> Refused:
    """Return the outcome of an event that was refused, for a reason if one is given.

    Args:
        outcome: what `case.send` has given.
        kind: the kind of one of its reasons, such as `"role"`.
        cites: a clause that one of its reasons rests on, such as `"spec:7.1.2(3)"`.
        language: that of the message.

    Raises:
        AssertionError: it was accepted, or for other reasons refused.
        ArgumentError: an argument is of another kind.
    """
    if kind is not None:
        kind = read_text("kind", kind)
    if cites is not None:
        cites = read_text("cites", cites)
    if type(outcome) is not Refused:
        outcome = read_instance("outcome", outcome, Accepted)
        raise AssertionError(f"it was accepted:\n{outcome.explain(language)}")
    kinds = [str(each.kind) for each in outcome.reasons]
    if kind is not None and kind not in kinds:
        raise AssertionError(
            f"it was refused, but not because of `{kind}`: {', '.join(kinds)}\n"
            f"{outcome.explain(language)}"
        )
    grounds = [str(each) for reason in outcome.reasons for each in reason.cites]
    if cites is not None and cites not in grounds:
        raise AssertionError(
            f"it was refused, but not under `{cites}`: {', '.join(grounds) or 'no clause'}\n"
            f"{outcome.explain(language)}"
        )
    return outcome


def assert_state(case: Case, state: str) -> Case:
    """Return a case that is in a state: the innermost one, or one around it.

    Raises:
        AssertionError: it is in another.
        ArgumentError: an argument is of another kind.
    """
    case, state = read_instance("case", case, Case), read_text("state", state)
    if state != case.state and state not in case.states:
        raise AssertionError(
            f"the case {case.id} is in `{case.state}`, not `{state}`, with the facts"
            f" {dump_facts(case)}"
        )
    return case


def assert_due(case: Case, clock: str, at: datetime, *, language: str = "en") -> Due:
    """Return what a clock will do at an instant: its warning, or its end.

    Raises:
        AssertionError: it does nothing then; the account of the limit is in the message.
        UnknownName: there is no such clock.
        ArgumentError: it has never started, or an argument is of another kind.
    """
    case, clock = read_instance("case", case, Case), read_text("clock", clock)
    at = normalize_instant(at, case.workflow.zone)
    dues = [each for each in case.due if each.clock == clock]
    found = next((each for each in dues if each.at == at), None)
    if found is None:
        told = ", ".join(f"{each.kind} {each.at.isoformat()}" for each in dues) or "nothing"
        raise AssertionError(
            f"`{clock}` has nothing due at {at.isoformat()}, only: {told}\n"
            f"{case.explain_deadline(clock).explain(language)}"
        )
    return found


def assert_decides(decision: Decision, *, language: str = "en", **outputs: object) -> Decision:
    """Return a decision that has these outputs.

    Raises:
        AssertionError: one differs; the reasons are in the message.
        ArgumentError: it is not a decision.
    """
    decision = read_instance("decision", decision, Decision)
    wrong = [
        f"`{name}` is {decision.outputs[name]!r}, not {value!r}"
        for name, value in outputs.items()
        if name in decision.outputs and decision.outputs[name] != value
    ]
    wrong += [f"it has no output `{name}`" for name in outputs if name not in decision.outputs]
    if wrong:
        raise AssertionError("\n".join([*wrong, decision.explain(language)]))
    return decision


def dump_facts(case: Case) -> str:
    """Return the facts of a case as text."""
    return str(dump_value(dict(case.facts)))
