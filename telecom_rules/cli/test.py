"""`telecom-rules test`: run the scenarios of a pack and report those that fail."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_path, read_percent
from telecom_rules.cli.progress import RUNNING, ProgressLine
from telecom_rules.cli.reporting import add_report_options, write_report
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus
from telecom_rules.cli.watching import add_watch, watch
from telecom_rules.reports import Report, ScenarioRun
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from telecom_rules.checks import Progress
    from telecom_rules.cli.screen import Screen
    from telecom_rules.scenarios import Runner, Scenario, ScenarioChange, ScenarioResult


NAME = "test"
SUMMARY = "run the scenarios of a pack, and explain those that fail"
EXAMPLE = "telecom-rules test house_rules/"
CHANGED = Wording(
    "基础规则包的场景 `{name}` 被改写（{place}）：{why}",
    "the scenario `{name}` of the base is changed ({place}): {why}",
)
GONE = Wording(
    "基础规则包的场景 `{name}` 被删除（{place}）：{why}",
    "the scenario `{name}` of the base is taken out ({place}): {why}",
)
NO_REASON = Wording("未写理由", "no reason is given")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    add_path(parser, "the pack's directory, or scenarios in it")
    parser.add_argument(
        "--select", metavar="NAME", default="", help="run only scenarios whose name contains this"
    )
    parser.add_argument(
        "--base",
        action="store_true",
        help="of a pack that extends others, also run their scenarios, measure all of it, and list"
        " the scenarios of theirs that it changes or takes out",
    )
    parser.add_argument(
        "--coverage",
        action="store_true",
        help="also list the parts of the pack that no scenario covers",
    )
    parser.add_argument(
        "--fail-under",
        metavar="PERCENT",
        help="fail if less than this is covered, and list the rest",
    )
    add_report_options(parser)
    add_watch(parser)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Run the scenarios, with `--watch` again and again."""
    if arguments.watch:
        return watch(arguments.path, lambda: run_once(arguments, screen), screen)
    return run_once(arguments, screen)


def run_once(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Run the scenarios and print the results."""
    from telecom_rules import scenarios
    from telecom_rules.findings import Severity
    from telecom_rules.pack import Overview, find_pack, read

    least = read_percent("--fail-under", arguments.fail_under)
    reading = read(arguments.path)
    pack = reading.require_pack()
    observe = arguments.coverage or least is not None
    written = scenarios.read(arguments.path, pack, base=arguments.base)
    part = path_prefix_of(find_pack(arguments.path), arguments.path)

    def is_chosen(name: str, file: str) -> bool:
        return arguments.select in name and f"{file}/".startswith(part)

    chosen = (each for each in written.scenarios if is_chosen(each.id, each.span.file))
    faulty = [
        each for each in written.faulty if is_chosen(each.name or arguments.select, each.file)
    ]
    runner = scenarios.Runner(pack, observe=observe)
    with ProgressLine(RUNNING, screen.language) as line:
        results, seconds = run_timed(tuple(chosen), runner, line)
    coverage = scenarios.measure(results, reading, base=arguments.base) if observe else None
    short = coverage is not None and coverage.percent < (least or 0)
    report = Report(
        findings=written.findings,
        texts=written.texts,
        pack=Overview.of(pack),
        run=ScenarioRun(
            results=results,
            written=len(written.scenarios),
            faulty=sum(each.name is not None for each in faulty),
            unread=sum(each.name is None for each in faulty),
            coverage=coverage,
            lists_missing=short or arguments.coverage,
            seconds=seconds,
        ),
        language=screen.language,
        color=screen.colour,
        statistics=arguments.statistics,
        verb=NAME,
        remarks=tuple(map(describe_change, written.changes)) if arguments.base else (),
        details=dump_changes(written.changes) if arguments.base else {},
    )
    write_report(report, arguments, screen, find_pack(arguments.path))
    if any(each.severity is Severity.ERROR for each in written.findings):
        return FINDINGS
    if not results:
        return NOT_CHECKED
    if short:
        return FINDINGS
    return CLEAN if all(each.passed for each in results) else FINDINGS


def describe_change(change: ScenarioChange) -> Wording:
    """Return a scenario of a base that is changed or taken out, with the reason."""
    form = GONE if change.is_gone else CHANGED
    why = NO_REASON if change.reason is None else change.reason
    return form.fill(name=change.name, place=change.span, why=why)


def dump_changes(changes: Sequence[ScenarioChange]) -> dict[str, object]:
    """Return the scenarios of bases that are changed or taken out as a key of JSON."""
    return {
        "base_scenarios": [
            {
                "name": each.name,
                "place": each.span._asdict(),
                "gone": each.is_gone,
                "reason": None if each.reason is None else each.reason.dump(),
            }
            for each in changes
        ]
    }


def run_timed(
    chosen: Sequence[Scenario], runner: Runner, progress: Progress
) -> tuple[list[ScenarioResult], list[float]]:
    """Return the result of each scenario, and how many seconds it took."""
    results: list[ScenarioResult] = []
    seconds: list[float] = []
    for done, each in enumerate(chosen):
        progress(done, len(chosen))
        began = perf_counter()
        results.append(runner.run(each))
        seconds.append(perf_counter() - began)
    return results, seconds


def path_prefix_of(root: Path, path: str | None) -> str:
    """Return the path of a file or folder within the pack as a prefix that ends with `/`."""
    if path is None or Path(path).resolve() == root.resolve():
        return ""
    part = Path(path).resolve().relative_to(root.resolve()).as_posix()
    return f"{part}/" if "scenarios" in part.split("/") else ""
