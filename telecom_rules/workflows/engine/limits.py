"""The limits of clocks: how long one runs, when it ends and when its warning is due.

All of it follows from what a run keeps: when it started, its pauses and what was agreed. So a case
that is stored and restored has the same deadlines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from telecom_rules.errors import EvaluationError, MissingData, NotInForce
from telecom_rules.expressions import Context
from telecom_rules.expressions.typed import Fact, FieldAccess, walk
from telecom_rules.frozen import Portable
from telecom_rules.vocabulary import (
    MICROSECOND,
    Duration,
    Parameter,
    Undetermined,
    Unit,
    deadline,
    end_day,
    find_share_of_working_days,
)
from telecom_rules.vocabulary.time.deadlines import MINUTES_PER_UNIT
from telecom_rules.wording import Wording, quote_title
from telecom_rules.workflows.chart import AgreedLimit, Figures
from telecom_rules.workflows.engine.instants import LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timezone

    from telecom_rules.expressions import Expression
    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary import Clause, Pause, Record, Value
    from telecom_rules.vocabulary.parameters import ParameterValue
    from telecom_rules.workflows.chart import Clock


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that was not known when a clock started, for want of which it has no limit."""

    path: str


Limit: TypeAlias = Duration | date | datetime
"""A period, or the day or instant on which it ends."""
Agreed: TypeAlias = Limit | UnknownFact
"""What the facts said when a clock started: its limit, or the first of them not known."""
ParametersOn: TypeAlias = "Callable[[date], Mapping[str, Value]]"

MOST_LIMIT_YEARS = 101
"""An upper bound on the length of a limit, with the days by which holidays move its end."""
MOST_CACHED_ENDS = 1_000
"""Entries of `Clock.end_cache`, one per day of a start."""
ENDS_TOO_LATE = Undetermined(
    Wording(f"期限晚于 {LAST_YEAR} 年", f"the time limit ends after the year {LAST_YEAR}")
)
NOTHING_AGREED = Wording(
    "起算时 `{limit}` 没有给出期限", "when it started, `{limit}` did not give a time limit"
)
TITLED = Wording("{title}（{name}）", "{title} ({name})")
NOT_KNOWN = Wording(
    "起算时{fact}未知，因此 `{limit}` 没有给出期限",
    "when it started, {fact} was not known, so `{limit}` did not give a time limit",
)
ENDED_BEFORE = Wording("约定的 {day} 在起算时已过", "the agreed {day} had passed when it started")


def agree(
    limit: AgreedLimit,
    record: Record,
    parameters_on: ParametersOn,
    at: datetime,
    *,
    follows: bool = False,
) -> Agreed | None:
    """Return what the facts in `record` say about a limit that starts at `at`.

    Args:
        limit: the limit.
        record: the facts of the case.
        parameters_on: returns the parameters in force on a day.
        at: when it starts, in the zone of the case.
        follows: whether it starts with the end of another limit. `today` is then the day that ends,
            from which days are counted.

    Returns:
        The limit, the fact for want of which there is none, or `None`: the number is not a possible
        limit.
    """
    today = (at - MICROSECOND if follows else at).date()
    context = Context(parameters=parameters_on(at.date()), today=today, now=at)
    try:
        value = limit.value.evaluate(record, context)
        return Duration(cast("int", value), limit.unit) if limit.unit else cast("Limit", value)
    except MissingData as problem:
        return UnknownFact(problem.path)
    except (EvaluationError, NotInForce, ValueError):  # ValueError: the amount is out of bounds
        return None


class Term(NamedTuple):
    """What a run has to keep.

    Attributes:
        limit: its limit, or `None` if there is none.
        end: the last instant in time, or why it cannot be determined.
    """

    limit: Limit | None
    end: datetime | Undetermined


