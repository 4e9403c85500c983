"""Reads the bytes of a file into nodes with their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from telecom_rules.documents.characters import decode, span_at_offset
from telecom_rules.documents.parsers import (
    DISPUTED,
    FASTEST_PARSER,
    MOST_CHARACTERS,
    parse_pure,
)
from telecom_rules.documents.positions import Positions
from telecom_rules.documents.tree import Limits, Tree
from telecom_rules.documents.yaml_slips import diagnose
from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.findings.terminal import escape_invisible

if TYPE_CHECKING:
    from telecom_rules.documents.nodes import Mapping
    from telecom_rules.documents.parsers import EventParser


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class NodeBudget:
    """The nodes that several files may still have together.

    Attributes:
        nodes: values, keys, lists and mappings.
    """

    nodes: int = 1_000_000


def read(
    data: bytes,
    file: str,
    findings: Findings,
    limits: Limits = DEFAULT_LIMITS,
    *,
    budget: NodeBudget | None = None,
    parser: EventParser = FASTEST_PARSER,
) -> Mapping | None:
    """Return the root mapping of a file.

    Args:
        data: the file's bytes: UTF-8, with or without a byte order mark.
        file: the file's name, for the places of findings.
        findings: every mistake is appended here, as a finding TR002 to TR019.
        limits: the limits of its size.
        budget: what is left for this file and those behind it; its nodes are taken off.
        parser: the source of events. The tree does not depend on it, nor do the findings, except
            that of a mistake of syntax in a text of more than `MOST_CHARACTERS`.

    Returns:
        The mapping, with `Broken` where a value could not be read; `None` if the file
        cannot be used at all.
    """
    if budget is not None and budget.nodes <= 0:
        findings.add("TR030", Span(file))
        return None
    if len(data) > limits.size:
        findings.add("TR002", Span(file), size=len(data), limit=limits.size)
        return None
    text = decode(data, file, findings)
    if text is None:
        return None
    places = Positions(file, text.split("\n"))
    tree = Tree(places, limits)
    try:
        tree.grow(parser(text))
    except yaml.YAMLError as error:
        slow = reread(text, error, places, limits)
        if slow is None:
            tree.end_with(diagnose(error, places, tree.last, tree.bracket))
        else:
            tree = slow
    if budget is not None:
        budget.nodes -= tree.nodes
    disputed = find_disputed(text, file) if not tree.findings else None
    if disputed is not None:
        findings.append(disputed)
        return None
    findings.extend(tree.findings)
    return tree.mapping


def reread(text: str, error: yaml.YAMLError, places: Positions, limits: Limits) -> Tree | None:
    """Return the tree that the pure parser builds of a text in which a parser found a mistake.

    The parsers differ in a few mistakes and in all messages, and those of the pure one tell more.
    Of a long text it is given only what ends with the mistake. Where that is too long as well, or
    nothing is wrong with it, the result is `None`.
    """
    mark = getattr(error, "problem_mark", None)
    part = text if len(text) <= MOST_CHARACTERS or mark is None else text[: mark.index + 1]
    if len(part) > MOST_CHARACTERS:
        return None
    tree = Tree(places, limits)
    try:
        tree.grow(parse_pure(part))
    except yaml.MarkedYAMLError as problem:
        tree.end_with(diagnose(problem, places, tree.last, tree.bracket))
    return tree if tree.findings or part is text else None


def find_disputed(text: str, file: str) -> Finding | None:
    """Return the finding for the first place in a long text that the parsers may read differently.

    A short one is read by the pure parser.
    """
    found = DISPUTED.search(text) if len(text) > MOST_CHARACTERS else None
    if found is None:
        return None
    at = found.end() - 1
    values = {"text": escape_invisible(text[at]), "limit": MOST_CHARACTERS}
    return Finding("TR028", span_at_offset(text, at, file), values)
