"""Requests made from the description of the interface: no answer that it does not describe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.adapters.fastapi.test_router import ASSESSED, Service
from tests.adapters.sqlalchemy.place import Place
from tests.shipped import shipped

if TYPE_CHECKING:
    from pathlib import Path

CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def service(tmp_path: Path) -> Any:
    place = Place(f"sqlite:///{tmp_path / 'crm.db'}", shipped())
    place.metadata.create_all(place.engine)
    yield Service(place)
    place.engine.dispose()


def ask(service: Service, case: schemathesis.Case, id: str) -> Any:
    """Make the request that was generated, of a case that is there where it names any other."""
    named = {**(case.path_parameters or {})}
    if named.get("id") and len(named["id"]) % 2:
        named["id"] = id
    asked = case.operation.Case(
        path_parameters=named, query=case.query, headers=case.headers, body=case.body
    )
    sent = asked.as_transport_kwargs(base_url="http://test")
    headers = {
        name: value for name, value in sent["headers"].items() if value.isascii() and value.strip()
    }
    roles = "u42:agent,supervisor,customer"
    path = sent["url"].removeprefix("http://test")
    body = {name: sent[name] for name in ("json",) if sent.get(name) is not None}
    return asked, service.ask(
        case.method, path, roles, params=sent.get("params") or {}, headers=headers, **body
    )


def test_no_request_gets_an_answer_that_is_not_described(service: Service, is_long: bool) -> None:
    path = service.open()
    service.send(path, "record")
    service.send(path, "assess", ASSESSED)
    id = path.rpartition("/")[2]
    schema = schemathesis.openapi.from_dict(service.ask("GET", "/openapi.json").json())
    seen: set[int] = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
        wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

        @settings(
            max_examples=12 if is_long else 6,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        )
        @given(st.one_of(right, wrong))
        def try_it(case: schemathesis.Case) -> None:
            asked, answer = ask(service, case, id)
            seen.add(answer.status_code)
            asked.validate_response(answer, checks=CHECKS)

        try_it()
    assert seen >= {200, 404, 422}
