"""Expressions of FEEL in CEL, as far as both languages evaluate them alike.

Source: OMG, Decision Model and Notation 1.5, section 10.3. Converted are literals, names,
arithmetic but for powers, comparisons, `between`, `and`, `or`, `not(...)`, `if`, and the functions
listed below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.documents.scalars import DATE_PATTERN
from telecom_rules.expressions.syntax.mistakes import ParseError
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.interop.dmn.feel import FeelToken, FeelValue, quote_cel, tokens_of
from telecom_rules.interop.dmn.kinds import LITERAL_KINDS, UNKNOWN_KIND, ValueKind
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from telecom_rules.interop.dmn.feel import Names

    Kinds = Mapping[str, ValueKind]
    """The kind of the value of each name here."""


BEYOND_SHARED = Wording(
    "`{text}` 不属于可转换的 FEEL 表达式", "`{text}` is not in the part of FEEL that is converted"
)
NO_SUCH_INPUT = Wording("没有输入 `{name}`", "there is no input `{name}`")
NO_FUNCTION = Wording("不转换函数 `{name}`", "the function `{name}` is not converted")
VALUE_NOT_LISTED = Wording("`{text}` 不在所列的值之内", "`{text}` is not one of the values listed")

NUMBER, TEXT, TRUTH = ValueKind("decimal"), ValueKind("text"), ValueKind("boolean")
COMPARISONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MOST_DEPTH = 24
"""Expressions inside one another."""
TIGHTEST = 9
"""How tightly a value or a call binds. The others: 1 `?:`, 2 `||`, 3 `&&`, 4 comparisons, 5 sums,
6 products, 8 signs."""
ROUNDINGS = {"floor": "roundDown", "ceiling": "roundUp"}
"""The functions that round to some places, and ours that round to those of money."""
PLACES_OF_MONEY = "2"
FUNCTIONS: Mapping[str, tuple[str, ValueKind | None]] = {
    "max": ("math.greatest({all})", NUMBER),
    "min": ("math.least({all})", NUMBER),
    "abs": ("math.abs({0})", NUMBER),
    "not": ("!({0})", TRUTH),
    "string": ("string({0})", TEXT),
    "string length": ("size({0})", ValueKind("integer")),
    "contains": ("{0}.contains({1})", TRUTH),
    "starts with": ("{0}.startsWith({1})", TRUTH),
    "ends with": ("{0}.endsWith({1})", TRUTH),
    "today": ("today", ValueKind("date")),
}
"""What each function of FEEL is in CEL, with the kind of its value; `{all}` stands for every
argument, a number for one of them."""


@dataclass(frozen=True, slots=True)
class FeelExpression:
    """An expression of FEEL in CEL.

    Attributes:
        cel: the expression.
        kind: the kind of its value, as far as it is known.
        value: the value, if the expression is a single value.
        binds: how tightly its outermost operator binds.
    """

    cel: str
    kind: ValueKind = UNKNOWN_KIND
    value: FeelValue | None = None
    binds: int = TIGHTEST

    def inside(self, binds: int) -> str:
        """Return it as an operand of an operator that binds so tightly."""
        return self.cel if self.binds >= binds else f"({self.cel})"


def read_expression(
    source: str,
    names: Names,
    kinds: Kinds | None = None,
    it: FeelExpression | None = None,
    learn: Callable[[str, ValueKind], None] | None = None,
) -> FeelExpression:
    """Return an expression of FEEL in CEL.

    Args:
        source: the expression.
        names: the names that it may refer to.
        kinds: the kinds of the values of the names, as far as they are known.
        it: what `?` stands for: in a cell the input, elsewhere nothing.
        learn: is told what kind a name must have of which nothing is known.

    Raises:
        NoCounterpart: FEEL and CEL do not evaluate it alike.
    """
    reader = ExpressionReader(source, tokens_of(source, names), kinds or {}, it)
    read = reader.read()
    if learn is not None:
        for name in reader.numbers:
            learn(name, NUMBER)
    try:
        parse(read.cel)
    except ParseError:
        raise refuse(source) from None
    return read


def refuse(source: str) -> NoCounterpart:
    """Return the error that refuses a whole expression."""
    return NoCounterpart(BEYOND_SHARED.fill(text=source.strip()[:60]))


class ExpressionReader:
    """Reads one expression by recursive descent, from the loosest operator to the tightest.

    Attributes:
        numbers: the names of unknown kind that are multiplied or divided.
    """

    def __init__(
        self, source: str, tokens: list[FeelToken], kinds: Kinds, it: FeelExpression | None
    ) -> None:
        self._source = source
        self._tokens = tokens
        self._kinds = kinds
        self._it = it
        self._at = 0
        self._depth = 0
        self.numbers: dict[str, None] = {}

    @property
    def _next(self) -> FeelToken:
        return self._tokens[self._at]

    def _takes(self, *texts: str) -> str:
        if self._next.kind in {"sign", "word"} and self._next.text in texts:
            self._at += 1
            return self._tokens[self._at - 1].text
        return ""

    def _needs(self, text: str) -> None:
        if not self._takes(text):
            raise refuse(self._source)

    def read(self) -> FeelExpression:
        """Read the whole expression."""
        read = self._expression()
        if self._next.kind != "end":
            raise refuse(self._source)
        return read

    def _expression(self) -> FeelExpression:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise refuse(self._source)
        read = self._choice() if self._takes("if") else self._any()
        self._depth -= 1
        return read

    def _choice(self) -> FeelExpression:
        condition = self._expression()
        self._needs("then")
        one = self._expression()
        self._needs("else")
        other = self._expression()
        kind = one.kind if one.kind.type else other.kind
        cel = f"{condition.inside(2)} ? {self._plain(one, 2)} : {self._plain(other, 1)}"
        return FeelExpression(cel, without_codes(kind), binds=1)

    def _any(self) -> FeelExpression:
        return self._join("or", "||", 2, lambda: self._join("and", "&&", 3, self._comparison))

    def _join(
        self, word: str, sign: str, binds: int, operand: Callable[[], FeelExpression]
    ) -> FeelExpression:
        read = operand()
        while self._takes(word):
            other = operand()
            cel = f"{read.inside(binds)} {sign} {other.inside(binds + 1)}"
            read = FeelExpression(cel, TRUTH, binds=binds)
        return read

    def _comparison(self) -> FeelExpression:
        left = self._sum()
        if self._takes("between"):
            low = self._sum()
            self._needs("and")
            high = self._sum()
            limits = self._compare(left, ">=", low), self._compare(left, "<=", high)
            return FeelExpression(" && ".join(limits), TRUTH, binds=3)
        sign = self._takes(*COMPARISONS)
        if not sign:
            return left
        right = self._sum()
        return FeelExpression(self._compare(left, COMPARISONS[sign], right), TRUTH, binds=4)

    def _compare(self, left: FeelExpression, sign: str, right: FeelExpression) -> str:
        """Return a comparison; with null it asks whether the value is there."""
        for one, other in ((left, right), (right, left)):
            if is_null(other) and one.value is not None and one.value.kind == "name":
                return {"==": f"!has({one.cel})", "!=": f"has({one.cel})"}.get(sign, "false")
        if left.kind.codes is not None and left.kind.type == right.kind.type:
            return f"{left.cel} {sign} {right.cel}"
        ends = self._with_code(left, right), self._with_code(right, left)
        return f" {sign} ".join(self._plain(each, 5) for each in ends)

    def _with_code(self, one: FeelExpression, other: FeelExpression) -> FeelExpression:
        """Return one side of a comparison, with the code for the text that the other may be."""
        codes = other.kind.codes
        if codes is None or one.value is None or one.value.kind != "text":
            text = one.value is not None and one.value.kind == "name" and one.kind.codes is not None
            beside = other.value is not None and other.value.kind == "text"
            return FeelExpression(one.cel) if text and beside else one
        if one.value.text not in codes:
            raise NoCounterpart(VALUE_NOT_LISTED.fill(text=shorten(one.value.text)))
        return FeelExpression(quote_cel(codes[one.value.text]))

    def _sum(self) -> FeelExpression:
        read = self._product()
        while sign := self._takes("+", "-"):
            other = self._product()
            if other.kind.type == "months" and other.value is not None:
                read = add_months(read, sign, other.value)
                continue
            cel = f"{self._plain(read, 5)} {sign} {self._plain(other, 6)}"
            text = "text" in {read.kind.type, other.kind.type} or any(
                each.kind.codes is not None for each in (read, other)
            )
            apart = {read.kind.type, other.kind.type} & {"date", "instant", "span"}
            kind = TEXT if text else UNKNOWN_KIND if apart else NUMBER
            read = FeelExpression(cel, kind, binds=5)
        return read

    def _product(self) -> FeelExpression:
        read = self._signed()
        while sign := self._takes("*", "/"):
            other = self._signed()
            for each in (read, other):
                if each.value is not None and each.value.kind == "name" and not each.kind.type:
                    self.numbers[each.cel] = None
            # A quotient of two integers is an integer in CEL; in FEEL all numbers are decimal.
            left = f"decimal({read.cel})" if sign == "/" else read.inside(6)
            read = FeelExpression(f"{left} {sign} {other.inside(7)}", NUMBER, binds=6)
        return read

    def _signed(self) -> FeelExpression:
        if not self._takes("-"):
            return self._value()
        inside = self._signed()
        if inside.value is not None and inside.value.kind == "number":
            sign = "" if inside.cel.startswith("-") else "-"
            text = sign + inside.cel.lstrip("-")
            return FeelExpression(text, NUMBER, FeelValue("number", text), binds=8)
        return FeelExpression(f"-{inside.inside(TIGHTEST)}", inside.kind, binds=8)

    def _value(self) -> FeelExpression:
        token = self._next
        self._at += 1
        match token.kind:
            case "function":
                return self._call(token.text)
            case "sign" if token.text == "(":
                inside = self._expression()
                self._needs(")")
                return FeelExpression(f"({inside.cel})", inside.kind)
            case "sign" if token.text == "?" and self._it is not None:
                return self._it
            case "word" if token.text == "not":
                return self._call(token.text)
            case "word" if token.text in {"true", "false"}:
                return FeelExpression(token.text, TRUTH, FeelValue("boolean", token.text))
            case "word" if token.text == "null":
                return FeelExpression("null", UNKNOWN_KIND, FeelValue("null", "null"))
            case "word":
                raise NoCounterpart(NO_SUCH_INPUT.fill(name=shorten(token.text)))
            case "name":
                kind = self._kinds.get(token.text, UNKNOWN_KIND)
                return FeelExpression(token.text, kind, FeelValue("name", token.text))
            case "number" | "text" | "moment" | "span" | "months" as kind:
                value = FeelValue(kind, token.text)
                return FeelExpression(write_cel(value), kind_of_value(value), value)
        raise refuse(self._source)

    def _call(self, name: str) -> FeelExpression:
        """Read the arguments of a function."""
        self._needs("(")
        given: list[FeelExpression] = []
        while self._next.text != ")" or self._next.kind != "sign":
            if given:
                self._needs(",")
            given.append(self._expression())
        self._needs(")")
        if name in ROUNDINGS and [each.cel for each in given[1:]] == [PLACES_OF_MONEY]:
            return FeelExpression(f"{ROUNDINGS[name]}({given[0].cel})", ValueKind("money"))
        if name not in FUNCTIONS:
            raise NoCounterpart(NO_FUNCTION.fill(name=shorten(name)))
        form, kind = FUNCTIONS[name]
        texts = [self._plain(each, TIGHTEST if ".{" in form else 1) for each in given]
        texts = [each.inside(TIGHTEST) if "}." in form else text
                 for each, text in zip(given, texts, strict=True)]  # fmt: skip
        wanted = len(texts) if "{all}" in form else form.count("{")
        if len(texts) != wanted or not (texts or form == "today"):
            raise refuse(self._source)
        cel = form.format(*texts, all=", ".join(texts))
        return FeelExpression(cel, kind or UNKNOWN_KIND, binds=8 if cel.startswith("!") else 9)

    def _plain(self, read: FeelExpression, binds: int) -> str:
        """Return an operand; a code of a list of texts becomes the text that it stands for."""
        codes = read.kind.codes
        if codes is None or read.value is None or read.value.kind != "name":
            return read.inside(binds)
        if all(code == text for text, code in codes.items()):
            return f"string({read.cel})"
        return show_code(read.cel, codes)


def add_months(day: FeelExpression, sign: str, months: FeelValue) -> FeelExpression:
    """Return a day moved by months; both languages end at the last day of a shorter month."""
    count = int(months.text) * (-1 if sign == "-" else 1)
    return FeelExpression(f"{day.inside(TIGHTEST)}.addMonths({count})", ValueKind("date"))


def show_code(cel: str, codes: Mapping[str, str]) -> str:
    """Return the expression of the text that a code stands for."""
    texts = ", ".join(f"{quote_cel(code)}: {quote_cel(text)}" for text, code in codes.items())
    return f"{{{texts}}}[string({cel})]"


def is_null(read: FeelExpression) -> bool:
    """Return whether an expression is the word null."""
    return read.value is not None and read.value.kind == "null"


def without_codes(kind: ValueKind) -> ValueKind:
    """Return the kind of a text that was a code."""
    return kind if kind.codes is None else TEXT


def kind_of_value(value: FeelValue) -> ValueKind:
    """Return the kind of a literal."""
    if value.kind == "moment":
        return ValueKind("date" if DATE_PATTERN.fullmatch(value.text) else "instant")
    return ValueKind(LITERAL_KINDS.get(value.kind, ""))


def write_cel(value: FeelValue) -> str:
    """Return a literal in CEL."""
    if value.kind == "text":
        return quote_cel(value.text)
    if value.kind == "moment":
        kind = "date" if DATE_PATTERN.fullmatch(value.text) else "timestamp"
        return f"{kind}('{value.text}')"
    if value.kind == "months":  # a day is moved by months; by themselves they are not a value here
        return ""
    return f"duration('{value.text}s')" if value.kind == "span" else value.text
