"""What has to be done so that a refused event is accepted, and who can do it.

Nothing is told that was not tried: the event is sent again, to the state the case is in, by another
role, with other data, or after another event. So each remedy is true by construction; that there
are no others is not said.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import read_record
from telecom_rules.workflows.engine.event_loop import reach, react
from telecom_rules.workflows.engine.macrostep import Macrostep
from telecom_rules.workflows.refusals.payloads import (
    fill_in,
    iter_payloads,
    list_guards,
    list_other_values,
)
from telecom_rules.workflows.refusals.remedy import Attempt, build_remedy, build_sending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.vocabulary import Record
    from telecom_rules.workflows.chart import Event
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.refusals.remedy import Remedy


MOST_REMEDIES: Final = 4
"""Remedies that are told."""
MOST_TRIED: Final = 400
"""How often an event is sent to find them."""
MOST_PAYLOADS: Final = 24
"""Payloads of one event that are tried."""
MOST_DAYS: Final = 512
"""How many days ahead is looked for a day on which the event is accepted."""
TIMES: Final = ("today", "now", "clocks")
"""The names by which a guard waits."""


class TriedEnough(Exception):
    """The event has been sent as often as it may be."""


class Trials:
    """Sends events to the states of one case, at most `MOST_TRIED` times.

    Attributes:
        machine: the linked workflow.
        left: how often an event may still be sent.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.left = MOST_TRIED

    def send(
        self, state: CaseState, event: Event, payload: Record, at: datetime, by: str | None
    ) -> CaseState | None:
        """Return the state after an event, `None` if it is refused.

        Raises:
            TriedEnough: nothing more may be tried.
        """
        if not self.left:
            raise TriedEnough
        self.left -= 1
        step = react(self.machine, state, event.name, payload, at, by)
        return step.after if isinstance(step, Macrostep) else None

    def list_roles(self, state: CaseState, attempt: Attempt) -> tuple[str | None, ...]:
        """Return the roles by which an event is accepted; that of the sender alone if it is."""
        event, payload, at = attempt.event, attempt.payload, attempt.at
        if self.send(state, event, payload, at, attempt.by) is not None:
            return (attempt.by,)
        others = [each for each in self.machine.roles if each != attempt.by]
        return tuple(each for each in others if self.send(state, event, payload, at, each))


def read_payload(machine: Machine, event: str, payload: object) -> Record | None:
    """Return the data of an event that was sent, `None` where they do not fit it."""
    declared = machine.chart.events.get(event)
    if declared is None or declared.internal:
        return None
    try:
        return read_record(declared.payload, {} if payload is None else payload, event)
    except FactsError:
        return None


def find_remedies(
    machine: Machine,
    case_state: CaseState,
    event: str,
    payload: Record,
    at: datetime,
    by: str | None,
) -> tuple[Remedy, ...]:
    """Return what has to be done so that a refused event is accepted.

    Args:
        machine: the linked workflow.
        case_state: the state to which it was sent.
        event: the name of the event, which the workflow declares.
        payload: its data, which fit it.
        at: its instant.
        by: the role that sent it, or `None`.
    """
    _, state, hindrance = reach(machine, case_state, at)
    if hindrance is not None or state.configuration.final:
        return ()
    attempt = Attempt(machine, machine.chart.events[event], payload, at, by)
    trials = Trials(machine)
    told: list[Remedy] = []
    with suppress(TriedEnough):
        for ways in WAYS:
            found = chain.from_iterable(each(trials, state, attempt) for each in ways)
            for remedy in islice(found, MOST_REMEDIES):
                told.append(remedy)  # noqa: PERF402 - what was found before the end is kept
            if told:
                break
    return tuple(told)


def find_other_roles(trials: Trials, state: CaseState, attempt: Attempt) -> Iterator[Remedy]:
    """Yield the roles by which the event is accepted as it is."""
    roles = trials.list_roles(state, attempt)
    if roles:
        yield build_remedy([build_sending(attempt, roles, ())])


def find_other_data(trials: Trials, state: CaseState, attempt: Attempt) -> Iterator[Remedy]:
    """Yield for each field of the data the first other value with which the event is accepted."""
    for name, values in list_other_values(state, attempt).items():
        for value in values:
            changed = attempt._replace(payload=attempt.payload | {name: value})
            roles = trials.list_roles(state, changed)
            if roles:
                yield build_remedy([build_sending(changed, roles, (name,))])
                break


