"""The states and transitions of an SCXML document as those of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.document import NO_COUNTERPART, ONE_ONLY
from telecom_rules.interop.made import Made
from telecom_rules.interop.scxml.contents import (
    NO_CODE,
    NO_PROCESS,
    build_single_item,
    group_actions,
    read_contents,
)
from telecom_rules.interop.scxml.document import done_state_of
from telecom_rules.interop.scxml.words import STATE_ELEMENTS, TRANSITION_TYPES
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup
    from telecom_rules.interop.scxml.document import ScxmlDocument


INITIAL_NOT_INSIDE = Wording("`initial` 应为其内部的状态", "`initial` must be a state inside it")
STARTS = Wording(
    "`initial` 指向多个或更深层的状态；状态 `{name}` 由此立即转到这些状态",
    "`initial` names several states or a deeper one: the state `{name}` leads there at once",
)
START_TITLE = Wording("开始", "Start")
INITIAL_HAS_ACTIONS = Wording(
    "进入初始状态时不能另有动作", "the transition to the initial state cannot have actions"
)
DONE_HAS_NO_DATA = Wording("完成事件不带数据", "a done.state event carries no data")
DONE_OF_ANOTHER = Wording(
    "只有 `{name}` 自身才能等待其完成（`onDone`）",
    "only the state `{name}` itself can have a transition on this event (`onDone`)",
)
NOT_BOOLEAN = Wording(
    "条件的值应为 true 或 false", "the value of a condition must be true or false"
)
STATE_REASONS = {"invoke": NO_PROCESS, "donedata": DONE_HAS_NO_DATA, "script": NO_CODE}
KNOWN_ELEMENTS = (*STATE_ELEMENTS, "initial", "datamodel")
ATTRIBUTES_BY_ELEMENT: Mapping[str, tuple[str, ...]] = {
    "state": ("id", "initial"),
    "parallel": ("id",),
    "final": ("id",),
    "history": ("id", "type"),
}


def read_inside(document: ScxmlDocument, around: Markup) -> tuple[str, dict[str, Data]]:
    """Return the initial state and the child states of one, or the outermost ones, by name."""
    if around is document.root:
        refuse_others(document, around, *KNOWN_ELEMENTS)
    inside = [each for each in document.children_of(around) if each.name in STATE_ELEMENTS]
    states: dict[str, Data] = {
        document.resolve_state(each.attributes["id"], each) or "": read_state(document, each)
        for each in inside
    }
    if around.name == "parallel" or not inside:
        return "", states
    targets = initial_targets_of(document, around, inside)
    first = next((each for each in inside if each.attributes["id"] == targets[0]), None)
    if len(targets) == 1 and first is not None and first.name != "history":
        return document.resolve_state(targets[0], around) or "", states
    start = document.invent_state("start")
    document.tell("TR808", around.span, around.name, STARTS.fill(name=start))
    return start, {start: lead_to(document, around, targets), **states}


def initial_targets_of(
    document: ScxmlDocument, around: Markup, inside: Sequence[Markup]
) -> list[str]:
    """Return the ids of the initial states: as written, else the first child in document order."""
    written = around.attributes.get("initial", "").split()
    for initial in around.iter_named("initial"):
        if written:
            document.refuse(initial, ONE_ONLY)
        for each in document.children_of(initial):
            document.read_attributes(each, "target")
            written = each.attributes.get("target", "").split()
            if each.children:
                document.refuse(each, INITIAL_HAS_ACTIONS)
    first = next((each for each in inside if each.name != "history"), None)
    if not written and first is not None:
        return [first.attributes["id"]]
    states = [document.states.get(each) for each in written]
    if not states or any(each is None or around not in each.ancestors for each in states):
        document.refuse(around, INITIAL_NOT_INSIDE, "initial")
    return written or [""]


def lead_to(document: ScxmlDocument, around: Markup, targets: Sequence[str]) -> Data:
    """Return a state that leads at once to the initial states, several or deeper ones."""
    names = read_targets(document, around, " ".join(targets))
    data: dict[str, Data] = {
        "title": {"zh": START_TITLE.zh, "en": START_TITLE.en},
        "always": {"target": unwrap_single(names)},
    }
    return Made(around.name, around.span, data)


def read_state(document: ScxmlDocument, part: Markup) -> Data:
    """Return one state with its child states."""
    document.read_attributes(part, *ATTRIBUTES_BY_ELEMENT[part.name])
    data: dict[str, Data] = {} if part.name == "state" else {"type": part.name}
    id = part.attributes["id"]
    data |= {"title": document.read_title(part, id), **document.read_cites(part)}
    tags = document.our_attribute(part, "tags").split()
    maps = {
        key.removeprefix(f"{OUR_NAMESPACE} maps."): value
        for key, value in part.attributes.items()
        if key.startswith(f"{OUR_NAMESPACE} maps.")
    }
    data |= {"tags": tags} if tags else {}
    data |= {"maps": maps} if maps else {}
    if part.name == "history":
        return Made(id, part.span, data | read_history(document, part))
    initial, inside = read_inside(document, part)
    if initial:
        data["initial"] = initial
    for key, name_there in (("entry", "onentry"), ("exit", "onexit")):
        done = [
            doing
            for each in document.children_of(part)
            if each.name == name_there
            for doing in read_contents(document, each, None)
        ]
        if done:
            data[key] = unwrap_single(group_actions(done))
    data |= read_transitions(document, part)
    refuse_others(document, part, *KNOWN_ELEMENTS, "onentry", "onexit", "transition")
    return Made(id, part.span, data | ({"states": inside} if inside else {}))


def refuse_others(document: ScxmlDocument, around: Markup, *known: str) -> None:
    """Refuse the elements inside one that are not `known`."""
    for each in document.children_of(around):
        if each.name not in known:
            document.refuse(each, STATE_REASONS.get(each.name, NO_COUNTERPART))


def read_history(document: ScxmlDocument, part: Markup) -> dict[str, Data]:
    """Return the type of a history state and its default targets."""
    targets: list[str] = []
    for each in document.children_of(part):
        attributes = document.read_attributes(each, "target", "type")
        if each.name != "transition" or each.children:
            document.refuse(each.children[0] if each.children else each, INITIAL_HAS_ACTIONS)
        targets += read_targets(document, each, attributes.get("target", ""))
    return {"history": part.attributes.get("type", "shallow"), "target": unwrap_single(targets)}


def read_targets(document: ScxmlDocument, part: Markup, written: str) -> list[str]:
    """Return the target states of a transition."""
    names = [document.resolve_state(each, part) for each in written.split()]
    return [each for each in names if each is not None]


def read_transitions(document: ScxmlDocument, part: Markup) -> dict[str, Data]:
    """Return the transitions of a state under `on`, `always` and `onDone`."""
    on: dict[str, list[Data]] = {}
    others: dict[str, list[Data]] = {"always": [], "onDone": []}
    for each in document.children_of(part):
        if each.name != "transition":
            continue
        events = each.attributes.get("event", "").split()
        if "event" not in each.attributes:
            others["always"].append(read_transition(document, part, each, None))
        names: dict[str, None] = {}  # an event matched twice takes the transition once
        for event in events:
            done = done_state_of(event)
            if done is None:
                names |= dict.fromkeys(document.match_events(event, each))
            elif done == part.attributes["id"]:
                others["onDone"].append(read_transition(document, part, each, None))
            else:
                document.refuse(each, DONE_OF_ANOTHER.fill(name=shorten(done)), "event")
        for name in names:
            on.setdefault(name, []).append(read_transition(document, part, each, name))
    data: dict[str, Data] = {}
    if on:
        data["on"] = {event: unwrap_single(group) for event, group in on.items()}
    return data | {key: unwrap_single(group) for key, group in others.items() if group}


def read_transition(
    document: ScxmlDocument, state: Markup, part: Markup, event: str | None
) -> Data:
    """Return one transition."""
    attributes = document.read_attributes(part, "event", "cond", "target", "type")
    if attributes.get("type", "external") not in TRANSITION_TYPES:
        document.refuse(part, NO_COUNTERPART, "type")
    data: dict[str, Data] = {}
    targets = read_targets(document, part, attributes.get("target", ""))
    if targets:
        data["target"] = unwrap_single(targets)
    if reenters(document, state, part):
        data["reenter"] = True
    if document.our_attribute(part, "zh") and document.our_attribute(part, "en"):
        data["title"] = document.read_title(part, part.name)
    for key in ("by", "requires"):
        if document.our_attribute(part, key):
            data[key] = document.our_attribute(part, key).split()
    if "cond" in attributes:
        guard = document.convert(part, "cond", attributes["cond"], event)
        if guard is not None and guard.type not in {None, BOOLEAN}:
            document.refuse(part, NOT_BOOLEAN, "cond")
        data["guard"] = guard.cel if guard is not None else ""
    done = read_contents(document, part, event)
    data |= build_single_item(document, done, set(document.payload_of("event", event or "")))
    data |= document.read_cites(part)
    if data.keys() == {"target"} and len(targets) == 1:
        return targets[0]
    return Made(part.name, part.span, data)


def reenters(document: ScxmlDocument, state: Markup, part: Markup) -> bool:
    """Return whether a transition to its source or into it exits the source.

    It does unless it has `type="internal"`, a compound source, and targets inside the source.
    """
    targets = [document.states.get(each) for each in part.attributes.get("target", "").split()]
    known = [each for each in targets if each is not None]
    into = all(each is state or state in each.ancestors for each in known)
    below = all(each is not state for each in known)
    stays = part.attributes.get("type") == "internal" and state.name == "state" and below
    return bool(known) and into and not stays


def unwrap_single(things: Sequence[Data]) -> Data:
    """Return the only item, or the list of several."""
    return things[0] if len(things) == 1 else [*things]
