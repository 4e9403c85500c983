"""The changes between two packs, each with how it makes the rules tighter or laxer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.checks.deviations.deviation import Part, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from telecom_rules.checks.deviations.deviation import Deviation, Direction
    from telecom_rules.pack import Change


class JudgedChange(NamedTuple):
    """A change with its effect on strictness.

    Attributes:
        change: the change.
        direction: whether it makes the rules tighter or laxer; `None` of one that is only read.
        deviations: what shows this.
    """

    change: Change
    direction: Direction | None
    deviations: tuple[Deviation, ...]


def judge_changes(
    changes: Sequence[Change], deviations: Iterable[Deviation]
) -> tuple[JudgedChange, ...]:
    """Return each change with the deviations that it causes.

    A deviation of a part in which nothing was changed belongs to the changes around it: that of a
    parameter to the changes of its values.
    """
    places = [Part(each.within, each.what, each.name) for each in changes]
    caused: dict[int, list[Deviation]] = {at: [] for at in range(len(changes))}
    for each in deviations:
        exact = [at for at, place in enumerate(places) if place in each.parts]
        around = {part.within for part in each.parts}
        within = [at for at, place in enumerate(places) if place.within in around]
        for at in exact or within:
            caused[at].append(each)
    return tuple(
        JudgedChange(
            change,
            combine(each.direction for each in caused[at])
            if change.meaning or caused[at]
            else None,
            tuple(caused[at]),
        )
        for at, change in enumerate(changes)
    )
