"""Records: named values whose absence is an answer of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeAlias

from telecom_rules.errors import MissingData

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta
    from decimal import Decimal

    from telecom_rules.vocabulary.time.durations import Duration


Value: TypeAlias = """
    bool | int | Decimal | float | str | bytes | date | datetime | timedelta | Duration
    | tuple[Value, ...] | Mapping[str, Value] | Mapping[bool | int | str, Value] | None
"""
"""What a fact, a parameter, an output or the result of an expression is in Python."""
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
"""What a value is once written as JSON."""


class Record(dict[str, "Value"]):
    """Named values in the form the library computes with.

    What is not known is not in it, and reading it raises `MissingData`. A record is made by
    `FactType.read` or `read_record` and is not changed afterwards: `record | {"grade": "major"}`
    is a new one.
    """

    __slots__ = ()

    def __missing__(self, name: str) -> NoReturn:
        raise MissingData(name)

    def __or__(self, other: Mapping[str, Value]) -> Record:  # type: ignore[override]  # dict also takes a list of pairs
        return Record({**self, **other})
