"""Parts of a snapshot, and the error where one is not what it has to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeGuard

from telecom_rules.errors import SnapshotError
from telecom_rules.wording import Wording


def read_json_objects(data: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    """Return the list of objects that a snapshot has for `key`."""
    value = data.get(key)
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise build_snapshot_error(
            Wording("`{key}` 应为对象的列表", "`{key}` must be a list of objects").fill(key=key)
        )
    return value


def is_list_of_names(data: object) -> TypeGuard[list[str]]:
    """Return whether a part is a list of texts."""
    return isinstance(data, list) and all(isinstance(each, str) for each in data)


def build_snapshot_error(why: Wording) -> SnapshotError:
    """Return the error for a snapshot that cannot be restored."""
    return SnapshotError(
        Wording(
            "快照无法恢复：{why}；请改用日志重放",
            "the snapshot cannot be restored: {why}; replay the journal instead",
        ).fill(why=why)
    )
