"""`telecom-rules diff`: the changes between two packs, and the open cases they would strand.

Of each change it says whether it makes the rules tighter or laxer.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_cases, read_instant
from telecom_rules.cli.fates import (
    NO_WORKFLOW,
    Fate,
    Outlook,
    find_outlook,
    group,
    has_title,
    word_reason,
)
from telecom_rules.cli.screen import cut_name
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.errors import PackError
from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.reports import json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from telecom_rules.checks.strictness import Deviation, JudgedChange
    from telecom_rules.cli.fates import Group
    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Difference, Overlay, Pack, Reading
    from telecom_rules.workflows import Reason, State, Workflow
    from telecom_rules.workflows.engine.machine import Machine


NAME = "diff"
SUMMARY = "list the changes between two packs, and the open cases they would strand"
EXAMPLE = (
    "telecom-rules diff rules_2026/ rules_2027/ --cases cases.jsonl --at 2027-01-01T00:00+08:00"
)

MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
NO_CHANGE = Wording("两个规则包内容相同", "the two packs have the same content")
SAME_MEANING = Wording("两个规则包规则相同", "the two packs have the same rules")
WORDING_TITLE = Wording(
    "仅文字不同（标题、说明、条款）：", "Only worded otherwise (titles, notes, clauses):"
)
SHOWN_BY = Wording(
    "{direction}：{what}（例：{evidence}）", "{direction}: {what}, shown by {evidence}"
)
LEFT_OPEN = Wording("{direction}：{what}（原因：{evidence}）", "{direction}: {what}: {evidence}")
SAID = Wording("{direction}：{what}", "{direction}: {what}")
ANY_STATE = Wording("任何状态", "any state")
REASON = Wording("理由：{reason}", "reason: {reason}")
KINDS = {
    "law": Wording("法定数值", "figure of the law"),
    "promise": Wording("承诺", "promise"),
    "setting": Wording("设置", "setting"),
}
"""Whose a figure is, by the word of the file."""
NOT_THERE = Wording("（无）", "(none)")
STRANDED_TITLE = Wording(
    "处于下列状态的个案将无法继续：", "Cases in these states would be stranded:"
)
CASES_TITLE = Wording("个案", "Cases")
TOO_MANY_STATES = Wording("状态组合过多，未逐一检查", "too many configurations to check each")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "old",
        help="the older pack: its folder, or the name of an installed one such as telecom_rules",
    )
    parser.add_argument("new", help="the newer pack")
    add_cases(parser)
    parser.add_argument(
        "--at",
        metavar="INSTANT",
        help="when the newer pack takes over, such as 2027-01-01T00:00+08:00; without it each case"
        " is looked at as of its last change",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people, or for machines"
    )


@dataclass(frozen=True, slots=True)
class Position:
    """States of the older pack in which a case would be stranded, and why.

    Attributes:
        workflow: the workflow.
        state: the innermost states, or `*` for any.
        title: the titles of these.
        reasons: why.
        cites: the clauses behind that.
    """

    workflow: str
    state: str
    title: Wording
    reasons: tuple[Wording, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DiffReport:
    """The result of a comparison."""

    old: Pack
    new: Pack
    changes: tuple[JudgedChange, ...]
    positions: tuple[Position, ...]
    outlooks: tuple[Outlook, ...]
    overlay: Overlay


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Compare the packs, find the fate of each case, and print both."""
    at = read_instant("--at", arguments.at)
    readings = read_two_packs(arguments, screen)
    if readings is None:
        return NOT_CHECKED
    report = build_report(*readings, arguments.cases, at)
    if arguments.format == "json":
        screen.write_document(json.encode(dump_report(report)), "json")
    else:
        write_text(report, screen)
    return status_of(report.outlooks)


def read_two_packs(arguments: argparse.Namespace, screen: Screen) -> tuple[Reading, Reading] | None:
    """Return the older and the newer pack, or complain of the one that does not load."""
    from telecom_rules.pack import read

    readings = []
    for path in (arguments.old, arguments.new):
        try:
            readings.append(read(find_pack_called(path)))
            readings[-1].require_pack()
        except PackError as problem:
            screen.complain(f"{escape_invisible(path)}: {problem.explain(screen.language)}")
            return None
    return readings[0], readings[1]


