"""Matters: what people bring to a desk, linked to what answers it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from telecom_rules.errors import UnknownName
from telecom_rules.pack import compare, load, read
from telecom_rules.validation import validate
from tests.pack.chains import pack_file
from tests.pack.house import HOUSE, lay

if TYPE_CHECKING:
    from pathlib import Path

SCENARIOS = """\
scenarios: grading
title: {zh: 分级, en: Grading}
policy: grading
on: 2026-03-02
tests:
  dear:
    title: {zh: 损失大, en: A great loss}
    cites: [book:1]
    given: {loss: 80}
    then: {grade: high}
"""
MATTER = """\
matter: loss
title: {zh: 损失, en: A loss}
said: {zh: 我有损失。, en: I have lost something.}
kinds: [grade.low, grade.high]
workflows: handling
policies: grading
examples: grading/dear
cannot_know: {zh: 损失是否属实, en: Whether the loss is real}
cites: [book:1]
"""


def lay_house(folder: Path, matter: str = MATTER, **files: str) -> Path:
    """Lay the house with a matter and a scenario, and return its folder."""
    root = folder / "house"
    every = {**HOUSE, "scenarios/grading.yaml": SCENARIOS, "desk.yaml": matter, **files}
    lay(root, {name: text.encode() for name, text in every.items()})
    return root


def tell(root: Path) -> list[str]:
    """The findings about the desk, each with its line."""
    found = validate(root)
    return [f"{each.id}:{each.span.line} {each.suggestion or ''}".strip() for each in found
            if each.span.file in {"desk.yaml", "catalogues/grade.yaml"}]  # fmt: skip


def test_a_matter_names_what_answers_it_and_asks_for_what_that_reads(tmp_path: Path) -> None:
    root = lay_house(tmp_path)
    assert tell(root) == []
    matter = load(root).matters["loss"]
    assert [str(each) for each in matter.kinds] == ["grade.low", "grade.high"]
    assert [each.title.zh for each in matter.kinds] == ["低", "高"]
    assert (matter.workflows, matter.policies) == (("handling",), ("grading",))
    assert matter.examples == ("grading/dear",)
    assert [(each.facts, each.name, each.title.en) for each in matter.asks] == [
        ("ticket", "loss", "Loss")
    ]
    assert [str(each) for each in matter.cites] == ["book:1"]


def test_a_host_gets_a_matter_as_json_in_both_languages(tmp_path: Path) -> None:
    matter = load(lay_house(tmp_path)).matters["loss"]
    dumped = json.loads(json.dumps(matter.dump()))
    assert dumped["cannot_know"] == {"zh": "损失是否属实", "en": "Whether the loss is real"}
    assert dumped["kinds"][0] == {
        "catalogue": "grade",
        "code": "low",
        "title": {"zh": "低", "en": "Low"},
    }


def test_a_matter_that_is_not_there_says_what_was_meant(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean `loss`"):
        load(lay_house(tmp_path)).matters["los"]


@pytest.mark.parametrize(
    ("right", "wrong", "found"),
    [
        ("grade.high", "grade.hihg", "TR113:4 grade.high"),
        ("grade.high", "grad.high", "TR113:4 grade.high"),
        ("grade.high", "high", "TR113:4"),
        ("workflows: handling", "workflows: handlin", "TR113:5 handling"),
        ("policies: grading", "policies: gradin", "TR113:6 grading"),
        ("grading/dear", "grading/der", "TR113:7 grading/dear"),
        ("[grade.low, grade.high]", "[grade.low, grade.high, grade.low]", "TR112:4"),
        ("policies: grading", "policies: [grading, grading]", "TR112:6"),
        ("examples: grading/dear", "examples: [grading/dear, grading/dear]", "TR112:7"),
        ("kinds: [grade.low, grade.high]", "kinds: []", "TR118:4"),
        ("workflows: handling\npolicies: grading\n", "", "TR120:1"),
        ("examples: grading/dear\n", "", "TR101:1"),
        ("cannot_know: {zh: 损失是否属实, en: Whether the loss is real}\n", "", "TR101:1"),
        ("cites: [book:1]", "cites: [book:9]", "TR502:9 book:1"),
        ("cites: [book:1]\n", "", "TR504:1"),
    ],
)
def test_what_a_matter_names_wrongly_is_told_at_its_line(
    tmp_path: Path, right: str, wrong: str, found: str
) -> None:
    assert right in MATTER
    assert found in tell(lay_house(tmp_path, MATTER.replace(right, wrong)))


def test_a_kind_that_no_matter_is_of_is_told_where_the_kind_is_listed(tmp_path: Path) -> None:
    root = lay_house(tmp_path, MATTER.replace("[grade.low, grade.high]", "grade.high"))
    assert tell(root) == ["TR509:5"]


def test_packs_without_a_desk_hear_nothing_of_it(tmp_path: Path) -> None:
    lay(tmp_path, {name: text.encode() for name, text in HOUSE.items()})
    assert tell(tmp_path) == []
    assert dict(load(tmp_path).matters) == {}


def test_what_hangs_on_another_mistake_is_not_told_again(tmp_path: Path) -> None:
    broken = HOUSE["policies/grading.yaml"].replace("loss >=", "los >=")
    root = lay_house(tmp_path, **{"policies/grading.yaml": broken})
    assert tell(root) == []
    # A file of scenarios that cannot be read may hold the example.
    root = lay_house(tmp_path / "other", **{"scenarios/grading.yaml": "scenarios: [\n"})
    assert tell(root) == []


def test_an_example_with_a_mistake_of_its_own_is_there(tmp_path: Path) -> None:
    wrong = SCENARIOS.replace("given: {loss: 80}", "given: {los: 80}")
    assert tell(lay_house(tmp_path, **{"scenarios/grading.yaml": wrong})) == []


def test_a_clause_is_not_answered_by_a_matter_that_cites_it(tmp_path: Path) -> None:
    book = HOUSE["sources/book.yaml"].replace("kind: rule", "kind: specification")
    book += '  "3": {title: {zh: 其他, en: Other}}\n'
    root = lay_house(
        tmp_path,
        MATTER.replace("cites: [book:1]", "cites: [book:3]"),
        **{"sources/book.yaml": book},
    )
    from telecom_rules.checks.analysis.matrix import build_matrix  # noqa: PLC0415 - its only use

    standing = {row.clause.id: str(row.standing) for row in build_matrix(read(root))}
    assert standing == {"1": "answered", "2": "answered", "3": "nowhere"}


def test_a_matter_counts_in_the_digest_of_the_pack_and_of_nothing_else(tmp_path: Path) -> None:
    one = load(lay_house(tmp_path / "one"))
    routed = load(lay_house(tmp_path / "two", MATTER.replace("workflows: handling\n", "")))
    worded = load(lay_house(tmp_path / "three", MATTER.replace("A loss", "Loss")))
    assert one.digest != routed.digest
    assert (one.digest, one.wording_digest) != (worded.digest, worded.wording_digest)
    assert one.digest == worded.digest
    changed = {name for name in one.digests if one.digests[name] != routed.digests[name]}
    assert changed == {"matters.loss"}


def test_a_change_of_a_matter_is_told_by_its_keys(tmp_path: Path) -> None:
    old = read(lay_house(tmp_path / "one")).drafts
    new = read(lay_house(tmp_path / "two", MATTER.replace("workflows: handling\n", ""))).drafts
    (change,) = compare(old, new)
    assert (change.name, change.within, change.what.en) == ("loss", "matters.loss", "matter")
    assert [(each.key, each.before, each.after) for each in change.differences] == [
        ("workflows", "handling", None)
    ]


def test_a_house_changes_a_matter_and_adds_its_own(tmp_path: Path) -> None:
    lay_house(tmp_path)
    shop = {
        "pack.yaml": pack_file("shop", "{path: ../house}"),
        "handbook.yaml": (
            "source: handbook\ntitle: {zh: 册, en: Handbook}\nkind: notice\n"
            'clauses: {"4": {title: {zh: 四, en: Four}}}\n'
        ),
        "loss.yaml": (
            "override: matters.loss\n"
            "said: [{zh: 我亏了。, en: I am the poorer.}]\n"
        ),
        "theft.yaml": MATTER.replace("matter: loss", "matter: theft").replace("book:", "handbook:")
        .replace("handbook:1", "handbook:4"),
    }  # fmt: skip
    lay(tmp_path / "shop", {name: text.encode() for name, text in shop.items()})
    assert [each.id for each in validate(tmp_path / "shop")] == []
    matters = load(tmp_path / "shop").matters
    assert list(matters) == ["loss", "theft"]
    assert [each.en for each in matters["loss"].said] == ["I am the poorer."]
    assert matters["loss"].examples == matters["theft"].examples == ("grading/dear",)


def test_the_desk_is_listed_with_what_answers_each_matter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_house(tmp_path)
    assert main(["show", "desk", "--rules", str(root), "--language", "zh"]) == 0
    assert capsys.readouterr().out == (
        "loss  损失\n"
        "  登记为：低（grade.low），高（grade.high）\n"
        "  办理流程：办理（handling）\n"
        "  依据策略：分级（grading）\n"
        "  示例场景：grading/dear\n"
    )
    assert main(["show", "loss", "--rules", str(root)]) == 0
    text = capsys.readouterr().out
    assert "people say: “I have lost something.”" in text
    assert "facts needed: Ticket (ticket)\n    loss " in text
    assert "what the library cannot know: Whether the loss is real" in text


def test_a_pack_without_matters_says_so_and_a_part_called_desk_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = lay(tmp_path / "plain", {name: text.encode() for name, text in HOUSE.items()})
    assert main(["show", "desk", "--rules", str(plain)]) == 0
    assert capsys.readouterr().out == "the pack has no matters\n"
    named = lay_house(tmp_path, MATTER.replace("matter: loss", "matter: desk"))
    assert main(["show", "desk", "--rules", str(named)]) == 0
    assert "people say" in capsys.readouterr().out
