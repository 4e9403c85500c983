"""Problem documents (RFC 9457): what is wrong, in words, with the reasons and their clauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastapi.responses import JSONResponse

from telecom_rules.adapters.rows import (
    CaseExists,
    Conflict,
    KeyReused,
    NotKept,
    SchemaMismatch,
    UnexpectedState,
    UnknownCase,
)
from telecom_rules.errors import ArgumentError, FactsError, TelecomRulesError, UnknownName
from telecom_rules.frozen import dump_value
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import Wording, read_language, shorten
from telecom_rules.workflows import ReasonKind, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.vocabulary import Json

MEDIA_TYPE = "application/problem+json"
BUSY = 503


DATABASE_BUSY = Wording(
    "数据库正忙，请求未办理；请稍后重试",
    "the database is busy, and nothing was done; ask again in a moment",
)


class BodyError(TelecomRulesError):
    """The body of a request is not an object of JSON."""

    code = "body"


class MediaTypeError(TelecomRulesError):
    """The header does not say that the body is JSON.

    It is refused though it can be read: a page of another site can make the browser of a user send
    texts and forms, with the cookies of the user, but JSON only if the host lets it.
    """

    code = "media-type"


class DatabaseBusy(TelecomRulesError):
    """Others hold what a request needs in the database, and have held it for too long."""

    code = "database-busy"

    def __init__(self) -> None:
        super().__init__(DATABASE_BUSY)


OF_THE_CLIENT = frozenset({"event", "facts", "key", "payload", "to", "vocabulary"})
"""The arguments that come out of a request. A mistake in another one is that of the host: it is for
the log of the host, and no client can do anything about it."""
STATUSES: tuple[tuple[type[TelecomRulesError], int], ...] = (
    (UnknownCase, 404),
    (UnknownName, 404),
    (CaseExists, 409),
    (NotKept, 410),
    (UnexpectedState, 412),
    (KeyReused, 422),
    (FactsError, 422),
    (ArgumentError, 400),
    (BodyError, 400),
    (MediaTypeError, 415),
    (Conflict, 503),
    (SchemaMismatch, 503),
    (DatabaseBusy, 503),
)
"""The status of each error; of any other it is 409: the case is as it is."""
KINDS: tuple[tuple[frozenset[ReasonKind], int], ...] = (
    (frozenset({ReasonKind.UNKNOWN_EVENT, ReasonKind.INTERNAL_EVENT}), 404),
    (frozenset({ReasonKind.BEHIND}), 503),
    (frozenset({ReasonKind.PAYLOAD_INVALID, ReasonKind.FACTS_INVALID}), 422),
)
"""The status of a refusal, by the first of these groups that one of its reasons is of."""
REFUSED = Wording("未被接受", "The event was refused")
ERRORS: Mapping[int, Wording] = {
    400: Wording("请求有误", "The request is not well formed"),
    403: Wording("无权执行", "Not for this role"),
    404: Wording("未找到", "Not found"),
    409: Wording("当前不能执行", "Not possible now"),
    410: Wording("不再保存", "Not kept any more"),
    412: Wording("个案已有变化", "The case has changed"),
    415: Wording("请求体的类型不受支持", "The body is of another type"),
    422: Wording("数据有误", "The data are wrong"),
    503: Wording("请稍后重试", "Try again in a moment"),
}
"""The title of a problem by its status."""
NOT_JSON_TYPE = Wording(
    "请求体的类型（Content-Type）应为 application/json，而不是 {found}",
    "the header Content-Type of the body has to be application/json, not {found}",
)
STALE_FORM = Wording(
    "表单显示之后个案 `{id}` 已有变化，现处于 {found}；请刷新后重试",
    "the case `{id}` has changed since the form was shown, and is in {found} now; show it anew and"
    " ask again",
)
NOT_JSON = Wording("请求体应为 JSON 对象", "the body has to be an object of JSON")


class StaleForm(UnexpectedState):
    """The entity tag of a request is not that of the case: its form is out of date."""

    def __init__(self, id: str, states: Sequence[str]) -> None:
        super().__init__(id, states, ())
        found = "+".join(f"`{each}`" for each in states)
        self.wording = STALE_FORM.fill(id=shorten(id), found=found)


class Problem(NamedTuple):
    """A problem document.

    Attributes:
        status: the status of the response.
        code: what it is, for programs: `refused`, or the code of an error.
        detail: what is wrong and what to do, for people.
        parts: what else the document has: reasons, problems of fields, names.
    """

    status: int
    code: str
    detail: Wording
    parts: Mapping[str, Json]

    def dump(self, language: str) -> dict[str, Json]:
        """Return the document, with its title and detail in one language."""
        return {
            "type": f"urn:telecom-rules:problem:{self.code}",
            "title": ERRORS[self.status].say(language),
            "status": self.status,
            "detail": self.detail.say(language),
            "code": self.code,
            "wording": self.detail.dump(),
            **self.parts,
        }


def status_of(outcome: Refused | TelecomRulesError) -> int:
    """Return the status of HTTP for a refusal or an error.

    Raises:
        ArgumentError: it is neither.
    """
    if isinstance(outcome, TelecomRulesError):
        return next((status for kind, status in STATUSES if isinstance(outcome, kind)), 409)
    outcome = read_instance("outcome", outcome, Refused)
    kinds = {each.kind for each in outcome.reasons}
    if kinds == {ReasonKind.ROLE}:
        return 403
    return next((status for group, status in KINDS if kinds & group), 409)


def describe(outcome: Refused | TelecomRulesError) -> Problem:
    """Return the problem document of a refusal or an error."""
    status = status_of(outcome)
    if isinstance(outcome, TelecomRulesError):
        parts = outcome.dump()
        parts.pop("wording")
        return Problem(status, str(parts.pop("code")), outcome.wording, parts)
    detail = Wording(outcome.explain("zh"), outcome.explain("en"))
    parts = outcome.dump()
    parts.pop("accepted")
    parts["clauses"] = parts.pop("cites")
    return Problem(status, "refused", detail, parts)


def answer_problem(outcome: Refused | TelecomRulesError, language: str) -> JSONResponse:
    """Return the response to a refusal or an error, with its text in a language.

    Raises:
        ArgumentError: `language` is neither Chinese nor English, or `outcome` of another kind.
    """
    chosen = read_language(language)
    problem = describe(outcome)
    headers = {"Content-Language": str(chosen)}
    if problem.status == BUSY:
        headers["Retry-After"] = "1"
    document = dump_value(problem.dump(chosen))
    return JSONResponse(document, problem.status, headers, media_type=MEDIA_TYPE)
