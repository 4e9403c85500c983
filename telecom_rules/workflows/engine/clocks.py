"""Time limits: when they begin and end, when they warn, when they are broken.

"Within" a limit includes its last instant (Civil Code, article 1259): what happens at the very
deadline is in time, and a limit is broken from the first microsecond after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from telecom_rules.errors import NotInForce
from telecom_rules.vocabulary import Duration, Pause, Record, Undetermined, Unit, deadline
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Reentry
from telecom_rules.workflows.engine.instants import LAST_YEAR, last_instant_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timezone

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Clock
    from telecom_rules.workflows.engine.configuration import Move


new_tuple = tuple.__new__  # half the cost of calling the class of a named tuple
MICROSECOND = timedelta(microseconds=1)
"""The resolution of clocks."""
MOST_LIMIT_YEARS = 101
"""More years than a limit may have, with the days by which its end may move."""
MOST_CACHED_ENDS = 1_000
"""Days on which a clock starts of which it keeps when it ends."""
MOMENT_UNITS = frozenset({Unit.HOURS, Unit.MINUTES})
"""The units that run from moment to moment."""
ENDS_TOO_LATE = Undetermined(
    Wording(f"期限晚于 {LAST_YEAR} 年", f"the time limit ends after the year {LAST_YEAR}")
)


class DueKind(StrEnum):
    """What is due: the warning before a time limit ends, or its end."""

    WARN = "warn"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Due:
    """Something a clock will do by itself.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        kind: a warning, or the end of the time limit.
        at: the instant the rule names: of a time limit, the last that is still in time.
        fires: the first instant at which `Case.tick` records it; what a host sets its timer to.
        cites: the clauses the time limit comes from.
    """

    clock: str
    title: Wording
    kind: DueKind
    at: datetime
    fires: datetime
    cites: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A time limit that was not kept.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        due: the last instant that would have been in time.
        cites: the clauses the time limit comes from.
    """

    clock: str
    title: Wording
    due: datetime
    cites: tuple[Clause, ...]


def build_due(clock: Clock, kind: DueKind, at: datetime, fires: datetime) -> Due:
    """Return one thing that `clock` does by itself."""
    return Due(clock.name, clock.title, kind, at, fires, clock.cites)


def build_breach(clock: Clock, due: datetime) -> Breach:
    """Return the breach of the time limit of `clock` that ended at `due`."""
    return Breach(clock.name, clock.title, due, clock.cites)


