"""Runs of a workflow that lead to a state: shortest paths of its state space."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.state_space import StateSpace, StateSpaceTooLarge
from telecom_rules.checks.analysis.verdicts import describe_counterexample
from telecom_rules.wording import Wording, join_wordings, quote_title

if TYPE_CHECKING:
    from telecom_rules.checks.analysis.state_space import GraphEdge, GraphNode
    from telecom_rules.workflows import Workflow


RUN = Wording("运行：{run}", "the run {run}")


@dataclass(frozen=True)
class Runs:
    """The runs of one workflow, with guards assumed as needed.

    Attributes:
        workflow: the workflow.
    """

    workflow: Workflow

    @cached_property
    def paths(self) -> dict[str, tuple[GraphEdge, ...]]:
        """A shortest path to each state, as far as the state space was explored."""
        space = StateSpace(self.workflow)
        found: dict[str, tuple[GraphEdge, ...]] = {}
        seen: set[GraphNode] = set()
        ahead: deque[tuple[GraphEdge, ...]] = deque((each,) for each in space.starts)
        try:
            while ahead:
                path = ahead.popleft()
                node = path[-1].target
                if node in seen:
                    continue
                seen.add(node)
                for name in node.states:
                    found.setdefault(name, path)
                ahead.extend((*path, each) for each in space.edges_from(node))
        except StateSpaceTooLarge:
            return found  # a run is only shown, and nothing is proved by it
        return found

    def show(self, leaf: str, event: str, situation: Wording | None) -> Wording | None:
        """Return a run to a state with an event there, and in what situation, for people."""
        path = self.paths.get(leaf)
        if path is None:
            return situation
        known = self.workflow.events.get(event)
        steps = [describe_counterexample(self.workflow, path)]
        if known is not None:
            steps.append(quote_title(known.title))
        run = RUN.fill(run=join_wordings(steps, ("；", "; ")))
        return run if situation is None else join_wordings([run, situation], ("，", ", "))
