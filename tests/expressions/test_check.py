"""Names and types: what each mistake is called, where it is, and that none hides another."""

from __future__ import annotations

import pytest

from telecom_rules.expressions import Scope, check
from telecom_rules.expressions.functions.profile import PACK_PROFILE
from telecom_rules.findings import Findings
from telecom_rules.vocabulary.types import (
    BOOLEAN,
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
    ListType,
    MapType,
    RecordType,
)
from tests.expressions.expression_samples import (
    CHANNEL,
    GIVEN,
    RECORD,
    SCOPE,
    SEVERITY,
    mistakes,
    scalar,
    told,
    written,
)

KEYS = "the keys of a map are all texts, integers or booleans, its values of one type"


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1", INTEGER),
        ("1u", UNSIGNED),
        ("1.5", DOUBLE),
        ("'a'", TEXT),
        ("severity", SEVERITY),
        ("event.grade", SEVERITY),
        ("policies.grading.grade", SEVERITY),
        ("parameters.reply", LIMIT),
        ("today", DATE),
        ("now", INSTANT),
        ("count + 1", INTEGER),
        ("count + rate", DECIMAL),
        ("count * illegal_gain", MONEY),
        ("illegal_gain + 1", MONEY),
        ("illegal_gain + 0.5", MONEY),
        ("illegal_gain + 0.005", DECIMAL),
        ("illegal_gain * 3", MONEY),
        ("illegal_gain * 0.5", DECIMAL),
        ("0.5 * illegal_gain", DECIMAL),
        ("illegal_gain * (0.5 + 0.1)", DECIMAL),
        ("illegal_gain * (1 + 0.1)", DECIMAL),
        ("rate > (is_crime ? 0.5 : 0.1) * 2", BOOLEAN),
        ("illegal_gain + count * 0.5", DECIMAL),
        ("rate in [1, 0.5]", BOOLEAN),
        ("count in [rate]", BOOLEAN),
        ("1 + 0.5", DOUBLE),
        ("0.5 + 1", DOUBLE),
        ("[1, 0.5]", ListType(DOUBLE)),
        ("[1, 2] == [rate]", BOOLEAN),
        ("illegal_gain + rate", DECIMAL),
        ("illegal_gain / illegal_gain", DECIMAL),
        ("illegal_gain / 4", DECIMAL),
        ("-illegal_gain", MONEY),
        ("rate > 0.5 ? rate : 1", DECIMAL),
        ("is_crime ? 1 : illegal_gain", MONEY),
        ("ratio * 2", DOUBLE),
        ("natural + 1", UNSIGNED),
        ("found_on + days(15)", DATE),
        ("found_on - found_on", SPAN),
        ("now - received_at", SPAN),
        ("received_at + hours(48)", INSTANT),
        ("date('2016-07-30')", DATE),
        ("timestamp('2016-07-30T00:00:00Z') - duration('1h')", INSTANT),
        ("[1, 2]", ListType(INTEGER)),
        ("[1, rate]", ListType(DECIMAL)),
        ("tags + []", ListType(TEXT)),
        ("{'a': 1}", MapType(TEXT, INTEGER)),
        ("limits.a", INTEGER),
        ("tags[0]", TEXT),
        ("tags.map(t, size(t))", ListType(INTEGER)),
        ("tags.filter(t, t != '')", ListType(TEXT)),
        ("channels.exists(c, c == 'web')", BOOLEAN),
        ("channels[0]", CHANNEL),
        ("limits.map(k, k)", ListType(TEXT)),
        ("string(severity) + 'x'", TEXT),
        ("money(illegal_gain * 0.5)", MONEY),
        ("decimal('0.05')", DECIMAL),
        ("in_state('open')", BOOLEAN),
    ],
)
def test_every_expression_has_a_type(text, type):
    assert written(text).type == type


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("severity == 'minor' && has(fine)", {"severity", "fine"}),
        ("event.grade == 'minor' || has(event.note)", {"event.grade", "event.note"}),
        ("policies.grading.grade == 'minor'", {"policies.grading.grade"}),
        (
            "clocks.reply.elapsed > days(2) && found_on < today",
            {"clocks.reply.elapsed", "found_on", "today"},
        ),
        ("limits.a > 1", {"limits"}),
        ("tags.all(count, count != '')", {"tags"}),
        ("tags.all(count, .count > 1)", {"tags", "count"}),
        ("in_state('open')", set()),
    ],
)
def test_an_expression_knows_what_it_reads(text, reads):
    assert written(text).reads == reads


