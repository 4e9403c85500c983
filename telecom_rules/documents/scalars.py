"""The types of single values.

A value is typed by its field, never by its form, so `no` is never a boolean by accident. The types
below are annotations for the fields of definitions: mypy sees the Python type, pydantic the
function that reads a `Scalar`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, LiteralString, TypeVar, get_args

from pydantic import PlainValidator
from pydantic_core import PydanticCustomError, core_schema

from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar, Word
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


LONGEST_NAME = 64
"""Characters of an identifier."""
LONGEST_REFERENCE = 200
"""Characters of a reference."""
MOST_DIGITS = 28
"""Digits of an exact number: the default precision of `decimal`."""
LEAST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1
"""The bounds of whole numbers: 64 bits, as in CEL."""

IDENTIFIER_PATTERN = re.compile(r"[a-z][a-z0-9_]*")
EVENT_PATTERN = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*")
TRIGGER_PATTERN = re.compile(r"\*|[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*(?:\.\*)?")
REFERENCE_PATTERN = re.compile(r"[^\s\x00-\x1f]+")
INTEGER_PATTERN = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
NUMBER_PATTERN = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
LEADING_NUMBER_PATTERN = re.compile(r"([-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ?([^\W\d_]+|%|)")
"""A number, perhaps with a unit behind it, such as `5天`."""
NO_UNIT = re.compile(r"[百千万亿]|^[A-Za-z]$")
"""What multiplies a number, or is a slip of the keyboard, such as `1O`."""
DATE_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITTEN_DATE = re.compile(r"([0-9]{4})[-/.\u5e74]([0-9]{1,2})[-/.\u6708]([0-9]{1,2})\u65e5?")
"""A date as people write it, such as `2020/1/1` and `2020年1月1日`."""
OPERATOR_PATTERN = re.compile(r"[<>=!&|(+*/?]")

NULL_TEXTS = frozenset({"", "~", "null", "Null", "NULL"})

READINGS: tuple[tuple[re.Pattern[str], Wording], ...] = (
    (re.compile(r"(?i:y|n|yes|no|on|off|true|false)"), Wording("布尔值", "a boolean")),
    (re.compile(r"~|(?i:null)"), Wording("空值", "nothing")),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?"), Wording("日期", "a date")),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"),
        Wording("六十进制数", "a number in base 60"),
    ),
    (
        re.compile(r"[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]+|0[xX][0-9a-fA-F_]+)"),
        Wording("数字", "a number"),
    ),
    (
        re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"),
        Wording("数字", "a number"),
    ),
    (re.compile(r"[-+]?\.(?i:inf)|\.(?i:nan)"), Wording("数字", "a number")),
    (re.compile(r"=|<<"), Wording("特殊记号", "a special sign")),
)
"""The readings of a plain text in other tools.

