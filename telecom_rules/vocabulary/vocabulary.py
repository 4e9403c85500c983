"""The vocabulary of a pack: the names its rules may use, and the figures of one day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    TEXT,
    Field,
    ListType,
    RecordType,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from telecom_rules.documents import Word
    from telecom_rules.findings import Findings
    from telecom_rules.vocabulary.catalogues import Catalogue
    from telecom_rules.vocabulary.facts import FactType
    from telecom_rules.vocabulary.parameters import Parameter, ParameterValue
    from telecom_rules.vocabulary.record import Value
    from telecom_rules.vocabulary.sources.sources import Clause, Source
    from telecom_rules.vocabulary.time.calendars import Calendar
    from telecom_rules.vocabulary.types import Type
    from telecom_rules.wording import Wording


BASIC_TYPES = FrozenDict(
    {str(each): each for each in (TEXT, INTEGER, DECIMAL, MONEY, BOOLEAN, DATE, INSTANT, SPAN)}
)
"""The types that a pack may use, by their words."""
FOREIGN_TYPE_WORDS = FrozenDict(
    {
        "str": "text",
        "string": "text",
        "int": "integer",
        "long": "integer",
        "number": "decimal",
        "float": "decimal",
        "double": "decimal",
        "currency": "money",
        "bool": "boolean",
        "datetime": "instant",
        "timestamp": "instant",
        "duration": "span",
    }
)
"""Words of other systems, each with the type of the same meaning here."""
TYPE_PATTERN = re.compile(r"(?:list\[(?P<item>[^\[\]?]+)\]|(?P<one>[^\[\]?]+))(?P<optional>\?)?")


class ParametersOn(Mapping[str, "Value"]):
    """The values of the parameters in force on one day.

    Reading one that is not in force raises `NotInForce`; rules that do not read it still work.
    """

    __slots__ = ("_parameters", "day")

    def __init__(self, parameters: Mapping[str, Parameter], day: date) -> None:
        self._parameters = parameters
        self.day: date = day

    def __getitem__(self, name: str) -> Value:
        return self._parameters[name].on(self.day).value

    def __contains__(self, name: object) -> bool:
        return name in self._parameters and self._parameters[str(name)].is_in_force(self.day)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._parameters if name in self)

    def find_figure(self, name: str) -> ParameterValue | None:
        """Return the value of a parameter with its clauses, or `None`."""
        parameter = self._parameters.get(name)
        return None if parameter is None else parameter.find_on(self.day)

    def __len__(self) -> int:
        return sum(1 for _ in self)


BRACKETS = "【】「」『』《》〈〉〔〕［］（）[]"
"""Signs that people put around a citation."""


@dataclass(frozen=True)
class Vocabulary:
    """The names that the rules of a pack may use.

    Attributes:
        sources: the documents rules come from, by name.
        catalogues: the closed lists of values, by name.
        facts: the kinds of record, by name.
        parameters: the dated figures, by name.
        calendars: the calendars of working days, by name.
        calendar: the one that limits are counted by, or `None` where the pack uses none.
        lost: names whose definition has a mistake. The mistake is reported; uses of the names are
            not reported again.
    """

    sources: Mapping[str, Source] = attribute(default_factory=dict)
    catalogues: Mapping[str, Catalogue] = attribute(default_factory=dict)
    facts: Mapping[str, FactType] = attribute(default_factory=dict)
    parameters: Mapping[str, Parameter] = attribute(default_factory=dict)
    calendars: Mapping[str, Calendar] = attribute(default_factory=dict)
    calendar: Calendar | None = None
    lost: frozenset[str] = frozenset()

    def counted_by(self, calendar: Calendar | None) -> Vocabulary:
        """Return the same names with the calendar that limits are counted by."""
        figures = {name: each.counted_by(calendar) for name, each in self.parameters.items()}
        return replace(self, calendar=calendar, parameters=FrozenDict(figures))

    @cached_property
    def parameters_type(self) -> RecordType:
        """The type of `parameters` in expressions."""
        fields = {
            name: Field(each.type, title=each.title, off=each.off)
            for name, each in self.parameters.items()
        }
        return RecordType("parameters", FrozenDict(fields), frozenset(self.lost))

    def parameters_on(self, day: date) -> Mapping[str, Value]:
        """Return the values of the parameters on `day`.

        Reading one that is not in force that day raises `NotInForce`; one that does not exist,
        `KeyError`.
        """
        return ParametersOn(self.parameters, day)

    def read_field(
        self, word: Word, findings: Findings, title: Wording | None = None
    ) -> Field | None:
        """Return the field of a type such as `money?` or `list[channel]`.

        Args:
            word: the type as written.
            findings: collects TR114 where the type is unknown.
            title: the name of the field for people.
        """
        match = TYPE_PATTERN.fullmatch(word)
        name = (match["item"] or match["one"]) if match else str(word)
        kind = self.type_of(name) if match else None
        if match is not None and kind is not None:
            return Field(ListType(kind) if match["item"] else kind, bool(match["optional"]), title)
        if name not in self.lost:
            meant = FOREIGN_TYPE_WORDS.get(name) or findings.nearest(
                name, (*BASIC_TYPES, *self.catalogues)
            )
            whole = (
                meant and word[: word.index(name)] + meant + word[word.index(name) + len(name) :]
            )
            findings.add(
                "TR114", word.span, name=word[:40], known=", ".join(BASIC_TYPES), suggestion=whole
            )
        return None

    def type_of(self, name: str) -> Type | None:
        """Return the type of one word: a basic type or a catalogue, or `None`."""
        if name in BASIC_TYPES:
            return BASIC_TYPES[name]
        return self.catalogues[name].type if name in self.catalogues else None

    def cite(self, words: Sequence[Word], findings: Findings) -> tuple[Clause, ...]:
        """Return the clauses that citations such as `spec:7.1.2(3)` name.

        An invalid citation is left out, after TR501, TR502 or TR503 is reported.
        """
        clauses = (self.resolve_clause(word, findings) for word in words)
        return tuple(clause for clause in clauses if clause is not None)

    def resolve_clause(self, word: Word, findings: Findings) -> Clause | None:
        """Return the clause that one citation names, or `None` after reporting the mistake."""
        place, colon, number = word.partition(":")
        name, at, label = place.partition("@")
        if name in self.lost:
            return None
        if not (name and colon and number):
            self.report_bad_citation(word, findings)
            return None
        if name not in self.sources:
            bare = word.strip(BRACKETS)
            meant = findings.nearest(name, self.sources)
            whole = meant and f"{meant}{at}{label}:{number}"
            if bare != word and bare.partition(":")[0].partition("@")[0] in self.sources:
                whole = bare
            findings.add(
                "TR501", word.span, source=name, known=", ".join(self.sources), suggestion=whole
            )
            return None
        source = self.sources[name]
        if at and label != source.version:
            return self.resolve_earlier_clause(source, label, number, word, findings)
        if number in source.clauses:
            return source.clauses[number]
        report_unknown_clause(source, number, word, findings)
        return None

    def resolve_earlier_clause(
        self, source: Source, label: str, number: str, word: Word, findings: Findings
    ) -> Clause | None:
        """Return the clause that had `number` in an earlier text of a source."""
        version = source.earlier.get(label)
        if version is None:
            labels = [*source.earlier, *filter(None, [source.version])]
            meant = findings.nearest(label, labels)
            findings.add(
                "TR506",
                word.span,
                source=source,
                version=label,
                known=", ".join(labels) or "-",
                suggestion=meant and f"{source}@{meant}:{number}",
            )
            return None
        numbers = {
            each.aliases[label]: each for each in source.clauses.values() if label in each.aliases
        }
        if number in numbers:
            return numbers[number].as_in_version(version)
        meant = findings.nearest(number, numbers)
        whole = meant and f"{source}@{label}:{meant}"
        findings.add(
            "TR502", word.span, source=f"{source}@{label}", clause=number, suggestion=whole
        )
        return None

    def report_bad_citation(self, word: Word, findings: Findings) -> None:
        """Report a text that is not a citation (TR503); for a bare number suggest its source."""
        holders = (name for name, source in self.sources.items() if word in source.clauses)
        holder = next(holders, None)
        meant = f"{holder}:{word}" if holder else findings.nearest(word, self.iter_citations())
        findings.add("TR503", word.span, text=word[:40], suggestion=meant)

    def iter_citations(self) -> Iterator[str]:
        """Yield every valid citation."""
        return (
            str(clause) for source in self.sources.values() for clause in source.clauses.values()
        )


def report_unknown_clause(source: Source, number: str, word: Word, findings: Findings) -> None:
    """Report the number of no clause: renumbered since (TR505), or mistyped (TR502)."""
    old = source.find_renumbered(number)
    if old is not None:
        clause, version = old
        findings.add(
            "TR505",
            word.span,
            source=source,
            clause=number,
            version=version,
            current=str(clause),
        )
        return
    meant = findings.nearest(number, source.clauses)
    findings.add(
        "TR502",
        word.span,
        source=source,
        clause=number,
        suggestion=meant and f"{source}:{meant}",
    )
