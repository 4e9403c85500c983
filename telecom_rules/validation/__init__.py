"""Validation of a pack: every finding of its files, and those that were set aside."""

from telecom_rules.validation.baseline import Baseline, BaselineError
from telecom_rules.validation.ending_calendars import DAYS_AHEAD
from telecom_rules.validation.examination import Validation, examine, validate
from telecom_rules.validation.fixing import Fixed, FixedFile, fix

__all__ = [
    "DAYS_AHEAD",
    "Baseline",
    "BaselineError",
    "Fixed",
    "FixedFile",
    "Validation",
    "examine",
    "fix",
    "validate",
]
