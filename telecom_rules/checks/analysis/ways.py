"""How the elements of a pack answer a clause: worked out from what they read, not declared.

A clock answers by time, a comparison of figures by a formula, a condition on kinds or states by a
guard, a state by the order of steps. A condition that reads nothing but booleans of the host
repeats the clause: it holds when the host says so, and is a declaration.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.expressions.typed import (
    Apply,
    Constant,
    Fact,
    FieldAccess,
    InState,
    IsPresent,
    children_of,
)
from telecom_rules.pack.located import iter_transitions
from telecom_rules.vocabulary import Parameter
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DOUBLE,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.chart import iter_expressions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.policies.rules import Check, Row
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows import Transition
    from telecom_rules.workflows.chart import Chart

NAMING_KIND = "catalogue"
"""The `kind` of a clause that only names kinds of things, such as channels."""
QUANTITIES = frozenset({INTEGER, DECIMAL, MONEY, DATE, INSTANT, SPAN, DOUBLE})
"""Types that are measured, counted or compared with a figure."""


class Way(StrEnum):
    """How a clause is answered; the strongest first."""

    CLOCK = "clock"
    """A time limit runs."""
    FORMULA = "formula"
    """Figures, amounts or dates are compared or worked out."""
    GUARD = "guard"
    """A condition on kinds, states or another decision decides."""
    ORDER = "order"
    """A step is possible only where the workflow has it."""
    EVIDENCE = "evidence"
    """Something has to be on record."""
    DECLARATION = "declaration"
    """The host says yes or no."""
    VOCABULARY = "vocabulary"
    """The clause names kinds, and the pack has them as codes."""
    NAME = "name"
    """A code or a figure cites it, and nothing decides by it."""

    @property
    def wording(self) -> Wording:
        """Its name for people."""
        return WORDINGS[self]


WORDINGS = {
    Way.CLOCK: Wording("计时", "clock"),
    Way.FORMULA: Wording("计算", "formula"),
    Way.GUARD: Wording("条件", "guard"),
    Way.ORDER: Wording("顺序", "order"),
    Way.EVIDENCE: Wording("留痕", "evidence"),
    Way.DECLARATION: Wording("申报", "declaration"),
    Way.VOCABULARY: Wording("分类", "vocabulary"),
    Way.NAME: Wording("仅有名称", "name alone"),
}
ACTING = frozenset({Way.CLOCK, Way.FORMULA, Way.GUARD, Way.ORDER, Way.EVIDENCE})
"""The ways in which the rules themselves find out something."""
STRENGTH = {way: place for place, way in enumerate(Way)}


def find_ways(pack: Pack) -> Mapping[tuple[str, str], Way]:
    """Return the strongest way in which each clause is answered, by source and present number."""
    ways: dict[tuple[str, str], set[Way]] = defaultdict(set)
    for clause, way in iter_ways(pack):
        ways[clause.source.name, clause.present.id].add(way)
    return {key: strongest(each) for key, each in ways.items()}


def strongest(ways: Iterable[Way]) -> Way:
    """Return the strongest of some ways, which are not empty."""
    return min(ways, key=STRENGTH.__getitem__)


def iter_ways(pack: Pack) -> Iterator[tuple[Clause, Way]]:
    """Yield each citation of a clause with the way in which the citing element answers it."""
    readers: dict[str, set[Way]] = defaultdict(set)
    for acting in iter_acting(pack):
        for clause in acting.cites:
            yield clause, acting.way
        for name in acting.figures:
            readers[name].add(acting.way)
    for parameter in pack.parameters.values():
        way = strongest({*readers[parameter.name], Way.NAME})
        yield from ((clause, way) for value in parameter.values for clause in value.cites)
    for catalogue in pack.catalogues.values():
        codes = chain.from_iterable(code.cites for code in catalogue.codes.values())
        for clause in (*catalogue.cites, *codes):
            yield clause, Way.VOCABULARY if clause.kind == NAMING_KIND else Way.NAME


class Acting(NamedTuple):
    """An element that acts.

    Attributes:
        cites: the clauses it cites.
        way: how it answers them.
        figures: the parameters that it reads.
    """

    cites: tuple[Clause, ...]
    way: Way
    figures: tuple[str, ...] = ()


def iter_acting(pack: Pack) -> Iterator[Acting]:
    """Yield each rule, check, transition, state, clock and property."""
    for policy in pack.policies.values():
        parts = [*map(act_of_row, policy.rows), *map(act_of_check, policy.checks)]
        yield from parts
        yield Acting(policy.cites, strongest(each.way for each in parts))
    for workflow in pack.workflows.values():
        yield Acting(workflow.cites, Way.ORDER)
        yield from iter_acting_parts(machine_of(workflow).chart)
        yield from (Acting(each.cites, Way.ORDER) for each in workflow.properties)


def act_of_row(row: Row) -> Acting:
    """Return how a rule of a table acts."""
    read = (*row.tests, *row.outputs.values())
    way = way_of(read, Way.DECLARATION if row.tests else Way.GUARD)
    return Acting(row.cites, way, figures_of(read))


def act_of_check(check: Check) -> Acting:
    """Return how an item of a checklist acts."""
    read = check.conditions
    return Acting(check.cites, way_of(read, Way.DECLARATION), figures_of(read))


def iter_acting_parts(chart: Chart) -> Iterator[Acting]:
    """Yield the transitions, states and clocks of a workflow."""
    for _, transition in iter_transitions(chart):
        guard = () if transition.guard is None else (transition.guard,)
        read = (*guard, *iter_expressions(transition.actions))
        yield Acting(transition.cites, way_of_transition(transition), figures_of(read))
    for state in chart.states.values():
        figures = figures_of(iter_expressions((*state.entry, *state.exit)))
        yield Acting(state.cites, Way.ORDER, figures)
    for clock in chart.clocks.values():
        limit = clock.limit
        figures = (limit.name,) if isinstance(limit, Parameter) else figures_of(clock.expressions)
        yield Acting(clock.cites, Way.CLOCK, figures)


def way_of_transition(transition: Transition) -> Way:
    """Return how a transition answers its clauses."""
    ways = {Way.ORDER}
    if transition.guard is not None:
        ways.add(way_of((transition.guard,), Way.DECLARATION))
    if transition.requires:
        ways.add(Way.EVIDENCE)
    return strongest(ways)


def way_of(expressions: Iterable[Expression], least: Way) -> Way:
    """Return the strongest way of some conditions; `least` where they read nothing."""
    return strongest({least, *(way for each in expressions for way in iter_node_ways(each.tree))})


def iter_node_ways(node: Typed) -> Iterator[Way]:
    """Yield the way of each part of a condition."""
    match node:
        case IsPresent(subject=subject):
            if subject.type != BOOLEAN:
                yield Way.EVIDENCE
            return
        case Apply(arguments=arguments) if any(map(is_quantity, arguments)):
            yield Way.FORMULA
        case Fact(type=type) if type != BOOLEAN:
            yield Way.GUARD
        case FieldAccess(path=path) if path.startswith("policies."):
            yield Way.GUARD
        case InState():
            yield Way.GUARD
    for child in children_of(node):
        yield from iter_node_ways(child)


def is_quantity(node: Typed) -> bool:
    """Return whether a node is a quantity that is not written out."""
    return node.type in QUANTITIES and not isinstance(node, Constant)


def figures_of(expressions: Iterable[Expression]) -> tuple[str, ...]:
    """Return the names of the parameters that are read."""
    names = (name.partition(".") for each in expressions for name in each.reads)
    return tuple(figure for root, _, figure in names if root == "parameters")
