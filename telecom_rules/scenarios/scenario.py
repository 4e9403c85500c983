"""Linked scenarios: names resolved, values typed, each expectation with its span."""

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
"""The word in scenarios for the default of a table."""


@dataclass(frozen=True, slots=True)
class Expected(Generic[T_co]):
    """An expected value, with its span in the file."""

    value: T_co
    span: Span


ExpectedNames: TypeAlias = "Expected[tuple[str, ...]] | None"
"""The expected names, all and in order; `None` if nothing is expected."""


@dataclass(frozen=True, slots=True)
class ExpectedDecision:
    """The expected decision of a policy.

    Attributes:
        outputs: expected outputs.
        absent: outputs that must be absent.
        rules: the rules that must decide, in order; empty if no rule may match.
        checks: the expected status of checks.
        needs: the missing facts because of which nothing may be decided.
        error: the code of the expected error, such as `no-rule-matches`.
    """

    outputs: Mapping[str, Expected[Value]] = field(hash=False)
    absent: tuple[Expected[str], ...]
    rules: ExpectedNames
    checks: Mapping[str, Expected[Status]] = field(hash=False)
    needs: ExpectedNames
    error: Expected[str] | None


@dataclass(frozen=True, slots=True)
class Example:
    """A record given to a policy on a day, with the expected decision."""

    span: Span
    on: date
    facts: Mapping[str, object] = field(hash=False)
    expected: ExpectedDecision


@dataclass(frozen=True, slots=True)
class Scenario:
    """A test of a pack.

    Attributes:
        id: the name of its group and its own, such as `complaint_grade/repeated`.
        title: its name for people.
        cites: the clauses it tests.
        span: the span of its name.
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
    """A duration after the step before."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class AtClock:
    """A moment of a running clock."""

    clock: str
    moment: ClockMoment


Moment: TypeAlias = AtInstant | AfterDuration | AtClock
Deadline: TypeAlias = "date | datetime | Literal['none', 'paused', 'undetermined']"
"""The expected deadline of a clock: a day (until 24:00), an instant, or a word for none."""


@dataclass(frozen=True, slots=True)
class ExpectedEffect:
    """An expected effect, with some of its payload."""

    name: str
    payload: Mapping[str, Expected[Value]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class ExpectedCase:
    """The expected state of a case."""

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
    """An expected refusal."""

    because: Expected[tuple[ReasonKind, ...]]
    needs: ExpectedNames = None
    cites: tuple[Expected[Clause], ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One step of a case.

    Attributes:
        event: the event sent, or `None` if only time passes or a called case returns.
        call: the state whose called case returns, or `None`.
        called_steps: the steps of the called case before it returns.
        payload: the payload of the event.
        by: the role that sends it.
        moment: its time, or `None` for that of the step before.
        then: the expected state of the case afterwards, or `None`.
        refused: the expected refusal, or `None`.
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
        facts: the initial facts.
        predecessor: the scenario that this one continues, or `None`.
        steps: its steps.
        then: the expected state of the case at the end, or `None`.
    """

    workflow: Workflow = field(hash=False)
    start: datetime
    facts: Mapping[str, object] = field(hash=False)
    predecessor: WorkflowScenario | None
    steps: tuple[ScenarioStep, ...]
    then: ExpectedCase | None
