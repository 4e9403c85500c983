"""What one decision and one event may take is bounded when a pack is linked, as a sum."""

from __future__ import annotations

import pytest

from telecom_rules.pack import link
from tests.pack.house import HOUSE, house

FACTS = HOUSE["facts/ticket.yaml"] + "  text: {type: text, title: {zh: 内容, en: Text}}\n"
DEAR = "text.matches('(a|b)*a[ab]{90}c')"
"""A pattern of about a hundred instructions; the text may have ten thousand characters."""
TABLE = """\
policy: {name}
title: {{zh: 表, en: Table}}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {{grade: grade}}
rules:
{rules}
default: {{grade: low}}
"""


def table(name: str, *conditions: str) -> str:
    rules = "\n".join(
        f'  - {{id: r{at}, when: "{each}", then: {{grade: high}}, cites: [book:1]}}'
        for at, each in enumerate(conditions)
    )
    return TABLE.format(name=name, rules=rules)


def chart(states: str, events: str = "go") -> str:
    listed = "\n".join(f"  {each}: {{title: {{zh: 事, en: E}}}}" for each in events.split())
    return (
        "workflow: long\nversion: 1.0.0\ntitle: {zh: 长, en: Long}\ncites: [book:2]\n"
        f"facts: ticket\nevents:\n{listed}\ninitial: a\nstates:\n{states}"
    )


def state(name: str, rest: str, indent: int = 2) -> str:
    return f"{' ' * indent}{name}: {{title: {{zh: 态, en: S}}, cites: [book:2], {rest}}}\n"


def codes(**files: str) -> list[str]:
    return [each.id for each in link(house(facts_ticket=FACTS, **files)).findings]


def guards(count: int, key: str, target: str = "b") -> str:
    one = f'{{target: {target}, guard: "{DEAR}", cites: [book:2]}}'
    return f"{key}: [{', '.join([one] * count)}]"


def test_a_decision_that_may_take_too_long_is_one_finding_with_its_dearest_rules() -> None:
    files = house(facts_ticket=FACTS, policies_q=table("q", "loss > 1", *[DEAR] * 500, "loss > 2"))
    (finding,) = link(files).findings
    assert (finding.id, finding.span.file) == ("TR127", "policies/q.yaml")
    assert finding.values["name"] == "q"
    assert str(finding.values["dearest"]).startswith("`r1` (")
    assert int(str(finding.values["steps"])) > 500 * 90_000
    assert [each.span.line for each in finding.related] == [9, 10, 11]
    assert link(files).pack is None


def test_a_few_dear_rules_are_no_finding() -> None:
    assert codes(policies_q=table("q", *[DEAR] * 20)) == []


def test_what_a_policy_asks_counts_and_only_the_first_of_a_row_is_reported() -> None:
    asking = table("top", "policies.q.grade == 'high'", "policies.p.grade == 'high'")
    half = [DEAR] * 30
    assert codes(policies_q=table("q", *half), policies_p=table("p", *half)) == []
    reading = link(
        house(
            facts_ticket=FACTS,
            policies_q=table("q", *half),
            policies_p=table("p", *half),
            policies_top=asking,
            policies_above=table("above", "policies.top.grade == 'high'"),
        )
    )
    (finding,) = reading.findings
    assert (finding.id, finding.values["name"]) == ("TR127", "top")
    assert "`policies." in str(finding.values["dearest"])


def test_an_event_that_may_take_too_long_is_a_finding_at_the_workflow() -> None:
    long = chart(state("a", f"on: {{{guards(200, 'go')}}}") + state("b", "type: final"))
    (finding,) = link(house(facts_ticket=FACTS, workflows_long=long)).findings
    assert (finding.id, finding.span.file, finding.span.line) == ("TR128", "workflows/long.yaml", 1)
    assert finding.values["name"] == "long"
    assert "text.matches" in str(finding.values["dearest"])


def test_guards_of_exclusive_states_do_not_add_up_but_those_of_parallel_ones_do() -> None:
    one = f"on: {{{guards(60, 'go', 'NEXT')}}}"
    row = "".join(
        state(name, one.replace("NEXT", after)) for name, after in ("ab", "bc", "cd", "de", "ef")
    )
    assert codes(workflows_long=chart(row + state("f", "type: final"))) == []
    regions = "".join(
        state(
            f"r{at}",
            f"initial: x{at}, states: {{{state(f'x{at}', one.replace('NEXT', f'y{at}')).strip()},"
            f" {state(f'y{at}', 'type: final').strip()}}}",
            indent=6,
        )
        for at in range(5)
    )
    parallel = (
        "  a:\n    type: parallel\n    title: {zh: 态, en: S}\n    cites: [book:2]\n    states:\n"
        f"{regions}"
    )
    assert codes(workflows_long=chart(parallel)) == ["TR128"]


