"""The pydantic models of payloads and of partial facts: they take what `send` and `open` take."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from telecom_rules.errors import ArgumentError, FactsError
from telecom_rules.workflows import Refused
from tests.shipped import shipped
from tests.workflows.house import FACTS, START, complaint, patrol, started
from tests.workflows.test_journal import PAYLOADS

RECORDED = {"customer_id": "U-1", "content": "网速慢"}
TAKEN_IN = {
    "record": "received",
    "classify": "recorded",
    "contact": "general",
    "feedback": "answered",
    "appraise": "received",
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


def takes(model: Any, data: dict[str, object]) -> bool:
    try:
        model.model_validate(data)
    except ValidationError:
        return False
    return True


def test_an_event_has_a_model_of_its_payload_and_send_takes_an_instance() -> None:
    model = complaint().events["record"].model
    held: Any = model(**RECORDED)
    assert held.content == "网速慢"
    assert started().send("record", held, at=START, by="agent") == started().send(
        "record", RECORDED, at=START, by="agent"
    )
    assert pickle.loads(pickle.dumps(held)) == held  # noqa: S301 - our own bytes
    assert complaint().events["record"].model is model
    assert complaint().events["contact"].model() is not None


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(TAKEN_IN)), st.data())
def test_the_model_takes_exactly_what_send_takes(event: str, data: st.DataObject) -> None:
    fields = complaint().events[event].payload.fields
    known = st.sampled_from([each for each in PAYLOADS.get(event, [{}]) if each is not None])
    anything = st.dictionaries(st.sampled_from([*fields, "other"]), ANY, max_size=3)
    payload: Any = data.draw(known | anything)
    case = complaint().adopt(FACTS, TAKEN_IN[event], at=START, id="C-1").case
    outcome = case.send(event, payload, at=START, by="supervisor")
    kinds = {each.kind for each in outcome.reasons} if isinstance(outcome, Refused) else set()
    assert takes(complaint().events[event].model, payload) is ("payload_invalid" not in kinds)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*complaint().facts.fields, "other"]), ANY, max_size=3))
def test_the_partial_model_takes_exactly_what_open_takes(data: dict[str, object]) -> None:
    try:
        complaint().open(data, at=START, id="C-1")
        opened = True
    except FactsError:
        opened = False
    assert takes(complaint().facts.partial, data) is opened


def test_all_facts_are_optional_in_the_partial_model() -> None:
    facts = complaint().facts
    held = facts.partial(content="x")
    assert facts.read(held) == {"content": "x"}
    assert "required" not in facts.partial.model_json_schema()
    assert facts.partial.__name__ == "complaint_partial"
    assert facts.partial is facts.partial
    assert pickle.loads(pickle.dumps(held)) == held  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("language", "title", "field", "codes"),
    [
        ("zh-Hans", "分类", "等级", "general: 一般; major: 重大"),
        ("en", "Classify", "Grade", "general: General; major: Major"),
    ],
)
def test_the_titles_are_in_the_language_chosen(
    language: str, title: str, field: str, codes: str
) -> None:
    schema = complaint().events["classify"].model_in(language).model_json_schema()
    assert schema["title"] == title
    assert schema["properties"]["grade"]["title"] == field
    assert schema["properties"]["grade"]["description"] == codes
    assert list(schema["properties"]["grade"]["x-enum-titles"]) == ["general", "major"]
    facts = complaint().facts
    for model in facts.model_in(language), facts.partial_in(language):
        assert model.model_json_schema()["properties"]["grade"]["title"] == field
    with pytest.raises(ArgumentError, match="language"):
        complaint().events["classify"].model_in("fr")


def test_the_model_in_a_language_is_made_once() -> None:
    event = complaint().events["classify"]
    assert event.model_in("zh") is event.model_in("zh-CN")
    assert event.model_in("zh") is not event.model_in("en")
    assert patrol().facts.partial_in("zh") is complaint().facts.partial_in("zh")


def test_every_schema_of_the_pack_that_ships_is_a_schema() -> None:
    for workflow in shipped().workflows.values():
        models = [each.model_in("zh") for each in workflow.events.values() if not each.internal]
        for model in (*models, workflow.facts.partial_in("zh")):
            schema = model.model_json_schema()
            Draft202012Validator.check_schema(schema)
            assert json.loads(json.dumps(schema)) == schema
