"""The product life cycle of 9.3, told as stories."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

import pytest

from telecom_rules.workflows import Accepted
from tests.rules import stories
from tests.rules.stories import cited, effects, needed

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Workflow

BEIJING = timezone(timedelta(hours=8))
accept = partial(stories.accept, by="product_manager")
refuse = partial(stories.refuse, by="product_manager")

LAUNCH = datetime(2026, 1, 5, 10, tzinfo=BEIJING)
RISING, STEADY, FALLING = "1.5", "0.2", "-2.0"


@pytest.fixture(scope="module")
def workflow(pack: Pack) -> Workflow:
    return pack.workflows["product_lifecycle"]


def launched(workflow: Workflow) -> Case:
    return workflow.start({"name": "家庭千兆宽带", "service": "data"}, at=LAUNCH, id="P-1")


def observed(case: Case, change: str) -> Case:
    market = {"market_share": "12.5", "share_change": change, "observed_on": "2026-01-04"}
    return accept(case, "observe", market).case


def moved(case: Case, change: str, event: str) -> Case:
    return accept(observed(case, change), event).case


def declining(workflow: Workflow) -> Case:
    case = moved(launched(workflow), RISING, "enter_growth")
    case = moved(case, STEADY, "enter_maturity")
    return moved(case, FALLING, "enter_decline")


def withdrawing(workflow: Workflow, *, licensed: bool) -> Case:
    decision = {"ends_licensed_service": licensed}
    return accept(declining(workflow), "withdraw", decision).case


def cleared(workflow: Workflow, *, licensed: bool = False) -> Case:
    case = withdrawing(workflow, licensed=licensed)
    case = accept(case, "tell_users", {"users_told_on": "2026-01-05"}).case
    return accept(case, "count_stock", {"stock_left": 0}).case


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number, tzinfo=BEIJING)


# The stages.


def test_a_product_goes_through_the_five_stages(workflow: Workflow) -> None:
    stages = []
    case = launched(workflow)
    for change, event in [
        (RISING, "enter_growth"),
        (STEADY, "enter_maturity"),
        (FALLING, "enter_decline"),
    ]:
        case = moved(case, change, event)
        stages.append(case.facts["stage"])
    assert stages == ["growth", "maturity", "decline"]


@pytest.mark.parametrize(
    ("change", "event", "clause"),
    [
        (STEADY, "enter_growth", "spec:9.3(2)"),
        (FALLING, "enter_growth", "spec:9.3(2)"),
        (STEADY, "enter_decline", "spec:9.3(4)"),
        (RISING, "enter_decline", "spec:9.3(4)"),
    ],
)
def test_a_stage_the_market_does_not_show_is_refused(
    workflow: Workflow, change: str, event: str, clause: str
) -> None:
    assert clause in cited(refuse(observed(launched(workflow), change), event))


def test_a_stage_without_market_data_is_refused(workflow: Workflow) -> None:
    assert "share_change" in needed(refuse(launched(workflow), "enter_growth"))


def test_market_data_of_tomorrow_is_refused(workflow: Workflow) -> None:
    market = {"market_share": "12.5", "share_change": "1", "observed_on": "2026-01-06"}
    assert "spec:9.3#1" in cited(refuse(launched(workflow), "observe", market))


@pytest.mark.parametrize("event", ["enter_maturity", "recover", "withdraw"])
def test_stages_are_not_skipped(workflow: Workflow, event: str) -> None:
    payload = {"ends_licensed_service": False} if event == "withdraw" else {}
    refuse(observed(launched(workflow), STEADY), event, payload)


@pytest.mark.parametrize(
    ("stage", "fitting"),
    [
        ("introduction", {"promotion", "branding"}),
        ("growth", {"optimisation", "new_channels"}),
        ("maturity", {"upgrade", "service_quality"}),
        ("decline", {"redesign", "cost_reduction"}),
    ],
)
def test_each_stage_has_its_strategies(pack: Pack, stage: str, fitting: set[str]) -> None:
    workflow = pack.workflows["product_lifecycle"]
    case = {
        "introduction": lambda: launched(workflow),
        "growth": lambda: moved(launched(workflow), RISING, "enter_growth"),
        "maturity": lambda: moved(
            moved(launched(workflow), RISING, "enter_growth"), STEADY, "enter_maturity"
        ),
        "decline": lambda: declining(workflow),
    }[stage]()
    for strategy in pack.catalogues["product_strategy"].codes:
        outcome = case.send(
            "adjust_strategy", {"strategy": strategy}, at=case.at, by="product_manager"
        )
        assert isinstance(outcome, Accepted) == (strategy in fitting), strategy


@pytest.mark.parametrize(
    ("change", "signal"),
    [
        ("1", "rising"),
        ("0.99", "steady"),
        ("0", "steady"),
        ("-0.99", "steady"),
        ("-1", "falling"),
    ],
)
def test_the_line_between_the_movements_of_the_market(pack: Pack, change: str, signal: str) -> None:
    decision = pack.policies["market_signal"].decide({"share_change": change}, on=date(2026, 1, 5))
    assert decision.outputs["signal"] == signal


def test_a_product_that_is_competitive_again_returns_to_maturity(workflow: Workflow) -> None:
    case = declining(workflow)
    refuse(case, "recover")
    outcome = accept(observed(case, STEADY), "recover")
    assert "maturity" in outcome.case.states
    assert "spec:9.3#1" in cited(outcome)


# Withdrawal.


def test_a_withdrawal_stops_sales_and_prepares_the_notice(workflow: Workflow) -> None:
    outcome = accept(declining(workflow), "withdraw", {"ends_licensed_service": False})
    assert effects(outcome) == [
        "stop_sales",
        "dispose_of_stock",
        "prepare_notice",
        "prepare_application",
    ]
    assert "spec:9.3(5)" in cited(outcome)


def test_stock_must_be_cleared_first(workflow: Workflow) -> None:
    case = accept(cleared(workflow), "count_stock", {"stock_left": 1}).case
    assert "spec:9.3(5)" in cited(refuse(case, "complete", at=day(3, 1)))


def test_users_are_told_thirty_days_before(workflow: Workflow) -> None:
    case = cleared(workflow)
    refusal = refuse(case, "complete", at=day(2, 4) - timedelta(microseconds=1))
    assert "service_spec_2005:8" in cited(refusal)
    outcome = accept(case, "complete", at=day(2, 4))
    assert "withdrawn" in outcome.case.states
    assert outcome.case.final


def test_users_who_were_not_told_stop_the_withdrawal(workflow: Workflow) -> None:
    case = accept(withdrawing(workflow, licensed=False), "count_stock", {"stock_left": 0}).case
    assert "users_told_on" in needed(refuse(case, "complete", at=day(6, 1)))


def test_a_licensed_service_stops_ninety_days_after_the_application(workflow: Workflow) -> None:
    case = cleared(workflow, licensed=True)
    refusal = refuse(case, "complete", by="compliance", at=day(6, 1))
    assert "telecom_regulations:15" in cited(refusal)
    case = accept(case, "apply_to_stop", {"stop_applied_on": "2026-01-05"}, by="compliance").case
    case = accept(case, "settle_stop", by="compliance").case
    last_day = datetime(2026, 4, 4, 23, 59, 59, tzinfo=BEIJING)
    refuse(case, "complete", by="compliance", at=last_day)
    refuse(case, "complete", by="product_manager", at=day(4, 5))
    assert "withdrawn" in accept(case, "complete", by="compliance", at=day(4, 5)).case.states


def test_no_application_is_made_where_no_licensed_service_stops(workflow: Workflow) -> None:
    case = withdrawing(workflow, licensed=False)
    refuse(case, "apply_to_stop", {"stop_applied_on": "2026-01-05"})


def test_a_withdrawal_makes_room_for_a_new_product(workflow: Workflow) -> None:
    case = withdrawing(workflow, licensed=False)
    outcome = accept(case, "name_successor", {"successor": "万兆宽带"})
    assert outcome.case.facts["successor"] == "万兆宽带"
    assert "spec:9.3#2" in cited(outcome)


def test_a_withdrawal_that_drags_on_is_told_to_compliance(workflow: Workflow) -> None:
    case = withdrawing(workflow, licensed=False)
    end = next(each for each in case.due if each.kind == "expiry")
    late = case.tick(end.fires)
    assert effects(late) == ["notify_compliance"]
    assert [breach.clock for breach in late.case.breaches] == ["clearance"]


# The catalogue's status.


def test_everything_on_the_market_is_launched(workflow: Workflow) -> None:
    cases = (
        launched(workflow),
        declining(workflow),
        withdrawing(workflow, licensed=False),
        accept(cleared(workflow), "complete", at=day(3, 1)).case,
    )
    statuses = [case.maps("tmf620") for case in cases]
    assert statuses == ["Launched", "Launched", "Retired", "Obsolete"]