@pytest.mark.parametrize(
    ("text", "finding", "help"),
    [
        (
            "severty == 'minor'",
            "1-8 TR203 `severty` is not a name this expression may use",
            "did you mean `severity`?",
        ),
        (
            "event.grad == 'minor'",
            "7-11 TR203 `event.grad` is not a name this expression may use",
            "did you mean `grade`?",
        ),
        (
            "policies.gradin.grade == 'minor'",
            "10-16 TR203 `policies.gradin` is not a name this expression may use",
            "did you mean `grading`?",
        ),
        (
            "event.zzzzzz == 'minor'",
            "7-13 TR203 `event.zzzzzz` is not a name this expression may use",
            "names in scope: grade, note",
        ),
        (
            "severity == 'minr'",
            "13-19 TR208 `minr` is not a value of the catalogue `severity`",
            "did you mean `minor`?",
        ),
        (
            "severity == 'unknown'",
            "13-22 TR208 `unknown` is not a value of the catalogue `severity`",
            "allowed: minor, moderate, serious",
        ),
        (
            "'minr' == severity",
            "1-7 TR208 `minr` is not a value of the catalogue `severity`",
            "did you mean `minor`?",
        ),
        (
            "severity in ['minor', 'x']",
            "23-26 TR208 `x` is not a value of the catalogue `severity`",
            "allowed: minor, moderate, serious",
        ),
        (
            "'fax' in channels",
            "1-6 TR208 `fax` is not a value of the catalogue `channel`",
            "allowed: phone, web",
        ),
        (
            "severity == (is_crime ? 'minor' : 'serius')",
            "35-43 TR208 `serius` is not a value of the catalogue `severity`",
            "did you mean `serious`?",
        ),
        (
            "fine > 3",
            "1-5 TR205 `fine` may be absent here",
            "ask `has(fine)` first, as in `has(fine) && ...`",
        ),
        (
            "is_crime && event.note == ''",
            "13-23 TR205 `event.note` may be absent here",
            "ask `has(event.note)` first, as in `has(event.note) && ...`",
        ),
        ("siz(content) > 1", "1-4 TR206 there is no function `siz`", "did you mean `size`?"),
        (
            "content.startswith('a')",
            "9-19 TR206 there is no function `startswith`",
            "did you mean `startsWith`?",
        ),
        (
            "now.getHours('Asia/Shanghai') > 8",
            "14-29 TR204 `Asia/Shanghai` is not an offset; offsets are written +08:00",
            None,
        ),
        (
            "'%d'.format([content]) == ''",
            "13-22 TR204 `%d` does not apply to a value of type string",
            None,
        ),
        ("'%y'.format([content]) == ''", "13-22 TR204 `%y` is not a format clause", None),
        ("cel.bind(e, event, true)", "13-18 TR204 `cel.bind` gives no name to `event`", None),
        (
            "cel.bind(f, fine, f > 0)",
            "13-17 TR205 `fine` may be absent here",
            "ask `has(fine)` first, as in `has(fine) && ...`",
        ),
        ("in_state('opened')", "10-18 TR113 no state is named `opened`", "did you mean `open`?"),
        ("in_state(content)", '1-18 TR204 `in_state` is written `in_state("state")`', None),
        ("has(today)", "5-10 TR204 `today` is always present: omit `has`", None),
        ("tags.all(t, has(t))", "17-18 TR204 `t` is always present: omit `has`", None),
        ("count && is_crime", "1-6 TR204 expected a boolean here, found `integer`", None),
        ("!count", "1-7 TR204 `!` does not apply to `integer`", None),
        ("count ? 1 : 2", "1-6 TR204 expected a boolean here, found `integer`", None),
        (
            "is_crime ? 1 : 'a'",
            "1-19 TR204 the branches differ in type: `integer` and `text`",
            None,
        ),
        ("[1, 'a']", "1-9 TR204 the items of the list differ in type", None),
        (
            "{1: 1, 'a': 1}",
            "1-15 TR204 " + KEYS,
            None,
        ),
        (
            "{rate: 1}",
            "1-10 TR204 " + KEYS,
            None,
        ),
        ("count.x", "1-8 TR204 `integer` has no field `x`", None),
        ("count.all(x, x)", "1-6 TR204 `all` goes through a list or map, not `integer`", None),
        ("count[0] == 1", "1-9 TR204 `[]` does not apply to `integer` and `integer`", None),
        ("tags['a'] == ''", "1-10 TR204 `[]` does not apply to `list[text]` and `text`", None),
        ("content + 1", "1-12 TR204 `+` does not apply to `text` and `integer`", None),
        (
            "illegal_gain * illegal_gain",
            "1-28 TR204 `*` does not apply to `money` and `money`",
            None,
        ),
        ("is_crime == 1", "1-14 TR204 `==` does not apply to `boolean` and `integer`", None),
        (
            "severity < 'serious'",
            "1-21 TR204 `<` does not apply to `severity` and `severity`",
            None,
        ),
        (
            "1 < count < 5",
            (
                "1-14 TR204 `<` does not apply to `boolean` and `integer`; "
                "comparisons do not chain; join them with `&&`"
            ),
            None,
        ),
        (
            "content == null",
            (
                "1-16 TR204 `==` does not apply to `text` and `null`; "
                "use `has(...)` to test whether a value is present"
            ),
            None,
        ),
        (
            "severity == content",
            (
                "1-20 TR204 `==` does not apply to `severity` and `text`; a code compares "
                "with codes of its catalogue; for anything else use `string(...)`"
            ),
            None,
        ),
        (
            "severity == channels[0]",
            "1-24 TR204 `==` does not apply to `severity` and `channel`",
            None,
        ),
        (
            "illegal_gain * ratio",
            (
                "1-21 TR204 `*` does not apply to `money` and `double`; write "
                "`decimal('...')` for an exact number, or convert with `double(...)`"
            ),
            None,
        ),
        (
            "count > 0.5",
            (
                "1-12 TR204 `>` does not apply to `integer` and `double`; write "
                "`decimal('...')` for an exact number, or convert with `double(...)`"
            ),
            None,
        ),
        (
            "parameters.reply == parameters.reply",
            "1-37 TR204 `==` does not apply to `limit` and `limit`",
            None,
        ),
        ("event == event", "1-15 TR204 `==` does not apply to `event` and `event`", None),
        (
            "size(count) == 1",
            "1-12 TR204 `size` is written `size(text)`, `size(bytes)`, `size(list[A])`, …",
            None,
        ),
        ("contains(content, 'a')", "1-23 TR204 `contains` is written `text.contains(text)`", None),
        (
            "date('2016-02-30') < today",
            "6-18 TR204 `2016-02-30` is not a date; dates are written 2016-07-30",
            None,
        ),
        (
            "timestamp('2016') < now",
            "11-17 TR204 `2016` is not an instant; instants are written 2016-07-30T08:00:00+08:00",
            None,
        ),
        (
            "duration('7d') < took",
            "10-14 TR204 `7d` is not a duration; durations are written 1h30m",
            None,
        ),
        ("days(200000) < took", "6-12 TR204 the result is out of range", None),
        (
            "rate > 0." + "3" * 40,
            "8-50 TR204 `0." + "3" * 40 + "` has too many digits or is out of range",
            None,
        ),
        ("ratio > 1e999", "9-14 TR204 `1e999` has too many digits or is out of range", None),
        (
            "[[[[[[[[[[[[[1]]]]]]]]]]]]]",
            "1-28 TR202 the expression is too large: lists or maps are nested too deep",
            None,
        ),
        (
            "tags.map(t, [[t, t], [t, t]])",
            "1-30 TR202 the expression is too large: lists or maps are nested too deep",
            None,
        ),
    ],
)
def test_a_mistake_is_named_at_its_place_with_a_way_out(text, finding, help):
    (found,) = mistakes(text)
    assert told([found]) == [finding]
    assert (found.help.en if found.help else None) == help
    assert found.wording.zh != found.wording.en
    assert "{" not in found.concise("zh") + found.concise("en") or "{" in text


