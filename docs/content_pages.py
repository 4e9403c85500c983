"""Writes the pages that tell what the shipped rules hold: what answers each clause, what to check.

They come from the pack alone, so that they cannot say anything else than the rules do.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from desk_page import desk

from telecom_rules.checks.analysis.matrix import (
    ClauseStanding,
    TracedClause,
    build_matrix,
    is_required,
)
from telecom_rules.checks.analysis.ways import Way
from telecom_rules.pack import read
from telecom_rules.reports.markdown import escape_text, quote_address, quote_code, write_row
from telecom_rules.vocabulary import Confidence, ParameterKind
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Clause, Parameter, Source

__all__ = ["content_pages"]

WRITTEN = "<!-- written by docs/generate.py: run `make docs` -->\n"
CLAUSES = """\
# What answers each clause

Every clause of the specification is answered by parts of the pack, or is said to be guidance only
or a gap in the source, and why. Of laws and standards the pack uses what it needs; what it uses is
listed behind the specification. The titles are our own words. `telecom-rules coverage` prints the
same for any pack.
"""
UNVERIFIED = """\
# Figures and clauses that nobody has verified, and readings of ours

The confidence of figures, clauses and working days listed here is low: the words of the instrument
were not seen, or sources conflict. They are shown as unverified and never make a verdict fail.
Readings are rules where the words of the law leave something open, and we had to choose. Check each
at its official address before you rely on it, and correct its file.
"""
SETTINGS = """\
# Settings to review first

No source gives these figures. Each is a default of this pack, and the operator's to set. Those on
which most depends come first.
"""
DESK = """\
# 投诉台 · What people bring to the desk

用户到投诉台提出的事项：登记为哪一类、由什么办理和判定、须查明哪些事实、示例的结论、所依据的时限与数值，以及规则无法得知的事。示例都是
随规则一起运行的场景，结论由引擎在生成本页时得出。

