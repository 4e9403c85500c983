"""The calendar a pack counts by is a file of its own, named in `pack.yaml`."""

from __future__ import annotations

from datetime import datetime

import pytest

from telecom_rules.pack import Pack, link
from tests.pack.house import house

HEAD = "calendar: days\ntitle: {zh: 工作日历, en: Working days}\nyears:\n"
PACK = """\
pack: house
version: 1.0.0
title: {zh: 家规, en: House rules}
utc_offset: "+08:00"
calendar: %s
"""


def files(years: str, name: str = "days") -> dict[str, bytes]:
    return house(pack=PACK % name, calendars_days=HEAD + years)


def pack_of(files: dict[str, bytes]) -> Pack:
    pack = link(files).pack
    assert pack is not None
    return pack


def answer_by(pack: Pack, start: str) -> datetime | None:
    case = pack.workflows["handling"].start({}, at=datetime.fromisoformat(start), id="T-1")
    return case.clocks["reply"].deadline


def test_the_calendar_of_the_pack_moves_its_deadlines() -> None:
    start = "2026-03-02T09:00:00+08:00"
    plain = pack_of(files('  "2026": {}\n'))
    assert answer_by(plain, start) == datetime(2026, 3, 18, tzinfo=plain.zone)
    resting = pack_of(files('  "2026": {rest: 2026-03-17}\n'))
    assert answer_by(resting, start) == datetime(2026, 3, 19, tzinfo=resting.zone)
    assert plain.digest != resting.digest


def test_a_pack_may_do_without_a_calendar() -> None:
    pack = pack_of(house())
    assert pack.calendar is None
    assert answer_by(pack, "2026-03-06T09:00:00+08:00") == datetime(2026, 3, 22, tzinfo=pack.zone)


def test_a_calendar_that_the_pack_does_not_name_is_not_in_use() -> None:
    pack = pack_of(house(calendars_days=HEAD + '  "2026": {rest: 2026-03-17}\n'))
    assert pack.calendar is None
    assert list(pack.vocabulary.calendars) == ["days"]


def test_a_calendar_that_is_not_there_is_one_finding_with_the_one_meant() -> None:
    (finding,) = link(files('  "2026": {}\n', "dais")).findings
    assert (finding.id, str(finding.span), finding.suggestion) == (
        "TR113",
        "pack.yaml:5:11",
        "days",
    )


@pytest.mark.parametrize("years", ['  "2026": {rest: 2026-03-14}\n', '  "2026": {rest: x}\n'])
def test_a_calendar_with_a_mistake_is_reported_once(years: str) -> None:
    (finding,) = link(files(years)).findings
    assert finding.span.file == "calendars/days.yaml"
