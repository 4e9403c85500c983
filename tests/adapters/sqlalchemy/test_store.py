"""What the store promises a host, on each database."""

from __future__ import annotations

import importlib
import pickle
import sys
from datetime import timedelta

import pytest
from sqlalchemy import Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker

from telecom_rules import Accepted, MissingExtra, Packs, Refused, TelecomRulesError
from telecom_rules.adapters.sqlalchemy import (
    CaseExists,
    CaseStore,
    Conflict,
    KeyOutlived,
    KeyReused,
    StrandedCase,
    UnexpectedState,
    UnknownCase,
    UnreadableCase,
    prepare,
    retrying,
)
from telecom_rules.errors import ArgumentError, UnknownName
from telecom_rules.workflows import ReasonKind
from tests.adapters.desk import BEGUN, BY_ROLES, FACTS, FILES, HANDLING, build, desk, newer_desk
from tests.adapters.sqlalchemy.place import Place


def test_a_case_is_opened_changed_and_read_back_with_its_journal(place):
    opened = place.open(actor="u1")
    taken = place.send("take", by="agent", actor="u2")
    assert place.get() == taken.case
    assert place.journal() == ["start", "event take"]
    with place.sessions() as session:
        entries = place.store.journal(session, "T-1")
    assert entries == (*opened.entries, *taken.entries)
    assert [each.actor for each in entries] == ["u1", "u2"]
    assert place.faults() == []


def test_nothing_is_stored_when_the_host_rolls_back(place):
    place.open()
    with pytest.raises(ZeroDivisionError), place.begin() as session:
        assert isinstance(place.store.send(session, "T-1", "take", key="k"), Accepted)
        raise ZeroDivisionError
    assert place.journal() == ["start"]
    assert place.get().state == "open"
    assert place.count(place.store.tables.request) == 0
    assert place.count(place.store.tables.outbox) == 1


def test_case_and_row_of_the_host_are_one_transaction(database):
    class Base(DeclarativeBase):
        pass

    class Ticket(Base):
        __tablename__ = "ticket"
        id = mapped_column(Integer, primary_key=True)

    store = CaseStore(Base.metadata, desk(), clock=lambda: BEGUN)
    assert {"ticket", "rules_case", "rules_journal", "rules_outbox"} <= set(Base.metadata.tables)
    engine = prepare(create_engine(database))
    Base.metadata.create_all(engine)
    sessions = sessionmaker(engine)
    with pytest.raises(UnknownName), sessions.begin() as session:
        session.add(Ticket(id=7))
        session.flush()
        store.open(session, "no_such", FACTS, id="ticket-7")
    with sessions.begin() as session:
        session.add(Ticket(id=8))
        session.flush()
        store.open(session, "handling", FACTS, id="ticket-8")
    with sessions() as session:
        assert session.scalars(select(Ticket.id)).all() == [8]
        assert session.scalars(select(store.cases.c.id)).all() == ["ticket-8"]
    Base.metadata.drop_all(engine)
    engine.dispose()


@pytest.mark.parametrize("rolled_back", [False, True])
def test_a_refusal_is_on_record_whether_the_host_commits_or_rolls_back(place, rolled_back):
    place.open()
    session = place.sessions()
    outcome = place.store.send(session, "T-1", "solve", by="agent", actor="u3")
    assert isinstance(outcome, Refused)
    (session.rollback if rolled_back else session.commit)()
    assert place.journal() == ["start", "refusal solve"]
    session.close()
    with place.sessions() as session:
        (_, refusal) = place.store.journal(session, "T-1")
        assert refusal == outcome.entry
    assert place.faults() == []
    assert place.get().state == "open"


def test_a_refusal_is_on_record_when_an_exception_ends_the_transaction(place):
    place.open()
    with pytest.raises(PermissionError), place.begin() as session:
        outcome = place.store.send(session, "T-1", "solve", by="agent")
        assert isinstance(outcome, Refused)
        raise PermissionError(outcome.explain())
    place.send("take")
    place.send("solve")
    assert place.journal() == ["start", "refusal solve", "event take", "refusal solve"]


