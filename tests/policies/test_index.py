"""The index over a long table: for a value, the rows that can hold and no others, in order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.fast import index
from telecom_rules.policies.fast.index import MOST_LINEAR_ROWS, build_index
from telecom_rules.policies.policy import engine_of
from tests.policies.house import DAY, house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.policies.fast.index import RowFinder
    from telecom_rules.policies.rules import Row

FIELDS = ("severity", "illegal_gain", "is_crime", "repeats", "harm", "corrected_on")
TABLE = """
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: first
outputs: {level: integer}
rules:
"""


def rows_of(conditions: list[str]) -> tuple[Row, ...]:
    """Return the rows with these conditions: cells in braces, or an expression."""
    written = [each if each.startswith("{") else repr(each) for each in conditions]
    lines = [
        f"  - {{id: r{at}, when: {each}, then: {{level: '{at}'}}}}\n"
        for at, each in enumerate(written)
    ]
    edition = engine_of(house(TABLE + "".join(lines))["p"]).build_edition(DAY)
    assert isinstance(edition, TableEdition)
    return edition.ordered_rows


class Index:
    """An index over rows.

    Attributes:
        built: the groups of rows that are to be tried one by one.
        asked: those that were.
    """

    def __init__(self, *conditions: str) -> None:
        self.built: list[tuple[int, ...]] = []
        self.asked: list[tuple[int, ...]] = []
        rows = rows_of([*conditions])
        self.every = tuple(range(len(rows)))
        self.find = build_index(rows, self.every, FIELDS, self.linear)

    def linear(self, rows: Sequence[int]) -> RowFinder:
        self.built.append(tuple(rows))

        def find(*_: object) -> int:
            self.asked.append(tuple(rows))
            return -1

        return find

    def tried(self, **facts: object) -> tuple[int, ...]:
        """Return the rows that are tried one by one for some facts."""
        self.asked.clear()
        self.find(*(facts.get(name) for name in FIELDS))
        (group,) = self.asked
        return group


def numbered(condition: str, size: int = MOST_LINEAR_ROWS + 1) -> list[str]:
    """Return so many conditions, each with its number for `AT`."""
    return [condition.replace("AT", str(at)) for at in range(size)]


@pytest.mark.parametrize(
    "condition",
    [
        "{repeats: 'AT'}",
        "repeats == AT",
        "AT == repeats",
        "is_crime && (illegal_gain > 5 && repeats == AT)",
        "repeats in [AT]",
        "{repeats: 'AT, AT'}",
    ],
)
def test_rows_that_ask_one_value_of_a_fact_are_found_by_it(condition: str) -> None:
    rows = Index(*numbered(condition))
    assert rows.tried(repeats=3) == (3,)
    assert rows.tried(repeats=99) == ()


def test_a_row_that_lists_values_is_found_by_each_of_them() -> None:
    rows = Index(*numbered("{repeats: 'AT, 1AT'}"))
    assert rows.tried(repeats=4) == (4,)
    assert rows.tried(repeats=14) == (4, 14)


def test_rows_that_do_not_ask_a_fact_are_tried_for_every_value_of_it() -> None:
    rows = Index("{severity: grave}", *numbered("{repeats: 'AT'}"), "is_crime")
    assert rows.tried(repeats=3) == (0, 4, 18)
    assert rows.tried(repeats=99) == (0, 18)
    assert rows.tried(repeats=None) == (0, 18)


def test_a_row_that_asks_a_fact_twice_is_found_by_what_both_leave() -> None:
    rows = Index(*numbered("repeats in [AT, 77] && repeats in [AT, 78]"))
    assert rows.tried(repeats=3) == (3,)
    assert rows.tried(repeats=77) == ()


@pytest.mark.parametrize(
    "condition",
    [
        "repeats > AT",
        "{repeats: '> AT'}",
        "repeats != AT",
        "!(repeats == AT)",
        "repeats == AT || is_crime",
        "repeats in [AT, 5 - AT]",
        "repeats == AT + 1",
        "double(repeats) == AT.5",
        "!(repeats in [AT])",
    ],
)
def test_rows_that_may_hold_for_any_value_are_all_tried(condition: str) -> None:
    rows = Index(*numbered(condition))
    assert rows.tried(repeats=3) == rows.every


@pytest.mark.parametrize(
    ("fact", "cells"),
    [
        ("severity", {"minor": "minor", "serious": "serious", "grave": "grave"}),
        ("is_crime", {"true": True, "false": False}),
        ("illegal_gain", {f"{at}.50": Decimal(f"{at}.50") for at in range(20)}),
        ("corrected_on", {f"2026-03-{day}": DAY.replace(day=day) for day in range(10, 30)}),
    ],
)
def test_codes_truth_values_amounts_and_days_are_found_by_their_values(
    fact: str, cells: dict[str, object]
) -> None:
    rows = Index(*[f"{{{fact}: '{cell}'}}" for cell in cells] * (20 // len(cells)))
    for at, value in enumerate(cells.values()):
        assert rows.tried(**{fact: value}) == rows.every[at :: len(cells)]


def test_a_short_table_is_tried_row_by_row() -> None:
    assert Index(*numbered("{repeats: 'AT'}", MOST_LINEAR_ROWS)).built == [
        tuple(range(MOST_LINEAR_ROWS))
    ]


def test_a_large_group_is_indexed_by_a_second_fact() -> None:
    several = range(MOST_LINEAR_ROWS + 1)
    rows = Index(
        *(
            f"{{repeats: '{first}', illegal_gain: '{second}'}}"
            for first in several
            for second in several
        )
    )
    assert rows.tried(repeats=3, illegal_gain=Decimal(5)) == (3 * len(several) + 5,)
    assert rows.tried(repeats=3, illegal_gain=Decimal(99)) == ()
    assert rows.built == [(3 * len(several) + 5,), ()]


def test_a_fact_is_chosen_only_if_its_groups_are_half_the_rows_at_most() -> None:
    many = ["{severity: minor}"] * 12 + ["{severity: grave}"] * 8
    assert Index(*many).tried(severity="grave") == tuple(range(20))
    even = ["{severity: minor}"] * 10 + ["{severity: grave}"] * 10
    assert Index(*even).tried(severity="grave") == tuple(range(10, 20))
    few = [*numbered("{repeats: 'AT'}", 9), *["is_crime"] * 11]
    assert Index(*few).tried(repeats=3) == tuple(range(20))


def test_rows_are_not_copied_into_groups_without_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*numbered("{repeats: 'AT'}"), "is_crime", "{severity: grave}"]
    copies = 2 * (MOST_LINEAR_ROWS + 1)
    monkeypatch.setattr(index, "MOST_COPIED_ROWS", copies)
    assert Index(*rows).tried(repeats=3) == (3, 17, 18)
    monkeypatch.setattr(index, "MOST_COPIED_ROWS", copies - 1)
    assert Index(*rows).built == [tuple(range(len(rows)))]


def test_what_was_built_for_a_value_is_kept() -> None:
    rows = Index(*numbered("{repeats: 'AT'}"))
    assert rows.built == []
    for value in (3, 99, 3, 98, None):
        rows.tried(repeats=value)
    assert rows.built == [(3,), ()]
