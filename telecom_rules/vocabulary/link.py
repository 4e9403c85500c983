"""From definitions to the vocabulary: every name resolved, every figure typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from telecom_rules.findings.kinds import CALENDAR, CATALOGUE, FACTS, PARAMETER, SOURCE
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary.catalogues import Catalogue, CatalogueCode
from telecom_rules.vocabulary.facts import FactType
from telecom_rules.vocabulary.link_calendars import link_calendar
from telecom_rules.vocabulary.link_parameters import link_parameter
from telecom_rules.vocabulary.sources.link_sources import check_successors, link_source
from telecom_rules.vocabulary.types import (
    DECIMAL,
    INTEGER,
    MONEY,
    TEXT,
    Field,
    ListType,
    Primitive,
    RecordType,
)
from telecom_rules.vocabulary.vocabulary import Vocabulary
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from telecom_rules.documents import Definition, Word
    from telecom_rules.findings import Findings
    from telecom_rules.vocabulary.catalogues import CatalogueDefinition
    from telecom_rules.vocabulary.facts import FactDefinition, FactsDefinition
    from telecom_rules.vocabulary.parameters import ParameterDefinition
    from telecom_rules.vocabulary.sources.sources import Clause, SourceDefinition
    from telecom_rules.vocabulary.time.calendars import CalendarDefinition


D = TypeVar("D", bound="Definition")
T = TypeVar("T")

GREATEST_MAX_LENGTH = 1_000_000
"""Characters that `max_length` may allow."""
BOUNDED_TYPES = frozenset({INTEGER, DECIMAL, MONEY})
RESERVED_TYPES = frozenset({*(str(each) for each in Primitive), "list", "map"})
"""Words that a catalogue cannot have as its name."""
RESERVED_FACTS = re.compile(
    "event|parameters|policies|clocks|today|now|true|false|null|in|as|break|const|continue|else|for"
    "|function|if|import|let|loop|package|namespace|return|var|void|while"
)
"""Words that mean something else in an expression. Source: the CEL specification, our profile."""

NAME_OF_A_TYPE = Wording(
    "`{name}` 是基本类型的名称；请为目录另取名称",
    "`{name}` is the name of a type; give the catalogue another name",
)
RESERVED_WORD = Wording(
    "`{name}` 是表达式的保留字；请另取名称",
    "`{name}` is reserved in expressions; give the fact another name",
)
BOUND_DOES_NOT_APPLY = Wording(
    "`{key}` 不适用于类型 `{type}`", "`{key}` does not apply to the type `{type}`"
)


def link(
    sources: Iterable[SourceDefinition],
    catalogues: Iterable[CatalogueDefinition],
    facts: Iterable[FactsDefinition],
    parameters: Iterable[ParameterDefinition],
    findings: Findings,
    *,
    calendars: Iterable[CalendarDefinition] = (),
    lost: Iterable[str] = (),
) -> Vocabulary:
    """Return the vocabulary that the definitions of a pack make together.

    Args:
        sources: the documents rules come from.
        catalogues: the closed lists of values.
        facts: the kinds of record.
        parameters: the dated figures.
        findings: collects the mistakes; definitions with one are left out.
        calendars: the calendars of working days; the pack selects the one in use.
        lost: names of definitions that could not be read; their uses are not reported.
    """
    registered = tuple(sources)
    named_sources = ((each.source, each) for each in registered)
    documents, _ = gather(SOURCE, named_sources, lambda each: link_source(each, findings), findings)
    cited = Vocabulary(sources=documents, lost=frozenset(map(str, lost)))
    check_successors(registered, documents, cited.lost, findings)
    named_lists = ((each.catalogue, each) for each in catalogues)
    lists, lost_lists = gather(
        CATALOGUE, named_lists, lambda each: link_catalogue(each, cited, findings), findings
    )
    typed = replace(cited, catalogues=lists, lost=cited.lost | lost_lists)
    named_facts = ((each.facts, each) for each in facts)
    records, lost_records = gather(
        FACTS, named_facts, lambda each: link_facts(each, typed, findings), findings
    )
    named_figures = ((each.parameter, each) for each in parameters)
    figures, lost_figures = gather(
        PARAMETER, named_figures, lambda each: link_parameter(each, typed, findings), findings
    )
    named_days = ((each.calendar, each) for each in calendars)
    days, lost_days = gather(
        CALENDAR, named_days, lambda each: link_calendar(each, cited, findings), findings
    )
    missing = typed.lost | lost_records | lost_figures | lost_days
    return replace(typed, facts=records, parameters=figures, calendars=days, lost=missing)


def gather(
    kind: Wording,
    definitions: Iterable[tuple[Word, D]],
    make: Callable[[D], T | None],
    findings: Findings,
) -> tuple[Mapping[str, T], frozenset[str]]:
    """Return the result of `make` for each definition by its name, and the names without a result.

    A name given twice is reported and the first kept.
    """
    kept = findings.drop_duplicates(definitions, lambda each: each[0], kind)
    made = {str(name): make(definition) for name, definition in kept}
    things = {name: thing for name, thing in made.items() if thing is not None}
    return FrozenDict(things), frozenset(made).difference(things)


def link_catalogue(
    definition: CatalogueDefinition, words: Vocabulary, findings: Findings
) -> Catalogue | None:
    """Return the catalogue a file lists, or `None` when it cannot have its name."""
    name = definition.catalogue
    if name in RESERVED_TYPES:
        findings.misused(name.span, NAME_OF_A_TYPE, name=name)
    codes = {
        str(code): CatalogueCode(str(code), each.title, words.cite(each.cites, findings))
        for code, each in definition.codes.items()
    }
    if not codes:
        findings.add("TR118", definition.span_of_key("codes"))
    cites = words.cite(definition.cites, findings)
    if name in RESERVED_TYPES or not codes:
        return None
    return Catalogue(str(name), definition.title, FrozenDict(codes), cites)


GREATEST_EFFORT: Final = 1_000
"""The greatest effort of a fact: a plain question is 1."""


def link_facts(
    definition: FactsDefinition, words: Vocabulary, findings: Findings
) -> FactType | None:
    """Return the facts a file declares, or `None` when none of them has a valid type.

    Facts without a valid type are `lost`; rules on the other facts are still checked.
    """
    fields: dict[str, Field] = {}
    cites: dict[str, tuple[Clause, ...]] = {}
    for name, each in definition.fields.items():
        if RESERVED_FACTS.fullmatch(name):
            findings.misused(name.span, RESERVED_WORD, name=name)
        cites[str(name)] = words.cite(each.cites, findings)
        field = words.read_field(each.type, findings, each.title)
        if field is not None:
            fields[str(name)] = apply_bounds(each, field, findings)
    if not definition.fields:
        findings.add("TR118", definition.span_of_key("fields"))
    own = words.cite(definition.cites, findings)
    if not fields:
        return None
    lost = frozenset(map(str, definition.fields)) - fields.keys()
    record = RecordType(str(definition.facts), FrozenDict(fields), lost)
    return FactType(record.name, definition.title, record, own, FrozenDict(cites))


def apply_bounds(definition: FactDefinition, field: Field, findings: Findings) -> Field:
    """Return `field` with the bounds its definition gives, and report the mistakes in them."""
    item = field.type.item if isinstance(field.type, ListType) else field.type
    for key, fits in (
        ("min", item in BOUNDED_TYPES),
        ("max", item in BOUNDED_TYPES),
        ("max_length", item is TEXT),
    ):
        if getattr(definition, key) is not None and not fits:
            findings.misused(
                definition.span_of_key(key), BOUND_DOES_NOT_APPLY, key=key, type=definition.type
            )
    least, most, longest = definition.min, definition.max, definition.max_length
    if least is not None and most is not None and most < least:
        findings.add("TR111", definition.span_of_key("max"), text=most, bounds=f">= {least}")
    if longest is not None and not 1 <= longest <= GREATEST_MAX_LENGTH:
        findings.add(
            "TR111",
            definition.span_of_key("max_length"),
            text=longest,
            bounds=f"1 .. {GREATEST_MAX_LENGTH}",
        )
    effort = 1 if definition.effort is None else definition.effort
    if not 1 <= effort <= GREATEST_EFFORT:
        findings.add(
            "TR111",
            definition.span_of_key("effort"),
            text=effort,
            bounds=f"1 .. {GREATEST_EFFORT}",
        )
        effort = 1
    fixed = definition.fixed
    return replace(field, least=least, most=most, longest=longest, fixed=fixed, effort=effort)
