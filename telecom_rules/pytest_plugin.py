"""The pytest plugin: `pytest rules/` runs the scenarios of a pack, each as a test.

pytest imports it whenever this library is installed, so nothing else is imported before a file of
scenarios is collected.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.scenarios import Runner, Scenario, ScenarioReading
    from telecom_rules.wording import Language


# `pack.files` has the same two; importing it would load the whole library into every pytest run.
SUFFIXES = frozenset({".yaml", ".yml"})
SCENARIO_FOLDER = "scenarios"
LANGUAGE_OPTION = "telecom_rules_language"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option for the language of failures."""
    parser.addini(
        LANGUAGE_OPTION, "language of failed scenarios of a pack of rules: zh or en", default="en"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Collect a YAML file in a folder called `scenarios` below a `pack.yaml`."""
    if file_path.suffix not in SUFFIXES or SCENARIO_FOLDER not in file_path.parts[:-1]:
        return None
    if not any((each / "pack.yaml").is_file() for each in file_path.parents):
        return None
    root = find_pack_around(file_path)
    if root is None or SCENARIO_FOLDER not in file_path.relative_to(root).parts[:-1]:
        return None
    file: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    file.root = root
    return file


def find_pack_around(file: Path) -> Path | None:
    """Return the folder of the pack that a file is part of, as every verb finds it."""
    from telecom_rules.errors import PackNotFound
    from telecom_rules.pack import find_pack

    try:
        return find_pack(file)
    except PackNotFound:
        return None


class OpenPack(NamedTuple):
    """A pack with its scenarios, read once for all of its files."""

    root: Path
    written: ScenarioReading
    runner: Runner


OPEN_PACKS = pytest.StashKey[dict[Path, OpenPack]]()


class ScenarioFile(pytest.File):
    """A file of scenarios.

    Attributes:
        root: the directory of its pack.
    """

    root: Path

    def collect(self) -> Iterator[ScenarioItem]:
        """Yield each scenario of the file.

        Raises:
            CollectError: the pack or the file has mistakes, or the setting names no known language.
        """
        chosen_language(self.config)  # a wrong one is told before anything fails
        opened = self.open_pack()
        name = self.path.relative_to(self.root).as_posix()
        mistakes = [each for each in opened.written.findings if each.span.file == name]
        if any(each.severity == "error" for each in mistakes):
            raise self.CollectError(render_frames(self.config, opened, mistakes))
        for scenario in opened.written.scenarios:
            if scenario.span.file == name:
                short = scenario.id.rpartition("/")[2]
                item: ScenarioItem = ScenarioItem.from_parent(self, name=short)
                item.scenario, item.pack = scenario, opened
                yield item

    def open_pack(self) -> OpenPack:
        """Return the pack with its scenarios."""
        from telecom_rules import scenarios
        from telecom_rules.errors import PackError
        from telecom_rules.pack import load

        packs = self.config.stash.setdefault(OPEN_PACKS, {})
        if self.root not in packs:
            try:
                pack = load(self.root)
            except PackError as problem:
                raise self.CollectError(problem.explain(chosen_language(self.config))) from None
            packs[self.root] = OpenPack(
                self.root, scenarios.read(self.root, pack), scenarios.Runner(pack)
            )
        return packs[self.root]


class ScenarioFailed(Exception):
    """A scenario that failed.

    Attributes:
        findings: the expectations that failed.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(each.concise() for each in findings))
        self.findings = findings


class ScenarioItem(pytest.Item):
    """One scenario."""

    scenario: Scenario
    pack: OpenPack

    def runtest(self) -> None:
        """Run the scenario.

        Raises:
            ScenarioFailed: it failed.
        """
        result = self.pack.runner.run(self.scenario)
        if not result.passed:
            raise ScenarioFailed(result.findings)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]  # a text is a representation too
        """Return the frames of a failed scenario."""
        if isinstance(excinfo.value, ScenarioFailed):
            return render_frames(self.config, self.pack, excinfo.value.findings)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is written, and its name."""
        return self.path, self.scenario.span.line - 1, self.scenario.id


def render_frames(config: pytest.Config, opened: OpenPack, findings: Sequence[Finding]) -> str:
    """Return findings as frames, with places from the folder in which pytest was called."""
    from telecom_rules.findings import render
    from telecom_rules.reports.places import Folders, move_findings

    here, root = config.invocation_params.dir, opened.root
    folder = root.relative_to(here) if root.is_relative_to(here) else root
    folders = Folders("" if folder == Path() else folder.as_posix())
    texts = {folders.move(name): text for name, text in opened.written.texts.items()}
    return render(move_findings(findings, folders), texts, chosen_language(config))


def chosen_language(config: pytest.Config) -> Language:
    """Return the language of failures.

    Raises:
        CollectError: the setting names another language.
    """
    from telecom_rules.wording import ArgumentError, read_language

    try:
        return read_language(config.getini(LANGUAGE_OPTION))
    except ArgumentError as problem:
        message = f"{LANGUAGE_OPTION}: {problem.problem.en}"
        raise pytest.Collector.CollectError(message) from None
