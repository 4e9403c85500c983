"""Open cases live through changes of the pack: stranded are those that would have run otherwise."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from telecom_rules.errors import SnapshotMismatch
from telecom_rules.vocabulary import Parameter
from telecom_rules.workflows import Migrated
from tests.rules.open_cases import (
    House,
    every,
    moving,
    replacing,
    rewriting,
    runs_the_same,
    states_of,
    walk_cases,
)

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Entry
    from tests.rules.open_cases import Edit, Walk

DICE = random.Random(20261130)  # noqa: S311 - no secret
SEED = 7
ENOUGH = 0.85
"""The part of the untouched cases that go on by the snapshot alone, in workflows that change."""
FIGURE: dict[str, Any] = {"cites": ["appeal_measures:10(4)"], "confidence": "high"}


def reply(**values: Any) -> Edit:
    """Return the edit that appends a figure to the time to answer a complaint."""
    return rewriting(
        "parameter", "complaint_reply", lambda it: it["values"].append(FIGURE | values)
    )


def first_figure(name: str, **values: Any) -> Edit:
    """Return the edit that changes the first figure of a parameter."""
    return rewriting("parameter", name, lambda it: it["values"][0].update(values))


def rule(policy: str, number: int, **values: Any) -> Edit:
    """Return the edit that changes a rule of a table."""
    return rewriting("policy", policy, lambda it: it["rules"][number].update(values))


def day(text: str) -> date:
    """Return a day as YAML reads it."""
    return date.fromisoformat(text)


LAYOUT: dict[str, Edit] = {
    "a comment in every file": every(lambda data: data + b"\n# a comment\n"),
    "line ends": every(lambda data: data.replace(b"\n", b"\r\n")),
    "a byte order mark": every(lambda data: b"\xef\xbb\xbf" + data),
    "another folder": moving("complaints/", "desk/"),
    "other names of files": moving("violations/", "violations/a_"),
    "the file written anew": rewriting("workflow", "user_appeal", lambda _: None),
}
WORDS: dict[str, Edit] = {
    "the title of a workflow": rewriting(
        "workflow", "complaint_handling", lambda it: it["title"].update(en="Handling")
    ),
    "every title of a catalogue": rewriting(
        "catalogue",
        "complaint_kind",
        lambda it: [each["title"].update(en="x") for each in it["codes"].values()],
    ),
    "a remark on a rule": rule("complaint_grade", 0, note={"zh": "注", "en": "Note"}),
    "other clauses of a rule": rule("complaint_grade", 0, cites=["spec:7.1.2(3)"]),
    "the confidence of a figure": first_figure("complaint_reply", confidence="medium"),
    "the title of a clause": rewriting(
        "source", "spec", lambda it: it["clauses"]["7.1.2(3)"]["title"].update(en="Grading")
    ),
    "the version of a workflow": rewriting(
        "workflow", "complaint_handling", lambda it: it.update(version="1.0.1")
    ),
    "the version of the pack": replacing("pack.yaml", "version: 0", "version: 9"),
    "the status for another system": rewriting(
        "workflow",
        "complaint_handling",
        lambda it: [
            each["maps"].update(tmf621="pending")
            for _, each in states_of(it["states"])
            if "maps" in each
        ],
    ),
}
FIGURES: dict[str, Edit] = {
    "a figure from next year on": reply(**{"from": day("2027-01-01"), "value": 10}),
    "a figure in the midst": reply(**{"from": day("2026-06-01"), "value": 10}),
    "the same figure once more": reply(**{"from": day("2026-06-01"), "value": 15}),
    "a figure that was always wrong": first_figure("complaint_reply", value=14),
    "a figure of a rule": first_figure("complaint_repeats", value=5),
    "a figure of another workflow": first_figure("survey_collection", value=9),
    "a figure that no workflow reads": first_figure("nps_target", value=61),
    "a working day that is past": rewriting(
        "calendar", "china", lambda it: it["years"]["2026"]["rest"].remove(day("2026-04-06"))
    ),
    "a working day to come": rewriting(
        "calendar", "china", lambda it: it["years"]["2026"]["rest"].append(day("2026-12-31"))
    ),
    "the holidays of next year": rewriting(
        "calendar",
        "china",
        lambda it: it["years"].update(
            {"2027": {"rest": [day("2027-01-01")], "cites": ["civil_code:203"]}}
        ),
    ),
}
RULES: dict[str, Edit] = {
    "a rule from next year on": rewriting(
        "policy",
        "complaint_grade",
        lambda it: it["rules"].insert(
            0,
            {
                "id": "all",
                "then": {"grade": "major"},
                "cites": ["spec:7.1.2(3)"],
                "in_force": {"from": day("2027-01-01")},
            },
        ),
    ),
    "a rule in the midst": rewriting(
        "policy",
        "complaint_grade",
        lambda it: it["rules"].insert(
            0,
            {
                "id": "all",
                "then": {"grade": "major"},
                "cites": ["spec:7.1.2(3)"],
                "in_force": {"from": day("2026-06-01")},
            },
        ),
    ),
    "another condition": rule("complaint_grade", 2, when="media_involved"),
    "the same condition in brackets": rule(
        "complaint_grade", 2, when="((media_involved)) || (regulator_involved)"
    ),
    "the same condition the other way round": rule(
        "complaint_grade", 2, when="regulator_involved || media_involved"
    ),
    "a policy that no workflow asks": rewriting(
        "policy", "staff_appraisal", lambda it: it.update(title={"zh": "新", "en": "New"})
    ),
    "a further code": rewriting(
        "catalogue",
        "complaint_kind",
        lambda it: it["codes"].update(new={"title": {"zh": "新", "en": "New"}}),
    ),
    "a further fact": rewriting(
        "facts",
        "complaint",
        lambda it: it["fields"].update(
            colour={"type": "text?", "title": {"zh": "颜色", "en": "Colour"}}
        ),
    ),
    "a further role": rewriting(
        "catalogue", "role", lambda it: it["codes"].update(new={"title": {"zh": "新", "en": "New"}})
    ),
    "another offset from UTC": replacing("pack.yaml", "+08:00", "+09:00"),
}


def add_event(flow: dict[str, Any]) -> None:
    """Let something new happen in every innermost state that is not final."""
    flow["events"]["novelty"] = {"title": {"zh": "新事件", "en": "Novelty"}}
    for _, state in states_of(flow["states"]):
        if not state.get("states") and "type" not in state:
            state.setdefault("on", {})["novelty"] = {}


def add_state(flow: dict[str, Any]) -> None:
    """Lead from some state to a new one and back."""
    flow["events"]["detour"] = {"title": {"zh": "绕行", "en": "Detour"}}
    names = [name for name, state in flow["states"].items() if "type" not in state]
    name = DICE.choice(names)
    flow["states"][name].setdefault("on", {})["detour"] = "aside"
    flow["states"]["aside"] = {"title": {"zh": "旁", "en": "Aside"}, "on": {"detour": name}}


def transitions_of(flow: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Return the transitions that are written alone, each as its group and its event."""
    return [
        (state["on"], event)
        for _, state in states_of(flow["states"])
        for event, written in state.get("on", {}).items()
        if isinstance(written, dict)
    ]


