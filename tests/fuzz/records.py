"""Files of records as any program or any hand may write them: each record is told, none is lost."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.cli import decide
from telecom_rules.cli.records import Unreadable, read_records
from telecom_rules.cli.screen import Screen
from telecom_rules.pack.linking import link
from tests.fuzz.harness import Harness
from tests.fuzz.mutation import make_folder, mutate
from tests.pack.house import house

if TYPE_CHECKING:
    from random import Random

POLICY = link(house()).require_pack().policies["grading"]
DAY = dt.date(2026, 3, 1).isoformat()
FOLDER = make_folder()

SEEDS = {
    ".jsonl": b'{"id": "T-1", "loss": "60"}\n{"id": "T-2", "loss": 49.99, "grade": "low"}\n'
    b'{"loss": 7}\n',
    ".json": b'[{"id": "T-1", "loss": "60"}, {"id": "T-2", "loss": 49.99},\n {"grade": null}]',
    ".csv": b'id,loss,grade\nT-1,60,low\nT-2,"49.99",\n"T\n3",,high\n',
}
MOST_BYTES = 10_000
"""Bytes of a file: to decide a record takes half a millisecond where facts are missing."""
LAST = {".jsonl": b'\n{"id": "LAST", "loss": 1}', ".csv": b"\nLAST,1,low"}
"""A good record on a line of its own: whatever stands ahead of it must not hide it."""


class RecordFile(NamedTuple):
    """A file of records."""

    suffix: str
    data: bytes


def grow(random: Random) -> RecordFile:
    """Return a mutated file."""
    suffix = random.choice(tuple(SEEDS))
    return RecordFile(suffix, mutate(random, SEEDS[suffix])[:MOST_BYTES])


def examine(given: RecordFile) -> str:
    """Read and decide every record, and look for the last one."""
    file = FOLDER / f"records{given.suffix}"
    file.write_bytes(given.data + LAST.get(given.suffix, b""))
    written = io.BytesIO()
    out = io.TextIOWrapper(written, "ascii", write_through=True)
    screen = Screen(out, out, "zh", colour=False)
    try:
        answers = [
            decide.decide_record(row, POLICY, DAY)
            for row in read_records(file, POLICY.facts.record_type)
        ]
    except Unreadable as problem:
        screen.complain(problem.explain("en"))
        return "refused"
    for each in answers:
        screen.write_line(decide.describe_outcome(each, screen))
        json.loads(decide.json.encode(decide.dump_outcome(each, detail=None)))
    assert written.getvalue().count(b"\n") == len(answers), "a record begins a line of its own"
    if given.suffix in LAST:
        lines = read_universally(given.data + LAST[given.suffix])
        assert answers[-1].place == f"{file}:{lines}", "the last record is lost"
    undecided = sum(not hasattr(each.result, "known") for each in answers)
    return "decided" if not undecided else "some" if undecided < len(answers) else "none"


def read_universally(data: bytes) -> int:
    """Return the number of lines, whichever ends they have."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        RecordFile(".jsonl", b'{"loss":1e9999999999999999999}'),
        RecordFile(".jsonl", b'{"id":"\\ud800","loss":6}'),
        RecordFile(".jsonl", b'{"id":"1\\nV-2  decided: fine 0.00","loss":6}'),
        RecordFile(".jsonl", b"[" * 100_000),
        RecordFile(
            ".json",
            b'{"k":1,' + b",".join(b'"k%d":1' % each for each in range(100_000)) + b',"k":2}',
        ),
        RecordFile(".csv", b"id,loss,grade\nT,--7,low"),
        RecordFile(".csv", b'id,loss,grade\n6,"x" y,low'),
        RecordFile(".csv", b'id,loss,grade\n6,"x'),
        RecordFile(".csv", b"id,loss,grade\n6," + b"x" * 140_000 + b",low"),
        RecordFile(".csv", b"id,loss,grade\n\xb1\xea,1,low"),
    ),
    share=150,
)
