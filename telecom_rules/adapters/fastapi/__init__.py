"""Routes for the cases of a workflow, on FastAPI; the extra `fastapi` has it.

>>> app.include_router(
...     rules_router(store, "complaint_handling", session=Sessions, who=current_user),
...     prefix="/complaints",
... )

Each event is a route of its own, whose body is described in OpenAPI as the payload of the event.
Every error is a problem document (RFC 9457) with the reasons in Chinese and English and the clauses
they rest on.
"""

from telecom_rules.errors import MissingExtra

try:
    import fastapi  # noqa: F401 - asked for once, here, for all modules of the room
except ImportError as problem:
    raise MissingExtra("fastapi") from problem

from telecom_rules.adapters.fastapi.problems import Problem, answer_problem, status_of
from telecom_rules.adapters.fastapi.requests import Who
from telecom_rules.adapters.fastapi.router import rules_router

__all__ = ["Problem", "Who", "answer_problem", "rules_router", "status_of"]
