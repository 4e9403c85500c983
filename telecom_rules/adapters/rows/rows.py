"""The rows that a case, its effects and its refusals become."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from telecom_rules.adapters.rows.errors import StrandedCase, UnreadableCase
from telecom_rules.digests import to_canonical_json
from telecom_rules.errors import SnapshotError, UnknownPack
from telecom_rules.pack import Packs
from telecom_rules.values.arguments import find_text, read_instance, read_items, read_text
from telecom_rules.wording import Wording, quote_found, shorten
from telecom_rules.workflows import Case, Entry, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class CaseRow(NamedTuple):
    """The row of a case.

    Attributes:
        id: its id.
        workflow: its workflow.
        digest: the digest of that workflow: which cases still run by older rules.
        state: its state, as `Case.state` names it.
        final: whether it is over.
        sequence: the number of its journal entries: the optimistic lock.
        at: when it last changed.
        next_due: when its clocks want to be heard, or `None`. To be indexed.
        head: the seal of its last journal row.
        caller: the id of the case that waits for it, or `None`.
        snapshot: the case as JSON, or `None` once it is archived or erased.
    """

    id: str
    workflow: str
    digest: str
    state: str
    final: bool
    sequence: int
    at: datetime
    next_due: datetime | None
    head: str
    caller: str | None
    snapshot: str | None


class JournalRow(NamedTuple):
    """The row of a journal entry. What is in it is never changed.

    Attributes:
        case: the id of the case.
        sequence: its number, from 0.
        at: when it happened.
        kind: its kind, such as `event`.
        event: the event taken, or `None`.
        entry: what the entry says without the values of a person, as JSON.
        commitment: the salted digest of these values.
        seal: the digest of the seal of the row before, of `entry` and of `commitment`.
    """

    case: str
    sequence: int
    at: datetime
    kind: str
    event: str | None
    entry: str
    commitment: str
    seal: str


class ValuesRow(NamedTuple):
    """The values of a person in one journal entry, apart from the chain so that they can be erased.

    Attributes:
        case: the id of the case.
        sequence: the number of the entry.
        salt: what keeps the commitment from being guessed; `ERASED` once it is gone.
        held: the values as JSON; `ERASED` once they are gone.
    """

    case: str
    sequence: int
    salt: str
    held: str


ERASED = ""
"""The tombstone in the place of a salt and of values."""


class EffectRow(NamedTuple):
    """An effect that is to be done, at least once.

    Attributes:
        key: always the same for the same effect, so that a consumer knows a repetition.
        case: the id of the case.
        sequence: the number of the entry that asks for it.
        number: its place in that entry, from 0.
        effect: its name.
        at: when it was asked for.
        payload: what comes with it, as JSON.
    """

    key: str
    case: str
    sequence: int
    number: int
    effect: str
    at: datetime
    payload: str


LONGEST_EVENT = 100
"""Characters of an event in the row of a refusal; its entry has it in full."""
REPLACED = "\N{REPLACEMENT CHARACTER}"


class RefusalRow(NamedTuple):
    """A refused event. Refusals stand beside the chain.

    Attributes:
        case: the id of the case.
        sequence: the number of the entry that would have been written.
        at: when it was sent.
        event: the event as it can be shown: what was sent may be any text.
        actor: who sent it, or `None`.
        entry: the whole entry as JSON.
    """

    case: str
    sequence: int
    at: datetime
    event: str
    actor: str | None
    entry: str


def find_odd_column(row: NamedTuple) -> str | None:
    """Return the first column of a row that is of another type than a store writes, or `None`.

    A database may hold anything: SQLite keeps a text in a column of instants.
    """
    types = read_types(type(row))
    odd = (name for name, kind in types.items() if not is_of_column(getattr(row, name), kind))
    return next(odd, None)


@cache
def read_types(row: type[NamedTuple]) -> Mapping[str, Any]:
    """Return the type of each column of a row."""
    return get_type_hints(row)


def is_of_column(value: object, kind: Any) -> bool:
    """Return whether a value is one of a column; an instant has an offset from UTC."""
    return isinstance(value, kind) and not (isinstance(value, datetime) and value.tzinfo is None)


def read_json(text: object) -> object:
    """Return the value of a stored text of JSON.

    Raises:
        ValueError: it is not a text, or not JSON, or nested too deeply to be ours.
    """
    stored = find_text(text)
    if stored is None:
        raise ValueError("not a text")
    try:
        value: object = json.loads(stored)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def describe_case(case: Case, head: str, caller: str | None = None) -> CaseRow:
    """Return the row of a case.

    Args:
        case: the case.
        head: the seal of its last journal row.
        caller: the id of the case that waits for it, or `None`.

    Raises:
        ArgumentError: an argument is of another kind.
    """
    case = read_instance("case", case, Case)
    return CaseRow(
        id=case.id,
        workflow=case.workflow.name,
        digest=case.workflow.digest,
        state=case.state,
        final=case.final,
        sequence=case.sequence,
        at=case.at,
        next_due=case.next_due,
        head=read_text("head", head),
        caller=None if caller is None else read_text("caller", caller),
        snapshot=to_canonical_json(case.dump()),
    )


OTHER_VALUE = Wording(
    "`{column}` 列为 {found}，而快照中为 {expected}",
    "its column `{column}` says {found}, its snapshot {expected}",
)
ODD_COLUMN = Wording(
    "`{column}` 列存有 {found}，本库不会写入这样的值",
    "its column `{column}` holds {found}, which no store writes",
)
NO_JSON = Wording("快照不是 JSON 对象", "its snapshot is not an object of JSON")


def restore_case(row: CaseRow, packs: Packs) -> Case:
    """Return the case of a row that is kept, if its columns say what its snapshot says.

    Args:
        row: the row; it has a snapshot.
        packs: the packs of whoever the case belongs to.

    Raises:
        StrandedCase: none of the packs goes on with it.
        UnreadableCase: the row was changed by somebody else.
        ArgumentError: an argument is of another kind.
    """
    snapshot = read_snapshot(row)
    packs = read_instance("packs", packs, Packs)
    try:
        case = packs.restore(snapshot)
    except UnknownPack as problem:
        raise StrandedCase(row.id, problem.wording, problem.digest) from problem
    except SnapshotError as problem:
        raise UnreadableCase(row.id, problem.wording) from problem
    said = {
        "id": (row.id, case.id),
        "workflow": (row.workflow, case.workflow.name),
        "state": (row.state, case.state),
        "sequence": (row.sequence, case.sequence),
        "final": (row.final, case.final),
    }
    for column, (found, expected) in said.items():
        if found != expected:
            shown = {"found": shorten(str(found)), "expected": shorten(str(expected))}
            raise UnreadableCase(row.id, OTHER_VALUE.fill(column=column, **shown))
    return case


def read_snapshot(row: CaseRow) -> dict[str, object]:
    """Return the snapshot in a row.

    Raises:
        UnreadableCase: a column, or the snapshot, is not what a store writes.
        ArgumentError: it is not a row.
    """
    require_columns(row)
    try:
        snapshot = read_json(row.snapshot)
    except ValueError:
        raise UnreadableCase(row.id, NO_JSON) from None
    if type(snapshot) is not dict:
        raise UnreadableCase(row.id, NO_JSON)
    return snapshot


def require_columns(row: CaseRow) -> None:
    """Raise `UnreadableCase` for a row with a column that no store has written.

    Raises:
        ArgumentError: it is not a row, or has no id.
    """
    id = read_text("row", read_instance("row", row, CaseRow).id)
    column = find_odd_column(row)
    if column is not None:
        found = quote_found(getattr(row, column))
        raise UnreadableCase(id, ODD_COLUMN.fill(column=column, found=found))


def read_entries(entries: object) -> list[Entry]:
    """Return journal entries.

    Raises:
        ArgumentError: they are something else.
    """
    return [read_instance("entries", each, Entry) for each in read_items("entries", entries)]


def describe_effects(entries: Iterable[Entry], tenant: str = "") -> list[EffectRow]:
    """Return the rows of the effects that new journal entries ask for.

    Args:
        entries: the entries.
        tenant: whose cases they are, where several tenants have cases of one id.

    Raises:
        ArgumentError: an argument is of another kind.
    """
    tenant = read_text("tenant", tenant)
    return [
        EffectRow(
            key=name_effect(entry.case, entry.sequence, number, tenant),
            case=entry.case,
            sequence=entry.sequence,
            number=number,
            effect=name,
            at=entry.at,
            payload=to_canonical_json(dict(payload)),
        )
        for entry in read_entries(entries)
        for number, (name, payload) in enumerate(entry.effects)
    ]


def name_effect(case: str, sequence: int, number: int, tenant: str) -> str:
    """Return the key of an effect: always the same for the same one."""
    key = f"{case}/{sequence}/{number}"
    return f"{tenant}:{key}" if tenant else key


def describe_refusal(refused: Refused) -> RefusalRow:
    """Return the row of a refusal.

    Raises:
        ArgumentError: it is not one.
    """
    refused = read_instance("refused", refused, Refused)
    entry = refused.entry
    shown = "".join(each if each.isprintable() else REPLACED for each in refused.event)
    return RefusalRow(
        case=entry.case,
        sequence=entry.sequence,
        at=entry.at,
        event=shorten(shown, LONGEST_EVENT),
        actor=entry.actor,
        entry=to_canonical_json(entry.dump()),
    )
