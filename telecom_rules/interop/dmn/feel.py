"""S-FEEL, the simple expression language of DMN tables: read into cells and expressions of ours.

Source: OMG, Decision Model and Notation 1.5, section 9. A cell holds alternatives: a value, a
limit (`>= 5`), an interval, all of them perhaps in `not(...)`. Of expressions those are read that
both languages work out alike: literals, names, `+`, `-`, `*`, comparisons, `and`, `or`, `not(...)`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from telecom_rules.expressions.mistakes import Unparsed
from telecom_rules.expressions.parse import parse
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Cell", "Expression", "Range", "Unlike", "Value", "read_cell", "read_expression"]

TOKEN = re.compile(
    r"""
    (?P<skip>\s+)
    |(?:@|(?:date\ and\ time|date|time|duration)\s*\(\s*)(?P<moment>"(?:[^"\\]|\\.)*")(?:\s*\))?
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9a-zA-Z_]))
    |(?P<sign>\.\.|<=|>=|!=|\*\*|[-+*/<>=(),\[\]?.{}:])
    |(?P<word>[^\W\d][\w]*)
    """,
    re.VERBOSE,
)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[-+][0-9]{2}:[0-9]{2})")

BEYOND = Wording("`{text}` 不属于 S-FEEL 单元格", "`{text}` is beyond the cells of S-FEEL")
BEYOND_SHARED = Wording(
    "`{text}` 不属于可转换的 FEEL 表达式", "`{text}` is beyond the FEEL that is carried over"
)
NO_OFFSET = Wording(
    "`{text}`：此处的时刻须带时区，也没有单独的时间和时长",
    "`{text}`: instants have an offset here, and there are no times or durations by themselves",
)
NO_NAME = Wording("没有输入 `{name}`", "there is no input `{name}`")


class Unlike(Exception):
    """A text that has no counterpart; `why` says why."""

    def __init__(self, why: Wording) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written.

    Attributes:
        kind: what it is; a `name` stands for the value of an input.
        text: a text without quotes, everything else as it is written here.
    """

    kind: Literal["text", "number", "boolean", "moment", "name", "null"]
    text: str


