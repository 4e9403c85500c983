"""`telecom-rules verify`: proofs of what `validate` leaves undecided, and of two packs compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path
from telecom_rules.cli.progress import PROVING, ProgressLine
from telecom_rules.cli.reporting import (
    add_report_options,
    add_selection,
    build_report,
    write_report,
)
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Reading
    from telecom_rules.proofs.comparison import Comparison
    from telecom_rules.proofs.runs.choices import Choice
    from telecom_rules.proofs.runs.walks import CaseRun
    from telecom_rules.proofs.verification import Verification


NAME = "verify"
SUMMARY = "prove what `validate` leaves undecided, or how two packs compare (extra: proofs)"
EXAMPLE = "telecom-rules verify house_rules/ --against house_rules_2026/"
COUNTED = Wording(
    "{name} {version}：已证明或推翻的决策表 {tables} 个；原未判断、现已判断的问题 {settled} 个",
    "{name} {version}: decision tables proved or refuted: {tables}; questions that were undecided"
    " and are answered now: {settled}",
)
AGAINST_TITLE = Wording("与 {name} {version} 相比：", "Against {name} {version}:")
NOTHING_CHANGED = Wording("  两者的策略相同", "  the policies are the same")
RELATION = Wording("  `{policy}`：{relation}", "  `{policy}`: {relation}")
BECAUSE = Wording("  `{policy}`：{relation}；原因：{why}", "  `{policy}`: {relation}; {why}")
SHOWN = Wording("    {way}：{facts}（{day}）", "    {way} on {facts} ({day})")
GUARDS_TITLE = Wording("同一状态下有条件的转换：", "Choices between guarded transitions:")
CHOICE = Wording(
    "  {place}：至多一个条件成立：{exclusive}；总有条件成立：{complete}",
    "  {place}: at most one guard holds: {exclusive}; one always holds: {complete}",
)
PROVED = Wording("已证明", "proved")
BLANK = Wording("", "")
OPEN = Wording("未证明", "not proved")
SHOWN_CASE = {
    "overlap": Wording("    两个条件同时成立：{run}", "    two guards hold: {run}"),
    "gap": Wording("    没有条件成立：{run}", "    no guard holds: {run}"),
}
NO_CASE = {
    "overlap": Wording(
        "    两个条件同时成立：未能举出个案；{why}", "    two guards hold: no case is shown; {why}"
    ),
    "gap": Wording(
        "    没有条件成立：未能举出个案；{why}", "    no guard holds: no case is shown; {why}"
    ),
}
SAVED = Wording("已将反例写入 {path}", "the counterexamples are written to {path}")
NOTHING_TO_SAVE = Wording("没有反例，未写入文件", "there is no counterexample; no file is written")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or a file inside it")
    parser.add_argument(
        "--against", metavar="OLD", help="an older pack: also say how each policy compares with it"
    )
    parser.add_argument(
        "--guards",
        action="store_true",
        help="also say of each choice between guarded transitions whether it is proved that at"
        " most one guard holds, and that one always does; a case shows what is not",
    )
    parser.add_argument(
        "--save",
        type=Path,
        metavar="FILE",
        help="write the counterexamples to this file as scenarios; those of several policies and"
        " workflows to files beside it, named after them",
    )
    add_report_options(parser)
    add_selection(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Verify the pack and print what is found."""
    from telecom_rules.findings import Severity
    from telecom_rules.pack import find_pack, read
    from telecom_rules.proofs.comparison import Relation
    from telecom_rules.proofs.runs.choices import find_choices
    from telecom_rules.proofs.verification import verify

    reading = read(arguments.path)
    reading.require_pack()
    old = None if arguments.against is None else read(arguments.against)
    other = None if old is None else old.require_pack()
    with ProgressLine(PROVING, screen.language) as line:
        result = verify(reading, against=other, progress=line)
    choices = find_choices(reading) if arguments.guards else ()
    guards = {"guards": [dump_choice(each) for each in choices]} if arguments.guards else {}
    report = replace(
        build_report(reading, result.findings, arguments, screen, NAME),
        remarks=tuple(iter_remarks(reading, old, result, choices)),
        details={**dump(result), **guards},
    )
    write_report(report, arguments, screen, find_pack(arguments.path))
    if arguments.save is not None:
        save(arguments.save, result, list_runs(result, choices), screen)
    hard = any(each.severity is Severity.ERROR for each in report.findings)
    good = {Relation.EQUIVALENT, Relation.STRICTER}
    return (
        FINDINGS if hard or any(each.relation not in good for each in result.comparisons) else CLEAN
    )


