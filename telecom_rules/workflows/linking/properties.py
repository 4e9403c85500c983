"""Links the properties of a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.workflows.properties.properties import Property, build_title
from telecom_rules.workflows.properties.templates import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.documents import Word
    from telecom_rules.wording import Wording
    from telecom_rules.workflows.definition import PropertyDefinition
    from telecom_rules.workflows.linking.names import Names


def link_properties(names: Names, written: Sequence[PropertyDefinition]) -> tuple[Property, ...]:
    """Return the properties of a workflow, after reporting every mistake."""
    linked = (link_property(names, each) for each in written)
    return tuple(each for each in linked if each is not None)


def link_property(names: Names, definition: PropertyDefinition) -> Property | None:
    """Return one property, or `None` after reporting its mistakes."""
    cites = names.vocabulary.cite(definition.cites, names.findings)
    stated = [each for each in Template if definition.sides(each) is not None]
    if len(stated) != 1:
        keys = ", ".join(stated or Template)
        names.findings.add("TR701", definition.span, count=len(stated), templates=keys)
        return None
    (template,) = stated
    first, then = definition.sides(template) or ((), ())
    names.link_causes((*first, *then))
    titles = titles_of(names)
    check_history_states(names, (*first, *then))
    check_sides(names, first, then)
    if not titles.keys() >= {*first, *then}:
        return None
    title = definition.title or build_title(
        template, [titles[name] for name in first], [titles[name] for name in then]
    )
    return Property(template, tuple(map(str, first)), tuple(map(str, then)), title, cites)


def titles_of(names: Names) -> dict[str, Wording]:
    """Return the titles of every event and state that a property may name."""
    events = {str(name): each.title for name, each in names.events.items() if each is not None}
    states = {str(name): place.definition.title for name, place in names.states.items()}
    return {**events, **states}


def check_history_states(names: Names, words: Sequence[Word]) -> None:
    """Report history states in a property: they are never active."""
    for word in words:
        place = names.states.get(word)
        if place is not None and place.definition.type == "history":
            names.findings.add("TR702", word.span, name=word)


def check_sides(names: Names, first: Sequence[Word], then: Sequence[Word]) -> None:
    """Report names in both operands of a property."""
    for word in then:
        if word in first:
            names.findings.add("TR703", word.span, name=word)
