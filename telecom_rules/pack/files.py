"""From a place on disk to the bytes of a pack: the one room that touches files.

Only regular files inside the pack's directory are read, each once and never past the size limits of
a file and of the pack. A link that leads out of the pack, a pipe or a device is a finding and is
not opened, nor is a link that takes the place of a file while the pack is read.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import unicodedata
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from telecom_rules.documents import Limits
from telecom_rules.errors import PackNotFound
from telecom_rules.findings import Finding, Findings, Span
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


PACK_FILE = "pack.yaml"
MISNAMED_FILES = frozenset({"pack.yaml", "pack.yml"})
MISNAMED = Wording("将 {name} 重命名为 pack.yaml", "rename {name} to pack.yaml")
SCENARIO_FOLDER = "scenarios"
"""Folder of scenarios: tests of the pack, not loaded with it."""
YAML_SUFFIXES = (".yaml", ".yml")
TEXT_SUFFIX = ".txt"
"""What an editor of Windows puts behind the name that it is given."""
MOST_FILES = 10_000
MOST_BYTES = 20_000_000
"""Bytes of the files of a pack together, scenarios apart."""
MOST_FOLDERS = 32
"""Folders inside one another."""
MOST_ENTRIES = 100_000
"""Files and folders of any kind below a pack."""

NOTHING_UNSAVED: Mapping[str, bytes] = MappingProxyType({})
"""Files as they are on disk, all of them."""
NOT_A_FILE = Wording("不是普通文件", "not a regular file")
MOST_NEIGHBOURS = 1_000
"""Entries of a folder without a pack among which one with a pack is looked for."""
OPENS_NO_LINKS = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
"""Whether a file can be opened by a path on which no link is followed."""
REASONS: Final[Mapping[int, str]] = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许此操作",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径的上一级不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘空间已满",
    errno.EFBIG: "文件过大",
    errno.EROFS: "文件系统只能读取",
    errno.ENAMETOOLONG: "名称过长",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.EMFILE: "打开的文件过多",
    errno.ENFILE: "系统打开的文件过多",
    errno.EBUSY: "正被占用",
    errno.EIO: "读写出错",
    errno.ENODEV: "没有这个设备",
}
"""What the system says in English, by its number, in Chinese."""
LINK_LOOP = Wording("链接指向自身", "it is a link that leads back to itself")


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

    A folder above `path` counts only if its `pack.yaml` belongs to the owner of `path`, to the user
    or to the administrator: in a folder that several people share, nobody's files are read as part
    of somebody else's pack.

    Args:
        path: a pack's directory, or any file or folder inside one; `None` means the pack that
            ships with the library.

    Raises:
        PackNotFound: neither `path` nor a folder above it holds a `pack.yaml`.
    """
    if path is None:
        return find_shipped("rules")
    start = Path(path)
    try:
        if (start / PACK_FILE).is_file():
            return start
        for folder in iter_trusted_folders(start.resolve()):
            if (folder / PACK_FILE).is_file():
                return folder
    except (OSError, RuntimeError, ValueError):
        pass  # no system has such a path: a loop of links, a zero byte
    near = find_pack_below(start)
    suggestion = None if near is None else spell(start / near)
    values = {"path": spell(path)}
    misnamed = find_misnamed(start)
    notes = () if misnamed is None else (MISNAMED.fill(name=spell(misnamed)),)
    raise PackNotFound([Finding("TR021", Span(spell(path)), values, suggestion, notes=notes)])


def find_misnamed(folder: Path) -> str | None:
    """Return the file of a folder that should have been called `pack.yaml`, or `None`."""
    meant = ((name, find_meant_name(name)) for name in list_names(folder))
    return next((name for name, each in meant if each in MISNAMED_FILES), None)


def find_pack_below(folder: Path) -> str | None:
    """Return the name of the first folder inside `folder` that is a pack, or `None`."""
    try:
        names = list_names(folder)
        return next((each for each in names if (folder / each / PACK_FILE).is_file()), None)
    except OSError:
        return None


def list_names(folder: Path) -> list[str]:
    """Return the names of what lies in a folder, in their order; nothing where there is none."""
    try:
        return sorted(each.name for each in islice(folder.iterdir(), MOST_NEIGHBOURS))
    except (OSError, ValueError):  # no such folder, or no system has such a path
        return []


def iter_trusted_folders(start: Path) -> Iterator[Path]:
    """Yield the folders around `start`, up to the first with a `pack.yaml` of somebody else.

    Not somebody else are the owner of `start`, the user who asks, and the administrator.
    """
    folders = [each for each in (start, *start.parents) if each.exists()]
    trusted = find_trusted(folders[:1])
    for folder in folders:
        file = folder / PACK_FILE
        if file.exists() and file.stat().st_uid not in trusted:
            return
        yield folder


def find_trusted(folders: Sequence[Path]) -> frozenset[int]:
    """Return the users whose packs are read with some folders: their owners, the user, root."""
    own = os.geteuid() if hasattr(os, "geteuid") else 0
    return frozenset({0, own, *(each.stat().st_uid for each in folders)})


def is_trusted_base(base: Path, root: Path) -> bool:
    """Return whether a folder holds a pack that the one in `root` may extend by its path."""
    file = base / PACK_FILE
    return file.is_file() and file.stat().st_uid in find_trusted([root])


