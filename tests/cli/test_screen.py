"""What a verb writes survives every encoding, and no value can hide, reorder or begin a line."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from telecom_rules.cli import VERBS, main
from telecom_rules.cli.screen import Screen, describe_system_error
from telecom_rules.cli.status import NOT_CHECKED
from telecom_rules.findings.terminal import escape_invisible
from tests.fuzz.command_lines import HISTORY, SHAPES, SHOP, make_cases
from tests.fuzz.mutation import OBEYED
from tests.fuzz.records import SEEDS
from tests.pack.house import house, lay

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENCODINGS = ("gbk", "ascii", "cp1252", "utf-8", "utf-16")


class Terminal:
    """A terminal with an encoding of its own."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.streams = [io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2)]

    def call(self, *arguments: str) -> int:
        """Call the command on this terminal."""
        out, err = self.streams
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                return main(arguments)
            except SystemExit as ended:
                return int(ended.code or 0)

    def read(self) -> tuple[str, str]:
        """Return what both streams show."""
        for stream in self.streams:
            stream.flush()
        out, err = (each.buffer.getvalue().decode(self.encoding) for each in self.streams)
        return out, err


@pytest.fixture
def place(tmp_path: Path) -> Callable[[str], str]:
    """Return what stands in the words of a command line for the files of a folder."""
    files = {
        **{f"pack/{name}": data for name, data in house().items()},
        **{f"broken/{name}": data.replace(b"loss >", b"los >") for name, data in house().items()},
        **{f"shop/{name}": text.encode() for name, text in SHOP.items()},
        "history.jsonl": HISTORY,
        "cases.jsonl": make_cases(),
        "records.csv": SEEDS[".csv"],
        "a.scxml": '<scxml xmlns="http://www.w3.org/2005/07/scxml" name="投诉"/>'.encode(),
    }
    lay(tmp_path, files)
    names = {
        "{pack}": "pack",
        "{broken}": "broken",
        "{shop}": "shop",
        "{csv}": "records.csv",
        "{history}": "history.jsonl",
        "{cases}": "cases.jsonl",
        "{folder}/a.scxml": "a.scxml",
        "{folder}/shop": "new",
    }
    return lambda word: str(tmp_path / names[word]) if word in names else word


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("verb", [each.NAME for each in VERBS if each.NAME != "demo"])
def test_every_verb_ends_on_every_terminal(
    verb: str, encoding: str, place: Callable[[str], str]
) -> None:
    for language in ("zh", "en"):
        terminal = Terminal(encoding)
        status = terminal.call(verb, *map(place, SHAPES[verb]), "--language", language)
        assert status in {0, 1, 3}
        out, err = terminal.read()
        assert out or err


@pytest.mark.slow
@pytest.mark.usefixtures("shipped_is_read")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_demo_ends_on_every_terminal(encoding: str) -> None:
    terminal = Terminal(encoding)
    assert terminal.call("demo") == 0
    assert "C-2026-" in terminal.read()[0]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_help_and_usage_are_shown_on_every_terminal(encoding: str) -> None:
    terminal = Terminal(encoding)
    assert terminal.call("--help") == 0
    assert terminal.call("投诉\n\x1b[2J") == 2
    assert terminal.call("show", "x", "y\nforged") == 2
    out, err = terminal.read()
    assert "exit status:" in out
    assert "unrecognized arguments: y\\nforged\n" in err
    assert not OBEYED.search(out + err)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_document_is_the_same_document_in_every_encoding(
    encoding: str, place: Callable[[str], str]
) -> None:
    rules = ("--rules", place("{pack}"))
    terminal = Terminal(encoding)
    assert terminal.call("export", "handling", "--to", "xstate", "--language", "zh", *rules) == 0
    assert "待办" in json.dumps(json.loads(terminal.read()[0]), ensure_ascii=False)
    terminal = Terminal(encoding)
    assert terminal.call("validate", place("{broken}"), "--format", "json") == 1
    first = json.loads(terminal.read()[0])["findings"][0]
    assert "未知的名称" in first["message"]["zh"]
    terminal = Terminal(encoding)
    terminal.call("validate", place("{broken}"), "--format", "junit", "--language", "zh")
    assert "未知的名称" in str(parse(terminal.read()[0])[0][0].get("message"))
    terminal = Terminal(encoding)
    assert terminal.call("export", "grading", "--to", "dmn", *rules) == 0
    assert any("分级" in str(each.attrib) for each in parse(terminal.read()[0]).iter())


