"""Guards of workflows, put to the solver: whether one can hold at all on any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.satisfiability import find_contradiction
from telecom_rules.checks.impossible_guards import describe_contradiction, iter_written_conditions
from telecom_rules.expressions import Context
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.policies.digests import find_policy_change_days
from telecom_rules.proofs.encoding import Encoder
from telecom_rules.proofs.questions import Questions
from telecom_rules.vocabulary.time.periods import ONE_DAY
from telecom_rules.vocabulary.vocabulary import ParametersOn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.expressions import Expression
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.proofs.policies import PolicyTerms
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
                condition, flow.workflow.facts, reading.require_pack()
            ):
                names = [name for name in sorted(condition.reads) if name != "today"]
                yield Finding("TR306", span, {"why": describe_contradiction(names)})


def is_impossible(condition: Expression, facts: FactType, pack: Pack) -> bool:
    """Return whether no record meets a condition on any day."""
    return all(
        GuardQuestion(facts, day, pack).is_impossible(condition)
        for day in iter_days(condition, pack)
    )


def iter_days(condition: Expression, pack: Pack) -> Iterator[date]:
    """Yield a day of each period in which a condition reads the same figures and rules."""
    changes = {
        day for name in condition.policies for day in find_policy_change_days(pack.policies[name])
    }
    for path in condition.reads:
        root, _, name = path.partition(".")
        if root == "parameters":
            periods = [each.in_force for each in pack.parameters[name].values]
            changes |= {day for each in periods for day in (each.since, each.until) if day}
    days = sorted(changes)
    yield from (days[0] - ONE_DAY, *days) if days else (date(2000, 1, 1),)


class GuardQuestion:
    """Whether a guard can hold on one day."""

    def __init__(self, facts: FactType, day: date, pack: Pack) -> None:
        self.pack = pack
        self.day = day
        self.questions = Questions((facts,), day)
        self.peers: dict[str, PolicyTerms] = {}

    def is_impossible(self, condition: Expression) -> bool:
        """Return whether no record meets a condition; not where that is undecided."""
        context = Context(parameters=ParametersOn(self.pack.parameters, self.day))
        encoder = Encoder(self.questions.space, context, self.output_of)
        return self.questions.is_impossible(encoder.encode(condition.tree))

    def output_of(self, policy: str, output: str) -> Symbol:
        """Return an output of a policy that the guard asks."""
        if policy not in self.peers:
            self.peers[policy] = self.questions.encode(self.pack.policies[policy])
        return self.peers[policy].output(output)
