"""Which tests are slow, and how many examples the property tests draw.

`short` always, `long` with `make test-long`. The short run draws the same examples every time, so
that a change is judged by what it changes; the long one draws new ones. No deadline: a slow machine
is not a failed law.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings

from telecom_rules.cli import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parent
SLOW = frozenset(
    {
        "adapters/django",
        "adapters/engines",
        "adapters/fastapi",
        "adapters/sqlalchemy",
        "documents/test_corpus.py",
        "documents/test_format.py",
        "interop/test_agreement.py",
        "interop/test_shipped.py",
        "project/test_pages.py",
        "project/test_public_types.py",
        "project/test_wheel.py",
        "rules/test_answers.py",
        "rules/test_fast_paths.py",
        "rules/test_laxities.py",
        "rules/test_mutation.py",
        "rules/test_removal.py",
    }
)
"""Modules that took more than five seconds of a processor when each test was measured.

And folders whose tests load a framework of hosts or start a database server. What is left took
about one minute of a processor, property tests apart, which all are slow.
"""

settings.register_profile("short", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("short")


@pytest.fixture(scope="session", autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """Let no test read what another one found: a test may change what is found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(validate, "CACHE", None)
        yield


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether this is a long run."""
    return bool(request.config.getoption("--hypothesis-profile") == "long")


def is_named_slow(path: Path) -> bool:
    """Return whether a module or folder is one of `SLOW`, or in one."""
    if not path.is_relative_to(TESTS):  # a pack may be tested in the same run
        return False
    inside = path.relative_to(TESTS)
    return any(each.as_posix() in SLOW for each in (inside, *inside.parents))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow modules unread where none of their tests is to run: reading them takes seconds."""
    quick = config.getoption("markexpr") == "not slow"
    return True if quick and is_named_slow(collection_path) else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests have recorded, such as how often a process was killed."""
    figures = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == "figures" and report.when == "call"
    ]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(figures))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests: those of `SLOW`, and those that draw examples.

    The modules that have some come first: no worker is then left alone with one in the end.
    """
    named = {path: is_named_slow(path) for path in {item.path for item in items}}
    for item in items:
        if named[item.path] or is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.slow)
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
