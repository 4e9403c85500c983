"""The parts of one layer: its elements as nodes, and what it says about those of its bases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.documents import Broken, Items, Node, NodeBudget, Scalar, Word, read
from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents.scalars import A_MAPPING, describe_kind
from telecom_rules.pack.definition import FILE_KINDS, OVERRIDE, OVERRIDES, SHELVES
from telecom_rules.pack.files import SCENARIO_FOLDER
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.findings import Finding, Findings


FIRST_WORDS = re.compile(
    r"^[^\w#\n]*([a-z]\w*) ?[:：](?:[ ]*([a-z]\w*))?", re.MULTILINE | re.ASCII | re.IGNORECASE
)
"""The key that a line begins with, and the word behind it."""

ELEMENT_NAME = Wording(
    "要素名称，例如 `parameters.reply`", "the name of an element, such as `parameters.reply`"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One element before it is read as a definition.

    Attributes:
        kind: the key of the file of one, such as `parameter`.
        name: its name.
        node: what is said of it.
        label: the label of the layer that said so last.
        under: the parameter below a parameter whose values an overlay gives.
        whole: whether every key and value of it could be read; otherwise nothing hangs on it.
    """

    kind: str
    name: str
    node: Node
    label: str
    under: Part | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class OverridePart:
    """What a layer says about an element of its bases.

    Attributes:
        target: the element, such as `parameters.reply`, with the place where it is named.
        node: what is said, without the key that names the element.
    """

    target: Word
    node: Node


@dataclass(slots=True)
class Sheet:
    """What the files of one layer hold.

    Attributes:
        parts: the elements, in the order of the files.
        overrides: what it says about elements of its bases.
        lost: the names that files which cannot be read may define.
    """

    parts: list[Part] = field(default_factory=list)
    overrides: list[OverridePart] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)


def read_sheet(
    files: Mapping[str, bytes], label: str, budget: NodeBudget, findings: Findings
) -> Sheet:
    """Read each file as what its first key says: one element, or several.

    What cannot be read leaves its findings and is left out; the rest is read anyway.
    """
    sheet = Sheet()
    for name, data in files.items():
        before = len(findings)
        root = read(data, name, findings, budget=budget)
        flawless = len(findings) == before
        key = find_file_key(root, findings) if root is not None else None
        if not isinstance(root, Tree) or key is None:
            sheet.lost |= guess_names(name, data)
            if len(findings) > before and is_foreign(findings[-1]):
                del findings[before:-1]  # of a file that is no part of a pack, only that is told
            continue
        if not flawless:
            sheet.lost |= guess_lost(root, name, data)
        if key in {OVERRIDE, OVERRIDES}:
            sheet.overrides += iter_overrides(root, key, findings)
        else:
            sheet.parts += (
                Part(kind, own_name, node, label, whole=flawless or is_whole(node))
                for kind, own_name, node in iter_nodes(root, key, name, findings)
            )
    return sheet


def find_file_key(root: Node, findings: Findings) -> Word | None:
    """Return the first key of a file if it says what the file holds."""
    first = next(iter(root), None) if isinstance(root, Tree) else None
    if not isinstance(first, Word):
        return None
    known = {**FILE_KINDS, **SHELVES, OVERRIDE: None, OVERRIDES: None}
    if first in known:
        return first
    if first == SCENARIO_FOLDER:
        findings.add("TR720", first.span)
        return None
    findings.add(
        "TR020",
        first.span,
        key=first,
        kinds=", ".join(known),
        suggestion=findings.nearest(first, known),
    )
    return None


def is_foreign(finding: Finding) -> bool:
    """Return whether a finding says that a file begins with a key that is like none of a pack."""
    return finding.id == "TR020" and finding.suggestion is None


def iter_overrides(root: Tree, key: Word, findings: Findings) -> Iterator[OverridePart]:
    """Yield what a file says about elements of the bases."""
    shelf = root[key]
    if key == OVERRIDE:
        if not isinstance(shelf, Scalar):
            findings.add("TR103", key.span, wanted=ELEMENT_NAME, found=describe_kind(shelf))
            return
        body = Tree(shelf.span)
        body.damaged = root.damaged
        for each, node in root.items():
            if each is not key:
                body[each] = node
        yield OverridePart(shelf.word, body)
        return
    report_other_keys(root, key, findings)
    if not isinstance(shelf, Tree):
        findings.add("TR103", key.span, wanted=A_MAPPING, found=describe_kind(shelf))
        return
    if not shelf:
        findings.add("TR118", shelf.span)
    for target, node in shelf.items():
        yield OverridePart(target, node)


def report_other_keys(root: Tree, key: Word, findings: Findings) -> None:
    """Report the keys of a file that stand beside its only one."""
    for other in root:
        if other != key:
            findings.add("TR102", other.span, key=other, known=key)


def iter_nodes(
    root: Tree, key: Word, file: str, findings: Findings
) -> Iterator[tuple[str, str, Node]]:
    """Yield the kind, the name and the node of each element in a file."""
    shelf = root[key]
    if key not in SHELVES or not isinstance(shelf, Tree):
        yield str(key), own_name_of(shelf, file), root
        return
    report_other_keys(root, key, findings)
    if not shelf:
        findings.add("TR118", shelf.span)
    for name, node in shelf.items():
        yield SHELVES[key], str(name), name_node(SHELVES[key], name, node, findings)


def name_node(kind: str, name: Word, node: Node, findings: Findings) -> Node:
    """Return an element of a shelf as a file of its own would have it, with its name in it."""
    if not isinstance(node, Tree):
        return node
    named = Tree(name.span)
    named.damaged = node.damaged
    named[Word(kind, name.span)] = Scalar(str(name), name.span)
    for key, value in node.items():
        if key == kind:
            findings.add("TR102", key.span, key=key, known=", ".join(FILE_KINDS[kind].model_fields))
        else:
            named[key] = value
    return named


def is_whole(node: Node) -> bool:
    """Return whether every key and value of a node could be read."""
    if isinstance(node, Tree):
        return not node.damaged and all(is_whole(each) for each in node.values())
    if isinstance(node, Items):
        return all(is_whole(each) for each in node)
    return not isinstance(node, Broken)


def guess_names(file: str, data: bytes) -> set[str]:
    """Return the names that a file which cannot be read may define, so that uses are not reported.

    They are its keys, the value of the first one, and the name of the file.
    """
    keys = FIRST_WORDS.findall(data.decode("utf-8", "replace").lower())
    return {PurePosixPath(file).stem, *(key for key, _ in keys), *(value for _, value in keys[:1])}


def guess_meant(name: str, file: str) -> set[str]:
    """Return the names that uses of an element may have whose own name may be misspelt."""
    return {name, re.sub(r"[\W_]+", "_", name.strip().lower()), PurePosixPath(file).stem}


def guess_lost(root: Tree, file: str, data: bytes) -> set[str]:
    """Return the names that a file may define under keys that cannot be read."""
    return set() if is_whole(root) else guess_names(file, data)


def own_name_of(name: Node, file: str) -> str:
    """Return the name that an invalid definition gives itself, or the name of its file."""
    return name.text if isinstance(name, Scalar) else PurePosixPath(file).stem
