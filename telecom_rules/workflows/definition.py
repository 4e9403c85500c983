"""What the YAML of a workflow may say: XState's key names, one model per mapping."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from telecom_rules.documents import (
    Choice,
    Definition,
    Identifier,
    Named,
    OneOrMany,
    Raw,
    RawOr,
    Reference,
    Text,
    Title,
)
from telecom_rules.workflows.chart import Reentry

__all__ = [
    "ClockDefinition",
    "EffectDefinition",
    "EmissionDefinition",
    "EventDefinition",
    "StateDefinition",
    "TransitionDefinition",
    "WorkflowDefinition",
]


class EventDefinition(Definition):
    """Something that can happen, with the fields that come with it."""

    title: Title
    payload: Named[Reference] = {}
    cites: OneOrMany[Reference] = ()


class EffectDefinition(Definition):
    """Work that the host is asked to do, with the fields that come with it."""

    title: Title
    payload: Named[Reference] = {}


class EmissionDefinition(Definition):
    """An effect that a transition asks for. `emit: notify` is short for `{effect: notify}`."""

    shorthand: ClassVar[str | None] = "effect"

    effect: Reference
    values: Named[Raw] = Field({}, alias="with")


class TransitionDefinition(Definition):
    """One way on from a state. `close: closed` is short for `close: {target: closed}`."""

    shorthand: ClassVar[str | None] = "target"

    target: Reference | None = None
    title: Title | None = None
    guard: Raw | None = None
    by: OneOrMany[Reference] = ()
    requires: OneOrMany[Reference] = ()
    assign: RawOr[Named[Raw]] = {}
    emit: OneOrMany[EmissionDefinition] = ()
    cites: OneOrMany[Reference] = ()


class StateDefinition(Definition):
    """One state, with its transitions and the states inside it."""

    title: Title
    type: Choice[Literal["final"]] | None = None
    initial: Reference | None = None
    states: Named[StateDefinition] = {}
    on: Named[OneOrMany[TransitionDefinition]] = {}
    tags: OneOrMany[Identifier] = ()
    maps: Named[Text] = {}
    cites: OneOrMany[Reference] = ()


class ClockDefinition(Definition):
    """A time limit.

    Attributes:
        starts: written `from`: the states and events that start it.
        until: the states and events that stop it.
        limit: `parameters.x`, or a duration such as `15 days`.
        warn_at: a part of the limit, such as `80%`.
        on_expiry: the event it raises when it expires.
        pause_in: the states and tags in which it does not run on.
        on_reentry: what becomes of it when it has ended and what starts it happens again.
    """

    title: Title
    starts: OneOrMany[Reference] = Field(alias="from")
    until: OneOrMany[Reference]
    limit: Raw
    warn_at: Text | None = None
    on_expiry: Reference | None = None
    pause_in: OneOrMany[Reference] = ()
    on_reentry: Choice[Reentry] = Reentry.RESTART
    cites: OneOrMany[Reference] = ()


class WorkflowDefinition(Definition):
    """A statechart over one kind of facts.

    Attributes:
        roles: the catalogue whose codes `by` names.
    """

    workflow: Identifier
    version: Text
    title: Title
    facts: Reference
    roles: Reference | None = None
    events: Named[EventDefinition]
    effects: Named[EffectDefinition] = {}
    clocks: Named[ClockDefinition] = {}
    initial: Reference
    states: Named[StateDefinition]
    cites: OneOrMany[Reference] = ()