def test_the_guards_on_different_events_do_not_add_up() -> None:
    events = " ".join(f"go{at}" for at in range(10))
    on = ", ".join(guards(20, each) for each in events.split())
    states = state("a", f"on: {{{on}}}") + state("b", "type: final")
    assert codes(workflows_long=chart(states, events)) == []


def test_automatic_transitions_in_a_circle_count_as_often_as_they_may_be_taken() -> None:
    row = state("a", guards(1, "always")) + state("b", guards(1, "always", "c"))
    end = state("c", f"on: {{{guards(1, 'go', 'd')}}}") + state("d", "type: final")
    assert codes(workflows_long=chart(row + end)) == []
    back = state("c", f"{guards(1, 'always', 'a')}, on: {{{guards(1, 'go', 'd')}}}")
    assert codes(workflows_long=chart(row + back + state("d", "type: final"))) == ["TR128"]


def test_content_of_a_state_that_no_automatic_transition_enters_counts_once() -> None:
    dear = f'entry: {{assign: {{grade: {{value: "\'high\'", when: "{DEAR}"}}}}}}'
    again = "always: [{target: TARGET, guard: loss > 1, cites: [book:2]}]"
    on = "on: {go: {target: d, cites: [book:2]}}"
    ring = state("a", f"{again.replace('TARGET', 'b')}, {on}")
    plain = state("b", again.replace("TARGET", "a"))
    assert codes(workflows_long=chart(ring + plain + state("d", f"type: final, {dear}"))) == []
    within = state("b", f"{again.replace('TARGET', 'a')}, {dear}")
    assert codes(workflows_long=chart(ring + within + state("d", "type: final"))) == ["TR128"]


def test_content_of_a_region_that_is_entered_beside_a_target_counts_as_often() -> None:
    dear = f'entry: {{assign: {{grade: {{value: "\'high\'", when: "{DEAR}"}}}}}}'
    always = "always: [{target: TARGET, guard: loss > 1, cites: [book:2]}]"
    on = "on: {go: {target: d, cites: [book:2]}}"
    both = (
        "  p:\n    title: {zh: 态, en: S}\n    cites: [book:2]\n    type: parallel\n    states:\n"
        + state(
            "x",
            "initial: x1, states: {x1: {title: {zh: 态, en: S}, cites: [book:2], "
            f"{always.replace('TARGET', 'a')}}}}}",
            6,
        )
        + state(
            "y",
            f"initial: y1, states: {{y1: {{title: {{zh: 态, en: S}}, cites: [book:2], {dear}}}}}",
            6,
        )
    )
    ring = state("a", f"{always.replace('TARGET', 'x1')}, {on}") + both
    assert codes(workflows_long=chart(ring + state("d", "type: final"))) == ["TR128"]


@pytest.mark.parametrize(
    "action",
    ["emit: []", "raise: [{event: go}]"],
)
def test_events_that_content_raises_count_as_automatic(action: str) -> None:
    again = f'{{guard: "{DEAR}", {action}, cites: [book:2]}}'
    states = state("a", f"on: {{go: [{again}], end: {{target: b, cites: [book:2]}}}}")
    found = codes(workflows_long=chart(states + state("b", "type: final"), "go end"))
    assert ("TR128" in found) is ("raise" in action)


def test_a_guard_pays_for_the_policies_that_it_asks() -> None:
    asked = table("q", *[DEAR] * 45)
    guard = "guard: \"policies.q.grade == 'high'\", cites: [book:2]"
    once = state("a", f"on: {{go: {{target: b, {guard}}}}}") + state("b", "type: final")
    assert codes(policies_q=asked, workflows_long=chart(once)) == []
    twice = once.replace(
        "'high'\", cites", "'high' && text.contains('x')\", requires: [text], cites"
    )
    assert codes(policies_q=asked, workflows_long=chart(twice)) == []
    content = "assign: {grade: policies.q.grade}, "
    more = once.replace("guard:", f"{content} guard:", 1)
    assert codes(policies_q=asked, workflows_long=chart(more)) == ["TR128"]
