"""The digests of a pack: of what each element means with all that it reaches, and of its wording.

Nothing here is worked out before it is asked for, so that loading does not wait for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.digests import calculate_digest, describe_meaning, describe_wording
from telecom_rules.frozen import FrozenDict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.digests import Content
    from telecom_rules.pack.matters import Matter
    from telecom_rules.policies import Policy
    from telecom_rules.vocabulary import Source, Vocabulary
    from telecom_rules.workflows import Workflow


class ElementDigests(NamedTuple):
    """The digests of one element.

    Attributes:
        meaning: of what it means, with everything that it reads.
        wording: of what is only read: titles, notes, clauses and their texts, and what house rules
            may not loosen: rights, and which answers are stricter.
    """

    meaning: str
    wording: str


def digest_elements(
    words: Vocabulary,
    policies: Mapping[str, Policy],
    workflows: Mapping[str, Workflow],
    matters: Mapping[str, Matter],
) -> Mapping[str, ElementDigests]:
    """Return the digests of every element by its name in the pack, such as `parameters.reply`."""
    digests = dict(iter_vocabulary(words))
    for name, policy in policies.items():
        parts = (policy.title, policy.cites, policy.outputs, policy.rows, policy.checks)
        read = describe_wording(parts)
        orders = {output: str(order) for output, order in policy.orders.items()}
        wording = calculate_digest([read, orders] if orders else read)
        digests[f"policies.{name}"] = ElementDigests(policy.digest, wording)
    for name, workflow in workflows.items():
        beside = (workflow.properties, workflow.outputs, workflow.migrations)
        meaning = calculate_digest([workflow.digest, describe_meaning(beside)])
        read = (workflow.title, workflow.cites, *beside)
        wording = calculate_digest([workflow.wording_digest, describe_wording(read)])
        digests[f"workflows.{name}"] = ElementDigests(meaning, wording)
    for name, matter in matters.items():
        kinds = tuple(map(str, matter.kinds))
        meant = (kinds, matter.workflows, matter.policies, matter.examples)
        read = (matter.title, matter.said, matter.cannot_know, matter.cites)
        digests[f"matters.{name}"] = ElementDigests(
            calculate_digest(describe_meaning(meant)), calculate_digest(describe_wording(read))
        )
    return FrozenDict(dict(sorted(digests.items())))


def iter_vocabulary(words: Vocabulary) -> Iterator[tuple[str, ElementDigests]]:
    """Yield the digests of the sources, catalogues, facts, parameters and calendars."""
    groups: Mapping[str, Mapping[str, object]] = {
        "catalogues": words.catalogues,
        "facts": words.facts,
        "parameters": words.parameters,
        "calendars": words.calendars,
    }
    for kind, group in groups.items():
        for name, each in group.items():
            meaning = calculate_digest(describe_meaning(each))
            wording = calculate_digest(describe_wording(each))
            yield f"{kind}.{name}", ElementDigests(meaning, wording)
    for name, source in words.sources.items():
        dates = calculate_digest(describe_source(source))
        wording = calculate_digest(describe_source_wording(source))
        yield f"sources.{name}", ElementDigests(dates, wording)


def describe_source(source: Source) -> Content:
    """Return the numbers and days of a source, which checks read; no decision depends on them."""
    return {
        "version": source.version,
        "in_force": describe_meaning(source.in_force),
        "earlier": {name: describe_meaning(each.in_force) for name, each in source.earlier.items()},
        "repealed_by": source.repealed_by,
        "clauses": {
            number: [describe_meaning(each.in_force), dict(each.aliases)]
            for number, each in source.clauses.items()
        },
    }


def describe_source_wording(source: Source) -> Content:
    """Return what is only read of a source: its title and texts, and where they can be read."""
    clauses = source.clauses.values()
    parts = (source.title, source.issuer, source.note, source.confidence)
    texts = ((each.title, each.note, each.guidance, each.gap, each.confidence) for each in clauses)
    marks = [[each.id, each.kind, each.target] for each in clauses]
    return [source.kind, source.address, describe_wording((parts, *texts)), marks]
