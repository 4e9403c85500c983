"""From the states of a definition to those of a chart, with their transitions."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.documents import Scalar
from telecom_rules.expressions.narrowing import present_when
from telecom_rules.expressions.parse import parse
from telecom_rules.findings import Finding
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Assignment, Emission, State, Transition
from telecom_rules.workflows.names import wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents import Word
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import FactType
    from telecom_rules.workflows.chart import EffectType, Event
    from telecom_rules.workflows.definition import (
        EmissionDefinition,
        TransitionDefinition,
    )
    from telecom_rules.workflows.names import Names, Place

__all__ = ["link_states"]

STATE = Wording("状态", "state")
SUBSTATE = Wording("子状态", "state inside it")
EVENT = Wording("事件", "event")
EFFECT = Wording("效果", "effect")
ROLE = Wording("角色", "role")
FIELD = Wording("字段", "field")


def link_states(names: Names) -> tuple[State, ...]:
    """Return every state in document order, after noting every mistake."""
    return tuple(
        link_state(names, place, order) for order, place in enumerate(names.states.values())
    )


def link_state(names: Names, place: Place, order: int) -> State:
    """Return one state with its transitions."""
    definition = place.definition
    if definition.type == "final":
        check_final(names, place)
    else:
        check_initial(names, place)
    return State(
        name=str(place.name),
        title=definition.title,
        order=order,
        ancestors=place.ancestors,
        children=tuple(map(str, definition.states)),
        initial=None if definition.initial is None else str(definition.initial),
        final=definition.type == "final",
        on=MappingProxyType(
            {
                str(event): link_transitions(names, place, event, written)
                for event, written in definition.on.items()
            }
        ),
        tags=frozenset(map(str, definition.tags)),
        maps=MappingProxyType({str(key): str(value) for key, value in definition.maps.items()}),
        cites=names.vocabulary.cite(definition.cites, names.found),
    )


def check_final(names: Names, place: Place) -> None:
    """Note what a final state cannot have, and that only a top-level one ends a case."""
    definition = place.definition
    for key in ("on", "states", "initial"):
        if getattr(definition, key):
            names.found.append(Finding("TR117", definition.at(key), {"name": place.name}))
            return
    if place.ancestors:
        names.found.append(
            wrong(
                definition.at("type"),
                "终态 `{name}` 应放在顶层：它结束整个个案",
                "the final state `{name}` belongs at the top: it ends the whole case",
                name=place.name,
            )
        )


def check_initial(names: Names, place: Place) -> None:
    """Note where the state that is entered first is missing, unknown or out of place."""
    definition = place.definition
    if definition.initial is None:
        if definition.states:
            names.found.append(Finding("TR116", definition.span, {"name": place.name}))
    elif definition.states:
        names.find(SUBSTATE, definition.initial, definition.states)
    else:
        names.found.append(
            wrong(
                definition.initial.span,
                "状态 `{name}` 有 `initial` 却没有子状态",
                "the state `{name}` has `initial` but no states inside it",
                name=place.name,
            )
        )


def link_transitions(
    names: Names, place: Place, event: Word, written: Sequence[TransitionDefinition]
) -> tuple[Transition, ...]:
    """Return the transitions a state has for one event, in the order in which they are tried."""
    known = names.find(EVENT, event, names.events)
    linked = (link_transition(names, place, known, each) for each in written)
    return tuple(each for each in linked if each is not None)


def link_transition(
    names: Names, place: Place, event: Event | None, definition: TransitionDefinition
) -> Transition | None:
    """Return one transition, or `None` when its event or the facts are not known."""
    if definition.target is not None:
        names.find(STATE, definition.target, names.states)
    by = link_roles(names, definition.by)
    cites = names.vocabulary.cite(definition.cites, names.found)
    if names.facts is None:
        return None
    requires = link_required(names, names.facts, definition.requires)
    if event is None:
        return None
    guard = link_guard(names, names.facts, event, definition.guard, requires)
    known = frozenset(requires) | ensured(guard)
    assign = link_assignments(names, names.facts, event, definition, known)
    known |= {each.fact for each in assign if each.value is not None}
    return Transition(
        event=event,
        source=str(place.name),
        target=None if definition.target is None else str(definition.target),
        title=definition.title or event.title,
        guard=guard,
        by=by,
        requires=requires,
        assign=assign,
        emit=link_emissions(names, names.facts, event, definition.emit, known),
        cites=cites,
    )


def link_roles(names: Names, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the roles that may take a transition."""
    if names.roles is not None:
        for word in words:
            names.find(ROLE, word, names.roles)
    return tuple(map(str, words))


