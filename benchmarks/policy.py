"""What a decision costs, by us, by hand and by other engines: `make bench`.

The table of `rules/penalty.yaml`: six rows that exclude one another, over a code, an amount of
money, a boolean and a count. The limit is the same rules as `if` and `elif`, reading and checking
the same types and giving the same exact amounts. Everybody answers the same on 500 records first.
"""

from __future__ import annotations

import argparse
import itertools
import random
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from measure import cpu, machine, ratio, table, times, version

import telecom_rules
from telecom_rules.policies.editions.table import TableEdition
from telecom_rules.policies.fast.compile import compile_rows
from telecom_rules.policies.policy import engine_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules import Policy

RULES = Path(__file__).parent / "rules"
PENALTY = telecom_rules.load(RULES).policies["penalty"]
DAY = date(2026, 3, 2)
SEVERITIES = ("minor", "general", "serious", "grave")
GAINS = ("0", "1000.00", "49999.99", "50000", "50000.01", "80000.00", "312500.50")

Facts = Mapping[str, Any]
Answer = tuple[str, Decimal, Decimal]


@dataclass(frozen=True)
class Contestant:
    """Somebody who decides.

    Attributes:
        name: what the table calls it.
        package: the distribution it comes from, or `None`.
        decide: what is timed.
        answer: the measure and the fines in what `decide` gives; `None` where it says no more.
    """

    name: str
    package: str | None
    decide: Callable[[Facts], Any]
    answer: Callable[[Any], Answer] | None


def records(count: int) -> list[Facts]:
    """Return some violations, the same every time."""
    draw = random.Random(7)
    return [
        {
            "severity": draw.choice(SEVERITIES),
            "gain": draw.choice(GAINS),
            "crime": draw.randrange(10) == 0,
            "repeats": draw.randrange(5),
        }
        for _ in range(count)
    ]


NOTHING, LOW, MIDDLE, HIGH = map(Decimal, (0, 10_000, 100_000, 1_000_000))
EDGE = Decimal(50_000)


def by_hand(facts: Facts) -> Answer:
    """Decide as somebody would write it down who checks what comes in."""
    severity, crime, repeats = facts["severity"], facts["crime"], facts["repeats"]
    gain = Decimal(facts["gain"])
    if severity not in SEVERITIES or not isinstance(crime, bool):
        raise ValueError(facts)
    if not isinstance(repeats, int) or repeats < 0 or not gain.is_finite() or gain < 0:
        raise ValueError(facts)
    if crime:
        return "prosecute", NOTHING, NOTHING
    if severity in ("serious", "grave"):
        if gain >= EDGE:
            return "confiscate_and_fine", gain * 3, gain * 5
        return "fine", MIDDLE, HIGH
    if severity == "general":
        if repeats >= 2:  # noqa: PLR2004 - the table says so
            return "fine", LOW, MIDDLE
        return "correct", NOTHING, NOTHING
    return "warn", NOTHING, LOW


def ours() -> list[Contestant]:
    """Return what we do, from the compiled function alone to a decision with its explanation."""
    facts = PENALTY.facts.read(records(1)[0])
    edition = engine_of(PENALTY).edition_on(DAY)
    assert isinstance(edition, TableEdition)
    context = edition.build_context(facts, DAY)
    find = compile_rows(edition)

    def inner(facts: Any) -> int:
        at: int = find(facts, context)
        return at

    def decided_record(facts: Any) -> telecom_rules.Decision:
        return engine_of(PENALTY).decide(facts, on=DAY)

    def explained(facts: Facts) -> str:
        return PENALTY.decide(facts, on=DAY).explain()

    amounts = itertools.count(100_000)

    def explained_anew(facts: Facts) -> str:
        anew = {**facts, "gain": f"{next(amounts)}.00"}
        return PENALTY.decide(anew, on=DAY).explain()

    def answer(decision: telecom_rules.Decision) -> Answer:
        given: Any = decision.outputs
        return given["measure"], given["lowest"], given["highest"]

    return [
        Contestant("compiled table alone, on a record", None, inner, None),
        Contestant("decide_record", None, decided_record, answer),
        Contestant("decide", None, lambda facts: PENALTY.decide(facts, on=DAY), answer),
        Contestant("decide, on an object", None, lambda each: PENALTY.decide(each, on=DAY), answer),
        Contestant("decide and explain", None, explained, None),
        Contestant("decide and explain, every amount new", None, explained_anew, None),
    ]


# Other engines have no exact numbers of this kind: they get the gain as a float.

ROWS = (
    ("crime", "prosecute", "0.0", "0.0"),
    ("severity in ['serious', 'grave'] and gain >= 50000.0",
     "confiscate_and_fine", "gain * 3.0", "gain * 5.0"),
    ("severity in ['serious', 'grave']", "fine", "100000.0", "1000000.0"),
    ("severity == 'general' and repeats >= 2", "fine", "10000.0", "100000.0"),
    ("severity == 'general'", "correct", "0.0", "0.0"),
    ("true", "warn", "0.0", "10000.0"),
)  # fmt: skip


def ladder(quoted: str) -> str:
    """Return the rows as one expression with `? :`, `quoted` around each measure."""
    *rows, last = ROWS
    result = "[{}, {}, {}]".format(quoted.format(last[1]), *last[2:])
    for test, measure, lowest, highest in reversed(rows):
        result = f"({test}) ? [{quoted.format(measure)}, {lowest}, {highest}] : {result}"
    return result


def rounded(measure: object, lowest: float, highest: float) -> Answer:
    """Return an answer in floats as the exact one it stands for."""
    return str(measure), Decimal(f"{lowest:.2f}"), Decimal(f"{highest:.2f}")


