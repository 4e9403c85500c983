"""Values as JSON: stable keys, both languages; and they pickle, copy and pass a web framework."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from pydantic import TypeAdapter

from telecom_rules import Finding, Span, errors
from telecom_rules.frozen import dump_value
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, Case, Entry, Option, Refused, Stranded
from tests.shipped import shipped
from tests.web import ask
from tests.workflows.house import FACTS, START, complaint, started

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent / "dumped.json"


def values() -> dict[str, Any]:
    """Return one value of each kind that a host shows or sends on."""
    opened = complaint().open(FACTS, at=START, id="C-1", actor="u42")
    case = opened.case
    refused = case.send("withdraw", at=START, by="agent", actor="u42")
    barred = case.send("record", {"customer_id": "x" * 30}, at=START, by="agent")
    ticked = case.tick(START + timedelta(days=40))
    recorded = case.send("record", {"customer_id": "U", "content": "c"}, at=START, by="agent")
    major = {"grade": "major"}
    assert isinstance(recorded, Accepted)
    accepted = recorded.case.send("classify", major, at=START, by="supervisor")
    kept = recorded.case.send("classify", major, at=START, by="agent")
    received = {"customer_id": "K1", "channel": "phone", "content": "x", "received_at": START}
    begun = shipped().workflows["complaint_handling"].open(received, at=START, id="C-2")
    assert isinstance(accepted, Accepted)
    assert isinstance(refused, Refused)
    assert isinstance(barred, Refused)
    assert isinstance(kept, Refused)
    return {
        "accepted": accepted,
        "refused": refused,
        "refused payload": barred,
        "refused guard": kept,
        "reason": refused.reasons[0],
        "option": case.allowed("agent")[0],
        "option barred": case.allowed("agent")[1],
        "ways": case.ways("closed", "tmf621", by="agent"),
        "no way": case.ways("answered", by="agent"),
        "due": case.due[0],
        "breach": ticked.breaches[0],
        "ticked": ticked,
        "effect": accepted.effects[0],
        "entry": opened.entry,
        "refusal entry": refused.entry,
        "clause": case.workflow.cites[0],
        "stranded": Stranded("C-1", "1.0.0", "sha256:1", ("open",), refused.reasons),
        "judgement": shipped().workflows["complaint_handling"].judge([begun.entry])[0],
        "problem": errors.FactProblem("grade", Wording("错", "wrong"), ("general", "major")),
        "facts error": errors.FactsError(
            "complaint", [errors.FactProblem("a", Wording("错", "no"))]
        ),
        "not in force": errors.NotInForce("reply", START.date()),
    }


VALUES = values()
PLAIN: list[type] = [dict, list, str, int, float, bool, type(None)]


def rulings() -> dict[str, Any]:
    """Return the values of the pack that ships: of decisions, questions, findings."""
    pack = shipped()
    day = START.date()
    conduct = pack.policies["complaint_conduct"]
    decision = conduct.decide({}, on=day)
    adopted = pack.workflows["complaint_handling"].adopt({}, "recorded", at=START, id="C-3")
    return {
        "decision": decision,
        "check": decision.results[0],
        "question": pack.policies["complaint_grade"].ask({}, on=day),
        "finding": Finding("TR101", Span("a.yaml"), {"key": "until"}),
        "adopted": adopted,
        "case": adopted.case,
        "clocks": dict(started().clocks),
    }


def leaves(value: Any) -> list[type]:
    if isinstance(value, dict):
        assert {type(key) for key in value} <= {str}
        return [type(value), *(kind for each in value.values() for kind in leaves(each))]
    if isinstance(value, list):
        return [type(value), *(kind for each in value for kind in leaves(each))]
    return [type(value)]


def test_the_keys_and_texts_are_those_that_programs_know() -> None:
    # A key may be added, never renamed. To write the file anew, delete it and run this twice.
    found = {name: dump_value(each) for name, each in VALUES.items()}
    text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    text = re.sub("sha256:[0-9a-f]{64}", "sha256:0", text)
    if not GOLDEN.exists():
        GOLDEN.write_text(text, encoding="utf-8", newline="\n")
        pytest.fail(f"{GOLDEN.name} was written")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", VALUES)
def test_a_dump_is_made_of_plain_json_throughout(name: str) -> None:
    dumped = dump_value(VALUES[name])
    assert set(leaves(dumped)) <= set(PLAIN)
    assert json.loads(json.dumps(dumped, allow_nan=False)) == dumped


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_value_is_copied_as_an_equal_one(name: str, copied: Callable[[Any], Any]) -> None:
    again = copied(VALUES[name])
    assert dump_value(again) == dump_value(VALUES[name])


@pytest.mark.parametrize("name", VALUES)
def test_the_encoder_of_fastapi_takes_it(name: str) -> None:
    value = VALUES[name]
    if isinstance(value, Exception):
        value = value.dump()  # type: ignore[attr-defined]  # one of ours
    assert json.dumps(jsonable_encoder(value), allow_nan=False)


@pytest.mark.parametrize("kind", [Accepted, Refused, Option, Entry, Case])
def test_pydantic_writes_a_value_as_its_dump(kind: type) -> None:
    value = next((each for each in VALUES.values() if type(each) is kind), started())
    adapter = TypeAdapter(kind)
    assert adapter.dump_python(value, mode="json") == value.dump()
    assert adapter.json_schema(mode="serialization")["type"] == "object"


def test_a_typed_route_answers_with_the_dumps() -> None:
    app = FastAPI()
    case = started()

    @app.get("/actions")
    def actions() -> list[Option]:
        return list(case.allowed("agent"))

    @app.get("/send")
    def send() -> Accepted | Refused:
        return case.send("withdraw", at=START, by="agent")

    assert ask(app, "GET", "/actions").json() == [each.dump() for each in case.allowed("agent")]
    told = [each.dump() for each in VALUES["refused"].reasons]
    assert ask(app, "GET", "/send").json()["reasons"] == told
    assert ask(app, "GET", "/openapi.json").status_code == 200


@pytest.mark.parametrize("name", ["option", "due", "reason", "breach", "effect", "clause"])
def test_a_value_that_needs_no_rules_is_pickled_as_an_equal_one(name: str) -> None:
    value = VALUES[name]
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
    assert dataclasses.asdict(value)


@pytest.mark.parametrize(("name", "value"), rulings().items())
def test_what_the_rules_give_is_written_and_encoded_as_well(name: str, value: Any) -> None:
    assert json.dumps(jsonable_encoder(value), allow_nan=False)
    if name != "clocks":
        assert json.loads(json.dumps(value.dump(), allow_nan=False)) == value.dump()


def test_whatever_a_reason_names_is_written_as_json() -> None:
    assert dump_value((Decimal("1.50"), START, {"b", "a"}, timedelta(seconds=90), {1: None})) == [
        "1.50",
        "2026-03-01T09:00:00+08:00",
        ["a", "b"],
        "90s",
        {"1": None},
    ]
