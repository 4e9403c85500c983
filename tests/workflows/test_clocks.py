"""Time limits: on time at the very deadline, late a microsecond after it, whoever ticks when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.vocabulary import (
    Calendar,
    Duration,
    Record,
    Undetermined,
    Unit,
    deadline,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Case
from telecom_rules.workflows.chart import Clock
from telecom_rules.workflows.engine.clocks import begin_clock, run_clock
from telecom_rules.workflows.engine.limits import MOST_CACHED_ENDS
from tests.workflows.house import (
    ANSWER,
    CALENDAR,
    COMPLAINT,
    CONTACT,
    FACTS,
    GENERAL,
    MAJOR,
    RECORD,
    START,
    ZONE,
    after,
    complaint,
    en,
    made,
    patrol,
    started,
    zh,
)

MICROSECOND = timedelta(microseconds=1)
DEADLINE = datetime(2026, 3, 17, tzinfo=ZONE)
MIDNIGHT = "2026-03-16 24:00+08:00"


def answering() -> Case:
    return after(started(), RECORD, GENERAL, CONTACT)


def test_a_limit_in_days_does_not_count_the_first_and_ends_with_the_last() -> None:
    warning, end = started().due
    assert (end.clock, end.kind, end.at) == ("reply", "expiry", DEADLINE)
    assert end.fires == DEADLINE + MICROSECOND
    assert (warning.kind, warning.at, warning.fires) == (
        "warn",
        START + (DEADLINE - START) * 0.8,
        warning.at,
    )
    assert [str(clause) for clause in end.cites] == ["appeal_measures:10"]
    assert started().next_due == warning.fires


def test_an_answer_at_the_very_deadline_is_in_time() -> None:
    outcome = answering().send("answer", at=DEADLINE, by="agent")
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "answered"
    assert outcome.case.breaches == ()
    assert [due.kind for due in outcome.warnings] == ["warn"]


def test_an_answer_a_microsecond_later_comes_after_the_breach() -> None:
    outcome = answering().send("answer", at=DEADLINE + MICROSECOND, by="supervisor")
    assert isinstance(outcome, Accepted)
    assert outcome.from_states == ("open", "escalated")
    (breach,) = outcome.breaches
    assert (breach.clock, breach.title.zh, breach.due) == ("reply", "答复时限", DEADLINE)
    assert outcome.case.breaches == (breach,)
    assert [effect.name for effect in outcome.effects] == ["alert"]
    assert [entry.kind for entry in outcome.entries] == ["clock", "clock", "event"]
    assert [entry.sequence for entry in outcome.entries] == [4, 5, 6]
    assert outcome.entry == outcome.entries[-1]


def test_the_deadline_is_the_same_instant_in_every_zone() -> None:
    for zone in (UTC, timezone(timedelta(hours=-8)), ZONE):
        case = complaint().start(FACTS, at=START.astimezone(zone), id="C-1")
        assert case.due[-1].at == DEADLINE
        assert case.tick(DEADLINE.astimezone(zone)).breaches == ()
        assert len(case.tick((DEADLINE + MICROSECOND).astimezone(zone)).breaches) == 1


def test_the_day_a_limit_starts_on_is_the_local_one() -> None:
    late = datetime(2026, 2, 28, 16, 30, tzinfo=UTC)
    assert complaint().start(FACTS, at=late, id="x").due[-1].at == DEADLINE
    early = datetime(2026, 2, 28, 15, 30, tzinfo=UTC)
    assert complaint().start(FACTS, at=early, id="x").due[-1].at == DEADLINE - timedelta(days=1)


def test_a_late_host_records_everything_at_its_own_instant() -> None:
    ticked = after(started(), RECORD, MAJOR).tick(START + timedelta(days=365))
    assert [(entry.clock, entry.due, entry.at) for entry in ticked.entries] == [
        ("first_contact", "expiry", START + timedelta(hours=26) + MICROSECOND),
        ("reply", "warn", START + (DEADLINE - START) * 0.8),
        ("reply", "expiry", DEADLINE + MICROSECOND),
    ]
    assert ticked.case.at == DEADLINE + MICROSECOND
    assert ticked.case.state == "escalated"
    assert ticked.case.due == ()
    assert ticked.case.next_due is None


def test_an_idle_tick_returns_the_very_case() -> None:
    case = started()
    for at in (START - timedelta(days=1), START, case.next_due - MICROSECOND):
        ticked = case.tick(at)
        assert ticked.case is case
        assert ticked.entries == ticked.effects == ticked.breaches == ()
        assert ticked.explain() == ""


def test_a_tick_at_next_due_always_has_something_to_do() -> None:
    case = after(started(), RECORD, MAJOR)
    steps = 0
    while case.next_due is not None:
        ticked = case.tick(case.next_due)
        assert len(ticked.entries) == 1
        case, steps = ticked.case, steps + 1
    assert steps == 3


def test_a_refused_event_leaves_what_is_due_to_the_next_tick() -> None:
    case = answering()
    late = DEADLINE + timedelta(days=1)
    outcome = case.send("contact", at=late, by="agent")
    assert outcome.case is case
    assert "状态“已升级”不接受“联系用户”" in zh(outcome)
    assert len(case.tick(late).entries) == 2


def test_a_clock_stops_and_does_not_fire_any_more() -> None:
    case = after(answering(), ANSWER)
    assert case.due == ()
    assert not case.clocks["reply"].running
    assert case.tick(DEADLINE + timedelta(days=1)).case is case


def test_every_clock_stops_when_the_case_is_over() -> None:
    case = after(started(), RECORD, MAJOR)
    assert len(case.due) == 3
    assert after(case, ("withdraw", {}, "customer")).due == ()


def test_a_running_clock_is_not_started_again_but_one_that_ended_is() -> None:
    case = after(patrol().start(FACTS, at=START, id="p"), ("begin", {}, None), hours=0)
    first = case.clocks["round"].started
    case = after(case, ("pause", {}, None), ("begin", {}, None), hours=1)
    assert case.clocks["round"].started == first + timedelta(hours=2)
    assert case.clocks["whole"].started == first


def test_a_clock_that_its_own_expiry_starts_anew_repeats() -> None:
    case = after(patrol().start(FACTS, at=START, id="p"), ("begin", {}, None), hours=0)
    ticked = case.tick(START + timedelta(hours=7))
    assert [breach.due for breach in ticked.breaches] == [
        START + timedelta(hours=2),
        START + timedelta(hours=4),
        START + timedelta(hours=6),
    ]
    assert [dict(effect.payload) for effect in ticked.effects] == [
        {"times": 1},
        {"times": 2},
        {"times": 3},
    ]
    assert ticked.entries[1].started == {"round": START + timedelta(hours=4)}
    assert ticked.entries[1].stopped == ()


def test_clocks_that_end_together_fire_in_the_order_they_started() -> None:
    text = COMPLAINT.replace("parameters.complaint_reply", "24 hours")
    text = text.replace("    warn_at: 80%\n", "")
    opened = made(text).open(FACTS, at=START, id="x")
    case, entries = opened.case, [opened.entry]
    for name, payload, by in (RECORD, MAJOR):
        outcome = case.send(name, payload, at=START, by=by)
        assert isinstance(outcome, Accepted)
        case, entries = outcome.case, [*entries, outcome.entry]
    assert {due.at for due in case.due} == {START + timedelta(hours=24)}
    ticked = case.tick(START + timedelta(hours=25))
    assert [entry.clock for entry in ticked.entries] == ["reply", "first_contact"]
    assert [entry.at for entry in ticked.entries] == [case.next_due] * 2
    assert made(text).replay([*entries, *ticked.entries]) == ticked.case


def test_a_breach_is_recorded_even_when_no_state_takes_its_event() -> None:
    case = after(started(), RECORD, MAJOR)
    ticked = case.tick(case.next_due)
    (entry,) = ticked.entries
    assert entry.breach
    assert entry.event is None
    assert ticked.case.states == case.states
    assert [breach.clock for breach in ticked.case.breaches] == ["first_contact"]


def test_why_an_expiry_moved_nothing_is_told() -> None:
    case = after(
        patrol().start({**FACTS, "reworks": 3}, at=START, id="p"), ("begin", {}, None), hours=0
    )
    ticked = case.tick(START + timedelta(hours=3))
    assert [reason.kind for reason in ticked.unhandled] == ["guard"]
    assert zh(ticked).endswith("未处理:不能进行“催办”:`reworks < 3` 不成立:返工次数 = 3")
    assert en(ticked).endswith(
        "not handled: cannot do “Nudge”: `reworks < 3` does not hold: Reworks = 3"
    )


def test_a_limit_that_cannot_be_determined_is_kept_with_its_reason_and_never_fires() -> None:
    case = after(patrol().start(FACTS, at=START, id="p"), ("begin", {}, None))
    run = case.clocks["days"]
    assert run.running
    assert run.deadline is None
    assert "5 个工作日" in run.undetermined.zh
    assert "days" not in {due.clock for due in case.due}


def test_a_limit_not_in_force_on_the_day_is_undetermined() -> None:
    early = datetime(2016, 7, 29, 23, 59, tzinfo=ZONE)
    run = complaint().start(FACTS, at=early, id="x").clocks["reply"]
    assert run.deadline is None
    assert "2016-07-29" in run.undetermined.zh
    assert complaint().start(FACTS, at=early + timedelta(minutes=1), id="x").next_due is not None


def test_a_limit_beyond_the_last_year_is_undetermined() -> None:
    case = complaint().start(FACTS, at=datetime(9998, 12, 30, tzinfo=ZONE), id="x")
    assert case.clocks["reply"].undetermined.en == "the time limit ends after the year 9998"
    assert case.tick(datetime(9998, 12, 31, 23, tzinfo=ZONE)).case is case


def test_guards_see_the_clocks() -> None:
    text = COMPLAINT.replace(
        "answer: {target: answered, by: agent, requires: [customer_id, grade]}",
        'answer: {target: answered, guard: \'clocks.reply.elapsed < duration("240h")'
        " && !clocks.reply.expired && !clocks.first_contact.expired'}",
    )
    case = after(made(text).start(FACTS, at=START, id="x"), RECORD, GENERAL, CONTACT)
    assert isinstance(case.send("answer", at=START + timedelta(hours=239)), Accepted)
    assert not isinstance(case.send("answer", at=START + timedelta(hours=240)), Accepted)


def test_a_clock_that_was_never_started_has_not_run_and_not_expired() -> None:
    text = COMPLAINT.replace(
        "withdraw: {target: closed, by: customer, cites: [spec:7.1.2(6)]}",
        'withdraw: {target: closed, guard: \'clocks.first_contact.elapsed == duration("0s")'
        " && !clocks.first_contact.expired'}",
    )
    assert isinstance(
        made(text).start(FACTS, at=START, id="x").send("withdraw", at=START), Accepted
    )


def test_whether_an_undetermined_clock_has_expired_is_unknown() -> None:
    text = COMPLAINT.replace(
        "withdraw: {target: closed, by: customer, cites: [spec:7.1.2(6)]}",
        "withdraw: {target: closed, guard: clocks.reply.expired}",
    )
    early = datetime(2016, 7, 1, tzinfo=ZONE)
    outcome = made(text).start(FACTS, at=early, id="x").send("withdraw", at=early)
    assert [reason.kind for reason in outcome.reasons] == ["unknown"]


def test_breaches_and_warnings_are_told_in_both_languages() -> None:
    ticked = started().tick(DEADLINE + timedelta(days=1))
    assert zh(ticked) == (
        "提醒:时限“答复时限”将于 2026-03-16 24:00+08:00 届满(《电信用户申诉处理办法》第10条)\n"
        "超期:时限“答复时限”已于 2026-03-16 24:00+08:00 届满(《电信用户申诉处理办法》第10条)\n"
        "“答复超期”:“已受理” → “已升级”(2026-03-17 00:00:00.000001+08:00)\n"
        "待办:“提醒主管”"
    )
    assert en(ticked).splitlines()[:3] == [
        f"warning: the time limit “Time to answer” ends at {MIDNIGHT} (Appeal Measures, Art. 10)",
        f"breach: the time limit “Time to answer” ended at {MIDNIGHT} (Appeal Measures, Art. 10)",
        "“Reply overdue”: “Received” → “Escalated” (2026-03-17 00:00:00.000001+08:00)",
    ]


def test_a_breach_says_that_its_limit_is_a_reading_of_ours() -> None:
    text = COMPLAINT.replace("warn_at: 80%", "warn_at: 80%\n    interpretation: true")
    ticked = made(text).start(FACTS, at=START, id="x").tick(DEADLINE + timedelta(days=1))
    assert zh(ticked).count("(《电信用户申诉处理办法》第10条)(本规则包的理解)") == 2
    assert en(ticked).count("(Appeal Measures, Art. 10) (a reading of ours)") == 2
    assert [each.interpretation for each in ticked.breaches] == [True]


@pytest.mark.parametrize("limit", ["1 hours", "90 minutes", "parameters.first_contact"])
def test_hours_and_minutes_run_exactly(limit: str) -> None:
    text = COMPLAINT.replace("limit: parameters.complaint_reply", f"limit: {limit}")
    hours = {"1 hours": 1.0, "90 minutes": 1.5, "parameters.first_contact": 24.0}[limit]
    case = made(text).start(FACTS, at=START, id="x")
    assert case.due[-1].at == START + timedelta(hours=hours)


INSTANTS = st.builds(
    datetime.combine,
    st.dates(date(2, 1, 1), date(9998, 12, 31)),
    st.times(),
    st.just(ZONE),
)
LIMITS = st.sampled_from(list(Unit)).flatmap(
    lambda unit: st.builds(
        Duration, st.integers(1, unit.max_amount) | st.integers(1, 20), st.just(unit)
    )
)


@given(INSTANTS, LIMITS, st.sampled_from([None, CALENDAR]))
def test_what_is_kept_of_a_day_changes_no_deadline(
    at: datetime, limit: Duration, calendar: Calendar | None
) -> None:
    nothing = frozenset[str]()
    clock = Clock("c", Wording.same("c"), nothing, nothing, limit, warn_at=80, calendar=calendar)
    fresh = Clock("c", Wording.same("c"), nothing, nothing, limit, warn_at=80, calendar=calendar)
    end = deadline(at, limit, ZONE, calendar)
    if isinstance(end, datetime) and end.year > 9998:
        end = Undetermined(Wording("期限晚于 9998 年", "the time limit ends after the year 9998"))
    run_clock(clock, at.replace(hour=3), ZONE)
    for _ in range(2):
        run = run_clock(clock, at, ZONE)
        if isinstance(end, Undetermined):
            assert (run.deadline, run.undetermined) == (None, end.reason)
            first = end.year and datetime(end.year, 1, 1, tzinfo=ZONE)
            assert run.warning == (first and max(at, first))
        else:
            assert (run.deadline, run.undetermined) == (end, None)
        assert begin_clock(clock, at, ZONE, Record(), dict) == run == run_clock(fresh, at, ZONE)
        fresh.end_cache.clear()


def test_runs_are_equal_by_their_name_and_instants_whichever_pack_their_clock_is_of() -> None:
    clock, reloaded = (
        Clock("c", Wording.same("c"), frozenset(), frozenset(), Duration(1, Unit.MONTHS))
        for _ in range(2)
    )
    run, same = run_clock(clock, START, ZONE), run_clock(reloaded, START, ZONE)
    later = run_clock(clock, START + timedelta(hours=1), ZONE)
    assert run == same
    assert (run != same) is False
    assert hash(run) == hash(same)
    assert run != later
    assert (run == later) is False


def test_few_days_are_kept() -> None:
    clock = Clock("c", Wording.same("c"), frozenset(), frozenset(), Duration(1, Unit.MONTHS))
    for days in range(2 * MOST_CACHED_ENDS):
        run_clock(clock, START + timedelta(days=days), ZONE)
        assert len(clock.end_cache) <= MOST_CACHED_ENDS
