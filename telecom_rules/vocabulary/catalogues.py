"""Catalogues: closed lists of values with titles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.documents import Definition, Identifier, Named, OneOrMany, Reference, Title
from telecom_rules.frozen import FrozenDict, Immutable
from telecom_rules.vocabulary.types import CodeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.wording import Wording


class CodeDefinition(Definition):
    """One value of a catalogue."""

    title: Title
    cites: OneOrMany[Reference] = ()


class CatalogueDefinition(Definition):
    """A file that lists the values of a catalogue."""

    catalogue: Identifier
    title: Title
    cites: OneOrMany[Reference] = ()
    codes: Named[CodeDefinition]


@dataclass(frozen=True, slots=True)
class CatalogueCode(Immutable):
    """One value of a catalogue.

    Attributes:
        code: the value, as records hold it.
        title: its name for people.
        cites: the clauses it comes from.
    """

    code: str
    title: Wording
    cites: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue(Immutable):
    """A closed list of values: an enum whose members have titles.

    Attributes:
        name: the name that types use.
        title: its name for people.
        codes: its values by code, in order.
        cites: the clauses it comes from.
    """

    name: str
    title: Wording
    codes: Mapping[str, CatalogueCode] = field(hash=False)
    cites: tuple[Clause, ...] = ()

    @property
    def type(self) -> CodeType:
        """The type of a fact that holds one of its codes."""
        titles = {code: each.title for code, each in self.codes.items()}
        return CodeType(self.name, FrozenDict(titles))
