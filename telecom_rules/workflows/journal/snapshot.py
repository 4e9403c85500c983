"""Snapshots: a case as JSON, and back. Damaged snapshots are detected and refused.

The seal detects accidents: a truncated column, a row edited by hand. It is a digest, not a
signature, and anybody can compute it; therefore every part is validated as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from telecom_rules.digests import calculate_digest
from telecom_rules.errors import ArgumentError, FactsError, SnapshotError, SnapshotMismatch
from telecom_rules.values.arguments import read_object
from telecom_rules.vocabulary import (
    INSTANT,
    INTEGER,
    TEXT,
    Field,
    ListType,
    RecordType,
    build_record_reader,
    dump_record,
    dump_value,
)
from telecom_rules.wording import Wording, shorten
from telecom_rules.workflows.engine.case_state import CaseState, PendingCall
from telecom_rules.workflows.engine.clocks import (
    DueKind,
    build_breach,
    build_due,
    find_quiet_end,
    has_pause_due,
)
from telecom_rules.workflows.engine.event_loop import find_start_hindrances
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.subcases import LONGEST_ID, call_id_of
from telecom_rules.workflows.journal.clocks import (
    build_clock_error,
    dump_mark,
    dump_run,
    read_mark,
    read_run,
)
from telecom_rules.workflows.journal.json_values import read_stored
from telecom_rules.workflows.journal.parts import (
    build_snapshot_error,
    is_list_of_names,
    read_json_objects,
)
from telecom_rules.workflows.pins.past import Past

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telecom_rules.vocabulary import Json, Record
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.transition_sets import Memory
    from telecom_rules.workflows.pins.digests import WorkflowDigests


FORMAT = 1
"""The version of the snapshot format."""

SNAPSHOT_TYPE = RecordType(
    "snapshot",
    {
        "format": Field(INTEGER),
        "workflow": Field(TEXT),
        "version": Field(TEXT),
        "digest": Field(TEXT),
        "pin": Field(TEXT),
        "id": Field(TEXT, longest=LONGEST_ID),
        "states": Field(ListType(TEXT)),
        "sequence": Field(INTEGER, least=Decimal(1)),
        "at": Field(INSTANT),
        "head": Field(TEXT, optional=True),
        "seal": Field(TEXT),
    },
)
"""The parts of a snapshot that are scalars and lists of names."""
CALL_TYPE = RecordType(
    "calls",
    {
        "case": Field(TEXT),
        "state": Field(TEXT),
        "entry": Field(INTEGER, least=Decimal(0)),
        "at": Field(INSTANT),
    },
)
NESTED_KEYS = ("past", "facts", "history", "clocks", "breaches", "warnings", "calls")
read_scalars = build_record_reader(SNAPSHOT_TYPE, "snapshot")
read_call_parts = build_record_reader(CALL_TYPE, "calls")


def dump(machine: Machine, id: str, case_state: CaseState, head: str | None) -> dict[str, Json]:
    """Return the case `id` as JSON that `restore` reads back as an equal case.

    `head` is the digest of the last entry of its journal, or `None` if it keeps none.
    """
    known = [name for name in machine.facts.fields if name in case_state.record]
    past = find_past(machine, case_state)
    states, events = past.names
    data: dict[str, Json] = {
        "format": FORMAT,
        "workflow": machine.name,
        "version": machine.version,
        "digest": machine.digest,
        "pin": machine.digests.pin(past, tuple(sorted(known)), case_state.at.date()),
        "past": {"states": [*states], "events": [*events]},
        "id": id,
        "states": list(case_state.configuration.states),
        "history": {name: list(states) for name, states in case_state.memory.items()},
        "facts": {name: dump_value(case_state.record[name]) for name in known},
        "clocks": [dump_run(run) for run in case_state.runs],
        "breaches": [dump_mark(each.clock, each.due, each.promise) for each in case_state.breaches],
        "warnings": [dump_mark(each.clock, each.at, each.promise) for each in case_state.warnings],
        "calls": [dump_call(id, each) for each in case_state.calls],
        "sequence": case_state.sequence,
        "at": case_state.at.isoformat(),
        "head": head,
    }
    data["seal"] = calculate_digest(data)
    return data


def find_past(machine: Machine, case_state: CaseState) -> Past:
    """Return what a case may have done; see `WorkflowDigests`."""
    expired = frozenset([each.clock for each in case_state.breaches])
    return machine.digests.find_past(case_state.configuration.states, expired)


def seal(data: Mapping[str, object]) -> str:
    """Return the digest of a snapshot without its seal.

    Raises:
        ValueError: it is not JSON.
        TypeError: likewise.
        RecursionError: it is nested too deeply.
    """
    return calculate_digest({name: value for name, value in data.items() if name != "seal"})


def dump_call(caller: str, pending: PendingCall) -> dict[str, Json]:
    """Return a pending call as JSON."""
    return {
        "case": call_id_of(caller, pending),
        "state": pending.state,
        "entry": pending.entry,
        "at": pending.at.isoformat(),
        "facts": dump_record(pending.facts),
    }


def restore(machine: Machine, data: Mapping[str, object]) -> tuple[str, CaseState, str | None]:
    """Return the id and the state of the case that `dump` stored, and the head of its journal.

    Rules that mean something else are no hindrance while the case cannot have used them: then the
    pin in the snapshot is that of a case of this workflow in the same place.

    Raises:
        SnapshotError: the snapshot is damaged, or was not made by this library.
        SnapshotMismatch: it belongs to another workflow, or to rules that would have led it
            elsewhere.
    """
    check_seal(data)
    try:
        shape: Any = read_shape(data)
        check_origin(machine, shape)
        if shape["digest"] != machine.digest:
            check_pin(machine, data, shape)
        return shape["id"], read_case_state(machine, data, shape), shape.get("head")
    except (FactsError, ArgumentError) as problem:
        raise build_snapshot_error(problem.wording) from None


def read_shape(data: Mapping[str, object]) -> Record:
    """Return the parts of a snapshot that are scalars and lists of names.

    Raises:
        FactsError: a part is invalid.
    """
    return read_scalars({name: each for name, each in data.items() if name not in NESTED_KEYS})


def read_snapshot(snapshot: object) -> dict[str, object]:
    """Return a snapshot that a host has stored, as made of plain types.

    Raises:
        ArgumentError: it is not an object.
        SnapshotError: it holds what is not JSON, so it was never sealed.
    """
    data = read_stored(read_object("snapshot", snapshot))
    if data is None:
        raise build_snapshot_error(OTHER_SEAL)
    return data


OTHER_SEAL = Wording(
    "校验值不符，内容被改动或截断", "its seal does not match; it was changed or truncated"
)


def check_seal(data: object) -> None:
    """Raise `SnapshotError` unless the seal matches the content."""
    try:
        intact = isinstance(data, Mapping) and data.get("seal") == seal(data)
    except MemoryError:
        raise
    except Exception:  # not JSON, or an object of the host: it was never sealed
        intact = False
    if not intact:
        raise build_snapshot_error(OTHER_SEAL)


def check_origin(machine: Machine, shape: Mapping[str, Any]) -> None:
    """Raise `SnapshotMismatch` unless the snapshot is of this workflow, by whatever rules."""
    if shape["format"] != FORMAT:
        raise build_snapshot_error(
            Wording("格式 {found} 不受支持", "its format {found} is not supported").fill(
                found=shape["format"]
            )
        )
    if shape["workflow"] != machine.name:
        wording = OTHER_WORKFLOW.fill(found=shape["workflow"], expected=machine.name)
        raise SnapshotMismatch(wording, machine.name, shape["workflow"])


OTHER_WORKFLOW = Wording(
    "快照属于流程 `{found}`，不是 `{expected}`；请用原流程恢复",
    "the snapshot belongs to the workflow `{found}`, not `{expected}`; restore it there",
)
OTHER_RULES = Wording(
    "快照由另一套规则（{found}）保存，个案经历过的规则与现行规则（{expected}）不同；"
    "请提供个案的日志，或用 `migrate` 迁移",
    "the snapshot was made by other rules ({found}), and what the case may have done has changed"
    " in these ({expected}); give its journal, or `migrate` it",
)


def check_pin(machine: Machine, data: Mapping[str, object], shape: Mapping[str, Any]) -> None:
    """Raise `SnapshotMismatch` unless whatever the case may have done is what it was."""
    if shape["pin"] != find_pin(machine.digests, data, shape):
        wording = OTHER_RULES.fill(found=shape["digest"], expected=machine.digest)
        raise SnapshotMismatch(wording, machine.digest, shape["digest"])


def find_pin(
    digests: WorkflowDigests, data: Mapping[str, object], shape: Mapping[str, Any]
) -> str | None:
    """Return the pin of the case in a snapshot by some rules, or `None` if it cannot be one."""
    facts = data.get("facts")
    known = tuple(sorted(facts)) if isinstance(facts, Mapping) else ()
    day = normalize_instant(shape["at"], digests.zone, "snapshot").date()
    return digests.pin(read_past(data.get("past"), shape["states"]), known, day)


def read_past(data: object, states: Iterable[str]) -> Past:
    """Return what the case of a snapshot may have done, which includes what it is doing."""
    parts = data if isinstance(data, Mapping) else {}
    return Past(
        frozenset(read_names(parts.get("states"))).union(states),
        frozenset(read_names(parts.get("events"))),
    )


def read_names(data: object) -> list[str]:
    """Return a list of names of the past."""
    if not is_list_of_names(data):
        raise build_snapshot_error(Wording("`past` 有误", "`past` is malformed"))
    return data


def read_case_state(
    machine: Machine,
    data: Mapping[str, object],
    shape: Mapping[str, Any],
    *,
    recounted: bool = False,
) -> CaseState:
    """Return the case state in a snapshot.

    Args:
        machine: the machine it runs in.
        data: the snapshot.
        shape: its scalars and lists of names.
        recounted: whether its clocks have the deadlines of these rules, and not those it says.

    Raises:
        FactsError: a part is invalid.
        SnapshotError: the parts are inconsistent.
    """
    names = frozenset(shape["states"])
    if not machine.configurations.can_be_active(names):
        raise build_snapshot_error(
            Wording("状态组合不成立", "its states cannot be active together")
        )
    configuration = machine.configurations.of(names)
    if configuration.states != shape["states"]:
        raise build_snapshot_error(Wording("状态的次序有误", "its states are out of order"))
    runs = tuple(
        read_run(machine, each, shape, recounted=recounted)
        for each in read_json_objects(data, "clocks")
    )
    if len({run.name for run in runs}) < len(runs):
        raise build_snapshot_error(Wording("时限重复", "it has a clock twice"))
    for run in runs:
        if has_pause_due(run, names):
            raise build_clock_error(run.name)
    at = normalize_instant(shape["at"], machine.zone, "snapshot")
    breaches = (read_mark(machine, each) for each in read_json_objects(data, "breaches"))
    warnings = (read_mark(machine, each) for each in read_json_objects(data, "warnings"))
    return CaseState(
        configuration=configuration,
        record=machine.facts.read_values(data.get("facts")),
        runs=runs,
        breaches=tuple(build_breach(*each) for each in breaches),
        warnings=tuple(
            build_due(clock, DueKind.WARN, when, when, promise) for clock, when, promise in warnings
        ),
        sequence=shape["sequence"],
        at=at,
        quiet_until=find_quiet_end(runs, at),
        memory=read_memory(machine, data.get("history")),
        calls=read_calls(machine, data, shape),
    )


def read_calls(
    machine: Machine, data: Mapping[str, object], shape: Mapping[str, Any]
) -> tuple[PendingCall, ...]:
    """Return the pending calls."""
    calls = tuple(read_call(machine, each, shape) for each in read_json_objects(data, "calls"))
    if len({each.state for each in calls}) < len(calls):
        raise build_snapshot_error(Wording("调用重复", "it has two calls of one state"))
    return calls


def read_call(
    machine: Machine, data: Mapping[str, object], shape: Mapping[str, Any]
) -> PendingCall:
    """Return one pending call, after checking that the engine could have made it."""
    record: Any = read_call_parts({k: v for k, v in data.items() if k != "facts"})
    name = record["state"]
    state = machine.chart.states.get(name)
    if state is None or state.call is None or name not in shape["states"]:
        raise build_call_error(name)
    callee = machine.callees[state.call.workflow]
    at = normalize_instant(record["at"], machine.zone, "calls")
    pending = PendingCall(name, record["entry"], at, callee.facts.read_values(data.get("facts")))
    if (
        record["case"] != call_id_of(shape["id"], pending)
        or pending.entry >= shape["sequence"]
        or at > shape["at"]
        or (pending.entry == shape["sequence"] - 1 and at != shape["at"])
        or find_start_hindrances(callee, pending.facts, at, (machine.name,))
    ):
        raise build_call_error(name)
    return pending


def build_call_error(state: str) -> SnapshotError:
    """Return the error for an inconsistent call."""
    wording = Wording("状态 `{name}` 的调用不成立", "the call of the state `{name}` is impossible")
    return build_snapshot_error(wording.fill(name=shorten(state)))


def read_memory(machine: Machine, data: object) -> Memory:
    """Return the values of the history states."""
    if not isinstance(data, Mapping):
        raise build_snapshot_error(Wording("`history` 应为对象", "`history` must be an object"))
    memory: dict[str, tuple[str, ...]] = {}
    for name, states in data.items():
        if not is_list_of_names(states) or not machine.configurations.can_remember(
            name, tuple(states)
        ):
            raise build_snapshot_error(
                Wording(
                    "历史状态 `{name}` 的记忆不成立",
                    "the value of the history state `{name}` is impossible",
                ).fill(name=shorten(name))
            )
        memory[name] = tuple(states)
    return memory
