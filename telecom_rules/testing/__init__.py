"""For the tests of a host: cases where they are needed, facts that fit, a clock that stands still.

Nothing here needs pytest, and nothing is invented: the engine makes each case, by events that it
accepts. The functions whose names begin with `assert_` say in the failure what the library says.
"""

from telecom_rules.testing.asserts import (
    assert_accepted,
    assert_decides,
    assert_due,
    assert_refused,
    assert_state,
)
from telecom_rules.testing.bringing import Brought, NotBrought, bring_case
from telecom_rules.testing.clocks import START, FrozenClock
from telecom_rules.testing.facts import NoSuchFacts, build_facts

__all__ = [
    "START",
    "Brought",
    "FrozenClock",
    "NoSuchFacts",
    "NotBrought",
    "assert_accepted",
    "assert_decides",
    "assert_due",
    "assert_refused",
    "assert_state",
    "bring_case",
    "build_facts",
]
