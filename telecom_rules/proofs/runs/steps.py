"""The facts of a case as terms, and what encodes a condition at one step of it.

Any fact of a case may be unknown, so no presence is taken for granted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import z3

from telecom_rules.expressions import Context
from telecom_rules.expressions.consistency import conditions_of
from telecom_rules.expressions.typed import Fact, walk
from telecom_rules.proofs.encoding import Encoder, Space
from telecom_rules.proofs.policies import FALSE, PolicyTerms
from telecom_rules.proofs.symbols import Records, Symbol, Texts
from telecom_rules.vocabulary.vocabulary import ParametersOn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from telecom_rules.expressions.typed import Typed
    from telecom_rules.pack import Pack
    from telecom_rules.proofs.solver import Term
    from telecom_rules.vocabulary import FactType


def build_space(facts: FactType) -> Space:
    """Return the records that a case may have."""
    return Space(Records(facts.fields, Texts()))


def build_encoder(
    space: Space,
    pack: Pack,
    day: date,
    fields: Mapping[str, Symbol],
    states: frozenset[str] | None,
) -> Encoder:
    """Return what encodes the conditions of a workflow at one step of a case.

    Args:
        space: the facts as they are at the step.
        pack: the pack, of whose policies the conditions may read outputs.
        day: the day whose figures and rules count.
        fields: the payload of the event, by path.
        states: the active states, or `None` for any.
    """
    peers: dict[str, PolicyTerms] = {}

    def output_of(policy: str, output: str) -> Symbol:
        if policy not in peers:
            peers[policy] = PolicyTerms(pack.policies[policy], day, space)
        found = peers[policy].output(output)
        # Without the facts that it reads a policy decides nothing.
        decides = z3.Bool(f"decides.{policy}{space.step}")
        return Symbol(found.term, z3.And(found.present, decides))

    context = Context(parameters=ParametersOn(pack.parameters, day))
    return Encoder(space, context, output_of, fields=fields, states=states)


def name_fields(payload: Records) -> dict[str, Symbol]:
    """Return the fields of a payload by the paths by which conditions read them."""
    return {f"event.{name}": each for name, each in payload.symbols.items()}


def iter_consistent(encoder: Encoder, facts: FactType) -> Iterator[Term]:
    """Yield that the facts of a record do not contradict one another."""
    for each in conditions_of(facts):
        yield z3.Not(encoder.encode(each.contradiction.tree))


def find_unknown(tree: Typed, space: Space) -> Term:
    """Return whether a fact that a condition reads is unknown, so that it may have no value."""
    names = {node.name for node in walk(tree) if isinstance(node, Fact)}
    symbols = space.records.symbols
    return z3.Or([FALSE, *(z3.Not(symbols[each].present) for each in sorted(names))])
