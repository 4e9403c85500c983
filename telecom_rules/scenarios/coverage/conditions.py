"""Conditions and boundaries in expressions, for condition coverage and boundary values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.typed import (
    Apply,
    Choose,
    Constant,
    ContextValue,
    Fact,
    FieldAccess,
    Local,
    Logic,
    children_of,
    walk,
)
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    MONEY,
    SPAN,
    UNSIGNED,
)
from telecom_rules.vocabulary.time.periods import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.findings import Span
    from telecom_rules.vocabulary import Record


ORDERING_OVERLOADS = frozenset({"less", "less_or_equal", "greater", "greater_or_equal"})
MEASURED_TYPES = frozenset({INTEGER, UNSIGNED, DECIMAL, MONEY, DATE, SPAN})
PARAMETER_PREFIX = "parameters."
SIDES = ("under", "at", "over")
"""The positions of a value at a boundary: just under it, at it, just over it."""
ONE_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Site:
    """A part of an expression.

    Attributes:
        expression: the expression.
        node: the part.
    """

    expression: Expression
    node: Typed

    @property
    def key(self) -> tuple[Span, int, int]:
        """A key unique in the pack."""
        return self.expression.span, self.node.start, self.node.end

    @property
    def text(self) -> str:
        """The part as written; of a cell, with the fact it tests."""
        text = " ".join(self.expression.source[self.node.start : self.node.end].split())
        fact = self.expression.fact
        return text if fact is None else f"{fact}: {text}"


def iter_conditions(expression: Expression) -> Iterator[Site]:
    """Yield the atomic conditions of an expression; a cell is one condition."""
    if expression.fact is not None:
        yield Site(expression, expression.tree)
    else:
        yield from (Site(expression, node) for node in iter_atoms(expression.tree))


def iter_atoms(node: Typed) -> Iterator[Typed]:
    """Yield the operands of `&&`, `||`, `!` and `? :` that contain none themselves."""
    if isinstance(node, Logic | Choose) or (isinstance(node, Apply) and node.overload == "not"):
        for part in children_of(node):
            yield from iter_atoms(part)
    elif node.type is BOOLEAN and not isinstance(node, Constant):
        yield node


def evaluate_condition(site: Site, facts: Record, context: Context) -> bool | None:
    """Return whether a condition holds, or `None` if it cannot be evaluated."""
    try:
        return bool(interpret(site.node, facts, context))
    except TelecomRulesError:
        return None


def iter_boundaries(expression: Expression) -> Iterator[Site]:
    """Yield the comparisons of a fact, or of today, with a parameter or a literal.

    A value computed from several facts may never be exactly at its figure, so it is left out.
    """
    for node in walk(expression.tree):
        if isinstance(node, Apply) and node.overload in ORDERING_OVERLOADS and is_boundary(node):
            yield Site(expression, node)


def is_boundary(node: Apply) -> bool:
    """Return whether a comparison of measured values contains a figure."""
    parts = list(walk(node))
    return (
        node.arguments[0].type in MEASURED_TYPES
        and any(map(is_figure, parts))
        and any(
            isinstance(each, Fact | ContextValue | FieldAccess) and not is_figure(each)
            for each in node.arguments
        )
        and not any(isinstance(each, Local) for each in parts)
    )


def is_figure(node: Typed) -> bool:
    """Return whether a part is a parameter or a literal."""
    if isinstance(node, Constant):
        return not isinstance(node.value, bool | str)
    return isinstance(node, FieldAccess) and node.path.startswith(PARAMETER_PREFIX)


def find_side(site: Site, facts: Record, context: Context) -> str | None:
    """Return on which of the `SIDES` of its figure a value lies; `None` if it is farther away.

    Just under and just over mean one unit in the last place of either, one day, or one second.
    """
    if not isinstance(site.node, Apply):
        return None
    try:
        value, figure = (interpret(each, facts, context) for each in site.node.arguments)
    except TelecomRulesError:
        return None
    if any(map(is_figure, walk(site.node.arguments[0]))) and not any(
        map(is_figure, walk(site.node.arguments[1]))
    ):
        value, figure = figure, value  # the figure stands on the left
    return side_of_value(value, figure)


def side_of_value(value: object, figure: object) -> str | None:
    """Return the side of `figure` on which `value` lies, or `None`."""
    if value == figure:
        return "at"
    match value, figure:
        case date(), date():
            distance, step = value - figure, ONE_DAY
        case timedelta(), timedelta():
            whole = not (value % ONE_DAY or figure % ONE_DAY)
            distance, step = value - figure, ONE_DAY if whole else ONE_SECOND
            return side_of_steps(distance / step)
        case ((int() | Decimal()), (int() | Decimal())):
            places = min(exponent_of(value), exponent_of(figure), 0)
            return side_of_steps(float((Fraction(value) - Fraction(figure)) * 10**-places))
        case _:
            return None
    return side_of_steps(distance / step)


def side_of_steps(steps: float) -> str | None:
    """Return the side of a value `steps` units away from its figure, or `None`."""
    if abs(steps) > 1:
        return None
    return "under" if steps < 0 else "over"


def exponent_of(number: Decimal | int) -> int:
    """Return the exponent of the last place of a number."""
    found = Decimal(number).as_tuple().exponent
    return found if isinstance(found, int) else 0


def reachable_sides_of(site: Site) -> tuple[str, ...]:
    """Return the sides that are possible within the bounds of the fact."""
    if not isinstance(site.node, Apply):
        return SIDES
    facts = [each for each in site.node.arguments if isinstance(each, Fact | FieldAccess)]
    figures = [each.value for each in site.node.arguments if isinstance(each, Constant)]
    if len(facts) != 1 or len(figures) != 1 or not isinstance(figures[0], int | Decimal):
        return SIDES
    field, figure = facts[0].field, figures[0]
    beyond = {
        "under": field.least is not None and figure <= field.least,
        "over": field.most is not None and figure >= field.most,
    }
    return tuple(each for each in SIDES if not beyond.get(each, False))
