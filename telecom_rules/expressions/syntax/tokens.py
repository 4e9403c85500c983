"""Tokens of the Common Expression Language.

Source of the lexis: the language definition of cel-spec, section Syntax. Offsets count code
points. Two limits keep every later step small: the length of a text and its number of tokens.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from enum import Enum

from telecom_rules.expressions.syntax.mistakes import Mistake, ParseError
from telecom_rules.wording import Wording

LONGEST_EXPRESSION = 4096
"""Code points of one expression."""
MOST_TOKENS = 1000
"""Tokens of one expression."""

KEYWORDS = frozenset({"true", "false", "null", "in"})
"""Words that cannot name anything, not even a field."""
RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop",
    "namespace", "package", "return", "var", "void", "while",
})  # fmt: skip
"""Words that cannot name a variable; a field may have such a name."""


class Kind(Enum):
    """The kind of a token."""

    WORD = "word"
    QUOTED = "quoted"
    INTEGER = "integer"
    UNSIGNED = "unsigned"
    FLOAT = "float"
    TEXT = "text"
    BYTES = "bytes"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes:
        kind: its kind.
        text: the characters as written.
        start: the offset of the first character.
        value: the content of a text or bytes literal, without quotes and escapes.
    """

    kind: Kind
    text: str
    start: int
    value: str | bytes = ""

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.start + len(self.text)

    def is_sign(self, text: str) -> bool:
        """Return whether it is the operator or bracket `text`."""
        return self.kind is Kind.SIGN and self.text == text


TOKEN_PATTERN = re.compile(
    r"""
    (?P<skip>[\t\n\f\r ]+|//[^\n]*)
    |(?P<literal>(?P<bytes>[bB])?(?P<raw>[rR])?(?P<quote>\"{3}|'{3}|["']))
    |(?P<float>(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+))
    |(?P<unsigned>(?:0x[0-9a-fA-F]+|[0-9]+)[uU])
    |(?P<integer>0x[0-9a-fA-F]+|[0-9]+)
    |(?P<word>[_a-zA-Z][_a-zA-Z0-9]*)
    |(?P<quoted>`[a-zA-Z0-9_.\-/ ]+`)
    |(?P<sign>&&|\|\||[=!<>]=|[-+*/%!<>?:.,()\[\]{}])
    """,
    re.VERBOSE,
)

LITERAL_ENDS = {
    (quote, raw): re.compile(
        ("(?s:.)*?" if raw else r"(?s:[^\\]|\\.)*?") + quote
        if len(quote) > 1
        else (rf"[^{quote}\r\n]*" if raw else rf"(?:[^{quote}\\\r\n]|\\.)*") + quote
    )
    for quote in ('"""', "'''", '"', "'")
    for raw in (False, True)
}
"""The rest of a literal behind its opening quote, by the quote and whether it is raw."""

ESCAPE_PATTERN = re.compile(
    r"""\\(?:(?P<same>[\\?"'`])|(?P<letter>[abfnrtv])|[xX](?P<hex>[0-9a-fA-F]{2})
    |u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2}))""",
    re.VERBOSE,
)
LETTER_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
SURROGATES = range(0xD800, 0xE000)

FOREIGN_CHARACTERS = {
    "=": "==", "&": "&&", "|": "||", "，": ",", "（": "(", "）": ")", "“": '"', "”": '"', "‘": "'",
    "’": "'", "＝": "==", "＞": ">", "＜": "<", "！": "!", "≥": ">=", "≤": "<=", "≠": "!=",
    "：": ":", "？": "?", "【": "[", "】": "]", "×": "*", "÷": "/", "－": "-", "＋": "+",
    "＆": "&&", "｜": "||", "、": ",", "。": ".", "「": "'", "」": "'", "『": "'", "』": "'",
}  # fmt: skip
"""Characters that CEL does not have, and those that their writers mean."""


