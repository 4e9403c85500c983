"""A state calls a case of another workflow, waits for it, and takes back what it ended with."""

from __future__ import annotations

import json

import pytest

from telecom_rules.errors import ArgumentError, FactsError
from telecom_rules.workflows import Accepted, Case, Entry, Reason, Refused
from tests.fuzz.harness import MOST_SECONDS
from tests.patience import within
from tests.workflows.subcases import (
    FILES,
    HOUR,
    REPAIR,
    SERVICE,
    START,
    fixed,
    house,
    opened,
    packed,
    read,
    waiting,
)

SERVICES = house().workflows["service"]
REPAIRS = house().workflows["repair"]


def only(outcome: object) -> Reason:
    assert isinstance(outcome, Refused)
    (reason,) = outcome.reasons
    return reason


# Calling


def test_entering_the_state_calls_a_case_with_the_facts_worked_out() -> None:
    outcome = waiting()
    (call,) = outcome.calls
    assert (call.id, call.state, call.workflow) == ("S-1/waiting/1", "waiting", REPAIRS)
    assert call.facts == {"line": "0105550", "visits": 1}
    assert call.at == START + HOUR
    assert outcome.case.calls == (call,)
    assert opened().calls == ()


def test_a_called_case_is_a_case_of_its_own() -> None:
    (call,) = waiting().calls
    child = call.open()
    assert child == call.open()
    assert child.case.id == call.id
    assert child.case.state == "open"
    assert [each.name for each in child.effects] == ["dispatch"]
    assert [run.name for run in child.case.clocks.values()] == ["visit"]
    assert REPAIRS.replay(child.entries) == child.case
    assert house().restore(child.case.dump()) == child.case


def test_each_call_has_an_id_of_its_own() -> None:
    case = waiting().case
    (first,) = case.calls
    child = first.open().case.send("abandon", at=case.at).case
    case = case.returned(child, at=case.at).case
    assert case.state == "idle"
    (second,) = case.send("report", at=case.at).calls
    assert (first.id, second.id) == ("S-1/waiting/1", "S-1/waiting/3")


def test_the_id_of_a_called_case_stays_short_however_deep_it_is() -> None:
    case = SERVICES.start({"line": "1", "visits": 0}, at=START, id="S" * 200)
    (call,) = case.send("report", at=START).calls
    assert len(call.id) < 200
    assert call.open().case.id == call.id


def test_what_is_not_known_is_not_known_to_the_called_case_either() -> None:
    service = SERVICE.replace("{line: line, visits", "{line: line, cause: cause, visits")
    (call,) = waiting(packed(service=service), line=None).calls
    assert call.facts == {"visits": 1}
    assert call.open().case.facts == {"visits": 1}
    (call,) = waiting(packed(service=service), cause="rain").calls
    assert call.facts == {"line": "0105550", "cause": "rain", "visits": 1}


def test_what_has_no_value_refuses_what_leads_to_the_call() -> None:
    service = SERVICE.replace("visits: visits + 1", "visits: 6 / visits")
    reason = only(opened(packed(service=service)).case.send("report", at=START))
    assert reason.kind == "undecided"
    assert "cannot call “Repair”: " in reason.wording.en


def test_a_fact_that_the_called_case_cannot_have_refuses_it_too() -> None:
    reason = only(opened(line="0105550123").case.send("report", at=START))
    assert reason.kind == "facts_invalid"
    assert "cannot call “Repair”: Line: " in reason.wording.en


def test_what_a_case_cannot_begin_with_is_told_before_it_is_called() -> None:
    pack = packed(
        repair=REPAIR.replace("entry: {emit: dispatch}", "entry: {assign: {visits: visits * 9}}")
    )
    reason = only(opened(pack).case.send("report", at=START))
    assert reason.kind == "call"
    assert "cannot call “Repair”: the result of “Open” is invalid" in reason.wording.en
    assert reason.data["workflow"] == "repair"


def test_namesakes_are_given_as_far_as_they_are_known() -> None:
    service = SERVICE.replace("{line: line, visits: visits + 1}", "facts")
    (call,) = waiting(packed(service=service), line=None).calls
    assert call.facts == {"visits": 0}


# Coming back


def test_the_end_of_the_called_case_comes_back_as_an_event() -> None:
    before = waiting().case
    child = fixed(before.calls[0].open().case)
    outcome = before.returned(child, at=child.at)
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "answered"
    assert outcome.case.facts["cause"] == "wet joint"
    assert outcome.case.calls == outcome.calls == outcome.cancelled == ()
    entry = outcome.entry
    assert (entry.kind, entry.event) == ("return", "done.call.waiting")
    assert entry.returned == child.id
    assert entry.payload == {"state": "fixed", "cause": "wet joint"}


