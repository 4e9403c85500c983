"""What one event sets off, told as a whole: facts, clocks, and the step that does not end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from telecom_rules.errors import TelecomRulesError
from telecom_rules.vocabulary import Duration, Undetermined, Unit, deadline
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Case, Refused, Workflow
from telecom_rules.workflows.chart import Clock
from telecom_rules.workflows.engine import limits, microstep
from telecom_rules.workflows.engine.clocks import apply_pauses, run_clock
from telecom_rules.workflows.engine.event_loop import open_case
from telecom_rules.workflows.engine.fast_path import start_on_fast_path
from telecom_rules.workflows.engine.macrostep import Macrostep
from tests.workflows.house import (
    CALENDAR,
    ERRAND,
    FACTS,
    START,
    ZONE,
    complaint,
    en,
    errand,
    made,
)
from tests.workflows.subcases import FACTS as OF_A_CALL
from tests.workflows.subcases import SERVICE, opened, packed

CHAIN = """
workflow: chain
version: 1.0.0
title: {zh: 链, en: Chain}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
  ring: {title: {zh: 响, en: Ring}}
effects:
  tell: {title: {zh: 通知, en: Tell}, payload: {times: integer}}
initial: a
states:
  a: {title: {zh: 甲, en: A}, on: {go: {target: b, assign: {content: "'x'"}}}}
  b:
    title: {zh: 乙, en: B}
    entry: {emit: {effect: tell, with: {times: reworks}}}
    always: {target: c, assign: {reworks: reworks + 1}}
  c:
    title: {zh: 丙, en: C}
    entry: [{emit: {effect: tell, with: {times: reworks}}}, {raise: ring}]
    on: {ring: {target: d, assign: {amount: parameters.large_amount}}}
  d:
    title: {zh: 丁, en: D}
    entry: {assign: {reworks: reworks + 1}}
"""
TIMED = """
workflow: timed
version: 1.0.0
title: {zh: 计时, en: Timed}
facts: complaint
events:
  again: {title: {zh: 再来, en: Again}}
  stop: {title: {zh: 停止, en: Stop}}
clocks:
  anew: {title: {zh: 重计, en: Anew}, from: again, until: [again, stop], limit: 5 hours}
  onward:
    title: {zh: 续计, en: Onward}
    from: again
    until: [again, stop]
    limit: 9 hours
    on_reentry: continue
  once: {title: {zh: 一次, en: Once}, from: again, until: [again, stop], limit: 7 hours,
    on_reentry: ignore}
initial: a
states:
  a: {title: {zh: 甲, en: A}, on: {again: {}, stop: {}}}
