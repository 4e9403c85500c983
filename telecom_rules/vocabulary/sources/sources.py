"""Sources and clauses: the origin of rules, and how it is cited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from telecom_rules.documents import (
    Choice,
    Day,
    Definition,
    Identifier,
    Keyed,
    Reference,
    Text,
    Title,
)
from telecom_rules.frozen import FrozenDict, Immutable, Portable
from telecom_rules.values.arguments import read_day
from telecom_rules.vocabulary.time.periods import ALWAYS, Period, PeriodDefinition
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from telecom_rules.frozen import Json


class SourceKind(StrEnum):
    """The kind of a source; it determines how its clauses are cited.

    A handbook is what the operator has decided or promised itself; every other kind is issued by
    somebody else.
    """

    SPECIFICATION = "specification"
    LAW = "law"
    REGULATION = "regulation"
    RULE = "rule"
    NOTICE = "notice"
    STANDARD = "standard"
    HANDBOOK = "handbook"


class Confidence(StrEnum):
    """How certain a figure is.

    High: the text of the instrument was read, or two independent sources agree. Medium: one
    secondary source. Low: sources conflict, or none was read; it is shown as unverified.
    """

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def wording(self) -> Wording:
        """The confidence, for people."""
        return ASSURANCES[self]


ASSURANCES = FrozenDict(
    {
        Confidence.HIGH: Wording("依据核实程度：高", "confidence high"),
        Confidence.MEDIUM: Wording("依据核实程度：中", "confidence medium"),
        Confidence.LOW: Wording("依据未经核实", "unverified"),
    }
)

OUR_READING = Wording("本规则包的理解", "a reading of ours")
"""Said of a rule where the words of the law leave something open."""
NOT_OURS = Wording.same("")


def mark_reading(*, ours: bool) -> Wording:
    """Return the mark behind a line about a rule that is a reading of ours, else nothing."""
    return Wording("（本规则包的理解）", " (a reading of ours)") if ours else NOT_OURS


class ClauseDefinition(Definition):
    """One numbered part of a source: a paraphrase as its title, never its text.

    Attributes:
        kind: the kind of requirement, such as `workflow_step`.
        target: the element of the pack that implements it.
        guidance: why it is guidance only, which cannot be executed or measured.
        gap: the part of it that is missing in the source itself.
        confidence: how certain its number and content are, where that differs from the source.
        in_force: the days on which it is in force, where they differ from the source's.
        aliases: its number in earlier texts of the source, by their labels. Without one of its
            own, a part such as `32(1)` follows the article it is part of.
    """

    title: Title
    kind: Text | None = None
    target: Text | None = None
    note: Title | None = None
    guidance: Title | None = None
    gap: Title | None = None
    confidence: Choice[Confidence] | None = None
    in_force: PeriodDefinition | None = None
    aliases: Keyed[Reference] = Field(default_factory=dict)


class VersionDefinition(Definition):
    """An earlier text of a source. It holds until the next one begins.

    Attributes:
        since: written `from`: the first day, if it is known.
    """

    since: Day | None = Field(default=None, alias="from")
    note: Title | None = None


class SourceDefinition(Definition):
    """A file that registers a source and its clauses.

    Attributes:
        address: where the official text can be read and the figures checked.
        version: the label of the text that `clauses` number.
        in_force: the days of that text.
        earlier: the texts before it by label, the earliest first.
        repealed_by: the source that took its place.
    """

    source: Identifier
    title: Title
    kind: Choice[SourceKind]
    issuer: Title | None = None
    address: Text | None = None
    version: Text | None = None
    in_force: PeriodDefinition | None = None
    earlier: Keyed[VersionDefinition] = Field(default_factory=dict)
    repealed_by: Reference | None = None
    confidence: Choice[Confidence] | None = None
    note: Title | None = None
    clauses: Keyed[ClauseDefinition]


@dataclass(frozen=True, slots=True)
class Version(Immutable):
    """One text of a source.

    Attributes:
        label: its label, such as `2016`.
        in_force: the days on which it held, or `None` where they are not known.
        note: a remark on it, or `None`.
    """

    label: str
    in_force: Period | None
    note: Wording | None = None


class ClauseHolder(Immutable):
    """What has clauses that name it in turn.

    They are no field of the dataclass, because whoever writes one out, as web frameworks do, would
    go round in circles.

    Attributes:
        clauses: its clauses by their number.
    """

    __slots__ = ("clauses",)
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True, repr=False)
class Source(ClauseHolder):
    """A document that rules come from: the specification, a statute, a standard.

    Attributes:
        name: the name it is cited by.
        title: its full title.
        kind: its kind.
        issuer: who issued it, if that is recorded.
        address: where the official text can be read, if that is recorded.
        version: the text whose numbers `clauses` have: a year, an edition, an order's number.
        in_force: the days on which it is in force, earlier texts included.
        earlier: the texts before this one by label, the earliest first.
        repealed_by: the name of the source that took its place, or `None`.
        confidence: how certain its registered content is, if that is recorded.
        note: a remark on it, or `None`.
    """

    name: str
    title: Wording
    kind: SourceKind
    issuer: Wording | None = None
    address: str | None = None
    version: str | None = None
    in_force: Period = ALWAYS
    earlier: Mapping[str, Version] = field(default_factory=dict, compare=False)
    repealed_by: str | None = None
    confidence: Confidence | None = None
    note: Wording | None = None

    def __getstate__(self) -> list[object]:
        return [*(getattr(self, each.name) for each in fields(self)), self.clauses]

    def __setstate__(self, state: list[object]) -> None:
        names = (*(each.name for each in fields(self)), "clauses")
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Source {self}>"

    def find_renumbered(self, number: str) -> tuple[Clause, str] | None:
        """Return the clause that had `number` in an earlier text, and the label of that text."""
        return next(
            (
                (clause, label)
                for label in reversed(tuple(self.earlier))
                for clause in self.clauses.values()
                if clause.aliases.get(label) == number
            ),
            None,
        )


@dataclass(frozen=True, slots=True, repr=False)
class Clause(Portable):
    """A numbered part of a source.

    Attributes:
        source: the source it is part of.
        id: its number there, such as `7.1.2(3)`.
        title: what it says, in our words.
        kind: the kind of requirement, such as `workflow_step`, if that is recorded.
        target: the element of the pack that implements it, if that is recorded.
        note: a remark on it, or `None`.
        guidance: why it is guidance only, or `None`.
        gap: the part of it that is missing in the source itself, or `None`.
        confidence: how certain its number and content are, if that is recorded.
        in_force: the days on which it is in force.
        aliases: its number in earlier texts of the source, by their labels.
        version: the earlier text whose number `id` is; `None` for the present one.
    """

    source: Source
    id: str
    title: Wording
    kind: str | None = None
    target: str | None = None
    note: Wording | None = None
    guidance: Wording | None = None
    gap: Wording | None = None
    confidence: Confidence | None = None
    in_force: Period = ALWAYS
    aliases: Mapping[str, str] = field(default_factory=dict, compare=False)
    version: str | None = None

    def __str__(self) -> str:
        """Return the citation, such as `spec:7.1.2(3)` or `cybersecurity_law@2016:21`."""
        source = self.source.name if self.version is None else f"{self.source}@{self.version}"
        return f"{source}:{self.id}"

    def __repr__(self) -> str:
        return f"<Clause {self}>"

    @property
    def place(self) -> Wording:
        """The source and the number as a lawyer writes them: `《…条例》第69条`, `..., Art. 69`."""
        number = describe_number(self.id, self.source.kind)
        title = self.source.title
        text = Wording("", "")
        if self.version is not None:
            text = Wording(f"（{self.version}年文本）", f" (text of {self.version})")
        return Wording(
            f"《{title.zh}》{text.zh}{number.zh}",
            f"{title.en}{text.en}, {number.en}" if number.en else f"{title.en}{text.en}",
        )

    @property
    def wording(self) -> Wording:
        """The place and title of the clause."""
        return Wording("{place}：{title}", "{place}: {title}").fill(
            place=self.place, title=self.title
        )

    def dump(self) -> dict[str, Json]:
        """Return the citation as JSON with its place and title, not the whole source."""
        return {"clause": str(self), **self.wording.dump()}

    def on(self, day: date) -> Clause:
        """Return the clause as the text of `day` numbers it.

        The clause itself is returned if that text is the present one or unknown, or if no other
        number is recorded for it.

        Raises:
            ArgumentError: `day` is not a day.
        """
        day = read_day("day", day)
        if self.version is not None:
            return self
        return next(
            (
                self.as_in_version(version)
                for label, version in self.source.earlier.items()
                if version.in_force is not None
                and day in version.in_force
                and self.aliases.get(label, self.id) != self.id
            ),
            self,
        )

    @property
    def present(self) -> Clause:
        """The clause by the number that it has in the present text."""
        if self.version is None:
            return self
        clauses = self.source.clauses.values()
        return next(each for each in clauses if each.aliases.get(self.version) == self.id)

    @property
    def renumbering_days(self) -> tuple[date, ...]:
        """The days on which its number changes."""
        days = (self.source.earlier[label].in_force for label in self.aliases)
        return tuple(each.until for each in days if each is not None and each.until is not None)

    def as_in_version(self, version: Version) -> Clause:
        """Return the clause as an earlier text numbers it, in force while that text was.

        Raises:
            KeyError: its number there is not recorded.
        """
        period = self.in_force & (version.in_force or ALWAYS)
        number = self.aliases[version.label]
        return replace(self, id=number, version=version.label, in_force=period)


ARTICLE_PATTERN = re.compile(r"([0-9]+)(.*)")
ANNEX_PATTERN = re.compile(r"annex([0-9]+)(.*)")
STATUTES = frozenset({SourceKind.LAW, SourceKind.REGULATION, SourceKind.RULE, SourceKind.HANDBOOK})
"""Sources whose clauses are articles."""


def describe_number(id: str, kind: SourceKind) -> Wording:
    """Return a clause's number as it is cited: `Art. 69`; empty for an id without a number."""
    annex = ANNEX_PATTERN.fullmatch(id)
    if annex is not None:
        return Wording(f"附录{annex[1]}{annex[2]}", f"Annex {annex[1]}{annex[2]}")
    article = ARTICLE_PATTERN.fullmatch(id)
    if article is None:
        return Wording("", "")
    if kind not in STATUTES or article[2].startswith("."):
        return Wording.same(id)
    return Wording(f"第{article[1]}条{article[2]}", f"Art. {article[1]}{article[2]}")


def clauses_on(clauses: tuple[Clause, ...], day: date) -> tuple[Clause, ...]:
    """Return clauses as the texts of `day` number them; the same tuple where nothing differs."""
    then = tuple(clause.on(day) for clause in clauses)
    return clauses if then == clauses else then