What people bring to a complaint desk: how it is recorded, what settles and decides it, what to ask
for, the answer for an example, the limits and figures it rests on, and what the rules cannot know.
Each example is a scenario of the rules, and its answer is what the engine said when this page was
written. `telecom-rules show desk` lists the same, for any pack.
"""
NO_ADDRESS = "no address is recorded"


def content_pages(rules: Path) -> dict[str, str]:
    """Return each page about the pack in `rules` by its file name."""
    reading = read(rules)
    pack = reading.require_pack()
    return {
        "clauses.md": page(CLAUSES, clauses(build_matrix(reading))),
        "unverified.md": page(UNVERIFIED, unverified(pack)),
        "settings.md": page(SETTINGS, settings(pack)),
        "desk.md": page(DESK, desk(rules, pack)),
    }


def page(head: str, lines: Iterable[str]) -> str:
    """Return a page."""
    return f"{WRITTEN}{head}\n" + "".join(f"{line}\n" for line in lines)


def both(wording: Wording) -> str:
    """Return a text in both languages, as a cell shows it."""
    zh, en = map(escape_text, wording)
    return zh if zh == en else f"{zh}<br>{en}"


def codes(names: Iterable[object]) -> str:
    """Return names as a cell lists them."""
    return ", ".join(quote_code(str(name)) for name in names)


def clauses(rows: Iterable[TracedClause]) -> Iterator[str]:
    """Yield the matrix: specifications whole, of other sources what is used."""
    sources = [list(each) for _, each in groupby(rows, key=lambda row: row.clause.source.name)]
    for whole in (True, False):
        for group in sources:
            source = group[0].clause.source
            shown = [each for each in group if each.standing is not ClauseStanding.UNUSED]
            if is_required(source) is whole and shown:
                yield from matrix_of(source, group, shown)


def matrix_of(
    source: Source, every: list[TracedClause], shown: list[TracedClause]
) -> Iterator[str]:
    """Yield the clauses of one source."""
    counts = Counter(each.standing for each in every)
    told = ", ".join(f"{each.wording.en} {counts[each]}" for each in ClauseStanding if counts[each])
    yield f"## {escape_text(source.title.en)}"
    yield ""
    ways = Counter(each.way for each in every)
    how = ", ".join(f"{each.wording.en} {ways[each]}" for each in Way if ways[each])
    yield f"{escape_text(source.title.zh)}. Clauses: {told}." + (
        f" Answered by: {how}." if how else ""
    )
    yield ""
    yield "| clause | what it says | how | what answers it |"
    yield "|---|---|---|---|"
    for each in shown:
        way = "" if each.way is None else both(each.way.wording)
        yield write_row(quote_code(str(each.clause)), both(each.clause.title), way, answers(each))
    yield ""


def answers(each: TracedClause) -> str:
    """Return what answers a clause, or why nothing does."""
    kinds: dict[str, list[str]] = {}
    for element in each.elements:
        kinds.setdefault(element.kind.en, []).append(quote_code(element.path))
    lines = [f"{kind} {', '.join(dict.fromkeys(names))}" for kind, names in kinds.items()]
    if each.standing is not ClauseStanding.ANSWERED:
        reason = f": {escape_text(each.reason.en)}" if each.reason is not None else ""
        lines.append(f"**{each.standing.wording.en}**{reason}")
    return "<br>".join(lines)


def unverified(pack: Pack) -> Iterator[str]:
    """Yield the figures, clauses and years of low confidence, then the readings of ours."""
    yield from table(
        "Figures", ("figure", "value", "clauses", "where to check it"), low_figures(pack)
    )
    yield from table(
        "Clauses",
        ("clause", "what it says", "where to check it"),
        (
            write_row(quote_code(str(each)), both(each.title), addresses([each.source]))
            for each in low_clauses(pack)
        ),
    )
    yield from table("Working days", ("year", "clauses", "where to check it"), low_years(pack))
    columns = ("rule", "what it says", "clauses", "where to check it")
    yield from table("Readings of ours", columns, readings(pack))


def table(title: str, columns: Iterable[str], rows: Iterable[str]) -> Iterator[str]:
    """Yield a section with one table, or the word that there is nothing in it."""
    lines = list(rows)
    yield f"## {title}"
    yield ""
    if lines:
        names = list(columns)
        yield write_row(*names)
        yield "|" + "---|" * len(names)
        yield from lines
    else:
        yield "None."
    yield ""


def low_figures(pack: Pack) -> Iterator[str]:
    """Yield a line for each figure of low confidence."""
    for parameter in sorted(pack.parameters.values(), key=lambda each: each.name):
        for value in parameter.values:
            if value.confidence is Confidence.LOW:
                yield write_row(
                    f"{quote_code(parameter.name)}<br>{both(parameter.title)}",
                    f"{escape_text(value.wording.en)}, from {value.since}",
                    codes(value.cites),
                    addresses(clause.source for clause in value.cites),
                )


def low_years(pack: Pack) -> Iterator[str]:
    """Yield a line for each year of working days of low confidence."""
    for calendar in pack.vocabulary.calendars.values():
        for year, days in calendar.years.items():
            if days.confidence is Confidence.LOW:
                yield write_row(
                    str(year),
                    codes(days.cites),
                    addresses(clause.source for clause in days.cites),
                )


def low_clauses(pack: Pack) -> Iterator[Clause]:
    """Yield the clauses of low confidence."""
    for source in pack.sources.values():
        yield from (each for each in source.clauses.values() if each.confidence is Confidence.LOW)


def readings(pack: Pack) -> Iterator[str]:
    """Yield a line for each rule, figure and time limit that is a reading of ours."""
    for name, title, cites in iter_readings(pack):
        yield write_row(
            quote_code(name),
            both(title),
            codes(cites),
            addresses(clause.source for clause in cites),
        )


def iter_readings(pack: Pack) -> Iterator[tuple[str, Wording, tuple[Clause, ...]]]:
    """Yield the path, title and clauses of each reading of ours."""
    for parameter in pack.parameters.values():
        for value in parameter.values:
            if value.interpretation:
                title = Wording.same("{title}: {value}")
                yield (
                    parameter.name,
                    title.fill(title=parameter.title, value=value.wording),
                    value.cites,
                )
    for policy in pack.policies.values():
        for rule in (*(row.rule for row in policy.rows), *policy.checks):
            if rule.interpretation:
                title = Wording.same("{policy}: {title}")
                said = title.fill(policy=policy.title, title=rule.title or rule.id)
                yield f"{policy.name}.{rule.id}", said, rule.cites or policy.cites
    for workflow in pack.workflows.values():
        for clock in workflow.clocks.values():
            if clock.interpretation:
                yield f"{workflow.name}.{clock.name}", clock.title, clock.cites


def addresses(sources: Iterable[Source]) -> str:
    """Return where the official texts of sources can be read."""
    every = {source.name: source for source in sources}.values()
    return "<br>".join(
        f"{escape_text(source.title.en)}: "
        + (quote_address(source.address) if source.address else NO_ADDRESS)
        for source in every
    )


def settings(pack: Pack) -> Iterator[str]:
    """Yield the settings, those on which most depends first."""
    users = {name: tuple(dict.fromkeys(uses(pack, name))) for name in pack.parameters}
    every = [each for each in pack.parameters.values() if each.kind is ParameterKind.SETTING]
    yield "| setting | default | used by | why this value |"
    yield "|---|---|---|---|"
    for each in sorted(every, key=lambda each: (-len(users[each.name]), each.name)):
        yield setting(each, users[each.name])


def setting(parameter: Parameter, users: tuple[str, ...]) -> str:
    """Return the line of one setting: its latest value."""
    value = parameter.values[-1]
    return write_row(
        f"{quote_code(parameter.name)}<br>{both(parameter.title)}",
        both(value.wording),
        codes(users),
        both(value.note) if value.note is not None else "",
    )


def uses(pack: Pack, name: str) -> Iterator[str]:
    """Yield the policies and workflows that use a parameter."""
    path = f"parameters.{name}"
    for policy in pack.policies.values():
        if name in policy.parameters:
            yield policy.name
    for workflow in pack.workflows.values():
        if any(getattr(clock.limit, "name", None) == name for clock in workflow.clocks.values()):
            yield workflow.name
        if any(
            path in each.reads for state in workflow.states.values() for each in state.expressions
        ):
            yield workflow.name
