"""House rules that are laxer than their base are errors, at the place where the house says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import read
from tests.pack.chains import HANDBOOK, LAW, read_overlay, write_packs
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.pack import Reading

VIP = "fields: {vip: {type: boolean?, title: {zh: 贵宾, en: VIP}}}\n"
PROMISE = "override: parameters.reply\nkind: promise\nvalues: {values}\n"
SINGLE_DAY = """[
  {from: 2027-01-01, value: 10, cites: handbook:4},
  {from: 2028-02-01, until: 2028-02-02, value: 16, cites: handbook:4},
  {from: 2028-02-02, value: 10, cites: handbook:4}]"""


def refused(reading: Reading) -> list[str]:
    """Return the findings on strictness as `file:line:column code`."""
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return [f"{each.span} {each.id}" for each in check(reading) if each.id.startswith("TR76")]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ("{from: 2027-01-01, value: 20, cites: handbook:4}", ["reply.yaml:3:1 TR760"]),
        ("{from: 2027-01-01, value: 10, cites: handbook:4}", []),
        (SINGLE_DAY, ["reply.yaml:3:1 TR760"]),
    ],
)
def test_a_promise_is_held_to_the_law_on_every_day(
    tmp_path: Path, values: str, codes: list[str]
) -> None:
    found = refused(read_overlay(tmp_path, reply=PROMISE.replace("{values}", values)))
    assert [each.split(":")[0] + " " + each[-5:] for each in found] == [
        each.split(":")[0] + " " + each[-5:] for each in codes
    ]


@pytest.mark.parametrize(
    ("handbook", "codes"),
    [
        ("kind: rule", ["TR766"]),  # without an issuer it is one that the house has written
        ("kind: handbook", ["TR766"]),
        ("kind: handbook\nissuer: {zh: 本公司, en: The house}", ["TR766"]),
        ("kind: rule\nissuer: {zh: 工业和信息化部, en: MIIT}", []),
    ],
)
def test_a_figure_of_the_law_rests_on_an_instrument_of_law(
    tmp_path: Path, handbook: str, codes: list[str]
) -> None:
    text = PROMISE.replace("kind: promise", "kind: law").replace(
        "{values}", "{from: 2027-01-01, value: 10, cites: handbook:4, confidence: high}"
    )
    source = HANDBOOK.replace("kind: rule", handbook)
    found = refused(read_overlay(tmp_path, reply=text, handbook=source))
    assert [each[-5:] for each in found] == codes


ORDERED = "outputs: {grade: {type: grade, stricter: [high, low]}}"
NEW_CODE = "override: catalogues.grade\ncodes: {critical: {title: {zh: 危急, en: Critical}}}\n"
CRITICAL = """\
override: policies.grading
outputs: {grade: {stricter: [$order]}}
rules:
  - {id: critical, before: $before, when: loss >= 9000, then: {grade: critical},
     cites: [handbook:4]}