WIDE_FORM = re.compile("[\uff01-\uff5e、。【】「」『』]")
"""A character of the Chinese keyboard that is as wide as two of ASCII."""
WIDE_RUN = re.compile("[＝＞＜！=<>!]{2}|[＆&]{2}|[｜|]{2}")
"""Two signs of one operator of which one is in full width."""
SIGNS = frozenset("()[]{}.,?:+-*/%<>=!&|'\"")
"""The characters of operators and brackets, and the two that begin a text."""
TWO_SIGNS = frozenset({"==", "!=", ">=", "<=", "&&", "||"})
IS_WIDE = "is a full-width character"
ARE_WIDE = "are full-width characters"
ENDS_OF_SENTENCES = frozenset(";；。")
WIDE_SPACES = frozenset("\u00a0\u2002\u2003\u2009\u202f\u3000")
CHINESE_OPERATORS = {
    "大于等于": ">=", "大于或等于": ">=", "不小于": ">=",
    "小于等于": "<=", "小于或等于": "<=", "不大于": "<=",
    "不等于": "!=", "大于": ">", "小于": "<", "等于": "==", "并且": "&&", "而且": "&&", "且": "&&",
    "或者": "||", "或": "||",
}  # fmt: skip
"""Words for operators. A word stands behind those that contain it."""
CHINESE_OPERATOR = re.compile("|".join(CHINESE_OPERATORS))
CHINESE_NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+(?!\w)")


def syntax_error(start: int, end: int, zh: str, en: str, **values: object) -> ParseError:
    """Return the error of a text that is not an expression."""
    return ParseError(Mistake("TR201", start, end, {"why": Wording(zh, en).fill(**values)}))


def limit_error(start: int, end: int, zh: str, en: str, **values: object) -> ParseError:
    """Return the error of an expression beyond a limit."""
    return ParseError(Mistake("TR202", start, end, {"why": Wording(zh, en).fill(**values)}))


def tokenize(source: str) -> tuple[Token, ...]:
    """Return the tokens of `source`, the last of them an `END`.

    Raises:
        ParseError: a character, a literal or the length is not allowed.
    """
    if len(source) > LONGEST_EXPRESSION:
        raise limit_error(
            LONGEST_EXPRESSION,
            len(source),
            "超过 {most} 个字符",
            "more than {most} characters",
            most=LONGEST_EXPRESSION,
        )
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        match = TOKEN_PATTERN.match(source, at)
        if match is None:
            raise strange_error(source, at)
        if match.lastgroup != "skip":
            tokens.append(read_token(source, match))
        at = tokens[-1].end if match.lastgroup != "skip" else match.end()
        if len(tokens) > MOST_TOKENS:
            raise limit_error(
                at, len(source), "超过 {most} 个记号", "more than {most} tokens", most=MOST_TOKENS
            )
    return (*tokens, Token(Kind.END, "", len(source)))


def read_token(source: str, match: re.Match[str]) -> Token:
    """Return the token at `match`."""
    if match["quote"] is not None:
        return read_literal(source, match)
    kind = Kind(match.lastgroup)
    value = match[0].strip("`") if kind is Kind.QUOTED else ""
    return Token(kind, match[0], match.start(), value)


def read_literal_at(source: str, at: int) -> Token:
    """Return the text literal that begins at the quote at offset `at`."""
    match = TOKEN_PATTERN.match(source, at)
    if match is None:
        raise character_error(source, at)
    return read_literal(source, match)


def read_literal(source: str, opening: re.Match[str]) -> Token:
    """Return the text or bytes literal whose prefix and quote are `opening`."""
    raw = opening["raw"] is not None
    closing = LITERAL_ENDS[opening["quote"], raw].match(source, opening.end())
    if closing is None:
        raise syntax_error(
            opening.start(), opening.end(), "文本没有结束的引号", "the text has no closing quote"
        )
    start, end = opening.end(), closing.end() - len(opening["quote"])
    parts = [source[start:end]] if raw else unescape(source, start, end, opening["bytes"])
    surrogate = next((at for at in range(start, end) if ord(source[at]) in SURROGATES), None)
    if surrogate is not None:
        raise character_error(source, surrogate)
    text = source[opening.start() : closing.end()]
    if opening["bytes"] is None:
        return Token(Kind.TEXT, text, opening.start(), "".join(str(part) for part in parts))
    octets = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return Token(Kind.BYTES, text, opening.start(), octets)


def unescape(source: str, start: int, end: int, binary: str | None) -> list[str | bytes]:
    """Return the parts of a literal with its escapes resolved; octets only where `binary`."""
    parts: list[str | bytes] = []
    while (at := source.find("\\", start, end)) >= 0:
        match = ESCAPE_PATTERN.match(source, at, end)
        if match is None:
            raise syntax_error(
                at, min(at + 2, end),
                "没有转义 `{text}`", "there is no escape `{text}`", text=source[at : at + 2],
            )  # fmt: skip
        parts += [source[start:at], decode_escape(match, octets=binary is not None)]
        start = match.end()
    return [*parts, source[start:end]]


