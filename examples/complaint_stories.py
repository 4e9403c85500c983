"""Invented complaints and the courses they take, each course a short story."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from chance import Dice, flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

BEIJING = timezone(timedelta(hours=8))
MICROSECOND = timedelta(microseconds=1)
REPLY_DAYS = 15
"""Days to answer a complaint: appeal measures, article 10(4)."""
SATURDAY = 5
REST_DAYS = frozenset(
    date(2026, month, day)
    for month, days in (
        (1, (1, 2)), (2, (16, 17, 18, 19, 20, 23)), (4, (6,)), (5, (1, 4, 5)), (6, (19,)),
    )
    for day in days
)  # fmt: skip
"""The days off from Monday to Friday, January to July 2026, as in rules/calendars/china.yaml."""
WORKED = frozenset({date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9)})
"""The weekend days worked instead, likewise."""
TWO_YEARS = timedelta(weeks=104)
"""After which no dispute is taken up as an appeal, in weeks: appeal measures, article 11(1)."""

CHANNELS = (
    "phone", "phone", "phone", "mobile_app", "mobile_app", "online_chat", "online_chat",
    "on_site", "mail", "social_media", "self_service",
)  # fmt: skip

MATTERS = (
    ("charges", "账单中有一项未订购的增值业务。", "退还费用"),
    ("charges", "套餐外流量费用与提醒短信不一致。", "核对并退还差额"),
    ("charges", "已办理停机，次月仍然扣费。", "停止扣费"),
    ("installation", "宽带安装超过公布的时限。", "尽快安装"),
    ("installation", "移机预约两次均无人上门。", "重新预约"),
    ("fault", "固定电话三天没有拨号音。", "尽快修复"),
    ("fault", "宽带中断后修复，次日再次中断。", "彻底修复"),
    ("network_quality", "晚间上网速度明显低于签约速率。", "提升速率"),
    ("network_quality", "地下车库没有信号。", "改善覆盖"),
    ("service_conduct", "营业厅人员态度冷淡，未说明资费。", "道歉"),
    ("free_choice", "办理宽带时被要求必须同时办理电视业务。", "取消电视业务"),
    ("privacy", "办理业务后接到陌生推销电话。", "查明原因"),
    ("other", "积分兑换页面无法打开。", "修复页面"),
)
"""Nature, content and remedy sought: invented, in the words of customers."""

FINDINGS = ("已与客户核实时间、地点和经过。", "已核对账单与订购记录。", "已现场查看线路。")
MEASURES = (
    "已退还费用并关闭业务。",
    "已更换接入设备。",
    "已调整基站参数。",
    "已重新安排人员上门。",
)
RESULTS = ("问题已解决，费用已退还。", "设备已更换，测试正常。", "已上门处理，请您确认。")

ORDINARY = {
    "safety_involved": False,
    "earlier_complaints": 0,
    "media_involved": False,
    "regulator_involved": False,
    "affected_customers": 1,
}
"""The assessment of a complaint in which nothing is out of the ordinary."""

MAJOR = (
    {"safety_involved": True},
    {"earlier_complaints": 2},
    {"earlier_complaints": 3},
    {"media_involved": True},
    {"regulator_involved": True},
    {"affected_customers": 10},
    {"affected_customers": 240},
)
"""What makes a complaint major, at and above the default settings."""

NEARLY_MAJOR: tuple[Mapping[str, object], ...] = (
    {"earlier_complaints": 1},
    {"affected_customers": 9},
    {},
    {},
)
"""What just does not."""


def at_rest(day: date) -> bool:
    """Return whether `day`, of the first half of 2026, is a rest day."""
    return day not in WORKED if day.weekday() >= SATURDAY else day in REST_DAYS


@dataclass
class History:
    """A complaint and what happened to it, while it is being told."""

    now: datetime
    facts: dict[str, object]
    assessment: dict[str, object]
    dice: Dice
    opened_at: datetime = field(init=False)
    offsets: tuple[timezone, ...] = (BEIJING,)
    events: list[dict[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opened_at = self.now

    @property
    def last_instant(self) -> datetime:
        """The last instant at which the answer is in time.

        That is 24:00 of the fifteenth day or, where that is a rest day, of the next working day.
        """
        received = self.opened_at.astimezone(BEIJING)
        midnight = received.replace(hour=0, minute=0, second=0, microsecond=0)
        last = midnight + timedelta(days=REPLY_DAYS)
        while at_rest(last.date()):
            last += timedelta(days=1)
        return last + timedelta(days=1)

    @property
    def handler(self) -> str:
        """The role that handles the complaint once it is graded."""
        ordinary = ({**ORDINARY, **each} for each in NEARLY_MAJOR)
        return "agent" if self.assessment in ordinary else "supervisor"

    def move_back(self, time: timedelta) -> None:
        """Let the complaint be received earlier, before anything happens to it."""
        self.now = self.opened_at = self.opened_at - time
        self.facts["received_at"] = said(self.opened_at, BEIJING)

    def send(self, event: str, by: str, payload: Mapping[str, object] | None = None) -> None:
        """Add an event some minutes or hours after the one before."""
        self.now += timedelta(minutes=5 + self.dice.below(240))
        self.send_at(self.now, event, by, payload)

    def send_at(
        self, at: datetime, event: str, by: str, payload: Mapping[str, object] | None = None
    ) -> None:
        """Add an event at an instant, written in the next of the history's offsets."""
        self.now = at
        written = said(at, self.offsets[len(self.events) % len(self.offsets)])
        entry: dict[str, object] = {"event": event, "at": written, "by": by}
        self.events.append(entry | {"payload": dict(payload)} if payload else entry)

    def record(self) -> None:
        """Acknowledge and record: steps (1) and (2)."""
        self.send("acknowledge", "system")
        self.send("record", "agent")

    def grade(self) -> None:
        """Assess and classify: step (3)."""
        self.send("assess", "agent", self.assessment)
        self.send("classify", "agent")

    def contact(self, *, apologised: bool = True) -> None:
        """Contact the customer: step (4)."""
        findings = {"apologised": apologised, "findings": self.dice.pick(FINDINGS)}
        self.send("contact", self.handler, findings)

    def resolve(self) -> None:
        """Take measures: step (5)."""
        self.send("resolve", self.handler, {"measures": self.dice.pick(MEASURES)})

    def answer(self, at: datetime | None = None) -> None:
        """Report the result and ask for an opinion: step (6)."""
        result = {"result": self.dice.pick(RESULTS), "opinion_asked": True}
        self.send_at(at or self.now + timedelta(hours=2), "answer", self.handler, result)

    def handle(self, answer_at: datetime | None = None) -> None:
        """Go through all six steps."""
        self.record()
        self.grade()
        self.contact()
        self.resolve()
        self.answer(answer_at)

    def accept(self) -> None:
        """Let the customer accept the answer."""
        self.send("accept", "customer")


