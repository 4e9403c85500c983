"""`telecom-rules upgrade`: what a new version of a base means for a pack that extends it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Final

from telecom_rules.cli.arguments import add_cases, read_instant
from telecom_rules.cli.diff import build_report, status_of, write_text
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus, UsageError
from telecom_rules.findings import Severity, render, summarize
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.cli.screen import Screen
    from telecom_rules.findings import Finding
    from telecom_rules.pack import Layer, Reading
    from telecom_rules.scenarios import ScenarioResult


NAME = "upgrade"
SUMMARY = "report what a new version of its base means for a pack: overrides, scenarios, open cases"
EXAMPLE = "telecom-rules upgrade house_rules/ --to ../telecom_rules_0.3/"

MOST_LINES: Final = 8
"""Lines of the old text that are shown."""
HEAD = Wording("{house} {version}：{base} {old} → {new}", "{house} {version}: {base} {old} → {new}")
NO_BASE = Wording(
    "`{path}` 没有继承任何规则包，无从升级",
    "`{path}` extends no pack, so there is nothing to upgrade",
)
NOT_ITS_BASE = Wording(
    "`{path}` 没有继承 `{name}`；它所继承的是 {known}",
    "`{path}` does not extend `{name}`; it extends {known}",
)
NOT_INSTALLED = Wording(
    "没有 {wanted}：它不是文件夹，已安装的 `{name}` 是 {found}",
    "there is no {wanted}: it is not a folder, and the installed `{name}` is {found}",
)
FOUND_TITLE = Wording("改写与新版本不符之处：", "Where overrides meet the new version:")
NOTHING_FOUND = Wording(
    "所有改写在新版本中仍然有效", "every override still holds in the new version"
)
OLD_TEXT = Wording("原版本写作：{text}", "the old version said: {text}")
ONLY_NEW = Wording(
    "没有原版本可比：用 `--from` 给出其文件夹，即列出变化和个案",
    "the old version is not at hand: with its folder under `--from`, changes and cases are told",
)
NO_LONGER_OLD = Wording(
    "本规则包已不符合原版本，变化和个案无从比较；改写之前，请先在原来的规则包上运行本命令",
    "the pack no longer holds on the old version, so changes and cases are not told; "
    "run this on the pack as it was",
)
NOT_COMPARED = Wording(
    "改正以上错误后再运行，即比较宽严、场景、变化和个案",
    "run it again without these errors: strictness, scenarios, changes and cases are then compared",
)
SCENARIOS_TITLE = Wording("结果改变的场景：", "Scenarios that change:")
NO_SCENARIO = Wording("没有场景的结果改变", "no scenario changes")
NOW_FAILS = Wording("  - {id}：原先通过，现在未通过", "  - {id}: passed, fails now")
NOW_PASSES = Wording("  + {id}：原先未通过，现在通过", "  + {id}: failed, passes now")
CHANGES_TITLE = Wording("本规则包因此改变的内容：", "What changes in the pack by it:")
PIN_TITLE = Wording(
    "采用新版本时，请在 pack.yaml 中写：version: {version}",
    "to take the new version, write in pack.yaml: version: {version}",
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", help="the pack that extends the base")
    parser.add_argument(
        "--to",
        required=True,
        metavar="VERSION|PATH",
        help="the new base: its folder, or the version of the pack that is installed now",
    )
    parser.add_argument(
        "--from",
        dest="old",
        metavar="PATH",
        help="the folder of the base as it was (default: where `extends` finds it)",
    )
    add_cases(parser)
    parser.add_argument(
        "--at", metavar="INSTANT", help="when the new version takes over, as for `diff`"
    )


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A pack on its old base and on the new one.

    Attributes:
        base: the name of the base.
        old: the pack as it is; `None` where only the new base is at hand.
        new: the pack on the new base.
        versions: the old and the new version of the base.
    """

    base: str
    old: Reading | None
    new: Reading
    versions: tuple[str, str]


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print what the new base means."""
    at = read_instant("--at", arguments.at)
    upgrade = read_upgrade(arguments)
    show_heading(upgrade, screen)
    fresh = find_fresh(upgrade)
    show_findings(upgrade, fresh, screen)
    if upgrade.new.pack is None:
        screen.write_line()
        screen.say(NOT_COMPARED)
        return FINDINGS
    failing = show_scenarios(upgrade, arguments.path, screen)
    screen.write_line()
    status: ExitStatus = CLEAN
    if upgrade.old is None:
        screen.say(ONLY_NEW)
    elif upgrade.old.pack is None:
        screen.say(NO_LONGER_OLD)
    else:
        report = build_report(upgrade.old, upgrade.new, arguments.cases, at)
        screen.write_title(CHANGES_TITLE)
        write_text(report, screen)
        status = status_of(report.outlooks)
    screen.write_line()
    screen.say(PIN_TITLE.fill(version=f'"=={upgrade.versions[1]}"'))
    if status is not CLEAN:
        return status
    hard = failing or any(each.severity is Severity.ERROR for each in fresh)
    return FINDINGS if hard else CLEAN


def show_heading(upgrade: Upgrade, screen: Screen) -> None:
    """Print which pack meets which version of which base."""
    from telecom_rules.pack.overlay.layers import name_of, version_of

    own = upgrade.new.overlay.own
    old, new = upgrade.versions
    heading = HEAD.fill(
        house=name_of(own), version=version_of(own), base=upgrade.base, old=old, new=new
    )
    screen.write_title(heading)


def read_upgrade(arguments: argparse.Namespace) -> Upgrade:
    """Return the pack on both bases.

    Raises:
        UsageError: the pack extends nothing, or not the pack that is given.
        PackNotFound: there is no pack in a folder that is given.
    """
    from telecom_rules.pack import find_pack, read
    from telecom_rules.pack.linking import link_layers
    from telecom_rules.pack.overlay.layers import identify, is_same, name_of, version_of

    reading = read(arguments.path)
    layers = reading.overlay.layers
    if len(layers) == 1:
        raise UsageError(NO_BASE.fill(path=arguments.path))
    target = find_folder(arguments.to, layers)
    name, version = identify(target)
    at = next((at for at, each in enumerate(layers[:-1]) if name_of(each) == name), None)
    if at is None:
        known = ", ".join(f"`{name_of(each)}`" for each in layers[:-1])
        raise UsageError(NOT_ITS_BASE.fill(path=arguments.path, name=name, known=known))
    new = link_layers(put(layers, at, target))
    if arguments.old is not None:
        before = put(layers, at, find_pack(arguments.old))
        return Upgrade(name, link_layers(before), new, (version_of(before[at]), version))
    if is_same(target, layers[at].root):
        return Upgrade(name, None, new, ("?", version))
    return Upgrade(name, reading, new, (version_of(layers[at]), version))


def find_folder(wanted: str, layers: Sequence[Layer]) -> Path:
    """Return the folder of the new base: as given, or of an installed pack of that version."""
    from telecom_rules.pack import find_pack
    from telecom_rules.pack.overlay.layers import find_named, identify, name_of

    if Path(wanted).exists():
        return find_pack(wanted)
    for each in layers[:-1]:
        root = find_named(name_of(each))
        if root is not None and identify(root)[1] == wanted:
            return root
    name = name_of(layers[0])
    found = find_named(name)
    told = "-" if found is None else identify(found)[1]
    raise UsageError(NOT_INSTALLED.fill(wanted=wanted, name=name, found=told))


def put(layers: Sequence[Layer], at: int, root: Path) -> list[Layer]:
    """Return the layers with the files of another folder in the place of one of them."""
    from telecom_rules.findings import Findings
    from telecom_rules.pack import gather_files

    old = layers[at]
    files = gather_files(root, Findings())
    labelled = {old.label + name: data for name, data in files.items()}
    new = replace(old, root=root, files=labelled)
    # A digest pins the old one: that the new one has another is what is asked about.
    free = [
        replace(each, pins=tuple(replace(pin, digest=None) for pin in each.pins)) for each in layers
    ]
    return [*free[:at], new, *free[at + 1 :]]


def find_fresh(upgrade: Upgrade) -> list[Finding]:
    """Return the findings that the pack has on the new base and not on the old one."""
    if upgrade.old is None:
        return list(find_all(upgrade.new))
    old = upgrade.old
    known = {keep(each) for each in find_all(old)}
    fresh = [each for each in find_all(upgrade.new) if keep(each) not in known]
    return [add_old_text(each, old) for each in fresh]


def find_all(reading: Reading) -> Iterator[Finding]:
    """Yield the findings of a pack and of its checks."""
    from telecom_rules.checks import check

    yield from reading.findings
    yield from check(reading)


def keep(finding: Finding) -> tuple[str, object, Wording]:
    """Return what makes two findings the same."""
    return finding.id, finding.span, finding.wording


def add_old_text(finding: Finding, old: Reading) -> Finding:
    """Return a finding about an override with what the old base said there, where it is known."""
    base = old.overlay.find_base(finding.span)
    if base is None or base.file not in old.texts:
        return finding
    lines = old.texts[base.file].split("\n")[base.line - 1 :]
    first, *more = quote_entry(lines)
    notes = (*finding.notes, OLD_TEXT.fill(text=first), *map(Wording.same, more))
    return replace(finding, notes=notes)


def quote_entry(lines: Sequence[str]) -> list[str]:
    """Return the first of some lines and what belongs to it, which is what is written deeper."""
    deeper = list(
        takewhile(lambda each: measure_indent(each) > measure_indent(lines[0]), lines[1:])
    )
    shown = dedent("\n".join([lines[0], *deeper[: MOST_LINES - 1]])).rstrip().split("\n")
    return [*shown, "…"] if len(deeper) >= MOST_LINES else shown


def measure_indent(line: str) -> int:
    """Return how many blanks a line begins with."""
    return len(line) - len(line.lstrip())


def show_findings(upgrade: Upgrade, fresh: Sequence[Finding], screen: Screen) -> None:
    """Print what the overrides meet in the new base."""
    if not fresh:
        screen.write_line()
        screen.say(NOTHING_FOUND)
        return
    screen.write_title(FOUND_TITLE)
    ordered = sorted(fresh, key=lambda each: (each.span, each.id))
    frames = render(ordered, upgrade.new.texts, screen.language, color=screen.colour)
    screen.write_document(frames, "text")
    screen.write_line(summarize(ordered, screen.language))


def show_scenarios(upgrade: Upgrade, path: str, screen: Screen) -> bool:
    """Print the scenarios of the pack that change; return whether one fails that passed."""
    new = run_scenarios(upgrade.new, path)
    old = dict.fromkeys(new, True)  # what is not known counts as having passed
    if upgrade.old is not None and upgrade.old.pack is not None:
        old = run_scenarios(upgrade.old, path)
    changed = [each for each in new if old.get(each, new[each]) is not new[each]]
    screen.write_line()
    if not changed:
        screen.say(NO_SCENARIO)
        return False
    screen.write_title(SCENARIOS_TITLE)
    for each in changed:
        screen.say((NOW_PASSES if new[each] else NOW_FAILS).fill(id=each))
    return not all(new[each] for each in changed)


def run_scenarios(reading: Reading, path: str) -> dict[str, bool]:
    """Return whether each scenario of the pack itself comes true, by its id."""
    from telecom_rules import scenarios

    pack = reading.require_pack()
    written = scenarios.read(path, pack)
    results: Iterable[ScenarioResult] = scenarios.run(written.scenarios, pack)
    return {each.scenario.id: each.passed for each in results}
