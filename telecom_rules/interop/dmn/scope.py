"""The names that the tables of a DMN document may refer to, with the kinds of their values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules.interop.dmn.feel import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from telecom_rules.interop.dmn.kinds import ValueKind
    from telecom_rules.interop.markup import Markup


@dataclass(frozen=True, slots=True)
class Input:
    """An input that tables test.

    Attributes:
        name: its name in a pack: a fact, or `policies.x.y`.
        kind: its kind; the type is empty while it is not known.
        part: the element that declares it, or `None` for the result of another table.
    """

    name: str
    kind: ValueKind
    part: Markup | None = None


class Scope:
    """The inputs and results that every table of a document may name.

    Attributes:
        inputs: each by its name in the document; what a table tells of the kind is kept here.
        kinds: the kind of each by its name here.
    """

    def __init__(self, inputs: dict[str, Input], spend: Callable[[int], None]) -> None:
        self.inputs = inputs
        self.kinds: dict[str, ValueKind] = {each.name: each.kind for each in inputs.values()}
        self.spend = spend
        self.names = Names({name: each.name for name, each in inputs.items()}, spend)

    def narrow(self, results: Mapping[str, Input], local: Mapping[str, str]) -> TableScope:
        """Return what one table may name.

        Args:
            results: the outputs of the decisions that it requires; inputs have precedence.
            local: what names stand for in it alone, with the names of their parts; these have
                precedence.
        """
        meant: dict[str, str] = {}
        for name, other in local.items():
            self.spend(1 + len(self.inputs) // 10)
            for each in self.inputs:
                if each == other or each.startswith(f"{other}."):
                    meant[name + each.removeprefix(other)] = each
        return TableScope(self, results, meant)

    def learn_results(self, results: Iterable[tuple[str, Input]]) -> None:
        """Keep the kinds of the results of a table, by the names that every other may use."""
        for name, each in results:
            self.kinds[each.name] = each.kind
            if name in self.inputs and self.inputs[name].name == each.name:
                self.inputs[name] = each


class TableScope:
    """The names that one table may use.

    Attributes:
        names: these names, as texts refer to them.
        kinds: the kind of each by its name here.
    """

    def __init__(
        self, scope: Scope, results: Mapping[str, Input], meant: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._results = results
        self._meant = meant
        for each in results.values():
            scope.kinds.setdefault(each.name, each.kind)
        self.kinds: Mapping[str, ValueKind] = scope.kinds
        self.names = scope.names
        if results or meant:
            own = {name: each.name for name, each in results.items()}
            local = {name: scope.inputs[other].name for name, other in meant.items()}
            self.names = Names(own, scope.spend, scope.names, Names(local, scope.spend))

    def find(self, name: str) -> Input | None:
        """Return what a name of the document stands for in the table."""
        return self._scope.inputs.get(self._meant.get(name, name)) or self._results.get(name)

    def learn(self, name: str, kind: ValueKind) -> None:
        """Keep what the table tells of the kind of an input that is a fact."""
        name = self._meant.get(name, name)
        known = self._scope.inputs.get(name)
        if known is not None and known.part is not None:
            self._scope.inputs[name] = replace(known, kind=kind)
            self._scope.kinds[known.name] = kind

    def learn_fact(self, fact: str, kind: ValueKind) -> None:
        """Keep what an expression tells of the kind of a fact, by its name here."""
        for name, each in [*self._scope.inputs.items()]:
            if each.name == fact and each.part is not None and not each.kind.type:
                learned = replace(kind, optional=each.kind.optional)
                self._scope.inputs[name] = replace(each, kind=learned)
                self._scope.kinds[fact] = learned


NO_SCOPE = Scope({}, lambda _: None).narrow({}, {})
"""No names at all, for a table that has not been told any."""
