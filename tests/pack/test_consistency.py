"""Facts that contradict one another: refused wherever they enter, in words that name them."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules import scenarios
from telecom_rules.checks import check
from telecom_rules.errors import FactsError, InconsistentFacts
from telecom_rules.pack import link
from telecom_rules.policies.policy import engine_of
from telecom_rules.scenarios.coverage.elements import CoverageKind, list_items
from telecom_rules.workflows import Accepted, Refused, Stranded

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Pack, Reading

DAY = date(2026, 3, 1)
ZONE = timezone(timedelta(hours=8))
AT = datetime(2026, 3, 1, 9, tzinfo=ZONE)
PACK = """\
pack: house
version: 1.0.0
title: {zh: 题, en: T}
utc_offset: "+08:00"
require_cites: false
require_titles: false
"""
LAW = """\
source: law
title: {zh: 法, en: Law}
kind: law
clauses: {"1": {title: {zh: 定义, en: Definition}}}
"""
FIELDS = """\
facts: outage
title: {zh: 中断, en: Outage}
fields:
  cii: {type: boolean, title: {zh: 关键信息基础设施, en: Critical infrastructure}}
  lost: {type: boolean, title: {zh: 丧失主要功能, en: Main function lost}}
  began: {type: date?, title: {zh: 开始日期, en: Began}}
  ended: {type: date?, title: {zh: 结束日期, en: Ended}}
  users: {type: integer, title: {zh: 用户数, en: Users}, min: 0}
"""
CONSISTENT = """\
consistent:
  - id: main_function
    title:
      zh: 主要功能只有关键信息基础设施才有
      en: Only critical infrastructure has a main function
    require: cii || !lost
    cites: law:1
  - id: order
    title: {zh: 结束不早于开始, en: It does not end before it begins}
    require: began <= ended
"""
GRADE = """\
policy: grade
title: {zh: 分级, en: Grade}
facts: outage
hit_policy: unique
outputs: {grave: boolean}
rules:
  - {id: lost, when: cii && lost, then: {grave: "true"}}
  - {id: kept, when: cii && !lost, then: {grave: "false"}}
  - {id: other, when: "!cii && !lost", then: {grave: "false"}}
"""
FLOW = """\
workflow: repair
version: 1.0.0
title: {zh: 抢修, en: Repair}
facts: outage
events:
  tell: {title: {zh: 告知, en: Tell}, payload: {lost: boolean}}
  end: {title: {zh: 结束, en: End}, payload: {ended: date}}
  close: {title: {zh: 关闭, en: Close}}
initial: open
states:
  open:
    title: {zh: 处理中, en: Open}
    on:
      tell: {assign: event}
      end: {assign: event, target: over}
      close: closed
  over:
    title: {zh: 已恢复, en: Over}
    always: {guard: lost, target: closed}
    on: {close: closed}
  closed: {type: final, title: {zh: 已关闭, en: Closed}}
