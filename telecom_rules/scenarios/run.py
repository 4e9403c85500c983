"""Runs scenarios and compares the outcomes with the expected ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telecom_rules.errors import NotPublished, TelecomRulesError
from telecom_rules.findings import Finding, Findings
from telecom_rules.scenarios import compare
from telecom_rules.scenarios.coverage.observe import Observer
from telecom_rules.scenarios.scenario import (
    AtClock,
    AtInstant,
    ClockMoment,
    PolicyScenario,
    Scenario,
    WorkflowScenario,
)
from telecom_rules.vocabulary import Unit
from telecom_rules.vocabulary.time.deadlines import MINUTES_PER_UNIT, shift_months
from telecom_rules.wording import Wording
from telecom_rules.workflows import DueKind, Refused, Standpoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.coverage.observe import CoverageMark
    from telecom_rules.scenarios.scenario import Expected, Moment, ScenarioStep
    from telecom_rules.vocabulary import Calendar, Duration
    from telecom_rules.workflows import Accepted, Case, Entry, Ticked


NOT_RUNNING = Wording("该时限没有在计时", "it is not running")
NO_WARNING = Wording("该时限不设提醒，或已经提醒", "it has no warning, or has given it")
PACK_HAS_NO_CALENDAR = Wording("规则包没有指定工作日历", "the pack has no calendar")


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """The result of a scenario.

    Attributes:
        scenario: the scenario.
        findings: the differences from the expectations, each at the span of the expectation.
        marks: the coverage marks, if the run is observed.
    """

    scenario: Scenario
    findings: tuple[Finding, ...]
    marks: frozenset[CoverageMark] = frozenset()

    @property
    def passed(self) -> bool:
        """Whether all expectations are met."""
        return not self.findings


class ScenarioStopped(Exception):
    """A scenario cannot continue; `finding` says why. Caught by `Runner.walk`."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.id)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class ScenarioEnd:
    """The end of a scenario of a workflow.

    Attributes:
        case: the case.
        at: the time of the last step.
        journal: the entries of the case so far.
    """

    case: Case
    at: datetime
    journal: tuple[Entry, ...]


