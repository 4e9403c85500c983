"""From a status that a host writes to the event it stands for: the way that the case would go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import override

from telecom_rules import Accepted, Reason, Refused, Wording
from telecom_rules.adapters.django.settings import give_zones, now
from telecom_rules.wording import quote_title
from telecom_rules.workflows.refusals.reason import ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules import Case, Option
    from telecom_rules.adapters.django.guard import Guard
    from telecom_rules.adapters.django.middleware import Sender

NO_WAY = Wording(
    "没有事件可从{state}转入状态{status}", "no event leads from {state} to the status {status}"
)


ELSEWHERE = Wording(
    "以现有数据，{event}由{state}转入{reached}，而不会转入状态{status}",
    "on the present data {event} leads from {state} to {reached} and not to the status {status}",
)


class Barred(NamedTuple):
    """A way that is not open: the event that a status stands for was refused.

    Attributes:
        refused: the refusal.
        fillable: whether the event is refused only for want of the data that come with it, so that
            a form can ask for these.
    """

    refused: Refused
    fillable: bool = False


def find_way(guard: Guard, row: Any, case: Case, status: Any, sender: Sender) -> Accepted | Barred:
    """Return the event that leads to a status, sent; or the refusal that is nearest to it.

    The events are tried in the order in which the workflow has them. One that is accepted and
    leads elsewhere does not count; it is told if there is no other.
    """
    at = max(now(), case.at)
    states = guard.statuses.states_of(status)
    tried, elsewhere = [], None
    for option in case.allowed(by=sender.roles, at=at):
        if not leads_to(case, option, states):
            continue
        payload = guard.payload(option.event, row, sender.request)
        if payload is None:
            continue
        outcome = case.send(
            option.event, give_zones(payload, "payload"), at=at, by=sender.roles, actor=sender.actor
        )
        if isinstance(outcome, Refused):
            tried.append(Barred(outcome, bool(option.payload) and option.allowed is not False))
        elif guard.statuses.fits(outcome.case, status):
            return outcome
        else:
            elsewhere = elsewhere or (option, outcome)
    if tried:
        return min(tried, key=measure_distance)
    if elsewhere is None:
        return Barred(refuse_no_way(guard, case, status, sender, at, NO_WAY))
    option, outcome = elsewhere
    named = {"event": quote_title(option.title), "reached": quote_title(outcome.case.title)}
    return Barred(refuse_no_way(guard, case, status, sender, at, ELSEWHERE, **named))


def measure_distance(barred: Barred) -> tuple[bool, bool]:
    """Return how far a refused event is from acceptance, to compare."""
    kinds = {each.kind for each in barred.refused.reasons}
    return not barred.fillable, ReasonKind.ROLE in kinds


def leads_to(case: Case, option: Option, states: Iterable[str]) -> bool:
    """Return whether an event may lead to one of some states, or to a state inside one."""
    chart = case.workflow.states
    reached = {name for target in option.targets for name in chart[target].path}
    return not reached.isdisjoint(states)


def refuse_no_way(
    guard: Guard,
    case: Case,
    status: Any,
    sender: Sender,
    at: datetime,
    why: Wording,
    **named: Wording,
) -> Refused:
    """Return the refusal of a status to which nothing leads from here."""
    state, wanted = quote_title(case.title), quote_title(label_of(guard, status))
    wording = why.fill(state=state, status=wanted, **named)
    data = {"status": str(status), "state": case.state}
    states = (case.workflow.states[name] for name in case.states)
    cites = dict.fromkeys(clause for each in states if not each.children for clause in each.cites)
    reason = Reason(ReasonKind.NO_WAY, wording, tuple(cites), data)
    by = sender.roles[0] if sender.roles else None
    return Refused(case, f"{guard.field.name}={status}", at, by, (reason,), sender.actor)


def label_of(guard: Guard, status: Any) -> Wording:
    """Return what the host calls a status, in both languages."""
    labels = []
    for language in ("zh-hans", "en"):
        with override(language):
            labels.append(str(guard.field.label_of(status)))
    return Wording(*labels)