class Run(NamedTuple):
    """One run of a clock in one case. The last run of each clock is kept.

    A tuple, because many events make one; which clock it is a run of is told by its name alone.

    Attributes:
        clock: the clock.
        name: its name.
        started: when it began.
        deadline: the last instant in time, or `None` when it cannot be determined. While the run
            is paused it is that of before the pause, and moves when the pause is over.
        warning: when the warning before it is due, or `None` when there is none.
        undetermined: why there is no deadline, or `None` when there is one.
        pauses: the times that do not count, oldest first.
        warned: whether the warning has been recorded.
        ended: when it was stopped or expired, or `None` while it runs.
        expired: whether it ended by running out.
        paused: when the pause began that it is in, or was stopped in; `None` outside of one.
    """

    clock: Clock
    name: str
    started: datetime
    deadline: datetime | None
    warning: datetime | None
    undetermined: Wording | None
    pauses: tuple[Pause, ...]
    warned: bool = False
    ended: datetime | None = None
    expired: bool = False
    paused: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it is neither stopped nor expired; it may be paused."""
        return self.ended is None

    @property
    def fires(self) -> datetime | None:
        """The first instant at which it does something by itself, or `None` when it never will."""
        if self.ended is not None or self.deadline is None or self.paused is not None:
            return None
        if self.warning is not None and not self.warned:
            return self.warning
        return self.deadline + MICROSECOND

    def due(self) -> tuple[Due, ...]:
        """Return what it will still do by itself, in order."""
        if self.ended is not None or self.deadline is None or self.paused is not None:
            return ()
        end = build_due(self.clock, DueKind.EXPIRY, self.deadline, self.deadline + MICROSECOND)
        if self.warning is None or self.warned:
            return (end,)
        return (build_due(self.clock, DueKind.WARN, self.warning, self.warning), end)

    def elapsed(self, now: datetime) -> timedelta:
        """Return how long it has run at `now`, without the pauses."""
        return (self.paused or self.ended or now) - self.started - sum_pauses(self.pauses)

    def stop(self, at: datetime) -> Run:
        """Return the run as stopped at `at`; one that has ended already stays as it is."""
        clock, name, started, end, warning, why, pauses, warned, ended, expired, paused = self
        if ended is not None:
            return self
        return new_tuple(
            Run, (clock, name, started, end, warning, why, pauses, warned, at, expired, paused)
        )

    def mark_fired(self, due: Due) -> Run:
        """Return the run after it did what was `due`."""
        if due.kind is DueKind.WARN:
            return self._replace(warned=True)
        return self._replace(ended=due.at, expired=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Run) and self[1:] == other[1:]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[1:])

    def __repr__(self) -> str:
        told = zip(self._fields[1:], self[1:], strict=True)
        return f"Run({', '.join(f'{name}={value!r}' for name, value in told)})"


def start_clock(clock: Clock, at: datetime, zone: timezone, pauses: tuple[Pause, ...] = ()) -> Run:
    """Start `clock` at `at`, under the limit in force on that day in `zone`.

    With `pauses`, return the run as it is once they are over.
    """
    known = None if pauses else clock.end_cache.get(at.date())
    if known is None:
        end = compute_end(clock, at, zone, pauses)
    else:
        end = at + known if isinstance(known, timedelta) else known
    if not isinstance(end, datetime):
        return Run(clock, clock.name, at, None, None, end.reason, pauses)
    warning = None if clock.warn_at is None else compute_warning(clock.warn_at, at, end, pauses)
    return new_tuple(
        Run, (clock, clock.name, at, end, warning, None, pauses, False, None, False, None)
    )


def sum_pauses(pauses: Iterable[Pause]) -> timedelta:
    """Return how long `pauses` are together."""
    return sum((each.until - each.since for each in pauses), timedelta())


def compute_warning(
    percent: int, start: datetime, end: datetime, pauses: Sequence[Pause]
) -> datetime:
    """Return when that share of the time between start and end, without the pauses, is over.

    Where it was over before the last pause, which made the limit shorter in proportion, that is
    the end of the pause.
    """
    if not pauses:
        return start + (end - start) * percent // 100
    begins = pauses[-1].until
    used = begins - start - sum_pauses(pauses)
    share = (used + (end - begins)) * percent // 100
    return begins + max(share - used, timedelta())


def compute_end(
    clock: Clock, at: datetime, zone: timezone, pauses: Sequence[Pause]
) -> datetime | Undetermined:
    """Return the last instant in time of `clock` started at `at`, if that can be told.

    What all cases share that start it on one day is kept: the end of a limit in whole days, the
    length of one that runs from moment to moment.
    """
    try:
        limit = limit_of(clock, at, zone)
    except NotInForce as problem:
        return Undetermined(problem.wording)
    end = deadline(at, limit, zone, clock.calendar, pauses)
    if isinstance(end, datetime) and end.year > LAST_YEAR:
        return ENDS_TOO_LATE
    if not pauses and at.year < LAST_YEAR - MOST_LIMIT_YEARS:
        if len(clock.end_cache) >= MOST_CACHED_ENDS:
            clock.end_cache.clear()
        if isinstance(end, datetime) and limit.unit in MOMENT_UNITS:
            clock.end_cache[at.date()] = end - at
        else:
            clock.end_cache[at.date()] = end
    return end


def limit_of(clock: Clock, at: datetime, zone: timezone) -> Duration:
    """Return how long `clock` runs when it starts at `at`.

    Raises:
        NotInForce: its parameter has no value on that day.
    """
    if isinstance(clock.limit, Duration):
        return clock.limit
    # Linking lets only parameters through that are measured in a unit of time.
    return cast("Duration", clock.limit.on(at.astimezone(zone).date()).value)


def update_clocks(
    runs: tuple[Run, ...], move: Move, at: datetime, zone: timezone
) -> tuple[Run, ...]:
    """Return the clocks of a case after `move`: some stop, then some start, then some pause.

    A clock that runs is not started again; of one that has ended, its `on_reentry` says.
    """
    if move.ends_case:
        return stop_clocks(runs, at)
    if move.stops or move.starts:
        kept = [*runs]
        for place, run in enumerate(runs) if move.stops else ():
            if run.ended is None and run.name in move.stops:
                kept[place] = run.stop(at)
        for clock in move.starts:
            for run in kept:
                if run.clock is clock:
                    kept[kept.index(run)] = reenter_clock(run, at, zone)
                    break
            else:
                kept.append(start_clock(clock, at, zone))
        runs = tuple(kept)
    return apply_pauses(runs, move.reached_states, at, zone) if move.affects_pauses else runs


def stop_clocks(runs: tuple[Run, ...], at: datetime) -> tuple[Run, ...]:
    """Return the clocks of a case that is over."""
    return tuple([run.stop(at) if run.ended is None else run for run in runs])


def reenter_clock(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run when what starts its clock happens again."""
    if run.ended is None:
        return run
    again = run.clock.on_reentry
    if again is Reentry.RESTART:
        return start_clock(run.clock, at, zone)
    return resume_clock(run, at, zone) if again is Reentry.CONTINUE and not run.expired else run


