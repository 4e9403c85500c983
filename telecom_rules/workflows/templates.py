"""The templates of Declare: what a property may demand of the order of things.

A run is a sequence of moments, and in each some names occur. For a template only four kinds of
moment differ: nothing it speaks of occurs, what stands first, what stands then, or both. So each
template is a small table that is read moment by moment.

What occurs in the same moment counts as before and as after at once, except where a template
speaks of the very next move. Source of the templates: Pesic, Schonenberg and van der Aalst, DECLARE
(2007); on finite runs De Giacomo and Vardi, LTLf (2013).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Monitor", "Stage", "Template"]


class Template(StrEnum):
    """What is demanded. `first` and `then` are what the file names; the upper half has one of them.

    The value is the key that the file uses.
    """

    EXISTENCE = "existence"
    """It occurs."""
    ABSENCE = "absence"
    """It never occurs."""
    INIT = "init"
    """It occurs in the first moment."""
    END = "end"
    """It occurs in the last moment."""
    RESPONSE = "response"
    """Whenever `first` occurs, `then` follows."""
    PRECEDENCE = "precedence"
    """`then` occurs only after `first`."""
    SUCCESSION = "succession"
    """Both."""
    ALTERNATE_RESPONSE = "alternate_response"
    """Whenever `first` occurs, `then` follows before `first` occurs again."""
    ALTERNATE_PRECEDENCE = "alternate_precedence"
    """`then` occurs only after `first`, each time after another one."""
    ALTERNATE_SUCCESSION = "alternate_succession"
    """Both."""
    CHAIN_RESPONSE = "chain_response"
    """Whenever `first` occurs, `then` occurs in the very next move."""
    CHAIN_PRECEDENCE = "chain_precedence"
    """`then` occurs only in the very next move after `first`."""
    CHAIN_SUCCESSION = "chain_succession"
    """Both."""
    NOT_COEXISTENCE = "not_coexistence"
    """Of the two, one at most ever occurs."""

    @property
    def single(self) -> bool:
        """Whether it speaks of one thing and not of two."""
        return self in SINGLE

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables it is read by."""
        return tuple(TABLES[name] for name in BOTH.get(self, (self,)))


SINGLE = frozenset({Template.EXISTENCE, Template.ABSENCE, Template.INIT, Template.END})
BOTH = {
    Template.SUCCESSION: (Template.RESPONSE, Template.PRECEDENCE),
    Template.ALTERNATE_SUCCESSION: (Template.ALTERNATE_RESPONSE, Template.ALTERNATE_PRECEDENCE),
    Template.CHAIN_SUCCESSION: (Template.CHAIN_RESPONSE, Template.CHAIN_PRECEDENCE),
}


class Row(NamedTuple):
    """One stage of a table.

    Attributes:
        content: whether a run may end here.
        onward: the stage after a moment with nothing, with the first, with the second, with both.
    """

    content: bool
    onward: tuple[int, int, int, int]


Table = tuple[Row, ...]
BROKEN = -1
"""The stage that nothing leads out of: the property is violated, whatever follows."""


def table(*rows: str) -> Table:
    """Return the table that `rows` spell: `+` where a run may end, then the stages onward."""
    return tuple(row(*each.split()) for each in rows)


def row(content: str, *onward: str) -> Row:
    """Return one stage; `!` leads to where the property is violated."""
    nothing, one, other, both = (BROKEN if each == "!" else int(each) for each in onward)
    return Row(content == "+", (nothing, one, other, both))


TABLES = {
    #                           may end; after: nothing, first, then, both
    Template.EXISTENCE: table("- 0 1 0 1", "+ 1 1 1 1"),
    Template.ABSENCE: table("+ 0 ! 0 !"),
    Template.INIT: table("- ! 1 ! 1", "+ 1 1 1 1"),
    Template.END: table("- 0 1 0 1", "+ 0 1 0 1"),
    Template.RESPONSE: table("+ 0 1 0 0", "- 1 1 0 0"),
    Template.PRECEDENCE: table("+ 0 1 ! 1", "+ 1 1 1 1"),
    Template.ALTERNATE_RESPONSE: table("+ 0 1 0 0", "- 1 ! 0 !"),
    Template.ALTERNATE_PRECEDENCE: table("+ 0 1 ! 0", "+ 1 1 0 0"),
    Template.CHAIN_RESPONSE: table("+ 0 1 0 1", "- ! ! 0 1"),
    Template.CHAIN_PRECEDENCE: table("+ 0 1 ! !", "+ 0 1 0 1"),
    Template.NOT_COEXISTENCE: table("+ 0 1 2 !", "+ 1 1 ! !", "+ 2 ! 2 !"),
}

Stage = tuple[int, ...]
"""How far a run has come in each table of a template."""


class Monitor(NamedTuple):
    """A template with the names it speaks of, to be read along a run.

    Attributes:
        template: what is demanded.
        first: the names any of which is the first, or the only thing.
        then: the names any of which is the second; empty where there is one only.
    """

    template: Template
    first: frozenset[str]
    then: frozenset[str] = frozenset()

    @property
    def start(self) -> Stage:
        """The stage before the first moment."""
        return (0,) * len(self.template.tables)

    def after(self, stage: Stage, moment: Collection[str]) -> Stage:
        """Return the stage after a moment in which the names `moment` occur."""
        letter = (not self.first.isdisjoint(moment)) + 2 * (not self.then.isdisjoint(moment))
        tables = self.template.tables
        return tuple(
            BROKEN if at == BROKEN else table[at].onward[letter]
            for table, at in zip(tables, stage, strict=True)
        )

    def broken(self, stage: Stage) -> bool:
        """Return whether the property is violated, whatever follows."""
        return BROKEN in stage

    def content(self, stage: Stage) -> bool:
        """Return whether a run may end here."""
        tables = self.template.tables
        return not self.broken(stage) and all(
            table[at].content for table, at in zip(tables, stage, strict=True)
        )

    def settled(self, stage: Stage) -> bool:
        """Return whether the property holds, whatever follows."""
        return not self.broken(stage) and all(
            all(at != BROKEN and table[at].content for at in ahead(table, start))
            for table, start in zip(self.template.tables, stage, strict=True)
        )


def ahead(table: Table, start: int) -> set[int]:
    """Return the stages that may be come to from `start`, itself included."""
    found = {start}
    new = [start]
    while new:
        at = new.pop()
        fresh = set(table[at].onward) - found if at != BROKEN else set()
        found |= fresh
        new.extend(fresh)
    return found
