"""The chain of a journal whose values can be erased: entries taken apart, sealed, put together.

A commitment binds the values of an entry with a salt: while both are there they can be checked, and
once they are gone nobody can guess them from the commitment. The digest of the entry before, which
an entry carries, is one of these values: it is not salted, so that it would let a short value such
as a telephone number be guessed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from telecom_rules.adapters.rows.rows import (
    ERASED,
    JournalRow,
    RefusalRow,
    ValuesRow,
    find_odd_column,
    read_entries,
    read_json,
)
from telecom_rules.digests import to_canonical_json
from telecom_rules.errors import JournalError
from telecom_rules.values.arguments import read_callable, read_instance, read_text
from telecom_rules.wording import Wording, shorten
from telecom_rules.workflows import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HELD_KEYS = ("payload", "assigned", "actor", "previous", "reasons")
"""The parts of an entry that are values as a whole."""
HELD_PARTS = {"effects": "payload", "calls": "facts"}
"""The lists of an entry whose items hold values, with the part of an item that is one."""
NOTHING: dict[str, Any] = {
    "payload": {}, "assigned": {}, "actor": None, "previous": None, "reasons": [],
}  # fmt: skip
"""What stands in an entry whose values were erased."""
NOT_AN_ENTRY = Wording(
    "日志第 {sequence} 行不是有效的条目；请用 `verify_journal` 核验",
    "row {sequence} of the journal is not an entry; `verify_journal` says what was changed",
)


def chain_entries(
    entries: Iterable[Entry], head: str | None, make_salt: Callable[[], str]
) -> list[tuple[JournalRow, ValuesRow]]:
    """Return the rows of new journal entries, sealed one after the other.

    Args:
        entries: the new entries, oldest first.
        head: the seal of the row before them, or `None` for the first of a case.
        make_salt: returns a new random text for each entry.

    Raises:
        ArgumentError: an argument is of another kind.
    """
    head = None if head is None else read_text("head", head)
    make_salt = read_callable("make_salt", make_salt)
    rows = []
    for entry in read_entries(entries):
        said, held = take_apart(entry)
        salt = read_text("make_salt", make_salt())
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
        ArgumentError: an argument is of another kind.
    """
    row = read_instance("row", row, JournalRow)
    values = None if values is None else read_instance("values", values, ValuesRow)
    try:
        require_columns(row)
        return Entry.load(put_together(row, values))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise name_no_entry(row) from None


def put_together(row: JournalRow, values: ValuesRow | None) -> dict[str, Any]:
    """Return an entry with its values, as JSON.

    Raises:
        ValueError: a part is not JSON.
        TypeError: it is JSON of another shape.
        KeyError: likewise.
        AttributeError: likewise.
    """
    said: Any = read_json(row.entry)
    held: Any = dict(NOTHING)
    if values is not None and values.held != ERASED:
        held = read_json(values.held)
    for key, part in HELD_PARTS.items():
        parts = held.pop(key, None) or [{}] * len(said[key])
        said[key] = [{**each, part: value} for each, value in zip(said[key], parts, strict=True)]
    return {**said, **held}


def require_columns(row: JournalRow | RefusalRow) -> None:
    """Raise `ValueError` for a row with a column that no store has written."""
    if find_odd_column(row) is not None:
        raise ValueError


def name_no_entry(row: JournalRow | RefusalRow) -> JournalError:
    """Return the error for a row that is not an entry."""
    number = row.sequence if type(row.sequence) is int else 0
    return JournalError(NOT_AN_ENTRY.fill(sequence=tell_number(row)), number)


def tell_number(row: JournalRow | RefusalRow) -> str:
    """Return the number of a row for people: what is stored may be anything."""
    return str(row.sequence) if type(row.sequence) is int else shorten(row.sequence)


def read_refusal(row: RefusalRow) -> Entry:
    """Return the entry of a refusal.

    Raises:
        JournalError: it is not an entry.
        ArgumentError: it is not a row.
    """
    row = read_instance("row", row, RefusalRow)
    try:
        require_columns(row)
        return Entry.load(read_json(row.entry))  # type: ignore[arg-type]  # refused if it is not
    except ValueError:
        raise name_no_entry(row) from None


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
    # What is stored may have half a pair of surrogates, which is no character and has no bytes.
    joined = "\n".join(texts).encode(errors="surrogatepass")
    return f"sha256:{hashlib.sha256(joined).hexdigest()}"
