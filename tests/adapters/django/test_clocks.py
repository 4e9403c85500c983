"""Clocks, effects, called cases, older packs: what happens without anybody saving a row."""

from __future__ import annotations

import json
from io import StringIO
from shutil import copytree
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from helpdesk.models import Ticket

from telecom_rules.adapters.django import acting_as
from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.management.commands.rules_trigger import build_triggers
from telecom_rules.adapters.django.models import StoredCase, StoredEffect
from telecom_rules.adapters.django.settings import load_packs
from telecom_rules.adapters.django.signals import effect
from telecom_rules.adapters.django.statuses import Statuses
from telecom_rules.adapters.django.store import add_case, change_case, restore, sweep
from telecom_rules.adapters.rows import Conflict
from telecom_rules.errors import ArgumentError, PackNotFound
from tests.adapters.django.conftest import HELPDESK, STARTED, bring
from tests.adapters.django.hosts.models import Order


def run(name: str, *arguments: str, **options: object) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_what_is_due_is_recorded_and_moves_the_row(ticket, clock):
    bring(ticket, "answered")
    clock.advance(days=60)
    assert "cases ticked: 1," in run("rules_due")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.rules.case.state) == (4, "closed")
    assert "cases ticked: 0," in run("rules_due")


def test_a_damaged_case_keeps_no_other_from_being_ticked(clock):
    for code in ("A", "B", "C"):
        Order.objects.create(code=code)
    StoredCase.objects.filter(pk="hosts.order-A").update(snapshot="{")
    clock.advance(days=30)
    swept = sweep()
    assert swept.ticked == 2
    assert [id for id, _ in swept.poisoned] == ["hosts.order-A"]
    assert "cannot be read" in StoredCase.objects.get(pk="hosts.order-A").problem
    assert sweep().poisoned == ()


def test_no_case_is_blamed_for_the_clock_or_the_packs_of_the_host(clock, monkeypatch, settings_of):
    def fail():
        raise ConnectionError

    Order.objects.create(code="A")
    clock.advance(days=30)
    with pytest.raises(ArgumentError, match="expected a datetime"):
        sweep(at="2026-03-02")
    with monkeypatch.context() as failing, pytest.raises(ConnectionError):
        failing.setattr(timezone, "now", fail)
        sweep()
    settings_of(TELECOM_RULES={"PACKS": ["nowhere"]})
    with pytest.raises(PackNotFound):
        sweep()
    settings_of(TELECOM_RULES={})
    naive = timezone.make_naive(clock())
    assert (sweep(at=naive).ticked, StoredCase.objects.get().problem) == (1, "")


def test_a_process_without_memory_sets_no_case_aside(clock, monkeypatch):
    def fail(*_given):
        raise MemoryError

    Order.objects.create(code="A")
    clock.advance(days=30)
    monkeypatch.setattr("telecom_rules.adapters.django.store.restore", fail)
    with pytest.raises(MemoryError):
        sweep()
    assert StoredCase.objects.get().problem == ""


@pytest.fixture
def done():
    """Receive effects; fail as often as is asked for."""
    received: list[tuple[str, str]] = []
    failures = [0]

    def work(sender, key, name, **_given):
        if failures[0]:
            failures[0] -= 1
            raise ConnectionError
        received.append((name, key))

    effect.connect(work, sender=Ticket)
    yield received, failures
    effect.disconnect(work, sender=Ticket)


def test_an_effect_is_done_on_commit_with_a_stable_key_and_again_after_a_failure(
    ticket, done, caplog
):
    received, failures = done
    failures[0] = 1
    bring(ticket, "answered")
    assert received == []
    assert StoredEffect.objects.filter(done_at=None).count() == 1
    assert "effects delivered: 1" in run("rules_due")
    assert received == [("send_result", f"helpdesk.ticket-{ticket.pk}/6/0")]
    assert "effects delivered: 0" in run("rules_due")
    assert caplog.records


def test_effects_wait_until_somebody_receives_them(ticket):
    bring(ticket, "answered")
    assert sweep().delivered == 0
    assert StoredEffect.objects.filter(done_at=None).count() == 1


def test_somebody_who_was_faster_is_a_conflict(ticket):
    stored = ticket.rules.stored
    stale = restore(stored)
    bring(ticket, "recorded")
    with acting_as("agnes", "agent"), pytest.raises(Conflict):
        change_case(stored, stale.send("record", at=stale.at, by="agent"), "default")


