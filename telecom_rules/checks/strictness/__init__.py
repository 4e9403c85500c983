"""Whether the rules of a house are as strict as those of the law: two linked packs, compared."""

from __future__ import annotations

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.strictness.changes import JudgedChange, judge_changes
from telecom_rules.checks.strictness.packs import find_deviations

__all__ = [
    "Deviation",
    "Direction",
    "JudgedChange",
    "Part",
    "find_deviations",
    "judge_changes",
]
