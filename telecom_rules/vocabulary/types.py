"""The types of values, shared by facts, parameters, payloads, outputs and expressions.

The types written in a pack are `text integer decimal money boolean date instant span`, the
name of a catalogue, `list[...]` of one of these, and `?` behind a type that may be absent.
`limit` is the type of a parameter that is a time limit. The other types are those of the Common
Expression Language (CEL).

Values in Python: `bool`, `int` (64 bits), `decimal.Decimal`, `float`, `str` (also for the code of
a catalogue), `bytes`, `datetime.date`, aware `datetime.datetime`, `datetime.timedelta`, `Duration`,
`tuple`, mappings, `None`. A value that is absent is not in its record; it is never `None`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from telecom_rules.frozen import dump_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from telecom_rules.frozen import Json
    from telecom_rules.wording import Wording


class Primitive(Enum):
    """The types without parts. The value is the word written in a pack."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    UNSIGNED = "unsigned"
    DOUBLE = "double"
    DECIMAL = "decimal"
    MONEY = "money"
    """A decimal of at most two places, in yuan."""
    TEXT = "text"
    BYTES = "bytes"
    DATE = "date"
    INSTANT = "instant"
    SPAN = "span"
    """A length of time in seconds and parts: CEL's duration."""
    LIMIT = "limit"
    """A time limit in days, working days, hours or months: a `Duration`."""
    NULL = "null"
    NOTHING = "nothing"
    """The item type of an empty list or map: it fits every type."""
    DYNAMIC = "dynamic"
    """A value whose type is known only at run time: CEL's `dyn`."""

    def __str__(self) -> str:
        return self.value

    # Each value read looks its type up by hash; that of `Enum` is a slow Python function.
    __hash__: ClassVar[Callable[[object], int]] = object.__hash__


BOOLEAN = Primitive.BOOLEAN
INTEGER = Primitive.INTEGER
UNSIGNED = Primitive.UNSIGNED
DOUBLE = Primitive.DOUBLE
DECIMAL = Primitive.DECIMAL
MONEY = Primitive.MONEY
TEXT = Primitive.TEXT
BYTES = Primitive.BYTES
DATE = Primitive.DATE
INSTANT = Primitive.INSTANT
SPAN = Primitive.SPAN
LIMIT = Primitive.LIMIT
NULL = Primitive.NULL
NOTHING = Primitive.NOTHING
DYNAMIC = Primitive.DYNAMIC


@dataclass(frozen=True, slots=True)
class CodeType:
    """A code of a catalogue: an enum. In expressions it is a text with known values.

    Attributes:
        catalogue: the name of the catalogue.
        codes: every code with its title, in the catalogue's order.
    """

    catalogue: str
    codes: Mapping[str, Wording] = field(hash=False)

    def __str__(self) -> str:
        return self.catalogue


@dataclass(frozen=True, slots=True)
class ListType:
    """A list of values of one type."""

    item: Type

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True, slots=True)
class MapType:
    """A map from keys of one type to values of another."""

    key: Type
    value: Type

    def __str__(self) -> str:
        return f"map[{self.key}, {self.value}]"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    Attributes:
        type: the type of its value.
        optional: whether it may be absent even in complete facts, written `?`.
        title: its name for people, or `None` where it has none.
        least: the least number it may be, or `None`.
        most: the greatest number it may be, or `None`.
        longest: how many characters each text in it may have, or `None` for the general limit.
        off: of a setting, the value at which it is switched off, or `None`.
        fixed: whether it cannot become another: a day that is past, who somebody is.
        effort: what it takes to find out, measured by a plain question, which is 1.
    """

    type: Type
    optional: bool = False
    title: Wording | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    longest: int | None = None
    off: object = None
    fixed: bool = False
    effort: int = 1

    def __str__(self) -> str:
        return f"{self.type}?" if self.optional else str(self.type)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON, for a form: its type, title and limits, and the codes to choose from.

        `type` is as a pack writes it, such as `money` or `list[service]`; `choices` are the codes
        with their titles, or `null` where anything of the type will do.
        """
        item = self.type.item if isinstance(self.type, ListType) else self.type
        return {
            "type": str(self.type),
            "title": dump_value(self.title),
            "optional": self.optional,
            "choices": dump_value(item.codes) if isinstance(item, CodeType) else None,
            "least": dump_value(self.least),
            "most": dump_value(self.most),
            "longest": self.longest,
            "effort": self.effort,
        }


@dataclass(frozen=True, slots=True)
class RecordType:
    """Named fields, such as facts, the payload of an event or the outputs of a policy.

    Attributes:
        name: its name in messages.
        fields: its fields in order.
        lost: names whose definition has a mistake; their uses are not reported.
        partial: if it is the common type of several records, the names that are not the same in
            all of them, each with the difference.
    """

    name: str
    fields: Mapping[str, Field] = field(hash=False)
    lost: frozenset[str] = frozenset()
    partial: Mapping[str, Wording] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class OptionalType:
    """A value of a type, or none: CEL's `optional_type`."""

    value: Type

    def __str__(self) -> str:
        return f"optional[{self.value}]"


@dataclass(frozen=True, slots=True)
class TypeOf:
    """The type of the result of `type(value)`."""

    type: Type

    def __str__(self) -> str:
        return f"type[{self.type}]"


Type = Primitive | CodeType | ListType | MapType | RecordType | OptionalType | TypeOf
