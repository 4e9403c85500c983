"""Reads scenario files, and links them against a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents import NodeBudget, read, read_as
from telecom_rules.findings.kinds import POLICY, WORKFLOW
from telecom_rules.scenarios.definition import (
    PolicyScenarioFileDefinition,
    WorkflowScenarioFileDefinition,
)
from telecom_rules.scenarios.linking.flows import WorkflowScenarioLinker
from telecom_rules.scenarios.linking.questions import PolicyScenarioLinker
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.findings import Findings
    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.definition import ScenarioFileDefinition
    from telecom_rules.scenarios.scenario import Scenario


FIRST_KEY = "scenarios"
"""The first key of a file of scenarios."""

GROUP = Wording("场景组", "group of scenarios")
ONE_OF_TWO = Wording(
    "场景文件应写明 `policy` 或 `workflow` 之一",
    "a file of scenarios must name either a `policy` or a `workflow`",
)


def draft_scenarios(
    files: Mapping[str, bytes], findings: Findings
) -> tuple[ScenarioFileDefinition, ...]:
    """Read the scenarios of each file, and collect the mistakes in `findings`."""
    budget = NodeBudget()
    roots = (read(data, name, findings, budget=budget) for name, data in files.items())
    drafts = (draft_group(root, findings) for root in roots if root)
    return tuple(each for each in drafts if each is not None)


def draft_group(root: Tree, findings: Findings) -> ScenarioFileDefinition | None:
    """Return the definition of one group, or `None` after reporting why it is unusable."""
    first = next(iter(root))
    if first != FIRST_KEY:
        findings.add("TR721", first.span, key=first[:40])
        return None
    kind = find_kind(root, findings)
    return None if kind is None else read_as(kind, root, findings)


def find_kind(root: Tree, findings: Findings) -> type[ScenarioFileDefinition] | None:
    """Return what a group is about, a policy or a workflow, or report that it does not say."""
    policy, workflow = root.find_key("policy"), root.find_key("workflow")
    if (policy is None) is (workflow is None):
        findings.misused((workflow or next(iter(root))).span, ONE_OF_TWO)
        return None
    return WorkflowScenarioFileDefinition if policy is None else PolicyScenarioFileDefinition


def link(
    drafts: tuple[ScenarioFileDefinition, ...], pack: Pack, findings: Findings
) -> tuple[Scenario, ...]:
    """Return the scenarios of `drafts`, in order, without those that have mistakes.

    Args:
        drafts: the files, as read by `draft_scenarios`.
        pack: the pack that they test.
        findings: collects the mistakes.
    """
    scenarios: list[Scenario] = []
    findings.drop_duplicates(drafts, lambda each: each.scenarios, GROUP)
    for definition in drafts:
        scenarios.extend(link_file(definition, pack, findings))
    return tuple(scenarios)


def link_file(
    definition: ScenarioFileDefinition, pack: Pack, findings: Findings
) -> tuple[Scenario, ...]:
    """Return the scenarios of one file."""
    if isinstance(definition, PolicyScenarioFileDefinition):
        if definition.policy not in pack.policies:
            findings.unknown(definition.policy, POLICY, pack.policies)
            return ()
        return PolicyScenarioLinker(definition, pack, findings).link_scenarios()
    if isinstance(definition, WorkflowScenarioFileDefinition):
        if definition.workflow not in pack.workflows:
            findings.unknown(definition.workflow, WORKFLOW, pack.workflows)
            return ()
        return WorkflowScenarioLinker(definition, pack, findings).link_scenarios()
    return ()