def test_what_no_transition_takes_is_refused_and_may_be_given_back_later() -> None:
    case = waiting(visits=2).case
    child = case.calls[0].open().case.send("abandon", at=case.at).case
    outcome = case.returned(child, at=case.at)
    assert isinstance(outcome, Refused)
    assert {each.kind for each in outcome.reasons} == {"guard"}
    assert outcome.event == "done.call.waiting"
    assert outcome.case.calls == case.calls


def test_a_case_that_goes_on_is_refused() -> None:
    case = waiting().case
    reason = only(case.returned(case.calls[0].open().case, at=case.at))
    assert reason.kind == "call"
    assert reason.wording == (
        "“故障修复”（`S-1/waiting/1`）尚未结束，状态为“未修复”",
        "“Repair” (`S-1/waiting/1`) has not ended; its state is “Open”",
    )


def test_a_case_that_is_not_awaited_is_refused() -> None:
    case = waiting().case
    stranger = fixed(REPAIRS.start({}, at=START, id="F-9"))
    reason = only(case.returned(stranger, at=case.at + HOUR))
    assert reason.kind == "call"
    assert reason.data == {"case": "F-9", "awaited": ("S-1/waiting/1",)}
    assert "no longer does; it waits for `S-1/waiting/1`" in reason.wording.en
    nobody = only(opened().case.returned(stranger, at=START + HOUR))
    assert nobody.wording.en.endswith("it waits for no case")


@pytest.mark.parametrize("thing", [None, 7, "S-1/waiting/1", {"id": "S-1/waiting/1"}])
def test_what_is_not_a_case_is_an_error_of_the_caller(thing: object) -> None:
    case = waiting().case
    with pytest.raises(ArgumentError, match="the argument `case`"):
        case.returned(thing, at=case.at)  # type: ignore[arg-type]


def test_a_case_that_comes_back_twice_is_refused() -> None:
    case = waiting().case
    child = fixed(case.calls[0].open().case)
    once = case.returned(child, at=child.at).case
    assert only(once.returned(child, at=child.at)).kind == "call"


def test_a_case_of_another_pack_or_workflow_is_refused() -> None:
    case = waiting().case
    call = case.calls[0]
    other = packed(repair=REPAIR.replace("limit: 2 days", "limit: 3 days")).workflows["repair"]
    for workflow in (other, SERVICES):
        child = workflow.start({}, at=call.at, id=call.id)
        reason = only(case.returned(child, at=case.at))
        assert reason.kind == "call"
        assert "but repair 1.0.0 (sha256:" in reason.wording.en


def test_a_case_cannot_come_back_before_it_ends() -> None:
    case = waiting().case
    child = fixed(case.calls[0].open().case, hours=5)
    reason = only(case.returned(child, at=case.at + HOUR))
    assert reason.kind == "time_backwards"
    assert "ended at 2026-03-02 15:00+08:00" in reason.wording.en


def test_a_host_cannot_send_the_end_of_a_call_itself() -> None:
    for name in ("done.call.waiting", "done.call"):
        outcome = waiting().case.send(name, {"state": "fixed"}, at=START + HOUR)
        assert only(outcome).kind == "internal_event"


def test_the_event_is_no_button() -> None:
    assert [each.event for each in waiting().case.allowed()] == ["withdraw"]


# Giving up


def test_leaving_the_state_gives_the_call_up() -> None:
    case = waiting().case
    outcome = case.send("withdraw", at=case.at + HOUR)
    assert outcome.cancelled == case.calls
    assert outcome.case.calls == outcome.calls == ()
    assert outcome.entry.cancelled == ("S-1/waiting/1",)
    child = fixed(case.calls[0].open().case)
    assert only(outcome.case.returned(child, at=child.at)).kind == "call"


def test_a_clock_that_leads_out_of_the_state_gives_the_call_up() -> None:
    case = waiting().case
    ticked = case.tick(START.replace(month=4))
    assert ticked.cancelled == case.calls
    child = fixed(case.calls[0].open().case, hours=900)
    late = case.returned(child, at=child.at)
    assert only(late).kind == "call"
    assert late.case is case


AGAIN = SERVICE.replace(
    "    on: {withdraw: closed,",
    "    on: {report: {target: waiting, reenter: true}, withdraw: closed,",
)


