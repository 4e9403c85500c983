"""The fix of a finding, from its place and what is written there.

A fix is safe where what is written can be read in one way only, and the fix writes the same thing
as a pack wants it: a full-width sign, a number in quotes, `2020年1月1日`, a name in capitals. Where
it has to choose what was meant, as for a name with a slip in it, it is a guess and not safe.
Whatever has several readings, such as a line that stands in no column, has no fix.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import yaml

from telecom_rules.documents import scalars
from telecom_rules.documents.characters import WIDE_SIGN, describe_character, narrow_signs
from telecom_rules.documents.formatting.format import INDENT_STEP
from telecom_rules.documents.formatting.layout import quote_yaml, write_scalar
from telecom_rules.documents.formatting.source import Collection, Leaf, SourceText, read_root
from telecom_rules.documents.parsers import FASTEST_PARSER
from telecom_rules.documents.yaml_slips import CLOSING_BRACKETS, WIDE_BRACKETS, WIDE_SPACES
from telecom_rules.expressions.syntax.mistakes import ParseError
from telecom_rules.expressions.syntax.parse import FOREIGN_OPERATORS, parse
from telecom_rules.expressions.syntax.tokens import (
    CHINESE_OPERATORS,
    ENDS_OF_SENTENCES,
    FOREIGN_CHARACTERS,
    SIGNS,
)
from telecom_rules.findings import Edit, Fix, Span
from telecom_rules.findings.frame import split_files
from telecom_rules.pack.overlay.versions import is_range, narrow_range
from telecom_rules.validation.suppressions import CODE_SEPARATOR, SEPARATOR
from telecom_rules.wording import Wording, join_wordings, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from telecom_rules.documents.formatting.source import SourcePart
    from telecom_rules.findings import Finding

FULL_WIDTH = Wording("{signs} 是全角字符", "{signs} is a full-width character")
SEVERAL_FULL_WIDTH = Wording("{signs} 是全角字符", "{signs} are full-width characters")
REPLACE = Wording("将 `{old}` 改为 `{new}`", "replace `{old}` by `{new}`")
NARROW_SPACE = Wording("将 {character} 改为普通空格", "replace {character} by the usual space")
DELETE = Wording("删去 `{sign}`", "delete `{sign}`")
DELETE_HIDDEN = Wording("删去 {character}", "delete {character}")
QUOTE = Wording("给值加引号", "put the value in quotes")
UNQUOTE = Wording("去掉引号", "take the quotes away")
DELETE_COMMENT = Wording("删去此注释", "delete the comment")
KEEP_CODES = Wording("注释中只保留 {codes}", "keep only {codes} in the comment")

ASCII_WORD = re.compile(r"[A-Za-z0-9_.:@()-]+")
"""A name that a suggestion may put in the place of another one."""
NARROW_VALUE = re.compile(r"[A-Za-z0-9_.:@()%+-]+")
NARROW_ITEMS = re.compile(rf"({NARROW_VALUE.pattern})(?:, *({NARROW_VALUE.pattern}))*")
"""Names and figures in a list."""
IDEOGRAPH = re.compile("[\u3400-\u9fff]")
NAMES_THE_SIGN = frozenset({"TR003", "TR005", "TR105", "TR106", "TR108", "TR201", "TR209"})
"""Codes whose finding says itself which sign is the wrong one, and what is meant."""
GLUED_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9_.]*)([:：])(?!//)(?=(\s|$)?)")
BLOCK_START = re.compile(r" *(?:- +)*")
"""What stands ahead of the first key or item of a line."""
PAIR_START = re.compile(r"(?:^ *(?:- +)*|[{,\[] *)[A-Za-z0-9_.()#*\"'-]+: *$")
"""What stands ahead of a value on its line."""
FLOW_START = re.compile(r"[{\[][^\"']*[{\[,] *$|[{\[] *$")
"""What stands ahead of a part in brackets."""
BEHIND_VALUE = re.compile(r"[ }\]]*(?: #.*)?")
"""What may stand behind the last value of a line."""
WIDE_DISTANCE = 0xFEE0
"""How far a full-width form is from its character. Source: Unicode block FF00."""
WIDE_RUN = re.compile(f"[{WIDE_SPACES}]+")
IDEOGRAPHIC_SPACE = "\u3000"
HAS_CONTENT = re.compile(r"\s*[^#\s]")
OPENS_BLOCK = re.compile(r":\s*(?:#.*)?$")
"""The end of a line whose value is below it."""
WHOLE_PAIR = re.compile(r"[A-Za-z0-9_.]+: +[^|>\[{\"'].*|[A-Za-z0-9_.]+: +[\[{].*[\]}]")
"""A line of a key with its whole value."""
HIDDEN_CHARACTERS = frozenset("\u200b\u2060\ufeff")
"""Characters without width that separate nothing in a pack and order nothing."""
COMPARISONS = frozenset({"==", "!=", ">=", "<=", ">", "<"})
COMPARISON_RUN = re.compile("[＝＞＜！=<>!]+")
BEHIND_EXPRESSION = re.compile(r"\s*['\"]?\s*(?:[,}\]].*|#.*)?")
LOGIC_RUN = re.compile("[＆&]{1,2}|[｜|]{1,2}")
WIDE_ALPHANUMERICS = re.compile("[０-９Ａ-Ｚａ-ｚ＿．]+")
CURLY_QUOTES = re.compile("[‘’“”「『]([^'\"‘’“”「」『』\\\\\n]*)[‘’“”」』]")
FLAGS: Mapping[str, str] = {
    **dict.fromkeys(("True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "是"), "true"),
    **dict.fromkeys(("False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "否"), "false"),
}
"""What YAML 1.1 reads as a boolean, and the two words for it in Chinese."""
NUMBER_WITH_UNIT = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)? ?(.*)")
UNIT_LINE = re.compile(r"^unit: *([a-z_]+) *(?:#.*)?$", re.MULTILINE)
"""The unit of a parameter."""
UNIT_WORDS: Mapping[str, frozenset[str]] = {
    "calendar_days": frozenset({"天", "日", "自然日", "个自然日", "day", "days"}),
    "working_days": frozenset({"工作日", "个工作日", "working day", "working days"}),
    "hours": frozenset({"小时", "个小时", "hour", "hours"}),
    "minutes": frozenset({"分钟", "minute", "minutes"}),
    "months": frozenset({"个月", "month", "months"}),
    "percent": frozenset({"%"}),
    "yuan": frozenset({"元", "yuan"}),
}
"""What people write behind a number, by the unit that it is."""
DURATION = re.compile(r"([0-9]+) ?(\D+)")
DURATION_UNITS = {
    word: "days" if unit == "calendar_days" else unit.replace("_", " ")
    for unit, words in UNIT_WORDS.items()
    if unit not in {"percent", "yuan"}
    for word in words
}
EXPRESSION_START = re.compile(r"(?:^ *(?:- +)*[A-Za-z0-9_]+: +)(![(A-Za-z_].*)$")
"""A line whose value is an expression that begins with `!`."""
TRUE_OR_FALSE = re.compile("true|false")
UNQUOTED: Mapping[Wording, re.Pattern[str]] = {
    scalars.A_WHOLE_NUMBER: scalars.INTEGER_PATTERN,
    scalars.ANY_NUMBER: scalars.NUMBER_PATTERN,
    scalars.TRUE_OR_FALSE: TRUE_OR_FALSE,
}
"""What is written without quotes, by what is expected."""
SUPPRESSED = re.compile(r"\[[^\]]*\]")


class Place(NamedTuple):
    """What is written where a finding is.

    Attributes:
        finding: the finding.
        lines: the lines of its file.
        leaves: returns the single values of its file with whether they stand in brackets; none
            where it is not YAML.
    """

    finding: Finding
    lines: Sequence[str]
    leaves: Callable[[], Sequence[tuple[Leaf, bool]]]

    @property
    def span(self) -> Span:
        """The place."""
        return self.finding.span

    @property
    def line(self) -> str:
        """Its line."""
        return self.lines[self.span.line - 1]

    @property
    def marked(self) -> str:
        """What is marked of its line."""
        return self.line[self.span.column - 1 : self.span.end_column - 1]

    @property
    def ahead(self) -> str:
        """What stands ahead of it on its line."""
        return self.line[: self.span.column - 1]

    @property
    def offset(self) -> int:
        """Where it begins in its file, in characters."""
        return sum(len(each) + 1 for each in self.lines[: self.span.line - 1]) + len(self.ahead)

    def part(self, start: int, end: int) -> Span:
        """Return the place of the characters of the line from offset `start` to `end`."""
        span = self.span
        return Span(span.file, span.line, start + 1, span.line, end + 1)


def add_fixes(findings: Iterable[Finding], texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return findings with the fix of each that has one.

    Args:
        findings: the findings.
        texts: the text of each file by its name.
    """
    several = tuple(findings)
    lines = split_files({each.span.file for each in several}, texts)
    leaves: dict[str, tuple[tuple[Leaf, bool], ...]] = {}

    def leaves_of(file: str) -> Sequence[tuple[Leaf, bool]]:
        if file not in leaves:
            leaves[file] = tuple(find_leaves("\n".join(lines[file])))
        return leaves[file]

    def complete(finding: Finding) -> Finding:
        file = lines.get(finding.span.file, ())
        if finding.span.line > len(file) or finding.span.end_line > finding.span.line:
            return replace(finding, fix=None)
        place = Place(finding, file, lambda: leaves_of(finding.span.file))
        fix = FIXES.get(finding.id, rename)(place) or narrow_value(place)
        return replace(finding, fix=fix, notes=tell_wide_sign(place))

    return tuple(map(complete, several))


