"""Journal entries: one per macrostep, made of plain JSON values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from telecom_rules.errors import FactProblem, FactsError, JournalError
from telecom_rules.vocabulary import (
    INSTANT,
    INTEGER,
    TEXT,
    CodeType,
    Field,
    ListType,
    RecordType,
    dump_value,
    read_record,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.engine.macrostep import EntryKind

if TYPE_CHECKING:
    from datetime import datetime
    from enum import StrEnum

    from telecom_rules.vocabulary import Json


JsonObject: TypeAlias = "Mapping[str, Json]"


@dataclass(frozen=True, slots=True)
class Microstep:
    """One of several microsteps of an entry.

    Attributes:
        event: its event, sent or raised, such as `done.state.<state>`; `None` if eventless.
        left: the states exited, innermost first.
        entered: the states entered, outermost first.
    """

    event: str | None
    left: tuple[str, ...]
    entered: tuple[str, ...]

    def dump(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"event": self.event, "left": list(self.left), "entered": list(self.entered)}


@dataclass(frozen=True, slots=True)
class JournalCall:
    """One case of another workflow that was called.

    Attributes:
        case: the id of the called case.
        workflow: the workflow it is a case of.
        state: the state that waits for it.
        facts: its initial facts.
    """

    case: str
    workflow: str
    state: str
    facts: JsonObject = field(hash=False)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {
            "case": self.case,
            "workflow": self.workflow,
            "state": self.state,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """One macrostep of a case. The entries of a case, in order, are its whole history.

    Attributes:
        case: the case's id.
        sequence: its place in the journal, from 0.
        at: when it happened.
        kind: a start, an event, a firing of a clock, the return of a called case, or a migration
            from an older version.
        event: the event taken, or `None`.
        payload: the payload of the event; of a start, the initial facts; of a return, the final
            state of the called case and its outputs; of a migration, the older snapshot.
        by: the role that sent it, or `None`.
        left: the states exited, in order: innermost first.
        entered: the states entered, in order: outermost first.
        assigned: the facts set; of a start or a migration, all known facts after it.
        effects: the effects requested, each with its payload.
        stopped: the clocks stopped.
        started: the clocks started, or continued after a stop, with their deadlines, `None` if
            undetermined.
        paused: the clocks paused.
        resumed: the clocks resumed after a pause, likewise with their deadlines.
        clock: the clock that fired, or `None`.
        due: whether it warned or expired.
        due_at: the instant of the warning, or the last that would have been in time.
        microsteps: its microsteps, in order, if there was more than one.
        calls: the calls that began.
        cancelled: the ids of the called cases whose calls were cancelled.
        returned: the id of the called case that returned, or `None`.
    """

    case: str
    sequence: int
    at: datetime
    kind: EntryKind
    event: str | None = None
    payload: JsonObject = field(default_factory=dict, hash=False)
    by: str | None = None
    left: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    assigned: JsonObject = field(default_factory=dict, hash=False)
    effects: tuple[tuple[str, JsonObject], ...] = field(default=(), hash=False)
    stopped: tuple[str, ...] = ()
    started: Mapping[str, datetime | None] = field(default_factory=dict, hash=False)
    paused: tuple[str, ...] = ()
    resumed: Mapping[str, datetime | None] = field(default_factory=dict, hash=False)
    clock: str | None = None
    due: DueKind | None = None
    due_at: datetime | None = None
    microsteps: tuple[Microstep, ...] = field(default=(), hash=False)
    calls: tuple[JournalCall, ...] = field(default=(), hash=False)
    cancelled: tuple[str, ...] = ()
    returned: str | None = None

    @property
    def breach(self) -> bool:
        """Whether a time limit was broken."""
        return self.due is DueKind.EXPIRY

    def dump(self) -> dict[str, Json]:
        """Return the entry as JSON that `load` reads back as an equal entry."""
        return {
            "case": self.case,
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "kind": str(self.kind),
            "event": self.event,
            "payload": dict(self.payload),
            "by": self.by,
            "left": list(self.left),
            "entered": list(self.entered),
            "assigned": dict(self.assigned),
            "effects": [{"effect": name, "payload": dict(data)} for name, data in self.effects],
            "stopped": list(self.stopped),
            "started": {name: dump_value(deadline) for name, deadline in self.started.items()},
            "paused": list(self.paused),
            "resumed": {name: dump_value(deadline) for name, deadline in self.resumed.items()},
            "clock": self.clock,
            "due": None if self.due is None else str(self.due),
            "due_at": dump_value(self.due_at),
            "microsteps": [each.dump() for each in self.microsteps],
            "calls": [each.dump() for each in self.calls],
            "cancelled": list(self.cancelled),
            "returned": self.returned,
        }

    @classmethod
    def load(cls, data: Mapping[str, object]) -> Entry:
        """Return the entry that `dump` wrote.

        Raises:
            JournalError: `data` is not a journal entry.
        """
        try:
            return parse_entry(data)
        except FactsError as problem:
            wording = Wording("不是有效的日志条目：{why}", "not a journal entry: {why}")
            raise JournalError(wording.fill(why=problem.wording), sequence_of(data)) from None


def to_canonical_json(data: object) -> str:
    """Return the canonical text of a JSON value: texts are equal if and only if values are.

    Raises:
        ValueError: it is not a JSON value.
        TypeError: likewise.
        RecursionError: it is nested too deeply.
    """
    return json.dumps(
        data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


NOT_AN_OBJECT = Wording("应为 JSON 对象", "expected a JSON object")
NAMES_TYPE = ListType(TEXT)


def code_type_of(words: type[StrEnum]) -> CodeType:
    """Return the code type of an enumeration."""
    return CodeType(words.__name__, {str(word): Wording.same(word) for word in words})


ENTRY_TYPE = RecordType(
    "entry",
    {
        "case": Field(TEXT),
        "sequence": Field(INTEGER, least=Decimal(0)),
        "at": Field(INSTANT),
        "kind": Field(code_type_of(EntryKind)),
        "event": Field(TEXT, optional=True),
        "by": Field(TEXT, optional=True),
        "left": Field(NAMES_TYPE),
        "entered": Field(NAMES_TYPE),
        "stopped": Field(NAMES_TYPE),
        "paused": Field(NAMES_TYPE),
        "clock": Field(TEXT, optional=True),
        "due": Field(code_type_of(DueKind), optional=True),
        "due_at": Field(INSTANT, optional=True),
        "cancelled": Field(NAMES_TYPE),
        "returned": Field(TEXT, optional=True),
    },
)
"""The parts of an entry that are scalars and lists of names."""
MICROSTEP_TYPE = RecordType(
    "microsteps",
    {"event": Field(TEXT, optional=True), "left": Field(NAMES_TYPE), "entered": Field(NAMES_TYPE)},
)
EFFECT_TYPE = RecordType("effect", {"effect": Field(TEXT)})
JOURNAL_CALL_TYPE = RecordType(
    "calls", {"case": Field(TEXT), "workflow": Field(TEXT), "state": Field(TEXT)}
)
DEADLINE_TYPE = RecordType("started", {"at": Field(INSTANT)})


def sequence_of(data: object) -> int:
    """Return the sequence number of a broken entry, or 0."""
    sequence = data.get("sequence") if isinstance(data, Mapping) else None
    return sequence if isinstance(sequence, int) else 0


def parse_entry(data: object) -> Entry:
    """Return the entry in `data`.

    Raises:
        FactsError: it is not an entry.
    """
    nested = ("payload", "assigned", "effects", "started", "resumed", "microsteps", "calls")
    if not isinstance(data, Mapping):
        raise FactsError("entry", [FactProblem("entry", NOT_AN_OBJECT)])
    record: Any = read_record(
        ENTRY_TYPE, {k: v for k, v in data.items() if k not in nested}, "entry"
    )
    return Entry(
        case=record["case"],
        sequence=record["sequence"],
        at=record["at"],
        kind=EntryKind(record["kind"]),
        event=record.get("event"),
        payload=read_json_object(data, "payload"),
        by=record.get("by"),
        left=record["left"],
        entered=record["entered"],
        assigned=read_json_object(data, "assigned"),
        effects=tuple(parse_effect(each) for each in read_json_list(data, "effects")),
        stopped=record["stopped"],
        started={
            name: parse_deadline(at) for name, at in read_json_object(data, "started").items()
        },
        paused=record["paused"],
        resumed={
            name: parse_deadline(at) for name, at in read_json_object(data, "resumed").items()
        },
        clock=record.get("clock"),
        due=DueKind(record["due"]) if "due" in record else None,
        due_at=record.get("due_at"),
        microsteps=tuple(parse_microstep(each) for each in read_json_list(data, "microsteps")),
        calls=tuple(parse_call(each) for each in read_json_list(data, "calls")),
        cancelled=record["cancelled"],
        returned=record.get("returned"),
    )


def parse_microstep(data: object) -> Microstep:
    """Return one microstep of an entry."""
    if not isinstance(data, Mapping):
        raise FactsError("entry", [FactProblem("microsteps", NOT_AN_OBJECT)])
    record: Any = read_record(MICROSTEP_TYPE, data, "microsteps")
    return Microstep(record.get("event"), record["left"], record["entered"])


def parse_call(data: object) -> JournalCall:
    """Return one call of an entry."""
    if not isinstance(data, Mapping):
        raise FactsError("entry", [FactProblem("calls", NOT_AN_OBJECT)])
    record: Any = read_record(
        JOURNAL_CALL_TYPE, {k: v for k, v in data.items() if k != "facts"}, "calls"
    )
    return JournalCall(
        record["case"], record["workflow"], record["state"], read_json_object(data, "facts")
    )


def parse_effect(data: object) -> tuple[str, JsonObject]:
    """Return one effect of an entry."""
    if not isinstance(data, Mapping):
        raise FactsError("entry", [FactProblem("effects", NOT_AN_OBJECT)])
    name: Any = read_record(
        EFFECT_TYPE, {k: v for k, v in data.items() if k != "payload"}, "effects"
    )
    return name["effect"], read_json_object(data, "payload")


def parse_deadline(value: object) -> datetime | None:
    """Return the deadline of a clock in an entry."""
    if value is None:
        return None
    record: Any = read_record(DEADLINE_TYPE, {"at": value}, "started")
    at: datetime = record["at"]
    return at


def read_json_object(data: Mapping[str, object], key: str) -> JsonObject:
    """Return the JSON object that `data` has for `key`."""
    value = data.get(key)
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise FactsError("entry", [FactProblem(key, NOT_AN_OBJECT)])
    return dict(value)


def read_json_list(data: Mapping[str, object], key: str) -> list[object]:
    """Return the JSON list that `data` has for `key`."""
    value = data.get(key)
    if not isinstance(value, list):
        raise FactsError("entry", [FactProblem(key, Wording("应为列表", "expected a list"))])
    return value