def remove_guard(flow: dict[str, Any]) -> None:
    guarded = [each for each in transitions_of(flow) if "guard" in each[0][each[1]]]
    for group, event in guarded[:1]:
        del group[event]["guard"]


def guard_transition(flow: dict[str, Any]) -> None:
    """Add a condition that has always held."""
    group, event = DICE.choice(transitions_of(flow))
    group[event]["guard"] = (
        f"({group[event].get('guard', 'true')}) && now > timestamp('2001-01-01T00:00:00Z')"
    )


def forbid_transition(flow: dict[str, Any]) -> None:
    group, event = DICE.choice(transitions_of(flow))
    group[event]["guard"] = "now < timestamp('2001-01-01T00:00:00Z')"


def limit_clock(flow: dict[str, Any]) -> None:
    if flow.get("clocks"):
        DICE.choice(list(flow["clocks"].values()))["limit"] = "77 hours"


def warn_earlier(flow: dict[str, Any]) -> None:
    if flow.get("clocks"):
        DICE.choice(list(flow["clocks"].values()))["warn_at"] = "10%"


def rename_state(flow: dict[str, Any]) -> None:
    """Swap the titles of all states, and change nothing else."""
    for _, state in states_of(flow["states"]):
        state["title"] = {"zh": "状态", "en": "State"}


CHANGES = (
    add_event, add_state, remove_guard, guard_transition, forbid_transition, limit_clock,
    warn_earlier, rename_state,
)  # fmt: skip


def flow_edits(pack: Pack) -> dict[str, Edit]:
    """Return two edits of each workflow, of two kinds; the kinds of change come in turn."""
    half = len(CHANGES) // 2
    return {
        f"{kind.__name__} in {name}": rewriting("workflow", name, kind)
        for at, name in enumerate(sorted(pack.workflows))
        for kind in (CHANGES[at % len(CHANGES)], CHANGES[(at + half) % len(CHANGES)])
    }


NAMED = {**LAYOUT, **WORDS, **FIGURES, **RULES}


@pytest.fixture(scope="module")
def house() -> House:
    return House()


@pytest.fixture(scope="module")
def walks(pack: Pack) -> list[Walk]:
    return walk_cases(pack, 96, SEED)


