"""What is said of a table is so: random tables, put to every record there is; and stories."""

from __future__ import annotations

from datetime import date
from itertools import product
from textwrap import indent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.checks import check, tables
from telecom_rules.checks.analysis.table_proof import prove_table
from telecom_rules.errors import NoRuleMatches, RulesDisagree, SeveralRulesMatch
from telecom_rules.pack import Pack, Reading, link
from tests.patience import within

if TYPE_CHECKING:
    from telecom_rules.findings import Finding

DAY = date(2026, 3, 2)
AROUND = {
    "pack.yaml": (
        'pack: house\nversion: 1.0.0\n$t\nutc_offset: "+08:00"\n'
        "require_cites: false\nrequire_titles: false\n"
    ),
    "kind.yaml": "catalogue: kind\n$t\ncodes: {low: {$t}, mid: {$t}, high: {$t}}\n",
    "ticket.yaml": """\
facts: ticket
$t
fields:
  kind: {type: kind, $t}
  flag: {type: boolean, $t}
  count: {type: integer, $t, min: 0, max: 4}
  extra: {type: integer?, $t, min: 0, max: 2}
  loss: {type: money, $t, min: 0}
  ratio: {type: decimal, $t}
  note: {type: text, $t}
  day: {type: date, $t}
  i: {type: integer, $t}
  j: {type: integer, $t}
  tags: {type: "list[text]", $t}
""",
    "line.yaml": (
        "parameter: line\n$t\nunit: times\ntype: integer\nstricter: lower\nkind: setting\n"
        "values:\n  - {from: 2020-01-01, value: 2, cites: law:1}\n"
        "  - {from: 2025-01-01, value: 3, cites: law:1}\n"
    ),
    "law.yaml": 'source: law\n$t\nkind: law\nclauses: {"1": {$t}}\n',
}
RECORDS = [
    {"kind": kind, "flag": flag, "count": count, **({} if extra is None else {"extra": extra})}
    for kind, flag, count, extra in product(
        ("low", "mid", "high"), (True, False), range(5), (None, 0, 1, 2)
    )
]
ATOMS = (
    "flag", "!flag", "kind == 'low'", "kind != 'mid'", "kind in ['low', 'high']", "count > 2",
    "count <= 1", "count == 3", "count >= parameters.line", "has(extra)", "!has(extra)",
    "(has(extra) && extra > 0)", "(!has(extra) || extra == 2)", "count != 4",
)  # fmt: skip


def reading(table: str) -> Reading:
    """Return a pack around one table, which links; `$t` stands for a title."""
    texts = AROUND | {"table.yaml": f"policy: table\n$t\nfacts: ticket\n{table}"}
    read = link(
        {
            name: text.replace("$t", "title: {zh: 名, en: Name}").encode()
            for name, text in texts.items()
        }
    )
    assert [each.concise() for each in read.findings] == []
    return read


def pack(read: Reading) -> Pack:
    assert read.pack is not None
    return read.pack


