"""Facts: what a record may hold, what is refused, and the exact way to JSON and back."""

from __future__ import annotations

import json
import pickle
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, localcontext
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from telecom_rules.errors import FactProblem, FactsError, MissingData
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    DYNAMIC,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    CodeType,
    Duration,
    FactType,
    Field,
    ListType,
    Record,
    RecordType,
    dump_record,
    dump_value,
    read_record,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.vocabulary import Vocabulary

CHINA = timezone(timedelta(hours=8))
CODES = {"phone": Wording("电话", "Telephone"), "mail": Wording("邮件", "Mail")}
CHANNEL = CodeType("channel", CODES)
WIDE = CodeType(
    "act", {f"act_{number}": Wording(f"行为{number}", f"Act {number}") for number in range(30)}
)
TYPES = {
    "urgent": BOOLEAN,
    "repeats": INTEGER,
    "share": DECIMAL,
    "gain": MONEY,
    "content": TEXT,
    "found_on": DATE,
    "received_at": INSTANT,
    "waited": SPAN,
    "channel": CHANNEL,
    "act": WIDE,
    "tried": ListType(CHANNEL),
    "sums": ListType(MONEY),
}
FACTS = FactType(
    "complaint",
    Wording("投诉", "Complaint"),
    RecordType(
        "complaint",
        {
            name: Field(each, optional=True, title=Wording(f"题{name}", f"Title of {name}"))
            for name, each in TYPES.items()
        },
    ),
)

FIRST, LAST = (datetime.fromisoformat(day) for day in ("0002-01-01", "9998-12-31"))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MONEYS = st.decimals(-(10**20), 10**20, places=2)
VALUES = {
    "urgent": st.booleans(),
    "repeats": st.integers(-(2**63), 2**63 - 1),
    "share": st.decimals(-(10**12), 10**12, places=10) | st.integers(-(10**27), 10**27),
    "gain": MONEYS | st.integers(-(10**20), 10**20),
    "content": st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    "found_on": st.dates(),
    "received_at": st.datetimes(FIRST, LAST, timezones=OFFSETS),
    "waited": st.timedeltas(),
    "channel": st.sampled_from(list(CODES)),
    "act": st.sampled_from(list(WIDE.codes)),
    "tried": st.lists(st.sampled_from(list(CODES)), max_size=5),
    "sums": st.lists(MONEYS, max_size=5),
}
RECORDS = st.fixed_dictionaries({}, optional=VALUES)

INSTANT_2026 = datetime(2026, 3, 1, 9, tzinfo=CHINA)


class Channel(StrEnum):
    PHONE = "phone"


class Count(IntEnum):
    TWO = 2


def problem(name: str, value: object) -> tuple[str, str, str]:
    """Return the field a refusal names, and its wording in English and in Chinese."""
    with pytest.raises(FactsError) as caught:
        FACTS.read({name: value})
    (only,) = caught.value.problems
    assert only.field in caught.value.explain("zh")
    assert only.wording.zh in caught.value.explain("zh")
    assert only.wording.en in str(caught.value)
    caught.value.explain("zh").encode()
    assert len(str(caught.value)) < 1_000
    return only.field, only.wording.en, only.wording.zh


@given(RECORDS)
def test_what_is_written_reads_back_as_the_same_record(data: dict[str, object]) -> None:
    record = FACTS.read(data)
    written = json.dumps(FACTS.dump(record))
    again = FACTS.read(json.loads(written))
    assert again == record
    assert json.dumps(FACTS.dump(again)) == written


@given(RECORDS)
def test_reading_a_record_again_changes_nothing(data: dict[str, object]) -> None:
    record = FACTS.read(data)
    again = FACTS.read(record)
    assert again == record
    assert [repr(each) for each in again.values()] == [repr(each) for each in record.values()]


@given(RECORDS)
def test_a_model_holds_the_same_as_a_record(data: dict[str, object]) -> None:
    held = FACTS.model(**data)
    assert FACTS.read(held) == FACTS.read(data)
    assert {k: v for k, v in held.model_dump(mode="json").items() if v is not None} == FACTS.dump(
        FACTS.read(data)
    )


