"""Every mistake in a policy is found at its place, and one mistake is told once."""

from __future__ import annotations

import pytest

from telecom_rules.findings import Findings
from telecom_rules.policies import PolicyDefinition, link_signature
from tests.policies.house import CONDUCT, GRADE, PENALTY, VOCABULARY, definition, house

TABLE = """\
policy: p
title: {zh: 甲, en: P}
facts: violation
hit_policy: first
outputs: {level: integer, measure: measure?}
rules:
  - {id: a, when: is_crime, then: {level: "1"}}
"""


def test_a_policy_without_mistakes_has_none() -> None:
    policies = house(PENALTY, GRADE, CONDUCT)
    assert policies.found == []
    assert list(policies.policies) == ["penalty", "grade", "conduct"]
    assert repr(policies["penalty"]) == "<Policy penalty: 4 rules over violation>"
    assert repr(policies["conduct"]) == "<Policy conduct: 3 checks over violation>"


def test_a_policy_knows_what_it_names() -> None:
    penalty = house(PENALTY)["penalty"]
    assert penalty.reads == {"severity", "is_crime", "illegal_gain", "parameters.gain"}
    assert list(penalty.parameters) == ["gain"]
    assert penalty.peers == ()
    assert [row.rule.id for row in penalty.rows] == ["minor", "by_gain", "flat", "crime"]
    assert penalty.span.line == 1


def test_an_output_without_a_title_has_that_of_its_catalogue() -> None:
    field = house(PENALTY)["penalty"].outputs.fields["measure"]
    assert field.title is not None
    assert field.title.en == "Measure"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "facts: violation",
            "facts: violations",
            "TR113 3: no kind of facts is named `violations`",
        ),
        ("level: integer", "level: number", "TR114 5: unknown type `number`"),
        (
            "when: is_crime",
            "when: is_crim",
            "TR203 7: `is_crim` is not a name this expression may use",
        ),
        ("when: is_crime", "when: repeats", "TR207 7: expected `boolean` here"),
        ("when: is_crime", "when: {crime: true}", "TR113 7: no fact is named `crime`"),
        ("when: is_crime", 'when: {repeats: "> x"}', "TR2"),
        ("when: is_crime", "when: harm > 1", "TR205 7: `harm` may be absent here"),
        ("when: is_crime", "when: policies.p.level == 1", "TR203 7: `policies.p`"),
        ("when: is_crime", "where: is_crim", "TR203 7"),
        ('level: "1"', "measure: fine", "TR101 7: the key `level` is missing"),
        ('level: "1"', 'level: "1", levels: "2"', "TR113 7: no output is named `levels`"),
        ('level: "1"', "level: \"'one'\"", "TR207 7"),
        ('level: "1"', 'level: "1", measure: fines', "TR208 7: `fines` is not a value of"),
        ("when: is_crime", "cites: law:70, when: is_crime", "TR502 7: `law` has no clause `70`"),
        ("when: is_crime", "in_force: {from: 2020-01-01, until: 2019-01-01}", "TR602 7: `a`"),
        ("hit_policy: first\n", "", "TR101 1: the key `hit_policy` is missing"),
        (
            "outputs: {level: integer, measure: measure?}\n",
            "",
            "TR101 1: the key `outputs` is missing",
        ),
        ("rules:", "cites: law:70\nrules:", "TR502 6"),
        ("rules:", 'default: {levels: "1"}\nrules:', "TR113 6: no output is named `levels`"),
    ],
)
def test_a_mistake_is_found_at_its_place(old: str, new: str, told: str) -> None:
    assert old in TABLE
    wrong = house(TABLE.replace(old, new))
    assert wrong.policies == {}
    assert any(each.startswith(told) for each in wrong.told), wrong.told


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("facts: violation", "facts: violations", "violation"),
        ("when: is_crime", "when: {is_crim: true}", "is_crime"),
        ('level: "1"', 'level: "1", mesure: fine', "measure"),
        ('level: "1"', 'level: "1", measure: fines', "fine"),
    ],
)
def test_a_near_miss_says_what_was_meant(old: str, new: str, suggestion: str) -> None:
    assert suggestion in [each.suggestion for each in house(TABLE.replace(old, new)).found]


