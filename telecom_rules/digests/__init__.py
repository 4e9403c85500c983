"""Digests of meaning: equal digests mean equal rules, however the files are written."""

from telecom_rules.digests.canonical import DIGEST_LENGTH, calculate_digest, to_canonical_json
from telecom_rules.digests.content import (
    Content,
    describe_meaning,
    describe_wording,
    find_calendar,
    find_change_days,
)

__all__ = [
    "DIGEST_LENGTH",
    "Content",
    "calculate_digest",
    "describe_meaning",
    "describe_wording",
    "find_calendar",
    "find_change_days",
    "to_canonical_json",
]