@given(
    st.sampled_from(list(TYPES)),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text()
        | st.decimals()
        | st.dates()
        | st.datetimes()
        | st.binary(),
        st.lists,
    ),
)
def test_any_value_is_read_or_refused_and_a_model_agrees(name: str, value: object) -> None:
    record, problems = outcome(name, value)
    for each in problems:
        f"{each.field}{each.wording.zh}{each.wording.en}".encode()
    if record is None:
        with pytest.raises(ValidationError):
            FACTS.model(**{name: value})
    else:
        assert FACTS.read(FACTS.dump(record)) == record
        assert FACTS.read(FACTS.model(**{name: value})) == record


def outcome(name: str, value: object) -> tuple[Record | None, tuple[FactProblem, ...]]:
    try:
        return FACTS.read({name: value}), ()
    except FactsError as refusal:
        return None, refusal.problems


@given(MONEYS)
def test_money_is_exact_however_it_is_given(amount: Decimal) -> None:
    given_as = [amount, str(amount), f"{amount}000", amount.normalize()]
    assert {str(FACTS.read({"gain": each})["gain"]) for each in given_as} == {f"{amount + 0:.2f}"}


def test_equal_amounts_are_written_alike() -> None:
    amounts = [50000, "50000", "50000.0", "+50000.00", Decimal("5E+4"), Decimal("50000.0000")]
    assert {str(FACTS.dump(FACTS.read({"gain": each}))["gain"]) for each in amounts} == {"50000.00"}
    assert FACTS.dump(FACTS.read({"gain": "-0.00", "share": Decimal("-0")})) == {
        "share": "0",
        "gain": "0.00",
    }


def test_money_does_not_depend_on_the_callers_decimal_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert FACTS.read({"gain": "49999.99"}) == {"gain": Decimal("49999.99")}


def test_a_record_keeps_the_order_in_which_facts_are_declared() -> None:
    record = FACTS.read({"channel": "phone", "urgent": True, "gain": 1})
    assert list(record) == ["urgent", "gain", "channel"]


def test_an_instant_keeps_the_offset_it_was_given_with() -> None:
    record = FACTS.read({"received_at": "2026-03-01T09:00:00+08:00"})
    assert FACTS.dump(record) == {"received_at": "2026-03-01T09:00:00+08:00"}
    assert FACTS.read({"received_at": "2026-03-01 01:00Z"}) == record
    assert record["received_at"] == INSTANT_2026


def test_enums_of_the_host_are_read_as_what_they_stand_for() -> None:
    record = FACTS.read({"channel": Channel.PHONE, "repeats": Count.TWO})
    assert [type(each) for each in record.values()] == [int, str]
    assert record == {"repeats": 2, "channel": "phone"}


def test_nothing_given_is_not_known_and_so_is_null() -> None:
    assert FACTS.read({}) == FACTS.read({"gain": None}) == {}
    with pytest.raises(MissingData) as caught:
        FACTS.read({"gain": None})["gain"]
    assert caught.value.path == "gain"


NUMBERS_REFUSED = [
    0.1,
    float("nan"),
    float("inf"),
    True,
    "",
    "1e3",
    "1e999",
    "NaN",
    "Infinity",
    "１",
    "1_000",
    " 1",
    "1,000",
]
NUMBERS_REFUSED += [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), [], {}, b"1", object()]


@pytest.mark.parametrize("name", ["gain", "share"])
@pytest.mark.parametrize("value", NUMBERS_REFUSED)
def test_what_is_no_exact_number_is_refused(name: str, value: object) -> None:
    field, en, zh = problem(name, value)
    assert field == name
    assert en.startswith(f"Title of {name}: expected an ")
    assert zh.startswith(f"题{name}：应为")


