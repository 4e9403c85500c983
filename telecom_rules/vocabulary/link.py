"""From definitions to the vocabulary: every name resolved, every figure typed."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.findings import Finding, Related
from telecom_rules.vocabulary.catalogues import Catalogue, CatalogueCode
from telecom_rules.vocabulary.facts import FactType
from telecom_rules.vocabulary.link_parameters import link_parameter
from telecom_rules.vocabulary.sources.link_sources import check_successors, link_source
from telecom_rules.vocabulary.time.calendars import link_calendar
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

SOURCE = Wording("依据文件", "source")
CATALOGUE = Wording("目录", "catalogue")
FACTS = Wording("数据类型", "kind of facts")
PARAMETER = Wording("参数", "parameter")
CALENDAR = Wording("日历", "calendar")
FIRST_DEFINED_HERE = Wording("首次定义于此", "first defined here")
NAME_OF_A_TYPE = Wording(
    "`{name}` 是基本类型的名称；请为目录另取名称",
    "`{name}` is the name of a type; give the catalogue another name",
)
RESERVED_WORD = Wording(
    "`{name}` 在表达式中另有含义；请另取名称",
    "`{name}` means something else in expressions; give the fact another name",
)
BOUND_DOES_NOT_APPLY = Wording(
    "`{key}` 不适用于类型 `{type}`", "`{key}` does not apply to the type `{type}`"
)


def link(
    sources: Iterable[SourceDefinition],
    catalogues: Iterable[CatalogueDefinition],
    facts: Iterable[FactsDefinition],
    parameters: Iterable[ParameterDefinition],
    found: list[Finding],
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
        found: every mistake is appended to it; what has one is left out.
        calendars: the calendars of working days; which of them is in use is the pack's to say.
        lost: names of definitions that could not even be read: their absence is not reported again.
    """
    registered = tuple(sources)
    named_sources = ((each.source, each) for each in registered)
    documents, _ = gather(SOURCE, named_sources, lambda each: link_source(each, found), found)
    cited = Vocabulary(sources=documents, lost=frozenset(map(str, lost)))
    check_successors(registered, documents, cited.lost, found)
    named_lists = ((each.catalogue, each) for each in catalogues)
    lists, lost_lists = gather(
        CATALOGUE, named_lists, lambda each: link_catalogue(each, cited, found), found
    )
    typed = replace(cited, catalogues=lists, lost=cited.lost | lost_lists)
    named_facts = ((each.facts, each) for each in facts)
    records, lost_records = gather(
        FACTS, named_facts, lambda each: link_facts(each, typed, found), found
    )
    named_figures = ((each.parameter, each) for each in parameters)
    figures, lost_figures = gather(
        PARAMETER, named_figures, lambda each: link_parameter(each, typed, found), found
    )
    named_days = ((each.calendar, each) for each in calendars)
    days, lost_days = gather(
        CALENDAR, named_days, lambda each: link_calendar(each, cited, found), found
    )
    missing = typed.lost | lost_records | lost_figures | lost_days
    return replace(typed, facts=records, parameters=figures, calendars=days, lost=missing)


def gather(
    kind: Wording,
    definitions: Iterable[tuple[Word, D]],
    make: Callable[[D], T | None],
    found: list[Finding],
) -> tuple[Mapping[str, T], frozenset[str]]:
    """Return what `make` makes of each definition by its name, and the names it makes nothing of.

    A name given twice is reported and the first kept.
    """
    first: dict[Word, Word] = {}
    things: dict[str, T] = {}
    for name, definition in definitions:
        if name in first:
            related = (Related(first[name].span, FIRST_DEFINED_HERE),)
            found.append(Finding("TR112", name.span, {"kind": kind, "name": name}, related=related))
            continue
        first[name] = name
        thing = make(definition)
        if thing is not None:
            things[str(name)] = thing
    return MappingProxyType(things), frozenset(map(str, first)).difference(things)


def link_catalogue(
    definition: CatalogueDefinition, words: Vocabulary, found: list[Finding]
) -> Catalogue | None:
    """Return the catalogue a file lists, or `None` when it cannot have its name."""
    name = definition.catalogue
    if name in RESERVED_TYPES:
        found.append(Finding("TR120", name.span, {"what": NAME_OF_A_TYPE.fill(name=name)}))
    codes = {
        str(code): CatalogueCode(str(code), each.title, words.cite(each.cites, found))
        for code, each in definition.codes.items()
    }
    if not codes:
        found.append(Finding("TR118", definition.span_of_key("codes")))
    cites = words.cite(definition.cites, found)
    if name in RESERVED_TYPES or not codes:
        return None
    return Catalogue(str(name), definition.title, MappingProxyType(codes), cites)


def link_facts(
    definition: FactsDefinition, words: Vocabulary, found: list[Finding]
) -> FactType | None:
    """Return the facts a file declares, or `None` when none of them has a usable type.

    Those that have none are `lost` to the record: rules on the others are checked all the same.
    """
    fields: dict[str, Field] = {}
    cites: dict[str, tuple[Clause, ...]] = {}
    for name, each in definition.fields.items():
        if RESERVED_FACTS.fullmatch(name):
            found.append(Finding("TR120", name.span, {"what": RESERVED_WORD.fill(name=name)}))
        cites[str(name)] = words.cite(each.cites, found)
        field = words.read_field(each.type, found, each.title)
        if field is not None:
            fields[str(name)] = apply_bounds(each, field, found)
    if not definition.fields:
        found.append(Finding("TR118", definition.span_of_key("fields")))
    own = words.cite(definition.cites, found)
    if not fields:
        return None
    lost = frozenset(map(str, definition.fields)) - fields.keys()
    record = RecordType(str(definition.facts), MappingProxyType(fields), lost)
    return FactType(record.name, definition.title, record, own, MappingProxyType(cites))


def apply_bounds(definition: FactDefinition, field: Field, found: list[Finding]) -> Field:
    """Return `field` with the bounds its definition gives, and append what is wrong with them."""
    item = field.type.item if isinstance(field.type, ListType) else field.type
    for key, fits in (
        ("min", item in BOUNDED_TYPES),
        ("max", item in BOUNDED_TYPES),
        ("max_length", item is TEXT),
    ):
        if getattr(definition, key) is not None and not fits:
            what = BOUND_DOES_NOT_APPLY.fill(key=key, type=definition.type)
            found.append(Finding("TR120", definition.span_of_key(key), {"what": what}))
    least, most, longest = definition.min, definition.max, definition.max_length
    if least is not None and most is not None and most < least:
        values = {"text": most, "bounds": f">= {least}"}
        found.append(Finding("TR111", definition.span_of_key("max"), values))
    if longest is not None and not 1 <= longest <= GREATEST_MAX_LENGTH:
        values = {"text": longest, "bounds": f"1 .. {GREATEST_MAX_LENGTH}"}
        found.append(Finding("TR111", definition.span_of_key("max_length"), values))
    return replace(field, least=least, most=most, longest=longest)
