"""Where the files of a house say what deviates from the base."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.strictness.packs import find_deviations
from telecom_rules.findings import Finding, Related, Span
from telecom_rules.pack.compare import GROUP_OF, is_meaning
from telecom_rules.pack.definition import PackDefinition
from telecom_rules.pack.elements import KINDS, is_element, iter_roots
from telecom_rules.pack.overlay.provenance import is_around
from telecom_rules.vocabulary.parameters import ValueDefinition
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from telecom_rules.documents import Definition
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
        for figure in element.children:
            if isinstance(figure.definition, ValueDefinition):
                yield figure.definition.span_of_key("value")
        yield from iter_spans(element.definition)
        # Of a value without a place of its own, such as a choice, the item around it is known.
        for span in (element.definition.span, element.span):
            if span in said:
                yield said[span]

    found = {
        part: next(filter(is_own, iter_places(each)), each.span)
        for part, each in iter_parts(reading)
    }
    return found | dict(iter_keys(reading))


def iter_keys(reading: Reading) -> Iterator[tuple[Part, Span]]:
    """Yield what `pack.yaml` says under each key as a part of the pack, with its place."""
    for each in reading.drafts.of(PackDefinition):
        for key in type(each).model_fields:
            if key in each.model_fields_set:
                name = f"{each.pack}.{key}"
                yield (
                    Part(f"packs.{each.pack}", KINDS[PackDefinition].wording, name),
                    (each.span_of_key(key)),
                )


def iter_parts(reading: Reading) -> Iterator[tuple[Part, Element]]:
    """Yield every part of a pack with the element that it is."""
    for root in iter_roots(reading.drafts):
        within = f"{GROUP_OF[type(root.definition)]}.{root.path}"
        for each in root.walk():
            yield Part(within, each.kind, each.path), each


def iter_spans(definition: Definition) -> Iterator[Span]:
    """Yield the places of what a definition says, without the elements inside it.

    What people only read comes last: if anything else was changed, that is what deviates.
    """
    fields = type(definition).model_fields.items()
    keys = [
        each.alias or name for name, each in fields if not has_elements(getattr(definition, name))
    ]
    for key in sorted(keys, key=lambda each: not is_meaning(type(definition), each)):
        yield from definition.spans_at_key(key)


def has_elements(value: object) -> bool:
    """Return whether the value of a key is an element, or several."""
    return is_element(value) or (isinstance(value, dict) and any(map(is_element, value.values())))


@dataclass
class Places:
    """Where the parts of a house and of one of its bases are.

    Attributes:
        reading: the house.
        base: the base.
    """

    reading: Reading
    base: Reading

    @cached_property
    def of_house(self) -> Mapping[Part, Span]:
        """The place of every part of the house."""
        return index_parts(self.reading)

    @cached_property
    def of_base(self) -> Mapping[Part, Span]:
        """The place of the name of every part of the base."""
        return {part: each.span for part, each in iter_parts(self.base)}

    @property
    def head(self) -> Span:
        """The head of the house: where its own file gives its name."""
        heads = (span for each, span in self.of_house.items() if each.within.startswith("packs."))
        is_own = self.reading.overlay.is_own
        return next(filter(is_own, heads), next(iter(self.of_house.values())))

    def find(self, deviation: Deviation) -> Span:
        """Return where the house deviates: the line that has to be changed.

        What was taken out is told where that is said; what the house does not write itself, at its
        override of the element around; and what it does not mention at all, at its head.
        """
        written = () if deviation.is_gone else self.iter_written(deviation.parts)
        said = (*self.iter_removals(deviation.parts), *self.iter_overrides(deviation.parts))
        known = (self.of_house[each] for each in deviation.parts if each in self.of_house)
        return next(chain(written, said, known), self.head)

    def iter_written(self, parts: Iterable[Part]) -> Iterator[Span]:
        """Yield the places of parts that are written in the house."""
        known = (self.of_house[each] for each in parts if each in self.of_house)
        yield from filter(self.reading.overlay.is_own, known)

    def iter_removals(self, parts: Iterable[Part]) -> Iterator[Span]:
        """Yield where the house takes out parts of the base, or what is around them."""
        for span in (self.of_base[each] for each in parts if each in self.of_base):
            for removal in self.reading.overlay.removals:
                if is_around(removal.base, span):
                    yield removal.span

    def iter_overrides(self, parts: Iterable[Part]) -> Iterator[Span]:
        """Yield where the house changes the elements that have some parts."""
        for part in parts:
            for override in reversed(self.reading.overlay.overrides):
                if override.target == part.within:
                    yield override.span


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
    told: set[tuple[Part, Direction]] = set()
    for base in reading.bases:
        if base.pack is None:
            continue
        places = Places(reading, base)
        before = frozenset(told)
        for each in find_deviations(base.pack, reading.pack):
            key = (each.parts[0], each.direction)
            if not each.is_law or each.direction not in directions or key in before:
                continue
            told.add(key)
            span = places.find(each)
            related: tuple[Related, ...] = ()
            if not reading.overlay.is_own(span):
                related, span = (Related(span, WRITTEN_THERE),), places.head
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