def find_pack_called(name: str) -> str | Path:
    """Return the folder of a pack by its path or, where nothing is there, by its name."""
    from telecom_rules.pack.overlay.layers import find_named

    return name if os.path.lexists(name) else find_named(name) or name


def build_report(old: Reading, new: Reading, cases: Path | None, at: datetime | None) -> DiffReport:
    """Return the changes between two packs that load, and what becomes of cases.

    Args:
        old: the older pack.
        new: the newer pack.
        cases: a file of snapshots; without one the states are told in which a case would be lost.
        at: when the newer pack takes over; without it each case counts as of its last change.
    """
    from telecom_rules.checks.strictness import find_deviations, judge_changes
    from telecom_rules.pack import compare, settle

    packs = old.require_pack(), new.require_pack()
    changes = settle(compare(old.drafts, new.drafts), *packs)
    outlooks = tuple(find_outlook(*packs, row, at) for row in read_snapshots(cases))
    # Where cases are given they are asked about, and not the states in which there might be some.
    positions = () if outlooks else tuple(find_positions(*packs, at))
    judged = judge_changes(changes, find_deviations(*packs))
    return DiffReport(*packs, judged, positions, outlooks, new.overlay)


def status_of(outlooks: Iterable[Outlook]) -> ExitStatus:
    """Return the exit status for the fates of cases."""
    fates = {each.fate for each in outlooks}
    # What could not be read may be stranded too: the check is not complete, whatever it found.
    if Fate.UNREADABLE in fates:
        return NOT_CHECKED
    return FINDINGS if Fate.STRANDED in fates else CLEAN


def read_snapshots(file: Path | None) -> Iterator[FileRecord]:
    """Return the records of a file of snapshots; none without a file."""
    from telecom_rules.cli.records import read_records

    return iter(()) if file is None else read_records(file)


def find_positions(old: Pack, new: Pack, at: datetime | None) -> Iterator[Position]:
    """Yield the states of the older pack whose cases the newer one cannot continue."""
    for name, workflow in old.workflows.items():
        if name not in new.workflows:
            cites = tuple(map(str, workflow.cites))
            yield Position(name, "*", ANY_STATE, (NO_WORKFLOW,), cites)
        elif workflow.digest != new.workflows[name].digest:
            yield from find_stranded_states(workflow, new.workflows[name], at)


def find_stranded_states(old: Workflow, new: Workflow, at: datetime | None) -> Iterator[Position]:
    """Yield the states of one workflow whose cases its newer version cannot continue."""
    from telecom_rules.checks.analysis.state_space import StateSpace, StateSpaceTooLarge
    from telecom_rules.workflows import machine_of
    from telecom_rules.workflows.migration.migrate import find_migration_hindrances

    try:
        configurations = StateSpace(old).explore()
    except StateSpaceTooLarge:
        yield Position(old.name, "*", ANY_STATE, (TOO_MANY_STATES,), ())
        return
    machine = machine_of(new)
    day = machine_of(old).digests.last_change_day if at is None else at.astimezone(old.zone).date()
    open_ones = sorted((each for each in configurations if not each.final), key=lambda it: it.name)
    found = [
        (
            each,
            find_migration_hindrances(
                machine, new.migrations, old.version, old.digest, each.states
            ),
        )
        for each in open_ones
        if not has_same_past(machine_of(old), machine, each.states, day)
    ]
    stranded = {state: reasons for state, reasons in found if reasons}
    texts = {wordings_of(each, old) for each in stranded.values()}
    if len(stranded) == len(open_ones) and len(texts) == 1:
        (text,), reasons = texts, next(iter(stranded.values()))
        yield Position(old.name, "*", ANY_STATE, text, clauses_of(reasons))
        return
    for state, reasons in stranded.items():
        text, cites = wordings_of(reasons, old), clauses_of(reasons)
        yield Position(old.name, state.name, state.title, text, cites)


