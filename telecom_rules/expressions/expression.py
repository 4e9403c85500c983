"""An expression that passed its checks: it can be evaluated, explained and emitted as Python."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.expressions.evaluation.codegen import compile_expression, generate
from telecom_rules.expressions.evaluation.explain import Explainer, Seen
from telecom_rules.expressions.typed import Apply, ContextValue, InState, walk

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from telecom_rules.expressions.evaluation.budget import Budget
    from telecom_rules.expressions.scope import Context
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.findings import Span
    from telecom_rules.vocabulary import Record, Value
    from telecom_rules.vocabulary.types import Type


@dataclass(frozen=True)
class Expression:
    """An expression that passed its checks.

    Attributes:
        source: the text as written.
        span: where it is written.
        tree: its typed tree.
        reads: the names it reads: `illegal_gain`, `event.grade`, `policies.p.out`, `today`.
        ensures: the optional facts and fields that are present whenever it is true, because of
            its `has()`: `fine`, `event.opinion`.
        fact: for a table cell the fact it tests, else `None`.
        cost: an upper bound of the steps it takes, known before it runs.
    """

    source: str
    span: Span
    tree: Typed
    reads: frozenset[str]
    ensures: frozenset[str] = frozenset()
    fact: str | None = None
    cost: int = 1

    @property
    def type(self) -> Type:
        """The type of its value."""
        return self.tree.type

    @property
    def policies(self) -> frozenset[str]:
        """The policies it asks."""
        return frozenset(name.split(".")[1] for name in self.reads if name.startswith("policies."))

    @cached_property
    def context_names(self) -> frozenset[str]:
        """The parts of the context it reads, such as `event`, `today` or `states`."""
        nodes = [*walk(self.tree)]
        states = frozenset({"states"} if any(isinstance(node, InState) for node in nodes) else ())
        return states | {node.name for node in nodes if isinstance(node, ContextValue)}

    @property
    def counts_days(self) -> bool:
        """Whether it counts days by the calendar of the pack."""
        applied = (node.overload for node in walk(self.tree) if isinstance(node, Apply))
        return "last_day_of" in applied

    @cached_property
    def evaluate(self) -> Callable[[Record, Context], Value]:
        """The function of facts and context that gives the value; generated at first use.

        It raises `MissingData` where it needs an unknown fact, `EvaluationError` where it has no
        value for another reason, and nothing else. `&&` and `||` absorb errors as in CEL:
        `false && missing` is false.
        """
        return compile_expression(self.tree, f"<{self.span}>")

    def why(
        self, facts: Record, context: Context, budget: Budget | None = None
    ) -> tuple[Seen, ...]:
        """Return the parts that make it true; none if it is not true.

        Args:
            facts: the record.
            context: the rest of the activation.
            budget: the steps that the explanation may take; without it, as many as the expression
                itself may. Where they do not suffice, the last part says so.
        """
        explainer = Explainer(self.source, self.fact, facts, context, budget)
        return explainer.describe_parts(explainer.iter_reasons(self.tree))

    def why_not(
        self, facts: Record, context: Context, budget: Budget | None = None
    ) -> tuple[Seen, ...]:
        """Return the parts that make it false or unknown; `budget` as in `why`."""
        explainer = Explainer(self.source, self.fact, facts, context, budget)
        return explainer.describe_parts(explainer.iter_obstacles(self.tree, wanted=True))


def emit(expression: Expression, names: dict[str, object] | None = None) -> ast.expr:
    """Return the expression as Python that reads `facts`, `context` and the names of `RUNTIME`.

    The value that the Python returns is exact. It may raise one of `FAILURES` where CEL has a
    value (`missing && false` is false) or another error: the caller then calls `evaluate`.

    Args:
        expression: the expression.
        names: collects constants without a literal in Python, such as decimals; the caller runs
            the code with them as globals. Without it they are built on every evaluation.
    """
    return generate(expression.tree, names)
