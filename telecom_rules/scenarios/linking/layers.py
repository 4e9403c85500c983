"""Lays the scenarios of a pack over those of the packs that it extends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents import Broken, Node, NodeBudget, Scalar, Word, read
from telecom_rules.documents import Mapping as Tree
from telecom_rules.findings import Findings, Related
from telecom_rules.pack import Merge, Shape
from telecom_rules.pack.definition import OVERRIDE, OVERRIDES
from telecom_rules.pack.overlay.parts import iter_overrides
from telecom_rules.pack.overlay.stack import find_value, take_reason
from telecom_rules.scenarios.linking.link import FIRST_KEY, GROUP, draft_group, find_kind
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.findings import Span
    from telecom_rules.pack import Layer
    from telecom_rules.pack.overlay.parts import OverridePart
    from telecom_rules.scenarios.definition import ScenarioFileDefinition


ABOUT = frozenset({"policy", "workflow"})
"""The keys of a group that no overlay changes."""
DEFINED_IN_BASE = Wording("基础规则包定义于此", "the base defines it here")


class ScenarioChange(NamedTuple):
    """A scenario of a base that an overlay changes or takes out.

    Attributes:
        name: the scenario, such as `complaint_grade/repeated`.
        span: where the overlay says so.
        is_gone: whether it is taken out.
        reason: why, where the overlay says it.
    """

    name: str
    span: Span
    is_gone: bool
    reason: Wording | None


@dataclass(slots=True)
class Groups:
    """The groups of scenarios of some layers, as far as they are laid.

    Attributes:
        findings: collects the mistakes.
        roots: the groups, in order; those of one name once, but for duplicates in one layer.
        places: the number of a group by its name.
        changes: the scenarios of lower layers that are changed or taken out.
    """

    findings: Findings
    roots: list[Tree] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    changes: list[ScenarioChange] = field(default_factory=list)

    def add(self, root: Tree, below: frozenset[str]) -> None:
        """Add a group of a layer; `below` names those of the layers below it."""
        name = read_name(root)
        if name is not None and name in below:
            first = self.roots[self.places[name]]
            self.findings.add(
                "TR134",
                name.span,
                kind=GROUP,
                name=name,
                target=f"{FIRST_KEY}.{name}",
                related=(Related(next(iter(first)).span, DEFINED_IN_BASE),),
            )
            return
        if name is not None:
            self.places.setdefault(str(name), len(self.roots))
        self.roots.append(root)

    def change(self, override: OverridePart, below: frozenset[str], *, based: bool) -> None:
        """Lay what a layer says about a group of the layers below it over that group.

        Args:
            override: what it says.
            below: the names of the groups of the layers below it.
            based: whether it extends any.
        """
        target, body = override.target, override.node
        group, _, name = target.partition(".")
        if not based:
            self.findings.add("TR139", target.span)
            return
        if group != FIRST_KEY or name not in below:
            near = self.findings.nearest(name, below)
            meant = None if near is None else f"{FIRST_KEY}.{near}"
            self.findings.add("TR135", target.span, name=target, known="", suggestion=meant)
            return
        at = self.places[name]
        base = self.roots[at]
        kind = find_kind(base, self.findings)
        if kind is None or not isinstance(body, Tree):
            return
        body, reason = take_reason(body, self.findings)
        over = Tree(target.span)
        over.damaged = body.damaged
        for key, node in body.items():
            over[key] = node
        merge = Merge(self.findings, is_never_contradicted, fixed={kind: ABOUT})
        laid = merge.lay(base, over, Shape(model=kind), str(target))
        for each in merge.idle:
            self.findings.add("TR137", each, path=target)
        if isinstance(laid, Tree):
            self.roots[at] = laid
            reasons = {each.path.rpartition(".")[2]: each.reason for each in merge.removals}
            self.changes += list_changes(name, (base, over, laid), reasons, reason)


def list_changes(
    group: str,
    trees: tuple[Tree, Tree, Tree],
    reasons: Mapping[str, Wording],
    reason: Wording | None,
) -> Iterator[ScenarioChange]:
    """Yield the scenarios of a group that an override changes or takes out.

    Args:
        group: the name of the group.
        trees: the group as the base has it, what the override says, and what becomes of it.
        reasons: why scenarios are taken out, by their names.
        reason: why the override changes the group, where it says so.
    """
    base, over, laid = (find_value(each, "tests") for each in trees)
    for word in over if isinstance(over, Tree) else ():
        before, after = (find_value(each, word) for each in (base, laid))
        if before is not after and not isinstance(before, Broken):
            is_gone = isinstance(after, Broken)
            name = f"{group}/{word}"
            yield ScenarioChange(name, word.span, is_gone, reasons.get(word, reason))


def draft_layers(
    layers: Sequence[Layer], findings: Findings
) -> tuple[tuple[ScenarioFileDefinition, ...], tuple[ScenarioChange, ...]]:
    """Return the groups of scenarios of a pack on top of those that it extends, and what changes.

    Args:
        layers: the files of scenarios of each, the lowest first.
        findings: collects the mistakes.
    """
    groups, budget = Groups(findings), NodeBudget()
    for layer in layers:
        below = frozenset(groups.places)
        roots = [read(data, name, findings, budget=budget) for name, data in layer.files.items()]
        written = [each for each in roots if each]
        for root in written:
            if next(iter(root)) not in {OVERRIDE, OVERRIDES}:
                groups.add(root, below)
        for root in written:
            key = next(iter(root))
            if key in {OVERRIDE, OVERRIDES}:
                for each in iter_overrides(root, key, findings):
                    groups.change(each, below, based=bool(layer.pins))
    drafts = (draft_group(root, findings) for root in groups.roots)
    return tuple(each for each in drafts if each is not None), tuple(groups.changes)


def read_name(root: Tree) -> Word | None:
    """Return the value of the first key of a file, or `None` if it is not a single value."""
    node: Node = root[next(iter(root))]
    return node.word if isinstance(node, Scalar) else None


def is_never_contradicted(base: Span, over: Span) -> bool:  # noqa: ARG001 - stands for a check
    """Return that no two packs contradict each other: what scenarios of both expect is run."""
    return False
