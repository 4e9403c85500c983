"""Limits that follow on one another, and warnings that count what their limit counts."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import SnapshotError
from telecom_rules.vocabulary import Calendar, CalendarYear, Duration, Unit
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import Clock
from telecom_rules.workflows.engine.clocks import resume_clock, run_clock, toggle_pause
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.house import FACTS, ZONE, made

if TYPE_CHECKING:
    from telecom_rules.workflows import Case, Workflow

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
START = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
WEEKENDS = Calendar(
    "weekends",
    Wording.same("w"),
    {
        2026: CalendarYear(frozenset({date(2026, 3, 5)}), frozenset({date(2026, 3, 7)})),
        2027: CalendarYear(frozenset(), frozenset()),
    },
)
ROUND = """
workflow: round
version: 1.0.0
title: {zh: 周期, en: Rounds}
facts: complaint
events:
  over: {title: {zh: 期满, en: Over}}
  hold: {title: {zh: 暂停, en: Hold}}
  go_on: {title: {zh: 继续, en: Go on}}
  resume: {title: {zh: 恢复, en: Resume}}
clocks:
  each:
    title: {zh: 每期, en: Each round}
    from: [waiting, over]
    until: done
    limit: LIMIT
    warn_at: 80%
    on_expiry: over
initial: waiting
states:
  waiting: {title: {zh: 等待, en: Waiting}, on: {over: [{}]}}
  done: {title: {zh: 完成, en: Done}, type: final}
"""


def rounds(limit: str, calendar: Calendar | None = None) -> Workflow:
    text = ROUND.replace("LIMIT", limit).replace("{over: [{}]}", "{over: {reenter: true}}")
    return made(text, calendar=calendar)


def last_instants(workflow: Workflow, start: datetime, count: int) -> list[datetime]:
    """Return the deadlines of the first `count` rounds; the journal and snapshots agree."""
    opened = workflow.open(FACTS, at=start, id="r")
    case, entries, found = opened.case, [opened.entry], []
    while len(found) < count:
        assert case.next_due is not None
        ticked = case.tick(case.next_due)
        entries += ticked.entries
        found += [breach.due for breach in ticked.breaches]
        case = ticked.case
        assert workflow.restore(case.dump()) == case
    assert workflow.replay(entries) == case
    return found


@pytest.mark.parametrize(
    ("limit", "ends"),
    [
        ("1 days", ["2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"]),
        ("7 days", ["2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]),
        ("3 months", ["2026-06-02", "2026-09-02", "2026-12-02", "2027-03-02"]),
    ],
)
def test_a_limit_that_follows_on_another_counts_from_the_day_after_it(
    limit: str, ends: list[str]
) -> None:
    found = last_instants(rounds(limit), START, 4)
    assert found == [datetime.fromisoformat(each).replace(tzinfo=ZONE) + DAY for each in ends]


def test_hours_do_not_drift() -> None:
    found = last_instants(rounds("2 hours"), START, 5)
    assert found == [START + timedelta(hours=2 * number) for number in range(1, 6)]


def test_hours_that_end_at_midnight_are_followed_by_the_whole_next_day() -> None:
    text = ROUND.replace("LIMIT", "1 days").replace("{over: [{}]}", "{over: {reenter: true}}")
    text = text.replace("from: [waiting, over]", "from: over").replace(
        "initial: waiting",
        """  first:
    title: {zh: 首期, en: First}
    from: waiting
    until: done
    limit: 10 hours
    on_expiry: over
