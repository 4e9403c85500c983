"""Tickets are complaints: their status is that of a case of `complaint_handling`."""

from __future__ import annotations

from helpdesk.models import Ticket
from helpdesk.user import HelpdeskUser

from telecom_rules.adapters.django import Guard, read_sent, register

OPEN = ["received", "recorded", "general", "major", "contacted", "awaiting_customer", "resolving"]
OVER = ["closed", "archived", "withdrawn", "appealed"]


@register(Ticket)
class TicketGuard(Guard):
    class Meta:
        workflow = "complaint_handling"
        field = "status"
        # Open, Reopened, Resolved, Closed; nothing leads to Duplicate
        statuses = {1: OPEN, 2: OPEN, 3: "answered", 4: OVER}
        level = {"system": "warn"}

    def facts(self, row):
        return {
            "customer_id": (row.submitter_email or "unknown")[:64],
            "channel": "mail",
            "content": row.description or row.title,
            "received_at": row.created,
        }

    def payload(self, event, row, request):
        comment = read_sent(request).get("comment", "")
        given = {
            "answer": {"result": comment, "opinion_asked": True},
            "reopen": {"opinion": comment},
        }
        return given.get(event, {}) if comment else {}

    def adopt(self, row):
        return {"clocks": {"reply": row.created}}

    def rows(self, request):
        return HelpdeskUser(request.user).accessible_tickets()