def spell(path: str | os.PathLike[str]) -> str:
    """Return a path as UTF-8 text, whatever the system's encoding; other bytes as escapes."""
    text = os.fsdecode(path)
    try:
        return os.fsencode(text).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:  # no name on this system holds such a character
        return text.encode("utf-8", "backslashreplace").decode()


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
    inside = find_real(root)
    room = MOST_BYTES
    # What is wrong with a folder is told with the rules, once: scenarios lie among them.
    found = (
        name
        for name in iter_files(root, Findings() if scenarios else findings)
        if (SCENARIO_FOLDER in name.split("/")[:-1]) is scenarios
    )
    names = list(islice(found, MOST_FILES + 1))
    for name in sorted(names, key=os.fsencode):
        span = Span(spell(name))
        if not name.endswith(YAML_SUFFIXES):
            findings.add("TR034", span, name=find_meant_name(span.file.rpartition("/")[2]))
            continue
        if len(files) == MOST_FILES:
            findings.add("TR023", span, limit=MOST_FILES)
            break
        data = read_bytes(inside, name, span, findings)
        room -= len(data or b"")
        if room < 0:
            findings.add("TR024", span, limit=MOST_BYTES)
            break
        if data is not None:
            files[span.file] = data
    return files


def put_unsaved(files: Mapping[str, bytes], unsaved: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return the files of a pack with other bytes for some of them, as an editor holds them."""
    return {name: unsaved.get(name, data) for name, data in files.items()} if unsaved else files


def iter_files(root: Path, findings: Findings) -> Iterator[str]:
    """Yield the name of every YAML file below `root`, following no link to a folder.

    Those whose name ends almost as one of YAML does are among them: nobody learns otherwise why
    they are not read.
    """
    folders = [""]
    seen = 0
    while folders:
        folder = folders.pop()
        if folder.count("/") > MOST_FOLDERS:
            findings.add("TR025", Span(spell(folder[:-1])), limit=MOST_FOLDERS)
            continue
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    seen += 1
                    if seen > MOST_ENTRIES:
                        findings.add("TR026", Span(spell(folder or ".")), limit=MOST_ENTRIES)
                        return
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{folder}{entry.name}/")
                    elif find_meant_name(entry.name) is not None:
                        yield f"{folder}{entry.name}"
        except OSError as problem:
            findings.add("TR001", Span(spell(folder or ".")), why=reason_of(problem))


def find_meant_name(name: str) -> str | None:
    """Return the name that a file of YAML should have, or `None` if the file is not YAML.

    Such as `fee.yaml` for itself and for `fee.yaml.txt`, `fee.YAML` and `fee．yaml`.
    """
    if name.endswith(YAML_SUFFIXES):
        return name
    meant = unicodedata.normalize("NFKC", name.replace("。", ".")).strip()
    meant = meant.lower().removesuffix(TEXT_SUFFIX)
    return meant if meant.endswith(YAML_SUFFIXES) else None


def find_real(root: Path) -> Path:
    """Return a folder without links on the way to it, or as it is where there is no such folder."""
    try:
        return root.resolve()
    except (OSError, RuntimeError, ValueError):
        return root


def read_bytes(root: Path, name: str, span: Span, findings: Findings) -> bytes | None:
    """Return the bytes of one file, or `None` if it is not a readable regular file of the pack.

    Args:
        root: the folder of the pack, without links on the way to it.
        name: the file.
        span: its place for findings.
        findings: collects why it cannot be read.
    """
    if span.file.encode() != os.fsencode(name):
        findings.add("TR027", span)
        return None
    try:
        parts = tuple(name.split("/"))
        if not OPENS_NO_LINKS or (root / name).is_symlink():
            path = (root / name).resolve(strict=True)
            if not path.is_relative_to(root):
                findings.add("TR022", span, path=span.file)
                return None
            parts = path.relative_to(root).parts
        descriptor = open_inside(root, parts)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                findings.add("TR001", span, why=NOT_A_FILE)
                return None
            # One byte past the limit is enough for the reader to say that the file is too large.
            return file.read(Limits().size + 1)
    except OSError as problem:
        findings.add("TR001", span, why=reason_of(problem))
    except (RuntimeError, ValueError):  # as Python 3.11 and 3.12 tell a loop
        findings.add("TR001", span, why=LINK_LOOP)
    return None


def open_inside(root: Path, parts: Sequence[str]) -> int:
    """Open a file below `root` by the names of its path, none of which may be a link.

    A link that is met now was put there since the folder was listed, and leads anywhere.
    """
    if not OPENS_NO_LINKS:
        return os.open(root.joinpath(*parts), os.O_RDONLY | getattr(os, "O_BINARY", 0))
    *folders, name = parts
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = inner
        return os.open(name, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW, dir_fd=here)
    finally:
        os.close(here)


def reason_of(problem: OSError) -> Wording:
    """Return why the system did not read or write something: in Chinese where that is known."""
    if problem.errno == errno.ELOOP:
        return LINK_LOOP
    said = problem.strerror or str(problem)
    return Wording(REASONS.get(problem.errno or 0, said), said)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` into a file that is there: wholly, or not at all. It keeps its permissions.

    Where `path` is a link, the file that it leads to is written, and the link stays.
    """
    path = path.resolve()
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
