"""The signature of a workflow: the types of a call, known before the workflow is linked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.findings.kinds import FACT
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import CodeType, Field, RecordType
from telecom_rules.wording import Wording
from telecom_rules.workflows.chart import STATE_FIELD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.findings import Findings
    from telecom_rules.vocabulary import FactType, Vocabulary
    from telecom_rules.workflows.definition import WorkflowDefinition


ENDED_IN = Wording("结束状态", "State it ended in")
STATE_IS_TAKEN = Wording(
    "`state` 已用于结束状态；请给该数据项换一个名称",
    "`state` is the final state of the case; give the fact another name",
)


@dataclass(frozen=True, slots=True)
class Signature:
    """The interface of a workflow to its callers.

    Attributes:
        name: its name.
        title: its name for people.
        facts: the record that its cases keep.
        ends: the final states in which a case of it may end, with their titles.
        outputs: the facts that it returns. All are optional, because a case may end without them.
    """

    name: str
    title: Wording
    facts: FactType
    ends: Mapping[str, Wording] = field(hash=False)
    outputs: Mapping[str, Field] = field(hash=False)

    def returns(self, event: str) -> RecordType:
        """Return the type of the payload of `event`, the return of a case."""
        state = Field(CodeType(f"{self.name}.states", self.ends), title=ENDED_IN)
        return RecordType(event, FrozenDict({STATE_FIELD: state, **self.outputs}))


def build_signature(
    definition: WorkflowDefinition, vocabulary: Vocabulary, findings: Findings
) -> Signature | None:
    """Return the signature of a workflow, or `None` if its facts are unknown.

    Args:
        definition: the content of the file.
        vocabulary: the names it may use.
        findings: collects mistakes in its outputs; linking reports all others.
    """
    facts = vocabulary.facts.get(definition.facts)
    if facts is None:
        return None
    outputs: dict[str, Field] = {}
    for word in definition.outputs:
        if word == STATE_FIELD:
            findings.misused(
                word.span,
                STATE_IS_TAKEN,
            )
            continue
        fact = None if word in facts.record_type.lost else findings.find(word, FACT, facts.fields)
        if fact is not None:
            outputs[str(word)] = Field(
                fact.type, optional=True, title=fact.title, least=fact.least, most=fact.most,
                longest=fact.longest,
            )  # fmt: skip
    ends = {
        str(name): each.title for name, each in definition.states.items() if each.type == "final"
    }
    return Signature(
        str(definition.workflow),
        definition.title,
        facts,
        FrozenDict(ends),
        FrozenDict(outputs),
    )