"""
SOUND = {"cii": True, "lost": True, "users": 1}
WRONG = {"cii": False, "lost": True, "users": 1}


def reading(facts: str = FIELDS + CONSISTENT, **more: str) -> Reading:
    """Return the small pack."""
    files = {"pack": PACK, "law": LAW, "facts": facts, "grade": GRADE, "flow": FLOW, **more}
    return link({f"{name}.yaml": text.encode() for name, text in files.items()})


def pack(facts: str = FIELDS + CONSISTENT, **more: str) -> Pack:
    """Return the small pack, which has no mistakes."""
    return reading(facts, **more).require_pack()


@pytest.mark.parametrize("given_as", [dict, SimpleNamespace])
def test_a_record_that_contradicts_itself_is_refused_with_both_names_and_the_reason(
    given_as: type,
) -> None:
    with pytest.raises(InconsistentFacts) as caught:
        pack().policies["grade"].decide(given_as(**WRONG), on=DAY)
    problem = caught.value
    assert isinstance(problem, FactsError)
    assert (problem.facts, problem.conditions) == ("outage", ("main_function",))
    assert problem.names == (("cii", "lost"),)
    assert problem.explain("en") == (
        "the data of `outage` contradict one another: Only critical infrastructure has a main"
        " function, but Critical infrastructure (`cii`) = no, Main function lost (`lost`) = yes"
    )
    assert problem.explain("zh") == (
        "`outage` 的数据自相矛盾\uff1a主要功能只有关键信息基础设施才有\uff0c但"
        "关键信息基础设施\uff08`cii`\uff09= 否\uff0c丧失主要功能\uff08`lost`\uff09= 是"
    )
    again = pickle.loads(pickle.dumps(problem))  # noqa: S301 - our own
    assert (again.explain("zh"), again.conditions) == (problem.explain("zh"), problem.conditions)


def test_every_condition_that_is_broken_is_named() -> None:
    facts = {**WRONG, "began": "2026-01-02", "ended": "2026-01-01"}
    with pytest.raises(InconsistentFacts, match="It does not end before it begins, but Began"):
        pack().policies["grade"].decide(facts, on=DAY)


@pytest.mark.parametrize(
    "facts",
    [
        {"lost": True},
        {"cii": False},
        {**SOUND, "began": "2026-01-02"},
        {**SOUND, "ended": "2026-01-02"},
        {**SOUND, "began": "2026-01-02", "ended": "2026-01-02"},
    ],
)
def test_what_is_not_known_never_refuses(facts: dict[str, object]) -> None:
    pack().policies["grade"].decide(facts, on=DAY)


MAYBE = {
    "cii": st.sampled_from([True, False, None]),
    "lost": st.sampled_from([True, False, None]),
    "began": st.sampled_from(["2026-01-01", "2026-01-02", None]),
    "ended": st.sampled_from(["2026-01-01", "2026-01-02", None]),
    "users": st.sampled_from([0, 7, None]),
}
GENERATED = pack().policies["grade"]


@given(st.fixed_dictionaries(MAYBE))
def test_generated_code_refuses_what_exact_evaluation_refuses(facts: dict[str, object]) -> None:
    def answer(make: object) -> object:
        try:
            return make() if callable(make) else make
        except FactsError as problem:
            return problem.explain()

    exact = answer(lambda: engine_of(GENERATED).decide(GENERATED.facts.read(facts), on=DAY).outputs)
    assert answer(lambda: GENERATED.decide(facts, on=DAY).outputs) == exact
    row = SimpleNamespace(**facts)
    assert answer(lambda: GENERATED.decide(row, on=DAY).outputs) == exact


def test_a_table_owes_no_answer_to_a_contradiction() -> None:
    assert check(reading()) == ()
    assert [each.id for each in check(reading(FIELDS))] == ["TR401"]
    double = GRADE + '  - {id: again, when: lost && !cii || users < 0, then: {grave: "true"}}\n'
    assert {each.id for each in check(reading(grade=double))} == {"TR403"}, "it never applies"


@pytest.mark.parametrize(
    ("require", "code"),
    [
        ("cii && !cii", "TR409"),
        ("users < 0", "TR409"),
        ("cii || !cii", "TR410"),
        ("users >= 0", "TR410"),
        ("cii == lost", None),
    ],
)
def test_a_condition_that_refuses_all_or_nothing_is_named(require: str, code: str | None) -> None:
    text = FIELDS + CONSISTENT.replace("cii || !lost", require)
    found = [each for each in check(reading(text)) if each.id in {"TR409", "TR410"}]
    assert [each.id for each in found] == ([code] if code else [])


def test_a_mistake_in_a_condition_is_reported_where_it_is() -> None:
    (wrong,) = reading(FIELDS + CONSISTENT.replace("cii ||", "ci ||")).findings
    assert (wrong.id, wrong.suggestion, wrong.span.line) == ("TR203", "cii", 14)
    twice = reading(FIELDS + CONSISTENT.replace("id: order", "id: main_function")).findings
    assert [each.id for each in twice] == ["TR112"]


def test_a_case_does_not_start_with_a_contradiction() -> None:
    flow = pack().workflows["repair"]
    with pytest.raises(InconsistentFacts):
        flow.start(WRONG, at=AT, id="x")
    with pytest.raises(InconsistentFacts):
        flow.open(WRONG, at=AT, id="x")


@pytest.mark.parametrize(
    ("event", "payload", "facts"),
    [
        ("tell", {"lost": True}, {"cii": False}),
        ("end", {"ended": "2026-01-01"}, {"began": "2026-01-02"}),
    ],
)
def test_an_event_that_brings_a_contradiction_is_refused(
    event: str, payload: dict[str, object], facts: dict[str, object]
) -> None:
    case = pack().workflows["repair"].start(facts, at=AT, id="x")
    outcome = case.send(event, payload, at=AT)
    assert isinstance(outcome, Refused)
    (reason,) = outcome.reasons
    assert (reason.kind, set(reason.data)) == ("facts_invalid", {"facts", "conditions"})
    assert outcome.case.facts == case.facts
    said = {"tell": "Only critical infrastructure", "end": "It does not end before it begins"}
    assert said[event] in outcome.explain("en")
    assert [str(each) for each in reason.cites] == {"tell": ["law:1"], "end": []}[event]


def test_a_contradiction_that_was_stored_does_not_stop_what_does_not_touch_it() -> None:
    case = pack(FIELDS).workflows["repair"].start(WRONG, at=AT, id="x")
    flow = pack(flow=FLOW.replace("1.0.0", "1.1.0") + "migrations: [{from: 1.0.0}]\n").workflows[
        "repair"
    ]
    stranded = flow.migrate(case.dump(), at=AT)
    assert isinstance(stranded, Stranded)
    assert [each.kind for each in stranded.reasons] == ["facts_invalid"]
    assert "Only critical infrastructure has a main function" in stranded.explain("en")
    sound = pack(FIELDS).workflows["repair"].start(SOUND, at=AT, id="x")
    assert not isinstance(flow.migrate(sound.dump(), at=AT), Stranded)


def test_conditions_are_meaning() -> None:
    plain, other = pack(FIELDS), pack()
    retold = pack(FIELDS + CONSISTENT.replace("Only critical", "No more than critical"))
    for kind in ("policies", "workflows"):
        digests = [
            next(iter(getattr(each, kind).values())).digest for each in (plain, other, retold)
        ]
        assert digests[0] != digests[1] == digests[2]
    assert plain.digest != other.digest


SCENARIO = """\
scenarios: grades
title: {zh: 分级, en: Grades}
policy: grade
on: 2026-03-01
tests:
  wrong:
    title: {zh: 矛盾, en: Contradiction}
    given: {cii: false, lost: true}
    error: inconsistent_facts
