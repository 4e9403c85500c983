"""A pack that lies on others changes what it names, and leaves everything else as it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from telecom_rules.pack import load, read
from telecom_rules.vocabulary import FactsDefinition
from telecom_rules.vocabulary.parameters import ParameterKind
from telecom_rules.workflows import Accepted
from tests.pack.chains import HANDBOOK, LAW, find, pack_file, read_overlay, tell, write_packs

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading


START = datetime.fromisoformat("2026-03-01T09:00:00+08:00")
PROMISE = """\
override: parameters.reply
kind: promise
values: {from: 2027-01-01, value: 10, cites: [handbook:4]}
"""
RULE = """\
override: policies.grading
rules:
  - {id: huge, before: high, when: loss >= 9000, then: {grade: high}, cites: [handbook:4]}
"""


def only(reading: Reading) -> Finding:
    (finding,) = find(reading)
    return finding


def rules_of(reading: Reading) -> list[str]:
    """The ids of the rules of the policy, in order."""
    return [row.rule.id for row in reading.require_pack().policies["grading"].rows]


# What is left out


def test_an_overlay_that_says_nothing_means_what_its_base_means(tmp_path: Path) -> None:
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop")})
    law, shop = load(tmp_path / "law"), load(tmp_path / "shop")
    assert shop.name == "shop"
    assert (shop.digest, shop.digests) == (law.digest, law.digests)


def test_what_pack_yaml_leaves_out_comes_from_the_base(tmp_path: Path) -> None:
    # `require_titles: false` is in the base: the untitled rules there would be findings otherwise.
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop")})
    reading = read(tmp_path / "shop")
    assert tell(reading) == []
    assert reading.require_pack().zone == load(tmp_path / "law").zone


def test_a_key_that_is_left_out_leaves_the_base_as_it_is(tmp_path: Path) -> None:
    text = (
        "override: policies.grading\nrules: [{id: high, when: loss >= parameters.threshold * 2}]\n"
    )
    reading = read_overlay(tmp_path, grading=text)
    assert reading.findings == ()
    row = reading.require_pack().policies["grading"].rows[0]
    assert row.rule.id == "high"
    assert [test.source for test in row.tests] == ["loss >= parameters.threshold * 2"]
    assert {name: each.source for name, each in row.outputs.items()} == {"grade": "high"}
    assert [str(each) for each in row.rule.cites] == ["book:1"]


def test_empty_is_not_absent(tmp_path: Path) -> None:
    transition = "states: {open: {on: {close: {cites: []}}}}"
    reading = read_overlay(tmp_path, handling=f"override: workflows.handling\n{transition}\n")
    assert "handling.yaml:2:30 TR118" in tell(reading)


# Lists and mappings


def test_a_rule_is_put_before_another_and_changes_none(tmp_path: Path) -> None:
    reading = read_overlay(tmp_path, grading=RULE)
    assert tell(reading) == []
    assert rules_of(reading) == ["huge", "high", "low"]


def test_a_rule_of_the_base_is_moved_by_its_id(tmp_path: Path) -> None:
    text = "override: policies.grading\nrules: [{id: low, before: high}]\n"
    reading = read_overlay(tmp_path, grading=text)
    assert rules_of(reading) == ["low", "high"]


def test_a_rule_is_taken_out_with_a_reason(tmp_path: Path) -> None:
    text = """\
override: policies.grading
rules:
  - id: high
    remove: {reason: {zh: 不再分级, en: No longer graded}}
"""
    reading = read_overlay(tmp_path, grading=text)
    assert rules_of(reading) == ["low"]
    (removal,) = reading.overlay.removals
    assert (removal.path, removal.reason.en) == ("policies.grading.rules.high", "No longer graded")


def test_nothing_is_taken_out_without_a_reason(tmp_path: Path) -> None:
    text = "override: policies.grading\nrules: [{id: high, remove: {}}]\n"
    assert tell(read_overlay(tmp_path, grading=text)) == ["grading.yaml:2:20 TR101"]


def test_a_rule_that_the_base_does_not_have_cannot_be_taken_out(tmp_path: Path) -> None:
    text = "override: policies.grading\nrules: [{id: hihg, remove: {reason: {zh: 无, en: None}}}]\n"
    found = only(read_overlay(tmp_path, grading=text))
    assert (found.id, found.values["name"], found.suggestion) == ("TR136", "hihg", "high")


def test_a_transition_is_changed_by_its_target(tmp_path: Path) -> None:
    text = "override: workflows.handling\nstates: {open: {on: {close: {guard: loss < 5}}}}\n"
    reading = read_overlay(tmp_path, handling=text)
    (transition,) = reading.require_pack().workflows["handling"].states["open"].written_transitions
    assert transition.target == "closed"
    assert transition.guard is not None
    assert transition.guard.source == "loss < 5"


def test_a_transition_to_another_state_is_added_beside(tmp_path: Path) -> None:
    text = """\
