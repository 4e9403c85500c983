"""Laws of overlays: nothing said changes nothing, chains associate, and nothing is said in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st

from telecom_rules.digests import calculate_digest
from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents import read as read_nodes
from telecom_rules.findings import Findings
from telecom_rules.pack import Merge, Shape
from telecom_rules.pack.linking import link_layers
from telecom_rules.pack.overlay.layers import Layer, Pin
from telecom_rules.pack.overlay.shapes import write_node
from telecom_rules.policies import PolicyDefinition
from tests.pack.house import house

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.pack import Reading

Files: TypeAlias = "dict[str, str]"

HEAD = "pack: {name}\nversion: 1.0.0\ntitle: {{zh: 包, en: Pack}}\nextends: law\n"
BOOK = """\
source: handbook
title: {zh: 手册, en: Book}
kind: rule
clauses: {"4": {title: {zh: 一, en: A}}}
"""

rule_edits = st.sampled_from(
    [
        "{id: high, when: loss >= 7}",
        "{id: high, when: loss >= parameters.threshold}",  # as the base says it
        "{id: high, note: {zh: 高, en: High}}",
        "{id: low, before: high}",
        "{id: low, after: high}",  # where it stands already
        "{id: low, then: {grade: low}}",  # as the base says it
        "{id: high, remove: {reason: {zh: 不用, en: Unused}}}",
        "{id: huge, before: low, when: loss >= 9000, then: {grade: high}, cites: [handbook:4]}",
        "{id: low, in_force: {from: 2027-01-01}}",
    ]
)
policy_edits = st.lists(rule_edits, min_size=1, max_size=3, unique=True).map(
    lambda rules: {
        "grading.yaml": "override: policies.grading\nrules:\n"
        + "".join(f"  - {each}\n" for each in rules)
    }
)
figure_edits = st.builds(
    lambda day, value: {
        "reply.yaml": "override: parameters.reply\nkind: promise\n"
        f"values: {{from: {day}, value: {value}, cites: [handbook:4]}}\n"
    },
    st.sampled_from(["2019-01-01", "2020-01-01", "2027-01-01"]),
    st.sampled_from([10, 15]),
)
workflow_edits = st.sampled_from(
    [
        "clocks: {reply: {warn_at: 80%}}",
        "clocks: {reply: {until: closed}}",  # as the base says it
        "title: {zh: 新的办理}",
        "title: {zh: 办理}",  # as the base says it
        "states: {open: {on: {close: {target: closed, requires: [grade]}}}}",
        "states: {open: {on: {close: {target: closed}}}}",  # says only which one it is
        "states: {open: {tags: [waiting]}}",
    ]
).map(lambda text: {"handling.yaml": f"override: workflows.handling\n{text}\n"})
overlays = st.builds(
    lambda *edits: {name: text for edit in edits for name, text in edit.items()},
    st.one_of(st.just({}), policy_edits),
    st.one_of(st.just({}), figure_edits),
    st.one_of(st.just({}), workflow_edits),
)


def stack(*files: Files) -> Reading:
    """Return the reading of a chain: the pack `house` and overlays, each on the one before."""
    layers = [Layer("law:", None, {f"law:{name}": data for name, data in house().items()})]
    for number, own in enumerate(files):
        label = "" if number == len(files) - 1 else f"p{number}:"
        base = layers[-1]
        named = {"pack.yaml": HEAD.format(name=f"p{number}"), **own}
        if not number:
            named["handbook.yaml"] = BOOK
        layers.append(
            Layer(
                label,
                None,
                {label + name: text.encode() for name, text in named.items()},
                (Pin(base.label, None),),
                frozenset({base.label, *base.below}),
            )
        )
    return link_layers(layers)


def test_an_overlay_with_nothing_in_it_is_the_base() -> None:
    reading = stack({})
    assert reading.findings == ()
    base = reading.base
    assert base is not None
    pack, law = reading.require_pack(), base.require_pack()
    assert {name: each for name, each in pack.digests.items() if "handbook" not in name} == (
        law.digests
    )
    assert pack.workflows["handling"].digest == law.workflows["handling"].digest


@settings(max_examples=60)
@given(overlays)
def test_every_override_either_changes_something_or_is_found(files: Files) -> None:
    reading = stack(files)
    said = [each for each in files if each != "handbook.yaml"]
    for name in said:
        found = any(each.span.file == name for each in reading.findings)
        without = stack({other: text for other, text in files.items() if other != name})
        changed = reading.pack is None or digest_of(reading) != digest_of(without)
        assert found or changed, files[name]


@settings(max_examples=40)
@given(st.lists(overlays, min_size=1, max_size=3))
def test_empty_layers_anywhere_in_a_chain_make_no_difference(chain: list[Files]) -> None:
    with_gaps = [each for files in chain for each in (files, {})]
    assert digest_of(stack(*chain)) == digest_of(stack({}, *with_gaps))


@settings(max_examples=60)
@given(overlays, overlays)
def test_laying_two_overlays_one_by_one_is_laying_them_as_one(one: Files, other: Files) -> None:
    # Two that touch different elements can be written in one pack; the chain says the same.
    apart = {name: text for name, text in other.items() if name not in one}
    together = {**one, **apart}
    assert digest_of(stack(one, apart)) == digest_of(stack(together, {}))


@settings(max_examples=60)
@given(st.lists(rule_edits, min_size=3, max_size=3))
def test_merging_is_associative_where_nothing_is_taken_out_or_moved(edits: Sequence[str]) -> None:
    plain = [
        each
        for each in edits
        if "remove" not in each and "fore:" not in each and "after" not in each
    ]
    nodes = [parse(f"policy: p\nrules: [{each}]\n") for each in plain]
    base = parse(house()["policies/grading.yaml"].decode())
    left: Tree = base
    for each in nodes:
        left = lay(left, each)
    right = nodes[-1] if nodes else Tree(base.span)
    for each in nodes[-2::-1]:
        right = lay(each, right)
    assert write_node(lay(base, right) if nodes else base) == write_node(left)


def lay(base: Tree, over: Tree) -> Tree:
    merge = Merge(Findings(), lambda *_: False, fixed={})
    laid = merge.lay(base, over, Shape(model=PolicyDefinition), "policies.p")
    assert isinstance(laid, Tree)
    return laid


def parse(text: str) -> Tree:
    node = read_nodes(text.encode(), "a.yaml", Findings())
    assert node is not None
    if "policy: p" in text:
        del node["policy"]  # type: ignore[arg-type]  # a word equals its text
    return node


def digest_of(reading: Reading) -> object:
    """Return what a pack means and says, or that it does not load."""
    if reading.pack is None:
        return None
    parts = {name: each for name, each in reading.pack.digests.items() if "handbook" not in name}
    charts = [each.states["open"].tags for each in reading.pack.workflows.values()]
    return calculate_digest([parts, [sorted(each) for each in charts]])
