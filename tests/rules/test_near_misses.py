"""Whoever corrects a fact by the margin that an explanation tells meets the condition."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import pytest

from telecom_rules.errors import TelecomRulesError
from telecom_rules.expressions.evaluation.explain import Explainer
from telecom_rules.policies.explanation.near_miss import describe_near_miss, iter_misses
from telecom_rules.policies.policy import engine_of
from telecom_rules.policies.rule_set import iter_expressions
from telecom_rules.vocabulary import Record
from tests.rules.records import ON, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy

RECORDS = 25
"""Records by chance for each policy."""
TOLD = re.compile(
    r"(?P<more>more than )?(?:CNY )?(?P<amount>[0-9,.]+)(?: (?P<unit>day|hour|minute|second)s?)?"
    r" too (?P<side>low|high|early|late)"
)


def iter_told(policy: Policy) -> Iterator[tuple[Explainer, Typed, str, str]]:
    """Yield each failing part with a margin: with its explainer, its fact and what is told."""
    for record in islice(records(policy, Random(policy.name)), RECORDS):  # noqa: S311 - no secret
        try:
            decision = policy.decide(record, on=ON)
        except TelecomRulesError:
            continue
        edition = engine_of(policy).edition_on(ON)
        assert edition is not None
        context = edition.build_context(decision.facts, ON)
        for test in iter_expressions(edition.policy):
            if str(test.type) != "boolean":
                continue
            explainer = Explainer(test.source, test.fact, Record(decision.facts), context)
            for node in explainer.iter_obstacles(test.tree, wanted=True):
                if explainer.evaluate(node) is not None:
                    wanted = not explainer.evaluate(node)
                    told = describe_near_miss(node, explainer, wanted=wanted)
                    for miss in iter_misses(node, explainer, wanted=wanted):
                        if told is not None and miss.wording == told:
                            yield explainer, node, miss.fact.name, told.en


def correct(facts: Record, name: str, told: re.Match[str], more: Decimal) -> Record:
    """Return facts with one of them changed as told, and by `more` beyond that."""
    amount = Decimal(told["amount"].replace(",", "")) + more
    signed = amount if told["side"] in {"low", "early"} else -amount
    by: object = int(signed) if isinstance(facts[name], int) else signed
    if told["unit"]:
        by = timedelta(**{f"{told['unit']}s": float(signed)})
    return Record({**facts, name: facts[name] + by})


@pytest.mark.slow
def test_every_margin_that_is_told_is_true(pack: Pack) -> None:
    seen = {"more than": 0, "exactly": 0}
    for policy in pack.policies.values():
        for explainer, node, fact, text in iter_told(policy):
            told = TOLD.fullmatch(text)
            if told is None:
                assert text == "exactly at the limit"
                continue
            before = explainer.evaluate(node)
            after, beyond = (
                explainer.for_facts(correct(explainer.facts, fact, told, Decimal(more)))
                for more in ("0", "0.001")
            )
            if told["more"]:
                assert after.evaluate(node) is before, f"{policy.name}: {text}"
                assert beyond.evaluate(node) is (not before), f"{policy.name}: {text}"
                seen["more than"] += 1
            else:
                assert after.evaluate(node) is (not before), f"{policy.name}: {text}"
                seen["exactly"] += 1
    assert seen["more than"] > 20
    assert seen["exactly"] > 500


def test_a_setting_that_is_off_is_missed_by_no_sum(pack: Pack) -> None:
    months = {f"charge_{n}_month{'s' if n > 1 else ''}_ago": "100" for n in (1, 2, 3)}
    decision = pack.policies["abnormal_bill"].decide({"charge": "500.01", **months}, on=ON)
    told = decision.explain("zh").splitlines()
    assert "  异常费用的起点金额：未设置（自 2016-02-06 起有效，本规则包的默认设置）" in told
    (floor,) = [each for each in told if "below_the_floor" in each]
    assert floor.endswith("，异常费用的起点金额：未设置")
