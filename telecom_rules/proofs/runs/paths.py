"""One path of a chart as terms: the facts at the start, the payload of each event, the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

import z3

from telecom_rules.expressions.typed import Fact, IsPresent, walk
from telecom_rules.proofs.runs.search import encode_condition, iter_assignments, raised_tests
from telecom_rules.proofs.runs.steps import (
    build_encoder,
    build_space,
    iter_consistent,
    name_fields,
)
from telecom_rules.proofs.symbols import (
    DAY,
    EPOCH,
    MICROSECOND,
    READABLE_DAYS,
    Records,
    Symbol,
    make_sort,
)
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.chart import Assignment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from telecom_rules.checks.analysis.state_space import GraphEdge
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.proofs.encoding import Encoder
    from telecom_rules.proofs.runs.search import WeighedSpace
    from telecom_rules.proofs.solver import Term
    from telecom_rules.workflows.chart import Action
    from telecom_rules.workflows.engine.configuration import Move


HOUR_OF_DAY: Final = 9
"""When events are sent."""
MOST_YEARS: Final = 30
"""How long a run takes at most."""


class Sent(NamedTuple):
    """An event that a host sends.

    Attributes:
        payload: the fields that come with it.
        today: the day on which it is sent.
    """

    payload: Records
    today: Term


class PathTerms:
    """A path as terms.

    Attributes:
        space: the state space that it is a path of.
        first: the facts at the start.
        day: the day at whose rules and figures the path begins.
        sent: the events from outside, in order.
        payload: the fields of the last event.
        today: the day of the last event.
        states: the states at the end.
        known: what holds on every run along the path.
        likely: what makes a run easy to read and to build.
    """

    def __init__(self, space: WeighedSpace, path: Sequence[GraphEdge], day: date) -> None:
        self.space = space
        self.day = day
        self._machine = machine_of(space.workflow)
        self._records = build_space(self._machine.facts)
        self.first = self._records.records
        self._facts: dict[str, Symbol] = dict(self.first.symbols)
        self.today: Term = z3.IntVal(day.toordinal())
        self.known: list[Term] = [*self.first.iter_bounds(partial=True)]
        self.likely: list[Term] = []
        self.sent: list[Sent] = []
        self.payload = Records({}, self._records.texts)
        self._count = 0
        self._waits_for_clock = False
        self.known += iter_consistent(self.encoder_in(frozenset()), self._machine.facts)
        states: frozenset[str] = frozenset()
        for edge in path:
            self._follow(edge, states)
            states = edge.target.states
        self.states = states

    def iter_readable(self) -> Iterator[list[Term]]:
        """Yield limits within which a run is easy to read, the narrowest first."""
        records = [self.first, *(each.payload for each in self.sent)]
        for group in zip(*(each.iter_readable(*READABLE_DAYS) for each in records), strict=True):
            yield [*self.likely, *(term for terms in group for term in terms)]
        yield self.likely

    @property
    def laws(self) -> list[Term]:
        """What holds of the functions that have no exact term."""
        return self._records.laws

    @property
    def pack(self) -> Pack:
        """The pack."""
        return self.space.pack

    def encoder_in(self, states: frozenset[str]) -> Encoder:
        """Return what encodes conditions on the facts as they are, in some states."""
        self._count += 1
        records = Records(self.first.fields, self._records.texts, f"at{self._count}")
        records.symbols = dict(self._facts)
        now = None if self._waits_for_clock else self._instant_of(self.today)
        space = replace(
            self._records, records=records, today=self.today, now=now, step=f"@{self._count}"
        )
        return build_encoder(space, self.pack, self.day, name_fields(self.payload), states)

    def receive(self, event: str) -> None:
        """Let an event come from outside, on the same day or later."""
        known = self._machine.chart.events.get(event)
        self._waits_for_clock = known is not None and known.internal
        self.payload = self._new_payload(event)
        before, number = self.today, len(self.sent)
        self.today = z3.Int(f"today{number}")
        self.known += [self.today >= before, self.today <= before + 366 * MOST_YEARS]
        self.likely.append(self.today == before)
        self.sent.append(Sent(self.payload, self.today))

    def _new_payload(self, event: str) -> Records:
        """Return the unknown fields of an event."""
        known = self._machine.chart.events.get(event)
        fields = {} if known is None else known.payload.fields
        self._count += 1
        payload = Records(fields, self._records.texts, f"event{self._count}")
        self.known += payload.iter_bounds()
        return payload

    def _follow(self, edge: GraphEdge, states: frozenset[str]) -> None:
        """Take one edge."""
        if edge.external and edge.event is not None:
            self.receive(edge.event)
        else:
            self.payload = self._new_payload(edge.event or "")
        encoder = self.encoder_in(states)
        waiting = self.space.waiting_in(states)
        for each in self.space.guards_of(edge, states):
            self.known.append(encode_condition(encoder, each, waiting))
            if each.holds:
                self.likely += present_facts(each.test.tree, encoder)
        if edge.move is not None:
            self._execute(edge, edge.move)

    def _execute(self, edge: GraphEdge, move: Move) -> None:
        """Set what a move sets, and raise what it raises."""
        for transition in move.transitions:
            self.known += [self._facts[fact].present for fact in transition.requires]
        for block in move.blocks:
            for action in block.actions:
                self._act(action, block.states or edge.target.states)
        raised = raised_tests(move)
        encoder = self.encoder_in(edge.target.states)
        for each in edge.conditions:
            if each.test in raised:
                term = encoder.encode(each.test.tree)
                self.known.append(term if each.holds else z3.Not(term))
        if any(iter_assignments(move)):
            self.known += iter_consistent(encoder, self._machine.facts)

    def _act(self, action: Action, states: frozenset[str]) -> None:
        """Set the fact that an action sets."""
        if not isinstance(action, Assignment):
            return
        field = self.first.fields[action.fact]
        old = self._facts[action.fact]
        encoder = self.encoder_in(states)
        if action.value is None:
            sent = self.payload.symbols.get(action.fact)
            if sent is None:
                return
            found = choose(sent.present, sent, old)
        else:
            term = encoder.convert(action.value.tree, field.type)
            if term is None and make_sort(field.type) is not None:
                self._count += 1
                term = z3.Const(f"set{self._count}.{action.fact}", make_sort(field.type))
            found = Symbol(term, z3.BoolVal(val=True))
        if action.when is not None:
            found = choose(encoder.encode(action.when.tree), found, old)
        self._facts[action.fact] = found
        if found.term is not None:
            self.known += self.first.iter_bounds_of(found.term, field)

    def _instant_of(self, today: Term) -> Term:
        """Return the instant at which an event is sent on a day."""
        nine = datetime(1970, 1, 2, HOUR_OF_DAY, tzinfo=self._machine.zone)
        offset = (nine - datetime(1970, 1, 2, tzinfo=UTC)) // MICROSECOND
        return (today - EPOCH.toordinal()) * DAY + offset


def choose(test: Term, yes: Symbol, no: Symbol) -> Symbol:
    """Return one of two values."""
    present = z3.If(test, yes.present, no.present)
    if yes.term is None or no.term is None:
        return Symbol(None, present)
    return Symbol(z3.If(test, yes.term, no.term), present)


def present_facts(tree: Typed, encoder: Encoder) -> list[Term]:
    """Return that the facts are known that a condition reads, unless it asks whether they are."""
    asked = {
        node.subject.name
        for node in walk(tree)
        if isinstance(node, IsPresent) and isinstance(node.subject, Fact)
    }
    names = {node.name for node in walk(tree) if isinstance(node, Fact)} - asked
    return [encoder.space.records.symbols[each].present for each in sorted(names)]