"""


def read_ordered(tmp_path: Path, **files: str) -> Reading:
    """Return the reading of a house on a base that says which grade is stricter."""
    grading = LAW["policies/grading.yaml"]
    assert "outputs: {grade: grade}" in grading
    ordered = grading.replace("outputs: {grade: grade}", ORDERED)
    return read_on(tmp_path, LAW | {"policies/grading.yaml": ordered}, **files)


@pytest.mark.parametrize(
    ("order", "codes"),
    [("critical, high, low", []), ("high, critical, low", ["TR760"])],
)
def test_a_house_places_its_own_code_in_the_order_of_the_base(
    tmp_path: Path, order: str, codes: list[str]
) -> None:
    rule = CRITICAL.replace("$order", order).replace("$before", "high")
    found = check(read_ordered(tmp_path, grade=NEW_CODE, grading=rule))
    assert [(each.id, each.span.file) for each in found] == [
        (code, "grading.yaml") for code in codes
    ]


def test_a_code_without_a_place_is_told_where_the_house_adds_it(tmp_path: Path) -> None:
    (found,) = read_ordered(tmp_path, grade=NEW_CODE).findings
    assert (found.id, str(found.span)) == ("TR120", "grade.yaml:1:11")
    assert "`critical`" in found.wording.en
    assert "../law/policies/grading.yaml" in [each.span.file for each in found.related]
    assert "override:" in found.notes[0].en


def test_a_code_without_a_place_is_told_in_the_order_that_the_house_gives(tmp_path: Path) -> None:
    more = NEW_CODE.replace("}}}", "}}, urgent: {title: {zh: 紧急, en: Urgent}}}")
    rule = CRITICAL.replace("$order", "critical, high, low").replace("$before", "high")
    (found,) = read_ordered(tmp_path, grade=more, grading=rule).findings
    assert (found.id, found.span.file) == ("TR120", "grading.yaml")
    assert "`urgent`" in found.wording.en


@pytest.mark.parametrize("order", ["low, critical, high", "critical", "higher"])
def test_a_house_does_not_change_the_order_of_the_base(tmp_path: Path, order: str) -> None:
    rule = CRITICAL.replace("$order", order).replace("$before", "high")
    reading = read_ordered(tmp_path, grade=NEW_CODE, grading=rule)
    assert "TR138" in {each.id for each in reading.findings}


def test_an_answer_that_is_laxer_is_told_at_the_rule_of_the_house(tmp_path: Path) -> None:
    order = "outputs: {grade: {type: grade, stricter: [high, low]}}"
    grading = LAW["policies/grading.yaml"].replace("outputs: {grade: grade}", order)
    text = "override: policies.grading\nrules: [{id: high, then: {grade: low}}]\n"
    assert order in grading
    reading = read_on(tmp_path, LAW | {"policies/grading.yaml": grading}, grading=text)
    (found,) = [each for each in check(reading) if each.id == "TR760"]
    assert found.span.file == "grading.yaml"
    assert "by the base high" in found.wording.en
    assert "loss=" in found.wording.en
    assert "book:1" in found.wording.en
    assert "基础规则包" in found.wording.zh


def test_an_answer_without_an_order_may_not_differ(tmp_path: Path) -> None:
    text = "override: policies.grading\nrules: [{id: high, then: {grade: low}}]\n"
    (found,) = refused(read_overlay(tmp_path, grading=text))
    assert found.startswith("grading.yaml:")
    assert found.endswith("TR761")


def test_a_guard_that_is_taken_out_is_told_where_it_is(tmp_path: Path) -> None:
    assert "guard: policies.grading.grade == 'low', " in HOUSE["workflows/handling.yaml"]
    text = "override: workflows.handling\nstates: {open: {on: {close: {guard: 'true'}}}}\n"
    (found,) = refused(read_overlay(tmp_path, handling=text))
    assert found.startswith("handling.yaml:2:")
    assert found.endswith("TR760")


def test_what_is_undecided_warns_and_stops_a_release(tmp_path: Path) -> None:
    # True on every record, which nothing here can know: no text of an amount is `x`.
    when = "loss >= parameters.threshold && string(loss) != 'x'"
    text = f'override: policies.grading\nrules: [{{id: high, when: "{when}"}}]\n'
    reading = read_overlay(tmp_path, grading=text)
    assert [each[-5:] for each in refused(reading)] == ["TR762"]
    release = [each for each in check(reading, release=True) if each.id.startswith("TR76")]
    assert [(each.id, each.severity) for each in release] == [("TR763", "error")]


def test_a_limit_beside_its_figure_of_law_is_a_warning(tmp_path: Path) -> None:
    text = "override: workflows.handling\nclocks: {reply: {limit: 10 days}}\n"
    assert [each[-5:] for each in refused(read_overlay(tmp_path, handling=text))] == ["TR764"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ("fields: {loss: {min: 1000}}", ["ticket.yaml:2 TR760"]),
        ("fields: {loss: {max: 50}}", ["ticket.yaml:2 TR760"]),
        ("consistent: [{id: few, title: {zh: 少, en: Few}, require: loss < 50}]",
         ["ticket.yaml:1 TR761"]),
        (f"{VIP}consistent: [{{id: a, title: {{zh: 少, en: A}}, require: '!vip || loss<9'}}]", []),
    ],
)  # fmt: skip
def test_a_house_reads_every_record_that_its_base_reads(
    tmp_path: Path, change: str, codes: list[str]
) -> None:
    found = refused(read_overlay(tmp_path, ticket=f"override: facts.ticket\n{change}\n"))
    assert [f"{each.rsplit(':', 1)[0]} {each[-5:]}" for each in found] == codes


def test_a_wider_bound_is_allowed_and_a_dropped_condition_is_not(tmp_path: Path) -> None:
    facts = LAW["facts/ticket.yaml"].replace("{type: money,", "{type: money, min: 10,")
    facts += "consistent: [{id: some, title: {zh: 有, en: Some}, require: loss != 15}]\n"
    law = LAW | {"facts/ticket.yaml": facts}
    wider = "override: facts.ticket\nfields: {loss: {min: 0}}\n"
    assert refused(read_on(tmp_path / "wider", law, ticket=wider)) == []
    gone = (
        "override: facts.ticket\nconsistent: [{id: some, remove: {reason: {zh: 无, en: None}}}]\n"
    )
    (found,) = refused(read_on(tmp_path / "gone", law, ticket=gone))
    assert found.endswith("TR760")


def read_on(folder: Path, law: dict[str, str], **files: str) -> Reading:
    """Return the reading of an overlay on another lowest pack."""
    read_overlay(folder, **files)
    write_packs(folder, law=law)
    return read(folder / "shop")


PAY = """\
policy: pay
title: {zh: 赔付, en: Pay}
cites: [book:1]
facts: ticket
hit_policy: collect
aggregation: max
outputs: {amount: {type: money, stricter: higher}}
default: {amount: 0}
rules:
  - {id: share, when: loss >= 10, then: {amount: roundUp(loss / 10)}, cites: [book:1]}
  - {id: flat, when: loss >= 1000, then: {amount: 20}, cites: [book:1]}
