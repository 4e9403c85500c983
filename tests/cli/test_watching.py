"""`--watch` runs again when a file changes and ends with Ctrl-C; a long run says how far it is."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli.progress import CHECKING, ProgressLine
from telecom_rules.cli.watching import digest_files
from tests.pack.house import HOUSE, house, lay

if TYPE_CHECKING:
    from pathlib import Path

REPLY = "parameters/reply.yaml"
WRONG = HOUSE[REPLY].replace("unit: ", "unti: ")


@pytest.fixture
def watcher(tmp_path: Path):
    """Watch a pack with a mistake in a process of its own."""
    lay(tmp_path, {**house(), REPLY: WRONG.encode()})
    command = [sys.executable, "-u", "-m", "telecom_rules", "validate", str(tmp_path), "--watch"]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    environment.pop("GITHUB_ACTIONS", None)
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [*command, "--format", "concise"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        # A shell in the background has its children ignore what Ctrl-C sends.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    ) as process:
        yield process
        process.kill()


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Return what a process prints up to a line with some words."""
    text = ""
    while words not in text:
        line = process.stdout.readline()
        assert line, f"it ended behind {text!r}"
        text += line
    return text


def test_a_pack_is_validated_again_when_a_file_changes_and_ctrl_c_ends_it(watcher, tmp_path):
    assert "error[TR102]" in read_until(watcher, "Ctrl-C")
    (tmp_path / REPLY).write_bytes(house()[REPLY])
    assert "error" not in read_until(watcher, "no findings")
    (tmp_path / "pack.yaml").rename(tmp_path / "gone.yaml")
    assert "there is no pack" in read_until(watcher, "there is no pack")
    (tmp_path / "gone.yaml").rename(tmp_path / "pack.yaml")
    read_until(watcher, "no findings")
    watcher.send_signal(signal.SIGINT)
    assert watcher.wait(10) == 0
    assert watcher.stdout.read().count("Traceback") == 0


def test_a_file_that_is_only_touched_is_no_change(tmp_path):
    lay(tmp_path, house())
    before = digest_files(str(tmp_path))
    os.utime(tmp_path / REPLY)
    assert digest_files(str(tmp_path)) == before
    (tmp_path / REPLY).write_text(WRONG, "utf-8")
    assert digest_files(str(tmp_path)) != before


def test_a_base_is_watched_with_the_pack(tmp_path):
    lay(tmp_path / "group", house())
    own = 'pack: own\nversion: 1.0.0\ntitle: {zh: 自, en: Own}\nutc_offset: "+08:00"\n'
    lay(tmp_path / "own", {"pack.yaml": f"{own}extends: {{path: ../group}}\n".encode()})
    before = digest_files(str(tmp_path / "own"))
    (tmp_path / "group" / REPLY).write_text(WRONG, "utf-8")
    assert digest_files(str(tmp_path / "own")) != before


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def shown(monkeypatch):
    """Return what steps one second apart print on a stream."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def show(stream: io.StringIO, seconds: float) -> str:
        now = iter([step * seconds for step in range(100)])
        with ProgressLine(CHECKING, "zh", stream=stream, clock=lambda: next(now)) as line:
            for done in range(5):
                line(done, 5)
        return stream.getvalue()

    return show


def test_a_long_run_says_how_far_it_is_and_leaves_nothing_behind(shown, monkeypatch):
    text = shown(Terminal(), 1.0)
    assert "正在检查 2/5" in text
    assert text.endswith("\r\x1b[2K")
    assert shown(Terminal(), 0.0) == ""
    assert shown(io.StringIO(), 1.0) == ""
    monkeypatch.setenv("CI", "true")
    assert shown(Terminal(), 1.0) == ""
