"""The verification of a pack: what the static checks leave open, put to the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from telecom_rules.checks import ignore_progress
from telecom_rules.checks.analysis.outputs import find_constant_outputs
from telecom_rules.checks.analysis.state_space import StateSpace
from telecom_rules.checks.analysis.table_proof import (
    prove_table,
    report_undecided,
    reported_day_of,
)
from telecom_rules.checks.analysis.verdicts import (
    PropertyVerdict,
    describe_counterexample,
    prove_property,
)
from telecom_rules.checks.properties import describe_conditions
from telecom_rules.checks.strictness.policies import is_changed
from telecom_rules.checks.tables import MOST_STEPS, has_all_figures, iter_days, iter_lasting
from telecom_rules.findings import Finding
from telecom_rules.pack.located import iter_workflows
from telecom_rules.policies.completions.budget import SearchBudget
from telecom_rules.proofs.comparison import Comparison, compare_policy
from telecom_rules.proofs.counterexample import Counterexample
from telecom_rules.proofs.guards import find_impossible_guards
from telecom_rules.proofs.overlays import STILL, settle_deviations
from telecom_rules.proofs.runs.properties import weigh_property
from telecom_rules.proofs.runs.search import WeighedSpace
from telecom_rules.proofs.solver import ONE_AT_A_TIME
from telecom_rules.proofs.tables import TableQuestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from telecom_rules.checks import Progress
    from telecom_rules.checks.analysis.table_proof import Undecided
    from telecom_rules.findings import Span
    from telecom_rules.pack import Pack, Reading
    from telecom_rules.proofs.runs.properties import WeighedProof
    from telecom_rules.proofs.runs.walks import CaseRun
    from telecom_rules.proofs.tables import Mistake
    from telecom_rules.workflows import Workflow


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification.

    Attributes:
        findings: the mistakes that were found and what is still undecided, with its reason.
        counterexamples: the records that show the mistakes, decided by the engine.
        tables: how many tables were proved or refuted, each day apart.
        settled: how many questions were undecided before and are answered now.
        comparisons: how each policy that has changed stands to that of the older pack.
        runs: the runs of cases that show the mistakes, made by the engine.
    """

    findings: tuple[Finding, ...]
    counterexamples: tuple[Counterexample, ...]
    tables: int
    settled: int
    comparisons: tuple[Comparison, ...] = ()
    runs: tuple[CaseRun, ...] = ()


