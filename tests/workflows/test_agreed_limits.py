"""Limits that facts give, that end at the close of business, or that follow figures in force."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import read, read_as
from telecom_rules.errors import SnapshotError
from telecom_rules.findings import Findings
from telecom_rules.interop import to_xstate
from telecom_rules.vocabulary import (
    Calendar,
    CalendarDefinition,
    CalendarYear,
    FactsDefinition,
    ParameterDefinition,
)
from telecom_rules.vocabulary.link_calendars import link_calendar
from telecom_rules.wording import Wording
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows import house
from tests.workflows.house import START, VOCABULARY, ZONE, en, link, made, vocabulary, zh

if TYPE_CHECKING:
    from telecom_rules.workflows import Case, Workflow

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
OPEN_DAYS = Calendar(
    "open",
    Wording.same("o"),
    {2026: CalendarYear(frozenset({date(2026, 3, 5)}), frozenset({date(2026, 3, 7)}))},
    close_of_business=time(17, 30),
)
VISITS = """
facts: visit
title: {zh: 上门, en: Visits}
fields:
  visit_on: {type: "date?", title: {zh: 上门日期, en: Day of the visit}}
  promised_at: {type: "instant?", title: {zh: 约定时刻, en: Agreed instant}}
  agreed_days: {type: "integer?", title: {zh: 约定天数, en: Agreed days}}
  express: {type: "boolean?", title: {zh: 加急, en: Express}}
"""
CHART = """
workflow: visit
version: 1.0.0
title: {zh: 上门服务, en: Visit}
facts: visit
events:
  agree:
    title: {zh: 约定, en: Agree}
    payload: {visit_on: "date?", promised_at: "instant?", agreed_days: "integer?", express: "boolean?"}
  change: {title: {zh: 更正, en: Change}, payload: {agreed_days: "integer?"}}
  missed: {title: {zh: 爽约, en: Missed}}
  pause: {title: {zh: 暂停, en: Pause}}
clocks:
  visit:
    title: {zh: 上门时限, en: Time of the visit}
    from: [agreed, agree, missed]
    until: [done, agree]
    limit: LIMIT
    on_expiry: missed
initial: open
states:
  open: {title: {zh: 待约定, en: Open}, on: {agree: {target: agreed, assign: event}, pause: agreed}}
  agreed:
    title: {zh: 已约定, en: Agreed}
    on:
      agree: {reenter: true, assign: event}
      change: {assign: event}
      missed: {reenter: true}
      pause: waiting
  waiting: {title: {zh: 等待, en: Waiting}, on: {pause: agreed}}
  done: {title: {zh: 完成, en: Done}, type: final}
"""  # noqa: E501 - as in a file of rules
FIGURE = """
parameter: agreed_reply
title: {zh: 期限, en: Limit}
unit: calendar_days
stricter: lower
kind: setting
values:
  - {from: 2020-01-01, value: 15, cites: [spec:7.1.2(3)]}
  - {from: 2026-03-09, value: LATER, cites: [spec:7.1.2(3)]}
"""


@pytest.fixture(autouse=True)
def visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add the facts of visits, and a figure that changes, to the vocabulary of the tests."""
    use(monkeypatch, 20)


def use(monkeypatch: pytest.MonkeyPatch, later: int) -> None:
    given = {
        **VOCABULARY,
        FactsDefinition: [*VOCABULARY[FactsDefinition], VISITS],
        ParameterDefinition: [
            *VOCABULARY[ParameterDefinition],
            FIGURE.replace("LATER", str(later)),
        ],
    }
    monkeypatch.setattr(house, "VOCABULARY", given)
    terms = vocabulary.__wrapped__()
    monkeypatch.setattr(house, "vocabulary", lambda: terms)


def visit(limit: str, extra: str = "", calendar: Calendar | None = None) -> Workflow:
    text = CHART.replace("limit: LIMIT\n", f"limit: {json.dumps(limit)}\n{extra}")
    return made(text, calendar=calendar)


def agreed(workflow: Workflow, at: datetime = START, **facts: object) -> Case:
    """Return a case with what was agreed; snapshot and journal agree with it."""
    opened = workflow.open({}, at=at, id="v")
    outcome = opened.case.send("agree", facts, at=at)
    assert outcome.case is not opened.case, en(outcome)
    assert workflow.restore(outcome.case.dump()) == outcome.case
    assert workflow.replay([opened.entry, *outcome.entries]) == outcome.case
    return outcome.case