def find_term(
    clock: Clock,
    at: datetime,
    zone: timezone,
    pauses: Sequence[Pause] = (),
    follows: tuple[datetime, ...] = (),
    agreed: Agreed | None = None,
) -> Term:
    """Return the limit of `clock` started at `at`, with its end.

    Cached by day, for all cases, where the day decides: the end of a limit in days, the length of
    one in hours.

    Args:
        clock: the clock.
        at: when it started, in `zone`.
        zone: where days begin and end.
        pauses: its pauses so far.
        follows: those of its instants at which another limit ended.
        agreed: what the facts said when it started.
    """
    cached = None if pauses or follows else clock.end_cache.get(at.date())
    if cached is not None:
        limit, end, _ = cached
        return Term(limit, at + end if isinstance(end, timedelta) else end)
    if isinstance(clock.limit, AgreedLimit):
        if agreed is None or isinstance(agreed, UnknownFact):
            return Term(None, Undetermined(explain_absence(clock.limit, agreed)))
        return Term(agreed, end_of(clock, agreed, at, zone, pauses, follows))
    if clock.figures is Figures.IN_FORCE and isinstance(clock.limit, Parameter):
        return follow_figures(clock, clock.limit, at, zone, pauses, follows)
    try:
        limit = limit_of(clock.limit, at)
    except NotInForce as problem:
        return Term(None, Undetermined(problem.wording))
    end = end_of(clock, limit, at, zone, pauses, follows)
    if not pauses and not follows and at.year < LAST_YEAR - MOST_LIMIT_YEARS:
        if len(clock.end_cache) >= MOST_CACHED_ENDS:
            clock.end_cache.clear()
        term = Term(limit, end)
        by_day = None
        if limit.unit is Unit.WORKING_DAYS:
            by_day = find_warning(clock, term, at, zone)
        if limit.unit in MINUTES_PER_UNIT and isinstance(end, datetime):
            clock.end_cache[at.date()] = limit, end - at, None
        else:
            clock.end_cache[at.date()] = limit, end, by_day
    return Term(limit, end)


def explain_absence(limit: AgreedLimit, unknown: UnknownFact | None) -> Wording:
    """Return why the facts gave no limit."""
    if unknown is None:
        return NOTHING_AGREED.fill(limit=limit)
    return NOT_KNOWN.fill(limit=limit, fact=name_input(limit.value, unknown.path))


def name_input(expression: Expression, path: str) -> Wording:
    """Return the name of a fact that an expression reads, with its title if it has one."""
    named = {
        node.name if isinstance(node, Fact) else node.path: node.field.title
        for node in walk(expression.tree)
        if isinstance(node, (Fact, FieldAccess))
    }
    title, name = named.get(path), Wording.same(f"`{path}`")
    return name if title is None else TITLED.fill(title=quote_title(title), name=name)


def limit_of(limit: Duration | Parameter, at: datetime) -> Duration:
    """Return a limit when it starts at `at`, in the zone of the case.

    Raises:
        NotInForce: its parameter has no value on that day.
    """
    if isinstance(limit, Duration):
        return limit
    # Linking accepts only parameters that are measured in a unit of time.
    return cast("Duration", limit.on(at.date()).value)


def end_of(
    clock: Clock,
    limit: Limit,
    at: datetime,
    zone: timezone,
    pauses: Sequence[Pause],
    follows: tuple[datetime, ...],
) -> datetime | Undetermined:
    """Return the last instant of `limit` for `clock` started at `at`, if it can be determined."""
    if isinstance(limit, Duration):
        end = deadline(at, limit, zone, clock.calendar, pauses, follows=follows, close=clock.close)
    else:
        end = end_agreed(clock, limit, at, zone, follows)
    return ENDS_TOO_LATE if isinstance(end, datetime) and end.year > LAST_YEAR else end


def end_agreed(
    clock: Clock, limit: date, at: datetime, zone: timezone, follows: tuple[datetime, ...]
) -> datetime | Undetermined:
    """Return the last instant of a limit that ends on an agreed day or instant.

    One that had passed when the clock started ends with the start, so that the breach is recorded
    at once; not where another limit began it, because two such clocks could go on for ever.
    """
    if isinstance(limit, datetime):
        end = limit.astimezone(zone)
    elif limit.year > LAST_YEAR:
        return ENDS_TOO_LATE
    else:
        end = end_day(limit, zone, clock.close)
    if at in follows and end <= at:
        return Undetermined(ENDED_BEFORE.fill(day=limit.isoformat()))
    return max(end, at)


