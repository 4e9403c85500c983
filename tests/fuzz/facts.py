"""Objects of a host that are odd, that fail or that lie: in facts, payloads, instants and names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from telecom_rules.errors import TelecomRulesError
from telecom_rules.pack import link
from telecom_rules.workflows import Entry, Refused
from tests.fuzz.harness import Harness

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

FILES = {
    "pack.yaml": """
pack: house
version: 1.0.0
title: {zh: 家规, en: House rules}
utc_offset: "+08:00"
require_cites: false
require_titles: false
""",
    "grade.yaml": """
catalogue: grade
title: {zh: 级别, en: Grade}
codes: {low: {title: {zh: 低, en: Low}}, high: {title: {zh: 高, en: High}}}
""",
    "all.yaml": """
facts: all
title: {zh: 全部, en: All}
fields:
  amount: {type: money, title: {zh: 金额, en: Amount}, min: 0, max: 1000}
  rate: {type: decimal, title: {zh: 率, en: Rate}}
  number: {type: integer, title: {zh: 数, en: Number}, max: 9}
  name: {type: text, title: {zh: 名, en: Name}, max_length: 9}
  day: {type: date, title: {zh: 日, en: Day}}
  moment: {type: instant, title: {zh: 时, en: Moment}}
  length: {type: span, title: {zh: 长, en: Length}}
  sure: {type: boolean, title: {zh: 定, en: Sure}}
  grade: {type: grade, title: {zh: 级, en: Grade}}
  names: {type: "list[text]", title: {zh: 名单, en: Names}}
""",
    "policy.yaml": """
policy: judge
title: {zh: 判断, en: Judge}
facts: all
hit_policy: first
outputs: {grade: grade}
rules:
  - {id: a, when: amount > 5.00 && number < 5, then: {grade: high}}
  - {id: b, when: name == 'x' || sure, then: {grade: low}}
  - {id: c, when: day > date('2026-01-01') && names.size() > 1, then: {grade: low}}
  - {id: d, then: {grade: high}}
""",
    "flow.yaml": """
workflow: flow
version: 1.0.0
title: {zh: 流程, en: Flow}
facts: all
events:
  go:
    title: {zh: 去, en: Go}
    payload: {amount: money?, name: text?, day: date?, moment: instant?, names: "list[text]?"}
initial: a
states:
  a: {title: {zh: 甲, en: A}, on: {go: {target: b, assign: event}}}
  b: {title: {zh: 乙, en: B}, on: {go: a}}
