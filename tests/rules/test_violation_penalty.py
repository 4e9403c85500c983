"""Articles 66 to 78 of the Telecommunications Regulations, case by case.

Every figure is written out here again, by hand, so that a slip in the tables shows.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision

RULES = Path(__file__).resolve().parents[2] / "rules"
DAY = date(2026, 3, 1)
LIGHT = {"illegal_gain": "0", "grave": False, "is_crime": False, "refused_to_correct": False}
FACTS = {"grave": "grave", "crime": "is_crime", "refused": "refused_to_correct"}
FLAGS = {
    "correct": "order_to_correct",
    "apologise": "apologise",
    "compensate": "compensate",
    "confiscate": "confiscate_gain",
    "warn": "warning",
    "stop": "stop_business",
    "revoke": "revoke_licence",
    "authority": "refer_authority",
    "crime": "refer_criminal",
}

# act and how it differs from a light case | article | heaviest measure | fine | all flags
TABLE = """
forbidden_content                          | 66 | other_authority   | -                    | authority
forbidden_content gain=900000              | 66 | other_authority   | -                    | authority
network_security_harm grave                | 66 | revocation        | -                    | authority revoke
network_security_harm crime                | 66 | criminal_referral | -                    | crime
forbidden_content crime grave              | 66 | criminal_referral | -                    | crime revoke

line_tapped_or_number_cloned               | 67 | fine              | 10000 .. 100000      | correct confiscate
card_forged gain=9999.99                   | 67 | fine              | 10000 .. 100000      | correct confiscate
card_forged gain=10000.00                  | 67 | fine              | 30000 .. 50000       | correct confiscate
false_identity_used gain=10000.01          | 67 | fine              | 30000.03 .. 50000.05 | correct confiscate
card_forged grave                          | 67 | revocation        | 10000 .. 100000      | correct confiscate revoke
card_forged grave gain=20000               | 67 | revocation        | 60000 .. 100000      | correct confiscate revoke
card_forged crime gain=20000               | 67 | criminal_referral | -                    | crime
card_forged crime grave                    | 67 | criminal_referral | -                    | crime revoke

licence_forged                             | 68 | fine              | 10000 .. 100000      | confiscate
licence_usurped gain=9999.99               | 68 | fine              | 10000 .. 100000      | confiscate
licence_transferred gain=10000             | 68 | fine              | 30000 .. 50000       | confiscate
permit_number_invented grave               | 68 | fine              | 10000 .. 100000      | confiscate

unlicensed_operation                       | 69 | fine              | 100000 .. 1000000    | correct confiscate
scope_exceeded gain=49999.99               | 69 | fine              | 100000 .. 1000000    | correct confiscate
scope_exceeded gain=50000.00               | 69 | fine              | 150000 .. 250000     | correct confiscate
gateway_unapproved gain=50000.01           | 69 | fine              | 150000.03..250000.05 | correct confiscate
resource_misused grave                     | 69 | suspension        | 100000 .. 1000000    | correct confiscate stop
interconnection_cut grave gain=80000       | 69 | suspension        | 240000 .. 400000     | correct confiscate stop
access_cut                                 | 69 | fine              | 100000 .. 1000000    | correct confiscate
universal_service_refused                  | 69 | fine              | 100000 .. 1000000    | correct confiscate
unlicensed_operation crime grave           | 69 | criminal_referral | -                    | crime
cross_border_unauthorised                  | 69 | fine              | 100000 .. 1000000    | correct confiscate
cross_border_unauthorised grave gain=50000 | 69 | revocation        | 150000 .. 250000     | correct confiscate stop revoke
cross_border_unauthorised crime grave      | 69 | criminal_referral | -                    | crime revoke

interconnection_surcharge                  | 70 | fine              | 10000 .. 100000      | correct confiscate
interconnection_fault_uncleared gain=9999.99 | 70 | fine            | 10000 .. 100000      | correct confiscate
communication_disclosed gain=10000         | 70 | fine              | 10000 .. 30000       | correct confiscate
resource_fee_unpaid grave gain=10000       | 70 | suspension        | 10000 .. 30000       | correct confiscate stop

