"""Matters: what people bring to a complaint desk, and what of the pack answers it.

A matter is an index over the rules and holds none itself: it says under which kinds it is recorded,
which workflows settle it and which policies decide. What to ask for follows from what these read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents import Definition, Identifier, OneOrMany, Reference, Title
from telecom_rules.findings.kinds import CODE, MATTER, POLICY, SCENARIO, WORKFLOW
from telecom_rules.frozen import FrozenDict, Portable
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypeVar

    from telecom_rules.documents import Word
    from telecom_rules.findings import Findings
    from telecom_rules.policies import Policy
    from telecom_rules.vocabulary import Clause, Vocabulary
    from telecom_rules.workflows import Workflow

    T = TypeVar("T")


NOTHING_ANSWERS = Wording(
    "事项须写明办理它的 `workflows`，或作出结论的 `policies`",
    "a matter names the `workflows` that settle it, or the `policies` that decide",
)


class MatterDefinition(Definition):
    """A matter as written.

    Attributes:
        said: how people put it, each a sentence of theirs.
        kinds: the codes under which it is recorded, such as `complaint_kind.charges`.
        workflows: the workflows that settle it.
        policies: the policies that decide what is right.
        examples: the scenarios that show its answer, such as `late_installation/late`.
        cannot_know: what the rules cannot know and somebody has to find out.
    """

    matter: Identifier
    title: Title
    said: OneOrMany[Title]
    kinds: OneOrMany[Reference]
    workflows: OneOrMany[Reference] = ()
    policies: OneOrMany[Reference] = ()
    examples: OneOrMany[Reference]
    cannot_know: Title
    cites: OneOrMany[Reference] = ()


@dataclass(frozen=True, slots=True)
class MatterKind(Portable):
    """A code under which a matter is recorded.

    Attributes:
        catalogue: the name of its catalogue.
        code: the code.
        title: its name for people.
    """

    catalogue: str
    code: str
    title: Wording

    def __str__(self) -> str:
        return f"{self.catalogue}.{self.code}"


@dataclass(frozen=True, slots=True)
class AskedFact(Portable):
    """A fact to ask for, because what answers a matter reads it.

    Attributes:
        facts: the kind of facts that it belongs to.
        name: its name there.
        title: its name for people.
    """

    facts: str
    name: str
    title: Wording


@dataclass(frozen=True, slots=True)
class Matter(Portable):
    """What people bring to a complaint desk, and what of the pack answers it.

    Attributes:
        name: its name.
        title: its name for people.
        said: how people put it.
        kinds: the codes under which it is recorded.
        workflows: the names of the workflows that settle it.
        policies: the names of the policies that decide.
        examples: the scenarios that show its answer, such as `late_installation/late`.
        cannot_know: what the rules cannot know and somebody has to find out.
        asks: the facts that what answers it reads, in the order of their kinds.
        cites: the clauses it is about.
    """

    name: str
    title: Wording
    said: tuple[Wording, ...]
    kinds: tuple[MatterKind, ...]
    workflows: tuple[str, ...]
    policies: tuple[str, ...]
    examples: tuple[str, ...]
    cannot_know: Wording
    asks: tuple[AskedFact, ...]
    cites: tuple[Clause, ...] = ()


class Answers(NamedTuple):
    """What a matter may refer to.

    Attributes:
        words: the vocabulary of the pack.
        policies: its policies by name.
        workflows: its workflows by name.
        lost: the names of definitions that could not be read; their uses are not reported.
    """

    words: Vocabulary
    policies: Mapping[str, Policy]
    workflows: Mapping[str, Workflow]
    lost: frozenset[str]


def link_matters(
    definitions: Iterable[MatterDefinition], answers: Answers, findings: Findings
) -> Mapping[str, Matter]:
    """Return the matters by name; names that nothing has are reported."""
    kept = findings.drop_duplicates(definitions, lambda each: each.matter, MATTER)
    return FrozenDict({str(each.matter): link_matter(each, answers, findings) for each in kept})


def link_matter(definition: MatterDefinition, answers: Answers, findings: Findings) -> Matter:
    """Return one matter; what of it is not there is left out after it is reported."""
    if not (definition.workflows or definition.policies):
        findings.misused(definition.matter.span, NOTHING_ANSWERS)
    named = drop_repeated(definition.kinds, CODE, findings)
    kinds = (read_kind(each, answers, findings) for each in named)
    settled = find_all(definition.workflows, WORKFLOW, answers.workflows, answers.lost, findings)
    decided = find_all(definition.policies, POLICY, answers.policies, answers.lost, findings)
    return Matter(
        name=str(definition.matter),
        title=definition.title,
        said=definition.said,
        kinds=tuple(each for each in kinds if each is not None),
        workflows=tuple(each.name for each in settled),
        policies=tuple(each.name for each in decided),
        examples=tuple(map(str, drop_repeated(definition.examples, SCENARIO, findings))),
        cannot_know=definition.cannot_know,
        asks=list_asked(decided, settled, answers),
        cites=answers.words.cite(definition.cites, findings),
    )


def drop_repeated(names: Iterable[Word], kind: Wording, findings: Findings) -> list[Word]:
    """Return names without those that stand there twice, after reporting these."""
    return findings.drop_duplicates(names, lambda each: each, kind)


def find_all(
    names: Iterable[Word],
    kind: Wording,
    known: Mapping[str, T],
    lost: frozenset[str],
    findings: Findings,
) -> list[T]:
    """Return the things that some names name, after reporting the names that nothing has."""
    once = drop_repeated(names, kind, findings)
    found = (findings.find(each, kind, known) for each in once if each not in lost)
    return [each for each in found if each is not None]


def read_kind(word: Word, answers: Answers, findings: Findings) -> MatterKind | None:
    """Return the code that `catalogue.code` names, or `None` after reporting the mistake."""
    name = word.partition(".")[0]
    if name in answers.lost:
        return None
    catalogues = answers.words.catalogues
    near = [catalogues[name]] if name in catalogues else catalogues.values()
    kinds = (
        MatterKind(catalogue.name, code.code, code.title)
        for catalogue in near
        for code in catalogue.codes.values()
    )
    return findings.find(word, CODE, {str(each): each for each in kinds})


def list_asked(
    decided: Iterable[Policy], settled: Iterable[Workflow], answers: Answers
) -> tuple[AskedFact, ...]:
    """Return the facts that policies and workflows read, by kind in the order of its fields."""
    read: dict[str, set[str]] = {}
    for policy in decided:
        read.setdefault(policy.facts.name, set()).update(policy.reads)
    for workflow in settled:
        known = read.setdefault(workflow.facts.name, set())
        known.update(find_read(workflow, answers.policies))
    return tuple(
        AskedFact(kind, name, field.title or Wording.same(name))
        for kind, names in read.items()
        for name, field in answers.words.facts[kind].fields.items()
        if name in names
    )


def find_read(workflow: Workflow, policies: Mapping[str, Policy]) -> frozenset[str]:
    """Return the facts that a workflow needs: what guards read, and what a person brings by right.

    What the workflow works out itself is not among them.
    """
    transitions = [each for state in workflow.states.values() for each in state.transitions]
    paths = {path for each in transitions if each.guard for path in each.guard.reads}
    asked = {path.split(".")[1] for path in paths if path.startswith("policies.")}
    needed = {
        *(path.removeprefix("event.") for path in paths),
        *(name for each in transitions for name in each.requires),
        *(name for each in asked & policies.keys() for name in policies[each].reads),
        *(name for each in workflow.events.values() if each.right for name in each.payload.fields),
    }
    made = {
        each.fact
        for transition in transitions
        for each in transition.assign
        if each.value is not None
    }
    return frozenset(needed - made)
