"""What differs between an entry and its replay, for people: each part before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from telecom_rules.digests import to_canonical_json
from telecom_rules.wording import Wording, join_names, join_wordings, shorten
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.phrases import format_deadline, format_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Json
    from telecom_rules.workflows.journal.entry import Entry


PROVENANCE = frozenset({"format", "previous", "workflow_digest"})
"""The parts of an entry that say by which rules it happened and what it follows on."""
MOST_NAMED = 5
"""Differences that are told one by one, and names of a list."""

TITLES: Mapping[str, Wording] = {
    "case": Wording("个案", "the case"),
    "sequence": Wording("序号", "the number"),
    "at": Wording("发生时刻", "the instant"),
    "kind": Wording("种类", "the kind"),
    "event": Wording("事件", "the event"),
    "payload": Wording("内容", "the payload"),
    "by": Wording("角色", "the role"),
    "actor": Wording("操作人", "the actor"),
    "left": Wording("离开的状态", "the states left"),
    "entered": Wording("进入的状态", "the states entered"),
    "assigned": Wording("写入的数据", "the facts set"),
    "effects": Wording("要求办理的事项", "the effects"),
    "stopped": Wording("停止的时限", "the time limits stopped"),
    "started": Wording("开始的时限", "the time limits started"),
    "paused": Wording("暂停的时限", "the time limits paused"),
    "resumed": Wording("继续的时限", "the time limits resumed"),
    "clock": Wording("到期的时限", "the time limit due"),
    "due": Wording("提醒或届满", "warning or expiry"),
    "due_at": Wording("到期时刻", "the instant due"),
    "microsteps": Wording("各步", "the microsteps"),
    "calls": Wording("发出的调用", "the calls"),
    "cancelled": Wording("取消的调用", "the calls cancelled"),
    "returned": Wording("交回的个案", "the case returned"),
    "pauses": Wording("暂停的期间", "the pauses"),
    "ended": Wording("结束时刻", "the end"),
    "warned": Wording("是否已提醒", "whether it has warned"),
    "expired": Wording("是否已届满", "whether it has expired"),
    "agreed": Wording("约定的期限", "the limit agreed"),
    "unknown": Wording("未知的数据", "the unknown fact"),
}
"""The parts of an entry, and of a clock in a snapshot, as people call them."""
WITH_INSTANTS = frozenset({"at", "due_at", "ended", "started", "resumed"})
"""The parts with an instant, or with one for each time limit."""

DIFFERENT = Wording("{part}为 {new}，原为 {old}", "{part}: {new} instead of {old}")
TITLED = Wording("{title}（`{name}`）", "{title} (`{name}`)")
INSIDE = Wording("{part}：{names}", "{part}: {names}")
LIMIT_END = Wording("`{clock}`（{end}）", "`{clock}` ({end})")
NOTHING = Wording("无", "none")
MORE = Wording("……", "…")
OF_CLOCK = Wording(
    "时限 `{clock}` {due}的条目与重新执行的结果不一致：{parts}",
    "the replayed {due} of the time limit `{clock}` differs in {parts}",
)
OF_EVENT = Wording(
    "事件 `{event}` 的条目与重新执行的结果不一致：{parts}",
    "the replayed event `{event}` differs in {parts}",
)
OF_ENTRY = Wording("与重新执行的结果不一致：{parts}", "the replayed entry differs in {parts}")
DUE_NAMES = {
    DueKind.WARN: Wording("提醒", "warning"),
    DueKind.EXPIRY: Wording("届满", "expiry"),
    DueKind.ASK: Wording("提请确定期限", "question about the end"),
}


def describe_entry_difference(replayed: Entry, entry: Entry) -> Wording:
    """Return what an entry was, and each part in which its replay differs."""
    # Where the rules are others, their digest and what follows from it differ by nature.
    derived = frozenset() if replayed.workflow_digest == entry.workflow_digest else PROVENANCE
    if replayed.due_at != entry.due_at:
        derived |= {"at"}
    parts = describe_differences(replayed.dump(), entry.dump(), derived)
    if entry.clock is not None and entry.due is not None:
        due = DUE_NAMES[entry.due]
        return OF_CLOCK.fill(clock=shorten(entry.clock), due=due, parts=parts)
    if entry.event is not None:
        return OF_EVENT.fill(event=shorten(entry.event), parts=parts)
    return OF_ENTRY.fill(parts=parts)


def describe_differences(
    new: Mapping[str, Json], old: Mapping[str, Json], left_out: frozenset[str] = frozenset()
) -> Wording:
    """Return the parts in which two objects of JSON differ, each with both of its values."""
    different = [
        describe_part(name, new.get(name), old.get(name))
        for name in {**new, **old}
        if name not in left_out and not is_same(new.get(name), old.get(name))
    ]
    told = different[:MOST_NAMED] + [MORE] * (len(different) > MOST_NAMED)
    return join_wordings(told, between=("；", "; "))


def describe_part(name: str, new: Json, old: Json) -> Wording:
    """Return a part with both of its values, as far as the rules make them.

    What a host sent or stored is named and not repeated: cases differ in it, and whoever compares
    rules for many of them reads each sentence once.
    """
    title = TITLES.get(name)
    part = Wording.same(f"`{name}`") if title is None else TITLED.fill(title=title, name=name)
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        names = [key for key in {**old, **new} if not is_same(new.get(key), old.get(key))]
        if name not in WITH_INSTANTS:
            return INSIDE.fill(part=part, names=quote_names(names))
        new, old = ({key: each[key] for key in names if key in each} for each in (new, old))
    values = describe_value(name, new), describe_value(name, old)
    return (
        part if values[0] == values[1] else DIFFERENT.fill(part=part, new=values[0], old=values[1])
    )


def is_same(one: Json, other: Json) -> bool:
    """Return whether two values of JSON are equal, and not only for Python: `1` is not `true`."""
    return to_canonical_json(one) == to_canonical_json(other)


def describe_value(name: str, value: Json) -> Wording:
    """Return the value of a part on one short line; of an object in a list, what names it."""
    if value in (None, [], {}):
        return NOTHING
    if isinstance(value, Mapping):
        limits = (
            LIMIT_END.fill(clock=shorten(clock), end=describe_value(name, end))
            for clock, end in islice(value.items(), MOST_NAMED)
        )
        return join_wordings(limits)
    if isinstance(value, list):
        return quote_names(
            name_object(each) if isinstance(each, Mapping) else each for each in value
        )
    return Wording.same(
        describe_text(name, value if isinstance(value, str) else str(value).lower())
    )


def name_object(value: Mapping[str, Json]) -> Json:
    """Return what names an effect, a call or a microstep."""
    return value.get("effect") or value.get("workflow") or value.get("event") or ""


def quote_names(names: Iterable[object]) -> Wording:
    """Return some names in one enumeration."""
    return Wording.same(join_names((f"`{shorten(each)}`" for each in names), MOST_NAMED))


def describe_text(name: str, text: str) -> str:
    """Return the text of a part, an instant as people write it."""
    try:
        at = datetime.fromisoformat(text) if name in WITH_INSTANTS else None
    except ValueError:
        at = None
    if at is None:
        return f"`{shorten(text)}`"
    return format_instant(at) if name == "at" else format_deadline(at)
