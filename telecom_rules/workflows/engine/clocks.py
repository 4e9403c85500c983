"""Clocks: when time limits start, pause, warn and expire.

"Within" a limit includes its last instant (Civil Code, article 1259): an event at the deadline is
in time, and the limit is breached from the first microsecond after it.
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
"""An upper bound on the length of a limit, with the days by which holidays move its end."""
MOST_CACHED_ENDS = 1_000
"""Entries of `Clock.end_cache`, one per day of a start."""
MOMENT_UNITS = frozenset({Unit.HOURS, Unit.MINUTES})
"""The units counted from instant to instant, not in whole days."""
ENDS_TOO_LATE = Undetermined(
    Wording(f"期限晚于 {LAST_YEAR} 年", f"the time limit ends after the year {LAST_YEAR}")
)


class DueKind(StrEnum):
    """What is due: the warning before a time limit, or its expiry."""

    WARN = "warn"
    EXPIRY = "expiry"


@dataclass(frozen=True, slots=True)
class Due:
    """A warning or an expiry of a clock.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        kind: a warning, or the expiry of the time limit.
        at: the instant by the rule: of the warning, or the last that is still in time.
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
    """Return a warning or an expiry of `clock`."""
    return Due(clock.name, clock.title, kind, at, fires, clock.cites)


def build_breach(clock: Clock, due: datetime) -> Breach:
    """Return the breach of the time limit of `clock` that ended at `due`."""
    return Breach(clock.name, clock.title, due, clock.cites)


class Run(NamedTuple):
    """One run of a clock in one case. The last run of each clock is kept.

    A tuple for speed: many events create one. Runs compare by the name of the clock, not by the
    clock, because a restored case may come from another load of the pack.

    Attributes:
        clock: the clock.
        name: its name.
        started: when it started.
        deadline: the last instant in time, or `None` if it cannot be determined. During a pause it
            is the old one; it moves when the pause ends.
        warning: when the warning is due, or `None` if there is none.
        undetermined: why there is no deadline, or `None` if there is one.
        pauses: the pauses that are over, oldest first.
        warned: whether the warning has been recorded.
        ended: when it was stopped or expired, or `None` while it runs.
        expired: whether it ended by expiring.
        paused: when the pause began in which it is, or was stopped; `None` outside a pause.
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
        """The first instant at which it warns or expires, or `None` if it never will."""
        if self.ended is not None or self.deadline is None or self.paused is not None:
            return None
        if self.warning is not None and not self.warned:
            return self.warning
        return self.deadline + MICROSECOND

    def due(self) -> tuple[Due, ...]:
        """Return its warning and expiry that are still to come, in order."""
        if self.ended is not None or self.deadline is None or self.paused is not None:
            return ()
        end = build_due(self.clock, DueKind.EXPIRY, self.deadline, self.deadline + MICROSECOND)
        if self.warning is None or self.warned:
            return (end,)
        return (build_due(self.clock, DueKind.WARN, self.warning, self.warning), end)

    def elapsed(self, now: datetime) -> timedelta:
        """Return how long it has run at `now`, without pauses."""
        return (self.paused or self.ended or now) - self.started - sum_pauses(self.pauses)

    def stop(self, at: datetime) -> Run:
        """Return the run as stopped at `at`; one that has ended is unchanged."""
        # By position: twice as fast as `_replace`.
        clock, name, started, end, warning, why, pauses, warned, ended, expired, paused = self
        if ended is not None:
            return self
        return new_tuple(
            Run, (clock, name, started, end, warning, why, pauses, warned, at, expired, paused)
        )

    def mark_fired(self, due: Due) -> Run:
        """Return the run after `due` was recorded."""
        if due.kind is DueKind.WARN:
            return self._replace(warned=True)
        return self._replace(ended=due.at, expired=True)

    def __eq__(self, other: object) -> bool:  # all fields but `clock`
        return isinstance(other, Run) and self[1:] == other[1:]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[1:])

    def __repr__(self) -> str:
        fields = zip(self._fields[1:], self[1:], strict=True)
        return f"Run({', '.join(f'{name}={value!r}' for name, value in fields)})"


def start_clock(clock: Clock, at: datetime, zone: timezone, pauses: tuple[Pause, ...] = ()) -> Run:
    """Start `clock` at `at`, under the limit in force on that day in `zone`.

    With `pauses`, return the run after them.
    """
    cached = None if pauses else clock.end_cache.get(at.date())
    if cached is None:
        end = compute_end(clock, at, zone, pauses)
    else:
        end = at + cached if isinstance(cached, timedelta) else cached
    if not isinstance(end, datetime):
        return Run(clock, clock.name, at, None, None, end.reason, pauses)
    warning = None if clock.warn_at is None else compute_warning(clock.warn_at, at, end, pauses)
    return new_tuple(
        Run, (clock, clock.name, at, end, warning, None, pauses, False, None, False, None)
    )


def sum_pauses(pauses: Iterable[Pause]) -> timedelta:
    """Return the total length of `pauses`."""
    return sum((each.until - each.since for each in pauses), timedelta())


def compute_warning(
    percent: int, start: datetime, end: datetime, pauses: Sequence[Pause]
) -> datetime:
    """Return when `percent` of the time from start to end, without pauses, has passed.

    If a pause shortened the limit so that this lies before it, return the end of the pause.
    """
    if not pauses:
        return start + (end - start) * percent // 100
    resumed = pauses[-1].until
    used = resumed - start - sum_pauses(pauses)
    share = (used + (end - resumed)) * percent // 100
    return resumed + max(share - used, timedelta())


def compute_end(
    clock: Clock, at: datetime, zone: timezone, pauses: Sequence[Pause]
) -> datetime | Undetermined:
    """Return the last instant in time of `clock` started at `at`, if it can be determined.

    Cached by day, for all cases: the end of a limit in days, the length of one in hours.
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
    """Return the limit of `clock` when it starts at `at`.

    Raises:
        NotInForce: its parameter has no value on that day.
    """
    if isinstance(clock.limit, Duration):
        return clock.limit
    # Linking accepts only parameters that are measured in a unit of time.
    return cast("Duration", clock.limit.on(at.astimezone(zone).date()).value)