@pytest.mark.parametrize("name", ["gain", "share"])
@pytest.mark.parametrize(
    "value",
    [
        10**400,
        -(10**30),
        "9" * 29,
        Decimal("1E+999999"),
        Decimal("1E-999999"),
        "1234567890123456789.0123456789",
        Decimal("9" * 40),
    ],
)
def test_a_number_with_too_many_digits_is_refused(name: str, value: object) -> None:
    _, en, zh = problem(name, value)
    assert "digits" in en
    assert "位数字" in zh


def test_money_has_no_more_than_two_places() -> None:
    _, en, zh = problem("gain", "0.001")
    assert en == "Title of gain: the text `0.001` has more than two decimal places"
    assert zh == "题gain：文本 `0.001` 超过两位小数"


@pytest.mark.parametrize("value", [True, 1.0, "1", Decimal(1), None.__class__, [1]])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    _, en, zh = problem("repeats", value)
    assert "expected a whole number" in en
    assert "应为整数" in zh


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**400])
def test_a_whole_number_has_64_bits(value: int) -> None:
    _, en, zh = problem("repeats", value)
    assert "9223372036854775807" in en
    assert "9223372036854775807" in zh


@pytest.mark.parametrize("value", [0, 1, "true", "yes", "", 0.0])
def test_only_true_and_false_are_booleans(value: object) -> None:
    _, en, zh = problem("urgent", value)
    assert "expected a boolean, true or false, found" in en
    assert "应为布尔值 true 或 false" in zh


@pytest.mark.parametrize(
    "value",
    [INSTANT_2026, "2026-03-01T00:00:00", "20260301", "2026-3-1", "2026-W09-7", 20260301, ""],
)
def test_what_is_no_day_is_refused(value: object) -> None:
    _, en, zh = problem("found_on", value)
    assert "expected a date such as 2026-03-01" in en
    assert "应为日期" in zh


@pytest.mark.parametrize("value", ["2026-02-30", "0000-01-01", "2026-13-01"])
def test_a_day_that_no_calendar_has_is_refused(value: str) -> None:
    _, en, zh = problem("found_on", value)
    assert "not a day" in en
    assert "不是存在的日期" in zh


@pytest.mark.parametrize(
    "value", [INSTANT_2026.replace(tzinfo=None), "2026-03-01T09:00:00", "2026-03-01 09:00"]
)
def test_an_instant_without_an_offset_is_refused(value: object) -> None:
    _, en, zh = problem("received_at", value)
    assert "has no offset" in en
    assert "没有时区" in zh


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 1),
        "2026-03-01",
        "2026-03-01T24:00Z",
        "2026-03-01T09:00:60Z",
        "2026-03-01T09:00+0800",
        0,
        "",
        "2026-03-01T09:00:00.1234567Z",
    ],
)
def test_what_is_no_instant_is_refused(value: object) -> None:
    _, en, zh = problem("received_at", value)
    assert "expected an instant with its offset" in en
    assert "应为带时区的时刻" in zh


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30T09:00Z",
        "2026-03-01T09:00+24:00",
        "0001-01-01T00:00+08:00",
        "9999-12-31T23:59-08:00",
    ],
)
def test_an_instant_that_no_clock_shows_is_refused(value: str) -> None:
    _, en, zh = problem("received_at", value)
    assert "is not a day or an instant that exists" in en
    assert "不是存在的日期或时刻" in zh


@pytest.mark.parametrize(
    "value",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-8))),
    ],
)
def test_an_instant_without_a_counterpart_in_utc_is_refused(value: datetime) -> None:
    assert "is not a day or an instant that exists" in problem("received_at", value)[1]


def test_an_instant_keeps_a_fixed_offset_and_loses_rules_of_summer_time() -> None:
    class Summer(tzinfo):
        def utcoffset(self, at: datetime | None) -> timedelta:  # noqa: ARG002 - of the class
            return timedelta(hours=2)

    fixed = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=2)))
    for each in (fixed, fixed.replace(tzinfo=Summer())):
        read = FACTS.read({"received_at": each})["received_at"]
        assert isinstance(read, datetime)
        assert (read, read.tzinfo) == (fixed, fixed.tzinfo)


