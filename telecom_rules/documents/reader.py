"""Reads the bytes of a file into nodes with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from telecom_rules.documents.characters import decode
from telecom_rules.documents.parsers import FASTEST_PARSER, parse_pure
from telecom_rules.documents.positions import Positions
from telecom_rules.documents.tree import Limits, Tree
from telecom_rules.documents.yaml_slips import diagnose
from telecom_rules.findings import Findings, Span

if TYPE_CHECKING:
    from telecom_rules.documents.nodes import Mapping
    from telecom_rules.documents.parsers import EventParser


DEFAULT_LIMITS = Limits()


def read(
    data: bytes,
    file: str,
    findings: Findings,
    limits: Limits = DEFAULT_LIMITS,
    *,
    parser: EventParser = FASTEST_PARSER,
) -> Mapping | None:
    """Return the root mapping of a file.

    Args:
        data: the file's bytes: UTF-8, with or without a byte order mark.
        file: the file's name, for the places of findings.
        findings: every mistake is appended here, as a finding TR002 to TR019.
        limits: the limits of its size.
        parser: the source of events; the tree and the findings do not depend on it.

    Returns:
        The mapping, with `Broken` where a value could not be read; `None` if the file
        cannot be used at all.
    """
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
    except yaml.YAMLError:
        tree = reread(text, places, limits)
    findings.extend(tree.findings)
    return tree.mapping


def reread(text: str, places: Positions, limits: Limits) -> Tree:
    """Return the tree that the pure parser builds of a text in which a parser found a mistake.

    The parsers differ in a few mistakes and in all messages, so the diagnosis is always based on
    the pure one.
    """
    tree = Tree(places, limits)
    try:
        tree.grow(parse_pure(text))
    except yaml.MarkedYAMLError as error:
        tree.end_with(diagnose(error, places, tree.last, tree.bracket))
    return tree
