"""Clocks in a snapshot: their runs, breaches and warnings as JSON, and back.

A deadline is stored for people and other programs. Reading computes it anew and compares.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import SnapshotError, SnapshotMismatch
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    INSTANT,
    TEXT,
    Duration,
    Field,
    ListType,
    Pause,
    RecordType,
    build_record_reader,
)
from telecom_rules.wording import Wording, shorten
from telecom_rules.workflows.chart import AgreedLimit
from telecom_rules.workflows.engine.clocks import run_clock
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.limits import UnknownFact, find_promise
from telecom_rules.workflows.journal.parts import build_snapshot_error
from telecom_rules.workflows.phrases import format_instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary import Json
    from telecom_rules.workflows.chart import Clock
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.limits import Agreed, Limit, Promise
    from telecom_rules.workflows.engine.machine import Machine


RUN_TYPE = RecordType(
    "clocks",
    {
        "clock": Field(TEXT),
        "started": Field(INSTANT),
        "deadline": Field(INSTANT, optional=True),
        "ended": Field(INSTANT, optional=True),
        "warned": Field(BOOLEAN),
        "expired": Field(BOOLEAN),
        "pauses": Field(ListType(INSTANT)),
        "paused": Field(INSTANT, optional=True),
        "follows": Field(ListType(INSTANT), optional=True),
        "agreed": Field(TEXT, optional=True),
        "unknown": Field(TEXT, optional=True),
    },
)
MARK_TYPE = RecordType(
    "breaches",
    {"clock": Field(TEXT), "at": Field(INSTANT), "day": Field(DATE, optional=True)},
)
read_run_parts = build_record_reader(RUN_TYPE, "clocks")
read_mark_parts = build_record_reader(MARK_TYPE, "breaches")
OTHER_DEADLINE = Wording(
    "快照由另一套规则（{found}）保存，按现行规则（{expected}）时限 `{clock}` 的截止时刻为 {new}，"
    "而不是 {old}；请用 `migrate` 迁移，届时重新推算",
    "the snapshot was made by other rules ({found}), and by these ({expected}) the time limit"
    " `{clock}` ends at {new} instead of {old}; `migrate` the case, which counts it again",
)
NOT_KNOWN = Wording("尚不能确定的时刻", "an instant not known yet")


def dump_run(run: Run) -> dict[str, Json]:
    """Return one run of a clock as JSON."""
    data: dict[str, Json] = {
        "clock": run.name,
        "started": run.started.isoformat(),
        "deadline": None if run.deadline is None else run.deadline.isoformat(),
        "ended": None if run.ended is None else run.ended.isoformat(),
        "warned": run.warned,
        "expired": run.expired,
        "pauses": [at.isoformat() for each in run.pauses for at in each],
        "paused": None if run.paused is None else run.paused.isoformat(),
    }
    # Few limits follow on another or are agreed, and snapshots are kept for every case.
    if run.follows:
        data["follows"] = [at.isoformat() for at in run.follows]
    if isinstance(run.agreed, UnknownFact):
        data["unknown"] = run.agreed.path
    elif run.agreed is not None:
        data["agreed"] = dump_agreed(run.agreed)
    return data


def dump_agreed(agreed: Limit) -> str:
    """Return what was agreed about a limit as a text that `read_agreed` reads."""
    return str(agreed) if isinstance(agreed, Duration) else agreed.isoformat()


def dump_mark(clock: str, at: datetime, promise: Promise | None) -> dict[str, Json]:
    """Return a breach or a warning as JSON, that of a promise with the day of its figure."""
    mark: dict[str, Json] = {"clock": clock, "at": at.isoformat()}
    return mark if promise is None else {**mark, "day": promise.day.isoformat()}


def read_run(
    machine: Machine,
    data: Mapping[str, object],
    shape: Mapping[str, Any],
    *,
    recounted: bool = False,
) -> Run:
    """Return one run of a clock, after recomputing its deadline and comparing it."""
    record: Any = read_run_parts(data)
    run = rebuild_run(machine, find_clock(machine, record["clock"]), record)
    same = recounted or run.deadline == record.get("deadline")
    if same and (not run.expired or run.ended == run.deadline):
        return run
    if shape["digest"] == machine.digest:
        raise build_clock_error(run.name)
    # The pin is equal, so figures and past days are: the calendar says more of the days to come.
    new, old = describe_end(run.deadline), describe_end(record.get("deadline"))
    wording = OTHER_DEADLINE.fill(
        found=shape["digest"], expected=machine.digest, clock=shorten(run.name), new=new, old=old
    )
    raise SnapshotMismatch(wording, machine.digest, shape["digest"])


def rebuild_run(machine: Machine, clock: Clock, record: Mapping[str, Any]) -> Run:
    """Return the run of `clock` in `record`, with its deadline recomputed.

    Raises:
        SnapshotError: its instants are out of order.
    """
    zone = machine.zone
    started, *moments = (
        normalize_instant(at, zone, "clocks") for at in (record["started"], *record["pauses"])
    )
    paused, ended = (
        None if record.get(key) is None else normalize_instant(record[key], zone, "clocks")
        for key in ("paused", "ended")
    )
    timeline = [at for at in (started, *moments, paused, ended) if at is not None]
    expired_unended = record["expired"] and ended is None
    # `pauses` holds pairs of begin and end.
    if len(moments) % 2 or timeline != sorted(timeline) or expired_unended:
        raise build_clock_error(clock.name)
    pauses = tuple(map(Pause, moments[::2], moments[1::2]))
    follows = tuple(normalize_instant(at, zone, "clocks") for at in record.get("follows") or ())
    if not set(timeline).issuperset(follows):
        raise build_clock_error(clock.name)
    run = run_clock(clock, started, zone, pauses, follows, read_agreed(clock, record))
    run = run._replace(ended=ended, expired=record["expired"], paused=paused)
    return run.keep_warned(known=record.get("deadline") is not None, warned=record["warned"])


def read_agreed(clock: Clock, record: Mapping[str, Any]) -> Agreed | None:
    """Return what was agreed about the limit of a clock, or the fact for want of which nothing was.

    Raises:
        SnapshotError: it is not a limit, a day or an instant.
    """
    if not isinstance(clock.limit, AgreedLimit):
        return None
    text = record.get("agreed")
    if text is None:
        unknown = record.get("unknown")
        # Not one that only an older version of the limit read: its name would explain nothing.
        return UnknownFact(unknown) if unknown in clock.limit.value.reads else None
    agreed: Limit | None = None
    for read in (Duration.parse, date.fromisoformat, datetime.fromisoformat):
        with suppress(ValueError):
            agreed = read(text)
            break
    if agreed is None or (isinstance(agreed, datetime) and agreed.utcoffset() is None):
        raise build_clock_error(clock.name)
    return agreed


def describe_end(deadline: datetime | None) -> Wording:
    """Return the end of a time limit, for people."""
    return NOT_KNOWN if deadline is None else Wording.same(format_instant(deadline))


def read_mark(
    machine: Machine, data: Mapping[str, object]
) -> tuple[Clock, datetime, Promise | None]:
    """Return the clock and the instant of a breach or a warning, and the promise it is of."""
    record: Any = read_mark_parts(data)
    clock = find_clock(machine, record["clock"])
    at = normalize_instant(record["at"], machine.zone, "breaches")
    return clock, at, find_promise_of_mark(clock, record.get("day"))


def find_promise_of_mark(clock: Clock, day: date | None) -> Promise | None:
    """Return the promise that a breach or a warning is of, if it is of one."""
    return None if day is None or clock.beside is None else find_promise(clock, day)


def find_clock(machine: Machine, name: str) -> Clock:
    """Return the clock called `name`."""
    clock = machine.chart.clocks.get(name)
    if clock is None:
        raise build_snapshot_error(
            Wording("没有时限 `{name}`", "there is no clock `{name}`").fill(name=name)
        )
    return clock


def build_clock_error(clock: str) -> SnapshotError:
    """Return the error for a clock with inconsistent parts."""
    wording = Wording("时限 `{name}` 前后不一致", "the clock `{name}` is inconsistent")
    return build_snapshot_error(wording.fill(name=clock))
