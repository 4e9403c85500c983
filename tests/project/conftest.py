"""The checkout, and Python run on it from another directory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture
def run_python(tmp_path: Path):
    """Run `python ARGUMENTS...` on this checkout, in an empty directory."""

    def run(*arguments: str, expect: int = 0) -> str:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout

    return run
