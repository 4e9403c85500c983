"""What people see: forms, templates, the admin site."""

from __future__ import annotations

import json

import pytest
from asgiref.sync import async_to_sync
from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import AsyncClient, Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from helpdesk.models import Ticket

from telecom_rules.adapters.django import load_cases
from telecom_rules.adapters.django.admin import RulesAdminMixin
from telecom_rules.adapters.django.middleware import RulesMiddleware
from telecom_rules.adapters.django.models import StoredCase, StoredRefusal
from tests.adapters.django.conftest import bring, make_user
from tests.adapters.django.hosts.models import Order


class TicketAdmin(RulesAdminMixin, admin.ModelAdmin):
    fields = ("title", "status")


def render(text: str, **given: object) -> str:
    return Template("{% load telecom_rules %}" + text).render(Context(given))


def test_a_template_draws_buttons_that_say_why_not(ticket, agent):
    text = (
        "{% for each in ticket|allowed:user %}{{ each.title|say }}={{ each.allowed }};{% endfor %}"
    )
    assert "Record=True;" in render(text, ticket=ticket, user=agent)
    with override("zh-hans"):
        assert "归档记录=True;" in render(text, ticket=ticket, user=agent)
    page = render("{% rules_buttons ticket user %}", ticket=ticket, user=agent)
    assert f'href="/rules/helpdesk.ticket/{ticket.pk}/record/"' in page
    assert "it is for “Customer”" in page
    assert "disabled" in page


def test_the_clauses_of_a_reason_stand_in_one_pair_of_parentheses(ticket, agent):
    options = {each.event: each for each in ticket.rules.allowed(agent)}
    told = render("{{ given|reasons }}", given=options["withdraw"].reasons)
    assert told.endswith("business management and customer service, 4.1(1), 7.1.2)")
    with override("zh-hans"):
        told = render("{{ given|reasons }}", given=options["withdraw"].reasons)
    assert told.endswith("（《电信业务管理与客户服务规范书》4.1(1)、7.1.2）")


def test_a_row_without_a_case_has_no_buttons_and_says_so(queue):
    Ticket.objects.bulk_create([Ticket(title="x", queue=queue)])
    row = Ticket.objects.get()
    assert render("{% rules_buttons row %}{% rules_diagram row %}", row=row).count("<button") == 0
    assert "there is no case" in render("{{ row|state }}", row=row)


def test_a_template_draws_the_journal_with_its_refusals_and_the_picture(ticket, agent):
    bring(ticket, "recorded")
    ticket.rules.send("withdraw", {"reason": "<script>"}, user=agent)
    page = render("{% rules_journal row %}{% rules_diagram row %}", row=ticket)
    assert "Withdraw the complaint" in page
    assert 'class="rules-refused"' in page
    assert '<rect class="active"' in page
    assert "<script>" not in page
    with override("zh-hans"):
        assert "已记录" in render("{% rules_journal row %}", row=ticket)


def test_the_admin_shows_state_options_journal_and_picture_and_changes_nothing(ticket, agent):
    request = RequestFactory().get("/")
    request.user = agent
    page = TicketAdmin(Ticket, AdminSite())
    assert page.get_readonly_fields(request, ticket)[-1] == "rules_picture"
    assert "rules_picture" not in page.get_readonly_fields(request)
    assert [fields["fields"] for _, fields in page.get_fieldsets(request, ticket)][-1]
    assert page.rules_state(ticket) == "Received"
    assert "Acknowledge" in page.rules_options(ticket)
    assert "<table" in page.rules_record(ticket)
    assert page.rules_picture(ticket).startswith("<svg")


def test_the_record_can_be_read_in_the_admin_site_and_not_changed(ticket, agent, client_of):
    ticket.rules.send("withdraw", user=agent)
    client = client_of(agent)
    for model in ("storedcase", "journalentry", "storedrefusal", "storedeffect"):
        page = client.get(f"/admin/telecom_rules/{model}/")
        assert page.status_code == 200, model
        assert client.get(f"/admin/telecom_rules/{model}/add/").status_code == 403
    assert (
        "it is for “Customer”" in client.get("/admin/telecom_rules/storedrefusal/").content.decode()
    )
    refusal = StoredRefusal.objects.get()
    assert client.get(f"/admin/telecom_rules/storedrefusal/{refusal.pk}/change/").status_code == 200


@pytest.fixture
def form(ticket, agent, client_of):
    """The form of an event of the ticket, for the agent."""
    client = client_of(agent)

    def ask(event: str, sent: dict[str, str] | None = None, **query: str):
        url = f"/rules/helpdesk.ticket/{ticket.pk}/{event}/"
        return client.get(url, query) if sent is None else client.post(url, sent)

    return ask


