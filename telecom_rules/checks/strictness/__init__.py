"""Whether the rules of a house are as strict as those of the law: two linked packs, compared."""

from __future__ import annotations

from telecom_rules.checks.strictness.deviations import Deviation, Direction, Part
from telecom_rules.checks.strictness.packs import find_deviations

__all__ = ["Deviation", "Direction", "Part", "find_deviations"]
