"""Pyright knows the type of every public name; `test_api.py` asks mypy."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import telecom_rules
from telecom_rules.adapters import rows, sqlalchemy


@pytest.fixture(scope="module")
def run_pyright(root):
    """Run pyright on the checkout; return what it says as JSON."""

    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]

    def run(*arguments: str) -> dict:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
            [*command, *arguments],
            cwd=root,
            # An editable installation has a folder of data only; the checkout has to come first.
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return json.loads(done.stdout[done.stdout.index("{") :])

    return run


def test_a_host_that_uses_the_public_names_passes_pyright(run_pyright):
    report = run_pyright("tests/project/typing_api.py")
    assert report["summary"]["filesAnalyzed"] == 1
    assert [each["message"] for each in report["generalDiagnostics"]] == []


def test_pyright_knows_the_type_of_every_public_name_and_of_its_members(run_pyright):
    report = run_pyright("--verifytypes", "telecom_rules", "--ignoreexternal")
    symbols = {each["name"]: each for each in report["typeCompleteness"]["symbols"]}
    rooms = (telecom_rules, rows, sqlalchemy)
    things = [getattr(room, name) for room in rooms for name in room.__all__]
    homes = [
        f"{thing.__module__}.{thing.__qualname__}"
        for thing in things
        if hasattr(thing, "__qualname__")
    ]
    public = {
        name: symbol
        for name, symbol in symbols.items()
        if any(name == home or name.startswith(f"{home}.") for home in homes)
    }
    assert len(public) > len(homes)
    assert [
        name
        for name, symbol in public.items()
        if not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"]
    ] == []
