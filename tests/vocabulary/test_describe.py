"""Values for people, in both languages."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    LIMIT,
    MONEY,
    SPAN,
    TEXT,
    CodeType,
    Duration,
    ListType,
    Type,
    Unit,
    Value,
    describe,
)
from telecom_rules.wording import Wording

CHANNEL = CodeType(
    "channel", {"phone": Wording("电话", "Telephone"), "mail": Wording("邮件", "Mail")}
)
CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "type_", "zh", "en"),
    [
        (Decimal("150000.00"), MONEY, "150,000 元", "CNY 150,000"),
        (Decimal("0.00"), MONEY, "0 元", "CNY 0"),
        (Decimal("-1234567.50"), MONEY, "-1,234,567.50 元", "CNY -1,234,567.50"),
        (Decimal("0.005"), MONEY, "0.005 元", "CNY 0.005"),
        (50000, MONEY, "50,000 元", "CNY 50,000"),
        (Decimal("12.5"), DECIMAL, "12.5", "12.5"),
        (15, INTEGER, "15", "15"),
        (True, BOOLEAN, "是", "yes"),
        (False, BOOLEAN, "否", "no"),
        ("phone", CHANNEL, "电话", "Telephone"),
        ("pigeon", CHANNEL, "pigeon", "pigeon"),
        ("phone", TEXT, "phone", "phone"),
        (("mail", "phone"), ListType(CHANNEL), "邮件、电话", "Mail, Telephone"),
        ((), ListType(CHANNEL), "无", "none"),
        (date(2026, 3, 1), DATE, "2026-03-01", "2026-03-01"),
        (
            datetime(2026, 3, 1, 9, tzinfo=CHINA),
            INSTANT,
            "2026-03-01T09:00+08:00",
            "2026-03-01T09:00+08:00",
        ),
        (
            datetime(2026, 3, 1, 9, 0, 30, tzinfo=CHINA),
            INSTANT,
            "2026-03-01T09:00:30+08:00",
            "2026-03-01T09:00:30+08:00",
        ),
        (timedelta(days=15), SPAN, "15 日", "15 days"),
        (timedelta(hours=1), SPAN, "1 小时", "1 hour"),
        (timedelta(minutes=90), SPAN, "90 分钟", "90 minutes"),
        (timedelta(seconds=1.5), SPAN, "1.5 秒", "1.5 seconds"),
        (Duration(5, Unit.WORKING_DAYS), LIMIT, "5 个工作日", "5 working days"),
        (None, MONEY, "未知", "unknown"),
    ],
)
def test_each_value_reads_as_people_write_it(value: Value, type_: Type, zh: str, en: str) -> None:
    assert describe(value, type_) == (zh, en)


def test_a_value_that_does_not_have_its_type_is_told_all_the_same() -> None:
    assert describe("150", MONEY).en == "150"
    assert describe({"a": 1}, TEXT).en == "{'a': 1}"
