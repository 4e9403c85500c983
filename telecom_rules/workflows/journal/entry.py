"""Journal entries, made of plain JSON values: the one format in which a case is on record.

Each entry names the rules it was made under, and carries the digest of the entry before it. So a
journal is a chain: who changes, drops, adds or moves an entry changes every digest after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from telecom_rules.digests import calculate_digest
from telecom_rules.errors import FactProblem, FactsError, JournalError
from telecom_rules.frozen import FrozenDict, Portable
from telecom_rules.values.arguments import LONGEST_ACTOR, copy_object
from telecom_rules.vocabulary import (
    INSTANT,
    INTEGER,
    TEXT,
    CodeType,
    Field,
    ListType,
    RecordType,
    build_record_reader,
    dump_value,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows.engine.clocks import DueKind
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.journal.json_values import (
    MOST_LEVELS,
    MOST_VALUES,
    read_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from enum import StrEnum

    from telecom_rules.vocabulary import Json


JsonObject: TypeAlias = "Mapping[str, Json]"

FORMAT = 1
"""The version of the format of entries."""


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
class JournalReason:
    """One reason of a refusal, as it was told.

    Attributes:
        kind: its kind.
        wording: what was wrong and what to do.
        cites: the clauses it rests on, such as `spec:7.1.2(3)`.
    """

    kind: str
    wording: Wording
    cites: tuple[str, ...]

    def dump(self) -> dict[str, Json]:
        """Return it as JSON."""
        zh, en = self.wording
        return {"kind": self.kind, "zh": zh, "en": en, "cites": list(self.cites)}


@dataclass(frozen=True, slots=True)
class Entry(Portable):
    """One macrostep of a case. The entries of a case, in order, are its whole history.

    A refusal is an entry too, though nothing follows on it: it has the number that the next entry
    takes, and no entry carries its digest.

    Attributes:
        case: the case's id.
        sequence: its place in the journal, from 0.
        at: when it happened.
        kind: a start, an event, a firing of a clock, the return of a called case, a migration from
            an older version, the adoption of a case that began elsewhere, or a refusal.
        previous: the digest of the entry before it, or `None` where there is none.
        workflow: the workflow the case runs in.
        workflow_digest: the digest of that workflow and all it reads: the rules it happened by.
        event: the event taken or refused, or `None`.
        payload: the payload of the event; of a start, the initial facts; of a return, the final
            state of the called case and its outputs; of a migration, the older snapshot; of an
            adoption, the snapshot of the case as adopted; of a refusal nothing, because it may be
            anything.
        by: the role that sent it, or `None`.
        actor: who caused it, as the host calls them, or `None`. The entry of a clock has none.
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
        reasons: why the event was refused, of a refusal.
    """

    case: str
    sequence: int
    at: datetime
    kind: EntryKind
    previous: str | None = None
    workflow: str = ""
    workflow_digest: str = ""
    event: str | None = None
    payload: JsonObject = field(default_factory=FrozenDict, hash=False)
    by: str | None = None
    actor: str | None = None
    left: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    assigned: JsonObject = field(default_factory=FrozenDict, hash=False)
    effects: tuple[tuple[str, JsonObject], ...] = field(default=(), hash=False)
    stopped: tuple[str, ...] = ()
    started: Mapping[str, datetime | None] = field(default_factory=FrozenDict, hash=False)
    paused: tuple[str, ...] = ()
    resumed: Mapping[str, datetime | None] = field(default_factory=FrozenDict, hash=False)
    clock: str | None = None
    due: DueKind | None = None
    due_at: datetime | None = None
    microsteps: tuple[Microstep, ...] = field(default=(), hash=False)
    calls: tuple[JournalCall, ...] = field(default=(), hash=False)
    cancelled: tuple[str, ...] = ()
    returned: str | None = None
    reasons: tuple[JournalReason, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the entry, which the next one carries as `previous`."""
        return calculate_digest(self.dump())

    @property
    def breach(self) -> bool:
        """Whether a time limit was broken."""
        return self.due is DueKind.EXPIRY

    def dump(self) -> dict[str, Json]:
        """Return the entry as JSON that `load` reads back as an equal entry."""
        return {
            "format": FORMAT,
            "case": self.case,
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "kind": str(self.kind),
            "previous": self.previous,
            "workflow": self.workflow,
            "workflow_digest": self.workflow_digest,
            "event": self.event,
            "payload": dict(self.payload),
            "by": self.by,
            "actor": self.actor,
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
            "reasons": [each.dump() for each in self.reasons],
        }

    @classmethod
    def load(cls, data: Mapping[str, object]) -> Entry:
        """Return the entry that `dump` wrote.

        Raises:
            JournalError: `data` is not a journal entry of this format, or not JSON throughout.
        """
        try:
            return parse_entry(copy_object(data))
        except MemoryError:
            raise
        except Exception as problem:  # an object of the host may raise anything
            why = problem.wording if isinstance(problem, FactsError) else NOT_AN_OBJECT
            wording = Wording("不是有效的日志条目：{why}", "not a journal entry: {why}")
            raise JournalError(wording.fill(why=why), sequence_of(data)) from None


NOT_AN_OBJECT = Wording("应为 JSON 对象", "expected a JSON object")
NOT_A_LIST = Wording("应为列表", "expected a list")
NOT_JSON = Wording(
    f"应为 JSON：文本、64 位整数、有限小数、布尔值、空值、列表和对象，嵌套不超过 {MOST_LEVELS} 层，"
    f"共不超过 {MOST_VALUES} 个值",
    "expected JSON: texts, whole numbers of 64 bits, finite numbers, booleans, null, lists and"
    f" objects, at most {MOST_LEVELS} inside one another and {MOST_VALUES} values in all",
)
OTHER_FORMAT = Wording(
    "格式 {found} 不受支持，应为 {expected}", "its format {found} is not supported, only {expected}"
)
NESTED_KEYS = frozenset(
    {"payload", "assigned", "effects", "started", "resumed", "microsteps", "calls", "reasons"}
)
"""The parts of an entry that are objects or lists of objects."""
NAMES_TYPE = ListType(TEXT)


