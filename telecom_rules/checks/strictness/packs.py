"""Two packs, compared part by part: figures, then policies, then workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.checks.deviations.deviation import Direction
from telecom_rules.checks.deviations.figures import compare_parameters
from telecom_rules.checks.refinement.workflows import compare_workflows
from telecom_rules.checks.strictness.policies import compare_policies

if TYPE_CHECKING:
    from telecom_rules.checks.deviations.deviation import Deviation
    from telecom_rules.pack import Pack


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
    return (*figures, *policies, *compare_workflows(base, house))