def find_filled_data(trials: Trials, state: CaseState, attempt: Attempt) -> Iterator[Remedy]:
    """Yield the same where more than one text was left empty: all filled in, then one changed."""
    filled = fill_in(state, attempt)
    names = tuple(
        name for name in filled if name not in attempt.payload or not attempt.payload[name]
    )
    if len(names) < 2:  # noqa: PLR2004 - one alone was tried
        return
    whole = attempt._replace(payload=filled)
    roles = trials.list_roles(state, whole)
    if roles:
        yield build_remedy([build_sending(whole, roles, names)])
        return
    for remedy in find_other_data(trials, state, whole):
        (last,) = remedy.sendings
        told = (*names, *(each.name for each in last.given if each.name not in names))
        changed = attempt._replace(payload=last.payload)
        yield build_remedy([build_sending(changed, last.by, told)])


def find_earlier_events(trials: Trials, state: CaseState, attempt: Attempt) -> Iterator[Remedy]:
    """Yield the events after which the event is accepted as it is."""
    for moves in state.configuration.external_moves.values():
        event = moves[0].transition.event
        if event is not attempt.event:
            yield from islice(iter_earlier(trials, state, attempt, moves), 1)


def iter_earlier(
    trials: Trials, state: CaseState, attempt: Attempt, moves: Sequence[Move]
) -> Iterator[Remedy]:
    """Yield the data and roles with which an event comes before the refused one."""
    event = moves[0].transition.event
    for payload, names in islice(iter_payloads(event, attempt.at), MOST_PAYLOADS):
        first = attempt._replace(event=event, payload=payload)
        for role in list_senders(trials.machine, moves, attempt.by):
            after = trials.send(state, event, payload, attempt.at, role)
            roles = () if after is None else trials.list_roles(after, attempt)
            if roles:
                told = [build_sending(first, (role,), names), build_sending(attempt, roles, ())]
                yield build_remedy(told)
                break


def list_senders(machine: Machine, moves: Sequence[Move], by: str | None) -> tuple[str | None, ...]:
    """Return the roles that may send an event, that of the sender first; `None` for nobody's."""
    if not machine.roles:
        return (by,)
    anybody = any(not each.transition.by for each in moves)
    named = dict.fromkeys(role for each in moves for role in each.transition.by)
    roles = machine.roles if anybody else named
    return tuple(sorted(roles, key=lambda each: each != by))


def find_later_day(trials: Trials, state: CaseState, attempt: Attempt) -> Iterator[Remedy]:
    """Yield the day from which on the event is accepted, where a guard waits for one."""
    guards = list_guards(state, attempt.event)
    if not any(name.split(".")[0] in TIMES for each in guards for name in each.reads):
        return
    early, late = 0, 1
    while late <= MOST_DAYS and not is_accepted_after(trials, state, attempt, late):
        early, late = late, late * 2
    if late > MOST_DAYS:
        return
    while late - early > 1:
        middle = (early + late) // 2
        if is_accepted_after(trials, state, attempt, middle):
            late = middle
        else:
            early = middle
    then = attempt._replace(at=start_of_day(attempt.at, late))
    reached = reach(trials.machine, state, then.at)[1]
    roles = trials.list_roles(reached, then)
    yield build_remedy([build_sending(then, roles, ())], then.at)


def is_accepted_after(trials: Trials, state: CaseState, attempt: Attempt, days: int) -> bool:
    """Return whether the event is accepted at the beginning of a later day."""
    at = start_of_day(attempt.at, days)
    _, reached, hindrance = reach(trials.machine, state, at)
    return hindrance is None and bool(trials.list_roles(reached, attempt._replace(at=at)))


def start_of_day(at: datetime, days: int) -> datetime:
    """Return the beginning of the day so many days later."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days)


WAYS: Final = (
    (find_other_roles,),
    (find_other_data, find_later_day),
    (find_filled_data,),
    (find_earlier_events,),
)
"""How remedies are looked for: those that ask for more only where nothing less helps."""
