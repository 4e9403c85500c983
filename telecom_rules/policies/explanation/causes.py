"""The parts that make conditions false or unknown, with the values they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import NOT_EXPLAINED
from telecom_rules.expressions.evaluation.budget import BudgetSpent
from telecom_rules.expressions.evaluation.explain import Explainer
from telecom_rules.policies.explanation.near_miss import describe_near_miss
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.expressions import Budget, Context, Expression, Seen
    from telecom_rules.vocabulary import Record


WITH_NEAR_MISS = Wording("{said}，{near}", "{said}, {near}")


def find_causes(
    tests: Iterable[Expression],
    facts: Record,
    context: Context,
    *,
    verdict: bool | None,
    budget: Budget | None = None,
) -> tuple[Seen, ...]:
    """Return the parts that make the conjunction of `tests` false or unknown.

    Args:
        tests: the conditions.
        facts: the known facts.
        context: the rest of their activation.
        verdict: `False` for the parts that make tests false, `None` for those that are unknown
            and make tests unknown.
        budget: the steps it may take, `None` for as many as the tests may. Where they do not
            suffice, `NOT_EXPLAINED` stands for the other parts.
    """
    return tuple(iter_causes(tests, facts, context, verdict=verdict, budget=budget))


def iter_causes(
    tests: Iterable[Expression],
    facts: Record,
    context: Context,
    *,
    verdict: bool | None,
    budget: Budget | None = None,
) -> Iterator[Seen]:
    """Yield the items of `find_causes` one by one, for callers that need only the first."""
    for test in tests:
        if truth_of(test, facts, context) is verdict:
            for seen in test.why_not(facts, context, budget):
                if (seen.holds is None) is (verdict is None) or seen is NOT_EXPLAINED:
                    yield seen


def is_false(test: Expression, facts: Record, context: Context) -> bool:
    """Return whether a test is false, and not unknown."""
    return truth_of(test, facts, context) is False


def iter_near_misses(
    test: Expression, facts: Record, context: Context, budget: Budget
) -> Iterator[Wording]:
    """Yield the parts that make a test false, each with the margin it missed by.

    Where the budget does not suffice, the last line says so.

    Args:
        test: the test, which is false.
        facts: the known facts.
        context: the rest of its activation.
        budget: the steps it may take.
    """
    explainer = Explainer(test.source, test.fact, facts, context, budget)
    try:
        for node in explainer.iter_obstacles(test.tree, wanted=True):
            holds = explainer.evaluate(node)
            if holds is not None:
                said = explainer.describe_part(node).wording
                distance = describe_near_miss(node, explainer, wanted=not holds)
                yield said if distance is None else WITH_NEAR_MISS.fill(said=said, near=distance)
    except BudgetSpent:
        yield NOT_EXPLAINED.wording


def truth_of(test: Expression, facts: Record, context: Context) -> bool | None:
    """Return whether one test holds, `None` where that is unknown."""
    try:
        return bool(test.evaluate(facts, context))
    except EvaluationError:
        return None
