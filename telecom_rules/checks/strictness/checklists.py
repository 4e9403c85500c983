"""Checklists of two packs, compared on one day: whether each check of the base fails as before.

A check of the base may be laxer in three ways: it applies to less (`when`), asks for less
(`require`), or its failure weighs less (`severity`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from telecom_rules.checks.analysis.reasons import TOO_MANY_STEPS, find_reason
from telecom_rules.checks.analysis.satisfiability import spell_tree
from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.strictness.sides import Wanted
from telecom_rules.findings.kinds import CHECK, PARAMETER
from telecom_rules.policies.completions.budget import TooMuchWork
from telecom_rules.policies.completions.examples import NotDecided
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.checks.strictness.sides import Facts, Sides
    from telecom_rules.policies.rules import Check


WEIGHTS: Final[Mapping[str, int]] = {"error": 2, "warning": 1, "advice": 0}
GONE = Wording("检查项 `{check}` 被取消", "the check `{check}` is gone")
LESS = Wording(
    "检查项 `{check}` 不再指出基础规则包指出的问题",
    "the check `{check}` no longer fails where it fails by the base",
)
MORE = Wording(
    "检查项 `{check}` 指出基础规则包不指出的问题",
    "the check `{check}` fails where it does not by the base",
)
SEVERITY = Wording(
    "检查项 `{check}` 的严重程度为 {house}；基础规则包：{base}",
    "the check `{check}` has the severity {house}; by the base {base}",
)
WHETHER_LESS = Wording(
    "检查项 `{check}` 是否仍指出基础规则包指出的所有问题",
    "whether the check `{check}` still fails wherever it fails by the base",
)
ON_RECORD = Wording("{facts}（规则日期：{day}）", "{facts} (rules of {day})")


def compare_checklists(sides: Sides) -> Iterator[Deviation]:
    """Yield the deviations of a checklist on a day."""
    own = {each.id: each for each in sides.house.checks if sides.day in each.in_force}
    base = [each for each in sides.base.checks if sides.day in each.in_force]
    further = [each for name, each in own.items() if name not in {law.id for law in base}]
    for law in base:
        found = own.get(law.id)
        if found is not None:
            yield from compare_check(sides, law, found)
        elif not any(replaces(sides, law, each) for each in further):
            wording = GONE.fill(check=law.id)
            shown = find_failing(sides, law, None)
            evidence = shown if isinstance(shown, Wording) else None
            yield Deviation(parts_of(sides, law.id), Direction.LAXER, wording, evidence, law.cites)


def replaces(sides: Sides, law: Check, own: Check) -> bool:
    """Return whether another check of the house fails wherever one of the base fails."""
    return WEIGHTS[own.severity] >= WEIGHTS[law.severity] and find_failing(sides, law, own) is None


def compare_check(sides: Sides, law: Check, own: Check) -> Iterator[Deviation]:
    """Yield the deviations of one check."""
    parts = parts_of(sides, law.id, is_written=spell_check(law) != spell_check(own))
    if own.severity != law.severity:
        lower = WEIGHTS[own.severity] < WEIGHTS[law.severity]
        direction = Direction.LAXER if lower else Direction.TIGHTER
        wording = SEVERITY.fill(check=law.id, house=own.severity, base=law.severity)
        yield Deviation(parts, direction, wording, cites=law.cites)
    if restated(sides, law, of_house=False) == restated(sides, own, of_house=True):
        return
    shown = find_failing(sides, law, own)
    if isinstance(shown, Wording):
        wording = LESS.fill(check=law.id)
        yield Deviation(parts, Direction.LAXER, wording, shown, law.cites)
    elif isinstance(shown, Exception):
        wording = WHETHER_LESS.fill(check=law.id)
        tree = own.require.tree
        why = TOO_MANY_STEPS if isinstance(shown, TooMuchWork) else find_reason(tree)
        yield Deviation(parts, Direction.UNDECIDED, wording, why, law.cites)
    further = find_failing(sides, own, law, of_house=True)
    if isinstance(further, Wording):
        yield Deviation(parts, Direction.TIGHTER, MORE.fill(check=law.id), further, law.cites)


def find_failing(
    sides: Sides, one: Check, other: Check | None, *, of_house: bool = False
) -> Wording | Exception | None:
    """Return a record on which one check fails and another does not.

    Args:
        sides: both policies.
        one: the check that fails.
        other: the check that does not, or `None` for no other.
        of_house: whether the first is that of the house.

    Returns:
        The record for people; `None` if there is none; or why it is not decided.
    """
    fails = [
        Wanted((*one.tests, *one.grounds), holds=True, of_house=of_house),
        Wanted((one.require,), holds=False, of_house=of_house),
    ]
    ways: list[list[Wanted]] = [fails]
    if other is not None:
        passes = Wanted((other.require,), holds=True, of_house=not of_house)
        ways = [[*fails, passes]]
        if other.when is not None:
            ways.append([*fails, Wanted((other.when,), holds=False, of_house=not of_house)])
        if other.measured is not None:
            ways.append([*fails, Wanted((other.measured,), holds=False, of_house=not of_house)])
    shows = partial(is_confirmed, sides, one=one, other=other, of_house=of_house)
    problem: Exception | None = None
    for wanted in ways:
        try:
            facts = sides.find_example(wanted, shows)
        except (NotDecided, TooMuchWork) as undecided:
            problem = undecided
            continue
        if facts is not None:
            return ON_RECORD.fill(facts=sides.describe(facts), day=sides.day)
    return problem


def is_confirmed(
    sides: Sides, facts: Facts, one: Check, other: Check | None, *, of_house: bool
) -> bool:
    """Return whether both policies decide so on a record: one check fails, the other does not."""
    verdicts = sides.decide(facts)
    if verdicts is None:
        return False
    ordered = (verdicts.house, verdicts.base) if of_house else (verdicts.base, verdicts.house)
    status = [
        {each.id: each.status for each in decision.results} if decision is not None else {}
        for decision in ordered
    ]
    fails = status[0].get(one.id) == "fail"
    return fails and (other is None or status[1].get(other.id) in {"pass", "not_applicable", None})


def restated(sides: Sides, check: Check, *, of_house: bool) -> str:
    """Return what a check means on the day, as text."""
    tests = check.conditions
    return " => ".join(spell_tree(sides.restate(each, of_house=of_house).tree) for each in tests)


def spell_check(check: Check) -> str:
    """Return what a check says as written, as text."""
    tests = check.conditions
    return " => ".join([check.severity, *(spell_tree(each.tree) for each in tests)])


def parts_of(sides: Sides, name: str, *, is_written: bool = True) -> tuple[Part, ...]:
    """Return a check as a part of the house; if only figures differ, these."""
    policy = sides.base.name
    own = Part(f"policies.{policy}", CHECK, f"{policy}.{name}")
    if is_written:
        return (own,)
    figures = sorted(sides.changed_figures)
    return (*(Part(f"parameters.{each}", PARAMETER, each) for each in figures), own)[:1]
