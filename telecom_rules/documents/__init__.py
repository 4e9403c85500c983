"""Reads YAML files into definitions: from bytes to nodes with places to typed values.

`read` turns bytes into nodes, `read_as` turns nodes into a `Definition`; both append mistakes
to a list of findings and never stop at the first mistake. The types of a definition's fields come
from here as well, because a value is typed by what is expected and not by how it looks.
"""

from telecom_rules.documents.definitions import (
    Definition,
    Events,
    Keyed,
    Named,
    OneOrMany,
    RawOr,
    Title,
    Triggers,
    read_as,
)
from telecom_rules.documents.formatting.format import format_text
from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar, Word
from telecom_rules.documents.reader import NodeBudget, read
from telecom_rules.documents.scalars import (
    Choice,
    Day,
    Flag,
    Identifier,
    Integer,
    Number,
    Raw,
    Reference,
    Text,
    mistake,
)
from telecom_rules.documents.tree import Limits

__all__ = [
    "Broken",
    "Choice",
    "Day",
    "Definition",
    "Events",
    "Flag",
    "Identifier",
    "Integer",
    "Items",
    "Keyed",
    "Limits",
    "Mapping",
    "Named",
    "Node",
    "NodeBudget",
    "Number",
    "OneOrMany",
    "Raw",
    "RawOr",
    "Reference",
    "Scalar",
    "Text",
    "Title",
    "Triggers",
    "Word",
    "format_text",
    "mistake",
    "read",
    "read_as",
]
