"""Records: named values, in which an unknown value raises `MissingData`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeAlias

from telecom_rules.errors import MissingData
from telecom_rules.frozen import FrozenDict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta
    from decimal import Decimal

    from telecom_rules.vocabulary.time.durations import Duration


Value: TypeAlias = """
    bool | int | Decimal | float | str | bytes | date | datetime | timedelta | Duration
    | tuple[Value, ...] | Mapping[str, Value] | Mapping[bool | int | str, Value] | None
"""
"""The Python value of a fact, a parameter, an output or the result of an expression."""


class Record(FrozenDict[str, "Value"]):
    """Named values in canonical form.

    An unknown value is not in the record, and reading it raises `MissingData`. A record is made by
    `FactType.read` or `read_record` and cannot be changed: `record | {"grade": "major"}` is a new
    one.
    """

    __slots__ = ()

    def __missing__(self, name: str) -> NoReturn:
        raise MissingData(name)

    def __or__(self, other: Mapping[str, Value]) -> Record:  # type: ignore[override]  # dict also takes a list of pairs
        return Record({**self, **other})
