"""What every store of cases needs, without a database: rows, their chain, keys, errors.

A store writes these rows, all of one change in one transaction, and reads them back. It needs
nothing else of a case, so that a store on another library is a mapping of these rows to its tables:

=============  ==========================  ======================================================
row            its key                     how a store writes it
=============  ==========================  ======================================================
`CaseRow`      `id`                        inserted once; later `UPDATE ... WHERE id = :id AND
                                           sequence = :before`: no row changed is a `Conflict`
`JournalRow`   `case`, `sequence`          inserted, never changed: `chain_entries` makes them
`ValuesRow`    `case`, `sequence`          inserted with it; `ERASED` in its place when the data of
                                           a person are erased
`EffectRow`    `key`                       inserted with the entry that asks for the effect; done
                                           by a worker, at least once
`RefusalRow`   none                        inserted after the transaction that the refusal ended
=============  ==========================  ======================================================

A journal row holds what an entry says without the values of a person; of these it has a
commitment, a salted digest. The rows are chained by their seals, and the case holds the last seal
as its `head`. So values can be erased and the chain stays whole: `find_faults` names each row that
was changed, dropped, added or moved, and an end that was cut off. `read_entry` puts an entry
together again.

`build_archive` makes one document of a closed case, for cold storage. `digest_body` tells whether
two requests with one idempotency key are the same request. The errors are those of every store. A
row is a named tuple: `row._asdict()` is what an insert takes.
"""

from telecom_rules.adapters.rows.archive import build_archive, erase_archive, verify_archive
from telecom_rules.adapters.rows.chain import chain_entries, read_entry, read_refusal
from telecom_rules.adapters.rows.errors import (
    CaseExists,
    CaseOpen,
    Conflict,
    EffectsWaiting,
    KeyOutlived,
    KeyReused,
    NotKept,
    SchemaMismatch,
    StoreError,
    StrandedCase,
    UnexpectedState,
    UnknownCase,
    UnreadableCase,
)
from telecom_rules.adapters.rows.faults import Fault, FaultKind, find_faults
from telecom_rules.adapters.rows.requests import LONGEST_KEY, digest_body, read_key
from telecom_rules.adapters.rows.rows import (
    ERASED,
    CaseRow,
    EffectRow,
    JournalRow,
    RefusalRow,
    ValuesRow,
    describe_case,
    describe_effects,
    describe_refusal,
    restore_case,
)

__all__ = [
    "ERASED",
    "LONGEST_KEY",
    "CaseExists",
    "CaseOpen",
    "CaseRow",
    "Conflict",
    "EffectRow",
    "EffectsWaiting",
    "Fault",
    "FaultKind",
    "JournalRow",
    "KeyOutlived",
    "KeyReused",
    "NotKept",
    "RefusalRow",
    "SchemaMismatch",
    "StoreError",
    "StrandedCase",
    "UnexpectedState",
    "UnknownCase",
    "UnreadableCase",
    "ValuesRow",
    "build_archive",
    "chain_entries",
    "describe_case",
    "describe_effects",
    "describe_refusal",
    "digest_body",
    "erase_archive",
    "find_faults",
    "read_entry",
    "read_key",
    "read_refusal",
    "restore_case",
    "verify_archive",
]
