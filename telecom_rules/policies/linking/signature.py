"""The signature of a policy: the types of its outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.frozen import FrozenDict
from telecom_rules.policies import hit_policies
from telecom_rules.vocabulary import CodeType, Field, RecordType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.findings import Findings
    from telecom_rules.policies.definition import OutputDefinition, PolicyDefinition
    from telecom_rules.vocabulary import Vocabulary


VERDICT = Field(
    CodeType(
        "verdict",
        FrozenDict(
            {
                "pass": Wording("通过", "pass"),
                "warn": Wording("有警告", "warnings"),
                "fail": Wording("不通过", "fail"),
            }
        ),
    ),
    title=Wording("结论", "Verdict"),
)
"""The output of a checklist. While it is unknown, its readers lack the same facts."""


class PolicySignature(NamedTuple):
    """The types of the outputs of a policy.

    Attributes:
        outputs: the outputs of the policy, which expressions call `policies.<name>`.
        entry: the outputs of one rule; those of a table that collects are lists of these.
        field: the outputs as a field of the record `policies`; made once, for every policy that
            may read it.
    """

    outputs: RecordType
    entry: RecordType
    field: Field


def link_signature(
    definition: PolicyDefinition, vocabulary: Vocabulary, findings: Findings
) -> PolicySignature | None:
    """Return the signature of a policy, or `None` after reporting the mistakes in its outputs.

    It depends on no other policy, so policies and workflows can be linked in any order.
    """
    if not (definition.outputs or definition.checks):
        findings.missing(definition.span, "outputs")
        return None
    entry = link_outputs(definition, vocabulary, findings)
    if entry is None:
        return None
    outputs = (
        RecordType(entry.name, FrozenDict({"verdict": VERDICT}))
        if definition.checks
        else hit_policies.decision_type_of(entry, definition.hit_policy, definition.aggregation)
    )
    return PolicySignature(outputs, entry, Field(outputs))


def link_outputs(
    definition: PolicyDefinition, vocabulary: Vocabulary, findings: Findings
) -> RecordType | None:
    """Return the type of the outputs of one rule, or `None` after reporting the mistakes."""
    fields = {
        str(word): link_output(output, vocabulary, findings)
        for word, output in definition.outputs.items()
    }
    typed = {word: field for word, field in fields.items() if field is not None}
    if len(typed) < len(fields):
        return None
    return RecordType(str(definition.policy), FrozenDict(typed))


def link_output(
    output: OutputDefinition, vocabulary: Vocabulary, findings: Findings
) -> Field | None:
    """Return the field of one output; without a title of its own it has that of its catalogue."""
    field = vocabulary.read_field(output.type, findings, output.title)
    if field is None or field.title is not None or not isinstance(field.type, CodeType):
        return field
    title = vocabulary.catalogues[field.type.catalogue].title
    return vocabulary.read_field(output.type, findings, title)
