"""The sample: some mutants of each room, in proportion to how many it has.

Which are drawn is decided by a hash of the seed and of what each mutant is, without line numbers,
so that an edit of a module changes little of the sample.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.mutation.mutants.mutant import Mutant

Name = tuple[str, ...]


def draw_sample(mutants: Iterable[Mutant], size: int, seed: int) -> list[Mutant]:
    """Return `size` of `mutants`, or all, in an order that mixes the rooms."""
    ranked = rank(mutants, seed)
    rooms: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in ranked:
        rooms[mutant.room].append(mutant)
    quotas = share_out(min(size, len(ranked)), {room: len(of) for room, of in rooms.items()})
    chosen = {mutant.id for room, of in rooms.items() for mutant in of[: quotas[room]]}
    return [mutant for mutant in ranked if mutant.id in chosen]


def rank(mutants: Iterable[Mutant], seed: int) -> list[Mutant]:
    """Return mutants in the order of their hashes."""
    seen: Counter[Name] = Counter()
    ranked = []
    for mutant in mutants:
        name = (mutant.module, mutant.text, mutant.operator, mutant.change)
        ranked.append((sha256(repr((seed, name, seen[name])).encode()).digest(), mutant))
        seen[name] += 1
    return [mutant for _, mutant in sorted(ranked, key=lambda each: each[0])]


def share_out(size: int, counts: Mapping[str, int]) -> dict[str, int]:
    """Return the part of each of `size` in proportion to `counts`, by largest remainders."""
    whole = sum(counts.values())
    quotas = {name: size * count // whole for name, count in counts.items()}
    remainders = sorted(counts, key=lambda name: (-(size * counts[name] % whole), name))
    for name in remainders[: size - sum(quotas.values())]:
        quotas[name] += 1
    return quotas
