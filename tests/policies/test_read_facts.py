"""Facts read by generated statements: what the readers give, and usual values without them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from telecom_rules.policies.engine import FALLBACK_ERRORS
from telecom_rules.policies.fast import build_facts_function, read_facts
from telecom_rules.policies.policy import engine_of
from telecom_rules.vocabulary.values import Unfit, read_value
from tests.policies.house import DAY, SEVERITY, house

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.policies import Policy
    from telecom_rules.policies.engine import FactsFunction
    from telecom_rules.vocabulary import Field


class Severity(StrEnum):
    """A host's own codes."""

    GRAVE = "grave"


class Count(int):
    """A host's own number."""


class Note(str):
    """A host's own text."""

    __slots__ = ()


class Day(date):
    """A host's own day."""


DIGITS = "123456789012345678"
MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
USUAL: dict[str, list[object]] = {
    "type: severity": ["minor", "grave"],
    "type: boolean": [True, False],
    "type: integer": [0, -1, 7, 2**63 - 1, -(2**63)],
    "type: integer, min: 3, max: 5": [3, 4, 5],
    "type: integer, min: 3": [3, 2**63 - 1],
    "type: integer, max: 5": [5, -(2**63)],
    "type: text": ["", "abc", "a" * 10_000],
    "type: text, max_length: 3": ["", "abc"],
    "type: date": [DAY],
    "type: money": ["0", "7", "0.00", "12.50", DIGITS, f"{DIGITS}.99"],
    "type: money, min: 0": ["0", "0.00", "12.50"],
    "type: money, min: 3, max: 5": ["3", "3.00", "4.99", "5", "5.00"],
    "type: money, min: 0.01": ["0.01", "1", f"{DIGITS}.99"],
    "type: money, max: 5": ["0", "0.00", "5.00"],
}
"""Values that are canonical already, or nearly, of each kind of field."""
OTHERS = ["type: decimal", "type: decimal, min: 3", "type: instant", "type: span"]
"""Kinds of fields whose values are always read by the readers."""
ODD: list[object] = [
    None, "", " ", "x", "minor ", "Grave", Severity.GRAVE, Note("minor"), Note("7"), Note("汉字"),
    "汉字", "汉" * 4, "\ud800", "a" * 4, "a" * 10_001,
    True, False, 0, 1, 2, 3, 5, 6, -1, Count(4), 2**63, -(2**63) - 1, 10**30,
    1.0, 4.5, float("nan"), float("inf"),
    Decimal(4), Decimal("4.50"), Decimal("4.505"), Decimal("-0"), Decimal("NaN"), Decimal("1E+5"),
    "1", "01", "007.00", "-1", "-1.00", "+1.00", "4.5", "4.505", "4.", ".50", ".00", "1e3",
    "1_0.00", " 4.00", "４.00", "٣", "1.2.50", "1..50", "4,50", "2.99", "5.01", "6",
    "0.00", "00", "0.0",
    f"{DIGITS}9", f"{DIGITS}9.00", f"{DIGITS}.999",
    "2026-03-01", "2026-02-30", "2026-3-1", "20260301", Day(2026, 3, 2), MOMENT,
    MOMENT.isoformat(), timedelta(hours=1), "3600s", b"grave", (), [], {}, [1, 2], [4, "x"],
    ["minor"], object, object(),
]  # fmt: skip
"""Values of every other kind."""


@cache
def policy_on(kind: str) -> Policy:
    """Return a policy that gives back its only fact, which has this kind of field."""
    stated, _, _ = kind.partition(",")
    facts = f"""
facts: thing
title: {{zh: 物, en: Thing}}
fields:
  one: {{title: {{zh: 一, en: One}}, {kind}}}
"""
    policy = f"""
policy: echo
title: {{zh: 回, en: Echo}}
facts: thing
hit_policy: first
outputs: {{one: {{title: {{zh: 一, en: One}}, {stated}}}}}
rules: [{{id: all, then: {{one: one}}}}]
"""
    return house(policy, words=(SEVERITY, facts))["echo"]


def generated(kind: str) -> FactsFunction:
    """Return the function generated for a mapping."""
    edition = engine_of(policy_on(kind)).build_edition(DAY)
    assert edition is not None
    decide = build_facts_function(edition, dict, lambda *_: pytest.fail("the record is made"))
    assert decide is not None
    return decide


def field_of(kind: str) -> Field:
    return policy_on(kind).facts.fields["one"]


def read_by(read: Callable[[], Any]) -> tuple[type, str] | None:
    """Return the type and form of a value that is read, or nothing where it is refused."""
    try:
        value = read()
    except FALLBACK_ERRORS:
        return None
    return type(value), repr(value)


@pytest.mark.parametrize("kind", [*USUAL, *OTHERS])
def test_every_value_is_read_as_its_reader_reads_it(kind: str) -> None:
    decide, field = generated(kind), field_of(kind)
    for value in (*USUAL.get(kind, ()), *ODD):
        given = read_by(lambda: decide({"one": value}, DAY).outputs["one"])  # noqa: B023 - called at once
        assert given == read_by(lambda: read_value(field, value)), value  # noqa: B023 - likewise


@pytest.mark.parametrize("kind", USUAL)
def test_usual_values_are_read_without_a_reader(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(field: Field, value: object) -> Any:
        raise AssertionError(value)

    monkeypatch.setattr(read_facts, "reader_of", lambda _: refuse)
    decide = generated(kind)
    for value in USUAL[kind]:
        decide({"one": value}, DAY)


@pytest.mark.parametrize("kind", [*USUAL, *OTHERS])
def test_a_value_that_does_not_fit_is_refused_by_its_reader(kind: str) -> None:
    decide = generated(kind)
    with pytest.raises(Unfit):
        decide({"one": object()}, DAY)