def code_type_of(words: type[StrEnum]) -> CodeType:
    """Return the code type of an enumeration."""
    return CodeType(words.__name__, {str(word): Wording.same(word) for word in words})


ENTRY_TYPE = RecordType(
    "entry",
    {
        "format": Field(INTEGER),
        "case": Field(TEXT),
        "sequence": Field(INTEGER, least=Decimal(0)),
        "at": Field(INSTANT),
        "kind": Field(code_type_of(EntryKind)),
        "previous": Field(TEXT, optional=True),
        "workflow": Field(TEXT),
        "workflow_digest": Field(TEXT),
        "event": Field(TEXT, optional=True),
        "by": Field(TEXT, optional=True),
        "actor": Field(TEXT, optional=True, longest=LONGEST_ACTOR),
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
REASON_TYPE = RecordType(
    "reasons",
    {"kind": Field(TEXT), "zh": Field(TEXT), "en": Field(TEXT), "cites": Field(NAMES_TYPE)},
)
DEADLINE_TYPE = RecordType("started", {"at": Field(INSTANT)})
read_scalars = build_record_reader(ENTRY_TYPE, "entry")
read_microstep = build_record_reader(MICROSTEP_TYPE, "microsteps")
read_effect = build_record_reader(EFFECT_TYPE, "effects")
read_call = build_record_reader(JOURNAL_CALL_TYPE, "calls")
read_reason = build_record_reader(REASON_TYPE, "reasons")
read_deadline = build_record_reader(DEADLINE_TYPE, "started")


def sequence_of(data: object) -> int:
    """Return the sequence number of a broken entry, or 0."""
    sequence = data.get("sequence") if type(data) is dict else None
    return sequence if type(sequence) is int else 0


def parse_entry(data: object) -> Entry:
    """Return the entry in `data`.

    Raises:
        FactsError: it is not an entry.
    """
    if not isinstance(data, Mapping):
        raise FactsError("entry", [FactProblem("entry", NOT_AN_OBJECT)])
    record: Any = read_scalars({k: v for k, v in data.items() if k not in NESTED_KEYS})
    if record["format"] != FORMAT:
        wording = OTHER_FORMAT.fill(found=record["format"], expected=FORMAT)
        raise FactsError("entry", [FactProblem("format", wording)])
    return Entry(
        case=record["case"],
        sequence=record["sequence"],
        at=record["at"],
        kind=EntryKind(record["kind"]),
        previous=record.get("previous"),
        workflow=record["workflow"],
        workflow_digest=record["workflow_digest"],
        event=record.get("event"),
        payload=read_json_object(data, "payload"),
        by=record.get("by"),
        actor=record.get("actor"),
        left=record["left"],
        entered=record["entered"],
        assigned=read_json_object(data, "assigned"),
        effects=tuple(parse_effect(each) for each in read_json_objects(data, "effects")),
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
        microsteps=tuple(parse_microstep(each) for each in read_json_objects(data, "microsteps")),
        calls=tuple(parse_call(each) for each in read_json_objects(data, "calls")),
        cancelled=record["cancelled"],
        returned=record.get("returned"),
        reasons=tuple(parse_reason(each) for each in read_json_objects(data, "reasons")),
    )


def parse_microstep(data: JsonObject) -> Microstep:
    """Return one microstep of an entry."""
    record: Any = read_microstep(data)
    return Microstep(record.get("event"), record["left"], record["entered"])


def parse_reason(data: JsonObject) -> JournalReason:
    """Return one reason of an entry."""
    record: Any = read_reason(data)
    return JournalReason(record["kind"], Wording(record["zh"], record["en"]), record["cites"])


def parse_call(data: JsonObject) -> JournalCall:
    """Return one call of an entry."""
    record: Any = read_call({k: v for k, v in data.items() if k != "facts"})
    return JournalCall(
        record["case"], record["workflow"], record["state"], read_json_object(data, "facts")
    )


def parse_effect(data: JsonObject) -> tuple[str, JsonObject]:
    """Return one effect of an entry."""
    name: Any = read_effect({k: v for k, v in data.items() if k != "payload"})
    return name["effect"], read_json_object(data, "payload")


def parse_deadline(value: object) -> datetime | None:
    """Return the deadline of a clock in an entry."""
    if value is None:
        return None
    record: Any = read_deadline({"at": value})
    at: datetime = record["at"]
    return at


def read_json_object(data: Mapping[str, object], key: str) -> JsonObject:
    """Return the JSON object that `data` has for `key`."""
    value = read_part(data, key)
    if not isinstance(value, dict):
        raise FactsError("entry", [FactProblem(key, NOT_AN_OBJECT)])
    return FrozenDict(value)


def read_json_objects(data: Mapping[str, object], key: str) -> Iterator[JsonObject]:
    """Yield the JSON objects in the list that `data` has for `key`."""
    value = read_part(data, key)
    if not isinstance(value, list):
        raise FactsError("entry", [FactProblem(key, NOT_A_LIST)])
    for each in value:
        if not isinstance(each, dict):
            raise FactsError("entry", [FactProblem(key, NOT_AN_OBJECT)])
        yield each


def read_part(data: Mapping[str, object], key: str) -> Json:
    """Return what `data` has for `key`, if it is JSON throughout."""
    try:
        return read_json(data.get(key))
    except ValueError:
        raise FactsError("entry", [FactProblem(key, NOT_JSON)]) from None
