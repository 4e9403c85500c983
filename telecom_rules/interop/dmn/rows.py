"""The rules of one policy on a day, as the rows of a DMN table: cells, conditions and outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from telecom_rules.expressions.syntax.cells import CellParser
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tree import Logic
from telecom_rules.interop.dmn.conditions import CellConverter, NoCells, merge_cells
from telecom_rules.interop.dmn.feel import FeelValue
from telecom_rules.interop.dmn.rendering import FeelWriter, NotInFeel, quote_feel
from telecom_rules.interop.expressible import Element
from telecom_rules.vocabulary import CodeType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from telecom_rules.expressions import Expression
    from telecom_rules.expressions.syntax.tree import SyntaxNode
    from telecom_rules.interop.dmn.conditions import Cells
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.policies.rules import Row, Rule


NOT_IN_FEEL = Wording("FEEL 中没有结果相同的表达式", "FEEL has no expression that gives the same")
NAME_UNKNOWN_IN_DMN = Wording(
    "单元格中的名称在 DMN 中没有对应", "the cell refers to a name that DMN does not know"
)
SPLITTABLE_HIT_POLICIES = frozenset({"first", "any", "priority"})
"""Hit policies under which a row may be written as several."""


@dataclass(frozen=True, slots=True)
class DmnRow:
    """A row as DMN writes it.

    Attributes:
        id: the label of the row.
        rule: the rule that it comes from.
        written: the cells by fact, or by `policies.x.y`.
        conditions: the conditions that must hold besides, in FEEL.
        outputs: the value of each output in FEEL.
    """

    id: str
    rule: Rule
    written: Mapping[str, str]
    conditions: Sequence[str]
    outputs: Mapping[str, str]

    def cells(self, tested: Sequence[str]) -> Iterator[str]:
        """Yield the cells of the columns of facts."""
        return (self.written.get(name, "-") for name in tested)

    def answers(self, conditions: Sequence[str]) -> Iterator[str]:
        """Yield the cells of the columns of conditions."""
        return ("true" if each in self.conditions else "-" for each in conditions)


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows of one table as DMN writes them.

    Attributes:
        rows: the rows.
        tested: the facts and outputs of other policies that are columns, in order.
        conditions: the conditions that are columns, in order.
        default: the outputs if no rule matches, in FEEL.
        reads: the names that the policy reads on the day.
    """

    rows: Sequence[DmnRow]
    tested: Sequence[str]
    conditions: Sequence[str]
    default: Mapping[str, str]
    reads: frozenset[str]