choice_of_operator_limited gain=70000      | 71 | fine              | 100000 .. 1000000    | correct
cross_subsidy                              | 71 | fine              | 100000 .. 1000000    | correct
below_cost_pricing grave                   | 71 | suspension        | 100000 .. 1000000    | correct stop

interconnection_refused                    | 72 | fine              | 50000 .. 500000      | correct
interconnection_decision_defied gain=70000 | 72 | fine              | 50000 .. 500000      | correct
interconnection_quality_lowered grave      | 72 | suspension        | 50000 .. 500000      | correct stop

itemised_bill_refused                      | 73 | order_to_correct  | -                    | correct apologise
itemised_bill_refused grave                | 73 | order_to_correct  | -                    | correct apologise
charge_basis_refused refused               | 73 | fine              | 5000 .. 50000        | correct apologise warn

service_forced                             | 74 | order_to_correct  | -                    | correct apologise compensate
promise_broken_or_misleading gain=70000    | 74 | order_to_correct  | -                    | correct apologise compensate
terminal_forced_or_refused refused         | 74 | fine              | 10000 .. 100000      | correct apologise compensate warn
service_refused_or_delayed grave           | 74 | suspension        | -                    | correct apologise compensate stop
user_harassed_or_retaliated_against grave refused | 74 | suspension | 10000 .. 100000      | correct apologise compensate warn stop

terminal_unpermitted_sold grave            | 75 | fine              | 10000 .. 100000      | correct
public_service_obstructed                  | 75 | fine              | 10000 .. 100000      | correct
lines_moved gain=70000                     | 75 | fine              | 10000 .. 100000      | correct
lines_moved crime                          | 75 | criminal_referral | -                    | crime

