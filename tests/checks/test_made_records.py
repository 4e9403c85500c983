"""Records that are tried where two packs may differ could be records of somebody."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from telecom_rules.checks.strictness.made_records import (
    iter_arbitrary_records,
    iter_ordinary_records,
)
from telecom_rules.errors import InconsistentFacts
from tests.shipped import shipped

if TYPE_CHECKING:
    from telecom_rules.checks.strictness.made_records import Facts
    from telecom_rules.vocabulary import FactType

CANCELLATION = "cancellation"


def is_consistent(record: Facts, facts: FactType) -> bool:
    try:
        facts.read(record)
    except InconsistentFacts:
        return False
    return True


def test_days_of_an_ordinary_record_are_apart_and_in_the_order_that_the_facts_ask_for() -> None:
    facts = shipped().vocabulary.facts[CANCELLATION]
    _, *further = iter_ordinary_records(facts)
    for record in further:
        days = {name: each for name, each in record.items() if isinstance(each, date)}
        assert len(set(days.values())) == len(days) > 3
        assert days["requested_on"] < days["pickup_offered_for"]
        assert days["requested_on"] < days["done_on"]


def test_most_arbitrary_records_contradict_nothing_where_only_an_order_is_asked_for() -> None:
    facts = shipped().vocabulary.facts[CANCELLATION]
    found = [is_consistent(each, facts) for each in iter_arbitrary_records(facts)]
    assert sum(found) > len(found) / 2


def test_every_moment_is_of_a_year_whose_working_days_are_known() -> None:
    calendar = shipped().calendars["china"]
    for facts in shipped().vocabulary.facts.values():
        usual, *_ = iter_ordinary_records(facts)
        moments = [each for each in usual.values() if isinstance(each, date | datetime)]
        assert {each.year for each in moments} <= set(calendar.years)