def deadline_of(case: Case) -> datetime | None:
    return case.clocks["visit"].deadline


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("limit", "facts", "end"),
    [
        ("visit_on", {"visit_on": "2026-03-05"}, "2026-03-06T00:00"),
        ("promised_at", {"promised_at": "2026-03-05T02:00:00Z"}, "2026-03-05T10:00"),
        ("agreed_days days", {"agreed_days": 3}, "2026-03-05T00:00"),
        ("agreed_days working days", {"agreed_days": 5}, "2026-03-08T00:00"),
        ("(agreed_days + 2) hours", {"agreed_days": 3}, "2026-03-01T14:00"),
        ("agreed_days months", {"agreed_days": 1}, "2026-04-02T00:00"),
        ("has(express) && express ? parameters.first_contact : parameters.complaint_reply",
         {"express": True}, "2026-03-02T09:00"),
        ("has(express) && express ? parameters.first_contact : parameters.complaint_reply",
         {}, "2026-03-17T00:00"),
        ("has(visit_on) ? visit_on : today + days(2)", {}, "2026-03-04T00:00"),
    ],
)  # fmt: skip
def test_what_was_agreed_is_the_limit(limit: str, facts: dict[str, object], end: str) -> None:
    case = agreed(visit(limit, calendar=OPEN_DAYS), **facts)
    assert deadline_of(case) == at(end)
    assert [due.kind for due in case.due] == ["expiry"]


@pytest.mark.parametrize(
    ("limit", "facts"),
    [
        ("visit_on", {}),
        ("agreed_days days", {}),
        ("agreed_days days", {"agreed_days": 0}),
        ("agreed_days days", {"agreed_days": -1}),
        ("agreed_days days", {"agreed_days": 36_501}),
        ("(1 / agreed_days) days", {"agreed_days": 0}),
    ],
)
def test_what_is_not_a_limit_leaves_it_undetermined_with_the_reason(
    limit: str, facts: dict[str, object]
) -> None:
    case = agreed(visit(limit), **facts)
    assert case.clocks["visit"].running
    assert deadline_of(case) is None
    assert f"`{limit}` did not give a time limit" in case.clocks["visit"].undetermined.en
    assert case.next_due is None


@pytest.mark.parametrize(
    ("limit", "facts", "zh_name", "en_name"),
    [
        ("visit_on", {}, "“上门日期”（`visit_on`）", "“Day of the visit” (`visit_on`)"),
        ("promised_at", {}, "“约定时刻”（`promised_at`）", "“Agreed instant” (`promised_at`)"),
        ("agreed_days days", {}, "“约定天数”（`agreed_days`）", "“Agreed days” (`agreed_days`)"),
        (
            "(agreed_days + 1) hours", {"express": True},
            "“约定天数”（`agreed_days`）", "“Agreed days” (`agreed_days`)",
        ),
        (
            "(express ? agreed_days : 3) hours", {"agreed_days": 1},
            "“加急”（`express`）", "“Express” (`express`)",
        ),
    ],
)  # fmt: skip
def test_an_unknown_fact_that_leaves_a_limit_undetermined_is_named(
    limit: str, facts: dict[str, object], zh_name: str, en_name: str
) -> None:
    case = agreed(visit(limit), **facts)
    why = case.clocks["visit"].undetermined
    assert why.zh.startswith(f"起算时{zh_name}未知，因此 `"), why
    assert why.en.startswith(f"when it started, {en_name} was not known, so `"), why


def test_the_fact_that_was_unknown_is_kept_and_not_looked_up_again() -> None:
    workflow = visit("agreed_days days")
    case = agreed(workflow)
    why = case.clocks["visit"].undetermined
    later = case.send("change", {"agreed_days": 5}, at=START).case
    again = workflow.restore(json.loads(json.dumps(later.dump())))
    assert again.clocks["visit"].undetermined == later.clocks["visit"].undetermined == why
    told = workflow.open({}, at=START, id="v").case.send("pause", at=START)
    assert f"无法确定期限：{why.zh}" in told.explain("zh")
    assert f"cannot be determined: {why.en}" in en(told)


def test_a_snapshot_cannot_make_up_the_name_of_an_unknown_fact() -> None:
    workflow = visit("agreed_days days")
    stored = agreed(workflow).dump()
    assert stored["clocks"][0]["unknown"] == "agreed_days"
    stored["clocks"][0]["unknown"] = "x" * 5_000
    again = workflow.restore({**stored, "seal": seal(stored)})
    assert "x" * 10 not in again.clocks["visit"].undetermined.en


def test_a_day_worked_out_from_today_recurs_like_a_period() -> None:
    case = agreed(visit("today + days(1)"))
    found = []
    for _ in range(3):
        ticked = case.tick(case.next_due)
        found += [each.due for each in ticked.breaches]
        case = ticked.case
    assert found == [at("2026-03-03T00:00"), at("2026-03-04T00:00"), at("2026-03-05T00:00")]


def test_a_day_beyond_the_years_is_undetermined() -> None:
    case = agreed(visit("visit_on"), visit_on="9999-12-31")
    assert "9998" in case.clocks["visit"].undetermined.en