Source: YAML 1.1's type repository, YAML 1.2's core schema.
"""

FIRST_OF_READINGS = frozenset("~yYnNtToOfF0123456789-+.=<")
"""The characters that a text with another reading begins with: most texts have none of them."""

A_MAPPING = Wording("映射", "a mapping")
A_LIST = Wording("列表", "a list")
A_TEXT = Wording("文本", "a text")
A_SINGLE_VALUE = Wording("单个值", "a single value")
A_WHOLE_NUMBER = Wording("整数", "a whole number")
ANY_NUMBER = Wording("数字", "a number")
FULL_WIDTH = Wording("这里有全角字符，请用半角", "there are full-width characters in it")
NUMBER_ALONE = Wording(
    "此处只写数字；单位另写在 `unit`", "write the number alone; its unit is `unit`"
)
TRUE_OR_FALSE = Wording("true 或 false", "true or false")


def mistake(code: LiteralString, **values: object) -> PydanticCustomError:
    """Return the error a validator of a definition raises; it ends as the finding `code`.

    Args:
        code: the code, such as `TR111`.
        values: the values for the placeholders of the code's texts. `known=` gives the words
            among which a near miss is searched, `meant=` the word most likely meant, `notes=`
            further lines.
    """
    return PydanticCustomError(code, code, dict(values))


def reading_of(text: str) -> Wording | None:
    """Return the reading of the plain `text` in some tools, or `None` where all read a text."""
    if text[:1] not in FIRST_OF_READINGS:
        return None
    return next((reading for pattern, reading in READINGS if pattern.fullmatch(text)), None)


def describe_kind(node: object) -> Wording:
    """Return the name of the kind of a node, for messages."""
    if isinstance(node, Mapping):
        return A_MAPPING
    return A_LIST if isinstance(node, Items) else A_TEXT


def require_scalar(node: Node, wanted: Wording = A_SINGLE_VALUE) -> Scalar:
    """Return `node` if it is a single value that is not empty."""
    if isinstance(node, Broken):
        raise mistake("broken")
    if not isinstance(node, Scalar):
        raise mistake("TR103", wanted=wanted, found=describe_kind(node))
    if not node.text.strip():
        raise mistake("TR016")
    return node


def require_plain(node: Node, wanted: Wording) -> str:
    """Return the text of a value that must not be quoted, such as a number."""
    value = require_scalar(node, wanted)
    if value.quoted:
        raise mistake("TR103", wanted=wanted, found=A_TEXT)
    if value.text in NULL_TEXTS:
        raise mistake("TR016")
    return value.text


def read_text(node: Node) -> Word:
    """Return a text of one line; a plain one that other tools read as another type is a mistake.

    Every text is shown on one line somewhere. A block of text may end with the end of its line.
    """
    value = require_scalar(node, A_TEXT)
    text = value.text.removesuffix("\n")
    if "\n" in text:
        raise mistake("TR125")
    reading = None if value.quoted else reading_of(value.text)
    if reading is not None:
        raise mistake("TR014", text=value.text, reading=reading)
    return Word(text, value.span)


def read_identifier(node: Node) -> Word:
    """Return a name of the pack: lower case, digits, underscores."""
    return validate_name(read_text(node))


def validate_name(word: Word) -> Word:
    """Return `word` if it is an identifier."""
    return validate_shape(word, IDENTIFIER_PATTERN)


def validate_event(word: Word) -> Word:
    """Return `word` if it can name an event: parts joined by dots, such as `payment.received`."""
    return validate_shape(word, EVENT_PATTERN)


def validate_trigger(word: Word) -> Word:
    """Return `word` if it names an event, or several by a wildcard such as `payment.*`."""
    return validate_shape(word, TRIGGER_PATTERN)


def validate_shape(word: Word, shape: re.Pattern[str]) -> Word:
    """Return `word` if it has the shape of a name, and is not too long for one."""
    if len(word) > LONGEST_NAME or not shape.fullmatch(word):
        raise mistake("TR104", text=word)
    return word


def read_reference(node: Node) -> Word:
    """Return a reference to an element or clause."""
    word = read_text(node)
    if len(word) > LONGEST_REFERENCE or not REFERENCE_PATTERN.fullmatch(word):
        raise mistake("TR104", text=word)
    return word


def read_integer(node: Node) -> int:
    """Return a whole number."""
    text = require_plain(node, A_WHOLE_NUMBER)
    if not INTEGER_PATTERN.fullmatch(text):
        raise mistake("TR105", text=text, **find_number(text, whole=True))
    if len(text) > MOST_DIGITS or not LEAST_INTEGER <= int(text) <= LARGEST_INTEGER:
        raise mistake("TR111", text=text, bounds=f"{LEAST_INTEGER} .. {LARGEST_INTEGER}")
    return int(text)


def find_number(text: str, *, whole: bool = False) -> dict[str, object]:
    """Return the number meant by full-width digits, or by a number with a unit behind it."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    number = LEADING_NUMBER_PATTERN.fullmatch(narrow)
    if number is None or (whole and "." in number[1]) or NO_UNIT.search(number[2]):
        return {}
    notes = (NUMBER_ALONE,) if number[2] else ()
    return {"meant": number[1], "notes": (*notes, FULL_WIDTH) if narrow != text else notes}


