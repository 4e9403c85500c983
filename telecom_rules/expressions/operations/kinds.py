"""Values of CEL without a Python type, and the types of values at run time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    LIMIT,
    NULL,
    SPAN,
    TEXT,
    UNSIGNED,
    ListType,
    MapType,
    OptionalType,
    Primitive,
    Type,
    TypeOf,
)

CEL_INTEGER_TYPES: tuple[Primitive, ...] = (INTEGER, UNSIGNED)
CEL_NUMERIC_TYPES: tuple[Primitive, ...] = (*CEL_INTEGER_TYPES, DOUBLE)


class Unsigned(int):
    """An unsigned number. It equals the integer of the same value, as in CEL."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OptionalValue:
    """An optional value.

    Attributes:
        values: the value, or nothing.
    """

    values: tuple[Any, ...] = ()


OPTIONAL_NONE = OptionalValue()
"""The optional value that is absent."""


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type as a value, as `type(1)` gives it.

    Attributes:
        name: its name, such as `int`.
    """

    name: str


TYPES_OF_CLASSES: tuple[tuple[type | tuple[type, ...], Type], ...] = (
    (bool, BOOLEAN), (Unsigned, UNSIGNED), (int, INTEGER), (float, DOUBLE), (str, TEXT),
    (bytes, BYTES), (Decimal, DECIMAL), (datetime, INSTANT), (date, DATE), (timedelta, SPAN),
    (tuple, ListType(DYNAMIC)), (Mapping, MapType(DYNAMIC, DYNAMIC)),
    (OptionalValue, OptionalType(DYNAMIC)), (TypeValue, TypeOf(DYNAMIC)), (type(None), NULL),
)  # fmt: skip
"""The type of the values of each class; subclasses come first."""
NAMES_OF_TYPES: dict[Type, str] = {
    BOOLEAN: "bool", INTEGER: "int", UNSIGNED: "uint", DOUBLE: "double", TEXT: "string",
    BYTES: "bytes", NULL: "null_type", DECIMAL: "decimal", DATE: "date",
    INSTANT: "google.protobuf.Timestamp", SPAN: "google.protobuf.Duration",
}  # fmt: skip


def runtime_type_of(value: object) -> Type:
    """Return the type of a value; the elements of a list or map count as dynamic."""
    return next((kind for made, kind in TYPES_OF_CLASSES if isinstance(value, made)), LIMIT)


def type_name_of(kind: Type) -> str:
    """Return the name of a type as a value."""
    match kind:
        case ListType():
            return "list"
        case MapType():
            return "map"
        case OptionalType():
            return "optional_type"
        case TypeOf():
            return "type"
    return NAMES_OF_TYPES.get(kind, str(kind))
