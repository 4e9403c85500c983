"""Stories through the handling of violations, and the general law that its guards ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from telecom_rules.workflows import Accepted, ReasonKind, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Case, Outcome

RULES = Path(__file__).resolve().parents[2] / "rules"
BEIJING = timezone(timedelta(hours=8))
REPORTED = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
DAY = date(2026, 3, 1)

# An ordinary case: established, neither grave nor a crime, found in time, harm done.
FOUND = {
    "act": "scope_exceeded",
    "established": True,
    "evidence": ["document", "electronic_data"],
    "evidence_taken_on": "2026-03-02",
    "lead_officer": "Z-01",
    "second_officer": "Z-02",
    "illegal_gain": "80000.00",
    "grave": False,
    "is_crime": False,
    "refused_to_correct": False,
    "minor": False,
    "corrected_in_time": False,
    "harm_done": True,
    "safety_or_finance_affected": False,
    "committed_on": "2025-06-01",
    "detected_on": "2026-02-20",
}


def send(case: Case, event: str, by: str, payload: Mapping[str, object] | None = None) -> Outcome:
    return case.send(event, payload, at=case.at + timedelta(hours=1), by=by)


def take(case: Case, event: str, by: str, payload: Mapping[str, object] | None = None) -> Case:
    outcome = send(case, event, by, payload)
    assert isinstance(outcome, Accepted), outcome.explain("en")
    return outcome.case


def investigated(pack: Pack, **facts: object) -> Case:
    """Return a case under investigation with everything recorded but what `facts` changes."""
    case = pack.workflows["violation_handling"].start({}, at=REPORTED, id="V-1")
    case = take(case, "file", "regulator")
    return take(case, "record", "investigator", {**FOUND, **facts})


def concluded(pack: Pack, **facts: object) -> Case:
    return take(investigated(pack, **facts), "conclude", "regulator")


def notified(pack: Pack, fine: str | None, **facts: object) -> Case:
    payload = None if fine is None else {"fine": fine}
    return take(concluded(pack, **facts), "propose", "regulator", payload)


def decidable(pack: Pack, fine: str | None, **facts: object) -> Case:
    """Return a case whose party was told, and waived statement, defence and hearing."""
    return take(notified(pack, fine, **facts), "waive", "licensee")


def test_an_ordinary_case_ends_with_a_fine_carried_out(pack: Pack) -> None:
    case = notified(pack, "300000.00")
    case = take(case, "plead", "licensee", {"statement": "补办手续中"})
    assert isinstance(send(case, "decide", "regulator"), Refused)
    case = take(case, "waive", "licensee")
    outcome = send(case, "decide", "regulator")
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "fined"
    assert [effect.name for effect in outcome.effects] == ["serve_decision"]
    assert "spec:3.3(3)" in map(str, outcome.cites)
    case = take(outcome.case, "perform", "regulator")
    assert (case.state, case.final) == ("closed", True)
    assert case.facts["fine"] == Decimal("300000.00")


@pytest.mark.parametrize("fine", ["239999.99", "400000.01"])
def test_a_fine_outside_its_range_is_refused_and_the_reason_says_so(pack: Pack, fine: str) -> None:
    outcome = send(concluded(pack), "propose", "regulator", {"fine": fine})
    assert isinstance(outcome, Refused)
    assert ReasonKind.GUARD in {reason.kind for reason in outcome.reasons}
    assert outcome.case.state == "concluded"


@pytest.mark.parametrize("fine", ["240000", "400000"])
def test_the_ends_of_the_range_belong_to_it(pack: Pack, fine: str) -> None:
    assert notified(pack, fine).state == "notified"


def test_a_fine_is_refused_where_the_statute_has_none(pack: Pack) -> None:
    case = concluded(pack, act="service_forced")
    assert isinstance(send(case, "propose", "regulator", {"fine": "10000"}), Refused)
    assert isinstance(send(concluded(pack), "propose", "regulator"), Refused)


@pytest.mark.parametrize(
    ("facts", "fine", "state"),
    [
        ({"grave": True}, "240000", "suspended"),
        ({"act": "cross_border_unauthorised", "grave": True}, "240000", "revoked"),
        ({"act": "network_security_harm", "grave": True}, None, "revoked"),
        ({"act": "card_forged", "grave": True}, "240000", "revoked"),
        ({"act": "card_forged", "grave": True, "is_crime": True}, None, "revoked"),
        ({"act": "itemised_bill_refused", "refused_to_correct": True}, "5000", "warned"),
        ({"act": "service_forced", "refused_to_correct": True}, "10000", "warned"),
        ({"act": "service_forced", "grave": True}, None, "suspended"),
        ({"act": "service_forced"}, None, "corrected"),
        ({"act": "lines_moved"}, "10000", "fined"),
    ],
)
def test_the_statute_picks_the_outcome(
    pack: Pack, facts: Mapping[str, object], fine: str | None, state: str
) -> None:
    case = take(decidable(pack, fine, **facts), "decide", "regulator")
    assert case.state == state
    assert take(case, "perform", "regulator").final


def test_a_revocation_is_reported_to_the_registration_body(pack: Pack) -> None:
    outcome = send(decidable(pack, "240000", act="card_forged", grave=True), "decide", "regulator")
    assert isinstance(outcome, Accepted)
    assert "notify_registration_body" in [effect.name for effect in outcome.effects]


@pytest.mark.parametrize(
    ("facts", "cited"),
    [
        ({"established": False}, "administrative_penalty_law:57(3)"),
        (
            {"minor": True, "corrected_in_time": True, "harm_done": False},
            "administrative_penalty_law:33",
        ),
        ({"committed_on": "2023-12-31"}, "administrative_penalty_law:36"),
    ],
)
def test_some_cases_end_without_a_penalty(
    pack: Pack, facts: Mapping[str, object], cited: str
) -> None:
    outcome = send(investigated(pack, **facts), "conclude", "regulator")
    assert isinstance(outcome, Accepted)
    assert (outcome.case.state, outcome.case.final) == ("not_penalised", True)
    assert cited in map(str, outcome.cites)


def test_a_crime_is_referred_and_may_be_sent_back(pack: Pack) -> None:
    outcome = send(investigated(pack, is_crime=True), "conclude", "regulator")
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "referred"
    assert outcome.effects[0].payload["measure"] == "criminal_referral"
    assert take(outcome.case, "take_over", "regulator").state == "transferred"
    back = take(outcome.case, "send_back", "regulator")
    assert (back.state, back.facts["is_crime"]) == ("investigating", False)
    assert take(back, "conclude", "regulator").state == "concluded"


def test_a_grave_crime_is_referred_while_the_revocation_goes_on(pack: Pack) -> None:
    outcome = send(
        investigated(pack, act="forbidden_content", grave=True, is_crime=True),
        "conclude",
        "regulator",
    )
    assert isinstance(outcome, Accepted)
    assert outcome.case.state == "concluded"
    assert [effect.name for effect in outcome.effects] == ["transfer_file"]


@pytest.mark.parametrize(
    "act", ["forbidden_content", "equipment_quality_lowered", "official_abuse"]
)
def test_acts_of_other_authorities_are_handed_over(pack: Pack, act: str) -> None:
    case = concluded(pack, act=act)
    assert case.state == "referred"
    assert isinstance(send(case, "send_back", "regulator"), Refused)
    assert take(case, "take_over", "regulator").final


def test_an_investigation_cannot_be_concluded_before_the_facts_are_known(pack: Pack) -> None:
    case = pack.workflows["violation_handling"].start({}, at=REPORTED, id="V-2")
    case = take(case, "file", "regulator")
    unknown = {"grave", "illegal_gain", "refused_to_correct"}
    known = {name: value for name, value in FOUND.items() if name not in unknown}
    case = take(case, "record", "investigator", known)
    outcome = send(case, "conclude", "regulator")
    assert isinstance(outcome, Refused)
    assert ReasonKind.UNKNOWN in {reason.kind for reason in outcome.reasons}


def test_a_hearing_is_a_right_only_where_the_law_gives_it(pack: Pack) -> None:
    small = notified(pack, "10000", act="lines_moved", illegal_gain="0")
    assert isinstance(send(small, "request_hearing", "licensee"), Refused)
    grave = take(notified(pack, "240000", grave=True), "request_hearing", "licensee")
    assert grave.state == "hearing"
    assert isinstance(send(grave, "decide", "regulator"), Refused)
    heard = take(grave, "close_hearing", "regulator")
    assert take(heard, "decide", "regulator").state == "suspended"


def test_only_the_regulator_decides(pack: Pack) -> None:
    case = decidable(pack, "300000")
    for role in ("licensee", "investigator", "agent"):
        outcome = send(case, "decide", role)
        assert isinstance(outcome, Refused)
        assert ReasonKind.ROLE in {reason.kind for reason in outcome.reasons}


def test_a_statement_may_lead_back_to_the_investigation(pack: Pack) -> None:
    case = take(notified(pack, "300000"), "reconsider", "regulator")
    case = take(case, "investigate_further", "regulator")
    case = take(case, "record", "investigator", {"illegal_gain": "10000"})
    case = take(case, "conclude", "regulator")
    assert take(case, "propose", "regulator", {"fine": "100000"}).state == "notified"


def test_a_lead_may_be_declined(pack: Pack) -> None:
    case = pack.workflows["violation_handling"].start({}, at=REPORTED, id="V-3")
    assert take(case, "decline", "regulator").state == "not_filed"


def test_an_overdue_decision_is_a_breach_and_is_reported(pack: Pack) -> None:
    case = concluded(pack)
    # Filed on 2 March: the 90th day after it is Sunday, 31 May; the limit ends with Monday.
    last = datetime(2026, 6, 2, tzinfo=BEIJING)
    assert case.clocks["decision"].deadline == last
    assert not case.tick(last).case.breaches
    ticked = case.tick(last + timedelta(seconds=1))
    assert [breach.clock for breach in ticked.case.breaches] == ["decision"]
    assert "report_overdue" in [effect.name for effect in ticked.effects]
    assert ticked.case.state == "concluded"


def test_a_decision_stops_the_clock(pack: Pack) -> None:
    case = take(decidable(pack, "300000"), "decide", "regulator")
    assert not case.due


MINOR = {"minor": True, "corrected_in_time": True, "harm_done": False}
SAFETY = {"safety_or_finance_affected": True, "harm_done": True}


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        (MINOR, False),
        (MINOR | {"harm_done": True}, True),
        (MINOR | {"corrected_in_time": False}, True),
        ({}, True),
    ],
)
def test_a_minor_case_that_was_corrected_without_harm_is_not_penalised(
    pack: Pack, facts: Mapping[str, object], *, allowed: bool
) -> None:
    decision = pack.policies["violation_limits"].decide({**FOUND, **facts}, on=DAY)
    assert decision.outputs["may_penalise"] is allowed


@pytest.mark.parametrize(
    ("committed", "detected", "facts", "allowed"),
    [
        # Two years, with a 29 February and without.
        ("2021-03-01", "2023-03-01", {}, True),
        ("2021-03-01", "2023-03-02", {}, False),
        ("2023-03-01", "2025-03-01", {}, True),
        ("2023-03-01", "2025-03-02", {}, False),
        # Five years where life, health or finance was harmed.
        ("2021-03-01", "2026-03-01", SAFETY, True),
        ("2019-03-01", "2024-03-01", SAFETY, True),
        ("2019-03-01", "2024-03-02", SAFETY, False),
        ("2021-03-01", "2025-03-01", SAFETY | {"harm_done": False}, False),
    ],
)
def test_an_act_found_too_late_is_not_penalised(
    pack: Pack, committed: str, detected: str, facts: Mapping[str, object], *, allowed: bool
) -> None:
    dates = {"committed_on": committed, "detected_on": detected}
    decision = pack.policies["violation_limits"].decide({**FOUND, **dates, **facts}, on=DAY)
    assert decision.outputs["may_penalise"] is allowed


@pytest.mark.parametrize(
    ("facts", "granted"),
    [
        ({"act": "card_forged", "grave": True, "illegal_gain": "0"}, True),
        ({"act": "cross_subsidy", "grave": True}, True),
        ({"act": "cross_subsidy", "fine": "100000"}, True),
        ({"act": "lines_moved", "fine": "99999.99"}, False),
        ({"act": "scope_exceeded", "illegal_gain": "100000"}, True),
        ({"act": "lines_moved", "illegal_gain": "100000"}, False),
        ({"act": "service_forced"}, False),
    ],
)
def test_a_hearing_may_be_asked_for_on_grave_penalties(
    pack: Pack, facts: Mapping[str, object], *, granted: bool
) -> None:
    decision = pack.policies["violation_hearing"].decide({**FOUND, **facts}, on=DAY)
    assert decision.outputs["granted"] is granted


@pytest.mark.parametrize("second", [None, "", "Z-01"])
def test_facts_are_found_by_two_officers_at_least(pack: Pack, second: str | None) -> None:
    case = pack.workflows["violation_handling"].start({}, at=REPORTED, id="V-4")
    case = take(case, "file", "regulator")
    found = {**FOUND, "second_officer": second}
    assert isinstance(send(case, "record", "investigator", found), Refused)


def test_nothing_is_established_without_evidence(pack: Pack) -> None:
    case = pack.workflows["violation_handling"].start({}, at=REPORTED, id="V-5")
    case = take(case, "file", "regulator")
    without = {name: value for name, value in FOUND.items() if name != "evidence"}
    case = take(case, "record", "investigator", without)
    outcome = send(case, "conclude", "regulator")
    assert isinstance(outcome, Refused)
    assert ReasonKind.REQUIRES in {reason.kind for reason in outcome.reasons}
    assert isinstance(send(case, "record", "investigator", {"evidence": []}), Refused)
