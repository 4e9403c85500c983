"""Random expressions that are well typed by the way they are put together, and random records."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, settings
from hypothesis import strategies as st

from telecom_rules.expressions import Context, Expression, check
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import Record
from tests.expressions.expression_samples import GIVEN, NOON, SCOPE, SEVERITY, scalar

LEAVES = {
    "boolean": ["is_crime", "is_grave", "true", "false", "has(fine)", "in_state('open')",
                "clocks.reply.expired", "has(event.note)", "has(limits.a)"],
    "integer": ["count", "total", "0", "1", "-2", "9223372036854775807", "parameters.repeats",
                "limits.a", "counts[0]"],
    "money": ["illegal_gain", "(has(fine) ? fine : illegal_gain)", "money('0.01')"],
    "decimal": ["rate", "decimal('0.125')", "decimal(count)"],
    "text": ["content", "''", "'投诉'", "(has(event.note) ? event.note : content)", "tags[0]"],
    "severity": ["severity", "event.grade", "policies.grading.grade"],
    "date": ["found_on", "today", "date('2016-07-30')"],
    "span": ["took", "days(2)", "hours(-3)", "duration('90s')", "clocks.reply.elapsed"],
    "integers": ["counts", "[1, 2]", "[count, 0]", "(counts + [])"],
    "texts": ["tags", "['a']", "limits.map(k, k)"],
}  # fmt: skip
BUILT = {
    "boolean": [
        "({boolean} && {boolean})", "({boolean} || {boolean})", "!{boolean}",
        "({boolean} && {boolean} && {boolean})",
        "({boolean} ? {boolean} : {boolean})", "({integer} < {integer})",
        "({integer} == {integer})",
        "({money} >= {money})", "({money} >= 50000)", "({decimal} < 0.5)",
        "({decimal} != {integer})",
        "({text} == {text})", "({severity} == 'minor')", "({severity} in ['minor', 'serious'])",
        "({severity} != {severity})", "({date} < {date})", "({span} > {span})",
        "{text}.contains({text})", "({integer} in {integers})", "({texts} == {texts})",
        "{integers}.all(i, i > {integer})", "{integers}.exists(i, {boolean} || i == 1)",
        "{integers}.exists_one(i, 2 / i == {integer})", "({'a': {integer}} == limits)",
        "{texts}.exists(t, t == {text})", "{integers}.all(i, j, i < j || {boolean})",
        "'投诉 a'.matches('^[a-z投]+ ?')", "cel.bind(b, {boolean}, b || !b && {boolean})",
        "limits.exists(k, v, v > {integer} && k != {text})",
        "sets.contains({integers}, {integers})", "sets.equivalent({texts}, {texts})",
        "sets.intersects({integers}, [1, {integer}])", "regex.extract({text}, 'a.').hasValue()",
    ],
    "integer": [
        "({integer} + {integer})", "({integer} - {integer})", "({integer} * {integer})",
        "({integer} / {integer})", "({integer} % {integer})", "-({integer})", "size({text})",
        "size({integers})", "{integers}[{integer}]",
        "({boolean} ? {integer} : {integer})", "int({decimal})",
        "{text}.indexOf({text})", "math.greatest({integer}, {integer}, 3)", "math.abs({integer})",
        "received_at.getHours('+08:00')", "cel.bind(x, {integer}, x * x)",
        "math.bitAnd({integer}, {integer})", "{span}.getMinutes()", "{integers}.sum()",
        "{integers}.max()", "{integers}.min()", "{integers}.first().orValue({integer})",
        "math.sign({money})",
    ],
    "money": ["({money} + {money})", "({money} * {integer})", "({money} - 0.5)", "-({money})",
              "math.greatest({money}, {integer})", "math.abs({money})",
              "[{money}, {integer}].sum()", "math.round({money})",
              "roundUp({decimal})", "roundDown({decimal} * 0.3)", "roundDown({money})"],
    "decimal": ["({money} * {decimal})", "({decimal} / {integer})", "({decimal} * 0.5)",
                "({decimal} - {money})", "({boolean} ? {decimal} : {integer})"],
    "text": ["({text} + {text})", "({boolean} ? {text} : {text})", "string({integer})",
             "string({money})", "string({severity})", "{text}.upperAscii().trim()",
             "{text}.substring({integer})", "{texts}.join('-')", "{text}.replace({text}, 'b')",
             "regex.replace({text}, '(a)|l', '<\\\\1>')", "{texts}.last().orValue('')",
             "regex.extract({text}, '.(.)').orValue({text})",
             "'%s: %s'.format([{text}, {text}])", "'%s'.format([{integers}])", "{text}.charAt(0)"],
    "severity": ["({boolean} ? {severity} : {severity})"],
    "date": ["({date} + {span})", "({date} - days({integer} + 0))",
             "{date}.addMonths({integer}, 'up')", "{date}.addYears(1, 'down')"],
    "span": ["({span} + {span})", "({date} - {date})", "hours({integer} + 0)"],
    "integers": ["({integers} + {integers})", "{integers}.map(i, i * {integer})",
                 "{integers}.filter(i, i > 0 || {boolean})", "[{integer}, {integer}]",
                 "{integers}.sort()", "{integers}.distinct()", "{integers}.reverse()",
                 "{integers}.slice(0, {integer})", "[{integers}, {integers}].flatten()",
                 "{integers}.sortBy(i, i * {integer})", "lists.range({integer})",
                 "{integers}.transformList(i, x, i + x)",
                 "limits.transformMap(k, v, v > 0, v + 1).transformList(k, v, v)"],
    "texts": ["{texts}.filter(t, t != {text})", "[{text}, {text}]", "{text}.split('a')",
              "regex.extractAll({text}, '[a-z]')", "{texts}.sortBy(t, size(t))",
              "{texts}.sort()"],
}  # fmt: skip


@st.composite
def texts_of(draw, kind="boolean", depth=3):
    """A text of the language that is well typed by the way it is put together."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    form = draw(st.sampled_from(BUILT[kind]))
    for part in LEAVES:
        while f"{{{part}}}" in form:
            form = form.replace(f"{{{part}}}", draw(texts_of(part, depth - 1)), 1)
    return form


