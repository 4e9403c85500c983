"""One decision table of a DMN document as a policy."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules.interop.dmn.document import ValueKind
from telecom_rules.interop.dmn.feel import (
    FeelCell,
    FeelValue,
    quote_cel,
    read_cell,
    read_expression,
)
from telecom_rules.interop.dmn.words import AGGREGATIONS, HIT_POLICIES
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.dmn.document import DmnDocument
    from telecom_rules.interop.markup import Markup


NO_HIT = Wording("DMN 没有此命中策略", "DMN has no hit policy of this name")
ENTRIES = Wording("该行的单元格数与列数不符", "the numbers of cells and columns differ")
VALUE_NOT_LISTED = Wording("`{text}` 不在所列的值之内", "`{text}` is not one of the values listed")
NO_NULL = Wording("空值不能作为单元格的条件", "a cell cannot test for null")
OUTPUT_TYPE_UNCLEAR = Wording("无法推断其类型", "its type cannot be inferred")
RANKED_HIT_POLICIES = ("priority", "output_order")


@dataclass(frozen=True, slots=True)
class Input:
    """An input that tables test.

    Attributes:
        name: its name in a pack: a fact, or `policies.x.y`.
        kind: its kind; the type is empty while it is not known.
        part: the `inputData` that declares it, or `None` for the result of another table.
    """

    name: str
    kind: ValueKind
    part: Markup | None = None


@dataclass(frozen=True, slots=True)
class InputColumn:
    """An input of one table.

    Attributes:
        fact: the fact it tests, or an empty text.
        condition: the expression it tests, in CEL, if that is not a fact.
        kind: the kind of its value.
    """

    fact: str
    condition: str
    kind: ValueKind


class DecisionTable:
    """A decision of a DMN document that is a table.

    Attributes:
        name: the name of the policy.
        outputs: the kind of each output, by its name in a pack.
    """

    def __init__(
        self, document: DmnDocument, decision: Markup, name: str, inputs: dict[str, Input]
    ) -> None:
        self.name = name
        self._document = document
        self._decision = decision
        self._inputs = inputs
        self._table = next(decision.iter_named("decisionTable"))
        written = self._table.attributes.get("hitPolicy", "UNIQUE")
        self._hit = HIT_POLICIES.get(written, "")
        if not self._hit:
            document.refuse(self._table, NO_HIT)
        self._namer = document.add_namer("output")
        self._rules = document.add_namer("rule")
        self._output_parts = list(self._table.iter_named("output"))
        self.outputs: dict[str, ValueKind] = {
            self._output_name(each): self._output_kind(each) for each in self._output_parts
        }
        self._optional: set[str] = set()
        annotations = self._table.iter_named("annotation")
        self._annotations = [each.attributes.get("name", "") for each in annotations]

    def _output_name(self, part: Markup) -> str:
        """Return the name of an output; that of a single one may be the decision's."""
        called = part.attributes.get("name") or part.attributes.get("label")
        return self._namer.name_of(called or self._decision.attributes.get("name", ""), part.span)

    def _output_kind(self, part: Markup) -> ValueKind:
        """Return the kind of an output: as declared, else inferred from its values."""
        document, table = self._document, self._table
        variable = next(self._decision.iter_named("variable"), None)
        named = part.attributes.get("typeRef", "")
        if not named and len(self._output_parts) == 1:
            named = table.attributes.get("typeRef", "") or (
                variable.attributes.get("typeRef", "") if variable is not None else ""
            )
        listed = self._hit in {"collect", "rule_order", "output_order"}
        kind = None
        if named:
            kind = document.read_kind(named, part, listed=listed)
        if kind is None:
            kind = ValueKind(self._infer_type(part))
        values = next(part.iter_named("outputValues"), None)
        if values is not None and kind.codes is None and kind.type == "text":
            called = part.attributes.get("name") or self._decision.attributes.get("name", "")
            kind = document.narrow(kind, values, called)
        return kind

    def _infer_type(self, part: Markup) -> str:
        """Return the type that the values of an output have, where nothing names it."""
        place = self._output_parts.index(part)
        kinds = {"text": "text", "number": "decimal", "boolean": "boolean"}
        for rule in self._table.iter_named("rule"):
            entries = list(rule.iter_named("outputEntry"))
            source = text_of(entries[place]) if place < len(entries) else ""
            try:
                value = read_expression(source, self._names).value
            except NoCounterpart:
                continue
            if value is not None and value.kind in kinds:
                return kinds[value.kind]
        self._document.refuse(part, OUTPUT_TYPE_UNCLEAR)
        return "text"

    @property
    def _names(self) -> dict[str, str]:
        return {name: each.name for name, each in self._inputs.items()}

    def write_policy(self, facts: str) -> dict[str, Data]:
        """Return the file of the policy."""
        document, decision = self._document, self._decision
        columns = [self._column(each) for each in self._table.iter_named("input")]
        data: dict[str, Data] = {
            "policy": self.name,
            "title": document.read_title(decision, decision.attributes.get("name", self.name)),
            **document.read_cites(decision),
            "facts": facts,
            "hit_policy": self._hit,
        }
        aggregation = self._table.attributes.get("aggregation")
        if aggregation is not None:
            data["aggregation"] = AGGREGATIONS.get(aggregation, aggregation.lower())
        rules: list[Data] = [
            self._rule(number, each, columns)
            for number, each in enumerate(self._table.iter_named("rule"), start=1)
        ]
        default = self._default()
        data["outputs"] = {name: self._output(name) for name in self.outputs}
        return data | ({"default": default} if default else {}) | {"rules": rules}

    def _output(self, name: str) -> Data:
        """Return one output: its type and, where its rank matters, its values."""
        kind, part = self.outputs[name], self._output_parts[list(self.outputs).index(name)]
        called = part.attributes.get("name") or self._decision.attributes.get("name", name)
        type_ = self._document.our_attribute(part, "type") or kind.type
        type_ += "?" * (name in self._optional and not type_.endswith("?"))
        data: dict[str, Data] = {"type": type_, "title": self._document.read_title(part, called)}
        values = next(part.iter_named("outputValues"), None)
        if values is not None and self._hit in RANKED_HIT_POLICIES:
            cell = self._cell(values, text_of(values))
            data["values"] = [
                self._write_value(each.low, kind, values) for each in cell.ranges if each.low
            ]
        return data

    def _column(self, part: Markup) -> InputColumn:
        """Return an input of the table: a fact or an expression."""
        expression = next(part.iter_named("inputExpression"), part)
        source = text_of(expression).strip()
        known = self._inputs.get(source)
        values = next(part.iter_named("inputValues"), None)
        type_ref = expression.attributes.get("typeRef", "")
        if known is None:
            kind = (
                self._document.read_kind(type_ref, expression) if type_ref else ValueKind("decimal")
            )
            return InputColumn("", self._convert_input(expression, source), kind or ValueKind(""))
        kind = known.kind
        if not kind.type:
            kind = (
                self._document.read_kind(type_ref, expression) if type_ref else None
            ) or ValueKind("text")
        if values is not None and kind.codes is None:
            kind = self._document.narrow(kind, values, source)
        self._inputs[source] = replace(known, kind=kind)
        if known.part is None:
            return InputColumn("", known.name, kind)
        return InputColumn(known.name, known.name, kind)

    def _convert_input(self, part: Markup, source: str) -> str:
        """Return the expression of an input, in CEL."""
        try:
            cel = read_expression(source, self._names).cel
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return ""
        return f"({cel})"

    def _rule(self, number: int, part: Markup, columns: list[InputColumn]) -> dict[str, Data]:
        """Return one row."""
        document = self._document
        entries, results = list(part.iter_named("inputEntry")), list(part.iter_named("outputEntry"))
        if len(entries) != len(columns) or len(results) != len(self.outputs):
            document.refuse(part, ENTRIES)
        label = part.attributes.get("label", "")
        data: dict[str, Data] = {"id": self._rules.name_of(label or f"rule_{number}", part.span)}
        if document.our_attribute(part, "zh"):
            data["title"] = document.read_title(part, label)
        when: dict[str, Data] = {}
        where: list[str] = []
        for column, entry in zip(columns, entries, strict=False):
            self._test(column, entry, when, where)
        if when:
            data["when"] = when
        if where:
            data["where"] = " && ".join(f"({each})" if "||" in each else each for each in where)
        data["then"] = dict(self._results(results))
        return data | self._remarks(part)

    def _test(
        self, column: InputColumn, entry: Markup, when: dict[str, Data], where: list[str]
    ) -> None:
        """Add the test of one cell to `when` or `where`."""
        cell = self._cell(entry, text_of(entry))
        if not cell.ranges:
            return
        beside = any(
            value is not None and value.kind == "name"
            for each in cell.ranges
            for value in (each.low, each.high)
        )
        if column.fact and column.fact not in when and not beside:
            when[column.fact] = cell.write(lambda each: self._write_value(each, column.kind, entry))
        else:
            written = cell.write_condition(
                column.condition, lambda each: self._cel(each, column, entry)
            )
            where.append(written)

    def _cell(self, part: Markup, source: str) -> FeelCell:
        """Return a cell, or after refusing it one that always holds."""
        try:
            return read_cell(source, self._names)
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return FeelCell(())

    def _write_value(self, value: FeelValue, kind: ValueKind, part: Markup) -> str:
        """Return a value as cells and lists of a pack write it."""
        if value.kind == "null":
            self._document.refuse(part, NO_NULL)
        if value.kind != "text":
            return value.text
        if kind.codes is None:
            return json.dumps(value.text, ensure_ascii=False)
        if value.text not in kind.codes:
            self._document.refuse(part, VALUE_NOT_LISTED.fill(text=value.text))
        return kind.codes.get(value.text, "")

    def _cel(self, value: FeelValue, column: InputColumn, part: Markup) -> str:
        """Return a value in CEL."""
        if value.kind == "text":
            known = column.kind.codes
            return quote_cel(self._write_value(value, column.kind, part) if known else value.text)
        if value.kind == "moment":
            return f"{'date' if column.kind.type == 'date' else 'timestamp'}('{value.text}')"
        return self._write_value(value, column.kind, part)

    def _results(self, parts: list[Markup]) -> Iterator[tuple[str, Data]]:
        """Yield the outputs of a row; null is left out."""
        for (name, kind), part in zip(self.outputs.items(), parts, strict=False):
            written = self._result(kind, part)
            if written is None:
                self._optional.add(name)
            else:
                yield name, written

    def _result(self, kind: ValueKind, part: Markup) -> str | None:
        """Return the value of an output entry, or `None` for null."""
        source = text_of(part)
        if source.strip() in {"", "-", "null"}:
            return None
        try:
            given = read_expression(source, self._names)
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return None
        value = given.value
        if value is None or value.kind in {"name", "moment"}:
            return given.cel
        if value.kind == "text":
            return self._write_value(value, kind, part) if kind.codes else quote_cel(value.text)
        return value.text

    def _default(self) -> dict[str, Data]:
        """Return the outputs of the table if no row matches."""
        default: dict[str, Data] = {}
        for (name, kind), part in zip(self.outputs.items(), self._output_parts, strict=False):
            for entry in part.iter_named("defaultOutputEntry"):
                given = self._result(kind, entry)
                if given is not None:
                    default[name] = given
        if default:
            self._optional |= self.outputs.keys() - default.keys()
        return default

    def _remarks(self, part: Markup) -> dict[str, Data]:
        """Return the clauses and notes in the annotations of a row."""
        names = self._annotations
        written = dict.fromkeys(names, "")
        rest = [each.text.strip() for each in part.iter_named("description")]
        for place, entry in enumerate(part.iter_named("annotationEntry")):
            name = names[place] if place < len(names) else ""
            if name in {"cites", "note_zh", "note_en"}:
                written[name] = text_of(entry).strip()
            else:
                rest.append(text_of(entry).strip())
        data: dict[str, Data] = {}
        if written.get("cites"):
            data["cites"] = written["cites"].split()
        note = "; ".join(filter(None, rest))
        if written.get("note_zh") and written.get("note_en"):
            data["note"] = {"zh": written["note_zh"], "en": written["note_en"]}
        elif note:
            data["note"] = {"zh": note, "en": note}
        return data


def text_of(part: Markup) -> str:
    """Return the text inside an element."""
    return "".join(each.text for each in part.iter_named("text"))


def result_of(table: DecisionTable) -> Input | None:
    """Return the result of a table as an input of another, or `None` where it has several."""
    if len(table.outputs) != 1:
        return None
    ((name, kind),) = table.outputs.items()
    return Input(f"policies.{table.name}.{name}", kind)
