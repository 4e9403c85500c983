"""Clocks: when time limits start, pause, warn and expire.

"Within" a limit includes its last instant (Civil Code, article 1259): an event at the deadline is
in time, and the limit is breached from the first microsecond after it. Clocks that the expiry
starts, stops or pauses take the deadline for the instant at which that happened: so limits that
follow on one another have neither gap nor overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from telecom_rules.frozen import Portable
from telecom_rules.vocabulary import MICROSECOND, Pause, Record, Undetermined
from telecom_rules.workflows.chart import AgreedLimit, Reentry
from telecom_rules.workflows.engine.instants import last_instant_in
from telecom_rules.workflows.engine.limits import (
    agree,
    dump_with_promise,
    find_promise_kept,
    find_term,
    find_warning,
    sum_pauses,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import timezone

    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary import Clause
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.chart import Clock
    from telecom_rules.workflows.engine.configuration import Move
    from telecom_rules.workflows.engine.limits import Agreed, ParametersOn, Promise


new_tuple = tuple.__new__  # half the cost of calling the class of a named tuple


class DueKind(StrEnum):
    """What is due: the warning before a time limit, its expiry, or the question when it ends."""

    WARN = "warn"
    EXPIRY = "expiry"
    ASK = "ask"
    """The first day begins that the calendar would need, and it still does not have it."""


@dataclass(frozen=True, slots=True)
class Due(Portable):
    """A warning or an expiry of a clock, or the question when it ends.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        kind: a warning, the expiry of the time limit, or the question when it ends.
        at: the instant by the rule: of the warning, or the last that is still in time.
        fires: the first instant at which `Case.tick` records it; what a host sets its timer to.
        cites: the clauses the time limit comes from.
        interpretation: whether it is our reading of words that leave it open.
        promise: the figures of a promise and of the law, if it is of the promise; else `None`.
    """

    clock: str
    title: Wording
    kind: DueKind
    at: datetime
    fires: datetime
    cites: tuple[Clause, ...]
    interpretation: bool = False
    promise: Promise | None = None

    def dump(self) -> dict[str, Json]:
        """Return it as JSON, with `promise` only if it is of a promise."""
        return dump_with_promise(self)


@dataclass(frozen=True, slots=True)
class UndeterminedLimit(Portable):
    """A running time limit that nobody can count, so that it neither warns nor expires.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        since: when it started.
        reason: why its end is not known, and what would help.
        ask_at: when to ask again at the latest: the first day begins that the calendar would need,
            or the start of the clock if that is later. `None` if no calendar would help, or in a
            pause.
        cites: the clauses the time limit comes from.
        interpretation: whether it is our reading of words that leave it open.
    """

    clock: str
    title: Wording
    since: datetime
    reason: Wording
    ask_at: datetime | None
    cites: tuple[Clause, ...]
    interpretation: bool = False


@dataclass(frozen=True, slots=True)
class Breach(Portable):
    """A time limit that was not kept.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        due: the last instant that would have been in time.
        cites: the clauses the time limit comes from.
        interpretation: whether it is our reading of words that leave it open.
        promise: the figures of a promise and of the law, if only the promise was broken; `None`
            if the time limit itself was.
    """

    clock: str
    title: Wording
    due: datetime
    cites: tuple[Clause, ...]
    interpretation: bool = False
    promise: Promise | None = None

    def dump(self) -> dict[str, Json]:
        """Return it as JSON, with `promise` only if it is of a promise."""
        return dump_with_promise(self)


def build_due(
    clock: Clock, kind: DueKind, at: datetime, fires: datetime, promise: Promise | None = None
) -> Due:
    """Return a warning or an expiry of `clock`; of a promise, with the clauses of its figure."""
    cites = clock.cites if promise is None else promise.cites
    return Due(clock.name, clock.title, kind, at, fires, cites, clock.interpretation, promise)


def build_breach(clock: Clock, due: datetime, promise: Promise | None = None) -> Breach:
    """Return the breach of the time limit of `clock`, or of its promise, that ended at `due`."""
    cites = clock.cites if promise is None else promise.cites
    return Breach(clock.name, clock.title, due, cites, clock.interpretation, promise)


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
        warning: when the warning is due, or `None` if there is none. Without a deadline, when to
            ask for one again, or `None` if no calendar would help.
        undetermined: why there is no deadline, or `None` if there is one.
        pauses: the pauses that are over, oldest first.
        warned: whether the warning has been recorded.
        ended: when it was stopped or expired, or `None` while it runs.
        expired: whether it ended by expiring.
        paused: when the pause began in which it is, or was stopped; `None` outside a pause.
        follows: those of these instants at which another limit ended, whose expiry started, paused,
            resumed or stopped it. At midnight such an instant is 24:00 of the day before.
        agreed: what the facts said when it started, if they give its limit.
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
    follows: tuple[datetime, ...] = ()
    agreed: Agreed | None = None

    @property
    def running(self) -> bool:
        """Whether it is neither stopped nor expired; it may be paused."""
        return self.ended is None

    @property
    def latest(self) -> datetime:
        """The latest of its instants: when it started, was paused, resumed, or ended."""
        return self.ended or self.paused or (self.pauses[-1].until if self.pauses else self.started)

    @property
    def fires(self) -> datetime | None:
        """The first instant at which it warns or expires, or `None` if it never will."""
        if self.ended is not None or self.paused is not None:
            return None
        if self.warning is not None and not self.warned:
            return self.warning
        return None if self.deadline is None else self.deadline + MICROSECOND

    def due(self) -> tuple[Due, ...]:
        """Return its warning and expiry, or its question, that are still to come, in order."""
        if self.ended is not None or self.paused is not None:
            return ()
        if self.deadline is None:
            if self.warning is None or self.warned:
                return ()
            return (build_due(self.clock, DueKind.ASK, self.warning, self.warning, self.promise),)
        clock, end, promise = self.clock, self.deadline, self.promise
        expiry = build_due(clock, DueKind.EXPIRY, end, end + MICROSECOND, promise)
        if self.warning is None or self.warned:
            return (expiry,)
        return (build_due(clock, DueKind.WARN, self.warning, self.warning, promise), expiry)

    @property
    def promise(self) -> Promise | None:
        """What it keeps, if it is a promise beside another clock; else `None`."""
        if self.clock.beside is None:
            return None
        zone = cast("timezone", self.started.tzinfo)
        return find_promise_kept(self.clock, self.started, zone, self.pauses, self.follows)

    def elapsed(self, now: datetime) -> timedelta:
        """Return how long it has run at `now`, without pauses."""
        return (self.paused or self.ended or now) - self.started - sum_pauses(self.pauses)

    def follow(self, at: datetime, *, expiry: bool) -> tuple[datetime, ...]:
        """Return `follows` after a change at `at`, if so by an expiry.

        An instant at which an event has changed the run before stays one of the day that begins.
        """
        bounds = (self.started, *(at for each in self.pauses for at in each), self.paused)
        return (*self.follows, at) if expiry and at not in bounds else self.follows

    def stop(self, at: datetime, *, expiry: bool = False) -> Run:
        """Return the run as stopped at `at`, if so by an expiry; one that ended is unchanged."""
        # By position: twice as fast as `_replace`.
        (
            clock, name, started, end, warning, why, pauses, warned, ended, expired, paused,
            follows, agreed,
        ) = self  # fmt: skip
        if ended is not None:
            return self
        if expiry:
            follows = self.follow(at, expiry=expiry)
        return new_tuple(
            Run,
            (
                clock, name, started, end, warning, why, pauses, warned, at, expired, paused,
                follows, agreed,
            ),
        )  # fmt: skip

    def keep_warned(self, *, known: bool, warned: bool) -> Run:
        """Return the run, counted again, with the mark whether its warning has been given.

        Args:
            known: whether its deadline was known before. If that has changed, the other one was
                given, the question or the warning, and the mark is forgotten.
            warned: whether it was given.
        """
        return self._replace(warned=warned and known is (self.deadline is not None))

    def mark_fired(self, due: Due) -> Run:
        """Return the run after `due` was recorded."""
        if due.kind is DueKind.EXPIRY:
            return self._replace(ended=due.at, expired=True)
        return self._replace(warned=True)

    def __eq__(self, other: object) -> bool:  # all fields but `clock`
        return isinstance(other, Run) and self[1:] == other[1:]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[1:])

    def __repr__(self) -> str:
        fields = zip(self._fields[1:], self[1:], strict=True)
        return f"Run({', '.join(f'{name}={value!r}' for name, value in fields)})"


def begin_clock(
    clock: Clock,
    at: datetime,
    zone: timezone,
    record: Record,
    parameters_on: ParametersOn,
    *,
    expiry: bool = False,
) -> Run:
    """Start `clock` at `at`.

    Args:
        clock: the clock.
        at: when it starts, in `zone`.
        zone: where days begin and end.
        record: the facts of the case, which may give its limit.
        parameters_on: returns the parameters in force on a day.
        expiry: whether the expiry of a limit that ended at `at` starts it.
    """
    cached = None if expiry else clock.end_cache.get(at.date())
    if cached is not None:
        _, end, warning = cached
        if not isinstance(end, Undetermined):
            last = at + end if isinstance(end, timedelta) else end
            if clock.warn_at is not None and warning is None:
                warning = at + (last - at) * clock.warn_at // 100
            # A start is as frequent as an event: by position, without the calls below.
            return new_tuple(
                Run,
                (
                    clock, clock.name, at, last, warning, None, (), False, None, False, None,
                    (), None,
                ),
            )  # fmt: skip
    agreed = None
    if isinstance(clock.limit, AgreedLimit):
        agreed = agree(clock.limit, record, parameters_on, at, follows=expiry)
    return run_clock(clock, at, zone, (), (at,) if expiry else (), agreed)


def begin_promise(
    clock: Clock,
    at: datetime,
    zone: timezone,
    record: Record,
    parameters_on: ParametersOn,
    *,
    expiry: bool = False,
) -> tuple[Run, ...]:
    """Return the run of the promise beside `clock`, which starts at `at`; empty without one.

    The arguments are those of `begin_clock`.
    """
    promise = clock.promise
    if promise is None or find_promise_kept(promise, at, zone, (), (at,) if expiry else ()) is None:
        return ()
    return (begin_clock(promise, at, zone, record, parameters_on, expiry=expiry),)


def begin_with_promise(
    clock: Clock, at: datetime, zone: timezone, record: Record, parameters_on: ParametersOn
) -> tuple[Run, ...]:
    """Start `clock` at `at`, and the promise beside it; see `begin_clock` for the arguments."""
    begun = begin_clock(clock, at, zone, record, parameters_on)
    return (begun, *begin_promise(clock, at, zone, record, parameters_on))


def derive_promise(run: Run, zone: timezone) -> Run | None:
    """Return the run of the promise beside the clock of `run`, as if it had run with it.

    `None` where nothing is promised for it.
    """
    promise = run.clock.promise
    if promise is None:
        return None
    counted = (run.started, zone, run.pauses, run.follows)
    if find_promise_kept(promise, *counted) is None:
        return None
    return run_clock(promise, *counted)._replace(paused=run.paused)


def run_clock(
    clock: Clock,
    at: datetime,
    zone: timezone,
    pauses: tuple[Pause, ...] = (),
    follows: tuple[datetime, ...] = (),
    agreed: Agreed | None = None,
) -> Run:
    """Return the run of `clock` started at `at`, after `pauses`; see `Run` for the arguments."""
    term = find_term(clock, at, zone, pauses, follows, agreed)
    end = term.end
    if isinstance(end, Undetermined):
        asked = None if end.year is None else max(at, datetime(end.year, 1, 1, tzinfo=zone))
        return Run(
            clock, clock.name, at, None, asked, end.reason, pauses, follows=follows, agreed=agreed
        )
    warning = None
    if clock.warn_at is not None:
        warning = find_warning(clock, term, at, zone, pauses, follows)
    return new_tuple(
        Run,
        (
            clock, clock.name, at, end, warning, None, pauses, False, None, False, None,
            follows, agreed,
        ),
    )  # fmt: skip


def update_clocks(
    runs: tuple[Run, ...],
    move: Move,
    at: datetime,
    zone: timezone,
    record: Record,
    parameters_on: ParametersOn,
    *,
    expiry: bool = False,
) -> tuple[Run, ...]:
    """Return the runs of a case after `move`: first stops, then starts, then pauses.

    A running clock is not started again; for one that has ended, `on_reentry` decides. The
    arguments are those of `begin_clock`.
    """
    if move.ends_case:
        return stop_clocks(runs, at, expiry=expiry)
    if move.stops or move.starts:
        updated = [*runs]
        for place, run in enumerate(runs) if move.stops else ():
            if run.ended is None and run.name in move.stops:
                updated[place] = run.stop(at, expiry=expiry)
        for clock in move.starts:
            for place, run in enumerate(updated):
                if run.clock is clock:
                    if run.ended is not None:
                        updated[place] = restart_clock(
                            run, at, zone, record, parameters_on, expiry=expiry
                        )
                        restart_promise(
                            updated, clock, place, at, zone, record, parameters_on, expiry=expiry
                        )
                    break
            else:
                updated.append(begin_clock(clock, at, zone, record, parameters_on, expiry=expiry))
                updated += begin_promise(clock, at, zone, record, parameters_on, expiry=expiry)
        runs = tuple(updated)
    if not move.affects_pauses:
        return runs
    return apply_pauses(runs, move.reached_states, at, zone, expiry=expiry)


def restart_clock(
    run: Run,
    at: datetime,
    zone: timezone,
    record: Record,
    parameters_on: ParametersOn,
    *,
    expiry: bool,
) -> Run:
    """Return the run of a clock that has ended and is triggered again."""
    mode = run.clock.on_reentry
    if mode is Reentry.RESTART:
        return begin_clock(run.clock, at, zone, record, parameters_on, expiry=expiry)
    if mode is Reentry.CONTINUE and not run.expired:
        return resume_clock(run, at, zone, expiry=expiry)
    return run


def restart_promise(
    runs: list[Run],
    clock: Clock,
    place: int,
    at: datetime,
    zone: timezone,
    record: Record,
    parameters_on: ParametersOn,
    *,
    expiry: bool,
) -> None:
    """Start the promise beside `clock` again in `runs` if the run at `place` was started again."""
    if clock.promise is None or not runs[place].running:
        return
    other = next((at for at, run in enumerate(runs) if run.clock is clock.promise), len(runs))
    if clock.on_reentry is Reentry.RESTART:
        begun = begin_promise(clock, at, zone, record, parameters_on, expiry=expiry)
    else:  # it goes on with the time used, if it runs at all
        begun = tuple(
            restart_clock(run, at, zone, record, parameters_on, expiry=expiry)
            for run in runs[other : other + 1]
        )
    if begun:
        runs[other : other + 1] = begun


def stop_clocks(runs: tuple[Run, ...], at: datetime, *, expiry: bool = False) -> tuple[Run, ...]:
    """Return the runs of a case that is over: all are stopped."""
    return tuple([run.stop(at, expiry=expiry) if run.ended is None else run for run in runs])


def resume_clock(run: Run, at: datetime, zone: timezone, *, expiry: bool = False) -> Run:
    """Return a run resumed after a pause, or after it was stopped."""
    since = run.paused or run.ended
    pauses = run.pauses if since is None or since == at else (*run.pauses, Pause(since, at))
    # One that was stopped in a pause goes on from the pause: the stop is forgotten.
    kept = {run.started, *(bound for each in pauses for bound in each)}
    follows = tuple(it for it in run.follow(at, expiry=expiry) if it in kept)
    resumed = run_clock(run.clock, run.started, zone, pauses, follows, run.agreed)
    return resumed.keep_warned(known=run.deadline is not None, warned=run.warned)


def apply_pauses(
    runs: tuple[Run, ...],
    active: frozenset[str],
    at: datetime,
    zone: timezone,
    *,
    expiry: bool = False,
) -> tuple[Run, ...]:
    """Return the runs, paused and resumed as the states `active` require.

    If nothing changes it is the same tuple: callers compare by identity.
    """
    for run in runs:
        if run.clock.pauses and has_pause_due(run, active):
            return tuple(
                toggle_pause(each, at, zone, expiry=expiry) if has_pause_due(each, active) else each
                for each in runs
            )
    return runs


def has_pause_due(run: Run, active: frozenset[str]) -> bool:
    """Return whether a run must pause or resume in the states `active`."""
    return run.ended is None and (run.paused is None) is not run.clock.pauses.isdisjoint(active)


def toggle_pause(run: Run, at: datetime, zone: timezone, *, expiry: bool = False) -> Run:
    """Return a run with its pause begun or ended."""
    if run.paused is not None:
        return resume_clock(run, at, zone, expiry=expiry)
    return run._replace(paused=at, follows=run.follow(at, expiry=expiry))


def find_next_firing(runs: Sequence[Run]) -> datetime | None:
    """Return the first instant at which one of `runs` fires, or `None`."""
    return min((at for run in runs if (at := run.fires) is not None), default=None)


def find_quiet_end(runs: Iterable[Run], at: datetime) -> datetime:
    """Return the last instant before one of `runs` fires; `at` gives the zone of the case."""
    soonest = None
    # `Run.fires` written out by position: this runs for every event that touches a clock.
    for _, _, _, quiet, warning, _, _, warned, ended, _, paused, _, _ in runs:
        if ended is None and paused is None:
            # A warning fires at its instant, an expiry one microsecond after the deadline.
            if warning is not None and not warned:
                quiet = warning - MICROSECOND  # noqa: PLW2901
            if quiet is not None and (soonest is None or quiet < soonest):
                soonest = quiet
    return last_instant_in(at.tzinfo) if soonest is None else soonest


def list_undetermined(runs: Iterable[Run]) -> tuple[UndeterminedLimit, ...]:
    """Return the running limits of `runs` whose end is not known, in the order of their start."""
    return tuple(
        UndeterminedLimit(
            run.name,
            run.clock.title,
            run.started,
            run.undetermined,
            run.warning if run.paused is None else None,
            run.clock.cites,
            run.clock.interpretation,
        )
        for run in runs
        if run.ended is None and run.undetermined is not None
    )


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
