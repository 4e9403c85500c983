"""From what the file of a workflow's scenarios says to the steps that cases are walked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.scenarios.link_questions import FACT, OUTPUT, cited, merged, names, wanted
from telecom_rules.scenarios.scenario import (
    EffectWanted,
    Flow,
    Posture,
    Refusal,
    Step,
    Wanted,
)
from telecom_rules.scenarios.values import deadline, instant, loosely, moment, unknown
from telecom_rules.wording import Wording
from telecom_rules.workflows import ReasonKind
from telecom_rules.workflows.chart import Emission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.findings import Span
    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.definition import (
        EffectDefinition,
        FlowDefinition,
        FlowScenariosDefinition,
        RefusalDefinition,
        StandingDefinition,
        StepDefinition,
        Written,
    )
    from telecom_rules.scenarios.scenario import Deadline, Moment, Names
    from telecom_rules.vocabulary import Value

__all__ = ["FlowLinker"]

EVENT = Wording("事件", "event")
ROLE = Wording("角色", "role")
STATE = Wording("状态", "state")
EFFECT = Wording("效果", "effect")
CLOCK = Wording("时限", "clock")
POLICY = Wording("策略", "policy")
CALLING = Wording("调用其他流程的状态", "state that calls another workflow")
FIELD = Wording("字段", "field")
SCENARIO = Wording("在此之前的场景", "scenario above")
NONE = "none"
"""The word for an empty list of effects, breaches or warnings."""

NO_START = Wording(
    "没有写明开始时间：请在场景或文件中写 `start`",
    "no start is given: write `start` in the scenario or at the top of the file",
)
GOES_ON = Wording(
    "`from` 接续另一场景，不能同时有 `{key}`",
    "`from` goes on where another scenario ended; it cannot stand beside `{key}`",
)
ONE_STEP = Wording(
    "每一步写 `send`、`wait` 或 `call` 之一", "a step is either a `send`, a `wait` or a `call`"
)
ONLY_SENT = Wording("`{key}` 只用于 `send`", "only a `send` has `{key}`")
ONLY_CALLED = Wording("`steps` 只用于 `call`", "only a `call` has `steps`")
ONE_TIME = Wording("`at` 与 `after` 只能写一个", "write either `at` or `after`")
NOTHING_REFUSED = Wording(
    "被拒绝的事件不改变个案，不能有 `{key}`",
    "a refused event changes nothing; `{key}` cannot be expected of it",
)
OF_THE_END = Wording(
    "场景最后的 `then` 不能有 `{key}`：请写在步骤中",
    "`{key}` belongs to a step, not to the end of a scenario",
)


class FlowLinker:
    """Links one file of a workflow's scenarios."""

    def __init__(
        self,
        definition: FlowScenariosDefinition,
        pack: Pack,
        found: list[Finding],
        workflow: str | None = None,
    ) -> None:
        self.definition = definition
        self.pack = pack
        self.workflow = pack.workflows[workflow or definition.workflow]
        self.effects = {
            action.effect.name: action.effect
            for state in self.workflow.states.values()
            for action in state.actions
            if isinstance(action, Emission)
        }
        self.linked: dict[str, Flow] = {}
        self.lost: set[str] = set()
        self.found = found

    def scenarios(self) -> tuple[Flow, ...]:
        """Return the scenarios of the file without those that have a mistake."""
        for name, test in self.definition.tests.items():
            flow = self.scenario(name, test)
            if flow is None:
                self.lost.add(str(name))
            else:
                self.linked[str(name)] = flow
        return tuple(self.linked.values())

    def scenario(self, name: Word, test: FlowDefinition) -> Flow | None:
        """Return one scenario, or `None` after appending what is wrong with it."""
        mistakes = len(self.found)
        before = self.before(test)
        facts = self.facts(test)
        start = before.start if before is not None else self.start(test)
        steps = tuple(map(self.step, test.steps))
        then = None if test.then is None else self.posture(test.then)
        if test.then is not None:
            for key in ("effects", "cites"):
                if getattr(test.then, key):
                    self.wrong(OF_THE_END, test.then.at(key), key=key)
        cites = cited(test.cites, self.pack, self.found)
        if len(self.found) > mistakes or start is None:
            return None
        return Flow(
            f"{self.definition.scenarios}/{name}",
            test.title,
            cites,
            name.span,
            self.workflow,
            start,
            facts,
            before,
            steps,
            then,
        )

    def before(self, test: FlowDefinition) -> Flow | None:
        """Return the scenario that this one goes on from."""
        if test.goes_on is None:
            return None
        for key in ("start", "given", "without"):
            if getattr(test, key):
                self.wrong(GOES_ON, test.at(key), key=key)
        if test.goes_on not in self.linked and test.goes_on not in self.lost:
            unknown(test.goes_on, SCENARIO, self.linked, self.found)
        return self.linked.get(test.goes_on)

    def start(self, test: FlowDefinition) -> datetime | None:
        """Return when a case starts."""
        if test.goes_on is not None:
            return None  # what it goes on from has a mistake
        written = test.start or self.definition.start
        if written is None:
            self.wrong(NO_START, test.span)
            return None
        return instant(written, self.pack.zone, self.found)

    def facts(self, test: FlowDefinition) -> Mapping[str, object]:
        """Return what is known when a case starts."""
        given = {**self.definition.given, **test.given}
        fields = self.workflow.facts.fields
        for name in test.without:
            if name not in fields:
                unknown(name, FACT, fields, self.found)
            given.pop(name, None)
        return merged(wanted(given, fields, FACT, self.pack, self.found))

    def step(self, written: StepDefinition) -> Step:
        """Return one step."""
        self.shape(written)
        refused = None if written.refused is None else self.refusal(written.refused)
        then = None if written.then is None else self.posture(written.then)
        return Step(
            written.span if written.send is None else written.send.span,
            None if written.send is None else str(written.send),
            self.payload(written),
            None if written.by is None else self.role(written),
            self.when(written),
            then,
            refused,
            None if written.call is None else str(written.call),
            self.called(written),
        )

    def called(self, written: StepDefinition) -> tuple[Step, ...]:
        """Return what happens to a called case before it is given back."""
        if written.call is None:
            return ()
        calling = {each.name: each.call for each in self.workflow.states.values() if each.call}
        call = calling.get(written.call)
        if call is None:
            unknown(written.call, CALLING, calling, self.found)
            return ()
        within = FlowLinker(self.definition, self.pack, self.found, call.workflow)
        return tuple(map(within.step, written.steps))

    def shape(self, written: StepDefinition) -> None:
        """Append what cannot stand together in a step."""
        if sum(each is not None for each in (written.send, written.wait, written.call)) != 1:
            self.wrong(ONE_STEP, written.span)
        if written.steps and written.call is None:
            self.wrong(ONLY_CALLED, written.at("steps"))
        if written.moment is not None and written.after is not None:
            self.wrong(ONE_TIME, written.at("after"))
        if written.send is None:
            returns = written.call is not None
            for key in ("values", "by", "moment", "after", *(() if returns else ("refused",))):
                if getattr(written, key):
                    name = {"values": "with", "moment": "at"}.get(key, key)
                    self.wrong(ONLY_SENT, written.at(name), key=name)
        if written.refused is not None and written.then is not None:
            for key in ("effects", "breaches", "warnings", "cites"):
                if getattr(written.then, key):
                    self.wrong(NOTHING_REFUSED, written.then.at(key), key=key)

    def payload(self, written: StepDefinition) -> Mapping[str, object]:
        """Return the data that is sent with an event."""
        expected = () if written.refused is None else written.refused.because
        event = None if written.send is None else self.workflow.events.get(written.send)
        fields = event.payload.fields if event is not None else {}
        zone = self.pack.zone
        if event is None and written.send is not None:
            if ReasonKind.UNKNOWN_EVENT not in expected:
                unknown(written.send, EVENT, self.sendable(), self.found)
            return {}
        if ReasonKind.PAYLOAD_INVALID in expected:
            every = written.values.items()
            return {str(name): loosely(fields.get(name), each, zone) for name, each in every}
        return merged(wanted(written.values, fields, FIELD, self.pack, self.found))

    def sendable(self) -> Iterable[str]:
        """Yield the events that a host may send."""
        return (name for name, event in self.workflow.events.items() if not event.internal)

    def role(self, written: StepDefinition) -> str:
        """Return who sends an event; a role that nobody has may be meant to be refused."""
        by = str(written.by)
        expected = () if written.refused is None else written.refused.because
        known = self.workflow.roles
        if known and by not in known and ReasonKind.ROLE not in expected and written.by:
            unknown(written.by, ROLE, known, self.found)
        return by

    def when(self, written: StepDefinition) -> Wanted[Moment] | None:
        """Return when a step happens."""
        given = written.wait or written.moment or written.after
        if given is None:
            return None
        return moment(given, self.workflow.clocks, self.pack.zone, self.found)

    def posture(self, written: StandingDefinition) -> Posture:
        """Return where a case must stand."""
        workflow = self.workflow
        fields = workflow.facts.fields
        return Posture(
            names(written.state, STATE, workflow.states, self.found),
            wanted(written.facts, fields, FACT, self.pack, self.found),
            names(written.absent, FACT, fields, self.found),
            self.emitted(written),
            self.due(written.due),
            self.listed(written, "breaches"),
            self.listed(written, "warnings"),
            {str(name): self.answer(name, then) for name, then in written.policies.items()},
            cited(written.cites, self.pack, self.found),
        )

    def emitted(self, written: StandingDefinition) -> Wanted[tuple[EffectWanted, ...]] | None:
        """Return the effects that must be asked for."""
        if not written.effects:
            return None
        span = written.at("effects")
        if [each.effect for each in written.effects] == [NONE]:
            return Wanted((), span)
        return Wanted(tuple(map(self.effect, written.effects)), span)

    def effect(self, written: EffectDefinition) -> EffectWanted:
        """Return one effect that must be asked for."""
        kind = self.effects.get(written.effect)
        if kind is None:
            unknown(written.effect, EFFECT, self.effects, self.found)
            return EffectWanted(str(written.effect), {})
        payload = wanted(written.values, kind.payload.fields, FIELD, self.pack, self.found)
        return EffectWanted(kind.name, payload)

    def due(self, written: Mapping[Word, Scalar]) -> Mapping[str, Wanted[Deadline]]:
        """Return when clocks must be due."""
        due: dict[str, Wanted[Deadline]] = {}
        for name, each in written.items():
            if name not in self.workflow.clocks:
                unknown(name, CLOCK, self.workflow.clocks, self.found)
            at = deadline(each, self.pack.zone, self.found)
            if at is not None:
                due[str(name)] = at
        return due

    def listed(self, written: StandingDefinition, key: str) -> Names:
        """Return the clocks that must have been broken or must have warned."""
        words: tuple[Word, ...] = getattr(written, key)
        if not words:
            return None
        if words == (NONE,):
            return Wanted((), written.at(key))
        clocks = names(words, CLOCK, self.workflow.clocks, self.found)
        return Wanted(tuple(each.value for each in clocks), written.at(key))

    def answer(self, name: Word, then: Mapping[Word, Written]) -> Mapping[str, Wanted[Value]]:
        """Return what one policy must say of the facts of the case."""
        mine = [
            each.name
            for each in self.pack.policies.values()
            if each.facts.name == self.workflow.facts.name
        ]
        if name not in mine:
            unknown(name, POLICY, mine, self.found)
            return {}
        outputs = self.pack.policies[name].outputs.fields
        return wanted(then, outputs, OUTPUT, self.pack, self.found)

    def refusal(self, written: RefusalDefinition) -> Refusal:
        """Return how an event must be refused."""
        needs = tuple(map(str, written.needs))
        return Refusal(
            Wanted(written.because, written.at("because")),
            Wanted(needs, written.at("needs")) if needs else None,
            cited(written.cites, self.pack, self.found),
        )

    def wrong(self, what: Wording, span: Span, **values: object) -> None:
        """Append TR120 with `what` as its wording."""
        self.found.append(Finding("TR120", span, {"what": what.fill(**values)}))
