"""A pin is of what a case may have done: other rules for that are refused, others are not.

The judge is the journal: where a case goes on under other rules, these lead to the same journal.
"""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import (
    ArgumentError,
    FactsError,
    JournalError,
    SnapshotError,
    SnapshotMismatch,
)
from telecom_rules.vocabulary import Calendar
from telecom_rules.vocabulary.time.calendars import CalendarYear
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Entry, Migrated, Refused, Stranded
from telecom_rules.workflows.journal.replay import describe_course
from tests.workflows.house import (
    COMPLAINT,
    ERRAND,
    FACTS,
    GENERAL,
    RECORD,
    START,
    ZONE,
    complaint,
    day,
    link,
    made,
    started,
)
from tests.workflows.random_charts import EVENTS, charts

if TYPE_CHECKING:
    from telecom_rules.workflows import Case, Workflow


def edited(*changes: tuple[str, str]) -> Workflow:
    """Return the complaint workflow after some changes."""
    text = COMPLAINT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return made(text)


def walked(workflow: Workflow, *events: tuple[str, Any, str | None]) -> tuple[Case, list[Entry]]:
    """Return a case after some events, with its journal."""
    opened = workflow.open(FACTS, at=START, id="C-1")
    case, entries = opened.case, [*opened.entries]
    for name, payload, by in events:
        outcome = case.send(name, payload, at=case.at + timedelta(hours=1), by=by)
        assert isinstance(outcome, Accepted), outcome
        case, entries = outcome.case, [*entries, *outcome.entries]
    return case, entries


AHEAD = [
    (
        "  closed: {type",
        "  aside: {title: {zh: 旁, en: Aside}, on: {answer: open}}\n  closed: {type",
    ),
    ("  answer: {title", "  wave: {title: {zh: 挥手, en: Wave}}\n  answer: {title"),
    (
        "        on:\n          record:",
        "        on:\n          answer: {emit: alert}\n          record:",
    ),
    ("event.grade == 'general'", "event.grade == 'major'"),
    ("on: {contact: answering}", "on: {contact: answered}"),
    ("      recorded:\n", "      filed: {title: {zh: 归档, en: Filed}}\n      recorded:\n"),
    ("answer: {target: answered, by: agent", "answer: {target: answered, by: supervisor"),
    ("limit: parameters.first_contact", "limit: 3 hours"),
    ("  closed: {type", "  lost: {title: {zh: 丢失, en: Lost}, type: final}\n  closed: {type"),
]
"""Changes of what lies ahead of a case that has only just been received."""


@pytest.mark.parametrize("change", AHEAD)
def test_a_change_of_what_lies_ahead_counts_from_here_on(change: tuple[str, str]) -> None:
    new = edited(change)
    case = new.restore(started().dump())
    assert case.workflow is new
    assert case._case_state == started()._case_state
    assert new.restore(case.dump()) == case


def test_the_next_event_is_taken_by_the_new_rules() -> None:
    stricter = (
        "record: {target: recorded, by: [agent, supervisor]",
        "record: {target: recorded, by: supervisor",
    )
    case = edited(stricter).restore(started().dump())
    assert not isinstance(case.send(*RECORD[:2], at=START, by="agent"), Accepted)
    assert isinstance(case.send(*RECORD[:2], at=START, by="supervisor"), Accepted)


BEHIND = [
    ("assign: event, cites: [spec:7.1.2(2)]", "cites: [spec:7.1.2(2)]"),
    ("target: general\n", "target: major\n"),
    ("      received:\n", "      received:\n        exit: {emit: alert}\n"),
    ("limit: parameters.complaint_reply", "limit: 14 days"),
    ("payload: {customer_id: text, content: text}", "payload: {customer_id: text}"),
]
"""Changes of what a case has done that has been recorded and classified."""


@pytest.mark.parametrize("change", BEHIND)
def test_a_change_of_what_a_case_has_done_is_refused_with_or_without_its_journal(
    change: tuple[str, str],
) -> None:
    case, entries = walked(complaint(), RECORD, GENERAL)
    for journal in (None, entries):
        with pytest.raises(SnapshotMismatch) as caught:
            edited(change).restore(case.dump(), journal)
        assert caught.value.found == complaint().digest
        assert "`migrate`" in caught.value.explain("en")
    moved = edited(change).migrate(case.dump(), at=case.at)
    assert isinstance(moved, Stranded)
    assert [str(each.kind) for each in moved.reasons] == ["no_migration"]


HARMLESS = [
    ("event.grade == 'general'", "event.grade == 'general' || event.grade == 'major'"),
    ("record: {target: recorded, by: [agent, supervisor]", "record: {target: recorded, by: agent"),
    ("reply_overdue: {target: escalated, emit: alert}", "reply_overdue: {target: escalated}"),
]
"""Changes of what it may have done, by which it would have done the same."""


