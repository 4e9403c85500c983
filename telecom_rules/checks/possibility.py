"""Whether an expression can be true at all.

An expression is taken apart into the ways in which it can come true; each is a set of claims about
single names. A way is ruled out when the claims about one name contradict each other, as in
`grade == 'a' && grade == 'b'`, or when a fact must be absent and is read. What does not compare a
name with a constant is a claim by itself, which only its own opposite contradicts.

The answer errs on one side: what is ruled out is never true. Source of what `&&` and `||` make of
errors: the CEL specification, section Logical Operators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.checks.samples import samples
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context
from telecom_rules.expressions.interpret import interpret
from telecom_rules.expressions.runtime import OPERATIONS
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    Fact,
    Items,
    Known,
    Logic,
    Part,
    walk,
)
from telecom_rules.vocabulary import BOOLEAN, TEXT, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from telecom_rules.checks.samples import Sample
    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Field, Value

__all__ = ["Claim", "Way", "contradiction", "exclusive", "jointly"]

MOST_WAYS = 512
"""Ways that are told apart; parts of an expression with more are not taken apart."""
COMPARISONS = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "contained"}
)
LOSSLESS = frozenset({"same", "decimal_of_integer", "decimal_of_money"})
SAMENESS = frozenset({"equal", "not_equal", "contained"})
NOTHING = Record()
FAILED = "\0"
"""Stands for the value of what has none; no text of a pack contains this character."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What must be so for an expression to hold.

    Attributes:
        about: the name it is about, or the text of what is not taken apart further.
        wanted: what the comparison must give.
        field: the type and bounds of the name; `None` for what is not taken apart.
        comparison: the operator, or `None` where the value itself is claimed.
        value: the constant that it is compared with.
        swapped: whether the constant stands on the left.
    """

    about: str
    wanted: bool
    field: Field | None = None
    comparison: str | None = None
    value: Value = None
    swapped: bool = False

    def holds(self, value: Sample) -> bool:
        """Return whether it is so for a value of the name."""
        if self.comparison is None:
            return value is self.wanted
        pair = (self.value, value) if self.swapped else (value, self.value)
        return bool(OPERATIONS[self.comparison](*pair)) is self.wanted


Way = frozenset[Claim]
ANYHOW: tuple[Way, ...] = (frozenset(),)


def contradiction(
    expression: Expression, known: Mapping[str, frozenset[Value]]
) -> tuple[str, ...] | None:
    """Return why an expression is never true, or `None` where it may be.

    Args:
        expression: a condition.
        known: the only values that some names can have.

    Returns:
        The names no value of which fits, none where it is false by itself.
    """
    reasons = []
    for way in ways(expression.tree, expression.source, wanted=True):
        reason = clash(way, known)
        if reason is None:
            return None
        reasons.append(reason)
    return tuple(dict.fromkeys(reasons))


def exclusive(one: Expression, other: Expression, known: Mapping[str, frozenset[Value]]) -> bool:
    """Return whether two conditions are never true together; `known` as for `contradiction`."""
    both = [(each.tree, each.source) for each in (one, other)]
    return all(clash(way, known) is not None for way in jointly(both))


def jointly(conditions: Iterable[tuple[Typed, str]]) -> tuple[Way, ...]:
    """Return the ways in which all of some conditions are true, each with its source."""
    found = ANYHOW
    for node, source in conditions:
        found = combined(found, ways(node, source, wanted=True), opaque(node, source, wanted=True))
    return found


def ways(node: Typed, source: str, *, wanted: bool) -> tuple[Way, ...]:
    """Return the ways in which `node` can be true (or false, unless `wanted`).

    A part that has too many is one claim by itself.
    """
    if settled(node):
        return ANYHOW if value_of(node) is wanted else ()
    match node:
        case Logic(every=every, operands=operands):
            if every is wanted:
                return together([(operand, wanted) for operand in operands], source)
            found = either(ways(operand, source, wanted=wanted) for operand in operands)
            return opaque(node, source, wanted=wanted) if found is None else found
        case Apply(overload="not", arguments=(operand,)):
            return ways(operand, source, wanted=not wanted)
        case Choose(test=test, yes=yes, no=no):
            found = either(
                together([(test, holds), (branch, wanted)], source)
                for holds, branch in ((True, yes), (False, no))
            )
            return opaque(node, source, wanted=wanted) if found is None else found
    return (frozenset({claim(node, source, wanted=wanted)}),)


def opaque(node: Typed, source: str, *, wanted: bool) -> tuple[Way, ...]:
    """Return a part that is not taken apart."""
    return (frozenset({Claim(source[node.start : node.end], wanted)}),)


def either(options: Iterable[tuple[Way, ...]]) -> tuple[Way, ...] | None:
    """Return the ways of all `options`, or `None` where there are too many."""
    found = tuple(dict.fromkeys(way for each in options for way in each))
    return found if len(found) <= MOST_WAYS else None


def together(parts: Iterable[tuple[Typed, bool]], source: str) -> tuple[Way, ...]:
    """Return the ways in which all `parts` come true at once, or false where that is wanted."""
    found = ANYHOW
    for node, wanted in parts:
        each = ways(node, source, wanted=wanted)
        found = combined(found, each, opaque(node, source, wanted=wanted))
    return found


def combined(
    found: tuple[Way, ...], further: tuple[Way, ...], instead: tuple[Way, ...]
) -> tuple[Way, ...]:
    """Return the ways of both at once; with too many of them, `instead` of the further ones."""
    each = further if len(found) * len(further) <= MOST_WAYS else instead
    return tuple(dict.fromkeys(one | other for one in found for other in each))


def claim(node: Typed, source: str, *, wanted: bool) -> Claim:
    """Return what must be so for a part that is not put together from conditions."""
    match node:
        case Fact() | Part() if node.type is BOOLEAN:
            return Claim(called(node), wanted, node.field)
        case Known(subject=Fact() | Part() as subject):
            return Claim(presence(called(subject)), wanted)
        case Apply(overload=overload, arguments=(left, right)) if overload in COMPARISONS:
            constant, name = (left, bare(right)) if settled(left) else (right, bare(left))
            value = value_of(constant) if settled(constant) else FAILED
            if isinstance(name, Fact | Part) and value is not FAILED:
                return Claim(called(name), wanted, name.field, overload, value, constant is left)
    return Claim(source[node.start : node.end], wanted)


def settled(node: Typed) -> bool:
    """Return whether the value of `node` depends on nothing and is quickly worked out."""
    return all(isinstance(each, Constant | Apply | Items | Logic | Choose) for each in walk(node))


def value_of(node: Typed) -> Value:
    """Return the value of what depends on nothing, or `FAILED`."""
    try:
        return interpret(node, NOTHING, Context())
    except EvaluationError:
        return FAILED


def bare(node: Typed) -> Typed:
    """Return `node` without the conversions that keep its value."""
    while isinstance(node, Apply) and node.overload in LOSSLESS:
        (node,) = node.arguments
    return node


def called(name: Fact | Part) -> str:
    """Return what a fact or a field is called in expressions."""
    return name.name if isinstance(name, Fact) else name.path


def presence(name: str) -> str:
    """Return what the question whether something is there is called."""
    return f"has({name})"


def clash(way: Way, known: Mapping[str, frozenset[Value]]) -> str | None:
    """Return the name about which the claims of a way contradict each other, if there is one."""
    about: dict[str, list[Claim]] = {}
    for each in way:
        about.setdefault(each.about, []).append(each)
    for name, claims in sorted(about.items()):
        values = known.get(name) or values_for(claims)
        if values and not any(all(each.holds(value) for each in claims) for value in values):
            return name
        if claims[0].field is not None and Claim(presence(name), wanted=False) in way:
            return name
    return None


def values_for(claims: Collection[Claim]) -> Collection[Sample]:
    """Return values such that if none of them meets all claims about a name, then none does."""
    field = next(iter(claims)).field
    if field is None:
        return (True, False)
    compared = [each for each in claims if each.comparison is not None]
    if field.type is TEXT and any(each.comparison not in SAMENESS for each in compared):
        return ()
    constants = (each.value for each in compared)
    return samples(field, [one for each in constants for one in flat(each)])


def flat(value: Value) -> tuple[Value, ...]:
    """Return the items of a list, or a single value as one."""
    return value if isinstance(value, tuple) else (value,)
