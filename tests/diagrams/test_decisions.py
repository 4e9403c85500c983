"""The drawing of a policy shows what it asks, what these ask, and the facts of each."""

from __future__ import annotations

import re

import pytest

from telecom_rules.cli import main
from telecom_rules.diagrams import to_decision_graph
from tests.shipped import shipped

ARROW = re.compile(r"  (?P<kind>policy|fact)_(?P<needed>\w+) --> policy_(?P<by>\w+)")


@pytest.mark.parametrize("name", ["violation_penalty", "incident_grade", "complaint_grade"])
def test_each_requirement_is_an_arrow_between_two_boxes(name: str) -> None:
    policy = shipped().policies[name]
    lines = to_decision_graph(policy).splitlines()
    arrows = [found for line in lines if (found := ARROW.fullmatch(line))]
    boxes = {line.split("[")[0].split("(")[0].strip() for line in lines if "-->" not in line}
    ends = {f"{each['kind']}_{each['needed']}" for each in arrows}
    assert ends | {f"policy_{each['by']}" for each in arrows} <= boxes
    asked = {each["needed"] for each in arrows if each["kind"] == "policy" and each["by"] == name}
    assert asked == set(policy.peers)
    facts = {each["needed"] for each in arrows if each["kind"] == "fact" and each["by"] == name}
    assert facts == policy.reads & set(policy.facts.fields)


def test_the_titles_are_in_the_language_asked_for() -> None:
    policy = shipped().policies["violation_penalty"]
    assert policy.title.zh in to_decision_graph(policy, "zh")
    assert policy.title.en in to_decision_graph(policy, "en")


def test_the_command_draws_a_policy_and_says_what_it_cannot_draw(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["graph", "violation_penalty"]) == 0
    assert capsys.readouterr().out.startswith("flowchart BT")
    assert main(["graph", "violation_penalty", "--format", "dot"]) == 2
    assert "Mermaid" in capsys.readouterr().err