@pytest.mark.parametrize("change", HARMLESS)
def test_with_its_journal_a_case_goes_on_if_that_would_be_the_same(change: tuple[str, str]) -> None:
    case, entries = walked(complaint(), RECORD, GENERAL)
    new = edited(change)
    restored = new.restore(case.dump(), [Entry.load(each.dump()) for each in entries])
    assert restored._case_state == case._case_state
    assert new.restore(restored.dump()) == restored
    assert isinstance(restored.send("contact", {}, at=case.at, by="agent"), Accepted)


def changed(entries: list[Entry], index: int, **change: Any) -> list[Entry]:
    """Return a journal with another entry at `index`."""
    return [replace(each, **change) if at == index else each for at, each in enumerate(entries)]


CASE, ENTRIES = walked(complaint(), RECORD, GENERAL)
WRONG_JOURNALS: dict[str, Any] = {
    "empty": [],
    "of another case": walked(complaint(), RECORD)[1],
    "without the end": ENTRIES[:-1],
    "without the start": ENTRIES[1:],
    "with a gap": [ENTRIES[0], *ENTRIES[2:]],
    "twice": [*ENTRIES, *ENTRIES],
    "another role": changed(ENTRIES, 1, by="supervisor"),
    "another role at the end": changed(ENTRIES, -1 % len(ENTRIES), by="supervisor"),
    "another instant": changed(ENTRIES, 1, at=START + timedelta(minutes=7)),
    "another fact": changed(ENTRIES, 0, payload={"amount": "1.00"}),
    "not loaded": [each.dump() for each in ENTRIES],
    "a text": "x",
}
"""Journals that are not that of the case."""


@pytest.mark.parametrize("wrong", WRONG_JOURNALS.values(), ids=WRONG_JOURNALS)
@pytest.mark.parametrize("change", [None, AHEAD[0], HARMLESS[0], BEHIND[0], BEHIND[3]])
def test_a_journal_that_is_not_that_of_the_case_is_told_whatever_the_rules(
    wrong: Any, change: tuple[str, str] | None
) -> None:
    workflow = complaint() if change is None else edited(change)
    with pytest.raises(JournalError) as told:
        workflow.restore(CASE.dump(), wrong)
    assert "migrate" not in told.value.explain("en")
    assert "迁移" not in told.value.explain("zh")


@pytest.mark.parametrize("wrong", [5, True, object()])
@pytest.mark.parametrize("change", [AHEAD[0], BEHIND[0]])
def test_what_is_not_a_journal_names_the_argument(wrong: Any, change: tuple[str, str]) -> None:
    with pytest.raises(ArgumentError) as told:
        edited(change).restore(CASE.dump(), wrong)
    assert told.value.argument == "journal"


def test_a_mismatch_names_each_limit_that_ends_otherwise_and_no_derived_part() -> None:
    for change, names in ((BEHIND[3], ["`reply` would end at 2026-03-1", "instead of 2026-03-1"]),
                          (BEHIND[1], ["differs in"])):  # fmt: skip
        with pytest.raises(SnapshotMismatch) as told:
            edited(change).restore(CASE.dump(), ENTRIES)
        assert all(each in told.value.explain("en") for each in names), told.value.explain("en")
        assert "workflow_digest" not in told.value.explain("en")
        assert "workflow_digest" not in told.value.explain("zh")


REPLY = "limit: parameters.complaint_reply"
OVERDUE = "reply_overdue: {target: escalated, emit: alert}"
FIRED = [
    (
        (REPLY, "limit: 14 days"),
        (
            "时限 `reply` 提醒的条目与重新执行的结果不一致："
            "到期时刻（`due_at`）为 2026-03-13 01:48+08:00，原为 2026-03-13 21:00+08:00；"
        ),
        (
            "the replayed warning of the time limit `reply` differs in the instant due (`due_at`):"
            " 2026-03-13 01:48+08:00 instead of 2026-03-13 21:00+08:00;"
        ),
    ),
    (
        (OVERDUE, "reply_overdue: {target: closed, emit: alert}"),
        (
            "时限 `reply` 届满的条目与重新执行的结果不一致：离开的状态（`left`）为 `received`, "
            "`open`，原为 `received`；进入的状态（`entered`）为 `closed`，原为 `escalated`；"
        ),
        (
            "the replayed expiry of the time limit `reply` differs in the states left (`left`):"
            " `received`, `open` instead of `received`; the states entered (`entered`): `closed`"
            " instead of `escalated`;"
        ),
    ),
    (
        (OVERDUE, "reply_overdue: {target: escalated}"),
        "要求办理的事项（`effects`）为 无，原为 `alert`；",
        "the effects (`effects`): none instead of `alert`;",
    ),
    (
        ("    from: received\n    until: [answered", "    from: general\n    until: [answered"),
        "开始的时限（`started`）为 无，原为 `reply`（2026-03-16 24:00+08:00）；",
        "the time limits started (`started`): none instead of `reply` (2026-03-16 24:00+08:00);",
    ),
]


