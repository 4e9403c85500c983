"""Which states of the shipped workflows a case is brought to, and which not, with the reason."""

from __future__ import annotations

import pytest

from telecom_rules.testing import NotBrought, bring_case
from tests.shipped import shipped

PASSED = "no case rests in it: it is left at once"
APART = "asks for amounts or facts that are not tried together"
NOT_REACHED = {
    "complaint_handling": {
        "archived": "its limit ends in 2028, for which the calendar has no data",
    },
    "data_request": {"sorting": PASSED, "matching": APART},
    "licence_handling": {"expired": "a term of years ends after each day that is tried"},
    "product_development": {"launched": APART},
    "quality_monitoring": {
        "measured": APART,
        "assessing": PASSED,
        "improving": APART,
        "met": APART,
    },
    "spam_report": {"received": PASSED},
    "violation_handling": {"corrected": APART, "warned": APART, "suspended": APART},
}
"""The states that no case is brought to, each with the reason."""
NAMES = sorted(shipped().workflows)


def list_states(name: str) -> list[str]:
    """Return the states of a workflow that a case is brought to, the furthest last."""
    return [
        each for each in shipped().workflows[name].states if each not in NOT_REACHED.get(name, ())
    ]


@pytest.mark.parametrize(
    ("name", "state"), [("user_appeal", "settled"), ("licence_handling", "licensed")]
)
def test_a_state_behind_a_policy_that_asks_many_facts_at_once_is_reached(name, state):
    assert state in bring_case(shipped().workflows[name], state).case.states


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_brought_to_every_state_that_ships(name, is_long):
    workflow = shipped().workflows[name]
    states = list_states(name)
    for state in states if is_long else states[-1:]:
        assert state in bring_case(workflow, state).case.states
    for state in NOT_REACHED.get(name, ()) if is_long else ():
        with pytest.raises(NotBrought):
            bring_case(workflow, state)
