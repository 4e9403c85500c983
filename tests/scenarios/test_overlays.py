"""The scenarios of a base hold for a pack that extends it, but for those that it changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from telecom_rules import scenarios
from telecom_rules.cli import main
from telecom_rules.pack import read
from tests.pack.chains import HANDBOOK, LAW, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


GRADING = """\
scenarios: grading
title: {zh: 分级, en: Grading}
policy: grading
on: 2026-03-01
tests:
  dear: {title: {zh: 大额, en: Dear}, given: {loss: 60}, then: {grade: high}}
  cheap: {title: {zh: 小额, en: Cheap}, given: {loss: 30}, then: {grade: low}}
"""
STRICTER = """\
override: policies.grading
rules: [{id: high, when: loss >= parameters.threshold - 25}]
"""
CHANGED = """\
override: scenarios.grading
tests: {cheap: {then: {grade: high}}}
"""


def write_shop(folder: Path, **own: str) -> Path:
    """Write an overlay on a law with scenarios; return its folder."""
    files = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "grading.yaml": STRICTER}
    files |= {f"scenarios/{name}.yaml": text for name, text in own.items()}
    write_packs(folder, law=LAW | {"scenarios/grading.yaml": GRADING}, shop=files)
    return folder / "shop"


def results_of(root: Path, *, base: bool = False) -> dict[str, bool]:
    """Return whether each scenario passes, by its id."""
    pack = read(root).require_pack()
    written = scenarios.read(root, pack, base=base)
    assert written.findings == ()
    return {each.scenario.id: each.passed for each in scenarios.run(written.scenarios, pack)}


def test_the_scenarios_of_a_base_run_where_they_are_asked_for(tmp_path: Path) -> None:
    root = write_shop(tmp_path)
    assert results_of(root) == {}
    assert results_of(root, base=True) == {"grading/dear": True, "grading/cheap": False}


def test_a_scenario_that_is_changed_is_one_of_the_overlay(tmp_path: Path) -> None:
    root = write_shop(tmp_path, grading=CHANGED)
    assert results_of(root) == {"grading/cheap": True}
    assert results_of(root, base=True) == {"grading/dear": True, "grading/cheap": True}


def test_a_scenario_is_taken_out_with_a_reason(tmp_path: Path) -> None:
    remove = "{remove: {reason: {zh: 不再适用, en: Does not apply}}}"
    root = write_shop(tmp_path, grading=f"override: scenarios.grading\ntests: {{cheap: {remove}}}")
    assert results_of(root, base=True) == {"grading/dear": True}


def test_a_scenario_of_the_overlay_is_added_to_a_group_of_the_base(tmp_path: Path) -> None:
    text = """\
override: scenarios.grading
tests: {middle: {title: {zh: 中, en: Middle}, given: {loss: 26}, then: {grade: high}}}
"""
    assert results_of(write_shop(tmp_path, grading=text)) == {"grading/middle": True}


def test_what_a_scenario_may_not_say_is_a_finding(tmp_path: Path) -> None:
    for text, code in (
        (GRADING, "TR134"),
        ("override: scenarios.grade\ntests: {}\n", "TR135"),
        ("override: policies.grading\n", "TR135"),
        ("override: scenarios.grading\ntests: {cheap: {then: {grade: low}}}\n", "TR137"),
        ("override: scenarios.grading\npolicy: other\n", "TR138"),
    ):
        root = write_shop(tmp_path, other=text)
        found = scenarios.read(root, read(root).require_pack()).findings
        assert [each.id for each in found] == [code], text


def test_coverage_asks_for_what_the_overlay_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(write_shop(tmp_path, grading=CHANGED))
    assert main(["test", root, "--coverage"]) == 0
    own = capsys.readouterr().out
    assert "grading/high" in own
    assert "handling" not in own
    assert main(["test", root, "--coverage", "--base"]) == 0
    assert "handling" in capsys.readouterr().out


def test_an_override_of_scenarios_needs_a_base(tmp_path: Path) -> None:
    write_packs(tmp_path, law=LAW | {"scenarios/grading.yaml": CHANGED})
    pack = read(tmp_path / "law").require_pack()
    assert [each.id for each in scenarios.read(tmp_path / "law", pack).findings] == ["TR139"]


def test_the_scenarios_of_a_base_that_are_changed_are_listed_with_their_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """\
override: scenarios.grading
reason: {zh: 界限更低, en: The threshold is lower}
tests:
  cheap: {then: {grade: high}}
  dear: {remove: {reason: {zh: 不再适用, en: Does not apply}}}
  own: {title: {zh: 中, en: Middle}, given: {loss: 26}, then: {grade: high}}
"""
    root = str(write_shop(tmp_path, grading=text))
    assert main(["test", root, "--base"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == [
        (
            "the scenario `grading/cheap` of the base is changed (scenarios/grading.yaml:4:3): "
            "The threshold is lower"
        ),
        (
            "the scenario `grading/dear` of the base is taken out (scenarios/grading.yaml:5:3): "
            "Does not apply"
        ),
    ]
    assert main(["test", root, "--base", "--language", "zh"]) == 0
    assert "被删除（scenarios/grading.yaml:5:3）：不再适用" in capsys.readouterr().out
    assert main(["test", root, "--base", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["base_scenarios"]
    assert [(each["name"], each["gone"]) for each in listed] == [
        ("grading/cheap", False),
        ("grading/dear", True),
    ]
    assert main(["test", root]) == 0
    assert "of the base" not in capsys.readouterr().out
