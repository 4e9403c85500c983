"""The routes of a workflow over HTTP: statuses, tags, keys, problems in words."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI, Header, HTTPException, Request
from jsonschema import Draft202012Validator
from sqlalchemy import create_engine, update
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from telecom_rules.adapters.fastapi import Who, rules_router
from telecom_rules.adapters.fastapi.requests import describe_case
from telecom_rules.adapters.sqlalchemy import prepare
from telecom_rules.errors import ArgumentError, UnknownName
from tests.adapters.desk import BEGUN
from tests.adapters.sqlalchemy.place import Place
from tests.shipped import shipped
from tests.web import ask

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

FACTS = {
    "customer_id": "K-100001",
    "channel": "phone",
    "content": "断线",
    "received_at": "2026-03-02T09:00:00+08:00",
}
ASSESSED = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}
RULES = "complaint_handling"


def current_user(request: Request) -> Who:
    """The user of a test names itself: `u42:agent,customer`."""
    actor, _, roles = request.headers.get("authorization", "u42:agent").partition(":")
    if actor == "nobody":
        raise HTTPException(401)
    return Who(actor, [each for each in roles.split(",") if each])


class Service:
    """A host with the routes of complaints."""

    def __init__(self, place: Place, sessions: Any = None, **options: Any) -> None:
        self.place = place
        self.app = FastAPI()
        router = rules_router(
            place.store, RULES, session=sessions or place.sessions, who=current_user, **options
        )
        self.app.include_router(router, prefix="/complaints")

    def ask(self, method: str, path: str, by: str = "u42:agent", **named: Any) -> httpx.Response:
        headers = {"authorization": by, **named.pop("headers", {})}
        return ask(self.app, method, path, headers=headers, **named)

    def open(self, **headers: str) -> str:
        """Open a complaint; return its path."""
        answer = self.ask("POST", "/complaints", json=FACTS, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def send(
        self, path: str, event: str, payload: Any = None, by: str = "u42:agent", **headers: str
    ) -> httpx.Response:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"{path}/events/{event}", by, json=payload or {}, headers=headers)


@pytest.fixture
def place(tmp_path: Path) -> Any:
    place = Place(f"sqlite:///{tmp_path / 'crm.db'}", shipped())
    place.metadata.create_all(place.engine)
    yield place
    place.engine.dispose()


@pytest.fixture
def service(place: Place) -> Service:
    return Service(place)


def problem(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    assert set(found["wording"]) == {"zh", "en"}
    if code is not None:
        assert found["code"] == code
    return found


def test_a_complaint_goes_its_way_over_http(service: Service) -> None:
    path = service.open()
    shown = service.ask("GET", path)
    assert shown.status_code == 200
    assert (shown.json()["state"], shown.json()["maps"]) == ("received", {"tmf621": "acknowledged"})
    assert shown.json()["facts"]["content"] == "断线"
    done = service.send(path, "record")
    assert done.status_code == 200
    assert (done.json()["accepted"], done.json()["state"]) == (True, "recorded")
    assert done.json()["entries"][0]["actor"] == "u42"
    service.send(path, "assess", ASSESSED)
    actions = {each["event"]: each for each in service.ask("GET", f"{path}/actions").json()}
    assert actions["classify"]["allowed"] is True
    assert actions["withdraw"]["allowed"] is False
    assert actions["withdraw"]["reasons"][0]["wording"]["zh"].startswith("“客户服务人员”无权")
    choices = actions["assess"]["payload"]["kind"]["choices"]
    assert choices["fault"] == {"zh": "故障修复", "en": "Repair of a fault"}
    kinds = [each["kind"] for each in service.ask("GET", f"{path}/journal").json()]
    assert kinds == ["start", "event", "event"]


def test_a_screen_shows_the_titles_of_all_parallel_states(place: Place) -> None:
    case = shipped().workflows["quality_monitoring"].start({}, at=place.clock(), id="P-1")
    names = case.state.split("+")
    assert len(names) > 1
    titles = [case.workflow.states[name].title for name in names]
    assert describe_case(case)["title"] == {
        "zh": "、".join(each.zh for each in titles),
        "en": ", ".join(each.en for each in titles),
    }


def test_a_refusal_is_a_problem_with_reasons_and_clauses_in_two_languages(
    service: Service,
) -> None:
    path = service.open()
    found = problem(service.send(path, "withdraw"), 403, "refused")
    assert found["reasons"][0]["kind"] == "role"
    assert set(found["clauses"][0]) == {"clause", "zh", "en"}
    assert found["detail"].startswith("“Withdraw the complaint” was refused:")
    chinese = service.ask(
        "POST", f"{path}/events/withdraw", headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    )
    assert problem(chinese, 403)["detail"].startswith("“撤回投诉”未被接受：")
    assert chinese.headers["content-language"] == "zh"
    kinds = [each["kind"] for each in service.ask("GET", f"{path}/journal").json()]
    assert kinds == ["start", "refusal", "refusal"]


@pytest.mark.parametrize(
    ("event", "body", "by", "status"),
    [
        ("withdraw", {}, "u42:agent", 403),
        ("record", {}, "u42:", 403),
        ("record", {"x": 1}, "u42:agent", 422),
        ("assess", {"safety_involved": "perhaps"}, "u42:agent", 409),
        ("classify", {}, "u42:agent", 409),
        ("no_such_event", {}, "u42:agent", 404),
        ("done.call", {}, "u42:agent", 404),
    ],
)
def test_each_kind_of_refusal_has_its_status(
    service: Service, event: str, body: Any, by: str, status: int
) -> None:
    path = service.open()
    problem(service.send(path, event, body, by), status, "refused")
    assert service.ask("GET", path).json()["sequence"] == 1


def test_data_of_the_wrong_type_are_told_field_by_field(service: Service) -> None:
    path = service.open()
    service.send(path, "record")
    wrong = {**ASSESSED, "earlier_complaints": "many", "media_involved": 3}
    found = problem(service.send(path, "assess", wrong), 422, "refused")
    fields = [each["field"] for each in found["reasons"][0]["data"]["problems"]]
    assert fields == ["earlier_complaints", "media_involved"]
    opened = service.ask("POST", "/complaints", json={"channel": "pigeon"})
    assert problem(opened, 422, "facts")["problems"][0]["allowed"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", ["\ud800"]])
def test_data_that_cannot_be_compared_are_told_field_by_field_with_a_key_as_well(
    service: Service, value: Any
) -> None:
    path = service.open()
    service.send(path, "record")

    def send(place: str, body: Any, **headers: str) -> httpx.Response:
        headers = {"content-type": "application/json", **headers}
        return service.ask("POST", place, content=json.dumps(body), headers=headers)

    for place, body in (
        (f"{path}/events/assess", {**ASSESSED, "affected_customers": value}),
        (f"{path}/events/assess", {**ASSESSED, "\ud800": value}),
        ("/complaints", {**FACTS, "content": value}),
    ):
        found = problem(send(place, body), 422)
        assert problem(send(place, body, **{"idempotency-key": "k"}), 422) == found
    assert service.send(path, "assess", ASSESSED, Idempotency_Key="k").status_code == 200


@pytest.mark.parametrize("value", [float("nan"), "\ud800", "many"])
def test_a_used_key_with_data_that_no_request_could_have_is_a_key_reused(
    service: Service, value: Any
) -> None:
    used = {"content-type": "application/json", "idempotency-key": "k"}
    opened = service.ask("POST", "/complaints", content=json.dumps(FACTS), headers=used)
    path = opened.headers["location"]
    service.send(path, "record", Idempotency_Key="k2")
    for place, body, key in (
        ("/complaints", {**FACTS, "content": value}, "k"),
        (f"{path}/events/record", {"x": value}, "k2"),
        (f"{path}/events/assess", {**ASSESSED, "affected_customers": value}, "k2"),
    ):
        headers = {**used, "idempotency-key": key}
        again = service.ask("POST", place, content=json.dumps(body), headers=headers)
        problem(again, 422, "key-reused")
    assert service.ask("GET", path).json()["sequence"] == 2


def test_data_that_cannot_be_compared_are_refused_for_the_state_with_a_key_as_well(
    service: Service,
) -> None:
    path = service.open()
    body = json.dumps({"safety_involved": float("nan")})
    headers = {"content-type": "application/json"}
    place = f"{path}/events/assess"
    found = problem(service.ask("POST", place, content=body, headers=headers), 409, "refused")
    headers["idempotency-key"] = "k"
    assert problem(service.ask("POST", place, content=body, headers=headers), 409) == found


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b"{", b'"x"', b"null", b"\xff", b"[" * 100_000, b"1" * 5000]
)
def test_a_body_that_is_no_object_is_a_bad_request(service: Service, body: bytes) -> None:
    path = service.open()
    problem(service.ask("POST", f"{path}/events/record", content=body), 400, "body")
    problem(service.ask("POST", "/complaints", content=body), 400, "body")
    assert service.ask("GET", path).json()["sequence"] == 1


@pytest.mark.parametrize("id", ["nothing", "x" * 500, "a%0Ab", "%00", "%F0%9F%98%80"])
def test_a_case_that_is_not_there_is_not_found(service: Service, id: str) -> None:
    for path in ("", "/actions", "/journal", "/ways?to=recorded"):
        problem(service.ask("GET", f"/complaints/{id}{path}"), 404, "unknown-case")
    problem(service.ask("POST", f"/complaints/{id}/events/record"), 404, "unknown-case")


def test_a_case_of_another_workflow_is_not_found(service: Service, place: Place) -> None:
    with place.begin() as session:
        place.store.open(session, "staff_training", {}, id="A-1")
    problem(service.ask("GET", "/complaints/A-1"), 404, "unknown-case")
    problem(service.ask("POST", "/complaints/A-1/events/record"), 404, "unknown-case")


def test_a_form_that_is_out_of_date_changes_nothing(service: Service) -> None:
    path = service.open()
    tag = service.ask("GET", path).headers["etag"]
    done = service.send(path, "record", If_Match=tag)
    assert done.status_code == 200
    problem(service.send(path, "assess", ASSESSED, If_Match=tag), 412, "unexpected-state")
    assert service.ask("GET", path).json()["sequence"] == 2
    for matching in done.headers["etag"], f'"x", W/{done.headers["etag"]}', "*":
        assert service.send(path, "supplement", {"content": "再断"}, If_Match=matching).status_code
    assert service.ask("GET", path).headers["etag"] != done.headers["etag"]


def test_facts_that_changed_make_a_form_out_of_date_as_well(service: Service) -> None:
    path = service.open()
    service.send(path, "record")
    tag = service.ask("GET", path).headers["etag"]
    assert service.send(path, "assess", ASSESSED).status_code == 200
    problem(service.send(path, "classify", If_Match=tag), 412)


def test_a_reminder_does_not_spoil_a_form(service: Service, place: Place) -> None:
    path = service.open()
    shown = service.ask("GET", path)
    place.clock.now += timedelta(days=3)
    with place.begin() as session:
        ticked = place.store.tick(session, shown.json()["case"])
    assert ticked.entries
    again = service.ask("GET", path)
    assert again.json()["sequence"] > shown.json()["sequence"]
    assert again.headers["etag"] == shown.headers["etag"]
    assert service.send(path, "record", If_Match=shown.headers["etag"]).status_code == 200


def test_a_request_with_a_key_is_done_once(service: Service) -> None:
    first = service.ask("POST", "/complaints", json=FACTS, headers={"idempotency-key": "k1"})
    again = service.ask("POST", "/complaints", json=FACTS, headers={"idempotency-key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.headers["location"] == again.headers["location"]
    other = service.ask(
        "POST", "/complaints", json={**FACTS, "content": "x"}, headers={"idempotency-key": "k1"}
    )
    problem(other, 422, "key-reused")
    path = first.headers["location"]
    tag = service.ask("GET", path).headers["etag"]
    one = service.send(path, "record", Idempotency_Key="k2", If_Match=tag)
    two = service.send(path, "record", Idempotency_Key="k2", If_Match=tag)
    assert (one.status_code, one.json()) == (two.status_code, two.json())
    problem(service.send(path, "assess", ASSESSED, Idempotency_Key="k2"), 422, "key-reused")
    assert service.ask("GET", path).json()["sequence"] == 2
    problem(service.send(path, "record", Idempotency_Key="x" * 300), 400, "argument")


def test_ways_to_a_status_are_told(service: Service) -> None:
    path = service.open()
    found = service.ask("GET", f"{path}/ways?to=cancelled&vocabulary=tmf621", "c1:customer").json()
    assert [(each["event"], each["allowed"]) for each in found["options"]] == [("withdraw", True)]
    none = service.ask("GET", f"{path}/ways?to=closed&vocabulary=tmf621").json()
    assert [each["kind"] for each in none["reasons"]] == ["no_way"]
    problem(service.ask("GET", f"{path}/ways?to=clsed&vocabulary=tmf621"), 404, "unknown-name")


def test_ways_to_no_place_are_a_problem_in_both_languages(service: Service) -> None:
    path = service.open()
    found = problem(service.ask("GET", f"{path}/ways"), 400, "argument")
    assert found["argument"] == "to"
    assert found["wording"]["zh"].startswith("参数 `to` 有误")
    page = service.ask("GET", "/openapi.json").json()
    route = page["paths"]["/complaints/{id}/ways"]["get"]
    (asked,) = [each for each in route["parameters"] if each["name"] == "to"]
    assert (asked["in"], asked["required"], asked["schema"]["type"]) == ("query", True, "string")
    assert "400" in route["responses"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en;q=0.1, zh", "zh"),
        ("en;q=0.5,zh-CN;q=0.9", "zh"),
        ("zh;q=0.5, en;q=0.5", "zh"),
        ("fr, en", "en"),
        ("en;q=0, zh;q=0.1", "zh"),
        ("zh;q=0", "en"),
        ("zh;q=0.2, *;q=0.8", "en"),
        ("en;q=0.2, *;q=0.8", "zh"),
        ("zh-TW;q=0.2, en;q=0.5, zh;Q=0.8", "zh"),
        ("*", "en"),
        ("fr", "en"),
        ("zh;q=much", "zh"),
        ("", "en"),
        (";,;q=,", "en"),
    ],
)
def test_an_answer_is_in_the_language_that_is_wanted_most(
    service: Service, header: str, language: str
) -> None:
    found = service.ask("GET", "/complaints/nothing", headers={"accept-language": header})
    problem(found, 404)
    assert found.headers["content-language"] == language


def test_a_row_that_cannot_be_read_is_a_problem_and_not_500(service: Service, place: Place) -> None:
    path = service.open()
    with place.engine.begin() as connection:
        connection.execute(update(place.store.cases).values(snapshot='{"state": "x"}'))
    for answer in service.ask("GET", path), service.send(path, "record"):
        problem(answer, 409, "unreadable-case")


def test_who_is_not_known_is_turned_away_by_the_host(service: Service) -> None:
    path = service.open()
    assert service.send(path, "record", by="nobody:").status_code == 401


def test_the_host_writes_its_own_rows_in_the_same_transaction(place: Place) -> None:
    seen: list[tuple[str, str]] = []

    def also(session: Any, outcome: Any) -> None:
        assert session.in_transaction()
        seen.append((outcome.case.id, outcome.case.state))

    service = Service(place, also=also, new_id=lambda _key, actor: f"{actor}-1")
    path = service.open()
    service.send(path, "record")
    service.send(path, "withdraw")
    assert path == "/complaints/u42-1"
    assert seen == [("u42-1", "received"), ("u42-1", "recorded")]
    twice = service.ask("POST", "/complaints", json=FACTS)
    problem(twice, 409, "case-exists")


def test_an_async_host_has_the_same_routes(place: Place) -> None:
    engine = create_async_engine(place.url.replace("sqlite:", "sqlite+aiosqlite:"))
    prepare(engine)
    service = Service(place, async_sessionmaker(engine))
    path = service.open()
    assert service.send(path, "record").json()["state"] == "recorded"
    problem(service.send(path, "withdraw"), 403, "refused")
    assert service.ask("GET", path).json()["state"] == "recorded"


@pytest.mark.parametrize(("language", "title"), [("zh", "归档记录"), ("en", "Record")])
def test_the_page_of_the_interface_is_in_one_language(
    place: Place, language: str, title: str
) -> None:
    page = Service(place, language=language).ask("GET", "/openapi.json").json()
    route = page["paths"]["/complaints/{id}/events/record"]["post"]
    assert route["summary"] == title
    assert set(route["responses"]) >= {"200", "403", "404", "409", "412", "422", "503"}
    for operations in page["paths"].values():
        for operation in operations.values():
            body = operation.get("requestBody", {"content": {}})
            for content in body["content"].values():
                Draft202012Validator.check_schema(content["schema"])
    events = [path for path in page["paths"] if "/events/" in path]
    sendable = [each for each in shipped().workflows[RULES].events.values() if not each.internal]
    assert len(events) == len(sendable)
    operations = [each["operationId"] for path in page["paths"].values() for each in path.values()]
    assert len(operations) == len(set(operations))


def test_a_workflow_or_language_that_is_not_there_stops_the_start(place: Place) -> None:
    with pytest.raises(UnknownName):
        rules_router(place.store, "complaints", session=place.sessions, who=current_user)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", None])
def test_a_body_that_another_site_could_send_is_refused(service: Service, kind: str | None) -> None:
    path = service.open()
    headers = {} if kind is None else {"content-type": kind}
    for place in f"{path}/events/record", "/complaints":
        found = service.ask("POST", place, content=b"{}", headers=headers)
        problem(found, 415, "media-type")
    assert service.ask("GET", path).json()["sequence"] == 1
    other = {"content-type": "application/vnd.crm+json; charset=utf-8"}
    assert service.ask("POST", f"{path}/events/record", content=b"{}", headers=other).is_success


def test_a_form_that_is_out_of_date_is_told_as_that(service: Service) -> None:
    path = service.open()
    found = problem(service.send(path, "record", If_Match='"other"'), 412, "unexpected-state")
    assert "since the form was shown" in found["detail"]
    assert "``" not in str(found["wording"])


def test_a_case_with_a_chinese_id_has_its_place(place: Place) -> None:
    service = Service(place, new_id=lambda key, actor: "工单 1")  # noqa: ARG005 - their names
    path = service.open()
    assert path.isascii()
    assert service.ask("GET", path).json()["case"] == "工单 1"


def test_two_tenants_have_operations_of_their_own(place: Place) -> None:
    service = Service(place)
    other = place.store.of("南方", place.store.packs)
    router = rules_router(other, RULES, session=place.sessions, who=current_user)
    service.app.include_router(router, prefix="/south")
    page = service.ask("GET", "/openapi.json").json()
    names = [each["operationId"] for path in page["paths"].values() for each in path.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("asks", [False, True], ids=["no parameter", "a parameter of the host"])
def test_the_description_has_the_answer_of_fastapi_only_where_the_host_asks_for_more(
    place: Place, asks: bool
) -> None:
    def user_of_desk(request: Request, desk: int = Header()) -> Who:
        return current_user(request)

    app = FastAPI()
    who = user_of_desk if asks else current_user
    router = rules_router(place.store, RULES, session=place.sessions, who=who)
    app.include_router(router, prefix="/complaints")
    page = ask(app, "GET", "/openapi.json").json()
    theirs = {"application/json"} if asks else set()
    for path, operations in page["paths"].items():
        for method, operation in operations.items():
            described = operation["responses"].get("422", {"content": {}})["content"]
            ours = {"application/problem+json"} if method == "post" else set()
            assert set(described) == ours | theirs
            answer = ask(app, method.upper(), path.replace("{id}", "x"), headers={"desk": "y"})
            if asks:
                assert (answer.status_code, answer.headers["content-type"]) == (422, *theirs)
    show = page["paths"]["/complaints/{id}"]["get"]
    assert [each["name"] for each in show["parameters"] if each["in"] == "path"] == ["id"]


NOT_CLOCKS = [None, "2026", 1e9, BEGUN.replace(tzinfo=None), datetime.max.replace(tzinfo=UTC)]
ROUTES = [("GET", "/actions"), ("GET", "/ways?to=closed"), ("POST", "/events/record")]


@pytest.mark.parametrize("now", NOT_CLOCKS)
def test_a_clock_that_tells_no_instant_is_told_to_the_host_on_each_route(
    service: Service, place: Place, now: Any
) -> None:
    path = service.open()
    assert service.ask("GET", path).status_code == 200
    place.clock.now = now
    for method, rest in ROUTES:
        with pytest.raises(ArgumentError, match="`clock`"):
            service.ask(method, f"{path}{rest}", json={} if method == "POST" else None)


@pytest.mark.parametrize("found", [None, "agent", ("u42", ["agent"]), {"actor": "u42"}])
def test_who_makes_a_request_is_told_to_the_host_if_it_is_none(place: Place, found: Any) -> None:
    app = FastAPI()
    router = rules_router(place.store, RULES, session=place.sessions, who=lambda: found)
    app.include_router(router, prefix="/complaints")
    for method, rest in [*ROUTES, ("GET", ""), ("GET", "/journal"), ("POST", "/events/none")]:
        with pytest.raises(ArgumentError, match="`who`"):
            ask(app, method, f"/complaints/x{rest}", json={} if method == "POST" else None)
    with pytest.raises(ArgumentError, match="`who`"):
        ask(app, "POST", "/complaints", json=FACTS)


def test_an_id_that_the_host_makes_wrongly_is_told_to_the_host(place: Place) -> None:
    service = Service(place, new_id=lambda *_: None)
    with pytest.raises(ArgumentError, match="`id`"):
        service.ask("POST", "/complaints", json=FACTS)


def test_a_database_that_others_hold_is_asked_again_in_a_moment(
    service: Service, place: Place, tmp_path: Path
) -> None:
    path = service.open()
    engine = prepare(create_engine(place.url, connect_args={"timeout": 0.01}))
    hasty = Service(place, sessions=sessionmaker(engine))
    holder = sqlite3.connect(tmp_path / "crm.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    answer = hasty.ask("POST", f"{path}/events/record", json={})
    problem(answer, 503, "database-busy")
    assert answer.headers["retry-after"] == "1"
    for rest in ("", "/actions", "/ways?to=closed", "/journal"):
        assert hasty.ask("GET", f"{path}{rest}").status_code == 200  # who reads waits for nobody
    holder.rollback()
    assert hasty.ask("POST", f"{path}/events/record", json={}).status_code == 200
    engine.dispose()


ROWS = [
    "UPDATE rules_case SET at = 'x'",
    "UPDATE rules_case SET next_due = ''",
    "UPDATE rules_case SET sequence = 'x'",
    f"UPDATE rules_case SET snapshot = '{'[' * 50_000}'",
    f"UPDATE rules_journal SET entry = '{'[' * 50_000}'",
    "UPDATE rules_journal SET at = ''",
    "UPDATE rules_values SET held = 'null'",
    "DELETE FROM rules_journal",
]


@pytest.mark.parametrize("change", ROWS, ids=lambda change: change[:40])
def test_whatever_a_row_holds_is_a_problem_and_not_500(
    service: Service, place: Place, change: str
) -> None:
    path = service.open()
    service.send(path, "record", idempotency_key="k")
    place.run(change)
    for method, rest in [*ROUTES, ("GET", ""), ("GET", "/journal")]:
        answer = service.ask(
            method,
            f"{path}{rest}",
            json={} if method == "POST" else None,
            headers={"idempotency-key": "k"} if method == "POST" else {},
        )
        if answer.status_code != 200:
            assert problem(answer, 409)["code"] in {"unreadable-case", "journal"}
    assert answer.status_code == 409 or "DELETE" in change  # an empty journal is one of its own
