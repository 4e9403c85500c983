"""The digest of a workflow, and the pin of a case: the digest of what the case may have done.

Both are over what the workflow means together with all it reads: facts, figures, calendar, policies
and the workflows it calls. The pin leaves out what cannot have counted yet: states and events that
do not lead to where the case is, facts that are not known, and what is in force only later.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.digests import (
    calculate_digest,
    describe_meaning,
    describe_wording,
    find_calendar,
    find_change_days,
)
from telecom_rules.vocabulary import ALWAYS, Period
from telecom_rules.vocabulary.time.deadlines import MINUTES_PER_UNIT
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.workflows.pins.past import Origins, Past

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import timezone

    from telecom_rules.digests import Content
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import Calendar, FactType, Parameter
    from telecom_rules.workflows.chart import Chart, Clock, Event, State, Transition


MOST_PINS = 4_096
"""Pins, and pasts, that are kept for the cases of one workflow."""


@dataclass(frozen=True, slots=True)
class AskedPolicies:
    """What a workflow has to know of the policies that it asks.

    Attributes:
        digest_until: returns the digest of one of them over a day and all days before it, or over
            all days for `None`.
        find_change_days: returns the days from which on one of them means something else.
    """

    digest_until: Callable[[str, date | None], str]
    find_change_days: Callable[[str], Iterable[date]]


@dataclass(eq=False, repr=False)
class WorkflowDigests:
    """The digests of one workflow, each worked out when it is first asked for.

    Attributes:
        name: its name.
        chart: its states, events and clocks.
        facts: the record its cases keep.
        roles: the roles that may send events.
        zone: where its days begin and end.
        figures: every parameter of the pack, by name.
        asked: the policies it may ask.
        callees: the digests of the workflows that its states may call, by name.
    """

    name: str
    chart: Chart
    facts: FactType
    roles: Iterable[str]
    zone: timezone
    figures: Mapping[str, Parameter]
    asked: AskedPolicies
    callees: Mapping[str, WorkflowDigests]
    _pasts: dict[object, Past] = field(default_factory=dict, init=False)
    _pins: dict[object, str] = field(default_factory=dict, init=False)
    _shorter: dict[int, WorkflowDigests] = field(default_factory=dict, init=False)

    @cached_property
    def whole(self) -> str:
        """The digest of all that the workflow means, on all days."""
        return self.digest_until(None)

    @cached_property
    def wording(self) -> str:
        """The digest of what is only read: titles, clauses, tags and names in other systems."""
        states = self.chart.states.values()
        marks = [[each.name, sorted(each.tags), dict(each.maps)] for each in states]
        return calculate_digest([describe_wording((self.chart, self.facts)), marks])

    def digest_until(self, day: date | None) -> str:
        """Return the digest over a day and all days before it; over all days for `None`."""
        days = days_until(day)
        reached = {name: each.describe_all(days) for name, each in reach_workflows(self).items()}
        return calculate_digest([self.name, reached])

    def find_past(self, states: tuple[str, ...], expired: frozenset[str]) -> Past:
        """Return what a case may have done.

        Args:
            states: its active states.
            expired: the clocks that have expired.
        """
        past = self._pasts.get((states, expired))
        if past is None:
            if len(self._pasts) >= MOST_PINS:
                self._pasts.clear()
            clocks = (self.chart.clocks[name] for name in expired)
            raised = [each.on_expiry for each in clocks if each.on_expiry is not None]
            past = self._pasts[states, expired] = self._origins.find_past(states, raised)
        return past

    def pin(self, past: Past, known: tuple[str, ...], day: date) -> str | None:
        """Return the digest of what these rules say of a past, or `None` if they do not know it.

        Args:
            past: what a case may have done by the rules that it ran by, these or others.
            known: the facts that are known.
            day: the day of its last change.
        """
        if not self._knows(past, known):
            return None
        # Between two days of change every day has the same pin.
        key = (past, known, bisect_right(self._change_days, day))
        pin = self._pins.get(key)
        if pin is None:
            if len(self._pins) >= MOST_PINS:
                self._pins.clear()
            pin = self._pins[key] = self._calculate_pin(past, known, day)
        return pin

    def with_calendar_until(self, year: int) -> WorkflowDigests:
        """Return the digests of the same rules whose calendar has only the years before `year`."""
        known = self._shorter.get(year)
        if known is None:
            clocks = {
                name: replace(each, calendar=cut_calendar(each.calendar, year))
                for name, each in self.chart.clocks.items()
            }
            figures = {
                name: each.counted_by(cut_calendar(each.calendar, year))
                for name, each in self.figures.items()
            }
            known = replace(self, chart=replace(self.chart, clocks=clocks), figures=figures)
            self._shorter[year] = known
        return known

    def _knows(self, past: Past, known: Iterable[str]) -> bool:
        return (
            self._origins.states >= past.states
            and self.chart.events.keys() >= past.events
            and self.facts.fields.keys() >= set(known)
        )

    @property
    def last_change_day(self) -> date:
        """The last day on which something that the workflow reaches changes."""
        return self._change_days[-1] if self._change_days else date.min

    def describe_all(self, days: Period) -> Content:
        """Return what the workflow means, apart from the workflows it calls."""
        chart = self.chart
        names = (name for name, each in chart.states.items() if each.history is None)
        everything = Past(frozenset(names), frozenset(chart.events))
        return self._describe(everything, days, self.facts.fields)

    def _calculate_pin(self, past: Past, known: tuple[str, ...], day: date) -> str:
        calls = {each.call.workflow for each in self._select(past) if each.call is not None}
        called = {name: self.callees[name].digest_until(day) for name in calls}
        return calculate_digest([self._describe(past, days_until(day), known), called])

    def _describe(self, past: Past, days: Period, known: Iterable[str]) -> Content:
        """Return the parts of the workflow that count."""
        states, clocks = self._select(past), select_clocks(self.chart, past)
        reads = names_read(states, clocks)
        figures = {name: self.figures[name] for name in names_under("parameters", reads)}
        calendar = find_calendar(iter_expressions(states, clocks), figures.values())
        last = None if days.until is None else days.until - ONE_DAY
        return {
            **({} if calendar is None else {"calendar": describe_meaning(calendar, days)}),
            "facts": describe_meaning({name: self.facts.fields[name] for name in known}),
            **self._describe_conditions(known),
            "roles": sorted(self.roles) if may_be_taken_by_any(states) else [],
            "zone": str(self.zone),
            "initial": self.chart.initial,
            "events": describe_meaning(select_events(self.chart, past)),
            "states": describe_meaning(states),
            "clocks": describe_meaning(clocks, days),
            "parameters": {
                name: describe_meaning(figure, days) for name, figure in figures.items()
            },
            "policies": {
                name: self.asked.digest_until(name, last) for name in names_under("policies", reads)
            },
        }

    def _describe_conditions(self, known: Iterable[str]) -> Content:
        """Return the conditions that known facts meet together; nothing where there are none."""
        facts = frozenset(known)
        met = {
            each.id: describe_meaning(each) for each in self.facts.conditions if each.reads <= facts
        }
        return {"consistent": met} if met else {}

    def _select(self, past: Past) -> tuple[State, ...]:
        """Return the states that count, in document order, with what counts of them."""
        return tuple(
            select_content(state, past.events)
            for state in self.chart.states.values()
            if (state.name if state.history is None else state.parent) in {None, *past.states}
        )

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self.chart)

    @cached_property
    def _change_days(self) -> tuple[date, ...]:
        """The days from which on something that the workflow reaches is another, in order."""
        found = (iter_change_days(each) for each in reach_workflows(self).values())
        return tuple(sorted({day for days in found for day in days}))


def cut_calendar(calendar: Calendar | None, year: int) -> Calendar | None:
    """Return a calendar with only the years before `year`."""
    if calendar is None:
        return None
    years = {number: each for number, each in calendar.years.items() if number < year}
    return replace(calendar, years=years)


def days_until(day: date | None) -> Period:
    """Return a day and all days before it; all days for `None`."""
    return ALWAYS if day is None else Period(None, day + ONE_DAY)


def reach_workflows(workflow: WorkflowDigests) -> dict[str, WorkflowDigests]:
    """Return a workflow with those that it calls, and those that these call, by name."""
    reached: dict[str, WorkflowDigests] = {}
    ahead = [workflow]
    while ahead:
        one = ahead.pop()
        if one.name not in reached:
            reached[one.name] = one
            calls = (one.chart.states[name].call for name in one.chart.callers)
            ahead += [one.callees[each.workflow] for each in calls if each is not None]
    return reached


def iter_change_days(workflow: WorkflowDigests) -> Iterator[date]:
    """Yield the days from which on something that a workflow reads is another."""
    chart = workflow.chart
    reads = names_read(chart.states.values(), chart.clocks.values())
    yield from find_change_days(tuple(chart.clocks.values()))
    figures = [workflow.figures[name] for name in names_under("parameters", reads)]
    for each in figures:
        yield from find_change_days(each)
    expressions = iter_expressions(chart.states.values(), chart.clocks.values())
    yield from find_change_days(find_calendar(expressions, figures))
    for name in names_under("policies", reads):
        yield from workflow.asked.find_change_days(name)


def names_read(states: Iterable[State], clocks: Iterable[Clock]) -> frozenset[str]:
    """Return the names that the expressions of states and clocks read."""
    return frozenset(
        name for expression in iter_expressions(states, clocks) for name in expression.reads
    )


def iter_expressions(states: Iterable[State], clocks: Iterable[Clock]) -> Iterator[Expression]:
    """Yield every expression of states and clocks."""
    for state in states:
        yield from state.expressions
    for clock in clocks:
        yield from clock.expressions


def names_under(root: str, reads: Iterable[str]) -> list[str]:
    """Return the names that paths such as `parameters.x` have right behind their root."""
    return sorted({path.split(".")[1] for path in reads if path.startswith(f"{root}.")})


def select_content(state: State, events: frozenset[str]) -> State:
    """Return a state with what counts of it once only `events` have been taken in it."""
    return replace(
        state,
        order=0,  # the states that count are listed in their order
        children=state.children if state.parallel else (),
        on={name: as_written(group) for name, group in state.on.items() if name in events},
        tags=frozenset(),
        maps={},
    )


def as_written(group: tuple[Transition, ...]) -> tuple[Transition, ...]:
    """Return transitions as they are for the event itself, whatever wildcard they are under."""
    return tuple(replace(each, wildcard=None) for each in group)


def may_be_taken_by_any(states: Iterable[State]) -> bool:
    """Return whether a transition names no roles, so that every role of the pack may take it."""
    sent = (each for state in states for group in state.on.values() for each in group)
    return any(not each.by and not each.event.internal for each in sent)


def select_events(chart: Chart, past: Past) -> Mapping[str, Event]:
    """Return the events that have been taken."""
    return {name: each for name, each in chart.events.items() if name in past.events}


def select_clocks(chart: Chart, past: Past) -> tuple[Clock, ...]:
    """Return the clocks that may have started, with what may have started and stopped them."""
    causes = past.states | past.events
    return tuple(
        replace(
            each,
            starts=each.starts & causes,
            stops=each.stops & causes,
            pauses=each.pauses & past.states,
            calendar=None if is_moment_limit(each) else each.calendar,
            promise=None,  # all of it but `promised` is that of the clock itself
        )
        for each in chart.clocks.values()
        if each.beside is None and each.starts & causes
    )


def is_moment_limit(clock: Clock) -> bool:
    """Return whether a clock is counted in hours or minutes, which need no calendar."""
    return clock.limit.unit in MINUTES_PER_UNIT