def test_a_refusal_that_cannot_be_written_is_told_and_breaks_nothing(place):
    place.open()
    place.store.tables.refusal.drop(place.engine)
    assert isinstance(place.send("solve"), Refused)
    assert [each.outcome for each in place.seen if each.operation == "refusal"] != []
    assert place.get().state == "open"
    place.store.tables.refusal.create(place.engine)


def test_a_refusal_inside_a_savepoint_waits_for_the_whole_transaction(place):
    place.open()
    with place.begin() as session:
        with session.begin_nested():
            place.store.send(session, "T-1", "solve")
        place.store.send(session, "T-1", "take")
    assert place.journal() == ["start", "refusal solve", "event take"]


def test_the_same_key_and_request_get_the_first_answer(place):
    opened = place.open(key="k-0", actor="u1")
    place.clock.go(minutes=1)
    taken = place.send("take", key="k-1", actor="u1")
    noted = place.send("note", {"note": "x"}, key="k-2")
    place.clock.go(days=11)
    place.send("note", {"note": "y"}, key="k-3")
    assert place.send("take", key="k-1", actor="u1") == taken
    assert place.send("note", {"note": "x"}, key="k-2") == noted
    assert place.open(key="k-0", actor="u1") == opened
    assert place.send("note", {"note": "y"}, key="k-3").breaches  # with what the clocks did first
    assert place.journal().count("event note") == 2
    assert place.faults() == []


@pytest.mark.parametrize(
    "again",
    [
        lambda place: place.send("note", {"note": "other"}, key="k"),
        lambda place: place.send("put_back", {"note": "x"}, key="k"),
        lambda place: place.send("note", {"note": "x"}, key="k", actor="somebody else"),
    ],
)
def test_a_key_that_comes_with_another_request_is_an_error_and_changes_nothing(place, again):
    place.open()
    place.send("take")
    place.send("note", {"note": "x"}, key="k")
    before = place.get(), place.journal(), place.count(place.store.tables.request)
    with pytest.raises(KeyReused, match="`k`") as found:
        again(place)
    assert (found.value.id, found.value.key) == ("T-1", "k")
    assert (place.get(), place.journal(), place.count(place.store.tables.request)) == before


def test_keys_are_those_of_a_case(place):
    for id in ("T-1", "T-2"):
        place.open(id, key="k")
        place.send("take", id=id, key="k-1")
    with pytest.raises(KeyReused):
        place.send("take", id="T-1", key="k")


def test_a_refused_request_is_tried_again(place):
    place.open()
    assert isinstance(place.send("note", {"note": "x"}, key="k"), Refused)
    place.send("take")
    assert isinstance(place.send("note", {"note": "x"}, key="k"), Accepted)


