"""A finding as a frame: its source line, a caret under the place, and the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings.codes import Severity
from telecom_rules.findings.terminal import count_cells, escape_invisible, show_line
from telecom_rules.wording import Wording, read_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from telecom_rules.findings.finding import Finding, Span
    from telecom_rules.wording import Language


PLACE_COLUMN = 65
"""The cell of the first line in which the place begins, unless the message is longer."""
MOST_CELLS = 96
"""Cells of a source line that are shown."""
CELLS_AHEAD = 40
"""Cells that are shown ahead of the place in a line that is too long."""

STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "message": "1",
    "gutter": "34",
    "note": "36",
    "title": "1",
    "place": "2",
}
"""ANSI codes by the part of a frame."""

SEVERITIES = {
    Severity.ERROR: Wording("错误", "error"),
    Severity.WARNING: Wording("警告", "warning"),
}
SEVERITY_COUNTS = {
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
HELP_NOTE = Wording("建议：{text}", "help: {text}")
SEE_NOTE = Wording("参见：{place} {text}", "see: {place} {text}")

Paint = Callable[[str, str], str]


def render(
    findings: Sequence[Finding],
    sources: Mapping[str, str],
    language: str = "en",
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
    lines = split_files({each.span.file for each in findings}, sources)
    paint = paint_ansi if color else paint_nothing
    chosen = read_language(language)
    return "\n\n".join(
        "\n".join(build_frame(each, lines.get(each.span.file, ()), chosen, paint))
        for each in findings
    )


def split_files(names: Iterable[str], sources: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return the lines of the files of these names that are known, as spans count them."""
    return {
        name: sources[name].removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
        for name in names
        if name in sources
    }


def summarize(findings: Sequence[Finding], language: str = "en") -> str:
    """Return how many findings there are of each severity, such as `1 error, 2 warnings`."""
    counts = Counter(each.severity for each in findings)
    parts = [
        SEVERITY_COUNTS[severity][count > 1].fill(count=count).say(language)
        for severity in Severity
        if (count := counts[severity])
    ]
    return Wording("，", ", ").say(language).join(parts) or Wording(
        "没有发现问题", "no findings"
    ).say(language)


def build_frame(
    finding: Finding, lines: Sequence[str], language: Language, paint: Paint
) -> list[str]:
    """Return the lines of one frame."""
    span = finding.span
    width = len(str(span.line))
    notes = [HELP_NOTE.fill(text=finding.help).say(language)] if finding.help else []
    notes += [
        SEE_NOTE.fill(place=each.span, text=each.wording).say(language) for each in finding.related
    ]
    notes += [each.say(language) for each in finding.notes]
    margin = " " * (width + 1)
    return [
        build_heading(finding, language, paint),
        *(
            build_excerpt(finding, lines[span.line - 1], language, paint)
            if span.line <= len(lines)
            else ()
        ),
        *(margin + paint("= " + show_line(note), "note") for note in notes),
    ]


def build_heading(finding: Finding, language: Language, paint: Paint) -> str:
    """Return the first line of a frame: severity, code, message and place."""
    severity = SEVERITIES[finding.severity].say(language)
    message = show_line(finding.wording.say(language))
    text = HEADER.fill(severity=severity, id=finding.id, message=message).say(language)
    start = len(severity) + len(finding.id) + len("[]")
    gap = " " * max(2, PLACE_COLUMN - count_cells(text))
    return (
        paint(text[:start], finding.severity)
        + paint(text[start:], "message")
        + gap
        + show_line(str(finding.span))
    )


def build_excerpt(finding: Finding, line: str, language: Language, paint: Paint) -> list[str]:
    """Return the source line of a finding between its gutter, with the caret below."""
    window = window_of(line, finding.span)
    number = str(finding.span.line)
    bar = paint(" " * len(number) + " |", "gutter")
    label = "" if finding.label is None else " " + show_line(finding.label.say(language))
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
    first, last = find_bounds(line, start)
    head, tail = "…" * (first > 0), "…" * (last < len(line))
    ahead = head + escape_invisible(line[first:start])
    marked = escape_invisible(line[start : min(end, last)])
    return Window(
        head + escape_invisible(line[first:last]) + tail,
        count_cells(ahead),
        max(count_cells(marked), 1),
    )


def find_bounds(line: str, start: int) -> tuple[int, int]:
    """Return from where to where a line is shown whose marked part begins at `start`."""
    if len(line) <= MOST_CELLS and count_cells(escape_invisible(line)) <= MOST_CELLS:
        return 0, len(line)
    first, room = start, CELLS_AHEAD
    while first > max(0, start - CELLS_AHEAD) and room > 0:
        first -= 1
        room -= count_cells(escape_invisible(line[first]))
    last, room = first, MOST_CELLS
    while last < min(len(line), first + MOST_CELLS) and room > 0:
        room -= count_cells(escape_invisible(line[last]))
        last += 1
    return first, last


def paint_ansi(text: str, style: str) -> str:
    """Return `text` in a style of `STYLES`."""
    return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def paint_nothing(text: str, style: str) -> str:  # noqa: ARG001 - stands where `painted` may stand
    """Return `text` as it is."""
    return text
