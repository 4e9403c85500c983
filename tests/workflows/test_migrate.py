"""Cases of an older version go on in a newer one, as the newer one says, or are refused."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from telecom_rules.errors import FactsError, JournalError, SnapshotError
from telecom_rules.workflows import Accepted, Entry, Migrated, Stranded
from telecom_rules.workflows.engine import microstep
from telecom_rules.workflows.journal.snapshot import seal
from tests.workflows.house import (
    ANSWER,
    CALENDAR,
    COMPLAINT,
    CONTACT,
    ERRAND,
    GENERAL,
    RECORD,
    START,
    after,
    complaint,
    errand,
    link,
    made,
    started,
)
from tests.workflows.random_charts import EVENTS, charts

if TYPE_CHECKING:
    from telecom_rules.workflows import Case, Moved, Workflow

LATER = START + timedelta(days=2)
OPENING = "initial: open\n"
OPENING_OF_ERRAND = "initial: work\n"


def newer(migration: str, *changes: tuple[str, str]) -> Workflow:
    """Return the complaint workflow as it is in a later pack."""
    text = COMPLAINT.replace("version: 1.0.0", "version: 2.0.0", 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    stated = f"migrations:\n  - {{from: 1.0.0{migration}}}\n" if migration is not None else ""
    return made(text.replace(OPENING, stated + OPENING, 1))


def moved(case: Case, workflow: Workflow, at: Any = LATER) -> Migrated:
    """Return `case` in `workflow`; nothing may stand against it."""
    result = workflow.migrate(json.loads(json.dumps(case.dump())), at=at)
    assert isinstance(result, Migrated), result.explain()
    return result


def stranded(case: Case, workflow: Workflow, at: Any = LATER) -> list[str]:
    """Return the kinds of what stands against moving `case`."""
    result = workflow.migrate(case.dump(), at=at)
    assert isinstance(result, Stranded)
    assert result.states == case.states
    assert result.cites or result.reasons[0].kind == "time_backwards"
    return [str(each.kind) for each in result.reasons]


SLOWER = COMPLAINT.replace("limit: parameters.complaint_reply", "limit: 14 days", 1)
ANSWERING = after(started(), RECORD, GENERAL, CONTACT)
RENAMED = (
    ("      answering:\n", "      replying:\n"),
    ("answering}", "replying}"),
    ("target: answering", "target: replying"),
)


def test_a_state_goes_on_under_the_name_that_it_has_now():
    result = moved(ANSWERING, newer(", states: {answering: replying}", *RENAMED))
    assert result.case.states == ("open", "replying")
    assert result.case.facts == ANSWERING.facts
    assert result.case.at == LATER
    assert result.case.sequence == ANSWERING.sequence + 1
    assert result.case.clocks.keys() == ANSWERING.clocks.keys()
    assert result.case.clocks["reply"].deadline == ANSWERING.clocks["reply"].deadline
    assert (result.entry.left, result.entry.entered) == (("answering",), ("replying",))
    assert result.explain("en").startswith("migrated from version 1.0.0: “Answering” (2026-03-03")
    assert isinstance(after(result.case, ANSWER).state, str)


def test_a_state_without_an_image_refuses_and_is_named_with_the_clauses():
    workflow = newer("", *RENAMED)
    result = workflow.migrate(ANSWERING.dump(), at=LATER)
    assert isinstance(result, Stranded)
    assert [(str(each.kind), dict(each.data)) for each in result.reasons] == [
        ("no_image", {"state": "answering"})
    ]
    assert result.explain("en") == (
        "the case C-1 (version 1.0.0) cannot be migrated:\n"
        "- the older state `answering` has no counterpart in version 2.0.0"
        " (Specification, 7.1.2(1))"
    )
    assert result.explain("zh").splitlines()[0] == "个案 C-1（1.0.0 版）不能迁移："


def test_a_state_around_others_may_be_gone():
    text = COMPLAINT.replace("  open:\n", "  running:\n", 1).replace(OPENING, "initial: running\n")
    for stated, kinds in (
        ("", ["no_image"]),
        (", gone: open", []),
        (", states: {open: running}", []),
    ):
        workflow = made(
            text.replace("version: 1.0.0", "version: 2.0.0").replace(
                "initial: running\n", f"migrations: {{from: 1.0.0{stated}}}\ninitial: running\n", 1
            )
        )
        result = workflow.migrate(ANSWERING.dump(), at=LATER)
        found = [str(each.kind) for each in result.reasons] if isinstance(result, Stranded) else []
        assert found == kinds
        if not kinds:
            assert isinstance(result, Migrated)
            assert result.case.states == ("running", "answering")


def test_images_that_are_not_active_together_refuse():
    assert stranded(ANSWERING, newer(", states: {open: escalated}")) == ["not_together"]
    assert stranded(ANSWERING, newer(", states: {answering: closed}")) == ["not_together"]
    assert stranded(ANSWERING, newer(", gone: [open, answering]")) == ["not_together"]


def test_without_a_migration_for_the_version_it_refuses():
    for stated in ("from: 0.9.0", f"from: 1.0.0, digest: 'sha256:{'0' * 64}'"):
        text = SLOWER.replace(OPENING, f"migrations: {{{stated}}}\n{OPENING}", 1)
        assert stranded(ANSWERING, made(text)) == ["no_migration"]
    assert stranded(ANSWERING, made(SLOWER)) == ["no_migration"]


def test_a_migration_that_names_the_digest_of_the_workflow_comes_first():
    slower = made(SLOWER)
    text = COMPLAINT.replace("version: 1.0.0", "version: 2.0.0", 1).replace(
        OPENING,
        "migrations:\n  - {from: 1.0.0}\n"
        f"  - {{from: 1.0.0, digest: '{slower.digest}', states: {{received: recorded}}}}\n"
        f"{OPENING}",
        1,
    )
    workflow = made(text)
    assert moved(started(slower), workflow).case.state == "recorded"
    assert moved(started(), workflow).case.state == "received"


def test_facts_that_do_not_fit_any_more_are_dropped_and_told():
    case = after(started(), RECORD)
    data = case.dump()
    data["facts"] = {**data["facts"], "amount": "1000000.01", "colour": "red"}
    data["seal"] = seal(data)
    result = newer("").migrate(data, at=LATER)
    assert isinstance(result, Migrated)
    assert result.dropped == ("facts.amount", "facts.colour")
    assert "amount" not in result.case.facts
    assert result.case.facts["customer_id"] == "U-1"


def test_a_clock_that_is_no_more_stops_and_one_that_is_new_starts_only_if_it_says_so():
    case = after(started(), RECORD, GENERAL)
    assert case.clocks["first_contact"].running
    again = (
        ("  first_contact:\n    title", "  first_call:\n    title"),
        ("limit: parameters.first_contact", "limit: 90 hours"),
    )
    soon = START + timedelta(hours=5)
    gone = moved(case, newer("", *again), soon)
    assert gone.entry.stopped == ("first_contact",)
    assert gone.dropped == ("clocks.first_contact",)
    assert gone.case.clocks.keys() == {"reply"}
    assert stranded(case, newer("", *again), LATER) == ["limit"]
    fresh = moved(case, newer(", start: first_call", *again), soon)
    assert fresh.entry.started == {"first_call": soon + timedelta(hours=90)}
    kept = moved(case, newer(", clocks: {first_contact: first_call}", *again), soon)
    assert kept.case.clocks["first_call"].deadline == START + timedelta(hours=2 + 90)
    for each in (gone, fresh, kept):
        assert each.case.workflow.restore(each.case.dump()) == each.case


def test_a_limit_that_ended_unrecorded_is_recorded_after_the_move_at_its_own_instant():
    late = START + timedelta(days=20)
    result = moved(ANSWERING, newer(""), late)
    assert result.entry.at == result.case.at == ANSWERING.at
    old, new = ANSWERING.tick(late).case, result.case.tick(late).case
    assert new.breaches == old.breaches
    assert (new.at, new.states) == (old.at, old.states)
    ticked = ANSWERING.tick(late).case
    breached = moved(ticked, newer(""), late)
    assert [each.clock for each in breached.case.breaches] == ["reply"]
    assert breached.case.breaches[0].due == ticked.breaches[0].due


def test_a_limit_that_ended_unrecorded_at_another_instant_has_to_be_on_record_first():
    late = START + timedelta(days=20)
    longer = ("limit: parameters.complaint_reply", "limit: 16 days")
    assert stranded(ANSWERING, newer("", longer), late) == ["limit"]
    # A clock that the move starts begins with the move, which cannot be before the end then.
    assert stranded(ANSWERING, newer(", start: first_contact"), late) == ["limit"]


def test_a_forgotten_tick_of_one_limit_lets_no_other_end_in_the_past():
    case = after(started(), RECORD, GENERAL)
    contact, reply = (case.clocks[name].deadline for name in ("first_contact", "reply"))
    shorter = ("limit: parameters.complaint_reply", "limit: 4 days")
    workflow = newer("", shorter)
    between = START + timedelta(days=6)
    assert contact < START + timedelta(days=4) < between < reply
    refused = workflow.migrate(case.dump(), at=between)
    assert isinstance(refused, Stranded)
    assert [each.data["clock"] for each in refused.reasons] == ["reply"]
    assert refused.reasons == workflow.migrate(case.tick(between).case.dump(), at=between).reasons
    # Before the shorter limit ends, the case moves; only what ended is recorded afterwards.
    soon = START + timedelta(days=3)
    again = moved(case, workflow, soon)
    assert again.entry.at == case.at
    assert [each.clock for each in again.case.tick(soon).breaches] == ["first_contact"]


def test_a_move_tells_both_deadlines_of_each_limit_that_ends_otherwise_since():
    case = after(started(), RECORD, GENERAL)
    changes = (
        ("limit: parameters.complaint_reply", "limit: 16 days"),
        ("  first_contact:\n    title", "  first_call:\n    title"),
        ("limit: parameters.first_contact", "limit: 90 hours"),
    )
    result = moved(case, newer(", clocks: {first_contact: first_call}", *changes), case.at)
    told = {each.clock: (each.before, each.after) for each in result.recounts}
    older = {"reply": "reply", "first_call": "first_contact"}
    assert told == {
        name: (case.clocks[old].deadline, result.case.clocks[name].deadline)
        for name, old in older.items()
    }
    english = result.explain("en")
    assert "time limit counted again: “Time to answer”, from 2026-03-16 24:00" in english
    assert "时限重新推算：“答复时限”原为 2026-03-16 24:00" in result.explain("zh")
    assert moved(case, newer(""), case.at).recounts == ()
    (dumped,) = [each for each in result.dump()["recounts"] if each["clock"] == "reply"]
    assert dumped["title"] == {"zh": "答复时限", "en": "Time to answer"}
    assert dumped["after"] == result.case.clocks["reply"].deadline.isoformat()


def test_a_move_names_the_clocks_it_stops_by_their_titles_where_it_knows_them():
    over = moved(ANSWERING, newer(", gone: open, states: {answering: closed}"))
    assert "time limit stopped: “Time to answer”" in over.explain("en").splitlines()
    assert "时限停止：“答复时限”" in over.explain("zh").splitlines()
    renamed = ("  first_contact:\n    title", "  first_call:\n    title")
    case = after(started(), RECORD, GENERAL)
    gone = moved(case, newer("", renamed), case.at)
    assert "time limit stopped: `first_contact`" in gone.explain("en").splitlines()


def test_a_limit_that_is_shorter_now_does_not_end_in_the_past():
    case = after(started(), RECORD, GENERAL)
    shorter = ("limit: parameters.first_contact", "limit: 1 hour")
    assert stranded(case, newer("", shorter), START + timedelta(hours=5)) == ["limit"]
    assert moved(case, newer("", shorter), START + timedelta(hours=3)).case.next_due is not None


def test_a_limit_that_ran_out_and_is_another_now_refuses():
    ticked = started().tick(START + timedelta(days=20)).case
    longer = ("limit: parameters.complaint_reply", "limit: 16 days")
    assert stranded(ticked, newer("", longer), START + timedelta(days=20)) == ["limit"]


def test_a_case_does_not_move_into_the_past():
    assert stranded(ANSWERING, newer(""), START) == ["time_backwards"]


def test_a_case_of_this_very_version_is_restored_and_not_moved():
    workflow = newer("")
    with pytest.raises(SnapshotError, match="restore"):
        workflow.migrate(started(workflow).dump(), at=LATER)


def test_a_journal_replays_from_its_last_migration_on():
    workflow = newer(", states: {answering: replying}", *RENAMED)
    opened = complaint().open({"amount": "6000.00", "reworks": 0}, at=START, id="C-1")
    case, entries = opened.case, [opened.entry]
    for name, payload, by in (RECORD, GENERAL, CONTACT):
        outcome = case.send(name, payload, at=case.at, by=by)
        case, entries = outcome.case, [*entries, *outcome.entries]
    result = moved(case, workflow)
    case, entries = result.case, [*entries, *result.entries]
    outcome = case.send("answer", at=LATER, by="agent")
    case, entries = outcome.case, [*entries, *outcome.entries]
    entries = [Entry.load(json.loads(json.dumps(each.dump()))) for each in entries]
    assert workflow.replay(entries) == case
    assert workflow.replay(entries[4:]) == case
    with pytest.raises(JournalError):
        workflow.replay(entries[1:])
    with pytest.raises(JournalError):
        made(SLOWER).replay(entries)


def test_properties_see_what_was_entered_under_older_names():
    demand = "- precedence: {first: replying, then: answered}"
    stated = (OPENING, f"properties:\n  {demand}\n{OPENING}")
    workflow = newer(", states: {answering: replying}", *RENAMED, stated)
    opened = complaint().open({"amount": "6000.00", "reworks": 0}, at=START, id="C-1")
    case, entries = opened.case, [opened.entry]
    for name, payload, by in (RECORD, GENERAL, CONTACT, ANSWER):
        outcome = case.send(name, payload, at=case.at, by=by)
        case, entries = outcome.case, [*entries, *outcome.entries]
    entries += moved(case, workflow).entries
    (judged,) = workflow.judge(entries)
    assert (judged.standpoint, judged.entry) == ("satisfied", 3)


MISTAKES = [
    ("- {from: 1.0.0, states: {old: §opn}}", "TR113"),
    ("- {from: 1.0.0, states: {old: [answered, §major]}}", "TR124"),
    ("- {from: 1.0.0, start: §repl}", "TR113"),
    ("- {from: 1.0.0, clocks: {old: §repl}}", "TR113"),
    ("- {from: 1.0.0, clocks: {one: reply, other: §reply}}", "TR715"),
    ("- {from: 1.0.0, gone: §old, states: {old: open}}", "TR714"),
    ("- {from: 1.0.0, digest: §sha256:12}", "TR712"),
    ("- {from: 1.0.0}\n  - {from: §1.0.0}", "TR711"),
    ("- §{states: {old: open}}", "TR101"),
    ("- {§form: 1.0.0}", "TR102"),
    ("- {from: §1.0}", "TR014"),
    ("- {from: 1.0.0, states: {§Old: open}}", "TR104"),
    ("- {from: 1.0.0, cites: §spec:99}", "TR502"),
]


@pytest.mark.parametrize(("text", "code"), MISTAKES)
def test_each_mistake_in_a_migration_is_one_finding_at_its_place(text: str, code: str) -> None:
    marked = COMPLAINT.replace(OPENING, f"migrations:\n  {text}\n{OPENING}", 1)
    place = marked.index("§")
    workflow, found = link(marked.replace("§", ""))
    assert workflow is None
    assert [(each.id, each.span.line, each.span.column) for each in found] == [
        (code, marked.count("\n", 0, place) + 1, place - marked.rfind("\n", 0, place))
    ]


@pytest.fixture(autouse=True)
def soon_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up after few microsteps what goes on without end."""
    monkeypatch.setattr(microstep, "MOST_MICROSTEPS", 30)


