"""Whatever is given for an argument of an adapter is taken with sense, or a typed error says it."""

from __future__ import annotations

import inspect
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import MetaData, create_engine
from sqlalchemy.orm import scoped_session, sessionmaker

from telecom_rules import Packs, TelecomRulesError, testing
from telecom_rules.adapters import fastapi as http
from telecom_rules.adapters import rows, sql_guard, sqlalchemy
from telecom_rules.adapters.sqlalchemy import CaseStore, Worker, prepare
from telecom_rules.adapters.sqlalchemy.retrying import LOCK
from telecom_rules.errors import ArgumentError
from tests.adapters.desk import BEGUN, FACTS, desk
from tests.adapters.rows.test_rows import CASE, ENTRIES, ROWS, VALUES
from tests.project.test_arguments import ODD, Far

PACK = desk()
WORKFLOW = PACK.workflows["handling"]
OPENED = WORKFLOW.open(FACTS, at=BEGUN, id="C-1")
REFUSED = OPENED.case.send("solve", at=BEGUN)
VALUES_ROW, JOURNAL_ROW = VALUES[0], ROWS[0]
REFUSAL = rows.describe_refusal(REFUSED)
ARCHIVE = rows.build_archive(CASE, ROWS, VALUES.values(), [])
STRANGE = [
    *ODD,
    None,
    "",
    "x",
    "\0",
    "\ud800",
    "x" * 9_999,
    -1,
    10**30,
    timedelta.max,
    BEGUN,
    BEGUN.replace(tzinfo=None),
    BEGUN.replace(tzinfo=Far()),
    datetime.max.replace(tzinfo=UTC),
    {"x": object()},
    {1: 2},
    [None],
    lambda: None,
]
"""What nobody should give."""


def make_store(**options: Any) -> CaseStore:
    given = {"metadata": MetaData(), "packs": PACK, "clock": lambda: BEGUN, **options}
    return CaseStore(given.pop("metadata"), given.pop("packs"), **given)


