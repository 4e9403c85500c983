"""Where the answers of a policy change: the values of a fact at which one of its conditions turns.

They are candidates only. Whoever tells one of them decides again first, so that a value in the
wrong place costs a decision and is never told.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.number_line import to_number
from telecom_rules.expressions.evaluation.places import (
    NUMBERS,
    ONE,
    is_fit,
    iter_places,
    read_number,
    read_place,
)
from telecom_rules.expressions.typed import (
    Apply,
    Comprehension,
    Constant,
    CreateList,
    Fact,
    IsPresent,
    Let,
    Local,
    children_of,
    strip_conversions,
    walk,
)
from telecom_rules.policies.rule_set import iter_expressions, reach_policies
from telecom_rules.vocabulary import BOOLEAN, DATE, INSTANT, SPAN, TEXT, Record
from telecom_rules.vocabulary.types import CodeType, ListType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from telecom_rules.expressions import Context
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import Field, Type, Value


COMPARISONS: Final = frozenset(
    {"less", "less_or_equal", "greater", "greater_or_equal", "equal", "not_equal"}
)
PROBE: Final[Mapping[Type, Fraction]] = {SPAN: Fraction(60_000_000)}
"""How far a fact is moved to see how a comparison follows it, one where nothing is said."""
YEARS: Final[Mapping[Type, float]] = {DATE: 365.0, INSTANT: 365 * 86_400e6}
"""A year, in the units of `to_number`."""
FLIP: Final = 0.5
"""The distance of a yes from a no, beside that of numbers: their difference by their size."""
SWITCH: Final = 0.75
"""The distance of one code or text from another."""
LEAVE: Final = 1.0
"""The distance of a fact that is given from one that is absent."""
MOST_CODES: Final = 12
"""Codes of one catalogue that are tried."""


Binder = Let | Comprehension
"""What gives names to values in a part of an expression."""


class Side(NamedTuple):
    """A side of a comparison.

    Attributes:
        tree: the side, with the values of the names that it reads.
        facts: the facts behind it.
        is_closed: whether it has one value, and not one for each item of a macro.
    """

    tree: Typed
    facts: frozenset[str]
    is_closed: bool


class Comparison(NamedTuple):
    """Two sides that a condition of a policy compares.

    Attributes:
        policy: the name of that policy.
        left: the one side.
        right: the other.
        is_closed: whether both have one value, and not one for each item of a macro.
        limits: each fact that stands alone on one side, with what it is compared with.
    """

    policy: str
    left: Typed
    right: Typed
    is_closed: bool
    limits: tuple[tuple[str, Typed], ...]


class Change(NamedTuple):
    """Another value of one fact.

    Attributes:
        fact: its name.
        after: the value, `None` for a fact that is absent.
        distance: how far it is from the value in the record; comparable between facts.
    """

    fact: str
    after: Value | None
    distance: float

    def apply(self, facts: Record) -> Record:
        """Return the facts with this value."""
        if self.after is not None:
            return facts | {self.fact: self.after}
        return Record({name: value for name, value in facts.items() if name != self.fact})


def iter_changes(
    policy: RuleSet,
    facts: Record,
    contexts: Callable[[str], Context],
    *,
    with_fixed: bool = False,
) -> Iterator[Change]:
    """Yield other values of each fact that may give another answer, fact by fact.

    Left out are facts that are not known.

    Args:
        policy: the policy.
        facts: the record.
        contexts: the activation of the expressions of the policy of a name.
        with_fixed: whether facts that are fixed count, too.
    """
    for name, field in policy.facts.fields.items():
        if with_fixed or not field.fixed:
            yield from iter_changes_of(policy, name, facts, contexts)


def iter_changes_of(
    policy: RuleSet, name: str, facts: Record, contexts: Callable[[str], Context]
) -> Iterator[Change]:
    """Yield other values of one fact that is known and that the policy reads."""
    compared, field = find_comparisons(policy), policy.facts.fields[name]
    if name not in compared or name not in facts:
        return
    if field.type in NUMBERS:
        yield from iter_numbers(name, field, compared[name], facts, contexts)
    else:
        for after in iter_others(field, facts[name], compared[name]):
            if is_fit(field, after):
                yield Change(name, after, FLIP if field.type is BOOLEAN else SWITCH)
    if field.optional and name in find_presence_tests(policy):
        yield Change(name, None, LEAVE)


def find_comparisons(policy: RuleSet) -> Mapping[str, tuple[Comparison, ...]]:
    """Return what each fact is compared with by a policy and those that it asks.

    A fact that is read, and compared with nothing, has no comparisons.
    """
    kept = policy._derived  # noqa: SLF001 - hidden from hosts only
    found: dict[str, list[Comparison]] | None = kept.get("comparisons")
    if found is None:
        found = {}
        for name, reached in reach_policies(policy).items():
            for expression in iter_expressions(reached):
                for fact in expression.reads & policy.facts.fields.keys():
                    found.setdefault(fact, [])
                collect_comparisons(name, expression.tree, found)
        kept["comparisons"] = found = {
            name: list(dict.fromkeys(pairs)) for name, pairs in found.items()
        }
    return found  # type: ignore[return-value]  # read only


def find_presence_tests(policy: RuleSet) -> frozenset[str]:
    """Return the facts whose absence a policy, or one that it asks, can tell from their values."""
    kept = policy._derived  # noqa: SLF001 - hidden from hosts only
    found: frozenset[str] | None = kept.get("presence tests")
    if found is None:
        found = kept["presence tests"] = frozenset(
            node.subject.name
            for reached in reach_policies(policy).values()
            for expression in iter_expressions(reached)
            for node in walk(expression.tree)
            if isinstance(node, IsPresent) and isinstance(node.subject, Fact)
        )
    return found


def collect_comparisons(
    policy: str, tree: Typed, found: dict[str, list[Comparison]], around: tuple[Binder, ...] = ()
) -> None:
    """Add the comparisons of one expression to those of each fact behind them.

    Args:
        policy: the name of the policy.
        tree: the expression, or a part of it.
        found: the comparisons of each fact.
        around: what binds names around that part, the outermost first.
    """
    if isinstance(tree, Apply) and tree.overload in {*COMPARISONS, "in_list"}:
        left, right = (close_over(side, around) for side in tree.arguments)
        is_closed = left.is_closed and right.is_closed
        limits = (*iter_limits(left, right), *iter_limits(right, left))
        pair = Comparison(policy, left.tree, right.tree, is_closed, limits)
        for name in {*left.facts, *right.facts}:
            found.setdefault(name, []).append(pair)
    inside = (*around, tree) if isinstance(tree, Binder) else around
    for child in children_of(tree):
        collect_comparisons(policy, child, found, inside)


def close_over(side: Typed, around: Iterable[Binder]) -> Side:
    """Return a side with the values of the names that are bound around it.

    The items of a macro have no one value, but the facts that they come from are behind the side.
    """
    facts: set[str] = set()
    is_closed = True
    for binder in reversed(tuple(around)):
        names = {each.name for each in walk(side) if isinstance(each, Local)}
        if isinstance(binder, Let) and binder.variable in names:
            side = Let(side.start, side.end, side.type, binder.variable, binder.value, side)
        elif isinstance(binder, Comprehension) and names & {binder.variable, binder.second}:
            facts |= read_facts(binder.over)
            is_closed = False
    return Side(side, frozenset(facts | read_facts(side)), is_closed)


def iter_limits(side: Side, other: Side) -> Iterator[tuple[str, Typed]]:
    """Yield the other side as the limit of the fact that one side is, unless it reads it too."""
    tree = strip_conversions(side.tree)
    if isinstance(tree, Fact) and tree.name not in other.facts:
        yield tree.name, other.tree


def read_facts(tree: Typed) -> set[str]:
    """Return the facts that a tree reads."""
    return {each.name for each in walk(tree) if isinstance(each, Fact)}


def iter_others(field: Field, value: Value, pairs: Iterable[Comparison]) -> Iterator[Value]:
    """Yield other values of a fact that is not a number, each once."""
    kind = field.type
    if kind is BOOLEAN:
        yield not value
    elif isinstance(kind, CodeType):
        named = [each for each in iter_constants(pairs) if each in kind.codes]
        others = [*named, *(each for each in kind.codes if each not in named)]
        yield from [each for each in dict.fromkeys(others) if each != value][:MOST_CODES]
    elif isinstance(kind, ListType) and isinstance(value, tuple):
        for item in dict.fromkeys(iter_constants(pairs)):
            yield tuple(each for each in value if each != item) if item in value else (*value, item)
    elif kind is TEXT:
        yield from (each for each in dict.fromkeys(iter_constants(pairs)) if each != value)


def iter_constants(pairs: Iterable[Comparison]) -> Iterator[Value]:
    """Yield the texts that stand on either side of comparisons, alone or in a list."""
    for pair in pairs:
        for side in (pair.left, pair.right):
            for node in side.items if isinstance(side, CreateList) else (side,):
                if isinstance(node, Constant) and isinstance(node.value, str):
                    yield node.value


def iter_numbers(
    name: str,
    field: Field,
    pairs: Iterable[Comparison],
    facts: Record,
    contexts: Callable[[str], Context],
) -> Iterator[Change]:
    """Yield the values of a number, day or length of time around each of its boundaries."""
    before = to_number(facts[name])
    tried = {before}
    for pair in pairs:
        root = find_root(name, field.type, pair, facts, contexts) if pair.is_closed else None
        if root is None:
            continue
        for place in iter_places(before, root, field.type):
            if place in tried:
                continue
            tried.add(place)
            after = read_place(place, field)
            if after is not None:
                yield Change(name, after, measure(before, to_number(after), field.type))


def find_root(
    name: str, kind: Type, pair: Comparison, facts: Record, contexts: Callable[[str], Context]
) -> Fraction | None:
    """Return the value of a fact at which two sides are equal, if they follow it in a line."""
    context = contexts(pair.policy)
    for fact, limit in pair.limits:
        if fact == name:
            return measure_side(limit, facts, context)
    place = to_number(facts[name])
    probe = PROBE.get(kind, ONE)
    gap = measure_gap(pair, facts, context)
    moved_to = read_number(place + probe, kind)
    if gap is None or moved_to is None:
        return None
    moved = measure_gap(pair, facts | {name: moved_to}, context)
    if moved is None or moved == gap:
        return None
    return place - gap * probe / (moved - gap)


def measure_gap(pair: Comparison, facts: Record, context: Context) -> Fraction | None:
    """Return by how much the left side is greater, `None` if the sides have no place on a line."""
    left = measure_side(pair.left, facts, context)
    right = None if left is None else measure_side(pair.right, facts, context)
    return None if left is None or right is None else left - right


def measure_side(side: Typed, facts: Record, context: Context) -> Fraction | None:
    """Return the place of a side on the line, `None` if it has none."""
    try:
        return to_number(interpret(side, facts, context))
    except (TelecomRulesError, TypeError, ValueError, OverflowError):
        return None


def measure(before: Fraction, after: Fraction, kind: Type) -> float:
    """Return the distance of two numbers by their size, of two days or instants in years."""
    one, other = float(before), float(after)
    return abs(other - one) / (YEARS.get(kind) or max(abs(one), abs(other), 1.0))
