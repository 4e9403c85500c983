"""What a request asks of the store, in the session of its transaction."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.adapters.fastapi.etags import is_match
from telecom_rules.adapters.fastapi.problems import (
    NOT_JSON,
    NOT_JSON_TYPE,
    BodyError,
    MediaTypeError,
    StaleForm,
)
from telecom_rules.adapters.rows import Conflict, UnexpectedState, UnknownCase
from telecom_rules.frozen import Immutable
from telecom_rules.values.arguments import read_actor, read_roles
from telecom_rules.vocabulary import dump_record, dump_value
from telecom_rules.wording import quote_found
from telecom_rules.workflows import Accepted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from telecom_rules.adapters.sqlalchemy import CaseStore
    from telecom_rules.vocabulary import Json
    from telecom_rules.workflows import Case, Outcome

LONGEST_ID = 200
JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json", re.IGNORECASE)
STALE = ("",)
"""States that no case is in: what a request is held to whose form is out of date."""


@dataclass(frozen=True, slots=True)
class Who(Immutable):
    """Who makes a request.

    Attributes:
        actor: the person, as the host calls them, or `None`.
        roles: the roles of the person, in the order to try; none is somebody without a role. A text
            is one role.

    Raises:
        ArgumentError: `actor` is not a printable text, or `roles` are no names.
    """

    actor: str | None = None
    roles: Iterable[str] = ()

    def __post_init__(self) -> None:
        """Read what a host has given: a mistake is told where it was made."""
        if self.actor is not None:
            object.__setattr__(self, "actor", read_actor(self.actor))
        object.__setattr__(self, "roles", read_roles(self.roles, "roles"))


class Sent(NamedTuple):
    """An event that somebody sends.

    Attributes:
        id: the case.
        event: the event.
        payload: its data, as they came.
        who: who sends it.
        if_match: the entity tag of the form, or `None`.
        key: the idempotency key, or `None`.
    """

    id: str
    event: str
    payload: Mapping[str, object]
    who: Who
    if_match: str | None
    key: str | None


def find(store: CaseStore, session: Session, workflow: str, id: str) -> Case:
    """Return a case of a workflow; of another one it is not there.

    Raises:
        UnknownCase: there is none with this id, or it cannot be one.
    """
    if not (0 < len(id) <= LONGEST_ID and id.isprintable()):
        raise UnknownCase(id)
    case = store.get(session, id)
    if case.workflow.name != workflow:
        raise UnknownCase(id)
    return case


def send(store: CaseStore, session: Session, workflow: str, sent: Sent) -> Outcome:
    """Send an event, unless the form is out of date that it comes from.

    The same request again gets its first answer, however old its form is by then.

    Raises:
        StoreError: as `CaseStore.send` does.
    """
    case = find(store, session, workflow, sent.id)
    fresh = is_match(sent.if_match, case)
    try:
        outcome = store.send(
            session,
            sent.id,
            sent.event,
            sent.payload,
            by=tuple(sent.who.roles),
            actor=sent.who.actor,
            expect=None if fresh else STALE,
            key=sent.key,
        )
    except UnexpectedState as problem:
        raise StaleForm(problem.id, problem.states) from None
    # Somebody may have been faster between the two reads; a repeated answer is older than both.
    if isinstance(outcome, Accepted) and outcome.entries[0].sequence > case.sequence:
        raise Conflict(sent.id)
    return outcome


def describe_case(case: Case) -> dict[str, Json]:
    """Return what a screen shows of a case."""
    states = case.workflow.states
    vocabularies = dict.fromkeys(word for each in states.values() for word in each.maps)
    names = {str(word): case.maps(word) for word in vocabularies}
    return {
        "case": case.id,
        "workflow": dump_value(case.workflow.name),
        "state": dump_value(case.state),
        "states": dump_value(case.states),
        "title": case.title.dump(),
        "final": case.final,
        "sequence": case.sequence,
        "at": case.at.isoformat(),
        "next_due": dump_value(case.next_due),
        "facts": dict(dump_record(case.facts)),
        "maps": dump_value({word: name for word, name in names.items() if name is not None}),
        "due": dump_value(case.due),
        "breaches": dump_value(case.breaches),
    }


def read_body(body: bytes, media_type: str | None) -> dict[str, object]:
    """Return the body of a request; an empty one is an empty object.

    Args:
        body: the body.
        media_type: what the header `Content-Type` says that it is, or `None` without one.

    Raises:
        BodyError: it is not an object of JSON.
        MediaTypeError: the header does not say that it is JSON.
    """
    if not body.strip():
        return {}
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BodyError(NOT_JSON) from None
    if not isinstance(data, dict):
        raise BodyError(NOT_JSON)
    if JSON_TYPE.fullmatch((media_type or "").partition(";")[0].strip()) is None:
        raise MediaTypeError(NOT_JSON_TYPE.fill(found=quote_found(media_type or "")))
    return data
