"""Digests of meaning: equal digests mean equal rules, however the files are written."""

from telecom_rules.digests.content import (
    Content,
    calculate_digest,
    describe_meaning,
    describe_wording,
    find_change_days,
)

__all__ = [
    "Content",
    "calculate_digest",
    "describe_meaning",
    "describe_wording",
    "find_change_days",
]
