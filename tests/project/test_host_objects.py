"""Objects of a host may do anything when they are read: nothing but a typed error comes out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from telecom_rules import Entry, FactsError, Packs, TelecomRulesError, diagrams, interop
from tests.project.test_arguments import (
    ARGUMENTS,
    CASE,
    DAY,
    FACTS,
    OPENED,
    PACK,
    POLICY,
    SAYING,
    START,
    WORKFLOW,
)


class HostFault(Exception):
    """What the objects below raise."""


def fail(*_: object, **__: object) -> Any:
    raise HostFault


class FailingMeta(type):
    """A metaclass that fails whatever a class is asked for."""

    __getattribute__ = fail


class UnhashableMeta(type):
    """A metaclass whose classes can neither be hashed nor compared nor asked for instances."""

    __hash__ = __eq__ = __instancecheck__ = __subclasscheck__ = __repr__ = fail
    __name__ = __mro__ = property(fail)


PLAIN: dict[type, tuple[Any, ...]] = {
    str: ("open",), dict: ({"loss": 1},), list: ([1],), int: (5,), float: (1.5,), bytes: (b"x",),
    tuple: ((1,),), Decimal: ("1",), date: (2026, 3, 2), datetime: (2026, 3, 2, 9),
}  # fmt: skip
METHODS = (
    *("__eq__", "__ne__", "__hash__", "__repr__", "__str__", "__len__", "__iter__", "__getitem__"),
    *("__contains__", "__bool__", "__format__", "__index__", "__int__", "__float__", "__lt__"),
    *("__le__", "__gt__", "__ge__", "__add__", "__sub__", "keys", "items", "values", "get"),
    *("isoformat", "utcoffset", "astimezone", "replace", "encode", "lower", "strip", "date"),
    *("toordinal", "isprintable", "as_tuple", "timestamp"),
)


def make(base: type, kind: type, **body: Any) -> Any:
    """Return an instance of a subclass of a plain type."""
    value = base.__new__(type.__new__(kind, base.__name__, (base,), body), *PLAIN[base])
    if base in {dict, list}:
        base.__init__(value, *PLAIN[base])
    return value


class Lie:
    """An object that says it is something else."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @property
    def __class__(self):
        return self.kind


class FailingMapping(Mapping):
    """A mapping that fails at one point."""

    def __init__(self, at: str) -> None:
        self.at = at

    def __iter__(self):
        return fail() if self.at == "iter" else iter(["loss"])

    def __len__(self):
        return fail() if self.at == "len" else 1

    def __getitem__(self, key):
        return fail() if self.at == "get" else 1


class FailingZone(tzinfo):
    utcoffset = tzname = dst = fail


class FailingEntries:
    def __iter__(self):
        yield OPENED.entry
        fail()


class FailingClass:
    __class__ = property(fail)


class FailingAttributes:
    __slots__ = ()
    __dict__ = property(fail)
    __getattr__ = fail


