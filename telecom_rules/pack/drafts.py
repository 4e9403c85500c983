"""From the layers of a pack to its definitions, before any name is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import NodeBudget, read_as
from telecom_rules.pack.definition import FILE_KINDS, Drafts
from telecom_rules.pack.overlay.layers import Layer
from telecom_rules.pack.overlay.parts import guess_meant
from telecom_rules.pack.overlay.provenance import Overlay
from telecom_rules.pack.overlay.stack import Stack
from telecom_rules.vocabulary import ParameterDefinition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.documents import Definition
    from telecom_rules.findings import Findings
    from telecom_rules.pack.overlay.parts import Part


def draft_pack(files: Mapping[str, bytes], findings: Findings) -> Drafts:
    """Return the definitions of a pack without bases; see `draft_layers`."""
    return draft_layers([Layer("", None, files)], findings)[0]


def draft_layers(layers: Sequence[Layer], findings: Findings) -> tuple[Drafts, Overlay]:
    """Read the files of every layer, lay them on one another, and return what they define.

    What cannot be read leaves its findings and is left out; the rest is read anyway.

    Args:
        layers: a pack behind those that it extends.
        findings: collects the mistakes.
    """
    stack = Stack({each.label: each for each in layers}, findings)
    budget = NodeBudget()
    for each in layers:
        stack.lay(each, budget)
    stack.finish()
    definitions: list[Definition] = []
    lost = set(stack.lost)
    for part in stack.top:
        definition = read_part(part, findings)
        if definition is not None and part.whole:
            definitions.append(definition)
        else:
            lost |= guess_meant(part.name, part.node.span.file)
    overlay = Overlay(tuple(layers), tuple(stack.overrides), tuple(stack.removals), stack.places)
    return Drafts(tuple(definitions), frozenset(lost)), overlay


def read_part(part: Part, findings: Findings) -> Definition | None:
    """Return an element as its definition, or `None` after reporting its mistakes."""
    definition = read_as(FILE_KINDS[part.kind], part.node, findings)
    if part.under is None or not isinstance(definition, ParameterDefinition):
        return definition
    base = read_part(part.under, findings)
    return definition.lay_over(base) if isinstance(base, ParameterDefinition) else None
