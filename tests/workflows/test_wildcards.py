"""A wildcard is a transition for each declared event that it matches, checked for all of them."""

from __future__ import annotations

from typing import Any

import pytest

from telecom_rules.workflows import Accepted, Refused
from tests.workflows.house import START, en, link, made

PAYMENTS = """\
workflow: payments
version: 1.0.0
title: {zh: 收费, en: Payments}
facts: complaint
events:
  payment.received:
    title: {zh: 到账, en: Payment received}
    payload: {amount: money, content: text}
  payment.refunded: {title: {zh: 退款, en: Payment refunded}, payload: {amount: "money?"}}
  payment.card.declined: {title: {zh: 拒付, en: Card declined}, payload: {amount: money}}
  paymentless: {title: {zh: 免费, en: Waived}}
  overdue: {title: {zh: 超期, en: Overdue}}
clocks:
  wait:
    title: {zh: 等待时限, en: Time to wait}
    from: open
    until: closed
    limit: 2 days
    on_expiry: overdue
effects:
  note: {title: {zh: 记录, en: Note}, payload: {amount: money}}
initial: open
states:
  open:
    title: {zh: 待付, en: Open}
    on:
      payment.received:
        - {target: paid, guard: event.amount > 100}
      payment.*:
        target: seen
        guard: has(event.amount)
        assign: {amount: event.amount}
        emit: {effect: note, with: {amount: event.amount}}
  seen: {title: {zh: 已见, en: Seen}, on: {"*": closed}}
  paid: {title: {zh: 已付, en: Paid}, on: {"*": closed}}
  closed: {title: {zh: 已结, en: Closed}, type: final}
"""


def sent(name: str, payload: dict[str, Any], text: str = PAYMENTS) -> Accepted | Refused:
    return made(text).start({}, at=START, id="P-1").send(name, payload, at=START)


@pytest.mark.parametrize(
    ("name", "payload", "state"),
    [
        ("payment.received", {"amount": "101", "content": "x"}, "paid"),
        ("payment.received", {"amount": "100", "content": "x"}, "seen"),
        ("payment.refunded", {"amount": "7"}, "seen"),
        ("payment.card.declined", {"amount": "7"}, "seen"),
    ],
)
def test_a_wildcard_takes_what_begins_with_its_parts(
    name: str, payload: dict[str, Any], state: str
) -> None:
    outcome = sent(name, payload)
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == state
    assert outcome.entry.event == name
    assert made(PAYMENTS).restore(outcome.case.dump()) == outcome.case


def test_names_are_compared_part_by_part() -> None:
    outcome = sent("paymentless", {})
    assert isinstance(outcome, Refused)
    assert "does not accept" in en(outcome)


def test_what_is_written_first_is_tried_first() -> None:
    first, _, rest = PAYMENTS.partition("      payment.received:\n")
    exact, _, wild = rest.partition("      payment.*:")
    wild, _, after = wild.partition("  seen:")
    swapped = f"{first}      payment.*:{wild}      payment.received:\n{exact}  seen:{after}"
    outcome = sent("payment.received", {"amount": "101", "content": "x"}, swapped)
    assert outcome.case.state == "seen"


def test_a_star_takes_what_a_host_sends_and_not_what_a_clock_raises() -> None:
    case = made(PAYMENTS).start({}, at=START, id="P-1")
    case = case.send("payment.card.declined", {"amount": "7"}, at=START).case
    assert [option.event for option in case.allowed()] == [
        "payment.received", "payment.refunded", "payment.card.declined", "paymentless",
    ]  # fmt: skip
    late = case.tick(START.replace(month=6))
    assert late.case.state == "seen"
    assert [each.clock for each in late.breaches] == ["wait"]


def test_a_prefix_takes_what_a_clock_raises() -> None:
    text = PAYMENTS.replace("overdue", "wait.over").replace(
        "      payment.received:\n", "      wait.*: paid\n      payment.received:\n"
    )
    case = made(text).start({}, at=START, id="P-1")
    assert case.tick(START.replace(month=6)).case.state == "paid"


