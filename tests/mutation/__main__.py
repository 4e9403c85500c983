"""The command: draw mutants, try them, print those that survive and the share noticed."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutation.changes import NoChanges, changed_files
from tests.mutation.mutants.equivalents import find_stale, read_equivalents
from tests.mutation.mutants.mutant import find_mutants
from tests.mutation.mutants.sample import draw_sample
from tests.mutation.report import (
    describe_noticed,
    describe_share,
    describe_survivor,
    iter_table,
    seconds_each,
    share_guarded,
)
from tests.mutation.rooms import ROOMS, ROOT
from tests.mutation.trials.campaign import BUDGET, Campaign
from tests.mutation.trials.recording import TestsFail

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.mutation.mutants.equivalents import Equivalent
    from tests.mutation.mutants.mutant import Mutant
    from tests.mutation.rooms import Room
    from tests.mutation.trials.campaign import Result

EQUIVALENTS = Path(__file__).with_name("equivalents.toml")
OFTEN = 25
"""After so many mutants the count is printed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants; return 1 when too few are noticed, 2 when nothing could be learned."""
    options = read_options(arguments)
    rooms = [room for room in ROOMS if options.room in {None, room.name}]
    try:
        mutants = mutants_of(rooms, options.changed)
    except NoChanges as problem:
        say(f"no mutant was tried, because git names no changes: {problem}")
        return 0
    if not mutants and options.changed:
        say(f"no mutant was tried: no hot module has changed since {options.changed}")
        return 0
    sample = [each for each in mutants if each.id in options.only]
    if missing := {*options.only} - {each.id for each in sample}:
        say(f"no mutant is called {' or '.join(sorted(missing))}")
        return 2
    sample = sample or draw_sample(mutants, options.sample, options.seed)
    say(f"{len(sample)} of {len(mutants)} mutants, seed {options.seed}")
    equivalents = read_equivalents(EQUIVALENTS)
    try:
        results = try_sample(sample, equivalents, options)
    except TestsFail as problem:
        say(f"the tests fail without a mutant: {problem}")
        return 2
    report(results, find_stale(equivalents, mutants))
    if len(results) < len(sample):
        say(f"{len(sample) - len(results)} were not tried: {options.minutes:g} minutes are over")
    return judge(results, options.fail_under)


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=600, help="how many mutants (600)")
    parser.add_argument("--seed", type=int, default=1, help="which of them (1)")
    parser.add_argument("--room", choices=[room.name for room in ROOMS], help="of one room only")
    parser.add_argument("--changed", metavar="BASE", help="of files changed since a revision only")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="these mutants only")
    parser.add_argument("--show", action="store_true", help="show the output of the tests")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once (2)")
    parser.add_argument(
        "--budget",
        type=float,
        default=BUDGET,
        metavar="SECONDS",
        help=f"on record of the tests of each ({BUDGET:g})",
    )
    parser.add_argument("--minutes", type=float, default=55, help="begin no trial after these (55)")
    parser.add_argument(
        "--fail-under", type=float, default=90, metavar="PERCENT", help="the least share (90)"
    )
    return parser.parse_args(arguments)


def mutants_of(rooms: Iterable[Room], base: str | None) -> list[Mutant]:
    """Return the mutants of rooms, those of changed files if there is a base."""
    changed = None if base is None else changed_files(ROOT, base)
    return [
        mutant
        for room in rooms
        for path in room.modules(ROOT)
        if changed is None or path.as_posix() in changed
        for mutant in find_mutants(room.name, ROOT, path)
    ]


def try_sample(
    sample: Sequence[Mutant], equivalents: tuple[Equivalent, ...], options: argparse.Namespace
) -> list[Result]:
    """Return the results of the mutants of a sample, and print the survivors as they come."""
    since = time.monotonic()
    results: list[Result] = []
    with tempfile.TemporaryDirectory() as scratch:
        campaign = Campaign(
            root=ROOT,
            scratch=Path(scratch),
            rooms=ROOMS,
            equivalents=equivalents,
            jobs=options.jobs,
            budget=options.budget,
            until=since + 60 * options.minutes,
            quiet=not options.show,
        )
        say("finding out which tests run which line")
        recording = campaign.record(sample)
        tests = sum(len(each.seconds) for each in recording.values())
        say(f"{tests} tests, after {time.monotonic() - since:.0f} s")
        for result in campaign.run(sample, recording):
            results.append(result)
            if not result.guarded:
                say(describe_survivor(result))
            elif options.only:
                say(describe_noticed(result))
            if len(results) % OFTEN == 0:
                say(f"... {len(results)} tried: {describe_share(results)}")
    return results


def report(results: Sequence[Result], stale: Sequence[Equivalent]) -> None:
    """Print the figures, and the entries of the list of equivalents that name no mutant."""
    say("")
    for line in iter_table(results):
        say(line)
    say(f"{seconds_each(results):.1f} s of processor time for each")
    for entry in stale:
        say(f"stale in {EQUIVALENTS.name}: {entry.module}: {entry.line}: {entry.change}")


def judge(results: Sequence[Result], least: float) -> int:
    """Print the share of all, and return whether it is too low."""
    enough = 100 * share_guarded(results) >= least
    verdict = "at least" if enough else "under"
    say(f"noticed or shown equivalent: {describe_share(results)}, {verdict} {least:g} %")
    return 0 if enough else 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # which ends the trials, too
    sys.exit(main())
