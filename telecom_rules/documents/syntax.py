"""What to say when a text is not YAML.

The parser says what it expected; people want to know which slip they made. The usual slips are
recognised by the parser's message and by the line it stands on, and worded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents.places import Point, given
from telecom_rules.documents.scalars import shown
from telecom_rules.findings import Finding, Related
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml.error import MarkedYAMLError

    from telecom_rules.documents.places import Mark, Places
    from telecom_rules.findings import Span

__all__ = ["missing_space", "slip"]


class Slip(NamedTuple):
    """A usual mistake and the way out of it."""

    why: Wording
    advice: Wording


TAB = Slip(
    Wording("此处是制表符", "there is a tab here"),
    Wording(
        "缩进和分隔都用空格；含有制表符的值要加引号", "use spaces; quote a value that holds a tab"
    ),
)
FORBIDDEN_START = Slip(
    Wording("值不能以{character}开头", "a value cannot start with {character}"),
    Wording("给整个值加引号", "quote the whole value"),
)
SECOND_COLON = Slip(
    Wording("同一行中又出现了一个冒号", "there is a second colon on this line"),
    Wording("值中含有 `: ` 时要加引号", "quote a value that contains `: `"),
)
OUT_OF_LINE = Slip(
    Wording("缩进与上文不对齐", "the indentation does not line up with what stands above"),
    Wording(
        "同一层的键或列表项要从同一列开始",
        "start the keys or items of one level in the same column",
    ),
)
NO_COLON = Slip(
    Wording("此行不是 `键: 值`", "this line is not `key: value`"),
    Wording(
        "补上冒号和空格；属于上一行的文字要缩进",
        "add a colon and a space; indent a text that belongs to the line above",
    ),
)
NO_SPACE = Slip(
    Wording("冒号后面缺少空格", "a space is missing after the colon"),
    Wording("写作 `{pair}`", "write `{pair}`"),
)
WIDE_COLON = Slip(
    Wording("此处是全角冒号 `：`", "this colon is the full-width `：`"),
    Wording("改用半角冒号加空格：`{pair}`", "use `:` and a space: `{pair}`"),
)
OPEN_QUOTE = Slip(
    Wording("此处的引号没有结束", "the quote opened here is not closed"),
    Wording("补上结束的引号", "close the quote"),
)
LATE_QUOTE = Slip(
    Wording(
        "此处的引号到第 {line} 行才结束", "the quote opened here is closed on line {line} only"
    ),
    Wording("在本行结束引号", "close the quote on its own line"),
)
AFTER_QUOTE = Slip(
    Wording("引号结束之后还有内容", "something follows the closing quote"),
    Wording(
        "给整个值加引号；单引号内的 `'` 写作 `''`",
        "quote the whole value; inside single quotes write `''` for `'`",
    ),
)
AFTER_BRACKET = Slip(
    Wording("括号结束之后还有内容", "something follows the closing bracket"),
    Wording("给整个值加引号", "quote the whole value"),
)
OPEN_BRACKET = Slip(
    Wording("此处的 `{bracket}` 没有结束", "the `{bracket}` opened here is not closed"),
    Wording(
        "补上 `{closing}`，或检查其中缺少的逗号",
        "add `{closing}`, or look for a missing comma inside",
    ),
)
NO_COMMA = Slip(
    Wording("此处应为 `,` 或 `{closing}`", "expected `,` or `{closing}` here"),
    Wording(
        "补上逗号；含有逗号、冒号或括号的值要加引号",
        "add the comma; quote a value that contains commas, colons or brackets",
    ),
)
LIST_IN_LINE = Slip(
    Wording("列表不能从键所在的行开始", "a list cannot start on the line of its key"),
    Wording(
        "把 `- ` 移到下一行，或写作 `[a, b]`", "move the `- ` to the next line, or write `[a, b]`"
    ),
)
UNEXPECTED = Slip(
    Wording("此处不能出现 `{character}`", "`{character}` cannot stand here"),
    Wording("给含有它的值加引号，或删除它", "quote the value it belongs to, or delete it"),
)
BLOCK_MARK = Slip(
    Wording(
        "以 `{character}` 开头的值被当作多行文本",
        "a value that starts with `{character}` is taken for a block of text",
    ),
    Wording("给表达式加引号", "quote an expression"),
)
ESCAPE = Slip(
    Wording("`\\` 之后不是有效的转义", "what follows the `\\` is no escape"),
    Wording(
        "反斜杠写作 `\\\\`，或改用单引号", "write `\\\\` for a backslash, or use single quotes"
    ),
)
NOT_INSIDE = Slip(
    Wording("此处的内容不属于上面的映射", "this does not belong to the mapping above"),
    Wording("检查缩进和引号", "check the indentation and the quotes"),
)
OTHER = Slip(
    Wording("此处无法理解", "this cannot be understood"),
    Wording(
        "检查本行及上一行的缩进、引号和括号",
        "check indentation, quotes and brackets of this line and the one above",
    ),
)

CLOSING = {"[": "]", "{": "}"}
BACKTICK = Wording("反引号", "a backtick")
OPENED = Wording("从此处开始", "opened here")
GLUED = re.compile(r"([^\s:：\"'{\[]+)[:：](\S.*)?")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where a parser gave up.

    Attributes:
        at: where it stopped.
        opened: where the part begins that it was reading, as far as it says so.
        last: where the value read last stands.
        bracket: the innermost bracket that is still open.
    """

    places: Places
    at: Mark
    opened: Mark
    last: Span | None
    bracket: Mark | None

    @property
    def here(self) -> Span:
        """The place where the parser stopped."""
        return self.places.at(self.at)

    @property
    def there(self) -> Span:
        """The place where the part begins that the parser was reading."""
        return self.places.at(self.opened)


