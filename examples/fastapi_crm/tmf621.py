"""Complaints as trouble tickets of the TM Forum (TMF621): the status is read, and written."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends

from examples.fastapi_crm.rules import current_user, sessions, store, write_status
from telecom_rules import Case, Outcome, Refused, TelecomRulesError
from telecom_rules.adapters.fastapi import Who, answer_problem
from telecom_rules.adapters.sqlalchemy import retrying

PATH = "/tmf-api/troubleTicket/v4/troubleTicket"
Status = Literal[
    "acknowledged", "cancelled", "closed", "held", "inProgress", "pending", "rejected", "resolved"
]
"""`TroubleTicketStatusType`."""
User = Annotated[Who, Depends(current_user)]

router = APIRouter(tags=["TMF621"])


@router.get("/{id}", summary="查看工单", response_model=None)
def show_ticket(id: str, user: User) -> object:
    """Return a complaint as a trouble ticket."""
    try:
        with sessions() as session:
            return describe(store.get(session, id))
    except TelecomRulesError as problem:
        return answer_problem(problem, "zh")


@router.patch("/{id}", summary="更改状态", response_model=None)
def change_status(id: str, user: User, status: Annotated[Status, Body(embed=True)]) -> object:
    """Send the event that leads to a status, or say why there is no way."""
    try:
        outcome = write(id, status, user)
    except TelecomRulesError as problem:
        return answer_problem(problem, "zh")
    return answer_problem(outcome, "zh") if isinstance(outcome, Refused) else describe(outcome.case)


def write(id: str, status: str, user: Who) -> Outcome:
    """Send the event that leads to a status; one that needs data is refused, and says which."""
    for attempt in retrying(sessions):
        with attempt as session:
            case = store.get(session, id)
            at = max(store.clock(), case.at)
            ways = case.ways(status, "tmf621", by=user.roles, at=at)
            if ways.nearest is None or ways.reasons:
                return Refused(case, status, at, None, ways.reasons, user.actor)
            event = ways.nearest.event
            outcome = store.send(session, id, event, by=user.roles, actor=user.actor)
            if not isinstance(outcome, Refused):
                write_status(session, outcome)
            return outcome
    raise AssertionError("the last attempt returns or raises")


def describe(case: Case) -> dict[str, Any]:
    """Return a case in the shape of a trouble ticket."""
    return {
        "@type": "TroubleTicket",
        "id": case.id,
        "href": f"{PATH}/{case.id}",
        "ticketType": "complaint",
        "status": case.maps("tmf621"),
        "description": case.facts.get("content"),
        "creationDate": case.facts.get("received_at"),
        "lastUpdate": case.at,
        "relatedParty": [{"id": case.facts.get("customer_id"), "role": "customer"}],
    }
