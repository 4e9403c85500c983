"""Migrates a snapshot of an older version of a workflow to a case of this one.

The older pack is not needed: only the snapshot and the declared migration are used, and nothing is
guessed. Every active state needs a counterpart, the counterparts must be able to be active
together, and no time limit may have ended in between unless it ends then in both versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telecom_rules.errors import ArgumentError, FactsError, SnapshotError
from telecom_rules.vocabulary import MICROSECOND, dump_record, dump_value
from telecom_rules.wording import Wording, join_wordings, quote_title, shorten
from telecom_rules.workflows.engine.case_state import CaseState
from telecom_rules.workflows.engine.clocks import (
    apply_pauses,
    begin_with_promise,
    derive_promise,
    find_quiet_end,
)
from telecom_rules.workflows.engine.instants import normalize_instant
from telecom_rules.workflows.engine.macrostep import EntryKind
from telecom_rules.workflows.journal.clocks import read_run_parts
from telecom_rules.workflows.journal.entry import Entry
from telecom_rules.workflows.journal.parts import (
    build_snapshot_error,
    is_list_of_names,
    read_json_objects,
)
from telecom_rules.workflows.journal.snapshot import (
    FORMAT,
    check_seal,
    find_pin,
    read_case_state,
    read_shape,
)
from telecom_rules.workflows.migration.carry_over import MigrationRefused, carry_over
from telecom_rules.workflows.migration.results import MigratedState, Recount, Stranded
from telecom_rules.workflows.migration.rules import add_ancestors, choose_migration
from telecom_rules.workflows.phrases import format_instant
from telecom_rules.workflows.refusals import events
from telecom_rules.workflows.refusals.reason import Reason, ReasonKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, timezone

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.engine.transition_sets import Memory
    from telecom_rules.workflows.migration.carry_over import CarriedParts
    from telecom_rules.workflows.migration.rules import Migration


DIGEST_SHOWN = len("sha256:") + 12
"""Characters of a digest shown to people."""


def migrate(
    machine: Machine,
    migrations: Sequence[Migration],
    data: Mapping[str, object],
    at: datetime,
    actor: str | None,
) -> MigratedState | Stranded:
    """Return the case of an older version in this one, or the reasons why it is stranded.

    Without a migration that is declared, a case whose past is the same by these rules is counted
    again where the calendar says more of the days to come.

    Raises:
        SnapshotError: the snapshot is damaged, or can be restored as it is.
        ArgumentError: `at` is not an instant in range.
    """
    at = normalize_instant(at, machine.zone)
    check_seal(data)
    try:
        shape: Any = read_shape(data)
        check_older_version(machine, shape)
        moved: MigratedState | None = None
        if choose_migration(migrations, shape["version"], shape["digest"]) is None:
            moved = recount(machine, data, shape, at)
        if moved is None:
            migration = require_migration(machine, migrations, shape)
            moved = migrate_case(machine, migration, data, shape, at)
        return moved._replace(entry=replace(moved.entry, actor=actor))
    except (FactsError, ArgumentError) as problem:
        raise build_snapshot_error(problem.wording) from None
    except MigrationRefused as problem:
        return Stranded(
            shape["id"], shape["version"], shape["digest"], shape["states"], problem.reasons
        )


def check_older_version(machine: Machine, shape: Mapping[str, Any]) -> None:
    """Raise `SnapshotError` unless the snapshot is of another version of this workflow."""
    if shape["format"] != FORMAT or shape["workflow"] != machine.name:
        raise build_snapshot_error(
            Wording(
                "它是流程 `{found}` 的快照，不是 `{expected}`",
                "it belongs to the workflow `{found}`, not `{expected}`",
            ).fill(found=shape["workflow"], expected=machine.name)
        )
    if (shape["version"], shape["digest"]) == (machine.version, machine.digest):
        raise SnapshotError(NOTHING_TO_MIGRATE)


NOTHING_TO_MIGRATE = Wording(
    "快照无需迁移，可直接用 `restore` 恢复", "the snapshot needs no migration; `restore` it"
)


def recount(
    machine: Machine, data: Mapping[str, object], shape: Mapping[str, Any], at: datetime
) -> MigratedState | None:
    """Return a case with the deadlines that its clocks have by the calendar of these rules.

    `None` means that more than the calendar of the days to come has changed for it.

    Raises:
        SnapshotError: the deadlines are as they were, so the case can be restored.
    """
    if shape["pin"] not in find_pins(machine, data, shape):
        return None
    before = read_case_state(machine, data, shape, recounted=True)
    stored = {each.get("clock"): each.get("deadline") for each in read_json_objects(data, "clocks")}
    changed = [run for run in before.runs if dump_value(run.deadline) != stored[run.name]]
    if not changed:
        raise SnapshotError(NOTHING_TO_MIGRATE)
    if at < before.at:
        raise MigrationRefused(events.refuse_time_backwards(at, before.at))
    due = before.next_due
    moment = before.at if due is not None and due < at else at
    after = before._replace(sequence=before.sequence + 1, at=moment)
    running = [run for run in changed if run.running]
    payload: Any = dict(data)
    entry = Entry(
        case=shape["id"],
        sequence=before.sequence,
        at=moment,
        kind=EntryKind.MIGRATE,
        previous=shape.get("head"),
        workflow=machine.name,
        workflow_digest=machine.digest,
        payload=payload,
        assigned=dump_record(after.record),
        resumed={run.name: run.deadline for run in running},
    )
    return MigratedState(after, entry, (), find_recounts(machine, data, {}, running))


def find_pins(
    machine: Machine, data: Mapping[str, object], shape: Mapping[str, Any]
) -> Iterator[str | None]:
    """Yield the pin of a case by these rules; then by these without years of their calendar.

    Where the older calendar had no data, a limit was undetermined, and still is in the snapshot:
    what the case did on days of such a year, it did without them.
    """
    yield find_pin(machine.digests, data, shape)
    last = normalize_instant(shape["at"], machine.zone, "snapshot").year
    for each in read_json_objects(data, "clocks"):
        read: Any = read_run_parts(each)
        if read.get("deadline") is None and read.get("ended") is None:
            since = normalize_instant(read["started"], machine.zone, "clocks").year
            for year in range(max(since, last - MOST_YEARS_BEHIND), last + 1):
                yield find_pin(machine.digests.with_calendar_until(year), data, shape)


MOST_YEARS_BEHIND = 3
"""Years for which a pack may have gone on without a newer calendar."""


def find_migration_hindrances(
    machine: Machine,
    migrations: Sequence[Migration],
    version: str,
    digest: str,
    states: Sequence[str],
) -> tuple[Reason, ...]:
    """Return why no case of an older version in the states `states` can migrate.

    Args:
        machine: the newer version.
        migrations: its migrations.
        version: the older version.
        digest: the digest of the older workflow.
        states: all active states.
    """
    try:
        migration = require_migration(machine, migrations, {"version": version, "digest": digest})
        map_states(machine, migration, states)
    except MigrationRefused as problem:
        return problem.reasons
    return ()


def migrate_case(
    machine: Machine,
    migration: Migration,
    data: Mapping[str, object],
    shape: Mapping[str, Any],
    at: datetime,
) -> MigratedState:
    """Migrate a case, or raise `MigrationRefused`."""
    before = normalize_instant(shape["at"], machine.zone, "snapshot")
    if at < before:
        raise MigrationRefused(events.refuse_time_backwards(at, before))
    if data.get("calls"):
        raise MigrationRefused(refuse_waiting(machine, migration))
    names = map_states(machine, migration, shape["states"])
    configuration = machine.configurations.of(names)
    carried = carry_over(machine, migration, data, at)
    # What has ended since is recorded afterwards, at its own instant: the case moves before it.
    asked, at = at, before if carried.overdue else at
    figures = (machine.zone, carried.record, machine.parameters_on)
    started = tuple(
        each
        for name in migration.start
        if not any(run.name == name and run.running for run in carried.runs)
        for each in begin_with_promise(machine.chart.clocks[name], at, *figures)
    )
    started += tuple(iter_new_promises((*carried.runs, *started), machine.zone, asked))
    fresh = {run.name for run in started}
    runs = (*(run for run in carried.runs if run.name not in fresh), *started)
    if configuration.final:
        runs = tuple(run.stop(at) for run in runs)
    else:
        runs = apply_pauses(runs, names, at, machine.zone)
        others = [run for run in runs if run.name not in carried.overdue]
        check_none_ended(machine, migration, others, asked)
        runs = mark_warnings(runs, at)
    after = CaseState(
        configuration=configuration,
        record=carried.record,
        runs=runs,
        breaches=carried.breaches,
        warnings=carried.warnings,
        sequence=shape["sequence"] + 1,
        at=at,
        quiet_until=find_quiet_end(runs, at),
        memory=map_memory(machine, migration, data.get("history")),
    )
    entry = build_migration_entry(machine, after, data, shape, carried, fresh)
    kept = [run for run in runs if run.running and run.name not in fresh]
    recounts = find_recounts(machine, data, migration.clocks, kept)
    return MigratedState(after, entry, carried.dropped, recounts)


def iter_new_promises(runs: Sequence[Run], zone: timezone, at: datetime) -> Iterator[Run]:
    """Yield the promises that this version makes for running limits, and that are still kept.

    One that would have been broken before `at` was not made when it could be kept.
    """
    known = {run.name for run in runs}
    for run in runs:
        promise = derive_promise(run, zone) if run.running else None
        if promise is None or promise.name in known:
            continue
        if promise.fires is None or promise.deadline is None or promise.deadline >= at:
            yield promise


def find_recounts(
    machine: Machine,
    data: Mapping[str, object],
    names: Mapping[str, str],
    runs: Iterable[Run],
) -> tuple[Recount, ...]:
    """Return those of `runs` that have another deadline than in the snapshot.

    Args:
        machine: the newer version.
        data: the snapshot.
        names: the newer names of clocks by the older.
        runs: the runs that go on.
    """
    stored: dict[str, datetime | None] = {}
    for each in read_json_objects(data, "clocks"):
        read: Any = read_run_parts(each)
        at = read.get("deadline")
        name = names.get(read["clock"], read["clock"])
        stored[name] = None if at is None else normalize_instant(at, machine.zone, "clocks")
    return tuple(
        Recount(run.name, run.clock.title, stored[run.name], run.deadline)
        for run in runs
        if run.name in stored and run.deadline != stored[run.name]
    )


def require_migration(
    machine: Machine, migrations: Sequence[Migration], shape: Mapping[str, Any]
) -> Migration:
    """Return the migration declared for a snapshot, or raise `MigrationRefused`."""
    found = choose_migration(migrations, shape["version"], shape["digest"])
    if found is None:
        wording = Wording(
            "个案可能经历过的规则有变动，而流程{name} {own} 版没有规定 {version} 版"
            "（{digest}）的个案如何迁移",
            "what the case may have done has changed, and the workflow {name} {own} declares no"
            " migration of cases of version {version} ({digest})",
        ).fill(
            name=quote_title(machine.title),
            own=machine.version,
            version=shorten(shape["version"]),
            digest=shorten(shape["digest"])[:DIGEST_SHOWN],
        )
        data = {"version": shape["version"], "digest": shape["digest"]}
        raise MigrationRefused(Reason(ReasonKind.NO_MIGRATION, wording, machine.cites, data))
    return found


def grounds_of_migration(machine: Machine, migration: Migration) -> tuple[Clause, ...]:
    """Return the clauses that a migration rests on."""
    return migration.cites or machine.cites


def refuse_waiting(machine: Machine, migration: Migration) -> Reason:
    """Return the reason that a case has a pending call."""
    wording = Wording(
        "个案正在等待它所调用的个案；请待其交回后再迁移",
        "it waits for a case that it has called; migrate it after that has returned",
    )
    return Reason(ReasonKind.WAITING, wording, grounds_of_migration(machine, migration))


def refuse_calling(machine: Machine, migration: Migration, names: frozenset[str]) -> Reason:
    """Return the reason that a case would be in a calling state without a call."""
    callers = [name for name in machine.chart.callers if name in names]
    wording = Wording(
        "它将处于发起调用的状态{state}，而迁移不发起调用；请改为迁移到其前一状态",
        "it would be in {state}, which calls another workflow, but a migration makes no calls;"
        " map it to the state before that",
    ).fill(state=join_wordings(quote_title(machine.chart.states[name].title) for name in callers))
    cites = grounds_of_migration(machine, migration)
    return Reason(ReasonKind.WAITING, wording, cites, {"states": tuple(callers)})


def map_states(machine: Machine, migration: Migration, states: Iterable[str]) -> frozenset[str]:
    """Return the counterparts of the active states, with their ancestors."""
    chart = machine.chart
    images = {name: migration.image(chart, name) for name in states}
    unmapped = [name for name, image in images.items() if image is None]
    if unmapped:
        wording = Wording(
            "原状态 `{name}` 在 {version} 版中没有对应状态",
            "the older state `{name}` has no counterpart in version {version}",
        )
        raise MigrationRefused(
            *(
                Reason(
                    ReasonKind.NO_IMAGE,
                    wording.fill(name=shorten(name), version=machine.version),
                    grounds_of_migration(machine, migration),
                    {"state": name},
                )
                for name in unmapped
            )
        )
    names = add_ancestors(chart, (each for image in images.values() for each in image or ()))
    if not names or not machine.configurations.can_be_active(names):
        wording = Wording(
            "原状态的对应状态不能同时处于活动状态：{names}",
            "the counterparts of its states cannot be active together: {names}",
        ).fill(names=join_wordings(Wording.same(f"`{each}`") for each in sorted(names)))
        data = {"states": tuple(sorted(names))}
        raise MigrationRefused(
            Reason(ReasonKind.NOT_TOGETHER, wording, grounds_of_migration(machine, migration), data)
        )
    if not names.isdisjoint(machine.chart.callers):
        raise MigrationRefused(refuse_calling(machine, migration, names))
    return names


def map_memory(machine: Machine, migration: Migration, data: object) -> Memory:
    """Return the values of the history states, without those that this version does not have."""
    if not isinstance(data, Mapping):
        raise build_snapshot_error(Wording("`history` 应为对象", "`history` must be an object"))
    states = machine.chart.states
    memory: dict[str, tuple[str, ...]] = {}
    for name, remembered in data.items():
        if not is_list_of_names(remembered):
            raise build_snapshot_error(Wording("`history` 有误", "`history` is malformed"))
        if name not in states or states[name].history is None:
            continue
        mapped = {each for it in remembered for each in migration.image(machine.chart, it) or ()}
        image = tuple(sorted(mapped, key=lambda each: states[each].order))
        if not machine.configurations.can_remember(name, image):
            wording = Wording(
                "历史状态 `{name}` 所记忆的状态在 {version} 版中没有对应状态",
                "the states that the history state `{name}` remembers have no counterpart in"
                " version {version}",
            ).fill(name=name, version=machine.version)
            cites = grounds_of_migration(machine, migration)
            raise MigrationRefused(Reason(ReasonKind.NO_IMAGE, wording, cites, {"state": name}))
        memory[name] = image
    return memory


def check_none_ended(
    machine: Machine, migration: Migration, runs: Iterable[Run], at: datetime
) -> None:
    """Raise `MigrationRefused` if a limit would have ended before `at`."""
    late = [
        run
        for run in runs
        if run.fires is not None and run.deadline is not None and run.deadline + MICROSECOND < at
    ]
    if late:
        wording = Wording(
            "按 {version} 版，时限{clock}已于 {at} 届满",
            "under version {version} the time limit {clock} ended at {at}",
        )
        raise MigrationRefused(
            *(
                Reason(
                    ReasonKind.LIMIT,
                    wording.fill(
                        version=machine.version,
                        clock=quote_title(run.clock.title),
                        at=format_instant(run.deadline or at),
                    ),
                    run.clock.cites or grounds_of_migration(machine, migration),
                    {"clock": run.name},
                )
                for run in late
            )
        )


def mark_warnings(runs: tuple[Run, ...], at: datetime) -> tuple[Run, ...]:
    """Return the runs with every warning due before `at` marked as given."""
    return tuple(
        run._replace(warned=True) if run.fires is not None and run.fires < at else run
        for run in runs
    )


def build_migration_entry(
    machine: Machine,
    after: CaseState,
    data: Mapping[str, object],
    shape: Mapping[str, Any],
    carried: CarriedParts,
    fresh: Iterable[str],
) -> Entry:
    """Return the journal entry of a migration."""
    before = {run.name: run for run in carried.runs}
    now = {run.name: run for run in after.runs}
    kept = [name for name in before if name not in fresh and before[name].running]
    payload: Any = dict(data)
    states = after.configuration.states
    return Entry(
        case=shape["id"],
        sequence=after.sequence - 1,
        at=after.at,
        kind=EntryKind.MIGRATE,
        previous=shape.get("head"),
        workflow=machine.name,
        workflow_digest=machine.digest,
        payload=payload,
        left=tuple(each for each in reversed(shape["states"]) if each not in states),
        entered=tuple(each for each in states if each not in shape["states"]),
        assigned=dump_record(after.record),
        stopped=(*carried.stopped, *(name for name in kept if not now[name].running)),
        started={name: now[name].deadline for name in fresh},
        paused=tuple(
            name
            for name in kept
            if now[name].running and now[name].paused is not None and before[name].paused is None
        ),
        resumed={
            name: now[name].deadline
            for name in kept
            if now[name].running and now[name].paused is None and before[name].paused is not None
        },
    )
