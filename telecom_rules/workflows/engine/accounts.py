"""Accounts of the time limits of a case: from when, how long, and which days counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.frozen import Portable
from telecom_rules.vocabulary import MICROSECOND, Duration, Parameter
from telecom_rules.vocabulary.time.accounts import AccountDay, DayKind, DayRole, account_days
from telecom_rules.vocabulary.time.deadlines import MINUTES_PER_UNIT, PauseDays, day_of
from telecom_rules.wording import Wording, join_lines, quote_title, read_language
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.engine.limits import dump_with_promise, find_term
from telecom_rules.workflows.phrases import format_cites, format_deadline, format_instant

if TYPE_CHECKING:
    from datetime import datetime, timezone

    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary import Clause, Pause
    from telecom_rules.workflows.engine.clocks import Run
    from telecom_rules.workflows.engine.limits import Limit, Promise


@dataclass(frozen=True, slots=True)
class DeadlineAccount(Portable):
    """How the end of a time limit was found.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        since: when it started.
        limit: how long it is, or when it ends as agreed; `None` if that is not known.
        deadline: its last instant, or `None` if that cannot be determined.
        reason: why there is none, or `None`.
        days: each day from the start to the end, for a limit in days or months; one in hours or
            minutes, or one that ends on an agreed day, has none.
        pauses: the pauses that are over, oldest first.
        paused: when the pause began that goes on; the end moves when it is over. Else `None`.
        cites: the clauses the time limit and its figure come from.
        interpretation: whether it is our reading of words that leave it open.
        promise: the figures of a promise and of the law, if it is of the promise; else `None`.
    """

    clock: str
    title: Wording
    since: datetime
    limit: Wording | None
    deadline: datetime | None
    reason: Wording | None
    days: tuple[AccountDay, ...]
    pauses: tuple[Pause, ...]
    paused: datetime | None
    cites: tuple[Clause, ...]
    interpretation: bool = False
    promise: Promise | None = None

    def dump(self) -> dict[str, Json]:
        """Return it as JSON, with `promise` only if it is of a promise."""
        return dump_with_promise(self)

    def explain(self, language: str = "en") -> str:
        """Return the account for people: a line for the limit, one for each pause and each day."""
        chosen = read_language(language)
        cites = Wording(format_cites(self.cites, "zh"), format_cites(self.cites, "en"))
        names = {"title": quote_title(self.title), "since": format_instant(self.since)}
        lines = [
            UNDETERMINED.fill(**names, why=self.reason, cites=cites)
            if self.deadline is None
            else HEADLINE.fill(
                **names, limit=self.limit, end=format_deadline(self.deadline), cites=cites
            )
        ]
        if self.promise is not None:
            cites = Wording(*(format_cites(self.promise.law_cites, each) for each in ("zh", "en")))
            lines.append(PROMISED.fill(law=self.promise.law, cites=cites))
        for since, until in self.pauses:
            lines.append(PAUSED.fill(since=format_instant(since), until=format_instant(until)))
        if self.paused is not None:
            lines.append(STILL_PAUSED.fill(since=format_instant(self.paused)))
        end = self.days[-1] if self.days and self.deadline is not None else None
        lines += [describe_day(each, is_last=each is end) for each in self.days]
        return join_lines(each.say(chosen) for each in lines)


HEADLINE = Wording(
    "时限{title}：自 {since} 起 {limit}，至 {end}{cites}",
    "{title}: {limit} from {since}, ends {end}{cites}",
)
UNDETERMINED = Wording(
    "时限{title}：自 {since} 起，截止时刻不能确定：{why}{cites}",
    "{title}: from {since}, its end cannot be determined: {why}{cites}",
)
PROMISED = Wording("- 本企业承诺；法定：{law}{cites}", "- our promise; the law: {law}{cites}")
PAUSED = Wording("- 暂停：{since} 至 {until}", "- paused from {since} to {until}")
STILL_PAUSED = Wording(
    "- 自 {since} 起暂停；暂停结束后截止时刻顺延",
    "- paused since {since}; the end moves on after it",
)
NUMBERED = Wording("- {day}：第 {number} 日{last}{kind}", "- {day}: day {number}{last}{kind}")
LAST = Wording("，最后一日", ", the last")
MOVED_HERE = Wording("最后一日顺延至此", "the last day has moved here")
PLAIN = Wording("- {day}：{role}{kind}", "- {day}: {role}{kind}")
ROLES = {
    DayRole.FIRST: Wording("起算之日，不计入", "not counted, the limit starts on it"),
    DayRole.COUNTED: Wording("计入", "counted"),
    DayRole.REST: Wording("不计入", "not counted"),
    DayRole.PAUSED: Wording("暂停，不计入", "not counted, paused"),
    DayRole.MOVED: Wording("最后一日顺延", "the last day moves on"),
    DayRole.NEEDED: Wording("是否工作日尚不能确定", "it is not known if it is a working day"),
}
KINDS = {
    DayKind.WEEKEND: Wording("周末", "weekend"),
    DayKind.HOLIDAY: Wording("节假日{cites}", "holiday{cites}"),
    DayKind.WORKED_WEEKEND: Wording("周末调休上班{cites}", "weekend that is worked{cites}"),
}
REMARK = Wording("，{kind}", ", {kind}")


def describe_day(each: AccountDay, *, is_last: bool) -> Wording:
    """Return the line about a day: whether it counts, and its kind if that is not the usual one."""
    kind = Wording.same("")
    if each.kind in KINDS:
        cites = Wording(format_cites(each.cites, "zh"), format_cites(each.cites, "en"))
        kind = REMARK.fill(kind=KINDS[each.kind].fill(cites=cites))
    day = each.day.isoformat()
    if each.number is not None:
        last = LAST if is_last else ""
        return NUMBERED.fill(day=day, number=each.number, last=last, kind=kind)
    role = MOVED_HERE if is_last and each.role is DayRole.MOVED else ROLES[each.role]
    return PLAIN.fill(day=day, role=role, kind=kind)


def account_for(run: Run, zone: timezone) -> DeadlineAccount:
    """Return how the deadline of a run was found.

    Args:
        run: the run of a clock.
        zone: where days begin and end.
    """
    clock = run.clock
    limit, _ = find_term(clock, run.started, zone, run.pauses, run.follows, run.agreed)
    figure = clock.limit.find_on(run.started.date()) if isinstance(clock.limit, Parameter) else None
    days: tuple[AccountDay, ...] = ()
    if isinstance(limit, Duration) and limit.unit not in MINUTES_PER_UNIT:
        last = None if run.deadline is None else (run.deadline - MICROSECOND).date()
        first = day_of(run.started, zone, run.follows)
        pauses = [PauseDays(*(day_of(at, zone, run.follows) for at in it)) for it in run.pauses]
        days = tuple(account_days(first, limit, clock.calendar, pauses, last))
    return DeadlineAccount(
        clock=run.name,
        title=clock.title,
        since=run.started,
        limit=None if limit is None else describe_limit(limit),
        deadline=run.deadline,
        reason=run.undetermined,
        days=days,
        pauses=run.pauses,
        paused=run.paused if run.running else None,
        cites=merge_cites(clock.cites, () if figure is None else figure.cites),
        interpretation=clock.interpretation,
        promise=run.promise,
    )


def describe_limit(limit: Limit) -> Wording:
    """Return a limit for people."""
    return limit.wording if isinstance(limit, Duration) else Wording.same(limit.isoformat())