def update_clocks(
    runs: tuple[Run, ...], move: Move, at: datetime, zone: timezone
) -> tuple[Run, ...]:
    """Return the runs of a case after `move`: first stops, then starts, then pauses.

    A running clock is not started again; for one that has ended, `on_reentry` decides.
    """
    if move.ends_case:
        return stop_clocks(runs, at)
    if move.stops or move.starts:
        updated = [*runs]
        for place, run in enumerate(runs) if move.stops else ():
            if run.ended is None and run.name in move.stops:
                updated[place] = run.stop(at)
        for clock in move.starts:
            for run in updated:
                if run.clock is clock:
                    updated[updated.index(run)] = reenter_clock(run, at, zone)
                    break
            else:
                updated.append(start_clock(clock, at, zone))
        runs = tuple(updated)
    return apply_pauses(runs, move.reached_states, at, zone) if move.affects_pauses else runs


def stop_clocks(runs: tuple[Run, ...], at: datetime) -> tuple[Run, ...]:
    """Return the runs of a case that is over: all are stopped."""
    return tuple([run.stop(at) if run.ended is None else run for run in runs])


def reenter_clock(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run after its clock is triggered again."""
    if run.ended is None:
        return run
    mode = run.clock.on_reentry
    if mode is Reentry.RESTART:
        return start_clock(run.clock, at, zone)
    return resume_clock(run, at, zone) if mode is Reentry.CONTINUE and not run.expired else run


def resume_clock(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run resumed after a pause, or after it was stopped."""
    since = run.paused or run.ended
    pauses = run.pauses if since is None or since == at else (*run.pauses, Pause(since, at))
    return start_clock(run.clock, run.started, zone, pauses)._replace(warned=run.warned)


def apply_pauses(
    runs: tuple[Run, ...], active: frozenset[str], at: datetime, zone: timezone
) -> tuple[Run, ...]:
    """Return the runs, paused and resumed as the states `active` require.

    If nothing changes it is the same tuple: callers compare by identity.
    """
    for run in runs:
        if run.clock.pauses and has_pause_due(run, active):
            return tuple(
                toggle_pause(each, at, zone) if has_pause_due(each, active) else each
                for each in runs
            )
    return runs


def has_pause_due(run: Run, active: frozenset[str]) -> bool:
    """Return whether a run must pause or resume in the states `active`."""
    return run.ended is None and (run.paused is None) is not run.clock.pauses.isdisjoint(active)


def toggle_pause(run: Run, at: datetime, zone: timezone) -> Run:
    """Return a run with its pause begun or ended."""
    return run._replace(paused=at) if run.paused is None else resume_clock(run, at, zone)


def find_next_firing(runs: Sequence[Run]) -> datetime | None:
    """Return the first instant at which one of `runs` fires, or `None`."""
    return min((at for run in runs if (at := run.fires) is not None), default=None)


def find_quiet_end(runs: Iterable[Run], at: datetime) -> datetime:
    """Return the last instant before one of `runs` fires; `at` gives the zone of the case."""
    soonest = None
    # `Run.fires` written out by position: this runs for every event that touches a clock.
    for _, _, _, quiet, warning, _, _, warned, ended, _, paused in runs:
        if ended is None and quiet is not None and paused is None:
            # A warning fires at its instant, an expiry one microsecond after the deadline.
            if warning is not None and not warned:
                quiet = warning - MICROSECOND  # noqa: PLW2901
            if soonest is None or quiet < soonest:
                soonest = quiet
    return last_instant_in(at.tzinfo) if soonest is None else soonest


def list_dues(runs: Iterable[Run]) -> tuple[Due, ...]:
    """Return the warnings and expiries to come of `runs`, soonest first."""
    return tuple(sorted((due for run in runs for due in run.due()), key=lambda due: due.fires))


def measure_clocks(
    clocks: Mapping[str, Clock], runs: Iterable[Run], now: datetime
) -> Mapping[str, Any]:
    """Return the value of `clocks` in expressions: `elapsed` and `expired` of each last run.

    For a run without a deadline `expired` is unknown, hence absent.
    """
    unstarted = dict.fromkeys(clocks, UNSTARTED)
    return Record({**unstarted, **{run.name: measure_run(run, now) for run in runs}})


def measure_run(run: Run, now: datetime) -> Record:
    """Return the value of one clock in expressions."""
    elapsed = run.elapsed(now)
    known = run.deadline is not None
    return Record({"elapsed": elapsed, "expired": run.expired} if known else {"elapsed": elapsed})


UNSTARTED = Record({"elapsed": timedelta(), "expired": False})