def test_a_function_that_nothing_resembles_is_answered_with_functions_there_are():
    (found,) = mistakes("is_crime(1)")
    assert told([found]) == ["1-9 TR206 there is no function `is_crime`"]
    listed = found.help.en.removeprefix("functions: ").removesuffix(", …").split(", ")
    assert {"size", "contains", "decimal", "money", "date", "days"} <= set(listed)
    assert set(listed) < {name for name in PACK_PROFILE.functions if name[0].isalpha()}


def test_every_mistake_of_an_expression_is_found_at_once():
    found = mistakes("severty == 'minor' && fine > 3 || (severity == 'x' && foo(1))")
    assert [(each.id, each.span.column) for each in found] == [
        ("TR203", 1), ("TR205", 23), ("TR208", 48), ("TR206", 55),
    ]  # fmt: skip


def test_a_mistake_does_not_cause_others():
    assert told(mistakes("(severty + 1) * rate > 3 && (severty ? 1 : 2) == severty")) == [
        "2-9 TR203 `severty` is not a name this expression may use"
    ]
    assert len(mistakes("fine > 3 && fine < 5")) == 1
    assert len(mistakes("tags.all(t, x.y.z > t)", BOOLEAN)) == 1


@pytest.mark.parametrize(
    ("text", "expected", "finding"),
    [
        ("count", BOOLEAN, "expected `boolean` here, the expression gives `integer`"),
        ("'a'", INTEGER, "expected `integer` here, the expression gives `text`"),
        (
            "illegal_gain * 0.5",
            MONEY,
            "expected `money` (write `money(...)`) here, the expression gives `decimal`",
        ),
        (
            "rate",
            INTEGER,
            "expected `integer` (write `int(...)`) here, the expression gives `decimal`",
        ),
        (
            "0.005",
            MONEY,
            "expected `money` (write `money(...)`) here, the expression gives `decimal`",
        ),
        ("ratio", DECIMAL, "expected `decimal` here, the expression gives `double`"),
        ("content", SEVERITY, "expected `severity` here, the expression gives `text`"),
        ("channels[0]", SEVERITY, "expected `severity` here, the expression gives `channel`"),
        ("event", None, "expected a value here, the expression gives `event`"),
        (
            "counts",
            ListType(TEXT),
            "expected `list[text]` here, the expression gives `list[integer]`",
        ),
    ],
)
def test_a_result_of_the_wrong_type_is_refused(text, expected, finding):
    (found,) = mistakes(text, expected)
    assert (found.id, found.wording.en) == ("TR207", finding)
    assert (found.span.column, found.span.end_column) == (1, len(text) + 1)


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("100000", MONEY, "Decimal('100000')"),
        ("0.5", DECIMAL, "Decimal('0.5')"),
        ("count", DECIMAL, "Decimal('3')"),
        ("count", MONEY, "Decimal('3')"),
        ("illegal_gain", DECIMAL, "Decimal('49999.99')"),
        ("is_crime ? 1 : 2.5", DECIMAL, "Decimal('2.5')"),
        ("1 + 1", DECIMAL, "Decimal('2')"),
        ("severity", TEXT, "'minor'"),
        ("'minor'", SEVERITY, "'minor'"),
        ("[]", ListType(TEXT), "()"),
        ("['web']", ListType(CHANNEL), "('web',)"),
    ],
)
def test_what_loses_nothing_fits(text, expected, value):
    assert repr(written(text, expected).evaluate(RECORD, GIVEN)) == value


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("serious", SEVERITY, "serious"),
        ("is_crime ? serious : minor", SEVERITY, "minor"),
        ("[phone, web]", ListType(CHANNEL), ("phone", "web")),
        ("severity", SEVERITY, "minor"),
        ("event.grade", SEVERITY, "serious"),
        ("count > 2 ? severity : serious", SEVERITY, "minor"),
    ],
)
def test_a_bare_word_is_a_code_where_a_code_is_expected(text, expected, value):
    assert written(text, expected, bare_codes=True).evaluate(RECORD, GIVEN) == value