def test_every_mistake_is_found_in_one_go() -> None:
    text = (
        TABLE.replace('level: "1"', 'level: "\'x\'", other: "1"')
        + """\
  - {id: a, when: nowhere, then: {level: "2"}}
  - {id: b, when: 1 + 1, then: {}, cites: nothing:1}
"""
    )
    codes = sorted(each.id for each in house(text).found)
    assert codes == ["TR101", "TR112", "TR113", "TR203", "TR207", "TR207", "TR501"]


def test_a_rule_that_is_there_already_points_to_the_first() -> None:
    wrong = house(TABLE + '  - {id: a, then: {level: "2"}}\n')
    (finding,) = wrong.found
    assert (finding.id, finding.span.line, finding.related[0].span.line) == ("TR112", 8, 7)


def test_an_output_whose_type_is_unknown_is_told_once() -> None:
    wrong = house(TABLE.replace("level: integer", "level: intger"))
    assert [each.id for each in wrong.found] == ["TR114"]


def test_what_a_lost_file_defines_is_not_told_again() -> None:
    broken = tuple(text.replace("type: boolean", "type: bool") for text in VOCABULARY)
    assert [each.id for each in house(TABLE, words=broken).found] == ["TR114", "TR114"]
    lost = tuple(text.replace("value: 30000", "value: many") for text in VOCABULARY)
    assert not [each for each in house(PENALTY, words=lost).found if each.span.line > 10]


# Orders


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("{type: measure, stricter: higher}", "TR120 5: `stricter` of the output `measure` must"),
        ("{type: measure, stricter: [revocation, fine]}", "TR120 5: `stricter` of the output"),
        ("{type: measure, stricter: [revocation, fne, warning]}", "TR113 5: no code is named"),
        ("{type: measure, stricter: [fine, fine, revocation, warning]}", "TR112 5"),
        ("{type: integer, stricter: [fine, warning]}", "TR120 5: `stricter` of the output"),
        ("{type: integer, stricter: up}", "TR120 5: `stricter` of the output"),
        ("{type: text, stricter: higher}", "TR120 5: the output `measure` has the type text"),
    ],
)
def test_a_mistake_in_an_order_is_found(output: str, told: str) -> None:
    wrong = house(TABLE.replace("measure: measure?", f"measure: {output}"))
    assert wrong.policies == {}
    assert wrong.told[0].startswith(told), wrong.told


def test_an_order_says_which_answer_is_stricter() -> None:
    measure = "{type: measure?, stricter: [revocation, fine, warning, none]}"
    outputs = f"level: {{type: integer, stricter: lower}}, measure: {measure}"
    policy = house(TABLE.replace("level: integer, measure: measure?", outputs))["p"]
    assert policy.orders["level"].compare(3, 2) == 1
    assert policy.orders["level"].compare(2, 3) == -1
    assert policy.orders["measure"].compare("fine", "revocation") == 1
    assert policy.orders["measure"].compare("fine", None) == -1
    assert policy.orders["measure"].compare("fine", "fine") == 0
    plain = house(TABLE)["p"]
    assert policy.digest == plain.digest


# Tables and checklists


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ("hit_policy: first\n", "TR102"),
        ("outputs: {level: integer}\n", "TR102"),
        ('default: {level: "1"}\n', "TR102"),
        ("rules:\n  - {id: a, then: {}}\n", "TR120"),
    ],
)
def test_a_checklist_has_nothing_of_a_table(extra: str, told: str) -> None:
    wrong = house(CONDUCT + extra)
    assert wrong.policies == {}
    assert wrong.found[0].id == told


def test_a_key_of_a_table_in_a_checklist_is_told_with_the_keys_of_one() -> None:
    (told,) = house(CONDUCT + "hit_policy: first\n").found
    assert told.help is not None
    for key in ("policy", "title", "facts", "in_force", "checks", "cites"):
        assert key in told.help.en
        assert key in told.help.zh


