"""The checks of a checklist that are in force together, and their exact evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.decision import CheckResult, Decision, Status
from telecom_rules.policies.editions import brief, explain, trace
from telecom_rules.policies.editions.edition import Edition
from telecom_rules.policies.editions.three_valued import (
    deduplicate,
    evaluate_all,
    rank_missing_facts,
)
from telecom_rules.policies.explanation import undecidable
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.explanation.parts import Explanation
    from telecom_rules.policies.peers import Peer
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Check, Verdict
    from telecom_rules.vocabulary import Field, Record
    from telecom_rules.wording import Wording


STATUS_BY_TRUTH: Mapping[bool | None, Status] = {
    True: "pass",
    False: "fail",
    None: "not_applicable",
}


@dataclass(frozen=True, slots=True, eq=False)
class ChecklistEdition(Edition):
    """The checks of a checklist that are in force together.

    Attributes:
        checks: the checks in order.
    """

    checks: tuple[Check, ...]

    def decide(self, facts: Record, on: date) -> Decision:
        """Evaluate every check in three-valued logic and combine the results into a verdict."""
        context = self.build_context(facts, on)
        results = (self.evaluate_check(check, facts, context) for check in self.checks)
        return self.build_decision(tuple(results), facts, on)

    def build_decision(self, results: tuple[CheckResult, ...], facts: Record, on: date) -> Decision:
        """Return the decision that follows from the results of all checks."""
        verdict = combine_results(results)
        missing: tuple[str, ...] = ()
        if verdict == "unknown":
            missing = find_missing(results)
        outputs = FrozenDict({"verdict": verdict})
        return Decision(self, on, facts, outputs, (), results, missing)

    def evaluate_check(self, check: Check, facts: Record, context: Context) -> CheckResult:
        """Return the result of one check, in three-valued logic."""
        fields = self.policy.facts.fields
        applies = evaluate_all(check.tests, facts, context, fields)
        if applies.holds is False:
            return CheckResult(check.id, "not_applicable", (), check, facts, context)
        measured = evaluate_all(check.grounds, facts, context, fields)
        if applies.holds and measured.holds is False:
            missing = find_measures(check, fields)
            return CheckResult(check.id, "unknown", missing, check, facts, context)
        holds = evaluate_all((check.require,), facts, context, fields)
        error = applies.error or (
            (measured.error or (holds.error if measured.holds else None)) if applies.holds else None
        )
        if error is not None:
            raise undecidable.build_check_error(self.policy, check, error) from None
        if None in {applies.holds, measured.holds, holds.holds}:
            missing = deduplicate([*applies.missing, *measured.missing, *holds.missing])
            return CheckResult(check.id, "unknown", missing, check, facts, context)
        return CheckResult(check.id, STATUS_BY_TRUTH[holds.holds], (), check, facts, context)

    def iter_asked_expressions(self, decision: Decision) -> Iterator[Expression]:  # noqa: ARG002 - all are asked
        """Yield the conditions of every check."""
        for check in self.checks:
            yield from check.conditions

    def explain(self, decision: Decision) -> Iterable[Wording]:
        """Yield the lines that explain the result of each check."""
        return explain.explain_checklist(self, decision)

    def explain_briefly(self, decision: Decision) -> Explanation:
        """Return the checks that fail, and what would change the verdict."""
        return brief.explain_checklist_briefly(self, decision)

    def trace(self, decision: Decision) -> Iterable[Wording]:
        """Return each condition as it was evaluated."""
        return trace.trace_checklist(self, self.checks, decision)


def combine_results(results: Sequence[CheckResult]) -> Verdict:
    """Return the verdict: that of the gravest check that fails, unless a graver one is unknown."""
    found = {(each.severity, each.status) for each in results}
    for severity, verdict in VERDICT_BY_SEVERITY.items():
        if (severity, "fail") in found:
            return verdict
        if (severity, "unknown") in found:
            return "unknown"
    return "pass"


def find_measures(check: Check, fields: Mapping[str, Field]) -> tuple[str, ...]:
    """Return the facts of which there has to be more before a check can be judged."""
    reads = {name for each in check.grounds for name in each.reads}
    return tuple(name for name in fields if name in reads)


def find_missing(results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the facts that an unknown verdict lacks, those of graver checks first."""
    ranked = (
        rank_missing_facts(each.missing for each in results if each.severity == severity)
        for severity in VERDICT_BY_SEVERITY
    )
    return deduplicate(chain.from_iterable(ranked))


def build_checklist_edition(
    policy: RuleSet,
    day: date,
    shared_context: Context | None,
    peers: Mapping[str, Peer],
    checks: tuple[Check, ...],
) -> ChecklistEdition:
    """Return the edition of a checklist in which exactly `checks` are in force."""
    return ChecklistEdition(policy, day, shared_context, peers, checks)
