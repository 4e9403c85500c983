"""Snapshots that were changed and sealed again: a typed error, or the very case they tell."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import SnapshotError
from telecom_rules.workflows import Accepted
from telecom_rules.workflows.journal.snapshot import seal
from tests.fuzz.harness import Harness
from tests.fuzz.journals import FLOW, START, iter_places

if TYPE_CHECKING:
    from random import Random

CASES = [FLOW.start({"loss": 1}, at=START, id="C-1")]
CASES.append(CASES[0].tick(START + timedelta(days=13)).case)
CASES.append(CASES[0].tick(START + timedelta(days=30)).case)
CASES.append(CASES[0].send("close", at=START, by="chief").case)
SNAPSHOTS: list[Any] = [json.loads(json.dumps(each.dump())) for each in CASES]
VALUES = (
    *(None, True, False, 0, 1, 2, -1, 10**30, 0.5, "", "x", "open", "closed", "reply", "C-2"),
    *("2026-03-02T09:00:00+08:00", "2026-03-17T23:59:59.999999+08:00", "2026-03-02T01:00:00Z"),
    *("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+08:00", "2026-03-02", [], {}, ["open"]),
    *(["closed"], ["open", "closed"], {"loss": "5.00"}, [{"clock": "reply", "at": "x"}], "\ud800"),
)


class Changed(NamedTuple):
    """A snapshot as somebody left it."""

    data: Any
    sealed: bool


def grow(random: Random) -> Changed:
    """Return a snapshot after a few changes, mostly sealed again."""
    data = copy.deepcopy(random.choice(SNAPSHOTS))
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        holder, key = random.choice(list(iter_places(data)))
        fate = random.random()
        if fate < 0.15:
            del holder[key]
        elif fate < 0.25 and type(holder) is list:
            holder.append(copy.deepcopy(holder[key]))
        elif fate < 0.45:
            other = random.choice(SNAPSHOTS)
            holder[key] = copy.deepcopy(random.choice(list(pick(other))))
        else:
            holder[key] = copy.deepcopy(random.choice(VALUES))
        if not data:
            break
    return Changed(data, random.random() < 0.95)


def pick(data: Any) -> list[Any]:
    """Return every value in a snapshot."""
    return [holder[key] for holder, key in iter_places(data)]


def examine(given: Changed) -> str:
    """Restore a snapshot; a case that comes out of it goes on, and is stored as it was told."""
    data = given.data
    if given.sealed:
        try:
            data = {**data, "seal": seal(data)}
        except ValueError:  # an unpaired surrogate cannot be sealed
            return "not sealed"
    try:
        case = FLOW.restore(data)
    except SnapshotError as problem:
        return type(problem).__name__
    again = case.dump()
    assert FLOW.restore(json.loads(json.dumps(again))) == case
    assert {each for each in again if again[each] != data.get(each)} <= {
        *(
            "at",
            "clocks",
            "breaches",
            "warnings",
            "facts",
            "pin",
            "past",
            "digest",
            "version",
            "seal",
        )
    }, "something else comes out than was told"
    assert case.allowed(by="chief") is not None
    outcome = case.send("close", at=case.at + timedelta(days=400), by="chief")
    assert outcome.explain("zh")
    json.dumps([each.dump() for each in outcome.entries] if isinstance(outcome, Accepted) else 0)
    return "restored"


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        Changed(SNAPSHOTS[0], sealed=True),
        Changed({**SNAPSHOTS[0], "states": ["closed"], "clocks": []}, sealed=True),
        Changed({**SNAPSHOTS[0], "at": "0001-01-01T00:00:00+08:00"}, sealed=True),
        Changed({**SNAPSHOTS[0], "head": 7}, sealed=True),
    ),
    share=200,
)
