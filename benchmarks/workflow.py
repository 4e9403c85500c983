"""What an event, a start and a case cost, by us and by others: `make bench`."""

from __future__ import annotations

import argparse
import statistics
from datetime import UTC
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from contestants import BARE, BEGIN, FULL, HANDLING, LINE, OURS, SCRIPT, TRACE, Contestant, entrants
from measure import cpu, machine, memory, ratio, table, times, version

import telecom_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from telecom_rules import Case

NUMBER: dict[str, object] = {"number": "C-1"}
TURNS = 2_000
"""Events of one case behind a figure about size."""


def verify(each: Contestant) -> None:
    """Check the state after every event, and that cases do not mix."""
    cases = [each.start(dict(NUMBER)) for _ in range(3)]
    for done, expected in enumerate(TRACE):
        if done:
            cases = [each.walk(case, SCRIPT[done - 1 : done]) for case in cases]
        for case in cases:
            assert each.state(case) == expected, (each.name, done, each.state(case))
    each.forget()


def costs(field: Sequence[Contestant], rounds: int) -> Iterator[Sequence[object]]:
    """Yield a row of figures for each contestant."""

    def prepare(name: str, count: int) -> list[dict[str, object]]:
        who[name].forget()
        return [dict(NUMBER) for _ in range(count)]

    def cases(name: str, count: int) -> list[Any]:
        return [who[name].start(each) for each in prepare(name, count)]

    who = {each.name: each for each in field}
    starts = times({each.name: each.start for each in field}, prepare, rounds)
    walks = times({each.name: partial(walk, each) for each in field}, cases, rounds)
    for each in field:
        events = [micros / len(LINE) for micros in walks[each.name]]
        new, walked = memory(partial(begun, each)), memory(partial(played, each))
        each.forget()
        yield (
            each.name,
            version(each.package),
            f"{statistics.median(events):.2f}",
            f"{min(events):.2f} to {max(events):.2f}",
            f"{ratio(walks[each.name], walks[BARE.name]):,.0f}",
            f"{ratio(walks[each.name], walks[FULL.name]):,.1f}",
            f"{ratio(walks[each.name], walks[OURS.name]):,.2f}",
            f"{statistics.median(starts[each.name]):.2f}",
            f"{new:,.0f}",
            f"{walked:,.0f}",
        )


def walk(each: Contestant, case: object) -> object:
    """Take one case through all events."""
    return each.walk(case, SCRIPT)


def begun(each: Contestant) -> object:
    """Return a case that has just begun, with facts of its own."""
    return each.start(dict(NUMBER))


def played(each: Contestant) -> object:
    """Return a case that has gone all the way."""
    return each.walk(begun(each), SCRIPT)


def chart(states: int, depth: int) -> str:
    """Return a workflow of so many states in which `a` and `b` lie so deep."""
    head = (
        "workflow: sized\nversion: 1.0.0\ntitle: {zh: 规模, en: Sized}\nfacts: complaint\n"
        "events:\n  go: {title: {zh: 去, en: Go}}\n  back: {title: {zh: 回, en: Back}}\n"
        f"initial: {'s1' if depth > 1 else 'a'}\nstates:\n"
    )
    around = [
        f"{'    ' * at}  s{at + 1}:\n{'    ' * at}    title: {{zh: 层, en: Level}}\n"
        f"{'    ' * at}    initial: {f's{at + 2}' if at + 2 < depth else 'a'}\n"
        f"{'    ' * at}    states:\n"
        for at in range(depth - 1)
    ]
    inner = "    " * (depth - 1)
    leaves = [
        f"{inner}  a: {{title: {{zh: 甲, en: A}}, on: {{go: b}}}}\n",
        f"{inner}  b: {{title: {{zh: 乙, en: B}}, on: {{back: a, go: f0}}}}\n",
    ]
    others = [
        f"  f{at}: {{title: {{zh: 其他, en: Other}}, on: {{go: f{at + 1}}}}}\n"
        for at in range(states - 3)
    ]
    last = f"  f{states - 3}: {{title: {{zh: 终, en: Last}}, type: final}}\n"
    return head + "".join([*around, *leaves, *others, last])


def sized(states: int, depth: int) -> Case:
    """Return a case of such a workflow."""
    rules = Path(__file__).parent / "rules"
    with TemporaryDirectory() as folder:
        for name in ("pack.yaml", "complaint.yaml"):
            Path(folder, name).write_bytes((rules / name).read_bytes())
        Path(folder, "sized.yaml").write_text(chart(states, depth), encoding="utf-8")
        workflow = telecom_rules.load(folder).workflows["sized"]
    return workflow.start(NUMBER, at=BEGIN, id="C-1")


def back_and_forth(case: Case, at: datetime) -> None:
    """Send two events that lead back to where the case is."""
    case.send("go", at=at).case.send("back", at=at)


def event_cost(case: Case, zone: tzinfo | None = None) -> float:
    """Return the microseconds of one event, at an instant in the case's zone or another."""
    work = partial(back_and_forth, at=case.at.astimezone(zone) if zone else case.at)
    return statistics.median(cpu(work, [case] * TURNS) / 2 for _ in range(7))


def growth() -> Iterator[Sequence[object]]:
    """Yield the cost of an event as what should not matter grows."""
    for depth in (1, 4, 8):
        yield f"depth {depth}", f"{event_cost(sized(20, depth)):.2f}"
    for states in (10, 100, 1_000):
        yield f"{states:,} states", f"{event_cost(sized(states, 1)):.2f}"
    case = sized(10, 1)
    kept: list[Case] = []
    for alive in (1, 1_000, 100_000):
        kept += [case.send("go", at=case.at).case for _ in range(alive - len(kept))]
        yield f"{alive:,} cases alive", f"{event_cost(case):.2f}"
    yield "instants in UTC, not in the pack's zone", f"{event_cost(case, UTC):.2f}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    field, absent = entrants()
    for each in field:
        verify(each)
    print(f"{machine()}; CPU time, median of {rounds} rounds\n")
    head = (
        "", "version", "event µs", "range", "x bare", "x same work", "x ours",
        "start µs", "bytes with facts", "after 8 events",
    )  # fmt: skip

    print(table(head, costs(field, rounds)), end="\n\n")
    own = memory(lambda: HANDLING.facts.read(NUMBER))
    case = memory(lambda: OURS.start(NUMBER))
    print(f"A case of {OURS.name} is {case - own:,.0f} bytes beyond its facts.\n")
    print(table(("telecom_rules", "event µs"), growth()))
    for name in absent:
        print(f"\nnot installed, left out: {name}")


if __name__ == "__main__":
    main()
