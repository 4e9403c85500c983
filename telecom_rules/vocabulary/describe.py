"""Values described for people."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.frozen import format_span
from telecom_rules.vocabulary.time.durations import Duration
from telecom_rules.vocabulary.types import BOOLEAN, MONEY, CodeType, ListType
from telecom_rules.wording import Wording, join_or_none, join_wordings, shorten

if TYPE_CHECKING:
    from telecom_rules.vocabulary.record import Value
    from telecom_rules.vocabulary.types import Type


LONGEST_BRIEF_TEXT = 200
"""Characters of a text that a brief description shows."""
MOST_BRIEF_ITEMS = 20
"""Items of a list that a brief description shows."""
AND_MORE = Wording("{first}……（共 {count} 项）", "{first}, … ({count} in all)")
UNKNOWN_VALUE = Wording("未知", "unknown")
YES = Wording("是", "yes")
NO = Wording("否", "no")
LABEL = Wording("{title}：{value}", "{title}: {value}")
NOT_KNOWN = Wording("未知", "not known")
EMPTY = Wording("未填写", "left empty")
NOT_SET = Wording("未设置", "not set")
NAME_IS_VALUE = Wording("{title} = {value}", "{title} = {value}")
NAME_IS_NOT_KNOWN = Wording("{title}未知", "{title} is not known")


def describe(value: Value, type: Type) -> Wording:
    """Return `value` as people read it; `None` is an unknown value.

    >>> describe(Decimal("150000.00"), MONEY).en
    'CNY 150,000'

    Args:
        value: a value in canonical form, as records hold it.
        type: its type. A value of another type is described by its Python type.
    """
    if value is None:
        return UNKNOWN_VALUE
    if isinstance(value, str):
        titles = type.codes if isinstance(type, CodeType) else {}
        return titles.get(value, Wording.same(value))
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal | int) and type is MONEY:
        return describe_money(Decimal(value))
    if isinstance(value, tuple):
        item = type.item if isinstance(type, ListType) else type
        return join_or_none(describe(each, item) for each in value)
    return describe_untyped(value)


def describe_briefly(value: Value, type: Type) -> Wording:
    """Return `value` as people read it, with long texts and long lists cut short."""
    if isinstance(value, str) and len(value) > LONGEST_BRIEF_TEXT:
        return Wording.same(shorten(value, LONGEST_BRIEF_TEXT))
    if isinstance(value, tuple) and value:
        item = type.item if isinstance(type, ListType) else type
        first = join_wordings(describe_briefly(each, item) for each in value[:MOST_BRIEF_ITEMS])
        if len(value) <= MOST_BRIEF_ITEMS:
            return first
        return AND_MORE.fill(first=first, count=len(value))
    return describe(value, type)


def describe_fact(title: Wording, value: Value | None, type: Type, off: object = None) -> Wording:
    """Return a fact with its value, as a condition read it; `None` is an unknown value.

    A yes or no stands behind its label, `Consent is explicit: no`; anything else is a quantity.

    Args:
        title: the name of the fact for people.
        value: its value in canonical form, or `None`.
        type: its type.
        off: of a setting, the value at which it is switched off.
    """
    if value is not None and value == off:
        return LABEL.fill(title=title, value=NOT_SET)
    if type is BOOLEAN:
        said = NOT_KNOWN if value is None else describe(value, type)
        return LABEL.fill(title=title, value=said)
    if value is None:
        return NAME_IS_NOT_KNOWN.fill(title=title)
    if value == "":
        return LABEL.fill(title=title, value=EMPTY)
    return NAME_IS_VALUE.fill(title=title, value=describe_briefly(value, type))


def describe_untyped(value: Value) -> Wording:
    """Return a value whose description does not depend on its declared type."""
    if isinstance(value, Duration):
        return value.wording
    if isinstance(value, datetime):
        whole = not (value.second or value.microsecond)
        return Wording.same(value.isoformat(timespec="minutes" if whole else "auto"))
    if isinstance(value, Decimal):
        return Wording.same(format(value, "f"))
    if isinstance(value, timedelta):
        return describe_span(value)
    return Wording.same(str(value))


def describe_money(amount: Decimal) -> Wording:
    """Return an amount in yuan with thousands separators, and with its fen where there are some."""
    text = format(amount, ",f").removesuffix(".00")
    return Wording(f"{text} 元", f"CNY {text}")


def describe_span(value: timedelta) -> Wording:
    """Return a length of time in the largest unit that it is a whole number of."""
    for unit, name in SPAN_UNIT_NAMES:
        amount, rest = divmod(value, unit)
        if not rest:
            return Wording(f"{amount} {name.zh}", f"{amount} {name.en}{'' if amount == 1 else 's'}")
    text = format_span(value).removesuffix("s")
    return Wording(f"{text} 秒", f"{text} seconds")


SPAN_UNIT_NAMES = (
    (timedelta(days=1), Wording("日", "day")),
    (timedelta(hours=1), Wording("小时", "hour")),
    (timedelta(minutes=1), Wording("分钟", "minute")),
)
