"""`telecom-rules coverage`: which parts of a pack answer each clause of its sources."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.errors import UnknownName
from telecom_rules.findings.kinds import SOURCE
from telecom_rules.reports import Report, json, text
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.analysis.matrix import TracedClause
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.vocabulary import Source
    from telecom_rules.wording import Language


NAME = "coverage"
SUMMARY = "print which parts of a pack answer each clause of its sources"
EXAMPLE = "telecom-rules coverage house_rules/ --check"

NO_CLAUSES = Wording("规则包没有条款", "the pack has no clauses")
SOURCE_HEAD = Wording("{name}：{title}（{counts}）", "{name}: {title} ({counts})")
STANDING_COUNT = Wording("{standing} {count}", "{standing} {count}")
STANDING_REASON = Wording("{standing}：{reason}", "{standing}: {reason}")
TABLE_HEADER = Wording("| 条款 | 内容 | 落实 |", "| clause | content | answered by |")


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
        "--format",
        choices=("text", "json", "markdown"),
        default="text",
        help="a list for people, a report for machines, or tables for a page",
    )


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the matrix, or check it."""
    from telecom_rules.checks.analysis.matrix import build_matrix
    from telecom_rules.pack import read

    reading = read(arguments.path)
    pack = reading.require_pack()
    if arguments.source is not None and arguments.source not in pack.sources:
        raise UnknownName(SOURCE, arguments.source, find_nearest(arguments.source, pack.sources))
    if arguments.check:
        return check_matrix(reading, screen)
    rows = [
        row for row in build_matrix(reading) if arguments.source in (None, row.clause.source.name)
    ]
    if not rows:
        screen.say(NO_CLAUSES)
        return NOT_CHECKED
    if arguments.format == "json":
        screen.write_line(json.encode(dump_matrix(rows)))
    elif arguments.format == "markdown":
        for line in write_markdown(rows, screen.language):
            screen.write_line(line)
    else:
        show_matrix(rows, screen)
    return CLEAN


def check_matrix(reading: Reading, screen: Screen) -> ExitStatus:
    """Print the clauses without an element and the elements without a clause."""
    from telecom_rules.checks import check_citations

    findings = check_citations(reading)
    report = Report(
        findings=findings, texts=reading.texts, language=screen.language, color=screen.colour
    )
    screen.write_line(text.write(report))
    return FINDINGS if findings else CLEAN


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
        for row in clauses:
            number = screen.paint(f"{row.clause.id:<11}", "bold")
            screen.write_line(f"  {number} {row.clause.title.say(screen.language)}")
            for line in describe_answers(row, screen.language):
                screen.write_line(f"              {line}")


def count_standings(rows: Sequence[TracedClause]) -> Wording:
    """Return how many clauses there are of each standing."""
    from telecom_rules.checks.analysis.matrix import ClauseStanding

    counts = Counter(row.standing for row in rows)
    parts = [
        STANDING_COUNT.fill(standing=each.wording, count=counts[each])
        for each in ClauseStanding
        if counts[each]
    ]
    return Wording("，".join(each.zh for each in parts), ", ".join(each.en for each in parts))


def describe_answers(row: TracedClause, language: Language, mark: str = "") -> Iterator[str]:
    """Yield the elements that answer a clause, one line a kind, or the reason why none does.

    Args:
        row: the clause.
        language: the language.
        mark: the sign around the name of each element, such as a backtick.
    """
    from telecom_rules.checks.analysis.matrix import ClauseStanding

    kinds: dict[str, list[Element]] = {}
    for each in row.elements:
        kinds.setdefault(each.kind.say(language), []).append(each)
    for kind, elements in kinds.items():
        paths = dict.fromkeys(each.path for each in elements)
        yield f"{kind} " + ", ".join(f"{mark}{path}{mark}" for path in paths)
    if row.standing is not ClauseStanding.ANSWERED:
        reason = row.reason or row.clause.title
        standing = row.standing.wording if row.reason is None else STANDING_REASON.fill(
            standing=row.standing.wording, reason=reason
        )  # fmt: skip
        yield standing.say(language)


def write_markdown(rows: Sequence[TracedClause], language: Language) -> Iterator[str]:
    """Yield the matrix as the lines of a page."""
    for source, clauses in group_by_source(rows):
        yield f"## {source.title.say(language)}"
        yield ""
        yield count_standings(clauses).say(language)
        yield ""
        yield TABLE_HEADER.say(language)
        yield "|---|---|---|"
        for row in clauses:
            answers = "<br>".join(describe_answers(row, language, "`"))
            title = row.clause.title.say(language)
            yield f"| `{row.clause}` | {title} | {answers} |".replace("\n", " ")
        yield ""


def dump_matrix(rows: Sequence[TracedClause]) -> list[dict[str, object]]:
    """Return the matrix as JSON."""
    return [
        {
            "clause": str(row.clause),
            "title": row.clause.title,
            "standing": str(row.standing),
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
