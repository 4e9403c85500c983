"""`telecom-rules diff`: the changes between two packs, and the open cases they would strand."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.errors import FactsError, PackError, SnapshotError
from telecom_rules.reports import json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Change, Difference, Pack
    from telecom_rules.workflows import Reason, Workflow


NAME = "diff"
SUMMARY = "list the changes between two packs, and the open cases they would strand"
EXAMPLE = "telecom-rules diff rules_2026/ rules_2027/ --cases open_cases.jsonl"

MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
NO_CHANGE = Wording("两个规则包内容相同", "the two packs have the same content")
NOT_THERE = Wording("（无）", "(none)")
NO_WORKFLOW = Wording("新规则包中没有这一流程", "the newer pack does not have this workflow")
STRANDED_TITLE = Wording(
    "处于下列状态的个案将无法继续：", "Cases in these states would be stranded:"
)
CASES_TITLE = Wording("个案", "Cases")
NO_INSTANT = Wording("没有时刻 `at`", "the snapshot has no instant `at`")
TOO_MANY_STATES = Wording("状态组合过多，未逐一检查", "too many configurations to check each")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("old", help="the older pack")
    parser.add_argument("new", help="the newer pack")
    parser.add_argument(
        "--cases",
        type=Path,
        metavar="FILE",
        help="snapshots of cases, .json or .jsonl: which of the open ones would be stranded",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people, or for machines"
    )


class Fate(StrEnum):
    """The fate of a case when the newer pack takes over."""

    CURRENT = "current"
    """It runs in the newer pack already."""
    MOVED = "moved"
    """A migration moves it to the newer pack."""
    CLOSED = "closed"
    """It has ended."""
    STRANDED = "stranded"
    """No migration covers it."""
    UNREADABLE = "unreadable"
    """It is not a snapshot, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One case of the file and its fate.

    Attributes:
        place: its place in the file.
        id: the case's id, if there is one.
        workflow: its workflow.
        state: the innermost states it is in.
        fate: its fate.
        reasons: why it is stranded or unreadable.
        cites: the clauses behind them.
    """

    place: str
    id: str = ""
    workflow: str = ""
    state: str = ""
    fate: Fate = Fate.UNREADABLE
    reasons: tuple[Wording, ...] = ()
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Position:
    """States of the older pack in which a case would be stranded, and why."""

    workflow: str
    state: str
    reasons: tuple[Wording, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffReport:
    """The result of a comparison."""

    old: Pack
    new: Pack
    changes: tuple[Change, ...]
    positions: tuple[Position, ...]
    outlooks: tuple[Outlook, ...]


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Compare the packs, find the fate of each case, and print both."""
    from telecom_rules.pack import compare, read

    readings = []
    for path in (arguments.old, arguments.new):
        try:
            readings.append(read(path))
            readings[-1].require_pack()
        except PackError as problem:
            print(f"{path}: {problem.explain(screen.language)}", file=sys.stderr)
            return NOT_CHECKED
    old, new = (each.require_pack() for each in readings)
    changes = compare(readings[0].drafts, readings[1].drafts)
    outlooks = tuple(outlook_of(old, new, row) for row in read_snapshots(arguments.cases))
    report = DiffReport(old, new, changes, tuple(find_positions(old, new)), outlooks)
    if arguments.format == "json":
        screen.write_line(json.encode(dump_report(report)))
    else:
        write_text(report, screen)
    fates = {each.fate for each in outlooks}
    if Fate.STRANDED in fates:
        return FINDINGS
    return NOT_CHECKED if Fate.UNREADABLE in fates else CLEAN


def read_snapshots(file: Path | None) -> Iterator[FileRecord]:
    """Return the records of a file of snapshots; none without a file."""
    from telecom_rules.cli.records import read_records

    return iter(()) if file is None else read_records(file)


def find_positions(old: Pack, new: Pack) -> Iterator[Position]:
    """Yield the states of the older pack whose cases the newer one cannot continue."""
    if old.digest == new.digest:
        return
    for name, workflow in old.workflows.items():
        if name not in new.workflows:
            cites = tuple(map(str, workflow.cites))
            yield Position(name, "*", (NO_WORKFLOW,), cites)
        else:
            yield from find_stranded_states(workflow, new.workflows[name])


def find_stranded_states(old: Workflow, new: Workflow) -> Iterator[Position]:
    """Yield the states of one workflow whose cases its newer version cannot continue."""
    from telecom_rules.checks.analysis.state_space import StateSpace, StateSpaceTooLarge
    from telecom_rules.workflows import machine_of
    from telecom_rules.workflows.migration.migrate import find_migration_hindrances

    try:
        configurations = StateSpace(old).explore()
    except StateSpaceTooLarge:
        yield Position(old.name, "*", (TOO_MANY_STATES,), ())
        return
    machine = machine_of(new)
    open_ones = sorted((each for each in configurations if not each.final), key=lambda it: it.name)
    found = [
        (
            each.name,
            find_migration_hindrances(
                machine, new.migrations, old.version, old.digest, each.states
            ),
        )
        for each in open_ones
    ]
    stranded = {state: reasons for state, reasons in found if reasons}
    texts = {wordings_of(each) for each in stranded.values()}
    if len(stranded) == len(open_ones) and len(texts) == 1:
        stranded = {"*": next(iter(stranded.values()))}
    for state, reasons in stranded.items():
        yield Position(old.name, state, wordings_of(reasons), clauses_of(reasons))


def wordings_of(reasons: Sequence[Reason]) -> tuple[Wording, ...]:
    """Return the texts of reasons."""
    return tuple(each.wording for each in reasons)


