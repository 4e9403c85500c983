"""All that connects the rules with the CRM."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy.orm import Session, sessionmaker

from examples.fastapi_crm.host import MAIL, USERS, Base, Ticket, engine, find_user
from telecom_rules import load
from telecom_rules.adapters.fastapi import Who, rules_router
from telecom_rules.adapters.sqlalchemy import CaseStore, WaitingEffect, Worker, prepare

if TYPE_CHECKING:
    from telecom_rules import Outcome

store = CaseStore(Base.metadata, load(), clock=lambda: datetime.now(UTC))
sessions = sessionmaker(prepare(engine))
worker = Worker(store, sessions)


def current_user(request: Request) -> Who:
    """Return the user with the roles of their groups."""
    name = find_user(request)
    return Who(name, USERS[name])


def write_status(session: Session, outcome: Outcome) -> None:
    """Keep the status of the ticket, in the same transaction as the case."""
    case = outcome.case
    customer = case.facts.get("customer_id")
    session.merge(Ticket(id=case.id, status=case.maps("tmf621"), customer=customer))


@worker.effect("send_result")
def mail_result(effect: WaitingEffect) -> None:
    """Send the result to the customer."""
    MAIL[effect.key] = f"{effect.case}: {effect.payload}"


router = rules_router(
    store,
    "complaint_handling",
    session=sessions,
    who=current_user,
    language="zh",
    also=write_status,
)