def test_an_answer_whose_rules_are_gone_is_an_error_and_nothing_is_done_twice(place):
    place.open()
    place.send("take", key="k")
    place.store.take_up(Packs(newer_desk(), desk()))
    assert place.store.migrate(place.sessions).moved == 1
    assert isinstance(place.send("take", key="k"), Accepted)  # the older pack is at hand
    place.store.take_up(newer_desk())
    with pytest.raises(KeyOutlived) as found:
        place.send("take", key="k")
    assert found.value.sequence == 1
    assert place.journal() == ["start", "event take", "migrate"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", 7])
def test_a_key_is_a_printable_text(place, key):
    place.open()
    with pytest.raises(ArgumentError):
        place.send("take", key=key)


def test_data_that_cannot_be_compared_are_refused_with_a_key_as_without(place):
    place.open()
    for kind in ReasonKind.NOT_FROM_HERE, ReasonKind.PAYLOAD_INVALID:
        for key in None, "k":
            refused = place.send("note", {"note": object()}, key=key)
            assert [each.kind for each in refused.reasons] == [kind]
        place.send("take")
    place.send("put_back", key="k")
    with pytest.raises(KeyReused):
        place.send("note", {"note": object()}, key="k")


def test_an_expected_state_is_required(place):
    place.open()
    with pytest.raises(UnexpectedState) as found:
        place.send("take", expect={"working", "solved"})
    assert found.value.states == ("alive", "open")
    assert isinstance(place.send("take", expect={"open"}), Accepted)
    assert isinstance(place.send("put_back", expect={"alive"}), Accepted)
    assert isinstance(place.send("take", expect="open"), Accepted)


def test_a_case_is_opened_once(place):
    place.open()
    with pytest.raises(CaseExists):
        place.open()
    with pytest.raises(CaseExists):
        place.open(key="k")
    assert place.journal() == ["start"]


def test_unknown_cases_are_told(place):
    for ask in (place.get, place.journal, place.faults):
        with pytest.raises(UnknownCase):
            ask("T-9")
    with pytest.raises(UnknownCase):
        place.send("take", id="T-9")


def test_the_instant_is_read_after_the_case_and_never_runs_backwards(place):
    place.open()
    place.clock.go(minutes=10)
    place.send("take")
    place.clock.go(minutes=-30)  # the clock of another server, or one that was set back
    late = place.send("put_back")
    assert isinstance(late, Accepted)
    assert late.case.at == BEGUN + timedelta(minutes=10)


def test_an_instant_that_the_host_gives_is_taken_as_it_is(place):
    place.open(at=BEGUN - timedelta(days=1))
    assert place.get().at == BEGUN - timedelta(days=1)
    place.send("take")
    assert isinstance(place.send("put_back", at=BEGUN - timedelta(hours=1)), Refused)


def test_a_change_that_somebody_else_made_first_is_a_conflict(place):
    place.open()
    with place.sessions() as slow:
        row = place.store.statements.find(slow, "T-1").row
        slow.rollback()
        place.send("take")
        with pytest.raises(Conflict):
            place.store.statements.replace_case(slow, row, row.sequence)
        slow.rollback()
    assert place.get().state == "working"


def test_a_lost_race_is_done_again_from_a_fresh_read(place):
    place.open()
    seen = []
    for attempt in retrying(place.sessions):
        with attempt as session:
            seen.append(place.store.get(session, "T-1").state)
            if len(seen) < 3:
                raise Conflict("T-1")
            outcome = place.store.send(session, "T-1", "take")
    assert seen == ["open"] * 3
    assert place.get() == outcome.case


def test_the_last_lost_race_goes_through_and_so_does_any_other_error(place):
    attempts = 0
    with pytest.raises(Conflict):
        for attempt in retrying(place.sessions, attempts=4):
            attempts += 1
            with attempt:
                raise Conflict("T-1")
    assert attempts == 4
    with pytest.raises(ZeroDivisionError):
        for attempt in retrying(place.sessions):
            with attempt:
                raise ZeroDivisionError


def test_an_attempt_may_return_from_its_block(place):
    def take() -> str:
        for attempt in retrying(place.sessions):
            with attempt as session:
                return place.store.send(session, "T-1", "take").case.state
        raise AssertionError

    place.open()
    assert take() == "working"
    assert place.get().state == "working"


def test_a_called_case_is_opened_and_given_back_in_the_same_transaction(place):
    place.open()
    place.send("take")
    place.send("send_out", actor="u1")
    called = "T-1/at_repair/2"
    assert place.get(called).state == "broken"
    place.clock.go(hours=3)
    place.send("fix", {"cause": "wet joint"}, id=called)
    assert place.get().state == "working"
    assert place.get().facts["cause"] == "wet joint"
    assert place.journal()[-1].startswith("return")
    assert place.faults() == place.faults(called) == []


def test_a_called_case_that_nobody_waits_for_any_more_ends_all_the_same(place):
    place.open()
    place.send("take")
    place.send("send_out")
    place.send("take")
    place.send("fix", {"cause": "x"}, id="T-1/at_repair/2")
    assert place.get("T-1/at_repair/2").final
    assert place.get().state == "working"
    assert place.journal()[-1].startswith("refusal")


def test_a_case_that_began_before_is_adopted_with_its_statutory_dates(place):
    with place.begin() as session:
        taken = place.store.adopt(
            session, "handling", FACTS, "working", id="T-1", actor="u1",
            clocks={"solving": BEGUN - timedelta(days=3)},
        )  # fmt: skip
    assert place.get() == taken.case
    own = desk().workflows["handling"].open(FACTS, at=BEGUN - timedelta(days=3), id="x").case
    assert place.get().clocks["solving"].deadline == own.clocks["solving"].deadline
    place.send("put_back")
    assert place.journal() == ["adopt", "event put_back"]
    assert place.faults() == []
    with pytest.raises(CaseExists), place.begin() as session:
        place.store.adopt(session, "handling", FACTS, "working", id="T-1")


def test_tenants_share_tables_and_see_only_their_own_cases(place):
    lenient = HANDLING.replace(BY_ROLES, "")
    other = place.store.of("acme", build({**FILES, "handling.yaml": lenient}))
    place.open()
    with place.begin() as session:
        other.open(session, "handling", FACTS, id="T-1")
        other.send(session, "T-1", "take")
        assert isinstance(other.send(session, "T-1", "solve"), Accepted)
    assert place.get().state == "open"
    with place.sessions() as session:
        assert other.get(session, "T-1").state == "solved"
        keys = set(session.scalars(select(place.store.tables.outbox.c.key)))
    assert keys == {"T-1/0/0", "acme:T-1/0/0"}
    assert other.tenant == "acme"


def test_a_case_of_another_tenants_pack_is_stranded_and_stays_as_it_is(place):
    place.open()
    other = HANDLING.replace("workflow: handling", "workflow: other")
    stranger = place.store.of("", build({**FILES, "handling.yaml": other}))
    for ask in (
        lambda session: stranger.get(session, "T-1"),
        lambda session: stranger.send(session, "T-1", "take"),
        lambda session: stranger.tick(session, "T-1"),
    ):
        with pytest.raises(StrandedCase) as found, place.begin() as session:
            ask(session)
        assert found.value.digest == place.get().workflow.digest
    assert place.journal() == ["start"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE rules_case SET state = 'no_such_state'",
        "UPDATE rules_case SET state = 'working'",
        "UPDATE rules_case SET workflow = 'repair'",
        "UPDATE rules_case SET sequence = 5",
        "UPDATE rules_case SET snapshot = '[]'",
        "UPDATE rules_case SET snapshot = '{'",
        "UPDATE rules_case SET snapshot = replace(snapshot, 'no signal', 'other')",
        "UPDATE rules_case SET snapshot = replace(snapshot, 'alive', 'no_such')",
    ],
)
def test_a_row_that_somebody_changed_is_told_and_not_used(place, damage):
    place.open()
    place.run(damage)
    with pytest.raises(UnreadableCase) as found:
        place.get()
    assert found.value.id == "T-1"
    assert "T-1" in found.value.explain("zh")
    with pytest.raises(UnreadableCase):
        place.send("take")
    assert place.count(place.store.tables.journal) == 1