@pytest.mark.parametrize("value", [60, "60", "1h", "PT1H", "99999999999999s", True])
def test_what_is_no_length_of_time_is_refused(value: object) -> None:
    _, en, zh = problem("waited", value)
    assert "expected a length of time" in en
    assert "应为时长" in zh


def test_a_text_has_no_half_characters() -> None:
    _, en, zh = problem("content", "ok\ud800")
    assert "character 3, U+D800" in en
    assert "第 3 个字符 U+D800" in zh


def test_a_text_is_not_too_long() -> None:
    assert FACTS.read({"content": "字" * 10_000})
    _, en, zh = problem("content", "字" * 10_001)
    assert "10001 characters, at most 10000" in en
    assert "10001 个字符，最多 10000 个" in zh


@pytest.mark.parametrize("value", [b"x", 1, ["x"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    _, en, zh = problem("content", value)
    assert "expected a text" in en
    assert "应为文本" in zh


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("phne", "phone"),
        ("PHONE", "phone"),
        ("邮件", "mail"),
        ("Telephone", "phone"),
        ("pigeon", None),
        (1, None),
    ],
)
def test_a_code_that_is_not_in_the_catalogue_is_answered_with_those_that_are(
    value: object, meant: str | None
) -> None:
    _, en, zh = problem("channel", value)
    assert "allowed: phone, mail" in en
    assert "可选值：phone、mail" in zh
    assert ("did you mean" in en) == ("是否指" in zh) == (meant is not None)
    assert meant is None or f"did you mean `{meant}`?" in en
    with pytest.raises(FactsError) as caught:
        FACTS.read({"channel": value})
    assert caught.value.problems[0].allowed == ("phone", "mail")


def test_a_long_catalogue_is_named_and_not_listed() -> None:
    _, en, zh = problem("act", "act_99")
    assert "did you mean `act_9`?" in en
    assert "`act`" in zh
    assert "allowed" not in en


def test_an_item_of_a_list_is_named_by_its_place() -> None:
    field, en, _ = problem("tried", ["phone", "mial"])
    assert field == "tried[1]"
    assert "did you mean `mail`?" in en
    assert problem("tried", "phone")[1].endswith("expected a list, found the text `phone`")
    assert "found nothing" in problem("sums", [None])[1]
    assert "at most 10000" in problem("sums", [1] * 10_001)[1]


@pytest.mark.parametrize(
    ("name", "value", "zh"),
    [
        ("repeats", -1, "不得小于 0"),
        ("repeats", 100, "不得大于 99"),
        ("share", "100.1", "不得大于 100"),
        ("gain", "-0.01", "不得小于 0"),
        ("content", "字" * 21, "最多 20 个"),
    ],
)
def test_bounds_of_a_definition_hold(words: Vocabulary, name: str, value: object, zh: str) -> None:
    with pytest.raises(FactsError, match=name) as caught:
        words.facts["complaint"].read({name: value})
    assert zh in caught.value.explain("zh")


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(FactsError) as caught:
        FACTS.read({"gain": 0.5, "urgent": 1, "chanel": "phone", "repeats": 1, 7: 1})
    problems = {each.field: each.wording.en for each in caught.value.problems}
    assert list(problems) == ["urgent", "gain", "chanel", "the whole number 7"]
    assert problems["chanel"] == "there is no such field; did you mean `channel`?"
    assert caught.value.problems[2].wording.zh == "没有这一项；是否指 `channel`？"


def test_an_instance_of_the_model_comes_equal_out_of_a_pickle() -> None:
    model = FACTS.model(urgent=True)
    again = pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes
    assert type(again) is type(model)
    assert again == model
    assert FACTS.read(again) == FACTS.read(model)


def test_thousands_of_unknown_names_make_a_short_message() -> None:
    with pytest.raises(FactsError) as caught:
        FACTS.read({f"unknown_{number}": 1 for number in range(20_000)} | {"urgent": 3})
    assert caught.value.problems[0].field == "urgent"
    assert len(caught.value.problems) == 52
    assert "19950" in caught.value.problems[-1].wording.zh


@pytest.mark.parametrize("data", [None, [], "gain", 3, [("gain", 1)]])
def test_what_is_no_record_is_refused(data: object) -> None:
    with pytest.raises(FactsError, match="expected a mapping") as caught:
        FACTS.read(data)
    assert "映射" in caught.value.explain("zh")


def test_a_type_that_only_expressions_know_cannot_be_given() -> None:
    shape = RecordType("odd", {"any": Field(DYNAMIC), "inner": Field(RecordType("inner", {}))})
    with pytest.raises(FactsError) as caught:
        read_record(shape, {"any": 1, "inner": {}}, "odd")
    assert [each.field for each in caught.value.problems] == ["any", "inner"]


def test_facts_may_be_incomplete_unless_all_are_asked_for(words: Vocabulary) -> None:
    complaint = words.facts["complaint"]
    assert complaint.read({"urgent": True}) == {"urgent": True}
    with pytest.raises(FactsError) as caught:
        complaint.read({"urgent": True}, partial=False)
    assert [each.field for each in caught.value.problems] == [
        "channel",
        "content",
        "repeats",
        "received_at",
    ]
    assert caught.value.problems[0].wording == ("渠道：缺少此项", "Channel: it is missing")


def test_the_payload_of_an_event_must_be_complete() -> None:
    shape = RecordType("classify", {"grade": Field(TEXT), "note": Field(TEXT, optional=True)})
    assert read_record(shape, {"grade": "major"}, "classify") == {"grade": "major"}
    with pytest.raises(FactsError, match=r"`classify`: grade: it is missing"):
        read_record(shape, {"note": "x"}, "classify")


def test_a_record_with_a_change_is_another_record() -> None:
    record = FACTS.read({"urgent": True})
    changed = record | {"urgent": False}
    assert isinstance(changed, Record)
    assert (record["urgent"], changed["urgent"]) == (True, False)
    assert dump_record(changed) == {"urgent": False}


def test_a_model_demands_what_is_not_optional_and_is_frozen(words: Vocabulary) -> None:
    model = words.facts["complaint"].model
    with pytest.raises(ValidationError, match="channel"):
        model()
    held: Any = model(
        channel="phone", content="x", repeats=0, urgent=False, received_at=INSTANT_2026
    )
    assert held.gain is None
    with pytest.raises(ValidationError, match="frozen"):
        held.gain = Decimal(1)
    with pytest.raises(ValidationError, match="extra"):
        model(**held.model_dump(), other=1)


def test_a_model_describes_itself_as_json_schema(words: Vocabulary) -> None:
    schema = words.facts["complaint"].model.model_json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"channel", "content", "repeats", "urgent", "received_at"}
    properties = schema["properties"]
    assert properties["channel"]["enum"] == ["phone", "mail"]
    assert properties["channel"]["title"] == "Channel"
    assert properties["channel"]["description"] == "渠道"
    assert properties["repeats"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 99,
        "title": "Repeats",
        "description": "次数",
    }
    assert properties["content"]["maxLength"] == 20
    assert {"type": "null"} in properties["gain"]["anyOf"]


def test_a_fact_may_have_a_name_that_pydantic_needs_for_itself() -> None:
    names = ["json", "json_", "model_dump", "copy", "class", "schema", "model_config"]
    shape = RecordType("odd", {name: Field(INTEGER) for name in names})
    facts = FactType("odd", Wording("怪", "Odd"), shape)
    data = {name: number for number, name in enumerate(names)}
    assert facts.read(facts.model(**data), partial=False) == data


def test_a_model_is_made_once() -> None:
    assert FACTS.model is FACTS.model


def test_what_a_decision_holds_besides_facts_is_written_for_people_and_programs() -> None:
    limit = Duration.parse("15 days")
    assert dump_value({"limit": limit, "sums": (Decimal("1.50"),)}) == {
        "limit": "15 days",
        "sums": ["1.50"],
    }
