"""The workflows of two packs, compared.

Each run of the house, with what the house added left out, has to be a run that the base allows.
The comparison goes by the names of states, events and clocks. It is local: what the house may do in
a state is allowed by the base in that state. By induction over the steps of a run, the base can
follow; parallel regions and calls are followed region by region and case by case.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from telecom_rules.checks.analysis.verdicts import prove_property
from telecom_rules.checks.deviations.deviation import Deviation, Direction
from telecom_rules.checks.deviations.figures import Counting
from telecom_rules.checks.refinement.added import AddedStates
from telecom_rules.checks.refinement.charts import ChartComparison
from telecom_rules.checks.refinement.clocks import GONE as CLOCK_GONE
from telecom_rules.checks.refinement.clocks import ClockComparison, clock_part
from telecom_rules.checks.refinement.discrepancies import workflow_part
from telecom_rules.checks.refinement.guards import DatedFigures
from telecom_rules.checks.refinement.runs import Runs
from telecom_rules.checks.refinement.transitions import TransitionComparison
from telecom_rules.digests import describe_meaning
from telecom_rules.vocabulary.parameters import ParameterKind
from telecom_rules.wording import Wording
from telecom_rules.workflows import machine_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.checks.refinement.charts import Prover
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.chart import Chart


GONE = Wording("流程 `{workflow}` 被取消", "the workflow `{workflow}` is gone")


def compare_workflows(
    base: Pack,
    house: Pack,
    *,
    figures: type[DatedFigures] = DatedFigures,
    prove: Prover = prove_property,
) -> Iterator[Deviation]:
    """Yield the deviations of the workflows of a house, each once.

    Args:
        base: the pack that the house must not be laxer than.
        house: the pack of the house.
        figures: what says whether guards imply others.
        prove: what says whether properties hold.
    """
    settings = {
        name: each for name, each in base.parameters.items() if each.kind is ParameterKind.SETTING
    }
    own = {name: settings.get(name, each) for name, each in house.parameters.items()}
    dated = figures(dict(base.parameters.items()), own)
    counting = Counting.of(house)
    for name, law in base.workflows.items():
        mine = house.workflows.get(name)
        if mine is None:
            wording = GONE.fill(workflow=name)
            yield Deviation((workflow_part(name),), Direction.LAXER, wording, cites=law.cites)
        elif mine is not law and describe(mine) != describe(law):
            found = {
                (each.parts, each.direction, each.wording): each
                for each in compare_workflow(
                    law, mine, replace(dated, facts=law.facts), counting, prove
                )
            }
            yield from found.values()


def describe(workflow: Workflow) -> object:
    """Return what a workflow itself means, without the figures and policies that it reads."""
    chart = machine_of(workflow).chart
    rights = sorted(name for name, each in chart.events.items() if each.right)
    parts = (chart, workflow.properties, workflow.outputs, workflow.facts.name)
    return [describe_meaning(parts), rights]


def compare_workflow(
    law: Workflow, own: Workflow, figures: DatedFigures, counting: Counting, prove: Prover
) -> Iterator[Deviation]:
    """Yield the deviations of one workflow.

    A property that no longer holds where a step is refused is told once that step is mended.
    """
    declared = ChartComparison(law, own, prove)
    is_refused = False
    for each in chain(
        declared.find_deviations(),
        compare_steps(law, own, figures),
        compare_clocks(law, own, counting),
    ):
        is_refused = is_refused or each.is_refused
        yield each
    if not is_refused:
        yield from declared.compare_properties()


def compare_steps(law: Workflow, own: Workflow, figures: DatedFigures) -> Iterator[Deviation]:
    """Yield the deviations of the transitions of one workflow, and of the states added to it."""
    charts = machine_of(law).chart, machine_of(own).chart
    facts = frozenset(law.facts.fields)
    transitions = TransitionComparison(law.name, *charts, facts, figures, Runs(own))
    yield from transitions.find_deviations()
    yield from AddedStates(transitions).find_deviations()


def compare_clocks(law: Workflow, own: Workflow, counting: Counting) -> Iterator[Deviation]:
    """Yield the deviations of the time limits of one workflow."""
    charts = machine_of(law).chart, machine_of(own).chart
    read = find_clocks_read(charts[0])
    for name, clock in charts[0].clocks.items():
        # A promise may be kept by the clock itself.
        mine = charts[1].clocks.get(name) or charts[1].clocks.get(clock.beside or name)
        if mine is None:
            part = clock_part(law.name, name)
            wording = CLOCK_GONE.fill(clock=name)
            yield Deviation((part,), Direction.LAXER, wording, cites=clock.cites)
        else:
            is_read = name in read
            yield from ClockComparison(law.name, clock, mine, counting, is_read).find_deviations()


def find_clocks_read(chart: Chart) -> frozenset[str]:
    """Return the clocks that the conditions of a chart read."""
    paths = (
        path.split(".")
        for state in chart.states.values()
        for each in state.expressions
        for path in each.reads
    )
    return frozenset(parts[1] for parts in paths if parts[0] == "clocks")
