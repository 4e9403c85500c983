"""From a place on disk to a pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings import Findings, Span
from telecom_rules.pack.files import (
    NOTHING_UNSAVED,
    PACK_FILE,
    find_pack,
    gather_files,
    put_unsaved,
)
from telecom_rules.pack.garbage import without_collector
from telecom_rules.pack.linking import Reading, link_layers
from telecom_rules.pack.overlay.layers import Layer, find_layers
from telecom_rules.values.arguments import read_path

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from telecom_rules.pack.pack import Pack


class GatheredPack(NamedTuple):
    """The files of a pack and of those that it extends, none of which is understood yet.

    Attributes:
        root: the folder of the pack.
        layers: the pack behind those that it extends.
        findings: the files that cannot be read, the bases that cannot be found.
    """

    root: Path
    layers: tuple[Layer, ...]
    findings: Findings


def load(path: str | os.PathLike[str] | None = None) -> Pack:
    """Load a pack, whole and linked.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` loads the pack that
            ships with the library.

    Returns:
        The pack, immutable and safe to share between threads.

    Raises:
        ArgumentError: `path` is neither a text nor a path.
        PackNotFound: there is no pack at `path`.
        PackError: the pack has mistakes; `findings` carries every one of them with its place.
    """
    return read(path).require_pack()


def read(
    path: str | os.PathLike[str] | None = None, *, unsaved: Mapping[str, bytes] = NOTHING_UNSAVED
) -> Reading:
    """Read a pack and keep every finding, warnings included, instead of raising them.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        unsaved: the bytes that are to be read for files of the pack, by their names, in the place
            of what is on disk.

    Raises:
        ArgumentError: `path` is neither a text nor a path.
        PackNotFound: there is no pack at `path`.
    """
    with without_collector():
        gathered = gather(path, unsaved=unsaved)
        return link_layers(gathered.layers, gathered.findings)


def gather(
    path: str | os.PathLike[str] | None = None, *, unsaved: Mapping[str, bytes] = NOTHING_UNSAVED
) -> GatheredPack:
    """Return the files of a pack and of those that it extends; see `read`."""
    root = find_pack(None if path is None else read_path("path", path))
    findings = Findings()
    files = put_unsaved(gather_files(root, findings), unsaved)
    if PACK_FILE not in files:
        findings.add("TR021", Span(PACK_FILE), path=str(root))
    return GatheredPack(root, find_layers(files, root, findings), findings)
