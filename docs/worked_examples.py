"""Runs the examples of a page, so that what a page shows is what happens.

- A python block runs; the blocks of a page share their names. What it prints stands in a text block
  directly behind it.
- A console block holds `telecom-rules ...` commands behind `$`, each followed by what it prints;
  `$ echo $?` stands for the exit status of the command before it.
- A block whose first line is a comment with the path of a file (`# house_rules/pack.yaml`, or
  `<!-- door.scxml -->`) is that file. A module (`# crm_worker.py`) can be imported behind it.

Every other block is only shown.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli import main
from telecom_rules.values import registered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

__all__ = ["rendered"]

BLOCK = re.compile(
    r"^```(?:(?P<python>python)|(?P<kind>\w+))\n(?P<body>.*?)^```$"
    r"(?(python)(?:\n\n```text\n.*?^```$)?)",
    re.DOTALL | re.MULTILINE,
)
FILE_NAME = re.compile(
    r"(?:# ([\w./-]+\.(?:ya?ml|json|jsonl|csv|py))|<!-- ([\w./-]+\.(?:scxml|dmn)) -->)\n"
)


def rendered(page: Path, folder: Path) -> str:
    """Run the examples of `page` in the empty `folder`; return the page with what they print today.

    Raises:
        Exception: what an example raises; its traceback names the line of the page.
    """
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}

    def run(block: re.Match[str]) -> str:
        body = block["body"]
        if block["python"] and not FILE_NAME.match(body):
            line = text.count("\n", 0, block.start("body"))
            printed = run_code(compile("\n" * line + body, str(page), "exec"), names)
            return fenced("python", body) + (f"\n\n{fenced('text', printed)}" if printed else "")
        if block["kind"] == "console":
            return fenced("console", run_session(body))
        write_file(body)
        return block[0]

    with contextlib.chdir(folder), importable(folder), registered_apart():
        return BLOCK.sub(run, text)


@contextlib.contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Let modules in `folder` be imported, by a worker process too, and forget them afterwards."""
    before = {*sys.modules}
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in {path.stem for path in folder.glob("*.py")} - before:
            sys.modules.pop(name, None)


@contextlib.contextmanager
def registered_apart() -> Iterator[None]:
    """Let a page register packs for itself alone."""
    before = [*registered.PACKS]
    registered.PACKS.clear()
    try:
        yield
    finally:
        registered.PACKS[:] = before


def fenced(kind: str, body: str) -> str:
    """Return a fenced block."""
    return f"```{kind}\n{body}```"


def run_code(code: CodeType, names: dict[str, object]) -> str:
    """Run a python block and return what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102 - the project's own pages
    return printed.getvalue()


def run_session(body: str) -> str:
    """Run the commands of a console block and return the session as it comes out today."""
    session, status = "", 0
    for line in body.splitlines():
        if line == "$ echo $?":
            session += f"{line}\n{status}\n"
        elif line.startswith("$ telecom-rules "):
            status, printed = run_command(shlex.split(line)[2:])
            session += f"{line}\n{printed}"
        elif line.startswith("$"):
            raise ValueError(f"no example can run {line}")
    return session


def run_command(arguments: list[str]) -> tuple[int, str]:
    """Run `telecom-rules ARGUMENTS...`; return its exit status and all it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return status, printed.getvalue()


def write_file(body: str) -> None:
    """Write a block that names its file in its first line."""
    named = FILE_NAME.match(body)
    if named is not None:
        file = Path(named[1] or named[2])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body, encoding="utf-8")