def examples(least: int) -> settings:
    """Draw at least so many examples, and more in a long run."""
    return settings(max_examples=max(least, settings().max_examples))


def checked(text: str) -> Expression:
    """The expression of a random text, which must be right but may take too many steps."""
    found = Findings()
    expression = check(scalar(text), SCOPE, None, found)
    assume([each.id for each in found] != ["TR202"])
    assert expression is not None, [each.concise() for each in found]
    return expression


cents = st.integers(-(10**12), 10**12).map(lambda amount: Decimal(amount).scaleb(-2))
words = st.sampled_from(["", "投诉", "a", "slow line"])
small = st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1)
VALUES = {
    "severity": st.sampled_from(list(SEVERITY.codes)),
    "is_crime": st.booleans(),
    "is_grave": st.booleans(),
    "illegal_gain": cents | st.sampled_from([Decimal("49999.99"), Decimal(50000)]),
    "fine": cents,
    "rate": st.decimals(-100, 100, places=4),
    "count": small,
    "total": small,
    "content": words,
    "found_on": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "took": st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    "tags": st.lists(words, max_size=3).map(tuple),
    "counts": st.lists(small, max_size=3).map(tuple),
    "limits": st.dictionaries(words, small, max_size=2),
}
records = st.fixed_dictionaries({}, optional=VALUES).map(Record)
contexts = st.builds(
    Context,
    event=st.fixed_dictionaries({}, optional={"grade": VALUES["severity"], "note": words}).map(
        Record
    ),
    parameters=st.fixed_dictionaries({}, optional={"repeats": small}).map(Record),
    policies=st.just(GIVEN.policies) | st.just(Record()),
    clocks=st.just(GIVEN.clocks) | st.just(Record()),
    today=st.none() | st.just(date(2026, 3, 16)),
    now=st.none() | st.just(NOON),
    states=st.sampled_from([frozenset(), frozenset({"open"})]),
)
