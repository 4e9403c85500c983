"""SCXML documents: each becomes files of a pack that loads, or findings that say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.interop import from_scxml, to_scxml
from tests.fuzz.harness import Harness
from tests.fuzz.xml_documents import grow_document, judge_import, read_part
from tests.interop.house import made
from tests.interop.test_exports import CHART, SMALL, WILD
from tests.interop.test_scxml_documents import DOOR, REFUSED, chart

if TYPE_CHECKING:
    from random import Random

NAMESPACES = ("http://www.w3.org/2005/07/scxml", "", "urn:other")
SEEDS = [
    read_part(text)
    for text in (
        *[DOOR] * 20,
        *(to_scxml(made(each)) for each in (SMALL, WILD, CHART)),
        *(chart(inside) for inside, _, _ in REFUSED),
    )
]


EVENTS = ("e", "e.f", "e.f.g", "go", "null", "on", "e.*", "Bell", "done.state.s0", "done.state.s1")
CONDITIONS = ("n == 1", "n &lt; 3 &amp;&amp; true", "In('s1')", "!In('s0')", "text == 'a'")
ACTIONS = (
    '<assign location="n" expr="n + 1"/>',
    '<assign location="text" expr="\'b\'"/>',
    '<raise event="e.f"/>',
    '<send event="ring"><param name="p" expr="n"/></send>',
    '<send event="e.f" target="#_internal"/>',
    '<log expr="n"/>',
    '<if cond="n == 1"><raise event="e.f"/></if>',
    """<if cond="In('s1')"><if cond="text == 'a'"><assign location="n" expr="2"/></if></if>""",
)
DATA = '<datamodel><data id="n" expr="0"/><data id="text" expr="\'a\'"/></datamodel>'


def grow(rng: Random) -> str:
    """Return a document: one that follows the grammar of SCXML, or one that was spoilt."""
    return grow_chart(rng) if rng.random() < 0.4 else grow_document(rng, SEEDS, NAMESPACES)


def grow_chart(rng: Random) -> str:
    """Return a chart of up to a dozen states, with transitions between any of them."""
    names = [f"s{number}" for number in range(rng.randint(2, 12))]
    left = list(names)
    states = []
    while left:
        states.append(grow_state(rng, left, names, 0))
    initial = f'initial="{pick_targets(rng, names)}"' if rng.random() < 0.5 else ""
    return (
        f'<scxml xmlns="{NAMESPACES[0]}" name="chart" datamodel="ecmascript" {initial}>'
        f"{DATA}{''.join(states)}</scxml>"
    )


def grow_state(rng: Random, left: list[str], names: list[str], depth: int) -> str:
    """Return a state with some of the names that are left for states in it."""
    name = left.pop(0)
    kind = rng.choices(("state", "parallel", "final", "history"), (9, 2, 1, depth and 1))[0]
    if kind == "final":
        return f'<final id="{name}"/>'
    if kind == "history":
        return f'<history id="{name}"><transition target="{rng.choice(names)}"/></history>'
    inside = []
    while left and depth < 4 and (rng.random() < 0.4 or (kind == "parallel" and not inside)):
        inside.append(grow_state(rng, left, names, depth + 1))
    initial = ""
    if kind == "state" and inside and rng.random() < 0.5:
        below = names[names.index(name) + 1 : len(names) - len(left)]
        initial = f'initial="{pick_targets(rng, below)}"'
    actions = "".join(rng.sample(ACTIONS, rng.randint(0, 2)))
    entry = f"<{rng.choice(('onentry', 'onexit'))}>{actions}</{{}}>" if actions else ""
    entry = entry.format(entry[1:].partition(">")[0])
    ways = "".join(grow_transition(rng, names) for _ in range(rng.randint(0, 3)))
    return f'<{kind} id="{name}" {initial}>{entry}{ways}{"".join(inside)}</{kind}>'


def grow_transition(rng: Random, names: list[str]) -> str:
    """Return a transition."""
    event = f'event="{rng.choice(EVENTS[: rng.choice((6, 6, 6, 10))])}"'
    event = event if rng.random() < 0.9 else ""
    condition = f'cond="{rng.choice(CONDITIONS)}"' if rng.random() < 0.3 else ""
    kind = 'type="internal"' if rng.random() < 0.2 else ""
    target = f'target="{pick_targets(rng, names)}"' if rng.random() < 0.8 else ""
    actions = "".join(rng.sample(ACTIONS, rng.choice((0, 0, 0, 1, 1, 2))))
    return f"<transition {event} {condition} {kind} {target}>{actions}</transition>"


def pick_targets(rng: Random, names: list[str]) -> str:
    """Return one target, now and then two."""
    return " ".join(rng.sample(names, min(len(names), rng.choice((1, 1, 1, 1, 1, 1, 1, 2)))))


def examine(text: str) -> str:
    """Import a document as the command does; tell whether it was refused or loaded."""
    return judge_import(from_scxml, text)


HARNESS = Harness(grow=grow, examine=examine, share=60)
