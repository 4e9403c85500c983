"""Reads values from outside strictly into canonical form.

Nothing is guessed: a float is not money, `1` is not `true`, and an instant needs its offset. The
readers accept lossless JSON forms and the equivalent Python values, and return one canonical form,
so that equal values are written alike: decimals without trailing zeros, money with two places,
instants with the offset they were given with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER, MOST_DIGITS
from telecom_rules.frozen import FrozenDict
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    CodeType,
    Field,
    ListType,
    Primitive,
    Type,
)
from telecom_rules.wording import Wording, read_type_name, shorten

if TYPE_CHECKING:
    from telecom_rules.vocabulary.record import Value


N = TypeVar("N", int, Decimal)

LONGEST_TEXT = 10_000
"""Characters of a text whose field sets no limit of its own."""
MOST_ITEMS = 10_000
"""Items of a list."""
MOST_ALLOWED = 12
"""Codes that a message lists in full."""
LONGEST_NUMBER = 40
"""Characters of a text that is read as an exact number."""

AMOUNT_PATTERN = re.compile(r"(?:0|[1-9][0-9]{0,17})(\.[0-9]{2})?", re.ASCII)
"""The usual forms of an amount of money: canonical, or without its fen."""
EXACT_PATTERN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
DATE_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
INSTANT_PATTERN = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.[0-9]{1,6})?)?(Z|[-+][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{6})?)?)?",
    re.ASCII,
)
SECONDS_PATTERN = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,6})?s", re.ASCII)


class Unfit(Exception):
    """A value that does not fit the type it is read as.

    Attributes:
        wording: the mistake and the expected value.
        place: where in a list it stands, such as `[2]`.
        allowed: the values that fit, where they are few and closed.
    """

    def __init__(self, wording: Wording, allowed: tuple[str, ...] = (), place: str = "") -> None:
        super().__init__(wording.en)
        self.wording = wording
        self.place = place
        self.allowed = allowed


def read_value(field: Field, value: object) -> Value:
    """Return `value` in canonical form as a value of `field`.

    Raises:
        Unfit: it does not fit.
    """
    return reader_of(field.type)(field, value)


def reader_of(type: Type) -> Reader:
    """Return the reader of a type, to be kept for many values."""
    if isinstance(type, CodeType):
        return partial(read_code, type)
    if isinstance(type, ListType):
        return partial(read_list, type)
    read = READERS.get(type) if isinstance(type, Primitive) else None
    return read or partial(refuse, type)


def as_plain(value: object) -> object:
    """Return a value of a subclass of a basic type as one of that type; others unchanged.

    A subclass of a host may answer otherwise than the value that it is, or not at all.
    """
    kind = type(value)
    if kind in PLAIN_TYPES:
        return value
    for base, copy in COPIES.items():
        if issubclass(kind, base):
            return copy(value)
    return value


def refuse(type: Type, field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Refuse a value of a type that has no form outside expressions."""
    raise Unfit(NOT_FROM_OUTSIDE.fill(type=type))