@pytest.mark.parametrize(("change", "zh", "en"), FIRED)
def test_a_mismatch_of_a_limit_that_fired_says_what_would_be_otherwise(
    change: tuple[str, str], zh: str, en: str
) -> None:
    opened = complaint().open(FACTS, at=START, id="C-1")
    late = opened.case.tick(START + timedelta(days=20))
    with pytest.raises(SnapshotMismatch) as told:
        edited(change).restore(late.case.dump(), [*opened.entries, *late.entries])
    assert zh in told.value.explain("zh")
    assert en in told.value.explain("en")


def test_a_mismatch_names_what_the_host_sent_and_does_not_repeat_it() -> None:
    with pytest.raises(SnapshotMismatch) as told:
        edited(BEHIND[0]).restore(CASE.dump(), ENTRIES)
    assert "the facts set (`assigned`): `customer_id`, `content`;" in told.value.explain("en")
    assert RECORD[1]["content"] not in told.value.explain("zh")


def test_a_limit_that_would_have_fired_before_an_event_is_named() -> None:
    with pytest.raises(SnapshotMismatch) as told:
        edited((REPLY, "limit: 1 hours")).restore(CASE.dump(), ENTRIES)
    why = "the warning of the time limit `reply` at 2026-03-01 09:48+08:00"
    assert why in told.value.explain("en")
    assert "时限 `reply` 已于 2026-03-01 09:48+08:00 提醒" in told.value.explain("zh")


def test_refusals_belong_to_the_journal_of_a_case() -> None:
    refused = CASE.send("record", {}, at=CASE.at, by="agent")
    assert isinstance(refused, Refused)
    assert edited(HARMLESS[0]).restore(CASE.dump(), [*ENTRIES, refused.entry]) == edited(
        HARMLESS[0]
    ).restore(CASE.dump(), ENTRIES)


def test_the_event_of_a_clock_counts_once_the_clock_has_expired() -> None:
    change = (
        "reply_overdue: {target: escalated, emit: alert}",
        "reply_overdue: {target: escalated}",
    )
    fresh, late = started(), started().tick(START + timedelta(days=20)).case
    assert late.breaches
    assert edited(change).restore(fresh.dump()).state == "received"
    with pytest.raises(SnapshotMismatch):
        edited(change).restore(late.dump())


def test_a_fact_counts_once_it_is_known() -> None:
    snapshot = started().dump()
    assert "grade" not in snapshot["facts"]
    assert "amount" in snapshot["facts"]
    digests = complaint()._machine.digests
    states, at = started().states, START.date()
    past = digests.find_past(states, frozenset())
    known = digests.pin(past, ("amount", "reworks"), at)
    assert known == snapshot["pin"]
    assert known != digests.pin(past, ("amount", "grade", "reworks"), at)
    assert digests.pin(past, ("amount", "colour"), at) is None


def years(*numbers: int) -> Calendar:
    """Return a calendar with some years, the first day of each at rest."""
    rest = {number: frozenset({day(f"{number}-01-01")}) for number in numbers}
    known = {number: CalendarYear(days, frozenset()) for number, days in rest.items()}
    return Calendar("house", Wording("工作日历", "Working days"), known)


def test_a_deadline_is_counted_once_its_year_is_published() -> None:
    old, new = made(ERRAND, years(2026)), made(ERRAND, years(2026, 2027))
    at = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    case = old.start({"amount": "1", "reworks": 0}, at=at, id="E-1")
    assert case.clocks["week"].deadline is None
    with pytest.raises(SnapshotMismatch, match="`migrate` the case, which counts it again") as told:
        new.restore(case.dump())
    moved = new.migrate(case.dump(), at=at + timedelta(hours=1))
    assert isinstance(moved, Migrated)
    assert moved.case.clocks["week"].deadline == datetime(2027, 1, 8, tzinfo=ZONE)
    days = f"{moved.case.clocks['days'].deadline:%Y-%m-%d %H:%M}"
    assert f"`days` ends at {days}+08:00 instead of an instant not known yet" in str(told.value)
    assert "“Working days”, from undetermined to 2027-01-07 24:00" in moved.explain("en")
    assert moved.entry.resumed["week"] == datetime(2027, 1, 8, tzinfo=ZONE)
    assert moved.case.states == case.states
    assert moved.case.at == at + timedelta(hours=1)
    assert new.replay([Entry.load(moved.entry.dump())]) == moved.case
    assert new.restore(moved.case.dump()) == moved.case
    with pytest.raises(SnapshotError, match="restore"):
        new.migrate(moved.case.dump(), at=at + timedelta(hours=2))