def test_a_fact_that_changes_later_changes_nothing_until_it_is_agreed_anew() -> None:
    workflow = visit("agreed_days days")
    case = agreed(workflow, agreed_days=3)
    changed = case.send("change", {"agreed_days": 30}, at=START).case
    assert changed.facts["agreed_days"] == 30
    assert deadline_of(changed) == at("2026-03-05T00:00")
    assert workflow.restore(changed.dump()) == changed
    again = changed.send("agree", {"agreed_days": 5}, at=START + DAY).case
    assert deadline_of(again) == at("2026-03-08T00:00")


def test_a_day_that_has_passed_is_a_breach_at_once() -> None:
    workflow = visit("visit_on")
    case = agreed(workflow, visit_on="2026-02-20")
    assert deadline_of(case) == START
    ticked = case.tick(START + DAY)
    # The expiry starts the clock again: under the same day it would expire for ever.
    assert [(each.clock, each.due) for each in ticked.breaches] == [("visit", START)]
    assert ticked.case.at == START + MICROSECOND
    assert "2026-02-20 had passed" in ticked.case.clocks["visit"].undetermined.en
    assert "2026-02-20 在起算时已过" in ticked.case.clocks["visit"].undetermined.zh
    assert workflow.restore(ticked.case.dump()) == ticked.case


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("visit_onn", "TR110"),
        ("visit_on days", "TR207"),
        ("agreed_days", "TR120"),
        ("express", "TR120"),
        ("agreed_days weeks", "TR201"),
        ("visit_on + agreed_days", "TR204"),
        ("has(visit_on) ? visit_om : today", "TR203"),
        ("15 day s", "TR110"),
        ("0 days", "TR111"),
    ],
)
def test_a_mistake_in_a_limit_is_found(limit: str, code: str) -> None:
    workflow, found = link(CHART.replace("LIMIT", json.dumps(limit)))
    assert workflow is None
    assert [each.id for each in found] == [code], [each.concise() for each in found]


@pytest.mark.parametrize(
    ("limit", "extra"),
    [
        ("visit_on", "pause_in: waiting"),
        ("promised_at", "on_reentry: continue"),
        ("2 hours", "ends: close_of_business"),
        ("promised_at", "ends: close_of_business"),
        ("parameters.first_contact", "ends: close_of_business"),
        ("agreed_days hours", "ends: close_of_business"),
        ("2 days", "figures: in_force"),
        ("visit_on", "figures: in_force"),
    ],
)
def test_a_key_that_cannot_apply_is_found(limit: str, extra: str) -> None:
    text = CHART.replace("limit: LIMIT\n", f"limit: {limit}\n    {extra}\n")
    workflow, found = link(text, calendar=OPEN_DAYS)
    assert workflow is None
    assert [each.id for each in found] == ["TR120"], [each.concise() for each in found]


@pytest.mark.parametrize("calendar", [None, replace(OPEN_DAYS, close_of_business=None)])
def test_business_without_hours_does_not_close(calendar: Calendar | None) -> None:
    text = CHART.replace("LIMIT", "2 days\n    ends: close_of_business")
    assert [each.id for each in link(text, calendar=calendar)[1]] == ["TR120"]


CLOSES = "    ends: close_of_business\n"


@pytest.mark.parametrize(
    ("limit", "end"),
    [
        ("2 days", "2026-03-03T17:30"),
        ("4 days", "2026-03-06T17:30"),  # Thursday the 5th is at rest
        ("6 working days", "2026-03-09T17:30"),
        ("1 months", "2026-04-01T17:30"),
        ("today + days(4)", "2026-03-05T17:30"),
    ],
)
def test_a_last_day_ends_when_business_closes(limit: str, end: str) -> None:
    case = agreed(visit(limit, CLOSES, OPEN_DAYS))
    assert deadline_of(case) == at(end)
    assert case.tick(at(end)).breaches == ()
    assert len(case.tick(at(end) + MICROSECOND).breaches) == 1
    assert "至 2026-" in zh(case.send("agree", {}, at=START))


def test_a_limit_that_follows_on_the_close_of_business_counts_from_the_next_day() -> None:
    case = agreed(visit("1 days", CLOSES, OPEN_DAYS))
    found = []
    for _ in range(3):
        ticked = case.tick(case.next_due)
        found += [each.due for each in ticked.breaches]
        case = ticked.case
    assert found == [at("2026-03-02T17:30"), at("2026-03-03T17:30"), at("2026-03-04T17:30")]


