"""What is declared and never used."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link
from tests.checks.house import HEAD, files, told

FLOW = """\
events: {go: {$t}, late: {$t}}
effects: {call: {$t}}
clocks:
  time: {$t, from: open, until: done, limit: 5 days, on_expiry: late}
initial: open
states:
  open: {$t, on: {go: {target: done, emit: call}}}
  done: {$t, type: final}
"""


def test_an_event_that_only_a_clock_raises_need_not_be_answered() -> None:
    assert told(FLOW) == []


UNUSED = [
    ("late: {$t}", "late: {$t}, idle: {$t}", "6:76 TR303 event `idle` is unused"),
    ("call: {$t}", "call: {$t}, mail: {$t}", "7:45 TR309 effect `mail` is unused"),
]


@pytest.mark.parametrize(("old", "new", "found"), UNUSED)
def test_what_a_flow_declares_and_never_uses_is_named(old: str, new: str, found: str) -> None:
    assert told(FLOW.replace(old, new)) == [found]


def pack(**texts: str) -> list[str]:
    """Return what is found in the pack with the texts of some more definitions."""
    more = {
        f"{name}.yaml": text.replace("$t", "title: {zh: 名, en: Name}").encode()
        for name, text in texts.items()
    }
    reading = link(files(FLOW) | more)
    assert [each.concise() for each in reading.findings] == []
    return [each.concise() for each in check(reading)]


FIGURE = """\
parameter: limit
$t
unit: calendar_days
stricter: lower
kind: setting
values: [{from: 2020-01-01, value: 5}]
"""
OTHER = "facts: other\n$t\nfields: {size: {type: integer, $t}}\n"


def test_a_figure_that_no_rule_reads_is_named() -> None:
    (found,) = pack(limit=FIGURE)
    assert found == (
        "limit.yaml:1:12: warning[TR901] no rule uses the parameter `limit` "
        "(use it in a rule, or remove it)"
    )


def test_a_figure_is_used_by_a_clock() -> None:
    flow = HEAD + FLOW.replace("limit: 5 days", "limit: parameters.limit")
    assert pack(limit=FIGURE, flow=flow) == []


def test_a_figure_is_used_by_a_policy() -> None:
    figure = FIGURE.replace("calendar_days", "times")
    checklist = """\
policy: conduct
$t
facts: ticket
checks:
  - id: few
    $t
    severity: warning
    require: score <= parameters . limit
    remedy: {zh: 减少, en: Fewer}
"""
    assert pack(limit=figure, conduct=checklist) == []


def test_a_kind_of_facts_that_no_rule_is_about_is_named() -> None:
    (found,) = pack(other=OTHER)
    assert "no rule uses the kind of facts `other`" in found


def test_a_pack_of_figures_alone_is_left_alone() -> None:
    kept = ("pack.yaml", "catalogues/grade.yaml", "facts/ticket.yaml")
    assert check(link({name: text for name, text in files(FLOW).items() if name in kept})) == ()
