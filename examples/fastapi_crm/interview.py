"""A guided interview: one question at a time, until the grade of a complaint is decided."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body

from examples.fastapi_crm.rules import store
from telecom_rules import TelecomRulesError
from telecom_rules.adapters.fastapi import answer_problem

router = APIRouter(tags=["问答"])


@router.post("", summary="下一个问题，或所得的结论", response_model=None)
def ask(facts: Annotated[dict[str, Any], Body()]) -> object:
    """Return the next question that these facts leave open, or the decision with its reasons."""
    pack = store.packs.newest
    policy = pack.policies["complaint_grade"]
    today = store.clock().astimezone(pack.zone).date()
    try:
        question = policy.ask(facts, on=today)
        if question is not None:
            return {"question": question.dump()}
        decision = policy.decide(facts, on=today)
    except TelecomRulesError as problem:
        return answer_problem(problem, "zh")
    return {"decision": decision.dump(), "explanation": decision.explain("zh")}