def find_leaves(text: str) -> Iterator[tuple[Leaf, bool]]:
    """Yield the single values of a text, and whether they stand in brackets."""
    try:
        root = read_root(SourceText(text), FASTEST_PARSER(text))
    except yaml.YAMLError:
        return

    def walk(part: SourcePart, *, bracketed: bool) -> Iterator[tuple[Leaf, bool]]:
        if isinstance(part, Leaf):
            yield part, bracketed
        elif isinstance(part, Collection):
            for each in part.parts:
                yield from walk(each, bracketed=bracketed or part.flow)

    if root is not None:
        yield from walk(root, bracketed=False)


def replace_marked(place: Place, new: str, *, is_safe: bool = True) -> Fix:
    """Return the fix that writes something else in the place of a finding."""
    told = REPLACE.fill(old=shorten(place.marked), new=shorten(new))
    return Fix(told, (Edit(place.span, new),), is_safe)


def is_same_word(one: str, other: str) -> bool:
    """Tell whether two words differ only in width, in capitals, or in `-` for `_`."""
    return normalize_word(one) == normalize_word(other)


def normalize_word(text: str) -> str:
    """Return a word in half-width lower case with `_` for `-` and spaces."""
    return unicodedata.normalize("NFKC", text).strip().lower().replace("-", "_").replace(" ", "_")


