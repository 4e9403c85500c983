"""The rows that a case, its effects and its refusals become."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.adapters.rows.errors import StrandedCase, UnreadableCase
from telecom_rules.digests import to_canonical_json
from telecom_rules.errors import SnapshotError, UnknownPack
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from telecom_rules.pack import Packs
    from telecom_rules.workflows import Case, Entry, Refused


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


def describe_case(case: Case, head: str, caller: str | None = None) -> CaseRow:
    """Return the row of a case.

    Args:
        case: the case.
        head: the seal of its last journal row.
        caller: the id of the case that waits for it, or `None`.
    """
    return CaseRow(
        id=case.id,
        workflow=case.workflow.name,
        digest=case.workflow.digest,
        state=case.state,
        final=case.final,
        sequence=case.sequence,
        at=case.at,
        next_due=case.next_due,
        head=head,
        caller=caller,
        snapshot=to_canonical_json(case.dump()),
    )


OTHER_VALUE = Wording(
    "`{column}` 列为 {found}，而快照中为 {expected}",
    "its column `{column}` says {found}, its snapshot {expected}",
)
NO_JSON = Wording("快照不是 JSON 对象", "its snapshot is not an object of JSON")


def restore_case(row: CaseRow, packs: Packs) -> Case:
    """Return the case of a row, if its columns say what its snapshot says.

    Args:
        row: the row; it has a snapshot.
        packs: the packs of whoever the case belongs to.

    Raises:
        StrandedCase: none of the packs goes on with it.
        UnreadableCase: the row was changed by somebody else.
    """
    try:
        snapshot = json.loads(row.snapshot or "")
    except ValueError:
        raise UnreadableCase(row.id, NO_JSON) from None
    if type(snapshot) is not dict:
        raise UnreadableCase(row.id, NO_JSON)
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


def describe_effects(entries: Iterable[Entry], tenant: str = "") -> list[EffectRow]:
    """Return the rows of the effects that new journal entries ask for.

    Args:
        entries: the entries.
        tenant: whose cases they are, where several tenants have cases of one id.
    """
    return [
        EffectRow(
            key=f"{tenant}:{key}" if tenant else key,
            case=entry.case,
            sequence=entry.sequence,
            number=number,
            effect=name,
            at=entry.at,
            payload=to_canonical_json(dict(payload)),
        )
        for entry in entries
        for number, (name, payload) in enumerate(entry.effects)
        for key in (f"{entry.case}/{entry.sequence}/{number}",)
    ]


def describe_refusal(refused: Refused) -> RefusalRow:
    """Return the row of a refusal."""
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
