"""Journals that were tampered with: what was changed is found, or a replay shows it harmless."""

from __future__ import annotations

import copy
import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import JournalError
from telecom_rules.pack import link
from telecom_rules.workflows import Accepted, Entry, EntryKind, verify
from tests.fuzz.harness import Harness
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

START = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
FILES = HOUSE | {
    "workflows/handling.yaml": """
workflow: handling
version: 1.0.0
title: {zh: 办理, en: Handling}
cites: [book:2]
facts: ticket
roles: role
events:
  note: {title: {zh: 记录, en: Note}, payload: {loss: money}}
  close: {title: {zh: 关闭, en: Close}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: open
    until: closed
    limit: parameters.reply
    warn_at: 80%
    cites: [book:2]
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    cites: [book:2]
    on:
      note: {by: [clerk, chief], assign: event, cites: [book:2]}
      close: {target: closed, by: chief, cites: [book:2]}
  closed: {title: {zh: 已关闭, en: Closed}, type: final, cites: [book:2]}
""",
    "catalogues/role.yaml": """
catalogue: role
title: {zh: 角色, en: Roles}
cites: [book:1]
codes: {clerk: {title: {zh: 文员, en: Clerk}}, chief: {title: {zh: 主管, en: Chief}}}
""",
}
FLOW = (
    link({name: text.encode() for name, text in FILES.items()}).require_pack().workflows["handling"]
)


def write(id: str) -> tuple[str, list[Any]]:
    """Return the head and the journal of a case with events, a refusal, a warning and a breach."""
    opened = FLOW.open({"loss": 1}, at=START, id=id, actor="u1")
    case, entries = opened.case, [opened.entry]
    for day, event, payload, by in (
        (1, "note", {"loss": 2}, "clerk"),
        (2, "close", {}, "clerk"),
        (14, "note", {"loss": 3}, "chief"),
        (20, "close", {}, "chief"),
    ):
        outcome = case.send(event, payload, at=START + timedelta(days=day), by=by, actor="u2")
        entries += outcome.entries if isinstance(outcome, Accepted) else (outcome.entry,)
        case = outcome.case
    return case.head, json.loads(json.dumps([each.dump() for each in entries]))


HEAD, JOURNAL = write("C-1")
FOREIGN = write("C-2")[1]
CHAINED = [each for each in JOURNAL if each["kind"] != EntryKind.REFUSAL]
VALUES = (
    *(None, True, 0, 1, -1, 10**30, 0.5, "", "x", "chief", "clerk", "C-2", "note", "close"),
    *("start", "event", "adopt", "2026-03-03T09:00:00+08:00", "2026-03-03", HEAD, [], {}),
    *(["open"], {"loss": "5.00"}, [[[[]]]], "\ud800"),
)


class Tampered(NamedTuple):
    """A journal as somebody left it."""

    entries: list[Any]


def grow(random: Random) -> Tampered:
    """Return the journal after a few changes."""
    entries = copy.deepcopy(JOURNAL)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        random.choice(CHANGES)(random, entries)
    return Tampered(entries)


def drop(random: Random, entries: list[Any]) -> None:
    """Drop an entry, often the last."""
    if entries:
        entries.pop(random.choice((-1, random.randrange(len(entries)))))


def swap(random: Random, entries: list[Any]) -> None:
    """Swap two entries."""
    if entries:
        one, two = random.randrange(len(entries)), random.randrange(len(entries))
        entries[one], entries[two] = entries[two], entries[one]


def repeat(random: Random, entries: list[Any]) -> None:
    """Write an entry twice, or put a foreign one in."""
    source = random.choice((entries, FOREIGN))
    if source:
        entries.insert(random.randint(0, len(entries)), copy.deepcopy(random.choice(source)))


def change(random: Random, entries: list[Any]) -> None:
    """Put another value somewhere, or take one away."""
    if not entries or type(entries[-1]) is not dict:
        return
    places = list(iter_places(random.choice(entries)))
    if places:
        holder, key = random.choice(places)
        if random.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(random.choice(VALUES))


def rechain(_: Random, entries: list[Any]) -> None:
    """Work out every digest anew, as somebody would who covers what they have changed."""
    before = None
    for each in entries:
        if type(each) is dict and "previous" in each:
            each["previous"] = before
            try:
                loaded = Entry.load(each)
            except JournalError:
                return
            before = before if loaded.kind is EntryKind.REFUSAL else loaded.digest


def iter_places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a JSON value as its holder and its key."""
    keys = list(value) if type(value) is dict else range(len(value)) if type(value) is list else ()
    for key in keys:
        yield value, key
        yield from iter_places(value[key])


CHANGES: tuple[Callable[[Random, list[Any]], None], ...] = (
    *(drop, swap, repeat, change, change, change, rechain),
)


def examine(given: Tampered) -> str:
    """Load, verify and replay a journal; compare with what was written."""
    try:
        entries = [Entry.load(each) for each in given.entries]
    except JournalError:
        return "not entries"
    chained = [each.dump() for each in entries if each.kind is not EntryKind.REFUSAL]
    found = verify(entries, head=HEAD)
    if not found:
        assert chained == CHAINED, "a change is not found although the head is known"
    try:
        case = FLOW.replay(entries)
    except JournalError:
        assert found, "what is whole replays"
        return "refused"
    assert case.head == entries_head(entries)
    if not found:
        assert case.head == HEAD
        return "whole"
    # Only somebody who wrote all digests anew, or changed or dropped the end, comes so far.
    assert {each.kind.value for each in found} == {"head"}
    return "only the head tells"


def entries_head(entries: list[Entry]) -> str:
    """Return the digest of the last entry that is not a refusal."""
    return [each.digest for each in entries if each.kind is not EntryKind.REFUSAL][-1]


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        Tampered([]),
        Tampered(JOURNAL),
        Tampered(JOURNAL[:-1]),
        Tampered([{**JOURNAL[0], "payload": {"loss": 10**30}}]),
        Tampered([{**JOURNAL[0], "by": "chief"}, *JOURNAL[1:]]),
    ),
    share=150,
)
