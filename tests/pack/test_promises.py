"""Who says so stays visible: a promise of the house and the law's figure are told together."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from telecom_rules.pack import read
from telecom_rules.workflows import Refused
from tests.pack.chains import HANDBOOK, LAW, pack_file, read_overlay, tell, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Pack


FIGURES = """\
overrides:
  parameters.reply:
    kind: promise
    values: {from: 2027-01-01, value: 10, cites: [handbook:4]}
  parameters.threshold:
    kind: promise
    reason: {zh: 从严分级, en: We grade more strictly}
    values: {from: 2027-01-01, value: 20, cites: [handbook:4]}
"""
GUARD = """\
override: workflows.handling
states:
  open:
    on: {close: {guard: policies.grading.grade == 'low' && loss < parameters.threshold}}
"""
BOTH = {
    "en": "our service promise, Service handbook, Art. 4; the law: CNY 50, Handbook, Art. 1",
    "zh": "本企业的服务承诺，《服务手册》第4条；法定：50 元，《手册》第1条",
}
START = datetime.fromisoformat("2027-03-01T09:00:00+08:00")


@pytest.fixture
def shop(tmp_path: Path) -> Pack:
    """A pack with two promises, one of which a guard reads."""
    reading = read_overlay(tmp_path, figures=FIGURES, handling=GUARD)
    assert tell(reading) == []
    return reading.require_pack()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_decision_tells_promise_and_law(shop: Pack, language: str) -> None:
    decision = shop.policies["grading"].decide({"loss": "30"}, on=date(2027, 2, 1))
    assert decision.outputs["grade"] == "high"
    assert BOTH[language] in decision.explain(language)
    before = shop.policies["grading"].decide({"loss": "30"}, on=date(2026, 12, 31))
    assert before.outputs["grade"] == "low"
    assert BOTH[language] not in before.explain(language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refusal_tells_promise_and_law(shop: Pack, language: str) -> None:
    case = shop.workflows["handling"].start({"loss": "30"}, at=START, id="1")
    outcome = case.send("close", at=START)
    assert isinstance(outcome, Refused)
    assert BOTH[language] in outcome.explain(language)


def test_a_breach_tells_promise_and_law(shop: Pack) -> None:
    case = shop.workflows["handling"].start({"loss": "30"}, at=START, id="1")
    ticked = case.tick(datetime.fromisoformat("2027-05-01T00:00:00+08:00"))
    promise = "our service promise, Service handbook, Art. 4; the law: 15 days, Handbook, Art. 2"
    assert f"10 days ({promise})" in ticked.explain("en")
    promise = "10 日（本企业的服务承诺，《服务手册》第4条；法定：15 日，《手册》第2条）"
    assert promise in ticked.explain("zh")
    # Ten days are over and fifteen are not: the promise is broken, and the law is not yet.
    broken = "breach of a promise: the time limit “Time to answer (our promise)” ended at"
    assert broken in ticked.explain("en")
    end = START + timedelta(days=15)
    assert f"by the law it ends at {end.date()} 24:00+08:00" in ticked.explain("en")
    assert "违反承诺：" in ticked.explain("zh")
    assert f"按法定数值至 {end.date()} 24:00+08:00" in ticked.explain("zh")


def test_the_reason_of_an_override_is_the_note_of_its_figures(shop: Pack) -> None:
    note = shop.parameters["threshold"].on(date(2027, 1, 1)).note
    assert note is not None
    assert note.en == "We grade more strictly"


def test_show_effective_puts_the_base_and_the_margin_beside_each_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read_overlay(tmp_path, figures=FIGURES, handling=GUARD)
    arguments = ["show", "--effective", "--on", "2027-02-01", "--rules", str(tmp_path / "shop")]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "the base: 15 days  tighter by 5" in told
    assert (
        "our service promise, Service handbook, Art. 4; the law: 15 days, Handbook, Art. 2" in told
    )
    assert "We grade more strictly" in told


LOOSE = """\
overrides:
  parameters.patience:
    {reason}values: {{from: 2027-01-01, value: 9, cites: [handbook:4]}}
"""
SETTING = """\
parameter: patience
title: {zh: 等待, en: Patience}
unit: calendar_days
stricter: lower
kind: setting
values: {from: 2020-01-01, value: 7, cites: [book:2]}
"""


def test_a_setting_may_be_loosened_with_a_reason_that_diff_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    law = LAW | {
        "patience.yaml": SETTING,
        "policies/grading.yaml": LAW["policies/grading.yaml"].replace(
            "when: loss >=", "when: amount(parameters.patience) > 0 && loss >="
        ),
    }
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK}
    write_packs(tmp_path, law=law, shop=own | {"loose.yaml": LOOSE.format(reason="")})
    assert "loose.yaml:3:39 TR144" in tell(read(tmp_path / "shop"))
    why = "reason: {zh: 人手不足, en: Short of hands}\n    "
    write_packs(tmp_path, law=law, shop=own | {"loose.yaml": LOOSE.format(reason=why)})
    assert "TR144" not in " ".join(tell(read(tmp_path / "shop")))
    assert main(["diff", str(tmp_path / "law"), str(tmp_path / "shop")]) == 0
    assert "reason: Short of hands" in capsys.readouterr().out
