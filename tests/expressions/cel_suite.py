"""The public cases of CEL, put to the parser, the checker and both evaluators.

    python tests/expressions/cel_suite.py          # the figures and what fails

A case that needs a protobuf message is left out: packs have none. Every other case is run, as it
stands, in standard CEL, by the same lexer, parser, checker and evaluators that rules go through.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from telecom_rules.documents import Scalar
from telecom_rules.errors import EvaluationError
from telecom_rules.expressions import Context, Expression, Scope, check
from telecom_rules.expressions.evaluation.interpret import interpret
from telecom_rules.expressions.functions.overloads import Function, Overload, Work, merge_functions
from telecom_rules.expressions.functions.profile import STANDARD_PROFILE, UNCHECKED_PROFILE
from telecom_rules.expressions.operations.equality import equal
from telecom_rules.expressions.operations.kinds import TypeValue, Unsigned
from telecom_rules.expressions.syntax.mistakes import ParseError
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.findings import Findings, Span
from telecom_rules.vocabulary import Record
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    NOTHING,
    NULL,
    SPAN,
    TEXT,
    UNSIGNED,
    Field,
    ListType,
    MapType,
    OptionalType,
    Type,
    TypeOf,
)
from tests.expressions.cel_trees import written_tree

FOLDER = Path(__file__).parent / "cel_spec"
STAGES = ("parser", "checker", "interpreter", "generated Python")
Case = dict[str, Any]


@cache
def cases(suite: str) -> tuple[Case, ...]:
    """The cases of one file."""
    lines = (FOLDER / f"{suite}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(map(json.loads, lines))


MESSAGES = re.compile(
    r"TestAllTypes|NestedTestAllTypes|TestRequired|GlobalEnum|proto\.(?:get|has)Ext"
    r"|google\.(?:protobuf\.(?!Timestamp|Duration)|expr|rpc|type)|protobuf\.|objectValue|messageType"
    r"|\b(?:foo|SomeMessage)\{|enumValue|\"wrapper\"|\"wellKnown\": \"ANY\""
)
"""What a case has to do with when it needs a message, a wrapper or an enum of protobuf."""


def needs_messages(case: Case) -> bool:
    """Whether a case needs protobuf messages."""
    return bool(MESSAGES.search(json.dumps(case))) or case.get("container", "").startswith(
        ("cel.expr", "google")
    )


# Types and values as the cases write them

PRIMITIVES = {
    "BOOL": BOOLEAN, "INT64": INTEGER, "UINT64": UNSIGNED, "DOUBLE": DOUBLE, "STRING": TEXT,
    "BYTES": BYTES,
}  # fmt: skip
NAMES = {
    BOOLEAN: "bool", INTEGER: "int", UNSIGNED: "uint", DOUBLE: "double", TEXT: "string",
    BYTES: "bytes", NULL: "null", INSTANT: "timestamp", SPAN: "duration", DYNAMIC: "dyn",
    NOTHING: "dyn",
}  # fmt: skip


def type_of(written: Mapping[str, Any]) -> Type:  # noqa: C901 - one case a kind of type
    """A type as a case declares it."""
    match written:
        case {"primitive": name}:
            return PRIMITIVES[name]
        case {"wellKnown": name}:
            return {"TIMESTAMP": INSTANT, "DURATION": SPAN}[name]
        case {"listType": {"elemType": item}}:
            return ListType(type_of(item))
        case {"listType": _}:
            return ListType(DYNAMIC)
        case {"mapType": {"keyType": key, "valueType": value}}:
            return MapType(type_of(key), type_of(value))
        case {"mapType": _}:
            return MapType(DYNAMIC, DYNAMIC)
        case {"null": _}:
            return NULL
        case {"abstractType": {"name": "optional_type", "parameterTypes": [inner]}}:
            return OptionalType(type_of(inner))
        case {"type": inner}:
            return TypeOf(type_of(inner) if inner else DYNAMIC)
        case {"dyn": _}:
            return DYNAMIC
    raise NotImplementedError(written)


def named(type: Type) -> str:
    """A type in the notation of the cases."""
    match type:
        case ListType(item=item):
            return f"list({named(item)})"
        case MapType(key=key, value=value):
            return f"map({named(key)}, {named(value)})"
        case OptionalType(value=value):
            return f"optional_type({named(value)})"
        case TypeOf(type=inner):
            return "type" if inner is NOTHING else f"type({named(inner)})"
    return NAMES[type]


def value_of(written: Mapping[str, Any]) -> Any:
    """A value as a case writes it, in the JSON of protobuf."""
    ((kind, value),) = written.items()
    match kind:
        case "int64Value":
            return int(value)
        case "uint64Value":
            return Unsigned(value)
        case "doubleValue":
            return (
                float(value.replace("Infinity", "inf")) if isinstance(value, str) else float(value)
            )
        case "bytesValue":
            return base64.b64decode(value)
        case "listValue":
            return tuple(map(value_of, value.get("values", ())))
        case "mapValue":
            entries = value.get("entries", ())
            return {value_of(each["key"]): value_of(each["value"]) for each in entries}
        case "typeValue":
            return TypeValue(value)
        case "boolValue" | "stringValue" | "nullValue":
            return value
    raise NotImplementedError(kind)


def same(found: Any, wanted: Any) -> bool:
    """Whether a value is the one a case asks for, of the same type."""
    if isinstance(wanted, float) and math.isnan(wanted):
        return isinstance(found, float) and math.isnan(found)
    if isinstance(wanted, tuple) and isinstance(found, tuple):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, dict) and isinstance(found, Mapping):
        return len(found) == len(wanted) and all(
            key in found and same(found[key], value) for key, value in wanted.items()
        )
    return type(found) is type(wanted) and equal(found, wanted)


# Running


def scope_of(case: Case, *, checked: bool) -> Scope:
    """The names of a case."""
    facts = {
        each["name"]: Field(type_of(each["ident"]["type"]))
        for each in case.get("typeEnv", ())
        if "ident" in each
    }
    if not checked:
        facts = {name: Field(DYNAMIC) for name in (*facts, *case.get("bindings", ()))}
    profile = STANDARD_PROFILE if checked else UNCHECKED_PROFILE
    own = [function_of(each) for each in case.get("typeEnv", ()) if "function" in each]
    if own:
        profile = replace(profile, functions=merge_functions(profile.functions.values(), own))
    return Scope(facts, profile=profile, container=case.get("container", ""))


def function_of(declared: Mapping[str, Any]) -> Function:
    """A function as a case declares it."""
    overloads = (
        Overload(
            each["overloadId"],
            tuple(map(type_of, each["params"])),
            type_of(each["resultType"]),
            Work.CONSTANT,
        )
        for each in declared["function"]["overloads"]
    )
    return Function(declared["name"], tuple(overloads))


def checked(case: Case, scope: Scope) -> Expression | None:
    """The expression of a case, or nothing where it has mistakes."""
    text = case["expr"]
    source = Scalar(text, Span("case", 1, 1, 1, len(text) + 1))
    return check(source, scope, None, Findings())


def parsed(case: Case) -> str | None:
    """The tree of a case as the cases write it, or nothing where it is no expression."""
    try:
        return written_tree(parse(case["expr"]))
    except ParseError:
        return None


FAILED = object()
"""What an expression gives that has no value."""


def worth(expression: Expression, stage: str, facts: Record) -> Any:
    """The value of an expression by one of the two evaluators."""
    try:
        if stage == "interpreter":
            return interpret(expression.tree, facts, Context())
        return expression.evaluate(facts, Context())
    except EvaluationError:
        return FAILED


def evaluates(case: Case, stage: str) -> bool:
    """Whether a case has the value, or the error, that it asks for."""
    expression = checked(case, scope_of(case, checked=not case.get("disableCheck")))
    bindings = {name: value_of(each["value"]) for name, each in case.get("bindings", {}).items()}
    found = FAILED if expression is None else worth(expression, stage, Record(bindings))
    if "evalError" in case:
        return found is FAILED
    wanted = case.get("value") or case.get("typedResult", {}).get("result")
    return same(found, True if wanted is None else value_of(wanted))


WITHOUT = re.compile(
    r"undeclared reference to '(?:exists|all|existsOne|transform\w+)'|unsupported syntax"
    r"|recursion (?:limit|depth) exceeded|cel\.(?:block|index|iterVar)\("
)
"""What shows that a tree was made with a limit of cel-go, or without an extension it is about."""


def lacks_extension(case: Case) -> bool:
    """Whether the tree of a case was made without the extension that the case is about."""
    return bool(WITHOUT.search(case["expr"] + case.get("error", "")))


def parses(case: Case) -> bool:
    """Whether a case has the tree that comes with it, or none where there is none."""
    return parsed(case) == case.get("ast")


def types(case: Case) -> bool:
    """Whether a case has the type that comes with it, or a mistake where it has none."""
    try:
        scope = scope_of(case, checked=True)
    except NotImplementedError:
        return False
    expression = checked(case, scope)
    return (None if expression is None else named(expression.type)) == case.get("type")


@dataclass
class Figures:
    """What came out of one stage.

    Attributes:
        run: how many cases were run.
        failed: the ids of those that did not give what they should.
    """

    run: int = 0
    failed: list[str] = field(default_factory=list)

    def note(self, id: str, *, passed: bool) -> None:
        """Count one case."""
        self.run += 1
        if not passed:
            self.failed.append(id)

    def __str__(self) -> str:
        passed = self.run - len(self.failed)
        return f"{passed} of {self.run} ({math.floor(passed / self.run * 1000) / 10} %)"


@cache
def results() -> dict[str, Figures]:
    """The figures of every stage, over all the cases there are for it."""
    figures = {stage: Figures() for stage in STAGES}
    for case in (each for each in cases("parsing") if not needs_messages(each)):
        if not lacks_extension(case):
            figures["parser"].note(f"parsing/{case['id']}", passed=parses(case))
    for case in (each for each in cases("conformance") if not needs_messages(each)):
        if not lacks_extension(case):
            figures["parser"].note(case["id"], passed=parses(case))
            if "type" in case or "error" in case:
                figures["checker"].note(case["id"], passed=types(case))
        if not case.get("checkOnly"):
            for stage in STAGES[2:]:
                figures[stage].note(case["id"], passed=evaluates(case, stage))
    return figures


def summary() -> list[str]:
    """The figures, a line each."""
    return [f"{stage:17} {figures}" for stage, figures in results().items()]


if __name__ == "__main__":
    print(*summary(), sep="\n")
    for stage, figures in results().items():
        for id in figures.failed:
            print(f"{stage}: {id}")
