"""What differs in single states of a workflow, gathered: one deviation for each transition.

A transition of a state around many, or one by wildcard, is met in many states and on many events.
Whoever keeps the house has one line to change, and reads once what is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.deviations.deviation import Deviation, Direction, Part
from telecom_rules.checks.refinement.chains import group_of
from telecom_rules.findings.kinds import STATE, TRANSITION, WORKFLOW
from telecom_rules.wording import Wording, join_wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.checks.refinement.runs import Runs
    from telecom_rules.pack.located import TransitionPlace
    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.chart import Chart


IN_STATE = Wording("处于 {state} 时：{what}", "in {state}: {what}")
MORE = Wording("另有 {rest} 处", "and {rest} more")
MORE_NAMES = Wording("{names} 等 {count} 个", "{names} and {rest} more")
NEXT = ("；", "; ")
MOST_NAMES: Final = 3
"""States or events that a deviation names."""
MOST_TOLD: Final = 3
"""Discrepancies that a deviation tells."""
REFUSED: Final = frozenset({Direction.LAXER, Direction.INCOMPARABLE})


class Discrepancy(NamedTuple):
    """A difference between a transition of the house and one of the base.

    Attributes:
        direction: whether it makes the house tighter or laxer.
        form: what differs, with `{event}` for the events.
        said: what both say, by the other names in the form.
        event: the event.
        evidence: what shows it, or why it is undecided.
    """

    direction: Direction
    form: Wording
    said: Mapping[str, object]
    event: str
    evidence: Wording | None = None

    def tell(self, events: Iterable[str] = ()) -> Wording:
        """Return it for people, as it is on its event or on several."""
        return fill_names(self.form, "event", tuple(events) or (self.event,), **self.said)


class Local(NamedTuple):
    """A discrepancy in one state.

    Attributes:
        part: the part of the house that differs.
        leaf: the state.
        found: the discrepancy.
        cites: the clauses of the base.
        is_gone: whether the part is one of the base that the house has no longer.
    """

    part: Part
    leaf: str
    found: Discrepancy
    cites: tuple[Clause, ...]
    is_gone: bool = False


def gather(several: Iterable[Local], runs: Runs) -> Iterator[Deviation]:
    """Yield a deviation for each part that differs, and for each direction.

    Args:
        several: what differs in single states.
        runs: the runs of the house, one of which leads to what is refused.
    """
    groups: dict[tuple[Part, bool, Direction], list[Local]] = {}
    for each in several:
        groups.setdefault((each.part, each.is_gone, each.found.direction), []).append(each)
    refused = {part for part, _, direction in groups if direction in REFUSED}
    for (part, is_gone, direction), group in groups.items():
        if direction is Direction.UNDECIDED and part in refused:
            continue  # it has to be changed anyhow
        first, evidence = group[0], group[0].found.evidence
        if direction in REFUSED:
            evidence = runs.show(first.leaf, first.found.event, evidence)
        cites = tuple(dict.fromkeys(clause for each in group for clause in each.cites))
        yield Deviation((part,), direction, tell(group), evidence, cites, is_gone=is_gone)


def tell(group: Sequence[Local]) -> Wording:
    """Return what differs at one part for people: what is the same in several states, once."""
    leaves_of: dict[tuple[str, str], dict[str, None]] = {}
    found: dict[str, Discrepancy] = {}
    for each in group:
        key = str(each.found.tell(("{event}",)))
        found.setdefault(key, each.found)
        leaves_of.setdefault((key, each.found.event), {})[each.leaf] = None
    events_of: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for (key, event), met in leaves_of.items():
        events_of.setdefault((tuple(met), key), []).append(event)
    told: dict[tuple[str, ...], list[Wording]] = {}
    for (leaves, key), events in [*events_of.items()][:MOST_TOLD]:
        told.setdefault(leaves, []).append(found[key].tell(events))
    parts = [
        fill_names(IN_STATE, "state", leaves, what=join_wordings(each, NEXT))
        for leaves, each in told.items()
    ]
    rest = len(events_of) - MOST_TOLD
    return join_wordings([*parts, *([MORE.fill(rest=rest)] if rest > 0 else [])], NEXT)


def fill_names(form: Wording, key: str, names: Sequence[str], **said: object) -> Wording:
    """Return a wording with a few of some names under a key, and how many more there are."""
    rest = len(names) - MOST_NAMES
    shown = quote_names(names[:MOST_NAMES])
    if rest <= 0:
        return form.fill(**said, **{key: shown})
    several = MORE_NAMES.fill(names=shown, count=len(names), rest=rest)
    # What stands behind the names is Chinese now, and needs no space.
    plain = form._replace(zh=form.zh.replace(f"{{{key}}} ", f"{{{key}}}"))
    return plain.fill(**said, **{key: several})


def quote_names(names: Iterable[str]) -> Wording:
    """Return names for people, all of them."""
    return Wording.same(", ".join(f"`{each}`" for each in names))


def transition_part(workflow: str, chart: Chart, place: TransitionPlace) -> Part:
    """Return a transition as a part of a pack, as written."""
    written = place.written_place(chart)
    group = group_of(chart.states[place.state], place.event)
    same = sum(each.wildcard == group[place.number].wildcard for each in group)
    number = f"[{written.number + 1}]" if same > 1 else ""
    name = f"{path_of(workflow, place.state)}.{written.event}{number}"
    return Part(f"workflows.{workflow}", TRANSITION, name)


def path_of(workflow: str, state: str) -> str:
    """Return the name of a state in the pack."""
    return f"{workflow}.{state}"


def state_part(workflow: str, state: str) -> Part:
    """Return a state as a part of a pack."""
    return Part(f"workflows.{workflow}", STATE, path_of(workflow, state))


def workflow_part(workflow: str) -> Part:
    """Return a workflow as a part of a pack."""
    return Part(f"workflows.{workflow}", WORKFLOW, workflow)