def parse(document: str) -> ET.Element:
    """Return a document as any program reads it that was handed the bytes in ASCII."""
    return ET.fromstring(document.encode())  # noqa: S314 - our own document


RECORDS = (
    '{"id": "1\\nV-2  decided: fine 0.00", "loss": 6}',
    '{"id": "\\u202e\\u2028\\u200b\\u001b[31m\\u009b", "loss": 6}',
    '{"id": "\\ud800", "loss": 6}',
    '{"id": "5", "\\nV-3  decided": 6}',
)


@pytest.mark.parametrize("extra", [(), ("--json",), ("--explain",), ("--on", "loss")])
def test_a_record_cannot_forge_a_line(
    tmp_path: Path, place: Callable[[str], str], extra: tuple[str, ...]
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(RECORDS), "utf-8")
    terminal = Terminal("utf-8")
    terminal.call("decide", "grading", "--facts", str(file), "--rules", place("{pack}"), *extra)
    out, err = terminal.read()
    assert not OBEYED.search(out + err)
    assert not any(line.startswith("V-") for line in out.split("\n"))
    if extra in {(), ("--on", "loss")}:
        assert len(out.split("\n")) == len(RECORDS) + 2
        assert "1\\nV-2  decided" in out
        assert "\\u202e\\u2028\\u200b\\x1b[31m\\x9b" in out


def test_a_value_of_a_rule_cannot_forge_a_line(tmp_path: Path) -> None:
    text = house()["policies/grading.yaml"].decode()
    text = text.replace("{grade: grade}", "{grade: text}")
    text = text.replace("{grade: high}", r"""{grade: "'\\u202e\\nFORGED'"}""")
    text = text.replace("{grade: low}", "{grade: \"'x'\"}")
    for name, data in house(policies_grading=text).items():
        if not name.startswith("workflows/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
    (tmp_path / "a.csv").write_text("loss\n600\n")
    for extra in ((), ("--explain",)):
        terminal = Terminal("utf-8")
        words = ("decide", "grading", "--facts", str(tmp_path / "a.csv"), "--rules", str(tmp_path))
        assert terminal.call(*words, *extra) == 0
        out = terminal.read()[0]
        assert "\\u202e\\nFORGED" in out
        assert "\nFORGED" not in out


@given(st.text())
@example("\x1b[31m")
@example("\u2028\u3164\u00ad\U000e0041")
@settings(deadline=None)
def test_a_line_is_a_line_whatever_it_holds(text: str) -> None:
    out = io.StringIO()
    Screen(out, out, "en", colour=True).write_line(text)
    (line,) = out.getvalue().splitlines()
    assert not OBEYED.search(line)
    assert escape_invisible(line) == line


def test_only_the_verb_paints() -> None:
    out = io.StringIO()
    screen = Screen(out, out, "en", colour=True)
    screen.write_line(screen.paint("a\x1b[8mb", "red"))
    assert out.getvalue() == "\x1b[31ma\\x1b[8mb\x1b[0m\n"


@pytest.mark.parametrize(
    ("end", "status", "told"),
    [("> /dev/full", 3, "No space left on device"), (">&-", 0, ""), ("2>&-", 0, "")],
)
def test_a_full_disk_or_a_closed_stream_ends_without_a_traceback(
    place: Callable[[str], str], end: str, status: int, told: str
) -> None:
    command = f'exec "$@" {end}'
    words = ["-m", "telecom_rules", "show", "--rules", place("{pack}")]
    ended = subprocess.run(  # noqa: S603 - our own interpreter, our own arguments
        ["/bin/sh", "-c", command, "sh", sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr.strip()) == (status, told)


@pytest.mark.parametrize(
    ("number", "zh"),
    [(errno.ENOENT, "没有这个文件或文件夹"), (errno.ENOSPC, "磁盘空间已满"), (9999, "odd")],
)
def test_what_the_system_says_is_told_in_the_language_of_the_user(number: int, zh: str) -> None:
    told = describe_system_error(OSError(number, "odd", "x.json"))
    assert (told.zh, told.en) == (f"x.json：{zh}", "x.json: odd")


def test_a_file_that_cannot_be_written_is_told_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path)
    assert main(["validate", "--language", "zh", "--output", folder]) == NOT_CHECKED
    assert capsys.readouterr().err == f"{folder}：这是文件夹，不是文件\n"
