"""The pack that ships, read once in each process: reading it takes most of a second."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.pack import load

if TYPE_CHECKING:
    from telecom_rules.pack import Pack

RULES = Path(__file__).resolve().parents[1] / "rules"


@cache
def shipped() -> Pack:
    """Return the pack."""
    return load(RULES)