def said(at: datetime, offset: timezone) -> str:
    """Return an instant as text in `offset`; UTC is written `Z`."""
    return at.astimezone(offset).isoformat().replace("+00:00", "Z")


def accepted(history: History) -> None:
    """Handle a complaint in time and to the customer's liking."""
    history.handle()
    history.accept()


def major(history: History) -> None:
    """Handle a major complaint, by the supervisor."""
    history.assessment |= history.dice.pick(MAJOR)
    accepted(history)


def major_by_agent(history: History) -> None:
    """Let an agent try what only the supervisor may do."""
    history.assessment |= history.dice.pick(MAJOR)
    history.record()
    history.grade()
    history.send("contact", "agent", {"apologised": True, "findings": FINDINGS[0]})
    history.contact()
    history.resolve()
    history.answer()


def late(history: History) -> None:
    """Answer days after the limit."""
    days = timedelta(days=1 + history.dice.below(9), minutes=history.dice.below(600))
    history.handle(history.last_instant + days)
    history.accept()


def at_the_last_instant(history: History) -> None:
    """Answer at 24:00 of the fifteenth day, the last instant in time."""
    history.handle(history.last_instant)
    history.accept()


def a_microsecond_late(history: History) -> None:
    """Answer one microsecond after that."""
    history.handle(history.last_instant + MICROSECOND)
    history.accept()


def incomplete(history: History) -> None:
    """Try to record with something missing, have it supplied, and record again."""
    missing = history.dice.pick(("customer_id", "channel", "content"))
    value = history.facts.pop(missing)
    history.send("record", "agent")
    history.send("supplement", "customer", {missing: value})
    accepted(history)


def out_of_order(history: History) -> None:
    """Try a later step before its turn."""
    history.send("classify", "agent")
    history.send("answer", "agent", {"result": RESULTS[0], "opinion_asked": True})
    accepted(history)


def unassessed(history: History) -> None:
    """Try to classify before anything is known that decides the grade."""
    history.record()
    history.send("classify", "agent")
    history.grade()


def unknown_channel(history: History) -> None:
    """Come by a channel that is not in the catalogue."""
    history.facts["channel"] = history.dice.pick(("carrier_pigeon", "on_sight", "电话"))
    accepted(history)


def unknown_channel_supplied(history: History) -> None:
    """Supply a channel that is not in the catalogue, then one that is."""
    channel = history.facts.pop("channel")
    history.send("supplement", "agent", {"channel": "moblie_app"})
    history.send("supplement", "agent", {"channel": channel})
    accepted(history)


def twice(history: History) -> None:
    """Send a step twice, as a queue does that delivers at least once."""
    history.record()
    history.send("record", "agent")
    history.grade()
    history.send("classify", "agent")
    history.contact()
    history.resolve()
    history.answer()
    history.accept()


