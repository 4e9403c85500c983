"""The command: put grown inputs to the harnesses for a time, print counts and broken promises."""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from typing import TYPE_CHECKING

from tests.fuzz.harness import Harness, Tally, find_harnesses, grow, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN = 10
"""Broken promises of one harness that are printed."""
LONGEST = 1_000
"""Characters of an input that are printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run harnesses; return 1 when a promise is broken."""
    harnesses = find_harnesses()
    options = read_options(harnesses, arguments)
    broken = 0
    for name in options.names or harnesses:
        harness = harnesses[name]
        numbers: Iterable[int] = itertools.count() if options.only is None else [options.only]
        begun = time.monotonic()
        tally = run(name, harness, options.seed, numbers, options.seconds)
        report(name, tally, time.monotonic() - begun)
        broken += len(tally.broken)
    return 1 if broken else 0


def run(
    name: str, harness: Harness[object], seed: int, numbers: Iterable[int], seconds: float
) -> Tally:
    """Put inputs to a harness until the seconds are over or the numbers end."""
    tally = Tally()
    end = time.monotonic() + seconds
    for number in numbers:
        judge(harness, grow(name, harness, seed, number), number, tally)
        if time.monotonic() >= end:
            break
    return tally


def report(name: str, tally: Tally, seconds: float) -> None:
    """Print what a run has seen."""
    outcomes = ", ".join(f"{key} {count}" for key, count in sorted(tally.outcomes.items()))
    slowest, number = tally.slowest
    say(
        f"{name}: {sum(tally.outcomes.values())} inputs in {seconds:.0f} s; {outcomes};"
        f" slowest {slowest:.2f} s (number {number})"
    )
    for each in tally.broken[:SHOWN]:
        say(f"  number {each.number}: {each.problem}\n    {each.text[:LONGEST]}")
    if len(tally.broken) > SHOWN:
        say(f"  and {len(tally.broken) - SHOWN} more")


def read_options(
    harnesses: dict[str, Harness[object]], arguments: Sequence[str] | None
) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="HARNESS", help=", ".join(harnesses))
    parser.add_argument("--seconds", type=float, default=10.0, help="for each harness")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="NUMBER", help="the input of this number")
    options = parser.parse_args(arguments)
    if unknown := sorted({*options.names} - {*harnesses}):
        parser.error(f"no harness is called {' or '.join(unknown)}")
    return options


def say(line: str) -> None:
    """Print a line at once, whatever characters it holds."""
    sys.stdout.buffer.write((line + "\n").encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
