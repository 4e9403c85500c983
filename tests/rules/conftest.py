"""The shipped pack, loaded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.shipped import shipped

if TYPE_CHECKING:
    from telecom_rules.pack import Pack


RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped()