"""


@pytest.mark.parametrize(
    ("combined", "code"),
    [("aggregation: max\n", "TR760"), ("aggregation: sum\n", "TR760"), ("", "TR761")],
)
@pytest.mark.parametrize(
    "share",
    [
        "roundDown(loss / 10)",
        "loss > 90000.00 ? 9000.00 : roundUp(loss / 10)",
        "roundUp(loss / 11)",
    ],
)
def test_what_several_rules_calculate_together_is_not_passed_in_silence(
    tmp_path: Path, combined: str, code: str, share: str
) -> None:
    text = f"override: policies.pay\nrules: [{{id: share, then: {{amount: '{share}'}}}}]\n"
    law = LAW | {"policies/pay.yaml": PAY.replace("aggregation: max\n", combined)}
    found = refused(read_on(tmp_path, law, pay=text))
    assert {each.split(":")[0] for each in found} == {"pay.yaml"}
    assert code in {each[-5:] for each in found}


@pytest.mark.parametrize("combined", ["max", "sum"])
def test_an_amount_that_is_more_by_itself_is_more_together_with_others(
    tmp_path: Path, combined: str
) -> None:
    text = "override: policies.pay\nrules: [{id: share, then: {amount: roundUp(loss / 5)}}]\n"
    positive = LAW["facts/ticket.yaml"].replace("type: money,", "type: money, min: 0,")
    pay = PAY.replace("max", combined)
    law = LAW | {"facts/ticket.yaml": positive, "policies/pay.yaml": pay}
    assert refused(read_on(tmp_path, law, pay=text)) == []


CALLER = """\
workflow: caller
version: 1.0.0
title: {zh: 受理, en: Intake}
cites: [book:2]
facts: ticket
events: {stop: {title: {zh: 停止, en: Stop}, cites: [book:2]}}
initial: begun
states:
  begun:
    title: {zh: 办理中, en: Handled}
    cites: [book:2]
    call: {workflow: handling, with: facts, onDone: {target: ended, cites: [book:2]}}
    on: {stop: {target: ended, cites: [book:2]}}
  ended: {title: {zh: 已结束, en: Ended}, type: final, cites: [book:2]}