override: workflows.handling
states:
  open:
    on: {close: {target: kept, before: closed, guard: loss > 5, cites: [handbook:4]}}
  kept: {title: {zh: 留存, en: Kept}, type: final, cites: [handbook:4]}
"""
    reading = read_overlay(tmp_path, handling=text)
    assert reading.findings == ()
    state = reading.require_pack().workflows["handling"].states["open"]
    assert [each.target for each in state.written_transitions] == ["kept", "closed"]


def test_one_of_several_items_has_to_be_named(tmp_path: Path) -> None:
    law = LAW | {
        "workflows/handling.yaml": LAW["workflows/handling.yaml"].replace(
            "close: {target: closed, guard: policies.grading.grade == 'low', cites: [book:2]}",
            "close:\n"
            "        - {target: closed, guard: loss < 5, cites: [book:2]}\n"
            "        - {target: closed, guard: loss > 9, cites: [book:2]}",
        )
    }
    on = "override: workflows.handling\nstates: {open: {on: {close: {%s}}}}\n"
    own = {"pack.yaml": pack_file("shop")}
    for said, code in (
        ("target: closed, requires: [grade]", ["TR142"]),
        ("target: closed, guard: loss > 9, requires: [grade]", []),
        ("requires: [grade]", ["TR142"]),
    ):
        write_packs(tmp_path, law=law, shop=own | {"handling.yaml": on % said})
        assert [each.id for each in read(tmp_path / "shop").findings] == code


def test_an_entry_called_remove_is_not_a_removal(tmp_path: Path) -> None:
    text = """\
