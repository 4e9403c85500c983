"""The table `[tool.telecom-rules]` of a `pyproject.toml`: defaults of the command line.

It is read from the nearest `pyproject.toml` that has it, from the working directory upwards. What
the command line says itself comes first.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from telecom_rules.cli.status import UsageError
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

FILE = "pyproject.toml"
LARGEST_FILE = 1_000_000
"""Bytes of a `pyproject.toml`."""
PATHS = frozenset({"path", "baseline", "cache-dir"})
"""Keys with a path: it leads from the folder of the file."""
KINDS: Mapping[str, type] = {
    "path": str,
    "language": str,
    "format": str,
    "select": list,
    "ignore": list,
    "strict": bool,
    "release": bool,
    "baseline": str,
    "on": str,
    "calendar-days": int,
    "cache-dir": str,
    "no-cache": bool,
}
"""The type of each key."""
VERBS: Mapping[str, frozenset[str]] = {
    "path": frozenset({"validate", "test", "coverage", "upgrade"}),
    "format": frozenset({"validate", "test", "verify"}),
    **dict.fromkeys(("select", "ignore"), frozenset({"validate", "coverage", "verify"})),
    **dict.fromkeys(
        ("strict", "release", "baseline", "on", "calendar-days", "cache-dir", "no-cache"),
        frozenset({"validate"}),
    ),
}
"""The verbs that a key is for; one that is not here is for all."""
TYPES = {
    str: Wording("文本", "a text"),
    list: Wording("文本列表", "a list of texts"),
    int: Wording("整数", "a whole number"),
    bool: Wording("true 或 false", "true or false"),
}
NOT_TOML = Wording("{file}：不是 TOML：{why}", "{file}: not TOML: {why}")
NOT_A_TABLE = Wording(
    "{file}：`tool.telecom-rules` 应为一个表", "{file}: `tool.telecom-rules` has to be a table"
)
UNKNOWN_KEY = Wording(
    "{file}：`tool.telecom-rules` 中有未知的键 `{key}`；可用的键：{known}",
    "{file}: unknown key `{key}` in `tool.telecom-rules`; known keys: {known}",
)
MEANT = Wording("{told}；是否指 `{near}`？", "{told}; did you mean `{near}`?")
WRONG_TYPE = Wording(
    "{file}：`tool.telecom-rules` 的 `{key}` 应为{wanted}",
    "{file}: `{key}` of `tool.telecom-rules` has to be {wanted}",
)


def read_configuration(folder: Path) -> Mapping[str, object]:
    """Return the configuration that holds in a folder; without one nothing.

    Args:
        folder: the working directory.

    Raises:
        UsageError: a `pyproject.toml` is not TOML, or its table has an unknown key or value.
        OSError: it cannot be read.
    """
    for each in (folder, *folder.parents):
        file = each / FILE
        table = read_table(file) if file.is_file() else None
        if table is not None:
            return check_table(table, file)
    return {}


def read_table(file: Path) -> object:
    """Return the table of a file, or `None`."""
    with file.open("rb") as opened:
        data = opened.read(LARGEST_FILE)
    try:
        tool = tomllib.loads(data.decode("utf-8")).get("tool")
    except (ValueError, RecursionError) as problem:
        raise UsageError(NOT_TOML.fill(file=str(file), why=shorten(str(problem)))) from None
    return tool.get("telecom-rules") if isinstance(tool, dict) else None


def check_table(table: object, file: Path) -> Mapping[str, object]:
    """Return a table whose keys and values are right, with paths as they lead from anywhere."""
    if not isinstance(table, dict):
        raise UsageError(NOT_A_TABLE.fill(file=str(file)))
    found: dict[str, object] = {}
    for key, value in table.items():
        if key not in KINDS:
            told = UNKNOWN_KEY.fill(file=str(file), key=shorten(key), known=", ".join(KINDS))
            near = find_nearest(key, KINDS)
            raise UsageError(told if near is None else MEANT.fill(told=told, near=near))
        wanted = KINDS[key]
        texts = value if wanted is list and isinstance(value, list) else []
        if not isinstance(value, wanted) or not all(isinstance(each, str) for each in texts):
            raise UsageError(WRONG_TYPE.fill(file=str(file), key=key, wanted=TYPES[wanted]))
        found[key] = str(file.parent / str(value)) if key in PATHS else value
    return found


def fill_in(chosen: argparse.Namespace, configuration: Mapping[str, object]) -> None:
    """Fill in what the command line left out, as far as it is for its verb."""
    for key, value in configuration.items():
        verbs = VERBS.get(key)
        if verbs is not None and chosen.verb not in verbs:
            continue
        attribute = key.replace("-", "_")
        said = getattr(chosen, attribute)
        if said is None or said is False:
            setattr(chosen, attribute, value)