def with_zen() -> list[Contestant]:
    """Return the decision table of `zen-engine`, with and without its trace."""
    import zen

    inputs, outputs = ("crime", "severity", "gain", "repeats"), ("measure", "lowest", "highest")
    cells = (
        ("true", "", "", "", "'prosecute'", "0", "0"),
        ("", "'serious','grave'", ">= 50000", "", "'confiscate_and_fine'", "gain * 3", "gain * 5"),
        ("", "'serious','grave'", "", "", "'fine'", "100000", "1000000"),
        ("", "'general'", "", ">= 2", "'fine'", "10000", "100000"),
        ("", "'general'", "", "", "'correct'", "0", "0"),
        ("", "", "", "", "'warn'", "0", "10000"),
    )
    names = (*inputs, *outputs)
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in inputs],
        "outputs": [{"id": name, "name": name, "field": name} for name in outputs],
        "rules": [
            {"_id": str(at), **dict(zip(names, row, strict=True))} for at, row in enumerate(cells)
        ],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "t", "type": "decisionTableNode", "name": "t", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    graph = {"t": {"nodes": nodes, "edges": edges}}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": graph}})

    def decide(facts: Facts) -> Any:
        return engine.evaluate("t", {**facts, "gain": float(facts["gain"])})

    def traced(facts: Facts) -> Any:
        return engine.evaluate("t", {**facts, "gain": float(facts["gain"])}, {"trace": True})

    def answer(found: Any) -> Answer:
        return rounded(*(found["result"][name] for name in outputs))

    return [
        Contestant("zen-engine, decision table", "zen-engine", decide, answer),
        Contestant("zen-engine, with its trace", "zen-engine", traced, answer),
    ]


def with_cel() -> list[Contestant]:
    """Return one expression in `cel-python`, compiled as its manual says."""
    import celpy

    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    source = ladder("dyn('{}')").replace(" and ", " && ")
    program = environment.program(environment.compile(source))

    def decide(facts: Facts) -> Any:
        return program.evaluate(celpy.json_to_cel({**facts, "gain": float(facts["gain"])}))

    return [Contestant("cel-python", "cel-python", decide, lambda found: rounded(*found))]


def entrants() -> tuple[list[Contestant], list[str]]:
    """Return everybody who is there, the limit first, and the engines that are not installed."""
    field = [
        Contestant("hand-written `if`/`elif`", None, by_hand, lambda answer: answer),
        *ours(),
    ]
    absent = []
    for make in (with_zen, with_cel):
        try:
            field += make()
        except ImportError as problem:
            absent.append(str(problem.name))
    return field, absent


def given(each: Contestant, facts: Sequence[Facts]) -> list[Any]:
    """Return what a contestant takes: facts as they come, a record, or objects of a host."""
    if "object" in each.name:
        return [SimpleNamespace(**one) for one in facts]
    return [PENALTY.facts.read(one) for one in facts] if "record" in each.name else list(facts)


def verify(each: Contestant) -> None:
    """Check that a contestant decides as the hand-written code does."""
    sample = records(500)
    for facts, one in zip(sample, given(each, sample), strict=True):
        found = each.decide(one)
        if each.answer is not None:
            assert each.answer(found) == by_hand(facts), (each.name, facts, found)


def costs(field: Sequence[Contestant], rounds: int) -> Iterator[Sequence[object]]:
    """Yield a row of figures for each contestant."""
    who = {each.name: each for each in field}
    spent = times(
        {each.name: each.decide for each in field},
        lambda name, count: given(who[name], records(count)),
        rounds,
    )
    limit = spent[field[0].name]
    for each in field:
        took = spent[each.name]
        yield (
            each.name,
            version(each.package),
            f"{statistics.median(took):.2f}",
            f"{min(took):.2f} to {max(took):.2f}",
            f"{ratio(took, limit):,.1f}",
        )


def wide(rows: int) -> Policy:
    """Return a table of so many rows, one for each count of earlier violations."""
    head = (
        "policy: wide\ntitle: {zh: 长表, en: Wide}\nfacts: violation\nhit_policy: first\n"
        "outputs: {lowest: money}\nrules:\n"
    )
    lines = [
        f'  - {{id: r{at}, when: {{repeats: "{at}"}}, then: {{lowest: "{at}"}}}}\n'
        for at in range(rows)
    ]
    with TemporaryDirectory() as folder:
        for name in ("pack.yaml", "severity.yaml", "violation.yaml"):
            Path(folder, name).write_bytes((RULES / name).read_bytes())
        Path(folder, "wide.yaml").write_text(head + "".join(lines), encoding="utf-8")
        return telecom_rules.load(folder).policies["wide"]


def growth() -> Iterator[Sequence[object]]:
    """Yield the cost of a decision by the length of the table and the row that decides."""
    for rows in (6, 2_000):
        policy = wide(rows)
        for place, at in (("first", 0), ("last", rows - 1)):
            sample = [{"repeats": at}] * 1_000
            cost = statistics.median(
                cpu(lambda facts, policy=policy: policy.decide(facts, on=DAY), sample)
                for _ in range(7)
            )
            yield f"{rows:,} rows, the {place} decides", f"{cost:.2f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    field, absent = entrants()
    for each in field:
        verify(each)
    print(f"{machine()}; CPU time, median of {rounds} rounds\n")
    print(table(("", "version", "µs", "range", "x"), costs(field, rounds)), end="\n\n")
    print(table(("telecom_rules", "decide µs"), growth()))
    for name in absent:
        print(f"\nnot installed, left out: {name}")


if __name__ == "__main__":
    main()
