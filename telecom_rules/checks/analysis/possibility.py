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

from telecom_rules.checks.analysis.samples import sample_values
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.evaluation.runtime import OPERATIONS
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    CreateList,
    Fact,
    FieldAccess,
    IsPresent,
    Logic,
    walk,
)
from telecom_rules.vocabulary import BOOLEAN, TEXT, Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from telecom_rules.checks.analysis.samples import Sample
    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.vocabulary import Field, Value


MOST_CONJUNCTIONS = 512
"""Ways that are told apart; parts of an expression with more are not taken apart."""
COMPARISON_OVERLOADS = frozenset(
    {"equal", "not_equal", "less", "less_or_equal", "greater", "greater_or_equal", "in_list"}
)
LOSSLESS_CONVERSIONS = frozenset({"same", "decimal_of_integer", "decimal_of_money"})
EQUALITY_OVERLOADS = frozenset({"equal", "not_equal", "in_list"})
NO_FACTS = Record()
FAILED_VALUE = "\0"
"""Stands for the value of what has none; no text of a pack contains this character."""


@dataclass(frozen=True, slots=True)
class ConditionLiteral:
    """What must be so for an expression to hold.

    Attributes:
        subject: the name it is about, or the text of what is not taken apart further.
        wanted: what the comparison must give.
        field: the type and bounds of the name; `None` for what is not taken apart.
        comparison: the operator, or `None` where the value itself is claimed.
        value: the constant that it is compared with.
        swapped: whether the constant stands on the left.
    """

    subject: str
    wanted: bool
    field: Field | None = None
    comparison: str | None = None
    value: Value = None
    swapped: bool = False

    def allows(self, value: Sample) -> bool:
        """Return whether it is so for a value of the name."""
        if self.comparison is None:
            return value is self.wanted
        pair = (self.value, value) if self.swapped else (value, self.value)
        return bool(OPERATIONS[self.comparison](*pair)) is self.wanted


Conjunction = frozenset[ConditionLiteral]
TRUE_DNF: tuple[Conjunction, ...] = (frozenset(),)


