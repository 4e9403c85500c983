"""The bindings of these hosts: the same adapter, and 12 lines each."""

from __future__ import annotations

from telecom_rules.adapters.django import Guard, register
from tests.adapters.django.hosts.models import Matter, Order

WORK = ["recorded", "general", "major", "contacted", "awaiting_customer", "resolving"]
OVER = ["answered", "closed", "archived", "withdrawn", "appealed"]


@register(Order)
class OrderGuard(Guard):
    class Meta:
        workflow = "complaint_handling"
        field = "state"
        statuses = {"new": "received", "work": WORK, "done": OVER}

    def facts(self, row):
        return {"content": row.text or "-", "customer_id": row.code, "channel": "phone",
                "received_at": row.made_at}  # fmt: skip


@register(Matter)
class MatterGuard(Guard):
    class Meta:
        workflow = "complaint_handling"
        field = "phase__slug"
        statuses = {"new": "received", "work": WORK, "done": OVER}

    def facts(self, row):
        return {"content": row.text or "-"}
