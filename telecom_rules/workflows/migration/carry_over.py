"""What of a snapshot goes over to another version: facts, runs of clocks, what is on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Pause, Record, read_record
from telecom_rules.wording import Wording, quote_title, shorten
from telecom_rules.workflows.engine.clocks import MICROSECOND, Breach, Due, DueKind, start_clock
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.journal.snapshot import (
    MARK_TYPE,
    RUN_TYPE,
    build_clock_error,
    build_snapshot_error,
    read_json_objects,
)
from telecom_rules.workflows.phrases import format_instant
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.migration.rules import Migration
    from telecom_rules.workflows.workflow import Workflow


class MigrationRefused(Exception):
    """What stands against a migration."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__()
        self.reasons = reasons


class CarriedParts(NamedTuple):
    """What of a snapshot was carried over.

    Attributes:
        record: the facts that are known.
        runs: the runs of the clocks.
        breaches: the time limits that were not kept.
        warnings: the warnings that were given.
        stopped: the clocks that ran and are no more.
        dropped: what has no place any more.
    """

    record: Record
    runs: tuple[Run, ...]
    breaches: tuple[Breach, ...]
    warnings: tuple[Due, ...]
    stopped: tuple[str, ...]
    dropped: tuple[str, ...]


def carry_over(
    workflow: Workflow, migration: Migration, data: Mapping[str, object], at: datetime
) -> CarriedParts:
    """Return what of a snapshot is carried over."""
    record, dropped = carry_facts(workflow, data.get("facts"))
    runs: list[Run] = []
    stopped: list[str] = []
    for each in read_json_objects(data, "clocks"):
        read: Any = read_record(RUN_TYPE, each, "clocks")
        check_recorded(workflow, migration, read, at)
        name = migration.clocks.get(read["clock"], read["clock"])
        if name in workflow.clocks:
            runs.append(carry_run(workflow, name, read))
            continue
        dropped.append(f"clocks.{shorten(name)}")
        if read.get("ended") is None:
            stopped.append(name)
    if len({run.name for run in runs}) < len(runs):
        raise build_snapshot_error(Wording("时限重复", "a clock is in it twice"))
    marks: dict[str, list[tuple[str, datetime]]] = {}
    for key in ("breaches", "warnings"):
        marks[key] = []
        for each in read_json_objects(data, key):
            read = read_record(MARK_TYPE, each, key)
            name = migration.clocks.get(read["clock"], read["clock"])
            if name in workflow.clocks:
                marks[key].append((name, normalize_instant(read["at"], workflow.zone, key)))
            else:
                dropped.append(f"{key}.{shorten(name)}")
    return CarriedParts(
        record,
        tuple(runs),
        tuple(build_breach(workflow, name, when) for name, when in marks["breaches"]),
        tuple(build_warning(workflow, name, when) for name, when in marks["warnings"]),
        tuple(stopped),
        tuple(dict.fromkeys(dropped)),
    )


def build_breach(workflow: Workflow, name: str, at: datetime) -> Breach:
    """Return a time limit that was not kept."""
    clock = workflow.clocks[name]
    return Breach(clock.name, clock.title, at, clock.cites)


def build_warning(workflow: Workflow, name: str, at: datetime) -> Due:
    """Return a warning that was given."""
    clock = workflow.clocks[name]
    return Due(clock.name, clock.title, DueKind.WARN, at, at, clock.cites)


def carry_facts(workflow: Workflow, facts: object) -> tuple[Record, list[str]]:
    """Return the facts that still fit, and what those are called that do not."""
    if not isinstance(facts, Mapping):
        raise build_snapshot_error(Wording("`facts` 应为对象", "`facts` must be an object"))
    record, dropped = Record(), []
    for name, value in facts.items():
        try:
            record = record | workflow.facts.read({name: value})
        except FactsError:
            dropped.append(f"facts.{shorten(name)}")
    return record, dropped


def check_recorded(
    workflow: Workflow, migration: Migration, read: Mapping[str, Any], at: datetime
) -> None:
    """Raise `MigrationRefused` where a limit has ended before `at` and that is not on record."""
    deadline = read.get("deadline")
    running = read.get("ended") is None and read.get("paused") is None
    if not running or deadline is None or deadline + MICROSECOND >= at:
        return
    wording = Wording(
        "时限 `{clock}` 已于 {at} 届满而未记录；请先用原规则包推进（`tick`）",
        "the time limit `{clock}` ended at {at}, which is not on record:"
        " let the pack it comes from `tick` first",
    ).fill(
        clock=shorten(read["clock"]),
        at=format_instant(normalize_instant(deadline, workflow.zone, "clocks")),
    )
    cites = migration.cites or workflow.cites
    raise MigrationRefused(Reason(ReasonKind.LIMIT, wording, cites, {"clock": read["clock"]}))


def carry_run(workflow: Workflow, name: str, read: Mapping[str, Any]) -> Run:
    """Return one run of a clock, worked out anew from its start and its pauses.

    Raises:
        Against: it ran out under a limit that is another now.
        SnapshotError: it contradicts itself.
    """
    zone = workflow.zone
    started, *moments = (
        normalize_instant(each, zone, "clocks") for each in (read["started"], *read["pauses"])
    )
    paused, ended = (
        None if read.get(key) is None else normalize_instant(read[key], zone, "clocks")
        for key in ("paused", "ended")
    )
    course = [each for each in (started, *moments, paused, ended) if each is not None]
    if len(moments) % 2 or course != sorted(course) or (read["expired"] and ended is None):
        raise build_clock_error(name)
    clock = workflow.clocks[name]
    pauses = tuple(map(Pause, moments[::2], moments[1::2]))
    run = start_clock(clock, started, zone, pauses)._replace(
        warned=read["warned"], ended=ended, expired=read["expired"], paused=paused
    )
    if run.expired and run.deadline != ended:
        wording = Wording(
            "时限{clock}届满时的期限与现在的不同；期限的变更应写成另一个生效日期的数值",
            "the time limit {clock} has run out, and is another now: a limit that changes gets a"
            " further value with its own date",
        ).fill(clock=quote_title(clock.title))
        raise MigrationRefused(Reason(ReasonKind.LIMIT, wording, clock.cites, {"clock": name}))
    return run