"""


def test_an_optional_fact_more_is_passed_to_a_called_case_without_a_word(tmp_path: Path) -> None:
    law = LAW | {"workflows/caller.yaml": CALLER}
    assert refused(read_on(tmp_path / "more", law, ticket="override: facts.ticket\n" + VIP)) == []
    less = "override: workflows.caller\nstates: {begun: {call: {with: {loss: '1.00'}}}}\n"
    (found,) = refused(read_on(tmp_path / "less", law, caller=less))
    assert found.startswith("caller.yaml:2")
    assert found.endswith("TR761")


DAYS = """\
calendar: days
title: {zh: 日历, en: Days}
close_of_business: "17:30"
years: {"2026": {rest: [2026-10-01]}}
"""
GRADED = LAW["facts/ticket.yaml"] + "  other: {type: grade?, title: {zh: 另, en: Other}}\n"


@pytest.mark.parametrize(
    ("place", "target", "said"),
    [
        ("own.yaml:2:20", "calendars.days", "close_of_business: '23:00'"),
        ("own.yaml:2:10", "workflows.handling", "clocks: {reply: {ends: end_of_day}}"),
        ("own.yaml:2:10", "workflows.handling", "clocks: {reply: {warn_at: 95%}}"),
        ("own.yaml:2:10", "workflows.handling", "clocks: {reply: {from: close}}"),
        (
            "own.yaml:2:9",
            "catalogues.grade",
            "codes: {mid: {remove: {reason: {zh: 不用, en: Not used}}}}",
        ),
    ],
)
def test_a_laxity_is_told_once_where_the_house_says_it(
    tmp_path: Path, place: str, target: str, said: str
) -> None:
    clock = "    limit: parameters.reply\n    warn_at: 80%\n    ends: close_of_business\n"
    law = LAW | {
        "pack.yaml": LAW["pack.yaml"] + "calendar: days\n",
        "calendars/days.yaml": DAYS,
        "catalogues/grade.yaml": LAW["catalogues/grade.yaml"]
        + "  mid: {title: {zh: 中, en: Middle}}\n",
        "facts/ticket.yaml": GRADED,
        "workflows/handling.yaml": LAW["workflows/handling.yaml"].replace(
            "    limit: parameters.reply\n", clock
        ),
    }
    reading = read_on(tmp_path, law, own=f"override: {target}\n{said}\n")
    assert refused(reading) == [f"{place} TR760"]


SURVEY = {
    "facts/survey.yaml": """\
facts: survey
title: {zh: 调查, en: Survey}
cites: [book:1]
fields:
  answers: {type: integer, min: 0, title: {zh: 答卷, en: Answers}}
  effort: {type: integer, min: 0, title: {zh: 费力度, en: Effort}}
  analysed: {type: boolean, title: {zh: 已分析, en: Analysed}}
consistent:
  - id: effort
    title: {zh: 每份约 7 分, en: About 7 for each}
    require: effort >= 7 * answers && effort <= 7 * answers + 2
    cites: [book:1]
""",
    "policies/conduct.yaml": """\
policy: conduct
title: {zh: 检查, en: Conduct}
cites: [book:1]
facts: survey
checks:
  - id: analysed
    title: {zh: 已分析, en: Analysed}
    require: analysed
    severity: warning
    remedy: {zh: 分析, en: Analyse}
    cites: [book:1]
""",
}
OTHER_CHECK = """\
override: policies.conduct
checks:
  - {id: analysed, remove: {reason: {zh: 不用, en: Not used}}}
  - id: enough
    title: {zh: 样本足够, en: Enough answers}
    require: answers >= 400
    severity: warning
    remedy: {zh: 继续, en: Go on}
    cites: [handbook:4]
"""


def test_a_check_is_not_replaced_by_one_about_other_facts(tmp_path: Path) -> None:
    """No record has the facts that make it so by chance, and the house asks for none of them."""
    (found,) = refused(read_on(tmp_path, LAW | SURVEY, conduct=OTHER_CHECK))
    assert found.startswith("conduct.yaml:3:")
    assert found.endswith("TR760")
