"""Nodes become definitions; every mistake is one finding, where it was written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from telecom_rules.documents import (
    Choice,
    Day,
    Definition,
    Flag,
    Identifier,
    Integer,
    Keyed,
    Named,
    Number,
    OneOrMany,
    Raw,
    RawOr,
    Reference,
    Scalar,
    Text,
    Title,
    Word,
    mistake,
    read_as,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Mapping
    from telecom_rules.findings import Finding

    Reading = Callable[..., tuple[Mapping | None, list[Finding]]]
    Mistakes = Callable[..., list[str]]


class Unit(StrEnum):
    DAYS = "calendar_days"
    HOURS = "hours"


class Step(Definition):
    shorthand: ClassVar[str | None] = "target"

    target: Reference | None = None
    guard: Raw | None = None
    by: OneOrMany[Reference] = ()


class Sample(Definition):
    sample: Identifier
    title: Title
    note: Text | None = None
    count: Annotated[Integer, Field(ge=1, le=99)] = 1
    share: Number | None = None
    open: Flag = False
    since: Day | None = Field(default=None, alias="from")
    kind: Choice[Literal["law", "setting"]] = "law"
    unit: Choice[Unit] | None = None
    when: RawOr[Named[Raw]] | None = None
    on: Named[OneOrMany[Step]] = Field(default_factory=dict)
    clauses: Keyed[Text] = Field(default_factory=dict)
    cites: OneOrMany[Reference] = ()
    parts: Named[Sample] = Field(default_factory=dict)

    @model_validator(mode="after")
    def check_dates(self) -> Sample:
        if self.since is not None and self.since.year < 1949:
            raise mistake("TR602", name=self.sample)
        return self


HEAD = "sample: a\ntitle: {zh: 一, en: One}\n"


def made(text: str, reading: Reading) -> Sample:
    root, found = reading(HEAD + text)
    assert root is not None
    definition = read_as(Sample, root, found)
    assert not [each.concise() for each in found]
    assert definition is not None
    return definition


def test_a_definition_holds_what_was_written(reading: Reading) -> None:
    read = made(
        "note: 'no'\ncount: 15\nshare: 0.950\nopen: true\nfrom: 2016-07-30\nkind: setting\n"
        "unit: hours\ncites: spec:7.1.2(3)\nclauses: {'7.1': x, 7.1.2(3): z}\n",
        reading,
    )
    assert (read.sample, read.title.zh, read.note) == ("a", "一", "no")
    assert (read.count, read.share, read.open) == (15, Decimal("0.950"), True)
    assert (read.since, read.kind, read.unit) == (date(2016, 7, 30), "setting", Unit.HOURS)
    assert read.cites == ("spec:7.1.2(3)",)
    assert read.clauses == {"7.1": "x", "7.1.2(3)": "z"}


def test_words_and_definitions_know_their_places(reading: Reading) -> None:
    read = made("on:\n  close:\n  - closed\n  - {target: open}\n", reading)
    assert isinstance(read.sample, Word)
    assert str(read.sample.span) == "f.yaml:1:9"
    assert str(read.span) == "f.yaml:1:1"
    assert str(read.span_of_key("title")) == "f.yaml:2:1"
    assert str(read.span_of_key("note")) == "f.yaml:1:1"
    assert [str(key.span) for key in read.on] == ["f.yaml:4:3"]
    assert [str(step.span) for step in read.on["close"]] == ["f.yaml:5:5", "f.yaml:6:5"]  # type: ignore[index]  # a Word equals its text


@pytest.mark.parametrize("text", ["a", "{target: a}", "[a]", "[{target: a}]"])
def test_the_short_forms_mean_the_long_one(text: str, reading: Reading) -> None:
    ((step,),) = made(f"on: {{go: {text}}}", reading).on.values()
    assert (step.target, step.guard, step.by) == ("a", None, ())


def test_a_raw_value_is_left_as_written(reading: Reading) -> None:
    read = made("when: null\n", reading)
    assert isinstance(read.when, Scalar)
    assert read.when.text == "null"
    read = made("when: {severity: '>= 5', grade: -}\n", reading)
    assert isinstance(read.when, dict)
    assert [each.text for each in read.when.values()] == [">= 5", "-"]


def test_definitions_are_frozen(reading: Reading) -> None:
    with pytest.raises(Exception, match="frozen"):
        made("", reading).count = 2


MISTAKES = {
    "TR014 boolean": ("note: no", ["TR014 3:7"]),
    "TR014 null": ("note: ~", ["TR014 3:7"]),
    "TR014 number": ("note: 1.10", ["TR014 3:7"]),
    "TR014 date": ("note: 2016-07-30", ["TR014 3:7"]),
    "TR014 base 60": ("note: 1:30", ["TR014 3:7"]),
    "TR014 octal": ("note: 012", ["TR014 3:7"]),
    "TR014 title": ("parts: {b: {sample: b, title: {zh: 是, en: Yes}}}", ["TR014 3:43"]),
    "TR014 reference": ("cites: [spec:1, 7.1]", ["TR014 3:17"]),
    "TR014 name": ("parts: {b: {sample: on, title: {zh: 一, en: b}}}", ["TR014 3:21"]),
    "TR015": ("when: amount > 5 # and vulnerable", ["TR015 3:7"]),
    "TR015 in a mapping": ("on: {x: {guard: a && b}}\nwhen: {a: b | c # d\n  }", ["TR015 4:11"]),
    "TR016 text": ("note: ''", ["TR016 3:7"]),
    "TR016 blank text": ("note: ' '", ["TR016 3:7"]),
    "TR016 title": ("parts: {b: {sample: b, title: {zh: '', en: b}}}", ["TR016 3:36"]),
    "TR016 raw": ("when: ''", ["TR016 3:7"]),
    "TR016 number": ("count: null", ["TR016 3:8"]),
    "TR016 flag": ("open: ~", ["TR016 3:7"]),
    "TR125": ("note: |\n  a\n  b", ["TR125 3:7"]),
    "TR125 in quotes": ('note: "a\\nb"', ["TR125 3:7"]),
    "TR125 title": ('parts: {b: {sample: b, title: {zh: "a\\nb", en: b}}}', ["TR125 3:36"]),
    "TR016 nothing": ("open:", ["TR016 3:1"]),
    "TR016 block": ("note: |\ncount: 1", ["TR016 3:7"]),
    "TR101": ("parts: {b: {title: {zh: 一, en: b}}}", ["TR101 3:9"]),
    "TR101 language": ("parts:\n  b:\n    sample: b\n    title: {zh: 一}", ["TR101 6:5"]),
    "TR102": ("colour: red", ["TR102 3:1"]),
    "TR102 inside": ("on:\n  x:\n    - {tarket: a}", ["TR102 5:8"]),
    "TR102 once": ("parts: {b: {sampel: b, title: {zh: 一, en: b}}}", ["TR102 3:13"]),
    "TR103 mapping": ("on: [a]", ["TR103 3:1"]),
    "TR103 text": ("note: {a: b}", ["TR103 3:1"]),
    "TR103 title": ("parts: {b: {sample: b, title: 一}}", ["TR103 3:31"]),
    "TR103 definition": ("parts: {b: [c]}", ["TR103 3:9"]),
    "TR103 short form": ("on: {x: [[a]]}", ["TR103 3:10"]),
    "TR103 item": ("cites: [a, [b]]", ["TR103 3:12"]),
    "TR103 quoted number": ("count: '15'", ["TR103 3:8"]),
    "TR103 quoted flag": ("open: 'true'", ["TR103 3:7"]),
    "TR104": ("parts: {b: {sample: B-1, title: {zh: 一, en: b}}}", ["TR104 3:21"]),
    "TR104 key": ("on: {Close: a, ok: b}", ["TR104 3:6"]),
    "TR104 long": (f"on: {{{'a' * 65}: a}}", ["TR104 3:6"]),
    "TR104 reference": ("cites: spec 7.1", ["TR104 3:8"]),
    "TR105": ("count: 15 days", ["TR105 3:8"]),
    "TR105 octal": ("count: 012", ["TR105 3:8"]),
    "TR105 base 60": ("count: 1:30", ["TR105 3:8"]),
    "TR105 underscore": ("count: 1_000", ["TR105 3:8"]),
    "TR105 other digits": ("count: ١٥", ["TR105 3:8"]),
    "TR106": ("share: 1e3", ["TR106 3:8"]),
    "TR106 not a number": ("share: .nan", ["TR106 3:8"]),
    "TR106 no digits": ("share: 1.", ["TR106 3:8"]),
    "TR107": ("open: yes", ["TR107 3:7"]),
    "TR107 capital": ("open: True", ["TR107 3:7"]),
    "TR108": ("from: 2016-7-30", ["TR108 3:7"]),
    "TR108 no such day": ("from: 2001-02-30", ["TR108 3:7"]),
    "TR108 time": ("from: 2016-07-30T10:00:00", ["TR108 3:7"]),
    "TR109": ("kind: laws", ["TR109 3:7"]),
    "TR109 enum": ("unit: days", ["TR109 3:7"]),
    "TR111": ("count: 0", ["TR111 3:8"]),
    "TR111 above": ("count: 100", ["TR111 3:8"]),
    "TR111 64 bits": ("count: 9223372036854775808", ["TR111 3:8"]),
    "TR111 digits": ("count: " + "9" * 5_000, ["TR111 3:8"]),
    "TR111 places": ("share: 0." + "9" * 60_000, ["TR111 3:8"]),
    "TR118": ("cites: []", ["TR118 3:1"]),
    "TR602 of a validator": ("from: 1900-01-01", ["TR602 1:1"]),
    "several": (
        "colour: red\ncount: x\non: {A: [], b: {guard: [1]}}\nnote: {}\nunit: day",
        [
            "TR102 3:1",
            "TR105 4:8",
            "TR104 5:6",
            "TR118 5:6",
            "TR103 5:17",
            "TR103 6:1",
            "TR109 7:7",
        ],
    ),
    "nothing follows from what is broken": (
        "count: *x\non: {a: *y}\nparts: {b: !t c}\nkind: &z\ncites: [*x]\nnöte: 1",
        ["TR007 3:8", "TR007 4:9", "TR008 5:12", "TR007 6:7", "TR007 7:9", "TR013 8:1"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_one_finding_where_it_is(
    text: str, expected: list[str], mistakes: Mistakes
) -> None:
    assert mistakes(HEAD + text, Sample) == expected


def test_a_key_that_cannot_be_read_is_not_missing(mistakes: Mistakes) -> None:
    assert mistakes("sample: a\ntitlе: {zh: 一, en: One}", Sample) == ["TR013 2:1"]
    assert mistakes("sample: a\ntitle: *x", Sample) == ["TR007 2:8"]


def test_a_misspelt_key_is_not_missing(mistakes: Mistakes) -> None:
    assert mistakes("sample: a\ntitel: {zh: 一, en: One}", Sample) == ["TR102 2:1"]
    assert mistakes("sample: a\ncolour: red", Sample) == ["TR101 1:1", "TR102 2:1"]


SUGGESTIONS = {
    "key": ("cuont: 2", "count"),
    "alias": ("form: 2016-07-30", "from"),
    "inner key": ("on: {x: {guarde: a}}", "guard"),
    "choice": ("kind: seting", "setting"),
    "enum": ("unit: hour", "hours"),
    "far off": ("wholly_unlike: 1", None),
}


@pytest.mark.parametrize(("text", "meant"), SUGGESTIONS.values(), ids=SUGGESTIONS)
def test_a_near_miss_is_suggested(text: str, meant: str | None, reading: Reading) -> None:
    root, found = reading(HEAD + text)
    assert root is not None
    read_as(Sample, root, found)
    assert [each.suggestion for each in found] == [meant]


ADVICE = {
    "count: ５": ("是否指 `5`？", "这里有全角字符，请用半角"),
    "count: 5天": ("是否指 `5`？", "此处只写数字；单位另写在 `unit`"),
    "count: 5 days": ("是否指 `5`？", "此处只写数字；单位另写在 `unit`"),
    "count: 80％": ("是否指 `80`？", "此处只写数字；单位另写在 `unit`"),
    "count: 1_000": ("整数写作 `15` 或 `-3`", ""),
    "已答复: 1": (
        "键只用英文字母、数字和 `_ - . # * ( )`",
        "名称用英文小写字母、数字和 `_`；中文名称写在 `title` 里",
    ),
    "a?b: 1": ("键只用英文字母、数字和 `_ - . # * ( )`", ""),
    'note: "a\\nb"': ("较长的文本用 `>-` 折行，各段之间不空行", ""),
}


@pytest.mark.parametrize(("text", "advice"), ADVICE.items())
def test_the_way_out_fits_what_was_written(
    text: str, advice: tuple[str, str], reading: Reading
) -> None:
    root, found = reading(HEAD + text)
    assert root is not None
    read_as(Sample, root, found)
    (finding,) = found
    assert finding.help is not None
    assert finding.help.zh == advice[0]
    assert advice[1] in ["", *(each.zh for each in finding.notes)]


def test_nothing_of_a_file_with_two_documents_is_missing(reading: Reading) -> None:
    root, found = reading("sample: a\n---\ncount: 1")
    assert root is None
    assert [each.id for each in found] == ["TR009"]


def test_a_block_of_text_may_end_with_its_line(reading: Reading) -> None:
    root, found = reading(HEAD + "note: >\n  a\n  b\n")
    assert root is not None
    sample = read_as(Sample, root, found)
    assert sample is not None
    assert sample.note == "a b"


WORDINGS = {
    "on: [a]": ("expected a mapping, found a list", "此处应为映射，而不是列表"),
    "note: {a: b}": ("expected a text, found a mapping", "此处应为文本，而不是映射"),
    "count: '1'": ("expected a whole number, found a text", "此处应为整数，而不是文本"),
    "count: 0": ("0 is out of range: >= 1", "0 超出范围：>= 1"),
    "note: off": ("some tools read `off` as a boolean", "某些工具会把 `off` 读作布尔值"),
    "when: ''": ("`when` has no value", "`when` 没有值"),
    "kind: laws": (
        "`laws` is not one of the values allowed here",
        "`laws` 不是可选值",
    ),
    "note: " + "[" + "x" * 100 + "]": ("expected a text, found a list", "此处应为文本，而不是列表"),
    "unit: " + "x" * 100: (
        f"`{'x' * 60}…` is not one of the values allowed here",
        f"`{'x' * 60}…` 不是可选值",
    ),
}


@pytest.mark.parametrize("text", WORDINGS)
def test_a_mistake_is_worded_for_people(text: str, reading: Reading) -> None:
    root, found = reading(HEAD + text)
    assert root is not None
    read_as(Sample, root, found)
    (finding,) = found
    assert finding.wording == WORDINGS[text][::-1]
    assert "pydantic" not in finding.concise()


def test_a_mistake_no_code_knows_still_ends_in_a_finding(reading: Reading) -> None:
    class Odd(Definition):
        odd: Annotated[Integer, Field(multiple_of=2)]
        even: Annotated[OneOrMany[Text], Field(min_length=2)]

    root, found = reading("odd: 3\neven: [a]")
    assert root is not None
    assert read_as(Odd, root, found) is None
    assert [each.id for each in found] == ["TR120", "TR118"]
    assert all(each.concise("zh") for each in found)


def test_many_mistakes_do_not_take_long(reading: Reading) -> None:
    text = "\n".join(f"misspelt_key_number_{i}: 1" for i in range(5_000))
    root, found = reading(HEAD + text)
    assert root is not None
    read_as(Sample, root, found)
    assert len(found) == 5_000


LINES = st.sampled_from(
    (
        "sample: a",
        "title: {zh: 一, en: One}",
        "title: x",
        "note: 5",
        "note: 'x'",
        "count: 5",
        "count: {}",
        "on: {a: b}",
        "on: {a: [{target: x}, [], *y]}",
        "when: {a: ''}",
        "when:",
        "cites: [a, {b: c}]",
        "parts: {a: {sample: b}}",
        "parts: {a: *b}",
        "é: 1",
        "unit: dayz",
    )
)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=8))
def test_any_tree_ends_in_a_definition_or_in_findings(lines: list[str], mistakes: Mistakes) -> None:
    text = "\n".join(lines)
    assert mistakes(text, Sample) or {"sample: a", "title: {zh: 一, en: One}"} <= set(lines)