def found(table: str) -> list[Finding]:
    """Return what the checks say of a table."""
    return [each for each in check(reading(table)) if each.id.startswith("TR4")]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Return a hit policy and a table under it."""
    hit = draw(st.sampled_from(("first", "unique", "any")))
    rules = []
    for number in range(draw(st.integers(1, 5))):
        parts = draw(st.lists(st.sampled_from(ATOMS), max_size=3, unique=True))
        glue = draw(st.sampled_from((" && ", " || ")))
        when = f'when: "{glue.join(parts)}", ' if parts else ""
        rules.append(f"  - {{id: r{number}, {when}then: {{to: {draw(st.integers(0, 1))}}}}}")
    head = f"hit_policy: {hit}\noutputs: {{to: integer}}\nrules:\n"
    return hit, head + "\n".join(rules) + "\n"


@given(written())
def test_what_is_said_of_a_table_is_what_all_its_records_say(drawn: tuple[str, str]) -> None:
    hit, table = drawn
    read = reading(table)
    policy = pack(read).policies["table"]
    proof = prove_table(policy, DAY, {})
    assert proof.undecided == ()
    assert all(each.id != "TR407" for each in proof.findings)
    gap, clash, decides = False, False, set()
    for record in RECORDS:
        try:
            decision = policy.decide(record, on=DAY)
            assert decision.rule is not None
            decides.add(decision.rule.id)
        except NoRuleMatches:
            gap = True
        except (SeveralRulesMatch, RulesDisagree):
            clash = True
    codes = {each.id for each in proof.findings}
    assert ("TR401" in codes) is gap
    assert ("TR402" in codes) is clash
    if hit == "first":
        never = {
            str(each.values["rule"]) for each in proof.findings if each.id in {"TR403", "TR404"}
        }
        assert never == {row.rule.id for row in policy.rows} - decides


OPAQUE_ATOMS = (
    "count < i", "i >= j", "i + j > 3", "i + j == 3", "i * 2 < 5", "i - j <= 1", "count * i > 4",
    "i % 2 == 0", "note.startsWith('a')", "note.size() > 1", "'a' in tags", "tags.size() > 0",
    "i == j", "count + i != 3",
)  # fmt: skip
OPAQUE_RECORDS = [
    {"count": count, "i": i, "j": j, "note": note, "tags": tags, "flag": True, "kind": "low"}
    for count, i, j, note, tags in product(
        (0, 1, 3), (-1, 0, 2, 3), (0, 1, 3), ("", "ab", "bc"), ([], ["a"])
    )
]


@settings(max_examples=30)
@given(
    st.sampled_from(("first", "unique")),
    st.lists(
        st.lists(st.sampled_from(OPAQUE_ATOMS), min_size=1, max_size=2), min_size=1, max_size=4
    ),
    st.sampled_from((" && ", " || ")),
    st.booleans(),
)
def test_a_table_with_a_mistake_is_never_without_a_finding(
    hit: str, rules: list[list[str]], glue: str, last: bool
) -> None:
    whens = [f'when: "{glue.join(each)}"' for each in rules]
    if last:
        whens.append('when: "!(' + " || ".join(f"({glue.join(each)})" for each in rules) + ')"')
    policy = pack(reading(table(hit, *whens))).policies["table"]
    proof = prove_table(policy, DAY, {})
    codes = {each.id for each in proof.findings}
    left = {each.question for each in proof.undecided}
    assert bool(left) is ("TR407" in codes)
    decides = set()
    for record in OPAQUE_RECORDS:
        try:
            decision = policy.decide(record, on=DAY)
            decides.add("" if decision.rule is None else decision.rule.id)
        except NoRuleMatches:
            assert "TR401" in codes or "gap" in left
        except SeveralRulesMatch:
            assert "TR402" in codes or "overlap" in left
    dead = {str(each.values["rule"]) for each in proof.findings if each.id in {"TR403", "TR404"}}
    assert dead.isdisjoint(decides), "what is said to decide nothing decides nothing"


HEAD = "hit_policy: {hit}\noutputs: {{to: integer}}\nrules:\n{rules}"


def table(hit: str, *rules: str) -> str:
    """Return a table whose rules each give a number of their own."""
    lines = [
        f"- {{id: r{at}, {each}{', ' if each else ''}then: {{to: {at}}}}}"
        for at, each in enumerate(rules)
    ]
    return HEAD.format(hit=hit, rules=indent("\n".join(lines), "  ") + "\n")


STORIES = [
    (
        table("first", "when: loss < 100", "when: loss > 100"),
        ["no rule of `table` covers `loss=100`"],
    ),
    (
        table("unique", "when: loss <= 100", "when: loss >= 100"),
        ["`r0` and `r1` both apply to `loss=100`"],
    ),
    (table("unique", "when: loss < 100", "when: loss >= 100"), []),
    (
        table("first", "when: loss < 0.01", "when: loss > 0 && loss < 0.01", ""),
        ["`r1` can never apply: its conditions contradict each other"],
    ),
    (
        table("first", "when: flag", "when: \"!flag\"", "when: kind == 'low'"),
        ["`r2` never decides: covered wholly by `r0`, `r1`, and `r0` decides `flag=true, "],
    ),
    (
        table("first", "when: day < date('2026-01-01')", "when: day > date('2026-01-01')"),
        ["no rule of `table` covers `day=2026-01-01`"],
    ),
    (table("first", "when: note == 'a'"), ["no rule of `table` covers `note="]),
    (table("collect", "when: flag", "when: flag"), []),
    (table("first", "when: flag") + "default: {to: 9}\n", []),
    (table("any", "when: flag", "when: \"!flag\"", "when: count == 1"), ["`r0` and `r2` both"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STORIES)
def test_each_mistake_is_shown_by_a_record(text: str, expected: list[str]) -> None:
    said = [each.wording.en for each in found(text)]
    for one, start in zip(said, expected, strict=False):
        assert one.startswith(start)
    assert len(said) >= len(expected)
    assert bool(said) is bool(expected)


def test_a_mistake_of_one_stretch_of_days_names_its_day() -> None:
    rules = (
        "  - {id: less, when: count < 3, then: {to: 1}}\n"
        "  - {id: more, when: count >= parameters.line, then: {to: 2}}\n"
    )
    (one,) = found(
        "hit_policy: unique\nin_force: {from: 2020-01-01}\noutputs: {to: integer}\n"
        f"rules:\n{rules}"
    )
    assert one.wording.en == "`less` and `more` both apply to `count=2` (rules of 2020-01-01)"


ONE_DAY_RULE = "{id: fair, then: {to: 1}, in_force: {from: 2026-05-01, until: 2026-05-02}}"
LASTING_RULE = "{id: fair, then: {to: 1}, in_force: {from: 2026-05-01}}"
PLAIN_RULES = ("{id: few, when: count < 3, then: {to: 2}}", "{id: rest, then: {to: 3}}")
ENDED_RULES = (
    "{id: few, when: count < 3, then: {to: 2}, in_force: {from: 2020-01-01, until: 2026-05-02}}",
    "{id: rest, then: {to: 3}, in_force: {from: 2020-01-01, until: 2026-05-02}}",
)


@pytest.mark.parametrize(
    ("rules", "useless"),
    [
        ((ONE_DAY_RULE, *PLAIN_RULES), []),
        ((ONE_DAY_RULE, *ENDED_RULES), []),  # they decide until the day before their last
        ((LASTING_RULE, *PLAIN_RULES), ["few", "rest"]),
        ((ONE_DAY_RULE, *PLAIN_RULES, "{id: never, when: count == 1, then: {to: 4}}"), ["never"]),
    ],
)
def test_a_rule_that_is_covered_for_some_days_only_is_not_useless(
    rules: tuple[str, ...], useless: list[str]
) -> None:
    listed = "".join(f"  - {each}\n" for each in rules)
    findings = found(
        f"hit_policy: first\nin_force: {{from: 2020-01-01}}\noutputs: {{to: integer}}\n"
        f"rules:\n{listed}"
    )
    assert [(each.id, each.values["rule"]) for each in findings] == [
        ("TR404", rule) for rule in useless
    ]


def test_a_mistake_of_a_table_without_dates_names_no_day_and_spells_facts_as_rules_do() -> None:
    (gap,) = found(
        "hit_policy: first\noutputs: {to: integer}\n"
        "rules:\n  - {id: flagged, when: flag, then: {to: 1}}\n"
    )
    assert gap.wording.en == "no rule of `table` covers `flag=false` (rules of any day)"
    assert gap.wording.zh == "策略 `table` 没有规则适用于：`flag=false`（规则日期：不限）"


def test_days_without_rules_and_without_figures_are_named() -> None:
    rules = (
        "  - {id: old, then: {to: 1}, in_force: {from: 2019-01-01, until: 2020-06-01}}\n"
        "  - {id: new, when: count >= parameters.line, then: {to: 2}, "
        "in_force: {from: 2021-01-01}}\n"
        "  - {id: rest, then: {to: 3}, in_force: {from: 2021-01-01}}\n"
    )
    (hole,) = found(f"hit_policy: first\noutputs: {{to: integer}}\nrules:\n{rules}")
    assert hole.wording.en == "`table` has no rule in force from 2020-06-01 to 2020-12-31"
    early = rules.replace("2021-01-01", "2019-06-01").split("\n", 1)[1]
    (figure,) = found(f"hit_policy: first\noutputs: {{to: integer}}\nrules:\n{early}")
    assert figure.id == "TR405"
    assert "the parameter `line`" in figure.wording.en


OUTSIDE = [
    # Two facts, calculations, the day: a record shows the mistake.
    (("count < i", "count > i"), "first", "no rule of `table` covers `count=0, i=0`"),
    (("i < j", "i > j"), "first", "no rule of `table` covers `i=0, j=0`"),
    (("i + j < 10", "i + j > 10"), "first", "no rule of `table` covers `i=0, j=10`"),
    (("2 * i < 10", "2 * i > 10"), "first", "no rule of `table` covers `i=5`"),
    (("loss * 2 < 10", "loss * 2 > 10"), "first", "no rule of `table` covers `loss=5.00`"),
    (("today < day", "today > day"), "first", "no rule of `table` covers `day=2000-01-01, today="),
    (
        ("day < date('2026-01-01') + days(count)", "day > date('2026-01-01') + days(count)"),
        "first",
        "no rule of `table` covers `count=0, day=2026-01-01`",
    ),
    (("2 * count > 300",), "collect", "`r0` can never apply"),
    (("count + count > 8",), "collect", "`r0` can never apply"),
    (
        ("note.startsWith('a')", "note.startsWith('ab')"),
        "unique",
        "`r0` and `r1` both apply to `note=ab`",
    ),
    (("'low' in tags", "'mid' in tags"), "unique", "`r0` and `r1` both apply to `tags=['"),
    (("i >= 0", "2 * i >= 10", "i < 0"), "first", "`r1` never decides: covered wholly by `r0`"),
    # Complements: nothing is missing, and nothing is said.
    (("i < j", "i >= j"), "unique", ""),
    (("i < j", "j <= i"), "unique", ""),
    (("i % 2 == 0", "i % 2 != 0"), "unique", ""),
    (("note.size() > 3", "!(note.size() > 3)"), "unique", ""),
    (("note.startsWith('a')", "!note.startsWith('a')"), "unique", ""),
    (("loss * 2 > 10", "loss * 2 <= 10"), "unique", ""),
    (("2 * i < 10", "i == 5", "2 * i > 10"), "unique", ""),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "hit", "expected"), OUTSIDE)
def test_conditions_beyond_single_facts_and_constants_are_searched(
    tests: tuple[str, ...], hit: str, expected: str
) -> None:
    said = [each.wording.en for each in found(table(hit, *(f'when: "{each}"' for each in tests)))]
    if not expected:
        assert said == []
    assert all("not decided" not in each for each in said)
    assert any(each.startswith(expected) for each in said) or not expected


@pytest.mark.parametrize(
    ("tests", "hit", "question", "why"),
    [
        (
            ("note.matches('a+')", "note.matches('b+')"),
            "unique",
            "whether rules apply to the same record",
            "its condition calls `matches`",
        ),
        (
            ("i * i + j * j < 7", "i * i + j * j > 7"),
            "first",
            "whether some record matches no rule",
            "its condition calculates with facts",
        ),
        (
            ("tags.exists(t, t == 'low')", "tags.all(t, t != 'low')"),
            "first",
            "whether some record matches no rule",
            "its condition goes through a list",
        ),
    ],
)
def test_what_is_not_decided_is_said_with_the_rules_and_the_reason(
    tests: tuple[str, ...], hit: str, question: str, why: str
) -> None:
    told = found(table(hit, *(f'when: "{each}"' for each in tests)))
    left = [each for each in told if each.id == "TR407"]
    english = [each.wording.en for each in left]
    assert any(question in each and why in each and "`r0`" in each for each in english), told
    assert all(each.severity == "warning" and "未能判断" in each.wording.zh for each in left)


def test_overlaps_that_are_not_listed_are_counted() -> None:
    told = found(table("unique", *(f"when: count >= {each}" for each in (0, 1, 2, 3, 0, 1))))
    listed = sum(1 + sum("both apply" in note.en for note in each.notes) for each in told[1:])
    assert ({each.id for each in told[1:]}, listed) == ({"TR402"}, 10)
    assert told[0].wording.en == (
        "`table`: pairs of rules that overlap and are not listed: 5 (rules of any day)"
    )
    assert told[0].wording.zh == "策略 `table` 另有 5 对重叠的规则未逐一列出（规则日期：不限）"


def test_a_rule_that_is_too_wide_is_one_mistake_that_names_all_it_overlaps_with() -> None:
    wide = [*(f"when: count == {each}" for each in range(4)), "when: count >= 0"]
    (told,) = found(table("unique", *wide))
    assert told.id == "TR402"
    assert "`r0` and `r4`" in told.wording.en
    named = [note.en for note in told.notes if "both apply" in note.en]
    assert [each.split()[0] for each in named] == ["`r1`", "`r2`", "`r3`"]


def test_a_masked_rule_names_the_rule_that_covers_it_and_a_record_which_that_one_decides() -> None:
    (told,) = found(
        table(
            "first", "when: '!flag'", "when: kind == 'low'", "when: kind == 'low' && count > 1", ""
        )
    )
    assert told.wording.en == (
        "`r2` never decides: covered wholly by `r1`, and `r1` decides"
        " `count=2, flag=true, kind=low` (rules of any day)"
    )


def test_a_masked_rule_names_no_rule_that_is_not_needed_to_cover_it() -> None:
    (told,) = found(
        table(
            "first",
            "when: kind == 'mid'",
            "when: flag && count > 0",
            "when: '!flag'",
            "when: flag && count == 0",
            "when: kind == 'low'",
        )
    )
    assert "`r4` never decides: covered wholly by `r2`, `r1`, `r3`," in told.wording.en


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_can_be_read_in_both_languages(language: str) -> None:
    (one,) = found(table("first", "when: loss < 100", "when: loss > 100"))
    assert "loss=100" in one.concise(language)  # type: ignore[arg-type]


MONEY = [f"f{number}" for number in range(12)]
HOSTILE = {
    "ors": [" || ".join(f"{name} == {n}" for name in MONEY) for n in range(300)],
    "ands": [
        " && ".join(f"{name} >= {n * 7 % 1999 + k}" for k, name in enumerate(MONEY[:6]))
        for n in range(2000)
    ],
    "equalities": [f"f0 == {n} && f1 == {n}" for n in range(4000)],
    "sums": [f"f0 + f1 >= {n} && f1 * 2 < f2 + {n + 1}" for n in range(1500)],
    "prefixes": [f"text.startsWith('a{n}') || text.contains('{n}')" for n in range(1500)],
}


@pytest.mark.slow
@pytest.mark.parametrize("hit", ["first", "unique"])
@pytest.mark.parametrize("name", HOSTILE)
def test_the_proof_of_a_large_table_ends_within_its_budget_and_says_so(name: str, hit: str) -> None:
    fields = "".join(f"  {each}: {{type: money, $t}}\n" for each in MONEY)
    rules = "".join(
        f'  - {{id: r{at}, when: "{each}", then: {{to: {at}}}}}\n'
        for at, each in enumerate(HOSTILE[name])
    )
    texts = AROUND | {
        "ticket.yaml": f"facts: ticket\n$t\nfields:\n{fields}  text: {{type: text, $t}}\n",
        "table.yaml": (
            f"policy: table\n$t\nfacts: ticket\nhit_policy: {hit}\n"
            f"outputs: {{to: integer}}\nrules:\n{rules}"
        ),
    }
    title = "title: {zh: 名, en: Name}"
    read = link({each: text.replace("$t", title).encode() for each, text in texts.items()})
    with within(2):
        told = [*tables.check(read)]
    assert told, "a table that takes no time is also one of which something is said"