DESK = {
    "pack.yaml": """
pack: desk
version: 1.0.0
title: {zh: 服务台, en: Desk}
utc_offset: "+08:00"
require_cites: false
""",
    "matter.yaml": """
facts: matter
title: {zh: 事项, en: Matter}
fields: {cause: {type: "text?", title: {zh: 原因, en: Cause}}}
""",
    "request.yaml": """
workflow: request
version: 1.0.0
title: {zh: 客户请求, en: Request}
facts: matter
events: {report: {title: {zh: 报障, en: Report}}, withdraw: {title: {zh: 撤回, en: Withdraw}}}
initial: received
states:
  received: {title: {zh: 已受理, en: Received}, on: {report: at_repair}}
  at_repair:
    title: {zh: 修复中, en: At repair}
    call: {workflow: repair, with: facts, onDone: {target: answered, assign: event}}
    on: {withdraw: withdrawn}
  answered: {title: {zh: 已答复, en: Answered}, type: final}
  withdrawn: {title: {zh: 已撤回, en: Withdrawn}, type: final}
""",
    "repair.yaml": """
workflow: repair
version: 1.0.0
title: {zh: 修复, en: Repair}
facts: matter
outputs: [cause]
events:
  fix: {title: {zh: 修复, en: Fix}, payload: {cause: text}}
  stop: {title: {zh: 停止, en: Stop}}
initial: open
states:
  open: {title: {zh: 未修复, en: Open}, on: {fix: {target: fixed, assign: event}, stop: stopped}}
  fixed: {title: {zh: 已修复, en: Fixed}, type: final}
  stopped: {title: {zh: 已停止, en: Stopped}, type: final}
""",
}
CALLED = "R-1/at_repair/1"


@pytest.fixture
def reported(tmp_path, settings_of, clock):
    """A case that calls another one."""
    for name, text in DESK.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings_of(TELECOM_RULES={"PACKS": tmp_path})
    add_case(load_packs()["request"].open({}, at=clock(), id="R-1"), "default")
    send("R-1", "report", clock)


def send(id: str, event: str, clock, **payload: str) -> None:
    stored = StoredCase.objects.get(pk=id)
    change_case(stored, restore(stored).send(event, payload, at=clock()), "default")


def state_of(id: str) -> str:
    return StoredCase.objects.get(pk=id).state


def test_a_called_case_is_opened_and_its_result_is_given_back(reported, clock):
    assert state_of(CALLED) == "open"
    send(CALLED, "fix", clock, cause="wet joint")
    assert state_of("R-1") == "answered"
    assert restore(StoredCase.objects.get(pk="R-1")).facts["cause"] == "wet joint"


def test_a_called_case_that_nobody_waits_for_is_stopped(reported, clock):
    send("R-1", "withdraw", clock)
    assert (state_of("R-1"), state_of(CALLED)) == ("withdrawn", "stopped")


def test_what_the_save_of_a_host_raises_sets_one_case_aside(ticket, clock, monkeypatch):
    def fail(*_given, **_named):
        raise ZeroDivisionError("of the host")

    bring(ticket, "answered")
    Order.objects.create(code="A")
    clock.advance(days=60)
    monkeypatch.setattr(Ticket, "save", fail)
    swept = sweep()
    assert (swept.ticked, swept.poisoned) == (1, ((ticket.rules.stored.pk, "of the host"),))
    assert ticket.rules.case.state == "answered"


def test_rows_that_differ_from_their_case_are_found_and_repaired(ticket):
    Ticket.objects.update(status=3)
    out = StringIO()
    with pytest.raises(CommandError, match="1 rows differ"):
        call_command("rules_reconcile", stdout=out)
    assert f"helpdesk.Ticket {ticket.pk}: its status is 3" in out.getvalue()
    run("rules_reconcile", repair=True)
    assert Ticket.objects.get().status == 1
    assert "0 found" in run("rules_reconcile")


