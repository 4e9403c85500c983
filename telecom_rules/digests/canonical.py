"""Canonical JSON and its digest: equal values have equal texts."""

from __future__ import annotations

import hashlib
import json

ENCODER = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)
DIGEST_LENGTH = len("sha256:") + 64
"""Characters of a digest."""


def to_canonical_json(data: object) -> str:
    """Return the canonical text of a JSON value: texts are equal if and only if values are.

    Raises:
        ValueError: it is not a JSON value.
        TypeError: likewise.
        RecursionError: it is nested too deeply.
    """
    return ENCODER.encode(data)


def calculate_digest(data: object) -> str:
    """Return `sha256:` and the digest of the canonical text of a JSON value.

    Raises:
        ValueError: it is not a JSON value, or holds an unpaired surrogate.
        TypeError: likewise.
        RecursionError: it is nested too deeply.
    """
    return f"sha256:{hashlib.sha256(to_canonical_json(data).encode()).hexdigest()}"