def read_boolean(field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Return a boolean; numbers and words are refused."""
    if value is True or value is False:
        return value
    raise build_mismatch(EXPECTATIONS[BOOLEAN], value)


def read_integer(field: Field, value: object) -> Value:
    """Return a whole number of 64 bits. A boolean is not one."""
    if type(value) is not int:
        value = as_plain(value)
    if type(value) is not int:
        raise build_mismatch(EXPECTATIONS[INTEGER], value)
    if not LEAST_INTEGER <= value <= LARGEST_INTEGER:
        raise Unfit(
            TOO_LARGE.fill(found=describe_found(value), least=LEAST_INTEGER, most=LARGEST_INTEGER)
        )
    return check_bounds(field, value)


def read_decimal(field: Field, value: object) -> Value:
    """Return an exact number without trailing zeros."""
    return check_bounds(field, read_exact(EXPECTATIONS[DECIMAL], value))


def read_money(field: Field, value: object) -> Value:
    """Return an amount in yuan with two places."""
    if type(value) is not str:
        value = as_plain(value)
    if (type(value) is str or type(value) is Decimal) and (
        match := AMOUNT_PATTERN.fullmatch(str(value))
    ):
        return check_bounds(field, Decimal(match[0] if match[1] else f"{match[0]}.00"))
    amount = read_exact(EXPECTATIONS[MONEY], value)
    if count_places(amount) > 2:  # noqa: PLR2004 - jiao and fen
        raise Unfit(TOO_MANY_PLACES.fill(found=describe_found(value)))
    return Decimal(format(check_bounds(field, amount), ".2f"))


def read_exact(wanted: Wording, value: object) -> Decimal:
    """Return an exact number from a `Decimal`, a whole number or a text, in its shortest form."""
    value = as_plain(value)
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise build_mismatch(wanted, value)
    if isinstance(value, int) and value.bit_length() > MOST_DIGITS * 4:
        raise Unfit(TOO_MANY_DIGITS.fill(found=describe_found(value), digits=MOST_DIGITS))
    if isinstance(value, str) and not (
        len(value) <= LONGEST_NUMBER and EXACT_PATTERN.fullmatch(value)
    ):
        raise build_mismatch(wanted, value)
    number = Decimal(value)
    if not number.is_finite():
        raise build_mismatch(wanted, value)
    # By the exponent, before anything writes it out: 1E+999999999 has a billion digits.
    if not -MOST_DIGITS <= number.adjusted() < MOST_DIGITS:
        if number:
            raise Unfit(TOO_MANY_DIGITS.fill(found=describe_found(value), digits=MOST_DIGITS))
        return Decimal(0)
    number = strip_zeros(number)
    if len(number.as_tuple().digits) > MOST_DIGITS or count_places(number) > MOST_DIGITS:
        raise Unfit(TOO_MANY_DIGITS.fill(found=describe_found(value), digits=MOST_DIGITS))
    return number


def strip_zeros(number: Decimal) -> Decimal:
    """Return `number` without trailing zeros, exponent or negative zero. Nothing is rounded."""
    if not number:
        return Decimal(0)
    text = format(number, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def count_places(number: Decimal) -> int:
    """Return the number of digits after the point."""
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def check_bounds(field: Field, number: N) -> N:
    """Return `number` if it lies within the bounds of `field`."""
    if field.least is not None and number < field.least:
        raise Unfit(TOO_LOW.fill(bound=format_number(field.least), found=format_number(number)))
    if field.most is not None and number > field.most:
        raise Unfit(TOO_HIGH.fill(bound=format_number(field.most), found=format_number(number)))
    return number


def format_number(number: Decimal | int) -> str:
    """Return `number` without an exponent."""
    return format(Decimal(number), "f")


def read_text(field: Field, value: object) -> Value:
    """Return a text that every encoding can carry and that is not too long."""
    if type(value) is not str:
        value = as_plain(value)
    if type(value) is not str:
        raise build_mismatch(EXPECTATIONS[TEXT], value)
    longest = LONGEST_TEXT if field.longest is None else field.longest
    if len(value) > longest:
        raise Unfit(TEXT_TOO_LONG.fill(length=len(value), longest=longest))
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as problem:
            code = f"U+{ord(value[problem.start]):04X}"
            raise Unfit(LONE_SURROGATE.fill(at=problem.start + 1, code=code)) from None
    return value


def read_code(codes: CodeType, field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Return a code of a catalogue."""
    if type(value) is not str:
        value = as_plain(value)
    if isinstance(value, str) and value in codes.codes:
        return value
    allowed = tuple(codes.codes) if len(codes.codes) <= MOST_ALLOWED else ()
    wanted = Wording("目录 `{name}` 的值", "a value of the catalogue `{name}`").fill(
        name=codes.catalogue
    )
    if not isinstance(value, str):
        raise build_mismatch(wanted, value, allowed)
    titled = (code for code, title in codes.codes.items() if value in title)
    near = next(titled, None) or find_nearest(value, codes.codes)
    raise build_mismatch(wanted, value, allowed, near)


def read_list(type: ListType, field: Field, value: object) -> Value:
    """Return a list as a tuple."""
    value = as_plain(value)
    if not isinstance(value, list | tuple):
        raise build_mismatch(Wording("列表", "a list"), value)
    if len(value) > MOST_ITEMS:
        raise Unfit(TOO_MANY_ITEMS.fill(length=len(value), most=MOST_ITEMS))
    item, read = item_field_of(field, type), reader_of(type.item)
    items: list[Value] = []
    for at, each in enumerate(value):
        try:
            items.append(read(item, each))
        except Unfit as problem:
            raise Unfit(problem.wording, problem.allowed, f"[{at}]{problem.place}") from None
    return tuple(items)


def item_field_of(field: Field, type: ListType) -> Field:
    """Return the field of each item of a list, with the bounds of the list's field."""
    return Field(type.item, least=field.least, most=field.most, longest=field.longest)


def read_date(field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Return a day. An instant is not one: which day it is depends on the zone."""
    if type(value) is not date:
        value = as_plain(value)
    if type(value) is date:
        return value
    if isinstance(value, str) and DATE_PATTERN.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Unfit(NO_SUCH_DAY.fill(found=value)) from None
    raise build_mismatch(EXPECTATIONS[DATE], value)


def read_instant(field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Return an instant with the fixed offset it was given with."""
    if type(value) is not datetime and type(value) is not str:
        value = as_plain(value)
    if isinstance(value, str) and (match := INSTANT_PATTERN.fullmatch(value)):
        if match[1] is None:
            raise Unfit(INSTANT_HAS_NO_OFFSET.fill(found=value))
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise Unfit(NO_SUCH_DAY.fill(found=value)) from None
    if not isinstance(value, datetime):
        raise build_mismatch(EXPECTATIONS[INSTANT], value)
    instant = value
    if type(value.tzinfo) is not timezone:
        offset = value.utcoffset()
        if offset is None:
            raise Unfit(INSTANT_HAS_NO_OFFSET.fill(found=value.isoformat()))
        instant = datetime.combine(value.date(), value.time(), timezone(offset))
    if not MINYEAR < value.year < MAXYEAR:  # only there may it have no counterpart in UTC
        try:
            instant.astimezone(UTC)
        except OverflowError:
            raise Unfit(NO_SUCH_DAY.fill(found=value.isoformat())) from None
    return instant


def read_span(field: Field, value: object) -> Value:  # noqa: ARG001 - one signature for all types
    """Return a length of time."""
    value = as_plain(value)
    if isinstance(value, timedelta):
        return value
    if isinstance(value, str) and SECONDS_PATTERN.fullmatch(value):
        whole, _, part = value.removesuffix("s").lstrip("-").partition(".")
        try:
            length = timedelta(seconds=int(whole), microseconds=int(part.ljust(6, "0")))
        except OverflowError:
            raise build_mismatch(EXPECTATIONS[SPAN], value) from None
        return -length if value.startswith("-") else length
    raise build_mismatch(EXPECTATIONS[SPAN], value)


PLAIN_TYPES = frozenset(
    {type(None), bool, int, float, str, Decimal, date, datetime, timedelta, list, tuple}
)
"""The types of values from outside."""
COPIES: Mapping[type, Callable[[Any], object]] = FrozenDict(
    {
        str: str.__str__,
        int: int.__int__,
        float: float.__float__,
        Decimal: Decimal,
        datetime: lambda value: datetime.combine(datetime.date(value), datetime.timetz(value)),
        date: lambda value: date.fromordinal(date.toordinal(value)),
        timedelta: timedelta.__pos__,
        list: lambda value: [*list.__iter__(value)],
        tuple: lambda value: (*tuple.__iter__(value),),
    }
)
"""How a value of a subclass becomes one of the type itself: by the methods of that type. An instant
comes before a day, because Python calls it one."""

Reader: TypeAlias = Callable[[Field, object], "Value"]

READERS: Mapping[Primitive, Reader] = FrozenDict(
    {
        BOOLEAN: read_boolean,
        INTEGER: read_integer,
        DECIMAL: read_decimal,
        MONEY: read_money,
        TEXT: read_text,
        DATE: read_date,
        INSTANT: read_instant,
        SPAN: read_span,
    }
)
"""How a value of each type that a pack's author may write is read."""

EXPECTATIONS: Mapping[Primitive, Wording] = FrozenDict(
    {
        BOOLEAN: Wording("布尔值 true 或 false", "a boolean, true or false"),
        INTEGER: Wording("整数", "a whole number"),
        DECIMAL: Wording(
            '精确小数（Decimal、整数或如 "12.5" 的文本）',
            'an exact number (a Decimal, a whole number, or a text such as "12.5")',
        ),
        MONEY: Wording(
            '金额（Decimal、整数或如 "80000.00" 的文本）',
            'an amount of money (a Decimal, a whole number, or a text such as "80000.00")',
        ),
        TEXT: Wording("文本", "a text"),
        DATE: Wording("日期，例如 2026-03-01", "a date such as 2026-03-01"),
        INSTANT: Wording(
            "带时区的时刻，例如 2026-03-01T09:00:00+08:00",
            "an instant with its offset, such as 2026-03-01T09:00:00+08:00",
        ),
        SPAN: Wording(
            '时长（timedelta 或如 "3600s" 的文本）',
            'a length of time (a timedelta, or a text such as "3600s")',
        ),
    }
)

NOT_FROM_OUTSIDE = Wording(
    "类型 {type} 的值不能从外部给出", "a value of type {type} cannot be given from outside"
)
TOO_LARGE = Wording(
    "{found} 超出整数范围 {least} 至 {most}",
    "{found} is outside the range of whole numbers, {least} to {most}",
)
TOO_MANY_DIGITS = Wording("{found} 超过 {digits} 位数字", "{found} has more than {digits} digits")
TOO_MANY_PLACES = Wording("{found} 超过两位小数", "{found} has more than two decimal places")
TOO_LOW = Wording("不得小于 {bound}，而不是 {found}", "must be at least {bound}, found {found}")
TOO_HIGH = Wording("不得大于 {bound}，而不是 {found}", "must be at most {bound}, found {found}")
TEXT_TOO_LONG = Wording(
    "文本有 {length} 个字符，最多 {longest} 个",
    "the text has {length} characters, at most {longest} are allowed",
)
LONE_SURROGATE = Wording(
    "第 {at} 个字符 {code} 是未配对的代理字符，不是有效文本",
    "character {at}, {code}, is an unpaired surrogate, which is not valid text",
)
TOO_MANY_ITEMS = Wording(
    "列表有 {length} 项，最多 {most} 项", "the list has {length} items, at most {most} are allowed"
)
NO_SUCH_DAY = Wording(
    "{found} 不是存在的日期或时刻", "{found} is not a day or an instant that exists"
)
INSTANT_HAS_NO_OFFSET = Wording(
    "时刻 {found} 没有时区；请写明，例如 +08:00",
    "the instant {found} has no offset; add it, for example +08:00",
)


def build_mismatch(
    wanted: Wording, value: object, allowed: tuple[str, ...] = (), near: str | None = None
) -> Unfit:
    """Return the error for a value of another kind than `wanted`."""
    wording = Wording("应为{wanted}，而不是{found}", "expected {wanted}, found {found}").fill(
        wanted=wanted, found=describe_found(value)
    )
    wording = wording.suggest(near)
    if allowed:
        wording = Wording(
            f"{wording.zh}；可选值：{'、'.join(allowed)}",
            f"{wording.en}; allowed: {', '.join(allowed)}",
        )
    return Unfit(wording, allowed)


def describe_found(value: object) -> Wording:
    """Return a short description of a value that does not fit, whatever it is. It never fails."""
    plain = as_plain(value)
    return describe_plain(plain) if type(plain) in PLAIN_TYPES else describe_type(value)


def describe_type(value: object) -> Wording:
    """Return a description of a value by its type alone."""
    name = shorten(read_type_name(type(value)))
    return Wording(f" {name} 类型的值", f"a value of type {name}")


def describe_plain(value: object) -> Wording:
    """Return a short description of a value of a basic type."""
    if value is None:
        return Wording("空值", "nothing")
    if isinstance(value, bool):
        word = str(value).lower()
        return Wording(f"布尔值 {word}", f"the boolean {word}")
    if isinstance(value, str):
        text = shorten(value)
        return Wording(f"文本 `{text}`", f"the text `{text}`")
    if isinstance(value, int):
        return Wording(f"整数 {format_digits(value)}", f"the whole number {format_digits(value)}")
    if isinstance(value, float):
        return Wording(f"浮点数 {value!r}", f"the float {value!r}")
    if isinstance(value, Decimal):
        return Wording(f"数字 {shorten(str(value))}", f"the number {shorten(str(value))}")
    if isinstance(value, datetime):
        # Without its zone, which may be an object of the host.
        text = value.replace(tzinfo=None).isoformat()
        return Wording(f"时刻 {text}", f"the instant {text}")
    if isinstance(value, date):
        return Wording(f"日期 {value.isoformat()}", f"the date {value.isoformat()}")
    return describe_type(value)


def format_digits(number: int) -> str:
    """Return a whole number, or its length where it has too many digits to write out."""
    bits = number.bit_length()
    return str(number) if bits <= 128 else f"({bits} bits)"  # noqa: PLR2004 - 39 digits at most
