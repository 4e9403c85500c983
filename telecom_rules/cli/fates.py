"""The fate of stored cases when a newer pack takes over, by asking what it would do with each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from telecom_rules.cli.screen import cut_name
from telecom_rules.cli.spreads import join_spread, strip_varying
from telecom_rules.errors import FactsError, JournalError, SnapshotError, SnapshotMismatch
from telecom_rules.wording import Wording, quote_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.pack import Pack
    from telecom_rules.workflows import Entry, Reason, Stranded, Workflow


MOST_NAMED = 5
"""Cases that are named of those with one fate for one reason."""

NO_WORKFLOW = Wording("新规则包中没有这一流程", "the newer pack does not have this workflow")
NO_INSTANT = Wording("没有时刻 `at`", "the snapshot has no instant `at`")
NO_JOURNAL = Wording("`journal` 应为条目的列表", "`journal` must be a list of entries")
SNAPSHOT_KEYS = ("case", "journal", "place", "id", "refused", "problem")
"""What may stand beside a snapshot: its journal, and what `telecom-rules run --json` writes."""

GIVE_JOURNALS = Wording(
    '仅有快照的个案：若在快照旁给出日志（`{{"case": …, "journal": […]}}`），'
    "或可查明变动并未触及其中任何一件",
    "of these cases there are only snapshots: with their journals beside them"
    ' (`{{"case": ..., "journal": [...]}}`) the change may turn out to touch none of them',
).fill()
DECLARE_MIGRATION = Wording(
    "在新版流程中写明 `migrations:`，即可迁移这些个案",
    "an entry of `migrations:` in the newer workflow moves them",
)
DECLARE_IN_OVERLAY = Wording(
    "在新规则包中写入 `override: workflows.{workflow}` 和 `migrations: [{{from: {version}, digest:"
    ' "{digest}"}}]`，即可迁移这些个案；进行中的时限从起算之日起按新数值重算，'
    "届时已满的须先由旧规则包记录",
    "`override: workflows.{workflow}` with `migrations: [{{from: {version}, digest:"
    ' "{digest}"}}]` in the newer pack moves them; a running time limit is then counted again from'
    " its start by the newer figure, and one that is over by then is first recorded by the older"
    " pack",
)
OTHER_FIGURE = Wording(
    "时限“{title}”起算时为 {old}；新规则包当日为 {new}",
    "the time limit “{title}” was {old} when it started; the newer pack has {new} for that day",
)


class Fate(StrEnum):
    """The fate of a case when the newer pack takes over."""

    RESTORED = "restored"
    """The newer pack restores it: nothing that it may have done has changed."""
    MOVED = "moved"
    """A migration moves it to the newer pack."""
    CLOSED = "closed"
    """It has ended."""
    STRANDED = "stranded"
    """The newer pack can neither restore nor migrate it."""
    UNREADABLE = "unreadable"
    """It is not a snapshot, or cannot be read."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """One case of the file and its fate.

    Attributes:
        place: its place in the file.
        id: the case's id, if there is one.
        workflow: its workflow.
        state: the innermost state that it is in.
        fate: its fate.
        reasons: why it is stranded or unreadable.
        cites: the clauses behind them.
        advice: what may help.
    """

    place: str
    id: str = ""
    workflow: str = ""
    state: str = ""
    fate: Fate = Fate.UNREADABLE
    reasons: tuple[Wording, ...] = ()
    cites: tuple[str, ...] = ()
    advice: tuple[Wording, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of a workflow that have one fate for the same reasons.

    Attributes:
        fate: their fate.
        workflow: their workflow.
        reasons: why they have it; where they differ in an instant, with the first and the last.
        cites: the clauses behind that.
        count: how many they are.
        first: the ids of the first, or their places in the file.
        states: how many of them are in each state.
    """

    fate: Fate
    workflow: str
    reasons: tuple[Wording, ...]
    cites: tuple[str, ...]
    count: int
    first: list[str]
    states: Counter[str]


