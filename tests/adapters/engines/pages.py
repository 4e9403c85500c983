"""Runs the modules that a how-to page shows, in processes of their own that may be killed."""

from __future__ import annotations

import ast
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
HOW_TO = ROOT / "docs" / "how-to"
MODULE = re.compile(r"^```python\n(# (\w+\.py)\n.*?)^```$", re.DOTALL | re.MULTILINE)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SECONDS = 120
"""How long a process may take on a machine that is busy with other things."""


def read_modules(page: str) -> dict[str, str]:
    """Return the modules that a page shows, by their names."""
    text = (HOW_TO / page).read_text(encoding="utf-8")
    return {name: body for body, name in MODULE.findall(text)}


def write_modules(page: str, folder: Path) -> None:
    """Write the modules of a page into a folder."""
    for name, body in read_modules(page).items():
        (folder / name).write_text(body, encoding="utf-8")


def read_code(page: str) -> dict[str, str]:
    """Return the modules of a page without what is said in the language of the page."""
    return {name: strip_words(body) for name, body in read_modules(page).items()}


def strip_words(body: str) -> str:
    """Return a module without its comments and docstrings."""
    tree = ast.parse(body)
    for each in ast.walk(tree):
        if isinstance(each, FUNCTIONS) and ast.get_docstring(each) is not None:
            del each.body[0]
    return ast.unparse(tree)


class Host:
    """A host with the modules of a page: its folder, and the databases that it is told."""

    def __init__(self, page: str, folder: Path, **environment: str) -> None:
        write_modules(page, folder)
        self.folder = folder
        path = os.pathsep.join(map(str, (folder, HERE, ROOT)))
        self.environment = {**os.environ, "PYTHONPATH": path, **environment}

    def start(self, script: str, **environment: str) -> subprocess.Popen[str]:
        """Start a script."""
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-c", script],
                cwd=self.folder,
                env={**self.environment, **environment},
                text=True,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def run(self, script: str, **environment: str) -> list[str]:
        """Run a script to its end, and return the lines that it prints."""
        process = self.start(script, **environment)
        printed = self._finish(process)
        assert process.returncode == 0, self.log
        return printed.splitlines()

    def fail(self, script: str, **environment: str) -> list[str]:
        """Run a script that ends with an error, and return the lines that it prints."""
        process = self.start(script, **environment)
        printed = self._finish(process)
        assert process.returncode == 1, self.log
        return printed.splitlines()

    def run_until_it_dies(self, script: str, **environment: str) -> None:
        """Run a script that is killed by itself."""
        self.wait_until_it_dies(self.start(script, **environment))

    def wait_until_it_dies(self, process: subprocess.Popen[str]) -> None:
        """Wait for a process that is killed by itself."""
        self._finish(process)
        assert process.returncode == -signal.SIGKILL, self.log

    def kill(self, process: subprocess.Popen[str]) -> None:
        """Kill a process."""
        with process:
            process.kill()

    def kill_while_it_waits(self, script: str) -> None:
        """Run a script, and kill it once it has printed a line."""
        process = self.start(script)
        with process:
            assert process.stdout is not None
            printed = process.stdout.readline()
            process.kill()
        assert printed, self.log

    @property
    def log(self) -> str:
        """What all its processes have said besides."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def _finish(self, process: subprocess.Popen[str]) -> str:
        try:
            return process.communicate(timeout=SECONDS)[0]
        finally:
            process.kill()
            process.wait()