initial: waiting""",
    )
    midnight = datetime(2026, 3, 3, tzinfo=ZONE)
    case = made(text).start(FACTS, at=midnight - timedelta(hours=10), id="r")
    after = case.tick(midnight + MICROSECOND).case
    assert after.clocks["each"].started == midnight
    assert after.clocks["each"].deadline == midnight + DAY
    later = made(text).start(FACTS, at=midnight - timedelta(hours=9), id="r")
    after = later.tick(midnight + timedelta(hours=2)).case
    assert after.clocks["each"].started == midnight + timedelta(hours=1)
    assert after.clocks["each"].deadline == midnight + 2 * DAY


def instants(last: date) -> st.SearchStrategy[datetime]:
    """Return instants of 2026 up to a day."""
    return st.builds(datetime.combine, st.dates(date(2026, 1, 1), last), st.times(), st.just(ZONE))


def count_days(first: date, amount: int, unit: str) -> date:
    """Return the last day of a limit, counted day by day: nothing is shared with the library."""
    last = first
    if unit == "months":
        month = first.month + amount
        year, month = first.year + (month - 1) // 12, (month - 1) % 12 + 1
        last = date(year, month, min(first.day, monthrange(year, month)[1]))
    elif unit == "days":
        for _ in range(amount):
            last += DAY
    else:
        while amount:
            last += DAY
            amount -= is_worked(last)
    while not is_worked(last):
        last += DAY
    return last


def is_worked(day: date) -> bool:
    return (day.weekday() < 5 and day != date(2026, 3, 5)) or day == date(2026, 3, 7)


@given(
    instants(date(2026, 3, 31)),
    st.integers(1, 8),
    st.sampled_from(["days", "working days", "months"]),
)
def test_rounds_are_contiguous_by_every_unit_on_a_calendar(
    start: datetime, amount: int, unit: str
) -> None:
    amount = min(amount, 2) if unit == "months" else amount
    found = last_instants(rounds(f"{amount} {unit}", WEEKENDS), start, 4)
    day = start.date()
    for each in found:
        day = count_days(day, amount, unit)
        assert each == datetime(day.year, day.month, day.day, tzinfo=ZONE) + DAY


PAUSED = """
workflow: paused
version: 1.0.0
title: {zh: 暂停, en: Paused}
facts: complaint
events:
  ask: {title: {zh: 询问, en: Ask}}
  over: {title: {zh: 期满, en: Over}}
  back: {title: {zh: 恢复, en: Back}}
clocks:
  waits:
    title: {zh: 等待, en: Waits}
    from: doing
    until: asked
    limit: 2 days
    on_expiry: over
  asks:
    title: {zh: 询问期, en: Asks}
    from: asked
    until: doing
    limit: 3 days
    on_expiry: back
  paused:
    title: {zh: 办理期, en: Paused}
    from: work
    until: done
    limit: 6 days
    pause_in: asked
  continued:
    title: {zh: 累计, en: Continued}
    from: doing
    until: asked
    limit: 6 days
    on_reentry: continue
initial: work
states:
  work:
    title: {zh: 办理, en: Work}
    initial: doing
    states:
      doing: {title: {zh: 办理, en: Doing}, on: {over: asked, ask: asked}}
      asked: {title: {zh: 询问, en: Asked}, on: {back: doing}}
  done: {title: {zh: 完成, en: Done}, type: final}
