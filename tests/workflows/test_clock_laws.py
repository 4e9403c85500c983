"""Laws of clocks on random workflows whose expiries start, stop, pause and resume one another."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telecom_rules.workflows import Accepted, Case, Workflow
from tests.workflows.house import CALENDAR, FACTS, ZONE, made

TITLE = {"zh": "态", "en": "State"}
STATES = ("s0", "s1", "s2")
EVENTS = ("a", "b", "x0", "x1", "x2")
"""The last three are raised by the clocks."""
FIXED = ("today + days(1)", "today", "now")
COUNTED = (
    "1 days", "2 days", "3 working days", "1 month", "5 hours", "24 hours", "1 minutes",
    "reworks days", "(reworks + 1) hours", "parameters.complaint_reply",
)  # fmt: skip
HOUSE = replace(CALENDAR, close_of_business=time(17, 30))
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


def clock(choose: random.Random, number: int) -> dict[str, Any]:
    """Return a clock that raises the event of its number."""
    limit = choose.choice(FIXED + COUNTED)
    written: dict[str, Any] = {
        "title": TITLE,
        "from": choose.sample(STATES + EVENTS, 2),
        "until": choose.choice(STATES + EVENTS),
        "limit": limit,
        "on_expiry": f"x{number}",
    }
    if limit in COUNTED:
        written["on_reentry"] = choose.choice(("restart", "continue", "ignore"))
        if choose.random() < 0.5:
            written["pause_in"] = choose.choice(STATES)
    if choose.random() < 0.5:
        written["warn_at"] = choose.choice(("50%", "80%", "99%"))
    if limit.startswith("parameters") and choose.random() < 0.5:
        written["figures"] = "in_force"
    if limit in {"1 days", "3 working days", "1 month", "today", *FIXED[:1]}:
        written["ends"] = choose.choice(("end_of_day", "close_of_business"))
    return written


def transition(choose: random.Random) -> dict[str, Any]:
    """Return a transition to any state, or one that stays and changes what limits read."""
    if choose.random() < 0.2:
        return {"assign": {"reworks": {"value": "(reworks + 1) % 4", "when": "clocks.c0.expired"}}}
    return {"target": choose.choice(STATES), "reenter": choose.random() < 0.5}


def workflow(choose: random.Random) -> Workflow:
    """Return a random workflow."""
    states: dict[str, Any] = {
        name: {
            "title": TITLE,
            "on": {each: transition(choose) for each in EVENTS if choose.random() < 0.7},
        }
        for name in STATES
    }
    text = {
        "workflow": "random",
        "version": "1.0.0",
        "title": TITLE,
        "facts": "complaint",
        "events": {each: {"title": TITLE} for each in EVENTS},
        "clocks": {f"c{number}": clock(choose, number) for number in range(3)},
        "initial": "s0",
        "states": states,
    }
    return made(json.dumps(text), calendar=HOUSE)


def next_instant(choose: random.Random, case: Case) -> datetime:
    """Return an instant from the last one on: often a midnight, a deadline or just beside one."""
    due = case.next_due
    if due is not None and choose.random() < 0.5:
        return max(case.at, due + choose.choice((-MICROSECOND, timedelta(), MICROSECOND)))
    later = case.at + timedelta(hours=choose.choice((0, 1, 7, 24, 40)))
    if choose.random() < 0.4:
        return (later + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    return later


def check_runs(case: Case) -> None:
    """Check what must be so of the clocks of every case."""
    assert case.next_due is None or case.next_due >= case.at
    for run in case.clocks.values():
        instants = [run.started, *(at for each in run.pauses for at in each)]
        assert all(one <= other for one, other in pairwise(instants))
        assert run.elapsed(case.at) >= timedelta()
        if run.deadline is not None:
            assert instants[-1] <= run.deadline
            assert run.warning is None or run.started <= run.warning <= run.deadline


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_clocks_stay_in_order_and_come_back_from_every_snapshot(seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - no secret
    chart = workflow(choose)
    start = datetime(2026, choose.randint(1, 11), choose.randint(1, 28), tzinfo=ZONE)
    opened = chart.open(FACTS, at=start + timedelta(hours=choose.choice((0, 9))), id="r")
    case, entries = opened.case, [opened.entry]
    for _ in range(12):
        at = next_instant(choose, case)
        outcome: Any = case.send(choose.choice("ab"), at=at)
        if not isinstance(outcome, Accepted):
            outcome = case.tick(at)
        case, entries = outcome.case, [*entries, *outcome.entries]
        check_runs(case)
        again = chart.restore(json.loads(json.dumps(case.dump())))
        assert again == case
        assert again.due == case.due
    assert chart.replay(entries) == case
