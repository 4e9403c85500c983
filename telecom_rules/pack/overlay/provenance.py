"""Who says what in a pack that lies on others, for findings and for people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules.findings import Related, Severity
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.findings import Finding, Span
    from telecom_rules.pack.overlay.layers import Layer
    from telecom_rules.pack.overlay.merge import Removal
    from telecom_rules.pack.overlay.stack import Override


BASE_SAYS = Wording("基础规则包的写法", "the base says")
GIVE_IT_TOO = Wording(
    "由此处的改写引起：请以 `override:` 一并改写基础规则包的该处",
    "this override makes it so: change that place of the base by an `override:` of its own",
)
TAKEN_OUT = Wording("`{name}` 在此处被删除", "`{name}` is taken out here")


@dataclass(frozen=True, slots=True)
class Overlay:
    """How the layers of a pack lie on one another.

    Attributes:
        layers: every layer, the lowest first, the pack that was read last.
        overrides: what the layers say about elements of their bases.
        removals: what they take out, with their reasons.
        places: where a base says what an override changes, by the place of the override.
    """

    layers: tuple[Layer, ...]
    overrides: tuple[Override, ...] = ()
    removals: tuple[Removal, ...] = ()
    places: Mapping[Span, Span] | None = None

    @property
    def own(self) -> Layer:
        """The pack that was read."""
        return self.layers[-1]

    def is_own(self, span: Span) -> bool:
        """Return whether a place is in the files of the pack that was read, and not of a base."""
        return len(self.layers) == 1 or span.file in self.own.files

    def concerns(self, finding: Finding) -> bool:
        """Return whether a finding is for those who keep this pack: no warning about a base is."""
        return finding.severity is Severity.ERROR or self.is_own(finding.span)

    def show_both_places(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings, each about a part that two packs write with the other place beside it."""
        for each in map(self._move_to_cause, findings):
            related = self._relate(each)
            yield each if related is None else replace(each, related=(*each.related, related))

    def _move_to_cause(self, finding: Finding) -> Finding:
        """Return a finding about a base at the override that has made it wrong, if it names one."""
        made_by = finding.values.get("made_by")
        if made_by is None:
            return finding
        labels = [each.label for each in self.layers]
        files = [each.files for each in self.layers]
        at = next(at for at, each in enumerate(files) if finding.span.file in each)
        for each in reversed(self.overrides):
            if each.target == made_by and labels.index(each.label) > at:
                base = Related(finding.span, BASE_SAYS)
                notes = (*finding.notes, GIVE_IT_TOO)
                return replace(
                    finding, span=each.span, related=(base, *finding.related), notes=notes
                )
        return finding

    def _relate(self, finding: Finding) -> Related | None:
        """Return the other place of what a finding is about, unless it is told already."""
        span, told = finding.span, {each.span for each in finding.related}
        base = self.find_base(span)
        if base is not None:
            return None if base in told else Related(base, BASE_SAYS)
        named = {each for each in finding.values.values() if isinstance(each, str)}
        for each in self.removals:
            name = each.path.rpartition(".")[2]
            if not named.isdisjoint((name, each.path)):
                return Related(each.span, TAKEN_OUT.fill(name=name))
        return None

    def find_reason(self, element: str, part: str) -> Wording | None:
        """Return why the layers deviate in an element or in a part of it, where one says so.

        Args:
            element: the element, such as `parameters.reply`.
            part: a part of it, such as `reply.2027-01-01`.
        """
        name = part.rpartition(".")[2]
        for removal in self.removals:
            if removal.path.startswith(element) and removal.path.rpartition(".")[2] == name:
                return removal.reason
        said = [each.reason for each in self.overrides if each.target == element and each.reason]
        return said[-1] if said else None

    def find_base(self, span: Span) -> Span | None:
        """Return where the base has what an override at a place is about, or `None`."""
        places = self.places or {}
        around = [each for each in places if each.file == span.file and is_around(each, span)]
        if around:
            return places[max(around, key=lambda each: (each.line, each.column))]
        before = [
            each
            for each in self.overrides
            if each.span.file == span.file and each.span.line <= span.line
        ]
        last = max(before, key=lambda each: each.span.line, default=None)
        return None if last is None else last.base


def is_around(outer: Span, inner: Span) -> bool:
    """Return whether a place of a file lies within another of the same file."""
    begins = (outer.line, outer.column) <= (inner.line, inner.column)
    return begins and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
