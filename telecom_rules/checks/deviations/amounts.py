"""Calculated answers, compared as polynomials over facts that are never negative."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.expressions.typed import LOSSLESS_CONVERSIONS, Apply, Constant, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions.typed import Typed


Polynomial: TypeAlias = dict[tuple[str, ...], Fraction]
"""The coefficient of each product of facts; that of no fact is the constant."""
MOST_TERMS: Final = 100
EXACT_KINDS: Final = frozenset({"integer", "decimal", "money"})
"""The numbers that are calculated exactly."""
ROUNDINGS: Final = frozenset({"round_up", "round_down"})


def compare_amounts(base: Typed, house: Typed) -> int | None:
    """Return whether an amount is higher in the house (1), lower (-1) or the same (0) on all facts.

    Returns:
        The order, or `None` where it depends on the facts or is not found.
    """
    match base, house:
        # Of two amounts that are rounded in one direction the order stays.
        case Apply(overload=left, arguments=(one,)), Apply(overload=right, arguments=(other,)) if (
            left.rpartition("_")[0] == right.rpartition("_")[0] in ROUNDINGS
        ):
            return compare_amounts(one, other)
    fields: dict[str, Fact] = {}
    before, after = to_polynomial(base, fields), to_polynomial(house, fields)
    if before is None or after is None:
        return None
    differences = subtract(after, before)
    signs = {(each > 0) - (each < 0) for each in differences.values()} - {0}
    if not signs:
        return 0
    read = {name for product, each in differences.items() if each for name in product}
    if len(signs) > 1 or not all(is_never_negative(fields[name]) for name in read):
        return None
    return signs.pop()


def contradict(comparisons: Iterable[tuple[Typed, bool]]) -> bool:
    """Return whether two comparisons of calculations cannot both be as wanted.

    Each is brought to the form `p > 0` or `p >= 0`. Two contradict each other if the sum of their
    polynomials is never positive: `3 * a - 5 * b > 0` and `3 * a - 4 * b <= 0`, if `b` is never
    negative.

    Args:
        comparisons: the comparisons, each with the truth value that it must have.
    """
    fields: dict[str, Fact] = {}
    known = [
        each
        for node, wanted in comparisons
        for each in iter_inequalities(node, fields, wanted=wanted)
    ]
    return any(
        (strict or more) and is_never_positive(add(one, other), fields)
        for at, (one, strict) in enumerate(known)
        for other, more in known[:at]
    )


def iter_inequalities(
    node: Typed, fields: dict[str, Fact], *, wanted: bool
) -> Iterator[tuple[Polynomial, bool]]:
    """Yield a comparison as a polynomial that is at least 0, and whether it is above 0."""
    match node:
        case Apply(overload=overload, arguments=(left, right)) if overload in INEQUALITIES:
            one, other = to_polynomial(left, fields), to_polynomial(right, fields)
            if one is None or other is None:
                return
            greater, strict = INEQUALITIES[overload]
            difference = subtract(one, other) if greater is wanted else subtract(other, one)
            yield difference, strict is wanted


INEQUALITIES: Final = {
    "less": (False, True),
    "less_or_equal": (False, False),
    "greater": (True, True),
    "greater_or_equal": (True, False),
}
"""For each comparison whether the left is the greater, and whether it is strict."""


def is_never_positive(polynomial: Polynomial, fields: Mapping[str, Fact]) -> bool:
    """Return whether a polynomial is at most 0 on all facts."""
    return all(
        not each or (each < 0 and all(is_never_negative(fields[name]) for name in product))
        for product, each in polynomial.items()
    )


def is_never_negative(fact: Fact) -> bool:
    """Return whether a fact is a number that is never negative."""
    return fact.field.least is not None and fact.field.least >= 0


def to_polynomial(node: Typed, fields: dict[str, Fact]) -> Polynomial | None:
    """Return a calculation as a polynomial, noting the facts in it, or `None` if it is none."""
    match node:
        case Constant(value=value):
            is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
            return {(): Fraction(value)} if is_number else None  # type: ignore[arg-type]  # narrowed above
        case Fact(name=name):
            fields[name] = node
            return {(name,): Fraction(1)}
        case Apply(overload=overload, arguments=arguments):
            parts = [to_polynomial(each, fields) for each in arguments]
            known = [each for each in parts if each is not None]
            return apply(overload, known) if len(known) == len(parts) else None
    return None


def apply(overload: str, parts: list[Polynomial]) -> Polynomial | None:
    """Return the result of an operation on polynomials, or `None` if it is not a polynomial."""
    name, _, kind = overload.partition("_")
    if overload in LOSSLESS_CONVERSIONS:
        return parts[0]
    if kind not in EXACT_KINDS or (name, kind) == ("divide", "integer"):  # which cuts off
        return None
    match parts:
        case [one, other] if name == "add":
            return add(one, other)
        case [one, other] if name == "subtract":
            return subtract(one, other)
        case [one, other] if name == "multiply":
            return multiply(one, other)
        case [one, other] if name == "divide" and other.keys() == {()} and other[()]:
            return {key: each / other[()] for key, each in one.items()}
    return None


def add(one: Polynomial, other: Polynomial) -> Polynomial:
    """Return the sum of two polynomials."""
    return subtract(one, {key: -each for key, each in other.items()})


def subtract(one: Mapping[tuple[str, ...], Fraction], other: Polynomial) -> Polynomial:
    """Return the difference of two polynomials."""
    keys = {**one, **other}
    return {key: one.get(key, Fraction(0)) - other.get(key, Fraction(0)) for key in keys}


def multiply(one: Polynomial, other: Polynomial) -> Polynomial | None:
    """Return the product of two polynomials, or `None` if it is too large."""
    if len(one) * len(other) > MOST_TERMS:
        return None
    found: Polynomial = {}
    for left, a in one.items():
        for right, b in other.items():
            key = tuple(sorted((*left, *right)))
            found[key] = found.get(key, Fraction(0)) + a * b
    return found
