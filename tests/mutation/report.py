"""The figures of a run, as people read them."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.mutation.trials.campaign import Result

NORMAL_95 = 1.959964
"""The quantile of the normal distribution for an interval of 95 %."""


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of Wilson for a share."""
    if not trials:
        return 0.0, 1.0
    share, square = successes / trials, NORMAL_95**2
    middle = share + square / (2 * trials)
    spread = NORMAL_95 * sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    scale = 1 + square / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def share_guarded(results: Sequence[Result]) -> float:
    return sum(each.guarded for each in results) / len(results) if results else 0.0


def describe_share(results: Sequence[Result]) -> str:
    """Return the share that is noticed or equivalent, with its interval."""
    low, high = wilson(sum(each.guarded for each in results), len(results))
    return f"{share_guarded(results):.1%} (95 %: {low:.1%} to {high:.1%})"


def describe_survivor(result: Result) -> str:
    mutant, verdict = result.mutant, result.verdict
    if verdict is None:
        why = "no test runs it"
    else:
        why = f"{verdict.tests} tests in {verdict.seconds:.0f} s do not notice"
    return f"{mutant.path}:{mutant.line}  {mutant.change}\n    {why}  {mutant.id}"


def iter_table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the figures of each room and of all."""
    heads = ("room", "tried", "noticed", "by its own", "equivalent", "survived", "not run")
    yield "".join((f"{heads[0]:12}", *(f"{head:>12}" for head in heads[1:])))
    rooms = sorted({each.mutant.room for each in results})
    for room in rooms:
        yield row(room, [each for each in results if each.mutant.room == room])
    if len(rooms) != 1:
        yield row("all", results)


def row(name: str, results: Sequence[Result]) -> str:
    fates = Counter(each.fate for each in results)
    own = sum(1 for each in results if each.verdict and each.verdict.own)
    counts = (
        len(results), fates["noticed"], own, fates["equivalent"], fates["survived"],
        fates["not run"],
    )  # fmt: skip
    share = describe_share(results)
    return "".join((f"{name:12}", *(f"{count:>12}" for count in counts), f"  {share}"))


def seconds_each(results: Iterable[Result]) -> float:
    """Return the mean processor time of a trial."""
    times = [each.verdict.seconds for each in results if each.verdict]
    return sum(times) / len(times) if times else 0.0


def describe_noticed(result: Result) -> str:
    by = result.verdict.by if result.verdict else "the list of equivalents"
    return f"{result.mutant.path}:{result.mutant.line}  {result.mutant.change}\n    {by}"
