"""Configurations: equal by the states that are active, whatever chart they are of."""

from __future__ import annotations

from tests.workflows.house import FACTS, START, made
from tests.workflows.test_macrosteps import CHAIN, sent


def test_configurations_are_equal_by_their_states_whatever_else_is_in_the_chart() -> None:
    text = CHAIN.replace("always: {target: c, assign: {reworks: reworks + 1}}", "on: {ring: c}")
    other = text.replace("    entry: {assign: {reworks: reworks + 1}}", "    type: final")
    other = other.replace("en: A}, on", "en: Other}, cites: [spec:7.1.2(1)], ALWAYS, on").replace(
        "ALWAYS", "always: {target: d, guard: reworks > 2}"
    )
    one, two = (made(each).start(FACTS, at=START, id="C-1") for each in (text, other))
    configurations = []
    for event in ("go", "ring", None):
        configurations.append(one._case_state.configuration)
        assert one._case_state.configuration == two._case_state.configuration
        assert hash(one._case_state.configuration) == hash(two._case_state.configuration)
        if event is not None:
            one, two = sent(one, event).case, sent(two, event).case
    assert (one.final, two.final) == (False, True)
    assert len(set(configurations)) == len(configurations)