def rename(place: Place) -> Fix | None:
    """Return the fix of a name with a near miss; safe if it is the same word written otherwise."""
    meant, marked = place.finding.suggestion, place.marked
    quote = marked[:1] if marked[:1] in {"'", '"'} and marked[:1] == marked[-1:] else ""
    old = marked.strip(quote) if quote else marked
    named = {each for each in place.finding.values.values() if isinstance(each, str)}
    is_whole = old in named or any(each.endswith(f".{old}") for each in named)
    if meant is None or not ASCII_WORD.fullmatch(meant) or not old:
        return None
    if not is_whole and not is_same_word(old, meant):
        return None
    return replace_marked(place, f"{quote}{meant}{quote}", is_safe=is_same_word(old, meant))


def tell_wide_sign(place: Place) -> tuple[Wording, ...]:
    """Return the notes of a finding, with the full-width sign that may be its cause."""
    notes = place.finding.notes
    said = place.finding.wording.en
    found = [
        each for each in dict.fromkeys(WIDE_SIGN.findall(place.marked)) if f"`{each}`" not in said
    ]
    if not found or place.finding.id in NAMES_THE_SIGN or IDEOGRAPH.search(place.marked):
        return notes
    named = join_wordings([Wording.same(f"`{each}`") for each in found], ("、", ", "))
    told = (FULL_WIDTH if len(found) == 1 else SEVERAL_FULL_WIDTH).fill(signs=named)
    return notes if told in notes else (*notes, told)


def narrow_value(place: Place) -> Fix | None:
    """Return the fix of names or figures with full-width signs, in brackets or about to be."""
    marked = place.marked
    if not WIDE_SIGN.search(marked) or place.finding.id in NAMES_THE_SIGN:
        return None
    narrow = re.sub(", *", ", ", narrow_signs(marked)).strip()
    if NARROW_VALUE.fullmatch(narrow):
        return replace_marked(place, narrow)
    offset = place.offset
    bracketed = next((each for leaf, each in place.leaves() if leaf.start == offset), None)
    if bracketed is None:
        return None
    items = narrow if bracketed else narrow[1:-1]
    is_list = bracketed or narrow == f"[{items}]"
    return replace_marked(place, narrow) if is_list and NARROW_ITEMS.fullmatch(items) else None


