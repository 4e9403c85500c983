"""A promise is a clock beside that of the law; nothing follows when it is broken."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import ArgumentError
from telecom_rules.interop import to_scxml, to_xstate
from telecom_rules.pack import read
from telecom_rules.workflows import DueKind, Entry, Migrated, Refused, verify
from tests.pack.chains import HANDBOOK, LAW, pack_file, tell, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Workflow


HANDLING = """\
workflow: handling
version: 1.0.0
title: {zh: 办理, en: Handling}
cites: [book:2]
facts: ticket
effects:
  tell: {title: {zh: 告知可申诉, en: Tell of the appeal}}
events:
  late: {title: {zh: 逾期, en: Late}}
  ask: {title: {zh: 询问, en: Ask}}
  resume: {title: {zh: 继续, en: Go on}}
  again: {title: {zh: 重来, en: Again}}
  appeal: {title: {zh: 申诉, en: Appeal}}
  close: {title: {zh: 关闭, en: Close}}
clocks:
  reply:
    title: {zh: 答复时限, en: Time to answer}
    from: open
    until: [closed, parked]
    pause_in: asked
    limit: parameters.reply
    on_expiry: late
    cites: [book:2]
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    cites: [book:2]
    on:
      late: {emit: [tell], cites: [book:2]}
      ask: {target: asked, cites: [book:2]}
      again: {target: open, reenter: true, cites: [book:2]}
      appeal: {target: closed, guard: clocks.reply.expired, cites: [book:2]}
      close: {target: parked, guard: policies.grading.grade == 'low', cites: [book:2]}
  asked:
    title: {zh: 询问中, en: Asked}
    cites: [book:2]
    on: {resume: {target: open, cites: [book:2]}}
  parked:
    title: {zh: 搁置, en: Parked}
    cites: [book:2]
    on: {again: {target: open, cites: [book:2]}, close: {target: closed, cites: [book:2]}}
  closed: {title: {zh: 已关闭, en: Closed}, type: final, cites: [book:2]}
"""
PROMISE = """\
overrides:
  parameters.reply:
    kind: promise
    values: {from: 2027-01-01, value: 10, cites: [handbook:4]}
