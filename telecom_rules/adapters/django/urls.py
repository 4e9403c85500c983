"""The form of an event, and its address: `path("rules/", include("telecom_rules...urls"))`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme

from telecom_rules import Refused, TelecomRulesError, Wording
from telecom_rules.adapters.django.guard import require_guard
from telecom_rules.adapters.django.language import say
from telecom_rules.adapters.django.refusals import tell_reason, tell_refused
from telecom_rules.adapters.django.rules import rules_of
from telecom_rules.adapters.django.settings import give_zones, now
from telecom_rules.vocabulary import CodeType

if TYPE_CHECKING:
    from telecom_rules import Option
    from telecom_rules.adapters.django.guard import Guard
    from telecom_rules.vocabulary import Field

app_name = "telecom_rules"

UNSET = [("", "—")]
ANSWERS = {"true": Wording("是", "yes"), "false": Wording("否", "no")}


def build_field(name: str, field: Field) -> forms.Field:
    """Return the field of a form for a field of an event."""
    common: dict[str, Any] = {
        "label": name if field.title is None else say(field.title),
        "required": not field.optional,
    }
    kind = str(field.type)
    if isinstance(field.type, CodeType):
        choices = [(code, say(title)) for code, title in field.type.codes.items()]
        return forms.ChoiceField(choices=UNSET + choices, **common)
    if kind == "boolean":
        answers = [(value, say(word)) for value, word in ANSWERS.items()]
        return forms.TypedChoiceField(
            choices=UNSET + answers,
            coerce=lambda value: value == "true",
            empty_value=None,
            **common,
        )
    if kind in {"integer", "unsigned"}:
        return forms.IntegerField(**common)
    if kind in {"decimal", "money", "double"}:
        return forms.DecimalField(**common)
    if kind == "date":
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **common)
    if kind == "instant":
        moment = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=moment, **common)
    if kind == "text":
        area = forms.Textarea({"rows": 3})
        return forms.CharField(widget=area, max_length=field.longest, **common)
    if kind in {"limit", "span"}:
        return forms.CharField(**common)
    return forms.JSONField(**common)


def build_form(option: Option, data: Any = None) -> forms.Form:
    """Return the form of an event; what is left empty is not sent."""
    form = forms.Form(data, prefix="event")
    form.fields.update({name: build_field(name, field) for name, field in option.payload.items()})
    return form


def read_payload(form: forms.Form) -> dict[str, object]:
    """Return what was filled in, as facts: what is empty is not sent, an instant has its zone."""
    filled = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
    return give_zones(filled)


def show_event(request: HttpRequest, label: str, key: str, event: str) -> HttpResponse:
    """Show the form of an event of a row, and send the event.

    Args:
        request: the request; `next` says where to go on.
        label: the model, such as `helpdesk.ticket`.
        key: the key of the row.
        event: the event.
    """
    try:
        guard = require_guard(label)
        row: Any = get_object_or_404(guard.rows(request), pk=key)
    except (LookupError, ValueError, ValidationError) as problem:  # of a key that cannot be one
        raise Http404 from problem
    try:
        return show_event_of(guard, row, request, event)
    except TelecomRulesError as problem:  # it has no case, or one that cannot be read
        refusal = {"detail": say(problem.wording), "reasons": []}
        return answer(request, row, None, None, refusal)


def show_event_of(guard: Guard, row: Any, request: HttpRequest, event: str) -> HttpResponse:
    """Show the form of an event of a row that exists, and send the event.

    Raises:
        TelecomRulesError: the rules cannot be asked about the row.
    """
    option = next((each for each in rules_of(row).allowed() if each.event == event), None)
    if option is None:
        title = guard.workflow.events[event].title if event in guard.workflow.events else None
        outcome: Any = rules_of(row).case.send(event, {}, at=now())
        return answer(request, row, title, None, tell_refused(outcome))
    form = build_form(option, request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        payload = read_payload(form)
        outcome = rules_of(row).send(event, payload)
        if not isinstance(outcome, Refused):
            return HttpResponseRedirect(find_next(request, row))
        refusal = tell_refused(outcome)
    elif option.allowed is False:
        refusal = {"detail": "", "reasons": [tell_reason(each) for each in option.reasons]}
    return answer(request, row, option.title, form, refusal)


def answer(
    request: HttpRequest, row: Any, title: Wording | None, form: forms.Form | None, refusal: Any
) -> HttpResponse:
    """Return the page of an event, with status 403 if it was refused."""
    context = {
        "row": row,
        "title": "" if title is None else say(title),
        "form": form,
        "refusal": refusal,
        "next": find_next(request, row),
    }
    status = 403 if refusal and request.method == "POST" else 200
    return render(request, "telecom_rules/event.html", context, status=status)


def find_next(request: HttpRequest, row: Any) -> str:
    """Return where to go on: `next` if it is an address of this site, else the page of the row."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure()):
        return asked
    return row.get_absolute_url() if hasattr(row, "get_absolute_url") else "/"


urlpatterns = [
    path("<str:label>/<str:key>/<str:event>/", login_required(show_event), name="event"),
]