OBJECTS: dict[str, Any] = {
    "metaclass": FailingMeta("M", (), {}),
    "of a metaclass": object.__new__(FailingMeta("M", (), {})),
    "unhashable class": UnhashableMeta("M", (), {}),
    "of an unhashable class": object.__new__(UnhashableMeta("M", (), {})),
    **{f"{base.__name__} of a metaclass": make(base, FailingMeta) for base in PLAIN},
    **{f"{base.__name__} of an unhashable class": make(base, UnhashableMeta) for base in PLAIN},
    **{
        f"{base.__name__} of failing methods": make(base, type, **dict.fromkeys(METHODS, fail))
        for base in PLAIN
    },
    **{
        f"{base.__name__} of failing attributes": make(
            base, type, __getattribute__=fail, __class__=property(fail)
        )
        for base in PLAIN
    },
    **{f"lie {kind.__name__}": Lie(kind) for kind in (*PLAIN, type(CASE), type(PACK), Entry)},
    **{f"mapping {at}": FailingMapping(at) for at in ("iter", "len", "get")},
    "zone": START.replace(tzinfo=FailingZone()),
    "entries": FailingEntries(),
    "class": FailingClass(),
    "attributes": FailingAttributes(),
}
SNAPSHOT, ENTRY = CASE.dump(), OPENED.entry.dump()
DECISION = POLICY.decide(FACTS, on=DAY).dump()
CALLS: dict[str, Any] = {
    **{f"{name}({argument})": call for name, argument, call, _, _ in ARGUMENTS},
    **SAYING,
    "payload": lambda x: CASE.send("close", x, at=START),
    "payload value": lambda x: CASE.send("close", {"loss": x}, at=START),
    "fact": lambda x: POLICY.decide({"loss": x}, on=DAY),
    "code": lambda x: POLICY.decide({"loss": 1, "grade": x}, on=DAY),
    "asked fact": lambda x: POLICY.ask({"loss": x}, on=DAY),
    "first fact": lambda x: WORKFLOW.start({"loss": x}, at=START, id="C"),
    "nested fact": lambda x: POLICY.decide({"loss": [[x]]}, on=DAY),
    "journal": lambda x: WORKFLOW.restore(SNAPSHOT, x),
    "policies[]": lambda x: PACK.policies[x],
    "policies in": lambda x: x in PACK.policies,
    "clocks[]": lambda x: CASE.clocks[x],
    "to_scxml": interop.to_scxml,
    "to_xstate": interop.to_xstate,
    "to_transitions": interop.to_transitions,
    "to_statemachine": interop.to_statemachine,
    "to_dmn": lambda x: interop.to_dmn(x, on=DAY),
    "to_dmn on": lambda x: interop.to_dmn(POLICY, on=x),
    "to_dot": diagrams.to_dot,
    "to_mermaid": diagrams.to_mermaid,
    "to_decision_graph": diagrams.to_decision_graph,
    "from_dmn": interop.from_dmn,
    "from_dmn file": lambda x: interop.from_dmn("<a/>", x),
    "from_dmn beside": lambda x: interop.from_dmn("<a/>", beside=x),
    "from_dmn bytes": lambda x: interop.from_dmn("<a/>", beside={"pack.yaml": x}),
    "from_scxml": interop.from_scxml,
    "from_scxml file": lambda x: interop.from_scxml("<a/>", x),
    **{f"stored {key}": lambda x, key=key: PACK.restore({**SNAPSHOT, key: x}) for key in SNAPSHOT},
    **{
        f"old {key}": lambda x, key=key: PACK.migrate({**SNAPSHOT, key: x}, at=START)
        for key in SNAPSHOT
    },
    **{
        f"decided {key}": lambda x, key=key: Packs(PACK).decide_again({**DECISION, key: x})
        for key in DECISION
    },
    **{f"entry {key}": lambda x, key=key: Entry.load({**ENTRY, key: x}) for key in ENTRY},
}


@pytest.mark.parametrize("name", CALLS)
def test_nothing_but_a_typed_error_comes_out(name):
    faults = []
    for kind, value in OBJECTS.items():
        try:
            CALLS[name](value)
        except TelecomRulesError as problem:
            problem.explain("zh")
        except Exception as problem:
            faults.append(f"{kind}: {type(problem).__name__}")
    del value  # a report would show it, and that fails
    assert faults == []


def test_facts_of_a_class_that_cannot_be_hashed_are_a_problem_each_time():
    for _ in range(3):  # the first of its day, and those that find the day in the cache
        with pytest.raises(FactsError, match=r"reading it failed \(HostFault\)"):
            POLICY.decide(make(dict, UnhashableMeta), on=DAY)
        assert POLICY.decide({"loss": 1}, on=DAY).known


STORED = ("stored ", "old ", "decided ")


class EndlessItems(dict):
    """What a library of a host may have made of an object of JSON, gone wrong."""

    def items(self):
        return count()  # type: ignore[return-value]


@pytest.mark.parametrize("name", [name for name in CALLS if name.startswith(STORED)])
def test_a_part_of_what_is_stored_that_never_ends_is_not_read_to_its_end(name):
    with suppress(TelecomRulesError):  # no part of some decisions that are written is compared
        CALLS[name](EndlessItems(a=1))


def test_a_snapshot_may_be_made_of_the_classes_of_a_library():
    stored = OrderedDict(SNAPSHOT) | {"facts": OrderedDict(SNAPSHOT["facts"])}
    assert PACK.restore(stored) == CASE


@pytest.mark.parametrize("name", ["Policy.decide(facts)", "payload", "Pack.restore(snapshot)"])
def test_a_want_of_memory_is_that_of_the_process(name):
    def run_out(*_: object) -> Any:
        raise MemoryError

    kind = type("Full", (Mapping,), dict.fromkeys(["__iter__", "__len__", "__getitem__"], run_out))
    with pytest.raises(MemoryError):
        CALLS[name](kind())
