"""`telecom-rules compare` and `profile`: what they tell people, machines and the shell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import compare
from tests.pack.house import HOUSE, house, lay

if TYPE_CHECKING:
    from pathlib import Path

CLEAN, FINDINGS, USAGE, NOT_CHECKED = 0, 1, 2, 3
POLICY = HOUSE["policies/grading.yaml"]
FACTS = HOUSE["facts/ticket.yaml"]
STRICTER = POLICY.replace("loss >= parameters.threshold", "loss * 2 >= parameters.threshold")
RENAMED = STRICTER.replace("id: low", "id: small")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return lay(tmp_path / "old", house())


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return lay(tmp_path / "new", house(policies_grading=STRICTER))


@pytest.fixture
def records(tmp_path: Path) -> Path:
    file = tmp_path / "records.csv"
    file.write_text("id,loss\n" + "".join(f"T-{at},{at}\n" for at in range(20, 60, 10)), "utf-8")
    return file


@pytest.fixture
def asked(tell, old: Path, records: Path):
    """Compare the older pack with another one as of a day."""

    def run(new: Path, *more: object, file: Path = records) -> tuple[int, str]:
        files = ("--records", file, "--on", "2026-03-02")
        return tell("compare", old, new, "grading", *files, *more)

    return run


def test_decisions_that_differ_are_told_by_rule_and_clause_with_examples(asked, new):
    status, text = asked(new, "--examples", "1")
    assert status == CLEAN
    *shown, tally = text.splitlines()[2:]
    assert shown == [
        "",
        "Decided otherwise:",
        "  2 records  low  [book:1] → high  [book:1]",
        "    T-30: Grade: Low → High",
        "    and 1 more",
        "",
    ]
    assert tally == (
        "4 records: 2 decided otherwise, 0 the same by other rules, 2 the same; 0 fit the older"
        " pack only, 0 the newer only, 0 neither"
    )


def test_the_same_in_chinese(asked, new):
    status, text = asked(new, "--language", "zh")
    assert status == CLEAN
    assert "  2 条  low  [book:1] → high  [book:1]\n    T-30: 级别：低 → 高\n" in text
    assert "共 4 条记录：结论不同 2，结论相同而依据不同 0，完全相同 2" in text


def test_the_same_answer_by_another_rule_is_told_apart(asked, tmp_path):
    status, text = asked(lay(tmp_path / "new", house(policies_grading=RENAMED)))
    assert status == CLEAN
    assert "Decided the same by other rules:\n  1 record  low  [book:1] → small  [book:1]\n" in text
    assert "4 records: 2 decided otherwise, 1 the same by other rules, 1 the same;" in text


def test_two_packs_that_decide_the_same_are_clean(asked, old):
    status, text = asked(old)
    assert status == CLEAN
    assert text.splitlines()[3] == (
        "4 records: 0 decided otherwise, 0 the same by other rules, 4 the same; 0 fit the older"
        " pack only, 0 the newer only, 0 neither"
    )


def test_one_json_object_says_it_to_machines(asked, new):
    status, text = asked(new, "--format", "json", "--examples", "0")
    told = json.loads(text)
    assert status == CLEAN
    assert set(told) == {"policy", "old", "new", "facts", "counts", "changes", "not_compared"}
    assert told["counts"] == {
        "records": 4, "same": 2, "other_answer": 2, "other_reason": 0, "only_old": 0,
        "only_new": 0, "neither": 0,
    }  # fmt: skip
    (change,) = told["changes"]
    assert change == {
        "changes_answer": True, "count": 2, "mixed": False, "outputs": ["grade"], "examples": [],
        "before": {"rules": ["low"], "cites": ["book:1"]},
        "after": {"rules": ["high"], "cites": ["book:1"]},
    }  # fmt: skip
    _, text = asked(new, "--format", "json")
    first, second = json.loads(text)["changes"][0]["examples"]
    assert (first["id"], second["id"]) == ("T-30", "T-40")
    assert first["after"]["outputs"] == {"grade": "high"}
    assert first["wording"] == {"zh": "级别：低 → 高", "en": "Grade: Low → High"}


MIXED = """\
{"id": "both", "loss": 30}
{"id": "old", "loss": 30, "only_old": true}
{"id": "new", "loss": 30, "only_new": "a"}
{"id": "lost", "loss": 30, "nobody": 1}
{"id": "small", "loss": 3}
{"id": "wrong"
{"id": "typed", "loss": "much"}
"""


def test_records_that_fit_one_pack_or_none_are_counted_and_the_rest_compared(
    asked, tell, tmp_path, records
):
    file = tmp_path / "records.jsonl"
    file.write_text(MIXED, "utf-8")
    old = FACTS + "  only_old: {type: boolean?, title: {zh: 旧, en: Old}}\n"
    new = FACTS.replace("money, title", "decimal, min: 10, title") + (
        "  only_new: {type: text?, title: {zh: 新, en: New}}\n"
    )
    packs = (
        lay(tmp_path / "one", house(facts_ticket=old)),
        lay(tmp_path / "other", house(facts_ticket=new, policies_grading=STRICTER)),
    )
    files = ("--records", file, "--on", "2026-03-02")
    status, text = tell("compare", *packs, "grading", *files)
    assert status == FINDINGS
    assert "which the newer one is not given: only_old\n" in text
    assert "which the older one is not given: only_new\n" in text
    assert "facts of another type: loss (money → decimal)\n" in text
    assert "  1 record  fits the older pack only\n    small: " in text
    assert "  3 records  fits neither pack\n    lost: " in text
    assert text.endswith(
        "7 records: 3 decided otherwise, 0 the same by other rules, 0 the same; 1 fit the older"
        " pack only, 0 the newer only, 3 neither\n"
    )
    _, text = tell("compare", *packs[::-1], "grading", *files, "--format", "json")
    told = json.loads(text)
    assert told["facts"] == {
        "only_old": ["only_new"], "only_new": ["only_old"],
        "retyped": [["loss", "decimal", "money"]],
    }  # fmt: skip
    assert told["counts"]["only_new"] == 1
    assert {each["id"] for each in told["not_compared"]} == {"small", "lost", "typed", None}


def test_a_decision_that_becomes_an_error_is_a_change(asked, tmp_path):
    policy = POLICY.replace("  - {id: low, then: {grade: low}, cites: [book:1]}\n", "")
    status, text = asked(lay(tmp_path / "new", house(policies_grading=policy)))
    assert status == CLEAN
    assert "  3 records  low  [book:1] → (no rule)\n" in text
    assert "T-20: Grade: Low (rule low) → no decision: no rule of the policy `grading`" in text


def test_many_ways_to_differ_are_bounded(asked, new, monkeypatch):
    monkeypatch.setattr(compare, "MOST_GROUPS", 0)
    _, text = asked(new)
    assert "  2 records  in many other ways\n" in text


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("compare", "{old}", "{new}", "gradin", "--records", "{records}"), USAGE,
         "there is no policy named `gradin`; did you mean `grading`?"),
        (("compare", "{old}", "{new}", "grading", "--records", "{records}", "--on", "los"), USAGE,
         "`los` is neither a day such as 2026-03-01 nor a fact of `ticket`; did you mean `loss`?"),
        (("compare", "{old}", "{new}", "grading", "--records", "{records}", "--examples", "-1"),
         USAGE, "--examples: expected a whole number from 0"),
        (("compare", "{old}", "{none}", "grading", "--records", "{records}"), NOT_CHECKED, "none"),
        (("compare", "{old}", "{new}", "grading", "--records", "{none}.csv"), NOT_CHECKED,
         "there is no such file"),
        (("compare", "{old}", "{new}", "grading", "--records", "{empty}"), NOT_CHECKED,
         "there are no records in it"),
        (("compare", "{old}", "{new}", "grading"), USAGE, "--records"),
        (("profile", "gradin", "--rules", "{old}", "--records", "{records}"), USAGE, "`grading`"),
        (("profile", "grading", "--rules", "{old}", "--records", "{empty}"), NOT_CHECKED,
         "there are no records in it"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told_by_the_exit_status(
    tell, tmp_path, old, new, records, arguments, status, told
):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    places = {"old": old, "new": new, "records": records, "empty": empty, "none": tmp_path / "none"}
    found, text = tell(*(each.format_map(places) for each in arguments))
    assert found == status
    assert told in text


def test_the_day_may_stand_in_the_record(tell, tmp_path, old, new):
    file = tmp_path / "records.jsonl"
    facts = FACTS + "  seen_on: {type: date, title: {zh: 日期, en: Seen on}}\n"
    packs = [
        lay(tmp_path / name, house(facts_ticket=facts, policies_grading=text))
        for name, text in (("one", POLICY), ("other", STRICTER))
    ]
    file.write_text('{"loss": 60, "seen_on": "2021-01-01"}\n{"loss": 60, "seen_on": "2026-01-01"}')
    status, text = tell("compare", *packs, "grading", "--records", file, "--on", "seen_on")
    assert (status, "2 records: 1 decided otherwise" in text) == (CLEAN, True)


# Profile


def test_a_profile_tells_how_often_each_rule_is_tried(tell, old, records):
    files = ("--rules", old, "--records", records, "--on", "2026-03-02")
    status, text = tell("profile", "grading", *files)
    lines = text.splitlines()
    assert status == CLEAN
    assert lines[0].startswith("4 records: 4 decided, 0 not; ")
    assert [line.split()[:3] for line in lines[4:]] == [
        ["grading", "4", "4"], ["high", "4", "1"], ["low", "3", "3"]
    ]  # fmt: skip
    status, text = tell("profile", "grading", *files, "--format", "json")
    told = json.loads(text)
    assert (told["decided"], told["not_decided"]) == (4, 0)
    (grading,) = told["policies"]
    assert [(each["id"], each["tried"], each["decided"]) for each in grading["rules"]] == [
        ("high", 4, 1), ("low", 3, 3)
    ]  # fmt: skip


def test_a_profile_leaves_out_what_cannot_be_decided_and_says_so(tell, tmp_path, old):
    file = tmp_path / "records.jsonl"
    file.write_text('{"loss": 60}\n{"loss": "much"}\n{\n', "utf-8")
    files = ("--rules", old, "--records", file, "--on", "2026-03-02", "--language", "zh")
    status, text = tell("profile", "grading", *files)
    assert status == FINDINGS
    assert text.startswith("共 3 条记录：已判定 1 条，未能判定 2 条；")
