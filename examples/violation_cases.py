"""Invented violation cases, as the cells of a spreadsheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from chance import Dice, flag

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTS = (
    # act, the gain from which Articles 67 to 70 reckon the fine by the gain (0: they do not)
    ("unlicensed_operation", 50000),
    ("scope_exceeded", 50000),
    ("gateway_unapproved", 50000),
    ("resource_misused", 50000),
    ("interconnection_cut", 50000),
    ("card_forged", 10000),
    ("licence_transferred", 10000),
    ("communication_disclosed", 10000),
    ("interconnection_surcharge", 10000),
    ("cross_subsidy", 0),
    ("interconnection_refused", 0),
    ("itemised_bill_refused", 0),
    ("service_forced", 0),
    ("promise_broken_or_misleading", 0),
    ("lines_moved", 0),
)

NEAR = (-1, 0, 1)
"""How many fen from its threshold a gain lies that tests the threshold."""

BAD_CELLS: tuple[tuple[str, str], ...] = (
    ("act", "unlicenced_operation"),
    ("act", "spam_calls"),
    ("illegal_gain", "80,000.00"),
    ("illegal_gain", "¥60000"),
    ("illegal_gain", "49999.995"),
    ("illegal_gain", "-1.00"),
    ("illegal_gain", "5e4"),
    ("grave", "yes"),
    ("grave", "是"),
    ("committed_on", "2026/03/01"),
    ("detected_on", "2026-02-30"),
)
"""Cells that no record of a violation can hold: each spoils one record."""

BLANKS = ("illegal_gain", "grave", "is_crime", "refused_to_correct", "committed_on", "established")
"""Cells left blank, four times each: what is not known."""


def violations(dice: Dice) -> list[dict[str, str]]:
    """Return violation cases as cells: ordinary ones, those at a threshold, and the spoilt ones."""
    changes: list[tuple[str, int, dict[str, str]]] = [(*dice.pick(ACTS), {}) for _ in range(150)]
    changes += [
        (act, threshold, {"illegal_gain": yuan(threshold * 100 + distance)})
        for act, threshold in ACTS
        for distance in NEAR
        if threshold
    ]
    changes += [(*dice.pick(ACTS), {name: ""}) for name in BLANKS * 4]
    changes += [(*dice.pick(ACTS), {name: cell}) for name, cell in BAD_CELLS]
    cases = [violation(dice, act, threshold) | change for act, threshold, change in changes]
    return [{"id": f"V-2026-{number:04}"} | case for number, case in enumerate(cases, start=1)]


def violation(dice: Dice, act: str, threshold: int) -> dict[str, str]:
    """Return one ordinary case of `act` as cells."""
    committed = date(2025, 3, 1) + timedelta(days=dice.below(420))
    detected = committed + timedelta(days=dice.below(120))
    gain = dice.below(400 * max(threshold, 10000)) if dice.chance(70) else 0
    minor = dice.chance(15)
    return {
        "act": act,
        "established": flag(dice.chance(95)),
        "illegal_gain": yuan(gain),
        "grave": flag(not minor and dice.chance(15)),
        "is_crime": flag(not minor and dice.chance(4)),
        "refused_to_correct": flag(refused := dice.chance(30)),
        "minor": flag(minor),
        "corrected_in_time": flag(dice.chance(40) and not refused),
        "harm_done": flag(not minor and dice.chance(50)),
        "safety_or_finance_affected": flag(dice.chance(10)),
        "committed_on": committed.isoformat(),
        "detected_on": detected.isoformat(),
    }


def yuan(fen: int) -> str:
    """Return an amount of fen as text in yuan, with two places."""
    return f"{fen // 100}.{fen % 100:02}"


def as_json(cells: Mapping[str, str]) -> dict[str, object]:
    """Return a case as a JSON object: what is blank is left out, booleans are booleans."""
    booleans = {"true": True, "false": False}
    return {name: booleans.get(cell, cell) for name, cell in cells.items() if cell}