"""
NAME = "reply__promise"


def at(text: str) -> datetime:
    """Return an instant in the zone of the packs."""
    return datetime.fromisoformat(f"{text}+08:00")


def build(folder: Path, handling: str = HANDLING, promise: str = PROMISE) -> Pack:
    """Return a pack that promises ten days where the law says fifteen."""
    law = LAW | {"workflows/handling.yaml": handling}
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "promise.yaml": promise}
    write_packs(folder, law=law, shop=own)
    reading = read(folder / "shop")
    assert tell(reading) == []
    return reading.require_pack()


@pytest.fixture
def handling(tmp_path: Path) -> Workflow:
    """The workflow of that pack."""
    return build(tmp_path).workflows["handling"]


def begin(handling: Workflow, day: str = "2027-03-01") -> Case:
    """Return a case begun on a day."""
    return handling.start({"loss": "30"}, at=at(f"{day}T09:00"), id="1")


def send(case: Case, event: str, when: str) -> Case:
    """Return the case after an event that is accepted."""
    outcome = case.send(event, at=at(when))
    assert not isinstance(outcome, Refused), outcome.explain("en")
    return outcome.case


def list_due(case: Case) -> list[tuple[str, str]]:
    """Return the clocks that are due, with their instants."""
    return [(each.clock, each.at.strftime("%m-%d")) for each in case.due]


def test_both_ends_are_due_the_promise_first(handling: Workflow) -> None:
    promise, law = begin(handling).due
    assert (promise.clock, promise.kind, promise.at) == (
        NAME, DueKind.EXPIRY, at("2027-03-12T00:00"),
    )  # fmt: skip
    assert (law.clock, law.at, law.promise) == ("reply", at("2027-03-17T00:00"), None)
    assert [str(each) for each in promise.cites] == ["handbook:4"]
    assert [str(each) for each in law.cites] == ["book:2"]
    assert promise.promise is not None
    assert (promise.promise.figure.en, promise.promise.law.en) == ("10 days", "15 days")
    assert [str(each) for each in promise.promise.law_cites] == ["book:2"]
    assert promise.title.zh == "答复时限（本企业承诺）"
    assert "promise" not in law.dump()
    assert promise.dump()["promise"] == promise.promise.dump()


def test_nothing_follows_from_a_broken_promise(handling: Workflow) -> None:
    case = begin(handling)
    ticked = case.tick(at("2027-03-12T00:00:01"))
    assert [each.clock for each in ticked.breaches] == [NAME]
    (breach,) = ticked.breaches
    assert breach.promise is not None
    assert breach.promise.law.zh == "15 日"
    assert ticked.effects == ()
    case = ticked.case
    assert isinstance(case.send("appeal", at=at("2027-03-13T09:00")), Refused)
    assert case.tick(at("2027-03-16T23:59")).breaches == ()  # told once
    late = case.tick(at("2027-03-17T00:00:01"))
    assert [(each.clock, each.promise) for each in late.breaches] == [("reply", None)]
    assert [each.name for each in late.effects] == ["tell"]
    assert [each.clock for each in late.case.breaches] == [NAME, "reply"]
    assert not isinstance(late.case.send("appeal", at=at("2027-03-18T09:00")), Refused)


def test_an_answer_in_between_breaks_the_promise_alone(handling: Workflow) -> None:
    case = send(begin(handling), "close", "2027-03-13T09:00")
    assert [each.clock for each in case.breaches] == [NAME]
    assert case.due == ()


def test_a_promise_is_told_in_words(handling: Workflow) -> None:
    told = begin(handling).tick(at("2027-03-12T00:00:01"))
    assert "breach of a promise" in told.explain("en")
    assert "the law: 15 days" in told.explain("en")
    assert "by the law it ends at 2027-03-16 24:00" in told.explain("en")
    assert "违反承诺" in told.explain("zh")
    assert "按法定数值至 2027-03-16 24:00" in told.explain("zh")
    account = told.case.explain_deadline(NAME)
    assert "10 days" in account.explain("en")
    assert "our promise; the law: 15 days (Handbook, Art. 2)" in account.explain("en")
    assert "本企业承诺；法定：15 日（《手册》第2条）" in account.explain("zh")
    law = told.case.explain_deadline("reply").explain("en")
    assert "15 days" in law
    assert "promise" not in law


def test_both_pause_and_resume_together(handling: Workflow) -> None:
    case = send(begin(handling), "ask", "2027-03-05T09:00")
    assert case.due == ()
    case = case.tick(at("2027-04-01T09:00")).case
    assert case.breaches == ()
    case = send(case, "resume", "2027-04-01T09:00")
    assert list_due(case) == [(NAME, "04-08"), ("reply", "04-13")]


def test_nothing_is_promised_before_the_day_of_the_promise(handling: Workflow) -> None:
    case = begin(handling, "2026-12-30")
    assert list_due(case) == [("reply", "01-15")]
    assert NAME not in case.clocks
    with pytest.raises(ArgumentError):
        case.explain_deadline(NAME)


def test_by_the_figure_in_force_a_later_promise_counts_for_what_runs(tmp_path: Path) -> None:
    text = HANDLING.replace("    on_expiry", "    figures: in_force\n    on_expiry")
    handling = build(tmp_path, text).workflows["handling"]
    early, late = begin(handling, "2026-12-10"), begin(handling, "2026-12-20")
    assert [each.clock for each in early.due] == ["reply"]
    assert list_due(late) == [(NAME, "01-01"), ("reply", "01-05")]
    promise = late.due[0].promise
    assert promise is not None
    assert promise.day.isoformat() == "2027-01-01"


@pytest.mark.parametrize("mode", ["restart", "continue", "ignore"])
def test_a_promise_starts_again_only_with_its_clock(tmp_path: Path, mode: str) -> None:
    text = HANDLING.replace("    on_expiry", f"    on_reentry: {mode}\n    on_expiry")
    handling = build(tmp_path, text).workflows["handling"]
    broken = begin(handling).tick(at("2027-03-12T00:00:01")).case
    entered = send(broken, "again", "2027-03-13T09:00")
    assert list_due(entered) == [("reply", "03-17")]  # it runs, so its promise is not made anew
    parked = send(begin(handling), "close", "2027-03-03T09:00")
    again = send(parked, "again", "2027-03-05T09:00")
    expected = {
        "restart": [(NAME, "03-16"), ("reply", "03-21")],
        "continue": [(NAME, "03-14"), ("reply", "03-19")],
        "ignore": [],
    }
    assert list_due(again) == expected[mode]


def test_a_case_is_stored_and_its_journal_replayed(handling: Workflow) -> None:
    opened = handling.open({"loss": "30"}, at=at("2027-03-01T09:00"), id="1")
    case, entries = opened.case, [opened.entry]
    for event, when in (
        ("ask", "2027-03-03T09:00"),
        ("resume", "2027-03-04T09:00"),
        (None, "2027-03-14T00:00"),
        ("again", "2027-03-14T10:00"),
    ):
        outcome = case.tick(at(when)) if event is None else case.send(event, at=at(when))
        assert not isinstance(outcome, Refused)
        entries += outcome.entries
        case = outcome.case
        stored = json.loads(json.dumps(case.dump()))
        for trusted in (False, True):
            restored = handling.restore(stored, trusted=trusted)
            assert restored == case
            assert restored.breaches == case.breaches
    assert [each.clock for each in case.breaches] == [NAME]
    written = [Entry.load(json.loads(json.dumps(each.dump()))) for each in entries]
    assert handling.replay(written) == case
    assert verify(written, head=case.head) == ()


def test_a_case_that_goes_over_to_a_house_has_its_promise(tmp_path: Path) -> None:
    shop = build(tmp_path, HANDLING + "migrations: [{from: 1.0.0, cites: [book:2]}]\n")
    law = read(tmp_path / "law").require_pack()
    case = begin(law.workflows["handling"])
    moved = shop.workflows["handling"].migrate(case.dump(), at=at("2027-03-05T09:00"))
    assert isinstance(moved, Migrated)
    assert list_due(moved.case) == [(NAME, "03-12"), ("reply", "03-17")]
    # A promise that could not be kept any more is not made.
    kept = shop.workflows["handling"].migrate(case.dump(), at=at("2027-03-14T09:00"))
    assert isinstance(kept, Migrated)
    assert list_due(kept.case) == [("reply", "03-17")]
    # And back: the promise is gone, and the limit of the law stays.
    back = law.workflows["handling"].migrate(moved.case.dump(), at=at("2027-03-06T09:00"))
    assert isinstance(back, Migrated)
    assert list_due(back.case) == [("reply", "03-17")]


def test_a_promise_of_days_to_come_is_no_hindrance(tmp_path: Path) -> None:
    shop = build(tmp_path)
    law = read(tmp_path / "law").require_pack()
    case = begin(law.workflows["handling"], "2026-12-01")
    assert list_due(shop.workflows["handling"].restore(case.dump())) == [("reply", "12-17")]


def test_a_case_is_adopted_with_its_promise(handling: Workflow) -> None:
    adopted = handling.adopt(
        {"loss": "30"}, "open", clocks={"reply": at("2027-03-01T09:00")},
        at=at("2027-03-05T09:00"), id="1",
    )  # fmt: skip
    assert adopted.uncounted == ()
    assert list_due(adopted.case) == [(NAME, "03-12"), ("reply", "03-17")]


def test_a_time_of_the_customer_is_not_split(tmp_path: Path) -> None:
    text = LAW["parameters/reply.yaml"].replace("stricter: lower", "stricter: higher")
    law = LAW | {"parameters/reply.yaml": text}
    own = {
        "pack.yaml": pack_file("shop"),
        "handbook.yaml": HANDBOOK,
        "promise.yaml": PROMISE.replace("value: 10", "value: 20"),
    }
    write_packs(tmp_path, law=law | {"workflows/handling.yaml": HANDLING}, shop=own)
    reading = read(tmp_path / "shop")
    assert tell(reading) == []
    case = begin(reading.require_pack().workflows["handling"])
    assert list_due(case) == [("reply", "03-22")]


def test_exports_write_the_clock_and_not_its_promise(handling: Workflow) -> None:
    assert NAME not in to_scxml(handling)
    assert NAME not in to_xstate(handling)
    assert list(handling.clocks) == ["reply", NAME]


def test_the_name_of_a_promise_is_reserved(tmp_path: Path) -> None:
    text = HANDLING.replace("  reply:\n", f"  {NAME}:\n").replace("clocks.reply", f"clocks.{NAME}")
    write_packs(tmp_path, law=LAW | {"workflows/handling.yaml": text})
    assert any("TR120" in each for each in tell(read(tmp_path / "law")))


def test_a_house_without_a_promise_has_none(tmp_path: Path) -> None:
    write_packs(tmp_path, law=LAW | {"workflows/handling.yaml": HANDLING})
    handling = read(tmp_path / "law").require_pack().workflows["handling"]
    assert list(handling.clocks) == ["reply"]
    assert begin(handling).due[0].promise is None
