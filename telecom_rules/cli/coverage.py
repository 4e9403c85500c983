"""`telecom-rules coverage`: which parts of a pack answer each clause of its sources."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path, read_percent
from telecom_rules.cli.reporting import path_from_here
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.errors import UnknownName
from telecom_rules.findings.kinds import SOURCE
from telecom_rules.reports import Report, json, text
from telecom_rules.reports.places import move_report
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from telecom_rules.checks.analysis.matrix import TracedClause
    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.vocabulary import Source
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
ACTING_SHARE = Wording(
    "{name}：已落实的条款中，由规则本身判断的占 {share}%，低于要求的 {least}%",
    "{name}: of the clauses answered, {share}% are answered by what the rules work out, which is"
    " below the {least}% asked for",
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
    parser.add_argument(
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="a list for people, a report for machines, or tables for a page",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the matrix, or check it."""
    from telecom_rules.checks.analysis.matrix import build_matrix
    from telecom_rules.pack import find_pack, read

    least = read_percent("--acting", arguments.acting)
    reading = read(arguments.path)
    pack = reading.require_pack()
    if arguments.source is not None and arguments.source not in pack.sources:
        raise UnknownName(SOURCE, arguments.source, find_nearest(arguments.source, pack.sources))
    if arguments.check:
        folder = path_from_here(find_pack(arguments.path))
        return check_matrix(reading, folder, screen, least, style=arguments.format)
    rows = [
        row for row in build_matrix(reading) if arguments.source in (None, row.clause.source.name)
    ]
    if arguments.format == "json":
        screen.write_document(json.encode(dump_matrix(rows)), "json")
    elif not rows:
        screen.say(NO_CLAUSES)
    elif arguments.format == "markdown":
        screen.write_document("\n".join(write_markdown(rows, screen.language)), "markdown")
    else:
        show_matrix(rows, screen)
    return CLEAN if rows else NOT_CHECKED


def check_matrix(
    reading: Reading, folder: str, screen: Screen, least: float | None, *, style: str
) -> ExitStatus:
    """Print the clauses without an element, the elements without a clause, and a share too low.

    Args:
        reading: the pack.
        folder: the path of its folder from the working directory.
        screen: where the report goes.
        least: the share that has to be acting, in per cent.
        style: the format of the report.
    """
    from telecom_rules.checks import check_citations

    found = check_citations(reading)
    report = move_report(
        Report(findings=found, texts=reading.texts, language=screen.language, color=screen.colour),
        folder,
    )
    findings = report.findings
    failed = [] if least is None else [each for each in iter_shares(reading) if each[1] < least]
    told = [
        ACTING_SHARE.fill(name=source, share=share, least=f"{least:g}") for source, share in failed
    ]
    if style == "json":
        screen.write_document(json.encode(dump_check(findings, failed, least)), "json")
    elif style == "markdown":
        said = [*(each.concise(screen.language) for each in findings)]
        said += [each.say(screen.language) for each in told]
        screen.write_document("\n".join(write_list(said, screen.language)), "markdown")
    else:
        screen.write_document(text.write(report), "text")
        for each in told:
            screen.say(each)
    return FINDINGS if findings or failed else CLEAN


def dump_check(
    findings: Sequence[Finding], failed: Sequence[tuple[str, int]], least: float | None
) -> dict[str, object]:
    """Return what was found as JSON: findings, and each source with too low a share."""
    return {
        "findings": [each.dump() for each in findings],
        "acting": [
            {"source": source, "percent": share, "least": least} for source, share in failed
        ],
    }


def write_list(lines: Sequence[str], language: Language) -> Iterator[str]:
    """Yield texts as the items of a list of a page, or that there are none."""
    from telecom_rules.findings import summarize
    from telecom_rules.reports.markdown import escape_text

    if not lines:
        yield escape_text(summarize((), language))
    for each in lines:
        yield f"- {escape_text(each)}"


def iter_shares(reading: Reading) -> Iterator[tuple[str, int]]:
    """Yield each specification with the percentage of its answered clauses that the rules act on.

    A clause that only names kinds is left out: there is nothing in it to act on.
    """
    from telecom_rules.checks.analysis.matrix import build_matrix, is_required
    from telecom_rules.checks.analysis.ways import ACTING, Way

    for source, clauses in group_by_source(build_matrix(reading)):
        ways = [row.way for row in clauses if row.way not in {None, Way.VOCABULARY}]
        if ways and is_required(source):
            yield source.name, 100 * sum(way in ACTING for way in ways) // len(ways)


def group_by_source(rows: Sequence[TracedClause]) -> Iterator[tuple[Source, list[TracedClause]]]:
    """Yield the clauses source by source."""
    for _, group in groupby(rows, key=lambda row: row.clause.source.name):
        clauses = list(group)
        yield clauses[0].clause.source, clauses


def show_matrix(rows: Sequence[TracedClause], screen: Screen) -> None:
    """Print the matrix for people."""
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


def write_markdown(rows: Sequence[TracedClause], language: Language) -> Iterator[str]:
    """Yield the matrix as the lines of a page."""
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
