"""A workflow as XState JSON and as SCXML."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from xml.etree import ElementTree as ET

import pytest

from telecom_rules.interop import (
    NotExpressible,
    to_dmn,
    to_scxml,
    to_statemachine,
    to_xstate,
)
from tests.interop.house import made, written
from tests.shipped import shipped

NAMESPACE = "{http://www.w3.org/2005/07/scxml}"
OURS = "{urn:telecom-rules}"

SMALL = """
workflow: counter
version: 1.0.0
title: {zh: 柜台, en: Counter}
cites: [book:1]
facts: item
roles: role
events:
  serve: {title: {zh: 受理, en: Serve}, payload: {n: "integer?"}}
  close: {title: {zh: 办结, en: Close}}
  late: {title: {zh: 超时, en: Late}}
effects:
  thank: {title: {zh: 致谢, en: Thank}, payload: {n: integer}}
clocks:
  wait: {title: {zh: 等候, en: Wait}, from: open, until: closed, limit: 2 hours, on_expiry: late}
initial: open
states:
  open:
    title: {zh: 办理中, en: Open}
    initial: waiting
    maps: {tmf621: inProgress}
    tags: [busy, alive]
    on:
      close:
        target: closed
        by: [agent, chief]
        requires: ["n"]
        guard: n > 0
        emit: {effect: thank, with: {n: n}}
        cites: [book:2]
      late: open
    states:
      waiting:
        title: {zh: "等候：大厅", en: "Waiting: hall"}
        on: {serve: {target: served, assign: event, title: {zh: 叫号, en: Call}}}
      served:
        title: {zh: 已受理, en: Served}
        on: {serve: {assign: {n: n + 1, flag: "true"}}}
  closed: {type: final, title: {zh: 已办结, en: Closed}}
"""


def test_xstate_has_its_own_keys_and_ours_under_params_and_meta() -> None:
    machine = to_xstate(made(SMALL), "zh")
    assert (machine["id"], machine["initial"], machine["description"]) == (
        "counter",
        "open",
        "柜台",
    )
    assert machine["meta"] == {
        "title": {"zh": "柜台", "en": "Counter"},
        "cites": ["book:1"],
        "facts": "item",
        "clocks": {
            "wait": {
                "title": {"zh": "等候", "en": "Wait"},
                "cites": [],
                "from": ["open"],
                "until": ["closed"],
                "limit": "2 hours",
                "on_expiry": "late",
            }
        },
    }
    opened = machine["states"]["open"]
    assert opened["initial"] == "waiting"
    assert opened["tags"] == ["alive", "busy"]
    assert opened["meta"]["maps"] == {"tmf621": "inProgress"}
    assert opened["on"]["close"] == [
        {
            "target": "#counter.closed",
            "guard": {
                "type": "permitted",
                "params": {"by": ["agent", "chief"], "requires": ["n"], "cel": "n > 0"},
            },
            "actions": [
                {"type": "ask_effect", "params": {"effect": "thank", "payload": {"n": "n"}}}
            ],
            "description": "办结",
            "meta": {"title": {"zh": "办结", "en": "Close"}, "cites": ["book:2"]},
        }
    ]
    assert opened["states"]["waiting"]["on"]["serve"][0]["target"] == "#counter.open.served"
    (staying,) = opened["states"]["served"]["on"]["serve"]
    assert "target" not in staying
    assert staying["actions"] == [
        {"type": "set_fact", "params": {"fact": "n", "cel": "n + 1"}},
        {"type": "set_fact", "params": {"fact": "flag", "cel": "true"}},
    ]
    assert machine["states"]["closed"]["type"] == "final"


def test_scxml_has_the_states_and_the_transitions() -> None:
    root = ET.fromstring(to_scxml(made(SMALL)))  # noqa: S314 - our own text
    assert root.tag == f"{NAMESPACE}scxml"
    assert {each.tag: each.get("id") for each in root if each.get("id")} == {
        f"{NAMESPACE}state": "open",
        f"{NAMESPACE}final": "closed",
    }
    opened = root.find(f"{NAMESPACE}state")
    close, late = opened.findall(f"{NAMESPACE}transition")
    assert close.get("cond") == "n > 0"
    assert close.get(f"{OURS}by") == "agent chief"
    assert close.get(f"{OURS}cites") == "book:2"
    assert close.find(f"{NAMESPACE}send/{NAMESPACE}param").get("expr") == "n"
    assert late.attrib.items() >= {"target": "waiting", "type": "internal"}.items()
    waiting, served = opened.findall(f"{NAMESPACE}state")
    assert waiting.get(f"{OURS}en") == "Waiting: hall"
    given = waiting.find(f"{NAMESPACE}transition/{NAMESPACE}if")
    assert given.get("cond") == "has(event.n)"
    assert given.find(f"{NAMESPACE}assign").get("expr") == "event.n"
    assert served.find(f"{NAMESPACE}transition").get("target") is None


@pytest.mark.parametrize("seed", range(20))
def test_every_state_and_every_target_is_where_it_belongs(seed: int) -> None:
    workflow = made(written(Random(seed).randbytes(300), nested=True))  # noqa: S311 - no secret
    root = ET.fromstring(to_scxml(workflow))  # noqa: S314 - our own text
    ids = [each.get("id") for each in states_in(root)]
    assert ids == list(workflow.states)
    assert {each.get("target") for each in root.iter() if each.get("target")} <= set(ids)
    machine = to_xstate(workflow)
    for path in targets(machine):
        node = machine
        for name in path.removeprefix("#random_flow.").split("."):
            node = node["states"][name]


def states_in(root: ET.Element) -> list[ET.Element]:
    """Return every state of an SCXML document."""
    names = {f"{NAMESPACE}{name}" for name in ("state", "parallel", "final", "history")}
    return [each for each in root.iter() if each.tag in names]


def targets(node: dict) -> set[str]:
    """Return every target in an XState machine."""
    own = {
        each["target"]
        for group in node.get("on", {}).values()
        for each in group
        if "target" in each
    }
    return own.union(*(targets(inside) for inside in node.get("states", {}).values()))


def test_the_shipped_workflows_can_be_exported() -> None:
    pack = shipped()
    for workflow in pack.workflows.values():
        assert json.loads(json.dumps(to_xstate(workflow))) == to_xstate(workflow)
        if workflow._machine.chart.callers:
            with pytest.raises(NotExpressible, match="a case of another workflow"):
                to_scxml(workflow)
            continue
        root = ET.fromstring(to_scxml(workflow))  # noqa: S314 - our own text
        assert [each.get("id") for each in states_in(root)] == list(workflow.states)


def test_a_call_is_an_invoke_of_xstate() -> None:
    pack = shipped()
    machine = to_xstate(pack.workflows["service_process"])
    invoke = machine["states"]["open"]["states"]["fault"]["invoke"]
    assert invoke["src"] == "fault_repair"
    assert invoke["input"]["description"] == "content"
    assert [each["target"].rpartition(".")[2] for each in invoke["onDone"]] == [
        "following_up", "enquiry", "cancelled",
    ]  # fmt: skip


CHART = """
workflow: chart
version: "1"
title: {zh: 图, en: Chart}
facts: item
events: {go: {title: {zh: 走, en: Go}}, told: {title: {zh: 说, en: Told}}}
initial: both
states:
  both:
    title: {zh: 并行, en: Both}
    type: parallel
    onDone: over
    on: {told: [{target: [left_last, right_last], reenter: true}]}
    states:
      left:
        title: {zh: 左, en: Left}
        initial: left_first
        states:
          left_first:
            title: {zh: 左一, en: Left one}
            exit: {assign: {n: n + 1}}
            on: {go: {target: left_last, raise: told}}
            always: [{target: left_last, guard: n > 5}]
          left_last: {title: {zh: 左终, en: Left last}, type: final}
      right:
        title: {zh: 右, en: Right}
        initial: right_first
        states:
          right_first: {title: {zh: 右一, en: Right one}, on: {go: right_last}}
          right_last: {title: {zh: 右终, en: Right last}, type: final}
          back: {title: {zh: 回, en: Back}, type: history, history: deep, target: right_first}
  over: {title: {zh: 完, en: Over}, type: final}
