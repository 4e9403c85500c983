"""A counterexample: a record that the engine has decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from telecom_rules.policies import Policy
    from telecom_rules.proofs.questions import Facts


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A record that a policy decides as a finding says.

    Attributes:
        policy: the policy.
        facts: the record.
        day: the day of the decision.
    """

    policy: Policy
    facts: Facts
    day: date
