"""Guard a status column by triggers of the database, for what no code of the host sees.

`guard_status` gives a `StatusGuard`; its `create` and `drop` give SQL for SQLite or PostgreSQL.
No extra is needed: the host runs the statements on its own connection.
"""

from telecom_rules.adapters.sql_guard.guard import Dialect, StatusGuard, guard_status
from telecom_rules.adapters.sql_guard.guarded_column import read_refusal
from telecom_rules.adapters.sql_guard.moves import Status, StatusMoves, find_moves

__all__ = [
    "Dialect",
    "Status",
    "StatusGuard",
    "StatusMoves",
    "find_moves",
    "guard_status",
    "read_refusal",
]