"""


def test_xstate_is_given_all_of_statecharts() -> None:
    both = to_xstate(made(CHART))["states"]["both"]
    assert both["type"] == "parallel"
    assert "initial" not in both
    assert both["onDone"][0]["target"] == "#chart.over"
    (told,) = both["on"]["told"]
    assert told["reenter"] is True
    assert told["target"] == ["#chart.both.left.left_last", "#chart.both.right.right_last"]
    first = both["states"]["left"]["states"]["left_first"]
    assert first["exit"] == [{"type": "set_fact", "params": {"fact": "n", "cel": "n + 1"}}]
    assert first["always"][0]["guard"]["params"] == {"cel": "n > 5"}
    assert first["on"]["go"][0]["actions"] == [
        {"type": "raise_event", "params": {"event": "told", "payload": {}}}
    ]
    assert both["states"]["right"]["states"]["back"] == {
        "description": "Back",
        "type": "history",
        "history": "deep",
        "target": "#chart.both.right.right_first",
        "meta": {"title": {"zh": "回", "en": "Back"}, "cites": []},
    }


WILD = (
    SMALL.replace("serve:", "desk.serve:")
    .replace("      late: open\n", "      late: open\n      desk.*: closed\n")
    .replace("  late: {title", "  desk.bell: {title: {zh: 按铃, en: Bell}}\n  late: {title")
)


def test_a_wildcard_is_written_out_event_by_event() -> None:
    (top,) = ET.fromstring(to_scxml(made(WILD))).findall(f"{NAMESPACE}state")  # noqa: S314
    ways = [each.get("event") for each in top.findall(f"{NAMESPACE}transition")]
    assert ways == ["close", "late", "desk.serve", "desk.bell"]
    assert list(to_xstate(made(WILD))["states"]["open"]["on"]) == ways


def test_an_event_that_others_go_on_from_is_refused_where_names_match_by_prefix() -> None:
    workflow = made(WILD.replace("close:", "desk:"))
    for export in (to_scxml, to_statemachine):
        with pytest.raises(NotExpressible) as caught:
            export(workflow, **({"host_keeps_time": True} if export is to_statemachine else {}))
        assert [each.place for each in caught.value.elements] == ["events.desk"]
    assert to_xstate(workflow)["id"] == "counter"


def test_an_event_with_a_name_that_xstate_keeps_for_itself_is_refused() -> None:
    with pytest.raises(NotExpressible) as refused:
        to_xstate(made(SMALL.replace("serve:", "xstate.stop:")))
    assert [each.place for each in refused.value.elements] == ["events.xstate.stop"]


def test_a_policy_that_cannot_be_written_is_called_a_policy() -> None:
    pack = shipped()
    checklist = next(each for each in pack.policies.values() if each.checks)
    with pytest.raises(NotExpressible) as refused:
        to_dmn(checklist, on=date(2026, 3, 1))
    assert f"the policy `{checklist.name}`" in refused.value.explain("en")
    assert f"策略 `{checklist.name}`" in refused.value.explain("zh")
