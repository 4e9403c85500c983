"""Every way by which a helpdesk that nobody changed writes a status is guarded."""

from __future__ import annotations

import inspect
import json

import pytest
from helpdesk.models import FollowUp, Ticket

from telecom_rules.adapters.django.models import StoredRefusal
from tests.adapters.django.conftest import bring
from tests.adapters.django.hosts.rules import MatterGuard, OrderGuard

OPEN, REOPENED, RESOLVED, CLOSED, DUPLICATE = 1, 2, 3, 4, 5


def post_form(client, ticket, status, comment=""):
    fields = {"comment": comment, "new_status": status, "title": ticket.title, "owner": 0,
              "priority": 3, "queue": ticket.queue_id, "public": "1"}  # fmt: skip
    return client.post(f"/tickets/{ticket.pk}/update/", fields)


def close_in_bulk(client, ticket, status, comment=""):
    return client.post("/tickets/update/", {"ticket_id": [ticket.pk], "action": "close"})


def drag(client, ticket, status, comment=""):
    return client.post(
        f"/tickets/{ticket.pk}/kanban-update/",
        json.dumps({"status": status}),
        content_type="application/json",
    )


def patch(client, ticket, status, comment=""):
    return client.patch(
        f"/api/tickets/{ticket.pk}/",
        json.dumps({"status": status}),
        content_type="application/json",
    )


def follow_up(client, ticket, status, comment=""):
    sent = {"ticket": ticket.pk, "new_status": status, "title": "x", "comment": comment}
    return client.post("/api/followups/", json.dumps(sent), content_type="application/json")


PATHS = [
    (post_form, "closed", RESOLVED),
    (close_in_bulk, "recorded", CLOSED),
    (drag, "closed", RESOLVED),
    (patch, "closed", DUPLICATE),
    (follow_up, "closed", RESOLVED),
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[0].__name__)
@pytest.mark.parametrize(
    ("language", "words", "clause"),
    [
        ("en", "was refused", "Specification of telecom business management"),
        ("zh-hans", "未被接受", "《"),
    ],
)
def test_a_forbidden_move_is_refused_with_403_in_words_with_its_clause_and_is_on_record(
    path, language, words, clause, ticket, agent, client_of, atomic_requests
):
    write, state, status = path
    before = bring(ticket, state).status
    response = write(client_of(agent, language), ticket, status, "Reported")
    assert response.status_code == 403
    told = response.content.decode()
    if response["content-type"].startswith("application/json"):
        told = json.dumps(response.json(), ensure_ascii=False)
        assert words in told
    else:
        assert f'lang="{language}"' in told
    assert clause in told
    ticket.refresh_from_db()
    assert ticket.status == before
    assert not FollowUp.objects.filter(new_status=status).exists()
    (refusal,) = StoredRefusal.objects.all()
    assert (refusal.actor, refusal.level) == ("agnes", "enforce")
    assert ticket.rules.verify_journal() == ()
    assert ticket.rules.case.state == state


@pytest.mark.parametrize("write", [post_form, follow_up])
def test_a_legal_move_passes_and_is_an_event_of_the_case(
    write, ticket, agent, client_of, atomic_requests
):
    bring(ticket, "resolving")
    response = write(client_of(agent), ticket, RESOLVED, "The joint was renewed")
    assert response.status_code in {201, 302}
    ticket.refresh_from_db()
    assert ticket.status == RESOLVED
    case = ticket.rules.case
    assert (case.state, case.facts["result"]) == ("answered", "The joint was renewed")
    entry = ticket.rules.journal()[-1]
    assert (entry.event, entry.by, entry.actor) == ("answer", "agent", "agnes")


def test_a_customer_closes_by_dragging_what_was_answered(ticket, customer, client_of):
    bring(ticket, "answered")
    response = drag(client_of(customer), ticket, CLOSED)
    assert response.json() == {"status": "ok", "new_status": CLOSED}
    assert ticket.rules.case.state == "closed"


def test_other_fields_stay_editable(ticket, agent, client_of):
    bring(ticket, "closed")
    response = client_of(agent).patch(
        f"/api/tickets/{ticket.pk}/", json.dumps({"title": "New"}), content_type="application/json"
    )
    assert response.status_code == 200
    assert Ticket.objects.get().title == "New"
    assert StoredRefusal.objects.count() == 0


def test_a_drag_that_lacks_data_names_the_form_of_the_event(ticket, agent, client_of):
    bring(ticket, "resolving")
    client = client_of(agent)
    response = client.post(
        f"/tickets/{ticket.pk}/kanban-update/",
        json.dumps({"status": RESOLVED}),
        content_type="application/json",
        headers={"referer": "http://testserver/kanban/"},
    )
    assert response.status_code == 403
    form = response["Telecom-Rules-Form"]
    assert form.startswith(f"/rules/helpdesk.ticket/{ticket.pk}/answer/?next=")
    assert response.json()["form"] == form
    page = client.get(form)
    assert page.status_code == 200
    sent = {"event-result": "Renewed", "event-opinion_asked": "true", "next": "/kanban/"}
    answered = client.post(form, sent)
    assert (answered.status_code, answered["location"]) == (302, "/kanban/")
    ticket.refresh_from_db()
    assert ticket.status == RESOLVED
    assert ticket.rules.case.facts["result"] == "Renewed"


def test_the_host_needs_no_more_than_forty_lines(root):
    host = root / "examples" / "helpdesk" / "desk"
    binding = count_code(host / "rules.py")
    settings = [
        line for line in (host / "settings.py").read_text().splitlines() if "telecom_rules" in line
    ]
    urls = [line for line in (host / "urls.py").read_text().splitlines() if "telecom_rules" in line]
    template = (host / "templates/helpdesk/kanban.html").read_text().splitlines()
    assert binding + len(settings) + len(urls) + len(template) <= 40


def test_a_second_host_needs_no_more_than_twelve_lines():
    for guard in (OrderGuard, MatterGuard):
        assert count_lines(f"@register\n{inspect.getsource(guard)}") <= 12


def count_code(path) -> int:
    """Count the lines of a file that are neither empty nor text."""
    return count_lines(path.read_text(encoding="utf-8"))


def count_lines(text: str) -> int:
    lines = [line.strip() for line in text.splitlines()]
    return sum(1 for line in lines if line and not line.startswith(("#", '"""')))
