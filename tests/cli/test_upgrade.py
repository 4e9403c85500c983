"""`telecom-rules upgrade` tells what a new base means for a pack that extends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.cli import main
from tests.pack.chains import HANDBOOK, LAW, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


BASE = LAW | {
    "policies/grading.yaml": LAW["policies/grading.yaml"].replace(
        "{grade: grade}", "{grade: {type: grade, stricter: [high, low]}}", 1
    )
}
GRADING = """\
override: policies.grading
rules:
  - {id: middle, before: low, when: loss >= 40, then: {grade: high}, cites: [handbook:4]}
"""
REPLY = """\
override: parameters.reply
kind: promise
values: {from: 2027-01-01, value: 10, cites: [handbook:4]}
"""
SCENARIOS = """\
scenarios: house
title: {zh: 分级, en: Grading}
policy: grading
on: 2026-03-01
tests:
  dear: {title: {zh: 大额, en: Dear}, given: {loss: 60}, then: {grade: high}}
  cheap: {title: {zh: 小额, en: Cheap}, given: {loss: 30}, then: {grade: low}}
"""


def upgrade(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, tuple[str, str]],
    *more: str,
) -> tuple[int, str]:
    """Return status and output for a new version of the law with texts of its files replaced."""
    shop = {
        "pack.yaml": pack_file("shop", "{path: ../law, version: '<2'}"),
        "handbook.yaml": HANDBOOK,
        "grading.yaml": GRADING,
        "reply.yaml": REPLY,
        "scenarios/house.yaml": SCENARIOS,
    }
    new = BASE | {file: BASE[file].replace(*texts) for file, texts in changes.items()}
    new["pack.yaml"] = new["pack.yaml"].replace("version: 1.0.0", "version: 2.0.0")
    write_packs(folder, law=BASE, shop=shop, new=new)
    to = () if "--to" in more else ("--to", str(folder / "new"))
    status = main(["upgrade", str(folder / "shop"), *to, *more])
    return status, capsys.readouterr().out


def test_a_new_base_that_changes_nothing_of_the_overlay_is_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = upgrade(tmp_path, capsys, {})
    assert status == 0
    assert "shop 1.0.0: law 1.0.0 → 2.0.0" in told
    assert "every override still holds in the new version" in told
    assert 'version: "==2.0.0"' in told


def test_what_the_new_base_no_longer_has_is_told_with_its_old_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = upgrade(tmp_path, capsys, {"policies/grading.yaml": ("id: low", "id: cheap")})
    assert status == 1
    assert "TR136" in told
    assert "the old version said: - {id: low, then: {grade: low}, cites: [book:1]}" in told


def test_an_element_that_is_gone_is_told_with_all_of_its_old_text_and_no_other_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = {"parameters/reply.yaml": ("parameter: reply", "parameter: answer")}
    status, told = upgrade(tmp_path, capsys, gone)
    assert status == 1
    found = told.partition("TR135")[2].partition("[TR")[0]
    assert "the old version said: parameter: reply" in found
    assert "the base says" not in found
    assert "run it again without these errors" in told


def test_a_pack_that_was_mended_for_the_new_base_is_not_compared_with_the_old_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = upgrade(tmp_path, capsys, {"policies/grading.yaml": ("id: low", "id: cheap")})
    own = tmp_path / "shop" / "grading.yaml"
    own.write_text(GRADING.replace("before: low", "before: cheap"), encoding="utf-8")
    status = main(["upgrade", str(tmp_path / "shop"), "--to", str(tmp_path / "new")])
    told = capsys.readouterr().out
    assert status == 0
    assert "the pack no longer holds on the old version" in told
    assert "not at hand" not in told


def test_an_override_that_the_new_base_says_itself_is_redundant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = upgrade(tmp_path, capsys, {"parameters/reply.yaml": ("value: 15", "value: 10")})
    assert "TR137" in told
    assert "the old version said: - {from: 2020-01-01, value: 15," in told
    assert status == 0  # nothing that has to be mended


def test_an_override_that_the_new_law_makes_laxer_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, told = upgrade(tmp_path, capsys, {"parameters/reply.yaml": ("value: 15", "value: 7")})
    assert status == 1
    assert "laxer" in told.partition("What changes")[0]


def test_scenarios_that_change_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {"parameters/threshold.yaml": ("value: 50", "value: 20")}
    status, told = upgrade(tmp_path, capsys, changes)
    assert status == 1
    assert "- house/cheap: passed, fails now" in told
    assert "house/dear" not in told


def test_open_cases_are_told_state_by_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {"parameters/reply.yaml": ("value: 15", "value: 14")}
    _, told = upgrade(tmp_path, capsys, changes)
    assert "Cases in these states would be stranded:" in told


def test_the_version_that_is_installed_may_be_named_and_another_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop", "telecom_rules")})
    arguments = ["upgrade", str(tmp_path / "shop"), "--to", "9.9"]
    assert main(arguments) == 2
    assert "there is no 9.9" in capsys.readouterr().err


def test_without_the_old_base_all_that_is_wrong_with_the_new_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = tmp_path / "law"
    status, told = upgrade(tmp_path, capsys, {}, "--to", str(law))
    assert status == 0
    assert "the old version is not at hand" in told
    status, told = upgrade(tmp_path, capsys, {}, "--to", str(law), "--from", str(tmp_path / "new"))
    assert "law 2.0.0 → 1.0.0" in told


def test_a_pack_without_a_base_cannot_be_upgraded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_packs(tmp_path)
    assert main(["upgrade", str(tmp_path / "law"), "--to", str(tmp_path / "law")]) == 2
    assert "extends no pack" in capsys.readouterr().err
