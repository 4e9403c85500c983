"""Parallel regions, history, done, `always`, `raise`, entry and exit: SCXML's meaning of each."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.errors import FactsError, SnapshotError
from telecom_rules.workflows import Accepted, Case, Entry, Refused
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.house import FACTS, START, en, link, made, zh
from tests.workflows.test_snapshot import JSON, leaves

PRODUCT = """
workflow: product
version: 1.0.0
title: {zh: 产品上线, en: Launch of a product}
facts: complaint
roles: role
events:
  price: {title: {zh: 定价, en: Set the price}}
  review: {title: {zh: 审核, en: Review}, payload: {amount: "money?"}}
  object: {title: {zh: 驳回, en: Object}}
  hold: {title: {zh: 暂停, en: Hold}}
  resume: {title: {zh: 恢复, en: Resume}}
  reset: {title: {zh: 重来, en: Start over}}
  both: {title: {zh: 一并, en: Both}}
  ready: {title: {zh: 就绪, en: Ready}, payload: {times: integer}}
  late: {title: {zh: 逾期, en: Late}}
effects:
  tell: {title: {zh: 通知, en: Tell}, payload: {times: integer}}
clocks:
  launch:
    title: {zh: 上线时限, en: Time to launch}
    from: preparing
    until: [live, held]
    limit: 10 days
    on_expiry: late
initial: preparing
states:
  preparing:
    title: {zh: 准备, en: Preparing}
    type: parallel
    onDone: {target: live, emit: {effect: tell, with: {times: reworks}}}
    on:
      hold: held
      reset: {target: preparing, reenter: true}
      both: {target: [priced, reviewed]}
    states:
      pricing:
        title: {zh: 资费, en: Pricing}
        initial: unpriced
        states:
          unpriced: {title: {zh: 未定价, en: Unpriced}, maps: {tmf: new}, on: {price: quoted}}
          quoted:
            title: {zh: 已报价, en: Quoted}
            always: {target: priced, guard: amount > 100}
          priced: {title: {zh: 已定价, en: Priced}, type: final}
      legal:
        title: {zh: 法务, en: Legal}
        initial: unread
        entry: {assign: {reworks: "0"}}
        exit: {assign: {reworks: reworks + 1}}
        onDone: {raise: {event: ready, with: {times: reworks}}}
        on:
          ready: {assign: {content: "'ready'"}}
        states:
          unread:
            title: {zh: 未审, en: Unread}
            tags: waiting
            on:
              review: {target: reviewed, assign: event}
              object: unread
              late: {guard: satisfied == true}
          reviewed: {title: {zh: 已审, en: Reviewed}, type: final}
      back: {title: {zh: 续, en: Back}, type: history, history: deep, target: [unpriced, unread]}
  held:
    title: {zh: 暂停中, en: Held}
    on: {resume: back, reset: preparing}
  live: {title: {zh: 已上线, en: Live}, type: final}
