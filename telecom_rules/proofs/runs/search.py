"""The state space of a workflow with its guards weighed: what a case knows goes along its paths.

What a guard has shown of the facts stays known until one of them is set, and an edge whose guards
contradict what is known is left out. So fewer paths are left than without, and every run of a case
is still one of them: what holds of all of them is proved.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import z3

from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.checks.analysis.state_space import StateSpace, StateSpaceTooLarge
from telecom_rules.checks.deviations.conditions import rebuild
from telecom_rules.expressions.typed import (
    Apply,
    Constant,
    ContextValue,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    Logic,
    walk,
)
from telecom_rules.proofs.guards import iter_days
from telecom_rules.proofs.runs.steps import (
    build_encoder,
    build_space,
    find_unknown,
    iter_consistent,
    name_fields,
)
from telecom_rules.proofs.solver import NotSolved, Solver
from telecom_rules.proofs.symbols import Records, Texts
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.chart import Assignment, Raising

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from datetime import date

    from telecom_rules.checks.analysis.state_space import Condition, GraphEdge, GraphNode
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.proofs.encoding import Encoder
    from telecom_rules.proofs.solver import Term
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.engine.configuration import Move


MOST_QUESTIONS: Final = 1_500
"""Questions to the solver about one workflow."""
CONTEXT: Final = (ContextValue, InState)
"""What changes while the facts stay: the event, the figures, clocks, the day, the states."""


class WeighedSpace(StateSpace):
    """The state space of one workflow, with its guards weighed.

    Attributes:
        pack: the pack.
        asked: how many questions were put to the solver.
    """

    def __init__(self, workflow: Workflow, pack: Pack) -> None:
        super().__init__(workflow, every=True)
        self.pack = pack
        self.asked = 0
        self._facts = machine_of(workflow).facts
        self._trees: dict[str, Typed] = {}
        self._possible: dict[object, bool] = {}
        self._waiting: dict[frozenset[str], frozenset[object]] = {}
        self._weighed: dict[GraphNode, tuple[GraphEdge, ...]] = {}
        nothing: frozenset[tuple[str, bool]] = frozenset()
        self.starts = tuple(
            self._learn(nothing, each, frozenset())
            for each in self.starts
            if self._is_possible(nothing, each, frozenset())
        )

    def edges_from(self, node: GraphNode) -> tuple[GraphEdge, ...]:
        """Return the edges from a node that what is known there allows.

        Raises:
            StateSpaceTooLarge: the space has too many edges, or takes too many questions.
        """
        found = self._weighed.get(node)
        if found is None:
            plain = super().edges_from(node._replace(known=frozenset()))
            found = self._weighed[node] = tuple(
                self._learn(node.known, each, node.states)
                for each in plain
                if self._is_possible(node.known, each, node.states)
            )
        return found

    def _is_possible(
        self, known: frozenset[tuple[str, bool]], edge: GraphEdge, states: frozenset[str]
    ) -> bool:
        """Return whether the guards of an edge can hold beside what is known."""
        conditions = tuple(self.guards_of(edge, states))
        required = tuple(sorted(required_facts(edge.move)))
        if not conditions and not required:
            return True
        signs = tuple((spell_tree(test.tree), holds) for test, holds in conditions)
        key = known, signs, required, states, edge.event
        if key not in self._possible:
            tests = [each.test for each in conditions]
            days = iter_days(tests, self.pack)
            self._possible[key] = any(
                self._ask(known, conditions, required, edge, states, day) for day in days
            )
        return self._possible[key]

    def _ask(
        self,
        known: frozenset[tuple[str, bool]],
        conditions: tuple[Condition, ...],
        required: tuple[str, ...],
        edge: GraphEdge,
        states: frozenset[str],
        day: date,
    ) -> bool:
        """Return whether there is a record for an edge on a day; also if that is undecided."""
        self.asked += 1
        if self.asked > MOST_QUESTIONS:
            raise StateSpaceTooLarge
        space = build_space(self._facts)
        payload = self._payload_of(edge, space.texts)
        encoder = build_encoder(space, self.pack, day, name_fields(payload), states)
        terms = [self._encode_known(encoder, *each) for each in sorted(known)]
        waiting = self.waiting_in(states)
        terms += [encode_condition(encoder, each, waiting) for each in conditions]
        terms += [space.records.symbols[each].present for each in required]
        terms += iter_consistent(encoder, self._facts)
        bounds = [*space.records.iter_bounds(partial=True), *payload.iter_bounds()]
        try:
            return Solver([*bounds, *space.laws]).find_model(*terms) is not None
        except NotSolved:
            return True

    def _payload_of(self, edge: GraphEdge, texts: Texts) -> Records:
        """Return the fields that come with the event of an edge."""
        event = machine_of(self.workflow).chart.events.get(edge.event or "")
        fields = {} if event is None else event.payload.fields
        return Records(fields, texts, "event")

    def _encode_known(self, encoder: Encoder, spelling: str, holds: bool) -> Term:  # noqa: FBT001 - both are one item of knowledge
        """Return the term of what is known."""
        term = encoder.encode(self._trees[spelling])
        return term if holds else z3.Not(term)

    def waiting_in(self, states: frozenset[str]) -> frozenset[object]:
        """Return the guards of the transitions without an event that wait in some states."""
        if states not in self._waiting:
            chains = self._machine.configurations.of(states).eventless if states else ()
            self._waiting[states] = frozenset(
                move.transition.guard for chain in chains for move in chain
            )
        return self._waiting[states]

    def guards_of(self, edge: GraphEdge, states: frozenset[str]) -> Iterator[Condition]:
        """Yield the conditions of an edge that are evaluated on the facts before it."""
        after, waiting = raised_tests(edge.move), self.waiting_in(states)
        for each in edge.conditions:
            if each.test in after:
                continue  # it reads the facts as set
            if not each.holds and each.test in waiting and each.test.context_names:
                continue  # it was asked at another time, or had no value
            yield each

    def _learn(
        self, known: frozenset[tuple[str, bool]], edge: GraphEdge, states: frozenset[str]
    ) -> GraphEdge:
        """Return an edge to a node with what is known there."""
        assigned = {each.fact: each for each in iter_assignments(edge.move)}
        moved = dict(self._iter_moved(edge, assigned))
        items = [(self._trees[spelling], holds) for spelling, holds in known]
        items += [
            (each.test.tree, each.holds)
            for each in self.guards_of(edge, states)
            if each.holds or each.test not in self.waiting_in(states)
        ]
        records = self._facts.fields
        place = 0, 0, BOOLEAN
        for name in required_facts(edge.move):
            fact = Fact(0, 0, records[name].type, name, records[name])
            items.append((IsPresent(*place, fact), True))
        learnt = set(self._iter_assigned(assigned, edge))
        for tree, holds in items:
            parts = tree.operands if isinstance(tree, Logic) and tree.every is holds else (tree,)
            for part in parts:
                if not reads_of(part).isdisjoint(assigned):
                    continue
                kept = substitute(part, moved)
                if not any(isinstance(node, CONTEXT) for node in walk(kept)):
                    learnt.add((self._keep(kept), holds))
        return edge._replace(target=edge.target._replace(known=frozenset(learnt)))

    def _iter_moved(
        self, edge: GraphEdge, assigned: Mapping[str, Assignment]
    ) -> Iterator[tuple[str, Fact]]:
        """Yield the fields of the event that become facts, by path."""
        event = machine_of(self.workflow).chart.events.get(edge.event or "")
        for name, each in assigned.items():
            field = self._facts.fields[name]
            fact = Fact(0, 0, field.type, name, field)
            if each.when is not None or event is None:
                continue
            sent = event.payload.fields.get(name)
            if each.value is None and sent is not None and not sent.optional:
                if sent.type == field.type:
                    yield f"event.{name}", fact
            elif each.value is not None and isinstance(each.value.tree, FieldAccess):
                tree = each.value.tree
                if tree.path.startswith("event.") and tree.type == field.type:
                    yield tree.path, fact

    def _iter_assigned(
        self, assigned: Mapping[str, Assignment], edge: GraphEdge
    ) -> Iterator[tuple[str, bool]]:
        """Yield what is known of the facts that are set: that they are, and to which constant."""
        place = 0, 0, BOOLEAN
        payload = self._payload_of(edge, Texts()).fields
        for name, each in assigned.items():
            is_sent = name in payload and not payload[name].optional
            if each.when is not None or (each.value is None and not is_sent):
                continue
            field = self._facts.fields[name]
            fact = Fact(0, 0, field.type, name, field)
            yield self._keep(IsPresent(*place, fact)), True
            value = None if each.value is None else each.value.tree
            if isinstance(value, Constant) and value.type == field.type:
                yield self._keep(Apply(*place, "equal", (fact, value))), True

    def _keep(self, tree: Typed) -> str:
        """Return the spelling of a condition, and keep what it spells."""
        spelling = spell_tree(tree)
        self._trees.setdefault(spelling, tree)
        return spelling


def encode_condition(encoder: Encoder, condition: Condition, waiting: Container[object]) -> Term:
    """Return that a guard is as an edge needs it.

    A transition without an event also waits while its guard has no value.
    """
    term = encoder.encode(condition.test.tree)
    if condition.holds:
        return term
    if condition.test in waiting:
        return z3.Or(z3.Not(term), find_unknown(condition.test.tree, encoder.space))
    return z3.Not(term)


def iter_assignments(move: Move | None) -> Iterator[Assignment]:
    """Yield the facts that a move sets."""
    for block in () if move is None else move.blocks:
        yield from (each for each in block.actions if isinstance(each, Assignment))


def raised_tests(move: Move | None) -> frozenset[object]:
    """Return the conditions under which a move raises events."""
    blocks = () if move is None else move.blocks
    return frozenset(
        each.when
        for block in blocks
        for each in block.actions
        if isinstance(each, Raising) and each.when is not None
    )


def required_facts(move: Move | None) -> frozenset[str]:
    """Return the facts that have to be known for a move."""
    transitions = () if move is None else move.transitions
    return frozenset(fact for each in transitions for fact in each.requires)


def reads_of(tree: Typed) -> frozenset[str]:
    """Return the facts that a condition reads."""
    return frozenset(node.name for node in walk(tree) if isinstance(node, Fact))


def substitute(tree: Typed, moved: Mapping[str, Fact]) -> Typed:
    """Return a condition that reads a fact where it read the field of the event it is set from."""
    if isinstance(tree, FieldAccess) and tree.path in moved:
        fact = moved[tree.path]
        return replace(fact, start=tree.start, end=tree.end)
    return rebuild(tree, lambda node: substitute(node, moved))