class Runner:
    """Runs the scenarios of one pack; a scenario that others continue is run once.

    Args:
        pack: the pack.
        observe: whether to collect coverage marks.
    """

    def __init__(self, pack: Pack, *, observe: bool = False) -> None:
        self.pack = pack
        self.observer: Observer | None = Observer(pack) if observe else None
        self.ends: dict[str, tuple[ScenarioEnd | None, frozenset[CoverageMark]]] = {}

    def run(self, scenario: Scenario) -> ScenarioResult:
        """Run one scenario."""
        before = scenario.predecessor if isinstance(scenario, WorkflowScenario) else None
        if before is not None and before.id not in self.ends:
            self.run(before)
        findings = Findings()
        if self.observer is not None:
            # A scenario also covers everything that its predecessor covers.
            self.observer.marks = set(self.ends[before.id][1]) if before is not None else set()
        if isinstance(scenario, PolicyScenario):
            findings.extend(self.ask(scenario))
        end = self.walk(scenario, findings) if isinstance(scenario, WorkflowScenario) else None
        marks = frozenset(self.observer.marks) if self.observer is not None else frozenset()
        self.ends[scenario.id] = end, marks
        return ScenarioResult(scenario, tuple(findings), marks)

    def ask(self, scenario: PolicyScenario) -> Iterator[Finding]:
        """Yield the differences of every example of a policy's scenario."""
        for question in scenario.examples:
            wanted = question.expected.error
            if self.observer is not None:
                self.observer.note_question(scenario.policy, question.facts, question.on)
            try:
                decision = scenario.policy.decide(question.facts, on=question.on)
            except TelecomRulesError as problem:
                if wanted is None:
                    values = {"why": problem.wording}
                    yield Finding("TR733", question.span, values)
                elif wanted.value != problem.code:
                    got, expected = (
                        Wording.same(f"`{each}`") for each in (problem.code, wanted.value)
                    )
                    yield compare.build_difference("error", got, expected, wanted)
                continue
            if self.observer is not None:
                self.observer.note_decision(decision)
            if wanted is not None:
                got = Wording(decision.summary("zh"), decision.summary("en"))
                expected = Wording.same(f"`{wanted.value}`")
                yield compare.build_difference("error", got, expected, wanted)
                continue
            yield from compare.explain_first(
                compare.compare_decision(scenario.policy, decision, question.expected),
                decision.explain,
            )

    def walk(self, flow: WorkflowScenario, findings: Findings) -> ScenarioEnd | None:
        """Take a case through a scenario to its end; `None` after reporting why it failed."""
        try:
            end = self.begin(flow)
            for step in flow.steps:
                differences = Findings()
                end = self.take_step(end, step, differences)
                findings.extend(compare.explain_first(differences, None))
                if findings:
                    return None
            if flow.then is not None:
                findings.extend(compare.compare_case(end.case, None, flow.then, self.pack.policies))
            findings.extend(self.judge_properties(flow, end))
        except ScenarioStopped as stopped:
            findings.append(stopped.finding)
        except TelecomRulesError as problem:
            findings.add("TR733", flow.span, why=problem.wording)
        return None if findings else end

    def begin(self, flow: WorkflowScenario) -> ScenarioEnd:
        """Start the case of a scenario, or return the end of its predecessor."""
        if flow.predecessor is None:
            opened = flow.workflow.open(flow.facts, at=flow.start, id=flow.id)
            if self.observer is not None:
                self.observer.note_progress(flow.workflow, opened)
            return ScenarioEnd(opened.case, flow.start, opened.entries)
        end, _ = self.ends[flow.predecessor.id]
        if end is None:
            raise ScenarioStopped(Finding("TR735", flow.span, {"name": flow.predecessor.id}))
        return end

    def take_step(self, end: ScenarioEnd, step: ScenarioStep, findings: Findings) -> ScenarioEnd:
        """Take one step, report the differences, and return the new end."""
        case, at = end.case, self.instant_of(end, step.moment)
        outcome: Accepted | Refused | Ticked
        if step.call is None:
            outcome = self.send_event(case, step, at)
        else:
            called = self.walk_called_case(end, step, step.call, findings)
            if findings:
                return end
            at = called.at
            outcome = case.returned(called.case, at=at)
            if self.observer is not None and not isinstance(outcome, Refused):
                self.observer.note_return(case.workflow, step.call, outcome)
        if isinstance(outcome, Refused):
            findings.extend(self.compare_refused(outcome, step))
            return ScenarioEnd(case, at, end.journal)
        if step.refused is not None:
            because = step.refused.because
            notes = compare.explain_notes(outcome.explain)
            findings.add(
                "TR732",
                because.span,
                event=step.event or step.call,
                expected=compare.quote_names(because.value),
                notes=notes,
            )
        if step.then is not None:
            differences = compare.compare_case(outcome.case, outcome, step.then, self.pack.policies)
            findings.extend(compare.explain_first(differences, outcome.explain))
        return ScenarioEnd(outcome.case, at, (*end.journal, *outcome.entries))

    def send_event(
        self, case: Case, step: ScenarioStep, at: datetime
    ) -> Accepted | Refused | Ticked:
        """Send the event of a step, or let time pass."""
        if step.event is None:
            ticked = case.tick(at)
            if self.observer is not None:
                self.observer.note_progress(case.workflow, ticked)
            return ticked
        outcome = case.send(step.event, step.payload, at=at, by=step.by)
        if self.observer is not None:
            self.observer.note_event(case, step.event, step.payload, at, step.by, outcome)
        return outcome

    def walk_called_case(
        self, end: ScenarioEnd, step: ScenarioStep, state: str, findings: Findings
    ) -> ScenarioEnd:
        """Take a called case through its steps, and return its end."""
        call = next((each for each in end.case.calls if each.state == state), None)
        if call is None:
            raise ScenarioStopped(Finding("TR737", step.span, {"state": state}))
        opened = call.open()
        if self.observer is not None:
            self.observer.note_progress(call.workflow, opened)
        called = ScenarioEnd(opened.case, call.at, opened.entries)
        for each in step.called_steps:
            called = self.take_step(called, each, findings)
            if findings:
                break
        # It cannot be returned before the last step of its caller.
        return called if called.at >= end.at else replace(called, at=end.at)

    def judge_properties(self, flow: WorkflowScenario, end: ScenarioEnd) -> Iterator[Finding]:
        """Yield the properties that the case violates, and note those it satisfies."""
        for judgement in flow.workflow.judge(end.journal):
            demand = judgement.property
            if judgement.standpoint is Standpoint.VIOLATED:
                yield Finding("TR736", flow.span, {"title": demand.title, "name": demand.name})
            elif judgement.standpoint is Standpoint.SATISFIED and self.observer is not None:
                self.observer.marks.add(("property", flow.workflow.name, demand.name))

    def compare_refused(self, outcome: Refused, step: ScenarioStep) -> Iterator[Finding]:
        """Yield the differences after a refusal, expected or not."""
        if step.refused is None:
            notes = compare.explain_notes(outcome.explain)
            yield Finding("TR731", step.span, {"event": step.event or step.call}, notes=notes)
            return
        yield from compare.explain_first(
            compare.compare_refusal(outcome, step.refused), outcome.explain
        )
        if step.then is not None:
            yield from compare.compare_case(outcome.case, None, step.then, self.pack.policies)

    def instant_of(self, end: ScenarioEnd, moment: Expected[Moment] | None) -> datetime:
        """Return when a step happens."""
        if moment is None:
            return end.at
        value = moment.value
        if isinstance(value, AtInstant):
            return value.at
        if isinstance(value, AtClock):
            return self.instant_of_clock(end.case, value, moment)
        try:
            return add_duration(end.at, value.duration, self.pack.vocabulary.calendar)
        except (NotPublished, OverflowError) as problem:
            why = getattr(problem, "wording", Wording.same("> 9999"))
            raise ScenarioStopped(Finding("TR733", moment.span, {"why": why})) from None

    def instant_of_clock(self, case: Case, value: AtClock, moment: Expected[Moment]) -> datetime:
        """Return a moment of a running clock."""
        run = case.clocks.get(value.clock)
        due = {each.kind: each for each in (run.due() if run is not None else ())}
        if value.moment is ClockMoment.WARNING and DueKind.WARN in due:
            return due[DueKind.WARN].at
        if value.moment is not ClockMoment.WARNING and DueKind.EXPIRY in due:
            end = due[DueKind.EXPIRY]
            return end.at if value.moment is ClockMoment.DEADLINE else end.fires
        why = NO_WARNING if due else (run and run.undetermined) or NOT_RUNNING
        raise ScenarioStopped(Finding("TR734", moment.span, {"clock": value.clock, "why": why}))


