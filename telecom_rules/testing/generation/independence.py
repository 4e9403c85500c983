"""Which conditions alone decide whether tests hold: the records of MC/DC.

Modified condition/decision coverage asks of each condition two records in which it decides the
outcome, true in one and false in the other. This is its masking form: the other conditions may
differ (Chilenski, An investigation of three forms of the MC/DC criterion, DOT/FAA/AR-01/18, 2001).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.typed import Apply, Choose, Constant, Logic
from telecom_rules.scenarios.coverage.conditions import evaluate_condition, iter_conditions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.scenarios.coverage.conditions import Site
    from telecom_rules.vocabulary import Record


def iter_deciding(
    tests: Sequence[Expression], facts: Record, context: Context
) -> Iterator[tuple[Site, bool]]:
    """Yield the conditions that alone decide whether all tests hold, each with its truth."""
    sites = [site for test in tests for site in iter_conditions(test)]
    truths = {id(site.node): evaluate_condition(site, facts, context) for site in sites}
    outcome = judge_all(tests, truths)
    for site in sites:
        truth = truths[id(site.node)]
        if truth is None or outcome is None:
            continue
        # What is not evaluated, such as a value behind `has`, may be either.
        if judge_all(tests, {**truths, id(site.node): not truth}) is not outcome:
            yield site, truth


def judge_all(tests: Sequence[Expression], truths: Mapping[int, bool | None]) -> bool | None:
    """Return whether all tests hold, `None` if that is not known."""
    return join([judge(test.tree, truths) for test in tests], every=True)


def judge(node: Typed, truths: Mapping[int, bool | None]) -> bool | None:
    """Return whether a part of a test holds by the truths of its conditions."""
    if id(node) in truths:
        return truths[id(node)]
    if isinstance(node, Logic):
        return join([judge(each, truths) for each in node.operands], every=node.every)
    if isinstance(node, Choose):
        test = judge(node.test, truths)
        return None if test is None else judge(node.yes if test else node.no, truths)
    if isinstance(node, Apply) and node.overload == "not":
        held = judge(node.arguments[0], truths)
        return None if held is None else not held
    # What holds no condition is a constant.
    return isinstance(node, Constant) and bool(node.value)


def join(parts: Sequence[bool | None], *, every: bool) -> bool | None:
    """Return the conjunction or disjunction of truths in three-valued logic."""
    decisive = not every
    if decisive in parts:
        return decisive
    return None if None in parts else every
