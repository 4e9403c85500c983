"""Where the files of a house say what deviates from the base."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.strictness.packs import find_deviations
from telecom_rules.documents import Definition, Scalar, Word
from telecom_rules.findings import Finding, Related, Span
from telecom_rules.pack.compare import GROUP_OF
from telecom_rules.pack.elements import is_element, iter_roots
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from telecom_rules.pack import Pack, Reading
    from telecom_rules.pack.elements import Element


WRITTEN_THERE = Wording("写在此处", "it is written here")
BRACKETS = Wording("〔{clauses}〕", " [{clauses}]")


def index_parts(reading: Reading) -> Mapping[Part, Span]:
    """Return the place of every part of a pack: that of its name, or of what a house says of it."""
    is_own = reading.overlay.is_own
    said = {base: over for over, base in (reading.overlay.places or {}).items() if is_own(over)}

    def iter_places(element: Element) -> Iterator[Span]:
        """Yield the places of an element: of its name, of what is said of it, of the override."""
        yield element.span
        yield from iter_spans(element.definition)
        # Of a value without a place of its own, such as a choice, the item around it is known.
        for span in (element.definition.span, element.span):
            if span in said:
                yield said[span]

    return {
        Part(f"{GROUP_OF[type(root.definition)]}.{root.path}", each.kind, each.path): next(
            filter(is_own, iter_places(each)), each.span
        )
        for root in iter_roots(reading.drafts)
        for each in root.walk()
    }


def iter_spans(value: object) -> Iterator[Span]:
    """Yield the places of what a definition says, without the elements inside it."""
    match value:
        case Word(span=span) | Scalar(span=span):
            yield span
        case Definition():
            for name in type(value).model_fields:
                inner = getattr(value, name)
                if not is_element(inner):
                    yield from iter_spans(inner)
        case dict():
            for key, each in value.items():
                if not is_element(each):
                    yield from iter_spans(key)
                    yield from iter_spans(each)
        case tuple():
            for each in value:
                yield from iter_spans(each)


def find_place(part: Part, places: Mapping[Part, Span], reading: Reading) -> Span:
    """Return where a house deviates from its base in a part.

    What was taken out is told where that is said; what the house does not write itself, at its
    override of the element around; and what it does not mention at all, at the head of the pack.
    """
    own = places.get(part)
    if own is not None and reading.overlay.is_own(own):
        return own
    _, _, inner = part.name.partition(".")
    for removal in reading.overlay.removals:
        if removal.path.startswith(part.within) and removal.path.endswith(inner or part.name):
            return removal.span
    for override in reversed(reading.overlay.overrides):
        if override.target == part.within:
            return override.span
    return own or find_head(places, reading)


def find_head(places: Mapping[Part, Span], reading: Reading) -> Span:
    """Return the head of a pack: where its own file gives its name."""
    heads = (span for each, span in places.items() if each.within.startswith("packs."))
    return next(filter(reading.overlay.is_own, heads), next(iter(places.values())))


class Placed(NamedTuple):
    """A deviation from a base, with its place.

    Attributes:
        deviation: the deviation.
        base: the base that it deviates from.
        span: where the house is to be mended.
        related: where a base has what deviates, if it is not written in the house.
    """

    deviation: Deviation
    base: Pack
    span: Span
    related: tuple[Related, ...]

    def build_finding(self, code: str, what: Wording) -> Finding:
        """Return the finding on the deviation."""
        return Finding(code, self.span, {"what": what}, related=self.related)


def find_placed(reading: Reading, directions: Container[Direction]) -> Iterator[Placed]:
    """Yield the deviations of a house from all packs below it, each once; settings may be loosened.

    A base that is laxer than its own base makes the house laxer than that. This is told at the head
    of the house, unless the house mends it.
    """
    if reading.pack is None:
        return
    places: Mapping[Part, Span] | None = None
    told: set[tuple[Part, Direction]] = set()
    for base in reading.bases:
        found = () if base.pack is None else find_deviations(base.pack, reading.pack)
        before = frozenset(told)
        for each in found:
            key = (each.parts[0], each.direction)
            if not each.is_law or each.direction not in directions or key in before:
                continue
            told.add(key)
            places = index_parts(reading) if places is None else places
            span = find_place(each.parts[0], places, reading)
            related: tuple[Related, ...] = ()
            if base.pack is not None and not reading.overlay.is_own(span):
                related, span = (Related(span, WRITTEN_THERE),), find_head(places, reading)
            if base.pack is not None:
                yield Placed(each, base.pack, span, related)


def describe(deviation: Deviation) -> Wording:
    """Return a deviation for people: what it is, what shows it, and the clauses of the base."""
    said = [deviation.wording]
    if deviation.evidence is not None:
        said.append(deviation.evidence)
    text = join_wordings(said, ("；", "; "))
    if not deviation.cites:
        return text
    clauses = ", ".join(dict.fromkeys(map(str, deviation.cites)))
    return join_wordings([text, BRACKETS.fill(clauses=clauses)], ("", ""))
