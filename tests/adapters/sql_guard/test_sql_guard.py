"""Triggers stop each change of a status that no event can cause, and no other one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from enum import IntEnum, StrEnum
from itertools import product

import psycopg
import pytest

from telecom_rules import scenarios
from telecom_rules.adapters.sql_guard import find_moves, guard_status, read_refusal
from telecom_rules.errors import ArgumentError, UnknownName
from telecom_rules.scenarios import WorkflowScenario
from telecom_rules.testing import START
from telecom_rules.workflows import Case, Refused
from tests.shipped import RULES, shipped
from tests.workflows.house import PARALLEL, made

MAPPED = [
    (name, vocabulary)
    for name, workflow in shipped().workflows.items()
    for vocabulary in sorted({word for state in workflow.states.values() for word in state.maps})
]
PLAIN = ("ticket", "status")
COMPLAINTS = shipped().workflows["complaint_handling"]
HOSTILE = [
    ('ta"ble', "co'lumn"),
    ("table; DROP TABLE ticket; --", "select"),
    ("工单", "状态"),
    ("%s", "%(x)s"),
    (":name", "a b\tc\nd"),
    ("$rules0$", "$$"),
    ("back\\slash", "\\'"),
    ("x" * 60, "y" * 60),
    ("order", '"'),
    ("Ticket", "Status"),
]
ODD_TEXTS = [
    "it's",
    'say "so"',
    "back\\slash",
    "$rules0$",
    "中文；--",
    "%s :x",
    "",
    "Closed",
    "closed",
]


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class SQLite:
    dialect = "sqlite"

    def __init__(self, connection):
        self.connection = connection

    def run(self, statement, values=()):
        return self.connection.execute(statement, values).fetchall()

    def is_refused(self, statement, values):
        """Return the message if the database refuses a change; undo it if it does not."""
        self.connection.execute("SAVEPOINT attempt")
        try:
            self.run(statement, values)
        except sqlite3.IntegrityError as problem:
            return str(problem)
        else:
            return None
        finally:
            self.connection.execute("ROLLBACK TO attempt")
            self.connection.execute("RELEASE attempt")  # thousands within one another get dear

    mark = "?"


class PostgreSQL:
    dialect = "postgresql"

    def __init__(self, connection):
        self.connection = connection

    def run(self, statement, values=None):
        cursor = self.connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def is_refused(self, statement, values):
        try:
            with self.connection.transaction(force_rollback=True):
                self.run(statement, values)
        except psycopg.errors.CheckViolation as problem:
            return problem.diag.message_primary
        return None

    mark = "%s"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    if request.param == "sqlite":
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            yield SQLite(connection)
        return
    server = request.getfixturevalue("postgresql")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA room")
        connection.execute("SET search_path TO room")
        yield PostgreSQL(connection)
        connection.execute("DROP SCHEMA room CASCADE")


def install(database, guard, rows, kind="text"):
    """Make a table with a row for each status of `rows`, then put the guard in place."""
    table, column = quote(guard.table), quote(guard.column)
    database.run(f"CREATE TABLE {table} (id integer PRIMARY KEY, {column} {kind}, note text)")
    for id, status in enumerate(rows):
        insert(database, guard, id, status)
    for statement in guard.create(database.dialect):
        database.run(statement)


def insert(database, guard, id, status):
    named = quote(guard.table), quote(guard.column)
    # A percent sign of a name is doubled for the driver alone, which looks for its marks.
    if database.dialect == "postgresql":
        named = tuple(each.replace("%", "%%") for each in named)
    marks = f"{database.mark}, {database.mark}"
    database.run(f"INSERT INTO {named[0]} (id, {named[1]}) VALUES ({marks})", (id, status))


def refusal_of_change(database, guard, id, status):
    named = quote(guard.table), quote(guard.column)
    if database.dialect == "postgresql":
        named = tuple(each.replace("%", "%%") for each in named)
    statement = f"UPDATE {named[0]} SET {named[1]} = {database.mark} WHERE id = {database.mark}"
    return database.is_refused(statement, (status, id))


def refusal_of_row(database, guard, status):
    named = quote(guard.table), quote(guard.column)
    if database.dialect == "postgresql":
        named = tuple(each.replace("%", "%%") for each in named)
    statement = f"INSERT INTO {named[0]} (id, {named[1]}) VALUES (99999, {database.mark})"
    return database.is_refused(statement, (status,))


def check_every_pair(database, guard, others=("of no case",), kind="text"):
    statuses = [*guard.moves.statuses, *others]
    install(database, guard, statuses, kind)
    for (id, old), new in product(enumerate(statuses), statuses):
        refused = refusal_of_change(database, guard, id, new)
        allowed = old == new or (old, new) in guard.moves.pairs
        assert (refused is None) == allowed, (guard.workflow.name, old, new, refused)
        if refused is not None:
            assert guard.workflow.name in refused
    for status in statuses:
        refused = refusal_of_row(database, guard, status)
        assert (refused is None) == (status in guard.moves.initial), (status, refused)


@pytest.mark.parametrize(("name", "vocabulary"), MAPPED)
def test_every_change_of_a_shipped_workflow_is_allowed_or_refused(database, name, vocabulary):
    workflow = shipped().workflows[name]
    check_every_pair(database, guard_status(workflow, **named(PLAIN), statuses=vocabulary))


def named(pair):
    return {"table": pair[0], "column": pair[1]}


def test_every_change_between_states_of_every_shipped_workflow():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    database = SQLite(connection)
    for name, workflow in shipped().workflows.items():
        statuses = {state: state for state in workflow.states}
        guard = guard_status(workflow, table=name, column="status", statuses=statuses)
        check_every_pair(database, guard)
    connection.close()


@pytest.mark.parametrize("names", HOSTILE)
def test_names_with_any_characters_are_quoted(database, names):
    guard = guard_status(DOOR, **named(names), statuses=DOOR_STATUSES)
    check_every_pair(database, guard)
    for statement in (*guard.drop(database.dialect), *guard.drop(database.dialect)):
        database.run(statement)
    assert refusal_of_change(database, guard, 0, "of no case") is None


def test_statuses_with_any_characters_are_quoted(database):
    pairs = zip(["ajar", "shut", "locked"], ODD_TEXTS, strict=False)
    for at in range(0, len(ODD_TEXTS), 3):
        pairs = zip(["ajar", "shut", "locked"], ODD_TEXTS[at : at + 3], strict=True)
        guard = guard_status(DOOR, table=f"t{at}", column="status", statuses=dict(pairs))
        check_every_pair(database, guard, others=["CLOSED"])


def test_statuses_may_be_whole_numbers(database):
    statuses = {"ajar": 1, "shut": 2, "locked": 5}
    guard = guard_status(DOOR, **named(PLAIN), statuses=statuses)
    check_every_pair(database, guard, others=[4, None], kind="integer")


@pytest.mark.parametrize(
    "members",
    [
        StrEnum("Words", {"AJAR": "1", "SHUT": "2"}),
        IntEnum("Numbers", {"AJAR": 1, "SHUT": 2}),
    ],
)
def test_statuses_may_be_members_of_an_enumeration_of_the_host(members):
    named_by = {"ajar": members.AJAR, "shut": members.SHUT}
    plain = {state: each.value for state, each in named_by.items()}
    assert repr(find_moves(DOOR, named_by)) == repr(find_moves(DOOR, plain))


def test_a_wrong_status_is_told_with_its_state():
    with pytest.raises(ArgumentError, match=r"the status of `ajar`: .*found \(float\)"):
        find_moves(DOOR, {"ajar": 0.5})


def test_a_refusal_is_read_from_the_error_of_the_driver_in_both_languages(database):
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES)
    install(database, guard, ["locked"])
    told = refusal_of_change(database, guard, 0, "ajar")
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.CheckViolation)) as caught:
        database.run("UPDATE ticket SET status = 'ajar'")
    why = read_refusal(caught.value)
    assert f"{why.zh} / {why.en}" == told
    assert why.zh.startswith("流程“")
    assert why.en.startswith("the workflow “")
    for other in (ValueError("locked"), KeyError("the workflow"), None, ""):
        assert read_refusal(other) is None


def test_an_error_that_cannot_be_told_is_none_of_ours():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    assert read_refusal(Mute()) is None


def test_statuses_may_be_booleans(database):
    statuses = {"ajar": True, "shut": False, "locked": False}
    guard = guard_status(DOOR, **named(PLAIN), statuses=statuses)
    check_every_pair(database, guard, others=[None], kind="boolean")


def test_a_column_of_an_enumeration_is_guarded(postgresql):
    with psycopg.connect(postgresql) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('ajar', 'shut', 'locked')")
        connection.execute("CREATE TABLE door (id integer, mood mood DEFAULT 'shut')")
        guard = guard_status(DOOR, table="door", column="mood", statuses=DOOR_STATUSES)
        for statement in guard.create("postgresql"):
            connection.execute(statement)
        connection.execute("INSERT INTO door (id) VALUES (1)")
        connection.execute("UPDATE door SET mood = 'locked'")
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            connection.execute("UPDATE door SET mood = 'ajar'")
        assert caught.value.diag.message_detail == "locked -> ajar"
        assert caught.value.diag.table_name == "door"


def test_another_guard_of_the_same_column_takes_the_place_of_the_first(database):
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES)
    install(database, guard, guard.moves.statuses)
    again = guard_status(
        shipped().workflows["complaint_handling"], **named(PLAIN), statuses="tmf621"
    )
    for statement in (*again.create(database.dialect), *again.create(database.dialect)):
        database.run(statement)
    assert "complaint_handling" in refusal_of_row(database, again, "shut")
    assert refusal_of_row(database, again, "acknowledged") is None


def test_an_update_of_other_columns_passes_and_so_does_an_upsert_that_changes_nothing(database):
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES)
    install(database, guard, ["locked"])
    database.run("UPDATE ticket SET note = 'oiled'")
    database.run(
        "INSERT INTO ticket (id, status) VALUES (0, 'locked')"
        " ON CONFLICT (id) DO UPDATE SET status = excluded.status, note = 'again'"
    )
    assert database.run("SELECT status, note FROM ticket") == [("locked", "again")]


def test_one_wrong_row_undoes_the_whole_statement(database):
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES)
    install(database, guard, ["shut", "locked"])
    assert database.is_refused("UPDATE ticket SET status = 'ajar'", ()) is not None
    assert database.run("SELECT status FROM ticket ORDER BY id") == [("shut",), ("locked",)]


def test_the_message_names_workflow_clause_and_what_is_allowed_in_both_languages(database):
    workflow = shipped().workflows["complaint_handling"]
    guard = guard_status(workflow, **named(PLAIN), statuses="tmf621")
    install(database, guard, ["resolved"])
    assert refusal_of_change(database, guard, 0, "acknowledged") == (
        "流程“客户投诉处理”（`complaint_handling`，《电信业务管理与客户服务规范书》7.1、4.2A(2)、11.3）不允许此变更："
        "状态 `resolved` 之后只能是 `inProgress`、`closed`、`cancelled`或空值 / "
        "the workflow “Customer complaint handling” (`complaint_handling`; Specification of telecom"
        " business management and customer service, 7.1, 4.2A(2), 11.3) does not allow this change:"
        " after the status `resolved` comes only `inProgress`, `closed`, `cancelled` or NULL"
    )


DOOR = made(
    """
