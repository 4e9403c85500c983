"""Limits that nobody can count are seen, asked about, and dated when the calendar comes."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone

import pytest

from telecom_rules import validation
from telecom_rules.errors import ArgumentError, SnapshotMismatch
from telecom_rules.pack import Packs, load
from telecom_rules.workflows import DueKind, Entry, Migrated, verify
from tests.pack.house import HOUSE, lay
from tests.workflows.house import FACTS, errand, patrol

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 12, 20, 9, tzinfo=ZONE)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=ZONE)
DUE = datetime(2027, 1, 5, tzinfo=ZONE)
"""24:00 of 4 January: 15 days after 20 December, a working Monday."""
MARKED = HOUSE["workflows/handling.yaml"].replace(
    "limit: parameters.reply", "limit: parameters.reply\n    warn_at: 80%"
)
MARKED = MARKED.replace("events:\n", "events:\n  note: {title: {zh: 备注, en: Note}}\n")
MARKED = MARKED.replace("    on:\n", "    on:\n      note: {cites: [book:2]}\n")
CALENDAR = """\
calendar: days
title: {zh: 工作日, en: Working days}
cites: [book:1]
years:
  "2026": {rest: [2026-01-01]}
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """Return a pack whose calendar ends with 2026, and the next one, which knows 2027."""

    def build(name, calendar):
        files = {
            **HOUSE,
            "pack.yaml": HOUSE["pack.yaml"] + "calendar: days\n",
            "calendars/days.yaml": calendar,
            "workflows/handling.yaml": MARKED,
        }
        encoded = {each: text.encode() for each, text in files.items()}
        return lay(tmp_path_factory.mktemp(name), encoded)

    older = build("older", CALENDAR)
    newer = build("newer", CALENDAR + '  "2027": {rest: [2027-01-01]}\n')
    return older, newer


@pytest.fixture
def older(packs):
    return load(packs[0])


@pytest.fixture
def newer(packs):
    return load(packs[1])


def open_case(pack, at=START):
    return pack.workflows["handling"].open({"loss": 10}, at=at, id="T-1")


def test_a_limit_without_a_calendar_is_told_with_its_reason_and_when_to_ask_again(older):
    case = open_case(older).case
    (limit,) = case.undetermined
    assert (limit.clock, limit.since, limit.ask_at) == ("reply", START, NEW_YEAR)
    assert "2027" in limit.reason.en
    assert "2027 年" in limit.reason.zh
    assert limit.cites == older.workflows["handling"].clocks["reply"].cites
    assert case.due == ()
    assert case.next_due == NEW_YEAR
    assert json.loads(json.dumps(limit.dump()))["ask_at"] == NEW_YEAR.isoformat()
    assert pickle.loads(pickle.dumps(limit)) == limit  # noqa: S301 - our own


def test_a_worker_that_comes_back_records_the_question_once(older):
    opened = open_case(older)
    assert opened.case.tick(NEW_YEAR - timedelta(seconds=1)).entries == ()
    ticked = opened.case.tick(NEW_YEAR + timedelta(hours=3))
    (entry,) = ticked.entries
    assert (entry.due, entry.at, entry.clock) == (DueKind.ASK, NEW_YEAR, "reply")
    assert not entry.breach
    assert (ticked.warnings, ticked.breaches) == ((), ())
    assert "still cannot be determined" in ticked.explain("en")
    assert "仍不能确定截止时刻" in ticked.explain("zh")
    case = ticked.case
    assert case.next_due is None
    assert [each.clock for each in case.undetermined] == ["reply"]
    assert case.tick(NEW_YEAR + timedelta(days=30)).entries == ()
    journal = [Entry.load(each.dump()) for each in (*opened.entries, *ticked.entries)]
    assert verify(journal, head=case.head) == ()
    workflow = older.workflows["handling"]
    assert workflow.replay(journal) == workflow.restore(case.dump(), journal) == case


def test_a_limit_that_starts_after_the_calendar_asks_at_once(older):
    case = open_case(older, NEW_YEAR + timedelta(days=40)).case
    assert case.next_due == case.at
    assert [each.due for each in case.tick(case.at).entries] == [DueKind.ASK]


