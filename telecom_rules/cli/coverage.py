"""`telecom-rules coverage`: which parts of a pack answer each clause of its sources."""

from __future__ import annotations

from collections import Counter
from math import ceil, floor
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path, read_percent
from telecom_rules.cli.reporting import (
    add_report_options,
    add_selection,
    build_report,
    open_output,
    write_report,
)
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus, UsageError
from telecom_rules.errors import UnknownName
from telecom_rules.findings.kinds import SOURCE
from telecom_rules.reports import json
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from telecom_rules.checks.analysis.matrix import TracedClause
    from telecom_rules.checks.analysis.tally import Tally
    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.wording import Language


NAME = "coverage"
SUMMARY = "print which parts of a pack answer each clause of its sources"
EXAMPLE = "telecom-rules coverage house_rules/ --check"

NO_CLAUSES = Wording("规则包没有条款", "the pack has no clauses")
SOURCE_HEAD = Wording("{name}：{title}（{counts}）", "{name}: {title} ({counts})")
COUNT = Wording("{what} {count}", "{what} {count}")
WAYS_HEAD = Wording("落实方式：{counts}", "answered by: {counts}")
STANDING_REASON = Wording("{standing}：{reason}", "{standing}: {reason}")
TABLE_HEADER = Wording("| 条款 | 内容 | 方式 | 落实 |", "| clause | content | how | answered by |")
CLAUSES_LINE = Wording("条款 {total} 条：{counts}", "clauses {total}: {counts}")
CHECKS_LINE = Wording(
    "检查项 {total} 项：{counts}；仅凭申报的占 {share}%",
    "checks {total}: {counts}; {share}% are declarations",
)
EXECUTABLE_LINE = Wording(
    "规范书可执行条款 {total} 条，由规则本身判断的 {count} 条，占 {share}%",
    "executable clauses of specifications {total}: worked out {count}, {share}%",
)
WEAK_HEADS = {
    "clause": Wording("仅有申报或名称的条款", "clauses with a declaration or a name alone"),
    "check": Wording("仅凭申报的检查项", "checks that are declarations"),
}
WEAK_LINE = Wording("{name} {title}（{way}）：{reason}", "{name} {title} [{way}]: {reason}")
NO_REASON = Wording("未说明理由", "no reason is given")
SUMMARY_HEAD = Wording("合计", "summary")
MATRIX_FORMATS = frozenset({None, "text", "json", "markdown"})
"""The formats of the matrix itself, which has no findings."""
NEEDS_CHECK = Wording(
    "格式 {name} 须与 `--check` 同用", "the format {name} is for the findings of `--check`"
)
STATISTICS_NEED_CHECK = Wording(
    "`--statistics` 须与 `--check` 同用", "`--statistics` is for the findings of `--check`"
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or a file inside it")
    parser.add_argument("--source", metavar="NAME", help="only the clauses of this source")
    parser.add_argument(
        "--check",
        action="store_true",
        help="report unanswered clauses of a specification, and elements without a "
        "clause, instead of the matrix",
    )
    parser.add_argument(
        "--acting",
        metavar="PERCENT",
        help="with --check, the least share of the answered clauses of a specification that must "
        "be answered by a clock, formula, guard, order or evidence, and not by a declaration of "
        "the host or a name",
    )
    add_report_options(parser, ("markdown",))
    add_selection(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the matrix, or check it."""
    from telecom_rules.checks.analysis.matrix import build_matrix
    from telecom_rules.checks.analysis.tally import build_tally
    from telecom_rules.pack import read

    least = read_percent("--acting", arguments.acting)
    reading = read(arguments.path)
    pack = reading.require_pack()
    if arguments.source is not None and arguments.source not in pack.sources:
        raise UnknownName(SOURCE, arguments.source, find_nearest(arguments.source, pack.sources))
    if arguments.check:
        return check_matrix(reading, arguments, screen, least)
    if arguments.format not in MATRIX_FORMATS:
        raise UsageError(NEEDS_CHECK.fill(name=arguments.format))
    if arguments.statistics:
        raise UsageError(STATISTICS_NEED_CHECK)
    rows = [
        row for row in build_matrix(reading) if arguments.source in (None, row.clause.source.name)
    ]
    tally = build_tally(pack, rows)
    with open_output(arguments, screen) as out:
        if arguments.format == "json":
            document = {**json.begin(NAME), "pack": pack.name, "version": pack.version}
            document |= {"digest": pack.digest, "clauses": dump_matrix(rows)}
            document["summary"] = dump_tally(tally)
            out.write_document(json.encode(document), "json")
        elif not rows:
            out.say(NO_CLAUSES)
        elif arguments.format == "markdown":
            out.write_document("\n".join(write_markdown(rows, tally, out.language)), "markdown")
        else:
            show_matrix(rows, out)
            show_tally(tally, out)
    return CLEAN if rows else NOT_CHECKED


def check_matrix(
    reading: Reading, arguments: argparse.Namespace, screen: Screen, least: float | None
) -> ExitStatus:
    """Report the clauses without an element, the elements without a clause, and a share too low.

    Args:
        reading: the pack.
        arguments: the options of the report.
        screen: where it goes.
        least: the share of the answered clauses that the rules have to work out, in per cent.
    """
    from telecom_rules.checks import check_citations
    from telecom_rules.pack import find_pack

    low = find_low_shares(reading, least) if least else ()
    found = sorted((*check_citations(reading), *low), key=lambda each: each.span)
    report = build_report(reading, found, arguments, screen, NAME)
    if arguments.format == "markdown":
        said = [each.concise(screen.language) for each in report.findings]
        with open_output(arguments, screen) as out:
            out.write_document("\n".join(write_list(said, out.language)), "markdown")
    else:
        write_report(report, arguments, screen, find_pack(arguments.path))
    return FINDINGS if report.findings else CLEAN


def find_low_shares(reading: Reading, least: float) -> tuple[Finding, ...]:
    """Return a finding for each specification of which the rules work out too little.

    A clause that only names kinds is left out: there is nothing in it to work out.

    Args:
        reading: the result of `telecom_rules.pack.read`.
        least: the share of its answered clauses that is asked for, in per cent.
    """
    from telecom_rules.checks.analysis.matrix import build_matrix, group_by_source, is_required
    from telecom_rules.checks.analysis.ways import ACTING, Way
    from telecom_rules.findings import Finding
    from telecom_rules.vocabulary import SourceDefinition

    found: list[Finding] = []
    for source, clauses in group_by_source(build_matrix(reading)):
        ways = [row.way for row in clauses if row.way not in {None, Way.VOCABULARY}]
        if not ways or not is_required(source):
            continue
        share = 100 * sum(way in ACTING for way in ways) // len(ways)
        if share < least:
            definition = next(
                each for each in reading.drafts.of(SourceDefinition) if each.source == source.name
            )
            values = {"source": source.name, "share": share, "least": f"{least:g}"}
            found.append(Finding("TR508", definition.span, values))
    return tuple(found)


def write_list(lines: Sequence[str], language: Language) -> Iterator[str]:
    """Yield texts as the items of a list of a page, or that there are none."""
    from telecom_rules.findings import summarize
    from telecom_rules.reports.markdown import escape_text

    if not lines:
        yield escape_text(summarize((), language))
    for each in lines:
        yield f"- {escape_text(each)}"


def show_matrix(rows: Sequence[TracedClause], screen: Screen) -> None:
    """Print the matrix for people."""
    from telecom_rules.checks.analysis.matrix import group_by_source

    for source, clauses in group_by_source(rows):
        screen.write_title(
            SOURCE_HEAD.fill(name=source.name, title=source.title, counts=count_standings(clauses))
        )
        if any(row.way for row in clauses):
            screen.say(WAYS_HEAD.fill(counts=count_ways(clauses)))
        for row in clauses:
            number = screen.paint(f"{row.clause.id:<11}", "bold")
            title = row.clause.title.say(screen.language)
            screen.write_line(f"  {number} {title}{describe_way(row, screen.language)}")
            for line in describe_answers(row, screen.language):
                screen.write_line(f"              {line}")


def count_standings(rows: Sequence[TracedClause]) -> Wording:
    """Return how many clauses there are of each standing."""
    from telecom_rules.checks.analysis.matrix import ClauseStanding

    counts = Counter(row.standing for row in rows)
    return join_counts((each.wording, counts[each]) for each in ClauseStanding)


def count_ways(rows: Sequence[TracedClause]) -> Wording:
    """Return how many of the answered clauses are answered in each way."""
    from telecom_rules.checks.analysis.ways import Way

    counts = Counter(row.way for row in rows)
    return join_counts((each.wording, counts[each]) for each in Way)


def join_counts(counts: Iterable[tuple[Wording, int]]) -> Wording:
    """Return counts in one line, without those that are 0."""
    parts = (COUNT.fill(what=what, count=count) for what, count in counts if count)
    return join_wordings(parts, between=("，", ", "))


def describe_way(row: TracedClause, language: Language) -> str:
    """Return how a clause is answered, in brackets, or nothing."""
    return "" if row.way is None else f" [{row.way.wording.say(language)}]"


def describe_answers(
    row: TracedClause,
    language: Language,
    say: Callable[[str], str] = str,
    quote: Callable[[str], str] = str,
) -> Iterator[str]:
    """Yield the elements that answer a clause, one line a kind, or the reason why none does.

    Args:
        row: the clause.
        language: the language.
        say: escapes a text for the format.
        quote: writes the name of an element in the format.
    """
    from telecom_rules.checks.analysis.matrix import ClauseStanding

    kinds: dict[str, list[Element]] = {}
    for each in row.elements:
        kinds.setdefault(each.kind.say(language), []).append(each)
    for kind, elements in kinds.items():
        paths = dict.fromkeys(each.path for each in elements)
        yield f"{say(kind)} {', '.join(map(quote, paths))}"
    if row.standing is not ClauseStanding.ANSWERED:
        reason = row.reason or row.clause.title
        standing = row.standing.wording if row.reason is None else STANDING_REASON.fill(
            standing=row.standing.wording, reason=reason
        )  # fmt: skip
        yield say(standing.say(language))


def write_markdown(rows: Sequence[TracedClause], tally: Tally, language: Language) -> Iterator[str]:
    """Yield the matrix as the lines of a page."""
    from telecom_rules.checks.analysis.matrix import group_by_source
    from telecom_rules.reports.markdown import escape_text, quote_code, write_row

    for source, clauses in group_by_source(rows):
        yield f"## {escape_text(source.title.say(language))}"
        yield ""
        yield escape_text(count_standings(clauses).say(language))
        yield ""
        if any(row.way for row in clauses):
            yield escape_text(WAYS_HEAD.fill(counts=count_ways(clauses)).say(language))
            yield ""
        yield TABLE_HEADER.say(language)
        yield "|---|---|---|---|"
        for row in clauses:
            way = "" if row.way is None else row.way.wording.say(language)
            answers = describe_answers(row, language, escape_text, quote_code)
            title = escape_text(row.clause.title.say(language))
            yield write_row(
                quote_code(str(row.clause)), title, escape_text(way), "<br>".join(answers)
            )
        yield ""
    yield f"## {escape_text(SUMMARY_HEAD.say(language))}"
    yield ""
    for line in describe_tally(tally):
        yield f"- {escape_text(line.say(language))}"
    for head, lines in group_weak(tally):
        yield ""
        yield escape_text(head.say(language))
        yield ""
        yield from (f"- {escape_text(line.say(language))}" for line in lines)


def show_tally(tally: Tally, screen: Screen) -> None:
    """Print the counts of all, and what is weak with its reason."""
    screen.write_title(SUMMARY_HEAD)
    for line in describe_tally(tally):
        screen.write_line(f"  {line.say(screen.language)}")
    for head, lines in group_weak(tally):
        screen.write_line(f"  {head.say(screen.language)}")
        for line in lines:
            screen.write_line(f"    {line.say(screen.language)}")


def describe_tally(tally: Tally) -> Iterator[Wording]:
    """Yield a line for the clauses, one for the checks and one for the executable clauses."""
    from telecom_rules.checks.analysis.matrix import ClauseStanding
    from telecom_rules.checks.analysis.ways import Way

    ways = [(each.wording, tally.clauses.get(each, 0)) for each in Way]
    others = [each for each in ClauseStanding if each is not ClauseStanding.ANSWERED]
    standings = [(each.wording, tally.standings.get(each, 0)) for each in others]
    total = sum(tally.standings.values())
    yield CLAUSES_LINE.fill(total=total, counts=join_counts((*ways, *standings)))
    if tally.declared_share is not None:
        counts = join_counts((each.wording, tally.checks.get(each, 0)) for each in Way)
        total = sum(tally.checks.values())
        # Rounded against us, so that neither share looks better than it is.
        share = write_tenths(ceil(tally.declared_share * 1000))
        yield CHECKS_LINE.fill(total=total, counts=counts, share=share)
    if tally.worked_out_share is not None:
        share = write_tenths(floor(tally.worked_out_share * 1000))
        yield EXECUTABLE_LINE.fill(total=tally.executable, count=tally.worked_out, share=share)


def write_tenths(tenths: int) -> str:
    """Return a number of tenths with one decimal."""
    return f"{tenths // 10}.{tenths % 10}"


def group_weak(tally: Tally) -> Iterator[tuple[Wording, list[Wording]]]:
    """Yield the weak clauses and the weak checks, each with a line and its reason."""
    for kind, head in WEAK_HEADS.items():
        lines = [
            WEAK_LINE.fill(
                name=each.name,
                title=each.title,
                way=each.way.wording,
                reason=each.reason or NO_REASON,
            )
            for each in tally.weak
            if each.kind == kind
        ]
        if lines:
            yield head, lines


def dump_tally(tally: Tally) -> dict[str, object]:
    """Return the counts and what is weak as JSON; shares in per cent."""
    from telecom_rules.checks.analysis.matrix import ClauseStanding
    from telecom_rules.checks.analysis.ways import Way

    declared, worked_out = tally.declared_share, tally.worked_out_share
    return {
        "clauses": {
            "total": sum(tally.standings.values()),
            **{str(each): tally.standings.get(each, 0) for each in ClauseStanding},
            "how": {str(each): tally.clauses.get(each, 0) for each in Way},
        },
        "checks": {
            "total": sum(tally.checks.values()),
            "how": {str(each): tally.checks.get(each, 0) for each in Way},
            "declared_percent": None if declared is None else ceil(declared * 1000) / 10,
        },
        "executable": {
            "total": tally.executable,
            "worked_out": tally.worked_out,
            "percent": None if worked_out is None else floor(worked_out * 1000) / 10,
        },
        "weak": [
            {
                "kind": str(each.kind),
                "name": each.name,
                "title": each.title,
                "how": each.way,
                "reason": each.reason,
            }
            for each in tally.weak
        ],
    }


def dump_matrix(rows: Sequence[TracedClause]) -> list[dict[str, object]]:
    """Return the matrix as JSON."""
    return [
        {
            "clause": str(row.clause),
            "title": row.clause.title,
            "standing": str(row.standing),
            "how": row.way,
            "reason": row.reason,
            "elements": [
                {
                    "kind": each.kind,
                    "name": each.path,
                    "file": each.span.file,
                    "line": each.span.line,
                }
                for each in row.elements
            ],
        }
        for row in rows
    ]