"""


def run(root: Path, text: str) -> list[str]:
    """Return what is found in a scenario of the small pack, and what it covers of conditions."""
    files = {"pack": PACK, "law": LAW, "facts": FIELDS + CONSISTENT, "grade": GRADE, "flow": FLOW}
    (root / "scenarios").mkdir()
    for name, each in {**files, "scenarios/told": text}.items():
        (root / f"{name}.yaml").write_text(each, encoding="utf-8")
    whole = reading()
    linked = scenarios.read(root, whole.require_pack())
    assert linked.findings == ()
    results = scenarios.run(linked.scenarios, whole.require_pack(), observe=True)
    marks = {mark for each in results for mark in each.marks}
    items = [each for each in list_items(whole) if each.kind is CoverageKind.CONSISTENCY]
    assert [each.name for each in items] == ["outage/main_function", "outage/order"]
    found = [each.concise("en") for result in results for each in result.findings]
    return [*found, *(each.name for each in items if each.mark in marks)]


def test_a_scenario_shows_the_refusal_and_covers_the_condition(tmp_path: Path) -> None:
    assert run(tmp_path, SCENARIO) == ["outage/main_function"]


def test_a_scenario_that_contradicts_itself_unawares_is_named(tmp_path: Path) -> None:
    text = SCENARIO.replace("error: inconsistent_facts", "then: {grave: true}")
    found, covered = run(tmp_path, text)
    assert "TR733" in found
    assert "Only critical infrastructure has a main function" in found
    assert covered == "outage/main_function"


def test_an_event_of_a_scenario_shows_it_too(tmp_path: Path) -> None:
    text = """\
scenarios: repairs
title: {zh: 抢修, en: Repairs}
workflow: repair
start: 2026-03-01 09:00
tests:
  wrong:
    title: {zh: 矛盾, en: Contradiction}
    given: {cii: false}
    steps:
      - send: tell
        with: {lost: true}
        refused: {because: facts_invalid, needs: [cii, lost]}
"""
    assert run(tmp_path, text) == ["outage/main_function"]


def test_an_outcome_is_accepted_where_all_agree() -> None:
    case = pack().workflows["repair"].start({"began": "2026-01-01"}, at=AT, id="x")
    assert isinstance(case.send("end", {"ended": "2026-01-01"}, at=AT), Accepted)