def slip(
    error: MarkedYAMLError, places: Places, last: Span | None, bracket: Mark | None
) -> Finding:
    """Return the finding for what made the pure parser give up.

    Args:
        error: what the parser raised.
        places: the file's lines.
        last: where the value read last stands.
        bracket: the innermost bracket that is still open.
    """
    at = given(error.problem_mark)
    trouble = Trouble(places, at, given(error.context_mark or error.problem_mark), last, bracket)
    said = f"{error.context}: {error.problem}"
    cause = next((cause for sign, cause in CAUSES if re.search(sign, said)), other)
    return cause(trouble)


def missing_space(span: Span, text: str) -> Finding | None:
    """Return the finding for `key:value` written without the space, or `None` for another text."""
    match = GLUED.match(text)
    if match is None:
        return None
    pair = shown(f"{match[1]}: {match[2] or '...'}")
    kind = WIDE_COLON if text[match.end(1)] == "：" else NO_SPACE
    return made(kind, span.within(0, match.end()), pair=pair)


def made(kind: Slip, span: Span, *related: Related, **values: object) -> Finding:
    """Return the finding for a slip."""
    texts = {"why": kind.why.fill(**values), "advice": kind.advice.fill(**values)}
    return Finding("TR005", span, texts, related=related)


def other(trouble: Trouble) -> Finding:
    return made(OTHER, trouble.here)


def start(trouble: Trouble) -> Finding:
    character = trouble.places.rest(trouble.at)[:1]
    # A line that ends with the tab has it stripped.
    if not character or character == "\t":
        return made(TAB, trouble.here)
    shown_as = BACKTICK if character == "`" else Wording.same(f" `{character}` ")
    return made(FORBIDDEN_START, trouble.here, character=Wording(shown_as.zh, shown_as.en.strip()))


def colon(trouble: Trouble) -> Finding:
    if re.search(r":\s", trouble.places.ahead(trouble.at)):
        return made(SECOND_COLON, trouble.here)
    return line_above(trouble) or made(OUT_OF_LINE, trouble.here)


def line_above(trouble: Trouble) -> Finding | None:
    """Return the finding for a line without a colon of its own, to which the next was added."""
    if trouble.at.line == 0:
        return None
    above = Point(trouble.at.line - 1, 0)
    line = trouble.places.rest(above)
    text = line.lstrip()
    span = trouble.places.at(above).within(len(line) - len(text), len(line))
    if re.search(r":(\s|$)|^(- |#|$)", text):
        return None
    return missing_space(span, text) or made(NO_COLON, span)


