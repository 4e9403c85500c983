"""Our step against `transitions` and `python-statemachine`, event by event.

Random workflows, flat and nested, each walked by many random sequences of events: whether an event
is taken, the states, the facts, the effects, and which states are left and entered, must be the
same everywhere. Deviations of theirs are written out below, and nothing else is tolerated.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.interop.house import (
    LONGEST,
    SEQUENCE,
    START,
    Happened,
    Ours,
    StateMachine,
    Transitions,
    facts_in,
    made,
    sent,
    written,
)

if TYPE_CHECKING:
    from random import Random

    from telecom_rules.workflows import Workflow

WORKFLOWS = 130
SEQUENCES = 40 if settings.default.max_examples >= 1_000 else 10
"""Of each kind, flat and nested: 2,600 sequences in all, of eight events each, and four times as
many with `make test-long`."""


def of_transitions(expected: Happened, workflow: Workflow) -> Happened:
    """Return what `transitions` makes of an event where our step makes `expected` of it.

    Deviation 1: a transition of an outer state that leads into a branch which is active already
    does not leave and enter again the states around its target. It goes by what is active, we and
    SCXML by the state in which the transition is written. The states reached are the same.
    """
    if expected.target is None:
        return expected
    around = workflow.states[expected.target].ancestors
    kept = set(expected.left).intersection(around)
    return replace(
        expected,
        left=[name for name in expected.left if name not in kept],
        entered=[name for name in expected.entered if name not in kept],
    )


def agree(workflow: Workflow, walks: list[bytes], text: str) -> int:
    """Walk every sequence through the three and compare; return how many events were taken."""
    taken = 0
    ours, first, second = Ours(workflow), Transitions(workflow), StateMachine(workflow)
    for walk in walks:
        for each in (ours, first, second):
            each.start(facts_in(walk))
        for number in range(LONGEST):
            mentioned = [e for name in ours.case.states for e in workflow.states[name].on]
            event, by, payload = sent(walk, number, mentioned)
            at = START + timedelta(days=number)
            expected = ours.send(event, payload, at, by)
            taken += expected.taken
            assert second.send(event, payload, at, by) == expected, text
            assert first.send(event, payload, at, by) == of_transitions(expected, workflow), text
    return taken


@pytest.mark.parametrize("nested", [False, True], ids=["flat", "nested"])
def test_both_libraries_do_what_our_step_does(nested: bool) -> None:
    taken: list[int] = []

    @settings(max_examples=WORKFLOWS)
    @given(chance=st.randoms(use_true_random=True))  # drawn choice by choice, most would be alike
    def walked(chance: Random) -> None:
        text = written(chance.randbytes(300), nested=nested)
        walks = [chance.randbytes(SEQUENCE) for _ in range(SEQUENCES)]
        taken.append(agree(made(text), walks, text))

    walked()
    assert sum(taken) > WORKFLOWS * SEQUENCES * LONGEST / 4  # or little would be compared