def clauses_of(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Return the clauses of reasons, each once."""
    return tuple(dict.fromkeys(str(clause) for each in reasons for clause in each.cites))


def outlook_of(old: Pack, new: Pack, row: FileRecord) -> Outlook:
    """Return one case of the file with its fate."""
    from telecom_rules.cli.records import Unreadable
    from telecom_rules.workflows import Stranded

    if isinstance(row.data, Unreadable):
        return Outlook(row.place, reasons=(row.data.wording,))
    data = unwrap_snapshot(row.data)
    id, name = str(data.get("id", "")), str(data.get("workflow", ""))
    states = data.get("states")
    one = Outlook(row.place, id, name, str(states[-1]) if isinstance(states, list) else "")
    try:
        if data.get("digest") == old.digest:
            case = old.restore(data)
            one = replace(one, state=case.state)
            if case.final:
                return replace(one, fate=Fate.CLOSED)
        if data.get("digest") == new.digest:
            return replace(one, state=new.restore(data).state, fate=Fate.CURRENT)
        if name not in new.workflows and name in old.workflows:
            cites = tuple(map(str, old.workflows[name].cites))
            return replace(one, fate=Fate.STRANDED, reasons=(NO_WORKFLOW,), cites=cites)
        moved = new.migrate(data, at=datetime.fromisoformat(str(data.get("at"))))
    except (SnapshotError, FactsError) as problem:
        return replace(one, reasons=(problem.wording,))
    except ValueError:
        return replace(one, reasons=(NO_INSTANT,))
    if isinstance(moved, Stranded):
        cites = tuple(map(str, moved.cites))
        return replace(one, fate=Fate.STRANDED, reasons=wordings_of(moved.reasons), cites=cites)
    return replace(one, fate=Fate.MOVED)


def unwrap_snapshot(data: Mapping[str, object]) -> Mapping[str, object]:
    """Return a snapshot; `telecom-rules run --json` writes it under the key `case`."""
    case = data.get("case")
    return case if isinstance(case, dict) and "workflow" not in data else data


def write_text(report: DiffReport, screen: Screen) -> None:
    """Print the changes, then the states in which cases would be stranded, then the cases."""
    for pack in (report.old, report.new):
        screen.write_line(f"{pack.name} {pack.version} ({pack.digest[:19]})")
    screen.write_line()
    for change in report.changes:
        show_change(change, screen)
    if not report.changes:
        screen.say(NO_CHANGE)
    if report.positions:
        screen.write_title(STRANDED_TITLE)
    for each in report.positions:
        where = Wording("任何状态", "any state") if each.state == "*" else Wording.same(each.state)
        screen.write_line(f"  {each.workflow}: {where.say(screen.language)}")
        show_reasons(each.reasons, each.cites, screen)
    if report.outlooks:
        screen.write_title(CASES_TITLE)
        show_cases(report.outlooks, screen)


def show_change(change: Change, screen: Screen) -> None:
    """Print one change."""
    mark, colour = MARKS[change.kind]
    title = f"  {change.title.say(screen.language)}" if change.title is not None else ""
    what = change.what.say(screen.language)
    screen.write_line(
        f"{screen.paint(mark, colour)} {what} {change.name}{title}{screen.cite(change.cites)}"
    )
    for each in change.differences:
        screen.write_line(f"    {each.key}: {describe_key_change(each, screen)}")


def describe_key_change(difference: Difference, screen: Screen) -> str:
    """Return the old and the new value of a key."""
    absent = NOT_THERE.say(screen.language)
    before, after = (
        absent if each is None else " ".join(each.split())
        for each in (difference.before, difference.after)
    )
    return f"{before} → {after}"


def show_reasons(reasons: Sequence[Wording], cites: Sequence[str], screen: Screen) -> None:
    """Print why a case is stranded or cannot be read."""
    for number, reason in enumerate(reasons, start=1):
        behind = screen.cite(cites) if number == len(reasons) else ""
        screen.write_line(f"    {reason.say(screen.language)}{behind}")


def show_cases(outlooks: Sequence[Outlook], screen: Screen) -> None:
    """Print the cases that are stranded or unreadable, and count all cases."""
    for each in outlooks:
        if each.fate in {Fate.STRANDED, Fate.UNREADABLE}:
            where = f"{each.workflow}: {each.state}" if each.workflow else each.place
            screen.write_line(f"{screen.paint('×', 'red')} {each.id or each.place}  {where}")
            show_reasons(each.reasons, each.cites, screen)
    counts = {fate: sum(each.fate is fate for each in outlooks) for fate in Fate}
    screen.say(
        Wording(
            "共 {all} 件：可继续 {moved}，已在新规则包 {current}，已结束 {closed}，"
            "无法继续 {stranded}，无法读取 {unreadable}",
            "{all} cases: {moved} can continue, {current} already use the newer pack, "
            "{closed} have ended, {stranded} would be stranded, {unreadable} cannot be read",
        ).fill(all=len(outlooks), **{str(fate): number for fate, number in counts.items()})
    )


def dump_report(report: DiffReport) -> dict[str, object]:
    """Return everything as one JSON object."""
    packs = {"old": report.old, "new": report.new}
    return {
        **{
            key: {"name": pack.name, "version": pack.version, "digest": pack.digest}
            for key, pack in packs.items()
        },
        "changes": [
            {
                "change": each.kind,
                "kind": each.what.en,
                "name": each.name,
                "title": each.title,
                "differences": each.differences,
                "cites": each.cites,
            }
            for each in report.changes
        ],
        "positions": report.positions,
        "cases": report.outlooks,
    }