"""


def sent(case: Case, event: str, hours: int = 1) -> Accepted:
    outcome = case.send(event, at=case.at + timedelta(hours=hours))
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome


def test_what_every_microstep_assigned_and_asked_for_is_told_together() -> None:
    outcome = sent(made(CHAIN).start(FACTS, at=START, id="C-1"), "go")
    assert outcome.case.state == "d"
    assert (outcome.step.left, outcome.step.entered) == (("a", "b", "c"), ("b", "c", "d"))
    assert outcome.entry.assigned == {"content": "x", "reworks": 2, "amount": "5000.00"}
    assert outcome.case.facts == {**outcome.case.facts, "content": "x", "reworks": 2}
    assert [dict(each.payload) for each in outcome.effects] == [{"times": 0}, {"times": 1}]


def test_the_content_of_the_first_states_reads_figures_and_facts() -> None:
    text = CHAIN.replace("initial: a", "initial: b")
    opened = made(text).open(FACTS, at=START, id="C-1")
    assert opened.entry.assigned == {"amount": "5000.00", "reworks": 2}
    assigning = "entry: {assign: {amount: parameters.large_amount}}"
    text = CHAIN.replace("en: A}, on", f"en: A}}, {assigning}, on")
    assert made(text).start(FACTS, at=START, id="C-1").facts["amount"] == 5_000


def test_the_last_step_before_the_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = CHAIN.replace("{raise: ring}", "{raise: go}").replace(
        "ring: {target: d", "go: {target: b"
    )
    text = text.replace("always: {target: c, assign: {reworks: reworks + 1}}", "always: c")
    case = made(text).start(FACTS, at=START, id="C-1")
    for most, state, title in ((30, "c", "B"), (31, "b", "C")):
        monkeypatch.setattr(microstep, "MOST_MICROSTEPS", most)
        outcome = case.send("go", at=START)
        assert isinstance(outcome, Refused)
        (reason,) = outcome.reasons
        assert reason.data == {"most": most, "state": state}
        assert f"have not ended after {most} steps, the last to go to “{title}”" in en(reason)


def test_as_many_microsteps_as_the_bound_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    case = made(CHAIN).start(FACTS, at=START, id="C-1")
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", 2)
    assert sent(case, "go").case.state == "d"
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", 1)
    assert isinstance(case.send("go", at=START), Refused)


def test_of_the_clocks_that_a_step_stops_and_starts_only_those_that_begin_anew_restart() -> None:
    first = sent(made(TIMED).start(FACTS, at=START, id="T-1"), "again")
    assert [*first.entry.started] == ["anew", "onward", "once"]
    assert first.entry.stopped == ()
    second = sent(first.case, "again")
    assert second.entry.stopped == ("anew", "once")
    assert second.entry.started == {"anew": second.case.at + timedelta(hours=5)}
    assert second.case.clocks["onward"].deadline == first.case.clocks["onward"].deadline
    assert not second.case.clocks["once"].running


def test_a_clock_that_runs_beside_one_that_restarts_does_not_restart() -> None:
    text = TIMED.replace("on_reentry: continue", "until: stop").replace(
        "    until: [again, stop]\n    limit: 9", "    limit: 9"
    )
    case = sent(made(text).start(FACTS, at=START, id="T-1"), "again").case
    second = sent(case, "again")
    assert second.entry.stopped == ("anew", "once")
    assert [*second.entry.started] == ["anew"]


def test_clocks_that_neither_pause_nor_resume_are_the_very_same() -> None:
    case = errand().start(FACTS, at=START, id="E-1")
    for event in (None, "ask", "reply", "park"):
        case = case if event is None else sent(case, event).case
        runs = case._case_state.runs
        assert apply_pauses(runs, frozenset(case.states), case.at, ZONE) is runs
    paused = sent(errand().start(FACTS, at=START, id="E-1"), "ask").case
    resumed = apply_pauses(paused._case_state.runs, frozenset({"doing"}), paused.at, ZONE)
    assert [run.name for run in resumed if run.paused] == []


SPIN = """
workflow: spin
version: 1.0.0
title: {zh: 转, en: Spin}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
clocks:
  wait: {title: {zh: 等待, en: Wait}, from: a, until: go, limit: 2 hours, on_reentry: ignore}
initial: a
states:
  a:
    title: {zh: 甲, en: A}
    on: {go: b}
    always: {target: b, guard: clocks.wait.expired}
  b: {title: {zh: 乙, en: B}, always: {target: a, guard: clocks.wait.expired}}
"""


def test_what_would_never_end_once_time_is_up_leaves_the_case_and_is_told() -> None:
    case = made(SPIN).start(FACTS, at=START, id="S-1")
    ticked = case.tick(START + timedelta(days=1))
    assert [breach.clock for breach in ticked.breaches] == ["wait"]
    assert ticked.case.state == "a"
    (entry,) = ticked.entries
    assert entry.microsteps == ()
    (step,) = ticked._firings
    assert [reason.kind for reason in step.reasons] == ["endless"]
    assert ticked.case.tick(START + timedelta(days=2)).entries == ()


def test_a_call_that_time_leads_to_and_that_cannot_be_made_leaves_the_case_and_is_told() -> None:
    service = SERVICE.replace("on_expiry: overdue", "warn_at: 50%").replace(
        "from: waiting", "from: idle"
    )
    service = service.replace("until: idle", "until: closed").replace(
        "on: {report: waiting}",
        "on: {report: waiting}, always: {target: waiting, guard: clocks.wait.expired}",
    )
    case = opened(packed(service=service), line="0105550123").case
    ticked = case.tick(case.at + timedelta(days=30))
    assert ticked.case.state == "idle"
    assert [breach.clock for breach in ticked.breaches] == ["wait"]
    assert [[reason.kind for reason in step.reasons] for step in ticked._firings] == [
        [],
        ["facts_invalid"],
    ]
    made_in_time = opened(packed(service=service)).case
    assert made_in_time.tick(case.at + timedelta(days=30)).case.state == "waiting"


class Stamp(datetime):
    """A host's own instants."""


