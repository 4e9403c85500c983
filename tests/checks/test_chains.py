"""Law, group, province, company: what one level does wrong is told once, where it can be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules.pack import read
from tests.pack.chains import HANDBOOK, LAW, find, pack_file, write_packs

if TYPE_CHECKING:
    from pathlib import Path

TAKEN_OUT = """\
override: policies.grading
rules: [{id: high, remove: {reason: {zh: 不用, en: Not used}}}]
"""
AGAIN = """\
  - {id: high, before: low, when: loss >= 100, then: {grade: high}, cites: [handbook_company:4]}
"""
CALENDAR = """\
calendar: days
title: {zh: 历, en: Days}
years:
  '2026': {rest: [2026-01-01], cites: [book:1]}
  '2027': {rest: [2027-01-01], cites: [book:1]}
"""


def level(name: str, extends: str, days: int = 0, since: str = "2027-01-01") -> dict[str, str]:
    """Return the files of one level, which promises an answer in some days, or nothing."""
    handbook = HANDBOOK.replace("source: handbook", f"source: handbook_{name}")
    files = {"pack.yaml": pack_file(name, extends), "handbook.yaml": handbook}
    if days:
        files["reply.yaml"] = (
            "override: parameters.reply\nkind: promise\n"
            f"values: {{from: {since}, value: {days}, cites: [handbook_{name}:4]}}\n"
        )
    return files


def tell_company(folder: Path, **packs: dict[str, str]) -> list[str]:
    """Return what is found in `company` as `file:line code`."""
    write_packs(folder, **packs)
    found = find(read(folder / "company"))
    return [f"{each.span.file}:{each.span.line} {each.id}" for each in found]


def chain(group: int, province: int, company: int) -> dict[str, dict[str, str]]:
    """Return three levels on the law, each with its promise of the time to answer."""
    return {
        "group": level("group", "{path: ../law}", group),
        "province": level("province", "{path: ../group}", province),
        "company": level("company", "{path: ../province}", company),
    }


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ((12, 10, 8), []),
        ((0, 0, 0), []),
        ((12, 10, 11), ["reply.yaml:3 TR760"]),
        ((12, 14, 0), ["pack.yaml:1 TR760"]),  # the province is laxer than the group
        ((12, 14, 9), []),  # and the company mends it
        ((0, 20, 0), ["pack.yaml:1 TR760"]),  # the province is laxer than the law
        ((0, 20, 18), ["reply.yaml:3 TR760"]),  # and the company less so
        ((12, 10, 60), ["reply.yaml:3 TR760"]),
    ],
)
def test_the_company_is_held_to_every_level_below_it(
    tmp_path: Path, days: tuple[int, int, int], told: list[str]
) -> None:
    assert tell_company(tmp_path, **chain(*days)) == told


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (0, ["../province/reply.yaml:3 TR140"]),
        (9, []),
        (11, ["reply.yaml:3 TR760"]),  # stricter than one of the two
        (60, ["reply.yaml:3 TR760"]),
    ],
)
def test_who_settles_what_two_levels_disagree_about_is_held_to_both(
    tmp_path: Path, days: int, told: list[str]
) -> None:
    found = tell_company(
        tmp_path,
        group=level("group", "{path: ../law}", 12),
        province=level("province", "{path: ../law}", 10),
        company=level("company", "[{path: ../group}, {path: ../province}]", days),
    )
    assert found == told


def test_a_base_that_is_reached_by_two_ways_counts_once(tmp_path: Path) -> None:
    packs = chain(12, 10, 0)
    extends = "[{path: ../law}, {path: ../group}, {path: ../province}]"
    packs["company"] = level("company", extends)
    assert tell_company(tmp_path, **packs) == []


def test_a_circle_below_is_told_where_the_company_extends_it(tmp_path: Path) -> None:
    found = tell_company(
        tmp_path,
        group=level("group", "{path: ../province}"),
        province=level("province", "{path: ../group}"),
        company=level("company", "{path: ../group}"),
    )
    assert found == ["pack.yaml:4 TR132"]


def test_what_is_taken_out_and_put_in_again_is_named_twice(tmp_path: Path) -> None:
    company = level("company", "{path: ../law}")
    company["grading.yaml"] = TAKEN_OUT.replace("rules: [", "rules:\n  - ").replace("]", "") + AGAIN
    assert tell_company(tmp_path, company=company) == ["grading.yaml:4 TR112"]


def test_what_loses_its_last_use_is_told_where_that_is_taken_out(tmp_path: Path) -> None:
    company = level("company", "{path: ../law}")
    taken = "clocks: {reply: {remove: {reason: {zh: 不用, en: Not used}}}}"
    company["handling.yaml"] = f"override: workflows.handling\n{taken}\n"
    found = tell_company(tmp_path, company=company)
    assert found == ["handling.yaml:2 TR760", "handling.yaml:2 TR901"]


def test_a_name_of_the_base_that_is_defined_again_is_told_once(tmp_path: Path) -> None:
    company = level("company", "{path: ../law}")
    company["own.yaml"] = LAW["policies/grading.yaml"]
    company["over.yaml"] = "override: policies.grading\ntitle: {zh: 一, en: One}\n"
    assert tell_company(tmp_path, company=company) == ["own.yaml:1 TR134"]


@pytest.mark.parametrize(
    ("years", "told"),
    [
        ("'2027': {rest: [2027-01-01, 2027-01-04]}", ["days.yaml:2 TR761"]),
        ("'2027': {rest: [2027-01-01]}", ["days.yaml:1 TR137"]),
        ("'2028': {rest: [2028-01-03], cites: [handbook_company:4]}", []),
        ("'2027': {remove: {reason: {zh: 不用, en: Not used}}}", ["days.yaml:2 TR761"]),
    ],
)
def test_the_days_of_the_law_are_counted_by_its_calendar(
    tmp_path: Path, years: str, told: list[str]
) -> None:
    law = LAW | {
        "pack.yaml": LAW["pack.yaml"] + "calendar: days\n",
        "calendars/days.yaml": CALENDAR,
        "parameters/reply.yaml": LAW["parameters/reply.yaml"].replace(
            "calendar_days", "working_days"
        ),
    }
    company = level("company", "{path: ../law}")
    company["days.yaml"] = f"override: calendars.days\nyears: {{{years}}}\n"
    assert tell_company(tmp_path, law=law, company=company) == told