workflow: door
version: 1.0.0
title: {zh: 门, en: Door}
facts: complaint
events:
  open: {title: {zh: 开, en: Open}}
  close: {title: {zh: 关, en: Close}}
  lock: {title: {zh: 锁, en: Lock}}
  unlock: {title: {zh: 解锁, en: Unlock}}
initial: shut
states:
  ajar: {title: {zh: 开着, en: Ajar}, on: {close: {target: shut}}}
  shut: {title: {zh: 关着, en: Shut}, on: {open: {target: ajar}, lock: {target: locked}}}
  locked: {title: {zh: 锁着, en: Locked}, on: {unlock: {target: shut}}}
"""
)
BOTH = made(PARALLEL)
DOOR_STATUSES = {"ajar": "ajar", "shut": "shut", "locked": "locked"}
LATE = made(
    """
workflow: late
version: 1.0.0
title: {zh: 迟, en: Late}
facts: complaint
events:
  over: {title: {zh: 届满, en: Over}}
  over_again: {title: {zh: 再届满, en: Over again}}
  finish: {title: {zh: 完, en: Finish}}
clocks:
  first: {title: {zh: 一, en: First}, from: waiting, until: late, limit: 1 days, on_expiry: over}
  second:
    title: {zh: 二, en: Second}
    from: late
    until: later
    limit: 1 days
    on_expiry: over_again
