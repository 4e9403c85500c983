"""Sources and clauses: where rules come from, and how a reader finds the place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules.documents import Choice, Definition, Identifier, Keyed, Text, Title
from telecom_rules.vocabulary.periods import Period, PeriodDefinition, read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.findings import Finding

__all__ = [
    "Clause",
    "ClauseDefinition",
    "Confidence",
    "Source",
    "SourceDefinition",
    "SourceKind",
    "link_source",
]


class SourceKind(StrEnum):
    """What a source is: it decides how its clauses are named."""

    SPECIFICATION = "specification"
    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    NOTICE = "notice"
    STANDARD = "standard"


class Confidence(StrEnum):
    """How sure a figure is.

    High: the words of the instrument were read, or two independent sources agree. Medium: one
    secondary source. Low: sources conflict, or it was not seen; it is shown as unverified.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ClauseDefinition(Definition):
    """One numbered part of a source: a paraphrase as its title, never its text.

    Attributes:
        kind: what it asks for, such as `workflow_step`.
        target: what in the pack answers it.
    """

    title: Title
    kind: Text | None = None
    target: Text | None = None
    note: Title | None = None


class SourceDefinition(Definition):
    """A file that registers a source and its clauses."""

    source: Identifier
    title: Title
    kind: Choice[SourceKind]
    issuer: Title | None = None
    url: Text | None = None
    version: Text | None = None
    in_force: PeriodDefinition | None = None
    confidence: Choice[Confidence] | None = None
    clauses: Keyed[ClauseDefinition]


@dataclass(frozen=True, slots=True, repr=False)
class Source:
    """A document that rules come from: the specification, a statute, a standard.

    Attributes:
        name: the name it is cited by.
        title: its full title.
        kind: what it is.
        issuer: who issued it, if that is recorded.
        url: where it is published, if that is recorded.
        version: the edition, such as `2016`, or an order's number.
        in_force: the days on which it is in force.
        confidence: how sure we are of what is registered from it, if that is recorded.
        clauses: its clauses by their number.
    """

    name: str
    title: Wording
    kind: SourceKind
    issuer: Wording | None = None
    url: str | None = None
    version: str | None = None
    in_force: Period = field(default_factory=Period)
    confidence: Confidence | None = None
    clauses: Mapping[str, Clause] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Source {self}>"


@dataclass(frozen=True, slots=True, repr=False)
class Clause:
    """A numbered part of a source.

    Attributes:
        source: the source it is part of.
        id: its number there, such as `7.1.2(3)`.
        title: what it says, in our words.
        kind: what it asks for, such as `workflow_step`, if that is recorded.
        target: what in the pack answers it, if that is recorded.
        note: a remark on it, or `None`.
    """

    source: Source
    id: str
    title: Wording
    kind: str | None = None
    target: str | None = None
    note: Wording | None = None

    def __str__(self) -> str:
        """Return the citation, such as `spec:7.1.2(3)`."""
        return f"{self.source.name}:{self.id}"

    def __repr__(self) -> str:
        return f"<Clause {self}>"

    @property
    def place(self) -> Wording:
        """The source and the number as a lawyer writes them: `《…条例》第69条`, `..., Art. 69`."""
        number = numbered(self.id, self.source.kind)
        title = self.source.title
        return Wording(
            f"《{title.zh}》{number.zh}", f"{title.en}, {number.en}" if number.en else title.en
        )

    @property
    def wording(self) -> Wording:
        """The place and what the clause says."""
        return Wording("{place}：{title}", "{place}: {title}").fill(
            place=self.place, title=self.title
        )


ARTICLE = re.compile(r"([0-9]+)(.*)")
ANNEX = re.compile(r"annex([0-9]+)(.*)")
STATUTES = frozenset({SourceKind.LAW, SourceKind.REGULATION, SourceKind.RULE})


def numbered(id: str, kind: SourceKind) -> Wording:  # noqa: A002 - what a clause calls it
    """Return a clause's number with the word that belongs to it, empty where it has no number."""
    annex = ANNEX.fullmatch(id)
    if annex is not None:
        return Wording(f"附录{annex[1]}{annex[2]}", f"Annex {annex[1]}{annex[2]}")
    article = ARTICLE.fullmatch(id)
    if article is None:
        return Wording("", "")
    if kind not in STATUTES or article[2].startswith("."):
        return Wording.same(id)
    return Wording(f"第{article[1]}条{article[2]}", f"Art. {article[1]}{article[2]}")


def link_source(definition: SourceDefinition, found: list[Finding]) -> Source:
    """Return the source a file registers."""
    clauses: dict[str, Clause] = {}
    source = Source(
        definition.source,
        definition.title,
        definition.kind,
        definition.issuer,
        definition.url,
        definition.version,
        read_period(definition.in_force, definition.source, found),
        definition.confidence,
        MappingProxyType(clauses),
    )
    for word, clause in definition.clauses.items():
        clauses[str(word)] = Clause(
            source, str(word), clause.title, clause.kind, clause.target, clause.note
        )
    return source