def find_contradiction(
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
    for way in expand(expression.tree, expression.source, wanted=True):
        reason = find_clash(way, known)
        if reason is None:
            return None
        reasons.append(reason)
    return tuple(dict.fromkeys(reasons))


def are_exclusive(
    one: Expression, other: Expression, known: Mapping[str, frozenset[Value]]
) -> bool:
    """Return whether two conditions are never true together; `known`: see `find_contradiction`."""
    both = [(each.tree, each.source) for each in (one, other)]
    return all(find_clash(way, known) is not None for way in conjoin_conditions(both))


def conjoin_conditions(conditions: Iterable[tuple[Typed, str]]) -> tuple[Conjunction, ...]:
    """Return the ways in which all of some conditions are true, each with its source."""
    found = TRUE_DNF
    for node, source in conditions:
        found = distribute(
            found, expand(node, source, wanted=True), wrap_opaque(node, source, wanted=True)
        )
    return found


def expand(node: Typed, source: str, *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return the ways in which `node` can be true (or false, unless `wanted`).

    A part that has too many is one claim by itself.
    """
    if has_constant_value(node):
        return TRUE_DNF if evaluate_constant(node) is wanted else ()
    match node:
        case Logic(every=every, operands=operands):
            if every is wanted:
                return conjoin_parts([(operand, wanted) for operand in operands], source)
            found = disjoin(expand(operand, source, wanted=wanted) for operand in operands)
            return wrap_opaque(node, source, wanted=wanted) if found is None else found
        case Apply(overload="not", arguments=(operand,)):
            return expand(operand, source, wanted=not wanted)
        case Choose(test=test, yes=yes, no=no):
            found = disjoin(
                conjoin_parts([(test, holds), (branch, wanted)], source)
                for holds, branch in ((True, yes), (False, no))
            )
            return wrap_opaque(node, source, wanted=wanted) if found is None else found
    return (frozenset({build_literal(node, source, wanted=wanted)}),)


def wrap_opaque(node: Typed, source: str, *, wanted: bool) -> tuple[Conjunction, ...]:
    """Return a part that is not taken apart."""
    return (frozenset({ConditionLiteral(source[node.start : node.end], wanted)}),)


def disjoin(options: Iterable[tuple[Conjunction, ...]]) -> tuple[Conjunction, ...] | None:
    """Return the ways of all `options`, or `None` where there are too many."""
    found = tuple(dict.fromkeys(way for each in options for way in each))
    return found if len(found) <= MOST_CONJUNCTIONS else None


def conjoin_parts(parts: Iterable[tuple[Typed, bool]], source: str) -> tuple[Conjunction, ...]:
    """Return the ways in which all `parts` come true at once, or false where that is wanted."""
    found = TRUE_DNF
    for node, wanted in parts:
        each = expand(node, source, wanted=wanted)
        found = distribute(found, each, wrap_opaque(node, source, wanted=wanted))
    return found


def distribute(
    found: tuple[Conjunction, ...],
    further: tuple[Conjunction, ...],
    instead: tuple[Conjunction, ...],
) -> tuple[Conjunction, ...]:
    """Return the ways of both at once; with too many of them, `instead` of the further ones."""
    each = further if len(found) * len(further) <= MOST_CONJUNCTIONS else instead
    return tuple(dict.fromkeys(one | other for one in found for other in each))


def build_literal(node: Typed, source: str, *, wanted: bool) -> ConditionLiteral:
    """Return what must be so for a part that is not put together from conditions."""
    match node:
        case Fact() | FieldAccess() if node.type is BOOLEAN:
            return ConditionLiteral(subject_name_of(node), wanted, node.field)
        case IsPresent(subject=Fact() | FieldAccess() as subject):
            return ConditionLiteral(presence_text_of(subject_name_of(subject)), wanted)
        case Apply(overload=overload, arguments=(left, right)) if overload in COMPARISON_OVERLOADS:
            constant, name = (
                (left, strip_conversions(right))
                if has_constant_value(left)
                else (right, strip_conversions(left))
            )
            value = evaluate_constant(constant) if has_constant_value(constant) else FAILED_VALUE
            if isinstance(name, Fact | FieldAccess) and value is not FAILED_VALUE:
                return ConditionLiteral(
                    subject_name_of(name), wanted, name.field, overload, value, constant is left
                )
    return ConditionLiteral(source[node.start : node.end], wanted)


def has_constant_value(node: Typed) -> bool:
    """Return whether the value of `node` depends on nothing and is quickly worked out."""
    return all(
        isinstance(each, Constant | Apply | CreateList | Logic | Choose) for each in walk(node)
    )


def evaluate_constant(node: Typed) -> Value:
    """Return the value of what depends on nothing, or `FAILED_VALUE`."""
    try:
        return interpret(node, NO_FACTS, Context())
    except EvaluationError:
        return FAILED_VALUE


def strip_conversions(node: Typed) -> Typed:
    """Return `node` without the conversions that keep its value."""
    while isinstance(node, Apply) and node.overload in LOSSLESS_CONVERSIONS:
        (node,) = node.arguments
    return node


def subject_name_of(name: Fact | FieldAccess) -> str:
    """Return what a fact or a field is called in expressions."""
    return name.name if isinstance(name, Fact) else name.path


def presence_text_of(name: str) -> str:
    """Return what the question whether something is there is called."""
    return f"has({name})"


def find_clash(way: Conjunction, known: Mapping[str, frozenset[Value]]) -> str | None:
    """Return the name about which the claims of a way contradict each other, if there is one."""
    about: dict[str, list[ConditionLiteral]] = {}
    for each in way:
        about.setdefault(each.subject, []).append(each)
    for name, claims in sorted(about.items()):
        values = known.get(name) or candidate_values_of(claims)
        if values and not any(all(each.allows(value) for each in claims) for value in values):
            return name
        if (
            claims[0].field is not None
            and ConditionLiteral(presence_text_of(name), wanted=False) in way
        ):
            return name
    return None


def candidate_values_of(claims: Collection[ConditionLiteral]) -> Collection[Sample]:
    """Return values such that if none of them meets all claims about a name, then none does."""
    field = next(iter(claims)).field
    if field is None:
        return (True, False)
    compared = [each for each in claims if each.comparison is not None]
    if field.type is TEXT and any(each.comparison not in EQUALITY_OVERLOADS for each in compared):
        return ()
    constants = (each.value for each in compared)
    return sample_values(field, [one for each in constants for one in items_of(each)])


def items_of(value: Value) -> tuple[Value, ...]:
    """Return the items of a list, or a single value as one."""
    return value if isinstance(value, tuple) else (value,)
