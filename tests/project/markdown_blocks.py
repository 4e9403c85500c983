"""The fenced blocks of a page, and how each kind is run.

- ```` ```python ```` runs; all blocks of a page share their names.
- ```` ```console ```` holds `$ telecom-rules ...` commands, each followed by exactly what it
  prints; `$ echo $?` stands for the exit status of the command before it.
- A block whose first line is a comment with the path of a data file (`# house_rules/pack.yaml`)
  is that file.
- ```` ```text ```` behind a python block is exactly what the block prints.

Anything else is only shown.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from telecom_rules.cli import main

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"(?:#|//) ([\w./-]+\.(?:ya?ml|json|jsonl|csv))\n")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        kind: the word behind the fence.
        text: what the fence encloses.
        line: the line of the page on which the text begins, from 1.
    """

    kind: str
    text: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of `page`, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(match[1], match[2], text.count("\n", 0, match.start(2)) + 1)
        for match in FENCE.finditer(text)
    ]


def run_page(page: Path, folder: Path) -> int:
    """Run every block of `page` with `folder` as the current directory; return how many ran."""
    blocks = blocks_of(page)
    names: dict[str, object] = {"__name__": "__main__"}
    ran = 0
    with contextlib.chdir(folder):
        for block, following in zip(blocks, [*blocks[1:], None], strict=True):
            place = f"{page.name}:{block.line}"
            if block.kind == "python":
                shown = following.text if following and following.kind == "text" else ""
                assert run_code(block, page, names) == shown, place
            elif block.kind == "console":
                assert run_session(block.text, place) == block.text, place
            elif not write_file(block.text):
                continue
            ran += 1
    return ran


def run_code(block: Block, page: Path, names: dict[str, object]) -> str:
    """Run a python block; a failure names the line of the page."""
    code = compile("\n" * (block.line - 1) + block.text, str(page), "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, names)  # noqa: S102 - the project's own pages
    return printed.getvalue()


def run_session(text: str, place: str) -> str:
    """Run the commands of a console block; return the session as it comes out today."""
    session, status = "", 0
    for line in text.splitlines():
        if not line.startswith("$ "):
            continue
        words = shlex.split(line.removeprefix("$ "))
        session += line + "\n"
        if words == ["echo", "$?"]:
            session += f"{status}\n"
            continue
        assert words[0] == "telecom-rules", f"{place}: cannot run {line}"
        status, printed = run_command(words[1:])
        session += printed
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


def write_file(text: str) -> bool:
    """Write a block that names its file in its first line; tell whether it did."""
    named = FILE_NAME.match(text)
    if named is None:
        return False
    file = Path(named[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text if named[0].startswith("#") else text[named.end() :], encoding="utf-8")
    return True
