"""The greatest sizes of values, from the limits of facts, literals and operations."""

from __future__ import annotations

from dataclasses import dataclass

from telecom_rules.expressions.functions.overloads import CHARACTERS_PER_STEP, ResultSize
from telecom_rules.expressions.operations.collections import LONGEST_RESULT, MOST_RESULT_ITEMS
from telecom_rules.vocabulary.types import (
    BYTES,
    DYNAMIC,
    TEXT,
    Field,
    ListType,
    MapType,
    OptionalType,
    Type,
)
from telecom_rules.vocabulary.values import LONGEST_TEXT as LONGEST_FACT
from telecom_rules.vocabulary.values import MOST_ITEMS as MOST_ITEMS_OF_FACT

LONGEST_SCALAR_TEXT = 64
"""Characters of the text of a number, a date or a length of time."""
LONGEST_SCALAR_FORMAT = 500
"""Characters of a number, a date or a length of time in any format, such as `%.99f`."""
CHARACTERS_PER_FORMATTED = 8
"""Characters that one character may become in a format: `%x` writes its octets in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The greatest size of a value.

    Attributes:
        length: characters, octets, items or entries; 1 for a value without parts.
        inner: the extent of each item, if there are items.
    """

    length: int = 1
    inner: Extent | None = None

    @property
    def weight(self) -> int:
        """The steps of reading the whole value."""
        if self.inner is None:
            return 1 + self.length // CHARACTERS_PER_STEP
        return 1 + self.length * self.inner.weight

    def largest(self, other: Extent) -> Extent:
        """Return the maximum of two extents."""
        if self.inner is None or other.inner is None:
            return Extent(max(self.length, other.length), self.inner or other.inner)
        return Extent(max(self.length, other.length), self.inner.largest(other.inner))


SCALAR_EXTENT = Extent()


def extent_of_result(  # noqa: C901 - one case for each size
    size: ResultSize, type: Type, extents: list[Extent]
) -> Extent:
    """Return the extent of the result of an operation, which is of type `type`."""
    match size:
        case ResultSize.FIRST:
            return extents[0]
        case ResultSize.ELEMENT:
            return extents[0].inner or extent_of_type(type)
        case ResultSize.SUM:
            left, right = extents
            most = MOST_RESULT_ITEMS if isinstance(type, ListType) else LONGEST_RESULT
            return Extent(min(left.length + right.length, most), left.largest(right).inner)
        case ResultSize.PARTS:
            return Extent(min(extents[0].length + 1, MOST_RESULT_ITEMS), extents[0])
        case ResultSize.PART:
            return Extent(1, Extent(extents[0].length))
        case ResultSize.FLATTENED:
            inner = extents[0].inner or SCALAR_EXTENT
            most = min(extents[0].length * inner.length, MOST_RESULT_ITEMS)
            return Extent(most, inner.inner or SCALAR_EXTENT)
        case ResultSize.REPLACED:
            text, _, new, *_ = extents
            return Extent(min((text.length + 1) * (new.length + 1), LONGEST_RESULT))
        case ResultSize.JOINED:
            between = sum(each.length for each in extents[1:])
            item = (extents[0].inner or SCALAR_EXTENT).length
            return Extent(min(extents[0].length * (item + between), LONGEST_RESULT))
        case ResultSize.FORMATTED:
            text, values = extents
            return Extent(min(text.length + count_formatted(values), LONGEST_RESULT))
        case ResultSize.SCALAR_TEXT:
            return Extent(LONGEST_SCALAR_TEXT)
    return extent_of_type(type, LONGEST_RESULT, MOST_RESULT_ITEMS)


def count_formatted(extent: Extent) -> int:
    """Return the characters that a value may take in a format."""
    if extent.inner is None:
        return LONGEST_SCALAR_FORMAT + CHARACTERS_PER_FORMATTED * extent.length
    return extent.length * count_formatted(extent.inner)


def extent_of_value(value: object) -> Extent:
    """Return the extent of a literal."""
    return Extent(len(value)) if isinstance(value, str | bytes) else SCALAR_EXTENT


def extent_of_field(known: Field) -> Extent:
    """Return the extent of a fact."""
    return extent_of_type(known.type, LONGEST_FACT if known.longest is None else known.longest)


def extent_of_type(
    type: Type, longest: int = LONGEST_FACT, most: int = MOST_ITEMS_OF_FACT
) -> Extent:
    """Return the extent of a value of a type."""
    match type:
        case ListType(item=item) | MapType(value=item):
            return Extent(most, extent_of_type(item, longest))
        case OptionalType(value=value):
            return Extent(1, extent_of_type(value, longest))
    if type in {TEXT, BYTES}:
        return Extent(longest)
    return Extent(most, SCALAR_EXTENT) if type is DYNAMIC else SCALAR_EXTENT
