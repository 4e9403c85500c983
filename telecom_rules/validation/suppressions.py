"""Comments that set findings aside: `# telecom-rules: ignore[TR310] why this is right here`.

Behind a value such a comment speaks of its own line, on a line of its own of the next line with
text. It names codes and gives a reason; one that sets nothing aside is a finding itself, so that
none outlives its cause. What keeps a pack from loading cannot be set aside: `load` would fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import yaml

from telecom_rules.documents.formatting.source import list_comments
from telecom_rules.documents.parsers import FASTEST_PARSER
from telecom_rules.findings import Finding, Severity, Span
from telecom_rules.findings.codes import CODES
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

MARK = "telecom-rules:"
MARK_LIKE = re.compile(rf"{MARK}|(?i:telecom[-_ ]?rules\s*[:：]?\s*ignore)")
"""The mark, and what was meant to be one."""
COMMENT_PATTERN = re.compile(
    rf"#\s*{MARK}\s*ignore(?:\[(?P<codes>[^\]]*)\])?\s*[:：]?\s*(?P<reason>.*)"
)
SEPARATOR = re.compile(r"[,，、\s]+")
CODE_SEPARATOR = ", "
NO_CODES = Wording(
    "没有指明代码，应写作 `ignore[TR310] 理由`",
    "it names no code; write `ignore[TR310] reason`",
)
NO_REASON = Wording("没有说明理由", "it gives no reason")
NO_SUCH_CODE = Wording("没有代码 {name}", "there is no code {name}")
NOT_UNDERSTOOD = Wording(
    "无法识别，应写作 `# telecom-rules: ignore[TR310] 理由`",
    "it is not understood; write `# telecom-rules: ignore[TR310] reason`",
)


class Suppression(NamedTuple):
    """A comment that sets findings aside.

    Attributes:
        span: the comment.
        line: the line that it speaks of, counted from 1.
        codes: the codes that it names.
    """

    span: Span
    line: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What the comments left of some findings.

    Attributes:
        kept: what they did not set aside.
        ignored: what they did.
        problems: what is wrong with the comments.
    """

    kept: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    problems: tuple[Finding, ...]


def apply_suppressions(
    linked: Iterable[Finding],
    checked: Iterable[Finding],
    texts: Mapping[str, str],
    *,
    is_sought: Callable[[str], bool] = lambda _: True,
) -> Applied:
    """Return what the comments of some files leave of their findings.

    Args:
        linked: the findings from reading and linking; an error among them cannot be set aside.
        checked: the findings of the checks and scenarios.
        texts: the text of each file by its name.
        is_sought: tells whether findings of a code were looked for. A comment that sets aside
            another one cannot be known to be idle.
    """
    problems: list[Finding] = []
    found = [
        each
        for name, text in texts.items()
        if MARK_LIKE.search(text)
        for each in read_suppressions(text, name, problems)
    ]
    by_place = {(each.span.file, each.line, code): each for each in found for code in each.codes}
    kept: list[Finding] = []
    ignored: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    refused: set[tuple[Suppression, str]] = set()
    fatal = [(each, each.severity is Severity.ERROR) for each in linked]
    for each, is_fatal in (*fatal, *((each, False) for each in checked)):
        suppression = by_place.get((each.span.file, each.span.line, each.id))
        (kept if suppression is None or is_fatal else ignored).append(each)
        if suppression is not None:
            (refused if is_fatal else used).add((suppression, each.id))
    idle = report_unused(found, used, refused, is_sought)
    return Applied(tuple(kept), tuple(ignored), (*problems, *idle))


def report_unused(
    found: Iterable[Suppression],
    used: set[tuple[Suppression, str]],
    refused: set[tuple[Suppression, str]],
    is_sought: Callable[[str], bool],
) -> Iterator[Finding]:
    """Yield a finding for each comment with codes that set nothing aside."""
    for each in found:
        forbidden = [code for code in each.codes if (each, code) in refused]
        idle = [
            code
            for code in each.codes
            if (each, code) not in used and (each, code) not in refused and is_sought(code)
        ]
        if forbidden:
            yield Finding("TR033", each.span, {"codes": CODE_SEPARATOR.join(forbidden)})
        if idle:
            yield Finding("TR032", each.span, {"codes": CODE_SEPARATOR.join(idle)})


def read_suppressions(text: str, file: str, problems: list[Finding]) -> Iterator[Suppression]:
    """Yield the comments of a file that set findings aside.

    Args:
        text: the file.
        file: its name.
        problems: what is wrong with a comment is appended here.
    """
    try:
        comments = list_comments(text, FASTEST_PARSER)
    except yaml.YAMLError:
        return  # the file is a finding of its own
    lines = text.split("\n")
    for each in comments:
        if MARK_LIKE.search(each.text) is None:
            continue
        span = Span(
            file, each.line + 1, each.column + 1, each.line + 1, each.column + 1 + len(each.text)
        )
        match = COMMENT_PATTERN.fullmatch(each.text)
        codes = tuple(filter(None, SEPARATOR.split(match["codes"] or ""))) if match else ()
        strange = [code for code in codes if code not in CODES]
        why = (
            NOT_UNDERSTOOD
            if match is None
            else NO_CODES
            if not codes
            else NO_SUCH_CODE.fill(name=strange[0])
            if strange
            else NO_REASON
            if not match["reason"].strip()
            else None
        )
        if why is not None:
            problems.append(Finding("TR031", span, {"why": why}))
            continue
        yield Suppression(span, line_meant(lines, each.line, behind=each.behind), codes)


def line_meant(lines: list[str], line: int, *, behind: bool) -> int:
    """Return the line that a comment speaks of, counted from 1.

    Args:
        lines: the lines of its file.
        line: its own line, counted from 0.
        behind: whether it follows other text on its line.
    """
    if behind:
        return line + 1
    following = (
        number
        for number in range(line + 1, len(lines))
        if lines[number].strip() and not lines[number].lstrip().startswith("#")
    )
    return next(following, line) + 1
