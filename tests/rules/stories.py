"""How the stories of the shipped workflows are told: send an event, say what must come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.workflows import Accepted, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telecom_rules.workflows import Case, Outcome


def accept(
    case: Case,
    event: str,
    payload: Mapping[str, object] | None = None,
    *,
    by: str = "agent",
    at: datetime | None = None,
) -> Accepted:
    """Return the outcome of an event that must be accepted."""
    outcome = case.send(event, payload or {}, at=at or case.at, by=by)
    assert isinstance(outcome, Accepted), outcome.explain("en")
    return outcome


def refuse(
    case: Case,
    event: str,
    payload: Mapping[str, object] | None = None,
    *,
    by: str = "agent",
    at: datetime | None = None,
) -> Refused:
    """Return the outcome of an event that must be refused and so changes nothing."""
    outcome = case.send(event, payload or {}, at=at or case.at, by=by)
    assert isinstance(outcome, Refused)
    assert outcome.case is case
    return outcome


def cited(outcome: Outcome) -> set[str]:
    """Return the clauses of an outcome, such as `spec:7.1.2(3)`."""
    return {str(clause) for clause in outcome.cites}


def effects(outcome: Outcome) -> list[str]:
    """Return the names of the effects of an outcome, in order."""
    return [effect.name for effect in outcome.effects]


def needed(refusal: Refused) -> set[str]:
    """Return the facts that a refusal says are not known."""
    names = set[str]()
    for reason in refusal.reasons:
        for key in ("facts", "needs"):
            names.update(str(name) for name in reason.data.get(key, ()))
    return names


def unfit(refusal: Refused) -> set[str]:
    """Return the fields of the payload that a refusal says do not fit."""
    return {
        problem.field for reason in refusal.reasons for problem in reason.data.get("problems", ())
    }