def test_each_call_is_observed_with_its_outcome(place):
    ticks = iter(range(100))
    timed = Place(place.url, timer=lambda: next(ticks))
    timed.open()
    timed.send("take", key="k")
    timed.send("take", key="k")
    timed.send("take")
    with pytest.raises(UnknownCase):
        timed.get("T-9")
    timed.engine.dispose()
    assert [tuple(each) for each in timed.seen] == [
        ("open", "accepted", "handling", 1),
        ("send", "accepted", "handling", 1),
        ("send", "repeated", "handling", 1),
        ("send", "refused", "handling", 1),
        ("get", "unknown-case", None, 1),
    ]


def test_an_observer_that_fails_stops_nothing(database):
    def fail(_: object) -> None:
        raise ZeroDivisionError

    place = Place(database)
    place.store = CaseStore(place.metadata, desk(), clock=place.clock, observe=fail)
    place.metadata.create_all(place.engine)
    place.open()
    place.clock.go(days=6)
    assert place.worker().run_once().ticked == 1
    place.metadata.drop_all(place.engine)
    place.engine.dispose()


@pytest.mark.parametrize("event", ["\ud800", "a\0b", "x" * 5_000, "", "不存在"])
def test_whatever_is_sent_is_refused_and_on_record(place, event):
    place.open()
    assert isinstance(place.send(event, by="agent"), Refused)
    assert len(place.journal()) == 2
    assert [each for each in place.seen if each.operation == "refusal"] == []