def test_a_policy_is_a_table_or_a_checklist() -> None:
    wrong = house(TABLE.partition("rules:")[0])
    assert wrong.told == ["TR101 1: the key `rules` is missing"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("require: repeats == 0", "require: repeats", "TR207"),
        ("when: has(harm)", "when: harm", "TR205"),
        ("    when: has(harm)\n", "", "TR205"),
        ("id: no_repeat", "id: corrected", "TR112"),
        ("severity: warning", "severity: grave", "TR109"),
        ("    remedy: {zh: 约谈负责人, en: Summon the person in charge}\n", "", "TR101"),
    ],
)
def test_a_mistake_in_a_check_is_found(old: str, new: str, told: str) -> None:
    assert old in CONDUCT
    wrong = house(CONDUCT.replace(old, new))
    assert wrong.policies == {}
    assert told in [each.id for each in wrong.found]


def test_a_word_that_is_not_allowed_is_told_every_word_that_is() -> None:
    (wrong,) = house(TABLE.replace("hit_policy: first", "hit_policy: zzz")).found
    assert wrong.help is not None
    assert wrong.help.en.endswith("any, priority, collect, rule_order, output_order")


# What a condition has established holds for what comes after it


@pytest.mark.parametrize(
    "rule",
    [
        '{id: a, when: has(harm), then: {level: "harm > 1 ? 1 : 2"}}',
        '{id: a, when: "(has(harm) && is_crime) || has(harm)", then: {level: "harm > 1 ? 1 : 2"}}',
        '{id: a, when: "!(!has(harm) || is_crime)", then: {level: "harm > 1 ? 1 : 2"}}',
        '{id: a, when: "is_crime ? has(harm) : has(harm)", where: harm > 2, then: {level: "1"}}',
        '{id: a, when: is_crime && has(harm), where: harm > 2, then: {level: "1"}}',
        '{id: a, when: {harm: "> 1"}, where: harm < 5, then: {level: "harm > 2 ? 1 : 2"}}',
        '{id: a, when: has(policies.q.fine), then: {level: "policies.q.fine > 5 ? 1 : 2"}}',
    ],
)
def test_an_optional_fact_may_be_read_once_it_is_known_to_be_there(rule: str) -> None:
    asked = """
policy: q
title: {zh: 乙, en: Q}
facts: violation
hit_policy: first
outputs: {fine: money?}
rules:
  - {id: a, then: {}}
"""
    text = TABLE.partition("  - ")[0] + f"  - {rule}\n"
    assert house(text, asked).told == []


def test_what_may_not_be_there_is_still_a_mistake() -> None:
    rule = '{id: a, when: has(harm) || is_crime, then: {level: "harm > 1 ? 1 : 2"}}'
    assert house(TABLE.partition("  - ")[0] + f"  - {rule}\n").told == [
        "TR205 7: `harm` may be absent here"
    ]


def test_behind_a_condition_with_a_mistake_nobody_knows_what_may_be_absent() -> None:
    rule = '{id: a, when: has(harm) & is_crime, then: {level: "harm > 1 ? 1 : 2"}}'
    assert [each.id for each in house(TABLE.partition("  - ")[0] + f"  - {rule}\n").found] == [
        "TR201"
    ]
    wrong = house(CONDUCT.replace("when: has(harm)", "when: has(harm) &"))
    assert [each.id for each in wrong.found] == ["TR201"]


# Other policies


SHOP_CHECK = """
policy: shop_check
title: {zh: 营业厅检查, en: Shop check}
facts: shop
checks:
  - id: shown
    title: {zh: 资费公示, en: Tariffs shown}
    require: tariffs_shown
    remedy: {zh: 公示, en: Show them}
"""


@pytest.mark.parametrize("asked_first", [True, False])
def test_a_policy_about_other_facts_cannot_be_asked(*, asked_first: bool) -> None:
    asking = TABLE.replace("when: is_crime", "when: policies.shop_check.verdict == 'pass'")
    wrong = house(SHOP_CHECK, asking) if asked_first else house(asking, SHOP_CHECK)
    (told,) = wrong.told
    assert told == (
        "TR120 7: the policy `shop_check` is about `shop` and not `violation`,"
        " so it cannot be asked here"
    )


def test_a_signature_needs_no_other_policy() -> None:
    found = Findings()
    asking = definition(TABLE.replace("is_crime", "policies.none.x"), found)
    assert isinstance(asking, PolicyDefinition)
    shape = link_signature(asking, house().vocabulary, found)
    assert found == []
    assert shape is not None
    assert [f"{name}: {field}" for name, field in shape.outputs.fields.items()] == [
        "level: integer",
        "measure: measure?",
    ]
