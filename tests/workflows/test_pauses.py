"""Time limits that pause, go on where they stopped, run once, and count by a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from telecom_rules.errors import SnapshotError
from telecom_rules.workflows import Accepted, Case
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.house import (
    CALENDAR,
    ERRAND,
    FACTS,
    START,
    ZONE,
    after,
    en,
    errand,
    link,
    made,
    zh,
)

HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)


def case() -> Case:
    return errand().start(FACTS, at=START, id="E-1")


def sent(before: Case, event: str, hours: float) -> Accepted:
    outcome = before.send(event, at=before.at + hours * HOUR)
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_each_clock_counts_its_own_unit_on_the_calendar() -> None:
    clocks = case().clocks  # started on Sunday, 1 March
    assert clocks["hours"].deadline == START + 30 * HOUR
    assert clocks["days"].deadline == at("2026-03-08T00:00")  # Saturday the 7th is worked
    assert clocks["week"].deadline == at("2026-03-08T00:00")  # Thursday the 5th is not
    assert clocks["once"].deadline == at("2026-04-02T00:00")
    assert {due.clock for due in case().due} == {"hours", "days", "week", "shift", "once"}


def test_a_year_that_is_not_published_leaves_the_limit_open_with_its_reason() -> None:
    late = errand().start(FACTS, at=at("2026-12-30T09:00"), id="E-1")
    for name in ("days", "week", "once"):
        assert late.clocks[name].deadline is None
        assert "2027 年" in late.clocks[name].undetermined.zh
        assert "2027" in late.clocks[name].undetermined.en
    assert late.clocks["hours"].deadline == at("2026-12-31T15:00")
    assert {due.clock for due in late.due} == {"hours", "shift"}


def test_a_paused_clock_does_nothing_and_keeps_the_time_it_used() -> None:
    asked = sent(case(), "ask", 5).case
    run = asked.clocks["hours"]
    assert run.running
    assert run.paused == asked.at
    assert run.elapsed(asked.at + 100 * HOUR) == 5 * HOUR
    assert asked.due == asked.tick(START + 2_000 * HOUR).case.due
    assert not asked.due
    assert asked.next_due is None


def test_a_pause_moves_hours_by_exactly_its_length() -> None:
    asked = sent(case(), "ask", 5).case
    again = sent(asked, "reply", 40).case
    run = again.clocks["hours"]
    assert run.deadline == START + (30 + 40) * HOUR
    assert run.elapsed(again.at) == 5 * HOUR
    assert run.elapsed(again.at + 3 * HOUR) == 8 * HOUR
    assert run.warning == START + (15 + 40) * HOUR
    assert "hours" not in {each.clock for each in again.tick(run.deadline).breaches}
    late = again.tick(run.deadline + MICROSECOND)
    assert [each.clock for each in late.breaches] == ["shift", "hours"]


def test_what_is_left_of_days_runs_from_the_day_after_the_pause() -> None:
    asked = after(case(), ("ask", {}, None), hours=30).clocks  # Monday, 2 March
    assert asked["days"].deadline == at("2026-03-08T00:00")
    again = after(case(), ("ask", {}, None), ("reply", {}, None), hours=30).clocks
    # From Monday to Tuesday is one midnight: the last day is Sunday the 8th, hence Monday.
    assert again["days"].deadline == at("2026-03-10T00:00")
    # Of five working days, Monday was used: four are left after Tuesday.
    assert again["week"].deadline == at("2026-03-10T00:00")


def test_a_state_of_one_tag_leads_to_another_without_ending_the_pause() -> None:
    asked = sent(case(), "ask", 5).case
    parked = sent(asked, "park", 5).case
    assert parked.clocks["hours"].paused == asked.at
    assert parked.clocks["days"].paused is None
    assert parked.clocks["days"].pauses == ((asked.at, parked.at),)
    assert sent(parked, "reply", 5).case.clocks["hours"].deadline == START + 40 * HOUR


def test_a_pause_on_the_last_instant_ends_on_the_day_it_is_over() -> None:
    end = case().clocks["days"].deadline
    ticked = case().tick(end).case
    asked = ticked.send("ask", at=end)
    assert isinstance(asked, Accepted)
    again = asked.case.send("reply", at=end + 73 * HOUR)  # Wednesday, 11 March, 01:00
    assert isinstance(again, Accepted)
    assert "days" not in {breach.clock for breach in again.case.breaches}
    assert again.case.clocks["days"].deadline == at("2026-03-12T00:00")


def test_a_warning_that_was_given_is_not_given_again() -> None:
    warned = case().tick(START + 16 * HOUR).case
    again = sent(sent(warned, "ask", 1).case, "reply", 10).case
    assert {due.kind for due in again.due if due.clock == "hours"} == {"expiry"}
    assert [due.clock for due in again.warnings].count("hours") == 1


def test_a_clock_that_continues_goes_on_with_the_time_it_used() -> None:
    asked = sent(case(), "ask", 1).case
    assert not asked.clocks["shift"].running
    assert asked.clocks["shift"].elapsed(asked.at + 9 * HOUR) == HOUR
    again = sent(asked, "reply", 20)
    run = again.case.clocks["shift"]
    assert run.running
    assert run.deadline == START + 28 * HOUR
    assert run.warning == START + 22 * HOUR
    assert again.entry.started == {"shift": run.deadline}


def test_a_clock_that_has_expired_does_not_continue() -> None:
    expired = case().tick(START + 9 * HOUR).case
    again = sent(sent(expired, "ask", 1).case, "reply", 1).case
    assert again.clocks["shift"].expired
    assert not again.clocks["shift"].running


def test_a_clock_that_ignores_re_entry_runs_once() -> None:
    again = sent(sent(case(), "ask", 1).case, "reply", 1)
    assert not again.case.clocks["once"].running
    assert again.case.clocks["once"].started == START
    assert "once" not in again.entry.started


def test_a_clock_may_begin_in_a_pause() -> None:
    text = ERRAND.replace("    pause_in: waiting\n", "    pause_in: doing\n")
    opened = made(text, calendar=CALENDAR).open(FACTS, at=START, id="E-1")
    assert opened.case.clocks["week"].paused == START
    assert opened.entry.paused == ("week",)
    asked = sent(opened.case, "ask", 24)
    assert asked.entry.resumed == {"week": at("2026-03-10T00:00")}
    assert asked.case.clocks["week"].elapsed(asked.case.at) == timedelta()


def test_the_journal_and_the_explanation_tell_of_pauses() -> None:
    asked = sent(case(), "ask", 5)
    assert asked.entry.paused == ("hours", "days", "week")
    assert asked.entry.stopped == ("shift", "once")
    again = sent(asked.case, "reply", 3)
    assert again.entry.resumed == {
        name: again.case.clocks[name].deadline for name in ("hours", "days", "week")
    }
    assert "时限暂停:“小时时限”" in zh(asked)
    assert "time limit paused: “Hours”" in en(asked)
    assert "时限恢复:“小时时限”,至 2026-03-02 18:00+08:00" in zh(again)
    assert "time limit resumed: “Hours”, until 2026-03-02 18:00+08:00" in en(again)


def test_a_snapshot_keeps_the_pauses() -> None:
    again = sent(sent(sent(case(), "ask", 5).case, "reply", 3).case, "ask", 4).case
    data = again.dump()
    hours = next(each for each in data["clocks"] if each["clock"] == "hours")
    assert hours["pauses"] == ["2026-03-01T14:00:00+08:00", "2026-03-01T17:00:00+08:00"]
    assert hours["paused"] == "2026-03-01T21:00:00+08:00"
    assert errand().restore(data) == again


@pytest.mark.parametrize(
    "change",
    [
        {"paused": None},
        {"pauses": []},
        {"pauses": ["2026-03-01T14:00:00+08:00"]},
        {"pauses": ["2026-03-01T17:00:00+08:00", "2026-03-01T14:00:00+08:00"]},
        {"paused": "2026-03-01T15:00:00+08:00"},
    ],
)
def test_a_forged_pause_is_refused(change: dict[str, object]) -> None:
    again = sent(sent(sent(case(), "ask", 5).case, "reply", 3).case, "ask", 4).case
    data = again.dump()
    data["clocks"] = [{**each, **change} for each in data["clocks"]]
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError, match="is inconsistent"):
        errand().restore(data)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("pause_in: asked", "pause_in: askd", "TR113"),
        ("pause_in: asked", "pause_in: [doing, wating]", "TR113"),
        ("on_reentry: ignore", "on_reentry: ignored", "TR109"),
    ],
)
def test_a_pause_that_names_nothing_is_a_mistake(old: str, new: str, code: str) -> None:
    workflow, found = link(ERRAND.replace(old, new))
    assert workflow is None
    assert [each.id for each in found] == [code]
