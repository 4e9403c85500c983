"""Whether guards of a house imply those of its base, beyond what boxes show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import z3

from telecom_rules.checks.refinement.guards import (
    NOW,
    TODAY,
    Answer,
    DatedFigures,
    Implication,
    describe,
    is_so,
    iter_names,
)
from telecom_rules.expressions import Context
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.proofs.encoding import Encoder, Space
from telecom_rules.proofs.solver import NotSolved, Solver
from telecom_rules.proofs.symbols import EPOCH, MICROSECOND, Records, Symbol, Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from telecom_rules.checks.refinement.guards import Assumption, Situation
    from telecom_rules.expressions.typed import Typed
    from telecom_rules.proofs.solver import Term


@dataclass(frozen=True)
class SolvedFigures(DatedFigures):
    """The parameters of both packs; what boxes leave undecided of guards is put to the solver."""

    def ask(self, assumed: Sequence[Assumption], wanted: Sequence[Assumption]) -> Answer:
        """Return whether conditions without figures imply others."""
        answer = super().ask(assumed, wanted)
        if answer.implication is not Implication.UNDECIDED:
            return answer
        left: Answer | None = None
        for test, holds in wanted:
            question = ImplicationQuestion(self, [*assumed, (test, not holds)])
            found = question.answer(test.tree)
            if found.implication is Implication.FAILS:
                return found
            left = found if found.implication is Implication.UNDECIDED else left
        return left or Answer(Implication.HOLDS)


class ImplicationQuestion:
    """Whether some conditions can be so together; where they can, one does not follow."""

    def __init__(self, figures: DatedFigures, wanted: Sequence[Assumption]) -> None:
        self.wanted = wanted
        trees = [each.tree for each, _ in wanted]
        conditions = () if figures.facts is None else conditions_of(figures.facts)
        broken = [each.contradiction.tree for each in conditions]
        names = iter_names([*trees, *broken])
        own = {name: each for name, each in names.items() if "." not in name}
        others = {name: each for name, each in names.items() if "." in name}
        texts = Texts()
        self.facts = Records(own, texts)
        self.context = Records(others, texts, "")
        self.space = Space(self.facts, now=z3.Int("now"))
        self.encoder = Encoder(self.space, Context(), no_peer, fields=self.context.symbols)
        self.terms = [
            self.encoder.encode(each.tree) if holds else z3.Not(self.encoder.encode(each.tree))
            for each, holds in wanted
        ]
        self.terms += [z3.Not(self.encoder.encode(each)) for each in broken]

    def answer(self, tree: Typed) -> Answer:
        """Return whether the last of the conditions follows from the others.

        Args:
            tree: the condition that is asked for, to say what is not analysed.
        """
        # A condition that is true has a value, so what it reads is known, or does not matter.
        bounds = [*self.facts.iter_bounds(partial=True), *self.context.iter_bounds(partial=True)]
        solver = Solver([*bounds, *self.space.laws])
        known = [each.present for each in self.facts.symbols.values()]
        known += [each.present for each in self.context.symbols.values()]
        try:
            models = solver.iter_models(self.terms, self.iter_likely(known))
            found = [*models]
        except NotSolved:
            return Answer(Implication.UNDECIDED, None, tree)
        if not found:
            return Answer(Implication.HOLDS)
        for model in found:
            situation = self.read_model(model)
            if situation is not None and is_so(situation, self.wanted):
                return Answer(Implication.FAILS, describe(situation))
        opaque = next(iter(self.encoder.opaque), tree)
        return Answer(Implication.UNDECIDED, None, opaque)

    def iter_likely(self, known: Sequence[Term]) -> Iterator[list[Term]]:
        """Yield what makes a situation easy to read, and one that can be evaluated."""
        moment = [
            self.space.today == TODAY.toordinal(),
            self.space.now == (NOW - EPOCH) // MICROSECOND,
        ]
        for each in self.facts.iter_readable(TODAY.replace(year=2000), TODAY.replace(year=2040)):
            yield [*moment, *known, *each]
            yield [*moment, *each]
        yield moment

    def read_model(self, model: Term) -> Situation | None:
        """Return the situation of a model, or `None` if it has a value that no fact has."""
        found: Situation = {}
        for records in (self.facts, self.context):
            values = records.read_model(model)
            if values is None:
                return None
            found |= values  # type: ignore[arg-type]  # as a host would send them
        return found


def no_peer(policy: str, output: str) -> Symbol:
    """Refuse to ask: outputs that are read are fields of the situation."""
    raise KeyError(f"{policy}.{output}")
