"""The finding for a file that is not in the one style, with the edits that put it there."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from telecom_rules.findings import Edit, Finding, Fix, Span
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = Wording("按统一格式排版", "put it into the one style")


def find_unformatted(before: str, after: str, file: str) -> Finding:
    """Return the finding for a file that formatting changes, where it begins to.

    Args:
        before: its text.
        after: what formatting makes of it.
        file: its name.
    """
    edits = tuple(iter_edits(before.removeprefix("\ufeff").replace("\r\n", "\n"), after, file))
    if not edits:  # only the ends of its lines change
        return Finding("TR904", Span(file))
    first = edits[0].span.line
    return Finding("TR904", Span(file, first), fix=Fix(FORMAT, edits))


def iter_edits(before: str, after: str, file: str) -> Iterator[Edit]:
    """Yield what changes from one text to another, in whole lines."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, old, new)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(Span(file, start + 1, 1, end + 1, 1), "".join(new[first:last]))
