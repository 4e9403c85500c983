"""Whatever somebody else has written into a row or a hook returns: it is told, the others go on."""

from __future__ import annotations

from io import StringIO
from itertools import count
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from helpdesk.models import Ticket

from telecom_rules.adapters.django import (
    acting_as,
    lazy_say,
    load_cases,
    read_sent,
    register,
    rules_of,
    say,
    send_each,
    set_status_of_each,
)
from telecom_rules.adapters.django.signals import effect
from telecom_rules.adapters.django.store import sweep
from telecom_rules.adapters.rows import CaseExists, UnreadableCase
from telecom_rules.errors import ArgumentError, JournalError, TelecomRulesError
from tests.adapters.django.hosts.models import Order
from tests.project.test_arguments import ODD

BAD = ["''", "'x'", "-1", "x'ff'", "'9999-99-99'", f"'{'[' * 50_000}'"]


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_instant_that_is_none_is_put_right_by_the_next_round(clock):
    for code in ("A", "B", "C"):
        Order.objects.create(code=code)
    change("UPDATE telecom_rules_storedcase SET next_due = '' WHERE id = 'hosts.order-A'")
    change("UPDATE telecom_rules_storedcase SET next_due = 'x' WHERE id = 'hosts.order-B'")
    clock.advance(days=60)
    swept = sweep()
    assert (swept.ticked, swept.poisoned) == (3, ())


@pytest.mark.parametrize("column", ["at", "snapshot"])
def test_a_round_of_the_clocks_sets_bad_cases_aside_and_does_the_rest(clock, column):
    codes = [f"C{number}" for number in range(len(BAD))]
    for code in (*codes, "good"):
        Order.objects.create(code=code)
    for code, value in zip(codes, BAD, strict=True):
        change(
            f"UPDATE telecom_rules_storedcase SET {column} = {value}"
            f" WHERE id = 'hosts.order-{code}'"
        )
    clock.advance(days=60)
    swept = sweep()
    assert sorted(id for id, _ in swept.poisoned) == [f"hosts.order-{code}" for code in codes]
    assert swept.ticked == 1
    for code in codes:
        for ask in (
            lambda row: row.rules.case,
            lambda row: row.rules.allowed(),
            lambda row: row.rules.send("late"),
        ):
            with pytest.raises(UnreadableCase):
                ask(Order.objects.get(code=code))


@pytest.mark.parametrize("value", ["''", "'['", f"'{'[' * 50_000}'"])
@pytest.mark.parametrize("column", ["payload", "at"])
def test_an_effect_that_cannot_be_read_is_told_and_the_others_are_done(clock, column, value):
    done = []

    def take(sender, key, **_):
        done.append(key)

    for code in ("A", "B"):
        Order.objects.create(code=code)
    clock.advance(days=60)
    sweep()
    change(
        f"UPDATE telecom_rules_storedeffect SET {column} = {value}"
        " WHERE key = (SELECT min(key) FROM telecom_rules_storedeffect)"
    )
    effect.connect(take)
    try:
        swept, out = sweep(), StringIO()
        call_command("rules_due", stdout=out, stderr=out)
    finally:
        effect.disconnect(take)
    assert (swept.delivered, len(swept.failed)) == (len(done), 1)
    assert done
    assert "is not done" in out.getvalue()


@pytest.mark.parametrize("held", ["null", "[]", "[" * 50_000])
def test_values_that_are_no_object_are_a_journal_error(held):
    row = Order.objects.create(code="A")
    change(f"UPDATE telecom_rules_entryvalues SET held = '{held}'")
    with pytest.raises(JournalError):
        row.rules.journal()
    assert [str(each.kind) for each in row.rules.verify_journal()] == ["values"]


@pytest.mark.parametrize("column", ["at", "seal", "entry"])
def test_a_bad_column_of_a_journal_is_found_or_told(column):
    row = Order.objects.create(code="A")
    for value in BAD:
        change(f"UPDATE telecom_rules_journalentry SET {column} = {value}")
        try:
            faults = row.rules.verify_journal()
        except UnreadableCase:
            continue  # the database itself cannot give the value
        assert faults


NOT_ROLES = [None, 3, [1], b"x"]


@pytest.mark.parametrize("roles", NOT_ROLES)
def test_a_hook_that_returns_no_roles_is_told(monkeypatch, roles):
    row = Order.objects.create(code="A")
    monkeypatch.setattr(type(row.rules.guard), "roles", lambda *_: roles)
    with pytest.raises(ArgumentError, match="`roles`"):
        row.rules.allowed()


@pytest.mark.parametrize("hook", ["facts", "adopt"])
@pytest.mark.parametrize("returned", [None, 3, "x", []])
def test_a_hook_that_returns_no_object_is_told(monkeypatch, hook, returned):
    (row,) = Order.objects.bulk_create([Order(code="A")])  # before there were rules
    monkeypatch.setattr(type(row.rules.guard), hook, lambda *_: returned)
    with pytest.raises(ArgumentError, match=f"`{hook}`"):
        row.rules.adopt()


def act(actor: object, *roles: object) -> None:
    with acting_as(actor, *roles):  # type: ignore[arg-type]
        pass


def request_of(body: bytes) -> SimpleNamespace:
    return SimpleNamespace(content_type="application/json", body=body)


def test_a_row_that_has_a_case_is_not_taken_up_again():
    with pytest.raises(CaseExists):
        make_order().rules.adopt()


CODES = count()


def make_order() -> Order:
    return Order.objects.create(code=f"C{next(CODES)}")


def make_old_order() -> Order:
    """One from before there were rules."""
    code = make_order().code + "-old"
    Order.objects.bulk_create([Order(code=code)])
    return Order.objects.get(code=code)


CALLS = {
    "say": say,
    "lazy_say": lambda value: str(lazy_say(value)),
    "read_sent": read_sent,
    "acting_as": act,
    "acting_as roles": lambda value: act("u", value),
    "rules_of": rules_of,
    "load_cases": load_cases,
    "send_each": lambda value: send_each(value, "late"),
    "send_each row": lambda value: send_each([value], "late"),
    "set_status_of_each": lambda value: set_status_of_each(value, 1),
    "register": register,
    "register guard": register(Ticket),
    "allowed user": lambda value: make_order().rules.allowed(value),  # noqa: PLW0108 - a new one each time
    "allowed at": lambda value: make_order().rules.allowed(at=value),
    "send event": lambda value: make_order().rules.send(value),  # noqa: PLW0108 - a new one each time
    "send payload": lambda value: make_order().rules.send("late", value),
    "send user": lambda value: make_order().rules.send("late", user=value),
    "adopt actor": lambda value: make_old_order().rules.adopt(actor=value),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_argument_is_taken_with_sense_or_a_typed_error_says_what_is_wrong(name):
    for value in [*ODD, None, "", "x", "\ud800", {"x": object()}, [None]]:
        if name == "register guard" and value is type:
            continue
        try:
            CALLS[name](value)
        except (TelecomRulesError, LookupError) as problem:
            told = str(problem)
            assert told


def test_a_body_that_is_nested_too_deeply_carries_nothing():
    assert read_sent(request_of(b"[" * 100_000)) == {}  # type: ignore[arg-type]
    assert read_sent(request_of(b'{"a": 1}')) == {"a": 1}  # type: ignore[arg-type]
