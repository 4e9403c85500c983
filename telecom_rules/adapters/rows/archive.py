"""A closed case as one document of JSON, for a host to keep where it keeps what is seldom read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from telecom_rules.adapters.rows.faults import Fault, find_faults
from telecom_rules.adapters.rows.rows import ERASED, CaseRow, JournalRow, RefusalRow, ValuesRow
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_instance, read_items, read_object, read_text
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.vocabulary import Json

FORMAT = 1
NOT_AN_ARCHIVE = Wording("应为 `archive` 返回的文档", "expected a document that `archive` returned")


def build_archive(
    case: CaseRow,
    journal: Iterable[JournalRow],
    values: Iterable[ValuesRow],
    refusals: Iterable[RefusalRow],
) -> dict[str, Json]:
    """Return the rows of a closed case as JSON.

    Raises:
        ArgumentError: an argument is of another kind.
    """
    return {
        "format": FORMAT,
        "case": dump_row(read_instance("case", case, CaseRow)),
        "journal": dump_rows("journal", journal, JournalRow),
        "values": dump_rows("values", values, ValuesRow),
        "refusals": dump_rows("refusals", refusals, RefusalRow),
    }


def verify_archive(document: Mapping[str, object], head: str) -> tuple[Fault, ...]:
    """Return every place where an archived journal is not what was written.

    Args:
        document: what `archive` returned, read back from JSON.
        head: the seal of its last row, as the store keeps it in the row of the case.

    Raises:
        ArgumentError: it is not such a document, or `head` is not a text.
    """
    document, head = read_object("document", document), read_text("head", head)
    try:
        case = CaseRow(**load_row(document["case"]))._replace(head=head)
        rows = [JournalRow(**load_row(each)) for each in list_rows(document, "journal")]
        values = [ValuesRow(**load_row(each)) for each in list_rows(document, "values")]
        return find_faults(case, rows, {each.sequence: each for each in values})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ArgumentError("document", NOT_AN_ARCHIVE) from None


def erase_archive(document: Mapping[str, object]) -> dict[str, Json]:
    """Return an archived case without the data of its person; its journal can still be verified.

    Args:
        document: what `archive` returned, read back from JSON.

    Raises:
        ArgumentError: it is not such a document.
    """
    document = read_object("document", document)
    try:
        values = [
            {**each, "salt": ERASED, "held": ERASED} for each in list_rows(document, "values")
        ]
        case = {**dict(load_object(document["case"])), "snapshot": None}
    except (KeyError, TypeError, ValueError):
        raise ArgumentError("document", NOT_AN_ARCHIVE) from None
    kept: Any = {**document, "case": case, "values": values, "refusals": []}
    return dict(kept)


def dump_row(row: CaseRow | JournalRow | ValuesRow | RefusalRow) -> dict[str, Json]:
    """Return a row as JSON."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row._asdict().items()
    }


def dump_rows(
    argument: str,
    rows: Iterable[JournalRow | ValuesRow | RefusalRow],
    kind: type[JournalRow | ValuesRow | RefusalRow],
) -> list[Json]:
    """Return rows of one kind as JSON.

    Raises:
        ArgumentError: they are something else.
    """
    return [dump_row(read_instance(argument, each, kind)) for each in read_items(argument, rows)]


def load_row(data: object) -> dict[str, Any]:
    """Return the values of a row."""
    row = dict(load_object(data))
    for name in ("at", "next_due"):
        if name in row:
            row[name] = load_instant(row[name])
    return row


def load_instant(text: object) -> object:
    """Return the instant in a text; what is not one as it is, for whoever judges the row."""
    try:
        return datetime.fromisoformat(text)  # type: ignore[arg-type]  # refused if it is no text
    except (ValueError, TypeError):
        return text


def load_object(data: object) -> Mapping[str, Any]:
    """Return an object of JSON."""
    if not isinstance(data, dict):
        raise TypeError
    return data


def list_rows(document: Mapping[str, object], key: str) -> list[Mapping[str, Any]]:
    """Return the rows of one kind."""
    rows = document[key]
    if not isinstance(rows, list):
        raise TypeError
    return [load_object(each) for each in rows]