def test_entering_the_state_anew_gives_one_call_up_and_makes_another() -> None:
    case = waiting(packed(service=AGAIN)).case
    outcome = case.send("report", at=case.at)
    assert outcome.cancelled == case.calls
    assert [each.id for each in outcome.calls] == ["S-1/waiting/2"]


def test_a_state_that_is_left_at_once_never_calls() -> None:
    service = SERVICE.replace(
        "    tags: held\n", "    always: {target: closed, guard: visits == 0}\n"
    )
    assert waiting(packed(service=service)).calls == ()
    assert len(waiting(packed(service=service), visits=1).calls) == 1


STAYS = SERVICE.replace("        - {target: idle,", "        - {assign: {visits: visits + 1},")


def test_a_state_that_stays_after_the_return_does_not_call_again() -> None:
    case = waiting(packed(service=STAYS)).case
    child = case.calls[0].open().case.send("abandon", at=case.at).case
    outcome = case.returned(child, at=case.at)
    assert outcome.case.state == "waiting"
    assert outcome.case.calls == outcome.calls == outcome.cancelled == ()
    assert packed(service=STAYS).workflows["service"].restore(outcome.case.dump()) == outcome.case


def test_what_was_called_and_given_up_in_one_go_is_not_shown() -> None:
    service = SERVICE.replace("report: waiting}", "report: waiting, overdue: waiting}").replace(
        "    until: idle\n    limit: 10 days", "    until: answered\n    limit: 10 days"
    )
    pack = packed(service=service.replace("from: waiting", "from: idle"))
    ticked = opened(pack).case.send("withdraw", at=START)
    assert isinstance(ticked, Refused)
    case = opened(pack).case
    late = case.tick(START.replace(month=4))
    assert [each.state for each in late.calls] == ["waiting"]
    gone = case.send("withdraw", at=START.replace(month=4))
    assert isinstance(gone, Accepted)
    assert gone.calls == gone.cancelled == ()
    assert [len(each.calls) for each in gone.entries] == [1, 0]
    assert gone.entries[1].cancelled == (late.calls[0].id,)


# Regions

BOTH = """\
workflow: both
version: 1.0.0
title: {zh: 并行, en: Both}
facts: request
events:
  stop: {title: {zh: 停, en: Stop}}
initial: work
states:
  work:
    title: {zh: 并行, en: Work}
    type: parallel
    onDone: done
    on: {stop: done}
    states:
      left:
        title: {zh: 左, en: Left}
        initial: one
        states:
          one:
            title: {zh: 一, en: One}
            call: {workflow: repair, title: {zh: 左修, en: Left repair}, onDone: one_done}
          one_done: {title: {zh: 一毕, en: One done}, type: final}
      right:
        title: {zh: 右, en: Right}
        call: {workflow: repair, onDone: two_done}
        initial: two
        states:
          two: {title: {zh: 二, en: Two}}
          two_done: {title: {zh: 二毕, en: Two done}, type: final}
  done: {title: {zh: 完, en: Done}, type: final}
"""


def test_regions_call_and_take_back_each_for_itself() -> None:
    workflow = packed(both=BOTH).workflows["both"]
    begun = workflow.open({}, at=START, id="B")
    assert [each.id for each in begun.calls] == ["B/one/0", "B/right/0"]
    case, entries = begun.case, [*begun.entries]
    for call in reversed(case.calls):
        back = case.returned(fixed(call.open().case), at=case.at + HOUR * 2)
        assert isinstance(back, Accepted), back.explain()
        case, entries = back.case, [*entries, *back.entries]
        assert workflow.restore(case.dump()) == case
        assert back.cancelled == ()
    assert case.final
    assert workflow.replay(entries) == case
    assert [each.name for each in begun.case.send("stop", at=START).case._case_state.runs] == []
    assert len(begun.case.send("stop", at=START).cancelled) == 2


# Explaining


def test_calls_are_told_in_both_languages() -> None:
    outcome = waiting()
    assert outcome.explain("zh").splitlines()[1] == "已发起：“故障修复”（S-1/waiting/1）"
    assert outcome.explain("en").splitlines()[1] == "called: “Repair” (S-1/waiting/1)"
    child = fixed(outcome.case.calls[0].open().case)
    back = outcome.case.returned(child, at=child.at)
    assert back.explain("zh").splitlines() == [
        "“故障修复结束”：“等待修复” → “已答复”（2026-03-02 11:00+08:00）",
        "因为 `event.state == 'fixed'` 成立：结束状态 = 已修复",
        "因为 `has(event.cause)` 成立：原因 = wet joint",
        "已交回：“故障修复”（S-1/waiting/1）",
        "时限停止：“等待时限”",
    ]
    assert "returned: “Repair” (S-1/waiting/1)" in back.explain("en")
    gone = outcome.case.send("withdraw", at=outcome.case.at)
    assert "不再等待：“故障修复”（S-1/waiting/1）" in gone.explain("zh")
    assert "no longer awaited: “Repair” (S-1/waiting/1)" in gone.explain("en")