def link_required(names: Names, facts: FactType, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the facts that must be known."""
    return tuple(str(word) for word in words if names.fact(word, facts) is not None)


def link_guard(
    names: Names, facts: FactType, event: Event, guard: Scalar | None, known: Sequence[str]
) -> Expression | None:
    """Return what must hold for a transition."""
    if guard is None:
        return None
    return names.check(guard, names.scope(facts, event, known), BOOLEAN, codes=False)


def ensured(guard: Expression | None) -> frozenset[str]:
    """Return the optional names that are known once `guard` holds, because it asks `has()`."""
    return frozenset() if guard is None else present_when(parse(guard.source), holds=True)


def link_assignments(
    names: Names,
    facts: FactType,
    event: Event,
    definition: TransitionDefinition,
    known: frozenset[str],
) -> tuple[Assignment, ...]:
    """Return the facts that a transition sets; each may read those set before it."""
    written = definition.assign
    if isinstance(written, Scalar):
        return link_storing(names, facts, event, written)
    assigned: list[Assignment] = []
    for word, source in written.items():
        field = names.fact(word, facts)
        if field is None:
            continue
        scope = names.scope(facts, event, known.union(each.fact for each in assigned))
        value = names.check(source, scope, field.type, codes=True)
        if value is not None:
            assigned.append(Assignment(str(word), value))
    return tuple(assigned)


def link_storing(
    names: Names, facts: FactType, event: Event, written: Scalar
) -> tuple[Assignment, ...]:
    """Return the assignments of `assign: event`: every field of the payload to its namesake."""
    if written.text != "event":
        allowed = {"text": written.text[:60], "allowed": "event"}
        names.found.append(Finding("TR109", written.span, allowed))
        return ()
    if not event.payload.fields:
        names.found.append(
            wrong(
                written.span,
                "事件 `{name}` 不带数据，没有可保存的内容",
                "the event `{name}` has no payload to store",
                name=event.name,
            )
        )
    for name, field in event.payload.fields.items():
        fact = facts.fields.get(name)
        if name in facts.record_type.lost:
            continue
        if fact is None or fact.type != field.type:
            names.found.append(unlike(written, name, field.type, fact and fact.type))
    return tuple(Assignment(name, None) for name in event.payload.fields)


def unlike(written: Scalar, name: str, given: object, kept: object) -> Finding:
    """Return the finding for a field of a payload that cannot be stored as the fact of its name."""
    why = (
        Wording(
            "事件的 `{name}` 没有同名的事实可保存",
            "there is no fact `{name}` to store the event's in",
        )
        if kept is None
        else Wording(
            "事件的 `{name}` 是 {given}，同名的事实是 {kept}",
            "`{name}` of the event is of type {given}, the fact of type {kept}",
        )
    ).fill(name=name, given=given, kept=kept)
    return Finding("TR204", written.span, {"why": why})


def link_emissions(
    names: Names,
    facts: FactType,
    event: Event,
    written: Sequence[EmissionDefinition],
    known: frozenset[str],
) -> tuple[Emission, ...]:
    """Return the effects that a transition asks for."""
    emissions: list[Emission] = []
    for each in written:
        effect = names.find(EFFECT, each.effect, names.effects)
        if effect is not None:
            payload = link_payload(names, facts, event, effect, each, known)
            emissions.append(Emission(effect, payload))
    return tuple(emissions)


def link_payload(
    names: Names,
    facts: FactType,
    event: Event,
    effect: EffectType,
    definition: EmissionDefinition,
    known: frozenset[str],
) -> tuple[tuple[str, Expression], ...]:
    """Return how each field of an effect is worked out, after noting those left out."""
    scope = names.scope(facts, event, known)
    payload: list[tuple[str, Expression]] = []
    for word, source in definition.values.items():
        field = names.find(FIELD, word, effect.payload.fields)
        value = None if field is None else names.check(source, scope, field.type, codes=True)
        if value is not None:
            payload.append((str(word), value))
    for name, field in effect.payload.fields.items():
        if not field.optional and name not in definition.values:
            names.found.append(Finding("TR101", definition.span, {"key": f"with.{name}"}))
    return tuple(payload)
