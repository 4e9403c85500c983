"""The pack that ships, read once in each process: reading it takes most of a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.pack import read

if TYPE_CHECKING:
    from telecom_rules.pack import Pack, Reading

RULES = Path(__file__).resolve().parents[1] / "rules"


@cache
def shipped_reading() -> Reading:
    """Return the pack with what was found in it."""
    return read(RULES)


def shipped() -> Pack:
    """Return the pack."""
    return shipped_reading().require_pack()
