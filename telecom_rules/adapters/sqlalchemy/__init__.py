"""A store of cases on SQLAlchemy 2, sync and async; the extra `sql` has it.

>>> store = CaseStore(Base.metadata, load(), clock=lambda: datetime.now(timezone.utc))
>>> with Sessions.begin() as session:
...     store.open(session, "complaint_handling", facts, id="C-1", actor="u42")

`CaseStore` works in the session and the transaction of the host; `retrying` does a transaction
again after a lost race; `prepare` readies an engine on SQLite. What is stored, and how the journal
is chained, is told by `telecom_rules.adapters.rows`.
"""

from telecom_rules.errors import MissingExtra

try:
    import sqlalchemy  # noqa: F401 - asked for once, here, for all modules of the room
except ImportError:
    raise MissingExtra("sql") from None

from telecom_rules.adapters.rows import (
    CaseExists,
    CaseOpen,
    Conflict,
    EffectsWaiting,
    Fault,
    FaultKind,
    KeyOutlived,
    KeyReused,
    NotKept,
    SchemaMismatch,
    StoreError,
    StrandedCase,
    UnexpectedState,
    UnknownCase,
    UnreadableCase,
    erase_archive,
    verify_archive,
)
from telecom_rules.adapters.sqlalchemy.effects import WaitingEffect
from telecom_rules.adapters.sqlalchemy.engines import prepare
from telecom_rules.adapters.sqlalchemy.moving import LeftBehind, Moves
from telecom_rules.adapters.sqlalchemy.observing import Observation
from telecom_rules.adapters.sqlalchemy.retrying import AsyncAttempt, Attempt, aretrying, retrying
from telecom_rules.adapters.sqlalchemy.store import CaseStore
from telecom_rules.adapters.sqlalchemy.tables import Tables
from telecom_rules.adapters.sqlalchemy.worker import Swept, Worker

__all__ = [
    "AsyncAttempt",
    "Attempt",
    "CaseExists",
    "CaseOpen",
    "CaseStore",
    "Conflict",
    "EffectsWaiting",
    "Fault",
    "FaultKind",
    "KeyOutlived",
    "KeyReused",
    "LeftBehind",
    "Moves",
    "NotKept",
    "Observation",
    "SchemaMismatch",
    "StoreError",
    "StrandedCase",
    "Swept",
    "Tables",
    "UnexpectedState",
    "UnknownCase",
    "UnreadableCase",
    "WaitingEffect",
    "Worker",
    "aretrying",
    "erase_archive",
    "prepare",
    "retrying",
    "verify_archive",
]
