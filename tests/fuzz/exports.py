"""Packs with evil texts and names, written in every format and read back from it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from telecom_rules.diagrams import to_dot, to_mermaid
from telecom_rules.documents.characters import FORBIDDEN_CHARACTERS
from telecom_rules.errors import NotInForce
from telecom_rules.expressions import Context
from telecom_rules.interop import (
    NotExpressible,
    from_dmn,
    from_scxml,
    to_dmn,
    to_scxml,
    to_xstate,
)
from telecom_rules.pack import Pack, link
from telecom_rules.reports import json as reports
from tests.diagrams.readers import read_dot, read_mermaid
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import STAND_IN, TEXTS

if TYPE_CHECKING:
    from random import Random

    from telecom_rules.workflows import Workflow

NAMES = (
    "a", "b", "x1", "end", "end_", "note", "state", "root", "start", "open_start", "default",
    "class", "as", "in", "null", "true", "on", "event", "graph", "node", "edge", "subgraph",
    "strict", "xml", "id", "e", "n" * 64, "a__", "constructor", "style", "fork", "accdescr", "hide",
)  # fmt: skip
TITLES = (
    *(text for text in TEXTS if text.strip() and not FORBIDDEN_CHARACTERS.search(text)),
    "1 click a href %%",
    "%%{init: {}}%%",
    'x" as y',
    '"; } evil -> "x',
    "<b>&lt;</b>",
    "a\\",
    "--> b : c",
    "[*]",
    "~~~",
    "a : b",
    "</text><text>",
    "--",
    "]]>",
    "{{x}}",
)
DAY = date(2026, 3, 1)
NOTHING = Context()


def grow(rng: Random) -> dict[str, str]:
    """Return the files of a pack."""
    states, (event, effect) = rng.sample(NAMES, 8), rng.sample(NAMES, 2)
    fact, other = rng.sample(("a", "x1", "end", "note", "between", "graph", "id", "n" * 64), 2)

    titles = TEXTS if rng.random() < 0.05 else TITLES  # some of the texts no file may hold

    def title() -> dict[str, str]:
        return {"zh": rng.choice(titles), "en": rng.choice(titles)}

    def literal() -> str:
        return json.dumps(rng.choice(TITLES), ensure_ascii=False)

    first, second, inner, region, left, right, over, back = states
    workflow = {
        "workflow": rng.choice(NAMES),
        "version": rng.choice(TITLES),
        "title": title(),
        "facts": "f",
        "events": {event: {"title": title()}, "other.go": {"title": title()}},
        "effects": {effect: {"title": title(), "payload": {"p": "text"}}},
        "initial": first,
        "states": {
            first: {
                "title": title(),
                "initial": inner,
                "tags": [rng.choice(NAMES)],
                "maps": {rng.choice(NAMES): rng.choice(TITLES)},
                "on": {event: {"target": rng.choice((second, region)), "title": title()}},
                "states": {
                    inner: {
                        "title": title(),
                        "on": {
                            "other.go": {
                                "guard": f"{other} == {literal()}",
                                "emit": {
                                    "effect": effect,
                                    "with": {"p": literal()},
                                },
                            }
                        },
                    }
                },
            },
            second: {"title": title(), "on": {event: rng.choice((first, over, second))}},
            region: {
                "title": title(),
                "type": "parallel",
                "states": {left: {"title": title()}, right: {"title": title()}},
            },
            over: {"title": title(), "type": "final"},
            back: {"title": title()},
        },
    }
    policy = {
        "policy": rng.choice(NAMES),
        "title": title(),
        "facts": "f",
        "hit_policy": "first",
        "outputs": {"o": {"type": "text", "title": title()}},
        "rules": [
            {
                "id": "r",
                "title": title(),
                "when": {
                    other: literal(),
                    fact: rng.choice(("-", "c1")),
                },
                "then": {"o": literal()},
                "note": title(),
            }
        ],
    }
    catalogue = {"catalogue": "c", "title": title(), "codes": {"c1": {"title": title()}}}
    fields = {
        other: {"type": "text", "title": title()},
        fact: {"type": "c", "title": title()},
    }
    facts = {"facts": "f", "title": title(), "fields": fields}
    return {
        f"{name}.yaml": json.dumps(data, ensure_ascii=False)
        for name, data in (
            ("workflow", workflow), ("policy", policy), ("catalogue", catalogue), ("facts", facts),
        )
    }  # fmt: skip


def examine(files: dict[str, str]) -> str:
    """Write what loads in every format, and hold each against a strict reader of it."""
    texts = {name: text.encode() for name, text in files.items()}
    reading = link({**STAND_IN, **texts})
    if reading.pack is None:
        return "refused"
    beside = {**STAND_IN, **texts}
    outcomes = []
    for workflow in reading.pack.workflows.values():
        check_diagrams(workflow)
        outcomes.append(check_charts(workflow, beside))
    outcomes.append(check_table(reading.pack, beside))
    return ", ".join(outcomes)


def check_diagrams(workflow: Workflow) -> None:
    """Hold both diagrams against the states and the arrows of the chart."""
    drawn = read_mermaid(to_mermaid(workflow))
    shown = [name for name, state in workflow.states.items() if state.history is None]
    assert sum(kind == "title" for kind, _ in drawn) == len(shown)
    assert len({parts["name"] for kind, parts in drawn if kind == "title"}) == len(shown)
    boxes = [
        statement
        for statement in read_dot(to_dot(workflow))
        if statement[0][0] == '"' and "->" not in statement
    ]
    leaves = [name for name in shown if not workflow.states[name].children]
    assert [each[0] for each in boxes] == ['"[*]', *(f'"{name}' for name in leaves)]


def check_charts(workflow: Workflow, beside: dict[str, bytes]) -> str:
    """Hold SCXML and XState against the titles of the states; read SCXML again."""
    machine = json.loads(reports.encode(to_xstate(workflow)))
    assert machine["meta"]["title"] == workflow.title._asdict()
    try:
        text = to_scxml(workflow)
    except NotExpressible:
        return "no SCXML"
    root = ET.fromstring(text)  # noqa: S314 - our own text
    ours = "{urn:telecom-rules}"
    titles = {
        each.get("id"): (each.get(f"{ours}zh"), each.get(f"{ours}en")) for each in root.iter()
    }
    assert all(titles[name] == tuple(state.title) for name, state in workflow.states.items())
    others = {name: data for name, data in beside.items() if name != "workflow.yaml"}
    files = {**others, **encode(from_scxml(text, beside=others).files)}
    again = link(files).require_pack().workflows[workflow.name]
    assert [(each.name, each.title) for each in again.states.values()] == [
        (each.name, each.title) for each in workflow.states.values()
    ]
    return "SCXML"


def check_table(pack: Pack, beside: dict[str, bytes]) -> str:
    """Hold DMN against the decision of the table that was written."""
    (policy,) = pack.policies.values()
    try:
        text = to_dmn(policy, on=DAY)
    except (NotExpressible, NotInForce):
        return "no DMN"
    ET.fromstring(text)  # noqa: S314 - our own text
    others = {name: data for name, data in beside.items() if name != "policy.yaml"}
    files = {**others, **encode(from_dmn(text, beside=others).files)}
    again = link(files).require_pack().policies[policy.name]
    assert again.title == policy.title
    row, twin = policy.rows[0], again.rows[0]
    assert (row.rule.title, row.rule.note) == (twin.rule.title, twin.rule.note)
    assert row.outputs["o"].evaluate({}, NOTHING) == twin.outputs["o"].evaluate({}, NOTHING)
    return "DMN"


def encode(files: object) -> dict[str, bytes]:
    """Return files as bytes."""
    return {name: text.encode() for name, text in dict(files).items()}


HARNESS = Harness(grow=grow, examine=examine, share=30)
