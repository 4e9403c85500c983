"""Who acts: the user of the request that is being answered, or whom the code of the host names."""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.db import IntegrityError
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from telecom_rules.adapters.django.language import say
from telecom_rules.adapters.django.refusals import (
    Forbidden,
    collect_refusals,
    hold_refusals,
    write_refusals,
)
from telecom_rules.adapters.django.settings import SYSTEM
from telecom_rules.adapters.sql_guard import read_refusal
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import LONGEST_ACTOR, read_actor, read_roles
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from django.http import HttpRequest, HttpResponse

    from telecom_rules.adapters.django.guard import Guard

FORM_HEADER = "Telecom-Rules-Form"
"""The header of a refusal that names the form which asks for the missing data."""
JSON = "application/json"
NOT_A_USER = Wording(
    "应为 Django 的用户，而不是 {found}；没有用户时，请使用 `with acting_as(名称, *角色):`",
    "expected a user of Django, found {found}; without one, use `with acting_as(name, *roles):`",
)
NOT_A_REQUEST = Wording(
    "应为 Django 的请求，而不是 {found}", "expected a request of Django, found {found}"
)
TRIGGER = Wording("此变更未被接受", "This change was refused")


@dataclass(frozen=True)
class Sender:
    """Who sends an event.

    Attributes:
        actor: what the journal calls them.
        roles: their roles, in the order to try.
        request: the request they act by, or `None`.
    """

    actor: str | None
    roles: tuple[str, ...]
    request: HttpRequest | None = field(default=None, repr=False)


REQUEST: ContextVar[HttpRequest | None] = ContextVar("telecom_rules_request", default=None)
ACTING: ContextVar[Sender | None] = ContextVar("telecom_rules_acting", default=None)


@contextmanager
def acting_as(actor: str, *roles: str) -> Iterator[None]:
    """Say who acts in code that answers no request, such as a mail import.

    Raises:
        ArgumentError: `actor` is not a printable text, or `roles` are no names.

    >>> with acting_as(mail.sender, "customer"):
    ...     ticket.save()
    """
    sender = Sender(read_actor(actor), read_roles(roles, "roles"), REQUEST.get())
    token = ACTING.set(sender)
    try:
        yield
    finally:
        ACTING.reset(token)


def find_sender(guard: Guard, row: Any, user: Any = None) -> Sender:
    """Return who acts on a row: `user`, else whom `acting_as` names, else the request's user.

    The request is kept and not its user, because a view of a REST API logs the user in itself.

    Raises:
        ArgumentError: `user` is not a user of Django, or the hook `roles` returns no names.
    """
    acting, request = ACTING.get(), REQUEST.get()
    if user is None:
        if acting is not None:
            return acting
        user = getattr(request, "user", None)
    elif not has_attribute(user, "get_username"):
        raise ArgumentError("user", NOT_A_USER.fill(found=quote_found(user)))
    roles = read_roles(guard.roles(row, user, request), "roles")
    if user is None:
        return Sender(SYSTEM, roles, request)
    return Sender(read_name(user), roles, request)


def has_attribute(thing: object, name: str) -> bool:
    """Return whether an object of the host has an attribute, whatever it does when it is asked."""
    try:
        return hasattr(thing, name)
    except MemoryError:
        raise
    except Exception:  # code of the host
        return False


def read_name(user: Any) -> str | None:
    """Return what the journal calls a user: the user name, as far as it can be printed."""
    name = "".join(each for each in str(user.get_username()) if each.isprintable())
    return name[:LONGEST_ACTOR] or None


def read_sent(request: HttpRequest | None) -> Mapping[str, Any]:
    """Return what a request carries, of a form or of JSON; nothing where there is no request.

    Raises:
        ArgumentError: it is not a request.
    """
    if request is None:
        return {}
    if not has_attribute(request, "content_type"):  # that of a REST framework has it as well
        raise ArgumentError("request", NOT_A_REQUEST.fill(found=quote_found(request)))
    if request.content_type != JSON:
        return request.POST.dict()
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


class RulesMiddleware:
    """Knows the request, answers a refusal with 403, and writes refusals after the response.

    The response is made outside the transaction of `ATOMIC_REQUESTS`, so that a refusal written
    here is not rolled back with what it refuses.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        """Answer a request."""
        if self.is_async:
            return self.answer(request)
        keep_body(request)
        token = REQUEST.set(request)
        try:
            with collect_refusals():
                response: HttpResponse = self.get_response(request)
        finally:
            REQUEST.reset(token)
        return response

    async def answer(self, request: HttpRequest) -> HttpResponse:
        """Answer a request of an asynchronous server."""
        keep_body(request)
        token = REQUEST.set(request)
        try:
            with hold_refusals() as held:
                response: HttpResponse = await self.get_response(request)
            if held:
                await sync_to_async(write_refusals)(held)
        finally:
            REQUEST.reset(token)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal as the client reads: JSON for a script, a page for a browser.

        What a trigger refused in a statement that no save came before is answered the same.
        """
        told, form, row = None, None, None
        if isinstance(exception, Forbidden):
            told, form = exception.tell(), exception.form_url(request)
            row = exception.row
        elif isinstance(exception, IntegrityError):
            told = tell_trigger(exception)
        if told is None:
            return None
        response: HttpResponse
        if request.content_type == JSON or not request.accepts("text/html"):
            response = JsonResponse({"error": told["detail"], **told, "form": form}, status=403)
        else:
            context = {
                "refusal": told,
                "row": row,
                "form": form,
                "back": find_own_referer(request),
            }
            response = render_page(request, context)
        if form:
            response[FORM_HEADER] = form
        patch_vary_headers(response, ["Accept", "Accept-Language"])
        return response


def render_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Return the page of a refusal; as plain text where the host finds no templates of apps."""
    try:
        return render(request, "telecom_rules/forbidden.html", context, status=403)
    except TemplateDoesNotExist:
        return HttpResponseForbidden(context["refusal"]["detail"], content_type="text/plain")


def tell_trigger(problem: IntegrityError) -> dict[str, Any] | None:
    """Return why a trigger of ours refused a statement, or `None` if another constraint did."""
    refusal = read_refusal(problem)
    if refusal is None:
        return None
    return {"title": say(TRIGGER), "detail": say(refusal), "event": None, "reasons": []}


def find_own_referer(request: HttpRequest) -> str:
    """Return the page of this site that a request came from, or nothing."""
    referer = request.META.get("HTTP_REFERER", "")
    hosts, secure = {request.get_host()}, request.is_secure()
    return referer if url_has_allowed_host_and_scheme(referer, hosts, secure) else ""


def keep_body(request: HttpRequest) -> None:
    """Read a body of JSON before the view does, so that the hooks of a guard can read it as well.

    One that is too large, or of no known length, is left to the view.
    """
    if request.content_type == JSON:
        length = request.META.get("CONTENT_LENGTH") or ""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if length.isdigit() and (most is None or int(length) <= most):
            request.body  # noqa: B018 - reading keeps it
