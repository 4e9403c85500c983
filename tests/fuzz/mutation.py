"""Mutated bytes: pieces of a good input that are lost, repeated, moved, or mixed with odd ones."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

MOST_BYTES = 300_000
"""Bytes to which a mutation grows its input."""
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""What a terminal obeys, or shows to nobody: no output may hold it."""
ODD_TEXTS = (
    *"{}[],:-?!&*#|>'\"%@`\\~=\t\n\r\0\x1b\x7f\x85",
    *"\u00a0\u200b\u202e\u2028\u3000\ufeff\ud800\U0001f600投：，‘’５％",
    *("---\n", "<<: *a", "&a ", "!!int ", "null", "true", "yes", ".nan", "1:30", "0x1F"),
    *("1e9999999999999999999", "--7", "-0", "9" * 30, "٣", "2026-02-30", "24:00", "[" * 40),
)
ODD_PIECES = (
    *(each.encode("utf-8", "surrogatepass") for each in ODD_TEXTS),
    *(b"\xff", b"\xb1\xea\xcc\xe2"),
)


def make_folder() -> Path:
    """Return an empty folder that is there as long as the process."""
    folder = Path(tempfile.mkdtemp(prefix="telecom-rules-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def mutate(random: Random, data: bytes, pieces: Sequence[bytes] = ODD_PIECES) -> bytes:
    """Return `data` after a few mutations."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        data = random.choice(MUTATIONS)(random, data, pieces)[:MOST_BYTES]
    return data


def cut(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Lose a stretch."""
    start = random.randint(0, len(data))
    return data[:start] + data[start + random.choice((1, 1, 3, 20, 300)) :]


def insert(random: Random, data: bytes, pieces: Sequence[bytes]) -> bytes:
    """Put an odd piece in, once or many times."""
    at = random.randint(0, len(data))
    times = random.choice((1, 1, 1, 1, 5, 2_000))
    return data[:at] + random.choice(pieces) * times + data[at:]


def replace(random: Random, data: bytes, pieces: Sequence[bytes]) -> bytes:
    """Put an odd piece in the place of a few bytes."""
    at = random.randint(0, len(data))
    return data[:at] + random.choice(pieces) + data[at + random.choice((1, 1, 2, 5)) :]


def repeat(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Repeat a stretch, sometimes very often."""
    start = random.randint(0, len(data))
    part = data[start : start + random.choice((1, 5, 30, 200))]
    return data[:start] + part * random.choice((2, 3, 10, 3_000)) + data[start:]


def repeat_line(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Repeat a line, sometimes very often."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    lines[at:at] = [lines[at]] * random.choice((1, 1, 5, 5_000))
    return b"\n".join(lines)


def move_line(random: Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Put a line elsewhere, or further in."""
    lines = data.split(b"\n")
    line = lines.pop(random.randrange(len(lines)))
    indent = random.choice((b"", b" ", b"  ", b"\t"))
    lines.insert(random.randint(0, len(lines)), indent + line)
    return b"\n".join(lines)


MUTATIONS: tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...] = (
    cut,
    insert,
    replace,
    repeat,
    repeat_line,
    move_line,
)