def resume_clock(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run that goes on after a pause, or after it was stopped."""
    since = run.paused or run.ended
    pauses = run.pauses if since is None or since == at else (*run.pauses, Pause(since, at))
    return start_clock(run.clock, run.started, zone, pauses)._replace(warned=run.warned)


def apply_pauses(
    runs: tuple[Run, ...], active: frozenset[str], at: datetime, zone: timezone
) -> tuple[Run, ...]:
    """Return the clocks of a case once those pause that do in the states `active`, and no others.

    Where that is so already it is the same tuple.
    """
    for run in runs:
        if run.clock.pauses and has_pause_due(run, active):
            return tuple(
                toggle_pause(each, at, zone) if has_pause_due(each, active) else each
                for each in runs
            )
    return runs


def has_pause_due(run: Run, active: frozenset[str]) -> bool:
    """Return whether a run is paused and should go on in the states `active`, or the reverse."""
    return run.ended is None and (run.paused is None) is not run.clock.pauses.isdisjoint(active)


def toggle_pause(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run that begins a pause, or ends the one it is in."""
    return run._replace(paused=at) if run.paused is None else resume_clock(run, at, zone)


def find_next_firing(runs: Sequence[Run]) -> datetime | None:
    """Return the first instant at which one of `runs` does something by itself."""
    return min((at for run in runs if (at := run.fires) is not None), default=None)


def find_quiet_end(runs: Iterable[Run], at: datetime) -> datetime:
    """Return the last instant up to which none of `runs` does anything by itself.

    Args:
        runs: the clocks of a case.
        at: an instant in the zone of the case.
    """
    soonest = None
    # By position: every event that touches a clock comes here.
    for _, _, _, until, warning, _, _, warned, ended, _, paused in runs:
        if ended is None and until is not None and paused is None:
            if warning is not None and not warned:
                until = warning - MICROSECOND  # noqa: PLW2901 - the end, or the warning before it
            if soonest is None or until < soonest:
                soonest = until
    return last_instant_in(at.tzinfo) if soonest is None else soonest


def list_dues(runs: Iterable[Run]) -> tuple[Due, ...]:
    """Return what `runs` will do by themselves, soonest first."""
    return tuple(sorted((due for run in runs for due in run.due()), key=lambda due: due.fires))


def measure_clocks(
    clocks: Mapping[str, Clock], runs: Iterable[Run], now: datetime
) -> Mapping[str, Any]:
    """Return what expressions read of every clock: how long its last run took, and if it expired.

    Whether a run without a deadline has expired is not known, hence absent.
    """
    unstarted = dict.fromkeys(clocks, UNSTARTED)
    return Record({**unstarted, **{run.name: measure_run(run, now) for run in runs}})


def measure_run(run: Run, now: datetime) -> Record:
    """Return what expressions read of one run of a clock."""
    elapsed = run.elapsed(now)
    known = run.deadline is not None
    return Record({"elapsed": elapsed, "expired": run.expired} if known else {"elapsed": elapsed})


UNSTARTED = Record({"elapsed": timedelta(), "expired": False})
