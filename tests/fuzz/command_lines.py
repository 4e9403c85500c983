"""Command lines of any words on any terminal: an exit status that is documented, no traceback."""

from __future__ import annotations

import contextlib
import io
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from telecom_rules.cli import VERBS, main
from tests.fuzz.harness import Harness
from tests.fuzz.mutation import OBEYED, make_folder, mutate
from tests.fuzz.records import SEEDS
from tests.pack.house import house, lay

if TYPE_CHECKING:
    from random import Random

FOLDER = make_folder()
DOCUMENTED = {0, 1, 2, 3}
ENCODINGS = ("utf-8", "gbk", "ascii", "cp1252", "utf-16")
HISTORY = (
    b'{"id": "T-1", "opened_at": "2026-03-02T09:00:00+08:00", "facts": {"loss": "10"}, "events": '
    b'[{"event": "close", "at": "2026-03-18T00:00:01+08:00", "by": "agent"}]}\n'
)
WORDS = (
    *("grading", "handling", "ticket", "book:1", "threshold", "{pack}", "{broken}", "{folder}"),
    "{shop}",
    *("{csv}", "{jsonl}", "{json}", "{history}", "{folder}/nothing.csv", "{folder}/a.scxml"),
    *("--rules", "--facts", "--records", "--events", "--on", "--until", "--json", "--explain"),
    *("--to", "--cases", "--check", "--diff", "--source", "--select", "--coverage", "--release"),
    *("--format", "--examples"),
    *("--language", "zh", "en", "text", "json", "concise", "junit", "markdown", "dot", "mermaid"),
    *("scxml", "xstate", "dmn", "2026-03-01", "loss", "2026-11-01T00:00:00+08:00", "2026-02-30"),
    *("", " ", "-", "--", "-x", "x\ny", "x\x1b[2J", "\u202ex", "\udc80", "投诉", "a" * 5_000, "\0"),
    *("99999-01-01", "2026-01-01T00:00:00+99:00", "0001-01-01T00:00:00+14:00", "101", "nan"),
)
SHAPES = {
    "validate": ("{pack}",),
    "test": ("{pack}",),
    "coverage": ("{pack}",),
    "decide": ("grading", "--facts", "{csv}", "--rules", "{pack}"),
    "run": ("handling", "--events", "{history}", "--rules", "{pack}"),
    "show": ("grading", "--rules", "{pack}"),
    "diff": ("{pack}", "{broken}", "--cases", "{cases}"),
    "compare": ("{pack}", "{broken}", "grading", "--records", "{csv}"),
    "profile": ("grading", "--records", "{jsonl}", "--rules", "{pack}"),
    "upgrade": ("{shop}", "--to", "{broken}"),
    "verify": ("{shop}", "--against", "{pack}"),
    "generate": ("grading", "--rules", "{pack}"),
    "graph": ("handling", "--rules", "{pack}"),
    "export": ("handling", "--to", "scxml", "--rules", "{pack}"),
    "import": ("{folder}/a.scxml",),
    "fmt": ("{broken}", "--diff"),
    "explain": ("TR404",),
    "init": ("{folder}/shop",),
    "demo": (),
}
"""A good command line for each verb, which the mutations start from."""
SHOP = {
    "pack.yaml": (
        "pack: shop\nversion: 1.0.0\ntitle: {zh: 店, en: Shop}\nextends: {path: ../pack}\n"
    ),
    "grading.yaml": "override: policies.grading\nrules: [{id: low, title: {zh: 低, en: Low}}]\n",
}
"""A pack that extends the one in the folder `pack`."""


class Call(NamedTuple):
    """A command line, the files it may name, and the encoding of the terminal."""

    arguments: tuple[str, ...]
    files: dict[str, bytes]
    encoding: str


