"""The keys of mappings: which texts are valid, and which are ambiguous."""

from __future__ import annotations

import re
from functools import lru_cache

from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar
from telecom_rules.documents.scalars import NULL_TEXTS, reading_of
from telecom_rules.documents.yaml_slips import find_leading_space, find_missing_space
from telecom_rules.findings import Finding
from telecom_rules.wording import Wording, shorten

KEY_PATTERN = re.compile(r"[A-Za-z0-9_.()#*-]{1,128}")
"""ASCII only: letters of other alphabets that look alike would be different keys."""

ENGLISH_KEY = Wording(
    "名称用英文小写字母、数字和 `_`；中文名称写在 `title` 里",
    "a name has lower-case English letters, digits and `_`; other languages go into `title`",
)
ITEM_SIGN = re.compile("[•·●▪◦‣–—−－][ \t]*")
"""A dot or dash with which a word processor begins the item of a list."""
PLAIN_ITEM = Wording("列表项以 `- ` 开头", "an item of a list begins with `- `")
COLLECTION_SIGNS: dict[type[Node], str] = {Mapping: "{...}", Items: "[...]"}


@lru_cache(1_000)
def is_key(text: str) -> bool:
    """Return whether a text can be a key. Most keys of a pack are the same few words."""
    return KEY_PATTERN.fullmatch(text) is not None


def find_unusable_key(node: Node) -> Finding | None:
    """Return the finding for a node that cannot be a key, or `None`, as for a `Broken` node."""
    if isinstance(node, Broken):
        return None
    if not isinstance(node, Scalar):
        return Finding("TR013", node.span, {"key": COLLECTION_SIGNS[type(node)]})
    if node.text == "<<" and not node.quoted:
        return Finding("TR007", node.span)
    if is_key(node.text) and (node.quoted or node.text not in NULL_TEXTS):
        return None
    slip = None
    if not node.quoted:
        slip = find_leading_space(node.span, node.text) or find_missing_space(node.span, node.text)
    if ITEM_SIGN.match(node.text):
        notes: tuple[Wording, ...] = (PLAIN_ITEM,)
    else:
        notes = () if node.text.isascii() else (ENGLISH_KEY,)
    return slip or Finding("TR013", node.span, {"key": shorten(node.text) or '""'}, notes=notes)


def find_ambiguous_key(key: Scalar) -> Finding | None:
    """Return the finding for a key that some tools read as a number or a date.

    A key such as `on` may stay plain, since a name is expected in its place.
    """
    if key.quoted or key.text[0] not in "+-.0123456789":
        return None
    reading = reading_of(key.text)
    if reading is None:
        return None
    return Finding("TR014", key.span, {"text": key.text, "reading": reading})
