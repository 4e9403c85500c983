"""What of a snapshot goes over to another version: facts, runs of clocks, what is on record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import FactsError
from telecom_rules.vocabulary import Pause, Record, read_record
from telecom_rules.wording import Wording
from telecom_rules.workflows.clocks import INSTANT, Breach, Due, DueKind, begin
from telecom_rules.workflows.instants import instant
from telecom_rules.workflows.phrases import moment, quoted, shown
from telecom_rules.workflows.reason import Reason, ReasonKind
from telecom_rules.workflows.snapshot import MARK, RUN, contradictory, damaged, items

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.workflows.clocks import Run
    from telecom_rules.workflows.migration import Migration
    from telecom_rules.workflows.workflow import Workflow

__all__ = ["Against", "Carried", "carry"]


class Against(Exception):
    """What stands against a migration."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__()
        self.reasons = reasons


class Carried(NamedTuple):
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


def carry(
    workflow: Workflow, migration: Migration, data: Mapping[str, object], at: datetime
) -> Carried:
    """Return what of a snapshot is carried over."""
    record, dropped = carry_facts(workflow, data.get("facts"))
    runs: list[Run] = []
    stopped: list[str] = []
    for each in items(data, "clocks"):
        read: Any = read_record(RUN, each, "clocks")
        check_recorded(workflow, migration, read, at)
        name = migration.clocks.get(read["clock"], read["clock"])
        if name in workflow.clocks:
            runs.append(carry_run(workflow, name, read))
            continue
        dropped.append(f"clocks.{shown(name)}")
        if read.get("ended") is None:
            stopped.append(name)
    if len({run.name for run in runs}) < len(runs):
        raise damaged(Wording("时限重复", "a clock is in it twice"))
    marks: dict[str, list[tuple[str, datetime]]] = {}
    for key in ("breaches", "warnings"):
        marks[key] = []
        for each in items(data, key):
            read = read_record(MARK, each, key)
            name = migration.clocks.get(read["clock"], read["clock"])
            if name in workflow.clocks:
                marks[key].append((name, instant(read["at"], workflow.zone, key)))
            else:
                dropped.append(f"{key}.{shown(name)}")
    return Carried(
        record,
        tuple(runs),
        tuple(breach(workflow, name, when) for name, when in marks["breaches"]),
        tuple(warning(workflow, name, when) for name, when in marks["warnings"]),
        tuple(stopped),
        tuple(dict.fromkeys(dropped)),
    )


def breach(workflow: Workflow, name: str, at: datetime) -> Breach:
    """Return a time limit that was not kept."""
    clock = workflow.clocks[name]
    return Breach(clock.name, clock.title, at, clock.cites)


def warning(workflow: Workflow, name: str, at: datetime) -> Due:
    """Return a warning that was given."""
    clock = workflow.clocks[name]
    return Due(clock.name, clock.title, DueKind.WARN, at, at, clock.cites)


def carry_facts(workflow: Workflow, facts: object) -> tuple[Record, list[str]]:
    """Return the facts that still fit, and what those are called that do not."""
    if not isinstance(facts, Mapping):
        raise damaged(Wording("`facts` 应为对象", "`facts` must be an object"))
    record, dropped = Record(), []
    for name, value in facts.items():
        try:
            record = record | workflow.facts.read({name: value})
        except FactsError:
            dropped.append(f"facts.{shown(name)}")
    return record, dropped


def check_recorded(
    workflow: Workflow, migration: Migration, read: Mapping[str, Any], at: datetime
) -> None:
    """Raise `Against` where a limit has ended before `at` and that is not on record."""
    deadline = read.get("deadline")
    running = read.get("ended") is None and read.get("paused") is None
    if not running or deadline is None or deadline + INSTANT >= at:
        return
    wording = Wording(
        "时限 `{clock}` 已于 {at} 届满而未记录；请先用原规则包推进（`tick`）",
        "the time limit `{clock}` ended at {at}, which is not on record:"
        " let the pack it comes from `tick` first",
    ).fill(clock=shown(read["clock"]), at=moment(instant(deadline, workflow.zone, "clocks")))
    cites = migration.cites or workflow.cites
    raise Against(Reason(ReasonKind.LIMIT, wording, cites, {"clock": read["clock"]}))


def carry_run(workflow: Workflow, name: str, read: Mapping[str, Any]) -> Run:
    """Return one run of a clock, worked out anew from its start and its pauses.

    Raises:
        Against: it ran out under a limit that is another now.
        SnapshotError: it contradicts itself.
    """
    zone = workflow.zone
    started, *moments = (
        instant(each, zone, "clocks") for each in (read["started"], *read["pauses"])
    )
    paused, ended = (
        None if read.get(key) is None else instant(read[key], zone, "clocks")
        for key in ("paused", "ended")
    )
    course = [each for each in (started, *moments, paused, ended) if each is not None]
    if len(moments) % 2 or course != sorted(course) or (read["expired"] and ended is None):
        raise contradictory(name)
    clock = workflow.clocks[name]
    pauses = tuple(map(Pause, moments[::2], moments[1::2]))
    run = begin(clock, started, zone, pauses)._replace(
        warned=read["warned"], ended=ended, expired=read["expired"], paused=paused
    )
    if run.expired and run.deadline != ended:
        wording = Wording(
            "时限{clock}届满时的期限与现在的不同；期限的变更应写成另一个生效日期的数值",
            "the time limit {clock} has run out, and is another now: a limit that changes gets a"
            " further value with its own date",
        ).fill(clock=quoted(clock.title))
        raise Against(Reason(ReasonKind.LIMIT, wording, clock.cites, {"clock": name}))
    return run
