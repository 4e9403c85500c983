"""From the transitions and actions of a definition to those of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Scalar
from telecom_rules.expressions.narrowing import present_when
from telecom_rules.expressions.parse import parse
from telecom_rules.findings import Finding
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import ALWAYS, Assignment, Emission, Raising, Transition
from telecom_rules.workflows.names import wrong

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents import Word
    from telecom_rules.expressions import Expression
    from telecom_rules.vocabulary import FactType, RecordType
    from telecom_rules.workflows.chart import Action, Event
    from telecom_rules.workflows.definition import (
        ActionDefinition,
        EmissionDefinition,
        RaiseDefinition,
        TransitionDefinition,
    )
    from telecom_rules.workflows.names import Names, Place

__all__ = ["link_actions", "link_targets", "link_transitions", "link_unsent"]

STATE = Wording("状态", "state")
EVENT = Wording("事件", "event")
EFFECT = Wording("效果", "effect")
ROLE = Wording("角色", "role")
FIELD = Wording("字段", "field")


def link_transitions(
    names: Names, place: Place, event: Word, written: Sequence[TransitionDefinition]
) -> tuple[Transition, ...]:
    """Return the transitions a state has for one event, in the order in which they are tried."""
    known = names.find(EVENT, event, names.events)
    linked = (link_transition(names, place, known, each) for each in written)
    return tuple(each for each in linked if each is not None)


def link_unsent(
    names: Names, place: Place, event: Event, written: Sequence[TransitionDefinition]
) -> tuple[Transition, ...]:
    """Return the transitions that a state has for what nobody sends, such as `always`."""
    for each in written:
        if each.by:
            names.found.append(
                wrong(
                    each.at("by"),
                    "`{name}` 的这一转换自行发生，没有角色可言；请删除 `by`",
                    "this transition of `{name}` happens by itself, so nobody has a role;"
                    " remove `by`",
                    name=place.name,
                )
            )
    linked = (link_transition(names, place, event, each) for each in written)
    return tuple(each for each in linked if each is not None)


def link_targets(names: Names, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the states that `words` name, after noting two that exclude each other."""
    known = [word for word in words if names.find(STATE, word, names.states) is not None]
    for place, word in enumerate(known):
        other = next((each for each in known[:place] if conflicting(names, each, word)), None)
        if other is not None:
            names.found.append(Finding("TR124", word.span, {"one": other, "other": word}))
            break
    return tuple(map(str, words))


def conflicting(names: Names, one: Word, other: Word) -> bool:
    """Return whether two states can never be active together, nor lead to such that are."""
    first, second = reach(names, one), reach(names, other)
    shared = [name for name in first[:-1] if name in second[:-1]]
    if first[-1] in second or second[-1] in first or not shared:
        return True
    return names.states[shared[-1]].definition.type != "parallel"


def reach(names: Names, word: Word) -> tuple[str, ...]:
    """Return the path of the state inside which a target lies, itself included.

    A history state may lead anywhere inside its parent.
    """
    place = names.states[word]
    return place.ancestors if place.definition.type == "history" else place.path


def link_transition(
    names: Names, place: Place, event: Event | None, definition: TransitionDefinition
) -> Transition | None:
    """Return one transition, or `None` when its event or the facts are not known."""
    targets = link_targets(names, definition.target)
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
        targets=targets,
        title=definition.title or event.title,
        guard=guard,
        by=by,
        requires=requires,
        assign=assign,
        emit=link_emissions(names, names.facts, event, definition.emit, known),
        raises=link_raises(names, names.facts, event, definition.raises, known),
        reenter=definition.reenter,
        cites=cites,
    )


def link_actions(names: Names, written: Sequence[ActionDefinition]) -> tuple[Action, ...]:
    """Return what is done on entering or leaving a state, in order."""
    actions: list[Action] = []
    facts = names.facts
    if facts is None:
        return ()
    known: frozenset[str] = frozenset()
    for each in written:
        assign = link_assignments(names, facts, ALWAYS, each, known)
        known |= {one.fact for one in assign if one.value is not None}
        actions += assign
        actions += link_emissions(names, facts, ALWAYS, each.emit, known)
        actions += link_raises(names, facts, ALWAYS, each.raises, known)
    return tuple(actions)


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
    definition: ActionDefinition,
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
    if not event.name or "." in event.name:
        names.found.append(
            wrong(
                written.span,
                "此处没有发来的事件，没有可保存的内容",
                "no event is sent here, so there is nothing to store",
            )
        )
    elif not event.payload.fields:
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
            payload = link_payload(names, facts, event, effect.payload, each, known)
            emissions.append(Emission(effect, payload))
    return tuple(emissions)


def link_raises(
    names: Names,
    facts: FactType,
    event: Event,
    written: Sequence[RaiseDefinition],
    known: frozenset[str],
) -> tuple[Raising, ...]:
    """Return the events that the chart raises itself."""
    raised: list[Raising] = []
    for each in written:
        known_event = names.find(EVENT, each.event, names.events)
        if known_event is not None:
            payload = link_payload(names, facts, event, known_event.payload, each, known)
            raised.append(Raising(known_event, payload))
    return tuple(raised)


def link_payload(
    names: Names,
    facts: FactType,
    event: Event,
    wanted: RecordType,
    definition: EmissionDefinition | RaiseDefinition,
    known: frozenset[str],
) -> tuple[tuple[str, Expression], ...]:
    """Return how each field of an effect or event is worked out, after noting those left out."""
    scope = names.scope(facts, event, known)
    payload: list[tuple[str, Expression]] = []
    for word, source in definition.values.items():
        field = names.find(FIELD, word, wanted.fields)
        value = None if field is None else names.check(source, scope, field.type, codes=True)
        if value is not None:
            payload.append((str(word), value))
    for name, field in wanted.fields.items():
        if not field.optional and name not in definition.values:
            names.found.append(Finding("TR101", definition.span, {"key": f"with.{name}"}))
    return tuple(payload)
