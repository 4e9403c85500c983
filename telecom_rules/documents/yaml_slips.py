"""Diagnosis of invalid YAML: the usual slip behind a message of the parser.

The parser reports the token it expected, not the slip that was made. The usual slips are described
here, and `DIAGNOSES` finds them by the parser's message and the line at which it stopped.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from yaml.error import MarkedYAMLError

from telecom_rules.documents.characters import describe_character
from telecom_rules.documents.positions import TEXT_START, Point, mark_or_start
from telecom_rules.findings import Finding, Related
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from yaml.error import YAMLError

    from telecom_rules.documents.positions import Mark, Positions
    from telecom_rules.findings import Span


class Slip(NamedTuple):
    """A common mistake and advice to fix it, in both languages."""

    why_zh: str
    why_en: str
    advice_zh: str
    advice_en: str


CONFLICT = Slip(
    "此处是 git 合并冲突的标记", "this is the mark of a merge conflict of git",
    "两边的内容各取所需，并删去各行标记",
    "keep what is right of the two sides, and delete the lines of marks",
)  # fmt: skip
TAB_INSIDE = Slip(
    "此处是制表符", "there is a tab here",
    "缩进和分隔都用空格；含有制表符的值要加引号", "use spaces; quote a value that holds a tab",
)  # fmt: skip
FORBIDDEN_START = Slip(
    "值不能以{character}开头", "a value cannot start with {character}",
    "给整个值加引号", "quote the whole value",
)  # fmt: skip
SECOND_COLON = Slip(
    "同一行中又出现了一个冒号", "there is a second colon on this line",
    "值中含有 `: ` 时要加引号", "quote a value that contains `: `",
)  # fmt: skip
OUT_OF_LINE = Slip(
    "缩进与上文不对齐", "the indentation does not line up with the lines above",
    "同一层的键或列表项要从同一列开始", "start the keys or items of one level in the same column",
)  # fmt: skip
OUT_OF_LINE_BELOW = Slip(
    "缩进与下文不对齐", "the indentation does not line up with the lines below",
    "同一层的键或列表项要从同一列开始", "start the keys or items of one level in the same column",
)  # fmt: skip
NO_COLON = Slip(
    "此行不是 `键: 值`", "this line is not `key: value`",
    "补上冒号和空格；属于上一行的文字要缩进",
    "add a colon and a space; indent a text that belongs to the line above",
)  # fmt: skip
WIDE_HASH = Slip(
    "此处是全角井号 `＃`", "this sign is the full-width `＃`",
    "注释以半角的 `# ` 开头", "a comment begins with `# `",
)  # fmt: skip
NO_SPACE = Slip(
    "冒号后面缺少空格", "a space is missing after the colon",
    "写作 `{pair}`", "write `{pair}`",
)  # fmt: skip
NO_SPACE_IN_ITEM = Slip(
    "`-` 后面缺少空格", "a space is missing after the `-`",
    "写作 `- {rest}`", "write `- {rest}`",
)  # fmt: skip
WIDE_COLON = Slip(
    "此处是全角冒号 `：`", "this colon is the full-width `：`",
    "改用半角冒号加空格：`{pair}`", "use `:` and a space: `{pair}`",
)  # fmt: skip
WIDE_BRACKET = Slip(
    "此处是全角括号 `{bracket}`", "this bracket is the full-width `{bracket}`",
    "改用半角的 `{narrow}` 和 `{closing}`；是文本时加引号",
    "use `{narrow}` and `{closing}`; quote it if it is text",
)  # fmt: skip
WIDE_COMMA = Slip(
    "此处是全角{sign}", "this {sign}",
    "改用半角逗号加空格 `, `；值中含有逗号时加引号",
    "use `,` and a space; quote a value that contains a comma",
)  # fmt: skip
WIDE_SPACE = Slip(
    "此处的空白是 {character}，不是普通空格", "the space here is {character}, not the usual one",
    "缩进和分隔都用半角空格", "use the usual space to indent and to separate",
)  # fmt: skip
OPEN_QUOTE = Slip(
    "此处的引号没有结束", "the quote opened here is not closed",
    "补上结束的引号", "close the quote",
)  # fmt: skip
LATE_QUOTE = Slip(
    "此处的引号到第 {line} 行才结束", "the quote opened here is closed on line {line} only",
    "在本行结束引号", "close the quote on its own line",
)  # fmt: skip
AFTER_QUOTE = Slip(
    "引号结束之后还有内容", "something follows the closing quote",
    "给整个值加引号；单引号内的 `'` 写作 `''`",
    "quote the whole value; inside single quotes write `''` for `'`",
)  # fmt: skip
AFTER_BRACKET = Slip(
    "括号结束之后还有内容", "something follows the closing bracket",
    "给整个值加引号", "quote the whole value",
)  # fmt: skip
OPEN_BRACKET = Slip(
    "此处的 `{bracket}` 没有结束", "the `{bracket}` opened here is not closed",
    "补上 `{closing}`，或检查其中缺少的逗号", "add `{closing}`, or look for a missing comma inside",
)  # fmt: skip
NO_COMMA = Slip(
    "此处应为 `,` 或 `{closing}`", "expected `,` or `{closing}` here",
    "补上逗号；含有逗号、冒号或括号的值要加引号",
    "add the comma; quote a value that contains commas, colons or brackets",
)  # fmt: skip
LIST_IN_LINE = Slip(
    "列表不能从键所在的行开始", "a list cannot start on the line of its key",
    "把 `- ` 移到下一行，或写作 `[a, b]`", "move the `- ` to the next line, or write `[a, b]`",
)  # fmt: skip
UNEXPECTED_CHARACTER = Slip(
    "此处不能出现 `{character}`", "`{character}` cannot stand here",
    "给含有它的值加引号，或删除它", "quote the value it belongs to, or delete it",
)  # fmt: skip
BLOCK_MARK = Slip(
    "以 `{character}` 开头的值被当作多行文本",
    "a value that starts with `{character}` is taken for a block of text",
    "给表达式加引号", "quote an expression",
)  # fmt: skip
BAD_ESCAPE = Slip(
    "`\\` 之后不是有效的转义", "there is no valid escape after the `\\`",
    "反斜杠写作 `\\\\`，或改用单引号", "write `\\\\` for a backslash, or use single quotes",
)  # fmt: skip
NOT_INSIDE = Slip(
    "此处的内容不属于上面的映射", "this does not belong to the mapping above",
    "检查缩进和引号", "check the indentation and the quotes",
)  # fmt: skip
NOT_UNDERSTOOD = Slip(
    "此处无法理解", "this cannot be understood",
    "检查本行及上一行的缩进、引号和括号",
    "check indentation, quotes and brackets of this line and the one above",
)  # fmt: skip

INDENT = 2
"""Columns that a level is usually indented by."""
CLOSING_BRACKETS = {"[": "]", "{": "}"}
WIDE_BRACKETS = {"｛": "{", "［": "["}
WIDE_BRACKET_PATTERN = re.compile(r": +([｛［])")
"""A full-width bracket where a value begins."""
CONFLICT_PATTERN = re.compile(r"(<{7}|>{7})(?: \S.*)?|={7}")
"""A line that git writes where two sides changed the same lines."""
BACKTICK = Wording("反引号", "a backtick")
OPENED = Wording("从此处开始", "opened here")
WIDE_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces of Unicode that are none in YAML."""
WIDE_SPACE_PATTERN = re.compile(rf"(?:^|[:\-,\[{{]) *([{WIDE_SPACES}])")
WIDE_COMMA_PATTERN = re.compile(r"[，、；]\s*[A-Za-z_]\w*$", re.ASCII)
"""A full-width comma ahead of a key."""
GLUED_ITEM_PATTERN = re.compile(r" *-([A-Za-z_{\[].*)")
GLUED_PAIR_PATTERN = re.compile(r"([^\s:：\"'{\[]+)[:：](\S.*)?")


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """The place at which a parser stopped.

    Attributes:
        places: the lines of the file.
        at: the mark at which it stopped.
        opened: the beginning of the part being read, if the parser names it.
        last: the place of the value read last.
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
        """The beginning of the part that the parser was reading."""
        return self.places.span_at(self.opened)

    @property
    def part_text(self) -> str:
        """The line from there on."""
        return self.places.text_from(self.opened)

    @property
    def rest_of_line(self) -> Span:
        """The place of `part_text`."""
        return self.part_span.within(0, len(self.part_text))

    @property
    def near_lines(self) -> tuple[Point, ...]:
        """The starts of the line at which it stopped and of the one above it."""
        return tuple(Point(line, 0) for line in (self.at.line, self.at.line - 1) if line >= 0)


def diagnose(
    error: YAMLError, places: Positions, last: Span | None, bracket: Mark | None
) -> Finding:
    """Return the finding for an error of a parser.

    Args:
        error: the error, of either parser; the messages of the pure one tell more.
        places: the file's lines.
        last: the place of the value read last.
        bracket: the innermost bracket that is still open.
    """
    if not isinstance(error, MarkedYAMLError):
        return build_slip(NOT_UNDERSTOOD, places.span_at(TEXT_START))
    at = mark_or_start(error.problem_mark)
    failure = ParseFailure(
        places, at, mark_or_start(error.context_mark or error.problem_mark), last, bracket
    )
    named = find_conflict(failure) or find_wide_space(failure) or find_glued_item(failure)
    if named is not None:
        return named
    message = f"{error.context}: {error.problem}"
    fitting = (diagnosis for pattern, diagnosis in DIAGNOSES if re.search(pattern, message))
    return next(fitting, diagnose_other)(failure)


def find_conflict(failure: ParseFailure) -> Finding | None:
    """Return the finding for the first mark of a merge conflict; it can stand below the failure."""
    at = failure.places.find_line(CONFLICT_PATTERN)
    if at is None:
        return None
    width = len(failure.places.text_from(at))
    return build_slip(CONFLICT, failure.places.span_at(at, width))


def find_wide_space(failure: ParseFailure) -> Finding | None:
    """Return the finding for a wide space in the line of a failure or the one above it."""
    for start in failure.near_lines:
        found = WIDE_SPACE_PATTERN.search(failure.places.line_of(start))
        if found is not None:
            span = failure.places.span_at(start).within(*found.span(1))
            return build_wide_space(span, found[1])
    return None


def build_wide_space(span: Span, character: str) -> Finding:
    """Return the finding for a space that is none in YAML."""
    return build_slip(WIDE_SPACE, span, character=describe_character(character))


def build_wide_comma(span: Span, sign: str) -> Finding:
    """Return the finding for a sign of the Chinese keyboard in the place of a comma."""
    noun = Wording("逗号", "comma") if sign == "，" else Wording("标点", "sign")
    named = Wording(f"{noun.zh} `{sign}`", f"{noun.en} is the full-width `{sign}`")
    return build_slip(WIDE_COMMA, span, sign=named)


def find_leading_space(span: Span, text: str) -> Finding | None:
    """Return the finding for a key that begins with a wide space, or `None` for another text."""
    if re.match(f"[{WIDE_SPACES}]", text) is None:
        return None
    return build_wide_space(span.within(0, 1), text[0])


def find_missing_space(span: Span, text: str) -> Finding | None:
    """Return the finding for `key:value` written without the space, or `None` for another text."""
    match = GLUED_PAIR_PATTERN.match(text)
    if match is None:
        return None
    pair = shorten(f"{match[1]}: {match[2] or '...'}")
    kind = WIDE_COLON if text[match.end(1)] == "：" else NO_SPACE
    return build_slip(kind, span.within(0, match.end()), pair=pair)


def build_slip(kind: Slip, span: Span, *related: Related, **values: object) -> Finding:
    """Return the finding for a slip."""
    texts = {
        "why": Wording(kind.why_zh, kind.why_en).fill(**values),
        "advice": Wording(kind.advice_zh, kind.advice_en).fill(**values),
    }
    return Finding("TR005", span, texts, related=related)


def diagnose_other(failure: ParseFailure) -> Finding:
    """Return a finding with only the place of the mistake, if the slip is unknown."""
    return build_slip(NOT_UNDERSTOOD, failure.stop_span)


def diagnose_start(failure: ParseFailure) -> Finding:
    """Diagnose a character that cannot start a value."""
    character = failure.places.text_from(failure.at)[:1]
    # A line that ends with the tab has it stripped.
    if not character or character == "\t":
        return build_slip(TAB_INSIDE, failure.stop_span)
    # Chinese puts spaces around the sign; the English text has its own.
    named = BACKTICK if character == "`" else Wording(f" `{character}` ", f"`{character}`")
    return build_slip(FORBIDDEN_START, failure.stop_span, character=named)


def diagnose_colon(failure: ParseFailure) -> Finding:
    """Diagnose a colon where no key may stand."""
    wide = find_wide_bracket(failure)
    if wide is not None:
        return wide
    if re.search(r":\s", failure.places.text_before(failure.at)):
        return build_slip(SECOND_COLON, failure.stop_span)
    return diagnose_line_above(failure) or diagnose_column(failure)


def find_wide_bracket(failure: ParseFailure) -> Finding | None:
    """Return the finding for a full-width bracket with which a value of the line begins."""
    opened = WIDE_BRACKET_PATTERN.search(failure.places.text_before(failure.at))
    if opened is None:
        return None
    place = failure.places.span_at(Point(failure.at.line, opened.start(1)))
    narrow = WIDE_BRACKETS[opened[1]]
    closing = CLOSING_BRACKETS[narrow]
    return build_slip(WIDE_BRACKET, place, bracket=opened[1], narrow=narrow, closing=closing)


def find_glued_item(failure: ParseFailure) -> Finding | None:
    """Return the finding for `-item` in the line of a failure or the one above it."""
    for start in failure.near_lines:
        item = GLUED_ITEM_PATTERN.match(failure.places.line_of(start))
        if item is not None:
            span = failure.places.span_at(Point(start.line, item.start(1) - 1))
            return build_slip(NO_SPACE_IN_ITEM, span, rest=shorten(item[1].rstrip()))
    return None


def diagnose_line_above(failure: ParseFailure) -> Finding | None:
    """Return the finding for a line without a colon of its own, to which the next was added."""
    if failure.at.line == 0:
        return None
    above = Point(failure.at.line - 1, 0)
    line = failure.places.text_from(above)
    text = line.lstrip()
    span = failure.places.span_at(above).within(len(line) - len(text), len(line))
    if re.search(r":(\s|$)|^(- |#|$)", text):
        return None
    return find_missing_colon(span, text)


def find_missing_colon(span: Span, text: str) -> Finding:
    """Return the finding for a line that is neither `key: value` nor a comment."""
    if text.startswith("＃"):
        return build_slip(WIDE_HASH, span.within(0, 1))
    return find_missing_space(span, text) or build_slip(NO_COLON, span)


def diagnose_missing_colon(failure: ParseFailure) -> Finding:
    """Diagnose a key without a colon."""
    return find_missing_colon(failure.rest_of_line, failure.part_text)


def diagnose_flow(failure: ParseFailure) -> Finding:
    """Diagnose a list or mapping in brackets: not closed, or on one line without a comma."""
    if failure.at.line > failure.opened.line:
        return diagnose_open_bracket(failure, failure.opened)
    wide = find_wide_bracket(failure)
    if wide is not None:
        return wide
    ahead = failure.places.text_before(failure.at)
    comma = WIDE_COMMA_PATTERN.search(ahead)
    if comma is not None:
        place = failure.places.span_at(Point(failure.at.line, comma.start()))
        return build_wide_comma(place, comma[0][0])
    related = Related(failure.part_span, OPENED)
    closing = CLOSING_BRACKETS.get(failure.part_text[:1], "]")
    return build_slip(NO_COMMA, failure.stop_span, related, closing=closing)


def diagnose_open_bracket(failure: ParseFailure, bracket: Mark) -> Finding:
    """Diagnose a bracket that is not closed."""
    opening = failure.places.text_from(bracket)[:1]
    closing = CLOSING_BRACKETS.get(opening, "]")
    return build_slip(
        OPEN_BRACKET, failure.places.span_at(bracket), bracket=opening, closing=closing
    )


def diagnose_end_of_block(failure: ParseFailure) -> Finding:
    """Diagnose a line whose indentation fits no block."""
    before = Point(failure.at.line, max(failure.at.column - 1, 0))
    if failure.places.line_of(before)[before.column :].startswith("\t"):
        return build_slip(TAB_INSIDE, failure.places.span_at(before))
    ahead, last = failure.places.text_before(failure.at), failure.last
    if ahead.endswith(("'", '"')):
        if last is not None and last.line < last.end_line == failure.stop_span.line:
            return build_slip(LATE_QUOTE, last.within(0, 1), line=last.end_line)
        return build_slip(AFTER_QUOTE, failure.stop_span)
    if ahead.endswith(("]", "}")):
        return build_slip(AFTER_BRACKET, failure.stop_span)
    return diagnose_column(failure)


def diagnose_column(failure: ParseFailure) -> Finding:
    """Diagnose a line that lines up with none above it.

    A parser stops at the second of two keys that do not line up. The slip is in the first if that
    is one column off and fewer lines of the file begin where it does.
    """
    columns = failure.places.first_columns
    mine = columns.get(failure.at.line)
    above = None if mine is None else find_neighbour(columns, failure.at.line, mine)
    if mine is None or above is None:
        return build_slip(OUT_OF_LINE, failure.stop_span)
    counts = Counter(columns.values())
    other = columns[above]
    if (counts[other], other % INDENT == 0) < (counts[mine], mine % INDENT == 0):
        return build_slip(OUT_OF_LINE_BELOW, failure.places.span_at(Point(above, other)))
    return build_slip(OUT_OF_LINE, failure.stop_span)


def find_neighbour(columns: Mapping[int, int], line: int, column: int) -> int | None:
    """Return the nearest line above that begins one column beside `column` in the same part."""
    for at in sorted((each for each in columns if each < line), reverse=True):
        if abs(columns[at] - column) == 1:
            return at
        if columns[at] < column:
            return None
    return None


def diagnose_escape(failure: ParseFailure) -> Finding:
    """Diagnose a backslash escape that YAML does not have."""
    backslash = failure.places.text_before(failure.at).rfind("\\")
    return build_slip(BAD_ESCAPE, failure.places.span_at(Point(failure.at.line, max(backslash, 0))))


def diagnose_unexpected(failure: ParseFailure) -> Finding:
    """Diagnose a character, or an end of the line, that is not expected where it stands."""
    character = failure.places.text_from(failure.at)[:1]
    if character:
        return build_slip(UNEXPECTED_CHARACTER, failure.stop_span, character=character)
    if failure.bracket:
        return diagnose_open_bracket(failure, failure.bracket)
    return diagnose_other(failure)


def diagnose_anchor(failure: ParseFailure) -> Finding:
    """Return the finding for an `&` or `*`; in `!a && !b` the slip is the sign it begins with."""
    first = re.search(r"(?<!\S)[!&*]\S*$", failure.places.text_before(failure.opened))
    if first is None:
        return Finding("TR007", failure.part_span)
    span = failure.places.span_at(Point(failure.opened.line, first.start()), len(first[0]))
    if first[0].startswith("!"):
        return Finding("TR008", span, {"tag": shorten(first[0])})
    return Finding("TR007", span)


def diagnose_tag(failure: ParseFailure) -> Finding:
    """Diagnose a tag, which our YAML does not have."""
    word = (failure.part_text.split() or ["!"])[0]
    return Finding("TR008", failure.part_span.within(0, len(word)), {"tag": shorten(word)})


DIAGNOSES: tuple[tuple[str, Callable[[ParseFailure], Finding]], ...] = (
    ("that cannot start any token", diagnose_start),
    ("mapping values are not allowed", diagnose_colon),
    ("could not find expected ':'", diagnose_missing_colon),
    (
        "quoted scalar.*(end of stream|document separator)",
        lambda failure: build_slip(OPEN_QUOTE, failure.rest_of_line),
    ),
    ("while parsing a flow (mapping|sequence)", diagnose_flow),
    (
        "sequence entries are not allowed",
        lambda failure: build_slip(LIST_IN_LINE, failure.stop_span),
    ),
    ("(expected <block end>|expected key|expected '-' indicator)", diagnose_end_of_block),
    ("(an anchor|an alias)", diagnose_anchor),
    ("(a tag|undefined tag handle)", diagnose_tag),
    (
        "(directive|incompatible YAML|duplicate tag handle)",
        lambda failure: Finding("TR019", failure.places.span_of_word(failure.opened, "%")),
    ),
    (
        "block scalar",
        lambda failure: build_slip(BLOCK_MARK, failure.part_span, character=failure.part_text[:1]),
    ),
    ("escape", diagnose_escape),
    ("(mapping keys are not allowed|expected (the )?node content)", diagnose_unexpected),
    ("expected '?<document start>", lambda failure: build_slip(NOT_INSIDE, failure.stop_span)),
)
"""The diagnosis for each message of the pure parser; the first whose pattern is found in it."""