# Journals


def history() -> tuple[Case, list[Entry]]:
    """Return a case that called, took back, called again, gave up, and its journal."""
    pack = packed(service=AGAIN)
    begun = opened(pack)
    case, entries = begun.case, [*begun.entries]
    for step in ("report", "abandon", "report", "report", "tick", "fix"):
        at = case.at + HOUR
        if step == "tick":
            outcome = case.tick(at)
        elif step == "report":
            outcome = case.send("report", at=at)
        else:
            child = case.calls[0].open().case
            child = fixed(child) if step == "fix" else child.send("abandon", at=child.at).case
            outcome = case.returned(child, at=at)
        assert not isinstance(outcome, Refused), outcome.explain()
        case, entries = outcome.case, [*entries, *outcome.entries]
    return case, entries


def test_replaying_a_journal_with_calls_gives_the_same_case() -> None:
    case, entries = history()
    assert case.state == "answered"
    stored = [Entry.load(json.loads(json.dumps(each.dump()))) for each in entries]
    assert stored == entries
    assert case.workflow.replay(stored) == case
    for count in range(1, len(entries)):
        assert case.workflow.replay(entries[:count]).sequence == count


# Mistakes

MISTAKES = [
    ("workflow: repair\n", "workflow: §repare\n", "TR113", "did you mean `repair`"),
    ("{line: line, visits", "{§lin: line, visits", "TR113", "did you mean `line`"),
    ("{line: line, visits", "{line: §visits, visits", "TR207", ""),
    ("{line: line, visits", "{line: event.§line, visits", "TR203", ""),
    ("with: {line: line, visits: visits + 1}", "with: §fact", "TR109", "`fact`"),
    ("event.state == 'fixed'", "event.state == §'repaired'", "TR208", "repair.states"),
    ("has(event.cause)", "has(event.§caus)", "TR203", "did you mean `cause`"),
    ("has(event.cause)", "§event.cause != ''", "TR205", "event.cause"),
    ("has(event.cause)", "has(event.§line)", "TR203", "event.line"),
    ("    tags: held\n", "    type: final\n", "TR117", ""),
    ("      onDone:\n", "      §onDon:\n", "TR102", "did you mean `onDone`"),
    (
        "        - {target: answered,",
        "        - {target: answered, by: §nobody,",
        "TR120",
        "automatic",
    ),
]


@pytest.mark.parametrize(("before", "instead", "code", "says"), MISTAKES)
def test_a_mistake_in_a_call_is_found(before: str, instead: str, code: str, says: str) -> None:
    text = SERVICE.replace(before, instead, 1)
    assert text != SERVICE
    pack, found = read(service=text.replace("§", ""))
    assert pack is None
    finding = next(each for each in found if each.id == code)
    assert says in finding.concise("en")
    if "§" in text:
        line = next(n for n, each in enumerate(text.splitlines(), 1) if "§" in each)
        column = text.splitlines()[line - 1].index("§") + 1
        assert (finding.span.line, finding.span.column) == (line, column)


def test_a_workflow_that_never_ends_cannot_be_called() -> None:
    endless = REPAIR.replace(", type: final", "")
    _, found = read(repair=endless)
    assert [(each.id, each.span.file) for each in found] == [
        ("TR120", "service.yaml"),
        ("TR208", "service.yaml"),
        ("TR208", "service.yaml"),
    ]


def test_outputs_are_facts_and_none_is_called_state() -> None:
    _, found = read(repair=REPAIR.replace("outputs: [cause]", "outputs: [caus]"))
    assert found[0].concise().startswith("repair.yaml:5:11: error[TR113]")
    fault = FILES["fault.yaml"] + "  state: {type: text, title: {zh: 态, en: State}}\n"
    _, found = read(fault=fault, repair=REPAIR.replace("[cause]", "[cause, state]"))
    assert [each.concise()[:31] for each in found] == ["repair.yaml:5:18: error[TR120] "]


