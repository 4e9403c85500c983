"""The chain of a journal whose values can be erased: entries taken apart, sealed, put together.

A commitment binds the values of an entry with a salt: while both are there they can be checked, and
once they are gone nobody can guess them from the commitment. The digest of the entry before, which
an entry carries, is one of these values: it is not salted, so that it would let a short value such
as a telephone number be guessed.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from telecom_rules.adapters.rows.rows import ERASED, JournalRow, ValuesRow
from telecom_rules.digests import to_canonical_json
from telecom_rules.workflows import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telecom_rules.adapters.rows.rows import RefusalRow

HELD_KEYS = ("payload", "assigned", "actor", "previous", "reasons")
"""The parts of an entry that are values as a whole."""
HELD_PARTS = {"effects": "payload", "calls": "facts"}
"""The lists of an entry whose items hold values, with the part of an item that is one."""
NOTHING: dict[str, Any] = {
    "payload": {}, "assigned": {}, "actor": None, "previous": None, "reasons": [],
}  # fmt: skip
"""What stands in an entry whose values were erased."""


def chain_entries(
    entries: Iterable[Entry], head: str | None, make_salt: Callable[[], str]
) -> list[tuple[JournalRow, ValuesRow]]:
    """Return the rows of new journal entries, sealed one after the other.

    Args:
        entries: the new entries, oldest first.
        head: the seal of the row before them, or `None` for the first of a case.
        make_salt: returns a new random text for each entry.
    """
    rows = []
    for entry in entries:
        said, held = take_apart(entry)
        salt = make_salt()
        commitment = calculate_commitment(salt, held)
        head = calculate_seal(head, said, commitment)
        rows.append(
            (
                JournalRow(
                    case=entry.case,
                    sequence=entry.sequence,
                    at=entry.at,
                    kind=str(entry.kind),
                    event=entry.event,
                    entry=said,
                    commitment=commitment,
                    seal=head,
                ),
                ValuesRow(entry.case, entry.sequence, salt, held),
            )
        )
    return rows


def take_apart(entry: Entry) -> tuple[str, str]:
    """Return what an entry says without the values of a person, and these values; both as JSON."""
    said: dict[str, Any] = entry.dump()
    held: dict[str, Any] = {key: said.pop(key) for key in HELD_KEYS}
    for key, part in HELD_PARTS.items():
        held[key] = [each.pop(part) for each in said[key]]
    return to_canonical_json(said), to_canonical_json(held)


def read_entry(row: JournalRow, values: ValuesRow | None) -> Entry:
    """Return the entry of a journal row.

    Args:
        row: the row.
        values: its values. Without them, or once they are erased, the entry has none.

    Raises:
        JournalError: it is not an entry.
        ValueError: it is not JSON.
        TypeError: it is JSON of another shape.
        KeyError: likewise.
    """
    said = json.loads(row.entry)
    held = dict(NOTHING) if values is None or values.held == ERASED else json.loads(values.held)
    for key, part in HELD_PARTS.items():
        parts = held.pop(key, None) or [{}] * len(said[key])
        said[key] = [{**each, part: value} for each, value in zip(said[key], parts, strict=True)]
    return Entry.load({**said, **held})


def read_refusal(row: RefusalRow) -> Entry:
    """Return the entry of a refusal.

    Raises:
        JournalError: it is not an entry.
        ValueError: it is not JSON.
    """
    return Entry.load(json.loads(row.entry))


def calculate_commitment(salt: str, held: str) -> str:
    """Return the salted digest of values."""
    return digest_texts(salt, held)


def calculate_seal(head: str | None, said: str, commitment: str) -> str:
    """Return the seal of a journal row.

    Args:
        head: the seal of the row before it, or `None` for the first.
        said: what its entry says.
        commitment: the commitment to its values.
    """
    return digest_texts(head or "", commitment, said)


def digest_texts(*texts: str) -> str:
    """Return the digest of texts of which none but the last holds a line break."""
    joined = "\n".join(texts)
    return f"sha256:{hashlib.sha256(joined.encode()).hexdigest()}"
