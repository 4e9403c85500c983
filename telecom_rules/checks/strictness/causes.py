"""What a house says that makes wrong what its base says rightly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.checks.strictness.places import index_parts, iter_parts
from telecom_rules.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.checks.deviations.deviation import Part
    from telecom_rules.findings import Finding, Span
    from telecom_rules.pack import Reading


@dataclass
class Causes:
    """The places of a house at which findings on its base have their cause.

    Attributes:
        reading: the house.
    """

    reading: Reading

    @cached_property
    def places(self) -> Mapping[Part, Span]:
        """The place of every part of the house."""
        return index_parts(self.reading)

    def find(self, finding: Finding) -> Span | None:
        """Return where the house has made wrong what a base says; `None` if that is not known.

        A warning has a cause only where it names one.
        """
        is_own = self.reading.overlay.is_own
        named = (each.span for each in finding.related if is_own(each.span))
        further = self.iter_likely(finding) if finding.severity is Severity.ERROR else iter(())
        return next(named, None) or next(filter(is_own, further), None)

    def iter_likely(self, finding: Finding) -> Iterator[Span]:
        """Yield likely places, the likeliest first.

        They are those of a part that the finding names, such as the rule that covers another; of
        the part that is wrong; of what was taken out, where that is one thing; and of the override.
        """
        parts = self.list_parts_at(finding.span)
        if not parts:
            return
        within, overlay = parts[0].within, self.reading.overlay
        named = {each for each in finding.values.values() if isinstance(each, str)}
        for part, span in self.places.items():
            if part.within == within and part.name.rpartition(".")[2] in named:
                yield span
        yield from (self.places[each] for each in reversed(parts))
        gone = [each.span for each in overlay.removals if each.path.startswith(f"{within}.")]
        yield from gone if len(gone) == 1 else ()
        yield from (each.span for each in reversed(overlay.overrides) if each.target == within)

    def list_parts_at(self, span: Span) -> Sequence[Part]:
        """Return the element of a base that a place is in, and the part whose name is there."""
        before: list[Part] = []
        for part, each in iter_parts(self.reading):
            if each.span.file != span.file or each.span.line > span.line:
                continue
            if part.name == part.within.partition(".")[2]:
                before = [part]  # the last element that begins before it
            elif each.span == span:
                before.append(part)
        return before
