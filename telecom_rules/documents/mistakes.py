"""Converts the errors of pydantic into findings at their places in the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar, Word
from telecom_rules.documents.scalars import A_LIST, A_MAPPING, describe_kind
from telecom_rules.documents.yaml_slips import build_wide_comma
from telecom_rules.findings import CODES, Finding
from telecom_rules.findings.collector import MOST_SUGGESTIONS
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails


WANTED_SHAPES = {
    "model_type": A_MAPPING,
    "dict_type": A_MAPPING,
    "list_type": A_LIST,
    "tuple_type": A_LIST,
    "set_type": A_LIST,
    "frozen_set_type": A_LIST,
}
"""The shape that pydantic expected, by the type of its error."""

BOUNDS = {
    "greater_than": (">", "gt"),
    "greater_than_equal": (">=", "ge"),
    "less_than": ("<", "lt"),
    "less_than_equal": ("<=", "le"),
}
"""The sign of a bound and its name in pydantic's error."""

UNUSABLE_VALUE = Wording("此处的值不可用", "the value cannot be used here")

Location = tuple[int | str, ...]


class MistakeReport:
    """The findings for one tree.

    Args:
        root: the tree.
        models: the model that each mapping was read as, by the mapping's `id`.
    """

    def __init__(self, root: Node, models: dict[int, type[BaseModel]]) -> None:
        self._root = root
        self._models = models
        self._near_misses: set[tuple[int, str]] = set()
        self._suggestions = 0

    def build_findings(self, errors: Sequence[ErrorDetails]) -> list[Finding]:
        """Return a finding for each error that does not follow from another, in order of place."""
        unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
        missing = [each["loc"] for each in errors if each["type"] == "missing"]
        other = [each for each in errors if each["type"] not in {"extra_forbidden", "missing"}]
        # Unknown keys first: a misspelt key is then not reported as missing too.
        made = [
            *map(self._build_unknown_key, unknown),
            *map(self._build_missing_key, missing),
            *map(self._build_bad_value, other),
        ]
        return sorted((each for each in made if each is not None), key=lambda each: each.span)

    def _build_unknown_key(self, path: Location) -> Finding:
        """Return the finding for an unknown key."""
        node, _ = locate(self._root, path[:-1])
        name = str(path[-1])
        key = node.find_key(name) if isinstance(node, Mapping) else None
        model = self._models.get(id(node))
        fields = model.model_fields if model is not None else {}
        known = [field.alias or attribute for attribute, field in fields.items()]
        absent = [
            each for each in known if isinstance(node, Mapping) and node.find_key(each) is None
        ]
        meant = self._nearest(name, absent)
        if meant is not None:
            self._near_misses.add((id(node), meant))
        values = {"key": shorten(name), "known": ", ".join(known)}
        return Finding("TR102", node.span if key is None else key.span, values, suggestion=meant)

    def _build_missing_key(self, path: Location) -> Finding | None:
        """Return the finding for a missing key, unless a misspelt key explains it."""
        node, _ = locate(self._root, path[:-1])
        damaged = isinstance(node, Broken) or (isinstance(node, Mapping) and node.damaged)
        if damaged or (id(node), path[-1]) in self._near_misses:
            return None
        glued = find_glued_key(node, str(path[-1])) if isinstance(node, Mapping) else None
        return glued or Finding("TR101", node.span, {"key": path[-1]})

    def _build_bad_value(self, error: ErrorDetails) -> Finding | None:
        """Return the finding for a value that does not fit."""
        kind, path, context = error["type"], error["loc"], error.get("ctx", {})
        node, key = locate(self._root, path)
        if isinstance(node, Broken):
            return None
        span = key.span if key is not None and path[-1] == "[key]" else node.span
        if kind in WANTED_SHAPES:
            return Finding(
                "TR103", span, {"wanted": WANTED_SHAPES[kind], "found": describe_kind(node)}
            )
        if kind in BOUNDS:
            sign, name = BOUNDS[kind]
            text = shorten(node.text) if isinstance(node, Scalar) else "-"
            return Finding("TR111", span, {"text": text, "bounds": f"{sign} {context[name]}"})
        if kind not in CODES:
            return Finding(
                "TR118" if kind == "too_short" else "TR120", span, {"what": UNUSABLE_VALUE}
            )
        known = context.pop("known", ())
        notes = context.pop("notes", ())
        meant = context.pop("meant", None) or self._nearest(context.get("text"), known)
        values = {
            name: shorten(each) if isinstance(each, str) else each for name, each in context.items()
        }
        named = key or (path[-1] if path and isinstance(path[-1], str) else "-")
        return Finding(kind, span, {"key": named, **values}, suggestion=meant, notes=notes)

    def _nearest(self, word: object, known: Iterable[str]) -> str | None:
        """Return the near miss of `word`, or `None` after `MOST_SUGGESTIONS` searches."""
        self._suggestions += 1
        if not isinstance(word, str) or self._suggestions > MOST_SUGGESTIONS:
            return None
        return find_nearest(word, known)


def find_glued_key(node: Mapping, key: str) -> Finding | None:
    """Return the finding for a key that full-width signs have made a part of the value before it.

    In `{zh: 上门，en：Visit}` the value of `zh` is all the rest.
    """
    for value in node.values():
        if isinstance(value, Scalar) and not value.quoted:
            found = re.search(rf"[，、；]\s*{re.escape(key)}\s*[：:]", value.text)
            if found is not None:
                span = value.span_between(found.start(), found.start() + 1)
                return build_wide_comma(span, found[0][0])
    return None


def locate(root: Node, path: Location) -> tuple[Node, Word | None]:
    """Return the node at a path and the last key on it.

    Steps of the model that the file does not contain are skipped.
    """
    node, key = root, None
    for step in path:
        word = node.find_key(step) if isinstance(node, Mapping) and isinstance(step, str) else None
        if isinstance(node, Mapping) and word is not None:
            node, key = node[word], word
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node):
            node = node[step]
    return node, key