def find_outlook(old: Pack, new: Pack, row: FileRecord, at: datetime | None) -> Outlook:
    """Return one case of the file with its fate.

    Args:
        old: the older pack.
        new: the newer pack.
        row: the record of the file: a snapshot, or `case` and `journal`.
        at: when the newer pack takes over; `None` for the last change of the case.
    """
    from telecom_rules.cli.records import Unreadable, find_unknown_key, name_value

    if isinstance(row.data, Unreadable):
        return Outlook(row.place, reasons=(row.data.wording,))
    data, written = unwrap_snapshot(row.data)
    unknown = None if data is row.data else find_unknown_key(row.data, SNAPSHOT_KEYS)
    if unknown is not None:
        return Outlook(row.place, name_value(data.get("id")), reasons=(unknown,))
    id, name = name_value(data.get("id")), name_value(data.get("workflow"))
    states = [name_value(each) for each in as_list(data.get("states"))]
    one = Outlook(row.place, id, name, states[-1] if states else "")
    try:
        journal = None if written is None else read_journal(written)
        return decide_fate(old, new, one, data, states, journal, at)
    except (SnapshotError, JournalError, FactsError) as problem:
        return replace(one, fate=Fate.UNREADABLE, reasons=(problem.wording,))
    except ValueError:
        return replace(one, fate=Fate.UNREADABLE, reasons=(NO_INSTANT,))


def decide_fate(
    old: Pack,
    new: Pack,
    one: Outlook,
    data: Mapping[str, object],
    states: list[str],
    journal: list[Entry] | None,
    at: datetime | None,
) -> Outlook:
    """Return a case with its fate.

    Raises:
        SnapshotError: the snapshot is damaged.
        JournalError: the journal is not that of the case.
        ValueError: the snapshot has no instant.
    """
    from telecom_rules.workflows import Stranded

    try:
        case = new.restore(data, journal)
        return replace(one, fate=Fate.CLOSED if case.final else Fate.RESTORED)
    except SnapshotMismatch as problem:
        if one.workflow in old.workflows and is_over(old, one.workflow, states):
            return replace(one, fate=Fate.CLOSED)
        if one.workflow not in new.workflows:
            clauses = old.workflows[one.workflow].cites if one.workflow in old.workflows else ()
            cites = tuple(map(str, clauses))
            return replace(one, fate=Fate.STRANDED, reasons=(NO_WORKFLOW,), cites=cites)
        retraced = None if journal is None else problem.wording
    moment = datetime.fromisoformat(str(data.get("at"))) if at is None else at
    moved = new.migrate(data, at=moment)
    if not isinstance(moved, Stranded):
        return replace(one, fate=Fate.MOVED)
    figures = tuple(iter_other_figures(old, new, one.workflow, data))
    told = describe_stranded(one, moved, old.workflows.get(one.workflow), retraced)
    advice = tuple(
        DECLARE_IN_OVERLAY.fill(
            workflow=one.workflow, version=data.get("version"), digest=data.get("digest")
        )
        if each is DECLARE_MIGRATION and figures and is_overlay(new)
        else each
        for each in told.advice
    )
    return replace(told, reasons=(*told.reasons, *figures), advice=advice)


def is_overlay(pack: Pack) -> bool:
    """Return whether a pack says other figures than one below it."""
    return any(value.base is not None for p in pack.parameters.values() for value in p.values)


def iter_other_figures(
    old: Pack, new: Pack, name: str, data: Mapping[str, object]
) -> Iterator[Wording]:
    """Yield the running time limits of a case that the newer pack counts by another figure.

    Args:
        old: the older pack.
        new: the newer pack.
        name: the workflow of the case.
        data: its snapshot.
    """
    from telecom_rules.vocabulary import Parameter

    flows = [pack.workflows.get(name) for pack in (old, new)]
    for each in as_list(data.get("clocks")):
        if not isinstance(each, dict) or each.get("ended") is not None:
            continue
        clocks = [flow.clocks.get(str(each.get("clock"))) for flow in flows if flow is not None]
        day = datetime.fromisoformat(str(each.get("started"))).date()
        figures = [
            limit.find_on(day)
            for clock in clocks
            # What is promised beside a limit is told with it.
            if clock is not None
            and clock.beside is None
            and isinstance(limit := (clock.promise or clock).limit, Parameter)
        ]
        if len(figures) == len(flows) and None not in figures:
            before, after = (one.wording for one in figures if one is not None)
            if before != after and clocks[0] is not None:
                title = clocks[0].title
                yield OTHER_FIGURE.fill(title=title, old=before, new=after)


