"""One decision table of a DMN document as a policy."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules.interop.dmn.document import UNKNOWN_KIND, ValueKind, kind_of_values
from telecom_rules.interop.dmn.feel import (
    NO_NAMES,
    FeelCell,
    FeelValue,
    Names,
    quote_cel,
    read_cell,
    read_expression,
)
from telecom_rules.interop.dmn.words import AGGREGATIONS, HIT_POLICIES
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.interop.made import Made, MadeText
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.dmn.document import DmnDocument
    from telecom_rules.interop.markup import Markup


NO_HIT = Wording("DMN 没有此命中策略", "DMN has no hit policy of this name")
NO_ROWS = Wording("该表没有规则", "the table has no rule")
NO_OUTPUT = Wording("该表没有输出", "the table has no output")
ENTRIES = Wording("该行的单元格数与列数不符", "the numbers of cells and columns differ")
VALUE_NOT_LISTED = Wording("`{text}` 不在所列的值之内", "`{text}` is not one of the values listed")
NO_NULL = Wording("空值不能作为单元格的条件", "a cell cannot test for null")
OUTPUT_TYPE_UNCLEAR = Wording("无法推断其类型", "its type cannot be inferred")
INFERRED = Wording(
    "未说明其类型，由其值推断为 {type}", "its type is inferred from its values: {type}"
)
NOT_TEXTS = Wording(
    "声明为文本，而其值均为 {type}，视为 {type}",
    "it is declared as a text, and all its values are {type}: it is read as {type}",
)
SAME_NAME = Wording("`{name}` 这一名称已被使用", "another has the name `{name}` as well")
NO_ORDER = Wording(
    "命中策略按输出值的次序，须用 outputValues 列出",
    "the hit policy goes by the order of the output values: list them in outputValues",
)
STEPS_OF_EXPRESSION = 50
"""Steps for an expression, which is checked and compiled when the files are linked."""
LONG_NAME = 10
"""Characters of a condition that take one step, written once for each alternative of a cell."""
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
class InputPart:
    """An input of one table, as written.

    Attributes:
        input: the element.
        expression: the element with its text.
        source: the text.
        cells: its entries, from the first rule to the last.
    """

    input: Markup
    expression: Markup
    source: str
    cells: list[Markup]


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
        called: the name of the decision.
        outputs: the kind of each output, by its name in a pack.
    """

    def __init__(self, document: DmnDocument, decision: Markup, name: str) -> None:
        self.name = name
        self._document = document
        self._decision = decision
        self.called: str = decision.attributes.get("name", "")
        self._table = next(decision.iter_named("decisionTable"))
        written = self._table.attributes.get("hitPolicy", "UNIQUE")
        self._hit = HIT_POLICIES.get(written, "")
        if not self._hit:
            document.refuse(self._table, NO_HIT)
        self._inputs: dict[str, Input] = {}
        self._results_there: Mapping[str, Input] = {}
        self._names = NO_NAMES
        self._namer = document.add_namer("output")
        self._rules = document.add_namer("rule")
        self._rows = [
            (each, list(each.iter_named("inputEntry")), list(each.iter_named("outputEntry")))
            for each in self._table.iter_named("rule")
        ]
        self._columns = list(self._table.iter_named("input"))
        self._output_parts: dict[str, Markup] = {}
        self.outputs: dict[str, ValueKind] = {}
        parts = list(self._table.iter_named("output"))
        for missing, why in ((not parts, NO_OUTPUT), (not self._rows, NO_ROWS)):
            if missing:
                document.refuse(self._table, why)
        for place, part in enumerate(parts):
            self._add_output(place, part, alone=len(parts) == 1)
        self._optional = {name for name, kind in self.outputs.items() if kind.optional}
        annotations = self._table.iter_named("annotation")
        self._annotations = [each.attributes.get("name", "") for each in annotations]

    @property
    def results(self) -> dict[str, str]:
        """The names that the outputs have in the document, each with that in a pack."""
        return self._namer.names

    @property
    def required(self) -> list[str]:
        """The ids of the decisions that it requires."""
        return [
            each.attributes.get("href", "").removeprefix("#")
            for needed in self._decision.iter_named("informationRequirement")
            for each in needed.iter_named("requiredDecision")
        ]

    @property
    def columns(self) -> Iterator[InputPart]:
        """The inputs that it tests."""
        for place, part in enumerate(self._columns):
            expression = next(part.iter_named("inputExpression"), part)
            cells = [entries[place] for _, entries, _ in self._rows if place < len(entries)]
            yield InputPart(part, expression, text_of(expression).strip(), cells)

    def _add_output(self, place: int, part: Markup, *, alone: bool) -> None:
        """Add an output; the name of a single one may be the decision's."""
        called = part.attributes.get("name") or part.attributes.get("label") or self.called
        name = self._namer.name_of(called, part.span)
        if name in self.outputs:
            self._document.refuse(part, SAME_NAME.fill(name=shorten(called)))
        self._output_parts[name] = part
        kind = self._declared_kind(part, alone=alone)
        given = self._results_given(place, part)
        kind = kind and self._correct(kind, given, part)
        values = next(part.iter_named("outputValues"), None)
        if kind is not None and values is not None:
            kind = self._narrow_output(kind, values, part)
        if kind is not None and not kind.type:
            kind = self._infer_kind(given, part)
        self.outputs[name] = kind or ValueKind("text")  # without a kind it is refused already

    def _declared_kind(self, part: Markup, *, alone: bool) -> ValueKind | None:
        """Return the kind of an output as declared, or `None` after refusing it."""
        variable = next(self._decision.iter_named("variable"), None)
        named = part.attributes.get("typeRef", "")
        if not named and alone:
            named = self._table.attributes.get("typeRef", "") or (
                variable.attributes.get("typeRef", "") if variable is not None else ""
            )
        listed = self._hit in {"collect", "rule_order", "output_order"}
        return self._document.read_kind(named, part, listed=listed) if named else UNKNOWN_KIND

    def _narrow_output(self, kind: ValueKind, values: Markup, part: Markup) -> ValueKind:
        """Return the kind of an output with the values that it lists, in their order."""
        if kind.codes is None and kind.type in {"", "text"}:
            return self._document.narrow(kind, values, part.attributes.get("name") or self.called)
        if self._hit not in RANKED_HIT_POLICIES:
            return kind
        cell = self._cell(values, text_of(values))
        listed = tuple(dict.fromkeys(each.low for each in cell.ranges if each.low))
        return replace(kind, listed=listed)

    def _results_given(self, place: int, part: Markup) -> list[FeelValue]:
        """Return the single values that the rules and the default give for an output."""
        cells = [entries[place] for _, _, entries in self._rows if place < len(entries)]
        cells += part.iter_named("defaultOutputEntry")
        values: list[FeelValue] = []
        for each in cells:
            with suppress(NoCounterpart):
                value = read_expression(text_of(each), NO_NAMES).value
                values += () if value is None else (value,)
        return values

    def _infer_kind(self, values: list[FeelValue], part: Markup) -> ValueKind | None:
        """Return the kind that all values of an output have, where nothing names it."""
        kind = kind_of_values(values)
        if kind is None:
            self._document.refuse(part, OUTPUT_TYPE_UNCLEAR)
        else:
            self._document.tell("TR808", part.span, part.name, INFERRED.fill(type=kind.type))
        return kind

    def _correct(self, kind: ValueKind, values: list[FeelValue], part: Markup) -> ValueKind:
        """Return the kind of values that are not the texts that they are declared to be.

        Tools whose documents declare no input write `string` where nobody chose a type.
        """
        found = kind_of_values(values)
        free = kind.type == "text" and kind.codes is None
        if self._document.declares_inputs or not free or found is None or found.type == "text":
            return kind
        self._document.tell("TR808", part.span, part.name, NOT_TEXTS.fill(type=found.type))
        return found

    def know(self, inputs: dict[str, Input], results: Mapping[str, Input], names: Names) -> None:
        """Take what its cells may name, by the names in the document.

        Args:
            inputs: the inputs of all tables; a kind that this table tells is kept there.
            results: the outputs of the decisions that it requires.
            names: the names of the inputs.
        """
        self._inputs = inputs
        self._results_there = results
        own = {name: each.name for name, each in results.items()}
        self._names = Names(own, self._document.spend, beside=names) if own else names

    def write_policy(self, facts: str) -> Made:
        """Return the file of the policy."""
        document, decision = self._document, self._decision
        columns = [self._column(each) for each in self.columns]
        name = self.called or self.name
        data: dict[str, Data] = {
            "policy": self.name,
            "title": document.read_title(decision, name),
            **document.read_cites(decision),
            "facts": facts,
            "hit_policy": self._hit,
        }
        aggregation = self._table.attributes.get("aggregation")
        if aggregation is not None:
            data["aggregation"] = AGGREGATIONS.get(aggregation, aggregation.lower())
        rules: list[Data] = [
            self._rule(number, row, columns) for number, row in enumerate(self._rows, start=1)
        ]
        default = self._default()
        ranked = frozenset(self._find_ranked())
        data["outputs"] = {each: self._output(each, ranked) for each in self.outputs}
        data |= {"default": default} if default else {}
        return Made(name, self._table.span, data | {"rules": rules})

    def _find_ranked(self) -> list[str]:
        """Return the outputs by whose order of values the hit policy goes, if it goes by any.

        Where no output lists its values, the lists of their types are meant.
        """
        if self._hit not in RANKED_HIT_POLICIES:
            return []
        ordered = [name for name, kind in self.outputs.items() if kind.listed]
        parts = self._output_parts
        own = [name for name in ordered if any(parts[name].iter_named("outputValues"))]
        if not ordered:
            self._document.refuse(self._table, NO_ORDER)
        return own or ordered

    def _output(self, name: str, ranked: Collection[str]) -> Data:
        """Return one output: its type and, where its rank matters, its values."""
        kind, part = self.outputs[name], self._output_parts[name]
        called = part.attributes.get("name") or self.called or name
        type_ = self._document.our_attribute(part, "type") or kind.type
        type_ += "?" * (name in self._optional and not type_.endswith("?"))
        data: dict[str, Data] = {"type": type_, "title": self._document.read_title(part, called)}
        if name in ranked:
            data["values"] = [self._write_value(each, kind, part) for each in kind.listed]
        return Made(called, part.span, data)

    def _column(self, part: InputPart) -> InputColumn:
        """Return an input of the table: a fact or an expression."""
        self._document.require_feel(part.expression)
        type_ref = part.expression.attributes.get("typeRef", "")
        declared = UNKNOWN_KIND
        if type_ref:
            declared = self._document.read_kind(type_ref, part.expression) or UNKNOWN_KIND
        known = self._inputs.get(part.source) or self._results_there.get(part.source)
        if known is None:
            kind = declared if declared.type else ValueKind("decimal")
            return InputColumn("", self._convert_input(part.expression, part.source), kind)
        kind = known.kind if known.kind.type else declared
        tested = self._values_tested(part)
        if known.part is not None:
            kind = self._correct(kind, tested, part.expression)
        values = next(part.input.iter_named("inputValues"), None)
        if values is not None and kind.codes is None:
            kind = self._document.narrow(kind, values, part.source)
        if not kind.type:
            kind = self._infer_input(tested, part)
        if known.part is None:
            return InputColumn("", known.name, kind)
        self._inputs[part.source] = replace(known, kind=kind)
        return InputColumn(known.name, known.name, kind)

    def _values_tested(self, part: InputPart) -> list[FeelValue]:
        """Return the values with which an input is compared."""
        values: list[FeelValue] = []
        for each in part.cells:
            with suppress(NoCounterpart):
                cell = read_cell(text_of(each), self._names)
                values += (end for each in cell.ranges for end in (each.low, each.high) if end)
        return values

    def _infer_input(self, values: list[FeelValue], part: InputPart) -> ValueKind:
        """Return the kind of the values with which an input is compared."""
        kind = kind_of_values(values) or ValueKind("text")
        self._document.tell(
            "TR808", part.expression.span, part.expression.name, INFERRED.fill(type=kind.type)
        )
        return kind

    def _convert_input(self, part: Markup, source: str) -> str:
        """Return the expression of an input, in CEL."""
        try:
            cel = read_expression(source, self._names).cel
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return ""
        return f"({cel})"

    def _rule(
        self,
        number: int,
        row: tuple[Markup, list[Markup], list[Markup]],
        columns: list[InputColumn],
    ) -> Data:
        """Return one row."""
        document = self._document
        part, entries, results = row
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
        return Made(label or part.name, part.span, data | self._remarks(part))

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
            written = cell.write(lambda each: self._write_value(each, column.kind, entry))
            when[column.fact] = MadeText(entry.name, entry.span, written)
        else:
            self._document.spend(STEPS_OF_EXPRESSION)
            self._document.spend(len(cell.ranges) * (1 + len(column.condition) // LONG_NAME))
            written = cell.write_condition(
                column.condition, lambda each: self._cel(each, column, entry)
            )
            where.append(written)

    def _cell(self, part: Markup, source: str) -> FeelCell:
        """Return a cell, or after refusing it one that always holds."""
        self._document.require_feel(part)
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
            self._document.refuse(part, VALUE_NOT_LISTED.fill(text=shorten(value.text)))
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
                yield name, MadeText(part.name, part.span, written)

    def _result(self, kind: ValueKind, part: Markup) -> str | None:
        """Return the value of an output entry, or `None` for null."""
        source = text_of(part)
        self._document.require_feel(part)
        if source.strip() in {"", "-", "null"}:
            return None
        try:
            given = read_expression(source, self._names)
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return None
        value = given.value
        if value is None:
            self._document.spend(STEPS_OF_EXPRESSION)
        if value is None or value.kind in {"name", "moment"}:
            return given.cel
        if value.kind == "text":
            return self._write_value(value, kind, part) if kind.codes else quote_cel(value.text)
        return value.text

    def _default(self) -> dict[str, Data]:
        """Return the outputs of the table if no row matches."""
        default: dict[str, Data] = {}
        for name, part in self._output_parts.items():
            kind = self.outputs[name]
            for entry in part.iter_named("defaultOutputEntry"):
                given = self._result(kind, entry)
                if given is not None:
                    default[name] = MadeText(entry.name, entry.span, given)
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
                written[name] = text_of(entry)
            else:
                rest.append(text_of(entry).strip())
        data: dict[str, Data] = {}
        if written.get("cites", "").strip():
            data["cites"] = written["cites"].split()
        note = "; ".join(filter(None, rest))
        if written.get("note_zh", "").strip() and written.get("note_en", "").strip():
            data["note"] = {"zh": written["note_zh"], "en": written["note_en"]}
        elif note:
            data["note"] = {"zh": note, "en": note}
        return data


def text_of(part: Markup) -> str:
    """Return the text inside an element."""
    return "".join(each.text for each in part.iter_named("text"))


def results_of(table: DecisionTable) -> dict[str, Input]:
    """Return the outputs of a table as inputs of another, by their names in the document."""
    return {
        foreign: Input(f"policies.{table.name}.{name}", table.outputs[name])
        for foreign, name in table.results.items()
    }


def result_of(table: DecisionTable) -> Input | None:
    """Return the result of a table as an input of another, or `None` where it has several."""
    if len(table.outputs) != 1:
        return None
    ((name, kind),) = table.outputs.items()
    return Input(f"policies.{table.name}.{name}", kind)
