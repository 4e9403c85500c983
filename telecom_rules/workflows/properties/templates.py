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
        return self in UNARY_TEMPLATES

    @property
    def automata(self) -> tuple[Automaton, ...]:
        """The tables it is read by."""
        return tuple(AUTOMATA[name] for name in COMPOSED_TEMPLATES.get(self, (self,)))


UNARY_TEMPLATES = frozenset({Template.EXISTENCE, Template.ABSENCE, Template.INIT, Template.END})
COMPOSED_TEMPLATES = {
    Template.SUCCESSION: (Template.RESPONSE, Template.PRECEDENCE),
    Template.ALTERNATE_SUCCESSION: (Template.ALTERNATE_RESPONSE, Template.ALTERNATE_PRECEDENCE),
    Template.CHAIN_SUCCESSION: (Template.CHAIN_RESPONSE, Template.CHAIN_PRECEDENCE),
}


class AutomatonState(NamedTuple):
    """One stage of a table.

    Attributes:
        accepting: whether a run may end here.
        successors: the stage after a moment with nothing, the first, the second, both.
    """

    accepting: bool
    successors: tuple[int, int, int, int]


Automaton = tuple[AutomatonState, ...]
VIOLATED = -1
"""The stage that nothing leads out of: the property is violated, whatever follows."""


def parse_automaton(*rows: str) -> Automaton:
    """Return the table that `rows` spell: `+` where a run may end, then the stages onward."""
    return tuple(parse_state(*each.split()) for each in rows)


def parse_state(content: str, *onward: str) -> AutomatonState:
    """Return one stage; `!` leads to where the property is violated."""
    nothing, one, other, both = (VIOLATED if each == "!" else int(each) for each in onward)
    return AutomatonState(content == "+", (nothing, one, other, both))


AUTOMATA = {
    #                           may end; after: nothing, first, then, both
    Template.EXISTENCE: parse_automaton("- 0 1 0 1", "+ 1 1 1 1"),
    Template.ABSENCE: parse_automaton("+ 0 ! 0 !"),
    Template.INIT: parse_automaton("- ! 1 ! 1", "+ 1 1 1 1"),
    Template.END: parse_automaton("- 0 1 0 1", "+ 0 1 0 1"),
    Template.RESPONSE: parse_automaton("+ 0 1 0 0", "- 1 1 0 0"),
    Template.PRECEDENCE: parse_automaton("+ 0 1 ! 1", "+ 1 1 1 1"),
    Template.ALTERNATE_RESPONSE: parse_automaton("+ 0 1 0 0", "- 1 ! 0 !"),
    Template.ALTERNATE_PRECEDENCE: parse_automaton("+ 0 1 ! 0", "+ 1 1 0 0"),
    Template.CHAIN_RESPONSE: parse_automaton("+ 0 1 0 1", "- ! ! 0 1"),
    Template.CHAIN_PRECEDENCE: parse_automaton("+ 0 1 ! !", "+ 0 1 0 1"),
    Template.NOT_COEXISTENCE: parse_automaton("+ 0 1 2 !", "+ 1 1 ! !", "+ 2 ! 2 !"),
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
        return (0,) * len(self.template.automata)

    def advance(self, stage: Stage, moment: Collection[str]) -> Stage:
        """Return the stage after a moment in which the names `moment` occur."""
        letter = (not self.first.isdisjoint(moment)) + 2 * (not self.then.isdisjoint(moment))
        tables = self.template.automata
        return tuple(
            VIOLATED if at == VIOLATED else table[at].successors[letter]
            for table, at in zip(tables, stage, strict=True)
        )

    def is_violated(self, stage: Stage) -> bool:
        """Return whether the property is violated, whatever follows."""
        return VIOLATED in stage

    def is_accepting(self, stage: Stage) -> bool:
        """Return whether a run may end here."""
        tables = self.template.automata
        return not self.is_violated(stage) and all(
            table[at].accepting for table, at in zip(tables, stage, strict=True)
        )

    def is_permanently_satisfied(self, stage: Stage) -> bool:
        """Return whether the property holds, whatever follows."""
        return not self.is_violated(stage) and all(
            all(
                at != VIOLATED and table[at].accepting for at in find_reachable_states(table, start)
            )
            for table, start in zip(self.template.automata, stage, strict=True)
        )


def find_reachable_states(table: Automaton, start: int) -> set[int]:
    """Return the stages that may be come to from `start`, itself included."""
    found = {start}
    new = [start]
    while new:
        at = new.pop()
        fresh = set(table[at].successors) - found if at != VIOLATED else set()
        found |= fresh
        new.extend(fresh)
    return found
