"""The pytest plugin: `pytest rules/` runs the scenarios of a pack, each as a test.

pytest imports it whenever this library is installed, so nothing else is imported before a file of
scenarios is collected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.scenarios import Runner, Scenario, ScenarioReading
    from telecom_rules.wording import Language

__all__ = ["ScenarioFile", "ScenarioItem", "pytest_addoption", "pytest_collect_file"]

SUFFIXES = frozenset({".yaml", ".yml"})
FOLDER = "scenarios"
LANGUAGE = "telecom_rules_language"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare in which language failures are told."""
    parser.addini(
        LANGUAGE, "language of failed scenarios of a pack of rules: zh or en", default="en"
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """Collect a YAML file in a folder called `scenarios` below a `pack.yaml`."""
    if file_path.suffix not in SUFFIXES or FOLDER not in file_path.parts[:-1]:
        return None
    root = next((each for each in file_path.parents if (each / "pack.yaml").is_file()), None)
    if root is None or FOLDER not in file_path.relative_to(root).parts[:-1]:
        return None
    file: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    file.root = root
    return file


class Opened(NamedTuple):
    """A pack with its scenarios, read once for all of its files."""

    written: ScenarioReading
    runner: Runner


PACKS = pytest.StashKey[dict["Path", Opened]]()


class ScenarioFile(pytest.File):
    """A file of scenarios.

    Attributes:
        root: the directory of its pack.
    """

    root: Path

    def collect(self) -> Iterator[ScenarioItem]:
        """Yield each scenario of the file.

        Raises:
            CollectError: the pack or the file has mistakes.
        """
        opened = self.opened()
        name = self.path.relative_to(self.root).as_posix()
        mistakes = [each for each in opened.written.findings if each.span.file == name]
        if any(each.severity == "error" for each in mistakes):
            raise self.CollectError(frames(self.config, opened.written, mistakes))
        for scenario in opened.written.scenarios:
            if scenario.span.file == name:
                short = scenario.id.rpartition("/")[2]
                item: ScenarioItem = ScenarioItem.from_parent(self, name=short)
                item.scenario, item.opened = scenario, opened
                yield item

    def opened(self) -> Opened:
        """Return the pack with its scenarios."""
        from telecom_rules import scenarios
        from telecom_rules.errors import PackError
        from telecom_rules.pack import load

        packs = self.config.stash.setdefault(PACKS, {})
        if self.root not in packs:
            try:
                pack = load(self.root)
            except PackError as problem:
                raise self.CollectError(problem.explain(language(self.config))) from None
            packs[self.root] = Opened(scenarios.read(self.root, pack), scenarios.Runner(pack))
        return packs[self.root]


class NotTrue(Exception):
    """A scenario that does not come true.

    Attributes:
        findings: what came out otherwise.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(each.concise() for each in findings))
        self.findings = findings


class ScenarioItem(pytest.Item):
    """One scenario."""

    scenario: Scenario
    opened: Opened

    def runtest(self) -> None:
        """Run the scenario.

        Raises:
            NotTrue: it does not come true.
        """
        result = self.opened.runner.run(self.scenario)
        if not result.passed:
            raise NotTrue(result.findings)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:  # type: ignore[override]  # a text is a representation too
        """Return the frames of a scenario that does not come true."""
        if isinstance(excinfo.value, NotTrue):
            return frames(self.config, self.opened.written, excinfo.value.findings)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario is written, and its name."""
        return self.path, self.scenario.span.line - 1, self.scenario.id


def frames(config: pytest.Config, written: ScenarioReading, findings: Sequence[Finding]) -> str:
    """Return findings as frames."""
    from telecom_rules.findings import render

    return render(findings, written.texts, language(config))


def language(config: pytest.Config) -> Language:
    """Return the language in which failures are told."""
    return "zh" if config.getini(LANGUAGE) == "zh" else "en"
