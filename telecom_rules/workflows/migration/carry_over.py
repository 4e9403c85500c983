"""Converts snapshot data during a migration: facts, runs of clocks, breaches and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import FactsError, InconsistentFacts
from telecom_rules.vocabulary import MICROSECOND, Record, read_record
from telecom_rules.wording import Wording, quote_title, shorten
from telecom_rules.workflows.engine.clocks import DueKind, build_breach, build_due
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.journal.clocks import (
    MARK_TYPE,
    find_promise_of_mark,
    read_run_parts,
    rebuild_run,
)
from telecom_rules.workflows.journal.parts import build_snapshot_error, read_json_objects
from telecom_rules.workflows.phrases import format_instant
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows.chart import Clock
    from telecom_rules.workflows.engine.clocks import Breach, Due, Run
    from telecom_rules.workflows.engine.limits import Promise
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.migration.rules import Migration


class MigrationRefused(Exception):
    """A migration is refused; `reasons` say why. Caught by `migrate`."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__()
        self.reasons = reasons


class CarriedParts(NamedTuple):
    """The parts of a snapshot, converted to this version.

    Attributes:
        record: the facts that are known.
        runs: the runs of the clocks.
        breaches: the breaches of time limits.
        warnings: the warnings of time limits.
        overdue: the running clocks that have ended without a record of it, at the same instant in
            both versions.
        stopped: the running clocks that this version does not have.
        dropped: the data without a place in this version.
    """

    record: Record
    runs: tuple[Run, ...]
    breaches: tuple[Breach, ...]
    warnings: tuple[Due, ...]
    overdue: tuple[str, ...]
    stopped: tuple[str, ...]
    dropped: tuple[str, ...]


def carry_over(
    machine: Machine, migration: Migration, data: Mapping[str, object], at: datetime
) -> CarriedParts:
    """Return the parts of a snapshot, converted to this version."""
    clocks = machine.chart.clocks
    record, dropped = carry_facts(machine, data.get("facts"))
    runs: list[Run] = []
    overdue: list[str] = []
    stopped: list[str] = []
    for each in read_json_objects(data, "clocks"):
        read: Any = read_run_parts(each)
        name = migration.clocks.get(read["clock"], read["clock"])
        run = carry_run(machine, clocks[name], read) if name in clocks else None
        if has_ended_unrecorded(read, at):
            check_same_end(machine, migration, read, run)
            overdue.append(name)
        if run is not None:
            runs.append(run)
            continue
        dropped.append(f"clocks.{shorten(name)}")
        if read.get("ended") is None:
            stopped.append(name)
    if len({run.name for run in runs}) < len(runs):
        raise build_snapshot_error(Wording("时限重复", "it has a clock twice"))
    marks: dict[str, list[tuple[Clock, datetime, Promise | None]]] = {}
    for key in ("breaches", "warnings"):
        marks[key] = []
        for each in read_json_objects(data, key):
            read = read_record(MARK_TYPE, each, key)
            name = migration.clocks.get(read["clock"], read["clock"])
            if name in clocks:
                when = normalize_instant(read["at"], machine.zone, key)
                promise = find_promise_of_mark(clocks[name], read.get("day"))
                marks[key].append((clocks[name], when, promise))
            else:
                dropped.append(f"{key}.{shorten(name)}")
    return CarriedParts(
        record,
        tuple(runs),
        tuple(build_breach(*each) for each in marks["breaches"]),
        tuple(
            build_due(clock, DueKind.WARN, when, when, promise)
            for clock, when, promise in marks["warnings"]
        ),
        tuple(overdue),
        tuple(stopped),
        tuple(dict.fromkeys(dropped)),
    )


def carry_facts(machine: Machine, facts: object) -> tuple[Record, list[str]]:
    """Return the facts that are still valid, and the names of those dropped.

    Raises:
        MigrationRefused: those that are kept contradict one another.
    """
    if not isinstance(facts, Mapping):
        raise build_snapshot_error(Wording("`facts` 应为对象", "`facts` must be an object"))
    record, dropped = Record(), []
    for name, value in facts.items():
        try:
            record = record | machine.facts.read_values({name: value})
        except FactsError:
            dropped.append(f"facts.{shorten(name)}")
    try:
        machine.facts.require_consistent(record)
    except InconsistentFacts as problem:
        data = {"facts": tuple(dict.fromkeys(chain.from_iterable(problem.names)))}
        reason = Reason(ReasonKind.FACTS_INVALID, problem.wording, machine.cites, data)
        raise MigrationRefused(reason) from problem
    return record, dropped


def has_ended_unrecorded(read: Mapping[str, Any], at: datetime) -> bool:
    """Return whether a limit has ended before `at` without a record of it."""
    deadline = read.get("deadline")
    running = read.get("ended") is None and read.get("paused") is None
    return running and deadline is not None and deadline + MICROSECOND < at


def check_same_end(
    machine: Machine, migration: Migration, read: Mapping[str, Any], run: Run | None
) -> None:
    """Raise `MigrationRefused` unless a limit that has ended ends then in this version too.

    Then this version can record the end; else only the older one can.
    """
    deadline = read["deadline"]
    if run is not None and run.deadline == deadline and not migration.start:
        return
    wording = Wording(
        "时限 `{clock}` 已于 {at} 届满但尚未记录；请先用原规则包推进（`tick`）",
        "the time limit `{clock}` ended at {at}, which is not recorded yet;"
        " call `tick` with the older pack first",
    ).fill(
        clock=shorten(read["clock"]),
        at=format_instant(normalize_instant(deadline, machine.zone, "clocks")),
    )
    cites = migration.cites or machine.cites
    raise MigrationRefused(Reason(ReasonKind.LIMIT, wording, cites, {"clock": read["clock"]}))


def carry_run(machine: Machine, clock: Clock, read: Mapping[str, Any]) -> Run:
    """Return one run of a clock under the limit of this version.

    Raises:
        MigrationRefused: under this version it would have expired at another instant.
        SnapshotError: its instants are out of order.
    """
    run = rebuild_run(machine, clock, read)
    if run.expired and run.deadline != run.ended:
        wording = Wording(
            "时限{clock}已按原期限届满，而现行期限与之不同；期限变更应写成另一个有生效日期的数值",
            "the time limit {clock} has expired, but its length has changed since; write a change"
            " of a limit as a further value with its own date",
        ).fill(clock=quote_title(clock.title))
        raise MigrationRefused(
            Reason(ReasonKind.LIMIT, wording, clock.cites, {"clock": clock.name})
        )
    return run
