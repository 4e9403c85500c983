"""The router: the routes of the cases of one workflow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError

from telecom_rules.adapters.fastapi import descriptions
from telecom_rules.adapters.fastapi.descriptions import (
    ID,
    IF_MATCH,
    KEY,
    TO,
    VOCABULARY,
    describe_event,
    describe_operation,
)
from telecom_rules.adapters.fastapi.etags import tag_of
from telecom_rules.adapters.fastapi.problems import OF_THE_CLIENT, DatabaseBusy, answer_problem
from telecom_rules.adapters.fastapi.requests import (
    Sent,
    Who,
    describe_case,
    find,
    read_body,
    send,
)
from telecom_rules.adapters.fastapi.transactions import read_sessions, transact
from telecom_rules.adapters.sqlalchemy import CaseStore
from telecom_rules.adapters.sqlalchemy.retrying import is_lost_race
from telecom_rules.errors import ArgumentError, TelecomRulesError
from telecom_rules.values.arguments import read_callable, read_instance
from telecom_rules.vocabulary import dump_value
from telecom_rules.wording import LANGUAGE_PARTS, LANGUAGES, Wording, read_language
from telecom_rules.workflows import Accepted, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.fastapi.transactions import Sessions
    from telecom_rules.wording import Language
    from telecom_rules.workflows import Case, Entry, Event, Outcome, Ways, Workflow

T = TypeVar("T")

WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]*)?)\s*", re.IGNORECASE)
OPEN = Wording("受理：{title}", "Open: {title}")
SHOW = Wording("查看个案", "Show the case")
ACTIONS = Wording("现在可以做什么", "What may happen now, and why not")
WAYS = Wording("如何到达某一状态", "How to get to a state or status")
JOURNAL = Wording("日志", "The journal")
NO_TARGET = Wording(
    "请写明要到达的状态，如 `?to=closed`",
    "name the state or status to get to, such as `?to=closed`",
)


def new_id_of(key: str | None, actor: str | None) -> str:
    """Return the id of a new case: the same one for the same request again."""
    return uuid4().hex if key is None else uuid5(NAMESPACE_URL, f"{actor or ''}\n{key}").hex


def rules_router(
    store: CaseStore,
    workflow: str,
    *,
    session: Sessions,
    who: Callable[..., Any],
    language: str = "en",
    new_id: Callable[[str | None, str | None], str] = new_id_of,
    also: Callable[[Session, Outcome], object] | None = None,
) -> APIRouter:
    """Return the routes of the cases of one workflow.

    =======  ========================  ===========================================================
    method   path                      answer
    =======  ========================  ===========================================================
    `POST`   ``                        201: opens a case; its body are the facts that are known
    `GET`    `/{id}`                   the case, with its `ETag`
    `GET`    `/{id}/actions`           the options of the asker, each with its reasons
    `GET`    `/{id}/ways`              the options that lead to `?to=`, in a `?vocabulary=`
    `GET`    `/{id}/journal`           the journal with its refusals
    `POST`   `/{id}/events/{event}`    one route an event: its body is the payload
    =======  ========================  ===========================================================

    Each request is one transaction, which is done again as a whole after a lost race. `If-Match`
    takes the `ETag` of the form that was filled in: a reminder in the meantime does not spoil it.
    A request with an `Idempotency-Key` is done once, however often it is sent. A mistake of the
    host, such as a clock without a time zone or a `who` that returns no `Who`, goes through as the
    error that it is: for the log, not for the client.

    Args:
        store: the store.
        workflow: the workflow.
        session: what makes a session: a `sessionmaker` or an `async_sessionmaker`.
        who: a dependency that returns the `Who` of a request.
        language: the language of the OpenAPI page, and of answers to those who name none in
            `Accept-Language`.
        new_id: returns the id of a new case, from the idempotency key and the actor. With a key
            it has to be the same each time.
        also: called in the transaction with each accepted outcome, to write the host's own rows.

    Raises:
        UnknownName: the newest pack of the store does not have the workflow.
        ArgumentError: an argument is of another kind.
    """
    chosen = read_language(language)
    session = read_sessions(session)
    who, new_id = read_callable("who", who), read_callable("new_id", new_id)
    also = None if also is None else read_callable("also", also)
    rules = read_instance("store", store, CaseStore).packs[workflow]
    router = APIRouter(tags=[rules.title.say(chosen)])
    routes = Routes(store, rules, session, who, chosen, new_id, also)
    routes.add_opening(router)
    routes.add_reading(router)
    for event in rules.events.values():
        if not event.internal:
            routes.add_event(router, event)
    routes.add_unknown_event(router)
    return router


class Routes:
    """Adds the routes of one workflow to a router."""

    def __init__(
        self,
        store: CaseStore,
        rules: Workflow,
        sessions: Sessions,
        who: Callable[..., Any],
        language: Language,
        new_id: Callable[[str | None, str | None], str],
        also: Callable[[Session, Outcome], object] | None,
    ) -> None:
        self.store = store
        self.rules = rules
        self.name = str(rules.name)
        # Tenants have the same workflows, and a client made from OpenAPI needs a name for each.
        self.operations = "_".join(filter(None, (store.tenant, self.name)))
        self.sessions = sessions
        self.asked = require_who(who)
        self.language = language
        self.new_id = new_id
        self.also = also

    async def answer(
        self,
        request: Request,
        work: Callable[[Session], T],
        respond: Callable[[T], Response],
    ) -> Response:
        """Return the response to what `work` returns, or the problem that it meets."""
        language = choose_language(request, self.language)
        try:
            done = await transact(self.sessions, work)
        except TelecomRulesError as problem:
            if isinstance(problem, ArgumentError) and problem.argument not in OF_THE_CLIENT:
                raise
            return answer_problem(problem, language)
        except DBAPIError as problem:
            if not is_lost_race(problem):
                raise
            return answer_problem(DatabaseBusy(), language)
        return answer_problem(done, language) if isinstance(done, Refused) else respond(done)

    def then(self, session: Session, outcome: Outcome) -> Outcome:
        """Let the host write its own rows beside an accepted outcome."""
        if self.also is not None and isinstance(outcome, Accepted):
            self.also(session, outcome)
        return outcome

    def add_opening(self, router: APIRouter) -> None:
        """Add the route that opens a case."""
        asked = self.asked

        async def open_case(request: Request, who: Who = asked) -> Response:
            body = await request.body()
            key = request.headers.get("idempotency-key")

            def work(session: Session) -> Outcome:
                id = self.new_id(key, who.actor)
                opened = self.store.open(
                    session,
                    self.name,
                    read_body(body, request.headers.get("content-type")),
                    id=id,
                    actor=who.actor,
                    key=key,
                )
                return self.then(session, opened)

            def respond(outcome: Outcome) -> Response:
                place = f"{request.url.path.rstrip('/')}/{outcome.case.id}"
                return answer_outcome(outcome, 201, {"Location": quote(place)})

            return await self.answer(request, work, respond)

        router.add_api_route(
            "",
            open_case,
            methods=["POST"],
            status_code=201,
            summary=OPEN.fill(title=self.rules.title).say(self.language),
            operation_id=f"{self.operations}_open",
            response_model=None,
            openapi_extra=describe_operation(
                descriptions.ACCEPTED,
                *(201, 400, 409, 415, 422, 503),
                language=self.language,
                takes=[KEY],
                body=self.rules.facts.partial_in(self.language),
            ),
        )

    def find_case(self, request: Request) -> Callable[[Session], Case]:
        """Return what finds the case of a request that only reads."""
        id = request.path_params["id"]

        def work(session: Session) -> Case:
            self.store.read_only(session)
            return find(self.store, session, self.name, id)

        return work

    def add_reading(self, router: APIRouter) -> None:
        """Add the routes that show a case."""
        asked = self.asked

        async def show_case(request: Request, who: Who = asked) -> Response:  # noqa: ARG001 - who may not ask is turned away by the host
            return await self.answer(
                request,
                self.find_case(request),
                lambda case: JSONResponse(describe_case(case), headers={"ETag": tag_of(case)}),
            )

        async def list_actions(request: Request, who: Who = asked) -> Response:
            return await self.answer(
                request,
                self.find_case(request),
                lambda case: JSONResponse(
                    dump_value(case.allowed(tuple(who.roles), at=max(self.store.now(), case.at))),
                    headers={"ETag": tag_of(case)},
                ),
            )

        async def list_ways(request: Request, who: Who = asked) -> Response:
            asked_for = request.query_params

            def work(session: Session) -> Ways:
                case = self.find_case(request)(session)
                at = max(self.store.now(), case.at)
                to = asked_for.get("to")
                if to is None:
                    raise ArgumentError("to", NO_TARGET)
                return case.ways(to, asked_for.get("vocabulary"), by=tuple(who.roles), at=at)

            return await self.answer(request, work, lambda ways: JSONResponse(ways.dump()))

        async def list_journal(request: Request, who: Who = asked) -> Response:  # noqa: ARG001 - as above
            def work(session: Session) -> tuple[Entry, ...]:
                return self.store.journal(session, self.find_case(request)(session).id)

            return await self.answer(
                request, work, lambda entries: JSONResponse([each.dump() for each in entries])
            )

        statuses = 200, 404, 409, 410, 503
        for path, endpoint, title, schema, asks in (
            ("", show_case, SHOW, descriptions.CASE, ()),
            ("/actions", list_actions, ACTIONS, descriptions.OPTIONS, ()),
            ("/ways", list_ways, WAYS, descriptions.WAYS, (TO, VOCABULARY)),
            ("/journal", list_journal, JOURNAL, descriptions.ENTRIES, ()),
        ):
            router.add_api_route(
                f"/{{id}}{path}",
                endpoint,
                methods=["GET"],
                summary=title.say(self.language),
                operation_id=f"{self.operations}_{path.strip('/') or 'show'}",
                response_model=None,
                openapi_extra=describe_operation(
                    schema,
                    *statuses,
                    *([400] if asks else ()),
                    language=self.language,
                    takes=[ID, *asks],
                ),
            )

    def add_event(self, router: APIRouter, event: Event) -> None:
        """Add the route of one event."""
        name = str(event.name)
        asked = self.asked

        async def send_event(request: Request, who: Who = asked) -> Response:
            body = await request.body()

            def work(session: Session) -> Outcome:
                headers = request.headers
                sent = Sent(
                    request.path_params["id"],
                    name,
                    read_body(body, headers.get("content-type")),
                    who,
                    headers.get("if-match"),
                    headers.get("idempotency-key"),
                )
                return self.then(session, send(self.store, session, self.name, sent))

            return await self.answer(request, work, answer_outcome)

        router.add_api_route(
            f"/{{id}}/events/{name}",
            send_event,
            methods=["POST"],
            summary=event.title.say(self.language),
            description=describe_event(self.rules, event, self.language),
            operation_id=f"{self.operations}_{name}",
            response_model=None,
            openapi_extra=describe_operation(
                descriptions.ACCEPTED,
                *(200, 400, 403, 404, 409, 410, 412, 415, 422, 503),
                language=self.language,
                takes=[ID, IF_MATCH, KEY],
                body=event.model_in(self.language),
            ),
        )

    def add_unknown_event(self, router: APIRouter) -> None:
        """Add the route that says of an unknown event which ones there are."""
        asked = self.asked

        async def refuse_event(request: Request, who: Who = asked) -> Response:
            def work(session: Session) -> Outcome:
                named = request.path_params
                sent = Sent(named["id"], named["event"], {}, who, None, None)
                return send(self.store, session, self.name, sent)

            return await self.answer(request, work, answer_outcome)

        router.add_api_route(
            "/{id}/events/{event}", refuse_event, methods=["POST"], include_in_schema=False
        )


def require_who(who: Callable[..., Any]) -> Any:
    """Return a dependency that has the `Who` of a request from that of the host.

    Raises:
        ArgumentError: when a request comes, and the host's returns something else.
    """
    asked: Any = Depends(who)

    async def read_who(found: Any = asked) -> Who:
        return read_instance("who", found, Who)

    return Depends(read_who)


def answer_outcome(
    outcome: Outcome, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return the response to an accepted outcome."""
    return JSONResponse(outcome.dump(), status, {"ETag": tag_of(outcome.case), **(headers or {})})


def choose_language(request: Request, otherwise: Language) -> Language:
    """Return the language that the header `Accept-Language` wants most; of equals the first."""
    wanted: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").split(","):
        tag, _, weight = part.partition(";")
        first = LANGUAGE_PARTS.split(tag.strip(), maxsplit=1)[0].lower()
        wanted[first] = max(wanted.get(first, 0.0), read_weight(weight))
    for each in (otherwise, *LANGUAGES):
        wanted.setdefault(each, wanted.get("*", 0.0))
    best = max(filter(LANGUAGES.__contains__, wanted), key=wanted.__getitem__)
    return LANGUAGES[best] if wanted[best] else otherwise


def read_weight(text: str) -> float:
    """Return a weight as `q=0.5` of a header; of one that cannot be read it is 1, as of none."""
    found = WEIGHT.fullmatch(text)
    return float(found[1]) if found else 1.0
