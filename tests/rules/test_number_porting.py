"""A port is refused by the five conditions of the rules alone, whatever a house adds."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from telecom_rules import Accepted, Refused
from telecom_rules.checks.strictness import Direction, find_deviations
from tests.rules.relinking import Relinker
from tests.shipped import shipped_reading

if TYPE_CHECKING:
    from telecom_rules import Pack

REFUSAL = "portability/porting_refusal.yaml"
PORTING = "portability/number_porting.yaml"
AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
FACTS = {
    "number": "13900000001",
    "number_kind": "mobile",
    "home_area": "0571",
    "target_area": "0571",
    "registration": "registered",
    "number_state": "in_use",
    "amount_owed": 0,
    "joined_on": date(2025, 5, 6),
}
CODE = "            - target: awaiting_code\n              by: customer\n"
COMPLAIN = "      complain:\n        by: customer"


@pytest.fixture(scope="module")
def relinker() -> Relinker:
    return Relinker.of(shipped_reading())


@pytest.mark.parametrize(
    ("file", "old", "new", "refused"),
    [
        (REFUSAL, "amount_owed > 0", "amount_owed > 0 || home_area != target_area",
         "porting_refusal.settled"),
        (REFUSAL, "registration != 'registered'", "registration == 'unregistered'",
         "porting_refusal.real_name"),
        (PORTING, COMPLAIN, COMPLAIN.replace("customer", "supervisor"),
         "number_porting.open.complain"),
    ],
)  # fmt: skip
def test_a_house_adds_no_reason_and_takes_no_right(
    relinker: Relinker, file: str, old: str, new: str, refused: str
) -> None:
    text = relinker.reading.texts[file]
    assert old in text
    found = find_deviations(relinker.pack, relinker.with_text(file, text.replace(old, new, 1)))
    assert refused in {each.parts[0].name for each in found if each.is_refused}


def test_a_condition_that_a_house_adds_to_the_code_is_told_before_a_release(
    relinker: Relinker,
) -> None:
    # Where the comparison does not search what a policy gives, it says so and passes nothing.
    text = relinker.reading.texts[PORTING]
    assert CODE in text
    changed = text.replace(CODE, f"{CODE}              guard: home_area == target_area\n")
    (found,) = find_deviations(relinker.pack, relinker.with_text(PORTING, changed))
    assert found.parts[0].name == "number_porting.eligible.request_code[2]"
    assert found.direction in {Direction.LAXER, Direction.UNDECIDED}


def test_an_answer_names_the_fact_that_it_lacks_and_its_rules_once(pack: Pack) -> None:
    facts = {**FACTS, "stay_clause": "HT-2025-0417"}
    case = pack.workflows["number_porting"].start(facts, at=AT, id="P-1")
    outcome = case.send("answer", at=AT, by="agent")
    assert isinstance(outcome, Refused)
    assert outcome.reasons[0].data["needs"] == ("stay_ends_on",)
    (zh,) = outcome.explain("zh").splitlines()[1:]
    assert zh == (
        "- 缺少“在网期限届满日（来自合同系统）”，无法判断能否转为“不符合条件”"
        "（《携号转网服务管理规定》）"
    )
    (en,) = outcome.explain("en").splitlines()[1:]
    assert en == (
        "- cannot decide whether to go to “Conditions not met” without "
        "“Last day of the minimum stay (contract system)” (Rules on number portability)"
    )


def test_what_a_house_checks_more_refuses_no_port(relinker: Relinker) -> None:
    file = "portability/number_portability.yaml"
    text = relinker.reading.texts[file]
    stricter = relinker.with_text(file, text.replace("severity: warning", "severity: error"))
    facts = {**FACTS, "target_area": "010"}
    decision = stricter.policies["number_portability"].decide(facts, on=AT.date())
    assert decision.outputs["verdict"] == "fail"
    case = stricter.workflows["number_porting"].start(facts, at=AT, id="P-1")
    outcome = case.send("answer", at=AT, by="system")
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "eligible"
