"""The results of a migration, for a host to store and show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.frozen import Portable
from telecom_rules.wording import Wording, join_lines, quote_title, read_language
from telecom_rules.workflows.engine.configuration import merge_cites
from telecom_rules.workflows.phrases import format_cites, format_deadline, format_instant

if TYPE_CHECKING:
    from datetime import datetime

    from telecom_rules.vocabulary import Clause
    from telecom_rules.workflows.engine.case_state import CaseState
    from telecom_rules.workflows.engine.machine import Machine
    from telecom_rules.workflows.journal.entry import Entry
    from telecom_rules.workflows.refusals.reason import Reason


@dataclass(frozen=True, slots=True)
class Recount(Portable):
    """A running time limit that ends at another instant since the move.

    Attributes:
        clock: the clock's name.
        title: its name for people.
        before: its deadline before the move, or `None` if it had none.
        after: its deadline since.
    """

    clock: str
    title: Wording
    before: datetime | None
    after: datetime | None

    def describe(self) -> Wording:
        """Return both deadlines, for people."""
        return Wording(
            "时限重新推算：{title}原为 {before}，现为 {after}",
            "time limit counted again: {title}, from {before} to {after}",
        ).fill(
            title=quote_title(self.title),
            before=UNDETERMINED if self.before is None else format_deadline(self.before),
            after=UNDETERMINED if self.after is None else format_deadline(self.after),
        )


UNDETERMINED = Wording("尚不能确定", "undetermined")


class MigratedState(NamedTuple):
    """A migrated case.

    Attributes:
        case_state: its state in this version.
        entry: the journal entry of the migration.
        dropped: data of the older version without a place in this one.
        recounts: the time limits that end at another instant since.
    """

    case_state: CaseState
    entry: Entry
    dropped: tuple[str, ...]
    recounts: tuple[Recount, ...] = ()

    def describe(self, machine: Machine) -> tuple[Wording, ...]:
        """Return the result of the migration, for people."""
        clocks = machine.chart.clocks
        return (
            MIGRATED.fill(
                version=self.entry.payload["version"],
                to=self.case_state.configuration.title,
                at=format_instant(self.entry.at),
            ),
            *(each.describe() for each in self.recounts),
            *(
                # The snapshot has no title of a clock that this version does not know.
                STOPPED.fill(
                    clock=quote_title(clocks[name].title) if name in clocks else f"`{name}`"
                )
                for name in self.entry.stopped
            ),
            *(NOT_KEPT.fill(name=f"`{name}`") for name in self.dropped),
        )


MIGRATED = Wording(
    "由 {version} 版迁移：{to}（{at}）", "migrated from version {version}: {to} ({at})"
)
STOPPED = Wording("时限停止：{clock}", "time limit stopped: {clock}")
NOT_KEPT = Wording("不再保留：{name}", "no longer kept: {name}")


@dataclass(frozen=True, slots=True)
class Stranded(Portable):
    """A case of an older version cannot go on in this one, and nothing has changed.

    Attributes:
        id: the host's name for the case.
        version: its version.
        digest: the digest of its workflow.
        states: its active states, as named in that version.
        reasons: every reason why.
    """

    id: str
    version: str
    digest: str
    states: tuple[str, ...]
    reasons: tuple[Reason, ...] = field(hash=False)

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses of the reasons."""
        return merge_cites(*(reason.cites for reason in self.reasons))

    def explain(self, language: str = "en") -> str:
        """Return the reasons with their clauses, for people."""
        headline = Wording(
            "个案 {id}（{version} 版）不能迁移：",
            "the case {id} (version {version}) cannot be migrated:",
        ).fill(id=self.id, version=self.version)
        chosen = read_language(language)
        lines = [
            f"- {each.wording.say(chosen)}{format_cites(each.cites, chosen)}"
            for each in self.reasons
        ]
        return join_lines([headline.say(chosen), *lines])
