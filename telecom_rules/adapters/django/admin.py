"""For the admin site: what the rules say about a row, and the record of all cases, read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.template.loader import render_to_string

from telecom_rules.adapters.django.language import lazy_say, say
from telecom_rules.adapters.django.models import (
    JournalEntry,
    StoredCase,
    StoredEffect,
    StoredRefusal,
)
from telecom_rules.adapters.django.templatetags import telecom_rules as tags
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin  # takes no arguments when it runs

RULES = Wording("规则", "Rules")
PANELS = ("rules_state", "rules_options", "rules_record", "rules_picture")


class RulesAdminMixin:
    """Adds to a `ModelAdmin` of the host: state, buttons, reasons, journal and picture of a row.

    >>> class TicketAdmin(RulesAdminMixin, admin.ModelAdmin): ...
    """

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Return the host's read-only fields, and the panels for a row that exists."""
        given = super().get_readonly_fields(request, obj)  # type: ignore[misc]
        return [*given, *(PANELS if obj is not None else ())]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the host's field sets, the panels in one of their own."""
        given = super().get_fieldsets(request, obj)  # type: ignore[misc]
        rest = [
            (
                title,
                {**options, "fields": [each for each in options["fields"] if each not in PANELS]},
            )
            for title, options in given
        ]
        return [*rest, (lazy_say(RULES), {"fields": PANELS})] if obj is not None else rest

    @admin.display(description=lazy_say(tags.WORDS["state"]))
    def rules_state(self, row: Any) -> str:
        """Return the state."""
        return tags.state(row)

    @admin.display(description=lazy_say(tags.WORDS["allowed"]))
    def rules_options(self, row: Any) -> SafeString:
        """Return a button for each event, with the reasons why not."""
        return render_to_string("telecom_rules/why_not.html", tags.rules_buttons(row))

    @admin.display(description=lazy_say(tags.WORDS["journal"]))
    def rules_record(self, row: Any) -> SafeString:
        """Return the journal."""
        return render_to_string("telecom_rules/journal.html", tags.rules_journal(row))

    @admin.display(description=lazy_say(tags.WORDS["picture"]))
    def rules_picture(self, row: Any) -> SafeString:
        """Return the picture of the workflow."""
        return tags.rules_diagram(row)


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows that nobody may add, change or delete by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return that nothing is added by hand."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return that nothing is changed by hand."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return that nothing is deleted by hand."""
        del request, obj
        return False


@admin.register(StoredCase)
class StoredCaseAdmin(ReadOnlyAdmin):
    """The cases, those that were set aside among them."""

    list_display = ("id", "workflow", "state", "next_due", "at", "problem")
    list_filter = ("workflow", "final", "state")
    search_fields = ("id",)


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    """The journals."""

    list_display = ("case", "sequence", "at", "kind", "event")
    list_filter = ("kind", "event")
    search_fields = ("case__id",)


@admin.register(StoredRefusal)
class StoredRefusalAdmin(ReadOnlyAdmin):
    """The refusals, with what would have been refused at a gentler level."""

    list_display = ("case", "at", "event", "actor", "level", "why")
    list_filter = ("level", "event")
    search_fields = ("case__id", "actor")

    @admin.display(description=lazy_say(tags.HEADINGS[-1]))
    def why(self, row: StoredRefusal) -> str:
        """Return the reasons."""
        return "\n".join(say(each) for each in tags.wordings_of(row))


@admin.register(StoredEffect)
class StoredEffectAdmin(ReadOnlyAdmin):
    """The effects, pending ones among them."""

    list_display = ("key", "effect", "at", "done_at")
    list_filter = ("effect",)
    search_fields = ("key",)
