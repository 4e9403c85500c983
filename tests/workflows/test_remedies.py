"""What has to be done so that a refused event is accepted, and who can do it."""

from __future__ import annotations

import json
import pickle
from datetime import timedelta

import pytest

from telecom_rules.errors import ArgumentError
from telecom_rules.workflows import Accepted, Refused
from tests.workflows.house import FACTS, START, made

DESK = """
workflow: desk
version: 1.0.0
title: {zh: 柜台, en: Desk}
facts: complaint
roles: role
events:
  decide:
    title: {zh: 决定, en: Decide}
    payload:
      score: {type: integer, title: {zh: 分数, en: Score}}
      urgent: {type: boolean, title: {zh: 是否紧急, en: Urgent}}
  note:
    title: {zh: 记录, en: Take a note}
    payload:
      text: {type: text, title: {zh: 内容, en: Text}}
      place: {type: text, title: {zh: 地点, en: Place}}
  check: {title: {zh: 核对, en: Check}}
  release: {title: {zh: 放行, en: Release}}
  wait: {title: {zh: 等候期满, en: The wait is over}}
  sign: {title: {zh: 签字, en: Sign}}
initial: here
states:
  here:
    title: {zh: 此, en: Here}
    on:
      decide: {target: there, by: agent, guard: event.score > 60 || event.urgent}
      note: {target: there, by: agent, guard: event.text != '' && event.place != ''}
      check: {target: checked, by: supervisor}
      wait: {target: there, by: agent, guard: 'today >= date("2026-03-20")'}
      sign: {target: there, by: supervisor}
  checked:
    title: {zh: 已核对, en: Checked}
    on:
      release: {target: there, by: [agent, supervisor]}
  there: {title: {zh: 彼, en: There}, type: final}
"""


def refused(event, payload=None, by="agent"):
    case = made(DESK).open(FACTS, at=START, id="D-1").case
    outcome = case.send(event, payload, at=START, by=by)
    assert isinstance(outcome, Refused)
    return outcome


def told(refusal, language="en"):
    """Return the remedies in words, after each has been done."""
    for remedy in refusal.remedies:
        case = refusal.case
        for each in remedy.sendings:
            at = remedy.since or refusal.at
            outcome = case.send(each.event, each.payload, at=at, by=each.by[0])
            assert isinstance(outcome, Accepted)
            case = outcome.case
    return [each.wording.say(language) for each in refusal.remedies]


def test_what_another_role_may_do_as_it_is_names_that_role():
    assert told(refused("sign")) == ["“Sign” (by “Supervisor”)"]


def test_other_data_are_told_to_the_boundary():
    refusal = refused("decide", {"score": 60, "urgent": False})
    assert told(refusal) == [
        "“Decide” (by “Agent”; Score: 61)",
        "“Decide” (by “Agent”; Urgent: yes)",
    ]
    assert told(refusal, "zh")[0] == "“决定”（由“客服”办理；分数：61）"


def test_texts_left_empty_are_to_be_filled_in_together():
    assert told(refused("note", {"text": "", "place": ""})) == [
        "“Take a note” (by “Agent”; Text: to be filled in; Place: to be filled in)"
    ]
    assert len(told(refused("note", {"text": "x", "place": ""}))) == 1


def test_an_event_that_has_to_come_first_is_told_with_its_role():
    assert told(refused("release")) == ["“Check” (by “Supervisor”), then “Release” (by “Agent”)"]


def test_a_day_that_has_to_come_is_told():
    (remedy,) = refused("wait").remedies
    assert remedy.since.date().isoformat() == "2026-03-20"
    assert told(refused("wait")) == ["from 2026-03-20 on “The wait is over” (by “Agent”)"]


def test_a_refusal_that_nothing_mends_has_no_remedy():
    case = made(DESK).open(FACTS, at=START, id="D-1").case
    over = case.send("sign", at=START, by="supervisor").case
    for event in ("sign", "unheard_of"):
        outcome = over.send(event, at=START, by="supervisor")
        assert outcome.remedies == ()
        assert "one of these ways" not in outcome.explain("en", detail="short")
    earlier = case.send("sign", at=START - timedelta(days=1), by="supervisor")
    assert earlier.remedies == ()
    assert refused("decide", {"score": "many"}).remedies == ()


def test_a_refusal_is_told_in_short():
    said = refused("sign").explain("zh", detail="short").splitlines()
    assert said[0] == "“签字”未被接受："
    assert said[-2:] == ["按下列任一方式办理即被接受：", "- “签字”（由“主管”办理）"]
    with pytest.raises(ArgumentError, match="short or full"):
        refused("sign").explain("en", detail="long")


def test_remedies_are_values():
    remedies = refused("decide", {"score": 60, "urgent": False}).remedies
    assert pickle.loads(pickle.dumps(remedies)) == remedies  # noqa: S301 - our own
    dumped = json.loads(json.dumps([each.dump() for each in remedies]))
    assert dumped[0]["sendings"][0]["given"][0]["name"] == "score"
