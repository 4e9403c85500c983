"""Values behave as values: no default is shared and mutable, no mapping in them can be changed."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import inspect
import json
import pickle
import pkgutil
from enum import Enum
from types import ModuleType

import pytest
from pydantic import BaseModel

import telecom_rules
from telecom_rules.frozen import FrozenDict
from telecom_rules.vocabulary import Record

MUTABLE = (dict, list, set, bytearray)
FROZEN = (FrozenDict,)


def pickle_and_back(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own bytes


def modules():
    names = (each.name for each in pkgutil.walk_packages(telecom_rules.__path__, "telecom_rules."))
    left_out = {"telecom_rules.__main__", "telecom_rules.pytest_plugin"}
    # A Django project imports what is for it.
    found = [name for name in names if name not in left_out and ".django." not in name]
    return [importlib.import_module(name) for name in found]


def defaults_of(module):
    """Yield every default of the functions and classes that a module defines, with its owner."""
    for name, thing in vars(module).items():
        if getattr(thing, "__module__", None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield from ((f"{name}()", each) for each in function_defaults(thing))
        if inspect.isclass(thing):
            yield from class_defaults(name, thing)


def function_defaults(function):
    return (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())


def class_defaults(name, cls):
    if issubclass(cls, BaseModel | Enum):  # pydantic copies a default for each instance
        return
    yield from ((name, each) for each in getattr(cls, "_field_defaults", {}).values())
    yield from ((name, each.default) for each in getattr(cls, "__dataclass_fields__", {}).values())
    for member, value in vars(cls).items():
        if inspect.isfunction(value):
            yield from ((f"{name}.{member}()", each) for each in function_defaults(value))
        elif not member.startswith(("__", "_field_defaults")):
            yield f"{name}.{member}", value


def is_mutable(value):
    return isinstance(value, MUTABLE) and not isinstance(value, FROZEN)


def test_no_function_or_class_has_a_default_that_can_be_changed():
    shared = [
        (module.__name__, owner)
        for module in modules()
        for owner, value in defaults_of(module)
        if is_mutable(value)
    ]
    assert shared == []


HOUSE = """
class A:
    kept = {}
    def f(self, given=[]): ...
def g(*, given={}): ...
"""


def test_the_search_finds_a_default_that_can_be_changed():
    module = ModuleType("house")
    exec(HOUSE, vars(module))  # noqa: S102 - the text above
    for each in (module.A, module.g):
        each.__module__ = "house"
    found = [owner for owner, value in defaults_of(module) if is_mutable(value)]
    assert found == ["A.kept", "A.f()", "g()"]


CHANGES = [
    lambda it: it.__setitem__("a", 2),
    lambda it: it.__delitem__("a"),
    lambda it: it.update(a=2),
    lambda it: it.setdefault("b", 2),
    lambda it: it.pop("a"),
    lambda it: it.popitem(),
    lambda it: it.clear(),
    lambda it: it.__ior__({"a": 2}),
]


@pytest.mark.parametrize("kind", [FrozenDict, Record])
@pytest.mark.parametrize("change", CHANGES)
def test_a_mapping_of_a_value_cannot_be_changed(kind, change):
    mapping = kind({"a": 1})
    with pytest.raises(TypeError, match="cannot be changed"):
        change(mapping)
    assert mapping == {"a": 1}


@pytest.mark.parametrize("kind", [FrozenDict, Record])
def test_a_mapping_of_a_value_is_copied_as_itself_and_pickled_as_an_equal_one(kind):
    mapping = kind({"a": 1})
    assert copy.copy(mapping) is copy.deepcopy(mapping) is mapping
    again = pickle_and_back(mapping)
    assert (type(again), again) == (kind, mapping)
    assert json.loads(json.dumps(mapping)) == {"a": 1}


def test_dataclasses_with_a_mapping_can_be_written_out():
    @dataclasses.dataclass(frozen=True)
    class Named:
        parts: FrozenDict

    assert dataclasses.asdict(Named(FrozenDict(a=1))) == {"parts": {"a": 1}}