def test_namesakes_of_another_type_are_told() -> None:
    service = SERVICE.replace("{line: line, visits: visits + 1}", "facts")
    _, found = read(
        service=service,
        fault=FILES["fault.yaml"]
        .replace("line: {type: text,", "line: {type: date,")
        .replace(", max_length: 8", ""),
    )
    assert [each.id for each in found] == ["TR204"]
    assert "`line` is text here and date in the workflow `repair`" in found[0].concise()


def test_a_called_workflow_with_a_mistake_is_told_once() -> None:
    _, found = read(repair=REPAIR.replace("initial: open", "inital: open"))
    assert {each.span.file for each in found} == {"repair.yaml"}
    _, found = read(repair=REPAIR.replace("facts: fault", "facts: falt"))
    assert [(each.id, each.span.file) for each in found] == [("TR113", "repair.yaml")]


# Circles

CIRCLE = """\
workflow: %s
version: 1.0.0
title: {zh: 环, en: Circle}
facts: request
events: {go: {title: {zh: 走, en: Go}}}
initial: first
states:
  first: {title: {zh: 始, en: First}, %s}
  calling: {title: {zh: 调, en: Calling}, call: {workflow: %s, with: facts, onDone: last}}
  last: {title: {zh: 终, en: Last}, type: final}
"""


def test_workflows_that_certainly_call_one_another_for_ever_are_told() -> None:
    a, b = CIRCLE % ("a", "always: calling", "b"), CIRCLE % ("b", "always: calling", "a")
    pack, found = read(a=a, b=b)
    assert pack is None
    (finding,) = found
    assert finding.concise().startswith(
        "a.yaml:9:59: error[TR313] these workflows call one another forever as soon as they start:"
        " a → b → a"
    )


def test_a_workflow_that_calls_itself_as_it_begins_is_told() -> None:
    _, found = read(a=CIRCLE % ("a", "always: calling", "a"))
    assert [each.id for each in found] == ["TR313"]


@pytest.mark.parametrize(
    "waits", ["on: {go: calling}", "always: {target: calling, guard: visits > 0}"]
)
def test_a_circle_that_something_may_break_is_not(waits: str) -> None:
    packed(a=CIRCLE % ("a", waits, "b"), b=CIRCLE % ("b", "always: calling", "a"))


def test_a_circle_that_nothing_breaks_is_refused_at_run_time() -> None:
    guarded = "on: {go: calling}, always: {target: calling, guard: visits > 0}"
    pack = packed(a=CIRCLE % ("a", guarded, "b"), b=CIRCLE % ("b", "always: calling", "a"))
    case = pack.workflows["a"].start({"visits": 0}, at=START, id="A")
    (call,) = case.send("go", at=START).calls
    assert call.open().calls[0].workflow.name == "a"
    stuck = packed(
        a=CIRCLE % ("a", "always: {target: calling, guard: visits >= 0}", "b"),
        b=CIRCLE % ("b", "always: {target: calling, guard: visits >= 0}", "a"),
    )
    with pytest.raises(FactsError, match="call one another in a cycle as they start"):
        stuck.workflows["a"].start({"visits": 0}, at=START, id="A")


REGION = """\
      r{at}:
        title: {{zh: 区, en: Region}}
        initial: x{at}
        states:
          x{at}:
            title: {{zh: 调, en: Calling}}
            call: {{workflow: {callee}, with: facts, onDone: y{at}}}
          y{at}: {{title: {{zh: 终, en: Done}}, type: final}}
"""
FAN = """\
workflow: {name}
version: 1.0.0
title: {{zh: 扇, en: Fan}}
facts: request
events: {{}}
initial: all
states:
  all:
    title: {{zh: 并, en: All}}
    type: parallel
    onDone: last
    states:
{regions}  last: {{title: {{zh: 终, en: Last}}, type: final}}
"""


def test_calls_that_multiply_from_level_to_level_are_refused_at_once() -> None:
    levels = "abcdefgh"
    fans = {
        name: FAN.format(
            name=name,
            regions="".join(REGION.format(at=at, callee=callee) for at in range(10)),
        )
        for name, callee in zip(levels, (*levels[1:], "leaf"), strict=True)
    }
    pack = packed(**fans, leaf=CIRCLE % ("leaf", "on: {go: calling}", "leaf"))
    assert len(pack.workflows["g"].open({"visits": 0}, at=START, id="1").calls) == 10
    more = "more than 1000 cases would start at once"
    with within(MOST_SECONDS), pytest.raises(FactsError, match=more):
        pack.workflows["a"].start({"visits": 0}, at=START, id="A")