def follow_figures(
    clock: Clock,
    parameter: Parameter,
    at: datetime,
    zone: timezone,
    pauses: Sequence[Pause],
    follows: tuple[datetime, ...],
) -> Term:
    """Return the limit by the figure in force, with its end.

    A figure that comes into force before the end counts for the whole limit, from its start. No
    limit ends before the figure that shortens it is in force.
    """
    try:
        limit = limit_of(parameter, at)
        term = Term(limit, end_of(clock, limit, at, zone, pauses, follows))
    except NotInForce as problem:
        term = Term(None, Undetermined(problem.wording))
    for each in parameter.values:
        if each.since is None or each.since <= at.date():
            continue
        begin = datetime.combine(each.since, time(), zone)
        if isinstance(term.end, datetime) and term.end <= begin:
            break
        limit = cast("Duration", each.value)
        end = end_of(clock, limit, at, zone, pauses, follows)
        term = Term(limit, max(end, begin) if isinstance(end, datetime) else end)
    return term


@dataclass(frozen=True, slots=True)
class Promise(Portable):
    """A figure that the operator promises, with that of the law.

    Attributes:
        day: the first day on which it counted for this time limit.
        figure: what is promised.
        cites: the clauses of those who promise it.
        law: what the law says for the same day.
        law_cites: the clauses that give it.
    """

    day: date
    figure: Wording
    cites: tuple[Clause, ...]
    law: Wording
    law_cites: tuple[Clause, ...]


def dump_with_promise(value: Portable) -> dict[str, Json]:
    """Return a value as JSON, with its `promise` only where it is of one."""
    dumped = Portable.dump(value)
    if dumped["promise"] is None:
        del dumped["promise"]
    return dumped


def find_promise(clock: Clock, day: date) -> Promise | None:
    """Return what the clock of a promise keeps from `day` on, or `None` if nothing is promised."""
    value = next((each for each in clock.promised if day in each.in_force), None)
    law = None if value is None else value.law
    if value is None or law is None:
        return None
    return Promise(day, value.wording, value.cites, law.wording, law.cites)


def find_promise_kept(
    clock: Clock,
    at: datetime,
    zone: timezone,
    pauses: Sequence[Pause] = (),
    follows: tuple[datetime, ...] = (),
) -> Promise | None:
    """Return what the clock of a promise started at `at` keeps; see `find_term`."""
    day = at.date()
    if clock.figures is Figures.IN_FORCE:
        value = find_figure_reached(clock, day, find_term(clock, at, zone, pauses, follows))
        day = day if value is None or value.since is None else max(day, value.since)
    return find_promise(clock, day)


def find_figure_reached(clock: Clock, start: date, term: Term) -> ParameterValue | None:
    """Return the figure that `follow_figures` found to count at the end of a limit."""
    limit, end = term
    if not isinstance(end, datetime) or not isinstance(clock.limit, Parameter):
        return None
    reached = (
        each
        for each in reversed(clock.limit.values)
        if (each.since is None or each.since <= end.date())
        and (each.until is None or each.until > start)
    )
    return next((each for each in reached if each.value == limit), None)


def find_warning(
    clock: Clock,
    term: Term,
    at: datetime,
    zone: timezone,
    pauses: Sequence[Pause] = (),
    follows: tuple[datetime, ...] = (),
) -> datetime | None:
    """Return when the warning of `clock` started at `at` is due, or `None` without one.

    Of a limit in working days the share of its working days, of any other the share of the time
    from its start to its end.
    """
    limit, end = term
    if clock.warn_at is None or not isinstance(end, datetime):
        return None
    if (
        isinstance(limit, Duration)
        and limit.unit is Unit.WORKING_DAYS
        and clock.calendar is not None
    ):
        warning = find_share_of_working_days(
            at, limit, clock.warn_at, zone, clock.calendar, pauses,
            follows=follows, close=clock.close,
        )  # fmt: skip
        # A figure that shortened the limit may have ended it sooner.
        return min(warning, end)
    return find_share_of_time(clock.warn_at, at, end, pauses)


NO_TIME = timedelta()


def sum_pauses(pauses: Sequence[Pause]) -> timedelta:
    """Return the total length of `pauses`."""
    if not pauses:
        return NO_TIME
    return sum((each.until - each.since for each in pauses), timedelta())


def find_share_of_time(
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
