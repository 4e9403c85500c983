"""The templates of Declare as finite automata over the moments of a run.

A run is a sequence of moments, and in each some names occur. A template has an alphabet of four
letters: neither operand occurs, the first, the second, or both.

Names in the same moment count as before and after one another, except in the chain templates.
Sources: Pesic, Schonenberg and van der Aalst, DECLARE (2007); on finite runs De Giacomo and Vardi,
LTLf (2013).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection


class Template(StrEnum):
    """The templates; the value is the key in the file. The first four have one operand."""

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
        """Whether it has one operand."""
        return self in UNARY_TEMPLATES

    @property
    def automata(self) -> tuple[Automaton, ...]:
        """Its automata; a succession is the conjunction of two."""
        return tuple(AUTOMATA[name] for name in COMPOSED_TEMPLATES.get(self, (self,)))


UNARY_TEMPLATES = frozenset({Template.EXISTENCE, Template.ABSENCE, Template.INIT, Template.END})
COMPOSED_TEMPLATES = {
    Template.SUCCESSION: (Template.RESPONSE, Template.PRECEDENCE),
    Template.ALTERNATE_SUCCESSION: (Template.ALTERNATE_RESPONSE, Template.ALTERNATE_PRECEDENCE),
    Template.CHAIN_SUCCESSION: (Template.CHAIN_RESPONSE, Template.CHAIN_PRECEDENCE),
}


class AutomatonState(NamedTuple):
    """One state of an automaton.

    Attributes:
        accepting: whether a run may end here.
        successors: the next state after neither, the first, the second, both.
    """

    accepting: bool
    successors: tuple[int, int, int, int]


Automaton = tuple[AutomatonState, ...]
VIOLATED = -1
"""The trap state: the property is violated, whatever follows."""


def parse_automaton(*rows: str) -> Automaton:
    """Return the automaton of `rows`: `+` if accepting or `-`, then the four successors."""
    return tuple(parse_state(*each.split()) for each in rows)


def parse_state(accepting: str, *successors: str) -> AutomatonState:
    """Return one state; `!` stands for `VIOLATED`."""
    neither, one, other, both = (VIOLATED if each == "!" else int(each) for each in successors)
    return AutomatonState(accepting == "+", (neither, one, other, both))


AUTOMATA = {
    # one text per state: accepting, successors after neither, first, then, both
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
"""The state of each automaton of a template."""


class Monitor(NamedTuple):
    """A template with its operands, to be advanced along a run.

    Attributes:
        template: the template.
        first: the first operand: any of these names.
        then: the second operand likewise; empty if there is one only.
    """

    template: Template
    first: frozenset[str]
    then: frozenset[str] = frozenset()

    @property
    def start(self) -> Stage:
        """The stage before the first moment."""
        return (0,) * len(self.template.automata)

    @property
    def kept(self) -> frozenset[Stage]:
        """Every stage after some run that has not violated the property."""
        letters = [names for side in ((), self.first) for names in ((*side,), (*side, *self.then))]
        found, new = {self.start}, [self.start]
        while new:
            stage = new.pop()
            after = {self.advance(stage, moment) for moment in letters} - found
            fresh = {each for each in after if not self.is_violated(each)}
            found |= fresh
            new.extend(fresh)
        return frozenset(found)

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
    """Return the states reachable from `start`, itself included."""
    found = {start}
    new = [start]
    while new:
        at = new.pop()
        fresh = set(table[at].successors) - found if at != VIOLATED else set()
        found |= fresh
        new.extend(fresh)
    return found