@dataclass(frozen=True, slots=True)
class Range:
    """One alternative of a cell: between two limits, or the one value `low`.

    Attributes:
        low: the lower limit, or `None`.
        high: the upper limit, or `None`.
        opening: `[` where the lower limit belongs to it, `(` where it does not, `=` for a value.
        closing: `]` where the upper limit belongs to it, `)` where it does not.
    """

    low: Value | None
    high: Value | None = None
    opening: str = "="
    closing: str = ")"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: any of `ranges`, or with `negated` none of them. No ranges at all mean anything."""

    ranges: tuple[Range, ...]
    negated: bool = False

    def written(self, show: Callable[[Value], str]) -> str:
        """Return the cell as it is written in a table of ours."""
        inside = ", ".join(cell_range(each, show) for each in self.ranges)
        return f"not({inside})" if self.negated else inside or "-"

    def condition(self, name: str, show: Callable[[Value], str]) -> str:
        """Return the cell as a condition on `name`, in CEL; an empty text where it is always so."""
        parts = [condition(each, name, show) for each in self.ranges]
        whole = " || ".join(f"({each})" if "&&" in each else each for each in parts)
        return f"!({whole})" if self.negated else whole


def cell_range(each: Range, show: Callable[[Value], str]) -> str:
    """Return one alternative of a cell as it is written in a table of ours."""
    low = "" if each.low is None else show(each.low)
    high = "" if each.high is None else show(each.high)
    if each.opening == "=":
        return low
    if not high:
        return f"{'>=' if each.opening == '[' else '>'} {low}"
    if not low:
        return f"{'<=' if each.closing == ']' else '<'} {high}"
    return f"{each.opening}{low}..{high}{each.closing}"


def condition(each: Range, name: str, show: Callable[[Value], str]) -> str:
    """Return one alternative of a cell as a condition."""
    if each.opening == "=" and each.low is not None:
        return f"{name} == {show(each.low)}"
    limits = []
    if each.low is not None:
        limits.append(f"{name} {'>=' if each.opening == '[' else '>'} {show(each.low)}")
    if each.high is not None:
        limits.append(f"{name} {'<=' if each.closing == ']' else '<'} {show(each.high)}")
    return " && ".join(limits)


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of FEEL in CEL.

    Attributes:
        cel: the expression.
        value: the value, where it is nothing but one.
    """

    cel: str
    value: Value | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind, its characters or content, and where it begins."""

    kind: str
    text: str
    start: int


def tokens_of(source: str, names: Mapping[str, str]) -> list[Token]:
    """Return the tokens of a text and an `end`; names that are known may hold spaces and signs.

    Raises:
        Unlike: a character or literal is beyond S-FEEL.
    """
    known = sorted(names, key=len, reverse=True)
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        name = next((each for each in known if begins(source, at, each)), None)
        match = TOKEN.match(source, at)
        if name is not None:
            tokens.append(Token("name", names[name], at))
            at += len(name)
        elif match is None:
            raise Unlike(BEYOND.fill(text=source[at : at + 20]))
        else:
            kind = match.lastgroup or "skip"
            if kind != "skip":
                tokens.append(token(kind, match))
            at = match.end()
    return [*tokens, Token("end", "", len(source))]


def begins(source: str, at: int, name: str) -> bool:
    """Return whether a name stands at an offset, and no longer word does."""
    behind = source[at + len(name) : at + len(name) + 1]
    return source.startswith(name, at) and not (behind.isalnum() or behind == "_")


def token(kind: str, match: re.Match[str]) -> Token:
    """Return one token; a moment is written as it is here, without quotes."""
    text = match[kind]
    if kind in {"text", "moment"}:
        try:
            text = json.loads(text)
        except ValueError:
            raise Unlike(BEYOND.fill(text=text)) from None
    if kind == "moment" and not (DAY.fullmatch(text) or INSTANT.fullmatch(text)):
        raise Unlike(NO_OFFSET.fill(text=text))
    if kind == "number" and text.startswith("."):
        text = f"0{text}"
    return Token(kind, text, match.start())


def read_cell(source: str, names: Mapping[str, str]) -> Cell:
    """Return what an input entry of a table says.

    Args:
        source: the text of the entry.
        names: the name here of each input.

    Raises:
        Unlike: it is beyond the unary tests of S-FEEL.
    """
    if source.strip() in {"", "-"}:
        return Cell(())
    return Reader(source, tokens_of(source, names)).cell()


class Reader:
    """Reads one cell."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self._source = source
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _takes(self, *texts: str) -> str | None:
        if self._next.kind in {"sign", "word"} and self._next.text in texts:
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def _needs(self, *texts: str) -> str:
        taken = self._takes(*texts)
        if taken is None:
            raise self._beyond()
        return taken

    def _beyond(self) -> Unlike:
        return Unlike(BEYOND.fill(text=self._source.strip()[:60]))

    def cell(self) -> Cell:
        """Read the whole cell."""
        negated = self._takes("not") is not None
        if negated:
            self._needs("(")
        ranges = [self._range()]
        while self._takes(","):
            ranges.append(self._range())
        if negated:
            self._needs(")")
        if self._next.kind != "end":
            raise self._beyond()
        return Cell(tuple(ranges), negated)

    def _range(self) -> Range:
        sign = self._takes("<", "<=", ">", ">=", "=", "[", "]", "(")
        if sign is None or sign == "=":
            return Range(self._value())
        if sign in {"<", "<="}:
            return Range(None, self._value(), "(", "]" if sign == "<=" else ")")
        if sign in {">", ">="}:
            return Range(self._value(), None, "[" if sign == ">=" else "(")
        low = self._value()
        self._needs("..")
        high = self._value()
        closing = self._needs("]", ")", "[")
        return Range(low, high, "[" if sign == "[" else "(", "]" if closing == "]" else ")")

    def _value(self) -> Value:
        minus = "-" if self._takes("-") else ""
        token = self._next
        self._at += 1
        if token.kind == "number":
            return Value("number", minus + token.text)
        if minus:
            raise self._beyond()
        if token.kind in {"text", "moment", "name"}:
            return Value(token.kind, token.text)  # type: ignore[arg-type]  # one of these three
        if token.kind == "word" and token.text in {"true", "false"}:
            return Value("boolean", token.text)
        if token.kind == "word" and token.text == "null":
            return Value("null", token.text)
        raise self._beyond()


WORDS = {"and": "&&", "or": "||", "true": "true", "false": "false", "not": "!"}
SIGNS = {"=": "==", "+": "+", "-": "-", "*": "*", "(": "(", ")": ")", "<": "<", "<=": "<=",
         ">": ">", ">=": ">=", "!=": "!="}  # fmt: skip


def read_expression(source: str, names: Mapping[str, str]) -> Expression:
    """Return an expression of FEEL in CEL.

    Raises:
        Unlike: it is beyond what both languages work out alike.
    """
    tokens = tokens_of(source, names)
    try:
        alone = Reader(source, tokens).cell()
    except Unlike:
        alone = Cell(())
    single = alone.ranges[0] if len(alone.ranges) == 1 and not alone.negated else None
    value = single.low if single is not None and single.opening == "=" else None
    cel = " ".join(filter(None, (in_cel(each, source) for each in tokens)))
    cel = cel.replace("! (", "!(").replace("( ", "(").replace(" )", ")")
    try:
        parse(cel)
    except Unparsed:
        raise Unlike(BEYOND_SHARED.fill(text=source.strip()[:60])) from None
    return Expression(cel, value)


def in_cel(token: Token, source: str) -> str:
    """Return one token in CEL."""
    match token.kind:
        case "name" | "number" | "end":
            return token.text
        case "text":
            return cel_text(token.text)
        case "moment":
            kind = "date" if DAY.fullmatch(token.text) else "timestamp"
            return f"{kind}('{token.text}')"
        case "word" if token.text == "null":
            return "null"
        case "word" if token.text in WORDS:
            return WORDS[token.text]
        case "word":
            raise Unlike(NO_NAME.fill(name=token.text))
        case "sign" if token.text in SIGNS:
            return SIGNS[token.text]
    raise Unlike(BEYOND_SHARED.fill(text=source.strip()[:60]))


def cel_text(text: str) -> str:
    """Return a text as CEL writes it."""
    if text.isprintable() and "'" not in text and "\\" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)