@pytest.mark.parametrize("payload", [[1], "x", 7, {"note": 7}, {"note": "\ud800"}, {7: 7}, {}])
def test_a_payload_of_the_wrong_type_is_refused_with_and_without_a_key(place, payload):
    place.open()
    place.send("take")
    refused = place.send("note", payload)
    assert isinstance(refused, Refused)
    again = place.send("note", payload, key="k")
    assert isinstance(again, Refused)
    assert again.reasons == refused.reasons
    assert place.journal().count("event note") == 0


@pytest.mark.parametrize("id", ["\ud800", "a\0b", "x" * 300, ""])
def test_what_cannot_be_an_id_is_no_case(place, id):
    with pytest.raises(UnknownCase):
        place.get(id)
    with pytest.raises(UnknownCase):
        place.send("take", id=id)
    with pytest.raises(ArgumentError):
        place.open(id)


def test_arguments_of_other_kinds_are_told(place):
    place.open()
    for named in ({"expect": 7}, {"expect": [7]}, {"by": 7}, {"actor": ""}, {"at": BEGUN.date()}):
        with pytest.raises(ArgumentError):
            place.send("take", **named)
    for now in (lambda: BEGUN.replace(tzinfo=None), lambda: 7):
        broken = CaseStore(place.metadata, desk(), clock=now)
        with pytest.raises(ArgumentError, match="offset from UTC"), place.begin() as session:
            broken.send(session, "T-1", "take")
    assert place.journal() == ["start"]


def test_a_new_pack_is_taken_up_without_a_restart(place):
    place.open()
    place.store.take_up(build({**FILES, "role.yaml": FILES["role.yaml"].replace("客服", "坐席")}))
    assert place.get().workflow.roles["agent"].zh == "坐席"
    with pytest.raises(ArgumentError):
        place.store.take_up("a pack")


def test_prefix_and_schema_are_the_hosts(database):
    place = Place(database, prefix="crm_", schema=None if database.startswith("sqlite") else "desk")
    with place.engine.begin() as connection:
        if place.store.cases.schema:
            connection.exec_driver_sql("CREATE SCHEMA desk")
        place.store.upgrade(connection)
    place.open()
    assert isinstance(place.send("solve"), Refused)
    assert place.journal() == ["start", "refusal solve"]
    assert place.store.cases.name == "crm_case"
    with place.engine.begin() as connection:
        place.metadata.drop_all(connection)
        if place.store.cases.schema:
            connection.exec_driver_sql("DROP SCHEMA desk")
    place.engine.dispose()


def test_schemas_of_tenants_can_be_mapped_by_the_connection(postgres_database):
    place = Place(postgres_database, schema="tenant")
    engine = place.engine.execution_options(schema_translate_map={"tenant": "acme"})
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA acme")
        place.metadata.create_all(connection)
    with Session(engine) as session, session.begin():
        place.store.open(session, "handling", FACTS, id="T-1")
    with Session(place.engine) as session:
        session.connection(execution_options={"schema_translate_map": {"tenant": "acme"}})
        assert isinstance(place.store.send(session, "T-1", "solve"), Refused)
        session.rollback()
    with Session(engine) as session:
        assert [str(each.kind) for each in place.store.journal(session, "T-1")] == [
            "start",
            "refusal",
        ]
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA acme CASCADE")
    place.engine.dispose()


def test_every_error_pickles_and_speaks_both_languages(place):
    place.open()
    errors = []
    for fail in (
        place.open,
        lambda: place.get("T-9"),
        lambda: place.send("take", expect={"solved"}),
    ):
        with pytest.raises(TelecomRulesError) as found:
            fail()
        errors.append(found.value)
    for each in (*errors, Conflict("T-{id}"), KeyReused("T-1", "{key}")):
        copied = pickle.loads(pickle.dumps(each))  # noqa: S301 - our own
        assert vars(copied).keys() == vars(each).keys()
        assert copied.explain("zh") == each.explain("zh") != each.explain("en") == str(each)


def test_without_sqlalchemy_one_error_names_the_extra(monkeypatch):
    for name in [*sys.modules]:
        if name.startswith("telecom_rules.adapters.sqlalchemy"):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(MissingExtra, match=r"pip install 'telecom-rules\[sql\]'"):
        importlib.import_module("telecom_rules.adapters.sqlalchemy")
