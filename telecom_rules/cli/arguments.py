"""Arguments that several verbs have, and the reading of those that are more than a text.

A value is read when its verb runs, and not by argparse: so a wrong one is told in the language of
the verb, with a right one beside it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.status import UsageError
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    import argparse
    from datetime import timezone


INSTANT_EXPECTED = Wording(
    "时刻应写作 2026-03-01T09:00:00+08:00 并带时区，而不是 `{text}`",
    "expected an instant such as 2026-03-01T09:00:00+08:00, found `{text}`",
)
DAY_EXPECTED = Wording(
    "日期应写作 2026-03-01，而不是 `{text}`", "expected a date such as 2026-03-01, found `{text}`"
)
PERCENT_EXPECTED = Wording(
    "应为 0 至 100 的数，如 80，而不是 `{text}`",
    "expected a number from 0 to 100 such as 80, found `{text}`",
)
COUNT_EXPECTED = Wording(
    "应为不小于 0 的整数，如 90，而不是 `{text}`",
    "expected a whole number from 0 such as 90, found `{text}`",
)
LONGEST_COUNT = 9
"""Digits of a whole number."""
TODAY = "today"
HUNDRED_PERCENT = 100
"""Per cent."""


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules`, the pack of a verb that is about one of its parts."""
    parser.add_argument(
        "--rules", metavar="PATH", help="the pack to use (default: the shipped pack)"
    )


def add_path(parser: argparse.ArgumentParser, meaning: str) -> None:
    """Add the optional `path` of a verb that is about a whole pack."""
    parser.add_argument("path", nargs="?", help=f"{meaning} (default: the shipped pack)")


def add_records(parser: argparse.ArgumentParser, option: str = "--records") -> None:
    """Add the file of records of a verb that puts them to a policy."""
    parser.add_argument(
        option, required=True, type=Path, metavar="FILE", help="records: .json, .jsonl or .csv"
    )


def add_law_day(parser: argparse.ArgumentParser) -> None:
    """Add `--on`, the day whose law applies to a record: one for all, or a fact of each."""
    parser.add_argument(
        "--on",
        metavar="DATE|FIELD",
        help="the day whose law applies, or the fact with that day (default: today)",
    )


def add_cases(parser: argparse.ArgumentParser) -> None:
    """Add `--cases`, the snapshots of a verb that says what becomes of open cases."""
    parser.add_argument(
        "--cases",
        type=Path,
        metavar="FILE",
        help="snapshots of cases, .json or .jsonl: which of the open ones would be stranded",
    )


def find_instant(text: str) -> datetime | None:
    """Return an instant with its offset from UTC in a year that cases have, or `None`."""
    from telecom_rules.workflows.engine.instants import FIRST_YEAR, LAST_YEAR

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is not None and FIRST_YEAR <= at.year <= LAST_YEAR else None


def read_instant(option: str, text: str | None) -> datetime | None:
    """Return the instant of an option, or `None` if that was not given.

    Raises:
        UsageError: it is not an instant with its offset from UTC.
    """
    at = None if text is None else find_instant(text)
    if text is not None and at is None:
        raise build_usage_error(option, INSTANT_EXPECTED, text)
    return at


def read_day(option: str, text: str | None, zone: timezone) -> date:
    """Return the day of an option, or today where it was not given.

    Raises:
        UsageError: it is not a day.
    """
    if text is None:
        return datetime.now(zone).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise build_usage_error(option, DAY_EXPECTED, text) from None


def read_given_day(option: str, text: str | None) -> date | None:
    """Return the day of an option, `today` by the clock of this machine, or `None` without one.

    Raises:
        UsageError: it is not a day.
    """
    if text is None:
        return None
    here = datetime.now().astimezone()
    return here.date() if text == TODAY else read_day(option, text, UTC)


def read_count(option: str, text: str) -> int:
    """Return the whole number, from 0, of an option.

    Raises:
        UsageError: it is not one.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT):
        raise build_usage_error(option, COUNT_EXPECTED, text)
    return int(text)


def read_percent(option: str, text: str | None) -> float | None:
    """Return the share of an option in per cent, or `None` if that was not given.

    Raises:
        UsageError: it is not a number from 0 to 100.
    """
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= HUNDRED_PERCENT:
        raise build_usage_error(option, PERCENT_EXPECTED, text)
    return value


def build_usage_error(option: str, expected: Wording, text: str) -> UsageError:
    """Return the error for a value of an option."""
    told = expected.fill(text=shorten(text))
    return UsageError(Wording(f"{option}：{told.zh}", f"{option}: {told.en}"))
