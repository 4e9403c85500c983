"""The values that the outputs of policies can have, as far as their rules write them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.expressions.typed import Constant
from telecom_rules.vocabulary.types import CodeType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Value


def find_constant_outputs(pack: Pack | None) -> Mapping[str, frozenset[Value]]:
    """Return the codes that outputs can have, by the path of the output; none without a pack."""
    return {} if pack is None else dict(iter_constant_outputs(pack))


def iter_constant_outputs(pack: Pack) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield each output of a table whose every rule writes a code out, with these codes."""
    for policy in pack.policies.values():
        rows = [row.outputs for row in policy.rows]
        ways = rows if policy.default is None else [*rows, policy.default]
        for name, field in policy.outputs.fields.items():
            trees = [way[name].tree for way in ways if name in way]
            codes = frozenset(tree.value for tree in trees if isinstance(tree, Constant))
            if (
                rows
                and isinstance(field.type, CodeType)
                and all(isinstance(tree, Constant) for tree in trees)
            ):
                yield f"policies.{policy.name}.{name}", codes