"""


def test_pauses_that_expiries_begin_and_end_cost_neither_side_a_day() -> None:
    workflow = made(PAUSED)
    opened = workflow.open(FACTS, at=START, id="p")
    case, entries = opened.case, [opened.entry]
    for _ in range(2):  # the end of 4 March: two days used; three days of pause, to 7 March
        ticked = case.tick(case.next_due)
        case, entries = ticked.case, [*entries, *ticked.entries]
        assert workflow.restore(case.dump()) == case
    last = datetime(2026, 3, 11, tzinfo=ZONE)  # four more days: 8, 9, 10 and 11 March
    assert case.clocks["paused"].deadline == last + DAY
    assert case.clocks["continued"].deadline == last + DAY
    assert workflow.replay(entries) == case


def test_an_event_at_midnight_is_one_of_the_day_that_begins() -> None:
    midnight = datetime(2026, 3, 3, tzinfo=ZONE)
    case = rounds("1 days").start(FACTS, at=midnight, id="r")
    assert case.clocks["each"].deadline == midnight + 2 * DAY
    asked = made(PAUSED).start(FACTS, at=START, id="p").send("ask", at=midnight).case
    assert asked.tick(asked.next_due).case.clocks["paused"].deadline == datetime(
        2026, 3, 12, tzinfo=ZONE
    )


def test_expiries_come_before_a_warning_of_the_instant_after() -> None:
    text = PAUSED.replace(
        "    limit: 6 days\n    pause_in: asked",
        "    limit: 2 minutes\n    warn_at: 50%\n    on_reentry: ignore",
    ).replace("limit: 2 days", "limit: 1 minutes")
    text = text.replace("    from: work\n", "    from: [work]\n")
    case = made(text).start(FACTS, at=START, id="p")
    kinds = [(each.clock, each.due) for each in case.tick(START + timedelta(hours=1)).entries]
    assert kinds[:2] == [("paused", "warn"), ("waits", "expiry")]


@pytest.mark.parametrize(
    "change", [["2026-03-02T00:00:00+08:00"], ["2026-03-06T00:00:00+08:00"], "x", [1]]
)
def test_a_forged_instant_of_an_expiry_is_refused(change: object) -> None:
    case = made(PAUSED).start(FACTS, at=START, id="p")
    data = case.tick(case.next_due).case.dump()
    data["clocks"] = [{**each, "follows": change} for each in data["clocks"]]
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError):
        made(PAUSED).restore(data)


def warning_of(limit: str, start: datetime, percent: str = "80%") -> datetime:
    text = ROUND.replace("LIMIT", limit).replace("{over: [{}]}", "{over: {reenter: true}}")
    workflow = made(text.replace("warn_at: 80%", f"warn_at: {percent}"), calendar=WEEKENDS)
    (warning, _) = workflow.start(FACTS, at=start, id="r").due
    assert warning.kind == "warn"
    return warning.at


def test_of_five_working_days_80_per_cent_have_passed_when_the_fifth_begins() -> None:
    monday = datetime(2026, 3, 16, 9, 30, tzinfo=ZONE)
    assert warning_of("5 working days", monday) == datetime(2026, 3, 23, tzinfo=ZONE)
    assert warning_of("5 working days", monday, "50%") == datetime(2026, 3, 19, 12, tzinfo=ZONE)
    friday = datetime(2026, 3, 13, 17, tzinfo=ZONE)
    assert warning_of("10 working days", friday) == datetime(2026, 3, 26, tzinfo=ZONE)
    assert warning_of("1 working days", friday) == datetime(2026, 3, 16, 19, 12, tzinfo=ZONE)


@given(
    instants(date(2026, 11, 30)),
    st.integers(1, 15),
    st.integers(1, 99),
)
def test_a_warning_of_working_days_comes_on_a_working_day_before_the_end(
    start: datetime, amount: int, percent: int
) -> None:
    warning = warning_of(f"{amount} working days", start, f"{percent}%")
    assert is_worked(warning.date())
    assert start.date() < warning.date() <= count_days(start.date(), amount, "working days")
    passed = sum(is_worked(start.date() + number * DAY) for number in range(
        1, (warning.date() - start.date()).days))  # fmt: skip
    share = passed + (warning - warning.replace(hour=0, minute=0, second=0, microsecond=0)) / DAY
    assert share == pytest.approx(amount * percent / 100, abs=1e-9)


def test_a_warning_of_working_days_leaves_out_pauses() -> None:
    text = PAUSED.replace(
        "limit: 6 days\n    pause_in", "limit: 5 working days\n    warn_at: 80%\n    pause_in"
    )
    case: Case = made(text, calendar=WEEKENDS).start(FACTS, at=START, id="p")
    assert case.clocks["paused"].warning == datetime(2026, 3, 9, tzinfo=ZONE)
    case = case.send("ask", at=START + DAY).case  # Tuesday the 3rd is used
    case = case.tick(case.next_due).case  # to Friday the 6th: the worked Saturday is the second day
    assert case.clocks["paused"].warning == datetime(2026, 3, 11, tzinfo=ZONE)


def test_a_run_keeps_which_of_its_own_instants_an_expiry_brought_and_no_others() -> None:
    nobody = frozenset[str]()
    days = Clock("d", Wording.same("d"), nobody, nobody, Duration(1, Unit.CALENDAR_DAYS))
    midnight = datetime(2026, 3, 3, tzinfo=ZONE)
    # An event at 0:00, then an expiry at the same instant: the run began with the day.
    run = toggle_pause(run_clock(days, midnight, ZONE), midnight, ZONE, expiry=True)
    assert run.follows == ()
    assert toggle_pause(run, midnight + 2 * DAY, ZONE, expiry=True).follows == (midnight + 2 * DAY,)
    # Stopped by an expiry in a pause, and continued: the pause goes on, the stop is forgotten.
    paused = toggle_pause(run_clock(days, START, ZONE), START, ZONE)
    stopped = paused.stop(midnight, expiry=True)
    assert stopped.follows == (midnight,)
    again = resume_clock(stopped, midnight + DAY, ZONE)
    assert (again.follows, again.pauses) == ((), ((START, midnight + DAY),))
