"""The descriptions of the routes in OpenAPI, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telecom_rules.adapters.fastapi.problems import ERRORS, MEDIA_TYPE
from telecom_rules.adapters.rows import LONGEST_KEY
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from telecom_rules.wording import Language
    from telecom_rules.workflows import Event, Workflow

TEXT = {"type": "string"}
WORDS = {
    "type": "object",
    "properties": {"zh": TEXT, "en": TEXT},
    "required": ["zh", "en"],
}
CLAUSE = {
    "type": "object",
    "properties": {"clause": TEXT, "zh": TEXT, "en": TEXT},
    "required": ["clause", "zh", "en"],
}
REASON = {
    "type": "object",
    "properties": {
        "kind": TEXT,
        "wording": WORDS,
        "cites": {"type": "array", "items": CLAUSE},
        "data": {"type": "object"},
    },
    "required": ["kind", "wording", "cites", "data"],
}
PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "code": TEXT,
        "wording": WORDS,
        "reasons": {"type": "array", "items": REASON},
        "clauses": {"type": "array", "items": CLAUSE},
    },
    "required": ["type", "title", "status", "detail", "code", "wording"],
}
PLACE = {"case": TEXT, "workflow": TEXT, "state": TEXT, "states": {"type": "array", "items": TEXT}}
ACCEPTED = {
    "type": "object",
    "properties": {
        **PLACE,
        "accepted": {"const": True},
        "sequence": {"type": "integer"},
        "title": WORDS,
        "effects": {"type": "array", "items": {"type": "object"}},
        "entries": {"type": "array", "items": {"type": "object"}},
        "cites": {"type": "array", "items": CLAUSE},
    },
    "required": [*PLACE, "accepted", "sequence", "title", "effects", "entries", "cites"],
}
CASE = {
    "type": "object",
    "properties": {
        **PLACE,
        "title": WORDS,
        "final": {"type": "boolean"},
        "sequence": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
        "facts": {"type": "object"},
        "maps": {"type": "object", "additionalProperties": TEXT},
        "due": {"type": "array", "items": {"type": "object"}},
        "breaches": {"type": "array", "items": {"type": "object"}},
    },
    "required": [*PLACE, "title", "final", "sequence", "at", "facts", "maps", "due", "breaches"],
}
OPTION = {
    "type": "object",
    "properties": {
        "event": TEXT,
        "title": WORDS,
        "allowed": {"type": ["boolean", "null"]},
        "reasons": {"type": "array", "items": REASON},
        "targets": {"type": "array", "items": TEXT},
    },
    "required": ["event", "title", "allowed", "reasons", "targets"],
}
OPTIONS = {"type": "array", "items": OPTION}
WAYS = {
    "type": "object",
    "properties": {"to": TEXT, "options": OPTIONS, "reasons": {"type": "array", "items": REASON}},
    "required": ["to", "options", "reasons"],
}
ENTRIES = {"type": "array", "items": {"type": "object"}}
ID = {"name": "id", "in": "path", "required": True, "schema": TEXT}
TO = {"name": "to", "in": "query", "required": True, "schema": TEXT}
VOCABULARY = {"name": "vocabulary", "in": "query", "schema": TEXT}
IF_MATCH = {"name": "If-Match", "in": "header", "schema": TEXT}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {**TEXT, "minLength": 1, "maxLength": LONGEST_KEY},
}

DONE = Wording("已办理", "Done")
ROLES = Wording("可由{roles}执行", "For {roles}")
ANYBODY = Wording("所有角色", "everybody")
GROUNDS = Wording("依据：{clauses}", "Under {clauses}")


def describe_operation(
    schema: dict[str, Any],
    *statuses: int,
    language: Language,
    takes: Iterable[dict[str, Any]] = (),
    body: type[BaseModel] | None = None,
) -> dict[str, Any]:
    """Return the description of a route, whose parameters and body the rules read themselves.

    They word what is wrong with them, in both languages. So FastAPI sees no parameters but those of
    the host, and lists its own answer to wrong ones only where the host has some.

    Args:
        schema: of the good answer.
        statuses: of the good answer, and of the problems that it may have.
        language: of the words.
        takes: its parameters.
        body: the model of its body.
    """
    described: dict[str, Any] = {
        "parameters": list(takes),
        "responses": describe_answers(schema, *statuses, language=language),
    }
    if body is not None:
        data = body.model_json_schema()
        required = bool(data.get("required"))
        described["requestBody"] = {"content": as_json(data), "required": required}
    return described


def describe_answers(
    schema: dict[str, Any], *statuses: int, language: Language
) -> dict[str, dict[str, Any]]:
    """Return the responses of a route: the good one, and the problems that it may have."""
    first, *problems = statuses
    return {
        str(first): {"description": DONE.say(language), "content": as_json(schema)},
        **{
            str(status): {
                "description": ERRORS[status].say(language),
                "content": {MEDIA_TYPE: {"schema": PROBLEM}},
            }
            for status in sorted(problems)
        },
    }


def as_json(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a message of JSON."""
    return {"application/json": {"schema": schema}}


def describe_event(workflow: Workflow, event: Event, language: Language) -> str:
    """Return who may send an event, and what it rests on."""
    moves = [each for state in workflow.states.values() for each in state.on.get(event.name, ())]
    names = dict.fromkeys(role for each in moves for role in each.by)
    anybody = any(not each.by for each in moves)
    roles = ANYBODY if anybody else join_wordings(workflow.roles[name] for name in names)
    lines = [ROLES.fill(roles=roles)]
    cites = dict.fromkeys((*event.cites, *(clause for each in moves for clause in each.cites)))
    if cites:
        lines.append(GROUNDS.fill(clauses=join_clauses(each.wording for each in cites)))
    return "\n\n".join(each.say(language) for each in lines)


def join_clauses(wordings: Iterable[Wording]) -> Wording:
    """Return clauses in one line."""
    return join_wordings(wordings, between=("；", "; "), last=("；", "; "))