override: workflows.handling
events: {remove: {title: {zh: 移除, en: Remove}, payload: {remove: {type: text}}}}
states: {open: {on: {remove: {target: closed, cites: [handbook:4]}}}}
"""
    reading = read_overlay(tmp_path, handling=text)
    assert reading.findings == ()
    assert "remove" in reading.require_pack().workflows["handling"].events


# Figures


def test_a_figure_from_a_future_day_leaves_each_day_before_as_the_base_has_it(
    tmp_path: Path,
) -> None:
    reading = read_overlay(tmp_path, reply=PROMISE)
    assert tell(reading) == []
    reply = reading.require_pack().parameters["reply"]
    before, after = reply.on(date(2026, 12, 31)), reply.on(date(2027, 1, 1))
    assert (before.wording.en, before.kind) == ("15 days", ParameterKind.LAW)
    assert (after.wording.en, after.kind) == ("10 days", ParameterKind.PROMISE)
    assert after.law is not None
    assert after.law.wording.en == "15 days"
    assert [str(each) for each in after.law.cites] == ["book:2"]


def test_a_promise_stands_when_the_law_changes_later(tmp_path: Path) -> None:
    law = LAW | {
        "parameters/reply.yaml": LAW["parameters/reply.yaml"]
        + "  - {from: 2028-01-01, value: 8, cites: [book:2], confidence: high}\n"
    }
    own = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "reply.yaml": PROMISE}
    write_packs(tmp_path, law=law, shop=own)
    values = load(tmp_path / "shop").parameters["reply"].values
    told = [
        (str(each.since), each.wording.en, each.base and each.base.wording.en) for each in values
    ]
    assert told == [
        ("2020-01-01", "15 days", None),
        ("2027-01-01", "10 days", "15 days"),
        ("2028-01-01", "10 days", "8 days"),
    ]


@pytest.mark.parametrize(
    ("kind", "cites", "code"),
    [
        ("", "[handbook:4]", "TR120"),  # whose figure is it?
        ("kind: setting\n", "[handbook:4]", "TR120"),
        ("kind: promise\n", "[book:2]", "TR120"),  # the law promises nothing
        ("kind: promise\n", "[handbook:4], confidence: high", "TR120"),
    ],
)
def test_a_figure_over_one_of_the_law_says_whose_it_is(
    tmp_path: Path, kind: str, cites: str, code: str
) -> None:
    text = (
        f"override: parameters.reply\n{kind}values: {{from: 2027-01-01, value: 9, cites: {cites}}}"
    )
    assert only(read_overlay(tmp_path, reply=text)).id == code


# What is refused


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("override: parameters.replay\nvalues: []", "TR135"),
        ("override: parameter.reply\nvalues: []", "TR135"),
        ("override: parameters.reply\nunit: hours", "TR138"),
        ("override: parameters.reply\nstricter: higher", "TR138"),
        ("override: sources.book\ntitle: {zh: 一, en: One}", "TR138"),
        ("override: policies.grading\nhit_policy: any", "TR138"),
        ("override: policies.grading\nrules: [{id: low, before: high, after: high}]", "TR141"),
        ("override: policies.grading\nrules: [{id: low, before: hihg}]", "TR136"),
        ("override: facts.ticket\nfields: {vip: {type: boolean, title: {zh: 一, en: V}}}", "TR143"),
        ("override: policies.grading\ntitle: {zh: 分级}", "TR137"),
        ("override: policies.grading\nrules: [{id: high, then: {grade: high}}]", "TR137"),
        ("override: policies.grading\n", "TR137"),
        ("override: parameters.reply\nkind: promise", "TR120"),
        ("override: [parameters.reply]\n", "TR103"),
        ("overrides: {}\n", "TR118"),
        ("policy: grading\ntitle: {zh: 一, en: One}\nfacts: ticket\n", "TR134"),
    ],
)
def test_an_override_that_cannot_be_or_changes_nothing_is_a_finding(
    tmp_path: Path, text: str, code: str
) -> None:
    assert only(read_overlay(tmp_path, other=text)).id == code


def test_a_finding_shows_the_line_of_the_overlay_and_that_of_the_base(tmp_path: Path) -> None:
    text = "override: policies.grading\nrules: [{id: high, when: lost >= 7}]\n"
    found = only(read_overlay(tmp_path, grading=text))
    assert (found.id, str(found.span)) == ("TR203", "grading.yaml:2:26")
    assert [str(each.span) for each in found.related] == ["../law/policies/grading.yaml:8:22"]


def test_what_the_base_loses_is_told_where_it_is_taken_out(tmp_path: Path) -> None:
    text = """\