def test_a_hosts_own_instants_become_instants_of_the_zone_of_the_rules() -> None:
    for zone in (ZONE, UTC, timezone(timedelta(hours=-5))):
        at = Stamp.fromisoformat(START.astimezone(zone).isoformat()).astimezone(zone)
        assert type(at) is Stamp
        case = made(CHAIN).start(FACTS, at=at, id="C-1")
        assert type(case.at) is datetime
        assert (case.at, case.at.tzinfo) == (START, ZONE)


def test_a_run_that_has_ended_is_not_stopped_again() -> None:
    runs = sent(errand().start(FACTS, at=START, id="E-1"), "finish").case._case_state.runs
    assert all(run.ended is not None for run in runs)
    assert [run.stop(START) for run in runs] == [*runs]


@pytest.mark.parametrize("unit", [Unit.MONTHS, Unit.HOURS])
def test_the_end_of_a_limit_is_worked_out_once_a_day(
    unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out: list[datetime] = []

    def count(at: datetime, *rest: Any, **more: Any) -> datetime | Undetermined:
        worked_out.append(at)
        return deadline(at, *rest, **more)

    monkeypatch.setattr(limits, "deadline", count)
    clock = Clock("c", Wording.same("c"), frozenset(), frozenset(), Duration(3, unit))
    next_day, early, late = (
        START + timedelta(days=1), START.replace(year=9896), START.replace(year=9897),
    )  # fmt: skip
    for at in (START, START + timedelta(hours=1), next_day, early, early, late, late):
        assert run_clock(clock, at, ZONE).deadline == deadline(at, Duration(3, unit), ZONE, None)
    assert worked_out == [START, next_day, early, late, late]


def test_machines_of_the_same_text_are_equal_though_each_was_linked_apart() -> None:
    one, two = (made(CHAIN) for _ in range(2))
    sent(one.start(FACTS, at=START, id="C-1"), "go")
    assert one._machine == two._machine
    assert hash(one._machine) == hash(two._machine)
    assert made(CHAIN.replace("workflow: chain", "workflow: other"))._machine != one._machine


def test_instants_are_taken_from_the_second_year_to_the_last_but_one() -> None:
    for year, taken in ((1, False), (2, True), (9998, True), (9999, False)):
        at = START.replace(year=year)
        if taken:
            assert made(TIMED).start(FACTS, at=at, id="T-1").at == at
        else:
            with pytest.raises(TelecomRulesError, match=r"2 \.\. 9998"):
                made(TIMED).start(FACTS, at=at, id="T-1")


def test_the_year_of_an_instant_is_that_in_the_zone_of_the_pack() -> None:
    """The last evening of the last year elsewhere is the first morning of the next one here."""
    for at in (
        datetime(9998, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
        datetime(2, 1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
    ):
        with pytest.raises(TelecomRulesError, match=r"2 \.\. 9998"):
            made(TIMED).start(FACTS, at=at, id="T-1")


CALLING = SERVICE.replace("initial: idle", "initial: waiting")


@pytest.mark.parametrize(
    ("workflow", "plain"),
    [
        (complaint(), True),
        (errand(), True),
        (made(CHAIN), True),
        (made(CHAIN.replace("initial: a", "initial: d")), False),
        (made(CHAIN.replace("initial: a", "initial: b").replace("entry: {e", "exit: {e")), False),
        (made(SPIN), False),
        (made(ERRAND.replace("initial: doing", "initial: parked"), calendar=CALENDAR), False),
        (made(ERRAND.replace("initial: work", "initial: done"), calendar=CALENDAR), False),
        (packed(service=CALLING).workflows["service"], False),
    ],
)
def test_a_start_is_the_short_way_where_nothing_else_follows(
    workflow: Workflow, *, plain: bool
) -> None:
    given = OF_A_CALL if workflow.name == "service" else FACTS
    record = workflow._machine.facts.read(given)
    short = start_on_fast_path(workflow._fast_paths, workflow._machine, record, START)
    long = open_case(workflow._machine, record, START)
    assert isinstance(long, Macrostep)
    assert short == (long.after if plain else None)


@pytest.mark.parametrize(
    ("cites", "told"),
    [
        ("cites: [spec:7.1.2(1)]", ["spec:7.1.2(1)"]),
        ("", ["spec:7.1.1(1)"]),
    ],
)
def test_content_that_fails_is_refused_by_the_clauses_of_the_transition_or_of_its_state(
    cites: str, told: list[str]
) -> None:
    way = f"go: {{target: b, assign: {{reworks: 6 / reworks}}, {cites}}}".replace(", }", "}")
    text = CHAIN.replace("go: {target: b, assign: {content: \"'x'\"}}", way)
    text = text.replace("en: A}, on", "en: A}, cites: [spec:7.1.1(1)], on")
    outcome = made(text).start(FACTS, at=START, id="C-1").send("go", at=START)
    assert isinstance(outcome, Refused)
    assert [str(clause) for clause in outcome.reasons[0].cites] == told


@pytest.mark.parametrize("what", ["emit: {effect: tell,", "raise: {event: ring,"])
def test_a_payload_that_does_not_fit_is_told_with_the_titles_of_its_own_fields(what: str) -> None:
    text = """
workflow: long
version: 1.0.0
title: {zh: 长, en: Long}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
  ring: {title: {zh: 响, en: R}, payload: {note: {type: text, title: {zh: 附言, en: Added}}}}
effects:
  tell: {title: {zh: 通知, en: T}, payload: {note: {type: text, title: {zh: 附言, en: Added}}}}
initial: a
states:
  a: {title: {zh: 甲, en: A}, on: {go: {WHAT with: {note: content + content}}}, ring: {}}}
"""
    case = made(text.replace("WHAT", what)).start({"content": "x" * 6_000}, at=START, id="L-1")
    outcome = case.send("go", at=START)
    assert isinstance(outcome, Refused)
    (reason,) = outcome.reasons
    assert reason.kind == "facts_invalid"
    assert "is invalid: Added: " in en(reason)


REGIONS = """
workflow: regions
version: 1.0.0
title: {zh: 区, en: Regions}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
initial: out
states:
  out: {title: {zh: 外, en: Out}, on: {go: deep}}
  in:
    title: {zh: 内, en: In}
    type: parallel
    states:
      left:
        title: {zh: 左, en: Left}
        initial: waiting
        states:
          waiting: {title: {zh: 等, en: Waiting}, always: {target: through, guard: amount > 1}}
          through: {title: {zh: 过, en: Through}}
      right:
        title: {zh: 右, en: Right}
        initial: first
        states:
          first: {title: {zh: 首, en: First}, always: {target: second, guard: reworks == 0}}
          second: {title: {zh: 次, en: Second}}
      inner:
        title: {zh: 里, en: Inner}
        initial: shallow
        states:
          shallow: {title: {zh: 浅, en: Shallow}}
          both:
            title: {zh: 并, en: Both}
            type: parallel
            states:
              one:
                title: {zh: 一, en: One}
                initial: flat
                states:
                  flat: {title: {zh: 平, en: Flat}}
                  deep: {title: {zh: 深, en: Deep}}
              two: {title: {zh: 二, en: Two}}
"""


def test_entering_a_state_deep_inside_enters_every_region_on_the_way() -> None:
    case = made(REGIONS).start({"amount": 0, "reworks": 1}, at=START, id="R-1")
    assert sent(case, "go").case.states == (
        "in", "left", "waiting", "right", "first", "inner", "both", "one", "deep", "two",
    )  # fmt: skip


def test_a_region_that_waits_for_a_fact_does_not_hold_up_another() -> None:
    case = made(REGIONS).start({"reworks": 0}, at=START, id="R-1")
    assert sent(case, "go").case.state == "waiting+second+deep+two"


LEAVING = """
workflow: leaving
version: 1.0.0
title: {zh: 离, en: Leaving}
facts: complaint
events:
  leave: {title: {zh: 离开, en: Leave}}
initial: in
states:
  in:
    title: {zh: 内, en: In}
    type: parallel
    on: {leave: by_the_whole}
    states:
      left: {title: {zh: 左, en: Left}LEFT}
      right: {title: {zh: 右, en: Right}RIGHT}
  by_the_whole: {title: {zh: 整, en: By the whole}}
  by_the_left: {title: {zh: 由左, en: By the left}}
  by_the_right: {title: {zh: 由右, en: By the right}}
"""


@pytest.mark.parametrize(
    ("left", "right", "reached"),
    [
        ("", "", "by_the_whole"),
        (", on: {leave: by_the_left}", "", "by_the_left"),
        ("", ", on: {leave: by_the_right}", "by_the_right"),
        (", on: {leave: by_the_left}", ", on: {leave: by_the_right}", "by_the_left"),
    ],
)
def test_of_ways_that_leave_the_same_state_the_inner_one_is_taken_or_else_the_first(
    left: str, right: str, reached: str
) -> None:
    case = made(LEAVING.replace("LEFT", left).replace("RIGHT", right))
    assert sent(case.start(FACTS, at=START, id="L-1"), "leave").case.state == reached