def walked(workflow: Workflow, events: list[str]) -> Case | None:
    """Return the case that `events` lead to, or `None` where it cannot be started."""
    try:
        case = workflow.start({"reworks": 2, "amount": "7"}, at=START, id="r")
    except FactsError:
        return None
    for name in events:
        case = case.send(name, at=START).case
    return case


def sound(result: Moved) -> None:
    """Check that what came of a migration is a case like any other."""
    if isinstance(result, Stranded):
        assert result.reasons
        assert all(each.wording.zh and each.wording.en for each in result.reasons)
        return
    case, workflow = result.case, result.case.workflow
    assert workflow._machine.configurations.can_be_active(frozenset(case.states))
    assert workflow.restore(case.dump()) == case
    assert workflow.replay([Entry.load(result.entry.dump())]) == case
    assert case.next_due is None or case.next_due >= case.at


CHARTS = max(60, settings.default.max_examples // 4)
SLOW = settings(max_examples=CHARTS, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(charts(), st.lists(st.sampled_from(EVENTS), max_size=6), st.sampled_from(EVENTS))
def test_to_the_same_chart_under_another_version_a_case_stays_what_it_is(
    text: str, events: list[str], onward: str
) -> None:
    chart = json.loads(text)
    old, _ = link(text)
    chart["migrations"] = [{"from": "1.0.0"}]
    chart["version"] = "2.0.0"
    new, _ = link(json.dumps(chart, ensure_ascii=False))
    case = None if old is None else walked(old, events)
    if case is None or new is None:
        return
    result = new.migrate(case.dump(), at=START)
    assert isinstance(result, Migrated), result.explain()
    sound(result)
    before, now = case.dump(), result.case.dump()
    changed = {"version", "head", "seal", "sequence"}
    assert {name for name in before if before[name] != now[name]} == changed
    assert new.restore(before) == case
    assert not result.dropped
    one, other = case.send(onward, at=START), result.case.send(onward, at=START)
    assert isinstance(one, Accepted) is isinstance(other, Accepted)
    assert one.case.states == other.case.states
    assert one.case.facts == other.case.facts


@SLOW
@given(charts(), charts(), st.lists(st.sampled_from(EVENTS), max_size=6), st.data())
def test_to_any_chart_a_case_moves_to_what_can_be_or_not_at_all(
    text: str, other: str, events: list[str], data: st.DataObject
) -> None:
    old, _ = link(text)
    case = None if old is None else walked(old, events)
    chart = json.loads(other)
    if case is None:
        return
    plain, _ = link(other)
    if plain is None:
        return
    names = [name for name, state in plain.states.items() if state.history is None]
    some = st.dictionaries(st.sampled_from(list(case.workflow.states)), st.sampled_from(names))
    chart["migrations"] = [{"from": "1.0.0", "states": data.draw(some) or {"none": names[0]}}]
    chart["version"] = "2.0.0"
    new, found = link(json.dumps(chart, ensure_ascii=False))
    assert new is not None, [each.concise() for each in found]
    result = new.migrate(case.dump(), at=START)
    event(type(result).__name__)
    sound(result)


@given(
    st.lists(
        st.tuples(st.sampled_from(["ask", "reply", "park", "retry", "late"]), st.integers(0, 40)),
        max_size=8,
    ),
    st.integers(0, 60),
)
def test_clocks_go_on_as_they_were(steps: list[tuple[str, int]], wait: int) -> None:
    case = errand().start({"amount": "1", "reworks": 0}, at=START, id="E-1")
    for name, hours in steps:
        case = case.send(name, at=case.at + timedelta(hours=hours)).case
    at = case.at + timedelta(hours=wait)
    if case.next_due is not None:
        at = min(at, case.next_due)
    stated = f"migrations: {{from: 1.0.0}}\n{OPENING_OF_ERRAND}"
    text = ERRAND.replace(OPENING_OF_ERRAND, stated, 1).replace("version: 1.0.0", "version: 2.0.0")
    result = moved(case, made(text, calendar=CALENDAR), at)
    sound(result)
    assert result.case._case_state.runs == case._case_state.runs
    assert result.case.due == case.due
    assert result.case.breaches == case.breaches
    assert result.case.warnings == case.warnings
    late = at + timedelta(days=40)
    assert result.case.tick(late).case.breaches == case.tick(late).case.breaches


SNAPSHOT = after(started(), RECORD, GENERAL).dump()
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.text(max_size=4), st.just([]), st.just({})
)


@given(st.sampled_from(sorted(SNAPSHOT)), JUNK, st.booleans())
def test_a_tampered_snapshot_is_refused(part: str, junk: object, resealed: bool) -> None:
    data = copy.deepcopy(SNAPSHOT)
    if data[part] == junk:
        return
    data[part] = junk
    if resealed and part != "seal":
        data["seal"] = seal(data)
    else:
        with pytest.raises(SnapshotError):
            newer("").migrate(data, at=LATER)
        return
    with suppress(SnapshotError):
        sound(newer("").migrate(data, at=LATER))
