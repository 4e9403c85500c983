"""How tests are run in a child: quietly, without what slows a run down, and always alike."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = (
    "--exitfirst",
    "--quiet",
    "--tb=short",
    "--assert=plain",  # what a failed assertion compared is of no interest here
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
)


class Profile:
    """Makes a failing example end its test: for a mutant none has to be the smallest."""

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        settings.register_profile(
            "mutation",
            parent=settings(),
            phases=(Phase.explicit, Phase.generate, Phase.target),
            suppress_health_check=(HealthCheck.too_slow,),
            database=None,
            derandomize=True,
        )
        settings.load_profile("mutation")


def run_tests(root: Path, file: str, plugin: object, scratch: Path) -> int:
    """Run the tests of a file and return the exit code of pytest."""
    options = (*OPTIONS, f"--rootdir={root}", f"--basetemp={scratch}")
    return int(pytest.main([*options, file], plugins=[Profile(), plugin]))


def enter(root: Path, *, quiet: bool = True) -> None:
    """Make this process one that runs tests at `root`, and shows nothing if `quiet`."""
    os.chdir(root)
    sys.dont_write_bytecode = False  # or each process would compile every test again
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    if quiet:
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
