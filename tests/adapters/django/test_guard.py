"""What saving a row does: who acts, what the level says, and the ways past `save`."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from helpdesk.models import Queue, Ticket

from telecom_rules.adapters.django import (
    Forbidden,
    Guard,
    acting_as,
    register,
    send_each,
    set_status_of_each,
)
from telecom_rules.adapters.django.guard import GUARDS
from telecom_rules.adapters.django.models import StoredCase, StoredRefusal
from telecom_rules.adapters.django.refusals import collect_refusals
from telecom_rules.adapters.django.settings import load_packs
from telecom_rules.adapters.django.signals import accepted, refused
from telecom_rules.adapters.django.statuses import Statuses
from telecom_rules.adapters.django.store import content_type_of
from telecom_rules.adapters.django.templatetags.telecom_rules import build_line
from telecom_rules.errors import ArgumentError, TelecomRulesError
from tests.adapters.django.conftest import STARTED, bring, make_user
from tests.adapters.django.hosts.models import Matter, Order, OrderProxy, Phase, UrgentMatter


def test_a_refusal_carries_its_reasons_in_the_active_language(ticket):
    ticket.status = 3
    with acting_as("agnes", "agent"), pytest.raises(Forbidden) as raised:
        ticket.save()
    assert isinstance(raised.value, PermissionDenied)
    assert raised.value.refused.reasons
    with override("zh-hans"):
        assert "未被接受" in str(raised.value)
    with override("fr"):
        assert "was refused" in str(raised.value)
    assert pickle.loads(pickle.dumps(raised.value)).wanted == raised.value.wanted  # noqa: S301


def test_the_system_is_warned_where_the_level_says_so_and_the_refusal_is_on_record(ticket):
    ticket.status = 4
    ticket.save()
    assert Ticket.objects.get().status == 4
    (refusal,) = StoredRefusal.objects.all()
    assert (refusal.level, refusal.actor) == ("warn", "system")
    assert ticket.rules.case.state == "received"


@pytest.mark.parametrize("level", ["observe", {"agent": "observe"}, {"agnes": "observe"}])
def test_the_setting_wins_over_the_level_of_the_guard(level, ticket, settings_of):
    settings_of(TELECOM_RULES_LEVEL=level)
    ticket.status = 4
    with acting_as("agnes", "agent"):
        ticket.save()
    assert [each.level for each in StoredRefusal.objects.all()] == ["observe"]


def test_of_several_roles_the_strictest_level_holds(ticket):
    ticket.status = 3
    with acting_as("agnes", "system", "agent"), pytest.raises(Forbidden):
        ticket.save()


def test_a_warning_is_shown_to_the_user(ticket, agent, client_of, settings_of):
    settings_of(TELECOM_RULES={"LEVEL": "warn"})
    response = client_of(agent).post(
        "/tickets/update/", {"ticket_id": [ticket.pk], "action": "close"}, follow=True
    )
    assert "“Closed” was refused" in response.content.decode()
    assert Ticket.objects.get().status == 4


def test_a_person_with_two_roles_may_do_what_either_may(ticket, client_of):
    bring(ticket, "answered")
    user = make_user("both", "agent", "customer")
    assert ticket.rules.send("accept", user=user).case.state == "closed"


def test_a_row_is_refused_whole_and_a_save_of_other_fields_asks_nobody(ticket):
    ticket.title, ticket.status = "New", 3
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        ticket.save()
    assert Ticket.objects.get().title == "No line"
    ticket.save(update_fields=["title"])
    assert Ticket.objects.get().title == "New"


def test_a_stale_row_does_not_bring_an_old_status_back(ticket):
    stale = Ticket.objects.get()
    bring(ticket, "closed")
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        stale.save()
    assert Ticket.objects.get().status == 4


def test_an_expression_of_the_database_is_not_a_status(ticket):
    ticket.status = F("status") + 3
    with acting_as("agnes", "agent"), pytest.raises(Forbidden, match="has to be a value"):
        ticket.save()


def test_what_is_loaded_past_save_base_is_judged_as_well(ticket, settings_of):
    settings_of(TELECOM_RULES_LEVEL="enforce")
    ticket.status = 3
    fixture = serializers.serialize("json", [ticket])
    with pytest.raises(Forbidden):
        next(iter(serializers.deserialize("json", fixture))).save()
    assert Ticket.objects.get().status == 1


def test_a_row_loaded_without_its_case_gets_none_by_that(ticket):
    fixture = serializers.serialize("json", [ticket])
    call_command("flush", interactive=False, verbosity=0)
    Queue.objects.create(pk=ticket.queue_id, title="c", slug="c")
    next(iter(serializers.deserialize("json", fixture))).save()
    assert Ticket.objects.count() == 1
    assert StoredCase.objects.count() == 0


def test_update_of_a_queryset_is_stopped_by_the_trigger_and_the_rules_pass_it(ticket):
    call_command("rules_trigger", "helpdesk.Ticket", apply=True)
    try:
        with pytest.raises(IntegrityError, match="does not allow this change"):
            Ticket.objects.update(status=5)
        ticket.status = 5
        with pytest.raises(IntegrityError):
            Ticket.objects.bulk_update([ticket], ["status"])
        bring(ticket, "closed")
        ticket.status = 2
        with acting_as("carl", "customer"), pytest.raises(Forbidden) as raised:
            ticket.save()  # it lacks the opinion
        assert raised.value.fillable
        assert ticket.rules.send(
            "reopen", {"opinion": "Still dead"}, user=make_user("c", "customer")
        )
    finally:
        call_command("rules_trigger", "helpdesk.Ticket", remove=True)
    assert Ticket.objects.get().status == 2


def test_statuses_may_be_texts_and_keys_texts():
    order = Order.objects.create(code="A-1", text="Late")
    assert order.rules.stored.pk == "hosts.order-A-1"
    assert Order.objects.filter(rules__state="received").get() == order
    order.state = "done"
    with acting_as("agnes", "agent"), pytest.raises(Forbidden, match="“Done” was refused"):
        order.save()
    order.refresh_from_db()
    order.state = "work"
    with acting_as("agnes", "agent"):
        order.save()
    assert order.rules.case.state == "recorded"


def test_statuses_may_be_rows_that_users_add_and_keys_uuids():
    new, work, _, odd = (Phase.objects.create(slug=each) for each in ("new", "work", "done", "odd"))
    matter = Matter.objects.create(phase=new)
    assert Matter.objects.filter(rules__state="received").count() == 1
    for phase in (odd, work):
        matter.phase = phase
        with acting_as("agnes", "agent"), pytest.raises(Forbidden):
            matter.save()
    bring_facts = {"customer_id": "K1", "channel": "phone", "received_at": matter.rules.case.at}
    with acting_as("agnes", "agent"):
        assert matter.rules.send("supplement", bring_facts).case
        matter.phase = work
        matter.save()
    assert Matter.objects.get().phase == work
    with acting_as("agnes", "agent"):
        assert matter.rules.send("assess", {}).reasons


def test_proxies_and_children_are_guarded_as_their_model_is():
    order = Order.objects.create(code="A-2")
    proxy = OrderProxy.objects.get()
    proxy.state = "done"
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        proxy.save()
    assert proxy.rules.stored.pk == order.rules.stored.pk
    Phase.objects.create(slug="done")
    child = UrgentMatter.objects.create(phase=Phase.objects.create(slug="new"))
    child.phase = Phase.objects.get(slug="done")
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        child.save()
    assert child.rules.case.state == "received"


def test_a_new_row_begins_as_the_workflow_does(queue):
    with acting_as("agnes", "agent"), pytest.raises(Forbidden, match="begins as “Open”"):
        Ticket.objects.create(title="x", queue=queue, description="d", status=4)
    assert Ticket.objects.count() == StoredCase.objects.count() == 0


def test_facts_that_are_not_valid_are_a_refusal_and_nothing_is_stored(queue):
    with acting_as("agnes", "agent"), pytest.raises(Forbidden, match="content"):
        Ticket.objects.create(title="x", queue=queue, description="d" * 5000)
    assert Ticket.objects.count() == 0


def test_a_damaged_case_is_a_refusal_and_never_an_error_of_the_server(ticket, agent, client_of):
    StoredCase.objects.update(snapshot="{}")
    response = client_of(agent).post(
        "/tickets/update/", {"ticket_id": [ticket.pk], "action": "close"}
    )
    assert response.status_code == 403
    assert "cannot be read" in response.content.decode()


def test_what_is_not_a_user_or_an_instant_is_a_typed_error(ticket):
    for act in ticket.rules.allowed, partial(ticket.rules.send, "record"):
        with pytest.raises(ArgumentError, match='expected a user of Django, found "bob"'):
            act(user="bob")
        with pytest.raises(ArgumentError, match='expected a datetime, found "2026-03-02"'):
            act(user=make_user(f"u{id(act)}", "agent"), at="2026-03-02")
    (answer,) = send_each([ticket], "record", user="bob")
    assert "acting_as" in answer.problem.zh


def test_an_instant_of_a_hook_that_is_none_is_told_in_words(monkeypatch):
    guard = GUARDS[Order]
    monkeypatch.setattr(guard, "began", lambda _row: "Monday")
    with pytest.raises(Forbidden, match="expected a datetime"):
        Order.objects.create(code="H-1", text="Late")
    monkeypatch.setattr(guard, "adopt", lambda _row: {"clocks": {"reply": None}})
    Order.objects.bulk_create([Order(code="H-2", text="Late")])
    with pytest.raises(TelecomRulesError, match=r"`clocks\.reply`: expected a datetime"):
        Order.objects.get().rules.adopt()


def test_a_user_without_roles_is_told_so(ticket):
    outcome = ticket.rules.send("record", user=make_user("nobody"))
    assert outcome.reasons[0].kind == "role"


def test_an_old_row_is_adopted_by_its_first_change_with_the_statutory_date(queue):
    began = datetime(2026, 2, 25, 9, 30, tzinfo=UTC)
    old = Ticket(title="x", queue=queue, description="d", submitter_email="a@example.com")
    Ticket.objects.bulk_create([old])
    Ticket.objects.update(created=began)
    old = Ticket.objects.get()
    old.status = 4
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        old.save()
    assert old.rules.stored is None  # it was rolled back with what it was made for
    call_command("rules_adopt", "helpdesk.Ticket", verbosity=0)
    reply = old.rules.case.clocks["reply"]
    assert reply.started == began
    assert reply.deadline.date().isoformat() == "2026-03-13"


def test_many_rows_get_an_answer_each(queue):
    with acting_as("Ann", "customer"):
        rows = [
            Ticket.objects.create(title=str(each), queue=queue, description="d",
                                  submitter_email="a@example.com")
            for each in range(3)
        ]  # fmt: skip
    bring(rows[1], "closed")
    with acting_as("agnes", "agent"):
        answers = send_each(rows, "record")
    assert [each.done for each in answers] == [True, False, True]
    with acting_as("carl", "customer"):
        answers = set_status_of_each(rows, 4)
    assert [each.done for each in answers] == [True, True, True]
    with acting_as("agnes", "agent"), transaction.atomic():
        answers = set_status_of_each(rows, 1)
    assert [each.done for each in answers] == [False, False, False]


def test_refusals_go_to_their_own_connection_and_outlive_any_rollback(ticket, settings_of):
    settings_of(TELECOM_RULES={"REFUSALS": "record"})
    ticket.status = 3
    with acting_as("agnes", "agent"), pytest.raises(Forbidden), transaction.atomic():
        ticket.save()
    assert StoredRefusal.objects.count() == 0
    assert StoredRefusal.objects.using("record").get().event
    assert ticket.rules.journal()[-1].reasons


def test_a_refusal_of_a_row_that_was_rolled_back_is_not_that_of_the_next():
    def refuse(order):
        order.state = "done"
        order.save()

    # The middleware collects outside the transaction of a request.
    with (
        acting_as("agnes", "agent"),
        collect_refusals(),
        pytest.raises(Forbidden),
        transaction.atomic(),
    ):
        refuse(Order.objects.create(code="R-1", text="Late"))
    order = Order.objects.create(code="R-1", text="Late")
    assert [each.kind for each in order.rules.journal()] == ["start"]
    Order.objects.bulk_create([Order(code="R-2", text="Late")])
    old = Order.objects.get(code="R-2")
    with acting_as("agnes", "agent"), pytest.raises(Forbidden):
        refuse(old)
    assert StoredRefusal.objects.get().case_id == "hosts.order-R-2"  # it is that of the old row


def test_a_refusal_of_a_new_row_goes_to_its_connection_when_the_row_is_committed(settings_of):
    settings_of(TELECOM_RULES={"REFUSALS": "record"})
    record = StoredRefusal.objects.using("record")

    def create_and_refuse(code):
        order = Order.objects.create(code=code, text="Late")
        order.state = "done"
        with pytest.raises(Forbidden):
            order.save()
        order.refresh_from_db()
        return order

    class Undone(Exception):
        pass

    with acting_as("agnes", "agent"):
        with pytest.raises(Undone), transaction.atomic():
            create_and_refuse("R-1")
            raise Undone
        with transaction.atomic():
            with pytest.raises(Undone), transaction.atomic():
                create_and_refuse("R-2")
                raise Undone
            create_and_refuse("R-3")
            assert record.count() == 0
        assert [each.case_id for each in record.all()] == ["hosts.order-R-3"]
        with pytest.raises(Undone), transaction.atomic():
            order = Order.objects.get(code="R-3")  # a committed row loses no refusal
            order.state = "done"
            with pytest.raises(Forbidden):
                order.save()
            raise Undone
        assert record.count() == 2
        for code in "R-1", "R-2":
            order = Order.objects.create(code=code, text="Late")
            assert [each.kind for each in order.rules.journal()] == ["start"]


def test_signals_are_sent_when_the_host_commits_and_not_before(ticket):
    heard = []

    def hear(**given):
        heard.append(given)

    accepted.connect(hear)
    refused.connect(hear)
    try:
        with acting_as("agnes", "agent"):
            with transaction.atomic():
                ticket.rules.send("record")
                assert heard == []
            assert heard[0]["case"].state == "recorded"
            ticket.rules.send("record")
            assert heard[1]["refused"].reasons
            with transaction.atomic():
                ticket.rules.send("supplement", {"content": "More"})
                transaction.set_rollback(True)
    finally:
        accepted.disconnect(hear)
        refused.disconnect(hear)
    assert len(heard) == 2


def test_row_and_case_are_stored_together_or_not_at_all(ticket, monkeypatch):
    order = Order.objects.create(code="A-3")
    order.state = "work"
    order.text = None  # the database refuses it
    with acting_as("agnes", "agent"), pytest.raises(IntegrityError):
        order.save()
    assert order.rules.case.state == "received"
    assert Order.objects.get(code="A-3").state == "new"


@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"workflow": "x", "field": "state"},
        {"workflow": "x", "field": "state", "statuses": {}, "vocabulary": "y"},
        {"workflow": "x", "field": "state", "statuses": {}, "status": 1},
        {"workflow": "x", "field": "stat", "statuses": {}},
        {"workflow": "x", "field": "state__slug", "statuses": {}},
        {"workflow": "x", "field": "state", "statuses": {}, "level": "loud"},
    ],
)
def test_a_wrong_meta_is_an_error_at_once(meta):
    guard = type("G", (Guard,), {"Meta": type("Meta", (), meta)})
    with pytest.raises(ImproperlyConfigured):
        guard(Order)


def test_a_model_has_one_guard():
    with pytest.raises(ImproperlyConfigured, match="has a guard already"):
        register(Order)(type("G", (Guard,), {"Meta": type("M", (), {
            "workflow": "complaint_handling", "field": "state", "statuses": {}})}))  # fmt: skip


def test_the_orm_asks_for_what_is_due(ticket):
    later = ticket.created + timedelta(days=40)
    assert Ticket.objects.filter(rules__next_due__lte=later).get() == ticket
    assert not Ticket.objects.filter(rules__next_due__lte=ticket.created).exists()


def test_deleting_a_row_leaves_its_record(ticket):
    ticket.delete()
    assert StoredCase.objects.count() == 1


def test_a_deleted_row_that_comes_back_goes_on_with_its_case():
    order = Order.objects.create(code="B-1", text="Late")
    Order.objects.all().delete()
    Order.objects.create(code="B-1", text="Restored")
    assert [each.kind for each in order.rules.journal()] == ["start"]
    Order.objects.all().delete()
    with pytest.raises(Forbidden, match="was refused"):
        Order.objects.create(code="B-1", state="done")
    assert not Order.objects.exists()


def test_an_instant_without_a_zone_is_one_of_the_host(ticket):
    outcome = ticket.rules.send("record", user=make_user("a", "agent"), at=datetime(2026, 3, 2, 18))  # noqa: DTZ001
    assert outcome.case.at.utcoffset() is not None
    assert ticket.rules.allowed(at=datetime(2026, 3, 3))  # noqa: DTZ001


class Sealed:
    """A field that lets nobody assign it twice, as that of a state machine."""

    def __get__(self, row, model):
        return self if row is None else row.__dict__["state"]

    def __set__(self, row, value):
        if "state" in row.__dict__:
            raise AttributeError("change the state by its transitions")
        row.__dict__["state"] = value


def test_the_status_may_be_a_field_that_bars_assignments(monkeypatch):
    monkeypatch.setattr(Order, "state", Sealed())
    order = Order.objects.create(code="S-1", text="Late")
    order.rules.send("record", user=make_user("a", "agent"))
    assert Order.objects.get().state == "work"


def test_an_event_that_leads_elsewhere_is_told_with_where_to(monkeypatch):
    statuses = Statuses({"new": ["received", "recorded"], "work": "major", "done": "general"})
    monkeypatch.setitem(vars(GUARDS[Order]), "statuses", statuses)
    order = bring(Order.objects.create(code="E-1", text="Late"), "assessed")
    order.state = "work"
    with acting_as("agnes", "agent"), pytest.raises(Forbidden) as raised:
        order.save()
    assert "“Classify” leads from “Recorded” to “General complaint”" in str(raised.value)
    with override("zh-hans"):
        assert "而不会转入状态" in str(raised.value)


def test_of_parallel_states_the_first_gives_the_status_as_in_the_maps_of_the_case():
    case = load_packs()["quality_monitoring"].start({}, at=STARTED, id="P-1")
    first, second = case.state.split("+")
    assert Statuses({1: first, 2: second}).status_of(case) == 1
    around = case.workflow.states[first].path[-2]
    assert Statuses({1: around, 2: second}).status_of(case) == 1
    assert Statuses({2: second}).status_of(case) == 2


def test_a_line_of_the_journal_names_all_parallel_states_that_were_entered():
    opened = load_packs()["quality_monitoring"].open({}, at=STARTED, id="P-1")
    line = build_line(opened.case.workflow, opened.entry)
    assert line.told.split("\n") == opened.case.title.en.split(", ")
    assert "\n" in line.told


def test_each_database_has_its_own_number_of_a_model():
    there = ContentType.objects.using("record").filter(app_label="hosts")
    assert there.filter(model="order").update(model="order_before") == 1
    ContentType.objects.clear_cache()
    try:
        numbers = [content_type_of(GUARDS[Order], each).pk for each in ("default", "record")]
        assert numbers[0] == ContentType.objects.get_for_model(Order).pk
        assert numbers[1] == there.get(model="order").pk != numbers[0]
        found = Order.objects.using("record").filter(rules__state="received")
        assert '"app_label" = hosts' in str(found.query)
    finally:
        there.filter(model="order")._raw_delete("record")
        there.filter(model="order_before").update(model="order")
        ContentType.objects.clear_cache()


def test_a_save_without_a_new_status_costs_one_query_more(ticket):

    with CaptureQueriesContext(
        connection,
    ) as queries:
        ticket.save()
    assert len([each for each in queries if each["sql"].startswith(("SELECT", "UPDATE"))]) == 2


def test_an_attribute_that_is_taken_is_an_error_and_another_may_be_named():
    meta = {"workflow": "complaint_handling", "field": "slug", "statuses": {"new": "received"}}
    for attribute, problem in (("slug", "has a `slug` of its own"), ("case", None)):
        named = type("M", (), {**meta, "attribute": attribute})
        add = register(Phase)
        if problem is not None:
            with pytest.raises(ImproperlyConfigured, match=problem):
                add(type("G", (Guard,), {"Meta": named}))
    assert Phase not in GUARDS


def test_a_name_that_cannot_be_printed_is_no_error(ticket):
    user = make_user("o\u200bdd" + "x" * 140, "agent")
    assert ticket.rules.send("record", user=user).entry.actor == "odd" + "x" * 140


def test_what_cannot_be_judged_is_let_pass_with_a_warning_where_the_level_says_so(
    ticket, agent, client_of, settings_of
):
    settings_of(TELECOM_RULES_LEVEL="warn")
    StoredCase.objects.update(snapshot="{}")
    response = client_of(agent).post(
        "/tickets/update/", {"ticket_id": [ticket.pk], "action": "close"}, follow=True
    )
    assert "cannot be read" in response.content.decode()
    assert Ticket.objects.get().status == 4
