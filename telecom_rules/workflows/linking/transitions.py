"""Links the transitions and actions of a workflow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.documents import Scalar
from telecom_rules.findings.kinds import EFFECT, EVENT, FIELD, ROLE, STATE
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import EVENTLESS, Assignment, Emission, Raising, Transition
from telecom_rules.workflows.linking.assign_event import build_assignments, check_storing
from telecom_rules.workflows.linking.wildcards import (
    build_common_event,
    is_wildcard,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    from telecom_rules.workflows.linking.names import Names, StatePlace


ROLE_OF_NOBODY = Wording(
    "`{name}` 的这一转换自动发生，与角色无关；请删除 `by`",
    "this transition of `{name}` is automatic, so no role takes it; remove `by`",
)


def link_on(names: Names, place: StatePlace) -> Mapping[str, tuple[Transition, ...]]:
    """Return the transitions of a state by event, in the order tried."""
    linked: dict[str, list[Transition]] = {}
    for trigger, written in place.definition.on.items():
        events = find_triggers(names, trigger)
        for each in written:
            for transition in link_triggered(names, place, trigger, events, each):
                linked.setdefault(transition.event.name, []).append(transition)
    return {event: tuple(each) for event, each in linked.items()}


def find_triggers(names: Names, trigger: Word) -> tuple[Event, ...]:
    """Return the events that `trigger` names; none if one of them is unknown."""
    if is_wildcard(trigger):
        words = names.wildcards.get(trigger, ())
        if not words:
            names.findings.find(trigger, EVENT, names.wildcards)
        events = [names.events[word] for word in words]
    else:
        events = [names.findings.find(trigger, EVENT, names.events)]
    return () if None in events else tuple(each for each in events if each is not None)


def link_triggered(
    names: Names,
    place: StatePlace,
    trigger: Word,
    events: Sequence[Event],
    definition: TransitionDefinition,
) -> Iterator[Transition]:
    """Yield one transition per event of `events`; under a wildcard it is checked only once."""
    wild = is_wildcard(trigger)
    event = None if not events else build_common_event(trigger, events) if wild else events[0]
    if wild and isinstance(definition.assign, Scalar) and names.facts is not None:
        check_storing(names, names.facts, events, definition.assign)
    linked = link_transition(names, place, event, definition)
    if linked is None or not wild:
        yield from () if linked is None else (linked,)
        return
    storing = isinstance(definition.assign, Scalar)
    for each in events:
        yield replace(
            linked,
            event=each,
            title=definition.title or each.title,
            assign=build_assignments(each) if storing else linked.assign,
            wildcard=str(trigger),
        )


def link_automatic(
    names: Names, place: StatePlace, event: Event, written: Sequence[TransitionDefinition]
) -> tuple[Transition, ...]:
    """Return the automatic transitions of a state, such as those under `always`."""
    for each in written:
        if each.by:
            names.findings.misused(
                each.span_of_key("by"),
                ROLE_OF_NOBODY,
                name=place.name,
            )
    linked = (link_transition(names, place, event, each) for each in written)
    return tuple(each for each in linked if each is not None)


def link_targets(names: Names, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the states that `words` name, after reporting two that cannot be active together."""
    known = [word for word in words if names.findings.find(word, STATE, names.states) is not None]
    for place, word in enumerate(known):
        other = next((each for each in known[:place] if is_conflicting(names, each, word)), None)
        if other is not None:
            names.findings.add("TR124", word.span, one=other, other=word)
            break
    return tuple(map(str, words))


def is_conflicting(names: Names, one: Word, other: Word) -> bool:
    """Return whether two states can never be active together."""
    first, second = region_path_of(names, one), region_path_of(names, other)
    shared = [name for name in first[:-1] if name in second[:-1]]
    if first[-1] in second or second[-1] in first or not shared:
        return True
    return names.states[shared[-1]].definition.type != "parallel"


def region_path_of(names: Names, word: Word) -> tuple[str, ...]:
    """Return the path of a target; of a history state, that of its parent.

    A history state may lead anywhere inside its parent.
    """
    place = names.states[word]
    return place.ancestors if place.definition.type == "history" else place.path


