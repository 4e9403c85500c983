"""Temporal properties: each must hold for the whole run of every case.

The letters of a run are its microsteps: the event taken and the states entered occur together in
one moment. A microstep without an event that enters no state is skipped. A finished case is judged
as a whole; for a running case only verdicts that nothing can change are given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.frozen import Portable
from telecom_rules.wording import Wording, join_wordings, quote_title
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.properties.templates import Monitor, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Chart
    from telecom_rules.workflows.journal.entry import Entry


TEMPLATE_TITLES = {
    Template.EXISTENCE: Wording("每件个案都要有{first}", "every case has {first}"),
    Template.ABSENCE: Wording("任何个案都不会有{first}", "no case ever has {first}"),
    Template.INIT: Wording("每件个案都以{first}开始", "every case begins with {first}"),
    Template.END: Wording("每件个案都以{first}结束", "every case ends with {first}"),
    Template.RESPONSE: Wording("有{first}，其后必有{then}", "after {first} comes {then}"),
    Template.PRECEDENCE: Wording("先有{first}，才有{then}", "{then} comes only after {first}"),
    Template.SUCCESSION: Wording(
        "先有{first}，才有{then}；有{first}，其后必有{then}",
        "{then} comes only after {first}, and after {first} comes {then}",
    ),
    Template.ALTERNATE_RESPONSE: Wording(
        "每次{first}之后、下一次之前必有{then}",
        "after each {first} comes {then} before the next",
    ),
    Template.ALTERNATE_PRECEDENCE: Wording(
        "每次{then}之前都另有一次{first}", "each {then} comes after a {first} of its own"
    ),
    Template.ALTERNATE_SUCCESSION: Wording(
        "{first}与{then}轮流出现，{first}在先", "{first} and {then} take turns, {first} first"
    ),
    Template.CHAIN_RESPONSE: Wording(
        "{first}之后紧接着就是{then}", "right after {first} comes {then}"
    ),
    Template.CHAIN_PRECEDENCE: Wording(
        "{then}只会紧接在{first}之后", "{then} comes only right after {first}"
    ),
    Template.CHAIN_SUCCESSION: Wording(
        "{first}与{then}总是紧接着出现", "{first} and {then} come one right after the other"
    ),
    Template.NOT_COEXISTENCE: Wording(
        "{first}与{then}不会在同一个案中出现", "no case has both {first} and {then}"
    ),
}
"""The default titles of properties, by template."""


@dataclass(frozen=True, slots=True)
class Property(Portable):
    """A property that every case of a workflow must satisfy.

    Attributes:
        template: its template.
        first: the first operand: events and states, any of which counts.
        then: the second operand likewise; empty if the template has one operand.
        title: its name for people.
        cites: the clauses it implements.
    """

    template: Template
    first: tuple[str, ...]
    then: tuple[str, ...]
    title: Wording
    cites: tuple[Clause, ...] = ()

    @property
    def name(self) -> str:
        """Its name for programs, such as `precedence(answered, closed)`."""
        sides = ("|".join(side) for side in (self.first, self.then) if side)
        return f"{self.template}({', '.join(sides)})"

    @property
    def monitor(self) -> Monitor:
        """Its monitor, to be advanced along a run."""
        return Monitor(self.template, frozenset(self.first), frozenset(self.then))


def build_title(template: Template, first: Iterable[Wording], then: Iterable[Wording]) -> Wording:
    """Return the default title of a property with these operands."""
    return TEMPLATE_TITLES[template].fill(first=any_of(first), then=any_of(then))


def any_of(titles: Iterable[Wording]) -> Wording:
    """Return quoted titles joined by "or"."""
    return join_wordings(map(quote_title, titles), last=("或", " or "))


class Standpoint(StrEnum):
    """The verdict on a property of a case."""

    SATISFIED = "satisfied"
    """It holds, and nothing can change that."""
    VIOLATED = "violated"
    """It does not hold, and nothing can change that."""
    OPEN = "open"
    """The case is not over, and it depends on what follows."""


@dataclass(frozen=True, slots=True)
class Judgement(Portable):
    """The verdict of one journal on one property.

    Attributes:
        property: the property.
        standpoint: whether it is satisfied, violated or open.
        entry: the number of the journal entry that decided it, from 0; `None` while open.
    """

    property: Property
    standpoint: Standpoint
    entry: int | None = None


def judge_property(chart: Chart, demand: Property, entries: Iterable[Entry]) -> Judgement:
    """Return the verdict of a journal on a property.

    What happened before an adoption is not known: any past counts that kept the property.

    Args:
        chart: the statechart of the case.
        demand: the property.
        entries: the journal, from its first entry on; it is not verified.
    """
    monitor = demand.monitor
    stages = frozenset([monitor.start])
    over = False
    last: int | None = None
    for last, entry in enumerate(entries):
        if entry.kind is EntryKind.ADOPT:
            stages = monitor.kept
            over = any(is_end_state(chart, name) for name in entry.entered)
        for moment in iter_moments(chart, entry):
            stages = frozenset(monitor.advance(each, moment) for each in stages)
            over = over or any(is_end_state(chart, name) for name in moment)
        stages = frozenset(each for each in stages if not monitor.is_violated(each))
        if not stages or (over and not any(map(monitor.is_accepting, stages))):
            return Judgement(demand, Standpoint.VIOLATED, last)
        if over or all(map(monitor.is_permanently_satisfied, stages)):
            return Judgement(demand, Standpoint.SATISFIED, last)
    return Judgement(demand, Standpoint.OPEN)


def iter_moments(chart: Chart, entry: Entry) -> Iterator[frozenset[str]]:
    """Yield the moments of one journal entry: the names that occur in each microstep.

    Neither a migration nor an adoption has moments: nothing happens to the case in it.
    """
    if entry.kind in {EntryKind.MIGRATE, EntryKind.ADOPT}:
        return
    moves = [(each.event, each.entered) for each in entry.microsteps]
    for event, entered in moves or [(entry.event, entry.entered)]:
        moment = occurrences_of(chart, event, entered)
        if moment:
            yield moment


def occurrences_of(chart: Chart, event: str | None, entered: Iterable[str]) -> frozenset[str]:
    """Return the names that occur in a microstep on `event` that enters `entered`."""
    taken = {event} if event is not None and event in chart.events else set()
    return frozenset(taken.union(entered))


def is_end_state(chart: Chart, name: str) -> bool:
    """Return whether a case is over once `name` occurs."""
    state = chart.states.get(name)
    return state is not None and state.final and not state.ancestors
