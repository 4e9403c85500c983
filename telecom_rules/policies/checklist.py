"""A checklist as it stands for a stretch of days, and what comes of its checks."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.expressions import FAILURES
from telecom_rules.policies import explain, failures
from telecom_rules.policies.compile import Survey, surveyor
from telecom_rules.policies.decision import CheckResult, Decision, Status
from telecom_rules.policies.edition import Edition
from telecom_rules.policies.standing import decisive, once, stand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Context, Expression
    from telecom_rules.policies.policy import Policy
    from telecom_rules.policies.row import Check
    from telecom_rules.vocabulary import Record
    from telecom_rules.wording import Wording

__all__ = ["ChecklistEdition", "checklist_edition"]

STATUS: Mapping[bool | None, Status] = {True: "pass", False: "fail", None: "not_applicable"}


@dataclass(frozen=True, slots=True, eq=False)
class ChecklistEdition(Edition):
    """The checks of a checklist that are in force together.

    Attributes:
        checks: the checks in order.
        survey: tells of each check whether its requirement holds.
    """

    checks: tuple[Check, ...]
    survey: Survey

    def decide(self, facts: Record, on: date) -> Decision:
        """Test every check, and roll the results up into a verdict."""
        context = self.context(facts, on)
        results = self.results(facts, context)
        grave = [each for each in results if each.severity == "error"]
        verdict = rolled_up(grave)
        missing: tuple[str, ...] = ()
        if verdict == "unknown":
            missing = decisive(each.missing for each in grave)
        outputs = MappingProxyType({"verdict": verdict})
        return Decision(self, on, facts, outputs, (), results, missing)

    def results(self, facts: Record, context: Context) -> tuple[CheckResult, ...]:
        """Return what comes of each check."""
        try:
            found = self.survey(facts, context)
        except FAILURES:
            return tuple(self.result(check, facts, context) for check in self.checks)
        return tuple(
            CheckResult(check.id, STATUS[holds], (), check, facts, context)
            for check, holds in zip(self.checks, found, strict=True)
        )

    def result(self, check: Check, facts: Record, context: Context) -> CheckResult:
        """Return what comes of one check, in three-valued logic."""
        fields = self.policy.facts.fields
        applies = stand(check.tests, facts, context, fields)
        if applies.holds is False:
            return CheckResult(check.id, "not_applicable", (), check, facts, context)
        holds = stand((check.require,), facts, context, fields)
        error = applies.error or (holds.error if applies.holds else None)
        if error is not None:
            raise failures.in_check(self.policy, check, error) from None
        if applies.holds is None or holds.holds is None:
            missing = once([*applies.missing, *holds.missing])
            return CheckResult(check.id, "unknown", missing, check, facts, context)
        return CheckResult(check.id, STATUS[holds.holds], (), check, facts, context)

    def bearing(self, decision: Decision) -> Iterator[Expression]:  # noqa: ARG002 - all are asked
        """Yield the conditions of every check."""
        for check in self.checks:
            yield from check.tests
            yield check.require

    def explain(self, decision: Decision) -> Iterator[Wording]:
        """Yield the lines that say what came of each check and why."""
        return explain.checklist(self, decision)


def rolled_up(results: Sequence[CheckResult]) -> Status:
    """Return the verdict on checks that matter: one failure decides, then one that is unknown."""
    statuses = {each.status for each in results}
    if "fail" in statuses:
        return "fail"
    return "unknown" if "unknown" in statuses else "pass"


def checklist_edition(
    policy: Policy, checks: tuple[Check, ...], day: date, steady: Context | None
) -> ChecklistEdition:
    """Return the edition of a checklist in which exactly `checks` are in force."""
    return ChecklistEdition(policy, day, steady, checks, surveyor(checks))
