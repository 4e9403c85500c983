"""What a host holds: names that help, a view of one day, cases that come back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from telecom_rules.errors import (
    ArgumentError,
    NotInForce,
    PackError,
    SnapshotError,
    SnapshotMismatch,
    UnknownName,
)
from telecom_rules.pack import Pack, link, load
from tests.pack.house import broken, house

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def pack_of(files: dict[str, bytes]) -> Pack:
    pack = link(files).pack
    assert pack is not None
    return pack


@pytest.fixture
def pack() -> Pack:
    return pack_of(house())


def test_a_name_that_is_not_there_says_which_one_was_meant(pack: Pack) -> None:
    with pytest.raises(UnknownName, match="no policy named `gradin`; did you mean `grading`"):
        pack.policies["gradin"]
    with pytest.raises(UnknownName, match=r"no workflow named `x`$"):
        pack.workflows["x"]


def test_asking_whether_a_name_is_there_is_not_an_error(pack: Pack) -> None:
    assert "grading" in pack.policies
    assert "x" not in pack.policies
    assert pack.policies.get("x") is None


def test_the_law_of_the_day_decides(pack: Pack) -> None:
    facts = {"loss": Decimal(60)}
    before, after = pack.on(date(2024, 12, 31)), pack.on(date(2025, 1, 1))
    assert before.policies["grading"].decide(facts).outputs == {"grade": "low"}
    assert after.policies["grading"].decide(facts).outputs == {"grade": "high"}


def test_the_view_of_a_day_holds_the_figures_in_force_that_day(pack: Pack) -> None:
    assert pack.on(date(2024, 12, 31)).parameters["threshold"].value == Decimal(100)
    assert "threshold" not in pack.on(date(2019, 12, 31)).parameters


def test_a_figure_that_was_not_in_force_stops_only_the_policy_that_needs_it(pack: Pack) -> None:
    with pytest.raises(NotInForce, match="`threshold` has nothing in force on 2019-12-31"):
        pack.on(date(2019, 12, 31)).policies["grading"].decide({"loss": 1})


def test_a_case_comes_back_through_the_pack(pack: Pack) -> None:
    case = pack.workflows["handling"].start({"loss": 10}, at=NOON, id="T-1")
    assert pack.restore(case.dump()) == case


def test_a_snapshot_of_other_rules_is_refused_with_both_digests(pack: Pack) -> None:
    other = pack_of(broken("parameters/reply.yaml", "value: 15", "value: 14"))
    handling = other.workflows["handling"]
    snapshot = handling.start({}, at=NOON, id="T-1").dump()
    with pytest.raises(SnapshotMismatch) as refused:
        pack.restore(snapshot)
    digests = (pack.workflows["handling"].digest, handling.digest)
    assert (refused.value.expected, refused.value.found) == digests
    for language in ("zh", "en"):
        assert all(each in refused.value.explain(language) for each in digests)


def test_a_snapshot_of_a_workflow_that_is_not_in_this_pack_names_both_digests_too(
    pack: Pack,
) -> None:
    files = broken("workflows/handling.yaml", "workflow: handling", "workflow: elsewhere")
    other = pack_of(files)
    snapshot = other.workflows["elsewhere"].start({}, at=NOON, id="T-1").dump()
    with pytest.raises(SnapshotMismatch) as refused:
        pack.restore(snapshot)
    digests = (pack.digest, other.workflows["elsewhere"].digest)
    assert (refused.value.expected, refused.value.found) == digests


@pytest.mark.parametrize("wrong", [None, [], 7, "x", b"{}", '{"workflow": "handling"}'])
def test_what_is_not_an_object_names_the_argument(pack: Pack, wrong: Any) -> None:
    handling = pack.workflows["handling"]
    doors = {
        "snapshot": (
            pack.restore,
            handling.restore,
            lambda it: pack.migrate(it, at=NOON),
            lambda it: handling.migrate(it, at=NOON),
        ),
        "dump": (pack.decide_again,),
    }
    for argument, asked in doors.items():
        for door in asked:
            with pytest.raises(ArgumentError) as told:
                door(wrong)
            assert told.value.argument == argument
            for language in ("zh", "en"):
                advised = "json.loads" in told.value.explain(language)
                assert advised is isinstance(wrong, str | bytes)


@pytest.mark.parametrize("snapshot", [{}, {"workflow": 1}, {"workflow": "handling"}])
def test_what_is_no_snapshot_is_refused(pack: Pack, snapshot: object) -> None:
    with pytest.raises(SnapshotError):
        pack.restore(snapshot)


def test_a_guard_asks_the_policy_on_the_facts_of_the_case(pack: Pack) -> None:
    handling = pack.workflows["handling"]
    cheap = handling.start({"loss": 10}, at=NOON, id="T-1").send("close", at=NOON)
    dear = handling.start({"loss": 1000}, at=NOON, id="T-2").send("close", at=NOON)
    assert cheap.case.state == "closed"
    assert dear.case.state == "open"
    assert "`policies.grading.grade == 'low'`" in dear.explain("en")


def test_loading_a_directory_with_mistakes_raises_all_of_them(tmp_path: Path) -> None:
    files = broken("policies/grading.yaml", "loss >=", "los >=")
    files["parameters/reply.yaml"] = files["parameters/reply.yaml"].replace(b"book:2", b"book:3")
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    with pytest.raises(PackError) as raised:
        load(tmp_path)
    assert sorted(finding.id for finding in raised.value.findings) == ["TR203", "TR502"]
    assert "规则包有 2 处错误" in raised.value.explain("zh")
    assert "policies/grading.yaml:8:22" in str(raised.value)


def test_the_shipped_pack_loads() -> None:
    assert load().name == "telecom_rules"


def test_a_decision_is_made_again_from_what_was_written_down(pack: Pack) -> None:
    decision = pack.policies["grading"].decide({"loss": Decimal(60)}, on=date(2024, 12, 31))
    dump = json.loads(json.dumps(decision.dump()))
    again = pack.decide_again(dump)
    assert again == decision
    assert again.dump() == decision.dump()
    assert again.explain("zh") == decision.explain("zh")


def test_a_decision_of_other_figures_of_its_day_is_refused_with_both_digests(pack: Pack) -> None:
    other = pack_of(broken("parameters/threshold.yaml", "value: 50", "value: 51"))
    day, before = date(2025, 1, 1), date(2024, 12, 31)
    theirs = other.policies["grading"]
    with pytest.raises(SnapshotMismatch) as caught:
        pack.decide_again(theirs.decide({"loss": 1}, on=day).dump())
    digests = (pack.policies["grading"].digest_on(day), theirs.digest_on(day))
    assert (caught.value.expected, caught.value.found) == digests
    # On the day before, the figure that has changed was not in force.
    earlier = theirs.decide({"loss": 1}, on=before)
    assert pack.decide_again(earlier.dump()) == earlier


def test_a_decision_goes_on_under_other_titles_and_what_it_does_not_read(pack: Pack) -> None:
    decision = pack.policies["grading"].decide({"loss": 60}, on=date(2025, 1, 1))
    files = broken("parameters/reply.yaml", "value: 15", "value: 14")
    files["policies/grading.yaml"] = files["policies/grading.yaml"].replace(b"en: Grad", b"en: Gr")
    assert pack_of(files).decide_again(decision.dump()) == decision


@pytest.mark.parametrize(
    "change",
    [
        {"on": "2025-02-30"},
        {"on": None},
        {"policy": "gradin"},
        {"policy": ["grading"]},
        {"facts": []},
        {"outputs": {"grade": "low"}},
        {"digest": 1, "outputs": None},
    ],
)
def test_a_decision_that_was_altered_is_refused(pack: Pack, change: dict[str, object]) -> None:
    dump = pack.policies["grading"].decide({"loss": 60}, on=date(2025, 1, 1)).dump()
    with pytest.raises(SnapshotError):
        pack.decide_again({**dump, **change})
    with pytest.raises(ArgumentError, match="the argument `dump`"):
        pack.decide_again(["no", "decision"])