ENGINE = prepare(create_engine("sqlite://"))
STORE = make_store()
STORE.tables.case.metadata.create_all(ENGINE)
SESSIONS = sessionmaker(ENGINE)
CALLS: dict[str, tuple[Any, dict[str, Any]]] = {
    "build_archive": (rows.build_archive, {
        "case": CASE, "journal": ROWS, "values": list(VALUES.values()), "refusals": [REFUSAL]}),
    "chain_entries": (rows.chain_entries, {
        "entries": ENTRIES, "head": None, "make_salt": lambda: "s"}),
    "describe_case": (rows.describe_case, {"case": OPENED.case, "head": "h", "caller": None}),
    "describe_effects": (rows.describe_effects, {"entries": ENTRIES, "tenant": ""}),
    "describe_refusal": (rows.describe_refusal, {"refused": REFUSED}),
    "digest_body": (rows.digest_body, {"event": "take", "payload": {}, "actor": None}),
    "erase_archive": (rows.erase_archive, {"document": ARCHIVE}),
    "find_faults": (rows.find_faults, {"case": CASE, "rows": ROWS, "values": VALUES}),
    "read_entry": (rows.read_entry, {"row": JOURNAL_ROW, "values": VALUES_ROW}),
    "read_key": (rows.read_key, {"value": "k"}),
    "read_refusal": (rows.read_refusal, {"row": REFUSAL}),
    "restore_case": (rows.restore_case, {"row": CASE, "packs": Packs(PACK)}),
    "verify_archive": (rows.verify_archive, {"document": ARCHIVE, "head": CASE.head}),
    "guard_status": (sql_guard.guard_status, {
        "workflow": WORKFLOW, "table": "t", "column": "c", "statuses": {"open": "o"},
        "every": False, "schema": None}),
    "find_moves": (sql_guard.find_moves, {
        "workflow": WORKFLOW, "statuses": {"open": "o"}, "every": True}),
    "sql_guard.read_refusal": (sql_guard.read_refusal, {"problem": ValueError()}),
    "bring_case": (testing.bring_case, {
        "workflow": WORKFLOW, "state": "open", "facts": FACTS, "at": BEGUN, "id": "T"}),
    "build_facts": (testing.build_facts, {
        "kind": WORKFLOW.facts, "given": FACTS, "whole": False}),
    "FrozenClock": (testing.FrozenClock, {"now": BEGUN}),
    "assert_accepted": (testing.assert_accepted, {
        "outcome": OPENED, "to": "open", "language": "en"}),
    "assert_refused": (testing.assert_refused, {
        "outcome": REFUSED, "kind": None, "cites": None, "language": "en"}),
    "assert_state": (testing.assert_state, {"case": OPENED.case, "state": "open"}),
    "assert_due": (testing.assert_due, {
        "case": OPENED.case, "clock": "solving", "at": BEGUN, "language": "en"}),
    "assert_decides": (testing.assert_decides, {"decision": 5, "language": "en"}),
    "CaseStore": (make_store, {
        "metadata": MetaData(), "packs": PACK, "clock": lambda: BEGUN, "prefix": "r_",
        "schema": None, "tenant": "", "observe": None, "timer": None}),
    "Tables": (sqlalchemy.Tables, {"metadata": MetaData(), "prefix": "x_", "schema": None}),
    "Worker": (Worker, {
        "store": STORE, "sessions": SESSIONS, "clock": None, "page": 9,
        "lease": timedelta(1), "attempts": 2}),
    "prepare": (prepare, {"engine": ENGINE}),
    "retrying": (lambda **given: next(sqlalchemy.retrying(**given)), {
        "sessions": SESSIONS, "attempts": 3}),
    "Who": (http.Who, {"actor": "u", "roles": ["agent"]}),
    "answer_problem": (http.answer_problem, {"outcome": REFUSED, "language": "en"}),
    "status_of": (http.status_of, {"outcome": REFUSED}),
    "rules_router": (http.rules_router, {
        "store": STORE, "workflow": "handling", "session": SESSIONS, "who": http.Who,
        "language": "en", "new_id": lambda *_: "x", "also": None}),
}  # fmt: skip
METHODS: dict[str, dict[str, Any]] = {
    "open": {"session": 0, "workflow": "handling", "facts": FACTS, "id": "C", "at": BEGUN,
             "actor": "u", "key": "k"},
    "adopt": {"session": 0, "workflow": "handling", "facts": FACTS, "state": "open", "id": "D",
              "clocks": None, "at": BEGUN, "actor": None},
    "send": {"session": 0, "id": "C-0", "event": "take", "payload": None, "by": "agent",
             "actor": None, "expect": None, "key": "k", "at": BEGUN},
    "tick": {"session": 0, "id": "C-0", "at": BEGUN},
    "get": {"session": 0, "id": "C-0"},
    "journal": {"session": 0, "id": "C-0"},
    "verify_journal": {"session": 0, "id": "C-0"},
    "erase": {"session": 0, "id": "C-0", "actor": None, "at": BEGUN},
    "archive": {"session": 0, "id": "C-0", "at": BEGUN},
    "release": {"session": 0, "id": "C-0"},
    "read_only": {"session": 0},
    "migrate": {"sessions": SESSIONS, "to": PACK, "page": 5, "actor": None},
    "upgrade": {"connection": 0},
    "check": {"connection": 0},
    "of": {"tenant": "acme", "packs": PACK},
    "take_up": {"packs": PACK},
}  # fmt: skip
WITHOUT_ARGUMENTS = {"now"}
VALUES_OF_THE_LIBRARY = {
    "CaseRow", "EffectRow", "JournalRow", "RefusalRow", "ValuesRow", "Fault", "FaultKind",
    "Observation", "Moves", "LeftBehind", "Swept", "WaitingEffect", "Attempt", "AsyncAttempt",
    "Status", "StatusGuard", "StatusMoves", "Dialect", "Brought", "Problem",
}  # fmt: skip
"""Only the library makes them."""


FUNCTIONS = {
    "make_salt",
    "sessions",
    "session",
    "who",
    "new_id",
    "also",
    "clock",
    "observe",
    "timer",
}
"""Arguments that may be functions; what one of the host raises is its own."""


def try_each(call: Any, argument: str) -> None:
    """Give each strange value for an argument: nothing comes out but an error with words."""
    for value in STRANGE:
        if argument in FUNCTIONS and callable(value):
            continue
        problem: TelecomRulesError | None = None
        with suppress(AssertionError):
            try:
                call(value)
            except TelecomRulesError as caught:
                problem = caught
        if problem is not None:
            assert problem.wording.zh, (argument, type(value))
            assert len(str(problem)) < 900, (argument, type(value))


@pytest.mark.parametrize("name", CALLS)
def test_a_function_takes_an_argument_with_sense_or_says_what_is_wrong(name):
    call, given = CALLS[name]
    for argument in given:
        try_each(lambda value, it=argument: call(**{**given, it: value}), argument)


@pytest.mark.parametrize("name", METHODS)
def test_a_call_of_the_store_takes_an_argument_with_sense_or_says_what_is_wrong(name):
    method, given = getattr(make_store(), name), METHODS[name]

    def call(argument: str, value: Any) -> None:
        if "session" not in given:
            method(**{**given, argument: value})
            return
        with SESSIONS() as session:  # never committed
            STORE.open(session, "handling", FACTS, id="C-0")
            method(**{**given, "session": session, argument: value})

    for argument in given:
        try_each(lambda value, it=argument: call(it, value), argument)


