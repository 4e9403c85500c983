"""Accounts of deadlines: each day with whether and why it counted, ending on the very deadline."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import ArgumentError, UnknownName
from telecom_rules.vocabulary import MICROSECOND, Duration, Unit
from telecom_rules.vocabulary.time.accounts import DayKind, DayRole
from telecom_rules.workflows import Accepted
from tests.shipped import shipped
from tests.workflows.house import FACTS, ZONE, errand

FILED = {"customer_id": "c", "channel": "phone", "content": "x"}


def complaint_of(at):
    workflow = shipped().workflows["complaint_handling"]
    return workflow.start({**FILED, "received_at": at}, at=at, id="C-1")


def test_a_limit_over_a_holiday_is_told_day_by_day_with_the_source_of_the_calendar():
    case = complaint_of(datetime(2026, 9, 20, 10, tzinfo=ZONE))
    account = case.explain_deadline("reply")
    days = {each.day: each for each in account.days}
    assert account.deadline == case.clocks["reply"].deadline
    first = days[date(2026, 9, 20)]
    assert (first.role, first.number, first.kind) == (
        DayRole.FIRST, None, DayKind.WORKED_WEEKEND,
    )  # fmt: skip
    assert [str(each) for each in first.cites] == ["holiday_notices:2026"]
    assert days[date(2026, 9, 21)].number == 1
    holiday = days[date(2026, 10, 5)]
    assert (holiday.role, holiday.number, holiday.kind) == (DayRole.COUNTED, 15, DayKind.HOLIDAY)
    assert [days[date(2026, 10, day)].role for day in (6, 7, 8)] == [DayRole.MOVED] * 3
    assert [*days][-1] == date(2026, 10, 8)
    lines = account.explain("en").splitlines()
    assert lines[0].startswith(
        "“Time to answer”: 15 days from 2026-09-20 10:00+08:00, ends 2026-10-08 24:00+08:00"
    )
    assert "- 2026-09-21: day 1" in lines
    assert "- 2026-09-26: day 6, weekend" in lines
    assert lines[-1] == "- 2026-10-08: the last day has moved here"
    chinese = account.explain("zh-Hans").splitlines()
    assert "- 2026-09-21：第 1 日" in chinese
    assert chinese[-1] == "- 2026-10-08：最后一日顺延至此"
    dumped = json.loads(json.dumps(account.dump()))
    assert dumped["days"][1] == {
        "day": "2026-09-21", "role": "counted", "number": 1, "kind": "working", "cites": [],
    }  # fmt: skip


def test_a_limit_in_hours_has_no_days():
    account = complaint_of(datetime(2026, 3, 2, 10, tzinfo=ZONE)).explain_deadline(
        "acknowledgement"
    )
    assert account.days == ()
    assert "24 hours from 2026-03-02 10:00+08:00, ends 2026-03-03 10:00+08:00" in account.explain()


def test_an_end_that_nobody_knows_is_told_up_to_the_day_that_is_missing():
    account = complaint_of(datetime(2026, 12, 20, 10, tzinfo=ZONE)).explain_deadline("reply")
    assert account.deadline is None
    assert (account.days[-1].day, account.days[-1].role) == (date(2027, 1, 4), DayRole.NEEDED)
    assert account.days[-1].kind is DayKind.UNPUBLISHED
    assert "its end cannot be determined" in account.explain()
    assert "截止时刻不能确定" in account.explain("zh")


@pytest.mark.parametrize(
    ("clock", "error"),
    [("rely", UnknownName), ("second_reply", ArgumentError), (None, ArgumentError)],
)
def test_a_clock_that_has_no_account_is_a_typed_error(clock, error):
    with pytest.raises(error):
        complaint_of(datetime(2026, 3, 2, 10, tzinfo=ZONE)).explain_deadline(clock)


@given(
    st.datetimes(datetime(2025, 2, 1), datetime(2026, 10, 1)),  # noqa: DTZ001 - the zone follows
    st.lists(st.integers(1, 200), max_size=6),
)
def test_the_days_of_an_account_end_on_the_deadline_whatever_was_paused(start, hours):
    case = errand().start(FACTS, at=start.replace(tzinfo=ZONE), id="E-1")
    for number, each in enumerate(hours):
        event = "park" if number % 2 == 0 else "reply"
        outcome = case.send(event, at=case.at + timedelta(hours=each))
        if isinstance(outcome, Accepted):
            case = outcome.case
    for name, run in case.clocks.items():
        account = case.explain_deadline(name)
        if not account.days or run.deadline is None:
            continue
        assert account.days[-1].day == (run.deadline - MICROSECOND).date()
        days = [each.day for each in account.days]
        assert days == [days[0] + timedelta(days=at) for at in range(len(days))]
        limit = run.clock.limit
        if isinstance(limit, Duration) and limit.unit is not Unit.MONTHS:
            numbers = [each.number for each in account.days if each.number is not None]
            assert numbers == [*range(1, len(numbers) + 1)]
            if len(run.pauses) == 0:
                assert len(numbers) == limit.amount


def test_every_limit_of_the_shipped_rules_has_an_account_that_ends_on_its_deadline():
    told = 0
    for workflow in shipped().workflows.values():
        for day in date(2026, 1, 30), date(2026, 9, 20), date(2026, 12, 28):
            at = datetime.combine(day, datetime.min.time(), ZONE)
            clocks = [
                name for name, each in workflow.clocks.items()
                if any(state in workflow.states for state in each.starts)
            ]  # fmt: skip
            for name in clocks:
                state = next(iter(workflow.clocks[name].starts & workflow.states.keys()))
                if workflow.states[state].children or workflow.states[state].final:
                    continue
                try:
                    case = workflow.adopt({}, state, clocks={name: at}, at=at, id="X").case
                except ArgumentError:
                    continue  # a state that no case stays in
                account = case.explain_deadline(name)
                assert account.explain("zh") != account.explain("en")
                if account.days and account.deadline is not None:
                    assert account.days[-1].day == (account.deadline - MICROSECOND).date()
                    told += 1
    assert told > 20