equipment_quality_lowered grave            | 76 | other_authority   | -                    | authority
official_abuse                             | 78 | other_authority   | -                    | authority
official_abuse crime                       | 78 | criminal_referral | -                    | crime
"""  # noqa: E501 - a table


class Example(NamedTuple):
    facts: dict[str, object]
    article: str
    measure: str
    fine: tuple[Decimal, Decimal] | None
    flags: set[str]


def example(line: str) -> Example:
    who, article, measure, fine, flags = (cell.strip() for cell in line.split("|"))
    act, *words = who.split()
    facts: dict[str, object] = {"act": act, **LIGHT}
    for word in words:
        if word.startswith("gain="):
            facts["illegal_gain"] = word.removeprefix("gain=")
        else:
            facts[FACTS[word]] = True
    lowest, _, highest = fine.partition("..")
    limits = (Decimal(lowest.strip()), Decimal(highest.strip())) if highest else None
    return Example(facts, f"article_{article}", measure, limits, {FLAGS[f] for f in flags.split()})


LINES = [line for line in TABLE.splitlines() if line]
EXAMPLES = [pytest.param(example(line), id=" ".join(line.split("|")[0].split())) for line in LINES]


def penalty(pack: Pack, facts: dict[str, object]) -> Decision:
    return pack.policies["violation_penalty"].decide(facts, on=DAY)


@pytest.mark.parametrize("case", EXAMPLES)
def test_the_article_of_the_act_decides_the_measures(pack: Pack, case: Example) -> None:
    outputs = penalty(pack, case.facts).outputs
    assert (outputs["article"], outputs["measure"]) == (case.article, case.measure)
    assert {flag for flag in FLAGS.values() if outputs[flag]} == case.flags
    fine = (outputs["fine_min"], outputs["fine_max"]) if "fine_max" in outputs else None
    assert fine == case.fine


@pytest.mark.parametrize("case", EXAMPLES)
def test_the_decision_cites_its_article_and_the_ladder(pack: Pack, case: Example) -> None:
    cites = [str(clause) for clause in penalty(pack, case.facts).cites]
    number = case.article.removeprefix("article_")
    assert any(clause.startswith("spec:3.3") for clause in cites)
    assert ("telecom_regulations:77(1)" in cites) == ("revoke_licence" in case.flags)
    if "refer_criminal" not in case.flags:
        assert any(clause.split("(")[0] == f"telecom_regulations:{number}" for clause in cites)


def test_every_act_of_the_catalogue_falls_under_one_article(pack: Pack) -> None:
    acts = set(pack.catalogues["violation_act"].codes)
    assert acts == {line.split()[0] for line in LINES}
    assert all(
        pack.policies["violation_article"].decide({"act": act}, on=DAY).known for act in acts
    )


def test_the_highest_fine_of_article_69_falls_at_the_threshold_and_the_rule_says_why(
    pack: Pack,
) -> None:
    policy = pack.policies["violation_fine"]
    below = policy.decide({"act": "scope_exceeded", "illegal_gain": "49999.99"}, on=DAY)
    at = policy.decide({"act": "scope_exceeded", "illegal_gain": "50000"}, on=DAY)
    assert at.outputs["highest"] < below.outputs["highest"]
    assert at.rule is not None
    assert at.rule.note is not None
    assert "250 000" in at.rule.note.zh
    assert "250 000" in at.rule.note.en


@pytest.mark.parametrize(
    "act", ["forbidden_content", "equipment_quality_lowered", "official_abuse"]
)
def test_articles_66_76_and_78_have_no_telecom_fine(pack: Pack, act: str) -> None:
    outputs = pack.policies["violation_fine"].decide({"act": act}, on=DAY).outputs
    assert (outputs["lowest"], outputs["highest"]) == (0, 0)


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        ({"act": "scope_exceeded"}, "is_crime"),
        ({"act": "scope_exceeded", "is_crime": False}, "grave"),
        ({"act": "scope_exceeded", "is_crime": False, "grave": False}, "illegal_gain"),
        ({"act": "service_forced", "is_crime": False, "grave": False}, "refused_to_correct"),
    ],
)
def test_a_missing_fact_leaves_the_penalty_open_and_is_named(
    pack: Pack, facts: dict[str, object], needed: str
) -> None:
    decision = penalty(pack, facts)
    assert not decision.known
    assert needed in decision.missing


@pytest.mark.parametrize(
    "facts",
    [
        {"act": "lines_moved", "is_crime": False},
        {"act": "cross_subsidy", "is_crime": False, "grave": False},
        {"act": "equipment_quality_lowered", "is_crime": False},
        {"act": "itemised_bill_refused", "is_crime": False, "refused_to_correct": False},
    ],
    ids=lambda facts: facts["act"],
)
def test_a_fact_the_article_does_not_ask_for_may_be_missing(
    pack: Pack, facts: dict[str, object]
) -> None:
    assert penalty(pack, facts).known


def test_no_combination_of_facts_escapes_the_ladder_of_the_statute(pack: Pack) -> None:
    gains = ("0", "9999.99", "10000", "49999.99", "50000", "1000000")
    for act, gain, grave, crime, refused in product(
        pack.catalogues["violation_act"].codes, gains, *[(False, True)] * 3
    ):
        given = (gain, grave, crime, refused)
        outputs = penalty(pack, {"act": act, **dict(zip(LIGHT, given, strict=True))}).outputs
        article = outputs["article"]
        assert outputs["refer_criminal"] == crime
        assert (
            ("fine_min" in outputs) == ("fine_max" in outputs) == (outputs.get("fine_max", 0) > 0)
        )
        assert outputs.get("fine_min", 0) <= outputs.get("fine_max", 0)
        assert not outputs["warning"] or (refused and article in {"article_73", "article_74"})
        assert not outputs["stop_business"] or grave
        assert outputs["revoke_licence"] == (
            grave
            and (article in {"article_66", "article_67"} or act == "cross_border_unauthorised")
        )