def fix_syntax(place: Place) -> Fix | None:
    """Return the fix of a slip of YAML that its sign shows: a full-width one, a missing space."""
    if WIDE_RUN.match(place.marked):
        return narrow_space(place)
    if place.marked == "＃":
        return replace_marked(place, "#")
    if place.marked in WIDE_BRACKETS:
        return narrow_brackets(place)
    if place.marked == "，":
        behind = place.line[place.span.column :]
        run = len(behind) - len(behind.lstrip(f" {WIDE_SPACES}"))
        end = place.span.column + run
        told = REPLACE.fill(old="，", new=", ")
        return Fix(told, (Edit(place.part(place.span.column - 1, end), ", "),))
    pair = GLUED_PAIR.match(place.marked)
    if pair is None:
        return None
    behind = place.line[place.span.column - 1 + pair.end(2) :]
    colon = ":" if not behind or behind[0].isspace() else ": "
    if pair[2] == colon:
        return None
    start = place.span.column - 1 + pair.start(2)
    told = REPLACE.fill(old=pair[2], new=colon)
    return Fix(told, (Edit(place.part(start, start + 1), colon),))


def narrow_brackets(place: Place) -> Fix | None:
    """Return the fix of a pair of full-width brackets around the rest of a line."""
    narrow = WIDE_BRACKETS[place.marked]
    wide = chr(ord(CLOSING_BRACKETS[narrow]) + WIDE_DISTANCE)
    end = place.line.rfind(wide)
    if end < 0 or not BEHIND_VALUE.fullmatch(place.line, end + 1):
        return None
    told = REPLACE.fill(old=place.marked + wide, new=narrow + CLOSING_BRACKETS[narrow])
    closing = Edit(place.part(end, end + 1), CLOSING_BRACKETS[narrow])
    return Fix(told, (Edit(place.span, narrow), closing))


def narrow_space(place: Place) -> Fix | None:
    """Return the fix of a space that is none in YAML, where it indents or separates."""
    run = WIDE_RUN.match(place.line, place.span.column - 1)
    if run is None or place.ahead.count('"') % 2 or place.ahead.count("'") % 2:
        return None
    new = " "
    if BLOCK_START.fullmatch(place.ahead):
        columns = find_columns(place, run[0])
        if len(columns) != 1:
            return None  # it stands in no column, or may stand in two
        new = " " * columns[0]
    elif not PAIR_START.search(place.ahead) and not FLOW_START.search(place.ahead):
        return None
    told = NARROW_SPACE.fill(character=describe_character(run[0][0]))
    return Fix(told, (Edit(place.part(*run.span()), new),))


def find_columns(place: Place, spaces: str) -> Sequence[int]:
    """Return how many columns the spaces that a line begins with may be meant for.

    An ideographic space is as wide as two columns, and one press of the bar.
    """
    wide = spaces.count(IDEOGRAPHIC_SPACE)
    if not wide:
        return (len(spaces),)
    end = len(place.ahead) + len(spaces)
    meant = (len(spaces), len(spaces) + wide)
    return [each for each in meant if is_in_column(place, end, each)]


def is_in_column(place: Place, end: int, added: int) -> bool:
    """Tell whether a line may begin in a column, by the lines above it and below it.

    Args:
        place: the place of the first space that is none in YAML.
        end: where these spaces end.
        added: for how many columns they are meant.
    """
    column, width = len(place.ahead) + added, added / (end - len(place.ahead))
    if column not in list_columns(place.lines[: place.span.line - 1]):
        return False
    below = next((each for each in place.lines[place.span.line :] if HAS_CONTENT.match(each)), None)
    if below is None:
        return True
    run = WIDE_RUN.match(below)
    under = indent_of(below) if run is None else round(len(run[0]) * width)
    if OPENS_BLOCK.search(place.line):
        return under > column or (under == column and below.lstrip().startswith("- "))
    return under <= column or not WHOLE_PAIR.fullmatch(place.line, end)


