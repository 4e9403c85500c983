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

__all__ = [
    "Answer",
    "AtClock",
    "AtInstant",
    "ClockMoment",
    "Deadline",
    "EffectWanted",
    "Flow",
    "Later",
    "Moment",
    "Names",
    "Posture",
    "Question",
    "Questions",
    "Refusal",
    "Scenario",
    "Step",
    "Wanted",
]

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T_co]):
    """Something that is expected, with the place where that is written."""

    value: T_co
    span: Span


Names: TypeAlias = "Wanted[tuple[str, ...]] | None"
"""Names that are expected, all and in order; `None` where nothing is said of them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a policy must answer.

    Attributes:
        outputs: outputs with their values.
        absent: outputs that must not be there.
        rules: the rules that must decide, in order; none where no rule may hold.
        checks: the status of checks.
        needs: the facts without which nothing must be decided.
        error: the code of the error that must be raised, such as `no-rule-matches`.
    """

    outputs: Mapping[str, Wanted[Value]] = field(hash=False)
    absent: tuple[Wanted[str], ...]
    rules: Names
    checks: Mapping[str, Wanted[Status]] = field(hash=False)
    needs: Names
    error: Wanted[str] | None


@dataclass(frozen=True, slots=True)
class Question:
    """A record put to a policy on a day."""

    span: Span
    on: date
    facts: Mapping[str, object] = field(hash=False)
    answer: Answer


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
    cites: tuple[Wanted[Clause], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Questions(Scenario):
    """A scenario of a policy: one record or several."""

    policy: Policy = field(hash=False)
    questions: tuple[Question, ...]


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
class Later:
    """So much later than the step before."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class AtClock:
    """A moment of a clock that runs."""

    clock: str
    moment: ClockMoment


Moment: TypeAlias = AtInstant | Later | AtClock
Deadline: TypeAlias = "date | datetime | Literal['none', 'paused', 'undetermined']"
"""When a clock must be due: on a day, which ends at 24:00, or at an instant; or not at all."""


@dataclass(frozen=True, slots=True)
class EffectWanted:
    """An effect that must be asked for, with some of its payload."""

    name: str
    payload: Mapping[str, Wanted[Value]] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Posture:
    """Where a case must stand."""

    states: tuple[Wanted[str], ...] = ()
    facts: Mapping[str, Wanted[Value]] = field(default_factory=dict, hash=False)
    absent: tuple[Wanted[str], ...] = ()
    effects: Wanted[tuple[EffectWanted, ...]] | None = None
    due: Mapping[str, Wanted[Deadline]] = field(default_factory=dict, hash=False)
    breaches: Names = None
    warnings: Names = None
    policies: Mapping[str, Mapping[str, Wanted[Value]]] = field(default_factory=dict, hash=False)
    cites: tuple[Wanted[Clause], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """That an event must be refused."""

    because: Wanted[tuple[ReasonKind, ...]]
    needs: Names = None
    cites: tuple[Wanted[Clause], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens to a case.

    Attributes:
        event: the event that is sent, or `None` where only time passes, or a called case returns.
        call: the state whose called case returns, or `None`.
        called: what happens to the called case before.
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
    moment: Wanted[Moment] | None
    then: Posture | None
    refused: Refusal | None
    call: str | None = None
    called: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow(Scenario):
    """A scenario of a workflow.

    Attributes:
        workflow: the workflow.
        start: when the case starts.
        facts: what is known then.
        before: the scenario at whose end this one goes on, or `None`.
        steps: what happens.
        then: where the case must stand at the end, or `None`.
    """

    workflow: Workflow = field(hash=False)
    start: datetime
    facts: Mapping[str, object] = field(hash=False)
    before: Flow | None
    steps: tuple[Step, ...]
    then: Posture | None
