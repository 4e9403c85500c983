"""Links a source: its versions, its clauses and their earlier numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Word
from telecom_rules.findings import Findings, Related
from telecom_rules.findings.kinds import CLAUSE
from telecom_rules.frozen import FrozenDict
from telecom_rules.values.named import NamedMapping
from telecom_rules.vocabulary.sources.sources import Clause, Source, Version
from telecom_rules.vocabulary.time.periods import Period, read_period
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from telecom_rules.vocabulary.sources.sources import ClauseDefinition, SourceDefinition


ALIAS = Wording("旧条号", "number of an earlier text")
VERSION = Wording("文本", "text")
EARLIER_BEGINS_HERE = Wording("较早的文本从此日生效", "the earlier text begins here")
GUIDANCE_AND_GAP = Wording(
    "`guidance` 与 `gap` 不能同时填写：原文缺漏的内容不属于指引",
    "`guidance` and `gap` exclude each other: content missing from the source is not guidance",
)


def link_source(definition: SourceDefinition, findings: Findings) -> Source:
    """Return the source a file registers."""
    clauses: dict[str, Clause] = {}
    name = str(definition.source)
    present = read_period(definition.in_force, name, findings)
    versions = link_versions(definition, present, findings)
    first = next(iter(definition.earlier.values()), None)
    source = Source(
        name=name,
        title=definition.title,
        kind=definition.kind,
        issuer=definition.issuer,
        address=definition.address,
        version=definition.version,
        in_force=Period(first.since if first is not None else present.since, present.until),
        earlier=versions,
        repealed_by=definition.repealed_by and str(definition.repealed_by),
        confidence=definition.confidence,
        note=definition.note,
    )
    taken: dict[tuple[str, str], Word] = {}
    for word, clause in definition.clauses.items():
        check_versions(clause, versions, findings)
        check_aliases(clause, taken, findings)
        if clause.guidance is not None and clause.gap is not None:
            findings.misused(clause.span_of_key("gap"), GUIDANCE_AND_GAP)
        days = read_period(clause.in_force, f"{name}:{word}", findings)
        texts = [label for label, each in versions.items() if not has_ended_before(each, days)]
        own = {str(label): str(number) for label, number in clause.aliases.items()}
        aliases = inherit_aliases(str(word), texts, clauses) | own
        clauses[str(word)] = Clause(
            source=source,
            id=str(word),
            title=clause.title,
            kind=clause.kind,
            target=clause.target,
            note=clause.note,
            guidance=clause.guidance,
            gap=clause.gap,
            confidence=clause.confidence or definition.confidence,
            in_force=source.in_force & days,
            aliases=FrozenDict(aliases),
        )
    # Each clause names its source, so the source is completed when all of them are there.
    object.__setattr__(source, "clauses", NamedMapping(CLAUSE, clauses))
    return source


def link_versions(
    definition: SourceDefinition, present: Period, findings: Findings
) -> Mapping[str, Version]:
    """Return the texts before the present one, each with its days as far as they are known."""
    if definition.earlier and present.since is None:
        findings.missing(definition.span_of_key("earlier"), "in_force")
        return FrozenDict({})
    texts = list(definition.earlier.items())
    begins = [each.since for _, each in texts] + [present.since]
    versions: dict[str, Version] = {}
    for at, (label, each) in enumerate(texts):
        since, until = begins[at], begins[at + 1]
        known = until is not None and (at == 0 or since is not None)
        if since is not None and until is not None and until <= since:
            following = texts[at + 1][1].span_of_key("from") if at + 1 < len(texts) else None
            place = following or definition.span_of_key("in_force")
            related = (Related(each.span_of_key("from"), EARLIER_BEGINS_HERE),)
            findings.add(
                "TR601",
                place,
                name=f"{definition.source} ({label})",
                day=until,
                related=related,
            )
        versions[str(label)] = Version(
            str(label), Period(since, until) if known else None, each.note
        )
    return FrozenDict(versions)


def has_ended_before(version: Version, days: Period) -> bool:
    """Return whether a text ended before a clause came into force, and so lacks the clause."""
    end = version.in_force.until if version.in_force is not None else None
    return end is not None and days.since is not None and end <= days.since


def inherit_aliases(
    number: str, texts: Collection[str], clauses: Mapping[str, Clause]
) -> dict[str, str]:
    """Return the numbers of a paragraph in earlier `texts`, derived from those of its article."""
    article, bracket, tail = number.rpartition("(")
    parent = clauses.get(article) if bracket else None
    if parent is None:
        return {}
    return {label: f"{old}({tail}" for label, old in parent.aliases.items() if label in texts}


def check_versions(
    clause: ClauseDefinition, versions: Mapping[str, Version], findings: Findings
) -> None:
    """Report each earlier number in a text that the source does not have (TR113)."""
    for label in clause.aliases:
        if label not in versions:
            findings.unknown(label, VERSION, versions)


def check_aliases(
    clause: ClauseDefinition, taken: dict[tuple[str, str], Word], findings: Findings
) -> None:
    """Report each earlier number that another clause has already (TR112)."""
    for label, number in clause.aliases.items():
        first = taken.setdefault((str(label), str(number)), number)
        if first is not number:
            findings.duplicate(Word(f"{label}: {number}", number.span), first, ALIAS)


def check_successors(
    definitions: Iterable[SourceDefinition],
    sources: Mapping[str, Source],
    lost: frozenset[str],
    findings: Findings,
) -> None:
    """Report unknown successors, and successors of sources that have no last day."""
    for each in definitions:
        name = each.repealed_by
        if name is None:
            continue
        if (name == each.source or name not in sources) and name not in lost:
            others = [other for other in sources if other != each.source]
            findings.add(
                "TR501",
                name.span,
                source=name,
                known=", ".join(others),
                suggestion=findings.nearest(name, others),
            )
        if each.in_force is None or each.in_force.until is None:
            findings.missing(name.span, "in_force.until")