def has_same_past(old: Machine, new: Machine, states: tuple[str, ...], day: date) -> bool:
    """Return whether nothing has changed that a case in some states may have done until a day."""
    if not new.configurations.can_be_active(frozenset(states)):
        return False
    known = tuple(sorted(old.facts.fields.keys() & new.facts.fields.keys()))
    past = old.digests.find_past(states, frozenset())
    one, other = (each.digests.pin(past, known, day) for each in (old, new))
    return one == other


def wordings_of(reasons: Sequence[Reason], old: Workflow) -> tuple[Wording, ...]:
    """Return the texts of reasons."""
    return tuple(word_reason(each, old) for each in reasons)


def clauses_of(reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Return the clauses of reasons, each once."""
    return tuple(dict.fromkeys(str(clause) for each in reasons for clause in each.cites))


def write_text(report: DiffReport, screen: Screen) -> None:
    """Print the changes, then the states in which cases would be stranded, then the cases."""
    for pack in (report.old, report.new):
        screen.write_line(f"{pack.name} {pack.version} ({pack.digest[:19]})")
    screen.write_line()
    meant = [each for each in report.changes if each.change.meaning]
    for change in meant:
        show_change(change, report.overlay, screen)
    if not meant:
        screen.say(SAME_MEANING if report.changes else NO_CHANGE)
    worded = [each for each in report.changes if not each.change.meaning]
    if worded:
        screen.write_title(WORDING_TITLE)
    for change in worded:
        show_change(change, report.overlay, screen)
    if report.positions:
        screen.write_title(STRANDED_TITLE)
        show_positions(report, screen)
    if report.outlooks:
        screen.write_title(CASES_TITLE)
        show_cases(report, screen)


def show_positions(report: DiffReport, screen: Screen) -> None:
    """Print the states in which cases would be stranded, reason by reason."""
    together: dict[object, list[Position]] = {}
    for each in report.positions:
        together.setdefault((each.workflow, each.reasons, each.cites), []).append(each)
    for positions in together.values():
        first = positions[0]
        states = screen.pick("、", ", ").join(
            screen.pick(each.title.zh, each.title.en if each.state == "*" else each.state)
            for each in positions
        )
        colon = screen.pick("：", ": ")
        screen.write_line(
            f"  {name_part(first.workflow, report.old.workflows, screen)}{colon}{states}"
        )
        show_reasons(first.reasons, first.cites, screen)


def name_part(name: str, known: Mapping[str, Workflow | State], screen: Screen) -> str:
    """Return a part as people call it: in English by its name, in Chinese by its title."""
    titled = name in known and has_title(known[name].title, name)
    shown = cut_name(name)
    return screen.pick(known[name].title.zh if titled else shown, shown)


def show_change(judged: JudgedChange, overlay: Overlay, screen: Screen) -> None:
    """Print one change, whether it makes the rules tighter or laxer, and why a house makes it."""
    change = judged.change
    mark, colour = MARKS[change.kind]
    title = f"  {change.title.say(screen.language)}" if change.title is not None else ""
    what = change.what.say(screen.language)
    screen.write_line(
        f"{screen.paint(mark, colour)} {what} {change.name}{title}{screen.cite(change.cites)}"
    )
    for each in change.differences:
        colon = screen.pick("：", ": ")
        screen.write_line(f"    {each.key}{colon}{describe_key_change(each, screen)}")
    if judged.direction is not None and not judged.deviations:
        screen.write_line(f"    {judged.direction.wording.say(screen.language)}")
    for deviation in judged.deviations:
        show_deviation(deviation, screen)
    reason = overlay.find_reason(change.within, change.name)
    if reason is not None:
        screen.write_line(f"    {REASON.fill(reason=reason).say(screen.language)}")


def show_deviation(deviation: Deviation, screen: Screen) -> None:
    """Print how the newer rules are tighter or laxer, with what shows it."""
    undecided = deviation.direction.value == "undecided"
    form = SAID if deviation.evidence is None else LEFT_OPEN if undecided else SHOWN_BY
    line = form.fill(
        direction=deviation.direction.wording,
        what=deviation.wording,
        evidence=deviation.evidence or "",
    )
    screen.write_line(f"    {line.say(screen.language)}{screen.cite(deviation.cites)}")


def describe_key_change(difference: Difference, screen: Screen) -> str:
    """Return the old and the new value of a key."""
    absent = NOT_THERE.say(screen.language)
    before, after = (
        absent if each is None else " ".join(each.split())
        for each in (difference.before, difference.after)
    )
    if difference.key == "kind":
        before, after = (name_kind(each, screen) for each in (before, after))
    return f"{before} → {after}"


def name_kind(kind: str, screen: Screen) -> str:
    """Return the kind of a figure for people, with the word of the file; another kind as it is."""
    name = KINDS.get(kind)
    return kind if name is None else screen.pick(f"{name.zh}（{kind}）", kind)


def show_reasons(reasons: Sequence[Wording], cites: Sequence[str], screen: Screen) -> None:
    """Print why a case is stranded or cannot be read."""
    for number, reason in enumerate(reasons, start=1):
        behind = screen.cite(cites) if number == len(reasons) else ""
        screen.write_line(f"    {reason.say(screen.language)}{behind}")


def show_cases(report: DiffReport, screen: Screen) -> None:
    """Print the cases that are stranded or unreadable, reason by reason, and count all cases."""
    outlooks = report.outlooks
    for each in group(outlooks):
        if each.fate in {Fate.STRANDED, Fate.UNREADABLE}:
            show_group(each, report.old, screen)
    for advice in dict.fromkeys(advice for each in outlooks for advice in each.advice):
        screen.say(advice)
    counts = {fate: sum(each.fate is fate for each in outlooks) for fate in Fate}
    screen.say(
        Wording(
            "共 {all} 件：照常继续 {restored}，需迁移 {moved}，已结束 {closed}，"
            "无法继续 {stranded}，无法读取 {unreadable}",
            "{all} case{s}: {restored} unchanged, {moved} to be migrated, {closed} ended, "
            "{stranded} stranded, {unreadable} unreadable",
        ).fill(
            all=len(outlooks),
            s="" if len(outlooks) == 1 else "s",
            **{str(fate): number for fate, number in counts.items()},
        )
    )


def show_group(cases: Group, old: Pack, screen: Screen) -> None:
    """Print how many cases have one fate for the same reasons, and the first of them."""
    more = ", …" if cases.count > len(cases.first) else ""
    states = old.workflows[cases.workflow].states if cases.workflow in old.workflows else {}
    where = ", ".join(
        f"{name_part(state, states, screen)} {number}"
        for state, number in cases.states.most_common()
        if state
    )
    workflow = name_part(cases.workflow, old.workflows, screen)
    named = f" {screen.pick('：', ': ').join(filter(None, (workflow, where)))}" if workflow else ""
    count = screen.paint(f"{cases.count} ×", "red")
    screen.write_line(f"{count}{named}  ({', '.join(cases.first)}{more})")
    show_reasons(cases.reasons, cases.cites, screen)


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
                "meaning": each.meaning,
                "name": each.name,
                "title": each.title,
                "differences": each.differences,
                "cites": each.cites,
                "reason": report.overlay.find_reason(each.within, each.name),
                "direction": judged.direction,
                "deviations": [dump_deviation(one) for one in judged.deviations],
            }
            for judged in report.changes
            for each in (judged.change,)
        ],
        "positions": report.positions,
        "groups": list(group(report.outlooks)),
        "cases": [dump_outlook(each) for each in report.outlooks],
    }


def dump_deviation(one: Deviation) -> dict[str, object]:
    """Return how the newer rules are tighter or laxer as JSON."""
    return {
        "direction": one.direction,
        "what": one.wording,
        "evidence": one.evidence,
        "cites": [str(clause) for clause in one.cites],
    }


def dump_outlook(one: Outlook) -> dict[str, object]:
    """Return one case as JSON; the advice is for people."""
    return {
        "place": one.place,
        "id": one.id,
        "workflow": one.workflow,
        "state": one.state,
        "fate": one.fate,
        "reasons": one.reasons,
        "cites": one.cites,
    }
