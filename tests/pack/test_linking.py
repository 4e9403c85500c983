"""A pack loads whole or says everything that is wrong with it, once, at its place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.documents import NodeBudget
from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings import Severity
from telecom_rules.pack import link
from tests.fuzz.harness import MOST_SECONDS
from tests.pack.house import HOUSE, broken, house
from tests.patience import within

if TYPE_CHECKING:
    from telecom_rules.findings import Finding


def told(files: dict[str, bytes]) -> list[str]:
    """Return each finding as `file:line:column code`."""
    return [f"{finding.span} {finding.id}" for finding in link(files).findings]


def only(files: dict[str, bytes]) -> Finding:
    (finding,) = link(files).findings
    return finding


def test_a_sound_pack_has_no_findings() -> None:
    reading = link(house())
    assert reading.findings == ()
    assert reading.pack is not None
    assert (reading.pack.name, reading.pack.version) == ("house", "1.0.0")


def test_a_pack_with_a_mistake_does_not_load() -> None:
    assert link(broken("policies/grading.yaml", "low}, cites", "lwo}, cites")).pack is None


MISTAKES = [
    ("policies/grading.yaml", "policy: grading", "polcy: grading", "1:1 TR020", "policy"),
    ("policies/grading.yaml", "facts: ticket", "facts: tiket", "4:8 TR113", "ticket"),
    ("policies/grading.yaml", "grade: low", "grade: lwo", "9:29 TR208", "low"),
    ("policies/grading.yaml", "loss >=", "los >=", "8:22 TR203", "loss"),
    ("policies/grading.yaml", ".threshold", ".treshold", "8:41 TR203", "threshold"),
    ("policies/grading.yaml", "hit_policy", "hit_polcy", "5:1 TR102", "hit_policy"),
    ("facts/ticket.yaml", "grade?", "graed?", "6:17 TR114", "grade?"),
    ("catalogues/grade.yaml", "book:1", "bok:1", "3:9 TR501", "book:1"),
    ("parameters/reply.yaml", "book:2", "book:22", "6:43 TR502", "book:2"),
    ("workflows/handling.yaml", "target: closed", "target: closd", "21:23 TR113", "closed"),
    ("workflows/handling.yaml", "parameters.reply", "parameters.repl", "13:12 TR113", "reply"),
    ("workflows/handling.yaml", ".grade ==", ".grad ==", "21:55 TR203", "grade"),
    ("workflows/handling.yaml", "== 'low'", "== 'lower'", "21:64 TR208", None),
    ("workflows/handling.yaml", "initial: open", "initial: opn", "15:10 TR113", "open"),
    ("pack.yaml", '"+08:00"', '"8"', "4:13 TR120", None),
    ("pack.yaml", "1.0.0", "0．2．0", "2:10 TR120", None),
    ("pack.yaml", "1.0.0", "０.2", "2:10 TR120", None),
    ("pack.yaml", "1.0.0", "v1", "2:10 TR120", None),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "meant"), MISTAKES)
def test_one_mistake_is_one_finding_at_its_place(
    file: str, old: str, new: str, place: str, meant: str | None
) -> None:
    finding = only(broken(file, old, new))
    assert f"{finding.span} {finding.id}" == f"{file}:{place}"
    if meant is not None:
        assert finding.suggestion == meant


def test_a_source_that_is_gone_is_told_once_with_the_places_that_cite_it() -> None:
    files = house()
    del files["sources/book.yaml"]
    cited = [
        f"{name}:{row}:{line.index('book:') + 1}"
        for name, data in sorted(files.items())
        for row, line in enumerate(data.decode().split("\n"), 1)
        if "book:" in line
    ]
    finding = only(files)
    assert len(cited) > 2
    assert f"{finding.id} {finding.span}" == f"TR501 {cited[0]}"
    assert [str(each.span) for each in finding.related] == cited[1:11]
    assert [each.en for each in finding.notes] == [f"it is cited {len(cited)} times"]


@pytest.mark.parametrize("file", [name for name in HOUSE if name != "pack.yaml"])
def test_a_file_that_cannot_be_read_is_one_finding_and_not_one_for_each_that_needs_it(
    file: str,
) -> None:
    finding = only({**house(), file: HOUSE[file].encode() + b"x: [\n"})
    assert finding.span.file == file


def test_names_of_a_file_that_cannot_be_read_are_known_whatever_the_file_is_called() -> None:
    files = house()
    files["数据.yaml"] = files.pop("facts/ticket.yaml") + b"x: [\n"
    assert only(files).span.file == "数据.yaml"


def shelve(name: str, key: str, kind: str) -> dict[str, bytes]:
    """Return the house with all files of one folder in one file, as elements of a shelf."""
    files = house()
    moved = sorted(each for each in files if each.startswith(f"{name}/"))
    shelf = f"{key}:\n"
    for each in moved:
        first, *rest = files.pop(each).decode().splitlines()
        shelf += f"  {first.removeprefix(f'{kind}: ')}:\n" + "".join(f"    {x}\n" for x in rest)
    return {**files, f"{name}.yaml": shelf.encode()}


SHELVES = [
    ("facts", "facts", "facts"),
    ("parameters", "parameters", "parameter"),
    ("catalogues", "catalogues", "catalogue"),
    ("sources", "sources", "source"),
]


@pytest.mark.parametrize(("name", "key", "kind"), SHELVES)
def test_a_file_may_hold_several_elements_of_one_kind(name: str, key: str, kind: str) -> None:
    reading, whole = link(shelve(name, key, kind)), link(house()).pack
    assert reading.findings == ()
    assert reading.pack is not None
    assert whole is not None
    assert getattr(reading.pack, name).keys() == getattr(whole, name).keys()


def test_a_mistake_in_one_element_of_a_shelf_is_one_finding_at_its_place() -> None:
    files = shelve("parameters", "parameters", "parameter")
    text = files["parameters.yaml"].decode().replace("confidence: high", "confidence: hihg", 1)
    finding = only({**files, "parameters.yaml": text.encode()})
    line = next(n for n, each in enumerate(text.splitlines(), 1) if "hihg" in each)
    assert (finding.span.file, finding.span.line) == ("parameters.yaml", line)


WRONG_SHELVES = [
    ("parameters: {}\n", "TR118"),
    ("parameters:\n  one: 5\n", "TR103"),
    ("parameters:\n  one: [5]\n", "TR103"),
    ("catalogues:\n  one: {}\n", "TR101"),
    ("facts: []\n", "TR103"),
]


@pytest.mark.parametrize(("text", "code"), WRONG_SHELVES)
def test_a_wrong_shelf_is_a_finding(text: str, code: str) -> None:
    assert code in {each.id for each in link({**house(), "zz.yaml": text.encode()}).findings}


def test_a_shelf_holds_nothing_else_and_names_each_element_once() -> None:
    files = shelve("parameters", "parameters", "parameter")
    beside = files["parameters.yaml"] + b"catalogues: {}\n"
    assert only({**files, "parameters.yaml": beside}).id == "TR102"
    again = house()["parameters/reply.yaml"]
    assert only({**files, "reply.yaml": again}).id == "TR112"
    inside = files["parameters.yaml"].replace(b"  reply:\n", b"  reply:\n    parameter: reply\n")
    assert only({**files, "parameters.yaml": inside}).id == "TR102"


def test_a_broken_file_does_not_hide_the_mistakes_of_another() -> None:
    files = broken("facts/ticket.yaml", "type: money", "type: mony")
    files |= {"catalogues/grade.yaml": b"catalogue: [", "policies/other.yaml": b"polcy: x\n"}
    files["pack.yaml"] = b"pack: house\nversion: 1.0.0\nutc_offset: 8\n"
    assert {finding.span.file for finding in link(files).findings} == {
        "catalogues/grade.yaml",
        "facts/ticket.yaml",
        "pack.yaml",
        "policies/other.yaml",
    }


def test_a_name_defined_twice_is_reported_with_the_first_place() -> None:
    finding = only({**house(), "policies/zz.yaml": HOUSE["policies/grading.yaml"].encode()})
    assert finding.id == "TR112"
    assert (finding.span.file, finding.related[0].span.file) == (
        "policies/zz.yaml",
        "policies/grading.yaml",
    )


CIRCLE = """\
policy: {name}
title: {{zh: 甲, en: A}}
cites: [book:1]
facts: ticket
hit_policy: first
outputs: {{grade: grade}}
rules:
  - {{id: one, when: policies.{asks}.grade == 'low', then: {{grade: low}}, cites: [book:1]}}
