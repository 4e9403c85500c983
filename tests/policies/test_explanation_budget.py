"""Explaining a decision costs at most a little more than deciding, whatever the rules compute."""

from __future__ import annotations

import time

import pytest

from telecom_rules.errors import NoRuleMatches
from tests.policies.house import DAY, House, house

THINGS = """
facts: things
title: {zh: 物, en: Things}
fields:
  numbers: {type: "list[integer]", title: {zh: 数, en: Numbers}}
  texts: {type: "list[text]", title: {zh: 文, en: Texts}}
  text: {type: text, title: {zh: 文, en: Text}}
"""
SLOW = (
    "numbers.exists(a, numbers.exists(b, a * b == -7))",
    "text.matches('[ab]*a[ab]{150}c')",
    "numbers.map(n, text + text).size() > 3000",
    "texts.exists(t, t == text + 'x')",
)
GIVEN = {"numbers": list(range(300)), "texts": ["ab" * 5000] * 900, "text": "ab" * 5000}
WORDS = "severity: error, title: {zh: 甲, en: A}, remedy: {zh: 改, en: Mend}"
CUT = {"en": "not explained further: it would take too long", "zh": "因计算量过大，不再说明"}


def table(when: str, count: int) -> House:
    """Return a table of rules with one slow condition each, and a last one that holds."""
    rules = [f"- {{id: r{at}, when: {when!r}, then: {{level: '{at}'}}}}" for at in range(count)]
    lines = "\n  ".join([*rules, "- {id: other, then: {level: '99'}}"])
    head = "policy: p\ntitle: {zh: 甲, en: P}\nfacts: things\nhit_policy: first\n"
    return house(f"{head}outputs: {{level: integer}}\nrules:\n  {lines}\n", words=(THINGS,))


def checklist(require: str, count: int) -> House:
    """Return a checklist of slow requirements."""
    head = "policy: p\ntitle: {zh: 甲, en: P}\nfacts: things\nchecks:\n"
    lines = (f"  - {{id: c{at}, require: {require!r}, {WORDS}}}\n" for at in range(count))
    return house(head + "".join(lines), words=(THINGS,))


@pytest.mark.slow
@pytest.mark.parametrize("when", SLOW)
@pytest.mark.parametrize("build", [table, checklist])
def test_an_explanation_has_a_budget_for_all_its_parts(build, when):  # type: ignore[no-untyped-def]  # as the rest
    policy = build(f'text == "" || {when}'.replace("'", '"'), 8)["p"]
    begun = time.process_time()
    decision = policy.decide(GIVEN, on=DAY)
    decided = time.process_time()
    lines = {language: decision.explain(language) for language in ("zh", "en")}
    explained = time.process_time()
    assert explained - decided < 8 * (decided - begun) + 1
    for language, text in lines.items():
        assert (CUT[language] in text) or "numbers.map" in when or "texts" in when


def test_a_cut_line_is_not_kept_for_other_decisions() -> None:
    policy = table('text.matches("[ab]*a[ab]{150}c")', 3)["p"]
    slow = policy.decide({**GIVEN, "text": "ab" * 5000}, on=DAY).explain("en")
    quick = policy.decide({**GIVEN, "text": "ab"}, on=DAY).explain("en")
    assert slow.count(CUT["en"]) == 3
    assert CUT["en"] not in quick


def test_the_nearest_rule_is_one_that_can_be_explained() -> None:
    slow = 'text.matches("[ab]*a[ab]{150}c")'
    rules = "\n  ".join([
        f"- {{id: slow, when: {slow!r}, then: {{level: '1'}}}}",
        "- {id: quick, when: 'text == \"\" && size(numbers) == 1', then: {level: '2'}}",
        f"- {{id: slower, when: {slow!r}, then: {{level: '3'}}}}",
    ])  # fmt: skip
    head = "policy: p\ntitle: {zh: 甲, en: P}\nfacts: things\nhit_policy: first\n"
    text = f"{head}outputs: {{level: integer}}\nrules:\n  {rules}\n"
    policy = house(text, words=(THINGS,))["p"]
    with pytest.raises(NoRuleMatches, match="the nearest is quick, which fails on: `text == "):
        policy.decide({**GIVEN, "text": "ab" * 5000}, on=DAY)
