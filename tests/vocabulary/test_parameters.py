"""Parameters: the figure of each day, and what can be wrong with figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.errors import NotInForce
from telecom_rules.findings import Severity
from telecom_rules.vocabulary import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    LIMIT,
    MONEY,
    TEXT,
    Confidence,
    Duration,
    ParameterKind,
    Period,
    Stricter,
    Type,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.findings import Finding
    from telecom_rules.vocabulary import Vocabulary

    Link = Callable[..., tuple[Vocabulary, list[Finding]]]

DAY = timedelta(days=1)


def parameter(*values: str, unit: str = "hours", extra: str = "") -> str:
    lines = "\n".join(f"  - {{{value}, confidence: high}}" for value in values)
    title = "title: {zh: 参数, en: Parameter}"
    return f"parameter: p\n{title}\nunit: {unit}\nstricter: lower\n{extra}\nvalues:\n{lines}"


def test_the_figure_changes_on_the_day_the_new_one_begins(words: Vocabulary) -> None:
    reply = words.parameters["reply"]
    change = date(2016, 7, 30)
    assert reply.on(change - DAY).value == Duration(30, Unit.CALENDAR_DAYS)
    assert reply.on(change).value == Duration(15, Unit.CALENDAR_DAYS)
    assert reply.on(date.max).value == Duration(15, Unit.CALENDAR_DAYS)


def test_before_the_first_day_nothing_is_in_force(words: Vocabulary) -> None:
    reply = words.parameters["reply"]
    first = date(2005, 4, 20)
    assert reply.is_in_force(first)
    assert not reply.is_in_force(first - DAY)
    with pytest.raises(NotInForce) as caught:
        reply.on(first - DAY)
    assert (caught.value.name, caught.value.on) == ("reply", first - DAY)


def test_a_figure_carries_its_clauses_days_and_confidence(words: Vocabulary) -> None:
    value = words.parameters["reply"].on(date(2010, 1, 1))
    assert [str(clause) for clause in value.cites] == ["telecom:39(1)"]
    assert (value.since, value.until) == (date(2005, 4, 20), date(2016, 7, 30))
    assert value.confidence is Confidence.MEDIUM
    assert value.wording == ("30 日", "30 days")


def test_a_parameter_says_what_it_is(words: Vocabulary) -> None:
    reply = words.parameters["reply"]
    assert (reply.unit, reply.type) == (Unit.CALENDAR_DAYS, LIMIT)
    assert (reply.kind, reply.stricter) == (ParameterKind.LAW, Stricter.LOWER)


@pytest.mark.parametrize(
    ("unit", "extra", "written", "value", "type_", "en"),
    [
        ("hours", "", "48", Duration(48, Unit.HOURS), LIMIT, "48 hours"),
        ("months", "", "2", Duration(2, Unit.MONTHS), LIMIT, "2 months"),
        (
            "working_days",
            "type: integer",
            "5",
            Duration(5, Unit.WORKING_DAYS),
            LIMIT,
            "5 working days",
        ),
        ("percent", "", "1.50", Decimal("1.5"), DECIMAL, "1.5%"),
        ("yuan", "", "150000", Decimal("150000.00"), MONEY, "CNY 150,000"),
        ("yuan", "type: integer", "150000", 150000, INTEGER, "CNY 150,000"),
        ("times", "", "1", 1, INTEGER, "1 time"),
        ("times", "", "2", 2, INTEGER, "2 times"),
        ("persons", "", "1", 1, INTEGER, "1 person"),
        ("persons", "", "500000", 500000, INTEGER, "500,000 persons"),
        ("multiple", "", "5", 5, INTEGER, "5 times as much"),
        ("seconds", "", "15", Decimal(15), DECIMAL, "15 seconds"),
        ("seconds", "", "10.3", Decimal("10.3"), DECIMAL, "10.3 seconds"),
        ("none", "", "0.85", Decimal("0.85"), DECIMAL, "0.85"),
        ("none", "type: integer", "90", 90, INTEGER, "90"),
        ("none", "type: money", "0.01", Decimal("0.01"), MONEY, "CNY 0.01"),
        ("none", "type: boolean", "false", False, BOOLEAN, "no"),
        ("none", "type: text", "'0000'", "0000", TEXT, "0000"),
    ],
)
def test_a_figure_is_typed_by_its_unit_or_as_told(
    link_files: Link, unit: str, extra: str, written: str, value: object, type_: Type, en: str
) -> None:
    words, found = link_files(
        parameter(f"from: 2020-01-01, value: {written}", unit=unit, extra=extra)
    )
    assert not found
    figure = words.parameters["p"].on(date(2020, 1, 1))
    assert figure.value == value
    assert type(figure.value) is type(value)
    assert words.parameters["p"].type is type_
    assert figure.wording.en == en


@pytest.mark.parametrize(
    ("unit", "extra", "written", "code"),
    [
        ("hours", "", "48.5", "TR105"),
        ("hours", "", "two", "TR105"),
        ("hours", "", "0", "TR111"),
        ("hours", "", "-1", "TR111"),
        ("calendar_days", "", "36501", "TR111"),
        ("calendar_days", "", "9223372036854775808", "TR111"),
        ("hours", "", "'48'", "TR103"),
        ("yuan", "", "0.001", "TR120"),
        ("yuan", "", "1e3", "TR106"),
        ("none", "type: boolean", "yes", "TR107"),
        ("none", "type: text", "0000", "TR014"),
        ("hours", "type: decimal", "1", "TR120"),
        ("percent", "type: boolean", "true", "TR120"),
        ("hours", "type: number", "1", "TR109"),
        ("weeks", "", "1", "TR109"),
    ],
)
def test_a_figure_that_does_not_fit_is_reported_and_the_parameter_left_out(
    link_files: Link, unit: str, extra: str, written: str, code: str
) -> None:
    words, found = link_files(
        parameter(f"from: 2020-01-01, value: {written}", unit=unit, extra=extra)
    )
    assert [each.id for each in found] == [code]
    assert found[0].wording.zh
    assert "p" not in words.parameters


def test_a_setting_that_is_switched_off_says_so_and_not_a_sum(link_files: Link) -> None:
    text = parameter(
        "from: 2020-01-01, value: 0",
        "from: 2021-01-01, value: 30",
        unit="yuan",
        extra="type: money\nkind: setting\noff: 0",
    ).replace(", confidence: high", "")
    words, found = link_files(text)
    assert found == []
    off, on = words.parameters["p"].values
    assert (off.value, off.wording) == (0, ("未设置", "not set"))
    assert on.wording == ("30 元", "CNY 30")


def test_a_figure_of_the_law_is_never_switched_off(link_files: Link) -> None:
    _, found = link_files(parameter("from: 2020-01-01, value: 1", extra="off: 1"))
    assert [each.id for each in found] == ["TR120"]


def test_a_figure_needs_a_confidence(link_files: Link) -> None:
    text = parameter("from: 2020-01-01, value: 1").replace(", confidence: high", "")
    _, found = link_files(text)
    assert [(each.id, each.values["key"]) for each in found] == [("TR101", "confidence")]


def test_without_an_end_a_figure_holds_until_the_next_begins(link_files: Link) -> None:
    words, found = link_files(parameter("from: 2024-01-01, value: 2", "from: 2020-01-01, value: 1"))
    assert not found
    values = words.parameters["p"].values
    assert [value.in_force for value in values] == [
        Period(date(2020, 1, 1), date(2024, 1, 1)),
        Period(date(2024, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("from: 2020-01-01, until: 2022-01-02", "from: 2022-01-01", "TR601"),
        ("from: 2022-01-01", "from: 2022-01-01", "TR601"),
        ("from: 2020-01-01, until: 2020-01-01", "from: 2022-01-01", "TR602"),
        ("from: 2020-01-01, until: 2019-01-01", "from: 2022-01-01", "TR602"),
        ("from: 2020-01-01, until: 2021-12-31", "from: 2022-01-01", "TR603"),
    ],
)
def test_dates_that_do_not_follow_on_each_other_are_reported(
    link_files: Link, first: str, second: str, code: str
) -> None:
    for texts in ((first, second), (second, first)):
        _, found = link_files(parameter(*(f"{text}, value: 1" for text in texts)))
        assert [each.id for each in found] == [code]
        assert (found[0].severity is Severity.WARNING) == (code == "TR603")
        assert found[0].wording.zh


def test_a_gap_is_named_with_its_first_and_last_day(link_files: Link) -> None:
    words, found = link_files(
        parameter("from: 2020-01-01, until: 2021-12-31, value: 1", "from: 2022-01-03, value: 2")
    )
    assert found[0].wording.en == "`p` has no value in force from 2021-12-31 to 2022-01-02"
    assert not words.parameters["p"].is_in_force(date(2021, 12, 31))
    assert not words.parameters["p"].is_in_force(date(2022, 1, 2))


def test_an_overlap_points_at_both_figures(link_files: Link) -> None:
    _, found = link_files(
        parameter("from: 2020-01-01, until: 2023-01-01, value: 1", "from: 2022-01-01, value: 2")
    )
    assert found[0].span.line == 8
    assert [each.span.line for each in found[0].related] == [7]


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_a_period_includes_its_first_day_and_not_the_day_it_ends_on(
    since: date, until: date | None, day: date
) -> None:
    assert (day in Period(since, until)) == (since <= day and (until is None or day < until))


DAYS = st.none() | st.dates(date(2000, 1, 1), date(2000, 3, 1))


@given(DAYS, DAYS, DAYS, DAYS, st.dates(date(1999, 12, 1), date(2000, 4, 1)))
def test_the_days_of_two_periods_are_those_in_both(
    since: date | None, until: date | None, other: date | None, end: date | None, day: date
) -> None:
    one, two = Period(since, until), Period(other, end)
    assert (day in (one & two)) == (day in one and day in two)
    assert one & two == two & one
    assert one & Period() == one
