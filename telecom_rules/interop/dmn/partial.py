"""Leaves out of a DMN document what has no counterpart here, so that the rest can be read.

A decision that is left out keeps its name and its type: whoever requires its result takes that as a
fact. Anything else is taken out whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.findings import Finding
from telecom_rules.interop.dmn.boxes import LOGIC
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.interop.markup import Markup


OF_THE_LOGIC = LOGIC | {"informationRequirement", "knowledgeRequirement"}
WHY = Wording("不能转换：{why}", "it cannot be converted: {why}")
LONGEST_WHY = 200
"""Characters of the first reason, which is told."""


def leave_out(root: Markup, problems: Sequence[Finding]) -> list[Finding]:
    """Leave out the elements of a document that have mistakes, and return a finding for each.

    Args:
        root: the document, which is changed.
        problems: the mistakes; those of the document as a whole are passed over.
    """
    reasons: dict[Markup, Finding] = {}
    for problem in problems:
        element = find_element(root, problem)
        if element is not None:
            reasons.setdefault(element, problem)
    for element, problem in [*reasons.items()]:
        name = element.attributes.get("name")
        for other in root.iter_named(element.name) if name else ():
            if other.attributes.get("name") == name:
                reasons.setdefault(other, problem)  # either might be meant
    for element in reasons:
        strip(root, element)
    return [tell(element, problem) for element, problem in reasons.items()]


def find_element(root: Markup, problem: Finding) -> Markup | None:
    """Return the element of a document that a mistake lies in, or `None` for the document."""
    place = (problem.span.line, problem.span.column)
    if place <= (root.span.line, root.span.column):
        return None
    before = [each for each in root.children if (each.span.line, each.span.column) <= place]
    return before[-1] if before else None


def strip(root: Markup, element: Markup) -> None:
    """Take out an element, of a decision its logic alone."""
    logic = [each for each in element.children if each.name in OF_THE_LOGIC]
    if element.name == "decision" and logic:
        element.children = [each for each in element.children if each not in logic]
    else:
        root.children = [each for each in root.children if each is not element]


def tell(element: Markup, problem: Finding) -> Finding:
    """Return the finding that an element is left out, with the first reason."""
    name = element.attributes.get("name", "")
    part = f"{element.name} {shorten(name)}".strip()
    reason = problem.values.get("why")
    given = reason if isinstance(reason, Wording) else problem.wording
    why = Wording(*(shorten(text, LONGEST_WHY) for text in given))
    return Finding("TR807", element.span, {"part": part, "why": WHY.fill(why=why)})