def list_columns(above: Sequence[str]) -> frozenset[int]:
    """Return the columns in which a line may begin behind those above it."""
    written = [each for each in above if HAS_CONTENT.match(each)]
    if not written:
        return frozenset({0})
    least = indent_of(written[-1])
    found = {least + INDENT_STEP} if OPENS_BLOCK.search(written[-1]) else set()
    for each in reversed(written):
        column = indent_of(each)
        if column <= least:
            least = column
            found |= {column, column + INDENT_STEP} if each[column:].startswith("- ") else {column}
    return frozenset(found)


def indent_of(line: str) -> int:
    """Return the number of spaces that a line begins with."""
    return len(line) - len(line.lstrip(" "))


def delete_hidden(place: Place) -> Fix | None:
    """Return the fix of a character without width: delete it wherever it stands in the file."""
    character = place.marked
    if character not in HIDDEN_CHARACTERS:
        return None
    file = place.span.file
    edits = tuple(
        Edit(Span(file, row, match.start() + 1, row, match.end() + 1), "")
        for row, line in enumerate(place.lines, 1)
        for match in re.finditer(character, line)
    )
    return Fix(DELETE_HIDDEN.fill(character=describe_character(character)), edits)


def quote_negation(place: Place) -> Fix | None:
    """Return the fix of an expression that begins with `!`, which YAML takes for a tag."""
    match = EXPRESSION_START.match(place.line)
    if match is None or match.start(1) != place.span.column - 1:
        return None
    value = re.split(r"\s#", match[1])[0].rstrip()
    try:
        parse(value)
    except ParseError:
        return None
    start = match.start(1)
    return Fix(QUOTE, (Edit(place.part(start, start + len(value)), quote_yaml(value)),))


def quote_marked(place: Place) -> Fix | None:
    """Return the fix of a text that some tools read otherwise."""
    if place.marked != place.finding.values.get("text"):
        return None
    return Fix(QUOTE, (Edit(place.span, quote_yaml(place.marked)),))


def unquote_number(place: Place) -> Fix | None:
    """Return the fix of a number or a boolean in quotes."""
    marked, wanted = place.marked, place.finding.values.get("wanted")
    pattern = UNQUOTED.get(wanted) if isinstance(wanted, Wording) else None
    inside = marked[1:-1]
    if pattern is None or marked[:1] not in {"'", '"'} or not pattern.fullmatch(inside):
        return None
    return Fix(UNQUOTE, (Edit(place.span, inside),))


def write_number(place: Place) -> Fix | None:
    """Return the fix of a number in full-width digits, or with its unit behind it.

    A unit is taken away only where the parameter has the same one.
    """
    meant = place.finding.suggestion
    if meant is None or not place.marked:
        return None
    narrow = unicodedata.normalize("NFKC", place.marked).strip()
    match = NUMBER_WITH_UNIT.fullmatch(narrow)
    unit = UNIT_LINE.findall("\n".join(place.lines))
    said = match[1] if match is not None else ""
    known = UNIT_WORDS.get(unit[0], frozenset()) if len(unit) == 1 else frozenset()
    return replace_marked(place, meant, is_safe=not said or said in known)


def write_flag(place: Place) -> Fix | None:
    """Return the fix of a boolean in other words."""
    new = FLAGS.get(place.marked)
    return None if new is None else replace_marked(place, new)


def write_day(place: Place) -> Fix | None:
    """Return the fix of a day in other words; the figures are the same."""
    meant = place.finding.suggestion
    return None if meant is None else replace_marked(place, meant)


def write_duration(place: Place) -> Fix | None:
    """Return the fix of a time limit in Chinese, in full-width digits or without its space."""
    narrow = unicodedata.normalize("NFKC", place.marked).strip()
    match = DURATION.fullmatch(narrow)
    unit = DURATION_UNITS.get(match[2].strip()) if match is not None else None
    return None if match is None or unit is None else replace_marked(place, f"{match[1]} {unit}")


def write_range(place: Place) -> Fix | None:
    """Return the fix of a range of versions; safe where only its signs are other ones."""
    meant = place.finding.suggestion
    if meant is None or not is_range(meant):
        return rename(place)
    quote = place.marked[:1] if place.marked[:1] in {"'", '"'} else '"'
    is_safe = narrow_range(place.marked.strip("'\"")) == meant
    return replace_marked(place, f"{quote}{meant}{quote}", is_safe=is_safe)


