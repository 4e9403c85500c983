"""Writes values as exact JSON, from which equal values are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telecom_rules.vocabulary.record import Json, Value


def dump_value(value: Value) -> Json:
    """Return `value` as JSON that `read_value` reads back as an equal value.

    Exact numbers, dates and instants are texts; a length of time is a text such as `"3600s"`.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return format_span(value)
    if isinstance(value, Mapping):
        return {str(name): dump_value(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [dump_value(each) for each in value]
    return str(value)


def format_span(length: timedelta) -> str:
    """Return a length of time in seconds with its exact fraction: `-1.5s`."""
    micros = length // timedelta(microseconds=1)
    whole, part = divmod(abs(micros), 1_000_000)
    text = f"{'-' if micros < 0 else ''}{whole}"
    return f"{text}.{part:06d}".rstrip("0") + "s" if part else text + "s"
