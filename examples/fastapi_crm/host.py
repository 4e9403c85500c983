"""The CRM as it was before the rules came: its tables, its users, its mail."""

from __future__ import annotations

import os

from fastapi import HTTPException, Request
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine(os.environ.get("CRM_DATABASE", "sqlite:///crm.db"))


class Base(DeclarativeBase):
    """The tables of the CRM."""


class Ticket(Base):
    """A ticket, as the lists of the CRM show it."""

    __tablename__ = "ticket"
    id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str | None]
    customer: Mapped[str | None]


USERS = {
    "li": ["agent"],
    "wang": ["agent", "supervisor"],
    "zhao": ["customer"],
    "guest": [],
}
"""The users with their groups."""
MAIL: dict[str, str] = {}
"""What was sent, by a key that keeps a repetition from being sent twice."""


def find_user(request: Request) -> str:
    """Return the user of a request; a real CRM looks at its session or token."""
    name = request.headers.get("x-user", "")
    if name not in USERS:
        raise HTTPException(401, f"set the header X-User to one of: {', '.join(USERS)}")
    return name
