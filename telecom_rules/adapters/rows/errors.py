"""The errors of every store of cases. All derive from `TelecomRulesError`.

::

    StoreError
    ├── UnknownCase         there is no case with this id
    ├── CaseExists          there is one already
    ├── UnreadableCase      what is stored is not what was written
    │   └── StrandedCase    no pack at hand goes on with it
    ├── NotKept             it was archived or erased
    ├── CaseOpen            it is not closed yet, and only closed cases are archived or erased
    ├── EffectsWaiting      it is closed, and effects of it are still to be done
    ├── UnexpectedState     it is not in the state that the request expects
    ├── KeyReused           an idempotency key came back with another request
    ├── KeyOutlived         the first answer to a key cannot be given any more
    ├── Conflict            somebody else was faster: the whole transaction is to be done again
    └── SchemaMismatch      the tables are of another version
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class StoreError(TelecomRulesError):
    """The root of the errors of stores; nothing was changed."""

    code = "store"


class CaseError(StoreError):
    """An error about one case.

    Attributes:
        id: the id of the case.
    """

    def __init__(self, wording: Wording, id: str, **parts: object) -> None:
        super().__init__(wording.fill(id=shorten(id), **parts))
        self.id = id


class UnknownCase(CaseError):
    """There is no case with this id."""

    code = "unknown-case"

    def __init__(self, id: str) -> None:
        super().__init__(Wording("没有编号为 `{id}` 的个案", "there is no case `{id}`"), id)


class CaseExists(CaseError):
    """A case with this id was opened before."""

    code = "case-exists"

    def __init__(self, id: str) -> None:
        wording = Wording(
            "编号为 `{id}` 的个案已存在；请换用其他编号，或取出已有的个案",
            "the case `{id}` exists already; choose another id, or get the one that exists",
        )
        super().__init__(wording, id)


class UnreadableCase(CaseError):
    """The stored rows of a case are not what the store wrote.

    Attributes:
        why: what is wrong with them.
    """

    code = "unreadable-case"

    def __init__(self, id: str, why: Wording) -> None:
        wording = Wording(
            "个案 `{id}` 无法读取：{why}；请对照日志核查该行",
            "the case `{id}` cannot be read: {why}; compare its row with its journal",
        )
        super().__init__(wording, id, why=why)
        self.why = why


class StrandedCase(UnreadableCase):
    """A case was stored by rules that no pack at hand has or can go on from.

    Attributes:
        digest: the digest of the workflow it was stored by.
    """

    code = "stranded-case"

    def __init__(self, id: str, why: Wording, digest: str) -> None:
        super().__init__(id, why)
        self.digest = digest


class NotKept(CaseError):
    """A case was archived, or the data of its person were erased.

    Attributes:
        since: when.
        erased: whether it was erased.
    """

    code = "not-kept"

    def __init__(self, id: str, since: datetime, *, erased: bool) -> None:
        archived = Wording(
            "个案 `{id}` 已于 {since} 归档；请查阅档案",
            "the case `{id}` was archived on {since}; look it up in the archive",
        )
        gone = Wording(
            "个案 `{id}` 的个人信息已于 {since} 删除，日志仍可核验",
            "the personal data of the case `{id}` were erased on {since}; its journal can still be"
            " verified",
        )
        super().__init__(gone if erased else archived, id, since=since.date().isoformat())
        self.since = since
        self.erased = erased


class CaseOpen(CaseError):
    """A case that is not over cannot be archived or erased."""

    code = "case-open"

    def __init__(self, id: str) -> None:
        wording = Wording(
            "个案 `{id}` 尚未办结，不能归档或删除；请先办结",
            "the case `{id}` is not over and cannot be archived or erased; close it first",
        )
        super().__init__(wording, id)


class EffectsWaiting(CaseError):
    """A case is over, and effects of it are still to be done.

    Attributes:
        keys: the keys of these effects.
    """

    code = "effects-waiting"

    def __init__(self, id: str, keys: Sequence[str]) -> None:
        wording = Wording(
            "个案 `{id}` 还有 {count} 项待执行的事项，不能归档或删除；请先由 `Worker` 执行",
            "effects of the case `{id}` are still to be done ({count}), so that it cannot be"
            " archived or erased; let the worker do them first",
        )
        super().__init__(wording, id, count=len(keys))
        self.keys: tuple[str, ...] = tuple(keys)


class UnexpectedState(CaseError):
    """A case is not in a state that the request expects, as when a screen is out of date.

    Attributes:
        states: its active states.
        expected: the states of which the request expects one.
    """

    code = "unexpected-state"

    def __init__(self, id: str, states: Sequence[str], expected: Sequence[str]) -> None:
        wording = Wording(
            "个案 `{id}` 处于 {found}，而不是 {expected}；请刷新后重试",
            "the case `{id}` is in {found} and not in {expected}; show it anew and ask again",
        )
        found = "+".join(f"`{each}`" for each in states)
        wanted = ", ".join(f"`{shorten(each)}`" for each in expected)
        super().__init__(wording, id, found=found, expected=wanted)
        self.states: tuple[str, ...] = tuple(states)
        self.expected: tuple[str, ...] = tuple(expected)


class KeyReused(CaseError):
    """An idempotency key came back with another request than the first.

    Attributes:
        key: the key.
    """

    code = "key-reused"

    def __init__(self, id: str, key: str) -> None:
        wording = Wording(
            "幂等键 `{key}` 已用于个案 `{id}` 的另一请求；每个请求须使用自己的键",
            "the idempotency key `{key}` was used for another request to the case `{id}`; give each"
            " request a key of its own",
        )
        super().__init__(wording, id, key=shorten(key))
        self.key = key


class KeyOutlived(CaseError):
    """The request with this key was done, and its answer cannot be worked out any more.

    The rules by which it was given are no longer at hand. Nothing is done twice.

    Attributes:
        key: the key.
        sequence: the number of the journal entry of the request.
    """

    code = "key-outlived"

    def __init__(self, id: str, key: str, sequence: int) -> None:
        wording = Wording(
            "个案 `{id}` 中幂等键 `{key}` 的请求早已办理（日志第 {sequence} 条），"
            "但当时的规则已不在手，无法重现答复；请取出个案查看现状",
            "the request with the idempotency key `{key}` was done, see entry {sequence} of the"
            " journal of the case `{id}`; its answer cannot be given again without the rules of"
            " that time; get the case to see where it is now",
        )
        super().__init__(wording, id, key=shorten(key), sequence=sequence)
        self.key = key
        self.sequence = sequence


class Conflict(CaseError):
    """Somebody else changed the case first.

    The transaction is to be rolled back and done again as a whole, from a fresh read: see
    `retrying`.
    """

    code = "conflict"

    def __init__(self, id: str) -> None:
        wording = Wording(
            "个案 `{id}` 刚被他人改动；请回滚整个事务，重新读取后再试",
            "the case `{id}` was just changed by somebody else; roll the whole transaction back and"
            " do it again from a fresh read",
        )
        super().__init__(wording, id)


class SchemaMismatch(StoreError):
    """The tables in the database are of another version than this library writes.

    Attributes:
        found: the version in the database; 0 for none.
        expected: the version of this library.
    """

    code = "schema-mismatch"

    def __init__(self, found: int, expected: int) -> None:
        advice = (
            Wording("请先运行 `store.upgrade(connection)`", "run `store.upgrade(connection)` first")
            if found < expected
            else Wording("请升级本库", "install a newer release of this library")
        )
        super().__init__(
            Wording(
                "数据库中规则表的版本是 {found}，本库需要 {expected}；{advice}",
                "the tables of the rules are of version {found}, this library needs {expected};"
                " {advice}",
            ).fill(found=found, expected=expected, advice=advice)
        )
        self.found = found
        self.expected = expected
