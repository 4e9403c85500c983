"""The picture is well-formed, says all states and arrows, and escapes what it says."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from telecom_rules.diagrams import to_svg
from tests.shipped import shipped

NAMESPACE = "{http://www.w3.org/2000/svg}"
FLOWS = sorted(shipped().workflows)


@pytest.mark.parametrize("name", FLOWS)
def test_every_shipped_workflow_is_drawn_with_each_innermost_state_in_a_place_of_its_own(name):
    flow = shipped().workflows[name]
    drawn = ET.fromstring(to_svg(flow, "zh"))  # noqa: S314 - our own text
    places = [(each.get("x"), each.get("y")) for each in drawn.iter(f"{NAMESPACE}rect")]
    innermost = [each for each in flow.states.values() if not each.children and not each.history]
    assert len(places) == len(set(places)) == len(innermost)
    titles = {each.text for each in drawn.iter(f"{NAMESPACE}title")}
    assert {each.title.zh for each in innermost} <= titles


def test_the_states_of_a_case_are_set_off():
    flow = shipped().workflows["complaint_handling"]
    assert to_svg(flow, "en", ("open", "resolving")).count('<rect class="active"') == 1
    assert '<rect class="active"' not in to_svg(flow)
