"""Links the scenarios of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings.kinds import (
    CLOCK,
    EFFECT,
    EVENT,
    FACT,
    FIELD,
    OUTPUT,
    POLICY,
    ROLE,
    STATE,
)
from telecom_rules.scenarios.linking.questions import (
    link_cites,
    link_names,
    link_values,
    strip_places,
)
from telecom_rules.scenarios.linking.values import (
    link_deadline,
    link_instant,
    link_moment,
    read_loosely,
)
from telecom_rules.scenarios.scenario import (
    Expected,
    ExpectedCase,
    ExpectedEffect,
    ExpectedRefusal,
    ScenarioStep,
    WorkflowScenario,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import ReasonKind
from telecom_rules.workflows.chart import Emission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.findings import Findings
    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.definition import (
        ExpectedCaseDefinition,
        ExpectedEffectDefinition,
        ExpectedRefusalDefinition,
        StepDefinition,
        WorkflowScenarioDefinition,
        WorkflowScenarioFileDefinition,
        Written,
    )
    from telecom_rules.scenarios.scenario import Deadline, ExpectedNames, Moment
    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.chart import EffectType


CALLING_STATE = Wording("调用其他流程的状态", "state that calls another workflow")
SCENARIO = Wording("在此之前的场景", "scenario above")
NONE_WORD = "none"
"""The word for an empty list of effects, breaches or warnings."""

NO_START = Wording(
    "没有写明开始时间：请在场景中或文件开头写 `start`",
    "the start is missing: write `start` in the scenario or at the top of the file",
)
NOT_BESIDE_FROM = Wording(
    "`from` 接续另一场景，不能同时有 `{key}`",
    "`from` continues another scenario, so `{key}` is not allowed",
)
SEND_WAIT_OR_CALL = Wording(
    "每一步应写 `send`、`wait` 或 `call` 之一", "a step is either `send`, `wait` or `call`"
)
ONLY_WITH_SEND = Wording("`{key}` 只用于 `send`", "`{key}` is only for `send`")
ONLY_WITH_CALL = Wording("`steps` 只用于 `call`", "`steps` is only for `call`")
AT_OR_AFTER = Wording("`at` 与 `after` 只能写一个", "write either `at` or `after`, not both")
NOT_WHEN_REFUSED = Wording(
    "被拒绝的事件不改变个案，不能预期 `{key}`",
    "a refused event changes nothing, so it cannot have `{key}`",
)
NOT_AT_THE_END = Wording(
    "场景最后的 `then` 不能有 `{key}`：请写在步骤中",
    "`{key}` is for steps, not for the end of a scenario",
)


class WorkflowScenarioLinker:
    """Links one file of a workflow's scenarios."""

    def __init__(
        self,
        definition: WorkflowScenarioFileDefinition,
        pack: Pack,
        findings: Findings,
        workflow: str | None = None,
    ) -> None:
        self.definition = definition
        self.pack = pack
        self.workflow: Workflow = pack.workflows[workflow or definition.workflow]
        self.effects: dict[str, EffectType] = {
            action.effect.name: action.effect
            for state in self.workflow.states.values()
            for action in state.actions
            if isinstance(action, Emission)
        }
        self.linked: dict[str, WorkflowScenario] = {}
        self.failed: set[str] = set()
        self.findings = findings

    def link_scenarios(self) -> tuple[WorkflowScenario, ...]:
        """Return the scenarios of the file, without those that have mistakes."""
        for name, test in self.definition.tests.items():
            scenario = self.link_scenario(name, test)
            if scenario is None:
                self.failed.add(str(name))
            else:
                self.linked[str(name)] = scenario
        return tuple(self.linked.values())

    def link_scenario(
        self, name: Word, test: WorkflowScenarioDefinition
    ) -> WorkflowScenario | None:
        """Return one scenario, or `None` after reporting its mistakes."""
        mistakes = len(self.findings)
        predecessor = self.find_predecessor(test)
        facts = self.link_facts(test)
        start = predecessor.start if predecessor is not None else self.link_start(test)
        steps = tuple(map(self.link_step, test.steps))
        then = None if test.then is None else self.link_case(test.then)
        if test.then is not None:
            for key in ("effects", "cites"):
                if getattr(test.then, key):
                    self.findings.misused(test.then.span_of_key(key), NOT_AT_THE_END, key=key)
        cites = link_cites(test.cites, self.pack, self.findings)
        if len(self.findings) > mistakes or start is None:
            return None
        return WorkflowScenario(
            id=f"{self.definition.scenarios}/{name}",
            title=test.title,
            cites=cites,
            span=name.span,
            workflow=self.workflow,
            start=start,
            facts=facts,
            predecessor=predecessor,
            steps=steps,
            then=then,
        )

    def find_predecessor(self, test: WorkflowScenarioDefinition) -> WorkflowScenario | None:
        """Return the scenario that this one continues, if any."""
        if test.goes_on is None:
            return None
        for key in ("start", "given", "without"):
            if getattr(test, key):
                self.findings.misused(test.span_of_key(key), NOT_BESIDE_FROM, key=key)
        if test.goes_on not in self.linked and test.goes_on not in self.failed:
            self.findings.unknown(test.goes_on, SCENARIO, self.linked)
        return self.linked.get(test.goes_on)

    def link_start(self, test: WorkflowScenarioDefinition) -> datetime | None:
        """Return when a case starts."""
        if test.goes_on is not None:
            return None  # its predecessor has mistakes
        written = test.start or self.definition.start
        if written is None:
            self.findings.misused(test.span, NO_START)
            return None
        return link_instant(written, self.pack.zone, self.findings)

    def link_facts(self, test: WorkflowScenarioDefinition) -> Mapping[str, object]:
        """Return the initial facts of a case."""
        given = {**self.definition.given, **test.given}
        fields = self.workflow.facts.fields
        for name in test.without:
            if name not in fields:
                self.findings.unknown(name, FACT, fields)
            given.pop(name, None)
        return strip_places(link_values(given, fields, FACT, self.pack, self.findings))

    def link_step(self, written: StepDefinition) -> ScenarioStep:
        """Return one step."""
        self.check_shape(written)
        refused = None if written.refused is None else self.link_refusal(written.refused)
        then = None if written.then is None else self.link_case(written.then)
        return ScenarioStep(
            span=written.span if written.send is None else written.send.span,
            event=None if written.send is None else str(written.send),
            payload=self.link_payload(written),
            by=None if written.by is None else self.link_role(written),
            moment=self.link_time(written),
            then=then,
            refused=refused,
            call=None if written.call is None else str(written.call),
            called_steps=self.link_called_steps(written),
        )

    def link_called_steps(self, written: StepDefinition) -> tuple[ScenarioStep, ...]:
        """Return the steps of a called case."""
        if written.call is None:
            return ()
        calls = {each.name: each.call for each in self.workflow.states.values() if each.call}
        call = calls.get(written.call)
        if call is None:
            self.findings.unknown(written.call, CALLING_STATE, calls)
            return ()
        linker = WorkflowScenarioLinker(self.definition, self.pack, self.findings, call.workflow)
        return tuple(map(linker.link_step, written.steps))

    def check_shape(self, written: StepDefinition) -> None:
        """Report keys that exclude each other in a step."""
        if sum(each is not None for each in (written.send, written.wait, written.call)) != 1:
            self.findings.misused(written.span, SEND_WAIT_OR_CALL)
        if written.steps and written.call is None:
            self.findings.misused(written.span_of_key("steps"), ONLY_WITH_CALL)
        if written.moment is not None and written.after is not None:
            self.findings.misused(written.span_of_key("after"), AT_OR_AFTER)
        if written.send is None:
            returns = written.call is not None
            for key in ("values", "by", "moment", "after", *(() if returns else ("refused",))):
                if getattr(written, key):
                    name = {"values": "with", "moment": "at"}.get(key, key)
                    self.findings.misused(written.span_of_key(name), ONLY_WITH_SEND, key=name)
        if written.refused is not None and written.then is not None:
            for key in ("effects", "breaches", "warnings", "cites"):
                if getattr(written.then, key):
                    self.findings.misused(written.then.span_of_key(key), NOT_WHEN_REFUSED, key=key)

    def link_payload(self, written: StepDefinition) -> Mapping[str, object]:
        """Return the payload of an event; an invalid one may be meant to be refused."""
        expected = () if written.refused is None else written.refused.because
        event = None if written.send is None else self.workflow.events.get(written.send)
        fields = event.payload.fields if event is not None else {}
        zone = self.pack.zone
        if event is None and written.send is not None:
            if ReasonKind.UNKNOWN_EVENT not in expected:
                self.findings.unknown(written.send, EVENT, self.iter_sendable())
            return {}
        if ReasonKind.PAYLOAD_INVALID in expected:
            items = written.values.items()
            return {str(name): read_loosely(fields.get(name), each, zone) for name, each in items}
        return strip_places(link_values(written.values, fields, FIELD, self.pack, self.findings))

    def iter_sendable(self) -> Iterable[str]:
        """Yield the events that a host may send."""
        return (name for name, event in self.workflow.events.items() if not event.internal)

    def link_role(self, written: StepDefinition) -> str:
        """Return the role that sends an event; an unknown role may be meant to be refused."""
        by = str(written.by)
        expected = () if written.refused is None else written.refused.because
        known = self.workflow.roles
        if known and by not in known and ReasonKind.ROLE not in expected and written.by:
            self.findings.unknown(written.by, ROLE, known)
        return by

    def link_time(self, written: StepDefinition) -> Expected[Moment] | None:
        """Return when a step happens."""
        moment = written.wait or written.moment or written.after
        if moment is None:
            return None
        return link_moment(moment, self.workflow.clocks, self.pack.zone, self.findings)

    def link_case(self, written: ExpectedCaseDefinition) -> ExpectedCase:
        """Return the expected state of a case."""
        workflow = self.workflow
        fields = workflow.facts.fields
        return ExpectedCase(
            states=link_names(written.state, STATE, workflow.states, self.findings),
            facts=link_values(written.facts, fields, FACT, self.pack, self.findings),
            absent=link_names(written.absent, FACT, fields, self.findings),
            effects=self.link_effects(written),
            due=self.link_due(written.due),
            breaches=self.link_clocks(written, "breaches"),
            warnings=self.link_clocks(written, "warnings"),
            policies={
                str(name): self.link_outputs(name, then) for name, then in written.policies.items()
            },
            cites=link_cites(written.cites, self.pack, self.findings),
        )

    def link_effects(
        self, written: ExpectedCaseDefinition
    ) -> Expected[tuple[ExpectedEffect, ...]] | None:
        """Return the expected effects."""
        if not written.effects:
            return None
        span = written.span_of_key("effects")
        if [each.effect for each in written.effects] == [NONE_WORD]:
            return Expected((), span)
        return Expected(tuple(map(self.link_effect, written.effects)), span)

    def link_effect(self, written: ExpectedEffectDefinition) -> ExpectedEffect:
        """Return one expected effect."""
        kind = self.effects.get(written.effect)
        if kind is None:
            self.findings.unknown(written.effect, EFFECT, self.effects)
            return ExpectedEffect(str(written.effect), {})
        payload = link_values(written.values, kind.payload.fields, FIELD, self.pack, self.findings)
        return ExpectedEffect(kind.name, payload)

    def link_due(self, written: Mapping[Word, Scalar]) -> Mapping[str, Expected[Deadline]]:
        """Return the expected deadlines of clocks."""
        due: dict[str, Expected[Deadline]] = {}
        for name, each in written.items():
            if name not in self.workflow.clocks:
                self.findings.unknown(name, CLOCK, self.workflow.clocks)
            at = link_deadline(each, self.pack.zone, self.findings)
            if at is not None:
                due[str(name)] = at
        return due

    def link_clocks(self, written: ExpectedCaseDefinition, key: str) -> ExpectedNames:
        """Return the clocks expected under `breaches` or `warnings`."""
        words: tuple[Word, ...] = getattr(written, key)
        if not words:
            return None
        if words == (NONE_WORD,):
            return Expected((), written.span_of_key(key))
        clocks = link_names(words, CLOCK, self.workflow.clocks, self.findings)
        return Expected(tuple(each.value for each in clocks), written.span_of_key(key))

    def link_outputs(
        self, name: Word, then: Mapping[Word, Written]
    ) -> Mapping[str, Expected[Value]]:
        """Return the expected outputs of one policy for the facts of the case."""
        candidates = [
            each.name
            for each in self.pack.policies.values()
            if each.facts.name == self.workflow.facts.name
        ]
        if name not in candidates:
            self.findings.unknown(name, POLICY, candidates)
            return {}
        outputs = self.pack.policies[name].outputs.fields
        return link_values(then, outputs, OUTPUT, self.pack, self.findings)

    def link_refusal(self, written: ExpectedRefusalDefinition) -> ExpectedRefusal:
        """Return an expected refusal."""
        needs = tuple(map(str, written.needs))
        return ExpectedRefusal(
            Expected(written.because, written.span_of_key("because")),
            Expected(needs, written.span_of_key("needs")) if needs else None,
            link_cites(written.cites, self.pack, self.findings),
        )
