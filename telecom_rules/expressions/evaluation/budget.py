"""A budget of steps, so that explaining a result does not cost more than finding it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from telecom_rules.expressions.evaluation.interpret import Interpreter
from telecom_rules.expressions.functions.overloads import CHARACTERS_PER_STEP
from telecom_rules.expressions.regex import bound_instructions, price_match, price_search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.expressions.scope import Context
    from telecom_rules.expressions.typed import Comprehension, Typed
    from telecom_rules.vocabulary import Record


STEPS_OF_AN_EXPLANATION: Final = 50_000
"""Steps that the explanation of one result may take, about a tenth of a second."""


class BudgetSpent(Exception):
    """There are no steps left. It is not an error of an expression, so nothing absorbs it."""


@dataclass(slots=True)
class Budget:
    """The steps that are left for one explanation, shared by all its parts.

    Attributes:
        left: how many steps are left.
        is_spent: whether something was refused because there were too few.
    """

    left: int = STEPS_OF_AN_EXPLANATION
    is_spent: bool = False

    def spend(self, steps: int) -> None:
        """Take steps. What needs more than are left takes none, so that the rest may go on.

        Raises:
            BudgetSpent: there are not as many.
        """
        if steps > self.left:
            self.is_spent = True
            raise BudgetSpent
        self.left -= steps


class MeteredInterpreter(Interpreter):
    """An interpreter that pays for what may take long, before it does it: macros and large values.

    The rest is bounded by the length of the expression.
    """

    def __init__(self, facts: Record, context: Context, budget: Budget) -> None:
        super().__init__(facts, context)
        self.budget = budget

    def evaluate_comprehension(self, node: Comprehension, variables: Mapping[str, Any]) -> Any:
        """Return the value of a macro, whose every step is paid for."""
        inside = CountingInterpreter(self.facts, self.context, self.budget)
        return inside.evaluate_comprehension(node, variables)

    def apply(self, overload: str, values: Sequence[Any]) -> Any:
        """Return the value of an operation on values."""
        for value in values:
            if isinstance(value, LARGE_TYPES) and len(value) >= LEAST_LARGE:
                self.budget.spend(price_of(overload, values))
                break
        return super().apply(overload, values)


class CountingInterpreter(MeteredInterpreter):
    """An interpreter that pays for every step, used inside macros."""

    def evaluate(self, node: Typed, variables: Mapping[str, Any]) -> Any:
        """Return the value of a node."""
        self.budget.spend(1)
        return super().evaluate(node, variables)

    def evaluate_comprehension(self, node: Comprehension, variables: Mapping[str, Any]) -> Any:
        """Return the value of a macro."""
        return Interpreter.evaluate_comprehension(self, node, variables)


LARGE_TYPES = (str, tuple, bytes, dict)
LEAST_LARGE: Final = 50
"""Items or characters of a value that is worth pricing."""


PATTERN_PRICES: Final = {
    **dict.fromkeys(("matches", "any:matches"), price_match),
    **dict.fromkeys(
        (
            "extract", "any:regex.extract", "extract_all", "any:regex.extractAll",
            "replace_matches", "any:regex.replace",
        ),
        price_search,
    ),
}  # fmt: skip
"""The steps of the operations that match a pattern, of which the text comes first."""


def price_of(overload: str, values: Sequence[Any]) -> int:
    """Return the steps of an operation on values, by what it may read of them."""
    match values:
        case (str(text), str(pattern), *_) if overload in PATTERN_PRICES:
            return PATTERN_PRICES[overload](len(text), bound_instructions(pattern))
    return sum(map(size_of, values))


def size_of(value: object) -> int:
    """Return the steps of reading a value: one for each item, fewer for characters of a text."""
    if isinstance(value, str | bytes):
        return len(value) // CHARACTERS_PER_STEP
    return len(value) if isinstance(value, tuple | dict) else 0