override: catalogues.grade
codes: {low: {remove: {reason: {zh: 不用, en: Not used}}}}
"""
    found = find(read_overlay(tmp_path, grade=text))
    assert {each.span.file for each in found} == {
        "../law/policies/grading.yaml",
        "../law/workflows/handling.yaml",
    }
    assert {str(place.span) for each in found for place in each.related} == {"grade.yaml:2:9"}


def test_what_a_workflow_loses_with_a_policy_is_told_where_that_is_taken_out(
    tmp_path: Path,
) -> None:
    remove = "remove: {reason: {zh: 不用, en: Not used}}"
    found = only(read_overlay(tmp_path, grading=f"override: policies.grading\n{remove}\n"))
    assert found.span.file == "../law/workflows/handling.yaml"
    assert [str(each.span) for each in found.related] == ["grading.yaml:1:11"]


def test_the_findings_of_a_base_are_not_repeated(tmp_path: Path) -> None:
    law = LAW | {"parameters/idle.yaml": LAW["parameters/reply.yaml"].replace("reply", "idle", 1)}
    write_packs(tmp_path, law=law, shop={"pack.yaml": pack_file("shop")})
    assert [each.id for each in find(read(tmp_path / "law"))] == ["TR901"]
    assert find(read(tmp_path / "shop")) == ()


# Chains


def test_a_chain_is_laid_from_the_law_up(tmp_path: Path) -> None:
    group = {"pack.yaml": pack_file("group"), "handbook.yaml": HANDBOOK, "reply.yaml": PROMISE}
    shop = {
        "pack.yaml": pack_file("shop", "{path: ../group}"),
        "reply.yaml": PROMISE.replace("10", "5").replace("2027", "2028"),
    }
    write_packs(tmp_path, group=group, shop=shop)
    reading = read(tmp_path / "shop")
    assert tell(reading) == []
    value = reading.require_pack().parameters["reply"].on(date(2029, 1, 1))
    assert value.base is not None
    assert value.law is not None
    said = [each.wording.en for each in (value, value.base, value.law)]
    assert said == ["5 days", "10 days", "15 days"]


def test_a_base_that_is_reached_by_two_ways_counts_once(tmp_path: Path) -> None:
    both = "[{path: ../east}, {path: ../west}]"
    write_packs(
        tmp_path,
        east={"pack.yaml": pack_file("east")},
        west={"pack.yaml": pack_file("west")},
        shop={"pack.yaml": pack_file("shop", both)},
    )
    reading = read(tmp_path / "shop")
    assert tell(reading) == []
    assert [each.label for each in reading.overlay.layers] == [
        "../law/",
        "../east/",
        "../west/",
        "",
    ]


def test_two_bases_that_say_different_things_are_a_finding_until_the_pack_says_which(
    tmp_path: Path,
) -> None:
    rule = (
        "override: policies.grading\nrules: [{id: high, when: loss >= parameters.threshold * %s}]\n"
    )
    packs = {
        name: {"pack.yaml": pack_file(name), "grading.yaml": rule % figure}
        for name, figure in (("east", 5), ("west", 7))
    }
    shop = {"pack.yaml": pack_file("shop", "[{path: ../east}, {path: ../west}]")}
    write_packs(tmp_path, **packs, shop=shop)
    found = only(read(tmp_path / "shop"))
    assert (found.id, str(found.span)) == ("TR140", "../west/grading.yaml:2:26")
    write_packs(tmp_path, **packs, shop=shop | {"grading.yaml": rule % 6})
    assert read(tmp_path / "shop").findings == ()


@pytest.mark.parametrize(
    ("extends", "code"),
    [
        ("{path: ../nowhere}", "TR130"),
        ("{path: /etc}", "TR130"),
        ("no_such_pack", "TR130"),
        ("{pack: telecom_rules, version: '>=9'}", "TR131"),
        ("{path: ../law, version: '>=2'}", "TR131"),
        ("{path: ../law, version: newest}", "TR120"),
        ("{path: ../law, version: '>=2,<1'}", "TR120"),
        ("{path: ../law, version: 1.0}", "TR014"),
        ("{path: ../law, version: [1.0]}", "TR103"),
        ("{path: ../law, verison: '>=1'}", "TR102"),
        ("{path: ../law, pack: law}", "TR120"),
        ("{path: ../shop}", "TR132"),
        ("{path: ../law, digest: 'sha256:00'}", "TR133"),
        ("{paht: ../law}", "TR102"),
    ],
)
def test_a_base_that_cannot_be_used_is_a_finding_at_its_place(
    tmp_path: Path, extends: str, code: str
) -> None:
    own = pack_file("shop", extends) + 'utc_offset: "+08:00"\n'
    write_packs(tmp_path, shop={"pack.yaml": own})
    found = read(tmp_path / "shop").findings
    assert [each.id for each in found] == [code]
    assert str(found[0].span).startswith("pack.yaml:4:")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("0.2", "`0.2` is not a range of versions: write its two ends, as in `>=0.2,<0.3`"),
        ("≥1，<2", "write `version` in ASCII: `>=` for `≥`, `,` for `，`"),
        (">=2,<1", "no version can meet `>=2,<1`: write a lower end below the upper one, as in"),
        (">1,<1", "no version can meet `>1,<1`"),
        ("==1,!=1.0", "no version can meet `==1,!=1.0`"),
    ],
)
def test_a_range_that_cannot_be_met_says_what_to_write(
    tmp_path: Path, wanted: str, said: str
) -> None:
    pack = pack_file("shop", f'{{path: ../law, version: "{wanted}"}}')
    write_packs(tmp_path, shop={"pack.yaml": pack})
    assert only(read(tmp_path / "shop")).wording.en.startswith(said)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("extends：{path: ../law}", "pack.yaml:4:1 TR005"),
        ("extends: {path: ../law", "pack.yaml:4:10 TR005"),
        ("extend: {path: ../law}", "pack.yaml:4:1 TR102"),
        ("extends: {pahth: ../law}", "pack.yaml:4:11 TR102"),
        ("", "grading.yaml:1:11 TR139"),
    ],
)
def test_an_extends_that_cannot_be_read_is_the_only_finding(
    tmp_path: Path, line: str, expected: str
) -> None:
    shop = {"pack.yaml": pack_file("shop").replace("extends: {path: ../law}", line)}
    shop |= {"handbook.yaml": HANDBOOK, "grading.yaml": RULE, "reply.yaml": PROMISE}
    write_packs(tmp_path, shop=shop)
    assert tell(read(tmp_path / "shop")) == [expected]


@pytest.mark.parametrize(
    ("cites", "code"),
    [
        ("【handbook:4】", "TR501"),
        ("[handbok:4]", "TR501"),
        ("[]", "TR118"),
        ("[book:2]", "TR120"),
    ],
)
def test_a_promise_whose_clause_is_not_there_is_told_once(
    tmp_path: Path, cites: str, code: str
) -> None:
    text = PROMISE.replace("[handbook:4]", cites)
    assert cites in text
    reading = read_overlay(tmp_path, reply=text)
    assert [each.id for each in find(reading)] == [code]


def test_an_element_called_by_its_title_is_named(tmp_path: Path) -> None:
    found = only(read_overlay(tmp_path, reply=PROMISE.replace("parameters.reply", "答复时限")))
    assert (found.id, found.suggestion) == ("TR135", "parameters.reply")


def test_a_reason_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    text = PROMISE.replace("kind:", "reason: in one language only\nkind:")
    assert tell(read_overlay(tmp_path, reply=text)) == ["reply.yaml:2:9 TR103"]


def test_a_promise_without_a_clause_is_told_once(tmp_path: Path) -> None:
    text = PROMISE.replace(", cites: [handbook:4]", "")
    assert [each.id for each in find(read_overlay(tmp_path, reply=text))] == ["TR504"]
    pack = pack_file("shop") + "require_cites: false\n"
    write_packs(tmp_path, shop={"pack.yaml": pack})
    assert [each.id for each in find(read(tmp_path / "shop"))] == ["TR120"]


def test_a_base_that_is_missing_is_the_only_finding_that_follows_from_it(tmp_path: Path) -> None:
    shop = {"pack.yaml": pack_file("shop", "{path: ../nowhere}")}
    shop |= {"handbook.yaml": HANDBOOK, "reply.yaml": PROMISE, "grading.yaml": RULE}
    shop |= {"own.yaml": LAW["policies/grading.yaml"].replace("grading", "own")}
    write_packs(tmp_path, shop=shop)
    assert tell(read(tmp_path / "shop")) == ["pack.yaml:4:17 TR130"]


def test_a_base_that_was_edited_after_it_was_pinned_is_a_finding(tmp_path: Path) -> None:
    write_packs(tmp_path)
    digest = load(tmp_path / "law").digest
    shop = {"pack.yaml": pack_file("shop", f"{{path: ../law, digest: '{digest}'}}")}
    write_packs(tmp_path, shop=shop)
    assert tell(read(tmp_path / "shop")) == []
    reply = {"parameters/reply.yaml": LAW["parameters/reply.yaml"].replace("15", "30")}
    write_packs(tmp_path, law=LAW | reply, shop=shop)
    assert tell(read(tmp_path / "shop")) == ["pack.yaml:4:33 TR133"]


def test_packs_that_extend_each_other_are_a_circle(tmp_path: Path) -> None:
    write_packs(
        tmp_path,
        east={"pack.yaml": pack_file("east", "{path: ../west}")},
        west={"pack.yaml": pack_file("west", "{path: ../east}")},
    )
    found = read(tmp_path / "east").findings
    (circle,) = (each for each in found if each.id == "TR132")
    assert circle.values["path"] == ". → ../west → ."


def test_an_override_without_a_base_is_a_finding(tmp_path: Path) -> None:
    write_packs(tmp_path, law=LAW | {"reply.yaml": PROMISE})
    assert tell(read(tmp_path / "law")) == ["reply.yaml:1:11 TR139"]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("{id: high, when: loss > 7}, {id: high, when: loss > parameters.threshold}", "TR112"),
        ("{id: new, then: {grade: low}}, {id: new, then: {grade: high}}", "TR112"),
        ("{id: high, when: loss > 7, remove: {reason: {zh: 无, en: None}}}", "TR102"),
    ],
)
def test_an_item_is_named_once_and_taken_out_alone(tmp_path: Path, rules: str, code: str) -> None:
    text = f"override: policies.grading\nrules: [{rules}]\n"
    assert code in [each.id for each in read_overlay(tmp_path, grading=text).findings]


def test_conditions_that_facts_must_meet_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    text = """\
override: facts.ticket
consistent:
  - id: dear
    title: {zh: 大额, en: Dear}
    require: loss >= 0
    cites: [handbook:4]
