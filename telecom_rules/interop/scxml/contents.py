"""Executable content of SCXML as `assign`, `emit` and `raise` of a workflow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from telecom_rules.interop.annotations import OUR_NAMESPACE
from telecom_rules.interop.document import NO_COUNTERPART, ONE_ONLY
from telecom_rules.interop.made import Made
from telecom_rules.interop.scxml.expressions import Converted
from telecom_rules.interop.scxml.words import INTERNAL_TARGET, SCXML_PROCESSORS
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.markup import Markup
    from telecom_rules.interop.scxml.document import ScxmlDocument


RANK = {"assign": 0, "emit": 1, "raise": 2}
"""The order in which the actions of one item are executed."""

LONG_CONDITION = 20
"""Characters of a condition that take one step, written once for each action under it."""
ORDER_DIFFERS = Wording(
    "流程先设定数据，再提出待办事项，后引发事件；其后的赋值会改变此项读取的数据",
    "a workflow assigns facts first, then emits effects, then raises events; a later assignment"
    " would change the data of this one",
)
SET_TWICE = Wording("同一转换中不能两次设定 `{name}`", "one transition cannot set `{name}` twice")
SENT_TWICE = Wording("`{name}` 不能给出两次", "`{name}` cannot be given twice")
OWN_QUEUE = Wording(
    "它进入外部队列，排在外部事件之后；请改用 `<raise>`，其事件先于外部事件处理",
    "its event joins the external queue; write `<raise>`, which has precedence over it",
)
NO_ADDRESS = Wording(
    "此处的待办事项只有名称，由宿主系统按名称执行，没有地址",
    "an effect has no address: the host performs it by its name",
)
USE_CLOCKS = Wording("定时由 `clocks` 表示", "write time limits as `clocks`")
NO_BRANCHES = Wording(
    "动作的条件没有其他分支；请写成带条件的转换",
    "the condition of an action has no other branch; write transitions with conditions",
)
CONDITION_CHANGES = Wording(
    "流程对每个动作分别判断条件；其中的赋值会改变后面动作的条件所读取的数据",
    "a workflow judges the condition anew for each action; an assignment here would change the data"
    " that the condition of a later action reads",
)
NO_PROCESS = Wording("此处不启动外部进程", "a workflow starts no external process")
NO_CODE = Wording("规则中没有程序代码", "rules contain no code")
CONTENT_REASONS = {
    "elseif": NO_BRANCHES,
    "else": NO_BRANCHES,
    "foreach": Wording("动作没有循环", "actions have no loops"),
    "script": NO_CODE,
    "cancel": USE_CLOCKS,
    "invoke": NO_PROCESS,
}
LOGGED = Wording("记录与流程的行为无关", "a log entry does not affect how the chart runs")
TAKEN_AS_EFFECT = Wording(
    "没有转换由此事件触发，视为由宿主系统办理的待办事项",
    "no transition waits for this event, so it becomes an effect for the host",
)


@dataclass(slots=True)
class ImportedAction:
    """One action of executable content.

    Attributes:
        kind: assignment, effect or internal event.
        name: the fact, effect or event.
        value: the value of an assignment.
        values: the payload of an effect or event.
        when: its condition, or empty.
        if_given: whether a fact is assigned only if the event has the field.
        part: where it is written.
    """

    kind: Literal["assign", "emit", "raise"]
    name: str
    part: Markup
    value: str = ""
    values: dict[str, str] = field(default_factory=dict)
    when: str = ""
    if_given: bool = False


def read_contents(
    document: ScxmlDocument, parent: Markup, event: str | None
) -> list[ImportedAction]:
    """Return the actions of `parent` in order; `event` triggers them, if it is known."""
    done: list[ImportedAction] = []
    for part in document.children_of(parent):
        if part.name == "log":
            document.omit(part, LOGGED)
        elif part.name == "assign":
            done.extend(read_assign(document, part, event))
        elif part.name in {"raise", "send"}:
            done.extend(read_send(document, part, event))
        elif part.name == "if" and event is not None and is_set_if_given(part):
            (assign,) = part.children
            done += [mark_given(each) for each in read_assign(document, assign, event)]
        elif part.name == "if":
            done.extend(read_if(document, part, event))
        else:
            document.refuse(part, CONTENT_REASONS.get(part.name, NO_COUNTERPART))
    return done


def read_if(document: ScxmlDocument, part: Markup, event: str | None) -> Iterator[ImportedAction]:
    """Yield the actions of an `if`, each under its condition, unless it is refused."""
    attributes = document.read_attributes(part, "cond")
    condition = document.convert(part, "cond", attributes.get("cond", ""), event)
    actions = read_contents(document, part, event)
    if any(each.kind == "assign" for each in actions[:-1]):
        document.refuse(part, CONDITION_CHANGES)
    if condition is None:
        return
    for each in actions:
        document.spend(1 + (len(condition.cel) + len(each.when)) // LONG_CONDITION)
        inner = f" && ({each.when})" if each.when else ""
        each.when = f"({condition.cel}){inner}" if inner else condition.cel
        yield each


def is_set_if_given(part: Markup) -> bool:
    """Return whether an `if` only assigns a fact from the field of the event of the same name."""
    if [each.name for each in part.children] != ["assign"]:
        return False
    fact = part.children[0].attributes.get("location", "")
    given = part.attributes.get("cond") == f"has(event.{fact})"
    return given and part.children[0].attributes.get("expr") == f"event.{fact}"


def mark_given(doing: ImportedAction) -> ImportedAction:
    """Return `doing`, executed only if the event has the field."""
    doing.if_given = True
    return doing


def read_assign(
    document: ScxmlDocument, part: Markup, event: str | None
) -> Iterator[ImportedAction]:
    """Yield an assignment, unless it is refused."""
    attributes = document.read_attributes(part, "location", "expr")
    fact = document.resolve_fact(attributes.get("location", ""), part)
    if part.children or part.text.strip():
        document.refuse(part, NO_COUNTERPART)
        return
    value = document.convert(part, "expr", attributes.get("expr", ""), event)
    if fact is not None and value is not None:
        document.learn_type(fact, value)
        yield ImportedAction("assign", fact, part, value.cel)


def read_send(document: ScxmlDocument, part: Markup, event: str | None) -> Iterator[ImportedAction]:
    """Yield an effect or an internal event, unless it is refused."""
    attributes = document.read_attributes(
        part, "event", "target", "type", "namelist", "delay", "delayexpr"
    )
    if "delay" in attributes or "delayexpr" in attributes:
        document.refuse(part, USE_CLOCKS)
        return
    name, target = attributes.get("event", ""), attributes.get("target")
    if not name:
        document.refuse(part, NO_COUNTERPART)
        return
    converted: dict[str, Converted] = {}
    for sent, value in read_values(document, part, attributes.get("namelist", ""), event):
        if sent in converted:
            document.refuse(part, SENT_TWICE.fill(name=shorten(sent)))
        converted[sent] = value
    values = {field: value.cel for field, value in converted.items()}
    kind = attributes.get("type")
    to_own_queue = target == INTERNAL_TARGET and (kind is None or kind in SCXML_PROCESSORS)
    if part.name == "raise" or to_own_queue:
        known = document.resolve_event(name, part)
        if known is not None:
            document.note_use("event", known, converted, part)
            yield ImportedAction("raise", known, part, values=values)
    elif kind == OUR_NAMESPACE and target is None:
        yield build_emission(document, part, name, converted)
    elif target is not None or kind is not None:
        document.refuse(part, NO_ADDRESS)
    elif document.awaits(name):
        document.refuse(part, OWN_QUEUE)
    else:
        document.note(part, TAKEN_AS_EFFECT)
        yield build_emission(document, part, name, converted)


def build_emission(
    document: ScxmlDocument, part: Markup, name: str, values: Mapping[str, Converted]
) -> ImportedAction:
    """Return an effect that is emitted."""
    effect = document.name_effect(name, part)
    document.note_use("effect", effect, values, part)
    payload = {field: value.cel for field, value in values.items()}
    return ImportedAction("emit", effect, part, values=payload)


def read_values(
    document: ScxmlDocument, part: Markup, namelist: str, event: str | None
) -> Iterator[tuple[str, Converted]]:
    """Yield the payload of an effect or event."""
    for location in namelist.split():
        fact = document.resolve_fact(location, part)
        if fact is not None:
            yield fact, Converted(fact, document.types.get(fact))
    for param in document.children_of(part):
        if param.name != "param":
            document.refuse(param, NO_COUNTERPART)
            continue
        attributes = document.read_attributes(param, "name", "expr", "location")
        if {"expr", "location"} <= attributes.keys():
            document.refuse(param, ONE_ONLY, "location")
        source = attributes.get("expr", attributes.get("location", ""))
        value = document.convert(param, "expr", source, event)
        if value is not None:
            yield document.name_field(attributes.get("name", ""), param), value


def group_actions(doings: Sequence[ImportedAction]) -> list[dict[str, Data]]:
    """Return actions on entry or exit as the fewest list items that keep their order."""
    groups: list[list[ImportedAction]] = []
    assigned: set[str] = set()
    for each in doings:
        last = groups[-1][-1] if groups else None
        repeats = each.kind == "assign" and each.name in assigned
        if last is None or RANK[each.kind] < RANK[last.kind] or repeats:
            groups.append([])
            assigned = set()
        groups[-1].append(each)
        if each.kind == "assign":
            assigned.add(each.name)
    return [write_item(group) for group in groups]


def build_single_item(
    document: ScxmlDocument, doings: Sequence[ImportedAction], payload: set[str]
) -> dict[str, Data]:
    """Return the actions of a transition as one item, whose order by kind is fixed.

    Args:
        document: reports the actions that cannot be converted.
        doings: the actions, in order.
        payload: the fields of the event.
    """
    least = len(RANK)  # of the actions that follow
    for each in reversed(doings):
        if least < RANK[each.kind] and (each.values or each.when):
            document.refuse(each.part, ORDER_DIFFERS)
        least = min(least, RANK[each.kind])
    name = find_set_twice(doings)
    if name is not None:
        document.refuse(doings[0].part, SET_TWICE.fill(name=name))
    assigns = [each for each in doings if each.kind == "assign"]
    stored = {each.name for each in assigns if each.value == f"event.{each.name}" and not each.when}
    if any(each.if_given for each in assigns):
        if len(stored) != len(assigns) or stored != payload:
            document.refuse(assigns[0].part, NO_BRANCHES)
        rest = write_item([each for each in doings if each.kind != "assign"])
        return {"assign": "event", **rest}
    return write_item(doings)


def find_set_twice(doings: Sequence[ImportedAction]) -> str | None:
    """Return a fact that is assigned more than once, or `None`."""
    counts = Counter(each.name for each in doings if each.kind == "assign")
    return next((name for name, count in counts.items() if count > 1), None)


def write_item(doings: Sequence[ImportedAction]) -> dict[str, Data]:
    """Return actions as the keys of one item."""
    if not doings:
        return {}
    assign = {each.name: write_value(each) for each in doings if each.kind == "assign"}
    data = Made(doings[0].part.name, doings[0].part.span, {"assign": assign} if assign else {})
    for kind, key in (("emit", "effect"), ("raise", "event")):
        asked = [write_reference(key, each) for each in doings if each.kind == kind]
        if asked:
            data[kind] = asked[0] if len(asked) == 1 else asked
    return data


def write_value(each: ImportedAction) -> Data:
    """Return the value of an assignment, with its condition."""
    if not each.when:
        return each.value
    data: dict[str, Data] = {"value": each.value, "when": each.when}
    return Made(each.part.name, each.part.span, data)


def write_reference(key: str, each: ImportedAction) -> Data:
    """Return an effect or event with its condition and payload."""
    values: Mapping[str, Data] = each.values
    data: dict[str, Data] = {key: each.name}
    if each.when:
        data["when"] = each.when
    if values:
        data["with"] = values
    return Made(each.part.name, each.part.span, data) if len(data) > 1 else each.name