def is_over(pack: Pack, workflow: str, states: Iterable[str]) -> bool:
    """Return whether a case in some states has ended."""
    known = pack.workflows[workflow].states
    return any(known[name].final and not known[name].ancestors for name in states if name in known)


def describe_stranded(
    one: Outlook, stranded: Stranded, old: Workflow | None, retraced: Wording | None
) -> Outlook:
    """Return a case that is stranded, with its reasons.

    Args:
        one: the case.
        stranded: the reasons why it cannot be migrated.
        old: its older workflow.
        retraced: why its journal does not lead to it by the newer rules, if it was given.
    """
    why = () if retraced is None else (retraced,)
    wordings = (*why, *(word_reason(each, old) for each in stranded.reasons))
    advice = list_advice(stranded.reasons, has_journal=retraced is not None)
    cites = tuple(map(str, stranded.cites))
    return replace(one, fate=Fate.STRANDED, reasons=wordings, cites=cites, advice=advice)


def list_advice(reasons: Iterable[Reason], *, has_journal: bool) -> tuple[Wording, ...]:
    """Return what may help cases that are stranded for some reasons."""
    undeclared = any(each.kind in {"no_migration", "no_image"} for each in reasons)
    advice = ((GIVE_JOURNALS, not has_journal), (DECLARE_MIGRATION, undeclared))
    return tuple(each for each, helps in advice if helps)


def word_reason(reason: Reason, old: Workflow | None) -> Wording:
    """Return the text of a reason, in Chinese with the titles of a state and a clock it names.

    An officer reads titles. The name stays beside the title: whoever writes the migration needs it.
    """
    zh = reason.wording.zh
    if old is None:
        return reason.wording
    titles: dict[str, dict[str, Wording]] = {
        "state": {name: each.title for name, each in old.states.items()},
        "clock": {name: each.title for name, each in old.clocks.items()},
    }
    for kind, members in titles.items():
        name = str(reason.data.get(kind, ""))
        if name in members and has_title(members[name], name):
            zh = zh.replace(f" `{name}` ", f"{quote_title(members[name]).zh}（`{name}`）")
    return Wording(zh, reason.wording.en)


def has_title(title: Wording, name: str) -> bool:
    """Return whether something has a title of its own in Chinese."""
    return title.zh not in {"", name}


def unwrap_snapshot(
    data: Mapping[str, object],
) -> tuple[Mapping[str, object], object]:
    """Return a snapshot and the journal beside it, or `None` where there is none.

    `telecom-rules run --json` writes the snapshot under the key `case`.
    """
    case = data.get("case")
    if isinstance(case, dict) and "workflow" not in data:
        return case, data.get("journal")
    return data, None


def read_journal(written: object) -> list[Entry]:
    """Return the journal that a record has beside its snapshot.

    Raises:
        JournalError: it is not one.
    """
    from telecom_rules.workflows import Entry

    if not isinstance(written, list):
        raise JournalError(NO_JOURNAL, 0)
    return [Entry.load(each if isinstance(each, dict) else {}) for each in written]


def as_list(value: object) -> list[object]:
    """Return a list as it is, and nothing for what is not a list."""
    return value if isinstance(value, list) else []


def group(outlooks: Iterable[Outlook]) -> Iterator[Group]:
    """Yield the cases of one fate and the same reasons together, in the order of the file.

    Reasons are the same that differ in an instant only, such as the end of a limit.
    """
    groups: dict[tuple[object, ...], list[Outlook]] = {}
    for each in outlooks:
        same = tuple(map(strip_varying, each.reasons))
        groups.setdefault((each.fate, each.workflow, same, each.cites), []).append(each)
    yield from map(build_group, groups.values())


def build_group(outlooks: Sequence[Outlook]) -> Group:
    """Return cases of one fate and the same reasons as a group."""
    first = outlooks[0]
    return Group(
        first.fate,
        first.workflow,
        tuple(map(join_spread, zip(*(each.reasons for each in outlooks), strict=True))),
        first.cites,
        len(outlooks),
        [cut_name(each.id) or each.place for each in outlooks[:MOST_NAMED]],
        Counter(each.state for each in outlooks),
    )
