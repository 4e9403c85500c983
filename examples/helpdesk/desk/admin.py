"""The admin page of a ticket also shows what the rules say of it."""

from __future__ import annotations

from django.contrib import admin
from helpdesk.admin import TicketAdmin
from helpdesk.models import Ticket

from telecom_rules.adapters.django.admin import RulesAdminMixin

admin.site.unregister(Ticket)


@admin.register(Ticket)
class ComplaintAdmin(RulesAdminMixin, TicketAdmin):
    pass
