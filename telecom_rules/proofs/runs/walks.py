"""Cases that the engine runs along a path of a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from telecom_rules.checks.analysis.records import spell_value
from telecom_rules.checks.analysis.witness import roles_of, run_clocks
from telecom_rules.errors import FactsError, TelecomRulesError
from telecom_rules.proofs.runs.paths import HOUR_OF_DAY
from telecom_rules.proofs.solver import Solver
from telecom_rules.wording import Wording, join_wordings, quote_title
from telecom_rules.workflows import Accepted
from telecom_rules.workflows.workflow import case_state_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.checks.analysis.state_space import GraphEdge
    from telecom_rules.proofs.runs.paths import PathTerms
    from telecom_rules.proofs.solver import Term
    from telecom_rules.workflows import Case, Entry, Workflow


QUOTES: Final = '""'
"""How an empty text is shown."""
OPENED = Wording("受理", "opened")
GIVEN = Wording("{what}（{values}）", "{what} ({values})")
EXPIRED = Wording("{what}（{at} 到期）", "{what} (expires {at})")


class Occurrence(NamedTuple):
    """An event of a run.

    Attributes:
        event: its name.
        payload: the fields that come with it.
        at: when it happens.
        by: the role that sends it, or `None`.
        expires: whether a clock raises it.
    """

    event: str
    payload: Mapping[str, object]
    at: datetime
    by: str | None = None
    expires: bool = False


@dataclass(frozen=True, slots=True)
class CaseRun:
    """A run of a case, made by the engine.

    Attributes:
        workflow: the workflow.
        facts: the facts at the start.
        start: when the case begins.
        steps: the events, in order.
        case: the case at the end.
        entries: its journal.
    """

    workflow: Workflow
    facts: Mapping[str, object]
    start: datetime
    steps: tuple[Occurrence, ...]
    case: Case
    entries: tuple[Entry, ...]

    @property
    def wording(self) -> Wording:
        """The run for people: what is known, and what is sent with which values."""
        steps = [describe(OPENED, self.facts)]
        for each in self.steps:
            title = quote_title(self.workflow.events[each.event].title)
            if each.expires:
                steps.append(EXPIRED.fill(what=title, at=each.at.strftime("%Y-%m-%d %H:%M")))
            else:
                steps.append(describe(title, each.payload))
        return join_wordings(steps, ("；", "; "))


def describe(what: Wording, values: Mapping[str, object]) -> Wording:
    """Return an event with its values, for people."""
    said = ", ".join(f"{name}={spell_value(each) or QUOTES}" for name, each in values.items())
    return GIVEN.fill(what=what, values=said) if said else what


def iter_runs(
    terms: PathTerms, path: Sequence[GraphEdge], wanted: Sequence[Term] = ()
) -> Iterator[tuple[CaseRun, Term]]:
    """Yield runs of the engine along a path, each with the model that it is made of.

    Raises:
        NotSolved: whether there is one is not decided.
    """
    solver = Solver([*terms.known, *terms.laws])
    for model in solver.iter_models(wanted, terms.iter_readable()):
        run = follow_model(terms, path, model)
        if run is not None:
            yield run, model


def follow_model(terms: PathTerms, path: Sequence[GraphEdge], model: Term) -> CaseRun | None:
    """Return the run of the engine with the values of a model, if it goes along a path."""
    facts = terms.first.read_model(model)
    if facts is None:
        return None
    workflow = terms.space.workflow
    start = datetime.combine(terms.day, datetime.min.time(), workflow.zone).replace(
        hour=HOUR_OF_DAY
    )
    try:
        opened = workflow.open(facts, at=start, id="example")
    except (FactsError, TelecomRulesError):
        return None
    case, entries = opened.case, opened.entries
    steps: list[Occurrence] = []
    groups = split_at_events(path)
    if states_of(case) != groups[0][-1].target.states:
        return None
    for group, sent in zip(groups[1:], terms.sent, strict=False):
        payload = sent.payload.read_model(model)
        if payload is None:
            return None
        day = date.fromordinal(model.eval(sent.today, model_completion=True).as_long())
        at = datetime.combine(day, start.timetz())
        found = next(iter_after(case, group, payload, max(at, case.at)), None)
        if found is None:
            return None
        case, further, step = found
        entries = (*entries, *further)
        steps.append(step)
    return CaseRun(workflow, facts, start, tuple(steps), case, entries)


def split_at_events(path: Sequence[GraphEdge]) -> list[list[GraphEdge]]:
    """Return the edges of the start, and then those of each event from outside."""
    groups: list[list[GraphEdge]] = [[]]
    for edge in path:
        if edge.external and edge.event is not None:
            groups.append([])
        groups[-1].append(edge)
    return groups


def iter_after(
    case: Case, group: Sequence[GraphEdge], payload: Mapping[str, object], at: datetime
) -> Iterator[tuple[Case, tuple[Entry, ...], Occurrence]]:
    """Yield a case after an event and what follows, if it is then where the path is."""
    edge, reached = group[0], group[-1].target.states
    name = edge.event or ""
    event = case.workflow.events.get(name)
    if event is None:
        return  # the return of a called case: cases of other workflows are not run here
    if event.internal:
        for after, entries in run_clocks(case, name):
            if states_of(after) == reached:
                yield after, entries, Occurrence(name, {}, after.at, expires=True)
        return
    for by in roles_of(edge):
        try:
            outcome = case.send(name, payload, at=at, by=by)
        except TelecomRulesError:
            continue
        if isinstance(outcome, Accepted) and states_of(outcome.case) == reached:
            yield outcome.case, outcome.entries, Occurrence(name, payload, at, by)


def states_of(case: Case) -> frozenset[str]:
    """Return the states that are active, with those around them."""
    return case_state_of(case).configuration.names
