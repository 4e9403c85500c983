"""One decision table of a DMN document as a policy."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules.interop.dmn.boxes import text_of
from telecom_rules.interop.dmn.expressions import (
    VALUE_NOT_LISTED,
    FeelExpression,
    read_expression,
    show_code,
    without_codes,
    write_cel,
)
from telecom_rules.interop.dmn.feel import (
    NO_NAMES,
    CellRange,
    FeelCell,
    FeelValue,
    quote_cel,
    read_cell,
)
from telecom_rules.interop.dmn.kinds import UNKNOWN_KIND, ValueKind, kind_of_values
from telecom_rules.interop.dmn.scope import NO_SCOPE, Input
from telecom_rules.interop.dmn.words import AGGREGATIONS, HIT_POLICIES
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.interop.made import Made, MadeText
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.dmn.boxes import Box
    from telecom_rules.interop.dmn.document import DmnDocument
    from telecom_rules.interop.dmn.scope import TableScope
    from telecom_rules.interop.markup import Markup


NO_HIT = Wording("DMN 没有此命中策略", "DMN has no hit policy of this name")
NO_ROWS = Wording("该表没有规则", "the table has no rule")
NO_OUTPUT = Wording("该表没有输出", "the table has no output")
ENTRIES = Wording("该行的单元格数与列数不符", "the numbers of cells and columns differ")
NO_NULL = Wording(
    "`null` 在此处没有意义", "null is a value of an input or an output alone, not a limit"
)
TOO_LARGE = Wording(
    "该表超过 {limit} 个单元格；请拆成几个表",
    "the table has more than {limit} cells: cut it into several",
)
NO_LISTS = Wording("表格的输入不能是列表", "an input of a table cannot be a list")
OUTPUT_TYPE_UNCLEAR = Wording("无法推断其类型", "its type cannot be inferred")
INFERRED = Wording(
    "未说明其类型，由其值推断为 {type}", "its type is inferred from its values: {type}"
)
NOT_TEXTS = Wording(
    "声明为文本，而其值均为 {type}，视为 {type}",
    "it is declared as a text, and all its values are {type}: it is read as {type}",
)
MEANT_NOT = Wording(
    "FEEL 单元格中没有不等号，视为 not(...)", "a cell of FEEL has no `!=`; it is read as not(...)"
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
EXACT_TYPES = frozenset({"integer", "decimal", "money"})
LIST_HIT_POLICIES = ("collect", "rule_order", "output_order")
"""Hit policies under which the result of a table is a list, if it is not added up."""
MOST_CELLS = 20_000
ALWAYS_TRUE = (CellRange(FeelValue("boolean", "true")),)
"""The cell of an input that is a condition itself."""


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
    """A boxed expression of a DMN document, as a decision table that becomes a policy.

    Attributes:
        name: the name of the policy.
        box: the boxed expression.
        called: the name of its result, if that is a single one.
        outputs: the kind of each output, by its name in a pack.
    """

    def __init__(self, document: DmnDocument, box: Box, name: str) -> None:
        self.name = name
        self.box = box
        self._document = document
        self._scope = NO_SCOPE
        self.called: str = box.title
        self._table = box.table
        written = self._table.attributes.get("hitPolicy", "UNIQUE")
        self._hit = HIT_POLICIES.get(written, "")
        if not self._hit:
            document.refuse(self._table, NO_HIT)
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
        if len(self._rows) * (len(self._columns) + len(parts)) > MOST_CELLS:
            document.refuse(self._table, TOO_LARGE.fill(limit=MOST_CELLS))
            self._rows = self._rows[:1]
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
    def gives_list(self) -> bool:
        """Whether its result is a list."""
        return self._hit in LIST_HIT_POLICIES and "aggregation" not in self._table.attributes

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
        cells = self._result_cells(place, part)
        given = read_values(cells)
        kind = kind and self._correct(kind, given, part)
        values = next(part.iter_named("outputValues"), None)
        if kind is not None and values is not None:
            kind = self._narrow_output(kind, values, part, whole=len(given) == len(cells))
        if kind is not None and not kind.type:
            kind = kind_of_values(given) or UNKNOWN_KIND
            if kind.type:
                self._document.tell("TR808", part.span, part.name, INFERRED.fill(type=kind.type))
        if kind is not None and any(
            text_of(entries[place]).strip() in {"", "-", "null"}
            for _, _, entries in self._rows
            if place < len(entries)
        ):
            kind = replace(kind, optional=True)
        self.outputs[name] = kind or ValueKind("text")  # without a kind it is refused already

    def _declared_kind(self, part: Markup, *, alone: bool) -> ValueKind | None:
        """Return the kind of an output as declared, or `None` after refusing it."""
        named = part.attributes.get("typeRef", "")
        if not named and alone:
            named = self.box.type_ref
        listed = self._hit in LIST_HIT_POLICIES
        kind = self._document.read_kind(named, part, listed=listed) if named else UNKNOWN_KIND
        return kind and replace(kind, many=False)

    def _narrow_output(
        self, kind: ValueKind, values: Markup, part: Markup, *, whole: bool
    ) -> ValueKind:
        """Return the kind of an output with the values that it lists, in their order.

        Args:
            kind: the kind without them.
            values: the element that lists them.
            part: the output.
            whole: whether every rule gives a single value; what an expression gives may be any.
        """
        if kind.codes is None and kind.type in {"", "text"} and whole:
            return self._document.narrow(kind, values, part.attributes.get("name") or self.called)
        if self._hit not in RANKED_HIT_POLICIES:
            return kind
        cell = self._cell(values, text_of(values))
        ends = [each.low for each in cell.ranges if each.low]
        listed = tuple(dict.fromkeys(each for each in ends if each.kind != "null"))
        return replace(kind, listed=listed)

    def _result_cells(self, place: int, part: Markup) -> list[Markup]:
        """Return the entries of the rules and the default for an output, but for empty ones."""
        cells = [entries[place] for _, _, entries in self._rows if place < len(entries)]
        cells += part.iter_named("defaultOutputEntry")
        return [each for each in cells if text_of(each).strip() not in {"", "-"}]

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

    def know(self, scope: TableScope) -> None:
        """Take what its cells may name, and tell which inputs may be null."""
        self._scope = scope
        for part in self.columns:
            known = scope.find(part.source)
            if known is None or known.kind.optional:
                continue
            if any("null" in text_of(each) for each in part.cells) and any(
                each.kind == "null" for each in self._values_tested(part)
            ):
                scope.learn(part.source, replace(known.kind, optional=True))

    def infer_outputs(self, scope: TableScope) -> list[str]:
        """Return the outputs whose type, named nowhere, is now known from their expressions."""
        found: list[str] = []
        for place, (name, kind) in enumerate(self.outputs.items()):
            if kind.type:
                continue
            types: set[str] = set()
            for _, _, entries in self._rows:
                for each in entries[place : place + 1]:
                    with suppress(NoCounterpart):
                        given = read_expression(text_of(each), scope.names, scope.kinds)
                        null = given.value is not None and given.value.kind == "null"
                        types |= set() if null else {without_codes(given.kind).type}
            types = {"decimal"} if types and types <= EXACT_TYPES else types
            if len(types) == 1 and "" not in types:
                self.outputs[name] = replace(kind, type=types.pop())
                found.append(name)
        for name in found:
            part, kind = self._output_parts[name], self.outputs[name]
            self._document.tell("TR808", part.span, part.name, INFERRED.fill(type=kind.type))
        return found

    def write_policy(self, facts: str) -> Made:
        """Return the file of the policy."""
        document, box = self._document, self.box
        columns = [self._column(each) for each in self.columns]
        name = box.name or self.name
        data: dict[str, Data] = {
            "policy": self.name,
            "title": document.read_title(box.part, name),
            **document.read_cites(box.decision),
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
        for each, kind in self.outputs.items():
            if not kind.type:
                document.refuse(self._output_parts[each], OUTPUT_TYPE_UNCLEAR)
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
            declared = self._document.read_kind(type_ref, part.expression, listed=True) or declared
        known = self._scope.find(part.source)
        if known is None:
            return self._work_out(part, declared)
        if known.kind.many:
            self._document.refuse(part.expression, NO_LISTS)
        kind = known.kind if known.kind.type else replace(declared, optional=known.kind.optional)
        tested = self._values_tested(part)
        if known.part is not None:
            kind = self._correct(kind, tested, part.expression)
        values = next(part.input.iter_named("inputValues"), None)
        if values is not None and kind.codes is None:
            kind = self._document.narrow(kind, values, part.source)
        if not kind.type:
            kind = replace(self._infer_input(tested, part), optional=kind.optional)
        if known.part is None:
            return InputColumn("", known.name, kind)
        self._scope.learn(part.source, kind)
        return InputColumn(known.name, known.name, kind)

    def _work_out(self, part: InputPart, declared: ValueKind) -> InputColumn:
        """Return an input that is an expression."""
        given = self._expression(part.expression, part.source)
        kind = given.kind if given.kind.type else declared
        return InputColumn("", f"({given.cel})", kind if kind.type else ValueKind("decimal"))

    def _values_tested(self, part: InputPart) -> list[FeelValue]:
        """Return the values with which an input is compared."""
        values: list[FeelValue] = []
        for each in part.cells:
            with suppress(NoCounterpart):
                cell = read_cell(text_of(each), self._scope.names)
                values += (end for each in cell.ranges for end in (each.low, each.high) if end)
        return values

    def _infer_input(self, values: list[FeelValue], part: InputPart) -> ValueKind:
        """Return the kind of the values with which an input is compared."""
        kind = kind_of_values(values) or ValueKind("text")
        self._document.tell(
            "TR808", part.expression.span, part.expression.name, INFERRED.fill(type=kind.type)
        )
        return kind

    def _expression(
        self, part: Markup, source: str, it: FeelExpression | None = None
    ) -> FeelExpression:
        """Return an expression in CEL, or after refusing it one that is always true."""
        self._document.spend(STEPS_OF_EXPRESSION)
        try:
            scope = self._scope
            return read_expression(source, scope.names, scope.kinds, it, scope.learn_fact)
        except NoCounterpart as problem:
            self._document.refuse(part, problem.why)
            return FeelExpression("true")

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
        source = text_of(entry)
        if "?" in source and not is_unary(source):
            it = FeelExpression(column.condition, column.kind, FeelValue("name", column.condition))
            where.append(guard(column, self._expression(entry, source, it).cel))
            return
        cell = self._cell(entry, source)
        if not cell.ranges:
            return
        if source.strip().startswith(("!=", "<>")):
            self._document.tell("TR808", entry.span, entry.name, MEANT_NOT)
        ends = [end for each in cell.ranges for end in (each.low, each.high) if end is not None]
        plain = not any(each.kind in {"name", "null", "span"} for each in ends)
        if column.fact and column.fact not in when and plain:
            written = cell.write(lambda each: self._write_value(each, column.kind, entry))
            when[column.fact] = MadeText(entry.name, entry.span, written)
        else:
            self._document.spend(STEPS_OF_EXPRESSION)
            self._document.spend(len(cell.ranges) * (1 + len(column.condition) // LONG_NAME))
            where.append(self._condition(column, cell, entry))

    def _condition(self, column: InputColumn, cell: FeelCell, entry: Markup) -> str:
        """Return a cell as a condition; null is there and not there, and so tested first."""
        null = [each for each in cell.ranges if each.low is not None and each.low.kind == "null"]
        some = tuple(each for each in cell.ranges if each not in null)
        if cell.ranges == ALWAYS_TRUE and not cell.negated and column.kind.type == "boolean":
            return guard(column, column.condition)
        if any(each.opening != "=" for each in null):
            self._document.refuse(entry, NO_NULL)
        there = f"has({column.condition})"
        written = FeelCell(some, cell.negated).write_condition(
            column.condition,
            lambda each: self._cel(each, column, entry),
            lambda each: self._kind_of_name(each).many,
        )
        if not null:
            return guard(column, written)
        if cell.negated:
            return f"{there} && {written}" if some else there
        return f"!{there} || {there} && ({written})" if some else f"!{there}"

    def _cell(self, part: Markup, source: str) -> FeelCell:
        """Return a cell, or after refusing it one that always holds."""
        self._document.require_feel(part)
        try:
            return read_cell(source, self._scope.names)
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
        codes = column.kind.codes
        if value.kind == "text":
            return quote_cel(self._write_value(value, column.kind, part) if codes else value.text)
        if value.kind == "moment":
            return f"{'date' if column.kind.type == 'date' else 'timestamp'}('{value.text}')"
        if value.kind == "span":
            return write_cel(value)
        other = self._kind_of_name(value)
        if other.codes is not None and other.type != column.kind.type:
            return show_code(value.text, other.codes)
        return self._write_value(value, column.kind, part)

    def _kind_of_name(self, value: FeelValue) -> ValueKind:
        """Return the kind of what a name stands for; of any other value nothing is known."""
        known = self._scope.kinds.get(value.text) if value.kind == "name" else None
        return known or UNKNOWN_KIND

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
        given = self._expression(part, source)
        value = given.value
        if value is not None and value.kind == "text" and kind.codes:
            return self._write_value(value, kind, part)
        codes = given.kind.codes
        if codes is not None and kind.codes is None:
            return show_code(given.cel, codes)
        if value is not None and value.kind == "name" and given.kind.many and not kind.many:
            self._document.refuse(part, NO_LISTS)
        return given.cel

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


def read_values(cells: Sequence[Markup]) -> list[FeelValue]:
    """Return the values of the cells that are single values."""
    values: list[FeelValue] = []
    for each in cells:
        with suppress(NoCounterpart):
            value = read_expression(text_of(each), NO_NAMES).value
            values += () if value is None else (value,)
    return values


def is_unary(source: str) -> bool:
    """Return whether a cell is a single text in quotes, in which a `?` is a mark."""
    text = source.strip()
    return text.count('"') == len(text[:1] + text[-1:]) and text[:1] == text[-1:] == '"'


def guard(column: InputColumn, condition: str) -> str:
    """Return a condition on an input, which does not hold while that is null."""
    inside = f"({condition})" if "||" in condition or "?" in condition else condition
    return f"has({column.condition}) && {inside}" if column.kind.optional else condition


def results_of(table: DecisionTable) -> dict[str, Input]:
    """Return the outputs of a table as inputs of another, by their names in the document."""
    return {
        foreign: Input(
            f"policies.{table.name}.{name}", replace(table.outputs[name], many=table.gives_list)
        )
        for foreign, name in table.results.items()
    }