def iter_remarks(
    reading: Reading, old: Reading | None, result: Verification, choices: Sequence[Choice]
) -> Iterator[Wording]:
    """Yield how much was proved, how each policy compares, and what is proved of choices."""
    pack = reading.require_pack()
    counts = {"tables": result.tables, "settled": result.settled}
    yield COUNTED.fill(name=pack.name, version=pack.version, **counts)
    if old is not None:
        other = old.require_pack()
        yield BLANK
        yield AGAINST_TITLE.fill(name=other.name, version=other.version)
        if not result.comparisons:
            yield NOTHING_CHANGED
        for each in result.comparisons:
            yield from describe_comparison(each)
    if choices:
        yield BLANK
        yield GUARDS_TITLE
    for choice in choices:
        exclusive, complete = (
            PROVED if one else OPEN for one in (choice.exclusive, choice.complete)
        )
        place = ".".join(filter(None, (choice.workflow, choice.state, choice.event)))
        yield CHOICE.fill(place=place, exclusive=exclusive, complete=complete)
        for question, found in choice.shown.items():
            if isinstance(found, Wording):
                yield NO_CASE[question].fill(why=found)
            else:
                yield SHOWN_CASE[question].fill(run=found.wording)


def describe_comparison(comparison: Comparison) -> Iterator[Wording]:
    """Yield how one policy compares, with the records that show it."""
    values = {"policy": comparison.name, "relation": comparison.relation.wording}
    if comparison.why is None:
        yield RELATION.fill(**values)
    else:
        yield BECAUSE.fill(**values, why=comparison.why)
    for way, shown in comparison.shown.items():
        facts = comparison.describe(shown)
        yield SHOWN.fill(way=way.wording, facts=facts, day=shown.day)


def dump_choice(choice: Choice) -> dict[str, object]:
    """Return a choice as an object for JSON."""
    return {
        "workflow": choice.workflow,
        "state": choice.state,
        "event": choice.event,
        "exclusive": choice.exclusive,
        "complete": choice.complete,
        "shown": {
            question: {"why": found} if isinstance(found, Wording) else dump_run(found)
            for question, found in choice.shown.items()
        },
    }


def dump_run(run: CaseRun) -> dict[str, object]:
    """Return a run as an object for JSON."""
    from telecom_rules.vocabulary import dump_value, read_record

    workflow = run.workflow
    return {
        "start": run.start.isoformat(),
        "facts": {
            name: dump_value(value) for name, value in workflow.facts.read(run.facts).items()
        },
        "steps": [
            {
                "event": each.event,
                "at": each.at.isoformat(),
                "by": each.by,
                "payload": {
                    name: dump_value(value)
                    for name, value in read_record(
                        workflow.events[each.event].payload, each.payload, each.event
                    ).items()
                },
            }
            for each in run.steps
        ],
    }


def list_runs(result: Verification, choices: Sequence[Choice]) -> Sequence[CaseRun]:
    """Return the runs of all that was found."""
    cases = [found for each in choices for found in each.shown.values()]
    return [*result.runs, *(each for each in cases if not isinstance(each, Wording))]


def save(path: Path, result: Verification, runs: Sequence[CaseRun], screen: Screen) -> None:
    """Write the counterexamples as scenarios, one file for each policy and workflow."""
    from telecom_rules.proofs.scenarios import write_scenarios

    texts: Mapping[str, str] = write_scenarios(result.counterexamples, runs)
    if not texts:
        screen.complain(NOTHING_TO_SAVE.say(screen.language))
    for name, text in texts.items():
        file = path if len(texts) == 1 else path.with_name(f"{path.stem}_{name}{path.suffix}")
        file.write_text(text, encoding="utf-8", newline="\n")
        screen.complain(SAVED.fill(path=str(file)).say(screen.language))


def dump(result: Verification) -> dict[str, object]:
    """Return what is found besides findings as the keys of an object for JSON."""
    from telecom_rules.vocabulary import dump_value

    return {
        "tables": result.tables,
        "settled": result.settled,
        "policies": [
            {
                "policy": each.name,
                "relation": each.relation,
                "why": each.why,
                "shown": [
                    {
                        "way": way,
                        "on": shown.day.isoformat(),
                        "facts": {
                            name: dump_value(value) for name, value in each.read(shown).items()
                        },
                    }
                    for way, shown in each.shown.items()
                ],
            }
            for each in result.comparisons
        ],
    }
