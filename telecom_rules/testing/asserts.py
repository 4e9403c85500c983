"""Asserts for the tests of a host: a failure says what the library says, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.vocabulary import dump_value
from telecom_rules.workflows import Accepted, Refused

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.policies import Decision
    from telecom_rules.workflows import Case, Due, Outcome


def assert_accepted(outcome: Outcome, to: str | None = None, *, language: str = "en") -> Accepted:
    """Return the outcome of an event that was accepted, and has led to the state `to` if given.

    Raises:
        AssertionError: it was refused; the reasons are in the message.
    """
    if not isinstance(outcome, Accepted):
        allowed = [each.event for each in outcome.case.allowed(by=outcome.by) if each.allowed]
        raise AssertionError(  # noqa: TRY004 - a refusal is no wrong type
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
    """
    if not isinstance(outcome, Refused):
        raise AssertionError(  # noqa: TRY004 - an outcome is no wrong type
            f"it was accepted:\n{outcome.explain(language)}"
        )
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
    """
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
        TelecomRulesError: there is no such clock, or it has never started.
    """
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
    """
    wrong = [
        f"`{name}` is {decision.outputs.get(name)!r}, not {value!r}"
        for name, value in outputs.items()
        if decision.outputs.get(name) != value
    ]
    if wrong:
        raise AssertionError("\n".join([*wrong, decision.explain(language)]))
    return decision


def dump_facts(case: Case) -> str:
    """Return the facts of a case as text."""
    return str(dump_value(dict(case.facts)))