""",
}
PACK = link({name: text.encode() for name, text in FILES.items()}).require_pack()
POLICY, FLOW = PACK.policies["judge"], PACK.workflows["flow"]
FIELDS = tuple(POLICY.facts.fields)
ZONE = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 9, tzinfo=ZONE)
DAY = date(2026, 3, 2)
CASE = FLOW.start({}, at=START, id="C-1")


MOST_TOLD = 3_000
"""Characters of a message."""


class HostError(Exception):
    """What the code of a host raises."""


class Zone(tzinfo):
    """A time zone of a host."""


class Row:
    """An object whose attributes are facts."""


SAMPLES: dict[str, tuple[type, tuple[object, ...]]] = {
    "str": (str, ("x",)),
    "int": (int, (3,)),
    "float": (float, (0.5,)),
    "Decimal": (Decimal, ("1.50",)),
    "date": (date, (2026, 3, 2)),
    "datetime": (datetime, (2026, 3, 2, 9, 0, 0, 0, ZONE)),
    "timedelta": (timedelta, (1,)),
    "list": (list, (["x", "y"],)),
    "tuple": (tuple, (("x",),)),
    "dict": (dict, ({"name": "x"},)),
    "Row": (Row, ()),
    "Zone": (Zone, ()),
    "object": (object, ()),
}
METHODS = (
    *("__len__", "__iter__", "__getitem__", "get", "keys", "items", "__contains__", "__hash__"),
    *("__eq__", "__repr__", "__str__", "__format__", "__bool__", "__int__", "__index__"),
    *("__float__", "__lt__", "__le__", "__gt__", "__ge__", "__class__", "__getattribute__"),
    *("__getattr__", "__abs__", "__neg__", "isoformat", "utcoffset", "dst", "tzname", "date"),
    *("time", "year", "tzinfo", "astimezone", "toordinal", "days", "as_tuple", "is_finite"),
    *("adjusted", "bit_length", "encode", "isascii", "strip", "__name__", *FIELDS),
)


def descend(*given: object) -> object:
    """Call itself without end."""
    return descend(*given)


def throw(problem: Exception) -> object:
    """Raise a problem."""
    raise problem


BEHAVIOURS: dict[str, Callable[..., object]] = {
    "raise": lambda *_: throw(HostError("no")),
    "raise_key": lambda *_: throw(KeyError("no")),
    "raise_attribute": lambda *_: throw(AttributeError("no")),
    "raise_type": lambda *_: throw(TypeError("no")),
    "raise_stop": lambda *_: throw(StopIteration()),
    "raise_typed": lambda *_: throw(TelecomRulesError(PACK.title)),
    "none": lambda *_: None,
    "true": lambda *_: True,
    "minus": lambda *_: -1,
    "huge": lambda *_: 10**30,
    "text": lambda *_: "x" * 100_000,
    "surrogate": lambda *_: "\ud800",
    "object": lambda *_: object(),
    "str_class": lambda *_: str,
    "dict_class": lambda *_: dict,
    "days": lambda *_: timedelta(days=3),
    "endless": lambda *_: count(),
    "deep": descend,
}


class Odd(NamedTuple):
    """How an odd object is made: a subclass of a type with methods that behave oddly.

    Attributes:
        base: the type.
        methods: the methods and what each does; as a property where the flag is set.
    """

    base: str
    methods: tuple[tuple[str, str, bool], ...]

    def build(self) -> object:
        """Return the object."""
        base, arguments = SAMPLES[self.base]
        body: dict[str, Any] = {}
        for name, behaviour, is_property in self.methods:
            act = BEHAVIOURS[behaviour]
            body[name] = property(act) if is_property or name == "__class__" else act
        try:
            kind = type("Odd", (base,), body)
            if self.base == "object" and "get" in body:
                Mapping.register(kind)
            return kind(*arguments)
        except Exception:  # such an object cannot be made at all
            return base(*arguments)


class Given(NamedTuple):
    """What goes through which door."""

    door: str
    odd: Odd
    field: str


def grow(random: Random) -> Given:
    """Return an odd object and a door."""
    methods = tuple(
        (random.choice(METHODS), random.choice(tuple(BEHAVIOURS)), random.random() < 0.3)
        for _ in range(random.choice((1, 1, 2, 5)))
    )
    odd = Odd(random.choice(tuple(SAMPLES)), methods)
    return Given(random.choice(tuple(DOORS)), odd, random.choice((*FIELDS, "unknown")))


def zoned(zone: Any) -> Any:
    """Return an instant in an odd zone, or the odd object itself."""
    return START.replace(tzinfo=zone) if issubclass(type(zone), Zone) else zone


def name_by(odd: Any) -> Any:
    """Return facts with an odd name, or the odd object itself if it cannot be one."""
    try:
        return {odd: 1}
    except Exception:  # it cannot be hashed: the error of whoever makes the mapping
        return odd


DOORS: dict[str, Callable[[Any, str], Any]] = {
    "fact": lambda odd, field: POLICY.decide({field: odd}, on=DAY),
    "in a list": lambda odd, _: POLICY.decide({"names": ["x", odd]}, on=DAY),
    "facts": lambda odd, _: POLICY.decide(odd, on=DAY),
    "name": lambda odd, _: POLICY.decide(name_by(odd), on=DAY),
    "ask": lambda odd, field: POLICY.ask({field: odd}, on=DAY),
    "ask all": lambda odd, _: POLICY.ask(odd, on=DAY),
    "model": lambda odd, field: POLICY.facts.read(POLICY.facts.read({}) | {field: odd}),
    "on": lambda odd, _: POLICY.decide({}, on=odd),
    "view": lambda odd, _: PACK.on(odd),
    "start": lambda odd, field: FLOW.start({field: odd}, at=START, id="C"),
    "start all": lambda odd, _: FLOW.start(odd, at=START, id="C"),
    "start at": lambda odd, _: FLOW.start({}, at=zoned(odd), id="C"),
    "id": lambda odd, _: FLOW.start({}, at=START, id=odd),
    "payload": lambda odd, field: CASE.send("go", {field: odd}, at=START),
    "payload all": lambda odd, _: CASE.send("go", odd, at=START),
    "at": lambda odd, _: CASE.send("go", {}, at=zoned(odd)),
    "tick": lambda odd, _: CASE.tick(zoned(odd)),
    "allowed": lambda odd, _: CASE.allowed(at=zoned(odd)),
    "event": lambda odd, _: CASE.send(odd, {}, at=START),
    "by": lambda odd, _: CASE.send("go", {}, at=START, by=odd),
    "actor": lambda odd, _: CASE.send("go", {}, at=START, actor=odd),
    "look up": lambda odd, _: PACK.policies[odd],
    "restore": lambda odd, _: PACK.restore(odd),
    "restore part": lambda odd, _: PACK.restore(CASE.dump() | {"states": odd}),
    "decide again": lambda odd, _: PACK.decide_again(odd),
    "entry": lambda odd, _: Entry.load(odd),
    "entry part": lambda odd, _: Entry.load(refusal().dump() | {"payload": {"x": odd}}),
}


def refusal() -> Entry:
    """Return a journal entry."""
    outcome = CASE.send("no", {}, at=START)
    assert isinstance(outcome, Refused)
    return outcome.entry


def examine(given: Given) -> str:
    """Put an odd object through a door: a value that can be told and stored, or a typed error."""
    odd = given.odd.build()
    try:
        result = DOORS[given.door](odd, given.field)
    except TelecomRulesError as problem:
        if len(problem.explain("zh")) >= MOST_TOLD:
            raise AssertionError("a message without end") from problem
        return type(problem).__name__
    for name in ("explain", "summary"):
        if hasattr(result, name):
            assert all(isinstance(getattr(result, name)(each), str) for each in ("zh", "en"))
    stored = [each.dump() for each in getattr(result, "entries", ())]
    stored += [result.dump()] if hasattr(result, "dump") else []
    json.dumps(stored, allow_nan=False).encode()
    return "taken"


HARNESS = Harness(
    grow=grow,
    examine=examine,
    kept=(
        Given("tick", Odd("Zone", (("utcoffset", "days", False),)), ""),
        Given("at", Odd("Zone", (("utcoffset", "text", False),)), ""),
        Given("event", Odd("list", ()), ""),
        Given("look up", Odd("int", ()), ""),
        Given("facts", Odd("Row", (("amount", "raise", True),)), ""),
        Given(
            "fact", Odd("int", (("__index__", "raise", False), ("__le__", "true", False))), "number"
        ),
        Given("fact", Odd("object", (("__class__", "str_class", True),)), "grade"),
        Given(
            "facts", Odd("dict", (("__iter__", "endless", False), ("__len__", "huge", False))), ""
        ),
    ),
    share=400,
)
