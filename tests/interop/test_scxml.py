"""Charts come back from SCXML as they went, and what SCXML says otherwise is refused by element."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import FactsError
from telecom_rules.findings import Findings
from telecom_rules.interop import NotExpressible, from_scxml, to_scxml
from telecom_rules.pack import link as link_pack
from telecom_rules.pack.files import gather_files
from telecom_rules.vocabulary import Duration, Unit
from telecom_rules.workflows import Accepted, Clock, Workflow
from tests.shipped import shipped
from tests.workflows.house import START, link
from tests.workflows.random_charts import EVENTS, HEAD, TITLE, charts

RULES = Path(__file__).resolve().parents[2] / "rules"


PLAIN = json.dumps(
    {
        **HEAD,
        "initial": "a",
        "states": {
            "a": {"title": TITLE, "on": {"e1": "b"}},
            "b": {"title": TITLE, "type": "final"},
        },
    }
)


def again(workflow: Workflow) -> str:
    """Return the YAML of a workflow that went to SCXML and back."""
    imported = from_scxml(to_scxml(workflow))
    assert imported.findings == ()
    (text,) = imported.files.values()
    return text


@settings(
    max_examples=max(60, settings.default.max_examples // 4),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(charts(), st.lists(st.lists(st.sampled_from(EVENTS), max_size=8), min_size=3, max_size=3))
def test_a_chart_that_went_to_scxml_and_back_behaves_alike(
    text: str, sequences: list[list[str]]
) -> None:
    workflow, _ = link(likely(text))
    assume(workflow is not None)
    try:
        written = again(workflow)
    except NotExpressible:
        event("outside what SCXML says alike")
        return
    event("carried over")
    twin, found = link(written)
    assert twin is not None, [each.concise() for each in found]
    for events in sequences:
        assert walked(workflow, events) == walked(twin, events)


def likely(text: str) -> str:
    """Return a chart with less of what SCXML says otherwise: parallel states are entered anew."""
    chart = json.loads(text)
    pending = [*chart["states"].values()]
    for state in pending:
        pending += state.get("states", {}).values()
        if state.get("type") == "parallel":
            ways = [each for group in state.get("on", {}).values() for each in group]
            for each in [*ways, *state.get("always", ()), *state.get("onDone", ())]:
                each["reenter"] = True
        if state.get("type") == "final":
            state.pop("exit", None)
    return json.dumps(chart)


def test_what_must_be_so_of_every_case_comes_back() -> None:
    chart = json.loads(PLAIN)
    chart["properties"] = [
        {"existence": ["a", "b"]},
        {"response": {"first": "e1", "then": ["a", "b"]}},
        {"not_coexistence": {"one": "a", "other": "b"}, "title": {"zh": "甲", "en": "A"}},
    ]
    workflow, _ = link(json.dumps(chart))
    assert workflow is not None
    twin, found = link(again(workflow))
    assert twin is not None, [each.concise() for each in found]
    assert twin.properties == workflow.properties


def walked(workflow: Workflow, events: list[str]) -> list[object]:
    """Return what happens to a case to which `events` are sent."""
    try:
        step = workflow.open({"reworks": 2}, at=START, id="r")
    except FactsError:
        return ["cannot be started"]
    trace: list[object] = [told(step)]
    case = step.case
    for each in events:
        outcome = case.send(each, at=START)
        case = outcome.case
        trace.append(told(outcome) if isinstance(outcome, Accepted) else "refused")
    return trace


def told(step: Accepted) -> object:
    effects = [(each.name, dict(each.payload)) for each in step.effects]
    entry = step.entry
    return entry.left, entry.entered, step.case.states, dict(step.case.facts), effects


def test_the_shipped_workflows_come_back_with_all_they_say() -> None:
    files, workflows = dict(gather_files(RULES, Findings())), shipped().workflows
    written = {}
    for name, workflow in workflows.items():
        with suppress(NotExpressible):
            file = next(each for each in files if each.endswith(f"/{name}.yaml"))
            written[file] = again(workflow).encode()
    assert len(written) > len(workflows) / 2
    files |= written
    reading = link_pack(files)
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    for name, workflow in workflows.items():
        twin = reading.pack.workflows[name]
        assert {each.name: parts(each) for each in twin.states.values()} == {
            each.name: parts(each) for each in workflow.states.values()
        }
        assert [(each.name, each.title) for each in twin.properties] == [
            (each.name, each.title) for each in workflow.properties
        ]
        assert [*map(clock_parts, twin.clocks.values())] == [
            *map(clock_parts, workflow.clocks.values())
        ]


def clock_parts(clock: Clock) -> object:
    """Return what a time limit says, without places."""
    return replace(clock, limit=Duration(1, Unit.HOURS)), clock.written_limit


def parts(state: object) -> object:
    """Return what a state says, without places."""
    ways = [
        (each.event.name, each.targets, each.title, each.by, each.requires, each.reenter)
        for each in state.transitions
    ]
    cites = [str(each) for each in state.cites]
    return state.title, state.ancestors, state.tags, dict(state.maps), cites, ways
