"""Pictures of workflows: what stands in them, in both languages, and what tools cannot draw."""

from __future__ import annotations

import re
from random import Random

import pytest

from telecom_rules.diagrams import to_dot, to_mermaid
from tests.interop.house import made, written
from tests.interop.test_exports import SMALL

MERMAID = {
    "en": """\
stateDiagram-v2
  %% counter 1.0.0
  state "Open" as open
  %% open, staying: Late
  state open {
    [*] --> waiting
    state "Waiting#58; hall" as waiting
    state "Served" as served
    served : Serve
  }
  state "Closed" as closed
  [*] --> open
  open --> closed : Close (Agent, Chief)
  waiting --> served : Call
  closed --> [*]
""",
    "zh": """\
stateDiagram-v2
  %% counter 1.0.0
  state "办理中" as open
  %% open, staying: 超时
  state open {
    [*] --> waiting
    state "等候：大厅" as waiting
    state "已受理" as served
    served : 受理
  }
  state "已办结" as closed
  [*] --> open
  open --> closed : 办结（客服、主管）
  waiting --> served : 叫号
  closed --> [*]
""",
}

DOT = """\
digraph "counter" {
  compound=true; newrank=true;
  node [shape=box, style=rounded, fontname="Helvetica"];
  edge [fontname="Helvetica", fontsize=10];
  label="Counter";
  "[*]" [shape=point, label=""];
  subgraph "cluster_open" {
    label="Open\\n· Late";
    "waiting" [label="Waiting: hall"];
    "served" [label="Served\\n· Serve"];
  }
  "closed" [label="Closed", peripheries=2];
  "[*]" -> "waiting" [lhead="cluster_open"];
  "waiting" -> "closed" [label="Close (Agent, Chief)", ltail="cluster_open"];
  "waiting" -> "served" [label="Call"];
}
"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_small_workflow_as_mermaid(language: str) -> None:
    assert to_mermaid(made(SMALL), language) == MERMAID[language]


def test_a_small_workflow_as_dot() -> None:
    assert to_dot(made(SMALL), "en") == DOT


def test_a_state_named_like_a_word_of_mermaid_gets_another_name() -> None:
    text = to_mermaid(made(re.sub(r"\bclosed\b", "end", SMALL)))
    assert 'state "Closed" as end_' in text
    assert "end_ --> [*]" in text


def around(workflow, name: str) -> set[str]:
    return set(workflow.states[name].ancestors)


@pytest.mark.parametrize("seed", range(40))
def test_no_arrow_joins_a_box_and_what_is_in_it(seed: int) -> None:
    workflow = made(written(Random(seed).randbytes(300), nested=True))  # noqa: S311 - no secret
    arrows = re.findall(r"^  (\w+) --> (\w+) :", to_mermaid(workflow), re.MULTILINE)
    for source, target in arrows:
        assert source not in around(workflow, target)
        assert target not in around(workflow, source)
        assert source != target or not workflow.states[source].children


@pytest.mark.parametrize("seed", range(20))
def test_every_state_stands_once_in_a_picture(seed: int) -> None:
    workflow = made(written(Random(seed).randbytes(300), nested=True))  # noqa: S311 - no secret
    names = re.findall(r'^ *state "\w+" as (\w+)$', to_mermaid(workflow), re.MULTILINE)
    assert names == list(workflow.states)
    boxes = re.findall(r'^ *(?:subgraph "cluster_|")(\w+)" [\[{]', to_dot(workflow), re.MULTILINE)
    assert boxes == list(workflow.states)


def test_a_wildcard_is_one_arrow() -> None:
    wild = SMALL.replace("serve:", "desk.serve:").replace(
        "      late: open", "      desk.*: closed"
    )
    wild = wild.replace(
        "  late: {title", "  desk.bell: {title: {zh: 铃, en: Bell}}\n  late: {title"
    )
    text = to_mermaid(made(wild))
    assert text.count("open --> closed : desk.#42;") == 1
    assert "Bell" not in text
