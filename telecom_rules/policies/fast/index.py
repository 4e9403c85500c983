"""An index over the rows of a long table: only rows that can hold are tried.

Where many rows test one fact for equality, they are grouped by its values in a dictionary; rows
that do not test it are in every group. A group is indexed by another fact, or tried one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from telecom_rules.expressions.typed import Apply, Constant, CreateList, Fact, Logic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from telecom_rules.expressions.typed import Typed
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Value


RowFinder: TypeAlias = Callable[..., int]
"""Returns the index of the row that holds for the values of all facts, `None` if absent."""
MOST_LINEAR_ROWS: Final = 16
"""Rows that are tried one by one without an index."""


def build_index(
    rows: Sequence[Row],
    chosen: Sequence[int],
    fields: Sequence[str],
    linear: Callable[[Sequence[int]], RowFinder],
) -> RowFinder:
    """Return the function that finds the row that holds.

    Args:
        rows: every row of the table.
        chosen: the indices of those that can hold, in the order in which they are tried.
        fields: every fact, in the order in which their values are given.
        linear: makes the function that tries rows one by one.
    """
    column = choose_column(rows, chosen, fields) if len(chosen) > MOST_LINEAR_ROWS else None
    if column is None:
        return linear(chosen)
    position = fields.index(column.fact)
    groups, rest = column.groups, column.rest
    finders: dict[Value, RowFinder] = {}
    others: list[RowFinder] = []

    def find(*values: Value) -> int:
        value = values[position]
        finder = finders.get(value)
        if finder is None:
            # Two threads may both build it; the results are equal.
            group = groups.get(value)
            if group is not None:
                finder = finders[value] = build_index(rows, group, fields, linear)
            else:
                if not others:
                    others.append(build_index(rows, rest, fields, linear))
                finder = others[0]
        return finder(*values)

    return find


class Column:
    """The rows of a table grouped by the values that they require of one fact.

    Attributes:
        fact: the fact.
        groups: for each value the rows that can hold where the fact has it, in order.
        rest: the rows that can hold where it has none of these values.
    """

    def __init__(self, fact: str, asks: Mapping[int, frozenset[Value] | None]) -> None:
        self.fact = fact
        found: dict[Value, list[int]] = {}
        rest: list[int] = []
        for values in asks.values():
            found.update({value: [] for value in values or () if value not in found})
        for at, values in asks.items():
            for value in found if values is None else values:
                found[value].append(at)
            if values is None:
                rest.append(at)
        self.groups: dict[Value, tuple[int, ...]] = {
            value: tuple(each) for value, each in found.items()
        }
        self.rest: tuple[int, ...] = tuple(rest)

    @property
    def largest(self) -> int:
        """The size of the largest group."""
        return max(map(len, (*self.groups.values(), self.rest)))


def choose_column(
    rows: Sequence[Row], chosen: Sequence[int], fields: Sequence[str]
) -> Column | None:
    """Return the column with the smallest groups, or `None` if none halves the rows."""
    asks: dict[str, dict[int, frozenset[Value]]] = defaultdict(dict)
    for at in chosen:
        for name, values in required_values_of(rows[at]).items():
            asks[name][at] = values
    # Rows that do not test a fact are copied into each of its groups, hence the two bounds.
    columns = [
        Column(name, {at: given.get(at) for at in chosen})
        for name, given in asks.items()
        if name in fields
        and len(given) * 2 >= len(chosen)
        and (len(chosen) - len(given)) * len(frozenset().union(*given.values())) <= MOST_COPIED_ROWS
    ]
    smallest = min(columns, key=lambda each: each.largest, default=None)
    return smallest if smallest is not None and smallest.largest * 2 <= len(chosen) else None


MOST_COPIED_ROWS: Final = 200_000
"""Copies of rows in all groups of one column together."""


def required_values_of(row: Row) -> Mapping[str, frozenset[Value]]:
    """Return the facts that must have one of some values for a row to hold, with these values."""
    found: dict[str, frozenset[Value]] = {}
    for test in row.tests:
        for name, values in iter_equalities(test.tree):
            found[name] = found[name] & values if name in found else values
    return found


def iter_equalities(tree: Typed) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield each fact that must have one of some values where `tree` holds."""
    match tree:
        case Logic(every=True, operands=operands):
            for operand in operands:
                yield from iter_equalities(operand)
        case (
            Apply(overload="equal", arguments=(Fact(name=name), Constant(value=value)))
            | Apply(overload="equal", arguments=(Constant(value=value), Fact(name=name)))
        ):
            yield from iter_hashable(name, [value])
        case Apply(overload="in_list", arguments=(Fact(name=name), CreateList(items=items))):
            values = [item.value for item in items if isinstance(item, Constant)]
            if len(values) == len(items):
                yield from iter_hashable(name, values)


def iter_hashable(name: str, values: Iterable[Value]) -> Iterator[tuple[str, frozenset[Value]]]:
    """Yield a fact with its values if a dictionary finds them: not doubles, since NaN != NaN."""
    kept = tuple(values)
    if all(isinstance(each, str | int) or is_exact(each) for each in kept):
        yield name, frozenset(kept)


def is_exact(value: Value) -> bool:
    """Return whether equal values of this type have equal hashes and the same meaning."""
    return type(value).__name__ in {"Decimal", "date"}
