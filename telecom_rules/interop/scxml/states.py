"""The states and transitions of an SCXML document as those of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.scxml.contents import NO_CODE, items, read_contents, single_item
from telecom_rules.interop.scxml.document import done_of
from telecom_rules.interop.scxml.words import OURS, STATES
from telecom_rules.vocabulary import BOOLEAN
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents.layout import Data
    from telecom_rules.interop.markup import Markup
    from telecom_rules.interop.scxml.document import Document

__all__ = ["first_of", "read_states"]

INITIAL = Wording(
    "`initial` 应为一个直接子状态", "the state entered first must be one right inside"
)
WITH_ACTIONS = Wording(
    "进入初始状态时不能另有动作", "nothing is done on the way to the state entered first"
)
NO_PLACE = Wording("此处没有与之对应的内容", "there is nothing like it here")
NO_PROCESS = Wording("此处不启动外部进程", "no other process is started here")
NO_DATA = Wording("完成事件不带数据", "that a state is done carries no data")
ELSEWHERE = Wording(
    "只有 `{name}` 自身才能等待其完成（`onDone`）",
    "only `{name}` itself can wait for what is inside it to be done (`onDone`)",
)
NO_TEST = Wording("条件的值应为 true 或 false", "the value of a condition is true or false")
REASONS = {"invoke": NO_PROCESS, "donedata": NO_DATA, "script": NO_CODE}
KNOWN = (*STATES, "initial", "datamodel")
ATTRIBUTES = {
    "state": ("id", "initial"),
    "parallel": ("id",),
    "final": ("id",),
    "history": ("id", "type"),
}


def read_states(document: Document, around: Markup) -> dict[str, Data]:
    """Return the states right inside one, or those at the top, by name."""
    if around is document.root:
        refuse_others(document, around, *KNOWN)
    return {
        document.state(each.attributes["id"], each) or "": read_state(document, each)
        for each in document.inside(around)
        if each.name in STATES
    }


def first_of(document: Document, around: Markup) -> str:
    """Return the state that is entered first: as written, else the first in document order."""
    inside = list(around.named("state", "parallel", "final"))
    written = around.attributes.get("initial", "").split()
    for initial in around.named("initial"):
        for each in document.inside(initial):
            document.attributes(each, "target")
            written = each.attributes.get("target", "").split()
            if each.inside:
                document.refuse(each, WITH_ACTIONS)
    if not written:
        written = [each.attributes["id"] for each in inside[:1]]
    if len(written) != 1 or all(each.attributes["id"] != written[0] for each in inside):
        document.refuse(around, INITIAL, "initial")
        return ""
    return document.state(written[0], around) or ""


def read_state(document: Document, part: Markup) -> Data:
    """Return one state with those inside it."""
    document.attributes(part, *ATTRIBUTES[part.name])
    data: dict[str, Data] = {} if part.name == "state" else {"type": part.name}
    data |= {"title": document.title(part, part.attributes["id"]), **document.cites(part)}
    tags = document.ours(part, "tags").split()
    maps = {
        key.removeprefix(f"{OURS} maps."): value
        for key, value in part.attributes.items()
        if key.startswith(f"{OURS} maps.")
    }
    data |= {"tags": tags} if tags else {}
    data |= {"maps": maps} if maps else {}
    if part.name == "history":
        return data | read_history(document, part)
    inside = read_states(document, part)
    if inside and part.name == "state":
        data["initial"] = first_of(document, part)
    for key, name_there in (("entry", "onentry"), ("exit", "onexit")):
        done = [
            doing
            for each in document.inside(part)
            if each.name == name_there
            for doing in read_contents(document, each, None)
        ]
        if done:
            data[key] = several(items(done))
    data |= read_transitions(document, part)
    refuse_others(document, part, *KNOWN, "onentry", "onexit", "transition")
    return data | ({"states": inside} if inside else {})


def refuse_others(document: Document, around: Markup, *known: str) -> None:
    """Refuse what is inside one and not `known`."""
    for each in document.inside(around):
        if each.name not in known:
            document.refuse(each, REASONS.get(each.name, NO_PLACE))


def read_history(document: Document, part: Markup) -> dict[str, Data]:
    """Return what a history state remembers, and where it leads before."""
    targets: list[str] = []
    for each in document.inside(part):
        attributes = document.attributes(each, "target", "type")
        if each.name != "transition" or each.inside:
            document.refuse(each.inside[0] if each.inside else each, WITH_ACTIONS)
        targets += read_targets(document, each, attributes.get("target", ""))
    return {"history": part.attributes.get("type", "shallow"), "target": several(targets)}


def read_targets(document: Document, part: Markup, written: str) -> list[str]:
    """Return the states that a transition leads to."""
    names = [document.state(each, part) for each in written.split()]
    return [each for each in names if each is not None]


def read_transitions(document: Document, part: Markup) -> dict[str, Data]:
    """Return the transitions of a state under `on`, `always` and `onDone`."""
    on: dict[str, list[Data]] = {}
    others: dict[str, list[Data]] = {"always": [], "onDone": []}
    for each in document.inside(part):
        if each.name != "transition":
            continue
        events = each.attributes.get("event", "").split()
        if "event" not in each.attributes:
            others["always"].append(read_transition(document, part, each, None))
        for event in events:
            done = done_of(event)
            if done is None:
                for name in document.matching(event, each):
                    written = read_transition(document, part, each, name)
                    if written not in on.setdefault(name, []):
                        on[name].append(written)
            elif done == part.attributes["id"]:
                others["onDone"].append(read_transition(document, part, each, None))
            else:
                document.refuse(each, ELSEWHERE.fill(name=done), "event")
    data: dict[str, Data] = {}
    if on:
        data["on"] = {event: several(group) for event, group in on.items()}
    return data | {key: several(group) for key, group in others.items() if group}


def read_transition(document: Document, state: Markup, part: Markup, event: str | None) -> Data:
    """Return one transition."""
    attributes = document.attributes(part, "event", "cond", "target", "type")
    data: dict[str, Data] = {}
    targets = read_targets(document, part, attributes.get("target", ""))
    if targets:
        data["target"] = several(targets)
    if reenters(document, state, part):
        data["reenter"] = True
    zh, en = document.ours(part, "zh"), document.ours(part, "en")
    if zh and en:
        data["title"] = {"zh": zh, "en": en}
    for key in ("by", "requires"):
        if document.ours(part, key):
            data[key] = document.ours(part, key).split()
    if "cond" in attributes:
        guard = document.cel(part, "cond", attributes["cond"], event)
        if guard is not None and document.converter.type_of(guard) not in {None, BOOLEAN}:
            document.refuse(part, NO_TEST, "cond")
        data["guard"] = guard or ""
    done = read_contents(document, part, event)
    data |= single_item(document, done, set(document.payload("event", event or "")))
    data |= document.cites(part)
    return data["target"] if data.keys() == {"target"} and len(targets) == 1 else data


def reenters(document: Document, state: Markup, part: Markup) -> bool:
    """Return whether a transition leaves its source though it leads into it.

    Only `type="internal"` on a compound source, to states inside it, does not.
    """
    targets = [document.states.get(each) for each in part.attributes.get("target", "").split()]
    known = [each for each in targets if each is not None]
    into = all(each is state or state in each.around for each in known)
    below = all(each is not state for each in known)
    stays = part.attributes.get("type") == "internal" and state.name == "state" and below
    return bool(known) and into and not stays


def several(things: Sequence[Data]) -> Data:
    """Return one thing as itself, and more than one as a list."""
    return things[0] if len(things) == 1 else [*things]