def test_a_day_to_come_that_no_deadline_counts_touches_nobody_and_one_that_is_past_does() -> None:
    case = made(ERRAND, years(2026)).start({"amount": "1", "reworks": 0}, at=START, id="E-1")
    for text, touched in (("2026-11-02", False), ("2026-03-05", True), ("2026-01-05", True)):
        year = CalendarYear(frozenset({day("2026-01-01"), day(text)}), frozenset())
        new = made(ERRAND, Calendar("house", Wording("历", "Days"), {2026: year}))
        if touched:
            with pytest.raises(SnapshotMismatch):
                new.restore(case.dump())
        else:
            assert new.restore(case.dump()).due == case.due


def test_a_recount_that_ends_in_the_past_is_recorded_after_it() -> None:
    old, new = made(ERRAND, years(2026)), made(ERRAND, years(2026, 2027))
    at = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    case = old.start({"amount": "1", "reworks": 0}, at=at, id="E-1").send("park", at=at).case
    late = at + timedelta(days=30)
    moved = new.migrate(case.dump(), at=late)
    assert isinstance(moved, Migrated)
    assert moved.case.at == at
    assert "week" in {each.clock for each in moved.case.tick(late).case.breaches}


def states_of(states: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for one in states.values() for each in (one, *states_of(one.get("states", {})))]


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """Return a random chart, and the same after a small change."""
    text = draw(charts())
    chart = copy.deepcopy(json.loads(text))
    state = draw(st.sampled_from(states_of(chart["states"])))
    kind = draw(st.sampled_from(["on", "always", "entry", "exit", "onDone", "initial", "retarget"]))
    if kind == "on" and state.get("on"):
        del state["on"][draw(st.sampled_from(sorted(state["on"])))]
    elif kind == "initial" and state.get("states") and "initial" in state:
        names = [name for name, each in state["states"].items() if each.get("type") != "history"]
        state["initial"] = draw(st.sampled_from(names))
    elif kind == "retarget" and state.get("on"):
        group = state["on"][draw(st.sampled_from(sorted(state["on"])))]
        group[0].pop("target", None)
        group[0].setdefault("assign", {"reworks": "3"})
    elif kind in {"entry", "exit"} and "history" not in state:
        state[kind] = {"assign": {"reworks": "(reworks + 2) % 4"}}
    else:
        state.pop(kind, None)
    return text, json.dumps(chart, ensure_ascii=False)


@settings(
    max_examples=max(40, settings.default.max_examples // 4),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(edits(), st.lists(st.sampled_from(EVENTS), max_size=2))
def test_a_pin_that_is_equal_means_that_the_journal_would_be(
    texts: tuple[str, str], names: list[str]
) -> None:
    old, new = (link(each)[0] for each in texts)
    if old is None or new is None:
        return
    try:
        opened = old.open({"reworks": 2, "amount": "7"}, at=START, id="r")
    except FactsError:
        return
    case, journal = opened.case, [*opened.entries]
    for name in names:
        outcome = case.send(name, at=START)
        if isinstance(outcome, Accepted):
            case, journal = outcome.case, [*journal, *outcome.entries]
    again = live_again(new, journal)
    same = again is not None and again._case_state == case._case_state
    try:
        assert new.restore(case.dump())._case_state == case._case_state
    except SnapshotMismatch:
        event("stranded in vain" if same else "stranded")
    else:
        event("untouched" if new.digest == old.digest else "goes on")
        assert same
    try:
        assert new.restore(case.dump(), journal)._case_state == case._case_state
    except SnapshotMismatch:
        assert not same
    else:
        assert same


def live_again(workflow: Workflow, journal: list[Entry]) -> Case | None:
    """Return the case that the events of a journal lead to, if the entries are the same."""
    first, *rest = journal
    try:
        outcome: Any = workflow.open(first.payload, at=first.at, id=first.case)
    except FactsError:
        return None
    entries = [*outcome.entries]
    for each in rest:
        outcome = outcome.case.send(each.event, each.payload, at=each.at, by=each.by)
        if not isinstance(outcome, Accepted):
            return None
        entries += outcome.entries
    same = [describe_course(each) for each in entries] == [
        describe_course(each) for each in journal
    ]
    return outcome.case if same else None
