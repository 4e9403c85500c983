"""The trial of a mutant: its module is imported with the change, and its tests are run."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass
from importlib.machinery import PathFinder, SourceFileLoader
from typing import TYPE_CHECKING

import pytest

from tests.mutation.mutants.mutant import compile_mutant
from tests.mutation.trials.session import enter, run_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from pathlib import Path
    from types import CodeType, ModuleType

    from tests.mutation.mutants.mutant import Mutant
    from tests.mutation.trials.recording import Recording
    from tests.mutation.trials.selection import Batch

LEAST_LIMIT = 10.0
"""Seconds of processor time that every test may take, and the import of every file."""
SLOWER = 3.0
"""So many times as long as usual a test may take; longer is taken for a loop without an end."""
GRACE = 60
"""Seconds after the end of a trial when a process is ended that runs no Python code."""
MEMORY = 4 << 30
"""Bytes of address space."""
FAILED = {1, 2, 3, 4}
"""Exit codes of pytest: tests failed, errors in collection, in pytest, in a conftest."""


@dataclass(frozen=True)
class Verdict:
    """The end of a trial.

    Attributes:
        noticed: whether a test failed.
        by: the first test that did.
        own: whether it is one of the room's own.
        tests: the tests that were run.
        seconds: the processor time.
    """

    noticed: bool
    by: str
    own: bool
    tests: int
    seconds: float


class MutantLoader(SourceFileLoader):
    """Loads a module with other code than its file has."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - there is one module
        return self.code


class MutantFinder:
    """Finds one module with other code, and no other module."""

    def __init__(self, module: str, code: CodeType) -> None:
        self.module = module
        self.code = code

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = MutantLoader(name, spec.origin, self.code)
        return spec


class Chosen:
    """The plugin that runs the chosen tests of a file in their order."""

    def __init__(
        self, tests: Mapping[str, float], known: Collection[str], begin: Callable[[str], None]
    ) -> None:
        self.order = {test: at for at, test in enumerate(tests)}
        self.functions = {function_of(test) for test in tests}
        self.known = known
        self.begin = begin
        self.failed = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        last = len(self.order)
        items[:] = sorted(
            filter(self.chooses, items), key=lambda item: self.order.get(item.nodeid, last)
        )

    def chooses(self, item: pytest.Item) -> bool:
        """Whether an item is run: a case that only the mutant has goes with its function."""
        if item.nodeid in self.known:
            return item.nodeid in self.order
        return function_of(item.nodeid) in self.functions

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.begin(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = report.nodeid


def function_of(test: str) -> str:
    return test.partition("[")[0]


class Trial:
    """One mutant and the tests that it is put to, in a process of its own.

    Args:
        root: the root of the checkout.
        scratch: a folder for the files of tests, which does not exist.
        recording: the tests of each file.
        budget: seconds on record of the tests: a mutant that no test has noticed survives after
            `SLOWER` times as many of processor time.
        reply: ends the process with a verdict.
    """

    def __init__(
        self,
        root: Path,
        scratch: Path,
        recording: Recording,
        budget: float,
        reply: Callable[[Verdict], None],
    ) -> None:
        self.root = root
        self.scratch = scratch
        self.recording = recording
        self.reply = reply
        self.end = time.process_time() + max(LEAST_LIMIT, SLOWER * budget)
        self.limited = False
        self.current = ""
        self.own = False
        self.run = 0

    def try_batches(self, batches: Sequence[Batch]) -> Verdict:
        """Return the verdict of the first tests that fail, or of all."""
        signal.signal(signal.SIGPROF, self.interrupt)
        self.scratch.mkdir()
        failed = ""
        for batch in batches:
            failed = self.try_batch(batch)
            if failed:
                break
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        shutil.rmtree(self.scratch, ignore_errors=True)
        return self.verdict(failed)

    def try_batch(self, batch: Batch) -> str:
        """Run tests of one file and return what fails: a test, or the file."""
        self.current, self.own = batch.file, batch.own
        self.allow(batch.collecting)
        plugin = Chosen(batch.tests, self.recording[batch.file].seconds.keys(), self.begin)
        code = run_tests(self.root, batch.file, plugin, self.scratch / "tests")
        return plugin.failed or (batch.file if code in FAILED else "")

    def begin(self, test: str) -> None:
        """Begin a test, which then has its own time."""
        self.current = test
        self.run += 1
        self.allow(self.recording[test.partition("::")[0]].seconds.get(test, 0.0))

    def allow(self, usual: float) -> None:
        """Let what comes take some times as long as usual, within the budget."""
        limit = max(LEAST_LIMIT, SLOWER * usual)
        left = max(0.01, self.end - time.process_time())
        self.limited = limit < left
        signal.setitimer(signal.ITIMER_PROF, min(limit, left))

    def interrupt(self, *_: object) -> None:
        """End the process: what takes too long has failed, the end of the budget is no failure."""
        self.reply(self.verdict(f"{self.current}, which takes too long" if self.limited else ""))

    def verdict(self, failed: str) -> Verdict:
        own = bool(failed) and self.own
        return Verdict(bool(failed), failed, own, self.run, time.process_time())


def try_mutant(
    root: Path,
    scratch: Path,
    recording: Recording,
    budget: float,
    mutant: Mutant,
    batches: Sequence[Batch],
    reply: Callable[[Verdict], None],
    *,
    quiet: bool = True,
) -> Verdict:
    """Return the verdict of the tests on a mutant. For a child process."""
    enter(root, quiet=quiet)
    limit_resources(budget)
    import_changed(root, mutant)
    return Trial(root, scratch, recording, budget, reply).try_batches(batches)


def limit_resources(budget: float) -> None:
    """Let a runaway end itself and not the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    spent = int(time.process_time() + max(LEAST_LIMIT, SLOWER * budget)) + GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent))


def import_changed(root: Path, mutant: Mutant) -> None:
    """Let the module of a mutant be imported with the change."""
    source = root / mutant.path
    code = compile_mutant(mutant, source.read_text(encoding="utf-8"), str(source))
    sys.meta_path.insert(0, MutantFinder(mutant.module, code))
