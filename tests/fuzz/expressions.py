"""Expressions: texts grown from the public cases of CEL and from grammars, over hostile values.

A text ends in findings in both languages, or in an expression. Of an expression, the interpreter,
the compiled function and the emitted Python agree: on a value, or on an error of ours. Both
explanations can be told.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from telecom_rules.documents import Scalar
from telecom_rules.errors import EvaluationError, MissingData
from telecom_rules.expressions import (
    FAILURES,
    RUNTIME,
    Budget,
    Context,
    Expression,
    Scope,
    check,
    check_cell,
    emit,
)
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.functions.profile import STANDARD_PROFILE, UNCHECKED_PROFILE
from telecom_rules.expressions.operations.kinds import OptionalValue, Unsigned
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    UNSIGNED,
    CodeType,
    Field,
    ListType,
    MapType,
)
from tests.expressions import cel_suite, random_cel, random_expressions
from tests.expressions.expression_samples import FACTS, GIVEN
from tests.expressions.expression_samples import SCOPE as PACK_SCOPE
from tests.fuzz.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Given:
    """A text, the language it is in, and the number of the values it is evaluated with."""

    language: str
    text: str
    values: int = 0


STANDARD_FACTS = {
    "i": Field(INTEGER), "j": Field(INTEGER), "u": Field(UNSIGNED), "d": Field(DOUBLE),
    "s": Field(TEXT), "t": Field(TEXT), "b": Field(BOOLEAN), "y": Field(BYTES),
    "at": Field(INSTANT), "du": Field(SPAN), "li": Field(ListType(INTEGER)),
    "ls": Field(ListType(TEXT)), "m": Field(MapType(TEXT, INTEGER)), "x": Field(DYNAMIC),
}  # fmt: skip
SCOPES = {
    "pack": PACK_SCOPE,
    "cell": PACK_SCOPE,
    "standard": Scope(STANDARD_FACTS, profile=STANDARD_PROFILE),
    "unchecked": Scope(dict.fromkeys(STANDARD_FACTS, Field(DYNAMIC)), profile=UNCHECKED_PROFILE),
}

# Growing texts

WORDS = (
    "&&", "||", "==", "!=", "<=", "in", "!", "-", "?", ":", "(", ")", "[", "]", "{", "}", ".", ",",
    "0", "1", "-1", "1u", "0.5", "1e308", "9223372036854775807", "-9223372036854775808",
    "18446744073709551615u", "99999999999999999999", "0x7fffffffffffffff", "'a'", "''", "'投诉'",
    "b'\\xff'", "b'\\u0041'", "r'\\d'", "null", "true", "false", "x", "i", "s", "li", "ls", "m",
    "content", "counts", "tags", "limits", "rate", "illegal_gain", "severity", "event.note",
    ".map(e, e)", ".map(e, [e, e])", ".map(e, e + e)", ".filter(e, true)", ".all(e, e == e)",
    ".exists(e, e in li)", ".exists(e, e in tags)", ".split('')", ".join(s)", ".replace('', s)",
    ".size()", ".format([s, s])", "'%s%s'.format([s, li])", "'%.99f'.format([1e308])",
    ".matches('.{900}x')", ".matches('(a+)+$')", ".matches(s)", ".matches('[ab]*a[ab]{150}c')",
    ".lastIndexOf(t)", ".reverse()", ".lowerAscii()", ".substring(1)", ".charAt(-1)",
    "cel.bind(v, ", "cel.block([", "cel.index(0)", "optional.of(1)", ".?a", "[?0]", ".orValue(",
    "dyn(", "type(", "double(", "int(", "string(", "bytes(", "timestamp(", "duration(", "has(m.a)",
    "decimal(", "money(", "date(", "days(", "math.greatest(", "math.bitShiftLeft(1, ",
    "base64.encode(", "transformMap(k, v, v)", "strings.quote(", "now", "today",
)  # fmt: skip
KEPT_WELL_FORMED = 0.75
"""The share of changes after which a text is most often still an expression."""
CELL_WORDS = (
    "-", "minor", "serious", "moderate", ">= 50000", "< 3", "[1..3]", "(1..3]", "not(minor)", ",",
    "0.01", "'a'", "..", "not(", ")", "parameters.repeats", "2026-03-01", "null", "[", "true",
)  # fmt: skip
NAMES = ("x", "i", "u", "d", "s", "t", "b", "y", "at", "du", "li", "ls", "m", "content", "counts")
SWAPS = (
    re.compile(r"(?<![\w'.])(?:\d+u?|\d+\.\d+)(?![\w'.])"),
    re.compile(r"'[^'\\]*'"),
    re.compile(r" (?:[-+*/%<>]|[<>=!]=|in|&&|\|\|) "),
    re.compile(rf"(?<![\w.'])(?:{'|'.join(NAMES)})(?![\w('])"),
)
"""Numbers, texts, operators and names, each of which may stand for another of its kind."""
SWAPPED = (
    ("0", "1", "2", "1u", "0.5", "1e308", "9223372036854775807", "18446744073709551615u", "1000"),
    (
        "''",
        "'a'",
        "'投诉'",
        "'%s'",
        "'%.99f'",
        "'(a+)+$'",
        "'[ab]*a[ab]{150}c'",
        "'999999h'",
        "'1'",
    ),
    (" + ", " - ", " * ", " / ", " % ", " < ", " == ", " != ", " in ", " && ", " || "),
    NAMES,
)
MORE_FORMS = {
    "text": (
        "{text}.replace('', {text})",
        "{texts}.join({text})",
        "'%s'.format([{texts}])",
        "strings.quote({text})",
        "({text} + {text})",
        "{text}.lowerAscii()",
        "{text}.reverse()",
    ),
    "integer": (
        "{texts}.map(e, e + {text}).size()",
        "{integers}.map(e, {text} + {text}).size()",
        "{texts}.map(e, e.split('')).size()",
        "{text}.lastIndexOf({text})",
        "{integers}.map(e, {integers}.map(f, {text})).size()",
        "{text}.split({text}).size()",
        "cel.bind(w, {text} + {text}, (w + w).size())",
    ),
    "boolean": (
        "{text}.matches({text})",
        "{texts}.exists(e, e.matches('^[a-z]+$'))",
        "{integers}.exists(e, {integers}.exists(f, e * f == -7))",
        "({texts} == {texts})",
        "({text} in {texts})",
        "{texts}.exists(e, e in {texts})",
    ),
}
"""Forms of rules whose values grow, or which take long."""
KINDS_OF_CEL = {
    "text": "string", "integer": "int", "boolean": "bool", "integers": "ints", "texts": "strings",
}  # fmt: skip
"""The kinds of our grammar by their names in that of standard CEL."""
PLACE = re.compile(r"\{(\w+)\}")
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


@cache
def corpus() -> tuple[str, ...]:
    """Return the texts of the public cases."""
    suites = ("conformance", "parsing")
    return tuple(case["expr"] for suite in suites for case in cel_suite.cases(suite))


def grow_text(chance: Random, leaves: Mapping[str, Any], built: Mapping[str, Any]) -> str:
    """Return a text that is well typed by the way it is put together."""
    forms = {name: (*leaves[name], *built.get(name, ())) for name in leaves}
    for name, more in MORE_FORMS.items():
        forms[name if name in forms else KINDS_OF_CEL[name]] += more
    kind = chance.choice(list(forms))
    text = f"{{{kind}}}"
    for _ in range(5):
        text = PLACE.sub(lambda at: pick(chance, at, forms), text)
    return PLACE.sub(lambda at: pick(chance, at, leaves), text)


def pick(chance: Random, at: re.Match[str], forms: Mapping[str, Any]) -> str:
    """Return one form for a place of a text, or the place itself if it is none."""
    name = at[1] if at[1] in forms else KINDS_OF_CEL.get(at[1], "")
    return str(chance.choice(forms[name])) if name in forms else at[0]


def change(chance: Random, text: str, words: Sequence[str]) -> str:
    """Return a text with one part of it changed."""
    if chance.random() < KEPT_WELL_FORMED:
        return swap(chance, text)
    tokens = TOKEN.findall(text) or [""]
    at = chance.randrange(len(tokens))
    match chance.randrange(7):
        case 0:
            tokens[at] = chance.choice(words)
        case 1:
            tokens.insert(at, chance.choice(words))
        case 2:
            del tokens[at : at + chance.randint(1, 3)]
        case 3:
            tokens[at:at] = tokens[at : at + chance.randint(1, 20)] * chance.choice([1, 2, 30])
        case 4:
            tokens[at] = f"({tokens[at]})" + chance.choice(words)
        case 5:
            tokens[at] = tokens[at] + chr(chance.choice([0, 0xD800, 0x202E, 0xFF10, 0x1F600, 96]))
        case _:
            other = TOKEN.findall(chance.choice(corpus())) or [""]
            tokens[at:] = other[chance.randrange(len(other)) :]
    return "".join(tokens)[:5000]


def swap(chance: Random, text: str) -> str:
    """Return a text with one part of it replaced by another of its kind."""
    at = chance.randrange(len(SWAPS))
    places = list(SWAPS[at].finditer(text))
    if not places:
        return text
    place = chance.choice(places)
    return text[: place.start()] + chance.choice(SWAPPED[at]) + text[place.end() :]


def grow(chance: Random) -> Given:
    """Return one input."""
    language = chance.choice([*["pack", "standard", "unchecked"] * 4, "cell"])
    words: Sequence[str] = WORDS
    if language == "cell":
        words = CELL_WORDS
        text = ", ".join(chance.choice(words) for _ in range(chance.randint(1, 3)))
    elif language == "pack":
        text = grow_text(chance, random_expressions.LEAVES, random_expressions.BUILT)
    elif chance.random() < 0.5:
        text = grow_text(chance, random_cel.LEAVES, random_cel.BUILT)
    else:
        text = chance.choice(corpus())
    for _ in range(chance.choice([0, 0, 0, 1, 1, 1, 2, 4])):
        text = change(chance, text, words)
    return Given(language, text, chance.randrange(1000))


# Values

HAN = "".join(map(chr, range(0x4E00, 0x4E00 + 10_000)))
TEXTS = (
    "", "a", "投诉", "A b", "true", "12", "-1.5", "1e400", "2026-03-01", "1h", "+08:00", "(a+)+$",
    "%s%s", "aGk=", "a" * 10_000, "ab" * 5000, HAN, "9" * 10_000 + "x", "[ab]*a[ab]{150}c",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 7, 2**31, 2**63 - 1, -(2**63))


def draw_number(chance: Random) -> int:
    """Return a whole number."""
    return chance.choice(NUMBERS)


def draw_exact(chance: Random) -> Decimal:
    """Return an exact number."""
    return Decimal(
        chance.choice(["0", "-1", "0.05", "49999.99", "9" * 28, f"0.{'0' * 27}1", "1E+20"])
    )


SIZES = (0, 1, 2, 3, 40, 300, 10_000)
SCALARS: Mapping[object, Callable[[Random], object]] = {
    BOOLEAN: lambda chance: chance.random() < 0.5,
    INTEGER: draw_number,
    UNSIGNED: lambda chance: Unsigned(abs(draw_number(chance))),
    DOUBLE: lambda chance: chance.choice([0.0, -0.0, 0.5, 1e308, -2.5, float("inf"), float("nan")]),
    DECIMAL: draw_exact,
    MONEY: lambda chance: Decimal(chance.choice(["0.00", "0.01", "-5.00", "9" * 26 + ".99"])),
    TEXT: lambda chance: chance.choice(TEXTS),
    BYTES: lambda chance: chance.choice([b"", b"ab", b"\xff\x00", b"a" * 10_000]),
    DATE: lambda chance: chance.choice([date.min, date(2026, 3, 1), date(2024, 2, 29), date.max]),
    INSTANT: lambda chance: chance.choice([
        datetime(1, 1, 2, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC),
        datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC),
    ]),
    SPAN: lambda chance: chance.choice([timedelta(), timedelta(hours=-5), timedelta(days=99_999)]),
}  # fmt: skip


def draw(chance: Random, kind: object) -> object:
    """Return a value of a type; of a dynamic one, a value of any."""
    match kind:
        case ListType(item=item):
            some = [draw(chance, item) for _ in range(4)]
            return tuple(some[at % 4] for at in range(chance.choice(SIZES)))
        case MapType(key=key, value=value):
            return {draw(chance, key): draw(chance, value) for _ in range(chance.choice([0, 1, 3]))}
        case CodeType(codes=codes):
            return chance.choice(list(codes))
    if kind is DYNAMIC:
        of = [*SCALARS, ListType(INTEGER), ListType(TEXT), MapType(TEXT, INTEGER), None]
        kind = chance.choice([each for each in of if each not in {DECIMAL, MONEY, DATE}])
        if kind is None:
            return chance.choice([None, OptionalValue(), OptionalValue((1,))])
        return draw(chance, kind)
    return SCALARS[kind](chance)


def draw_facts(chance: Random, fields: Mapping[str, Field]) -> Record:
    """Return a record; now and then a fact is not known."""
    return Record(
        {name: draw(chance, field.type) for name, field in fields.items() if chance.random() < 0.95}
    )


# Judging


def examine(given: Given) -> str:
    """Check and evaluate a text every way there is, and return how it ended."""
    scope = SCOPES[given.language]
    found = Findings()
    source = Scalar(given.text, Span("fuzz", 1, 1, 1, len(given.text) + 1))
    if given.language == "cell":
        fact = list(FACTS)[given.values % len(FACTS)]
        expression = check_cell(source, fact, scope, found)
    else:
        expression = check(source, scope, None, found)
    assert (expression is None) is bool(found)
    for each in found:
        assert each.wording.zh
        assert each.wording.en
    if expression is None:
        return f"refused {found[0].id}"
    facts = draw_facts(Random(given.values), scope.facts)  # noqa: S311 - no secret
    return evaluate_every_way(expression, facts, GIVEN if scope is PACK_SCOPE else Context())


def evaluate_every_way(expression: Expression, facts: Record, context: Context) -> str:
    """Return how an expression ends, the same by each evaluator, and tell its explanations."""
    end = end_of(lambda: interpret(expression.tree, facts, context))
    assert are_alike(end, end_of(lambda: expression.evaluate(facts, context)))
    emitted = end_of_emitted(expression, facts, context)
    assert emitted is None or are_alike(end, emitted)
    budget = Budget()
    for seen in (
        *expression.why(facts, context, budget), *expression.why_not(facts, context, budget),
    ):  # fmt: skip
        assert seen.wording.zh
        assert seen.wording.en
    return end[0]


def end_of(evaluate: Callable[[], object]) -> tuple[str, object]:
    """Return a value, or what is missing or wrong."""
    try:
        return "value", evaluate()
    except MissingData as problem:
        return "missing", problem.path
    except EvaluationError as problem:
        return "error", problem.wording


def end_of_emitted(
    expression: Expression, facts: Record, context: Context
) -> tuple[str, object] | None:
    """Return the value of the emitted Python, `None` if it hands over to the exact way."""
    constants: dict[str, object] = {}
    tree = ast.fix_missing_locations(ast.Expression(emit(expression, constants)))
    names = {**RUNTIME, **constants, "facts": facts, "context": context}
    try:
        return "value", eval(compile(tree, "emitted", "eval"), names)  # noqa: S307 - our own
    except FAILURES:
        return None


def are_alike(one: object, other: object) -> bool:
    """Return whether two values are the same, of the same type; NaN is like itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(are_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return are_alike(tuple(one.items()), tuple(other.items()))
    return one == other or one != one  # noqa: PLR0124 - NaN


KEPT = (
    Given("standard", "s.matches('.{900}x')", 3),
    Given("standard", "s.matches('[ab]*a[ab]{150}c')", 3),
    Given("standard", "ls.exists(e, e.matches('.{190}x'))", 3),
    Given("standard", "li.map(e, s + s).size() > 3", 3),
    Given("standard", "ls.map(e, e.split('')).size() > 3", 3),
    Given("standard", "'%s%s'.format([ls, ls]) == ''", 3),
    Given("standard", "'%s'.format([optional.of(1)])"),
    Given("standard", "'%s'.format([dyn(optional.of(1))])"),
    Given("standard", "b'\\u0041'"),
    Given("standard", "li.all(e, e in m) && double(s) > 0.0", 3),
    Given("standard", "s.lastIndexOf(t)", 3),
    Given("unchecked", "x.matches(x) || x.map(e, x + x) == x", 3),
    Given("pack", "tags.map(t, t + content).size() > 3", 3),
    Given("pack", "bytes(content) == raw", 3),
    Given("cell", "[0..1), >= 0.01", 3),
    Given("standard", "li.filter(e, e > duration('90s').getHours()).size() > 0", 341),
)
HARNESS = Harness(grow=grow, examine=examine, kept=KEPT, share=300)