def judge(walks: list[Walk], edited: Pack) -> Counter[tuple[bool, str, str]]:
    """Count cases by whether they would have run the same, and what becomes of them.

    The first fate is that of the snapshot alone, the second that of the snapshot with its journal.
    """
    table: Counter[tuple[bool, str, str]] = Counter()
    for walk in walks:
        alone, given = (fate_of(edited, walk, each) for each in (None, walk.journal))
        table[runs_the_same(edited, walk), alone, given] += 1
    return table


def fate_of(pack: Pack, walk: Walk, journal: tuple[Entry, ...] | None) -> str:
    """Return whether a case goes on, has its clocks counted again, or is stranded."""
    try:
        case = pack.restore(walk.snapshot, journal)
    except SnapshotMismatch:
        at = datetime.fromisoformat(walk.snapshot["at"]) + timedelta(hours=1)
        moved = pack.migrate(walk.snapshot, at=at)
        return "recounted" if isinstance(moved, Migrated) else "stranded"
    assert case.states == tuple(walk.snapshot["states"])
    assert pack.restore(case.dump()) == case
    return "goes on"


def assert_just(table: Counter[tuple[bool, str, str]], name: str) -> None:
    """Check that with its journal a case is stranded if and only if it would have run otherwise.

    Without the journal a case may be stranded in vain, but never goes on in error. A recount is not
    the same run: a deadline to come is another.
    """
    for (same, alone, given), count in table.items():
        assert given == "goes on" if same else given != "goes on", (name, count)
        assert same or alone != "goes on", (name, count)


@pytest.mark.parametrize(
    "name",
    [
        "a comment in every file", "the title of a workflow", "a figure from next year on",
        "a further fact", "a further role",
    ],
)  # fmt: skip
def test_a_change_that_touches_no_past_strands_nobody(
    walks: list[Walk], house: House, name: str
) -> None:
    table = judge(walks[:32], house.edited(NAMED[name]))
    assert set(table) == {(True, "goes on", "goes on")}


@pytest.mark.parametrize(
    "name", ["a figure in the midst", "the holidays of next year", "another condition"]
)
def test_a_change_strands_those_that_would_have_run_otherwise(
    walks: list[Walk], house: House, name: str
) -> None:
    assert_just(judge(walks[:48], house.edited(NAMED[name])), name)


def has_figure(limit: object, started: str) -> bool:
    """Return whether a limit has a figure on the day on which a clock started, so that it waits."""
    day = datetime.fromisoformat(started).date()
    return not isinstance(limit, Parameter) or limit.is_in_force(day)


def test_the_holidays_of_next_year_are_counted_in_where_they_were_awaited(
    pack: Pack, walks: list[Walk], house: House
) -> None:
    edited = house.edited(NAMED["the holidays of next year"])
    recounted = 0
    for walk in walks:
        clocks = pack.workflows[walk.snapshot["workflow"]].clocks
        open_ended = [
            each
            for each in walk.snapshot["clocks"]
            if each["deadline"] is None and has_figure(clocks[each["clock"]].limit, each["started"])
        ]
        assert (fate_of(edited, walk, None) == "recounted") is bool(open_ended)
        recounted += bool(open_ended)
    assert recounted


MANY_EXAMPLES = 1_000
"""A profile of hypothesis with as many examples is that of `make test-long`: it tries all edits on
1,000 cases. Every other run tries a third of the edits, of which each kind is, on 150."""


@pytest.mark.slow
def test_sixty_edits_strand_exactly_those_that_would_have_run_otherwise(
    pack: Pack, house: House
) -> None:
    long = settings().max_examples >= MANY_EXAMPLES
    walks = walk_cases(pack, 1_000 if long else 150, SEED)
    edits = {**NAMED, **flow_edits(pack)}
    assert len(edits) >= 60
    whole: Counter[tuple[bool, str, str]] = Counter()
    for number, (name, edit) in islice(enumerate(edits.items()), 0, None, 1 if long else 3):
        edited = house.edited(edit)
        touched = {each for each, flow in edited.workflows.items() if flow != pack.workflows[each]}
        # Whoever runs in a workflow that an edit cannot touch is tried now and then.
        # The walks go round the workflows, so rounds are shares of all of them.
        rounds = [(walk, place // len(pack.workflows)) for place, walk in enumerate(walks)]
        share = [
            walk
            for walk, turn in rounds
            if (walk.workflow in touched and turn % 4 == number % 4) or turn % 20 == number % 20
        ]
        table = judge(share, edited)
        assert_just(table, name)
        whole += table
    # Of those that nothing has touched, the snapshot alone is enough for nearly all.
    same = {alone: count for (ran_same, alone, _), count in whole.items() if ran_same}
    assert same["goes on"] / sum(same.values()) > ENOUGH, whole
