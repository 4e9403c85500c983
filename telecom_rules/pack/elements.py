"""The elements of a pack as written: the one walk over everything that has a name of its own.

An element is whatever a compliance officer would call one: a state, a rule, the value of a
parameter from a day on, a code of a catalogue. Checks, coverage, `show` and `diff` walk the same
elements, so that each has one name everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings import kinds
from telecom_rules.pack.definition import FILE_KINDS, PackDefinition
from telecom_rules.pack.matters import MatterDefinition
from telecom_rules.policies import PolicyDefinition
from telecom_rules.policies.definition import CheckDefinition, RuleDefinition
from telecom_rules.vocabulary import (
    ALWAYS,
    CalendarDefinition,
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    Period,
    SourceDefinition,
)
from telecom_rules.vocabulary.catalogues import CodeDefinition
from telecom_rules.vocabulary.facts import ConsistencyDefinition, FactDefinition
from telecom_rules.vocabulary.parameters import ValueDefinition
from telecom_rules.vocabulary.sources.sources import ClauseDefinition
from telecom_rules.vocabulary.time.calendars import YearDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition
from telecom_rules.workflows.definition import (
    CallDefinition,
    ClockDefinition,
    EffectDefinition,
    EventDefinition,
    MigrationDefinition,
    PropertyDefinition,
    StateDefinition,
    TransitionDefinition,
)
from telecom_rules.workflows.properties.templates import Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.documents import Definition, Word
    from telecom_rules.findings import Span
    from telecom_rules.pack.definition import Drafts


class Citing(Enum):
    """Whether an element says which clauses it comes from."""

    REQUIRED = auto()
    """It must cite a clause (TR504)."""
    OPTIONAL = auto()
    """It may cite clauses beside those of the element around it."""
    UNTRACED = auto()
    """It carries out no clause, such as a source, an effect or a migration."""


class ElementKind(NamedTuple):
    """A kind of element.

    Attributes:
        wording: its name for people, in the singular.
        citing: whether elements of this kind cite clauses.
    """

    wording: Wording
    citing: Citing


KINDS: Mapping[type[Definition], ElementKind] = {
    PackDefinition: ElementKind(Wording("规则包", "pack"), Citing.UNTRACED),
    SourceDefinition: ElementKind(kinds.SOURCE, Citing.UNTRACED),
    ClauseDefinition: ElementKind(Wording("条款", "clause"), Citing.UNTRACED),
    CalendarDefinition: ElementKind(kinds.CALENDAR, Citing.OPTIONAL),
    YearDefinition: ElementKind(Wording("年份", "year"), Citing.OPTIONAL),
    CatalogueDefinition: ElementKind(kinds.CATALOGUE, Citing.REQUIRED),
    CodeDefinition: ElementKind(kinds.CODE, Citing.OPTIONAL),
    FactsDefinition: ElementKind(kinds.FACTS, Citing.REQUIRED),
    FactDefinition: ElementKind(kinds.FACT, Citing.OPTIONAL),
    ConsistencyDefinition: ElementKind(kinds.CONDITION, Citing.OPTIONAL),
    ParameterDefinition: ElementKind(kinds.PARAMETER, Citing.UNTRACED),
    ValueDefinition: ElementKind(Wording("参数值", "value"), Citing.REQUIRED),
    PolicyDefinition: ElementKind(kinds.POLICY, Citing.REQUIRED),
    RuleDefinition: ElementKind(kinds.RULE, Citing.REQUIRED),
    CheckDefinition: ElementKind(kinds.CHECK, Citing.REQUIRED),
    WorkflowDefinition: ElementKind(kinds.WORKFLOW, Citing.REQUIRED),
    EventDefinition: ElementKind(kinds.EVENT, Citing.OPTIONAL),
    EffectDefinition: ElementKind(kinds.EFFECT, Citing.UNTRACED),
    StateDefinition: ElementKind(kinds.STATE, Citing.REQUIRED),
    TransitionDefinition: ElementKind(kinds.TRANSITION, Citing.REQUIRED),
    ClockDefinition: ElementKind(kinds.CLOCK, Citing.REQUIRED),
    PropertyDefinition: ElementKind(kinds.PROPERTY, Citing.REQUIRED),
    MigrationDefinition: ElementKind(Wording("迁移", "migration"), Citing.UNTRACED),
    MatterDefinition: ElementKind(kinds.MATTER, Citing.REQUIRED),
}
"""The definitions that are elements. Whatever else is written belongs to the element around it."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element as written.

    Attributes:
        definition: what the file says of it.
        name: its name among its siblings, such as `close`, or `close[2]` of the second of several.
        path: its name in the pack, such as `complaint_handling.open.close`.
        span: the place of its name; of an element without a name, of the whole.
        days: the days on which it applies.
        children: the elements inside it, in the order of the keys of its definition.
    """

    definition: Definition
    name: str
    path: str
    span: Span
    days: Period
    children: tuple[Element, ...]

    @property
    def kind(self) -> Wording:
        """The name of its kind, for people."""
        return KINDS[type(self.definition)].wording

    @property
    def citing(self) -> Citing:
        """Whether it has to cite clauses."""
        return KINDS[type(self.definition)].citing

    @property
    def title(self) -> Wording | None:
        """Its name for people, where the file gives one."""
        title: Wording | None = getattr(self.definition, "title", None)
        return title

    @property
    def cites(self) -> tuple[Word, ...]:
        """The clauses that it cites, as written."""
        cites: tuple[Word, ...] = getattr(self.definition, "cites", ())
        return cites

    def walk(self) -> Iterator[Element]:
        """Yield the element and every one inside it, outer ones first."""
        yield self
        for each in self.children:
            yield from each.walk()


def iter_elements(drafts: Drafts) -> Iterator[Element]:
    """Yield every element of a pack, outer ones first, in the order of `iter_roots`."""
    for root in iter_roots(drafts):
        yield from root.walk()


def iter_citing(drafts: Drafts) -> Iterator[Element]:
    """Yield every element of a pack that cites clauses or ought to."""
    yield from (each for each in iter_elements(drafts) if each.citing is not Citing.UNTRACED)


def iter_roots(drafts: Drafts) -> Iterator[Element]:
    """Yield the element that each file defines, kind by kind, then in the order of the files."""
    for key, kind in FILE_KINDS.items():
        for definition in drafts.of(kind):
            name: Word = getattr(definition, key)
            yield build_element(definition, name, name.span, str(name), ALWAYS)


def build_element(
    definition: Definition, name: str, span: Span, path: str, days: Period
) -> Element:
    """Return an element with those inside it; `days` are those of the element around it."""
    root = path.partition(".")[0]
    days &= days_of(definition)
    ends = ends_of_values(definition)
    children = tuple(
        build_element(
            child,
            own,
            place,
            f"{path if isinstance(child, TransitionDefinition) else root}.{own}",
            days & Period(None, ends.get(child.since))
            if isinstance(child, ValueDefinition)
            else days,
        )
        for own, place, child in iter_members(definition)
    )
    return Element(definition, str(name), path, span, days, children)


def days_of(definition: Definition) -> Period:
    """Return the days that a definition itself names, which are all where it names none."""
    match definition:
        case ValueDefinition(since=since, until=until):
            return Period(since, until)
        case PolicyDefinition() | RuleDefinition() | CheckDefinition():
            written = definition.in_force
            return ALWAYS if written is None else Period(written.since, written.until)
    return ALWAYS


def ends_of_values(definition: Definition) -> Mapping[date, date]:
    """Return the first day of the next value of a parameter by that of each but the last."""
    if not isinstance(definition, ParameterDefinition):
        return {}
    return dict(pairwise(sorted({each.since for each in definition.values})))


def iter_members(definition: Definition) -> Iterator[tuple[str, Span, Definition]]:
    """Yield the elements right inside a definition, each with its name and the place of that."""
    if isinstance(definition, ParameterDefinition) and definition.base is not None:
        yield from iter_values_below(definition, definition.base)
    for attribute, field in type(definition).model_fields.items():
        key, value = field.alias or attribute, getattr(definition, attribute)
        match value:
            case dict():
                for word, each in value.items():
                    if isinstance(each, tuple) and is_element(each):
                        yield from number_transitions(str(word), each)
                    elif is_element(each):
                        yield str(word), word.span, each
            case CallDefinition(done=done):
                yield from number_transitions(key, done)
            case (TransitionDefinition(), *_):
                yield from number_transitions(key, value)
            case tuple() if is_element(value):
                yield from ((*identify(each), each) for each in value)


def iter_values_below(
    definition: ParameterDefinition, base: ParameterDefinition
) -> Iterator[tuple[str, Span, Definition]]:
    """Yield the values of the base of a parameter: they hold, or stand beside those of the overlay.

    One that begins on the day of a value of the overlay is called after the base.
    """
    own = {each.since.isoformat() for each in definition.values}
    for name, place, each in iter_members(base):
        yield f"base.{name}" if name in own else name, place, each


def is_element(value: object) -> bool:
    """Return whether a value is an element or a list of elements."""
    return type(value[0] if isinstance(value, tuple) and value else value) in KINDS


def number_transitions(
    name: str, several: tuple[Definition, ...]
) -> Iterator[tuple[str, Span, Definition]]:
    """Yield the transitions on one event; where there are several, their place tells them apart."""
    for number, each in enumerate(several, start=1):
        yield f"{name}[{number}]" if len(several) > 1 else name, each.span, each


def identify(definition: Definition) -> tuple[str, Span]:
    """Return the name that tells an item of a list from the others, and the place of the name."""
    match definition:
        case RuleDefinition(id=id) | CheckDefinition(id=id) | ConsistencyDefinition(id=id):
            return str(id), id.span
        case ValueDefinition(since=since):
            return since.isoformat(), definition.span
        case MigrationDefinition(version=version, digest=digest):
            made_by = version if digest is None else f"{version} {digest}"
            return f"migrations({made_by})", definition.span
        case PropertyDefinition():
            stated = ((each, definition.sides(each)) for each in Template)
            name = "+".join(
                f"{each}({', '.join('|'.join(side) for side in sides if side)})"
                for each, sides in stated
                if sides is not None
            )
            return name, definition.span
    return "", definition.span
