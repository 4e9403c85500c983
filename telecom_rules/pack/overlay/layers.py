"""The packs that a pack extends, found and read from the lowest up.

A base is the pack that ships with the library, a folder named relative to the pack that extends it,
or a pack of an installed distribution. A base that is reached by two ways counts once.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from telecom_rules.documents import Mapping as Tree
from telecom_rules.documents import Scalar, read, read_as
from telecom_rules.documents.characters import decode_for_display
from telecom_rules.findings import Findings, Related, Span
from telecom_rules.pack.definition import ExtendsDefinition, PackDefinition
from telecom_rules.pack.files import PACK_FILE, find_shipped, gather_files, is_trusted_base
from telecom_rules.pack.overlay.versions import (
    guess_range,
    is_empty,
    is_range,
    meets,
    narrow_range,
)
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, join_wordings, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.documents import Node, Word


SHIPPED = "telecom_rules"
"""The name of the pack that ships with the library."""
ENTRY_POINTS = "telecom_rules.packs"
"""The group of entry points under which a distribution names the folders of its packs."""
EXTENDS_LINE = re.compile(rb"^extends\b", re.MULTILINE)
MOST_LAYERS = 32
"""Packs on top of one another."""

NO_PLACE = Wording(
    "此规则包不在磁盘上，不能按路径继承", "this pack is not on disk, so no path leads from it"
)
NOT_RELATIVE = Wording(
    "路径应相对于本规则包的文件夹，例如 `../group`",
    "a path is relative to the folder of the pack, such as `../group`",
)
NO_PACK_FILE = Wording(
    "那里没有 pack.yaml，或它属于其他用户", "there is no `pack.yaml`, or it is somebody else's"
)
NOT_INSTALLED = Wording(
    "已安装的软件都没有提供它（入口点 `{group}`）",
    "no installed distribution has it (entry points `{group}`)",
).fill(group=ENTRY_POINTS)
OTHER_PACK = Wording("那里是规则包 `{found}`", "the pack there is `{found}`")
TOO_MANY = Wording("继承超过 {most} 层", "more than {most} packs on top of one another").fill(
    most=MOST_LAYERS
)
CLOSES = Wording("环在此处闭合", "here the circle closes")
ONE_OF_TWO = Wording("应写 `pack` 或 `path` 之一", "write either `pack` or `path`")
NOT_A_RANGE = Wording(
    "`{text}` 不是版本范围，请写明下限和上限，例如 `>=0.2,<0.3`",
    "`{text}` is not a range of versions: write its two ends, as in `>=0.2,<0.3`",
)
OTHER_SIGNS = Wording("`version` 须用半角符号：{signs}", "write `version` in ASCII: {signs}")
OTHER_SIGN = Wording("`{sign}` 写作 `{meant}`", "`{meant}` for `{sign}`")
NO_VERSION = Wording(
    "没有任何版本能满足 `{text}`：下限须低于上限，例如 `>=0.2,<0.3`",
    "no version can meet `{text}`: write a lower end below the upper one, as in `>=0.2,<0.3`",
)


@dataclass(frozen=True, slots=True)
class Pin:
    """A base as a pack asks for it.

    Attributes:
        label: the label of the base.
        digest: the digest that it must have, with its place; `None` for any.
    """

    label: str
    digest: Word | None


@dataclass(frozen=True, slots=True)
class Layer:
    """One pack of a chain, as bytes.

    Attributes:
        label: what stands before the names of its files, such as `telecom_rules:` or `../group/`;
            nothing for the pack that is read.
        root: its folder; `None` for one that is not on disk.
        files: the bytes of each of its files by its name, label included.
        pins: the bases that it extends itself.
        below: the labels of all packs below it.
        whole: whether every pack that it extends could be found.
    """

    label: str
    root: Path | None
    files: Mapping[str, bytes]
    pins: tuple[Pin, ...] = ()
    below: frozenset[str] = frozenset()
    whole: bool = True


def read_texts(layers: Iterable[Layer]) -> dict[str, str]:
    """Return the text of each file by its name, for showing where a finding is."""
    return {name: decode_for_display(data) for each in layers for name, data in each.files.items()}


def is_of_base(file: str) -> bool:
    """Return whether the name of a file has a label: it is one of a pack below that is read."""
    return file.startswith("../") or ":" in file.partition("/")[0]


def find_layers(
    files: Mapping[str, bytes], root: Path | None, findings: Findings
) -> tuple[Layer, ...]:
    """Return a pack with those that it extends, the lowest first and itself last.

    Args:
        files: the bytes of its own files by name.
        root: its folder, or `None` where it is not on disk.
        findings: collects the bases that cannot be used.
    """
    search = Search(root, findings)
    search.add(Layer("", root, files))
    return tuple(search.found.values())


class Search:
    """The search for the layers below one pack.

    Attributes:
        found: each layer by its label, the lowest first.
    """

    def __init__(self, root: Path | None, findings: Findings) -> None:
        self.found: dict[str, Layer] = {}
        self._root = root
        self._findings = findings
        self._open: list[Layer] = []
        self._entry: ExtendsDefinition | None = None

    def add(self, layer: Layer) -> None:
        """Add a layer behind those that it extends."""
        self._open.append(layer)
        pins: list[Pin] = []
        whole = True
        for definition in iter_extends(layer):
            if definition is None:
                whole = False
                continue
            if len(self._open) == 1:
                self._entry = definition
            base = self._find(definition, layer)
            if base is None:
                whole = False
                continue
            if base.label not in self.found:
                self.add(base)
            pins.append(Pin(base.label, definition.digest))
            whole = whole and self.found[base.label].whole
        below = {label for each in pins for label in (each.label, *self.found[each.label].below)}
        self.found[layer.label] = replace(
            layer, pins=tuple(pins), below=frozenset(below), whole=whole
        )
        self._open.pop()

    def _find(self, definition: ExtendsDefinition, layer: Layer) -> Layer | None:
        """Return a base with its files, or `None` after reporting why it cannot be used."""
        place = self._find_place(definition, layer)
        if place is None:
            return None
        root, label = place
        if label in self.found:
            base = self.found[label]
        elif label in (names := [each.label for each in self._open]):
            circle = [*names[names.index(label) :], label]
            path = " → ".join(each.rstrip(":/") or "." for each in circle)
            entry = self._entry or definition
            closes = (Related(definition.span, CLOSES),) if entry is not definition else ()
            self._findings.add("TR132", entry.span, path=path, related=closes)
            return None
        elif len(self._open) > MOST_LAYERS:
            self._refuse(definition, str(definition.pack or definition.path), TOO_MANY)
            return None
        else:
            base = Layer(label, root, self._gather(root, label))
        return base if self._is_wanted(definition, base) else None

    def _find_place(self, definition: ExtendsDefinition, layer: Layer) -> tuple[Path, str] | None:
        """Return the folder of a base and its label."""
        name, path = definition.pack, definition.path
        if (name is None) is (path is None):
            self._findings.misused(definition.span, ONE_OF_TWO)
            return None
        if name is not None:
            root = find_named(str(name))
            if root is None:
                self._refuse(definition, str(name), NOT_INSTALLED)
                return None
            return root, self._label(root, f"{name}:")
        return self._find_folder(definition, str(path), layer)

    def _find_folder(
        self, definition: ExtendsDefinition, path: str, layer: Layer
    ) -> tuple[Path, str] | None:
        """Return the folder at a path from a layer, and its label from the pack that is read."""
        if layer.root is None or self._root is None:
            self._refuse(definition, path, NO_PLACE)
            return None
        if PurePosixPath(path).is_absolute() or PureWindowsPath(path).drive:
            self._refuse(definition, path, NOT_RELATIVE)
            return None
        try:
            root = (layer.root / path).resolve()
            there = is_trusted_base(root, layer.root)
        except (OSError, RuntimeError, ValueError):  # no system has such a path
            there = False
        if not there:
            self._refuse(definition, path, NO_PACK_FILE)
            return None
        return root, self._label(root, name_folder(root, self._root))

    def _label(self, root: Path, new: str) -> str:
        """Return the label of a folder: that which it has already, or a new one."""
        known = (*self.found.values(), *self._open)
        return next((each.label for each in known if is_same(root, each.root)), new)

    def _gather(self, root: Path, label: str) -> Mapping[str, bytes]:
        """Return the files of a base under its label, and report those that cannot be read."""
        found = Findings()
        files = gather_files(root, found)
        self._findings.extend(
            replace(each, span=each.span._replace(file=label + each.span.file)) for each in found
        )
        return {label + name: data for name, data in files.items()}

    def _is_wanted(self, definition: ExtendsDefinition, base: Layer) -> bool:
        """Report a base of another name or version than is asked for; return whether it will do.

        One of another version is used all the same, so that its absence is not reported everywhere.
        """
        name, version = name_of(base), version_of(base)
        if definition.pack is not None and name != definition.pack:
            self._refuse(definition, str(definition.pack), OTHER_PACK.fill(found=name))
            return False
        wanted = definition.version
        if wanted is None:
            return True
        if not is_range(wanted):
            meant = guess_range(wanted)
            self._findings.misused(wanted.span, describe_bad_range(wanted), suggestion=meant)
        elif is_empty(wanted):
            self._findings.misused(wanted.span, NO_VERSION, text=shorten(wanted))
        elif not meets(version, wanted):
            self._findings.add("TR131", wanted.span, pack=name, found=version, wanted=wanted)
        return True

    def _refuse(self, definition: ExtendsDefinition, name: str, why: Wording) -> None:
        word = definition.pack or definition.path
        span = definition.span if word is None else word.span
        self._findings.add("TR130", span, name=name, why=why)


def describe_bad_range(wanted: str) -> Wording:
    """Return what is wrong with a text that is not a range of versions."""
    foreign = [each for each in dict.fromkeys(wanted) if not each.isascii()]
    if not foreign or not is_range(narrow_range(wanted)):
        return NOT_A_RANGE.fill(text=shorten(wanted))
    signs = [OTHER_SIGN.fill(sign=each, meant=narrow_range(each)) for each in foreign]
    return OTHER_SIGNS.fill(signs=join_wordings(signs, ("，", ", ")))


def iter_extends(layer: Layer) -> Iterator[ExtendsDefinition | None]:
    """Yield what the `pack.yaml` of a layer extends; its mistakes are reported with the file.

    Of an entry with a mistake in it the name or the path is enough to find the base; `None` stands
    for one without, and for a key `extends` that cannot be read or is misspelt.
    """
    node = read_pack_file(layer)
    key = node.find_key("extends") if node is not None else None
    if node is None or key is None:
        if is_meant_to_extend(layer, node):
            yield None
        return
    written = node[key]
    for each in written if isinstance(written, list) else [written]:
        yield read_as(ExtendsDefinition, each, Findings()) or read_named_base(each)


def is_meant_to_extend(layer: Layer, node: Tree | None) -> bool:
    """Return whether a `pack.yaml` without a readable `extends` has one by mistake."""
    if node is None or node.damaged:
        return EXTENDS_LINE.search(layer.files.get(layer.label + PACK_FILE, b"")) is not None
    unknown = (each for each in node if each not in PackDefinition.model_fields)
    return any(find_nearest(each, ("extends",)) is not None for each in unknown)


def read_named_base(node: Node) -> ExtendsDefinition | None:
    """Return which base an entry names, without the rest of it, or `None` if it names none."""
    if not isinstance(node, Tree):
        return None
    named = Tree(node.span)
    for key, value in node.items():
        if key in {"pack", "path"}:
            named[key] = value
    return read_as(ExtendsDefinition, named, Findings()) if named else None


def read_pack_file(layer: Layer) -> Tree | None:
    """Return the `pack.yaml` of a layer, without reporting its mistakes."""
    name = layer.label + PACK_FILE
    return read(layer.files[name], name, Findings()) if name in layer.files else None


def identify(root: Path) -> tuple[str, str]:
    """Return the name and the version of the pack in a folder."""
    layer = Layer("", root, {PACK_FILE: (root / PACK_FILE).read_bytes()})
    return name_of(layer), version_of(layer)


def name_of(layer: Layer) -> str:
    """Return the name of the pack of a layer, or `-`."""
    return read_key(layer, "pack")


def version_of(layer: Layer) -> str:
    """Return the version of the pack of a layer, or `-`."""
    return read_key(layer, "version")


def read_key(layer: Layer, name: str) -> str:
    """Return what the `pack.yaml` of a layer says under a key, or `-`."""
    node = read_pack_file(layer)
    key = None if node is None else node.find_key(name)
    return "-" if node is None or key is None else read_plain(node[key])


def read_plain(node: object) -> str:
    """Return the text of a value, or `-`."""
    return node.text if isinstance(node, Scalar) else "-"


def find_named(name: str) -> Path | None:
    """Return the folder of a pack by its name: the shipped one, or that of a distribution.

    A distribution names it in the group `telecom_rules.packs` as `acme_rules`, a package that is
    itself the folder, or `acme_rules:rules`, a folder in a package.
    """
    if name == SHIPPED:
        return find_shipped("rules")
    for each in entry_points(group=ENTRY_POINTS, name=name):
        try:
            spec = find_spec(each.module)
        except (ImportError, ValueError):
            continue
        for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
            root = Path(folder, *each.attr.split("."))
            if (root / PACK_FILE).is_file():
                return root
    return None


def is_same(one: Path, other: Path | None) -> bool:
    """Return whether two folders are one."""
    try:
        return other is not None and one.resolve() == other.resolve()
    except (OSError, RuntimeError):
        return False


def name_folder(root: Path, start: Path) -> str:
    """Return the label of a folder: how it is reached from the pack that is read."""
    try:
        return Path(os.path.relpath(root, start.resolve())).as_posix() + "/"
    except ValueError:  # on another drive
        return root.as_posix() + "/"


def label_of(span: Span, layers: Mapping[str, Layer]) -> str:
    """Return the label of the layer in which a place is."""
    found = (label for label in layers if label and span.file.startswith(label))
    return max(found, key=len, default="")
