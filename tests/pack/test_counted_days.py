"""`day.lastDayOf(limit)` counts a limit in a policy as a clock counts it in a workflow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import EvaluationError
from tests.pack.house import house
from tests.pack.test_calendar import HEAD, PACK, answer_by, pack_of

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

FACTS = """\
facts: ticket
title: {zh: 工单, en: Ticket}
cites: [book:1]
fields:
  begun: {type: date, title: {zh: 起算日, en: First day}}
  loss: {type: money, title: {zh: 损失, en: Loss}}
  grade: {type: grade?, title: {zh: 级别, en: Grade}}
"""
POLICY = """\
policy: grading
title: {zh: 分级, en: Grading}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {last: date, grade: grade}
rules:
  - {id: all, then: {last: begun.lastDayOf(parameters.reply), grade: low}, cites: [book:1]}
"""
BUSY = '  "2026": {}\n'
RESTING = '  "2026": {rest: [2026-03-17, 2026-03-18]}\n'


def pack_that_counts(years: str | None = BUSY, unit: str = "calendar_days") -> Pack:
    written = house(facts_ticket=FACTS, policies_grading=POLICY)
    if years is not None:
        written = house(
            facts_ticket=FACTS,
            policies_grading=POLICY,
            pack=PACK % "days",
            calendars_days=HEAD + years,
        )
    name = "parameters/reply.yaml"
    written[name] = written[name].replace(b"calendar_days", unit.encode())
    return pack_of(written)


def last_day(pack: Pack, begun: date) -> object:
    return pack.policies["grading"].decide({"begun": begun}, on=begun).outputs["last"]


@pytest.mark.parametrize("years", [BUSY, RESTING])
@pytest.mark.parametrize("unit", ["calendar_days", "working_days"])
def test_a_policy_and_a_clock_end_a_limit_on_one_day(years: str, unit: str) -> None:
    pack = pack_that_counts(years, unit)
    for number in range(1, 12):
        begun = date(2026, 3, number)
        deadline = answer_by(pack, f"{begun}T09:00:00+08:00")
        assert deadline is not None
        assert last_day(pack, begun) == (deadline - timedelta(microseconds=1)).date()


def test_without_a_calendar_no_day_is_a_rest_day() -> None:
    assert last_day(pack_that_counts(None), date(2026, 3, 6)) == date(2026, 3, 21)


@pytest.mark.parametrize(
    ("years", "unit", "begun", "why"),
    [
        (BUSY, "calendar_days", date(2026, 12, 20), "has no data for 2027"),
        (BUSY, "hours", date(2026, 3, 2), "a limit of 15 hours ends at an instant"),
        (None, "working_days", date(2026, 3, 2), "cannot be computed without a calendar"),
        (None, "months", date(9999, 3, 2), "out of range"),
    ],
)
def test_what_cannot_be_counted_is_an_error_that_says_why(
    years: str | None, unit: str, begun: date, why: str
) -> None:
    with pytest.raises(EvaluationError, match=why):
        last_day(pack_that_counts(years, unit), begun)


def test_the_calendar_is_part_of_the_digest_of_what_counts_by_it() -> None:
    plain, resting = pack_that_counts(BUSY), pack_that_counts(RESTING)
    assert plain.policies["grading"].digest != resting.policies["grading"].digest
    assert plain.digests["parameters.reply"] == resting.digests["parameters.reply"]
    # The rest days of 17 March decide nothing before it.
    before = datetime(2026, 3, 16, tzinfo=plain.zone).date()
    assert digest_on(plain, before) == digest_on(resting, before)
    assert digest_on(plain, date(2026, 3, 17)) != digest_on(resting, date(2026, 3, 17))


def digest_on(pack: Pack, day: date) -> str:
    return pack.policies["grading"].decide({"begun": day}, on=day).digest
