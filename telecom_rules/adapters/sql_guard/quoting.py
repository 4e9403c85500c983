"""Names and values as SQL text, whatever characters they have."""

from __future__ import annotations

from hashlib import sha256

from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, quote_found

NOT_A_NAME = Wording(
    "应为表、列或模式的名称：非空文本，不含 NUL 字符和单个代理项，而不是 {found}",
    "expected the name of a table, a column or a schema: a text that is not empty and has neither"
    " the character NUL nor half a pair of surrogates, found {found}",
)
PREFIX = "telecom_rules_"
SHOWN = 16
"""Digits of the digest in a name."""


def read_name(argument: str, value: object) -> str:
    """Return the name of a table, a column or a schema.

    Raises:
        ArgumentError: it cannot be one.
    """
    name = read_text(argument, value)
    if not name or not is_storable(name):
        raise ArgumentError(argument, NOT_A_NAME.fill(found=quote_found(value)))
    return name


def is_storable(text: str) -> bool:
    """Return whether a database takes a text: one without NUL and without lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def quote_name(name: str) -> str:
    """Return a name as an identifier of standard SQL."""
    return '"' + name.replace('"', '""') + '"'


def name_trigger(table: str, column: str, what: str) -> str:
    """Return a name that is the same for the same column, and short enough for PostgreSQL."""
    named = sha256(f"{table}\x00{column}".encode()).hexdigest()
    return f"{PREFIX}{what}_{named[:SHOWN]}"
