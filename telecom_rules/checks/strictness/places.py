"""Where the files of a house say what deviates from the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.deviations.deviation import Part
from telecom_rules.documents import Definition, Scalar, Word
from telecom_rules.pack.compare import GROUP_OF
from telecom_rules.pack.elements import is_element, iter_roots
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.checks.deviations.deviation import Deviation
    from telecom_rules.findings import Span
    from telecom_rules.pack import Reading


BRACKETS = Wording("〔{clauses}〕", " [{clauses}]")


def index_parts(reading: Reading) -> Mapping[Part, Span]:
    """Return the place of every part of a pack: that of its name, or of what a house says of it."""
    return {
        Part(f"{GROUP_OF[type(root.definition)]}.{root.path}", each.kind, each.path): next(
            (span for span in (each.span, *iter_spans(each.definition)) if is_own(span)), each.span
        )
        for is_own in (reading.overlay.is_own,)
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
    for override in reading.overlay.overrides:
        if override.target == part.within:
            return override.span
    head = next((span for each, span in places.items() if each.within.startswith("packs.")), None)
    return own or head or next(iter(places.values()))


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
