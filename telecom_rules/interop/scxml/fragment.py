"""Finds the places where SCXML and a workflow would run the same chart differently.

Export and import check the same places, so a chart that passes means the same on both sides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop.scxml.words import DONE_PREFIX, STATE_ELEMENTS
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.interop.markup import Markup


EXIT_AT_THE_END = Wording(
    "流程结束时 SCXML 会执行终态的 onexit，而个案会停留在终态，不执行该动作",
    "SCXML executes this on leaving the final state at the end; a case here stays in it",
)
NESTED_DONE = Wording(
    "区域 `{region}` 自身是并行状态：它最后完成时 SCXML 不引发此事件，而流程会引发",
    "the region `{region}` is parallel itself: SCXML does not raise this event when it is the last"
    " to be done, a workflow does",
)
FROM_INSIDE = Wording(
    "从 `{parent}` 内部转到其历史状态：SCXML 中离开哪些状态取决于所记录的历史，而流程中不取决于此",
    "it leads from inside `{parent}` to its history: in SCXML the exit set depends on the"
    " remembered states, here it does not",
)


def states_of(root: Markup) -> Mapping[str, Markup]:
    """Return every state of a document by its id."""
    return {
        each.attributes["id"]: each
        for each in root.walk()
        if is_state(each, root) and "id" in each.attributes
    }


def is_state(part: Markup, root: Markup) -> bool:
    """Return whether an element of a document is a state."""
    return part.name in STATE_ELEMENTS and part.namespace == root.namespace


def find_deviations(root: Markup) -> Iterator[tuple[Markup, Wording]]:
    """Yield each element that SCXML and a workflow run differently, with the reason."""
    states = states_of(root)
    nested = {
        each.attributes["id"]: region
        for each in states.values()
        if each.name == "parallel"
        for region in each.iter_named("parallel")
    }
    for final in root.iter_named("final"):
        yield from ((each, EXIT_AT_THE_END) for each in final.iter_named("onexit") if each.children)
    for each in root.walk():
        if each.name == "transition" and each.parent is not None:
            for why in (
                find_nested_done(each, nested),
                find_from_inside(each, each.parent, states),
            ):
                if why is not None:
                    yield each, why


def find_nested_done(transition: Markup, nested: Mapping[str, Markup]) -> Wording | None:
    """Return why a transition is not triggered if parallel states are nested, or `None`.

    Args:
        transition: the transition.
        nested: a region that is parallel itself, by the id of the parallel state around it.
    """
    for event in transition.attributes.get("event", "").split():
        region = nested.get(event.removeprefix(DONE_PREFIX))
        if event.startswith(DONE_PREFIX) and region is not None:
            return NESTED_DONE.fill(region=shorten(region.attributes.get("id", "")))
    return None


def find_from_inside(
    transition: Markup, source: Markup, states: Mapping[str, Markup]
) -> Wording | None:
    """Return why a transition to a history state has another exit set in SCXML, or `None`."""
    for target in transition.attributes.get("target", "").split():
        history = states.get(target)
        if history is None or history.name != "history" or history.parent is None:
            continue
        inside = any(each is history.parent for each in source.ancestors)
        if inside and (
            history.attributes.get("type") == "deep" or has_deep_default(history, states)
        ):
            return FROM_INSIDE.fill(parent=shorten(history.parent.attributes.get("id", "")))
    return None


def has_deep_default(history: Markup, states: Mapping[str, Markup]) -> bool:
    """Return whether a default target of a history state is not a child of its parent."""
    targets = [
        target
        for each in history.iter_named("transition")
        for target in each.attributes.get("target", "").split()
    ]
    return any(
        target in states and states[target].parent is not history.parent for target in targets
    )