"""
    group = {"pack.yaml": pack_file("group"), "handbook.yaml": HANDBOOK, "ticket.yaml": text}
    less = text.replace("dear", "cheap").replace(">= 0", "< 100")
    shop = {"pack.yaml": pack_file("shop", "{path: ../group}"), "ticket.yaml": less}
    write_packs(tmp_path, group=group, shop=shop)
    facts = read(tmp_path / "shop").drafts.of(FactsDefinition)
    assert [str(each.id) for each in facts[0].consistent] == ["dear", "cheap"]


# Bases from elsewhere


def test_a_base_may_be_a_pack_of_an_installed_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    write_packs(site / "acme_rules", rules=LAW, more={"pack.yaml": "pack: other\n"})
    (site / "acme_rules" / "__init__.py").write_text("raise SystemError", encoding="utf-8")
    info = site / "acme_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: acme-rules\nVersion: 1.0\n", encoding="utf-8")
    points = "[telecom_rules.packs]\nlaw = acme_rules:rules\nmore = acme_rules:more\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    monkeypatch.syspath_prepend(site)
    shop = {"pack.yaml": pack_file("shop", "law"), "handbook.yaml": HANDBOOK, "reply.yaml": PROMISE}
    write_packs(tmp_path, shop=shop)
    reading = read(tmp_path / "shop")  # and no code of the distribution runs
    assert tell(reading) == []
    assert [each.label for each in reading.overlay.layers] == ["law:", ""]
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop", "more") + 'utc_offset: "+08:00"\n'})
    found = read(tmp_path / "shop").findings[0]
    assert (found.id, found.wording.en) == (
        "TR130",
        "the base `more` cannot be used: the pack there is `other`",
    )


# Cases


def test_a_case_of_the_base_goes_on_in_an_overlay_that_leaves_its_workflow_alone(
    tmp_path: Path,
) -> None:
    setting = "override: policies.grading\ntitle: {zh: 新的分级, en: New grading}\n"
    shop = read_overlay(tmp_path, grading=setting).require_pack()
    law = load(tmp_path / "law")
    case = law.workflows["handling"].start({"loss": "30"}, at=START, id="1")
    assert shop.restore(case.dump()).dump() == case.dump()
    closed = shop.restore(case.dump()).send("close", at=START)
    assert isinstance(closed, Accepted)
    assert law.restore(closed.case.dump()).dump() == closed.case.dump()


def test_a_figure_from_a_later_day_does_not_hold_up_the_cases_that_began_before(
    tmp_path: Path,
) -> None:
    shop = read_overlay(tmp_path, reply=PROMISE).require_pack()
    law = load(tmp_path / "law")
    case = law.workflows["handling"].start({"loss": "30"}, at=START, id="1")
    assert shop.workflows["handling"].digest != law.workflows["handling"].digest
    assert shop.restore(case.dump()).due == case.due


def test_a_pack_of_somebody_else_is_not_read_as_a_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop")})
    monkeypatch.setattr("telecom_rules.pack.files.find_trusted", lambda _: frozenset({-1}))
    assert tell(read(tmp_path / "shop")) == ["pack.yaml:4:17 TR130"]