def no_colon(trouble: Trouble) -> Finding:
    text = trouble.places.rest(trouble.opened)
    return missing_space(trouble.there, text) or made(NO_COLON, trouble.there.within(0, len(text)))


def quote(trouble: Trouble) -> Finding:
    return made(OPEN_QUOTE, trouble.there.within(0, len(trouble.places.rest(trouble.opened))))


def flow(trouble: Trouble) -> Finding:
    if trouble.at.line == trouble.opened.line:
        return no_comma(trouble)
    return open_bracket(trouble, trouble.opened)


def no_comma(trouble: Trouble) -> Finding:
    opening = trouble.places.rest(trouble.opened)[:1]
    related = Related(trouble.there, OPENED)
    return made(NO_COMMA, trouble.here, related, closing=CLOSING.get(opening, "]"))


def open_bracket(trouble: Trouble, bracket: Mark) -> Finding:
    opening = trouble.places.rest(bracket)[:1]
    closing = CLOSING.get(opening, "]")
    return made(OPEN_BRACKET, trouble.places.at(bracket), bracket=opening, closing=closing)


def end_of_block(trouble: Trouble) -> Finding:
    before = Point(trouble.at.line, max(trouble.at.column - 1, 0))
    if trouble.places.line(before)[before.column :].startswith("\t"):
        return made(TAB, trouble.places.at(before))
    ahead, last = trouble.places.ahead(trouble.at), trouble.last
    if ahead.endswith(("'", '"')):
        if last is not None and last.line < last.end_line == trouble.here.line:
            return made(LATE_QUOTE, last.within(0, 1), line=last.end_line)
        return made(AFTER_QUOTE, trouble.here)
    return made(AFTER_BRACKET if ahead.endswith(("]", "}")) else OUT_OF_LINE, trouble.here)


def escape(trouble: Trouble) -> Finding:
    backslash = trouble.places.ahead(trouble.at).rfind("\\")
    return made(ESCAPE, trouble.places.at(Point(trouble.at.line, max(backslash, 0))))


def unexpected(trouble: Trouble) -> Finding:
    character = trouble.places.rest(trouble.at)[:1]
    if character:
        return made(UNEXPECTED, trouble.here, character=character)
    return open_bracket(trouble, trouble.bracket) if trouble.bracket else other(trouble)


def anchor(trouble: Trouble) -> Finding:
    """Return the finding for an `&` or `*`; in `!a && !b` the slip is the sign it begins with."""
    first = re.search(r"(?<!\S)[!&*]\S*$", trouble.places.ahead(trouble.opened))
    if first is None:
        return Finding("TR007", trouble.there)
    span = trouble.places.at(Point(trouble.opened.line, first.start()), len(first[0]))
    if first[0].startswith("!"):
        return Finding("TR008", span, {"tag": shown(first[0])})
    return Finding("TR007", span)


def tag(trouble: Trouble) -> Finding:
    word = (trouble.places.rest(trouble.opened).split() or ["!"])[0]
    return Finding("TR008", trouble.there.within(0, len(word)), {"tag": shown(word)})


def block(trouble: Trouble) -> Finding:
    return made(BLOCK_MARK, trouble.there, character=trouble.places.rest(trouble.opened)[:1])


CAUSES: tuple[tuple[str, Callable[[Trouble], Finding]], ...] = (
    ("that cannot start any token", start),
    ("mapping values are not allowed", colon),
    ("could not find expected ':'", no_colon),
    ("quoted scalar.*(end of stream|document separator)", quote),
    ("while parsing a flow (mapping|sequence)", flow),
    ("sequence entries are not allowed", lambda t: made(LIST_IN_LINE, t.here)),
    ("expected <block end>", end_of_block),
    ("(an anchor|an alias)", anchor),
    ("(a tag|undefined tag handle)", tag),
    (
        "(directive|incompatible YAML|duplicate tag handle)",
        lambda t: Finding("TR019", t.places.word(t.opened, "%")),
    ),
    ("block scalar", block),
    ("escape", escape),
    ("(mapping keys are not allowed|expected the node content)", unexpected),
    ("expected '<document start>'", lambda t: made(NOT_INSIDE, t.here)),
)
"""Which slip stands behind what the pure parser says; the first that fits."""
