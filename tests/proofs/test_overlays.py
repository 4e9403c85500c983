"""Workflows of a house that the static comparison leaves undecided: proved, or shown laxer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import check
from telecom_rules.cli import main
from telecom_rules.pack import read
from telecom_rules.proofs.verification import settle_findings, verify
from tests.pack.chains import HANDBOOK, LAW, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Reading

BEFORE = "{target: closed, guard: policies.grading.grade == 'low', cites: [book:2]}"
FACTS = """
  fees: {type: integer, title: {zh: 费用, en: Fees}, min: 0, max: 1000}
  paid: {type: integer, title: {zh: 已付, en: Paid}, min: 0, max: 1000}
"""


def read_house(folder: Path, base: str, house: str, properties: str = "") -> Reading:
    """Return the reading of a house whose guard of `close` is other than that of its base."""
    flow = LAW["workflows/handling.yaml"]
    assert BEFORE in flow
    flow = flow.replace(BEFORE, f'{{target: closed, guard: "{base}", cites: [book:2]}}')
    law = LAW | {
        "workflows/handling.yaml": flow + properties,
        "facts/ticket.yaml": LAW["facts/ticket.yaml"].rstrip() + FACTS,
    }
    text = (
        f'override: workflows.handling\nstates: {{open: {{on: {{close: {{guard: "{house}"}}}}}}}}\n'
    )
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "handling.yaml": text}
    write_packs(folder, law=law, shop=own)
    reading = read(folder / "shop")
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return reading


def strictness(reading: Reading) -> list[str]:
    return [
        each.id for each in check(reading, release=True) if each.id in {"TR760", "TR762", "TR763"}
    ]


@pytest.mark.parametrize(
    ("base", "house", "codes"),
    [
        ("fees + paid > 10", "fees + 2 * paid > 20 && fees < 10", []),
        ("fees * 3 >= paid * 2", "fees * 6 > paid * 4 && paid >= 0", []),
        ("fees - paid < 4", "paid - fees > 2", []),
        ("fees * 2 > paid + 7", "fees * 2 > paid + 6", ["TR760"]),
        ("fees - paid > 700 && paid > 200", "fees - paid > 700 && paid > 198", ["TR760"]),
        ("string(fees) == '7'", "string(fees) == '7' || string(fees) == '8'", ["TR763"]),
    ],
)
def test_guards_that_boxes_do_not_decide_are_put_to_the_solver(
    tmp_path: Path, base: str, house: str, codes: list[str]
) -> None:
    reading = read_house(tmp_path, base, house)
    found = tuple(check(reading, release=True))
    assert strictness(reading) in (["TR763"], codes)
    told = [each for each in settle_findings(reading, found) if each.id.startswith("TR76")]
    assert [each.id for each in told] == codes
    assert all(each.span.file == "handling.yaml" for each in told)


def test_a_laxer_guard_is_shown_by_values_on_which_the_engine_has_evaluated_both(
    tmp_path: Path,
) -> None:
    reading = read_house(tmp_path, "fees * 2 > paid + 7", "fees * 2 > paid + 6")
    (found,) = [each for each in verify(reading).findings if each.id == "TR760"]
    assert "fees=" in found.wording.en
    values = dict(
        each.split("=") for each in found.wording.en.split("`")[-2].split(", ") if "=" in each
    )
    assert int(values["fees"]) * 2 == int(values["paid"]) + 7


def test_a_release_accepts_what_the_solver_has_proved_only_when_asked(tmp_path: Path) -> None:
    read_house(tmp_path, "fees + paid > 10", "fees + 2 * paid > 20 && fees < 10")
    shop = str(tmp_path / "shop")
    options = ["--select", "TR76"]
    assert main(["validate", shop, "--release", *options]) == 1
    assert main(["validate", shop, "--release", "--prove", *options]) == 0
