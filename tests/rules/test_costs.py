"""The shipped pack stays far below what a decision and an event may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.policies import sum_decision_costs
from telecom_rules.policies.linking.cost import MOST_STEPS_OF_DECISION
from telecom_rules.workflows import machine_of
from telecom_rules.workflows.linking.cost import MOST_STEPS_OF_MACROSTEP, MacrostepCost

if TYPE_CHECKING:
    from telecom_rules.pack import Pack


def test_no_decision_and_no_event_takes_a_hundredth_of_the_bound(pack: Pack) -> None:
    decisions = sum_decision_costs(pack.policies)
    assert 0 < max(decisions.values()) < MOST_STEPS_OF_DECISION / 100
    charts = [machine_of(each).chart for each in pack.workflows.values()]
    steps = [MacrostepCost(chart, decisions).steps for chart in charts]
    assert 0 < max(steps) < MOST_STEPS_OF_MACROSTEP / 100