def test_each_event_keeps_its_own_title_and_payload() -> None:
    (received, refunded, declined) = made(PAYMENTS).start({}, at=START, id="P-1").allowed()
    assert [str(each) for each in refunded.payload.values()] == ["money?"]
    assert received.title.en == "Payment received"
    assert (refunded.allowed, refunded.needs) == (None, ("event.amount",))
    assert declined.title.zh == "拒付"


STORING = PAYMENTS.replace("        assign: {amount: event.amount}\n", "        assign: event\n")


def test_storing_the_event_stores_what_each_event_brings() -> None:
    outcome = sent("payment.received", {"amount": "7", "content": "cash"}, STORING)
    assert outcome.case.facts["content"] == "cash"
    outcome = sent("payment.refunded", {"amount": "7"}, STORING)
    assert "content" not in outcome.case.facts


MISTAKES = [
    ("payment.*:", "§paymnt.*:", "TR113", "did you mean `payment.*`"),
    ("payment.*:", "§payment.recieved:", "TR113", "did you mean `payment.received`"),
    ("payment.*:", "§payment.card.declined.*:", "TR113", "no event is named"),
    ("payment.*:", "§pay*:", "TR104", "`pay*` is not a usable name"),
    ("payment.*:", "§Payment.*:", "TR104", "is not a usable name"),
    ("payment.*:", "§payment..x:", "TR104", "is not a usable name"),
    ("payment.*:", '§"*.received":', "TR104", "is not a usable name"),
    ("payment.*:", '§"*.*":', "TR104", "is not a usable name"),
    ("  overdue: {", "  §done.late: {", "TR120", "begin with `done.`"),
    ("  overdue: {", "  §over.*: {", "TR104", "is not a usable name"),
    (
        "guard: has(event.amount)\n",
        "guard: has(event.amount) && §event.content == ''\n",
        "TR210",
        "the event `payment.refunded` has no `content`",
    ),
    (
        "guard: has(event.amount)\n",
        "guard: has(event.amount) && has(§event.content)\n",
        "TR210",
        "the event `payment.refunded` has no `content`",
    ),
    ("guard: has(event.amount)\n", "guard: §event.amount > 1\n", "TR205", "may be absent"),
    ("guard: has(event.amount)\n", "guard: event.§amont > 1\n", "TR203", "event.amont"),
    ("{title: {zh: 已见, en: Seen}, on: {", "{title: {zh: 已见, en: Seen}, on: {§", "TR007", "`*`"),
]


@pytest.mark.parametrize(("before", "instead", "code", "says"), MISTAKES)
def test_a_mistake_is_found_where_it_is(before: str, instead: str, code: str, says: str) -> None:
    text = PAYMENTS.replace(before, instead, 1)
    if code == "TR007":
        text = text.replace('§"*"', "§*", 1)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "§" in line)
    column = text.splitlines()[line - 1].index("§") + 1
    workflow, found = link(text.replace("§", ""))
    assert workflow is None
    finding = found[0]
    assert (finding.id, finding.span.line, finding.span.column) == (code, line, column), finding
    assert says in finding.concise("en")
    assert finding.concise("zh") != finding.concise("en")


def test_a_field_of_two_types_cannot_be_read() -> None:
    declined = "en: Card declined}, payload: {amount: "
    text = PAYMENTS.replace(f"{declined}money", f"{declined}integer")
    _, found = link(text)
    assert {each.id for each in found} == {"TR210"}
    assert (
        "`amount` is of type money in the event `payment.received` and of type integer in"
        " `payment.card.declined`" in found[0].concise()
    )


def test_events_without_anything_to_store_are_told() -> None:
    text = STORING.replace("payment.*:", "wait.*:").replace("overdue", "wait.over")
    _, found = link(text)
    assert "TR120" in {each.id for each in found}


def test_what_is_sent_to_a_misspelt_name_is_told_the_right_one() -> None:
    assert "did you mean `payment.received`" in en(sent("payment.recieved", {}))