def link_transition(
    names: Names, place: StatePlace, event: Event | None, definition: TransitionDefinition
) -> Transition | None:
    """Return one transition, or `None` if its event or the facts are unknown."""
    targets = link_targets(names, definition.target)
    by = link_roles(names, definition.by)
    cites = names.vocabulary.cite(definition.cites, names.findings)
    if names.facts is None:
        return None
    requires = link_required(names, names.facts, definition.requires)
    if event is None:
        return None
    guard = link_guard(names, names.facts, event, definition.guard, requires)
    known = frozenset(requires) | (frozenset() if guard is None else guard.ensures)
    assign = link_assignments(names, names.facts, event, definition, known)
    known |= certain_facts_of(assign)
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
    """Return the entry or exit actions of a state, in order."""
    actions: list[Action] = []
    facts = names.facts
    if facts is None:
        return ()
    known: frozenset[str] = frozenset()
    for each in written:
        assign = link_assignments(names, facts, EVENTLESS, each, known)
        known |= certain_facts_of(assign)
        actions += assign
        actions += link_emissions(names, facts, EVENTLESS, each.emit, known)
        actions += link_raises(names, facts, EVENTLESS, each.raises, known)
    return tuple(actions)


def link_roles(names: Names, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the roles that may take a transition."""
    if names.roles is not None:
        for word in words:
            names.findings.find(word, ROLE, names.roles)
    return tuple(map(str, words))


def link_required(names: Names, facts: FactType, words: Sequence[Word]) -> tuple[str, ...]:
    """Return the facts that must be known."""
    return tuple(str(word) for word in words if names.fact(word, facts) is not None)


def link_guard(
    names: Names, facts: FactType, event: Event, guard: Scalar | None, known: Sequence[str]
) -> Expression | None:
    """Return the guard of a transition."""
    if guard is None:
        return None
    return names.check(guard, names.scope(facts, event, known), BOOLEAN, codes=False)


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
        if is_wildcard(event.name):
            return ()  # `link_triggered` adds them for each event
        check_storing(names, facts, (event,), written)
        return build_assignments(event)
    assigned: list[Assignment] = []
    for word, each in written.items():
        field = names.fact(word, facts)
        if field is None:
            continue
        so_far = known | certain_facts_of(assigned)
        when = link_when(names, facts, event, each.when, so_far)
        scope = names.scope(facts, event, so_far | ensured_by(when))
        value = names.check(each.value, scope, field.type, codes=True)
        if value is not None:
            assigned.append(Assignment(str(word), value, when))
    return tuple(assigned)


def certain_facts_of(assigned: Iterable[Assignment]) -> frozenset[str]:
    """Return the facts that are known after assignments: those set from a value, in any case."""
    return frozenset(each.fact for each in assigned if each.value is not None and each.when is None)


def link_when(
    names: Names, facts: FactType, event: Event, when: Scalar | None, known: frozenset[str]
) -> Expression | None:
    """Return the condition of an action."""
    if when is None:
        return None
    return names.check(when, names.scope(facts, event, known), BOOLEAN, codes=False)


def ensured_by(when: Expression | None) -> frozenset[str]:
    """Return the facts and fields that are known where a condition holds."""
    return frozenset() if when is None else when.ensures


def link_emissions(
    names: Names,
    facts: FactType,
    event: Event,
    written: Sequence[EmissionDefinition],
    known: frozenset[str],
) -> tuple[Emission, ...]:
    """Return the effects that a transition requests."""
    emissions: list[Emission] = []
    for each in written:
        effect = names.findings.find(each.effect, EFFECT, names.effects)
        if effect is not None:
            when = link_when(names, facts, event, each.when, known)
            given = known | ensured_by(when)
            payload = link_payload(names, facts, event, effect.payload, each, given)
            emissions.append(Emission(effect, payload, when))
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
        known_event = names.findings.find(each.event, EVENT, names.events)
        if known_event is not None:
            when = link_when(names, facts, event, each.when, known)
            given = known | ensured_by(when)
            payload = link_payload(names, facts, event, known_event.payload, each, given)
            raised.append(Raising(known_event, payload, when))
    return tuple(raised)


def link_payload(
    names: Names,
    facts: FactType,
    event: Event,
    wanted: RecordType,
    definition: EmissionDefinition | RaiseDefinition,
    known: frozenset[str],
) -> tuple[tuple[str, Expression], ...]:
    """Return the expressions of a payload, after reporting missing fields."""
    scope = names.scope(facts, event, known)
    payload: list[tuple[str, Expression]] = []
    for word, source in definition.values.items():
        field = names.findings.find(word, FIELD, wanted.fields)
        value = None if field is None else names.check(source, scope, field.type, codes=True)
        if value is not None:
            payload.append((str(word), value))
    for name, field in wanted.fields.items():
        if not field.optional and name not in definition.values:
            names.findings.missing(definition.span, f"with.{name}")
    return tuple(payload)
