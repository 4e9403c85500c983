"""What a small file may cost is bounded, and a large pack takes as long as its files together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from telecom_rules.checks import check
from telecom_rules.pack import link
from tests.fuzz.harness import MOST_SECONDS
from tests.pack.house import house
from tests.patience import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = "title: {zh: 题, en: T}"
CITED = "cites: [book:2]"
FLOW = f"""\
workflow: big
version: 1.0.0
{T}
cites: [book:2]
facts: ticket
events:
EVENTS
initial: s0
states:
STATES
  z: {{{T}, type: final, cites: [book:2]}}
"""


def flow(events: Iterable[str], states: Iterable[str]) -> dict[str, str]:
    listed = "\n".join(f"  {each}: {{{T}}}" for each in events)
    return {"workflows_big": FLOW.replace("EVENTS", listed).replace("STATES", "\n".join(states))}


def state(at: int, last: int, trigger: str) -> str:
    target = f"s{at + 1}" if at < last else "z"
    return f"  s{at}: {{{T}, {CITED}, on: {{{trigger}: {{target: {target}, {CITED}}}}}}}"


def many_values(count: int) -> dict[str, str]:
    days = (f"{1000 + at // 336:04}-{at % 12 + 1:02}-{at // 12 % 28 + 1:02}" for at in range(count))
    values = "".join(
        f"  - {{from: {day}, value: 3, cites: [book:1], confidence: high}}\n" for day in days
    )
    return {
        "parameters_big": f"parameter: big\n{T}\nunit: yuan\nstricter: lower\nvalues:\n{values}"
    }


def many_optional_facts(count: int) -> dict[str, str]:
    fields = "".join(f"  c{at}: {{type: money?, {T}}}\n" for at in range(count))
    rules = "".join(
        f"  - {{id: r{at}, when: has(c{at}) && c{at} > 1, then: {{grade: high}}, {CITED}}}\n"
        for at in range(count // 2)
    )
    return {
        "facts_big": f"facts: big\n{T}\ncites: [book:1]\nfields:\n{fields}",
        "policies_big": (
            f"policy: big\n{T}\ncites: [book:1]\nfacts: big\nhit_policy: first\n"
            f"outputs: {{grade: grade}}\nrules:\n{rules}"
            "  - {id: low, then: {grade: low}, cites: [book:1]}\n"
        ),
    }


def many_prefixes(count: int) -> dict[str, str]:
    events = [f"a{at}.x" for at in range(count)]
    return flow(events, (state(at, count - 1, f"a{at}.*") for at in range(count)))


def many_properties(count: int) -> dict[str, str]:
    region = (
        f"      rNN: {{{T}, initial: aNN, states: {{"
        f"aNN: {{{T}, cites: [book:2], on: {{eNN: {{target: bNN, cites: [book:2]}}}}}},"
        f" bNN: {{{T}, type: final, cites: [book:2]}}}}}}"
    )
    regions = "\n".join(region.replace("NN", str(at)) for at in range(20))
    parallel = (
        f"  s0:\n    {T}\n    cites: [book:2]\n    type: parallel\n"
        f"    onDone: {{target: z, cites: [book:2]}}\n    states:\n{regions}"
    )
    properties = "".join(
        f"  - {{{T}, response: {{first: e{at % 20}, then: b{(7 * at + 3) % 20}}}, {CITED}}}\n"
        for at in range(count)
    )
    files = flow((f"e{at}" for at in range(20)), [parallel])
    text = files["workflows_big"].replace("initial: s0", f"properties:\n{properties}initial: s0")
    return {"workflows_big": text}


@pytest.mark.parametrize(
    ("build", "count"),
    [
        (many_values, 2_000),
        (many_optional_facts, 400),
        (many_prefixes, 500),
        (many_properties, 100),
    ],
)
def test_a_file_with_much_of_one_thing_is_validated_within_the_promise(
    build: Callable[[int], dict[str, str]], count: int
) -> None:
    files = build(count)
    with within(MOST_SECONDS):
        reading = link(house(**files))
        check(reading)
    assert reading.findings == ()


def wild(name: str, count: int) -> str:
    states = (state(at, count - 1, '"*"') for at in range(count))
    text = flow((f"e{at}" for at in range(count)), states)["workflows_big"]
    return text.replace("workflow: big", f"workflow: {name}")


def test_wildcards_that_multiply_are_a_finding_and_not_a_wait() -> None:
    with within(MOST_SECONDS):
        reading = link(house(workflows_big=wild("big", 300)))
        (finding,) = (*reading.findings, *check(reading))
    assert (finding.id, finding.span.file) == ("TR129", "workflows/big.yaml")


def test_the_wildcards_of_all_workflows_count_together() -> None:
    one = {f"workflows_w{at}": wild(f"w{at}", 90) for at in range(3)}
    (finding,) = link(house(**one)).findings
    assert (finding.id, finding.values["name"]) == ("TR129", "w2")
    assert not link(house(workflows_w0=one["workflows_w0"])).findings


def mixed(count: int) -> dict[str, str]:
    files = {}
    for at in range(count):
        files[f"facts_f{at}"] = (
            f"facts: f{at}\n{T}\ncites: [book:1]\nfields:\n  x: {{type: money, {T}}}\n"
        )
        files[f"parameters_q{at}"] = (
            f"parameter: q{at}\n{T}\nunit: yuan\nstricter: lower\n"
            "values: [{from: 2020-01-01, value: 3, cites: [book:1], confidence: high}]\n"
        )
        files[f"policies_p{at}"] = (
            f"policy: p{at}\n{T}\ncites: [book:1]\nfacts: f{at}\nhit_policy: first\n"
            "outputs: {grade: grade}\nrules:\n"
            f"  - {{id: a, when: x > parameters.q{at}, then: {{grade: low}}, cites: [book:1]}}\n"
            "  - {id: b, then: {grade: high}, cites: [book:1]}\n"
        )
        guard = f"guard: policies.p{at}.grade == 'low', cites: [book:2]"
        files[f"workflows_w{at}"] = (
            FLOW.replace("workflow: big", f"workflow: w{at}")
            .replace("facts: ticket", f"facts: f{at}")
            .replace("EVENTS", f"  go: {{{T}}}")
            .replace("STATES", state(0, 0, "go").replace(f"{CITED}}}}}}}", f"{guard}}}}}}}"))
        )
    return files


@pytest.mark.slow
def test_a_pack_of_a_thousand_files_takes_as_long_as_its_files_together() -> None:
    def measure(count: int) -> float:
        files = house(**mixed(count))
        begun = time.process_time()
        reading = link(files)
        found = check(reading)
        assert not reading.findings
        assert not [each for each in found if each.severity.value == "error"]
        return time.process_time() - begun

    few = min(measure(50) for _ in range(3))  # files of four kinds each
    assert min(measure(250) for _ in range(2)) < 2 * 5 * few