class Verifier:
    """Collects what is found about one pack."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.pack = reading.require_pack()
        self.findings: dict[str, Finding] = {}
        self.counterexamples: list[Counterexample] = []
        self.runs: list[CaseRun] = []
        self.tables = 0
        self.settled = 0

    def add(self, finding: Finding, counterexample: Counterexample | None = None) -> None:
        """Add a finding with what shows it, unless another day has shown it."""
        key = str((finding.id, finding.span, *(v for k, v in finding.values.items() if k != "day")))
        if key not in self.findings:
            self.findings[key] = finding
            self.counterexamples += [] if counterexample is None else [counterexample]

    def verify_tables(self, progress: Progress) -> None:
        """Ask what the static proofs of the tables leave undecided."""
        outputs = find_constant_outputs(self.pack)
        budget = SearchBudget(MOST_STEPS)
        for done, policy in enumerate(self.pack.policies.values()):
            progress(done, len(self.pack.policies))
            proved: dict[date, tuple[Finding, ...]] = {}
            answers: list[Mistake] = []
            for day in iter_days(policy):
                if not policy.rows or not has_all_figures(policy, day):
                    continue
                self.tables += 1
                proof = prove_table(policy, day, outputs, budget)
                settled: tuple[Mistake, ...] = ()
                if proof.undecided:
                    settled = tuple(self.settle_table(TableQuestions(policy, day), proof.undecided))
                proved[day] = (*proof.findings, *(each.finding for each in settled))
                answers += settled
            lasting = tuple(iter_lasting(policy, proved))
            for answer in answers:
                if answer.finding in lasting:
                    self.add(*answer)

    def settle_table(
        self, questions: TableQuestions, undecided: Iterable[Undecided]
    ) -> Iterator[Mistake]:
        """Yield the mistakes among what the static proof of one table leaves undecided."""
        for each in undecided:
            answer = questions.settle(each)
            yield from answer.mistakes
            if answer.undecided is None:
                self.settled += 1
            else:
                day = reported_day_of(questions.policy, questions.day)
                self.add(report_undecided(questions.policy, answer.undecided, day))

    def verify_properties(self) -> None:
        """Ask which properties hold that depend on conditions."""
        for flow in iter_workflows(self.reading):
            plain = StateSpace(flow.workflow)
            weighed: WeighedSpace | None = None
            written = zip(flow.workflow.properties, flow.definition.properties, strict=True)
            for demand, definition in written:
                if prove_property(plain, demand).verdict is not PropertyVerdict.UNDECIDED:
                    continue  # proved, or told by `validate`
                weighed = weighed or WeighedSpace(flow.workflow, self.pack)
                found = weigh_property(flow.workflow, self.pack, demand, weighed)
                self.settled += found.why is None
                self.runs += [] if found.run is None else [found.run]
                if found.proof.verdict is not PropertyVerdict.HOLDS:
                    self.add(build_weighed_finding(flow.workflow, found, definition.span))

    def verify_overlay(self) -> None:
        """Ask what the static comparison with the base leaves undecided."""
        for each in settle_deviations(self.reading):
            if each.finding is not None:
                self.add(each.finding, each.counterexample)
            self.settled += each.is_settled

    def compare(self, old: Pack) -> tuple[Comparison, ...]:
        """Return how each changed policy stands to that of an older pack."""
        found = []
        for name, policy in old.policies.items():
            own = self.pack.policies.get(name)
            if own is None or not is_changed(policy, own):
                continue
            comparison = compare_policy(policy, own)
            found.append(comparison)
            self.counterexamples += [
                Counterexample(own, *each) for each in comparison.shown.values()
            ]
        return tuple(found)


def verify(
    reading: Reading, *, against: Pack | None = None, progress: Progress = ignore_progress
) -> Verification:
    """Return what an SMT solver makes of all that the static checks of a pack leave undecided.

    Every counterexample was decided by the engine. Of several threads one verifies at a time, and
    the others wait.

    Args:
        reading: the pack, which has to link.
        against: an older pack; each policy of both is compared.
        progress: is told how many of how many policies are done.

    Raises:
        PackError: the pack does not link.
    """
    with ONE_AT_A_TIME:
        return verify_alone(reading, against, progress)


def verify_alone(reading: Reading, against: Pack | None, progress: Progress) -> Verification:
    """Return what the solver makes of a pack, while no other thread asks it."""
    verifier = Verifier(reading)
    verifier.verify_tables(progress)
    verifier.verify_properties()
    for finding in find_impossible_guards(reading):
        verifier.add(finding)
    verifier.verify_overlay()
    comparisons = () if against is None else verifier.compare(against)
    findings = sorted(verifier.findings.values(), key=lambda each: (each.span, each.id))
    return Verification(
        tuple(findings),
        tuple(verifier.counterexamples),
        verifier.tables,
        verifier.settled,
        comparisons,
        tuple(verifier.runs),
    )


SETTLED_CODES: Final = frozenset({"TR407", "TR705", "TR762", "TR763"})
"""What says that something is undecided, and is answered here."""


def settle_findings(reading: Reading, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of a validation, with the answers of the solver for what is undecided.

    What is still undecided about strictness stops a release, if it did before.

    Args:
        reading: the pack that was validated.
        findings: what was found.
    """
    told = tuple(findings)
    if reading.pack is None or not any(each.id in SETTLED_CODES for each in told):
        return told
    kept = [each for each in told if each.id not in SETTLED_CODES]
    is_release = any(each.id == "TR763" for each in told)
    for each in verify(reading).findings:
        is_sharper = is_release and each.id == "TR762"
        found = Finding("TR763", each.span, each.values) if is_sharper else each
        if found not in kept:
            kept.append(found)
    return tuple(kept)


def build_weighed_finding(workflow: Workflow, found: WeighedProof, span: Span) -> Finding:
    """Return the finding on a property that is violated, or still undecided."""
    proof = found.proof
    if found.run is not None:
        return Finding("TR704", span, {"title": proof.property.title, "trace": found.run.wording})
    trace = describe_counterexample(workflow, proof.counterexample)
    conditions = describe_conditions(proof)
    if found.why is not None:
        conditions = STILL.fill(what=conditions, why=found.why)
    values = {"title": proof.property.title, "trace": trace, "conditions": conditions}
    return Finding("TR705", span, values)
