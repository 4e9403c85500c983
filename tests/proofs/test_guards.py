"""Guards that no record meets, beyond what intervals show."""

from __future__ import annotations

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import Reading, link
from telecom_rules.proofs.guards import find_choices, find_impossible_guards
from tests.checks.test_tables import AROUND

FLOW = """\
workflow: flow
version: "1.0"
$t
facts: ticket
initial: open
events:
  close: {payload: {amount: {type: integer, $t}}, $t}
states:
  open:
    $t
    on:
      close: [{guard: "GUARD", target: closed}, SECOND]
  closed: {type: final, $t}
"""


def read_flow(guard: str, second: str = "{target: closed}") -> Reading:
    files = {**AROUND, "flow.yaml": FLOW.replace("GUARD", guard).replace("SECOND", second)}
    found = link(
        {
            name: text.replace("$t", "title: {zh: 名, en: Name}").encode()
            for name, text in files.items()
        }
    )
    assert [each.concise() for each in found.findings] == []
    return found


@pytest.mark.parametrize(
    ("second", "exclusive", "complete"),
    [("count <= i", True, True), ("count < i", True, False), ("count <= i + 1", False, True)],
)
def test_guards_are_proved_to_exclude_one_another_and_to_leave_nothing_out(
    second: str, exclusive: bool, complete: bool
) -> None:
    flow = read_flow("count > i", f'{{guard: "{second}", target: closed}}')
    (found,) = find_choices(flow)
    assert (found.state, found.event) == ("open", "close")
    assert (found.exclusive, found.complete) == (exclusive, complete)


@pytest.mark.parametrize(
    ("guard", "impossible"),
    [
        ("i > j && j > i", True),
        ("i * 2 == j * 2 + 1", True),
        ("event.amount + count < event.amount", True),
        ("count + 1 > parameters.line + 5", True),
        ("count + 2 > parameters.line + 3", False),
        ("i > j && event.amount > i", False),
        ("tags.exists(t, t == 'a') && i > j", False),
    ],
)
def test_a_guard_is_impossible_if_no_record_meets_it(guard: str, impossible: bool) -> None:
    flow = read_flow(guard)
    assert "TR306" not in {each.id for each in check(flow)}
    assert [each.id for each in find_impossible_guards(flow)] == ["TR306"] * impossible
