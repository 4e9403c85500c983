"""What is proved of a property is so: random charts, random properties, random runs."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from telecom_rules.checks.analysis import state_space
from telecom_rules.checks.analysis.verdicts import PropertyVerdict, prove_property
from telecom_rules.errors import FactsError
from telecom_rules.findings import Findings
from telecom_rules.workflows import Accepted, Entry, Workflow
from telecom_rules.workflows.engine import microstep
from telecom_rules.workflows.properties.properties import judge_property
from telecom_rules.workflows.properties.templates import Template
from tests.workflows.house import START, link
from tests.workflows.random_charts import EVENTS, RETURNS, callees, charts, give_back

CHARTS = max(100, settings.default.max_examples // 4)


@pytest.fixture(autouse=True)
def soon_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up early: circles of events and piles of them are not what is tested here."""
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", 30)
    monkeypatch.setattr(state_space, "LONGEST_QUEUE", 5)
    monkeypatch.setattr(state_space, "MOST_MOVES", 3_000)


@st.composite
def demands(draw: st.DrawFn, names: list[str]) -> dict[str, object]:
    """Return a property over some of `names`."""
    template = draw(st.sampled_from(list(Template)))
    some = draw(st.lists(st.sampled_from(names), min_size=2, max_size=4, unique=True))
    first, then = some[::2], some[1::2]
    if template.single:
        return {template.value: first}
    keys = ("one", "other") if template is Template.NOT_COEXISTENCE else ("first", "then")
    return {template.value: dict(zip(keys, (first, then), strict=True))}


def states(chart: dict[str, object]) -> list[str]:
    found = Findings()
    for name, state in chart.get("states", {}).items():
        if state.get("type") != "history":
            found += [name, *states(state)]
    return found


@st.composite
def flows(draw: st.DrawFn) -> str:
    """Return a random chart with random properties."""
    chart = json.loads(draw(charts(calls=True)))
    names = [*states(chart), *EVENTS]
    chart["properties"] = [draw(demands(names)) for _ in range(6)]
    return json.dumps(chart, ensure_ascii=False)


def journal(workflow: Workflow, facts: dict[str, object], events: list[str]) -> list[Entry]:
    """Return the journal of a case that is sent `events`; empty where it cannot be started."""
    try:
        opened = workflow.open(facts, at=START, id="r")
    except FactsError:
        return []
    case, entries = opened.case, [opened.entry]
    for name in events:
        if name in RETURNS and not case.calls:
            continue
        outcome = give_back(case, name)[1] if name in RETURNS else case.send(name, at=START)
        if isinstance(outcome, Accepted):
            case, entries = outcome.case, [*entries, *outcome.entries]
    return entries


@settings(max_examples=CHARTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    flows(),
    st.lists(st.lists(st.sampled_from((*EVENTS, *RETURNS)), max_size=9), min_size=6, max_size=6),
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
)
def test_what_holds_is_never_broken_and_what_is_violated_replays(
    text: str, sequences: list[list[str]], reworks: list[int]
) -> None:
    workflow, found = link(text, callees=callees())
    assert {each.id for each in found} <= {"TR311"}, [each.concise() for each in found]
    if workflow is None:
        return
    every = state_space.StateSpace(workflow)
    walks = zip(sequences, reworks, strict=True)
    journals = [
        journal(workflow, {"reworks": number, "amount": "7"}, events) for events, number in walks
    ]
    for demand in workflow.properties:
        proof = prove_property(every, demand)
        event(f"{proof.verdict}")
        broken = [
            entries
            for entries in journals
            if judge_property(workflow._machine.chart, demand, entries).standpoint == "violated"
        ]
        if proof.verdict is PropertyVerdict.HOLDS:
            assert not broken, (demand.name, broken)
        if proof.verdict is PropertyVerdict.VIOLATED:
            assert (
                judge_property(workflow._machine.chart, demand, proof.entries).standpoint
                == "violated"
            )
            workflow.replay(proof.entries)
