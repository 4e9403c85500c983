"""What the tests of the verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from telecom_rules.pack import read
from tests.shipped import RULES, shipped_reading

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from telecom_rules.pack import Reading


def read_once(path: str | os.PathLike[str] | None = None) -> Reading:
    """Read a pack, the one that ships no more than once."""
    return shipped_reading() if path is None or str(path) == str(RULES) else read(path)


@pytest.fixture
def shipped_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let verbs have the pack that ships from an earlier reading: what they say is tested."""
    monkeypatch.setattr("telecom_rules.pack.read", read_once)


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return what runs a command, and returns its status and all that it prints."""

    def run(*arguments: object) -> tuple[int, str]:
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run
