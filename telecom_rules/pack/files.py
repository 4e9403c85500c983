"""From a place on disk to the bytes of a pack: the one room that touches files.

Only regular files inside the pack's directory are read, each once and never past the size limit:
a link that leads out of the pack, a pipe or a device is a finding and is not opened.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.documents import Limits
from telecom_rules.errors import PackNotFound
from telecom_rules.findings import Finding, Findings, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


PACK_FILE = "pack.yaml"
SCENARIO_FOLDER = "scenarios"
"""Folder of scenarios: tests of the pack, not loaded with it."""
YAML_SUFFIXES = (".yaml", ".yml")
MOST_FILES = 10_000


def find_shipped(folder: str) -> Path:
    """Return where `folder` (`"rules"` or `"examples"`) of this project lies.

    In an installed wheel it is inside the package; in a checkout or an editable install it stands
    beside the package.

    Raises:
        PackNotFound: it is in neither place.
    """
    package = Path(__file__).resolve().parent.parent
    for place in (package / folder, package.parent / folder):
        if place.is_dir():
            return place
    raise PackNotFound([Finding("TR021", Span(folder), {"path": str(package / folder)})])


def find_pack(path: str | os.PathLike[str] | None = None) -> Path:
    """Return the directory of the pack at `path` or around it, or that of the shipped pack.

    Args:
        path: a pack's directory, or any file or folder inside one; `None` means the pack that
            ships with the library.

    Raises:
        PackNotFound: neither `path` nor a folder above it holds a `pack.yaml`.
    """
    if path is None:
        return find_shipped("rules")
    start = Path(path)
    for folder in (start, *start.resolve().parents):
        if (folder / PACK_FILE).is_file():
            return folder
    raise PackNotFound([Finding("TR021", Span(str(path)), {"path": str(path)})])


def gather_files(root: Path, findings: Findings, *, scenarios: bool = False) -> Mapping[str, bytes]:
    """Return the bytes of every YAML file below `root` by its name, in the order of the names.

    A name is relative to `root`, with `/` between folders. Folders and files that start with a
    dot are not part of a pack.

    Args:
        root: the pack's directory.
        findings: collects the files that cannot be read.
        scenarios: whether to return the files in folders called `scenarios`, and no others,
            instead of those outside of them.
    """
    files: dict[str, bytes] = {}
    for name, path in sorted(iter_files(root, root)):
        if (SCENARIO_FOLDER in name.split("/")[:-1]) is not scenarios:
            continue
        if len(files) == MOST_FILES:
            findings.add("TR023", Span(name), limit=MOST_FILES)
            break
        data = read_bytes(root, name, path, findings)
        if data is not None:
            files[name] = data
    return files


def iter_files(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name and path of every YAML file below `folder`, following no link to a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                yield from iter_files(root, path)
            elif entry.name.endswith(YAML_SUFFIXES):
                yield path.relative_to(root).as_posix(), path


def read_bytes(root: Path, name: str, path: Path, findings: Findings) -> bytes | None:
    """Return the bytes of one file, or `None` if it is not a readable regular file of the pack."""
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            findings.add("TR022", Span(name), path=name)
            return None
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                findings.add("TR001", Span(name), why="not a regular file")
                return None
            # One byte past the limit is enough for the reader to say that the file is too large.
            return file.read(Limits().size + 1)
    except OSError as problem:
        findings.add("TR001", Span(name), why=problem.strerror or str(problem))
        return None


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` into a file that is there: wholly, or not at all. It keeps its permissions."""
    mode = stat.S_IMODE(path.stat().st_mode)
    descriptor, new = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(new).chmod(mode)
        Path(new).replace(path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise
