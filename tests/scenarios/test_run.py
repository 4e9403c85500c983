"""What scenarios expect comes true or is a finding at the very place where it is written."""

# ruff: noqa: E501 - an example a line reads best

from __future__ import annotations

import pytest

from telecom_rules import scenarios
from telecom_rules.pack import load
from tests.scenarios.house import CHECKS, FLOW, PACK, POLICY, marked, results

TITLE = "title: {zh: 测试, en: Test}"


def policy_test(body: str) -> str:
    return f"{POLICY}tests:\n  it: {{{TITLE}, {body}}}\n"


def check_test(body: str) -> str:
    return f"{CHECKS}tests:\n  it: {{{TITLE}, {body}}}\n"


def flow_test(*steps: str, then: str = "") -> str:
    listed = "".join(f"      - {{{each}}}\n" for each in steps)
    end = f"    then: {{{then}}}\n" if then else ""
    return f"{FLOW}tests:\n  it:\n    {TITLE}\n    steps:\n{listed}{end}"


HOLDS = {
    "outputs": policy_test("given: {loss: 50}, then: {grade: high}"),
    "rule": policy_test("given: {loss: 50}, rule: high"),
    "day": policy_test("given: {loss: 50}, on: 2024-12-31, then: {grade: low}"),
    "needs": policy_test("needs: loss"),
    "error before anything is in force": policy_test("on: 2019-12-31, given: {loss: 50}, error: not_in_force"),
    "error of facts": policy_test("given: {los: x}, error: facts"),
    "examples": policy_test(
        "rule: high, examples: [{given: {loss: 49.99}, then: {grade: low}, rule: low}, "
        "{given: {loss: 50}}, {given: {loss: 50.01}}]"
    ),
    "rules of a table that takes all": POLICY.replace("policy: grading", "policy: costs")
    + f"tests:\n  it: {{{TITLE}, examples: ["
    + "{given: {loss: 0}, then: {cost: []}, rule: default}, "
    + "{given: {loss: 100}, then: {cost: [5]}, rule: fee}, "
    + "{given: {loss: 101}, then: {cost: [5, 101]}, rule: [fee, loss]}]}\n",
    "checks": check_test("given: {loss: 5}, then: {verdict: fail}, checks: {graded: fail, small: not_applicable}"),
    "accepted": flow_test("send: close, by: boss, then: closed"),
    "facts, effects, policies": flow_test(
        "send: note, by: clerk, with: {loss: 80}, then: {state: open, facts: {loss: 80}, absent: grade, "
        "effects: [{effect: tell, with: {loss: 80}}], policies: {grading: {grade: high}}, cites: book:2}"
    ),
    "due on a day": flow_test("send: note, by: clerk, with: {loss: 1}, then: {due: {reply: 2026-03-17}}"),
    "due at an instant": flow_test("wait: 1 hour, then: {due: {reply: 2026-03-18 00:00}}"),
    "not due": flow_test("send: close, by: boss, then: {due: {reply: none}}"),
    "refused by role": flow_test("send: note, by: boss, with: {loss: 1}, refused: {because: role, cites: book:2}"),
    "refused by guard": flow_test(
        "send: note, by: clerk, with: {loss: 80}", "send: close, by: boss, refused: guard, then: open"
    ),
    "refused payload": flow_test("send: note, by: clerk, with: {los: x}, refused: {because: payload_invalid, needs: [loss, los]}"),
    "refused event": flow_test("send: clasify, refused: unknown_event"),
    "refused internal event": flow_test("send: overdue, refused: internal_event"),
    "last instant in time": flow_test(
        "wait: clocks.reply.deadline, then: {breaches: none, warnings: reply, effects: none}",
        "send: close, by: boss, then: {breaches: none}",
    ),
    "first instant too late": flow_test(
        "wait: clocks.reply.warning, then: {warnings: reply, breaches: none}",
        "wait: clocks.reply.expiry, then: {warnings: none, breaches: reply, facts: {grade: high}}",
        then="breaches: reply, warnings: reply",
    ),
    "event at a moment of a clock": flow_test("send: close, by: boss, at: clocks.reply.deadline", then="breaches: none"),
    "event after working days": flow_test(
        # The 5th of March is a day off: the fourth working day after Monday is Monday.
        "send: note, by: clerk, with: {loss: 1}, after: 4 working days",
        "send: close, by: boss, at: 2026-03-09 08:59, refused: time_backwards",
        "send: close, by: boss, at: 2026-03-09 09:00",
    ),
    "event after a month": flow_test(
        "send: note, by: clerk, with: {loss: 1}, after: 1 month",
        "send: close, by: boss, at: 2026-04-02 09:00, then: {breaches: none}",
        then="breaches: reply",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", HOLDS.values(), ids=HOLDS)
def test_what_comes_true_passes(tmp_path, text):
    (result,) = results(tmp_path, text)
    assert result.passed, [each.concise() for each in result.findings]


FAILS = {
    "output": (policy_test("given: {loss: 50}, then: {grade: «low»}"), "TR730"),
    "output while unknown": (policy_test("then: {grade: «low»}"), "TR730"),
    "rule": (policy_test("given: {loss: 50}, rule: «low»"), "TR730"),
    "needs": (policy_test("given: {loss: 50}, needs: «loss»"), "TR730"),
    "error": (policy_test("given: {loss: 50}, error: «facts»"), "TR730"),
    "another error": (policy_test("on: 2019-12-31, given: {loss: 50}, error: «no_rule_matches»"), "TR730"),
    "check": (check_test("given: {loss: 5}, checks: {graded: fail, «small»: pass}"), "TR730"),
    "accepted": (flow_test("send: «note», by: boss, with: {loss: 1}"), "TR731"),
    "refused": (flow_test("send: close, by: boss, refused: «guard»"), "TR732"),
    "reason": (flow_test("send: note, by: boss, with: {loss: 1}, refused: «guard»"), "TR730"),
    "clause of a refusal": (
        flow_test("send: note, by: boss, with: {loss: 1}, refused: {because: role, cites: «book:1»}"),
        "TR730",
    ),
    "clause of a step": (flow_test("send: close, by: boss, then: {cites: «book:1»}"), "TR730"),
    "state": (flow_test("send: close, by: boss, then: «open»"), "TR730"),
    "fact": (flow_test("send: note, by: clerk, with: {loss: 80}, then: {facts: {loss: «8»}}"), "TR730"),
    "absent": (flow_test("wait: 1 hour, then: {absent: «loss»}"), "TR730"),
    "effects": (flow_test("send: note, by: clerk, with: {loss: 80}, then: {effects: «none»}"), "TR730"),
    "payload of an effect": (
        flow_test("send: note, by: clerk, with: {loss: 8}, then: {effects: [{effect: tell, with: {loss: «9»}}]}"),
        "TR730",
    ),
    "day due": (flow_test("wait: 1 hour, then: {due: {reply: «2026-03-16»}}"), "TR730"),
    "not due": (flow_test("wait: 1 hour, then: {due: {reply: «none»}}"), "TR730"),
    "breach": (flow_test("wait: clocks.reply.deadline, then: {breaches: «reply»}"), "TR730"),
    "warning": (flow_test("wait: clocks.reply.warning, then: {warnings: «none»}"), "TR730"),
    "policy": (flow_test("wait: 1 hour, then: {policies: {grading: {grade: «high»}}}"), "TR730"),
    "end": (flow_test("wait: 1 hour", then="state: «closed»"), "TR730"),
    "clock that does not run": (
        flow_test("send: close, by: boss", "wait: «clocks.reply.expiry»"), "TR734"
    ),
    "year without calendar": (flow_test("wait: «300 working days»"), "TR733"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), FAILS.values(), ids=FAILS)
def test_what_does_not_come_true_is_shown_where_it_is_written(tmp_path, text, code):
    text, place = marked(text)
    (result,) = results(tmp_path, text)
    (finding,) = result.findings
    assert (finding.id, str(finding.span)) == (code, f"scenarios/only.yaml:{place}")


def test_a_failure_says_why_in_both_languages(tmp_path):
    (result,) = results(tmp_path, policy_test("given: {loss: 50}, then: {grade: low}"))
    (finding,) = result.findings
    assert finding.wording.en == "`grade` is High, expected Low"
    assert finding.wording.zh == "`grade` 为高，预期为低"
    english, chinese = (" ".join(each.say(way) for each in finding.notes) for way in ("en", "zh"))
    assert "Reason: the rule high holds" in english
    assert "loss >= parameters.threshold" in english
    assert "理由" in chinese


def test_the_explanation_of_one_outcome_is_given_once(tmp_path):
    (result,) = results(tmp_path, policy_test("given: {loss: 50}, then: {grade: low}, rule: low"))
    assert [bool(each.notes) for each in result.findings] == [True, False]


def test_the_first_step_that_goes_wrong_ends_a_scenario(tmp_path):
    text = flow_test("send: note, by: boss, with: {loss: 1}", "send: close, refused: role")
    (result,) = results(tmp_path, text)
    assert [each.id for each in result.findings] == ["TR731"]


def test_a_case_that_violates_a_property_of_its_workflow_fails(tmp_path):
    (result,) = results(tmp_path, flow_test("send: close, by: boss, then: closed"))
    assert result.passed
    file = tmp_path / "workflows" / "handling.yaml"
    text = file.read_text("utf-8")
    kept = "properties:\n"
    assert text.count(kept) == 1
    file.write_text(text.replace(kept, f"{kept}  - {{absence: closed, cites: book:2}}\n"), "utf-8")
    pack = load(tmp_path)
    (result,) = scenarios.run(scenarios.read(tmp_path, pack).scenarios, pack)
    assert [(each.id, each.span.line) for each in result.findings] == [("TR736", 7)]
    assert "no case ever has “Closed”" in result.findings[0].wording.en


FROM = f"""{FLOW}tests:
  noted:
    {TITLE}
    steps:
      - {{send: note, by: clerk, with: {{loss: 20}}, after: 1 day}}
  closed:
    {TITLE}
    from: noted
    steps:
      - {{send: close, by: clerk, then: closed}}
    then: {{facts: {{loss: 20}}}}
"""


def test_a_scenario_goes_on_where_another_ended(tmp_path):
    assert [each.passed for each in results(tmp_path, FROM)] == [True, True]


def test_a_scenario_that_goes_on_from_a_failure_says_so(tmp_path):
    wrong = FROM.replace("by: clerk, with", "by: boss, with")
    noted, closed = results(tmp_path, wrong)
    assert [each.id for each in noted.findings] == ["TR731"]
    assert [each.wording.en for each in closed.findings] == [
        "the scenario that it continues, `handling/noted`, failed"
    ]


def test_the_one_it_goes_on_from_need_not_have_been_run(tmp_path):
    results(tmp_path, FROM)
    pack = load(tmp_path)
    _, closed = scenarios.read(tmp_path, pack).scenarios
    assert [each.passed for each in scenarios.run([closed], pack)] == [True]


def test_limits_from_facts_and_the_close_of_business_are_told_like_any_other(tmp_path, monkeypatch):
    name = next(each for each in PACK if each.startswith("facts/"))
    field = 'fields:\n  agreed: {type: "integer?", title: {zh: 约定天数, en: Agreed days}}\n'
    monkeypatch.setitem(PACK, name, PACK[name].replace("fields:\n", field))
    days = "calendars/days.yaml"
    monkeypatch.setitem(PACK, days, PACK[days] + 'close_of_business: "17:30"\n')
    flow = "workflows/handling.yaml"
    limit = "limit: agreed days\n    ends: close_of_business"
    monkeypatch.setitem(PACK, flow, PACK[flow].replace("limit: parameters.reply", limit))
    start = FLOW.replace("given: {loss: 10}", "given: {loss: 10, agreed: 3}")
    test = flow_test(
        "send: note, by: clerk, with: {loss: 1}, then: {due: {reply: 2026-03-06}}",
        "wait: clocks.reply.expiry, then: {breaches: reply, facts: {grade: high}}",
    ).replace(FLOW, start)
    (result,) = results(tmp_path, test)
    assert result.passed, [each.concise() for each in result.findings]
    (result,) = results(tmp_path, test.replace("reply: 2026-03-06", "reply: 2026-03-06 17:30"))
    assert result.passed, [each.concise() for each in result.findings]
    (result,) = results(
        tmp_path, test.replace("agreed: 3", "loss: 10").replace("loss: 10, loss: 10", "loss: 10")
    )
    told = result.findings[0]
    assert "`undetermined` (when it started, “Agreed days” (`agreed`) was not" in told.concise()
    assert "`undetermined`（起算时“约定天数”（`agreed`）未知" in told.concise("zh")
