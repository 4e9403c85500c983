"""From the bytes of a pack's files to the pack: draft, then link, then freeze.

Every reference between files is resolved here, and every mistake is a finding: a file that
cannot be read does not hide the mistakes of the others, and what hangs on a mistake that is
already reported is passed over in silence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cached_property, partial
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType
from typing import TYPE_CHECKING

from telecom_rules import policies, vocabulary, workflows
from telecom_rules.errors import PackError
from telecom_rules.expressions.consistency import link_consistency
from telecom_rules.findings import Finding, Findings, Severity, cap_findings
from telecom_rules.findings.kinds import CALENDAR, MATTER, POLICY, WORKFLOW
from telecom_rules.pack.definition import Drafts, PackDefinition, read_zone
from telecom_rules.pack.drafts import draft_layers
from telecom_rules.pack.matters import Answers, MatterDefinition, link_matters
from telecom_rules.pack.overlay.layers import find_layers, read_texts
from telecom_rules.pack.overlay.versions import is_version
from telecom_rules.pack.overview import Overview
from telecom_rules.pack.pack import Pack
from telecom_rules.policies import PolicyDefinition
from telecom_rules.values.named import NamedMapping
from telecom_rules.vocabulary import (
    CalendarDefinition,
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    SourceDefinition,
)
from telecom_rules.vocabulary.sources.citations import join_citations
from telecom_rules.wording import Wording
from telecom_rules.workflows import AskedPolicies, Callees, WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, timezone
    from pathlib import Path

    from telecom_rules.findings import Span
    from telecom_rules.pack.overlay.layers import Layer
    from telecom_rules.pack.overlay.provenance import Overlay
    from telecom_rules.policies import Policy, PolicySignature
    from telecom_rules.vocabulary import Calendar, Field, Vocabulary
    from telecom_rules.workflows import Signature, Workflow, WorkflowDigests
    from telecom_rules.workflows.engine.machine import Machine


MOST_ASKED = 10_000
"""Decisions of other policies that one decision may need, each by way of those in between."""


UNREAD = frozenset(
    {"TR001", "TR017", "TR022", "TR023", "TR024", "TR025", "TR026", "TR027", "TR030"}
)
"""Codes of files that are not read at all or lost all they held: nobody knows what they define."""
UNKNOWN = frozenset({"TR113", "TR203", "TR501"})
"""Codes of names that nothing defines."""
NOT_A_VERSION = Wording(
    "`version` 应写作 1.0.0 的形式：由点分隔的数字",
    "`version` is written like 1.0.0: numbers with points between them",
)


@dataclass(frozen=True)
class Reading:
    """What became of a pack's files.

    Attributes:
        pack: the pack, or `None` when a mistake stops it from loading.
        findings: every mistake and warning, in the order of the places.
        drafts: the definitions that could be read, whether or not they link.
        texts: the text of each file by its name, for showing where a finding is.
        overlay: the packs that it lies on, and what it says about them.
    """

    pack: Pack | None
    findings: tuple[Finding, ...]
    drafts: Drafts
    texts: Mapping[str, str]
    overlay: Overlay

    @cached_property
    def base(self) -> Reading | None:
        """What becomes of the packs below this one on their own; `None` if there are none."""
        below = self.overlay.layers[:-1]
        return link_layers(below) if below else None

    @cached_property
    def bases(self) -> tuple[Reading, ...]:
        """What becomes of each pack below this one with what lies below that, the nearest first.

        Two bases that contradict each other are no pack together, and each is one by itself.
        """
        layers = self.overlay.layers
        found: list[Reading] = []
        for each in reversed(layers[:-1]):
            needed = [one for one in layers if one.label in {*each.below, each.label}]
            base = self.base if len(needed) == len(layers) - 1 else link_layers(needed)
            found += [] if base is None else [base]
        return tuple(found)

    @property
    def overview(self) -> Overview | None:
        """The pack at a glance, or `None` without one."""
        return None if self.pack is None else Overview.of(self.pack)

    @property
    def slips(self) -> frozenset[tuple[str, int]]:
        """The lines that are not YAML, each with its file."""
        return frozenset(
            (each.span.file, each.span.line) for each in self.findings if each.id == "TR005"
        )

    def require_pack(self) -> Pack:
        """Return the pack.

        Raises:
            PackError: it has mistakes; `findings` of the error are the mistakes.
        """
        if self.pack is None:
            raise PackError([each for each in self.findings if each.severity is Severity.ERROR])
        return self.pack


def link(
    files: Mapping[str, bytes], found: Iterable[Finding] = (), *, root: Path | None = None
) -> Reading:
    """Read and link the files of a pack, with those that it extends.

    Args:
        files: the bytes of each file by its name, such as `policies/penalty.yaml`.
        found: what has been found already, such as files that could not be opened.
        root: the folder of the pack, from which paths to bases lead; `None` if it is not on disk.
    """
    findings = Findings(found)
    return link_layers(find_layers(files, root, findings), findings)


def link_layers(layers: Sequence[Layer], found: Iterable[Finding] = ()) -> Reading:
    """Link the layers of a pack, the lowest first.

    Args:
        layers: the pack behind those that it extends.
        found: what has been found already.
    """
    findings = Findings(found)
    drafts, overlay = draft_layers(layers, findings)
    # Without a base most names are unknown, and nobody learns anything by a list of them.
    pack = assemble(drafts, findings) if layers[-1].whole else None
    check_pins(layers, findings)
    mine = filter(overlay.concerns, leave_following(findings))
    return Reading(
        None if findings.has_errors else pack,
        cap_findings(overlay.show_both_places(join_citations(mine))),
        drafts,
        read_texts(layers),
        overlay,
    )


def leave_following(findings: Findings) -> Iterator[Finding]:
    """Yield the findings without those that may follow from a file that is not read."""
    unread = any(each.id in UNREAD for each in findings)
    return (each for each in findings if not unread or each.id not in UNKNOWN)


def check_pins(layers: Sequence[Layer], findings: Findings) -> None:
    """Report each base that is no longer the one that a pack has pinned."""
    known = {each.label: each for each in layers}
    for layer in layers:
        for pin in layer.pins:
            if pin.digest is None:
                continue
            base = known[pin.label]
            needed = {*base.below, base.label}
            below = link_layers([each for each in layers if each.label in needed])
            found = None if below.pack is None else below.pack.digest
            if found is not None and found != pin.digest:
                findings.add("TR133", pin.digest.span, pinned=pin.digest, found=found)


def assemble(drafts: Drafts, findings: Findings) -> Pack | None:
    """Resolve every name of the definitions and return the pack they make."""
    definition = next(iter(drafts.of(PackDefinition)), None)
    zone = read_zone(definition, findings) if definition is not None else UTC
    if definition is not None and not is_version(definition.version):
        findings.misused(definition.version.span, NOT_A_VERSION)
    words = vocabulary.link(
        drafts.of(SourceDefinition),
        drafts.of(CatalogueDefinition),
        drafts.of(FactsDefinition),
        drafts.of(ParameterDefinition),
        findings,
        calendars=drafts.of(CalendarDefinition),
        lost=drafts.lost,
    )
    words = link_consistency(drafts.of(FactsDefinition), words, findings)
    words = words.counted_by(calendar_of(definition, words, findings))
    signatures = sign_policies(drafts, words, findings)
    words = replace(words, lost=words.lost | find_unusable(drafts, words, signatures))
    decided = link_policies(drafts, words, signatures, findings)
    costs = price_decisions(decided, findings)
    flows = link_workflows(drafts, words, signatures, decided, costs, zone or UTC, findings)
    answers = Answers(words, decided, flows, words.lost | find_unlinked(drafts, decided, flows))
    matters = link_matters(drafts.of(MatterDefinition), answers, findings)
    if definition is None or zone is None:
        return None
    return Pack(
        name=str(definition.pack),
        version=str(definition.version),
        title=definition.title,
        zone=zone,
        vocabulary=words,
        policies=NamedMapping(POLICY, decided),
        workflows=NamedMapping(WORKFLOW, flows),
        matters=NamedMapping(MATTER, matters),
    )


def calendar_of(
    definition: PackDefinition | None, words: Vocabulary, findings: Findings
) -> Calendar | None:
    """Return the calendar that the pack uses, or `None` where it uses none."""
    name = definition.calendar if definition is not None else None
    if name is None or name in words.lost:
        return None
    return findings.find(name, CALENDAR, words.calendars)


def find_unlinked(
    drafts: Drafts, decided: Mapping[str, Policy], flows: Mapping[str, Workflow]
) -> frozenset[str]:
    """Return the policies and workflows that a mistake of their own keeps from being linked."""
    written = {str(each.policy) for each in drafts.of(PolicyDefinition)} - decided.keys()
    return frozenset(
        written | ({str(each.workflow) for each in drafts.of(WorkflowDefinition)} - flows.keys())
    )


def sign_policies(
    drafts: Drafts, words: Vocabulary, findings: Findings
) -> Mapping[str, PolicySignature]:
    """Return the signature of each policy by its name, before any of them is linked."""
    signatures: dict[str, PolicySignature] = {}
    for definition in drafts.of(PolicyDefinition):
        signature = policies.link_signature(definition, words, findings)
        if signature is not None:
            signatures.setdefault(str(definition.policy), signature)
    return MappingProxyType(signatures)


def find_unusable(
    drafts: Drafts, words: Vocabulary, signatures: Mapping[str, PolicySignature]
) -> frozenset[str]:
    """Return the policies that a mistake of their own keeps others from asking."""
    return frozenset(
        str(each.policy)
        for each in drafts.of(PolicyDefinition)
        if each.policy not in signatures or each.facts not in words.facts
    )


def link_policies(
    drafts: Drafts,
    words: Vocabulary,
    signatures: Mapping[str, PolicySignature],
    findings: Findings,
) -> Mapping[str, Policy]:
    """Return the policies by name. They may call each other, so each sees the growing whole."""
    linked: dict[str, Policy] = {}
    peers = MappingProxyType(linked)
    every = drafts.of(PolicyDefinition)
    for definition in findings.drop_duplicates(every, lambda each: each.policy, POLICY):
        policy = policies.link(definition, words, signatures, peers, findings)
        if policy is not None:
            linked[str(definition.policy)] = policy
    findings.extend(policies.check_asked_policies(linked))
    return peers


def link_workflows(
    drafts: Drafts,
    words: Vocabulary,
    signatures: Mapping[str, PolicySignature],
    decided: Mapping[str, Policy],
    costs: Counter[str],
    zone: timezone,
    findings: Findings,
) -> Mapping[str, Workflow]:
    """Return the workflows by name. Each may ask the policies over the facts it reads itself."""
    linked: dict[str, Workflow] = {}
    machines: dict[str, Machine] = {}
    digests: dict[str, WorkflowDigests] = {}
    asked = AskedPolicies(
        lambda name, day: digest_asked(decided[name], day),
        lambda name: policies.find_policy_change_days(decided[name]),
    )
    callees = Callees(
        signatures=sign_workflows(drafts, words, findings),
        linked=MappingProxyType(linked),
        machines=MappingProxyType(machines),
        digests=MappingProxyType(digests),
    )
    by_facts = {
        name: policies_over(name, drafts, signatures, decided)
        for name in {each.facts for each in drafts.of(WorkflowDefinition)}
    }
    every = drafts.of(WorkflowDefinition)
    room = workflows.MOST_EXPANDED
    for definition in findings.drop_duplicates(every, lambda each: each.workflow, WORKFLOW):
        room -= workflows.count_expanded(definition)
        if room < 0:
            values = {"name": definition.workflow, "most": workflows.MOST_EXPANDED}
            findings.append(Finding("TR129", definition.workflow.span, values))
            break
        outputs, mine = by_facts[definition.facts]
        workflow = workflows.link(
            definition,
            words,
            outputs,
            partial(policies.PeerDecisions, mine),
            asked,
            zone,
            findings,
            callees,
        )
        if workflow is not None:
            linked[str(definition.workflow)] = workflow
            machine = workflows.machine_of(workflow)
            machines[str(definition.workflow)] = machine
            digests[str(definition.workflow)] = machine.digests
            findings.extend(
                workflows.find_dear_macrostep(
                    machine.chart, costs, machine.name, definition.workflow.span
                )
            )
    findings.extend(find_endless_calls(drafts, machines))
    return callees.linked


def policies_over(
    facts: str,
    drafts: Drafts,
    signatures: Mapping[str, PolicySignature],
    decided: Mapping[str, Policy],
) -> tuple[Mapping[str, Field], Mapping[str, Policy]]:
    """Return the policies over some facts: what each decides, and those that are linked."""
    names = {str(each.policy) for each in drafts.of(PolicyDefinition) if each.facts == facts}
    return (
        {name: each.field for name, each in signatures.items() if name in names},
        MappingProxyType({name: each for name, each in decided.items() if name in names}),
    )


def digest_asked(policy: Policy, day: date | None) -> str:
    """Return the digest of a policy over a day and those before it; over all days for `None`."""
    return policy.digest if day is None else policies.digest_policy(policy, "until", day)


def sign_workflows(
    drafts: Drafts, words: Vocabulary, findings: Findings
) -> Mapping[str, Signature | None]:
    """Return what each workflow looks like to those that call it, before any of them is linked."""
    signatures: dict[str, Signature | None] = dict.fromkeys(drafts.lost)
    for definition in drafts.of(WorkflowDefinition):
        name = str(definition.workflow)
        if signatures.get(name) is None:
            signatures[name] = workflows.build_signature(definition, words, findings)
    return MappingProxyType(signatures)


def price_decisions(linked: Mapping[str, Policy], findings: Findings) -> Counter[str]:
    """Return the steps of one decision of each policy, after reporting where they have no bound."""
    path = find_cycle({name: sorted(policy.peers) for name, policy in linked.items()})
    if path:
        findings.append(Finding("TR119", linked[path[0]].span, {"path": " → ".join(path)}))
        return Counter()
    long_rows = list(find_long_rows(linked))
    if long_rows:
        findings.extend(long_rows)
        return Counter()
    costs = policies.sum_decision_costs(linked)
    dear = list(policies.find_dear_decisions(linked, costs))
    findings.extend(dear)
    return Counter() if dear else costs


def find_long_rows(linked: Mapping[str, Policy]) -> Iterator[Finding]:
    """Yield a finding for the first policy that may ask too many others; none asks itself."""
    asked: dict[str, int] = {}
    asking = {name: policy.peers for name, policy in linked.items()}
    for name in TopologicalSorter(asking).static_order():
        # A policy that the generated function cannot decide is decided again, exactly. One that
        # is not linked has a mistake that is reported, and asks nothing.
        asked[name] = 1 + 2 * sum(asked[peer] for peer in asking.get(name, ()))
        if asked[name] > MOST_ASKED:
            yield Finding("TR126", linked[name].span, {"name": name, "most": MOST_ASKED})
            return


def find_endless_calls(drafts: Drafts, machines: Mapping[str, Machine]) -> Iterator[Finding]:
    """Yield a finding for the first circle in which cases certainly begin one another for ever."""
    calls = {name: workflows.find_first_calls(machine) for name, machine in machines.items()}
    path = find_cycle({name: sorted(set(each.values())) for name, each in calls.items()})
    for definition in drafts.of(WorkflowDefinition) if path else ():
        if definition.workflow == path[0]:
            state = next(name for name, each in calls[path[0]].items() if each == path[1])
            yield Finding("TR313", span_of_call(definition, state), {"path": " → ".join(path)})
            return


def span_of_call(definition: WorkflowDefinition, state: str) -> Span:
    """Return where a state says which workflow it calls."""
    for word, each in definition.iter_states():
        if word == state and each.call is not None:
            return each.call.workflow.span
    return definition.span


def find_cycle(onward: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the first circle in a graph, its first node at both ends, or nothing."""
    try:
        TopologicalSorter(onward).prepare()
    except CycleError as problem:
        return list(reversed(problem.args[1]))
    return []