def without_apology(history: History) -> None:
    """Contact the customer without an apology, then with one."""
    history.record()
    history.grade()
    history.contact(apologised=False)
    history.contact()
    history.resolve()


def reopened(history: History) -> None:
    """Answer, be told that it is not solved, and answer again."""
    history.handle()
    history.send("reopen", "customer", {"opinion": "问题仍未解决。"})
    history.resolve()
    history.answer()
    history.accept()


def reopened_then_appealed(history: History) -> None:
    """Answer, be told that it is not solved, and see the customer appeal."""
    history.handle()
    history.send("reopen", "customer", {"opinion": "对处理结果不满意。"})
    history.send("appeal", "customer")


def appealed_unanswered(history: History) -> None:
    """Leave the complaint unanswered until the customer may appeal, who tried too early."""
    history.record()
    history.send("appeal", "customer")
    history.send_at(history.last_instant + timedelta(hours=9), "appeal", "customer")


def withdrawn(history: History) -> None:
    """See the customer withdraw, at some step on the way."""
    steps = (history.record, history.grade, history.contact, history.resolve, history.answer)
    for step in steps[: history.dice.below(len(steps) + 1)]:
        step()
    history.send("withdraw", "customer")


def awaiting(history: History) -> None:
    """Ask the customer for more and wait for it; the clock runs on."""
    history.record()
    history.grade()
    history.contact()
    history.send("ask_customer", history.handler, {"question": "请提供故障发生的时间。"})
    history.send("supplement", "customer", {"content": f"{history.facts['content']}（昨晚八点）"})
    history.resolve()
    history.answer()
    history.accept()


def two_offsets(history: History) -> None:
    """Write the times by turns in Beijing time and in UTC, as two systems do."""
    history.offsets = (BEIJING, UTC)
    accepted(history)


def opinion_not_given(history: History) -> None:
    """Answer, and hear nothing more."""
    history.handle()


def archived(history: History) -> None:
    """Be content two years earlier: nobody can appeal any more, and the clock archives the case."""
    history.move_back(TWO_YEARS)
    accepted(history)


def still_open(history: History) -> None:
    """Stop somewhere on the way."""
    steps = (history.record, history.grade, history.contact, history.resolve)
    for step in steps[: history.dice.below(len(steps) + 1)]:
        step()


STORIES: tuple[tuple[Callable[[History], None], int], ...] = (
    (accepted, 110),
    (major, 30),
    (major_by_agent, 6),
    (late, 16),
    (at_the_last_instant, 4),
    (a_microsecond_late, 4),
    (incomplete, 18),
    (out_of_order, 10),
    (unassessed, 6),
    (unknown_channel, 5),
    (unknown_channel_supplied, 5),
    (twice, 12),
    (without_apology, 6),
    (reopened, 20),
    (reopened_then_appealed, 6),
    (appealed_unanswered, 8),
    (withdrawn, 14),
    (awaiting, 10),
    (two_offsets, 12),
    (opinion_not_given, 8),
    (still_open, 10),
    (archived, 2),
)
"""How many complaints take which course."""


def complaints(dice: Dice) -> list[History]:
    """Return the complaints in the order in which they were received."""
    histories = [told(story, dice) for story, count in STORIES for _ in range(count)]
    return sorted(histories, key=lambda history: history.opened_at)


def told(story: Callable[[History], None], dice: Dice) -> History:
    """Return a complaint that took the course of `story`, of early 2026 unless that moves it."""
    received = datetime(2026, 1, 5, 8, tzinfo=BEIJING) + timedelta(
        days=dice.below(175), minutes=dice.below(12 * 60)
    )
    kind, content, remedy = dice.pick(MATTERS)
    facts: dict[str, object] = {
        "customer_id": f"K{100000 + dice.below(900000)}",
        "channel": dice.pick(CHANNELS),
        "content": content,
        "received_at": said(received, BEIJING),
        "kind": kind,
    }
    if dice.chance(60):
        facts["remedy_sought"] = remedy
    history = History(received, facts, {**ORDINARY, **dice.pick(NEARLY_MAJOR)}, dice)
    story(history)
    return history


def numbered(histories: Iterable[History]) -> Iterator[tuple[str, History]]:
    """Yield complaints with their numbers, which begin anew each year."""
    received = Counter[int]()
    for history in histories:
        year = history.opened_at.year
        received[year] += 1
        yield f"C-{year}-{received[year]:04}", history


def history_record(number: str, history: History) -> dict[str, object]:
    """Return a complaint with what happened to it."""
    return {
        "id": number,
        "opened_at": said(history.opened_at, history.offsets[0]),
        "facts": history.facts,
        "events": history.events,
    }


def opening_record(number: str, history: History) -> dict[str, object]:
    """Return a complaint as cells: the opening record, with what decides its grade."""
    cells = {"id": number} | history.facts | history.assessment
    return {name: flag(cell) if isinstance(cell, bool) else cell for name, cell in cells.items()}
