"""The complaint service of `examples/fastapi_crm`, over HTTP."""

from __future__ import annotations

import ast
import importlib
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from telecom_rules.interop.tmforum import LIFE_CYCLES
from tests.web import ask

if TYPE_CHECKING:
    from types import ModuleType

    import httpx

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "fastapi_crm"
TMF621 = "/tmf-api/troubleTicket/v4/troubleTicket"
ASSESSED = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}


def forget() -> None:
    for name in [each for each in sys.modules if each.startswith("examples.fastapi_crm")]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The service on a database of its own; its modules make it when they are imported."""
    forget()
    with pytest.MonkeyPatch.context() as environment:
        place = tmp_path_factory.mktemp("crm") / "crm.db"
        environment.setenv("CRM_DATABASE", f"sqlite:///{place}")
        module = importlib.import_module("examples.fastapi_crm.crm")
    module.Base.metadata.create_all(module.engine)
    yield module
    module.engine.dispose()
    forget()


def say(crm: ModuleType, method: str, path: str, user: str = "li", **named: Any) -> httpx.Response:
    return ask(crm.app, method, path, headers={"x-user": user, "accept-language": "zh"}, **named)


def opened(crm: ModuleType, **facts: Any) -> str:
    complaint = {
        "customer_id": "K100001",
        "channel": "phone",
        "content": "断线",
        "received_at": datetime.now(UTC).isoformat(),
    }
    answer = say(crm, "POST", "/complaints", json={**complaint, **facts})
    assert answer.status_code == 201
    return answer.json()["case"]


def count_statements(name: str) -> int:
    """The lines of a file with code: no blank ones, comments or docstrings."""
    text = (FOLDER / name).read_text("utf-8")
    told = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or 0) + 1)
    }
    lines = enumerate(text.splitlines(), start=1)
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in told
        for number, line in lines
    )


def test_the_rules_are_connected_in_forty_lines() -> None:
    assert count_statements("rules.py") <= 40


def test_the_statuses_are_those_that_are_published(crm: ModuleType) -> None:
    assert set(get_args(crm.tmf621.Status)) == set(LIFE_CYCLES["tmf621"].edges)


def test_a_complaint_is_clicked_through(crm: ModuleType) -> None:
    id = opened(crm)
    path = f"/complaints/{id}"
    assert say(crm, "POST", f"{path}/events/record", json={}).status_code == 200
    assert say(crm, "POST", f"{path}/events/assess", json=ASSESSED).status_code == 200
    assert say(crm, "POST", f"{path}/events/classify", json={}).status_code == 200
    buttons = {each["event"]: each for each in say(crm, "GET", f"{path}/actions").json()}
    assert buttons["withdraw"]["allowed"] is False
    assert "无权" in buttons["withdraw"]["reasons"][0]["wording"]["zh"]
    ticket = say(crm, "GET", f"{TMF621}/{id}").json()
    assert (ticket["@type"], ticket["status"]) == ("TroubleTicket", "inProgress")
    with crm.rules.sessions() as session:
        assert session.get(crm.rules.Ticket, id).status == "inProgress"


def test_a_status_is_written_by_the_event_that_leads_to_it(crm: ModuleType) -> None:
    id = opened(crm)
    refused = say(crm, "PATCH", f"{TMF621}/{id}", json={"status": "cancelled"})
    assert refused.status_code == 403
    assert "“客户服务人员”无权执行“撤回投诉”" in refused.json()["detail"]
    far = say(crm, "PATCH", f"{TMF621}/{id}", json={"status": "resolved"})
    assert (far.status_code, far.json()["reasons"][0]["kind"]) == (409, "no_way")
    done = say(crm, "PATCH", f"{TMF621}/{id}", "zhao", json={"status": "cancelled"})
    assert (done.status_code, done.json()["status"]) == (200, "cancelled")
    assert say(crm, "PATCH", f"{TMF621}/{id}", json={"status": "nonsense"}).status_code == 422
    assert say(crm, "GET", f"{TMF621}/nothing").status_code == 404


def test_a_user_without_roles_may_look_and_change_nothing(crm: ModuleType) -> None:
    id = opened(crm)
    assert say(crm, "GET", f"/complaints/{id}", "guest").status_code == 200
    refused = say(crm, "POST", f"/complaints/{id}/events/record", "guest", json={})
    assert (refused.status_code, refused.json()["reasons"][0]["kind"]) == (403, "role")
    assert say(crm, "GET", f"/complaints/{id}", "stranger").status_code == 401


def test_the_interview_asks_until_the_grade_is_decided(crm: ModuleType) -> None:
    facts: dict[str, Any] = {}
    asked = []
    while "question" in (answer := say(crm, "POST", "/interview", json=facts).json()):
        question = answer["question"]
        asked.append(question["title"]["zh"])
        facts[question["fact"]] = 1 if question["type"] == "integer" else False
    assert 1 <= len(asked) <= 10
    assert answer["decision"]["known"] is True
    assert answer["explanation"]
    wrong = say(crm, "POST", "/interview", json={"safety_involved": "perhaps"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "facts")


def test_the_worker_records_what_was_not_done_in_time(crm: ModuleType) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=60)
    with crm.rules.sessions.begin() as session:
        crm.rules.store.open(
            session, "complaint_handling", {"received_at": long_ago}, id="C-1", at=long_ago
        )
    assert crm.rules.worker.run_once().ticked == 1
    assert say(crm, "GET", "/complaints/C-1").json()["breaches"]


def test_the_page_is_there_and_asks_only_what_the_service_answers(crm: ModuleType) -> None:
    page = say(crm, "GET", "/").text
    routes = set(say(crm, "GET", "/openapi.json").json()["paths"])
    assert {"/complaints", "/complaints/{id}", "/complaints/{id}/actions"} <= routes
    for asked in ('"/complaints"', "`${path}/actions`", "`${path}/journal`", "/events/${event}"):
        assert asked in page
