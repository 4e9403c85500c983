"""What people read has a name for them, in both languages."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link
from tests.checks.house import HEAD, files

FLOW = """\
events: {go: {$t, payload: {why: text, note: text, grade: grade, level: grade}}}
initial: open
states:
  open: {$t, on: {go: done}}
  done: {$t, type: final}
"""


def told(flow: str = FLOW, switch: str = "") -> list[str]:
    """Return the missing titles in the pack of the house."""
    texts = files(flow)
    pack = texts["pack.yaml"].replace(b"require_titles: false\n", switch.encode())
    reading = link(texts | {"pack.yaml": pack})
    assert reading.pack is not None, reading.findings
    found = [each for each in check(reading) if each.id == "TR902"]
    assert all(each.wording.zh for each in found)
    return [f"{each.span} {each.wording.en}" for each in found]


MISSING = [
    "flow.yaml:6:51 the payload field `why` has no title",
    "policies/grading.yaml:5:25 the output `fee` has no title",
    "policies/grading.yaml:7:10 the rule `high` has no title",
]


@pytest.mark.parametrize("switch", ["", "require_titles: true\n"])
def test_a_rule_an_output_and_a_payload_field_without_a_title_are_named(switch: str) -> None:
    assert told(switch=switch) == MISSING


def test_a_pack_may_switch_the_check_off() -> None:
    assert told(switch="require_titles: false\n") == []


def test_a_field_may_have_a_title_of_its_own() -> None:
    titled = FLOW.replace("why: text", "why: {type: text, title: {zh: 理由, en: Reason}}")
    assert told(titled) == MISSING[1:]
    reading = link(files(titled))
    assert reading.pack is not None
    fields = reading.pack.workflows["flow"].events["go"].payload.fields
    assert fields["why"].title == ("理由", "Reason")


def test_a_field_is_called_what_its_fact_or_its_catalogue_is() -> None:
    reading = link(files(FLOW))
    assert reading.pack is not None
    fields = reading.pack.workflows["flow"].events["go"].payload.fields
    assert fields["note"].title == fields["grade"].title == fields["level"].title == ("名", "Name")


@pytest.mark.parametrize("title", ["{zh: 名}", "{en: Name}", "{zh: 名, en: ''}", "Name"])
def test_a_title_in_one_language_is_none(title: str) -> None:
    texts = {
        name: text.replace(b"title: {zh: \xe5\x90\x8d, en: Name}", f"title: {title}".encode(), 1)
        for name, text in files(FLOW).items()
    }
    places = {each.span.file for each in link(texts).findings}
    assert {name for name in texts if name != "pack.yaml"} <= places
    assert HEAD.count("$t") == 1