def add_duration(at: datetime, duration: Duration, calendar: Calendar | None) -> datetime:
    """Return the instant `duration` after `at`; for days and months, at the same time of day.

    Raises:
        NotPublished: the calendar does not cover a day in between.
        OverflowError: it lies beyond the last date.
        TelecomRulesError: working days are counted, and the pack has no calendar.
    """
    if duration.unit in MINUTES_PER_UNIT:
        return at + timedelta(minutes=duration.amount * MINUTES_PER_UNIT[duration.unit])
    if duration.unit is Unit.CALENDAR_DAYS:
        return at + timedelta(days=duration.amount)
    if duration.unit is Unit.MONTHS:
        return datetime.combine(shift_months(at.date(), duration.amount), at.timetz())
    if calendar is None:
        raise TelecomRulesError(PACK_HAS_NO_CALENDAR)
    return datetime.combine(calendar.add_working_days(at.date(), duration.amount), at.timetz())


def run(
    scenarios: Iterable[Scenario], pack: Pack, *, observe: bool = False
) -> tuple[ScenarioResult, ...]:
    """Run scenarios, and return their results in order.

    Args:
        scenarios: the scenarios.
        pack: the pack that they test.
        observe: whether to collect coverage marks.
    """
    runner = Runner(pack, observe=observe)
    return tuple(runner.run(each) for each in scenarios)
