"""A stored case comes back exactly, or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import SnapshotError, SnapshotMismatch
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.house import (
    COMPLAINT,
    CONTACT,
    MAJOR,
    PATROL,
    RECORD,
    START,
    after,
    complaint,
    made,
    patrol,
    started,
)
from tests.workflows.tampering import DELETE, JSON, leaves, tampered

if TYPE_CHECKING:
    from telecom_rules.workflows import Case


def busy() -> Case:
    """Return a case with facts, clocks, a warning and breaches."""
    case = after(started(), RECORD, MAJOR)
    return case.tick(START.replace(month=4)).case


CASE = busy()
SNAPSHOT = CASE.dump()


def test_a_snapshot_is_plain_json_and_comes_back_exactly() -> None:
    text = json.dumps(SNAPSHOT, allow_nan=False)
    again = complaint().restore(json.loads(text))
    assert again == CASE
    assert again.dump() == SNAPSHOT
    assert json.dumps(again.dump()) == text
    assert (again.facts, again.due, again.breaches, again.warnings) == (
        CASE.facts,
        CASE.due,
        CASE.breaches,
        CASE.warnings,
    )


def test_a_restored_case_goes_on_like_the_one_that_was_stored() -> None:
    case = after(started(), RECORD)
    again = complaint().restore(case.dump())
    assert after(again, MAJOR, CONTACT) == after(case, MAJOR, CONTACT)
    assert again.tick(START.replace(year=2027)) == case.tick(START.replace(year=2027))


def test_a_snapshot_names_what_a_person_looks_for() -> None:
    assert list(SNAPSHOT) == [
        "format", "workflow", "version", "digest", "pin", "past", "id", "states", "history",
        "facts", "clocks", "breaches", "warnings", "calls", "sequence", "at", "head", "seal",
    ]  # fmt: skip
    assert SNAPSHOT["states"] == ["open", "escalated"]
    assert SNAPSHOT["clocks"][0]["deadline"] == "2026-03-17T00:00:00+08:00"


def test_a_clock_in_a_snapshot_has_no_keys_for_what_few_clocks_have() -> None:
    assert {*SNAPSHOT["clocks"][0]} == {
        *("clock", "started", "deadline", "ended", "warned", "expired", "pauses", "paused"),
    }


PATHS = list(leaves(SNAPSHOT))


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(PATHS), value=JSON | st.just(DELETE))
def test_whatever_is_changed_in_a_snapshot_is_found(path: tuple[Any, ...], value: Any) -> None:
    data = tampered(SNAPSHOT, path, value)
    if data == SNAPSHOT and json.dumps(data) == json.dumps(SNAPSHOT):
        assert complaint().restore(data) == CASE
        return
    with pytest.raises(SnapshotError) as caught:
        complaint().restore(data)
    assert caught.value.explain("zh") != caught.value.explain("en")


@settings(max_examples=300, deadline=None)
@given(
    path=st.sampled_from(PATHS),
    value=JSON | st.sampled_from(["reply", "open", "major", START.isoformat(), 0, 1]),
)
def test_even_a_forged_seal_never_gives_a_case_that_cannot_be(
    path: tuple[Any, ...], value: Any
) -> None:
    data = tampered(SNAPSHOT, path, value)
    try:
        data["seal"] = seal(data)
        case = complaint().restore(data)
    except (SnapshotError, ValueError, TypeError):
        return
    assert complaint().restore(case.dump()) == case
    case.allowed()
    case.tick(START.replace(year=2030))


@pytest.mark.parametrize("data", [{}, {"seal": None}, {"x": float("nan")}, {1: 2, "a": 3}])
def test_what_is_no_snapshot_is_refused(data: Any) -> None:
    with pytest.raises(SnapshotError):
        complaint().restore(data)


def test_a_nest_of_a_thousand_lists_is_refused() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(SnapshotError):
        complaint().restore({**SNAPSHOT, "facts": deep})


@pytest.mark.parametrize(
    ("change", "zh_says", "en_says"),
    [
        ({"digest": "sha256:9", "pin": "sha256:8"}, "另一套规则", "other rules"),
        ({"workflow": "patrol"}, "流程 `patrol`", "workflow `patrol`"),
    ],
)
def test_a_snapshot_of_other_rules_names_both(
    change: dict[str, Any], zh_says: str, en_says: str
) -> None:
    data = {**SNAPSHOT, **change}
    data["seal"] = seal(data)
    with pytest.raises(SnapshotMismatch) as caught:
        complaint().restore(data)
    assert caught.value.found in change.values()
    assert caught.value.expected in {complaint().digest, "complaint_handling"}
    assert zh_says in caught.value.explain("zh")
    assert en_says in caught.value.explain("en")


def test_a_case_of_a_changed_pack_is_not_resumed() -> None:
    with pytest.raises(SnapshotMismatch):
        made(COMPLAINT.replace("limit: parameters.complaint_reply", "limit: 14 days")).restore(
            SNAPSHOT
        )
    with pytest.raises(SnapshotMismatch):
        made(PATROL).restore(SNAPSHOT)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 2}, "its format 2 is not supported"),
        ({"states": ["open"]}, "states cannot be active together"),
        ({"states": ["open", "closed"]}, "states cannot be active together"),
        ({"states": []}, "states cannot be active together"),
        ({"states": ["escalated", "open"]}, "its states are out of order"),
        ({"facts": {"amount": "-1"}}, "must be at least 0"),
        ({"facts": []}, "expected a mapping"),
        ({"clocks": [{**SNAPSHOT["clocks"][0], "clock": "none"}]}, "there is no clock `none`"),
        ({"clocks": [SNAPSHOT["clocks"][0]] * 2}, "it has a clock twice"),
        (
            {"clocks": [{**SNAPSHOT["clocks"][0], "started": "2026-03-02T09:00:00+08:00"}]},
            "the clock `reply` is inconsistent",
        ),
        ({"clocks": {}}, "`clocks` must be a list of objects"),
        ({"sequence": 0}, "must be at least 1"),
        ({"at": "2026-03-01T09:00:00"}, "has no offset"),
    ],
)
def test_a_forged_part_is_named(change: dict[str, Any], says: str) -> None:
    data = {**SNAPSHOT, **change}
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError) as caught:
        complaint().restore(data)
    assert says in caught.value.explain("en")


def test_a_damaged_snapshot_says_what_to_do() -> None:
    with pytest.raises(SnapshotError) as caught:
        complaint().restore({**SNAPSHOT, "sequence": 99})
    assert caught.value.explain("zh") == (
        "快照无法恢复：校验值不符，内容被改动或截断；请改用日志重放"
    )
    assert caught.value.explain("en") == (
        "the snapshot cannot be restored: its seal does not match; it was changed or truncated;"
        " replay the journal instead"
    )


def test_undetermined_clocks_come_back_with_their_reason() -> None:
    case = after(patrol().start({}, at=START, id="p"), ("begin", {}, None))
    again = patrol().restore(case.dump())
    assert again == case
    assert again.clocks["days"].undetermined == case.clocks["days"].undetermined