"""
PRODUCT = PRODUCT.replace("guard: satisfied == true", "guard: has(satisfied) && satisfied")


def product(**facts: object) -> Case:
    return made(PRODUCT).start(facts, at=START, id="P-1")


def sent(case: Case, event: str, **payload: object) -> Accepted:
    outcome = case.send(event, payload, at=case.at + timedelta(hours=1))
    assert isinstance(outcome, Accepted), outcome.explain()
    return outcome


def test_the_regions_of_a_parallel_state_are_entered_together_in_document_order() -> None:
    case = product()
    assert case.states == ("preparing", "pricing", "unpriced", "legal", "unread")
    assert case.state == "unpriced+unread"
    titles = [case.workflow.states[name].title.en for name in ("unpriced", "unread")]
    assert case.title.en == ", ".join(titles)
    assert case.tags == {"waiting"}
    assert case.maps("tmf") == "new"
    assert case.facts["reworks"] == 0
    assert [each.event for each in case.allowed()] == [
        "price", "hold", "reset", "both", "review", "object", "ready",
    ]  # fmt: skip


def test_an_event_moves_the_region_that_answers_it_and_leaves_the_other() -> None:
    outcome = sent(product(), "price")
    assert outcome.to_states == ("preparing", "pricing", "quoted", "legal", "unread")
    assert (outcome.entry.left, outcome.entry.entered) == (("unpriced",), ("quoted",))
    assert outcome.entry.microsteps == ()


def test_what_needs_no_event_waits_for_its_data_and_comes_when_it_is_there() -> None:
    quoted = sent(product(), "price").case
    assert quoted.state == "quoted+unread"
    low = sent(quoted, "review", amount=5)
    assert low.case.state == "quoted+reviewed"
    high = sent(quoted, "review", amount=500)
    assert high.case.state == "live"


def test_a_parallel_state_is_done_when_the_last_of_its_regions_is() -> None:
    outcome = sent(sent(product(), "price").case, "review", amount=500)
    entry = outcome.entry
    assert [(each.event, each.left, each.entered) for each in entry.microsteps] == [
        ("review", ("unread",), ("reviewed",)),
        (None, ("quoted",), ("priced",)),
        ("done.state.legal", (), ()),
        ("done.state.preparing",
         ("reviewed", "legal", "priced", "pricing", "preparing"), ("live",)),
    ]  # fmt: skip
    assert outcome.case.final
    assert dict(outcome.effects[0].payload) == {"times": 1}
    assert outcome.case.facts["reworks"] == 1
    assert Entry.load(entry.dump()) == entry


def test_several_targets_enter_several_regions_and_the_rest_by_default() -> None:
    text = PRODUCT.replace("both: {target: [priced, reviewed]}", "both: {target: [quoted]}")
    assert sent(made(text).start({}, at=START, id="P-0"), "both").case.state == "quoted+unread"
    assert sent(product(), "both").entry.microsteps[0].entered == (
        "pricing", "priced", "legal", "reviewed",
    )  # fmt: skip


def test_deep_history_leads_back_to_where_each_region_was() -> None:
    held = sent(sent(product(), "price").case, "hold").case
    assert held._case_state.memory == {"back": ("quoted", "unread")}
    assert sent(held, "resume").case.state == "quoted+unread"
    assert made(PRODUCT).restore(held.dump()) == held


def test_a_history_without_memory_leads_to_its_default() -> None:
    text = PRODUCT.replace("initial: preparing\n", "initial: held\n")
    case = made(text).start({}, at=START, id="P-2")
    assert sent(case, "resume").case.state == "unpriced+unread"


def test_shallow_history_remembers_the_child_and_not_what_was_inside() -> None:
    text = PRODUCT.replace(
        "type: history, history: deep, target: [unpriced, unread]", "type: history, target: pricing"
    )
    case = made(text).start({}, at=START, id="P-3")
    held = sent(sent(case, "price").case, "hold").case
    assert held._case_state.memory == {"back": ("pricing", "legal")}
    assert sent(held, "resume").case.state == "unpriced+unread"


def test_reenter_leaves_and_enters_the_state_itself() -> None:
    case = sent(sent(product(), "price").case, "reset")
    assert case.entry.left == ("unread", "legal", "quoted", "pricing", "preparing")
    assert case.case.state == "unpriced+unread"
    inside = PRODUCT.replace("reset: {target: preparing, reenter: true}", "reset: preparing")
    outcome = sent(made(inside).start({}, at=START, id="P-4"), "reset")
    assert outcome.entry.left == ("unread", "legal", "unpriced", "pricing")
    assert outcome.entry.entered == ("pricing", "unpriced", "legal", "unread")


def test_exit_then_transition_then_entry_each_sees_what_was_set_before() -> None:
    outcome = sent(product(), "hold")
    assert outcome.case.facts["reworks"] == 1
    assert dict(outcome.entry.assigned) == {"reworks": 1}
    assert sent(outcome.case, "reset").case.facts["reworks"] == 0


def test_the_journal_of_a_start_tells_given_and_set_facts_and_replays() -> None:
    opened = made(PRODUCT).open({"amount": 7}, at=START, id="P-1")
    assert opened.entry.payload == {"amount": "7.00"}
    assert opened.entry.assigned == {"amount": "7.00", "reworks": 0}
    step = sent(opened.case, "price")
    done = sent(step.case, "review", amount=500)
    entries = [opened.entry, step.entry, done.entry]
    assert made(PRODUCT).replay(entries) == done.case


def test_clocks_start_and_stop_by_the_microsteps() -> None:
    case = product()
    assert case.clocks["launch"].running
    assert not sent(case, "hold").case.clocks["launch"].running
    late = case.tick(START + timedelta(days=20))
    assert [breach.clock for breach in late.breaches] == ["launch"]
    assert late.case.state == case.state


def test_what_needs_no_event_is_looked_at_when_a_clock_fires() -> None:
    text = PRODUCT.replace(
        "always: {target: priced, guard: amount > 100}",
        "always: {target: priced, guard: clocks.launch.expired}",
    )
    case = made(text).start({}, at=START, id="P-5")
    ticked = sent(case, "price").case.tick(START + timedelta(days=20))
    assert ticked.case.state == "priced+unread"
    (entry,) = ticked.entries
    assert (entry.event, entry.entered) == (None, ("priced",))


def test_an_event_is_refused_whole_when_one_region_cannot_decide() -> None:
    text = PRODUCT.replace("on: {price: quoted}", "on: {price: quoted, object: quoted}")
    text = text.replace("object: unread", "object: {target: unread, guard: amount > 3}")
    case = made(text).start({}, at=START, id="P-6")
    outcome = case.send("object", at=START)
    assert isinstance(outcome, Refused)
    assert [reason.kind for reason in outcome.reasons] == ["unknown"]
    (option,) = (each for each in case.allowed() if each.event == "object")
    assert (option.allowed, option.reasons) == (False, outcome.reasons)
    assert sent(made(text).start({"amount": 1}, at=START, id="x"), "object").case.state == (
        "quoted+unread"
    )


def test_a_refusal_names_all_the_states_a_case_is_in() -> None:
    outcome = product().send("resume", at=START)
    assert zh(outcome).endswith("状态“未定价”、“未审”不接受“恢复”;接受它的状态:“暂停中”")
    assert en(outcome).endswith(
        "“Unpriced”, “Unread” does not accept “Resume”; accepted in: “Held”"
    )


def test_what_followed_is_told() -> None:
    outcome = sent(sent(product(), "price").case, "review", amount=500)
    assert zh(outcome).splitlines()[0].startswith("“审核”:“已报价”、“未审” → “已报价”、“已审”")
    assert [line for line in zh(outcome).splitlines() if line.startswith("随后")][-1] == (
        "随后“准备完成”:→ “已上线”"
    )
    assert "then “Preparing is done”: → “Live”" in en(outcome)


LOOP = """
workflow: loop
version: 1.0.0
title: {zh: 环, en: Loop}
facts: complaint
events:
  go: {title: {zh: 去, en: Go}}
  ping: {title: {zh: 乒, en: Ping}}
