"""The YAML of a workflow: XState's key names, one model per mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from telecom_rules.documents import (
    Choice,
    Definition,
    Events,
    Flag,
    Identifier,
    Named,
    OneOrMany,
    Raw,
    RawOr,
    Reference,
    Text,
    Title,
    Triggers,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Figures, Reentry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents import Word
    from telecom_rules.workflows.properties.templates import Template


class FieldDefinition(Definition):
    """One field of a payload. `grade: complaint_grade` is short for `grade: {type: ...}`."""

    shorthand: ClassVar[str | None] = "type"

    type: Reference
    title: Title | None = None


class EventDefinition(Definition):
    """Something that can happen, with the fields that come with it.

    Attributes:
        right: whether it is a right of the customer or another party, which no house rule may
            take away.
    """

    title: Title
    right: Flag = False
    payload: Named[FieldDefinition] = {}
    cites: OneOrMany[Reference] = ()


class EffectDefinition(Definition):
    """Work that the host is asked to do, with the fields that come with it."""

    title: Title
    payload: Named[FieldDefinition] = {}


class AssignmentDefinition(Definition):
    """A fact that is set. `grade: event.grade` is short for `grade: {value: event.grade}`.

    Attributes:
        when: the condition under which it is set.
    """

    shorthand: ClassVar[str | None] = "value"

    value: Raw
    when: Raw | None = None


class EmissionDefinition(Definition):
    """An effect that a transition requests. `emit: notify` is short for `{effect: notify}`.

    Attributes:
        when: the condition under which it is requested.
    """

    shorthand: ClassVar[str | None] = "effect"

    effect: Reference
    when: Raw | None = None
    values: Named[Raw] = Field({}, alias="with")


class RaiseDefinition(Definition):
    """An event that the chart raises itself. `raise: done` is short for `{event: done}`.

    Attributes:
        when: the condition under which it is raised.
    """

    shorthand: ClassVar[str | None] = "event"

    event: Reference
    when: Raw | None = None
    values: Named[Raw] = Field({}, alias="with")


class ActionDefinition(Definition):
    """Executable content: first facts are set, then effects requested, then events raised."""

    assign: RawOr[Named[AssignmentDefinition]] = {}
    emit: OneOrMany[EmissionDefinition] = ()
    raises: OneOrMany[RaiseDefinition] = Field((), alias="raise")


class TransitionDefinition(ActionDefinition):
    """A transition. `close: closed` is short for `close: {target: closed}`.

    Attributes:
        id: a name by which an overlay can change it, where its target does not tell it from others.
    """

    shorthand: ClassVar[str | None] = "target"

    id: Identifier | None = None
    target: OneOrMany[Reference] = ()
    reenter: Flag = False
    title: Title | None = None
    guard: Raw | None = None
    by: OneOrMany[Reference] = ()
    requires: OneOrMany[Reference] = ()
    cites: OneOrMany[Reference] = ()


class CallDefinition(Definition):
    """A case of another workflow that a state waits for.

    Attributes:
        workflow: the workflow that is called.
        values: written `with`: the initial facts of the called case; the word `facts` passes those
            of the same names.
        done: written `onDone`: the transitions once the case has ended.
    """

    workflow: Reference
    title: Title | None = None
    values: RawOr[Named[Raw]] = Field({}, alias="with")
    done: OneOrMany[TransitionDefinition] = Field(alias="onDone")


class StateDefinition(Definition):
    """One state, with its transitions and the states inside it.

    Attributes:
        history: of a history state, how deep it remembers.
        target: of a history state, its default targets.
        done: written `onDone`: the transitions once it is done.
        call: a call of another workflow.
    """

    title: Title
    type: Choice[Literal["final", "parallel", "history"]] | None = None
    initial: Reference | None = None
    states: Named[StateDefinition] = {}
    on: Triggers[OneOrMany[TransitionDefinition]] = {}
    always: OneOrMany[TransitionDefinition] = ()
    done: OneOrMany[TransitionDefinition] = Field((), alias="onDone")
    call: CallDefinition | None = None
    entry: OneOrMany[ActionDefinition] = ()
    exit: OneOrMany[ActionDefinition] = ()
    history: Choice[Literal["shallow", "deep"]] | None = None
    target: OneOrMany[Reference] = ()
    tags: OneOrMany[Identifier] = ()
    maps: Named[Text] = {}
    cites: OneOrMany[Reference] = ()

    def has(self, key: str) -> bool:
        """Return whether the file has the key `key`."""
        return bool(getattr(self, {"onDone": "done"}.get(key, key)))

    @property
    def transitions(self) -> Iterator[tuple[Word | None, TransitionDefinition]]:
        """Every transition with the event it is written under, or `None`."""
        for event, written in self.on.items():
            yield from ((event, each) for each in written)
        called = () if self.call is None else self.call.done
        yield from ((None, each) for each in (*self.always, *self.done, *called))


class ClockDefinition(Definition):
    """A time limit.

    Attributes:
        starts: written `from`: the states and events that start it.
        until: the states and events that stop it.
        limit: `parameters.x`, a duration such as `15 days`, or what facts give: a date or an
            instant such as `agreed_date`, or a number with its unit such as `agreed_days days`.
        ends: when its last day ends: at 24:00, or at the close of business of the calendar.
        figures: which figure of a parameter counts while it runs.
        warn_at: a part of the limit, such as `80%`.
        on_expiry: the event it raises when it expires.
        pause_in: the states and tags in which it is paused.
        on_reentry: what happens when it has ended and is triggered again.
        interpretation: whether it is our reading of words that leave it open.
    """

    title: Title
    starts: OneOrMany[Reference] = Field(alias="from")
    until: OneOrMany[Reference]
    limit: Raw
    ends: Choice[Literal["end_of_day", "close_of_business"]] = "end_of_day"
    figures: Choice[Figures] = Figures.OF_START
    warn_at: Text | None = None
    on_expiry: Reference | None = None
    pause_in: OneOrMany[Reference] = ()
    on_reentry: Choice[Reentry] = Reentry.RESTART
    interpretation: Flag = False
    cites: OneOrMany[Reference] = ()


class OrderDefinition(Definition):
    """The operands of an ordered template; of a list, any counts."""

    shape: ClassVar[Wording] = Wording("`{first: ..., then: ...}`", "`{first: ..., then: ...}`")

    first: OneOrMany[Reference]
    then: OneOrMany[Reference]


class PairDefinition(Definition):
    """The operands of `not_coexistence`; of a list, any counts."""

    shape: ClassVar[Wording] = Wording("`{one: ..., other: ...}`", "`{one: ..., other: ...}`")

    one: OneOrMany[Reference]
    other: OneOrMany[Reference]


class PropertyDefinition(Definition):
    """A temporal property: one template of Declare with its operands."""

    title: Title | None = None
    existence: OneOrMany[Reference] = ()
    absence: OneOrMany[Reference] = ()
    init: OneOrMany[Reference] = ()
    end: OneOrMany[Reference] = ()
    response: OrderDefinition | None = None
    precedence: OrderDefinition | None = None
    succession: OrderDefinition | None = None
    alternate_response: OrderDefinition | None = None
    alternate_precedence: OrderDefinition | None = None
    alternate_succession: OrderDefinition | None = None
    chain_response: OrderDefinition | None = None
    chain_precedence: OrderDefinition | None = None
    chain_succession: OrderDefinition | None = None
    not_coexistence: PairDefinition | None = None
    cites: OneOrMany[Reference] = ()

    def sides(self, template: Template) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
        """Return the operands written for `template`, or `None` if it is not written."""
        written = getattr(self, template.value)
        match written:
            case OrderDefinition(first=first, then=then):
                return first, then
            case PairDefinition(one=one, other=other):
                return one, other
        return (written, ()) if written else None


class MigrationDefinition(Definition):
    """The migration of cases of an older version to this one.

    Attributes:
        version: written `from`: the older version.
        digest: the digest of the older workflow; without it, any.
        states: the counterparts of renamed states.
        gone: parent states that were removed.
        clocks: the new names of renamed clocks.
        start: the clocks that the migration starts.
    """

    version: Text = Field(alias="from")
    digest: Text | None = None
    states: Named[OneOrMany[Reference]] = {}
    gone: OneOrMany[Identifier] = ()
    clocks: Named[Reference] = {}
    start: OneOrMany[Reference] = ()
    cites: OneOrMany[Reference] = ()


class WorkflowDefinition(Definition):
    """A statechart over one kind of facts.

    Attributes:
        roles: the catalogue whose codes `by` names.
        outputs: the facts returned to a caller.
    """

    workflow: Identifier
    version: Text
    title: Title
    facts: Reference
    roles: Reference | None = None
    outputs: OneOrMany[Reference] = ()
    events: Events[EventDefinition]
    effects: Named[EffectDefinition] = {}
    clocks: Named[ClockDefinition] = {}
    initial: Reference
    states: Named[StateDefinition]
    properties: OneOrMany[PropertyDefinition] = ()
    migrations: OneOrMany[MigrationDefinition] = ()
    cites: OneOrMany[Reference] = ()

    def iter_states(self) -> Iterator[tuple[Word, StateDefinition]]:
        """Yield every state with its name in document order, parents first."""
        stack = list(self.states.items())[::-1]
        while stack:
            name, state = stack.pop()
            yield name, state
            stack += list(state.states.items())[::-1]