def test_a_bare_word_that_is_no_code_lists_the_codes():
    assert told(mistakes("serius", SEVERITY, bare_codes=True)) == [
        "1-7 TR208 `serius` is not a value of the catalogue `severity`"
    ]
    assert [each.id for each in mistakes("serious", SEVERITY)] == ["TR203"]
    assert [each.id for each in mistakes("serious", TEXT, bare_codes=True)] == ["TR203"]


def test_without_states_there_is_no_in_state():
    found = Findings()
    check(scalar("in_state('open')"), Scope(SCOPE.facts), None, found)
    assert [each.id for each in found] == ["TR206"]


def test_a_name_whose_definition_is_broken_is_not_reported_again():
    lost = RecordType("event", {}, frozenset({"grade"}))
    scope = Scope(SCOPE.facts, {"event": lost}, lost=frozenset({"fee"}))
    for text in ("fee > 3", "has(fee) && fee > 3", "event.grade == 'minor'", "fee"):
        found = Findings()
        assert check(scalar(text), scope, SEVERITY, found, bare_codes=True) is None
        assert not found
    check(scalar("fee > 3 && unheard"), scope, None, found)
    assert [each.id for each in found] == ["TR203"]


def test_a_fact_goes_before_the_context():
    scope = Scope({"today": SCOPE.facts["content"]}, SCOPE.context)
    found = Findings()
    expression = check(scalar("today"), scope, None, found)
    assert (expression.type, expression.reads) == (TEXT, {"today"})


@pytest.mark.parametrize("text", ["days() > 1", "size()", "'a'.contains()", "int()", "in_state()"])
def test_a_call_without_arguments_is_told_how_it_is_written(text):
    found = Findings()
    assert check(scalar(text), SCOPE, None, found) is None
    (finding,) = found
    assert finding.id == "TR204"
    assert " is written " in finding.wording.en
