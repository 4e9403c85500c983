"""The tokens of FEEL, and the cells of a decision table.

Source: OMG, Decision Model and Notation 1.5, sections 9 and 10.3.1. A cell holds alternatives: a
value, a limit (`>= 5`) or an interval, optionally in `not(...)`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from telecom_rules.documents.scalars import DATE_PATTERN
from telecom_rules.interop.dmn.words import FEEL_KEYWORDS
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


FEEL_TOKEN_PATTERN = re.compile(
    r"""
    (?P<skip>\s+)
    |(?:@|(?:date\ and\ time|date|time|duration)\s*\(\s*)(?P<moment>"(?:[^"\\]|\\.)*")(?:\s*\))?
    |date\s*\(\s*(?P<day>[0-9]{4}\s*,\s*[0-9]{1,2}\s*,\s*[0-9]{1,2})\s*\)
    |(?P<function>(?:string\ length|starts\ with|ends\ with|[a-z]+)(?=\s*\())
    |(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?![0-9a-zA-Z_]))
    |(?P<sign>\.\.|<=|>=|!=|<>|\*\*|[-+*/<>=(),\[\]?.{}:])
    |(?P<word>[^\W\d][\w]*)
    """,
    re.VERBOSE,
)
FIRST_PATTERN = re.compile(r"\w+|[^\w\s]")
"""The first word or sign of a name."""
LONGEST_TEXT = 10_000
"""Characters of a cell, a list of values or an expression."""
INSTANT_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[-+][0-9]{2}:[0-9]{2})")

SPAN_PATTERN = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+)S)?)?"
)
MONTHS_PATTERN = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?")
SECONDS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
MONTHS = {"years": 12, "months": 1}

BEYOND_CELLS = Wording("`{text}` 不属于 S-FEEL 单元格", "`{text}` is not a unary test of S-FEEL")
NO_OFFSET = Wording(
    "`{text}`：此处的时刻须带时区，也没有不属于任何日期的时间",
    "`{text}`: an instant needs an offset, and a time without a day is not converted",
)
TOO_LONG = Wording("超过 {limit} 个字符", "it has more than {limit} characters")


@dataclass(frozen=True, slots=True)
class FeelValue:
    """A value as written.

    Attributes:
        kind: the kind of value; a `name` is a reference to an input.
        text: a text without quotes, a `span` in seconds, `months` as their number, everything else
            as it is written here.
    """

    kind: Literal["text", "number", "boolean", "moment", "span", "months", "name", "null"]
    text: str


@dataclass(frozen=True, slots=True)
class CellRange:
    """One alternative of a cell: between two limits, or the one value `low`.

    Attributes:
        low: the lower limit, or `None`.
        high: the upper limit, or `None`.
        opening: `[` for a closed lower end, `(` for an open one, `=` for a single value.
        closing: `]` for a closed upper end, `)` for an open one.
    """

    low: FeelValue | None
    high: FeelValue | None = None
    opening: str = "="
    closing: str = ")"


@dataclass(frozen=True, slots=True)
class FeelCell:
    """A cell: any of `ranges`, or none of them if `negated`. Without ranges it always holds."""

    ranges: tuple[CellRange, ...]
    negated: bool = False

    def write(self, show: Callable[[FeelValue], str]) -> str:
        """Return the cell as a table of a pack writes it."""
        inside = ", ".join(write_range(each, show) for each in self.ranges)
        return f"not({inside})" if self.negated else inside or "-"

    def write_condition(
        self,
        name: str,
        show: Callable[[FeelValue], str],
        is_list: Callable[[FeelValue], bool] = lambda _: False,
    ) -> str:
        """Return the cell as a condition on `name`, in CEL; an empty text if it always holds.

        Args:
            name: what the cell tests.
            show: writes a value.
            is_list: whether a value is a list, in which the tested one then has to be.
        """
        parts = [
            f"{name} in {show(each.low)}"
            if each.opening == "=" and each.low is not None and is_list(each.low)
            else write_condition(each, name, show)
            for each in self.ranges
        ]
        whole = " || ".join(f"({each})" if "&&" in each else each for each in parts)
        return f"!({whole})" if self.negated else whole


def write_range(each: CellRange, show: Callable[[FeelValue], str]) -> str:
    """Return one alternative of a cell as a table of a pack writes it."""
    low = "" if each.low is None else show(each.low)
    high = "" if each.high is None else show(each.high)
    if each.opening == "=":
        return low
    if not high:
        return f"{'>=' if each.opening == '[' else '>'} {low}"
    if not low:
        return f"{'<=' if each.closing == ']' else '<'} {high}"
    return f"{each.opening}{low}..{high}{each.closing}"


def write_condition(each: CellRange, name: str, show: Callable[[FeelValue], str]) -> str:
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
class FeelToken:
    """A token: its kind, its characters or content, and where it begins."""

    kind: str
    text: str
    start: int


class Names:
    """The names that a text may refer to, which may contain spaces and signs."""

    def __init__(
        self, names: Mapping[str, str], spend: Callable[[int], None], *beside: Names
    ) -> None:
        """Keep the names.

        Args:
            names: the name here of each; an empty one is not a name and is never found.
            spend: counts the work of looking for names.
            beside: further names, which have precedence, the last ones before all.
        """
        self._spend = spend
        self._beside = beside
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for foreign in sorted(names, key=len, reverse=True):
            first = FIRST_PATTERN.match(foreign)
            if first is not None:
                self._by_first.setdefault(first[0], []).append((foreign, names[foreign]))

    def find(self, source: str, at: int) -> tuple[int, str] | None:
        """Return the end of the longest name at an offset, and the name here, or `None`."""
        best = None
        for each in self._beside:
            found = each.find(source, at)
            if found is not None and (best is None or found[0] >= best[0]):
                best = found
        first = FIRST_PATTERN.match(source, at)
        candidates = self._by_first.get(first[0], ()) if first is not None else ()
        self._spend(1 + len(candidates))
        for foreign, name in candidates:
            if has_name_at(source, at, foreign):
                end = at + len(foreign)
                return (end, name) if best is None or best[0] < end else best
        return best


NO_NAMES = Names({}, lambda _: None)
"""No names at all, for texts that hold values only."""


def tokens_of(source: str, names: Names) -> list[FeelToken]:
    """Return the tokens of a text and an `end`; known names may contain spaces and signs.

    Raises:
        NoCounterpart: the text is too long, or a character or literal is beyond S-FEEL.
    """
    if len(source) > LONGEST_TEXT:
        raise NoCounterpart(TOO_LONG.fill(limit=LONGEST_TEXT))
    tokens: list[FeelToken] = []
    at = 0
    while at < len(source):  # a name has a character, and so has whatever the pattern matches
        found = names.find(source, at)
        match = FEEL_TOKEN_PATTERN.match(source, at)
        if found is not None:
            tokens.append(FeelToken("name", found[1], at))
            at = found[0]
        elif match is None:
            raise NoCounterpart(BEYOND_CELLS.fill(text=source[at : at + 20]))
        else:
            kind = match.lastgroup or "skip"
            if kind != "skip":
                tokens.append(build_token(kind, match))
            at = match.end()
    return [*tokens, FeelToken("end", "", len(source))]


def has_name_at(source: str, at: int, name: str) -> bool:
    """Return whether a whole name begins at an offset, not the beginning of a longer word."""
    behind = source[at + len(name) : at + len(name) + 1]
    return source.startswith(name, at) and not (behind.isalnum() or behind == "_")


def build_token(kind: str, match: re.Match[str]) -> FeelToken:
    """Return one token; a moment is written as it is here, without quotes."""
    text = match[kind]
    if kind in {"text", "moment"}:
        try:
            text = json.loads(text)
        except ValueError:
            raise NoCounterpart(BEYOND_CELLS.fill(text=shorten(text))) from None
    if kind == "day":
        year, month, day = text.split(",")
        kind, text = "moment", f"{year.strip()}-{int(month):02}-{int(day):02}"
    if kind == "moment":
        return build_moment(text, match.start())
    if kind == "number" and text.startswith("."):
        text = f"0{text}"
    if kind == "function" and text in FEEL_KEYWORDS:  # `if (...)`
        kind = "word"
    return FeelToken(kind, text, match.start())


def build_moment(text: str, start: int) -> FeelToken:
    """Return the token of a date, an instant, or a length of time."""
    if DATE_PATTERN.fullmatch(text) or INSTANT_PATTERN.fullmatch(text):
        return FeelToken("moment", text, start)
    for kind, pattern, units in (
        ("span", SPAN_PATTERN, SECONDS),
        ("months", MONTHS_PATTERN, MONTHS),
    ):
        parts = pattern.fullmatch(text)
        if parts is not None and text[-1].isalpha() and any(parts[unit] for unit in units):
            whole = sum(int(parts[unit] or 0) * size for unit, size in units.items())
            return FeelToken(kind, f"{parts['sign']}{whole}", start)
    raise NoCounterpart(NO_OFFSET.fill(text=shorten(text)))


def read_cell(source: str, names: Names) -> FeelCell:
    """Return the unary tests of an input entry.

    Args:
        source: the text of the entry.
        names: the names of the inputs.

    Raises:
        NoCounterpart: it is beyond the unary tests of S-FEEL.
    """
    if source.strip() in {"", "-"}:
        return FeelCell(())
    return CellReader(source, tokens_of(source, names)).read()


class CellReader:
    """Reads one cell."""

    def __init__(self, source: str, tokens: list[FeelToken]) -> None:
        self._source = source
        self._tokens = tokens
        self._at = 0

    @property
    def _next(self) -> FeelToken:
        return self._tokens[self._at]

    def _takes(self, *texts: str) -> str | None:
        if self._next.kind in {"sign", "word"} and self._next.text in texts:
            self._at += 1
            return self._tokens[self._at - 1].text
        return None

    def _needs(self, *texts: str) -> str:
        taken = self._takes(*texts)
        if taken is None:
            raise self._refuse()
        return taken

    def _refuse(self) -> NoCounterpart:
        return NoCounterpart(BEYOND_CELLS.fill(text=self._source.strip()[:60]))

    def read(self) -> FeelCell:
        """Read the whole cell."""
        if self._takes("!=", "<>"):  # not FEEL, and what tools write for `not(...)`
            ranges = [CellRange(self._value())]
            if self._next.kind != "end":
                raise self._refuse()
            return FeelCell(tuple(ranges), negated=True)
        negated = self._takes("not") is not None
        if negated:
            self._needs("(")
        ranges = [self._range()]
        while self._takes(","):
            ranges.append(self._range())
        if negated:
            self._needs(")")
        if self._next.kind != "end":
            raise self._refuse()
        return FeelCell(tuple(ranges), negated)

    def _range(self) -> CellRange:
        sign = self._takes("<", "<=", ">", ">=", "=", "[", "]", "(")
        if sign is None or sign == "=":
            return CellRange(self._value())
        if sign in {"<", "<="}:
            return CellRange(None, self._value(), "(", "]" if sign == "<=" else ")")
        if sign in {">", ">="}:
            return CellRange(self._value(), None, "[" if sign == ">=" else "(")
        low = self._value()
        self._needs("..")
        high = self._value()
        closing = self._needs("]", ")", "[")
        return CellRange(low, high, "[" if sign == "[" else "(", "]" if closing == "]" else ")")

    def _value(self) -> FeelValue:
        minus = "-" if self._takes("-") else ""
        token = self._next
        self._at += 1
        if token.kind == "number":
            return FeelValue("number", minus + token.text)
        if minus:
            raise self._refuse()
        if token.kind in {"text", "moment", "span", "name"}:
            return FeelValue(token.kind, token.text)  # type: ignore[arg-type]  # one of these
        if token.kind == "word" and token.text in {"true", "false"}:
            return FeelValue("boolean", token.text)
        if token.kind == "word" and token.text == "null":
            return FeelValue("null", token.text)
        raise self._refuse()


def quote_cel(text: str) -> str:
    """Return a text as CEL writes it."""
    if text.isprintable() and "'" not in text and "\\" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)
