"""A policy with those that it asks as a Mermaid flowchart: the decision requirements of DMN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.diagrams.mermaid import escape_text
from telecom_rules.policies import Policy
from telecom_rules.policies.rule_set import reach_policies
from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import read_language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.policies.rule_set import RuleSet


def to_decision_graph(policy: Policy, language: str = "en") -> str:
    """Return the text of a Mermaid `flowchart` of a policy: what it asks, and the facts of each.

    Decisions are boxes and facts are rounded, as in the decision requirements diagram of DMN; an
    arrow leads from what is required to what requires it. A decision without a peer that names no
    fact stands alone.

    Args:
        policy: the policy.
        language: the language of the titles.

    Raises:
        ArgumentError: `policy` is not a `Policy`, or `language` not one.
    """
    policy = read_instance("policy", policy, Policy)
    chosen = read_language(language)
    reached = reach_policies(policy)
    facts = policy.facts.fields
    read = {name for each in reached.values() for name in each.reads}
    lines = ["flowchart BT"]
    for name, each in reached.items():
        lines.append(f'  policy_{name}["{escape_text(each.title.say(chosen))}"]')
    for name, field in facts.items():
        if name in read:
            title = name if field.title is None else field.title.say(chosen)
            lines.append(f'  fact_{name}(["{escape_text(title)}"])')
    lines += (line for each in reached.values() for line in iter_requirements(each))
    return "\n".join(lines) + "\n"


def iter_requirements(policy: RuleSet) -> Iterator[str]:
    """Yield an arrow for each policy that a policy asks, and for each fact that it reads."""
    for name in policy.peers:
        yield f"  policy_{name} --> policy_{policy.name}"
    for name in policy.facts.fields:
        if name in policy.reads:
            yield f"  fact_{name} --> policy_{policy.name}"