def test_a_row_that_a_trigger_keeps_is_named_and_no_other_is_kept_from_repair(queue):
    with acting_as("ann", "customer"):
        for code in "ab":
            Order.objects.create(code=code, text="Late")
    Order.objects.filter(code="a").update(state="done")
    Order.objects.filter(code="b").update(state="work")
    out = StringIO()
    run("rules_trigger", "hosts.Order", apply=True)
    try:
        with pytest.raises(CommandError, match="rows differ"):
            call_command("rules_reconcile", repair=True, stdout=out, stderr=out)
    finally:
        run("rules_trigger", "hosts.Order", remove=True)
    assert "`rules_trigger hosts.Order --remove` before" in out.getvalue()
    assert "2 found" in out.getvalue()
    assert "2 found, 2 repaired" in run("rules_reconcile", repair=True)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        *(
            (name, ["--database", "nowhere"], "invalid choice: 'nowhere'")
            for name in ("rules_due", "rules_migrate", "rules_reconcile")
        ),
        ("rules_adopt", ["hosts.Order", "--database", "nowhere"], "invalid choice"),
        ("rules_trigger", ["hosts.Order", "--database", "nowhere"], "invalid choice"),
        ("rules_trigger", ["hosts.Order", "--apply", "--remove"], "not allowed with"),
        ("rules_due", ["--seconds", "-1"], "not a number of seconds"),
        ("rules_due", ["--seconds", "nan"], "not a number of seconds"),
    ],
)
def test_a_wrong_argument_of_a_command_is_told(name, arguments, told):
    with pytest.raises(CommandError, match=told):
        call_command(name, *arguments)


def test_a_changed_journal_is_found(ticket):
    bring(ticket, "recorded")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE telecom_rules_journalentry SET event = 'withdraw' WHERE sequence = 1"
        )
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("rules_reconcile", stdout=out)
    assert "entry 1" in out.getvalue()


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """The shipped pack, older: a state had another name."""
    folder = tmp_path_factory.mktemp("renamed")
    older, newer = folder / "older", folder / "newer"
    for each in (older, newer):
        copytree(HELPDESK.parents[1] / "rules", each, ignore=lambda *_: ["scenarios"])
    flow = newer / "complaints" / "complaint_handling.yaml"
    text = flow.read_text(encoding="utf-8")
    text = text.replace("version: 1.1.0", "version: 2.0.0", 1).replace("contacted", "reached")
    text = text.replace("  - from: 1.0.0", "  - from: 1.1.0\n    states: {contacted: reached}", 1)
    flow.write_text(text, encoding="utf-8")
    return older, newer


def test_open_cases_are_moved_to_a_newer_pack_with_a_renamed_state(renamed, settings_of, clock):
    older, newer = renamed
    settings_of(TELECOM_RULES={"PACKS": [older]})
    for number in range(4):
        order = Order.objects.create(code=f"M-{number}")
        bring(order, "contacted" if number % 2 else "received")
    clock.advance(days=3)
    settings_of(TELECOM_RULES={"PACKS": [newer, older]})
    assert "2 moved, 2 as before" in run("rules_migrate")  # those no change can touch
    states = sorted(StoredCase.objects.values_list("state", flat=True))
    assert states == ["reached", "reached", "received", "received"]
    assert "0 moved" in run("rules_migrate")
    assert all(each.rules.verify_journal() == () for each in Order.objects.all())


def test_a_case_whose_pack_is_gone_stays_behind_and_is_named(renamed, settings_of):
    older, newer = renamed
    settings_of(TELECOM_RULES={"PACKS": [older]})
    bring(Order.objects.create(code="M-1"), "contacted")
    settings_of(TELECOM_RULES={"PACKS": [newer]})
    out = StringIO()
    with pytest.raises(CommandError, match="cases that stay behind: 1;"):
        call_command("rules_migrate", stdout=out, stderr=out)
    assert "no pack at hand" in out.getvalue()


def test_an_unknown_model_is_told_with_those_that_are_known():
    for name in ("rules_adopt", "rules_trigger"):
        with pytest.raises(CommandError, match=r"helpdesk\.Ticket"):
            call_command(name, "helpdesk.Tickets")


def test_the_trigger_allows_every_status_that_the_guard_takes():
    workflow = load_packs()["quality_monitoring"]
    case = workflow.start({}, at=STARTED, id="Q-1")
    first, second = case.state.split("+")
    statuses = Statuses({"new": first, "work": second})
    field = GUARDS[Order].field
    guard: Any = SimpleNamespace(statuses=statuses, field=field, workflow=workflow)
    moves = build_triggers(guard, "default").moves
    for status in "new", "work":
        assert statuses.fits(case, status)
        assert status in moves.initial
    assert {("new", "work"), ("work", "new")} <= moves.pairs


def test_the_trigger_is_printed_as_a_migration():
    text = run("rules_trigger", "hosts.Order")
    namespace: dict[str, object] = {}
    exec(text, namespace)  # noqa: S102 - what the command writes
    assert json.dumps(namespace["Migration"].dependencies) == '[["hosts", "__first__"]]'
