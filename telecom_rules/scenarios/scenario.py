"""Scenarios as linked: every name resolved, every value of its type, and still with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from telecom_rules.findings import Span
    from telecom_rules.policies import Policy, Status
    from telecom_rules.vocabulary import Clause, Duration, Value
    from telecom_rules.wording import Wording
    from telecom_rules.workflows import ReasonKind, Workflow


T_co = TypeVar("T_co", covariant=True)

DEFAULT_RULE = "default"
"""The word of scenarios for the outputs of a table where no rule holds."""


@dataclass(frozen=True, slots=True)
class Expected(Generic[T_co]):
    """Something that is expected, with the place where that is written."""

    value: T_co
    span: Span


ExpectedNames: TypeAlias = "Expected[tuple[str, ...]] | None"
"""Names that are expected, all and in order; `None` where nothing is said of them."""


@dataclass(frozen=True, slots=True)
class ExpectedDecision:
    """What a policy must answer.

    Attributes:
        outputs: outputs with their values.
        absent: outputs that must not be there.
        rules: the rules that must decide, in order; none where no rule may hold.
        checks: the status of checks.
        needs: the facts without which nothing must be decided.
        error: the code of the error that must be raised, such as `no-rule-matches`.
    """

    outputs: Mapping[str, Expected[Value]] = field(hash=False)
    absent: tuple[Expected[str], ...]
    rules: ExpectedNames
    checks: Mapping[str, Expected[Status]] = field(hash=False)
    needs: ExpectedNames
    error: Expected[str] | None


@dataclass(frozen=True, slots=True)
class Example:
    """A record put to a policy on a day."""

    span: Span
    on: date
    facts: Mapping[str, object] = field(hash=False)
    expected: ExpectedDecision


@dataclass(frozen=True, slots=True)
class Scenario:
    """Something that must come true.

    Attributes:
        id: the name of its file's group and its own, such as `complaint_grade/repeated`.
        title: what it shows, for people.
        cites: the clauses it shows at work, each with its place.
        span: where its name is written.
    """

    id: str
    title: Wording
    cites: tuple[Expected[Clause], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class PolicyScenario(Scenario):
    """A scenario of a policy: one record or several."""

    policy: Policy = field(hash=False)
    examples: tuple[Example, ...]


class ClockMoment(StrEnum):
    """A moment of a clock: its warning, its last instant in time, the first one after that."""

    WARNING = "warning"
    DEADLINE = "deadline"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class AtInstant:
    """An instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class AfterDuration:
    """So much later than the step before."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class AtClock:
    """A moment of a clock that runs."""

    clock: str
    moment: ClockMoment


Moment: TypeAlias = AtInstant | AfterDuration | AtClock
Deadline: TypeAlias = "date | datetime | Literal['none', 'paused', 'undetermined']"
"""When a clock must be due: on a day, which ends at 24:00, or at an instant; or not at all."""


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """An effect that must be asked for, with some of its payload."""

    name: str
    payload: Mapping[str, Expected[Value]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """Where a case must stand."""

    states: tuple[Expected[str], ...] = ()
    facts: Mapping[str, Expected[Value]] = field(default_factory=dict, hash=False)
    absent: tuple[Expected[str], ...] = ()
    effects: Expected[tuple[ExpectedEffect, ...]] | None = None
    due: Mapping[str, Expected[Deadline]] = field(default_factory=dict, hash=False)
    breaches: ExpectedNames = None
    warnings: ExpectedNames = None
    policies: Mapping[str, Mapping[str, Expected[Value]]] = field(default_factory=dict, hash=False)
    cites: tuple[Expected[Clause], ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    """That an event must be refused."""

    because: Expected[tuple[ReasonKind, ...]]
    needs: ExpectedNames = None
    cites: tuple[Expected[Clause], ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One thing that happens to a case.

    Attributes:
        event: the event that is sent, or `None` where only time passes, or a called case returns.
        call: the state whose called case returns, or `None`.
        called_steps: what happens to the called case before.
        payload: the data sent with it.
        by: the role that sends it.
        moment: when, or `None` for the instant of the step before.
        then: where the case must stand afterwards, or `None`.
        refused: that it must be refused, or `None`.
    """

    span: Span
    event: str | None
    payload: Mapping[str, object] = field(hash=False)
    by: str | None
    moment: Expected[Moment] | None
    then: ExpectedCase | None
    refused: ExpectedRefusal | None
    call: str | None = None
    called_steps: tuple[ScenarioStep, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowScenario(Scenario):
    """A scenario of a workflow.

    Attributes:
        workflow: the workflow.
        start: when the case starts.
        facts: what is known then.
        predecessor: the scenario at whose end this one goes on, or `None`.
        steps: what happens.
        then: where the case must stand at the end, or `None`.
    """

    workflow: Workflow = field(hash=False)
    start: datetime
    facts: Mapping[str, object] = field(hash=False)
    predecessor: WorkflowScenario | None
    steps: tuple[ScenarioStep, ...]
    then: ExpectedCase | None
