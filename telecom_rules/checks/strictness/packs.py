"""Two packs, compared part by part: figures, then policies, then workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.deviations.fields import compare_facts
from telecom_rules.checks.deviations.figures import compare_parameters
from telecom_rules.checks.refinement.workflows import compare_workflows
from telecom_rules.checks.strictness.policies import compare_policies
from telecom_rules.digests import describe_meaning
from telecom_rules.findings.kinds import CALENDAR
from telecom_rules.pack.definition import PackDefinition
from telecom_rules.pack.elements import KINDS
from telecom_rules.vocabulary.time.calendars import YearDefinition
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Pack

OTHER_ZONE = Wording(
    "日期按 {house} 计算；基础规则包：{base}", "days are those of {house}; by the base of {base}"
)
OTHER_YEARS = Wording(
    "{years} 年的工作日与基础规则包的日历不同",
    "the working days of {years} are not those of the calendar of the base",
)


def find_deviations(base: Pack, house: Pack) -> tuple[Deviation, ...]:
    """Return the ways in which the rules of a house differ from those of the base.

    Args:
        base: the pack that the house must not be laxer than.
        house: the pack of the house.
    """
    figures = tuple(compare_parameters(base, house))
    told = {(part.within, each.direction) for each in figures for part in each.parts}
    # What a figure does to the answers of a policy is told once, with the figure.
    told |= {(within, Direction.UNDECIDED) for within, each in told if each is Direction.LAXER}
    policies = (
        each
        for each in compare_policies(base, house)
        if (each.parts[0].within, each.direction) not in told
    )
    counting = compare_counting(base, house)
    facts = compare_facts(base, house)
    return (*counting, *facts, *figures, *policies, *compare_workflows(base, house))


def compare_counting(base: Pack, house: Pack) -> Iterator[Deviation]:
    """Yield the deviations of what all limits are counted by: the zone and the calendar."""
    if base.zone != house.zone:
        wording = OTHER_ZONE.fill(base=base.zone, house=house.zone)
        yield Deviation((key_part(house, "utc_offset"),), Direction.INCOMPARABLE, wording)
    law, own = base.calendar, house.calendar
    if law is None or own is law:
        return
    years = {} if own is None else own.years
    changed = [
        year
        for year, days in law.years.items()
        if describe_meaning(years.get(year)) != describe_meaning(days)
    ]
    if changed:
        within, kind = f"calendars.{law.name}", KINDS[YearDefinition].wording
        parts = [Part(within, kind, f"{law.name}.{each}") for each in changed]
        if own is None or own.name != law.name:
            parts = [key_part(house, "calendar"), Part(within, CALENDAR, law.name)]
        wording = OTHER_YEARS.fill(years=", ".join(map(str, changed)))
        yield Deviation(tuple(parts), Direction.INCOMPARABLE, wording)


def key_part(pack: Pack, key: str) -> Part:
    """Return a key of `pack.yaml` as a part of a pack."""
    return Part(f"packs.{pack.name}", KINDS[PackDefinition].wording, f"{pack.name}.{key}")
