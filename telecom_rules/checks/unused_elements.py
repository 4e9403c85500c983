"""TR901: a parameter or a kind of facts that no rule of the pack uses.

Not checked are packs without policies and workflows, which only collect figures; catalogues, which
a host may show as they are; and single facts, of which a host may keep more than the rules read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.documents import Definition, Scalar, Word
from telecom_rules.findings import Finding
from telecom_rules.findings.kinds import FACTS, PARAMETER
from telecom_rules.policies import PolicyDefinition
from telecom_rules.vocabulary import FactsDefinition, ParameterDefinition
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Drafts, Reading
    from telecom_rules.wording import Wording


CODES = ("TR901",)
PARAMETER_PATTERN = re.compile(r"\bparameters\s*\.\s*(\w+)")


def check(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each definition of the pack that no other one uses."""
    if reading.pack is None or not (reading.pack.policies or reading.pack.workflows):
        return
    for kind, names, used in iter_declared(reading.drafts):
        known = frozenset(used)
        for name in names:
            if name not in known:
                yield Finding("TR901", name.span, {"kind": kind, "name": name})


def iter_declared(drafts: Drafts) -> Iterator[tuple[Wording, tuple[Word, ...], Iterator[str]]]:
    """Yield for each kind of definition the declared and the used names."""
    parameters = tuple(each.parameter for each in drafts.of(ParameterDefinition))
    facts = tuple(each.facts for each in drafts.of(FactsDefinition))
    yield PARAMETER, parameters, iter_used_parameters(drafts)
    yield FACTS, facts, iter_used_facts(drafts)


def iter_used_parameters(drafts: Drafts) -> Iterator[str]:
    """Yield the parameters that policies and workflows name anywhere."""
    for definition in (*drafts.of(PolicyDefinition), *drafts.of(WorkflowDefinition)):
        for text in iter_texts(definition):
            yield from PARAMETER_PATTERN.findall(text)


def iter_used_facts(drafts: Drafts) -> Iterator[str]:
    """Yield the kinds of facts that policies and workflows are about."""
    yield from (policy.facts for policy in drafts.of(PolicyDefinition))
    yield from (workflow.facts for workflow in drafts.of(WorkflowDefinition))


def iter_texts(value: object) -> Iterator[str]:
    """Yield every text in a definition."""
    match value:
        case Definition():
            for name in type(value).model_fields:
                yield from iter_texts(getattr(value, name))
        case dict():
            for each in value.values():
                yield from iter_texts(each)
        case tuple():
            for each in value:
                yield from iter_texts(each)
        case Scalar(text=text):
            yield text
        case Word():
            yield value