def test_a_form_asks_for_each_kind_of_field_and_sends_the_event(ticket, form):
    bring(ticket, "recorded")
    page = form("assess").content.decode()
    assert 'name="event-safety_involved"' in page
    assert "—</option>" in page
    sent = {"event-safety_involved": "false", "event-earlier_complaints": "0",
            "event-media_involved": "false", "event-regulator_involved": "true",
            "event-affected_customers": "3", "event-kind": ""}  # fmt: skip
    assert form("assess", sent).status_code == 302
    facts = ticket.rules.case.facts
    assert (facts["regulator_involved"], facts["affected_customers"]) == (True, 3)
    assert "kind" not in facts


def test_a_form_that_is_refused_says_why_and_stays(ticket, form):
    bring(ticket, "general")
    response = form("contact", {"event-apologised": "false", "event-findings": "x"})
    assert response.status_code == 403
    assert "apology" in response.content.decode().lower()
    assert ticket.rules.case.state == "general"


def test_a_form_for_another_role_or_from_another_state_says_so_before(ticket, form):
    assert "it is for “Customer”" in form("withdraw").content.decode()
    assert form("accept").status_code == 200
    assert "`acept`" in form("acept").content.decode()


def test_a_form_goes_on_only_to_this_site(ticket, form):
    assert "evil.example" not in form("record", next="https://evil.example/").content.decode()


def test_a_form_is_only_for_who_may_see_the_row(ticket, client_of):
    user = make_user("outside", "agent")
    user.is_staff = user.is_superuser = False
    user.save()
    assert client_of(user).get(f"/rules/helpdesk.ticket/{ticket.pk}/record/").status_code == 404
    order = Order.objects.create(code="A")
    assert client_of(user).get(f"/rules/hosts.order/{order.pk}/record/").status_code == 404
    assert client_of(user).get("/rules/no.model/1/record/").status_code == 404


def test_the_form_of_a_row_without_a_readable_case_says_so(ticket, form, agent, client_of):
    StoredCase.objects.update(snapshot="{}")
    assert form("record").status_code == 200
    assert form("record", {}).status_code == 403
    Order.objects.bulk_create([Order(code="old")])
    page = client_of(agent).get("/rules/hosts.order/old/record/")
    assert "there is no case" in page.content.decode()
    for path in ("helpdesk.ticket/none", "hosts.matter/7"):
        assert client_of(agent).get(f"/rules/{path}/record/").status_code == 404


def test_who_is_not_logged_in_is_sent_to_the_login(ticket):
    response = Client().get(f"/rules/helpdesk.ticket/{ticket.pk}/record/")
    assert response["location"].startswith("/login/")


def test_an_asynchronous_server_keeps_refusals_as_well(ticket, agent):
    async def refuse():
        client = AsyncClient()
        await client.aforce_login(agent)
        return await client.post(
            f"/tickets/{ticket.pk}/kanban-update/",
            json.dumps({"status": 4}),
            content_type="application/json",
        )

    response = async_to_sync(refuse)()  # so that what is not async stays in this thread
    assert response.status_code == 403
    assert StoredRefusal.objects.count() == 1


def test_a_body_that_is_not_json_is_left_to_the_view():
    def view(request):
        return HttpResponse(request.body)

    request = RequestFactory().post("/", b"{", content_type="application/json")
    assert RulesMiddleware(view)(request).content == b"{"


def test_what_a_trigger_refuses_in_a_view_of_the_host_is_403_in_words(ticket, settings_of):
    call_command("rules_trigger", "helpdesk.Ticket", apply=True)
    request = RequestFactory().get("/", headers={"accept": "text/html"})
    try:
        with pytest.raises(IntegrityError) as raised:
            Ticket.objects.update(status=5)
    finally:
        call_command("rules_trigger", "helpdesk.Ticket", remove=True)
    middleware = RulesMiddleware(HttpResponse)
    with override("zh-hans"):
        page = middleware.process_exception(request, raised.value)
    assert page.status_code == 403
    assert "不允许此变更" in page.content.decode()
    assert middleware.process_exception(request, IntegrityError("UNIQUE")) is None


def test_the_cases_of_a_list_are_read_by_one_query(queue, agent):
    for title in ("a", "b", "c"):
        Ticket.objects.create(title=title, queue=queue, description="d")
    Ticket.objects.bulk_create([Ticket(title="old", queue=queue)])
    with CaptureQueriesContext(connection) as queries:
        rows = load_cases(Ticket.objects.order_by("pk"))
        states = [row.rules.case.state for row in rows[:3]]
    assert (states, len(queries)) == (["received"] * 3, 2)
    assert rows[3].rules.stored is None
    rows[0].rules.send("acknowledge", user=agent)
    assert rows[0].rules.case.sequence == 2
