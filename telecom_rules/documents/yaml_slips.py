"""What to say when a text is not YAML.

The parser says what it expected; people want to know which slip they made. The usual slips are
recognised by the parser's message and by the line it stands on, and worded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents.positions import Point, mark_or_start
from telecom_rules.documents.scalars import shorten
from telecom_rules.findings import Finding, Related
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml.error import MarkedYAMLError

    from telecom_rules.documents.positions import Mark, Positions
    from telecom_rules.findings import Span


class Slip(NamedTuple):
    """A usual mistake and the way out of it."""

    why: Wording
    advice: Wording


TAB_INSIDE = Slip(
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
UNEXPECTED_CHARACTER = Slip(
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
BAD_ESCAPE = Slip(
    Wording("`\\` 之后不是有效的转义", "what follows the `\\` is no escape"),
    Wording(
        "反斜杠写作 `\\\\`，或改用单引号", "write `\\\\` for a backslash, or use single quotes"
    ),
)
NOT_INSIDE = Slip(
    Wording("此处的内容不属于上面的映射", "this does not belong to the mapping above"),
    Wording("检查缩进和引号", "check the indentation and the quotes"),
)
NOT_UNDERSTOOD = Slip(
    Wording("此处无法理解", "this cannot be understood"),
    Wording(
        "检查本行及上一行的缩进、引号和括号",
        "check indentation, quotes and brackets of this line and the one above",
    ),
)

CLOSING_BRACKETS = {"[": "]", "{": "}"}
BACKTICK = Wording("反引号", "a backtick")
OPENED = Wording("从此处开始", "opened here")
GLUED = re.compile(r"([^\s:：\"'{\[]+)[:：](\S.*)?")


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """Where a parser gave up.

    Attributes:
        at: where it stopped.
        opened: where the part begins that it was reading, as far as it says so.
        last: where the value read last stands.
        bracket: the innermost bracket that is still open.
    """

    places: Positions
    at: Mark
    opened: Mark
    last: Span | None
    bracket: Mark | None

    @property
    def stop_span(self) -> Span:
        """The place where the parser stopped."""
        return self.places.span_at(self.at)

    @property
    def part_span(self) -> Span:
        """The place where the part begins that the parser was reading."""
        return self.places.span_at(self.opened)


def diagnose(
    error: MarkedYAMLError, places: Positions, last: Span | None, bracket: Mark | None
) -> Finding:
    """Return the finding for what made the pure parser give up.

    Args:
        error: what the parser raised.
        places: the file's lines.
        last: where the value read last stands.
        bracket: the innermost bracket that is still open.
    """
    at = mark_or_start(error.problem_mark)
    trouble = ParseFailure(
        places, at, mark_or_start(error.context_mark or error.problem_mark), last, bracket
    )
    said = f"{error.context}: {error.problem}"
    cause = next((cause for sign, cause in DIAGNOSES if re.search(sign, said)), diagnose_other)
    return cause(trouble)


def find_missing_space(span: Span, text: str) -> Finding | None:
    """Return the finding for `key:value` written without the space, or `None` for another text."""
    match = GLUED.match(text)
    if match is None:
        return None
    pair = shorten(f"{match[1]}: {match[2] or '...'}")
    kind = WIDE_COLON if text[match.end(1)] == "：" else NO_SPACE
    return build_slip(kind, span.within(0, match.end()), pair=pair)


def build_slip(kind: Slip, span: Span, *related: Related, **values: object) -> Finding:
    """Return the finding for a slip."""
    texts = {"why": kind.why.fill(**values), "advice": kind.advice.fill(**values)}
    return Finding("TR005", span, texts, related=related)


def diagnose_other(trouble: ParseFailure) -> Finding:
    """Name the place where nothing more can be said."""
    return build_slip(NOT_UNDERSTOOD, trouble.stop_span)


def diagnose_start(trouble: ParseFailure) -> Finding:
    """Diagnose a character that no value starts with."""
    character = trouble.places.text_from(trouble.at)[:1]
    # A line that ends with the tab has it stripped.
    if not character or character == "\t":
        return build_slip(TAB_INSIDE, trouble.stop_span)
    shown_as = BACKTICK if character == "`" else Wording.same(f" `{character}` ")
    return build_slip(
        FORBIDDEN_START, trouble.stop_span, character=Wording(shown_as.zh, shown_as.en.strip())
    )


def diagnose_colon(trouble: ParseFailure) -> Finding:
    """Diagnose a colon where no key may stand."""
    if re.search(r":\s", trouble.places.text_before(trouble.at)):
        return build_slip(SECOND_COLON, trouble.stop_span)
    return diagnose_line_above(trouble) or build_slip(OUT_OF_LINE, trouble.stop_span)


def diagnose_line_above(trouble: ParseFailure) -> Finding | None:
    """Return the finding for a line without a colon of its own, to which the next was added."""
    if trouble.at.line == 0:
        return None
    above = Point(trouble.at.line - 1, 0)
    line = trouble.places.text_from(above)
    text = line.lstrip()
    span = trouble.places.span_at(above).within(len(line) - len(text), len(line))
    if re.search(r":(\s|$)|^(- |#|$)", text):
        return None
    return find_missing_space(span, text) or build_slip(NO_COLON, span)


def diagnose_missing_colon(trouble: ParseFailure) -> Finding:
    """Diagnose a key without a colon."""
    text = trouble.places.text_from(trouble.opened)
    return find_missing_space(trouble.part_span, text) or build_slip(
        NO_COLON, trouble.part_span.within(0, len(text))
    )


def diagnose_open_quote(trouble: ParseFailure) -> Finding:
    """Diagnose a quote that is not closed."""
    return build_slip(
        OPEN_QUOTE, trouble.part_span.within(0, len(trouble.places.text_from(trouble.opened)))
    )


def diagnose_flow(trouble: ParseFailure) -> Finding:
    """Diagnose a list or mapping in brackets that is broken off."""
    if trouble.at.line == trouble.opened.line:
        return diagnose_missing_comma(trouble)
    return diagnose_open_bracket(trouble, trouble.opened)


def diagnose_missing_comma(trouble: ParseFailure) -> Finding:
    """Diagnose items in brackets without a comma between them."""
    opening = trouble.places.text_from(trouble.opened)[:1]
    related = Related(trouble.part_span, OPENED)
    return build_slip(
        NO_COMMA, trouble.stop_span, related, closing=CLOSING_BRACKETS.get(opening, "]")
    )


def diagnose_open_bracket(trouble: ParseFailure, bracket: Mark) -> Finding:
    """Diagnose a bracket that is not closed."""
    opening = trouble.places.text_from(bracket)[:1]
    closing = CLOSING_BRACKETS.get(opening, "]")
    return build_slip(
        OPEN_BRACKET, trouble.places.span_at(bracket), bracket=opening, closing=closing
    )


def diagnose_end_of_block(trouble: ParseFailure) -> Finding:
    """Diagnose a line whose indentation fits no block."""
    before = Point(trouble.at.line, max(trouble.at.column - 1, 0))
    if trouble.places.line_of(before)[before.column :].startswith("\t"):
        return build_slip(TAB_INSIDE, trouble.places.span_at(before))
    ahead, last = trouble.places.text_before(trouble.at), trouble.last
    if ahead.endswith(("'", '"')):
        if last is not None and last.line < last.end_line == trouble.stop_span.line:
            return build_slip(LATE_QUOTE, last.within(0, 1), line=last.end_line)
        return build_slip(AFTER_QUOTE, trouble.stop_span)
    return build_slip(
        AFTER_BRACKET if ahead.endswith(("]", "}")) else OUT_OF_LINE, trouble.stop_span
    )


def diagnose_escape(trouble: ParseFailure) -> Finding:
    """Diagnose a backslash escape that YAML does not have."""
    backslash = trouble.places.text_before(trouble.at).rfind("\\")
    return build_slip(BAD_ESCAPE, trouble.places.span_at(Point(trouble.at.line, max(backslash, 0))))


def diagnose_unexpected(trouble: ParseFailure) -> Finding:
    """Diagnose a character that is not expected where it stands."""
    character = trouble.places.text_from(trouble.at)[:1]
    if character:
        return build_slip(UNEXPECTED_CHARACTER, trouble.stop_span, character=character)
    return (
        diagnose_open_bracket(trouble, trouble.bracket)
        if trouble.bracket
        else diagnose_other(trouble)
    )


def diagnose_anchor(trouble: ParseFailure) -> Finding:
    """Return the finding for an `&` or `*`; in `!a && !b` the slip is the sign it begins with."""
    first = re.search(r"(?<!\S)[!&*]\S*$", trouble.places.text_before(trouble.opened))
    if first is None:
        return Finding("TR007", trouble.part_span)
    span = trouble.places.span_at(Point(trouble.opened.line, first.start()), len(first[0]))
    if first[0].startswith("!"):
        return Finding("TR008", span, {"tag": shorten(first[0])})
    return Finding("TR007", span)


def diagnose_tag(trouble: ParseFailure) -> Finding:
    """Diagnose a tag, which our YAML does not have."""
    word = (trouble.places.text_from(trouble.opened).split() or ["!"])[0]
    return Finding("TR008", trouble.part_span.within(0, len(word)), {"tag": shorten(word)})


def diagnose_block_mark(trouble: ParseFailure) -> Finding:
    """Diagnose a block mark that is followed by text."""
    return build_slip(
        BLOCK_MARK, trouble.part_span, character=trouble.places.text_from(trouble.opened)[:1]
    )


DIAGNOSES: tuple[tuple[str, Callable[[ParseFailure], Finding]], ...] = (
    ("that cannot start any token", diagnose_start),
    ("mapping values are not allowed", diagnose_colon),
    ("could not find expected ':'", diagnose_missing_colon),
    ("quoted scalar.*(end of stream|document separator)", diagnose_open_quote),
    ("while parsing a flow (mapping|sequence)", diagnose_flow),
    ("sequence entries are not allowed", lambda t: build_slip(LIST_IN_LINE, t.stop_span)),
    ("expected <block end>", diagnose_end_of_block),
    ("(an anchor|an alias)", diagnose_anchor),
    ("(a tag|undefined tag handle)", diagnose_tag),
    (
        "(directive|incompatible YAML|duplicate tag handle)",
        lambda t: Finding("TR019", t.places.span_of_word(t.opened, "%")),
    ),
    ("block scalar", diagnose_block_mark),
    ("escape", diagnose_escape),
    ("(mapping keys are not allowed|expected the node content)", diagnose_unexpected),
    ("expected '<document start>'", lambda t: build_slip(NOT_INSIDE, t.stop_span)),
)
"""Which slip stands behind what the pure parser says; the first that fits."""
