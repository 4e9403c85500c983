"""A small complaint workflow, and how to make others: what the tests of this room share."""

from __future__ import annotations

from collections import UserDict
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from telecom_rules import vocabulary as words
from telecom_rules import workflows
from telecom_rules.documents import Definition, read, read_as
from telecom_rules.errors import NotInForce
from telecom_rules.findings import Findings
from telecom_rules.vocabulary import (
    BOOLEAN,
    Calendar,
    CalendarYear,
    CatalogueDefinition,
    FactsDefinition,
    Field,
    ParameterDefinition,
    RecordType,
    SourceDefinition,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import Accepted, AskedPolicies, Reason, WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.vocabulary import Record, Value, Vocabulary
    from telecom_rules.workflows import Callees, Case, Refused, Workflow
    from telecom_rules.workflows.workflow import Progress

D = TypeVar("D", bound=Definition)

ZONE = timezone(timedelta(hours=8))

VOCABULARY = {
    SourceDefinition: [
        """
source: spec
title: {zh: 规范, en: Specification}
kind: specification
clauses:
  "7.1.1(1)": {title: {zh: 渠道, en: Channels}}
  "7.1.2(1)": {title: {zh: 受理, en: Acceptance}}
  "7.1.2(2)": {title: {zh: 登记, en: Recording}}
  "7.1.2(3)": {title: {zh: 分类, en: Classification}}
  "7.1.2(6)": {title: {zh: 反馈, en: Feedback}}
""",
        """
source: appeal_measures
title: {zh: 电信用户申诉处理办法, en: Appeal Measures}
kind: rule
clauses:
  "10": {title: {zh: 十五日内答复, en: Answer within 15 days}}
""",
    ],
    CatalogueDefinition: [
        """
catalogue: role
title: {zh: 角色, en: Roles}
codes:
  agent: {title: {zh: 客服, en: Agent}}
  supervisor: {title: {zh: 主管, en: Supervisor}}
  customer: {title: {zh: 用户, en: Customer}}
""",
        """
catalogue: grade
title: {zh: 等级, en: Grade}
codes:
  general: {title: {zh: 一般, en: General}}
  major: {title: {zh: 重大, en: Major}}
""",
    ],
    FactsDefinition: [
        """
facts: complaint
title: {zh: 投诉, en: Complaint}
fields:
  customer_id: {type: text, title: {zh: 客户编号, en: Customer number}, max_length: 20}
  content: {type: text, title: {zh: 内容, en: Content}}
  grade: {type: "grade?", title: {zh: 等级, en: Grade}}
  amount: {type: money, title: {zh: 涉及金额, en: Amount}, min: 0, max: 1000000}
  satisfied: {type: "boolean?", title: {zh: 是否满意, en: Satisfied}}
  reworks: {type: integer, title: {zh: 返工次数, en: Reworks}, min: 0, max: 3}
""",
    ],
    ParameterDefinition: [
        """
parameter: complaint_reply
title: {zh: 投诉答复时限, en: Time to answer a complaint}
unit: calendar_days
stricter: lower
values:
  - {from: 2016-07-30, value: 15, cites: [appeal_measures:10], confidence: high}
""",
        """
parameter: first_contact
title: {zh: 首次联系时限, en: Time to the first contact}
unit: hours
stricter: lower
kind: setting
values:
  - {from: 2020-01-01, value: 24, cites: [spec:7.1.2(3)]}
""",
        """
parameter: large_amount
title: {zh: 大额标准, en: Large amount}
unit: yuan
stricter: lower
kind: setting
values:
  - {from: 2020-01-01, value: 5000, cites: [spec:7.1.2(3)]}
""",
    ],
}

COMPLAINT = """
workflow: complaint_handling
version: 1.0.0
title: {zh: 客户投诉处理, en: Customer complaint handling}
cites: [spec:7.1.2(1)]
facts: complaint
roles: role
events:
  record: {title: {zh: 登记, en: Record}, payload: {customer_id: text, content: text}}
  classify: {title: {zh: 分类, en: Classify}, payload: {grade: grade}}
  contact: {title: {zh: 联系用户, en: Contact the customer}}
  answer: {title: {zh: 答复, en: Answer}}
  feedback: {title: {zh: 反馈, en: Feedback}, payload: {satisfied: "boolean?"}}
  appraise: {title: {zh: 定价, en: Appraise}, payload: {amount: money}}
  withdraw: {title: {zh: 撤回, en: Withdraw}}
  reply_overdue: {title: {zh: 答复超期, en: Reply overdue}}
  contact_overdue: {title: {zh: 联系超期, en: Contact overdue}}
effects:
  notify:
    title: {zh: 通知用户, en: Notify the customer}
    payload: {customer: text, grade: "grade?"}
  alert: {title: {zh: 提醒主管, en: Alert the supervisor}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: received
    until: [answered, closed]
    limit: parameters.complaint_reply
    warn_at: 80%
    on_expiry: reply_overdue
    cites: [appeal_measures:10]
  first_contact:
    title: {zh: 首次联系时限, en: Time to the first contact}
    from: classify
    until: contact
    limit: parameters.first_contact
    on_expiry: contact_overdue
initial: open
states:
  open:
    title: {zh: 处理中, en: Open}
    initial: received
    maps: {tmf621: inProgress}
    on:
      withdraw: {target: closed, by: customer, cites: [spec:7.1.2(6)]}
      reply_overdue: {target: escalated, emit: alert}
      appraise: {by: [agent, supervisor], assign: event}
    states:
      received:
        title: {zh: 已受理, en: Received}
        cites: [spec:7.1.2(1)]
        maps: {tmf621: acknowledged}
        on:
          record: {target: recorded, by: [agent, supervisor], assign: event, cites: [spec:7.1.2(2)]}
      recorded:
        title: {zh: 已登记, en: Recorded}
        cites: [spec:7.1.2(2)]
        on:
          classify:
            - target: major
              by: supervisor
              guard: event.grade == 'major' && amount >= parameters.large_amount
              assign: event
              emit: {effect: notify, with: {customer: customer_id, grade: event.grade}}
              cites: [spec:7.1.2(3)]
            - target: general
              guard: event.grade == 'general'
              by: [agent, supervisor]
              assign: event
              cites: [spec:7.1.2(3)]
      major: {title: {zh: 重大投诉处理, en: Major complaint}, on: {contact: answering}}
      general: {title: {zh: 一般投诉处理, en: General complaint}, on: {contact: answering}}
      answering:
        title: {zh: 待答复, en: Answering}
        on:
          answer: {target: answered, by: agent, requires: [customer_id, grade]}
      answered:
        title: {zh: 已答复, en: Answered}
        tags: waiting
        on:
          feedback:
            - target: closed
              guard: has(event.satisfied) && event.satisfied
              assign: event
            - target: answering
              title: {zh: 返工, en: Rework}
              guard: has(event.satisfied) && !event.satisfied
              assign: {satisfied: event.satisfied, reworks: reworks + 1}
      escalated:
        title: {zh: 已升级, en: Escalated}
        on: {answer: {target: answered, by: supervisor}}
  closed: {type: final, title: {zh: 已结案, en: Closed}, maps: {tmf621: closed}}
"""

PATROL = """
workflow: patrol
version: 2.0.0
title: {zh: 巡检, en: Patrol}
facts: complaint
events:
  begin: {title: {zh: 开始, en: Begin}}
  pause: {title: {zh: 暂停, en: Pause}}
  finish: {title: {zh: 结束, en: Finish}}
  nudge: {title: {zh: 催办, en: Nudge}}
  lapse: {title: {zh: 失效, en: Lapse}}
effects:
  remind: {title: {zh: 提醒, en: Remind}, payload: {times: integer}}
clocks:
  round:
    title: {zh: 每轮时限, en: Time of a round}
    from: [walking, nudge]
    until: [resting, done]
    limit: 2 hours
    warn_at: 50%
    on_expiry: nudge
  whole:
    title: {zh: 全程时限, en: Time of the whole}
    from: on_duty
    until: done
    limit: 10 hours
    on_expiry: lapse
  days:
    title: {zh: 工作日时限, en: Working days}
    from: on_duty
    until: done
    limit: 5 working days
initial: idle
states:
  idle: {title: {zh: 空闲, en: Idle}, on: {begin: on_duty}}
  on_duty:
    title: {zh: 值守, en: On duty}
    initial: walking
    on:
      finish: done
      nudge:
        guard: reworks < 3
        assign: {reworks: reworks + 1}
        emit: {effect: remind, with: {times: reworks}}
      lapse: {target: idle, guard: clocks.whole.expired && !in_state('resting')}
    states:
      walking: {title: {zh: 巡查, en: Walking}, on: {pause: resting}}
      resting: {title: {zh: 休息, en: Resting}, on: {begin: walking}}
  done: {type: final, title: {zh: 完成, en: Done}}
"""

ERRAND = """
workflow: errand
version: 1.0.0
title: {zh: 外勤, en: Errand}
facts: complaint
events:
  ask: {title: {zh: 询问, en: Ask}}
  reply: {title: {zh: 回复, en: Reply}}
  park: {title: {zh: 搁置, en: Park}}
  retry: {title: {zh: 重做, en: Retry}}
  finish: {title: {zh: 完成, en: Finish}}
  late: {title: {zh: 超期, en: Late}}
clocks:
  hours:
    title: {zh: 小时时限, en: Hours}
    from: doing
    until: done
    limit: 30 hours
    pause_in: [waiting, parked]
    warn_at: 50%
    on_expiry: late
  days:
    title: {zh: 日历日时限, en: Days}
    from: doing
    until: done
    limit: 6 days
    pause_in: asked
    warn_at: 80%
  week:
    title: {zh: 工作日时限, en: Working days}
    from: work
    until: done
    limit: 5 working days
    pause_in: waiting
  shift:
    title: {zh: 累计时限, en: Time of the doing}
    from: doing
    until: [asked, parked]
    limit: 8 hours
    warn_at: 25%
    on_reentry: continue
  once:
    title: {zh: 首次时限, en: Time of the first go}
    from: doing
    until: asked
    limit: 1 month
    on_reentry: ignore
initial: work
states:
  work:
    title: {zh: 进行中, en: At work}
    initial: doing
    on: {finish: done, late: parked}
    states:
      doing: {title: {zh: 办理, en: Doing}, on: {ask: asked, park: parked, retry: doing}}
      asked: {title: {zh: 已询问, en: Asked}, tags: waiting, on: {reply: doing, park: parked}}
      parked: {title: {zh: 已搁置, en: Parked}, tags: [idle], on: {reply: doing, ask: asked}}
  done: {type: final, title: {zh: 完成, en: Done}}
"""

START = datetime(2026, 3, 1, 9, tzinfo=ZONE)
FACTS = {"amount": "6000.00", "reworks": 0}


def definitions(kind: type[D]) -> list[D]:
    """Return the definitions of one kind that the tests share."""
    found = Findings()
    nodes = [read(text.encode(), "vocabulary.yaml", found) for text in VOCABULARY[kind]]
    read_in = [read_as(kind, node, found) for node in nodes if node is not None]
    assert [each.concise() for each in found] == []
    return [each for each in read_in if each is not None]


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary of the tests."""
    found = Findings()
    linked = words.link(
        definitions(SourceDefinition),
        definitions(CatalogueDefinition),
        definitions(FactsDefinition),
        definitions(ParameterDefinition),
        found,
    )
    assert [each.concise() for each in found] == []
    return linked


def day(text: str) -> date:
    """Return the date that `text` is."""
    return date.fromisoformat(text)


CALENDAR = Calendar(
    "house",
    Wording("工作日历", "Working days"),
    {2026: CalendarYear(frozenset({day("2026-03-05")}), frozenset({day("2026-03-07")}))},
)
"""The year 2026, with a Thursday in March at rest and the Saturday after it worked."""

SIGNATURES = {
    "triage": Field(RecordType("triage", {"urgent": Field(BOOLEAN)})),
}


def answers(facts: Record, day: date) -> Mapping[str, Mapping[str, Value]]:
    """Decide the one policy of the tests when it is read: urgent above 9,000 yuan."""
    return Triage({"triage": {}}, facts, day)


class Triage(UserDict[str, "Mapping[str, Value]"]):
    """The outputs of the policy `triage`, worked out when they are read."""

    def __init__(self, data: Mapping[str, Mapping[str, Value]], facts: Record, day: date) -> None:
        super().__init__(data)
        self.facts = facts
        self.day = day

    def __getitem__(self, name: str) -> Mapping[str, Value]:
        if self.day.year < 2020:
            raise NotInForce(name, self.day)
        return {"urgent": self.facts["amount"] > 9_000}


ASKED = AskedPolicies(lambda *asked: str(asked[0]), lambda *_: ())
PARALLEL = """
workflow: both
version: 1.0.0
title: {zh: 并行, en: Both}
facts: complaint
events:
  left_on: {title: {zh: 左, en: Left}}
  right_on: {title: {zh: 右, en: Right}}
initial: both
states:
  both:
    title: {zh: 并行, en: Both}
    type: parallel
    states:
      left:
        title: {zh: 左, en: Left}
        initial: left_1
        states:
          left_1: {title: {zh: 左一, en: Left 1}, on: {left_on: {target: left_2}}}
          left_2: {title: {zh: 左二, en: Left 2}}
      right:
        title: {zh: 右, en: Right}
        initial: right_1
        states:
          right_1: {title: {zh: 右一, en: Right 1}, on: {right_on: {target: right_2}}}
          right_2: {title: {zh: 右二, en: Right 2}}
"""


def link(
    text: str,
    file: str = "workflow.yaml",
    calendar: Calendar | None = None,
    callees: Callees | None = None,
) -> tuple[Workflow | None, list[Finding]]:
    """Return the workflow that `text` defines, and every finding."""
    found = Findings()
    root = read(text.encode(), file, found)
    definition = root and read_as(WorkflowDefinition, root, found)
    if not definition:
        return None, found
    terms = replace(vocabulary(), calendar=calendar)
    known = () if callees is None else (callees,)
    workflow = workflows.link(definition, terms, SIGNATURES, answers, ASKED, ZONE, found, *known)
    return workflow, found


def made(text: str, calendar: Calendar | None = None) -> Workflow:
    """Return the workflow that `text` defines, which has no mistakes."""
    workflow, found = link(text, calendar=calendar)
    assert [each.concise() for each in found] == []
    assert workflow is not None
    return workflow


@cache
def complaint() -> Workflow:
    """Return the complaint workflow."""
    return made(COMPLAINT)


@cache
def patrol() -> Workflow:
    """Return a workflow whose clocks tie, warn, repeat and cannot be told."""
    return made(PATROL)


@cache
def errand() -> Workflow:
    """Return a workflow whose clocks pause, go on, run once, and count working days."""
    return made(ERRAND, calendar=CALENDAR)


def started(workflow: Workflow | None = None, **facts: object) -> Case:
    """Return a case that has just started."""
    return (workflow or complaint()).start({**FACTS, **facts}, at=START, id="C-1")


def after(case: Case, *events: tuple[str, dict[str, object], str], hours: int = 1) -> Case:
    """Return `case` after `events`, one every `hours`; each must be accepted."""
    for name, payload, by in events:
        outcome = case.send(name, payload, at=case.at + timedelta(hours=hours), by=by)
        assert isinstance(outcome, Accepted), outcome.explain()
        case = outcome.case
    return case


HALF = str.maketrans("，；：？（）", ",;:?()")


def zh(thing: Reason | Progress | Refused) -> str:
    """Return what is said in Chinese, with all punctuation half-width."""
    text = thing.wording.zh if isinstance(thing, Reason) else thing.explain("zh")
    return text.translate(HALF)


def en(thing: Reason | Progress | Refused) -> str:
    """Return what is said in English."""
    return thing.wording.en if isinstance(thing, Reason) else thing.explain("en")


def said(thing: Reason | Progress | Refused) -> tuple[str, str]:
    """Return what is said in both languages."""
    return zh(thing), en(thing)


RECORD = ("record", {"customer_id": "U-1", "content": "网速慢"}, "agent")
GENERAL = ("classify", {"grade": "general"}, "agent")
MAJOR = ("classify", {"grade": "major"}, "supervisor")
CONTACT = ("contact", {}, "agent")
ANSWER = ("answer", {}, "agent")