def grow(random: Random) -> Call:
    """Return a command line with some words changed and some files mutated."""
    verb = random.choice([each.NAME for each in VERBS if each.NAME != "demo"])
    words = [verb, *SHAPES[verb]]
    for _ in range(random.choice((0, 0, 1, 1, 3))):
        at = random.randint(1, len(words))
        words[at : at + random.choice((0, 0, 1))] = [random.choice(WORDS)]
    # Only files of the house are written: the command may not touch anything else.
    if verb in {"fmt", "import", "init"}:
        words = [each for each in words if each not in {"", " ", "--"}]
        words += ["--diff"] if verb == "fmt" else []
    files = {
        "records.csv": SEEDS[".csv"],
        "records.jsonl": SEEDS[".jsonl"],
        "records.json": SEEDS[".json"],
        "history.jsonl": HISTORY * 2,
        "cases.jsonl": make_cases(),
        "a.scxml": b'<scxml xmlns="http://www.w3.org/2005/07/scxml"><state id="a"/></scxml>',
        "broken/policies/grading.yaml": house()["policies/grading.yaml"],
    }
    for name in random.sample(sorted(files), random.choice((0, 1, 2))):
        files[name] = mutate(random, files[name])[:20_000]
    return Call(tuple(words), files, random.choice(ENCODINGS))


@cache
def make_cases() -> bytes:
    """Return what `run --json` writes for the history, which `diff` reads."""
    lay(FOLDER, {"first.jsonl": HISTORY})
    lay(FOLDER / "first", house())
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        words = ("--events", str(FOLDER / "first.jsonl"), "--rules", str(FOLDER / "first"))
        main(["run", "handling", *words, "--json"])
    return out.getvalue().encode() * 2


def examine(call: Call) -> str:
    """Run the command in this process, and look at its status and its output."""
    for root in ("pack", "broken"):
        lay(FOLDER / root, house())
    lay(FOLDER / "shop", {name: text.encode() for name, text in SHOP.items()})
    lay(FOLDER, call.files)
    places = {
        **{name: str(FOLDER / name) for name in ("pack", "broken", "shop")},
        **{name: str(FOLDER / f"records.{name}") for name in ("csv", "json", "jsonl")},
        "history": str(FOLDER / "history.jsonl"),
        "cases": str(FOLDER / "cases.jsonl"),
        "folder": str(FOLDER),
    }
    arguments = [fill(each, places) for each in call.arguments]
    written = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(each, call.encoding) for each in written)
    # Without a path the command takes the shipped pack, whose scenarios take their time.
    shipped = mock.patch("telecom_rules.pack.files.find_shipped", return_value=FOLDER / "pack")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), shipped:
        try:
            status = main(arguments)
        except SystemExit as ended:
            status = int(ended.code or 0)
    assert status in DOCUMENTED, f"status {status}"
    for stream, data in zip((out, err), written, strict=True):
        stream.flush()
        text = data.getvalue().decode(call.encoding)
        assert not OBEYED.search(text), "something that a terminal obeys"
        assert "Traceback" not in text
    return f"status {status}"


def fill(word: str, places: dict[str, str]) -> str:
    """Return a word with the names of files in it."""
    for name, place in places.items():
        word = word.replace(f"{{{name}}}", place)
    return word


def called(*arguments: str, encoding: str = "utf-8", **files: bytes) -> Call:
    """Return a command line for the inputs that are kept."""
    return Call(arguments, {name.replace("_", "."): data for name, data in files.items()}, encoding)


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        *(
            called(verb, *words, *language, encoding=encoding)
            for verb, words in SHAPES.items()
            if verb != "demo"
            for encoding in ("gbk", "ascii", "cp1252")
            for language in (("--language", "zh"),)
        ),
        called("show", "x\x1b[31m\nforged", "--rules", "{pack}"),
        called("decide", "grading", "--facts", "\0", "--rules", "{pack}"),
        called("validate", "\udc80\n"),
        called(
            "decide", "grading", "--facts", "{jsonl}", "--rules", "{pack}",
            records_jsonl=b'{"id":"\\ud800","loss":6}\n{"id":"\\u202e\\u009b","loss":6}',
        ),
    ),
    share=120,
)  # fmt: skip
