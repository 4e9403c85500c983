"""What differs between two packs, part by part."""

from __future__ import annotations

import pytest

import telecom_rules
from telecom_rules.pack import ChangeKind, compare, link, read
from tests.pack.house import HOUSE, broken, house

ADDED, REMOVED, CHANGED = ChangeKind
BEFORE = link(house()).drafts


def between(files: dict[str, bytes]) -> list[str]:
    """Return the changes that lead from the house to `files`, each on one line."""
    reading = link(files)
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    marks = {ADDED: "+", REMOVED: "-", CHANGED: "~"}
    return [
        f"{marks[each.kind]} {each.what.en} {each.name}"
        + "".join(f"; {one.key}: {one.before} > {one.after}" for one in each.differences)
        for each in compare(BEFORE, reading.drafts)
    ]


CHANGES = [
    ("parameters/reply.yaml", "value: 15", "value: 10", "~ value reply.2020-01-01; value: 15 > 10"),
    ("parameters/reply.yaml", "2020-01-01", "2019-01-01",
     "+ value reply.2019-01-01", "- value reply.2020-01-01"),
    ("catalogues/grade.yaml", "en: High}}", "en: Severe}}",
     "~ code grade.high; title: 高 / High > 高 / Severe"),
    ("facts/ticket.yaml", "type: money", "type: decimal",
     "~ fact ticket.loss; type: money > decimal"),
    ("policies/grading.yaml", "when: loss >= parameters.threshold", "when: loss > 7",
     "~ rule grading.high; when: loss >= parameters.threshold > loss > 7"),
    ("policies/grading.yaml", "then: {grade: high}", "then: {grade: low}",
     "~ rule grading.high; then: {grade: high} > {grade: low}"),
    ("workflows/handling.yaml", "guard: policies.grading.grade == 'low', ", "",
     "~ transition handling.open.close; guard: policies.grading.grade == 'low' > None"),
    ("workflows/handling.yaml", "until: closed", "until: [closed, close]",
     "~ clock handling.reply; until: closed > closed, close"),
    ("workflows/handling.yaml", "type: final, cites: [book:2]", "type: final, cites: [book:1]",
     "~ state handling.closed; cites: book:2 > book:1"),
    ("workflows/handling.yaml", "initial: open\n",
     "initial: open\nproperties: {end: closed, cites: book:2}\n",
     "+ property handling.end(closed)"),
    ("workflows/handling.yaml", "version: 1.0.0", "version: 1.1.0",
     "~ workflow handling; version: 1.0.0 > 1.1.0"),
    ("pack.yaml", "version: 1.0.0", "version: 2.0.0", "~ pack house; version: 1.0.0 > 2.0.0"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "changes"), [(*c[:3], c[3:]) for c in CHANGES])
def test_a_change_is_told_at_the_part_that_changed_and_nowhere_else(file, old, new, changes):
    assert between(broken(file, old, new)) == list(changes)


def test_the_order_of_rules_is_a_change_and_that_of_files_and_keys_is_none():
    files = house()
    text = HOUSE["policies/grading.yaml"]
    *head, high, low = text.rstrip("\n").split("\n")
    swapped = files | {"policies/grading.yaml": "\n".join([*head, low, high]).encode()}
    assert between(swapped) == ["~ policy grading; order: high, low > low, high"]
    moved = dict(reversed([(f"elsewhere/{name}", data) for name, data in files.items()]))
    assert between(moved) == []


def test_of_a_file_that_comes_or_goes_no_part_is_told():
    files = house()
    del files["workflows/handling.yaml"]
    assert between(files) == ["- workflow handling"]


def test_a_state_that_lies_inside_another_now_is_a_change_of_that_state():
    text = HOUSE["workflows/handling.yaml"]
    head, _, state = text.partition("  open:\n")
    body, _, closed = state.partition("  closed:")
    inner = "".join(f"    {line}\n" for line in ["  open:", *body.rstrip("\n").split("\n")])
    around = (
        "  running:\n    title: {zh: 中, en: Running}\n    cites: [book:2]\n    initial: open\n"
    )
    nested = f"{head}{around}    states:\n{inner}  closed:{closed}".replace(
        "initial: open\nstates", "initial: running\nstates", 1
    )
    assert between(house() | {"workflows/handling.yaml": nested.encode()}) == [
        "~ workflow handling; initial: open > running",
        "+ state handling.running",
        "~ state handling.open; in: None > running",
    ]


def test_what_is_added_one_way_is_removed_the_other():
    mine = read(None).drafts
    there, back = compare(BEFORE, mine), compare(mine, BEFORE)
    names = {(each.what, each.name): each.kind for each in back}
    opposite = {ADDED: REMOVED, REMOVED: ADDED, CHANGED: CHANGED}
    assert {(each.what, each.name): opposite[each.kind] for each in there} == names
    assert compare(mine, mine) == ()


def test_every_change_has_its_clauses_and_both_languages():
    files = broken("parameters/reply.yaml", "value: 15", "value: 10")
    (change,) = compare(BEFORE, link(files).drafts)
    assert change.cites == ("book:2",)
    assert change.what == telecom_rules.Wording("参数值", "value")


def test_an_event_and_a_clock_of_one_name_are_compared_each_with_its_like():
    text = HOUSE["workflows/handling.yaml"].replace(
        "  close:", "  reply: {title: {zh: 复, en: A}}\n  close:", 1
    )
    first = link(house() | {"workflows/handling.yaml": text.encode()})
    second = link(house() | {"workflows/handling.yaml": text.replace("en: A}", "en: B}").encode()})
    assert first.pack is not None
    changes = [(each.what.en, each.name) for each in compare(first.drafts, second.drafts)]
    assert changes == [("event", "handling.reply")]
