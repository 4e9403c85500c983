"""A chart with regions, a memory and several targets is drawn too."""

from __future__ import annotations

import pytest

from telecom_rules.diagrams import to_dot, to_mermaid
from telecom_rules.pack import link
from tests.pack.house import HOUSE, house

FLOW = (
    HOUSE["workflows/handling.yaml"][: HOUSE["workflows/handling.yaml"].index("initial: open")]
    .replace("events:", "events:\n  hold: {title: {zh: 搁置, en: Hold}}")
    .replace("from: open", "from: work")
    + """\
initial: work
states:
  work:
    type: parallel
    title: {zh: 办理, en: Work}
    on: {hold: held, close: closed}
    states:
      left:
        initial: left_one
        title: {zh: 左, en: Left}
        states:
          left_one:
            title: {zh: 左一, en: Left one}
            on: {close: [{target: [left_two, right_two]}]}
          left_two: {title: {zh: 左二, en: Left two}}
      right:
        initial: right_one
        title: {zh: 右, en: Right}
        states:
          right_one: {title: {zh: 右一, en: Right one}}
          right_two: {title: {zh: 右二, en: Right two}}
      back: {type: history, title: {zh: 回到原处, en: Back}, target: [left_one, right_one]}
  held: {title: {zh: 搁置, en: Held}, on: {close: back}}
  closed: {title: {zh: 已关闭, en: Closed}, type: final}
"""
)


@pytest.fixture(scope="module")
def workflow():
    reading = link(house(workflows_handling=FLOW))
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return reading.pack.workflows["handling"]


def test_mermaid_parts_the_regions_and_draws_every_target(workflow):
    drawn = to_mermaid(workflow, "en")
    assert "\n    --\n" in drawn
    assert drawn.count("right_two") >= 2


def test_dot_names_every_state_but_the_one_that_only_remembers(workflow):
    drawn = to_dot(workflow, "zh")
    assert all(name in drawn for name in ("left_one", "right_two", "held", "closed"))
    assert "back" not in drawn