"""


def test_policies_that_ask_each_other_in_a_circle_are_refused() -> None:
    files = house(
        policies_a=CIRCLE.format(name="a", asks="b"), policies_b=CIRCLE.format(name="b", asks="a")
    )
    finding = only(files)
    assert finding.id == "TR119"
    assert finding.wording.en.endswith(("a → b → a", "b → a → b"))


def test_a_policy_may_be_asked_before_it_is_linked() -> None:
    reading = link(house(policies_a=CIRCLE.format(name="a", asks="grading")))
    assert reading.findings == ()


def test_a_workflow_cannot_ask_a_policy_over_other_facts() -> None:
    files = house(
        facts_other="facts: other\ntitle: {zh: 他, en: Other}\ncites: [book:1]\n"
        "fields: {loss: {type: money, title: {zh: 损失, en: Loss}}}\n",
        policies_grading=HOUSE["policies/grading.yaml"].replace("facts: ticket", "facts: other"),
    )
    assert told(files) == ["workflows/handling.yaml:21:47 TR203"]


def test_a_warning_does_not_stop_a_pack() -> None:
    gap = HOUSE["parameters/threshold.yaml"].replace(
        "from: 2020-01-01,", "from: 2020-01-01, until: 2024-01-01,"
    )
    reading = link(house(parameters_threshold=gap))
    assert [finding.id for finding in reading.findings] == ["TR603"]
    assert reading.findings[0].severity is Severity.WARNING
    assert reading.pack is not None


@settings(max_examples=60)
@given(data=st.data())
def test_any_damage_to_a_file_ends_in_a_pack_or_in_findings(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(HOUSE)))
    text = HOUSE[file].encode()
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 12)))
    damaged = text[:at] + data.draw(st.binary(max_size=6)) + text[until:]
    reading = link({**house(), file: damaged})
    assert (reading.pack is None) == any(
        finding.severity is Severity.ERROR for finding in reading.findings
    )


def test_a_pack_with_too_much_to_read_says_which_files_are_not_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("telecom_rules.pack.drafts.NodeBudget", lambda: NodeBudget(nodes=60))
    reading = link(house())
    assert reading.pack is None
    unread = {each.span.file for each in reading.findings}
    assert {each.id for each in reading.findings} == {"TR030"}
    assert unread == set(list(house())[-len(unread) :])
    assert 0 < len(unread) < len(house())


def chain(length: int, asks: str) -> dict[str, bytes]:
    """Return the house with policies that ask one another in a row."""
    text = CIRCLE.replace("when: policies.{asks}.grade == 'low', ", "").replace(
        "{{grade: low}}", "{{grade: {asks}}}"
    )
    policies = {
        f"policies_q{at}": text.format(name=f"q{at}", asks=asks.replace("NEXT", f"q{at + 1}"))
        for at in range(length)
    }
    last = HOUSE["policies/grading.yaml"].replace("grading", f"q{length}")
    return house(**policies, **{f"policies_q{length}": last})


NEXT = "policies.NEXT.grade"


def test_policies_that_ask_too_many_others_in_a_row_are_one_finding() -> None:
    files = chain(300, NEXT)
    assert [each.id for each in link(files).findings] == ["TR126"]
    assert link(chain(8, NEXT)).findings == ()


def test_a_policy_that_cannot_decide_is_asked_once_however_often_it_is_read() -> None:
    asks = f"\"{NEXT} == 'low' && {NEXT} == 'high' ? {NEXT} : {NEXT}\""
    pack = link(chain(8, asks)).require_pack()
    with within(MOST_SECONDS), pytest.raises(TelecomRulesError):
        pack.policies["q0"].decide({"loss": "1"}, on=date(2019, 1, 1))  # no threshold that day


UNUSABLE_NAMES = {
    "parameters/threshold.yaml": ("parameter: threshold", "parameter: Threshold", "TR104"),
    "facts/ticket.yaml": ("loss:", "Loss:", "TR104"),
    "catalogues/grade.yaml": ("low:", "Low:", "TR104"),
    "sources/book.yaml": ('"2":', '"二":', "TR013"),
}


@pytest.mark.parametrize("file", UNUSABLE_NAMES)
def test_a_name_that_cannot_be_used_hides_what_uses_it_and_nothing_else(file: str) -> None:
    old, new, code = UNUSABLE_NAMES[file]
    files = broken(file, old, new)
    assert [(each.id, each.span.file) for each in link(files).findings] == [(code, file)]
    flow = HOUSE["workflows/handling.yaml"].replace("parameters.reply", "parameters.rpely")
    both = link(files | {"workflows/handling.yaml": flow.encode()}).findings
    assert sorted(each.id for each in both) == sorted([code, "TR113"])


SHELF = """\
parameters:
  first：
    title: {zh: 甲, en: First}
    unit: yuan
    stricter: lower
    values: {from: 2020-01-01, value: 1, cites: [book:1], confidence: high}
  threshold:
    title: {zh: 界限, en: Threshold}
    unit: yuan
    stricter: lower
    values: {from: 2020-01-01, value: 100, cites: [book:1], confidence: high}
"""


def test_of_a_file_with_several_elements_a_slip_loses_only_its_own() -> None:
    files = house() | {"parameters/threshold.yaml": SHELF.encode()}
    assert [(each.id, each.span.line) for each in link(files).findings] == [("TR005", 2)]
    policy = HOUSE["policies/grading.yaml"].replace("parameters.threshold", "parameters.treshold")
    files["policies/grading.yaml"] = policy.encode()
    assert sorted(each.id for each in link(files).findings) == ["TR005", "TR203"]


def test_nothing_follows_from_a_bracket_that_is_not_closed() -> None:
    files = broken("parameters/threshold.yaml", "unit: yuan", "unit: {yuan")
    assert [each.id for each in link(files).findings] == ["TR005"]
