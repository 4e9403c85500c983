"""What is called impossible does not happen: random flows, walked at random."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.checks import check
from telecom_rules.checks.analysis.reachability import Reachability
from telecom_rules.checks.dead_ends import find_trapped
from telecom_rules.pack import link
from telecom_rules.workflows import Accepted, machine_of
from tests.checks.house import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.findings import Finding

STATES = ("one", "two", "two_a", "two_b", "three", "done")
EVENTS = ("go", "back", "turn")
ROLES = ("agent", "chief", None)
START = datetime(2026, 3, 2, tzinfo=UTC)


@st.composite
def transitions(draw: st.DrawFn, *, events: tuple[str, ...] = EVENTS) -> str:
    """Return the transitions of a state; each carries a title that no other one has."""
    written = []
    for event in draw(st.lists(st.sampled_from(events), unique=True)):
        ways = []
        for _ in range(draw(st.integers(1, 2))):
            title = draw(st.uuids(version=4))
            to = draw(st.sampled_from(STATES))
            by = draw(st.sampled_from(("", ", by: agent", ", by: [agent, chief]")))
            guard = draw(st.sampled_from(("", ", guard: paid", ", guard: score > 1 && paid")))
            ways.append(f"{{target: {to}{by}{guard}, title: {{zh: 名, en: w{title}}}}}")
        written.append(f"{event}: [{', '.join(ways)}]")
    return "{" + ", ".join(written) + "}"


@st.composite
def flows(draw: st.DrawFn) -> str:
    """Return a flow with a state inside a state, and a clock that raises an event."""
    every = transitions(events=(*EVENTS, "late"))
    causes = st.lists(st.sampled_from((*STATES, *EVENTS)), min_size=1, max_size=2, unique=True)
    start, until = (", ".join(draw(causes)) for _ in range(2))
    pause = draw(st.sampled_from(("", ", pause_in: two", ", pause_in: three")))
    return f"""\
events: {{go: {{$t}}, back: {{$t}}, turn: {{$t}}, late: {{$t}}}}
clocks:
  time: {{$t, from: [{start}], until: [{until}], limit: 5 hours, on_expiry: late{pause}}}
initial: one
states:
  one: {{$t, on: {draw(every)}}}
  two:
    $t
    initial: two_a
    on: {draw(every)}
    states:
      two_a: {{$t, on: {draw(every)}}}
      two_b: {{$t, on: {draw(every)}}}
  three: {{$t, on: {draw(every)}}}
  done: {{$t{draw(st.sampled_from(("", ", type: final")))}}}
"""


class RuledOut(NamedTuple):
    """What the checks say cannot happen: by code, title of a transition, state, cause."""

    codes: frozenset[str]
    transitions: frozenset[str]
    answers: frozenset[object]
    stops: frozenset[object]

    @classmethod
    def by(cls, findings: Sequence[Finding], text: str) -> RuledOut:
        lines = text.split("\n")
        hidden = (
            lines[each.span.line - 1][each.span.column :].partition("en: ")[2].partition("}")[0]
            for each in findings
            if each.id == "TR305"
        )
        return cls(
            frozenset(each.id for each in findings),
            frozenset(hidden),
            frozenset(each.values["state"] for each in findings if each.id == "TR304"),
            frozenset(each.values["name"] for each in findings if each.id == "TR310"),
        )


STEPS = st.lists(
    st.tuples(st.sampled_from(EVENTS), st.sampled_from(ROLES), st.integers(0, 7)), max_size=12
)
FACTS = st.fixed_dictionaries({"paid": st.booleans(), "score": st.integers(0, 3)})


@given(flows(), FACTS, STEPS)
def test_what_the_checks_rule_out_never_happens(
    text: str, facts: dict[str, object], steps: list[tuple[str, str | None, int]]
) -> None:
    reading = link(files(text))
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    flow = reading.pack.workflows["flow"]
    ruled_out = RuledOut.by(check(reading), reading.texts["flow.yaml"])
    chart = machine_of(flow).chart
    within, stuck = Reachability(chart).reachable, find_trapped(chart).keys()

    case = flow.start(facts, at=START, id="C-1")
    visited = set(case.states)
    for event, role, hours in steps:
        at = case.at + timedelta(hours=hours)
        while case.next_due is not None and case.next_due <= at:
            assert ruled_out.answers.isdisjoint(case.states)
            case = case.tick(case.next_due).case
            visited |= set(case.states)
        outcome = case.send(event, at=at, by=role)
        if isinstance(outcome, Accepted):
            assert outcome.title.en not in ruled_out.transitions
            if "time" in case.clocks and case.clocks["time"].running:
                assert ruled_out.stops.isdisjoint({event, outcome.case.state} - {case.state})
        case = outcome.case
        visited |= set(case.states)
    assert visited <= within
    assert not (case.final and visited & stuck)
    if ruled_out.codes & {"TR308"}:
        assert not case.clocks
    if ruled_out.codes & {"TR307"}:
        assert all(run.running or run.expired for run in case.clocks.values())
