"""The tables of the store, as plain metadata of the host."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import mysql

from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.types import TypeEngine

LONGEST_ID = 200
LONGEST_TENANT = 60
LONGEST_NAME = 200
LONGEST_DIGEST = 80
LONGEST_PREFIX = 40
"""Characters that leave room for the names of tables and indices in 63 bytes, as PostgreSQL has."""

NO_METADATA = Wording(
    "应为宿主的 `MetaData`（如 `Base.metadata`），而不是 {found}",
    "expected the `MetaData` of the host, such as `Base.metadata`, found {found}",
)
NOT_A_PREFIX = Wording(
    f"应为不超过 {LONGEST_PREFIX} 个可打印字符的文本，而不是 {{found}}",
    f"expected a text of up to {LONGEST_PREFIX} printable characters, found {{found}}",
)
NOT_A_SCHEMA = Wording("应为模式名，而不是 {found}", "expected the name of a schema, found {found}")
OTHER_TABLE = Wording(
    "宿主已有名为 `{name}` 的表，且不是本库的表；请换用其他前缀",
    "the host has a table `{name}` that is not of this library; choose another prefix",
)


class Instant(TypeDecorator[datetime]):
    """An instant with microseconds, read back with an offset from UTC on every database.

    SQLite keeps anything in the column. What is not an instant is read as it is, so that one bad
    row does not hide the others of a page: whoever reads a row judges it.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of a database: with a time zone where it has one."""
        if dialect.name in {"mysql", "mariadb"}:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an instant as the database keeps it: in UTC."""
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its interface
        """Return an instant as it was given."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        """Return what reads a value of the database."""
        read = super().result_processor(dialect, coltype)

        def read_or_pass(value: Any) -> Any:
            try:
                return value if read is None else read(value)
            except (ValueError, TypeError, AttributeError):
                return value

        return read_or_pass


class Tables:
    """The tables of the store. They keep JSON as text, whose digests do not depend on a database.

    Attributes:
        case: one row a case.
        journal: the entries, chained.
        values: their values, apart, so that they can be erased.
        outbox: the effects to be done.
        request: the requests done, by idempotency key.
        refusal: the refused events.
        schema: the version of these tables.
    """

    def __init__(
        self, metadata: MetaData, prefix: str = "rules_", schema: str | None = None
    ) -> None:
        """Put the tables into `metadata`, or take those that another store has put there.

        Raises:
            ArgumentError: an argument is of another kind, or the host has a table of its own by one
                of these names.
        """
        if not isinstance(metadata, MetaData):
            raise ArgumentError("metadata", NO_METADATA.fill(found=quote_found(metadata)))
        prefix = read_text("prefix", prefix)
        if not prefix.isprintable() or len(prefix) > LONGEST_PREFIX:
            raise ArgumentError("prefix", NOT_A_PREFIX.fill(found=quote_found(prefix)))
        if schema is not None:
            schema = read_text("schema", schema)
            if not schema or not schema.isprintable():
                raise ArgumentError("schema", NOT_A_SCHEMA.fill(found=quote_found(schema)))
        self._metadata = metadata
        self._prefix = prefix
        self._schema = schema
        self.case: Table = self._table(
            "case",
            [
                *keys(case="id"),
                Column("workflow", String(LONGEST_NAME), nullable=False),
                Column("digest", String(LONGEST_DIGEST), nullable=False),
                Column("state", Text, nullable=False),
                Column("final", Boolean, nullable=False),
                Column("sequence", Integer, nullable=False),
                Column("at", Instant, nullable=False),
                Column("next_due", Instant),
                Column("head", String(LONGEST_DIGEST), nullable=False),
                Column("caller", String(LONGEST_ID)),
                Column("snapshot", Text),
                Column("problem", Text, comment="why the worker has set the case aside"),
                Column("archived_at", Instant),
                Column("erased_at", Instant),
            ],
            due=("tenant", "next_due"),
            rules=("tenant", "workflow", "digest"),
        )
        self.journal: Table = self._table(
            "journal",
            [
                *keys(),
                Column("sequence", Integer, primary_key=True, autoincrement=False),
                Column("at", Instant, nullable=False),
                Column("kind", String(LONGEST_NAME), nullable=False),
                Column("event", String(LONGEST_NAME)),
                Column("entry", Text, nullable=False),
                Column("commitment", String(LONGEST_DIGEST), nullable=False),
                Column("seal", String(LONGEST_DIGEST), nullable=False),
            ],
        )
        self.values: Table = self._table(
            "values",
            [
                *keys(),
                Column("sequence", Integer, primary_key=True, autoincrement=False),
                Column("salt", String(LONGEST_DIGEST), nullable=False),
                Column("held", Text, nullable=False),
                Column("erased_at", Instant),
                Column("erased_by", String(LONGEST_NAME)),
            ],
        )
        self.outbox: Table = self._table(
            "outbox",
            [
                *keys(),
                Column("sequence", Integer, primary_key=True, autoincrement=False),
                Column("number", Integer, primary_key=True, autoincrement=False),
                Column("effect_key", String(LONGEST_NAME + LONGEST_ID), key="key", nullable=False),
                Column("effect", String(LONGEST_NAME), nullable=False),
                Column("at", Instant, nullable=False),
                Column("payload", Text, nullable=False),
                Column("not_before", Instant, comment="when it may be tried; null: no more"),
                Column("attempts", Integer, nullable=False),
                Column("done_at", Instant),
                Column("problem", Text),
            ],
            waiting=("tenant", "not_before"),
        )
        self.request: Table = self._table(
            "request",
            [
                *keys(),
                Column("request_key", String(LONGEST_NAME), key="key", primary_key=True),
                Column("body", String(LONGEST_DIGEST), nullable=False),
                Column("first", Integer, nullable=False),
                Column("last", Integer, nullable=False),
                Column("at", Instant, nullable=False),
            ],
        )
        self.refusal: Table = self._table(
            "refusal",
            [
                Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
                *keys(primary=False),
                Column("sequence", Integer, nullable=False),
                Column("at", Instant, nullable=False),
                Column("event", String(LONGEST_NAME), nullable=False),
                Column("actor", String(LONGEST_NAME)),
                Column("entry", Text, nullable=False),
            ],
            case=("tenant", "case"),
        )
        self.schema: Table = self._table(
            "schema", [Column("version", Integer, primary_key=True, autoincrement=False)]
        )

    @property
    def all(self) -> Sequence[Table]:
        """All of them."""
        return (self.case, self.journal, self.values, self.outbox, self.request, self.refusal,
                self.schema)  # fmt: skip

    def _table(self, name: str, columns: list[Column[Any]], **indices: tuple[str, ...]) -> Table:
        """Return a table of the metadata, which another store may have put there before."""
        name = f"{self._prefix}{name}"
        full = name if self._schema is None else f"{self._schema}.{name}"
        known = self._metadata.tables.get(full)
        if known is not None:
            if {each.key for each in columns} - set(known.c.keys()):
                raise ArgumentError("prefix", OTHER_TABLE.fill(name=name))
            return known
        table = Table(name, self._metadata, *columns, schema=self._schema)
        for index, keyed in indices.items():
            Index(f"{name}_{index}", *[table.c[each] for each in keyed])
        return table


def keys(case: str = "case", *, primary: bool = True) -> list[Column[Any]]:
    """Return the columns that name a case: `case` is a word of SQL, so its column is `case_id`."""
    column = "case_id" if case == "case" else case
    return [
        Column("tenant", String(LONGEST_TENANT), primary_key=primary, nullable=False),
        Column(column, String(LONGEST_ID), key=case, primary_key=primary, nullable=False),
    ]