@dataclass(slots=True)
class RowWriter:
    """Writes the rules of one policy that are in force on a day.

    Attributes:
        policy: the policy.
        on: the day.
        results: what DMN calls each output of another policy, as `policies.x.y`.
    """

    policy: RuleSet
    on: date
    results: Mapping[str, str]
    _cells: CellConverter = field(init=False)
    _feel: FeelWriter = field(init=False)
    _figures: Mapping[str, FeelValue] = field(init=False)
    _against: list[Element] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        values = dict(iter_figures(self.policy, self.on))
        self._figures = dict(iter_cell_figures(values))
        facts = self.policy.facts.fields
        may_split = self.policy.hit_policy in SPLITTABLE_HIT_POLICIES
        self._cells = CellConverter({*facts, *self.results}, self._figures, may_split)
        self._feel = FeelWriter(facts, values, self.results)

    def write_rows(self, against: list[Element]) -> TableRows:
        """Return the rows; what FEEL cannot say is added to `against`."""
        self._against = against
        rows = [row.on(self.on) for row in self.policy.rows if self.on in row.in_force]
        written = [each for row in rows for each in self._rows(row)]
        default = {
            name: self._value(each, f"default.{name}", name)
            for name, each in (self.policy.default or {}).items()
        }
        tested = {fact for each in written for fact in each.written}
        conditions = dict.fromkeys(text for each in written for text in each.conditions)
        values = [each for row in rows for each in (*row.tests, *row.outputs.values())]
        values += (self.policy.default or {}).values()
        known = [*self.policy.facts.fields, *self.results]
        return TableRows(
            written,
            [name for name in known if name in tested],
            list(conditions),
            default,
            frozenset(name for each in values for name in each.reads) | tested,
        )

    def _rows(self, row: Row) -> Iterator[DmnRow]:
        """Yield the rows of a rule: one, or several if its condition is cells of several."""
        place = row.rule.id
        own = {
            each.fact: self._cell(each, f"{place}.{each.fact}") for each in row.tests if each.fact
        }
        sources = [each.source for each in row.tests if each.fact is None]
        outputs = {
            name: self._value(each, f"{place}.{name}", name) for name, each in row.outputs.items()
        }
        alternatives = self._cells.convert(sources)
        conditions: list[str] = []
        if alternatives is None or any(cells.keys() & own.keys() for cells in alternatives):
            cells, conditions = self._split(sources, own.keys(), place)
            alternatives = [cells]
        for number, cells in enumerate(alternatives, start=1):
            label = f"{place}_{number}" if number > 1 else place
            shown = {name: each.write(write_value) for name, each in cells.items()}
            yield DmnRow(label, row.rule, {**own, **shown}, conditions, outputs)

    def _split(
        self, sources: Sequence[str], taken: Collection[str], place: str
    ) -> tuple[Cells, list[str]]:
        """Return the parts of conditions that are cells of one fact, and the others in FEEL."""
        cells: Cells = {}
        rest: list[SyntaxNode] = []
        asked: list[tuple[frozenset[str], SyntaxNode]] = []
        for node in (part for source in sources for part in conjuncts(parse(source))):
            found = self._cells.convert_node(node)
            if found is not None and not found[0]:
                asked.append((found[1], node))
                continue
            if found is None or found[0].keys() & taken or self._compares_optional(found[0]):
                rest.append(node)
                continue
            try:
                cells = merge_cells(cells, found[0])
            except NoCells:
                rest.append(node)
        # A cell on an optional fact implies `has()`. Any other condition needs it beside itself.
        known = cells.keys() | taken
        there = [node for facts, node in asked if rest or not facts <= known]
        try:
            written = [self._feel.write_node(each) for each in rest]
            if there:
                return cells, [self._feel.write_all([*there, *rest])]
        except NotInFeel:
            self._against.append(Element(place, NOT_IN_FEEL))
            return cells, []
        return cells, written

    def _compares_optional(self, cells: Cells) -> bool:
        """Return whether a cell compares with another fact that may be absent."""
        fields = self.policy.facts.fields
        ends = [
            end for cell in cells.values() for each in cell.ranges for end in (each.low, each.high)
        ]
        names = [end.text for end in ends if end is not None and end.kind == "name"]
        return any(name in fields and fields[name].optional for name in names)

    def _cell(self, cell: Expression, place: str) -> str:
        """Return a cell in S-FEEL: codes and texts in quotes, days and instants marked."""
        fact = cell.fact or ""
        pieces = CellParser(cell.source, fact, self.policy.facts.fields[fact]).tokens
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

    def _value(self, value: Expression, place: str, output: str) -> str:
        """Return the value of an output in FEEL."""
        kind = self.policy.entry.fields[output].type
        codes = kind.codes if isinstance(kind, CodeType) else ()
        try:
            return self._feel.write(value.source, codes)
        except NotInFeel:
            self._against.append(Element(place, NOT_IN_FEEL))
            return ""


def conjuncts(node: SyntaxNode) -> Iterator[SyntaxNode]:
    """Yield the conditions that all have to hold."""
    match node:
        case Logic(every=True, operands=operands):
            for each in operands:
                yield from conjuncts(each)
        case _:
            yield node


def iter_figures(policy: RuleSet, on: date) -> Iterator[tuple[str, object]]:
    """Yield the parameters that a policy reads, with their values on a day."""
    for name, parameter in policy.parameters.items():
        figure = parameter.find_on(on)
        if figure is not None:
            yield name, figure.value


def iter_cell_figures(figures: Mapping[str, object]) -> Iterator[tuple[str, FeelValue]]:
    """Yield the figures that a cell can hold."""
    for name, value in figures.items():
        match value:
            case bool() as flag:
                yield name, FeelValue("boolean", "true" if flag else "false")
            case int() as whole:
                yield name, FeelValue("number", str(whole))
            case Decimal() as number:
                yield name, FeelValue("number", f"{number:f}")
            case str() as text:
                yield name, FeelValue("text", text)


def write_value(value: FeelValue) -> str:
    """Return a value in a cell as FEEL writes it."""
    if value.kind == "text":
        return quote_feel(value.text)
    return f'@"{value.text}"' if value.kind == "moment" else value.text