@pytest.mark.parametrize("asked", [False, True])
def test_an_open_case_gets_its_date_when_the_calendar_comes(older, newer, asked):
    opened = open_case(older)
    case, entries = opened.case, list(opened.entries)
    now = NEW_YEAR + timedelta(hours=8)
    if asked:
        ticked = case.tick(now)
        case, entries = ticked.case, [*entries, *ticked.entries]
    snapshot = json.loads(json.dumps(case.dump()))
    workflow = newer.workflows["handling"]
    with pytest.raises(SnapshotMismatch, match="`migrate`"):
        workflow.restore(snapshot)
    moved = workflow.migrate(snapshot, at=now)  # no migration is declared for it
    assert isinstance(moved, Migrated), moved.explain()
    assert [(each.clock, each.before, each.after) for each in moved.recounts] == [
        ("reply", None, DUE)
    ]
    dated = moved.case
    assert dated.undetermined == ()
    assert dated.clocks["reply"].deadline == DUE
    # The warning is still to come: the question was not it.
    assert [each.kind for each in dated.due] == [DueKind.WARN, DueKind.EXPIRY]
    assert workflow.restore(json.loads(json.dumps(dated.dump()))) == dated
    late = dated.tick(DUE + timedelta(days=1))
    assert [each.due for each in late.breaches] == [DUE]
    assert workflow.replay([*entries, moved.entry, *late.entries]) == late.case
    assert verify([*entries, moved.entry, *late.entries], head=late.case.head) == ()


def test_a_limit_that_ended_before_the_calendar_came_is_recorded_with_its_own_deadline(
    older, newer
):
    noted = open_case(older).case.send("note", {}, at=DUE + timedelta(days=9))
    moved = newer.workflows["handling"].migrate(noted.case.dump(), at=DUE + timedelta(days=10))
    assert isinstance(moved, Migrated), moved.explain()
    ticked = moved.case.tick(DUE + timedelta(days=10))
    assert [each.due for each in ticked.breaches] == [DUE]
    assert ticked.entries[-1].at == noted.case.at
    journal = [*open_case(older).entries, *noted.entries, moved.entry, *ticked.entries]
    assert verify(journal, head=ticked.case.head) == ()
    assert newer.workflows["handling"].replay(journal) == ticked.case


def test_several_packs_at_once_restore_an_undetermined_case_by_its_own(older, newer):
    case = open_case(older).case
    assert Packs(newer, older).restore(case.dump()) == case


def test_a_pause_asks_nothing_and_the_question_comes_after_it(older):
    late = errand().start(FACTS, at=datetime(2026, 12, 30, 9, tzinfo=ZONE), id="E-1")
    named = {each.clock: each.ask_at for each in late.undetermined}
    assert named == {"days": NEW_YEAR, "week": NEW_YEAR, "once": NEW_YEAR}


def test_limits_that_no_calendar_would_help_are_told_and_never_ask():
    case = patrol().start(FACTS, at=START, id="P-1")
    told = {each.clock for each in case.undetermined}
    assert told == {name for name, run in case.clocks.items() if run.deadline is None}
    assert all(each.ask_at is None for each in case.undetermined)


def test_validation_tells_of_a_calendar_that_ends_within_the_span(packs):
    older, newer = packs

    def codes(path, **options):
        return [each.id for each in validation.validate(path, **options) if each.id == "TR608"]

    assert codes(older) == []  # without a day it is not asked
    assert codes(older, on=date(2026, 12, 1)) == ["TR608"]
    assert codes(older, on=date(2026, 10, 3)) == ["TR608"]
    assert codes(older, on=date(2026, 10, 2)) == []
    assert codes(older, on=date(2026, 10, 2), calendar_days=91) == ["TR608"]
    assert codes(older, on=date(2027, 3, 1), calendar_days=0) == ["TR608"]
    assert codes(newer, on=date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"on": "2026-12-01"}, "on"),
        ({"on": START}, "on"),
        ({"calendar_days": -1}, "calendar_days"),
        ({"calendar_days": True}, "calendar_days"),
        ({"calendar_days": "90"}, "calendar_days"),
    ],
)
def test_a_day_or_a_span_of_another_kind_is_a_typed_error(packs, options, argument):
    with pytest.raises(ArgumentError) as caught:
        validation.validate(packs[0], **options)
    assert caught.value.argument == argument
