"""A finding as people read it: the line it is on, a caret under the place, and the way out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings.codes import Severity
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings.finding import Finding, Span
    from telecom_rules.wording import Language

__all__ = ["render", "summary", "visible"]

PLACE_COLUMN = 65
"""The cell of the first line in which the place begins, unless the message is longer."""
WIDEST = 96
"""Cells of a source line that are shown."""
AHEAD = 40
"""Cells that are shown ahead of the place in a line that is too long."""
TAB = "    "

STYLES = {"error": "1;31", "warning": "1;33", "message": "1", "gutter": "34", "note": "36"}
"""ANSI codes by what they paint."""

SEVERITIES = {
    Severity.ERROR: Wording("错误", "error"),
    Severity.WARNING: Wording("警告", "warning"),
}
COUNTED = {
    Severity.ERROR: (
        Wording("{count} 个错误", "1 error"),
        Wording("{count} 个错误", "{count} errors"),
    ),
    Severity.WARNING: (
        Wording("{count} 个警告", "1 warning"),
        Wording("{count} 个警告", "{count} warnings"),
    ),
}
HEADER = Wording("{severity}[{id}]：{message}", "{severity}[{id}]: {message}")
HELP = Wording("建议：{text}", "help: {text}")
SEE = Wording("参见：{place} {text}", "see: {place} {text}")

Paint = Callable[[str, str], str]


def render(
    findings: Sequence[Finding],
    sources: Mapping[str, str],
    language: Language = "en",
    *,
    color: bool = False,
) -> str:
    """Return the findings as frames, one below the other.

    Args:
        findings: what to show, in this order.
        sources: the text of each file by the name its findings carry; a finding in a file that is
            not there is shown without its line.
        language: the language of the messages.
        color: whether to paint with ANSI codes.
    """
    lines = {
        name: sources[name].removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        for name in {each.span.file for each in findings} & sources.keys()
    }
    paint = painted if color else plain
    return "\n\n".join(
        "\n".join(frame(each, lines.get(each.span.file, ()), language, paint)) for each in findings
    )


def summary(findings: Sequence[Finding], language: Language = "en") -> str:
    """Return how many findings there are of each severity, such as `1 error, 2 warnings`."""
    counts = Counter(each.severity for each in findings)
    parts = [
        COUNTED[severity][count > 1].fill(count=count).say(language)
        for severity in Severity
        if (count := counts[severity])
    ]
    return Wording("，", ", ").say(language).join(parts) or Wording(
        "没有发现问题", "no findings"
    ).say(language)


def frame(finding: Finding, lines: Sequence[str], language: Language, paint: Paint) -> list[str]:
    """Return the lines of one frame."""
    span = finding.span
    width = len(str(span.line))
    notes = [HELP.fill(text=finding.help).say(language)] if finding.help else []
    notes += [
        SEE.fill(place=each.span, text=each.wording).say(language) for each in finding.related
    ]
    notes += [each.say(language) for each in finding.notes]
    margin = " " * (width + 1)
    return [
        heading(finding, language, paint),
        *(
            excerpt(finding, lines[span.line - 1], language, paint)
            if span.line <= len(lines)
            else ()
        ),
        *(margin + paint("= " + visible(note), "note") for note in notes),
    ]


def heading(finding: Finding, language: Language, paint: Paint) -> str:
    """Return the first line of a frame: severity, code, message and place."""
    severity = SEVERITIES[finding.severity].say(language)
    message = visible(finding.wording.say(language))
    text = HEADER.fill(severity=severity, id=finding.id, message=message).say(language)
    start = len(severity) + len(finding.id) + len("[]")
    gap = " " * max(2, PLACE_COLUMN - cells(text))
    return (
        paint(text[:start], finding.severity)
        + paint(text[start:], "message")
        + gap
        + visible(str(finding.span))
    )


def excerpt(finding: Finding, line: str, language: Language, paint: Paint) -> list[str]:
    """Return the source line of a finding between its gutter, with the caret below."""
    window = window_of(line, finding.span)
    number = str(finding.span.line)
    bar = paint(" " * len(number) + " |", "gutter")
    label = "" if finding.label is None else " " + visible(finding.label.say(language))
    caret = paint("^" * window.marked + label, finding.severity)
    return [
        bar,
        paint(f"{number} |", "gutter") + f" {window.text}".rstrip(),
        f"{bar} {' ' * window.ahead}{caret}",
    ]


class Window(NamedTuple):
    """The part of a line that is shown.

    Attributes:
        text: what is shown.
        ahead: cells ahead of the marked part.
        marked: cells of the marked part, at least one.
    """

    text: str
    ahead: int
    marked: int


def window_of(line: str, span: Span) -> Window:
    """Return the part of a line to show, so that the place marked lies within."""
    start = min(span.column - 1, len(line))
    end = len(line) if span.end_line > span.line else min(span.end_column - 1, len(line))
    first, last = bounds(line, start)
    head, tail = "…" * (first > 0), "…" * (last < len(line))
    ahead = head + visible(line[first:start])
    marked = visible(line[start : min(end, last)])
    return Window(head + visible(line[first:last]) + tail, cells(ahead), max(cells(marked), 1))


def bounds(line: str, start: int) -> tuple[int, int]:
    """Return from where to where a line is shown whose marked part begins at `start`."""
    if len(line) <= WIDEST and cells(visible(line)) <= WIDEST:
        return 0, len(line)
    first, room = start, AHEAD
    while first > 0 and room > 0:
        first -= 1
        room -= cells(visible(line[first]))
    last, room = first, WIDEST
    while last < min(len(line), first + WIDEST) and room > 0:
        room -= cells(visible(line[last]))
        last += 1
    return first, last


def visible(text: str) -> str:
    """Return `text` with tabs widened and everything a terminal would obey or hide replaced."""
    if text.isprintable():
        return text
    return "".join(TAB if each == "\t" else "\ufffd" if hidden(each) else each for each in text)


def hidden(character: str) -> bool:
    """Tell whether a character is a control, a format, a separator of lines or no character."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def cells(text: str) -> int:
    """Return how many cells of a terminal `text` takes. Source: Unicode annex 11."""
    if text.isascii():
        return len(text)
    return sum(cell(each) for each in text)


def cell(character: str) -> int:
    """Return how many cells one character takes."""
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def painted(text: str, style: str) -> str:
    """Return `text` in a style of `STYLES`."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def plain(text: str, style: str) -> str:  # noqa: ARG001 - stands where `painted` may stand
    """Return `text` as it is."""
    return text
