"""A store of cases on SQLAlchemy 2; the extra `sql` has it."""

from telecom_rules.errors import MissingExtra

try:
    import sqlalchemy  # noqa: F401 - asked for once, here, for all modules of the room
except ImportError as problem:
    raise MissingExtra("sql") from problem
