"""Which tests run which line, and how long each takes: one run of each file with `coverage`.

A line that runs while a shared fixture is made counts for every test that uses the fixture, and the
caches of functions are emptied before each test, so that the first caller is not taken for the only
one. The record of a file is kept in `build/` until something that it rests on changes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import _lru_cache_wrapper, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import coverage
import pytest

from tests.mutation.trials.processes import Task, run_tasks
from tests.mutation.trials.session import enter, run_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.mutation.rooms import Room

STORE = "build/mutation"
LONGEST = 1_800.0
"""Seconds that the tests of one file may take."""
SOURCES = {".py", ".yaml", ".toml", ".json", ".md"}


class TestsFail(Exception):
    """Tests fail without a mutant: nothing can be learned from them with one."""

    __test__ = False


@dataclass(frozen=True)
class Record:
    """The tests of one file.

    Attributes:
        file: the file, from the root of the checkout.
        collecting: the seconds (of processor time, as all here) that its import takes.
        seconds: how long each test takes, in the order of the file.
        lines: the places (in `seconds`) of the tests that run each line of each module.
        imported: the lines of each module that run when it is imported.
        failed: a test that fails, if one does.
    """

    file: str
    collecting: float
    seconds: dict[str, float]
    lines: dict[str, dict[str, list[int]]]
    imported: dict[str, list[int]]
    failed: str = ""


Recording = dict[str, Record]
"""The record of each file."""


class Recorder:
    """The plugin that tells `coverage` which test runs."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.coverage = measured
        self.current = ""
        self.collecting = 0.0
        self.seconds: dict[str, float] = {}
        self.users: dict[str, set[str]] = defaultdict(set)
        self.failed = ""

    @contextmanager
    def within(self, context: str) -> Iterator[None]:
        """Measure for `context`, then for what was measured before."""
        before, self.current = self.current, context
        self.coverage.switch_context(context)
        try:
            yield
        finally:
            self.current = before
            self.coverage.switch_context(before)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collecting = time.process_time()
        for item in session.items:
            self.users[item.nodeid].add(item.nodeid)
            information = getattr(item, "_fixtureinfo", None)
            if information is not None:
                for fixtures in information.name2fixturedefs.values():
                    for fixture in fixtures:
                        self.users[named(fixture)].add(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        empty_caches()
        since = time.process_time()
        with self.within(item.nodeid):
            result = yield
        self.seconds[item.nodeid] = time.process_time() - since
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        with self.within(named(fixturedef)):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = report.nodeid


def named(fixture: pytest.FixtureDef[object]) -> str:
    """Return the context of a fixture."""
    return f"fixture {fixture.baseid} {fixture.argname}"


def empty_caches() -> None:
    """Empty the caches of all functions but those of installed packages."""
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and "site-packages" not in file and not file.startswith(sys.base_prefix):
            for value in list(vars(module).values()):
                if isinstance(value, _lru_cache_wrapper):
                    value.cache_clear()


def record_file(
    root: Path, scratch: Path, measured: Sequence[Path], file: str, _: Callable[[Record], None]
) -> Record:
    """Return the record of the tests of `file`."""
    enter(root)
    os.environ["COVERAGE_CORE"] = "ctrace"  # the other cores know one context only
    paths = [str(root / path) for path in measured]
    watched = coverage.Coverage(data_file=None, config_file=False, include=paths)
    recorder = Recorder(watched)
    since = time.process_time()
    watched.start()
    code = run_tests(root, file, recorder, scratch)
    watched.stop()
    lines, imported = {}, {}
    for path in measured:
        found = watched.get_data().contexts_by_lineno(str(root / path))
        if found:
            lines[path.as_posix()] = places(recorder, found)
            imported[path.as_posix()] = [line for line, contexts in found.items() if "" in contexts]
    return Record(
        file=file,
        collecting=recorder.collecting - since,
        seconds=recorder.seconds,
        lines=lines,
        imported=imported,
        failed=recorder.failed or ("" if code in {0, 5} else file),
    )


def places(recorder: Recorder, found: dict[int, list[str]]) -> dict[str, list[int]]:
    """Return the tests of each line, given its contexts."""
    order = {test: at for at, test in enumerate(recorder.seconds)}
    return {
        str(line): sorted({order[test] for name in contexts for test in recorder.users[name]})
        for line, contexts in found.items()
    }


def record(
    root: Path, scratch: Path, rooms: Sequence[Room], measured: Sequence[Path], jobs: int
) -> Recording:
    """Return the record of each file of the tests of `rooms`, as kept or made anew.

    Args:
        root: the root of the checkout.
        scratch: a folder for the files of tests.
        rooms: the rooms.
        measured: the modules whose lines are recorded.
        jobs: how many processes run at once.

    Raises:
        TestsFail: a test fails.
    """
    folders = {folder for room in rooms for folder in (*room.tests, *room.more)}
    files = sorted({path for folder in folders for path in (root / folder).rglob("test_*.py")})
    common = digest(root, measured)
    kept = {path.relative_to(root).as_posix(): kept_at(root, common, path) for path in files}
    recording = {file: read(path) for file, path in kept.items() if path.exists()}
    tasks = (
        Task(file, partial(record_file, root, scratch / str(at), measured, file), LONGEST)
        for at, file in enumerate(kept)
        if file not in recording
    )
    for end in run_tasks(tasks, jobs):
        if end.result is None or end.result.failed:
            raise TestsFail(end.result.failed if end.result else end.key)
        recording[end.key] = end.result
        write(kept[end.key], end.result)
    return recording


def digest(root: Path, measured: Sequence[Path]) -> bytes:
    """Return a hash of all that the records of tests rest on but the files of tests themselves."""
    tool = Path(__file__).parents[1]
    sources = {root / "pyproject.toml", *(root / path for path in measured)}
    for folder in ("telecom_rules", "rules", "tests"):
        sources.update(path for path in (root / folder).rglob("*") if path.suffix in SOURCES)
    found = sha256(repr((sys.version, measured)).encode())
    for path in (tool / "trials/recording.py", tool / "trials/session.py"):
        found.update(path.read_bytes())
    for path in sorted(sources):
        if path.is_file() and not path.name.startswith("test_") and tool not in path.parents:
            found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.digest()


def kept_at(root: Path, common: bytes, path: Path) -> Path:
    """Return where the record of a file is kept."""
    name = path.relative_to(root).as_posix().encode()
    return root / STORE / f"{sha256(common + name + path.read_bytes()).hexdigest()[:32]}.json"


def read(path: Path) -> Record:
    return Record(**json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, kept: Record) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(kept)), encoding="utf-8")
