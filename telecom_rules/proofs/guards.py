"""Guards of workflows, put to the solver: can one hold at all, or several together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.checks.impossible_guards import describe_contradiction, iter_written_conditions
from telecom_rules.checks.strictness.policies import ANY_DAY
from telecom_rules.expressions import Context
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.policies.digests import find_policy_change_days
from telecom_rules.proofs.encoding import Encoder
from telecom_rules.proofs.questions import Questions
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.vocabulary.vocabulary import ParametersOn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.proofs.policies import PolicyTerms
    from telecom_rules.proofs.solver import Term
    from telecom_rules.proofs.symbols import Symbol
    from telecom_rules.vocabulary import FactType


def find_impossible_guards(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each guard that no record meets, beyond those that `validate` finds.

    What the solver does not decide is no mistake: the guard may hold.
    """
    outputs = find_constant_outputs(reading.pack)
    for flow in iter_workflows(reading):
        conditions = {each.span: each for each in iter_written_conditions(flow.chart)}
        for span, condition in conditions.items():
            if find_contradiction(condition, outputs) is None and is_impossible(
                [condition], flow.workflow.facts, reading.require_pack(), lambda terms: terms[0]
            ):
                names = [name for name in sorted(condition.reads) if name != "today"]
                yield Finding("TR306", span, {"why": describe_contradiction(names)})


def is_impossible(
    conditions: Sequence[Expression],
    facts: FactType,
    pack: Pack,
    combine: Callable[[list[Term]], Term],
) -> bool:
    """Return whether no record meets some conditions, combined, on any day."""
    return all(
        GuardQuestion(facts, day, pack).is_impossible(conditions, combine)
        for day in iter_days(conditions, pack)
    )


def iter_days(conditions: Sequence[Expression], pack: Pack) -> Iterator[date]:
    """Yield a day of each period in which conditions read the same figures and rules.

    Days on which a figure that they read is not in force are left out: there they fail.
    """
    policies = {name for each in conditions for name in each.policies}
    changes = {day for name in policies for day in find_policy_change_days(pack.policies[name])}
    paths = {path for each in conditions for path in each.reads if path.startswith("parameters.")}
    figures = [pack.parameters[path.split(".")[1]] for path in paths]
    periods = [value.in_force for each in figures for value in each.values]
    changes |= {day for each in periods for day in (each.since, each.until) if day is not None}
    days = sorted(changes)
    for day in (days[0] - ONE_DAY, *days) if days else (ANY_DAY,):
        if all(each.find_on(day) is not None for each in figures):
            yield day


class GuardQuestion:
    """Whether a guard can hold on one day."""

    def __init__(self, facts: FactType, day: date, pack: Pack) -> None:
        self.pack = pack
        self.day = day
        self.questions = Questions((facts,), day, partial=True)
        self.peers: dict[str, PolicyTerms] = {}

    def is_impossible(
        self, conditions: Sequence[Expression], combine: Callable[[list[Term]], Term]
    ) -> bool:
        """Return whether no record meets conditions, combined; not where that is undecided."""
        context = Context(parameters=ParametersOn(self.pack.parameters, self.day))
        encoder = Encoder(self.questions.space, context, self.output_of)
        terms = [encoder.encode(each.tree) for each in conditions]
        return self.questions.is_impossible(combine(terms))

    def output_of(self, policy: str, output: str) -> Symbol:
        """Return an output of a policy that the guard asks."""
        if policy not in self.peers:
            self.peers[policy] = self.questions.encode(self.pack.policies[policy])
        return self.peers[policy].output(output)
