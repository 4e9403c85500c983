"""A cache of validations: one that nothing has changed since is read and not done again.

An entry is a file of JSON, one for each pack and set of options, so that a cache stays small. It
holds only if its key is the digest of all that the validation would read: the names and bytes of
every file of the pack, of its bases and of their scenarios, what was found while they were
gathered, the options, and the code of the library itself. What is not an entry, not whole or of
another key is passed over as if it were not there, and so is a folder of somebody else. A folder
that cannot be written stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pydantic
import yaml

from telecom_rules.pack.files import find_trusted
from telecom_rules.pack.overview import Overview
from telecom_rules.validation.records import (
    dump_finding,
    read_count,
    read_finding,
    read_list,
    read_object,
    read_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Layer
    from telecom_rules.validation.records import Json

FORMAT = 2
"""The version of the form of an entry."""
LARGEST_ENTRY = 20_000_000
"""Bytes of an entry."""
LIBRARY = Path(__file__).resolve().parent.parent
IGNORE_ALL = "# Made by telecom-rules.\n*\n"
TAG = (
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This folder holds the cache of telecom-rules. See https://bford.info/cachedir/\n"
)
"""Tells programs that make backups to leave the folder out."""


class Outcome(NamedTuple):
    """What a validation found.

    Attributes:
        findings: what is to be mended, in the order of the places.
        ignored: what a comment in the rules sets aside.
        overview: the pack at a glance, or `None` if it has errors that keep it from loading.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]
    overview: Overview | None


class Entry(NamedTuple):
    """The place of an outcome in a cache.

    Attributes:
        folder: the folder of the cache.
        name: the name of the entry: of the pack's folder and of the options.
        key: the digest of all that the outcome depends on.
    """

    folder: Path
    name: str
    key: str

    @property
    def file(self) -> Path:
        """The file of the entry."""
        return self.folder / f"{self.name}.json"

    def find(self) -> Outcome | None:
        """Return the outcome, or `None` where there is none that holds."""
        try:
            if self.folder.stat().st_uid not in find_trusted([]):
                return None
            with self.file.open("rb") as file:
                data = file.read(LARGEST_ENTRY)
            return read_outcome(json.loads(data), self.key)
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, outcome: Outcome) -> None:
        """Write the outcome in place of the one before: wholly, or not at all."""
        data = json.dumps(dump_outcome(outcome, self.key), ensure_ascii=False).encode(
            "utf-8", "surrogatepass"
        )
        try:
            make_folder(self.folder)
            descriptor, new = tempfile.mkstemp(suffix=".tmp", dir=self.folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                Path(new).replace(self.file)
            except BaseException:
                Path(new).unlink(missing_ok=True)
                raise
        except OSError:
            pass  # a folder that cannot be written, a full disk: it is a cache


def find_entry(
    folder: Path,
    root: Path,
    options: Sequence[object],
    layers: Iterable[Layer],
    findings: Iterable[Finding],
) -> Entry:
    """Return the place of the outcome of a validation.

    Args:
        folder: the folder of the cache.
        root: the folder of the pack.
        options: what decides how it is validated.
        layers: every file that is read, with the scenarios.
        findings: what was found while the files were gathered.
    """
    told = [*options, *(dump_finding(each) for each in findings)]
    parts = [json.dumps(told).encode(), *iter_library()]
    for layer in layers:
        pins = [[each.label, each.digest] for each in layer.pins]
        parts.append(json.dumps([layer.label, layer.whole, pins, len(layer.files)]).encode())
        for name, data in layer.files.items():
            parts += [name.encode("utf-8", "surrogatepass"), data]
    name = digest([os.fsencode(root.resolve()), json.dumps([*options]).encode()])
    return Entry(folder, name[:32], digest(parts))


def digest(parts: Iterable[bytes]) -> str:
    """Return the digest of some bytes, of which none can be taken for another by moving its end."""
    whole = hashlib.blake2b(digest_size=32)
    for each in parts:
        whole.update(b"%d:" % len(each))
        whole.update(each)
    return whole.hexdigest()


def iter_library() -> Iterator[bytes]:
    """Yield what tells this library from any other: its code, and the versions that it runs with.

    The version alone would not do for those who work on it, nor the time of a file for those who
    install it anew for each run.
    """
    yield json.dumps([FORMAT, sys.version, pydantic.VERSION, yaml.__version__]).encode()
    paths = (
        f"{folder}/{name}"
        for folder, _, names in os.walk(LIBRARY)
        for name in names
        if name.endswith(".py")
    )
    for path in sorted(paths):
        yield path.removeprefix(str(LIBRARY)).encode("utf-8", "surrogateescape")
        with open(path, "rb") as file:  # noqa: PTH123 - as many files as there are, at once
            yield file.read()


def make_folder(folder: Path) -> None:
    """Make the folder of a cache that neither git nor a backup wants."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text(IGNORE_ALL, encoding="utf-8")
    (folder / "CACHEDIR.TAG").write_text(TAG, encoding="utf-8")


def dump_outcome(outcome: Outcome, key: str) -> dict[str, object]:
    """Return an outcome as JSON values."""
    return {
        "key": key,
        "findings": [dump_finding(each) for each in outcome.findings],
        "ignored": [dump_finding(each) for each in outcome.ignored],
        "overview": None if outcome.overview is None else list(outcome.overview),
    }


def read_outcome(value: Json, key: str) -> Outcome | None:
    """Return the outcome of an entry, or `None` if it is of another key.

    Raises:
        NotARecord: it is not an entry.
    """
    entry = read_object(value)
    if entry.get("key") != key:
        return None
    return Outcome(
        tuple(read_finding(each) for each in read_list(entry.get("findings"))),
        tuple(read_finding(each) for each in read_list(entry.get("ignored"))),
        None if entry.get("overview", 0) is None else read_overview(entry.get("overview")),
    )


def read_overview(value: Json) -> Overview:
    """Return the overview of a pack."""
    parts = read_list(value, len(Overview._fields))
    name, version, told = (read_text(each) for each in parts[:3])
    return Overview(name, version, told, *(read_count(each) for each in parts[3:]))