def test_what_a_pause_leaves_after_the_close_of_business_ends_with_the_next_working_day() -> None:
    workflow = visit("2 days", f"{CLOSES}    pause_in: waiting\n", OPEN_DAYS)
    case = agreed(workflow)
    paused = case.send("pause", at=at("2026-03-03T10:00")).case
    again = paused.send("pause", at=at("2026-03-04T20:00")).case
    assert deadline_of(again) == at("2026-03-06T17:30")
    early = paused.send("pause", at=at("2026-03-04T09:00")).case
    assert deadline_of(early) == at("2026-03-04T17:30")
    assert workflow.restore(again.dump()) == again


def test_a_warning_of_working_days_comes_before_business_closes() -> None:
    extra = f"{CLOSES}    warn_at: 99%\n"
    (warning, end) = agreed(visit("1 working days", extra, OPEN_DAYS)).due
    assert warning.at == at("2026-03-02T00:00") + timedelta(hours=17.5) * 99 / 100
    assert end.at == at("2026-03-02T17:30")


def test_a_year_that_is_not_published_is_undetermined_at_the_close_of_business_too() -> None:
    case = agreed(visit("5 days", CLOSES, OPEN_DAYS), at=at("2026-12-30T09:00"))
    assert "2027" in case.clocks["visit"].undetermined.en


IN_FORCE = "    figures: in_force\n"


@pytest.mark.parametrize(
    ("later", "of_start", "in_force"),
    [
        (20, "2026-03-18T00:00", "2026-03-23T00:00"),
        (10, "2026-03-18T00:00", "2026-03-13T00:00"),
        (5, "2026-03-18T00:00", "2026-03-09T00:00"),
    ],
)
def test_a_workflow_chooses_the_figure_that_counts(
    monkeypatch: pytest.MonkeyPatch, later: int, of_start: str, in_force: str
) -> None:
    use(monkeypatch, later)
    start = at("2026-03-02T09:30")
    assert deadline_of(agreed(visit("parameters.agreed_reply"), start)) == at(of_start)
    follows = visit("parameters.agreed_reply", f"{IN_FORCE}    warn_at: 80%\n")
    case = agreed(follows, start)
    assert deadline_of(case) == at(in_force)
    assert case.clocks["visit"].warning == start + (at(in_force) - start) * 0.8
    assert (
        deadline_of(agreed(follows, at("2026-03-09T09:30"))) == at("2026-03-10T00:00") + later * DAY
    )


def test_a_figure_of_the_day_after_the_end_comes_too_late() -> None:
    follows = visit("parameters.agreed_reply", IN_FORCE)
    assert deadline_of(agreed(follows, at("2026-02-21T09:30"))) == at("2026-03-09T00:00")
    assert deadline_of(agreed(follows, at("2026-02-22T09:30"))) == at("2026-03-15T00:00")


def test_a_pause_may_bring_a_clock_under_a_later_figure() -> None:
    follows = visit("parameters.agreed_reply", f"{IN_FORCE}    pause_in: waiting\n")
    case = agreed(follows, at("2026-02-21T09:30"))
    paused = case.send("pause", at=at("2026-03-08T09:00")).case
    again = paused.send("pause", at=at("2026-03-10T09:00")).case
    assert deadline_of(again) == at("2026-03-16T00:00")  # 13 March by 20 days, two days later
    assert follows.restore(again.dump()) == again


@pytest.mark.parametrize("change", ["5 days", "soon", "2026-03-05T10:00:00", "2026-13-01"])
def test_a_forged_agreement_is_refused(change: str) -> None:
    workflow = visit("agreed_days days")
    data = agreed(workflow, agreed_days=3).dump()
    (run,) = data["clocks"]
    assert run["agreed"] == "3 days"
    data["clocks"] = [{**run, "agreed": change}]
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError, match="is inconsistent"):
        workflow.restore(data)


def test_exports_write_the_limit_as_it_is_written() -> None:
    meta = to_xstate(visit("agreed_days working days"))["meta"]
    assert meta["clocks"]["visit"]["limit"] == "agreed_days working days"
    assert to_xstate(visit("visit_on"))["meta"]["clocks"]["visit"]["limit"] == "visit_on"


def test_close_of_business_is_read_from_a_calendar() -> None:
    text = """
calendar: house
title: {zh: 日历, en: Days}
close_of_business: CLOSE
years: {"2026": {rest: 2026-10-01}}
"""
    for written, close, codes in (
        ('"17:30"', time(17, 30), []),
        ("17:30", None, ["TR014"]),
        ('"24:00"', None, ["TR120"]),
        ('"00:00"', None, ["TR120"]),
        ("5pm", None, ["TR120"]),
    ):
        found = Findings()
        node = read(text.replace("CLOSE", written).encode(), "c.yaml", found)
        definition = read_as(CalendarDefinition, node, found)
        linked = definition and link_calendar(definition, house.vocabulary(), found)
        assert [each.id for each in found] == codes
        assert (linked and linked.close_of_business) == close
