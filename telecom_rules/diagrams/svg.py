"""A picture of a workflow as SVG: states in columns by their distance from the start."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.diagrams.arrows import caption_of, iter_arrows, landing_state
from telecom_rules.wording import read_language

if TYPE_CHECKING:
    from collections.abc import Collection

    from telecom_rules.wording import Language
    from telecom_rules.workflows import Workflow
    from telecom_rules.workflows.chart import State

BOX_WIDTH, BOX_HEIGHT = 168, 46
GAP_ACROSS, GAP_DOWN = 72, 26
MARGIN = 16
LONGEST_LINE = {"zh": 11, "en": 22}
"""Characters of a title that fit on one line of a box."""
STYLE = (
    "rect{fill:#fff;stroke:#667;stroke-width:1.2}"
    "rect.active{fill:#1a4e8a;stroke:#1a4e8a}"
    "text{font:12px system-ui,sans-serif;fill:#223;text-anchor:middle}"
    "text.active{fill:#fff}"
    "path{fill:none;stroke:#99a;stroke-width:1.2}"
    "path.active{stroke:#1a4e8a;stroke-width:2}"
)


TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse"'
    ' markerWidth="9" markerHeight="9" orient="auto"><path d="M0,0L8,4L0,8" style="fill:#99a"/>'
    "</marker></defs>"
)


class Place(NamedTuple):
    """Where a state is drawn: its column, its row, and its upper left corner."""

    column: int
    row: int

    @property
    def x(self) -> int:
        """The left side of its box."""
        return MARGIN + self.column * (BOX_WIDTH + GAP_ACROSS)

    @property
    def y(self) -> int:
        """The upper side of its box."""
        return MARGIN + self.row * (BOX_HEIGHT + GAP_DOWN)


class Point(NamedTuple):
    """A point of the picture."""

    x: int
    y: int


def to_svg(workflow: Workflow, language: str = "en", active: Collection[str] = ()) -> str:
    """Return a picture of the innermost states and the transitions between them.

    Args:
        workflow: the workflow.
        language: the language of the titles.
        active: the names of the states to set off, such as `Case.states`.

    Returns:
        The text of an SVG element, to be put into a page as it is.
    """
    spoken = read_language(language)
    edges = name_edges(workflow, spoken)
    places = place_states(workflow, edges)
    width = max(place.x for place in places.values()) + BOX_WIDTH + MARGIN
    height = max(place.y for place in places.values()) + BOX_HEIGHT + MARGIN
    title = escape(workflow.title.say(spoken))
    size = f'viewBox="0 0 {width} {height}" width="{width}" style="max-width:100%;height:auto"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
        f"<title>{title}</title><style>{STYLE}</style>{TIP}",
        *(
            draw_edge(places[source], places[target], captions, active=source in active)
            for (source, target), captions in edges.items()
        ),
        *(
            draw_state(workflow.states[name], place, spoken, active=name in active)
            for name, place in places.items()
        ),
        "</svg>",
    ]
    return "".join(parts)


def name_edges(workflow: Workflow, language: Language) -> dict[tuple[str, str], list[str]]:
    """Return the captions of the transitions between two states.

    A compound state stands for its first.
    """
    named: dict[tuple[str, str], list[str]] = {}
    for arrow in iter_arrows(workflow):
        source = landing_state(workflow, arrow.source).name
        target = landing_state(workflow, arrow.target).name
        caption = caption_of(workflow, arrow.transition).say(language)
        if source != target and caption not in named.setdefault((source, target), []):
            named[source, target].append(caption)
    return named


def is_drawn(state: State) -> bool:
    """Return whether a state is innermost and can be active."""
    return not state.children and state.history is None


def place_states(workflow: Workflow, edges: Collection[tuple[str, str]]) -> dict[str, Place]:
    """Return where each state is drawn: in the column of its distance from the start."""
    drawn = [name for name, state in workflow.states.items() if is_drawn(state)]
    targets: dict[str, list[str]] = {name: [] for name in drawn}
    for source, target in edges:
        targets[source].append(target)
    initial = landing_state(workflow, workflow.states[workflow.initial]).name
    distance = {initial: 0}
    waiting = [initial]
    for name in waiting:
        for target in targets[name]:
            if target not in distance:
                distance[target] = distance[name] + 1
                waiting.append(target)
    farthest = max(distance.values())
    column_of = {name: distance.get(name, farthest + 1) for name in drawn}
    ordered = sorted(drawn, key=lambda name: (column_of[name], workflow.states[name].order))
    return {
        name: Place(column, row)
        for column, names in groupby(ordered, key=column_of.__getitem__)
        for row, name in enumerate(names)
    }


def draw_edge(source: Place, target: Place, captions: list[str], *, active: bool) -> str:
    """Return an arrow; its captions are shown when it is pointed at."""
    forwards, sideways = target.column > source.column, target.column == source.column
    right = BOX_WIDTH if forwards or sideways else 0
    start = Point(source.x + right, source.y + BOX_HEIGHT // 2)
    end = Point(target.x + (0 if forwards else BOX_WIDTH), target.y + BOX_HEIGHT // 2)
    if not forwards and not sideways:  # apart from the arrow that goes the other way
        start, end = (Point(each.x, each.y + BOX_HEIGHT // 4) for each in (start, end))
    bend = GAP_ACROSS // 2
    leaving = start.x + (bend if right else -bend)
    coming = end.x + (-bend if forwards else bend)
    curve = f"M{start.x},{start.y}C{leaving},{start.y} {coming},{end.y} {end.x},{end.y}"
    told = escape("\n".join(captions))
    mark = ' class="active"' if active else ""
    return f'<path{mark} d="{curve}" marker-end="url(#tip)"><title>{told}</title></path>'


def draw_state(state: State, place: Place, language: Language, *, active: bool) -> str:
    """Return the box of a state with its title; a final state has sharper corners."""
    mark = ' class="active"' if active else ""
    radius = 2 if state.final else 12
    title = state.title.say(language)
    lines = split_title(title, LONGEST_LINE[language])
    middle = place.y + BOX_HEIGHT // 2 + 4 - 8 * (len(lines) - 1)
    centre = place.x + BOX_WIDTH // 2
    texts = "".join(
        f'<text{mark} x="{centre}" y="{middle + 16 * number}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<g><title>{escape(title)}</title><rect{mark} x="{place.x}" y="{place.y}"'
        f' width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{radius}"/>{texts}</g>'
    )


def split_title(title: str, longest: int) -> list[str]:
    """Return a title on at most two lines; what does not fit is cut."""
    if len(title) <= longest:
        return [title]
    cut = title.rfind(" ", 0, longest + 1)
    first, rest = (title[:longest], title[longest:]) if cut < 1 else (title[:cut], title[cut + 1 :])
    return [first, rest if len(rest) <= longest else f"{rest[: longest - 1]}…"]