initial: a
states:
  a: {title: {zh: 甲, en: A}, on: {go: b}}
  b: {title: {zh: 乙, en: B}, always: {target: c, guard: reworks == 0}}
  c: {title: {zh: 丙, en: C}, always: {target: b, guard: reworks == 0}}
"""


def test_what_follows_for_ever_is_refused_with_a_reason() -> None:
    case = made(LOOP).start(FACTS, at=START, id="l")
    outcome = case.send("go", at=START)
    assert isinstance(outcome, Refused)
    assert outcome.case is case
    (reason,) = outcome.reasons
    assert (reason.kind, reason.data["most"]) == ("endless", 1_000)
    assert "have not ended after 1000 steps" in en(reason)
    with pytest.raises(FactsError, match="have not ended after"):
        made(LOOP.replace("initial: a", "initial: b")).start(FACTS, at=START, id="l")


def test_events_that_raise_each_other_for_ever_are_refused() -> None:
    text = LOOP.replace("on: {go: b}", "on: {go: {raise: ping}, ping: {raise: ping}}")
    outcome = made(text).start(FACTS, at=START, id="l").send("go", at=START)
    assert [reason.kind for reason in outcome.reasons] == ["endless"]


def test_a_raised_event_that_no_state_takes_is_passed_over() -> None:
    text = LOOP.replace("on: {go: b}", "on: {go: {raise: ping}}")
    assert sent(made(text).start(FACTS, at=START, id="l"), "go").case.state == "a"


MISTAKES = [
    ("initial: unpriced\n", "initial: §back\n", "TR113"),
    ("  preparing:\n    title", "  preparing:\n    initial: §pricing\n    title", "TR121"),
    ("  held:\n", "  fork: {title: {zh: 岔, en: F}, type: §parallel}\n  held:\n", "TR121"),
    ("type: history, history: deep,", "type: history, on: §{price: held},", "TR122"),
    ("target: [unpriced, unread]}", "target: §[held]}", "TR123"),
    ("history: deep, target: [unpriced, unread]}", "history: deep}§", "TR123"),
    ("both: {target: [priced, reviewed]}", "both: {target: [priced, §unpriced]}", "TR124"),
    ("both: {target: [priced, reviewed]}", "both: {target: [pricing, §priced]}", "TR124"),
    ("both: {target: [priced, reviewed]}", "both: {target: [back, §priced]}", "TR124"),
    ("both: {target: [priced, reviewed]}", "both: {target: [held, §live]}", "TR124"),
    ("            tags: waiting", "            history: §deep", "TR120"),
    ("    on: {resume: back", "    onDone: §live\n    on: {resume: back", "TR312"),
    ("  held:\n", "  h: {title: {zh: 史, en: H}, type: §history, target: live}\n  held:\n",
     "TR120"),
    ("      legal:\n", "      end: {title: {zh: 终, en: E}, type: §final}\n      legal:\n",
     "TR120"),
    ("onDone: {raise: {event: ready,", "onDone: {raise: {event: §redy,", "TR113"),
    ("with: {times: reworks}}}\n        on", "with: {§time: reworks, times: reworks}}}\n        on",
     "TR113"),
    ("onDone: {target: live,", "onDone: {target: live, by: §agent,", "TR120"),
    ('entry: {assign: {reworks: "0"}}', "entry: {assign: §event}", "TR120"),
    ('entry: {assign: {reworks: "0"}}', "entry: {assign: {reworks: event.§n}}", "TR203"),
    ("always: {target: priced, guard: amount > 100}", "always: §{target: quoted}", "TR311"),
    ("always: {target: priced, guard: amount > 100}", 'always: §{assign: {reworks: "1"}}', "TR311"),
    ("reenter: true", "reenter: §often", "TR107"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), MISTAKES, ids=lambda text: text.strip()[:40])
def test_a_mistake_in_the_shape_is_one_finding_in_its_place(old: str, new: str, code: str) -> None:
    assert PRODUCT.count(old) == 1
    text = PRODUCT.replace(old, new)
    before, _, after = text.partition("§")
    workflow, found = link(before + after)
    assert workflow is None
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert [(each.id, each.span.line) for each in found] == [(code, line)], [
        each.concise() for each in found
    ]
    if not new.endswith("}§"):
        assert code in {"TR311", "TR312", "TR122", "TR123"} or found[0].span.column == column


def test_a_circle_of_always_over_several_states_is_one_finding() -> None:
    text = LOOP.replace(", guard: reworks == 0", "")
    _, found = link(text)
    assert [each.id for each in found] == ["TR311"]
    assert "b → c → b" in found[0].concise("en")


def test_a_forged_memory_is_found() -> None:
    held = sent(product(), "hold").case
    for memory in (
        {"back": ["unpriced"]},
        {"back": ["unread", "unpriced"]},
        {"back": ["unpriced", "quoted"]},
        {"back": ["pricing", "legal"]},
        {"back": ["held"]},
        {"back": "unread"},
        {"held": ["unpriced", "unread"]},
        {"none": []},
        [],
        None,
    ):
        data = {**held.dump(), "history": memory}
        data["seal"] = seal(data)
        with pytest.raises(SnapshotError):
            made(PRODUCT).restore(data)


@pytest.mark.parametrize(
    "states",
    [
        ["preparing", "pricing", "unpriced"],
        ["preparing", "pricing", "unpriced", "quoted", "legal", "unread"],
        ["preparing", "legal", "unread", "pricing", "unpriced"],
        ["preparing", "pricing", "unpriced", "legal", "unread", "back"],
        ["held", "preparing", "pricing", "unpriced", "legal", "unread"],
    ],
)
def test_a_forged_configuration_is_found(states: list[str]) -> None:
    data = {**product().dump(), "states": states}
    data["seal"] = seal(data)
    with pytest.raises(SnapshotError):
        made(PRODUCT).restore(data)


def held_again() -> Case:
    """Return a case that remembers, with clocks that were stopped."""
    return sent(sent(product(amount=3), "price").case, "hold").case


@settings(max_examples=max(100, settings.default.max_examples // 10), deadline=None)
@given(
    path=st.sampled_from(list(leaves(held_again().dump()))),
    value=JSON | st.sampled_from(["back", "pricing", "unread", "priced", "preparing", []]),
)
def test_even_a_forged_seal_never_gives_a_case_that_cannot_be_there(
    path: tuple[Any, ...], value: Any
) -> None:
    data: Any = copy.deepcopy(held_again().dump())
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        data["seal"] = seal(data)
        case = made(PRODUCT).restore(data)
    except (SnapshotError, ValueError, TypeError):
        return
    assert made(PRODUCT).restore(case.dump()) == case
    for event in PRODUCT_EVENTS:
        case.send(event, at=case.at)


PRODUCT_EVENTS = ("resume", "reset", "price", "both", "hold")
