"""Statements that read values in their usual form: the fast path of reading a record.

They go into the function generated for a policy, accept values that are canonical already (or
money without its fen) and pass everything else to the readers of `vocabulary.values`. The result
is always that of the reader.
"""

from __future__ import annotations

import ast
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.documents.scalars import LARGEST_INTEGER, LEAST_INTEGER
from telecom_rules.vocabulary.types import BOOLEAN, DATE, INTEGER, MONEY, TEXT, CodeType
from telecom_rules.vocabulary.values import LONGEST_TEXT, reader_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.vocabulary.types import Field

Tree = TypeVar("Tree", bound=ast.AST)

# Templates whose names `emit_read` replaces; no text of a pack is in them. They are parsed here and
# not in `emit_read`: in Python 3.11 two threads that parse at once fail (SystemError).
# READ_MONEY: `isascii` comes first, because `isdigit` is true of digits of other scripts; then the
# form with two places, the most frequent. Lengths keep both within 18 digits before the point.
# The last condition needs no sign or exponent: `isdigit` refuses both.
READ_CODE = "if type(value) is not str or value not in codes: value = read(field, value)"
READ_BOOLEAN = "if value is not True and value is not False: value = read(field, value)"
READ_INTEGER = "if type(value) is not int or not least <= value <= most: value = read(field, value)"
READ_TEXT = (
    "if type(value) is not str or len(value) > longest or not value.isascii():"
    " value = read(field, value)"
)
READ_DATE = "if type(value) is not date: value = read(field, value)"
READ_MONEY = """
if type(value) is not str or not value.isascii():
    value = read(field, value)
elif value[-3:-2] == "." and 3 < len(value) < 22 and value.replace(".", "", 1).isdigit():
    value = Decimal(value)
elif value.isdigit() and len(value) < 19:
    value = Decimal(value + ".00")
else:
    value = read(field, value)
"""
CHECK_BOUNDS = "if not least <= value <= most: value = read(field, value)"
READ_ANY = "value = read(field, value)"
STATEMENTS = {
    text: ast.parse(text).body
    for text in (
        READ_CODE,
        READ_BOOLEAN,
        READ_INTEGER,
        READ_TEXT,
        READ_DATE,
        READ_MONEY,
        READ_MONEY + CHECK_BOUNDS,
        READ_ANY,
    )
}


def emit_read(name: str, field: Field, constants: dict[str, object]) -> list[ast.stmt]:
    """Return statements that bring the variable `name` into the canonical form of a field.

    They raise `Unfit` where its value does not fit. The constants they need and `RUNTIME` does not
    have go into `constants`, under names that end in `name`.
    """
    own: dict[str, object] = {"read": reader_of(field.type), "field": field}
    text = READ_ANY
    if isinstance(field.type, CodeType):
        text, own["codes"] = READ_CODE, frozenset(field.type.codes)
    elif field.type is BOOLEAN:
        text = READ_BOOLEAN
    elif field.type is INTEGER:
        text = READ_INTEGER
        own["least"] = (
            LEAST_INTEGER if field.least is None else max(LEAST_INTEGER, ceil(field.least))
        )
        own["most"] = (
            LARGEST_INTEGER if field.most is None else min(LARGEST_INTEGER, floor(field.most))
        )
    elif field.type is TEXT:
        text, own["longest"] = READ_TEXT, LONGEST_TEXT if field.longest is None else field.longest
    elif field.type is DATE:
        text = READ_DATE
    elif field.type is MONEY:
        text = READ_MONEY
        if (field.least or 0) > 0 or field.most is not None:
            text += CHECK_BOUNDS
            own["least"] = Decimal(0) if field.least is None else field.least
            own["most"] = Decimal("Infinity") if field.most is None else field.most
    constants.update({f"{word}_{name}": each for word, each in own.items()})
    renamed = {"value": name, **{word: f"{word}_{name}" for word in own}}
    return [copy_renamed(statement, renamed) for statement in STATEMENTS[text]]


def copy_renamed(node: Tree, names: Mapping[str, str]) -> Tree:
    """Return a copy of a tree with other names of its variables.

    `copy.deepcopy` takes five times as long, and each fact of a table comes here.
    """
    if isinstance(node, ast.Name):
        return type(node)(names.get(node.id, node.id), node.ctx)
    parts: dict[str, object] = {}
    for name in node._fields:
        part = getattr(node, name)
        if isinstance(part, list):
            part = [copy_renamed(each, names) for each in part]
        elif isinstance(part, ast.AST):
            part = copy_renamed(part, names)
        parts[name] = part
    return type(node)(**parts)
