"""Packs side by side, and values that pickle: what is read back comes through the ordinary door."""

from __future__ import annotations

import copy
import dataclasses
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta, timezone

import pytest

from telecom_rules.errors import (
    ArgumentError,
    FactsError,
    SnapshotError,
    UnknownName,
    UnknownPack,
)
from telecom_rules.pack import InForce, Pack, Packs, link
from telecom_rules.policies import Policy
from telecom_rules.values import registered
from telecom_rules.workflows import Accepted, Refused, Workflow
from telecom_rules.workflows.journal.snapshot import seal
from tests.pack.house import HOUSE
from tests.shipped import shipped

ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 9, tzinfo=ZONE)
DAY = date(2026, 3, 2)
COMPLAINT = {
    "customer_id": "K1",
    "channel": "phone",
    "content": "x",
    "received_at": START.isoformat(),
}


def pickle_and_back(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


def house(**changed):
    """Return the pack of the house, with some texts replaced by others."""
    files = dict(HOUSE)
    for before, after in changed.items():
        files = {name: text.replace(before, after) for name, text in files.items()}
    return link({name: text.encode() for name, text in files.items()}).require_pack()


@pytest.fixture
def unregistered(monkeypatch):
    """Begin with no pack registered, and leave none behind."""
    monkeypatch.setattr(registered, "PACKS", [])


@pytest.fixture
def at_hand(unregistered):
    """Register the pack that ships."""
    return Packs(shipped()).register()


def values():
    """Yield one of each kind of value that a host may hold."""
    pack = shipped()
    workflow = pack.workflows["complaint_handling"]
    opened = workflow.open(COMPLAINT, at=START, id="C-1", actor="u1")
    case = opened.case
    accepted = case.send("record", {}, at=START, by="agent", actor="u2")
    refused = case.send("classify", {}, at=START, by="agent")
    ticked = case.tick(START + timedelta(days=20))
    late = case.send("record", {}, at=START + timedelta(days=5), by="agent")
    assert isinstance(accepted, Accepted)
    assert isinstance(refused, Refused)
    assert ticked.breaches
    assert len(late.entries) > 1
    yield from (pack, workflow, case, opened, accepted, refused, ticked, late)
    yield from (case.tick(START), case.allowed()[0], case.due[0], ticked.breaches[0])
    yield from (ticked.warnings[0], ticked.effects[0], refused.reasons[0], refused.entry)
    yield from (opened.entry, workflow.judge(opened.entries)[0], workflow.properties[0])
    yield from (case.facts, case.clocks, workflow.facts, workflow.events["record"])
    policy = pack.policies["violation_penalty"]
    yield from (policy, pack.policies, pack.on(DAY), pack.parameters, pack.sources, pack.facts)
    yield from (pack.catalogues, pack.calendars, pack.calendar, refused.cites[0])
    for name in ("violation_penalty", "promotion_conduct", "complaint_grade"):
        if name in pack.policies:
            decision = pack.policies[name].decide({}, on=DAY)
            yield from (decision, decision.facts, decision.outputs, decision.parameters)
            yield from (*decision.results[:1], *decision.rules[:1])
            yield pack.policies[name].ask({}, on=DAY)


VALUES = list(values())
NAMES = [f"{at}-{type(each).__name__}" for at, each in enumerate(VALUES)]


@pytest.mark.parametrize("value", VALUES, ids=NAMES)
@pytest.mark.usefixtures("at_hand")
def test_a_value_comes_equal_out_of_a_pickle(value):
    again = pickle_and_back(value)
    assert type(again) is type(value)
    assert again == value


@pytest.mark.parametrize("value", VALUES, ids=NAMES)
def test_a_value_is_copied_without_any_pack_at_hand(value, unregistered):
    assert copy.copy(value) == value
    assert copy.deepcopy(value) == value
    assert copy.deepcopy([value, value])[0] == value


RULES = (Pack, InForce, Policy, Workflow)


@pytest.mark.parametrize("value", VALUES, ids=NAMES)
def test_a_dataclass_that_is_not_rules_can_be_taken_apart(value):
    if dataclasses.is_dataclass(value) and not isinstance(value, RULES):
        assert dataclasses.asdict(value)


@pytest.mark.usefixtures("at_hand")
def test_an_outcome_out_of_a_pickle_says_and_does_the_same():
    workflow = shipped().workflows["complaint_handling"]
    case = workflow.open(COMPLAINT, at=START, id="C-1").case
    late = case.send("record", {}, at=START + timedelta(days=5), by="agent", actor="u2")
    again = pickle_and_back(late)
    assert again.entries == late.entries
    assert again.case.head == late.case.head
    assert [again.explain(each) for each in ("zh", "en")] == [late.explain("zh"), late.explain()]
    assert (again.from_states, again.to_states) == (late.from_states, late.to_states)
    assert again.case.send("withdraw", at=late.case.at, by="customer") == late.case.send(
        "withdraw", at=late.case.at, by="customer"
    )


@pytest.mark.usefixtures("at_hand")
def test_a_check_out_of_a_pickle_tells_what_it_told():
    results = [
        each
        for policy in shipped().policies.values()
        if policy.checks
        for each in policy.decide({}, on=DAY).results
    ]
    assert results
    for each in results[:20]:
        again = pickle_and_back(each)
        assert (again.seen, again.told, again.remedy, again.cites) == (
            each.seen,
            each.told,
            each.remedy,
            each.cites,
        )


@pytest.mark.usefixtures("unregistered")
def test_a_pickle_whose_pack_is_not_registered_names_its_digest_and_what_to_do():
    workflow = shipped().workflows["complaint_handling"]
    case = workflow.start(COMPLAINT, at=START, id="C-1")
    for value, digest in ((case, workflow.digest), (workflow, workflow.digest), (shipped(), None)):
        with pytest.raises(UnknownPack) as caught:
            pickle_and_back(value)
        assert caught.value.digest == (digest or shipped().digest)
        assert "Packs(...).register()" in caught.value.explain("en")
        assert caught.value.digest in caught.value.explain("zh")
        assert "the digest of a pack, a workflow or a policy" in caught.value.explain("en")
        assert "no pack is registered in this process" in caught.value.explain("en")
        assert "尚未注册任何规则包" in caught.value.explain("zh")


@pytest.mark.usefixtures("at_hand")
def test_a_pickle_does_not_pass_by_the_checks_of_a_snapshot():
    case = shipped().workflows["complaint_handling"].start(COMPLAINT, at=START, id="C-1")
    read, (dump,) = case.__reduce__()
    with pytest.raises(SnapshotError):
        read({**dump, "states": ["closed"]})
    forged = {**dump, "states": ["nowhere"]}
    with pytest.raises(SnapshotError):
        read({**forged, "seal": seal(forged)})


def fail(number):
    return shipped().policies["complaint_grade"].decide({"no such fact": number}, on=DAY)


def lose(name):
    return shipped().policies[name]


def walk(number):
    case = shipped().workflows["complaint_handling"].start(COMPLAINT, at=START, id=f"C-{number}")
    return case.send("record", {}, at=START, by="agent")


def test_a_pool_of_processes_goes_on_after_a_record_that_fails(unregistered):
    Packs(shipped()).register()  # what a forked process inherits
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        with pytest.raises(FactsError, match="no such fact"):
            pool.map_async(fail, [1, 2]).get(timeout=30)
        with pytest.raises(UnknownName):
            pool.map_async(lose, ["nothing"]).get(timeout=30)
        walked = pool.map_async(walk, [1, 2]).get(timeout=30)
    assert [each.case.id for each in walked] == ["C-1", "C-2"]
    assert walked[0] == walk(1)
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(FactsError):
            pool.submit(fail, 1).result(timeout=30)
        assert pool.submit(walk, 3).result(timeout=30) == walk(3)


STRICTER = {"value: 15": "value: 10"}


def test_each_case_is_restored_by_the_pack_that_can_go_on_with_it():
    old, new = house(), house(**STRICTER)
    case = old.workflows["handling"].start({"loss": 1}, at=START, id="C-1")
    packs = Packs(new, old)
    assert packs.restore(case.dump()).workflow == old.workflows["handling"]
    fresh = packs["handling"].start({"loss": 1}, at=START, id="C-2")
    assert fresh.workflow is new.workflows["handling"]
    assert packs.restore(fresh.dump()).workflow is new.workflows["handling"]
    assert packs.digests == (new.digest, old.digest)
    decision = old.policies["grading"].decide({"loss": 1}, on=DAY)
    assert packs.decide_again(decision.dump()) == decision


def test_a_case_of_no_pack_at_hand_names_the_digest_of_its_rules():
    old, new = house(), house(**STRICTER)
    case = old.workflows["handling"].start({"loss": 1}, at=START, id="C-1")
    with pytest.raises(UnknownPack) as caught:
        Packs(new).restore(case.dump())
    assert caught.value.digest == case.dump()["digest"]
    assert caught.value.known == (new.digest,)


@pytest.mark.parametrize("wrong", [None, [], "x", 7])
def test_what_is_not_a_pack_or_a_snapshot_is_a_typed_error(wrong):
    with pytest.raises(ArgumentError, match="the argument `newest`"):
        Packs(wrong)
    with pytest.raises(ArgumentError, match="the argument `older`"):
        Packs(house(), wrong)
    with pytest.raises(ArgumentError, match="the argument `snapshot`"):
        Packs(house()).restore(wrong)
    with pytest.raises(ArgumentError, match="the argument `dump`"):
        Packs(house()).decide_again(wrong)
    with pytest.raises(UnknownName):
        Packs(house())[wrong]


@pytest.mark.parametrize("name", ["nope", "", 5, None, [], {}, b"reply"])
def test_every_mapping_of_a_pack_says_that_a_name_is_not_there(name):
    pack = house()
    view, workflow = pack.on(DAY), pack.workflows["handling"]
    case = workflow.start({"loss": 1}, at=START, id="C-1")
    for things in (
        *(pack.policies, pack.workflows, pack.sources, pack.catalogues, pack.facts),
        *(pack.parameters, pack.calendars, view.policies, view.parameters),
        *(workflow.states, workflow.events, workflow.clocks, workflow.roles, case.clocks),
    ):
        with pytest.raises(UnknownName):
            things[name]
        assert name not in things
        assert things.get(name) is None
