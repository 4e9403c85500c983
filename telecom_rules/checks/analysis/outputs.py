"""The possible values of the outputs of policies, if all rules give them as constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.typed import Constant
from telecom_rules.policies.rules import VERDICT_BY_SEVERITY
from telecom_rules.vocabulary.types import CodeType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Value


def find_constant_outputs(pack: Pack | None) -> Mapping[str, frozenset[Value]]:
    """Return the possible codes of outputs, by the path of the output; none without a pack."""
    return {} if pack is None else dict(iter_constant_outputs(pack))


def iter_constant_outputs(pack: Pack) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield each output that every rule of its table sets to a constant code, with the codes.

    The verdict of a checklist is one: a list without errors cannot fail.
    """
    for policy in pack.policies.values():
        if policy.checks:
            severities = {each.severity for each in policy.checks}
            made = {
                each for severity, each in VERDICT_BY_SEVERITY.items() if severity in severities
            }
            yield f"policies.{policy.name}.verdict", frozenset({"pass", *made})
        rows = [row.outputs for row in policy.rows]
        results = rows if policy.default is None else [*rows, policy.default]
        for name, field in policy.outputs.fields.items():
            trees = [each[name].tree for each in results if name in each]
            codes = frozenset(tree.value for tree in trees if isinstance(tree, Constant))
            if (
                rows
                and isinstance(field.type, CodeType)
                and all(isinstance(tree, Constant) for tree in trees)
            ):
                yield f"policies.{policy.name}.{name}", codes
