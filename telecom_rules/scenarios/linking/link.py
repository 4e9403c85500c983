"""From the bytes of scenario files to scenarios: read, then every name resolved against a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents import read, read_as
from telecom_rules.findings import Finding, Related
from telecom_rules.scenarios.definition import (
    PolicyScenarioFileDefinition,
    WorkflowScenarioFileDefinition,
)
from telecom_rules.scenarios.linking.flows import WorkflowScenarioLinker
from telecom_rules.scenarios.linking.questions import PolicyScenarioLinker
from telecom_rules.scenarios.linking.values import report_unknown
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telecom_rules.documents import Word
    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.definition import ScenarioFileDefinition
    from telecom_rules.scenarios.scenario import Scenario


FIRST_KEY = "scenarios"
"""The first key of a file of scenarios."""

GROUP = Wording("场景组", "group of scenarios")
POLICY = Wording("策略", "policy")
WORKFLOW = Wording("流程", "workflow")
ONE_OF_TWO = Wording(
    "场景文件应写明 `policy` 或 `workflow` 之一",
    "a file of scenarios names one `policy` or one `workflow`",
)


def draft_scenarios(
    files: Mapping[str, bytes], found: list[Finding]
) -> tuple[ScenarioFileDefinition, ...]:
    """Read each file as the scenarios it holds; what is wrong with it is appended to `found`."""
    read_files = (read_scenario_file(name, data, found) for name, data in files.items())
    return tuple(each for each in read_files if each is not None)


def read_scenario_file(
    name: str, data: bytes, found: list[Finding]
) -> ScenarioFileDefinition | None:
    """Return the scenarios of one file, or `None` where it cannot be used."""
    root = read(data, name, found)
    if not isinstance(root, Tree) or not root:
        return None
    first = next(iter(root))
    if first != FIRST_KEY:
        found.append(Finding("TR721", first.span, {"key": first[:40]}))
        return None
    policy, workflow = root.find_key("policy"), root.find_key("workflow")
    if (policy is None) is (workflow is None):
        found.append(Finding("TR120", (workflow or first).span, {"what": ONE_OF_TWO}))
        return None
    kind = WorkflowScenarioFileDefinition if policy is None else PolicyScenarioFileDefinition
    return read_as(kind, root, found)


def link(
    drafts: tuple[ScenarioFileDefinition, ...], pack: Pack, found: list[Finding]
) -> tuple[Scenario, ...]:
    """Return the scenarios that `drafts` say, in order; one with a mistake is left out.

    Args:
        drafts: the files, as `draft_scenarios` has read them.
        pack: the pack whose policies and workflows they name.
        found: every mistake is appended here.
    """
    scenarios: list[Scenario] = []
    names: dict[str, Word] = {}
    for definition in drafts:
        name = definition.scenarios
        if name in names:
            related = Related(names[name].span, Wording("首次定义于此", "first defined here"))
            values = {"kind": GROUP, "name": name}
            found.append(Finding("TR112", name.span, values, related=(related,)))
        names.setdefault(name, name)
        scenarios.extend(link_file(definition, pack, found))
    return tuple(scenarios)


def link_file(
    definition: ScenarioFileDefinition, pack: Pack, found: list[Finding]
) -> tuple[Scenario, ...]:
    """Return the scenarios of one file."""
    if isinstance(definition, PolicyScenarioFileDefinition):
        if definition.policy not in pack.policies:
            report_unknown(definition.policy, POLICY, pack.policies, found)
            return ()
        return PolicyScenarioLinker(definition, pack, found).link_scenarios()
    if isinstance(definition, WorkflowScenarioFileDefinition):
        if definition.workflow not in pack.workflows:
            report_unknown(definition.workflow, WORKFLOW, pack.workflows, found)
            return ()
        return WorkflowScenarioLinker(definition, pack, found).link_scenarios()
    return ()
