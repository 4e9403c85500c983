"""A scope with facts of every type, and short ways to check and evaluate a text in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from telecom_rules.documents import Scalar
from telecom_rules.expressions import Context, Scope, check, check_cell
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Duration, Record, Unit
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    DOUBLE,
    INSTANT,
    INTEGER,
    LIMIT,
    MONEY,
    SPAN,
    TEXT,
    UNSIGNED,
    CodeType,
    Field,
    ListType,
    MapType,
    RecordType,
)
from telecom_rules.wording import Wording

SEVERITY = CodeType(
    "severity",
    {
        "minor": Wording("轻微", "minor"),
        "moderate": Wording("较重", "moderate"),
        "serious": Wording("严重", "serious"),
    },
)
CHANNEL = CodeType("channel", {"phone": Wording("电话", "phone"), "web": Wording("网站", "web")})

FACTS = {
    "severity": Field(SEVERITY, title=Wording("严重程度", "severity")),
    "is_crime": Field(BOOLEAN, title=Wording("涉嫌犯罪", "suspected crime")),
    "is_grave": Field(BOOLEAN),
    "illegal_gain": Field(MONEY, title=Wording("违法所得", "illegal gain")),
    "fine": Field(MONEY, optional=True, title=Wording("罚款", "fine")),
    "rate": Field(DECIMAL),
    "count": Field(INTEGER, title=Wording("次数", "count")),
    "total": Field(INTEGER),
    "natural": Field(UNSIGNED),
    "ratio": Field(DOUBLE),
    "content": Field(TEXT),
    "remark": Field(TEXT, optional=True),
    "raw": Field(BYTES),
    "found_on": Field(DATE),
    "ended_on": Field(DATE, optional=True),
    "received_at": Field(INSTANT),
    "took": Field(SPAN),
    "tags": Field(ListType(TEXT)),
    "counts": Field(ListType(INTEGER)),
    "channels": Field(ListType(CHANNEL)),
    "limits": Field(MapType(TEXT, INTEGER)),
}
CONTEXT = {
    "event": RecordType(
        "event",
        {
            "grade": Field(SEVERITY),
            "note": Field(TEXT, optional=True, title=Wording("备注", "note")),
        },
    ),
    "parameters": RecordType("parameters", {"repeats": Field(INTEGER), "reply": Field(LIMIT)}),
    "policies": RecordType(
        "policies",
        {
            "grading": Field(
                RecordType(
                    "grading", {"grade": Field(SEVERITY), "fee": Field(MONEY, optional=True)}
                )
            )
        },
    ),
    "clocks": RecordType(
        "clocks",
        {"reply": Field(RecordType("reply", {"expired": Field(BOOLEAN), "elapsed": Field(SPAN)}))},
    ),
    "today": DATE,
    "now": INSTANT,
}
SCOPE = Scope(FACTS, CONTEXT, frozenset({"open", "answered", "closed"}))

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORD = Record(
    severity="minor",
    is_crime=False,
    is_grave=True,
    illegal_gain=Decimal("49999.99"),
    rate=Decimal("0.05"),
    count=3,
    total=7,
    natural=5,
    ratio=0.5,
    content="投诉 slow line",
    raw=b"ab",
    found_on=date(2026, 3, 1),
    received_at=NOON,
    took=timedelta(hours=5),
    tags=("a", "bc", "投诉"),
    counts=(1, 2, 3),
    channels=("phone",),
    limits={"a": 1, "b": 2},
)
GIVEN = Context(
    event=Record({"grade": "serious"}),
    parameters=Record({"repeats": 2, "reply": Duration(15, Unit.CALENDAR_DAYS)}),
    policies=Record({"grading": Record({"grade": "minor"})}),
    clocks=Record({"reply": Record({"expired": False, "elapsed": timedelta(days=3)})}),
    today=date(2026, 3, 16),
    now=NOON + timedelta(days=15),
    states=frozenset({"open"}),
)


def scalar(text, line=1, column=1):
    """A plain value of one line as the reader gives it."""
    return Scalar(text, Span("rule.yaml", line, column, line, column + len(text)))


def written(text, expected=None, **options):
    """The expression of a text that must be right."""
    found = Findings()
    expression = check(scalar(text), SCOPE, expected, found, **options)
    assert expression is not None, [each.concise() for each in found]
    assert not found
    return expression


def cell(text, fact):
    """The expression of a cell that must be right."""
    found = Findings()
    expression = check_cell(scalar(text), fact, SCOPE, found)
    assert expression is not None, [each.concise() for each in found]
    return expression


def mistakes(text, expected=None, **options):
    """The findings of a text that must be wrong."""
    found = Findings()
    assert check(scalar(text), SCOPE, expected, found, **options) is None
    return found


def told(found):
    """Findings as `column-end_column CODE message`."""
    return [
        f"{each.span.column}-{each.span.end_column} {each.id} {each.wording.en}" for each in found
    ]


def value(text, facts=RECORD, context=GIVEN, expected=None):
    """What a text is worth."""
    return written(text, expected).evaluate(facts, context)