def read_number(node: Node) -> Decimal:
    """Return a number, exact to its digits."""
    text = require_plain(node, ANY_NUMBER)
    if not NUMBER_PATTERN.fullmatch(text):
        raise mistake("TR106", text=text, **find_number(text))
    if sum(map(str.isdigit, text)) > MOST_DIGITS:
        bounds = Wording(f"最多 {MOST_DIGITS} 位数字", f"at most {MOST_DIGITS} digits")
        raise mistake("TR111", text=text, bounds=bounds)
    return Decimal(text)


def read_flag(node: Node) -> bool:
    """Return `true` or `false`."""
    text = require_plain(node, TRUE_OR_FALSE)
    if text not in {"true", "false"}:
        raise mistake("TR107", text=text)
    return text == "true"


NO_SUCH_DAY = Wording("历法中没有这一天", "the calendar has no such day")


def read_day(node: Node) -> date:
    """Return a day written as 2026-03-01."""
    text = require_scalar(node, Wording("日期", "a date")).text
    notes: tuple[Wording, ...] = ()
    try:
        if DATE_PATTERN.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        notes = (NO_SUCH_DAY,)
    raise mistake("TR108", text=text, notes=notes, **find_day(text))


def find_day(text: str) -> dict[str, object]:
    """Return the day meant by the same figures written otherwise, such as `2020年1月1日`."""
    written = WRITTEN_DATE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if written is None:
        return {}
    try:
        return {"meant": date(*map(int, written.groups())).isoformat()}
    except ValueError:
        return {}  # a day that does not exist


def read_raw(node: Node) -> Scalar:
    """Return a scalar as written, for expressions and cells."""
    value = require_scalar(node)
    if value.commented and OPERATOR_PATTERN.search(value.text):
        raise mistake("TR015")
    return value


class OneOf:
    """Reads a value as one of those its annotation lists: a `Literal` of texts, or an `Enum`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        members = (
            tuple(source)
            if isinstance(source, type) and issubclass(source, Enum)
            else get_args(source)
        )
        known = {str(each.value if isinstance(each, Enum) else each): each for each in members}

        def read(node: Node) -> object:
            text = require_scalar(node).text
            if text not in known:
                raise mistake(
                    "TR109", text=text, allowed=Wording.same(", ".join(known)), known=tuple(known)
                )
            return known[text]

        return core_schema.no_info_plain_validator_function(read)


C = TypeVar("C")

Text = Annotated[Word, PlainValidator(read_text)]
"""A text of one line. One that other tools read as another type must be quoted."""
Identifier = Annotated[Word, PlainValidator(read_identifier)]
"""A name: lower-case letters, digits and `_`, starting with a letter."""
Reference = Annotated[Word, PlainValidator(read_reference)]
"""A name or path to something declared elsewhere, such as `spec:7.1.2(3)` or `list[channel]?`."""
Integer = Annotated[int, PlainValidator(read_integer)]
"""A whole number of at most 64 bits, not quoted."""
Number = Annotated[Decimal, PlainValidator(read_number)]
"""An exact decimal number, not quoted."""
Flag = Annotated[bool, PlainValidator(read_flag)]
"""`true` or `false`, nothing else."""
Day = Annotated[date, PlainValidator(read_day)]
"""A date such as `2016-07-30`, quoted or not."""
Raw = Annotated[Scalar, PlainValidator(read_raw)]
"""A value as written, for expressions and cells, which are parsed when their type is known."""
Choice = Annotated[C, OneOf()]
"""One of a few values: `Choice[Literal["law", "rule"]]`, or `Choice[Unit]` for an `Enum`."""
