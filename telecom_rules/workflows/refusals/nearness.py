"""Which of several refusals is nearest to acceptance: the one to show, where a person has roles.

The order is that of the work which is left. First refusals of an event that would already take its
transition: only what it would set is wrong. Then those that more data may mend, then those where a
condition has to change, last those that need somebody else. Whatever holds for every role alike,
such as a case that is over, comes after these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.workflows.refusals.reason import ReasonKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.workflows.refusals.reason import Reason


NEARNESS = (
    ReasonKind.FACTS_INVALID,
    ReasonKind.CALL,
    ReasonKind.ENDLESS,
    ReasonKind.PAYLOAD_INVALID,
    ReasonKind.REQUIRES,
    ReasonKind.UNKNOWN,
    ReasonKind.GUARD,
    ReasonKind.UNDECIDED,
    ReasonKind.ROLE,
)
"""The kinds of reasons, the nearest to acceptance first; all others are further away."""


def measure_distance(reasons: Sequence[Reason]) -> tuple[int, int]:
    """Return how far a refusal is from acceptance, to compare: smaller is nearer.

    Its nearest reason counts, because one transition that is enabled is enough; of two that are as
    near, the one that says less.
    """
    places = [
        NEARNESS.index(each.kind) if each.kind in NEARNESS else len(NEARNESS) for each in reasons
    ]
    return min(places, default=len(NEARNESS)), len(reasons)
