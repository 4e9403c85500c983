"""A decision table as DMN 1.5."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.errors import NotInForce
from telecom_rules.expressions.syntax.cells import CellParser
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tree import Call, Literal, Name, Select
from telecom_rules.findings.kinds import POLICY
from telecom_rules.interop.annotations import (
    OUR_NAMESPACE,
    OUR_PREFIX,
    add_prefix,
    write_cites,
    write_title,
)
from telecom_rules.interop.dmn.conditions import CellConverter
from telecom_rules.interop.dmn.feel import FeelValue
from telecom_rules.interop.dmn.words import (
    AGGREGATIONS,
    DMN_1_5,
    FEEL_KEYWORDS,
    HIT_POLICIES,
)
from telecom_rules.interop.expressible import Element, NotExpressible
from telecom_rules.interop.markup import Markup, write_markup
from telecom_rules.policies import Policy
from telecom_rules.values.arguments import read_day, read_instance
from telecom_rules.vocabulary import TEXT, CodeType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.policies.rules import Row
    from telecom_rules.vocabulary import Field


IS_A_CHECKLIST = Wording("它是检查清单，不是决策表", "it is a checklist, not a decision table")
IS_A_WORD = Wording("它是 FEEL 的关键字，不能作名称", "it is a word of FEEL and cannot be a name")
NOT_CELLS = Wording(
    "条件不能写成各项数据的单元格",
    "the condition cannot be written as cells of one fact each",
)
NAME_UNKNOWN_IN_DMN = Wording(
    "单元格中的名称在 DMN 中没有对应", "the cell refers to a name that DMN does not know"
)
NOT_S_FEEL = Wording("S-FEEL 中没有这样的表达式", "S-FEEL cannot express it")
NOT_A_FEEL_TYPE = Wording("FEEL 中没有类型 {type}", "FEEL has no type {type}")
FEEL_TYPE_NAMES = {
    "text": "string",
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
    "instant": "dateTime",
}
FEEL_OPERATORS = {"_+_": " + ", "_-_": " - ", "_*_": " * "}
SPLITTABLE_HIT_POLICIES = frozenset({"first", "any", "priority"})
"""Hit policies under which a row may be written as several."""
ANNOTATIONS = ("cites", "note_zh", "note_en")


def to_dmn(policy: Policy, *, on: date) -> str:
    """Return the decision table of a policy on a day, as a DMN 1.5 document.

    DMN has no periods in force, so the rules of one day are written. Cells are S-FEEL; titles,
    clauses and our types are attributes of our namespace.

    Args:
        policy: a table whose conditions can be written as cells, one fact each.
        on: the day.

    Raises:
        ArgumentError: `policy` is not a `Policy`, or `on` not a day.
        NotExpressible: S-FEEL cannot express the table; it lists the parts.
        NotInForce: no rule is in force that day.
    """
    policy = read_instance("policy", policy, Policy)
    on = read_day("on", on)
    if policy.checks:
        raise NotExpressible(POLICY, policy.name, "DMN", [Element(policy.name, IS_A_CHECKLIST)])
    rows = [row.on(on) for row in policy.rows if on in row.in_force]
    if not rows:
        raise NotInForce(policy.name, on)
    return DmnWriter(policy, rows, on).write_document()


class DmnWriter:
    """Writes one policy."""

    def __init__(self, policy: Policy, rows: Sequence[Row], on: date) -> None:
        self._policy = policy
        self._rows = rows
        self._against: list[Element] = []
        self._figures = dict(iter_figures(policy, on))
        self._conditions = CellConverter(
            policy.facts.fields, self._figures, policy.hit_policy in SPLITTABLE_HIT_POLICIES
        )
        self._cells = [self._cells_of(row) for row in rows]
        values = [each for row in rows for each in row.outputs.values()]
        values += (policy.default or {}).values()
        tested = {fact for cells in self._cells for each in cells for fact in each}
        read = {name for each in values for name in each.reads}
        read |= {name for row in rows for each in row.tests for name in each.reads}
        self._tested = [name for name in policy.facts.fields if name in tested]
        self._read = [name for name in policy.facts.fields if name in tested | read]
        self._against += [Element(name, IS_A_WORD) for name in self._read if name in FEEL_KEYWORDS]

    def _cells_of(self, row: Row) -> list[dict[str, str]]:
        """Return the cells of a row, in S-FEEL, by the facts they test; of several if it splits."""
        place = row.rule.id
        written = {
            each.fact: self._cell(each, f"{place}.{each.fact}") for each in row.tests if each.fact
        }
        rows = self._conditions.convert([each.source for each in row.tests if each.fact is None])
        if rows is None or any(cells.keys() & written.keys() for cells in rows):
            self._against.append(Element(place, NOT_CELLS))
            return [written]
        return [
            {**written, **{fact: each.write(write_value) for fact, each in cells.items()}}
            for cells in rows
        ]

    def write_document(self) -> str:
        """Return the document."""
        policy = self._policy
        root = Markup(
            "definitions",
            {
                "xmlns": DMN_1_5,
                f"xmlns:{OUR_PREFIX}": OUR_NAMESPACE,
                "namespace": OUR_NAMESPACE,
                "name": policy.facts.name,
                "id": "definitions",
            },
        )
        fields = [policy.facts.fields[name] for name in self._read]
        for codes in catalogues_of([*fields, *policy.entry.fields.values()]):
            item = root.add(
                "itemDefinition",
                {"name": codes.catalogue, **add_prefix({"catalogue": codes.catalogue})},
            )
            item.add("typeRef", text="string")
            allowed = item.add("allowedValues")
            allowed.add("text", text=", ".join(map(quote_feel, codes.codes)))
        for name in self._read:
            field = policy.facts.fields[name]
            data = root.add(
                "inputData",
                {"name": name, "id": f"input_{name}", **add_prefix(write_title(field.title))},
            )
            data.add("variable", {"name": name, "typeRef": self._type(field, name)})
        self._decision(root)
        if self._against:
            raise NotExpressible(POLICY, policy.name, "DMN", self._against)
        return write_markup(root)

    def _type(self, field: Field, place: str) -> str:
        """Return the type of FEEL for a field, or an empty text after refusing it."""
        if isinstance(field.type, CodeType):
            return field.type.catalogue
        known = FEEL_TYPE_NAMES.get(str(field.type), "")
        if not known:
            self._against.append(Element(place, NOT_A_FEEL_TYPE.fill(type=field.type)))
        return known

    def _decision(self, root: Markup) -> None:
        policy = self._policy
        ours = {
            **write_title(policy.title),
            "facts": policy.facts.name,
            **write_cites(policy.cites),
        }
        decision = root.add(
            "decision",
            {
                "name": policy.name,
                "id": policy.name,
                **add_prefix(ours),
            },
        )
        decision.add("variable", {"name": policy.name})
        for name in self._read:
            needed = decision.add("informationRequirement")
            needed.add("requiredInput", {"href": f"#input_{name}"})
        hit = next(theirs for theirs, our in HIT_POLICIES.items() if our == policy.hit_policy)
        table = decision.add("decisionTable", {"hitPolicy": hit})
        for theirs, our in AGGREGATIONS.items():
            if our == policy.aggregation:
                table.attributes["aggregation"] = theirs
        for name in self._tested:
            column = table.add("input")
            type_ref = self._type(policy.facts.fields[name], name)
            column.add("inputExpression", {"typeRef": type_ref}).add("text", text=name)
        for name, field in policy.entry.fields.items():
            self._output(table, name, field)
        for name in ANNOTATIONS:
            table.add("annotation", {"name": name})
        for row, alternatives in zip(self._rows, self._cells, strict=True):
            for number, cells in enumerate(alternatives, start=1):
                self._row(table, row, cells, f"_{number}" if number > 1 else "")

    def _output(self, table: Markup, name: str, field: Field) -> None:
        policy = self._policy
        written = {"name": name, "typeRef": self._type(field, name)}
        column = table.add(
            "output", {**written, **add_prefix({**write_title(field.title), "type": str(field)})}
        )
        values = policy.priorities.get(name)
        if values:
            text = ", ".join(map(write_literal, values))
            column.add("outputValues").add("text", text=text)
        default = (policy.default or {}).get(name)
        if default is not None:
            entry = column.add("defaultOutputEntry")
            entry.add("text", text=self._value(default, f"default.{name}"))

    def _row(self, table: Markup, row: Row, cells: Mapping[str, str], number: str) -> None:
        rule = row.rule
        node = table.add("rule", {"label": rule.id + number, **add_prefix(write_title(rule.title))})
        for name in self._tested:
            node.add("inputEntry").add("text", text=cells.get(name, "-"))
        for name in self._policy.entry.fields:
            value = row.outputs.get(name)
            text = "null" if value is None else self._value(value, f"{rule.id}.{name}")
            node.add("outputEntry").add("text", text=text)
        note = rule.note or Wording("", "")
        for text in (" ".join(map(str, rule.cites)), note.zh, note.en):
            node.add("annotationEntry").add("text", text=text)

    def _cell(self, cell: Expression, place: str) -> str:
        """Return a cell in S-FEEL: codes and texts in quotes, days and instants marked."""
        fact = cell.fact or ""
        pieces = CellParser(cell.source, fact, self._policy.facts.fields[fact]).tokens
        written: list[str] = []
        for each in pieces:
            figure = self._figures.get(each.text.removeprefix("parameters."))
            if each.kind == "word" and "." in each.text:
                if figure is None:
                    self._against.append(Element(place, NAME_UNKNOWN_IN_DMN))
                written.append("" if figure is None else write_value(figure))
            elif (each.kind == "word" and each.text != "not") or each.kind == "quoted":
                written.append(quote_feel(each.text))
            elif each.kind in {"date", "instant"}:
                written.append(f'@"{each.text}"')
            else:
                written.append(each.text)
        return "".join(f"{each} " if each == "," else each for each in written)

    def _value(self, value: Expression, place: str) -> str:
        """Return the value of an output in FEEL."""
        text = "".join(self._feel(parse(value.source), value, place))
        return text.removeprefix("(").removesuffix(")") if text.startswith("(") else text

    def _feel(self, node: SyntaxNode, value: Expression, place: str) -> Iterator[str]:
        match node:
            case Literal(value=bool() | None):
                yield {True: "true", False: "false"}.get(node.value, "null")  # type: ignore[arg-type]  # a bool
            case Literal(type=kind) if kind is TEXT:
                yield quote_feel(str(node.value))
            case Literal(value=int() | str() as figure):
                yield str(figure)
            case Select(operand=Name(name="parameters"), field=name) if name in self._figures:
                yield write_value(self._figures[name])
            case Name(name=name) if name in self._policy.facts.fields and name in value.reads:
                yield name
            case Name(name=name) if isinstance(value.type, CodeType) and name in value.type.codes:
                yield quote_feel(name)
            case Call(function=name, arguments=(left, right)) if name in FEEL_OPERATORS:
                yield "("
                yield from self._feel(left, value, place)
                yield FEEL_OPERATORS[name]
                yield from self._feel(right, value, place)
                yield ")"
            case Call(function="-_", arguments=(Literal(value=int() | str() as figure),)):
                yield f"-{figure}"
            case Call(function="date", arguments=(Literal(value=str() as text),)):
                yield f'@"{text}"'
            case _:
                self._against.append(Element(place, NOT_S_FEEL))


def iter_figures(policy: Policy, on: date) -> Iterator[tuple[str, FeelValue]]:
    """Yield the parameters that a policy reads, with their values on a day."""
    for name, parameter in policy.parameters.items():
        figure = parameter.find_on(on)
        match None if figure is None else figure.value:
            case bool() as flag:
                yield name, FeelValue("boolean", "true" if flag else "false")
            case int() as whole:
                yield name, FeelValue("number", str(whole))
            case Decimal() as number:
                yield name, FeelValue("number", f"{number:f}")
            case str() as text:
                yield name, FeelValue("text", text)


def catalogues_of(fields: Sequence[Field]) -> list[CodeType]:
    """Return the catalogues that are types of fields, each once."""
    types = {str(each.type): each.type for each in fields}
    return [each for each in types.values() if isinstance(each, CodeType)]


def write_value(value: FeelValue) -> str:
    """Return a value in a cell as FEEL writes it."""
    if value.kind == "text":
        return quote_feel(value.text)
    return f'@"{value.text}"' if value.kind == "moment" else value.text


def quote_feel(text: str) -> str:
    """Return a text as FEEL writes it."""
    return json.dumps(text, ensure_ascii=False)


def write_literal(value: object) -> str:
    """Return a value as FEEL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote_feel(value) if isinstance(value, str) else str(value)
