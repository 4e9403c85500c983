"""Who lies on a promise of another pack, or under it, is held to what that pack can know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules import scenarios
from telecom_rules.checks import check
from telecom_rules.pack import read
from tests.pack.chains import HANDBOOK, LAW, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Reading

PROMISE = """\
override: parameters.reply
kind: promise
values: {from: 2026-01-01, value: 10, cites: [handbook:4]}
"""
LATE = """\
scenarios: handling
title: {zh: 办理, en: Handling}
workflow: handling
tests:
  late:
    title: {zh: 逾期, en: Late}
    start: 2026-03-01 09:00
    given: {loss: 30}
    steps:
      - {wait: 24 days, then: {breaches: [$breaches]}}
"""


def read_shop(tmp_path: Path, law: dict[str, str], **files: str) -> Reading:
    """Return the reading of `shop` on `group`, which promises an answer sooner than `law`."""
    group = {"pack.yaml": pack_file("group"), "handbook.yaml": HANDBOOK, "reply.yaml": PROMISE}
    shop = {"pack.yaml": pack_file("shop", "{path: ../group}")}
    shop |= {f"{name}.yaml": text for name, text in files.items()}
    write_packs(tmp_path, law=law, group=group, shop=shop)
    return read(tmp_path / "shop")


@pytest.mark.parametrize(("limit", "codes"), [("8 days", []), ("12 days", ["TR760"])])
def test_a_promise_of_a_base_may_be_kept_by_the_clock_of_the_house(
    tmp_path: Path, limit: str, codes: list[str]
) -> None:
    handling = f"override: workflows.handling\nclocks: {{reply: {{limit: {limit}}}}}\n"
    reading = read_shop(tmp_path, LAW, handling=handling)
    assert [*reading.require_pack().workflows["handling"].clocks] == ["reply"]
    assert [each.id for each in check(reading) if each.id == "TR760"] == codes


@pytest.mark.parametrize(
    ("breaches", "passes"),
    [
        ("reply", True),  # the law does not know of the promise
        ("reply__promise, reply", True),
        ("reply__promise", False),  # one that names it speaks of all
        ("none", False),
    ],
)
def test_a_scenario_of_the_law_expects_nothing_of_a_promise_that_it_does_not_name(
    tmp_path: Path, breaches: str, passes: bool
) -> None:
    law = LAW | {"scenarios/handling.yaml": LATE.replace("$breaches", breaches)}
    pack = read_shop(tmp_path, law).require_pack()
    written = scenarios.read(tmp_path / "shop", pack, base=True)
    assert written.findings == ()
    assert [each.passed for each in scenarios.run(written.scenarios, pack)] == [passes]


def test_a_scenario_of_the_house_names_each_promise_that_is_broken(tmp_path: Path) -> None:
    shop = {"scenarios/handling": LATE.replace("$breaches", "reply")}
    pack = read_shop(tmp_path, LAW, **shop).require_pack()
    written = scenarios.read(tmp_path / "shop", pack)
    assert written.findings == ()
    assert [each.passed for each in scenarios.run(written.scenarios, pack)] == [False]