def write_operator(place: Place) -> Fix | None:
    """Return the fix of a sign or word that expressions do not have and that means one of theirs.

    `not` has none: in Python it reaches further than `!` does.
    """
    start = place.span.column - 1
    found = find_operator(place.line, start, place.marked)
    if found is None:
        return None
    end, new = found
    source = SourceText("\n".join(place.lines))
    offset = place.offset
    leaf, bracketed = next(
        (each for each in place.leaves() if each[0].start <= offset < each[0].end), (None, False)
    )
    if leaf is None:
        return None
    old = place.line[start:end]
    told = REPLACE.fill(old=shorten(old), new=shorten(new)) if new else DELETE.fill(sign=old)
    edit = Edit(place.part(start, end), new)
    if leaf.style == "'":
        edit = replace(edit, text=new.replace("'", "''"))
    elif not leaf.style:
        raw = source.text[leaf.start : leaf.end]
        at = offset - leaf.start
        written = raw[:at] + new + raw[at + len(old) :]
        if write_scalar(written, bracketed=bracketed) != written:
            if "\n" in raw:
                return None
            begin = start - at
            edit = Edit(place.part(begin, begin + len(raw)), quote_yaml(written))
    return Fix(told, (edit,))


def find_operator(line: str, start: int, marked: str) -> tuple[int, str] | None:
    """Return where a foreign sign or word ends, and what is meant by it; or `None`.

    Args:
        line: its line.
        start: where it begins on the line.
        marked: what is marked of it.
    """
    word = {**FOREIGN_OPERATORS, **CHINESE_OPERATORS}.get(marked)
    if word is not None:
        return None if word == "!" else (start + len(marked), word)
    run = COMPARISON_RUN.match(line, start)
    if run is not None:
        narrow = unicodedata.normalize("NFKC", run[0])
        new = "==" if narrow == "=" else narrow
        return (run.end(), new) if new in COMPARISONS else None
    run = LOGIC_RUN.match(line, start)
    if run is not None:
        return run.end(), unicodedata.normalize("NFKC", run[0][0]) * 2
    wide = WIDE_ALPHANUMERICS.match(line, start)
    if wide is not None:
        return wide.end(), unicodedata.normalize("NFKC", wide[0])
    if marked in set("‘’“”「」『』"):
        quoted = CURLY_QUOTES.match(line, start)
        return None if quoted is None else (quoted.end(), f"'{quoted[1]}'")
    if WIDE_RUN.fullmatch(marked):
        return start + 1, " "
    if marked in ENDS_OF_SENTENCES and BEHIND_EXPRESSION.fullmatch(line, start + 1):
        return start + 1, ""
    new = FOREIGN_CHARACTERS.get(marked) or narrow_signs(marked)
    is_sign = len(marked) == 1 and new[0] in SIGNS and marked not in "［］｛｝"
    return (start + 1, new) if is_sign else None


def delete_suppression(place: Place) -> Fix | None:
    """Return the fix of a comment that sets nothing aside: without the idle codes, or deleted."""
    marked = place.marked
    written = SUPPRESSED.search(marked)
    if written is None:
        return None
    idle = set(str(place.finding.values["codes"]).split(CODE_SEPARATOR))
    codes = [each for each in SEPARATOR.split(written[0][1:-1]) if each]
    kept = [each for each in codes if each not in idle]
    if kept:
        start = place.span.column - 1 + written.start()
        codes_kept = CODE_SEPARATOR.join(kept)
        told = KEEP_CODES.fill(codes=codes_kept)
        span = place.part(start, start + len(written[0]))
        return Fix(told, (Edit(span, f"[{codes_kept}]"),))
    row, before = place.span.line, len(place.ahead.rstrip())
    if before or row == len(place.lines):
        span = place.part(before, len(place.line))
    else:
        span = Span(place.span.file, row, 1, row + 1, 1)
    return Fix(DELETE_COMMENT, (Edit(span, ""),))


FIXES: Mapping[str, Callable[[Place], Fix | None]] = {
    "TR004": delete_hidden,
    "TR005": fix_syntax,
    "TR008": quote_negation,
    "TR014": quote_marked,
    "TR032": delete_suppression,
    "TR103": unquote_number,
    "TR105": write_number,
    "TR106": write_number,
    "TR107": write_flag,
    "TR108": write_day,
    "TR110": write_duration,
    "TR120": write_range,
    "TR201": write_operator,
    "TR209": write_operator,
}
"""The fix of the findings of a code; a finding of any other is mended by its suggestion."""