def decode_escape(match: re.Match[str], *, octets: bool) -> str | bytes:
    """Return the character or octet of one escape."""
    if match["same"] or match["letter"]:
        return match["same"] or LETTER_ESCAPES[match["letter"]]
    point = int(match["octal"], 8) if match["octal"] else int(match[match.lastgroup or 0], 16)
    if octets and (match["octal"] or match["hex"]):
        return bytes([point])
    if octets:
        raise syntax_error(
            match.start(), match.end(),
            "`{text}` 是字符，而字节写作 `\\xFF`",
            "`{text}` is a character; in bytes an octet is written `\\xFF`", text=match[0],
        )  # fmt: skip
    if point in SURROGATES or point > sys.maxunicode:
        raise syntax_error(
            match.start(), match.end(),
            "`{text}` 不是字符", "`{text}` is not a character", text=match[0],
        )  # fmt: skip
    return chr(point)


def strange_error(source: str, at: int) -> ParseError:
    """Return the error of what begins no token: a word or a number in Chinese, or a character."""
    operator = CHINESE_OPERATOR.match(source, at)
    if operator is not None:
        return syntax_error(
            at, operator.end(),
            "不能识别 `{word}`；请写 `{meant}`", "write `{meant}` for `{word}`",
            word=operator[0], meant=CHINESE_OPERATORS[operator[0]],
        )  # fmt: skip
    numeral = CHINESE_NUMERAL.match(source, at)
    return character_error(source, at) if numeral is None else numeral_error(numeral)


def numeral_error(numeral: re.Match[str]) -> ParseError:
    """Return the error of a number in Chinese characters."""
    return syntax_error(
        numeral.start(), numeral.end(),
        "`{text}` 是中文数字；请写阿拉伯数字，如 `30`",
        "`{text}` is a number in Chinese characters; write it in digits, such as `30`",
        text=numeral[0],
    )  # fmt: skip


def character_error(source: str, at: int) -> ParseError:
    """Return the error of a character that begins no token."""
    character = source[at]
    shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    if character in ENDS_OF_SENTENCES and not source[at + 1 :].strip():
        return ending_error(at, character)
    if character in WIDE_SPACES:
        return syntax_error(
            at, at + 1,
            "此处的空白是 {shown}，不是普通空格", "the space here is {shown}, not the usual one",
            shown=f"U+{ord(character):04X}",
        )  # fmt: skip
    run = WIDE_RUN.match(source, at)
    narrow = unicodedata.normalize("NFKC", character if run is None else run[0])
    if run is not None and narrow in TWO_SIGNS:
        return foreign_error(at, run[0], narrow)
    if character in FOREIGN_CHARACTERS:
        return foreign_error(at, character, FOREIGN_CHARACTERS[character])
    if narrow in SIGNS:
        return foreign_error(at, character, narrow)
    if not character.isascii() and character.isalnum():
        return syntax_error(
            at, at + 1,
            "名称只能用英文字母、数字和 `_`；文本请加引号",
            "names are ASCII letters, digits and `_`; put a text in quotes",
        )  # fmt: skip
    return syntax_error(
        at, at + 1, "不能识别字符 {shown}", "the character {shown} means nothing here", shown=shown
    )


def ending_error(at: int, sign: str) -> ParseError:
    """Return the error of a sign that ends a sentence, behind an expression."""
    if WIDE_FORM.match(sign):
        return syntax_error(
            at, at + 1,
            "`{sign}` 是全角字符；表达式后面不写标点，请删去",
            "`{sign}` is a full-width character; an expression ends without a sign: delete it",
            sign=sign,
        )  # fmt: skip
    return syntax_error(
        at, at + 1,
        "表达式后面不写 `{sign}`，请删去", "an expression ends without `{sign}`: delete it",
        sign=sign,
    )  # fmt: skip


def foreign_error(at: int, sign: str, meant: str) -> ParseError:
    """Return the error of a sign that stands for one of the language."""
    if any(map(WIDE_FORM.match, sign)):
        return syntax_error(
            at, at + len(sign),
            "`{sign}` 是全角字符；请写 `{meant}`", "`{sign}` {is_wide}; write `{meant}`",
            sign=sign, meant=meant, is_wide=IS_WIDE if len(sign) == 1 else ARE_WIDE,
        )  # fmt: skip
    return syntax_error(
        at, at + len(sign),
        "不能识别 `{sign}`；请写 `{meant}`", "`{sign}` is not an operator; write `{meant}`",
        sign=sign, meant=meant,
    )  # fmt: skip
