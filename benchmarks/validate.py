"""What a validation costs in CI: a thousand files, next to the linters that a CI has for YAML.

`check-jsonschema` holds each file to a schema of its kind and `yamllint` its style; neither
resolves a name or proves a table. Every contestant is a process of its own, as CI starts it. They
take turns, and a figure is the least CPU time of the rounds. Bytecode is compiled first.

    python benchmarks/validate.py --files 1000 --rounds 5
"""

from __future__ import annotations

import argparse
import compileall
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from generated_pack import write_pack
from measure import machine, table

import telecom_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PYTHON = sys.executable
BIN = Path(PYTHON).parent
OURS = str(BIN / "telecom-rules")
STYLE = """\
extends: default
rules:
  line-length: {max: 140}
  document-start: disable
  comments-indentation: disable
"""
"""The style of yamllint that the files have: it finds nothing, which is its fastest answer."""
TITLE = {"type": "object", "required": ["zh", "en"], "additionalProperties": False,
         "properties": {"zh": {"type": "string"}, "en": {"type": "string"}}}  # fmt: skip
CITES = {"type": "array", "items": {"type": "string", "pattern": "^[a-z_]+:"}}
COMMON = {"title": TITLE, "cites": CITES}


def describe(key: str, shelf: str, inner: Mapping[str, object], required: Sequence[str]) -> object:
    """Return the schema of a file with several things of one kind, each in a mapping or list."""
    item = {"type": "object", "properties": {**COMMON, **inner}, "required": [*required]}
    return {
        "if": {"required": [shelf]},
        "then": {
            "required": ["title", key],
            "properties": {
                **COMMON,
                key: {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                shelf: {
                    "anyOf": [
                        {"type": "object", "additionalProperties": item},
                        {"type": "array", "items": item},
                    ]
                },
            },
        },
    }


SCHEMA = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "allOf": [
        describe("catalogue", "codes", {}, ["title"]),
        describe("facts", "fields", {"type": {"type": "string"}}, ["type"]),
        describe(
            "parameter",
            "values",
            {"confidence": {"enum": ["high", "medium", "low"]}, "note": TITLE},
            ["from", "value"],
        ),
        describe(
            "policy", "rules", {"when": {"type": "string"}, "then": {"type": "object"}}, ["id"]
        ),
        describe("workflow", "states", {"on": {"type": "object"}}, ["title"]),
    ],
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(str(Path(telecom_rules.__file__).parent), quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), chosen.files, chosen.rounds)


def compare(folder: Path, files: int, rounds: int) -> None:
    """Write the files, time every contestant, and print the table."""
    pack, cache = folder / "pack", folder / "cache"
    lines = write_pack(pack, files)
    written = [str(each) for each in sorted(pack.rglob("*.yaml"))]
    (folder / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    (folder / "style.yaml").write_text(STYLE, encoding="utf-8")
    validate = [OURS, "validate", str(pack)]
    commands = {
        "check-jsonschema": [
            str(BIN / "check-jsonschema"), "--schemafile", str(folder / "schema.json"), *written
        ],
        "yamllint": [str(BIN / "yamllint"), "-c", str(folder / "style.yaml"), str(pack)],
        "validate": [*validate, "--no-cache"],
        "validate, first run": [*validate, "--cache-dir", str(cache)],
        "validate, nothing changed": [*validate, "--cache-dir", str(cache)],
        "import pydantic": [PYTHON, "-c", "import pydantic"],
        "telecom-rules --version": [OURS, "--version"],
    }  # fmt: skip
    spent = dict.fromkeys(commands, math.inf)
    for at in range(rounds + 1):
        for name, command in commands.items():
            if name == "validate, first run":
                shutil.rmtree(cache, ignore_errors=True)
            used = cpu_of(command)
            if at:  # the first round warms up what the machine keeps of the files
                spent[name] = min(spent[name], used)
    linters = spent["check-jsonschema"] + spent["yamllint"]
    first = spent["validate, first run"]
    print(f"{len(written):,} files, {lines:,} lines; {machine()}\n")
    print(
        table(
            ["", "version", "CPU s"],
            ([name, version_of(name), f"{used:.3f}"] for name, used in spent.items()),
        )
    )
    print()
    ratios = {
        "validate / (check-jsonschema + yamllint)": (spent["validate"] / linters, 0.2),
        "with nothing changed / first": (spent["validate, nothing changed"] / first, 0.3),
        "--version / import pydantic": (
            spent["telecom-rules --version"] / spent["import pydantic"], 1.5
        ),
    }  # fmt: skip
    told = ([name, f"{found:.2f}", f"<= {aim}"] for name, (found, aim) in ratios.items())
    print(table(["ratio", "is", "aim"], told))


def cpu_of(command: Sequence[str]) -> float:
    """Return the seconds of CPU time of a process that has to succeed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command[:3]
    return usage.ru_utime + usage.ru_stime


def version_of(name: str) -> str:
    """Return the version of what is timed."""
    if name in {"check-jsonschema", "yamllint"}:
        return metadata.version(name)
    return telecom_rules.__version__ if "validate" in name or "rules" in name else ""


if __name__ == "__main__":
    main()
