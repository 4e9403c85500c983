"""The shipped pack, changed here and there: whether the change is laxer, and what shows it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks.strictness import Direction, find_deviations
from telecom_rules.pack import read
from telecom_rules.vocabulary import Duration, Unit
from telecom_rules.vocabulary.parameters import Measure, ParameterKind
from telecom_rules.vocabulary.time.periods import Period
from tests.rules.conftest import RULES
from tests.rules.relinking import Relinker
from tests.shipped import shipped_reading

if TYPE_CHECKING:
    from telecom_rules.checks.strictness import Deviation
    from telecom_rules.vocabulary import Parameter

GRADE = "complaints/complaint_grade.yaml"
CONDUCT = "complaints/complaint_conduct.yaml"
RISK = "risk/risk_level.yaml"
FEE = "arrears/arrears_late_fee.yaml"
CYBER = "security/incident_grade_cyber.yaml"


@pytest.fixture(scope="module")
def relinker() -> Relinker:
    return Relinker.of(shipped_reading())


def changed(relinker: Relinker, file: str, old: str, new: str) -> tuple[Deviation, ...]:
    """Return the deviations of the pack with one text changed."""
    text = relinker.reading.texts[file]
    assert old in text
    return find_deviations(relinker.pack, relinker.with_text(file, text.replace(old, new, 1)))


def told(deviations: tuple[Deviation, ...]) -> list[tuple[str, str]]:
    return [(str(each.direction), each.parts[0].name) for each in deviations]


# Tables and checklists


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (GRADE, "grade: major", "grade: general", [("laxer", "complaint_grade.safety")]),
        (
            GRADE,
            "media_involved || regulator_involved",
            "media_involved",
            [("laxer", "complaint_grade.public_attention")],
        ),
        (GRADE, "media_involved ||", "safety_involved || media_involved ||", []),
        (GRADE, "earlier_complaints >= parameters.complaint_repeats", "earlier_complaints >= 1",
         [("tighter", "complaint_grade.repeated")]),
        (RISK, "likelihood * impact >= parameters.risk_high", "likelihood * impact >= 10",
         [("tighter", "risk_level.high")]),
        (FEE, "days_late)}", "days_late * 2)}", [("laxer", "arrears_late_fee.late")]),
        (FEE, "late_fee / 100)", "late_fee / 200)", [("tighter", "arrears_late_fee.late")]),
        (CONDUCT, "has(channel) && ", "", [("laxer", "complaint_conduct.recorded")]),
        (CONDUCT, "require: apologised", "require: apologised || findings != ''",
         [("laxer", "complaint_conduct.apologised")]),
        (CONDUCT, "require: apologised", "require: apologised && findings != ''",
         [("tighter", "complaint_conduct.apologised")]),
        (CONDUCT, "severity: error", "severity: warning",
         [("laxer", "complaint_conduct.recorded")]),
        (CONDUCT, "require: has(grade)", "when: earlier_complaints > 3\n    require: has(grade)",
         [("laxer", "complaint_conduct.graded")]),
        (CYBER, "then: {grade: major}", "then: {grade: serious}",
         [("laxer", "incident_grade_cyber.major")]),
    ],
)  # fmt: skip
def test_a_change_of_a_policy_is_judged(
    relinker: Relinker, file: str, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert told(changed(relinker, file, old, new)) == expected


def test_what_is_laxer_is_shown_by_a_record_that_both_packs_decide(relinker: Relinker) -> None:
    (found,) = changed(relinker, GRADE, "grade: major", "grade: general")
    assert found.is_refused
    assert found.wording.en == (
        "`complaint_grade`, `safety`: `grade` is general; by the base major"
    )
    assert found.evidence is not None
    assert found.evidence.en.startswith("`safety_involved=true, ")
    assert [str(each) for each in found.cites] == ["spec:7.1.2(3)", "iso_10002:8.5"]


def test_what_is_tighter_is_shown_by_a_record_that_both_packs_decide(relinker: Relinker) -> None:
    # Before 2016 no figure is in force: neither pack decides, and the rules alone show nothing.
    rule = (
        "  - {id: two, title: {zh: 两人投诉, en: Two complainants}, when: affected_customers == 2,"
        " then: {grade: major}, cites: [spec:7.1.2(3)]}\n"
    )
    old = "  - id: general\n"
    text = relinker.reading.texts[GRADE]
    house = relinker.with_text(GRADE, text.replace(old, rule + old, 1))
    (found,) = find_deviations(relinker.pack, house)
    assert found.direction is Direction.TIGHTER
    assert found.evidence is not None
    written, _, day = found.evidence.en.removeprefix("`").partition("` (rules of ")
    facts = {
        name: json.loads(value)
        for name, _, value in (each.partition("=") for each in written.split(", "))
    }
    grades = [
        pack.policies["complaint_grade"].decide(facts, on=date.fromisoformat(day[:-1])).outputs
        for pack in (relinker.pack, house)
    ]
    assert grades == [{"grade": "general"}, {"grade": "major"}]


def test_a_boundary_may_be_laxer_on_one_day_and_stricter_on_another(relinker: Relinker) -> None:
    old = "likelihood * impact >= parameters.risk_high"
    found = changed(relinker, RISK, old, old.replace(">=", ">"))
    assert Direction.LAXER in {each.direction for each in found}


def test_another_order_of_an_output_cannot_be_compared(relinker: Relinker) -> None:
    found = changed(relinker, GRADE, "[major, general]", "[general, major]")
    assert told(found) == [("incomparable", "complaint_grade")]


# Figures


def figure(relinker: Relinker, name: str, amount: int, days: Period) -> Parameter:
    """Return a parameter with another amount on some days within those of its only value."""
    before = relinker.pack.parameters[name]
    (value,) = before.values
    assert isinstance(value.value, Duration)
    assert days.since is not None
    assert days.until is not None
    limit = Duration(amount, value.value.unit)
    values = (
        replace(value, in_force=Period(value.since, days.since)),
        replace(value, value=limit, wording=limit.wording, in_force=days),
        replace(value, in_force=Period(days.until, value.until)),
    )
    return replace(before, values=values)


def test_a_promise_that_is_laxer_on_a_single_day_is_found(relinker: Relinker) -> None:
    day = date(2027, 5, 1)
    house = figure(relinker, "complaint_reply", 16, Period(day, day + timedelta(1)))
    found = find_deviations(relinker.pack, relinker.with_figure(house))
    laxer = [each for each in found if each.direction is Direction.LAXER]
    assert [each.parts[0].name for each in laxer] == ["complaint_reply.2027-05-01"]
    assert laxer[0].wording.en == (
        "`complaint_reply`: 16 days; the base has 15 days (from 2027-05-01)"
    )


@pytest.mark.parametrize(
    ("amount", "unit", "measure", "direction"),
    [
        (10, Unit.WORKING_DAYS, Measure.WORKING_DAYS, Direction.LAXER),
        (5, Unit.WORKING_DAYS, Measure.WORKING_DAYS, Direction.TIGHTER),
        (360, Unit.HOURS, Measure.HOURS, Direction.TIGHTER),
        (385, Unit.HOURS, Measure.HOURS, Direction.LAXER),
    ],
)
def test_limits_in_other_units_are_compared_on_the_calendar(
    relinker: Relinker, amount: int, unit: Unit, measure: Measure, direction: Direction
) -> None:
    law = relinker.pack.parameters["complaint_reply"]
    (value,) = law.values
    house = replace(law, measure=measure, values=(replace(value, value=Duration(amount, unit)),))
    found = find_deviations(relinker.pack, relinker.with_figure(house))
    assert found[0].direction is direction
    assert (found[0].evidence is not None) is (direction is Direction.LAXER)


def test_a_setting_may_be_loosened_without_what_rests_on_it_being_refused(
    relinker: Relinker,
) -> None:
    law = relinker.pack.parameters["complaint_group_size"]
    assert law.kind is ParameterKind.SETTING
    (value,) = law.values
    house = replace(law, values=(replace(value, value=50),))
    (found,) = find_deviations(relinker.pack, relinker.with_figure(house))
    assert found.direction is Direction.LAXER
    assert not found.is_refused


def test_a_pack_does_not_deviate_from_itself(relinker: Relinker) -> None:
    assert find_deviations(relinker.pack, read(RULES).require_pack()) == ()


# Workflows

HANDLING = "complaints/complaint_handling.yaml"


def handling(relinker: Relinker, *changes: tuple[str, str]) -> tuple[Deviation, ...]:
    """Return the deviations of complaint handling with some texts changed."""
    text = relinker.reading.texts[HANDLING]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return find_deviations(relinker.pack, relinker.with_text(HANDLING, text))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("requires: [customer_id, channel,", "requires: [customer_id,",
         ("laxer", "complaint_handling.received.record")),
        ("limit: parameters.complaint_reply\n", "limit: 60 days\n",
         ("laxer", "complaint_handling.reply")),
        ("limit: parameters.complaint_reply\n", "limit: 10 days\n",
         ("tighter", "complaint_handling.reply")),
        ("until: answered\n    limit: parameters.complaint_reply",
         "until: [answered, contacted]\n    limit: parameters.complaint_reply",
         ("laxer", "complaint_handling.reply")),
        ("emit: [escalate_to_supervisor, tell_recourse]", "emit: [escalate_to_supervisor]",
         ("laxer", "complaint_handling.open.reply_overdue")),
        ("guard: clocks.reply.expired || (has(reopened) && reopened)",
         "guard: clocks.reply.expired", ("laxer", "complaint_handling.open.appeal")),
    ],
)  # fmt: skip
def test_a_change_of_a_workflow_is_judged(
    relinker: Relinker, old: str, new: str, expected: tuple[str, str]
) -> None:
    assert told(handling(relinker, (old, new))) == [expected]


def test_a_weaker_guard_is_shown_by_a_run_and_values(relinker: Relinker) -> None:
    old = "guard: grade == 'general' && event.result != '' && event.opinion_asked"
    found = handling(relinker, (old, old.removesuffix(" && event.opinion_asked")))
    assert [each.direction for each in found] == [Direction.LAXER]
    assert found[0].evidence is not None
    assert found[0].evidence.en.startswith("the run → “Received”; ")
    assert "event.opinion_asked=false" in found[0].evidence.en


STEP = "          record:\n            target: recorded"
SCREENED = "  screened: {title: {zh: 初筛完成, en: Screened}}\n"
SCREENING = """\
      screening:
        title: {zh: 初筛, en: Screening}
        cites: [spec:7.1.2(2)]
        on:
          screened: {target: TARGET, by: agent, cites: [spec:7.1.2(2)]}
      recorded:
        title"""


@pytest.mark.parametrize(
    ("target", "refused"),
    [
        ("recorded", []),
        ("closed", ["complaint_handling.screening.screened"]),
        ("general", ["complaint_handling.screening.screened"]),
    ],
)
def test_a_state_of_the_house_may_delay_a_step_and_not_replace_it(
    relinker: Relinker, target: str, refused: list[str]
) -> None:
    found = handling(
        relinker,
        (STEP, STEP.replace("recorded", "screening")),
        ("      recorded:\n        title", SCREENING.replace("TARGET", target)),
        ("  record:\n    title", f"{SCREENED}  record:\n    title"),
    )
    names = [each.parts[0].name for each in found if each.is_refused]
    assert [each for each in names if "(" not in each] == refused


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        ("screened: {target: major, by: agent}", []),
        ("screened: {target: general, by: agent}", ["screening.screened"]),
        ("screened: {target: major, by: agent, assign: {grade: \"'general'\"}}",
         ["screening.screened"]),
        ("screened: {target: major, by: agent}\n        entry: {assign: {grade: \"'general'\"}}",
         ["screening"]),
        ("screened: {target: major, by: agent}\n          withdraw: {target: withdrawn, by: agent}",
         ["screening.withdraw"]),
        ("screened: {target: major, by: agent}\n          reply_overdue: {guard: media_involved}",
         ["screening.reply_overdue"]),
    ],
)  # fmt: skip
def test_a_state_of_the_house_holds_to_the_branch_that_led_there(
    relinker: Relinker, step: str, refused: list[str]
) -> None:
    found = handling(
        relinker,
        ("            - target: major\n", "            - target: screening\n"),
        ("      recorded:\n        title",
         SCREENING.replace("screened: {target: TARGET, by: agent, cites: [spec:7.1.2(2)]}", step)),
        ("  record:\n    title", f"{SCREENED}  record:\n    title"),
    )  # fmt: skip
    names = [each.parts[0].name.partition(".")[2] for each in found if each.is_refused]
    assert [each for each in dict.fromkeys(names) if "(" not in each] == refused


DUTIES = """\
  screening:
    title: {zh: 初筛, en: Screening}
    cites: [spec:7.1.2(2)]
    on:
      screened: {target: contacted, by: agent}
      withdraw: {target: withdrawn, by: customer}
      supplement:
        by: [customer, agent, supervisor]
        assign: event
        emit:
          - effect: hand_to_settlement
            when: >-
              has(event.kind) && has(grade)
              && policies.complaint_settlement.settlement != 'in_the_complaint'
            with: {settlement: policies.complaint_settlement.settlement}
      appeal:
        target: appealed
        by: [customer, regulator]
        guard: clocks.reply.expired || (has(reopened) && reopened)
        emit: [hand_over_file]
      acknowledgement_overdue: {emit: [escalate_to_supervisor]}
      contact_overdue: {emit: [escalate_to_supervisor]}
      reply_overdue: {emit: [escalate_to_supervisor, tell_recourse]}
      second_reply_overdue: {emit: [escalate_to_supervisor]}
  closed:
    title"""


@pytest.mark.parametrize(
    ("old", "new", "refused"),
    [
        ("by: customer}", "by: customer}", []),
        ("by: customer}", "by: customer, guard: apologised}", ["screening.withdraw"]),
        ("      contact_overdue: {emit: [escalate_to_supervisor]}\n", "", ["screening"]),
        ("tell_recourse]}", "tell_recourse], guard: media_involved}", ["screening.reply_overdue"]),
    ],
)
def test_a_state_of_the_house_keeps_rights_and_what_follows_on_an_expiry(
    relinker: Relinker, old: str, new: str, refused: list[str]
) -> None:
    asked = "          ask_customer:\n            target: awaiting_customer\n"
    found = handling(
        relinker,
        (asked, f"          screen: {{target: screening, by: agent}}\n{asked}"),
        ("  closed:\n    title", DUTIES.replace(old, new)),
        ("  record:\n    title",
         f"{SCREENED}  screen: {{title: {{zh: 初筛, en: Screen}}}}\n  record:\n    title"),
    )  # fmt: skip
    names = [each.parts[0].name.partition(".")[2] for each in found if each.is_refused]
    assert list(dict.fromkeys(names)) == refused


def test_what_follows_on_an_expiry_may_not_be_narrowed(relinker: Relinker) -> None:
    old = "emit: [escalate_to_supervisor, tell_recourse]"
    found = handling(relinker, (old, f"guard: media_involved\n        {old}"))
    refused = [each for each in found if each.is_refused]
    assert [each.parts[0].name for each in refused] == ["complaint_handling.open.reply_overdue"]


def test_a_case_may_not_end_where_it_goes_on_by_the_base(relinker: Relinker) -> None:
    file = "network/network_change.yaml"
    text = relinker.reading.texts[file]
    title = "title: {zh: 放弃, en: Drop}"
    for old, new in (
        ("\nevents:\n", f"\nevents:\n  drop: {{{title}}}\n"),
        ("\nstates:\n", f"\nstates:\n  dropped: {{{title}, type: final}}\n"),
        (
            "      prepare_way_back:\n        by",
            "      drop: {target: dropped}\n      prepare_way_back:\n        by",
        ),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    found = find_deviations(relinker.pack, relinker.with_text(file, text))
    assert "network_change.dropped" in [each.parts[0].name for each in found if each.is_refused]


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        # The right to appeal asks whether the answer was late: the clock may not begin anew.
        ("from: received\n    until: answered", "from: [received, contacted]\n    until: answered",
         Direction.INCOMPARABLE),
        # The customer's time to reopen is over earlier.
        ("from: closed\n    until: reopen", "from: [closed, answered]\n    until: reopen",
         Direction.LAXER),
        ("from: received\n    until: [ack", "from: [received, contacted]\n    until: [ack",
         Direction.TIGHTER),
    ],
)  # fmt: skip
def test_a_clock_that_begins_at_more_is_not_always_tighter(
    relinker: Relinker, old: str, new: str, direction: Direction
) -> None:
    assert [each.direction for each in handling(relinker, (old, new))] == [direction]
