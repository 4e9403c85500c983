"""Mistakes in the text of one expression, by offsets into it; they become findings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Related
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.documents import Scalar


A_VALUE = Wording("值", "a value")
THE_END = Wording("结尾", "the end")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake, placed by offsets (in code points) into the expression's text.

    Attributes:
        code: the code of the finding, such as `TR203`.
        start: where it begins.
        end: where it ends.
        values: the values for the placeholders of the code's texts.
        suggestion: the word most likely meant, or `None`.
        related: another place that explains it: start, end and text.
    """

    code: str
    start: int
    end: int
    values: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    related: tuple[int, int, Wording] | None = None

    def to_finding(self, source: Scalar) -> Finding:
        """Return the mistake as a finding in the file that `source` was read from."""
        related: tuple[Related, ...] = ()
        if self.related is not None:
            start, end, wording = self.related
            related = (Related(source.span_between(start, end), wording),)
        span = source.span_between(self.start, self.end)
        return Finding(self.code, span, self.values, self.suggestion, related)


class ParseError(Exception):
    """A text is not an expression; parsing stops at the first such mistake."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.code)
        self.mistake = mistake