initial: waiting
states:
  waiting: {title: {zh: 等, en: Waiting}, on: {over: {target: late}}}
  late: {title: {zh: 迟, en: Late}, on: {over_again: {target: later}}}
  later: {title: {zh: 更迟, en: Later}, on: {finish: {target: done}}}
  done: {title: {zh: 完, en: Done}, type: final}
"""
)


def test_an_event_that_finds_clocks_ended_may_skip_the_states_between():
    moves = find_moves(LATE, {"waiting": "w", "late": "l", "later": "m", "done": "d"})
    assert moves.pairs == {
        ("w", "l"), ("w", "m"), ("w", "d"), ("l", "m"), ("l", "d"), ("m", "d"),
    }  # fmt: skip
    # So may the row of a case that was opened late.
    assert moves.initial == ("w", "l", "m")


def test_a_case_without_a_status_leaves_the_column_or_empties_it():
    moves = find_moves(DOOR, {"ajar": "open", "locked": "locked"})
    assert moves.initial == ("open", "locked", None)
    assert moves.pairs == {
        (None, "open"), ("open", None), (None, "locked"), ("locked", None),
        ("open", "locked"), ("locked", "open"),
    }  # fmt: skip


def test_states_with_one_status_need_no_change():
    moves = find_moves(DOOR, {"ajar": "usable", "shut": "usable", "locked": "locked"})
    assert moves.pairs == {("usable", "locked"), ("locked", "usable")}


def test_a_state_may_have_several_statuses_and_a_row_any_of_them():
    moves = find_moves(DOOR, {"ajar": ["open", "wide"], "shut": "shut", "locked": "locked"})
    assert moves.initial == ("shut",)
    assert moves.pairs == {
        ("open", "wide"), ("wide", "open"), ("open", "shut"), ("wide", "shut"),
        ("shut", "open"), ("shut", "wide"), ("shut", "locked"), ("locked", "shut"),
    }  # fmt: skip


def test_of_parallel_states_the_first_counts_unless_they_have_a_status_together():
    apart = {"left_1": "a", "left_2": "b", "right_1": "c", "right_2": "d"}
    assert find_moves(BOTH, apart).pairs == {("a", "b")}
    moves = find_moves(BOTH, {**apart, "right_2+left_2": "done", "left_1+right_2": ["half"]})
    assert moves.initial == ("a",)
    assert moves.pairs == {("a", "b"), ("a", "half"), ("b", "done"), ("half", "done")}
    assert find_moves(BOTH, {"both": "x", "both+left_2": "y"}).pairs == {("x", "y")}


def test_no_change_that_a_scenario_makes_is_refused(monkeypatch):
    seen = {}

    def watch(method):
        def watched(case, *arguments, **named):
            outcome = method(case, *arguments, **named)
            if isinstance(outcome, Refused):
                return outcome
            seen.setdefault(case.workflow.name, set()).add((case.state, outcome.case.state))
            return outcome

        return watched

    monkeypatch.setattr(Case, "send", watch(Case.send))
    for name in "tick", "returned":
        monkeypatch.setattr(Case, name, watch(getattr(Case, name)))
    reading = scenarios.read(RULES, shipped())
    chosen = [each for each in reading.scenarios if isinstance(each, WorkflowScenario)]
    assert all(each.passed for each in scenarios.run(chosen, shipped()))
    for name, pairs in seen.items():
        workflow = shipped().workflows[name]
        moves = find_moves(workflow, {state: state for state in workflow.states})
        made_by_engine = {(old, new) for old, new in pairs if old != new and "+" not in old + new}
        assert made_by_engine <= moves.pairs, name
    assert len(seen) == len(shipped().workflows)


@pytest.mark.parametrize(
    ("change", "error", "argument"),
    [
        ({"statuses": {"open": "x"}}, UnknownName, None),
        ({"statuses": "tmf999"}, ArgumentError, "statuses"),
        ({"statuses": {}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": 1, "shut": "x"}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": True, "shut": 0}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": 1.5}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": []}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": ["x", 1]}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": [["x"]]}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": None}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar": "a\0"}}, ArgumentError, "statuses"),
        ({"statuses": 5}, ArgumentError, "statuses"),
        ({"statuses": {"ajar+shut": "x"}}, ArgumentError, "statuses"),
        ({"statuses": {"ajar+": "x"}}, UnknownName, None),
        ({"table": ""}, ArgumentError, "table"),
        ({"column": "a\0b"}, ArgumentError, "column"),
        ({"schema": 5}, ArgumentError, "schema"),
        ({"workflow": "door"}, ArgumentError, "workflow"),
    ],
)
def test_what_cannot_be_guarded_is_a_typed_error(change, error, argument):
    given = {"workflow": DOOR, "table": "t", "column": "c", "statuses": DOOR_STATUSES, **change}
    with pytest.raises(error) as caught:
        guard_status(given.pop("workflow"), **given)
    assert argument is None or caught.value.argument == argument


@pytest.mark.parametrize("workflow", ["door", None, object()])
def test_moves_of_what_is_not_a_workflow_are_a_typed_error(workflow):
    with pytest.raises(ArgumentError) as caught:
        find_moves(workflow, DOOR_STATUSES)
    assert caught.value.argument == "workflow"


def test_another_database_is_a_typed_error():
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES)
    for dialect in "mysql", None, 5, "SQLite":
        for call in guard.create, guard.drop:
            with pytest.raises(ArgumentError, match='expected "sqlite" or "postgresql"'):
                call(dialect)


def test_a_table_in_a_schema_is_guarded_there(database):
    schema = "main" if database.dialect == "sqlite" else "room"
    guard = guard_status(DOOR, **named(PLAIN), statuses=DOOR_STATUSES, schema=schema)
    if database.dialect == "postgresql":
        database.run("CREATE TABLE room.ticket (id integer, status text)")
        database.run("SET search_path TO public")
    else:
        database.run("CREATE TABLE ticket (id integer, status text)")
    for statement in (*guard.create(database.dialect), *guard.create(database.dialect)):
        database.run(statement)
    table = f"{schema}.ticket"
    assert database.is_refused(f"INSERT INTO {table} VALUES (1, 'ajar')", ())
    assert database.is_refused(f"INSERT INTO {table} VALUES (1, 'shut')", ()) is None


def test_every_status_of_a_case_may_be_written_where_every_one_counts():
    workflow = shipped().workflows["quality_monitoring"]
    case = workflow.start({}, at=START, id="Q-1")
    first, second = case.state.split("+")
    around = workflow.states[first].path[-2]
    statuses = {name: name for name in (first, second, around)}
    alone = find_moves(workflow, statuses)
    assert first in alone.initial
    assert second not in alone.initial
    moves = find_moves(workflow, statuses, every=True)
    assert {first, second, around} <= {*moves.initial}
    assert (first, second) in moves.pairs
    assert alone.pairs <= moves.pairs


@pytest.mark.parametrize("key", [None, 1, b"x", object(), "\ud800", "none+open"])
def test_a_name_of_no_state_is_told_whatever_it_is(key):
    with pytest.raises(UnknownName):
        guard_status(COMPLAINTS, table="t", column="s", statuses={key: 1})


@pytest.mark.parametrize("text", ["\ud800", "a\0b"])
def test_a_text_that_no_database_takes_is_told_at_once(text):
    state = next(iter(COMPLAINTS.states))
    for given in ({"table": text}, {"column": text}, {"schema": text}, {"statuses": {state: text}}):
        with pytest.raises(ArgumentError):
            guard_status(**{"workflow": COMPLAINTS, "table": "t", "column": "s",
                            "statuses": {state: "x"}, **given})  # fmt: skip


@pytest.mark.parametrize("status", [[], {}, object(), 1.5])
def test_nothing_comes_after_what_is_no_status(status):
    state = next(iter(COMPLAINTS.states))
    guard = guard_status(COMPLAINTS, table="t", column="s", statuses={state: "x"})
    assert guard.moves.after(status) == ()
