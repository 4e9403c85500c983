"""Links the states of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import RecordType
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import EVENTLESS, Event, State
from telecom_rules.workflows.linking.names import StatePlace
from telecom_rules.workflows.linking.subcases import link_call
from telecom_rules.workflows.linking.transitions import (
    link_actions,
    link_automatic,
    link_on,
    link_targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Word
    from telecom_rules.workflows.definition import StateDefinition
    from telecom_rules.workflows.linking.names import Names


SUBSTATE = Wording("子状态", "state inside it")
OUTGOING_KEYS = ("on", "always", "onDone", "call")
"""Keys of a state that add transitions out of it."""
FINAL_REGION = Wording(
    "终态 `{name}` 不能直接放在并行状态中；请放入其某一区域",
    "the final state `{name}` cannot be a region of a parallel state; move it into a region",
)
INITIAL_WITHOUT_STATES = Wording(
    "状态 `{name}` 有 `initial`，但没有子状态",
    "the state `{name}` has `initial` but no child states",
)
HISTORY_AT_TOP = Wording(
    "历史状态 `{name}` 应放在它所记忆的状态之内",
    "the history state `{name}` must be inside the state that it remembers",
)
ONLY_IN_HISTORY = Wording(
    "只有历史状态（`type: history`）才有 `{key}`；转换写在 `on` 或 `always` 中",
    "only a history state (`type: history`) has `{key}`; write transitions in `on` or `always`",
)


def link_states(names: Names) -> tuple[State, ...]:
    """Return every state in document order, after reporting every mistake."""
    return tuple(
        link_state(names, place, order) for order, place in enumerate(names.states.values())
    )


def link_state(names: Names, place: StatePlace, order: int) -> State:
    """Return one state with its transitions."""
    definition = place.definition
    CHECKS[definition.type](names, place)
    check_done(names, place)
    finished = done_event(place)
    return State(
        name=str(place.name),
        title=definition.title,
        order=order,
        ancestors=place.ancestors,
        children=tuple(
            str(name) for name, each in definition.states.items() if each.type != "history"
        ),
        histories=tuple(
            str(name) for name, each in definition.states.items() if each.type == "history"
        ),
        initial=None if definition.initial is None else str(definition.initial),
        final=definition.type == "final",
        parallel=definition.type == "parallel",
        history=(definition.history or "shallow") if definition.type == "history" else None,
        default=tuple(map(str, definition.target)),
        on=FrozenDict(link_on(names, place)),
        always=link_automatic(names, place, EVENTLESS, definition.always),
        done=link_automatic(names, place, finished, definition.done),
        call=link_call(names, place),
        entry=link_actions(names, definition.entry),
        exit=link_actions(names, definition.exit),
        tags=frozenset(map(str, definition.tags)),
        maps=FrozenDict({str(key): str(value) for key, value in definition.maps.items()}),
        cites=names.vocabulary.cite(definition.cites, names.findings),
    )


def done_event(place: StatePlace) -> Event:
    """Return the event `done.state.<name>` of a state."""
    name, title = f"done.state.{place.name}", place.definition.title
    wording = Wording("{title}完成", "{title} is done").fill(title=title)
    return Event(name, wording, RecordType(name, {}), internal=True)


def check_final(names: Names, place: StatePlace) -> None:
    """Report keys and places that a final state cannot have."""
    definition = place.definition
    for key in (*OUTGOING_KEYS, "states", "initial"):
        if definition.has(key):
            names.findings.add("TR117", definition.span_of_key(key), name=place.name)
            return
    if place.ancestors and names.states[place.ancestors[-1]].definition.type == "parallel":
        names.findings.misused(
            definition.span_of_key("type"),
            FINAL_REGION,
            name=place.name,
        )
    check_history_keys(names, place)


def check_initial(names: Names, place: StatePlace) -> None:
    """Report an initial state that is missing, unknown or misplaced."""
    check_history_keys(names, place)
    definition = place.definition
    if definition.initial is None:
        if definition.states:
            names.findings.add("TR116", definition.span, name=place.name)
    elif definition.states:
        names.findings.find(definition.initial, SUBSTATE, substates_of(place))
    else:
        names.findings.misused(
            definition.initial.span,
            INITIAL_WITHOUT_STATES,
            name=place.name,
        )


def check_parallel(names: Names, place: StatePlace) -> None:
    """Report a parallel state without regions or with `initial`."""
    check_history_keys(names, place)
    definition = place.definition
    if definition.initial is not None:
        names.findings.add("TR121", definition.initial.span, name=place.name)
    elif not substates_of(place):
        names.findings.add("TR121", definition.span_of_key("type"), name=place.name)


def check_history(names: Names, place: StatePlace) -> None:
    """Report keys that a history state cannot have, and targets outside its parent."""
    definition = place.definition
    for key in (*OUTGOING_KEYS, "states", "initial", "entry", "exit", "tags", "maps"):
        if definition.has(key):
            names.findings.add("TR122", definition.span_of_key(key), name=place.name, key=key)
    if not place.ancestors:
        names.findings.misused(
            definition.span_of_key("type"),
            HISTORY_AT_TOP,
            name=place.name,
        )
        return
    parent = place.ancestors[-1]
    targets = link_targets(names, definition.target)
    known = [names.states[name] for name in targets if name in names.states]
    if not targets or any(
        parent not in each.ancestors or each.definition.type == "history" for each in known
    ):
        names.findings.add(
            "TR123", definition.span_of_key("target"), name=place.name, parent=parent
        )


def check_history_keys(names: Names, place: StatePlace) -> None:
    """Report keys that only a history state has."""
    for key in ("history", "target"):
        if place.definition.has(key):
            names.findings.misused(
                place.definition.span_of_key(key),
                ONLY_IN_HISTORY,
                key=key,
            )


def check_done(names: Names, place: StatePlace) -> None:
    """Report an `onDone` that cannot occur."""
    if place.definition.type not in {"final", "history"} and place.definition.done:
        why = find_undone(place)
        if why is not None:
            names.findings.add(
                "TR312", place.definition.span_of_key("onDone"), name=place.name, why=why
            )


def find_undone(place: StatePlace) -> Wording | None:
    """Return why a state can never be done, or `None` if it can."""
    definition = place.definition
    if definition.type != "parallel":
        if any(each.type == "final" for each in definition.states.values()):
            return None
        return Wording("`{name}` 中没有终态", "there is no final state in `{name}`").fill(
            name=place.name
        )
    regions = (
        find_undone(StatePlace(name, each, place.ancestors))
        for name, each in substates_of(place).items()
        if each.type != "final"
    )
    return next((why for why in regions if why is not None), None)


def substates_of(place: StatePlace) -> dict[Word, StateDefinition]:
    """Return the child states that a case can be in, without history states."""
    states = place.definition.states
    return {name: each for name, each in states.items() if each.type != "history"}


CHECKS: dict[str | None, Callable[[Names, StatePlace], None]] = {
    None: check_initial,
    "final": check_final,
    "parallel": check_parallel,
    "history": check_history,
}
"""The check of a state, by its type."""