def test_every_public_function_is_tried_with_every_argument():
    for room in (rows, sql_guard, testing, sqlalchemy, http):
        for name in room.__all__:
            thing = getattr(room, name)
            key = "sql_guard.read_refusal" if (room, name) == (sql_guard, "read_refusal") else name
            if not callable(thing) or name in VALUES_OF_THE_LIBRARY | {"aretrying"}:
                continue
            if inspect.isclass(thing) and issubclass(thing, Exception):
                continue
            arguments = {
                each.name
                for each in inspect.signature(thing).parameters.values()
                if each.kind is not each.VAR_KEYWORD
            }
            assert set(CALLS[key][1]) == arguments, key
    for name, method in inspect.getmembers(CaseStore, inspect.isfunction):
        public = not name.startswith("_") and name not in WITHOUT_ARGUMENTS
        if public and not inspect.iscoroutinefunction(method):
            assert set(METHODS[name]) == set(inspect.signature(method).parameters) - {"self"}, name


@pytest.mark.parametrize(
    ("argument", "value", "says"),
    [
        ("metadata", None, "`Base.metadata`"),
        ("packs", "x", "Packs"),
        ("clock", BEGUN, "`lambda: datetime.now(timezone.utc)`"),
        ("prefix", 3, "text"),
        ("schema", "", "schema"),
        ("observe", "x", "function"),
        ("timer", 5, "function"),
    ],
)
def test_a_store_says_at_once_what_is_to_be_given(argument, value, says):
    with pytest.raises(ArgumentError) as caught:
        make_store(**{argument: value})
    assert (caught.value.argument, says in str(caught.value)) == (argument, True)


@pytest.mark.parametrize("argument", ["store", "session", "who", "new_id", "also"])
def test_a_router_says_at_once_what_is_to_be_given(argument):
    given = {**CALLS["rules_router"][1], argument: 5}
    with pytest.raises(ArgumentError) as caught:
        http.rules_router(**given)
    assert caught.value.argument == argument


def test_a_table_of_the_host_by_the_same_name_is_told():
    from sqlalchemy import Column, Integer, Table  # noqa: PLC0415 - only here

    metadata = MetaData()
    Table("rules_case", metadata, Column("id", Integer, primary_key=True))
    with pytest.raises(ArgumentError, match="`rules_case`"):
        make_store(metadata=metadata)
    assert make_store(metadata=metadata, prefix="other_").cases.name == "other_case"


def test_a_session_of_a_thread_is_one_and_one_for_async_is_told():
    sessions = scoped_session(SESSIONS)
    STORE.open(sessions, "handling", FACTS, id="S-1")
    refused = STORE.send(sessions, "S-1", "solve")
    sessions.commit()
    assert STORE.journal(sessions, "S-1")[1:] == (refused.entry,)
    sessions.remove()
    with SESSIONS() as other:  # whose refusals are its own
        STORE.get(other, "S-1")
    for wrong in (None, ENGINE, SESSIONS):
        with pytest.raises(ArgumentError, match="`session`"):
            STORE.get(wrong, "S-1")
    with pytest.raises(ArgumentError, match="`sessions`"):
        list(islice(sqlalchemy.retrying(dict), 1))


def test_the_session_of_a_thread_locks_no_rows_after_a_lost_race():
    sessions = scoped_session(SESSIONS)
    locks = []
    for attempt in sqlalchemy.retrying(sessions, attempts=3):
        with attempt as session:
            locks.append(session.info[LOCK])
            if len(locks) < 2:
                raise sqlalchemy.Conflict("S-2")
    assert locks == [False, True]
    assert not sessions().info[LOCK]
    sessions.remove()


@pytest.mark.parametrize("wrong", [5, None, lambda: 5])
def test_a_worker_says_what_its_sessions_are_to_make(wrong):
    with pytest.raises(ArgumentError, match="`sessions`"):
        Worker(STORE, wrong).run_once()


@pytest.mark.parametrize("seconds", [-1, float("nan"), "x", None, 1e9])
def test_a_worker_waits_for_seconds(seconds):
    with pytest.raises(ArgumentError, match="`seconds`"):
        Worker(STORE, SESSIONS).run(seconds)


@pytest.mark.parametrize(("given", "roles"), [("agent", ("agent",)), (["a", "b"], ("a", "b"))])
def test_roles_of_a_request_are_names_and_not_letters(given, roles):
    assert http.Who("u", given).roles == roles


@pytest.mark.parametrize("roles", [None, 3, [1], b"x", {"a": 1}])
def test_roles_that_are_none_are_told_where_they_are_given(roles):
    with pytest.raises(ArgumentError, match="`roles`"):
        http.Who("u", roles)
