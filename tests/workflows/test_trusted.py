"""A snapshot of a trusted store gives the same case in less time; its seal is still asked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from time import process_time

import pytest

from telecom_rules.digests import calculate_digest
from telecom_rules.errors import SnapshotError, SnapshotMismatch
from telecom_rules.testing import bring_case
from telecom_rules.workflows import Accepted
from tests.shipped import shipped
from tests.workflows.house import FACTS, ZONE, complaint, errand, patrol


def stored(case):
    return json.loads(json.dumps(case.dump()))


def cases():
    """Yield cases with pauses, breaches, warnings, agreed limits, history and open ends."""
    start = datetime(2026, 3, 2, 9, tzinfo=ZONE)
    for workflow in complaint(), errand(), patrol():
        case = workflow.start(FACTS, at=start, id="E-1")
        yield case
        for event in "park", "reply", "ask", "record", "finish":
            outcome = case.send(event, at=case.at + timedelta(hours=30))
            if isinstance(outcome, Accepted):
                case = outcome.case
                yield case
        yield case.tick(case.at + timedelta(days=40)).case
    for name in "complaint_handling", "network_change", "arrears_handling":
        workflow = shipped().workflows[name]
        for state in [*workflow.states][:4]:
            if not workflow.states[state].children:
                yield bring_case(workflow, state).case


def test_a_trusted_snapshot_gives_the_very_case_that_the_long_way_gives():
    told = 0
    for case in cases():
        snapshot = stored(case)
        short = case.workflow.restore(snapshot, trusted=True)
        assert short == case.workflow.restore(snapshot) == case
        assert (short.head, short.next_due, short.due) == (case.head, case.next_due, case.due)
        assert short.dump() == case.dump()
        assert short.at.tzinfo is case.at.tzinfo
        told += 1
    assert told > 15


def test_the_seal_is_asked_all_the_same():
    case = complaint().start(FACTS, at=datetime(2026, 3, 2, 9, tzinfo=ZONE), id="C-1")
    snapshot = stored(case)
    for key, value in ("at", "2026-03-03T09:00:00+08:00"), ("states", ["open"]), ("head", None):
        with pytest.raises(SnapshotError, match="seal"):
            complaint().restore({**snapshot, key: value}, trusted=True)


def test_what_is_unusual_goes_the_long_way_and_is_told_as_there():
    case = complaint().start(FACTS, at=datetime(2026, 3, 2, 9, tzinfo=ZONE), id="C-1")
    for change in {"states": ["nowhere"]}, {"clocks": 5}, {"facts": {"grade": 5}}, {"at": "x"}:
        changed = {**stored(case), **change}
        changed["seal"] = calculate_digest({k: v for k, v in changed.items() if k != "seal"})
        with pytest.raises(SnapshotError) as caught:
            complaint().restore(changed, trusted=True)
        with pytest.raises(SnapshotError) as again:
            complaint().restore(changed)
        assert caught.value.explain("en") == again.value.explain("en")
    with pytest.raises(SnapshotMismatch):
        patrol().restore(stored(case), trusted=True)


def test_it_takes_less_time():
    case = bring_case(shipped().workflows["complaint_handling"], "answered").case
    snapshot = stored(case)

    def measure(**options):
        begin = process_time()
        for _ in range(400):
            case.workflow.restore(snapshot, **options)
        return process_time() - begin

    measure()
    assert min(measure(trusted=True) for _ in range(3)) < min(measure() for _ in range(3))
