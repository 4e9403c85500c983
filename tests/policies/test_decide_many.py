"""Many rows are decided one by one, and a bad one is a value in its place."""

from __future__ import annotations

from datetime import date
from itertools import count, islice

import pytest

from telecom_rules.errors import ArgumentError, FactsError
from telecom_rules.policies import Decision
from tests.shipped import shipped

DAY = date(2026, 3, 2)
GOOD = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}


def policy():
    return shipped().policies["complaint_grade"]


def test_each_row_has_the_decision_that_it_has_alone():
    rows = [GOOD, {**GOOD, "media_involved": True}, {}]
    assert list(policy().decide_many(rows, on=DAY)) == [
        policy().decide(each, on=DAY) for each in rows
    ]


def test_a_bad_row_is_an_error_in_its_place_and_the_others_go_on():
    rows = [GOOD, {**GOOD, "earlier_complaints": "many"}, 5, GOOD]
    found = list(policy().decide_many(rows, on=DAY))
    assert [type(each) for each in found] == [Decision, FactsError, FactsError, Decision]
    assert "earlier_complaints" in str(found[1])
    assert found[1].__traceback__ is None
    assert [at for at, each in enumerate(found) if not isinstance(each, Decision)] == [1, 2]


def test_rows_are_read_only_when_their_decision_is_asked_for():
    read = []
    rows = (read.append(number) or GOOD for number in count())
    decisions = policy().decide_many(rows, on=DAY)
    assert read == []
    assert len(list(islice(decisions, 3))) == 3
    assert read == [0, 1, 2]


def test_what_the_source_of_the_rows_raises_is_the_hosts():
    def broken():
        yield GOOD
        raise OSError("cursor closed")

    decisions = policy().decide_many(broken(), on=DAY)
    assert isinstance(next(decisions), Decision)
    with pytest.raises(OSError, match="cursor closed"):
        next(decisions)


@pytest.mark.parametrize("rows", [5, None, "rows", b"rows", GOOD, object()])
def test_what_is_not_rows_is_refused_at_once(rows):
    with pytest.raises(ArgumentError) as caught:
        policy().decide_many(rows, on=DAY)
    assert caught.value.argument == "rows"


def test_a_day_of_another_kind_is_refused_at_once():
    with pytest.raises(ArgumentError) as caught:
        policy().decide_many([GOOD], on="2026-03-02")
    assert caught.value.argument == "on"
