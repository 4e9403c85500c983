"""A policy that is asked may fail and make no difference: the decision is explained and kept."""

from __future__ import annotations

from datetime import date

import pytest

from telecom_rules.pack import link
from tests.pack.house import house

PEER = """
policy: peer
title: {zh: 同伴, en: Peer}
cites: [book:1]
facts: ticket
hit_policy: unique
outputs: {rate: decimal}
rules:
  - {id: some, when: loss < 50.00, then: {rate: "1.0 / (2.0 - 2.0)"}, cites: [book:1]}
  - {id: more, when: "loss > 100.00 && loss < 200.00", then: {rate: "2.0"}, cites: [book:1]}
"""
TABLE = """
policy: asking
title: {zh: 询问, en: Asking}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {grade: grade}
rules:
  - {id: a, when: "policies.peer.rate > 1.0 || loss >= 0.00", then: {grade: high}, cites: [book:1]}
  - {id: b, then: {grade: low}, cites: [book:1]}
"""
CHECKLIST = """
policy: listing
title: {zh: 清单, en: Listing}
cites: [book:1]
facts: ticket
checks:
  - id: c
    title: {zh: 甲, en: A}
    require: "policies.peer.rate > 3.0 || loss > 5.00"
    severity: error
    remedy: {zh: 改, en: mend}
    cites: [book:1]
"""
FILES = house(policies_peer=PEER, policies_asking=TABLE, policies_listing=CHECKLIST)
PACK = link(FILES).require_pack()


@pytest.mark.parametrize("policy", ["asking", "listing"])
@pytest.mark.parametrize(
    ("loss", "why"),
    [(10, "peer: no decision, in some of the policy `peer`: division by zero"), (60, "covers"),
     (1000, "no rule of the policy `peer` covers these facts")],
)  # fmt: skip
def test_a_decision_is_explained_and_dumped_although_a_policy_it_asked_fails(policy, loss, why):
    decision = PACK.policies[policy].decide({"loss": loss}, on=date(2026, 3, 1))
    assert why in decision.explain("en")
    assert "peer：没有结论" in decision.explain("zh")
    assert PACK.decide_again(decision.dump()) == decision
    assert decision.summary("en")
    assert decision.cites
