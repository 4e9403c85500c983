"""Decision tables as DMN 1.5: a policy with those that it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.errors import NotInForce
from telecom_rules.findings.kinds import POLICY
from telecom_rules.interop.annotations import (
    OUR_NAMESPACE,
    OUR_PREFIX,
    add_prefix,
    write_cites,
    write_title,
)
from telecom_rules.interop.dmn.rendering import quote_feel
from telecom_rules.interop.dmn.rows import RowWriter
from telecom_rules.interop.dmn.words import AGGREGATIONS, DMN_1_5, FEEL_KEYWORDS, HIT_POLICIES
from telecom_rules.interop.expressible import Element, NotExpressible
from telecom_rules.interop.markup import Markup, write_markup
from telecom_rules.policies import Policy
from telecom_rules.policies.hit_policies import MULTIPLE_HIT
from telecom_rules.policies.rule_set import reach_policies
from telecom_rules.values.arguments import read_day, read_instance
from telecom_rules.vocabulary import CodeType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from telecom_rules.interop.dmn.rows import DmnRow, TableRows
    from telecom_rules.policies.rule_set import RuleSet
    from telecom_rules.vocabulary import Field


IS_A_CHECKLIST = Wording("它是检查清单，不是决策表", "it is a checklist, not a decision table")
IS_A_WORD = Wording("它是 FEEL 的关键字，不能作名称", "it is a word of FEEL and cannot be a name")
IS_A_FACT = Wording("一项数据也叫这个名称", "a fact has this name as well")
NOT_A_FEEL_TYPE = Wording("FEEL 中没有类型 {type}", "FEEL has no type {type}")
FEEL_TYPE_NAMES = {
    "text": "string",
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "boolean": "boolean",
    "date": "date",
    "instant": "dateTime",
    "span": "days and time duration",
}
ANNOTATIONS = ("cites", "note_zh", "note_en")


def to_dmn(policy: Policy, *, on: date) -> str:
    """Return the decision table of a policy on a day, as a DMN 1.5 document.

    The policies that it asks on that day are decisions of the document as well, each with its
    requirements. DMN has no periods in force, so the rules of one day are written. What can be said
    as cells of one fact each is; any other condition is a column of its own. Titles, clauses and
    our types are attributes of our namespace.

    Args:
        policy: a table.
        on: the day.

    Raises:
        ArgumentError: `policy` is not a `Policy`, or `on` not a day.
        NotExpressible: FEEL cannot express the table, or one that it asks; it lists the parts.
        NotInForce: no rule is in force that day.
    """
    policy = read_instance("policy", policy, Policy)
    on = read_day("on", on)
    if policy.checks:
        raise NotExpressible(POLICY, policy.name, "DMN", [Element(policy.name, IS_A_CHECKLIST)])
    if not any(on in row.in_force for row in policy.rows):
        raise NotInForce(policy.name, on)
    return DmnWriter(policy, on).write_document()


def gather_tables(policy: Policy, on: date) -> dict[str, RuleSet]:
    """Return a policy and those that it asks on a day, by name; whoever is asked comes first."""
    reached = reach_policies(policy)
    tables: dict[str, RuleSet] = {}

    def visit(name: str) -> None:
        each = reached[name]
        for asked in peers_on(each, on):
            if asked not in tables:
                visit(asked)
        tables[name] = each

    visit(policy.name)  # policies do not ask one another in a circle (TR119)
    return tables


def peers_on(policy: RuleSet, on: date) -> list[str]:
    """Return the policies that the rules of a day ask."""
    rows = [row for row in policy.rows if on in row.in_force]
    values = [each for row in rows for each in (*row.tests, *row.outputs.values())]
    values += (policy.default or {}).values()
    return sorted({name for each in values for name in each.policies})


class DmnWriter:
    """Writes a policy and those that it asks."""

    def __init__(self, policy: Policy, on: date) -> None:
        self._policy = policy
        self._on = on
        self._against: list[Element] = []
        self._tables = gather_tables(policy, on)
        self._results = dict(name_results(self._tables.values()))
        self._facts = policy.facts.fields
        self._rows = {
            name: RowWriter(each, on, self._results).write_rows(self._against)
            for name, each in self._tables.items()
            if not each.checks
        }
        read = {name for rows in self._rows.values() for name in rows.reads}
        self._read = [name for name in self._facts if name in read]

    def write_document(self) -> str:
        """Return the document."""
        self._refuse_names()
        root = Markup(
            "definitions",
            {
                "xmlns": DMN_1_5,
                f"xmlns:{OUR_PREFIX}": OUR_NAMESPACE,
                "namespace": OUR_NAMESPACE,
                "name": self._policy.facts.name,
                "id": "definitions",
            },
        )
        fields = [self._facts[name] for name in self._read]
        fields += [each for name in self._rows for each in self._tables[name].entry.fields.values()]
        for codes in catalogues_of(fields):
            item = root.add(
                "itemDefinition",
                {"name": codes.catalogue, **add_prefix({"catalogue": codes.catalogue})},
            )
            item.add("typeRef", text="string")
            allowed = item.add("allowedValues")
            allowed.add("text", text=", ".join(map(quote_feel, codes.codes)))
        for name in self._read:
            field = self._facts[name]
            data = root.add(
                "inputData",
                {"name": name, "id": f"input_{name}", **add_prefix(write_title(field.title))},
            )
            data.add("variable", {"name": name, "typeRef": self._type(field, name)})
        for name, rows in self._rows.items():
            self._decision(root, self._tables[name], rows)
        if self._against:
            raise NotExpressible(POLICY, self._policy.name, "DMN", self._against)
        return write_markup(root)

    def _refuse_names(self) -> None:
        """Refuse what has no decision in DMN, and names that mean something else there."""
        for name, each in self._tables.items():
            if each.checks:
                self._against.append(Element(name, IS_A_CHECKLIST))
            elif name in self._facts and name != self._policy.name:
                self._against.append(Element(name, IS_A_FACT))
        names = [*self._read, *self._rows]
        self._against += [Element(name, IS_A_WORD) for name in names if name in FEEL_KEYWORDS]

    def _type(self, field: Field, place: str) -> str:
        """Return the type of FEEL for a field, or an empty text after refusing it."""
        if isinstance(field.type, CodeType):
            return field.type.catalogue
        known = FEEL_TYPE_NAMES.get(str(field.type), "")
        if not known:
            self._against.append(Element(place, NOT_A_FEEL_TYPE.fill(type=field.type)))
        return known

    def _decision(self, root: Markup, policy: RuleSet, rows: TableRows) -> None:
        """Write one table as a decision."""
        ours = {
            **write_title(policy.title),
            "facts": policy.facts.name,
            **write_cites(policy.cites),
        }
        decision = root.add(
            "decision", {"name": policy.name, "id": policy.name, **add_prefix(ours)}
        )
        decision.add("variable", {"name": policy.name})
        for name in [each for each in self._read if each in rows.reads]:
            needed = decision.add("informationRequirement")
            needed.add("requiredInput", {"href": f"#input_{name}"})
        for name in peers_on(policy, self._on):
            needed = decision.add("informationRequirement")
            needed.add("requiredDecision", {"href": f"#{name}"})
        hit = next(theirs for theirs, our in HIT_POLICIES.items() if our == policy.hit_policy)
        table = decision.add("decisionTable", {"hitPolicy": hit})
        for theirs, our in AGGREGATIONS.items():
            if our == policy.aggregation:
                table.attributes["aggregation"] = theirs
        self._columns(table, policy, rows)
        for row in rows.rows:
            self._row(table, policy, rows, row)

    def _columns(self, table: Markup, policy: RuleSet, rows: TableRows) -> None:
        """Write the columns of a table."""
        for name in rows.tested:
            column = table.add("input")
            expression = column.add("inputExpression", {"typeRef": self._type_of(name)})
            expression.add("text", text=self._results.get(name, name))
        for condition in rows.conditions:
            column = table.add("input")
            column.add("inputExpression", {"typeRef": "boolean"}).add("text", text=condition)
        for name, field in policy.entry.fields.items():
            self._output(table, policy, rows, name, field)
        for name in ANNOTATIONS:
            table.add("annotation", {"name": name})

    def _row(self, table: Markup, policy: RuleSet, rows: TableRows, row: DmnRow) -> None:
        """Write one row."""
        node = table.add("rule", {"label": row.id, **add_prefix(write_title(row.rule.title))})
        for text in (*row.cells(rows.tested), *row.answers(rows.conditions)):
            node.add("inputEntry").add("text", text=text)
        for name in policy.entry.fields:
            node.add("outputEntry").add("text", text=row.outputs.get(name, "null"))
        note = row.rule.note or Wording("", "")
        for text in (" ".join(map(str, row.rule.cites)), note.zh, note.en):
            node.add("annotationEntry").add("text", text=text)

    def _type_of(self, name: str) -> str:
        """Return the type of a fact, or of the output of another policy."""
        if name in self._facts:
            return self._type(self._facts[name], name)
        _, policy, output = name.split(".")
        return self._type(self._tables[policy].entry.fields[output], name)

    def _output(
        self, table: Markup, policy: RuleSet, rows: TableRows, name: str, field: Field
    ) -> None:
        """Write one output of a table."""
        written = {"name": name, "typeRef": self._type(field, f"{policy.name}.{name}")}
        column = table.add(
            "output", {**written, **add_prefix({**write_title(field.title), "type": str(field)})}
        )
        values = policy.priorities.get(name)
        if values:
            text = ", ".join(map(write_literal, values))
            column.add("outputValues").add("text", text=text)
        if name in rows.default:
            column.add("defaultOutputEntry").add("text", text=rows.default[name])


def name_results(tables: Iterable[RuleSet]) -> Iterator[tuple[str, str]]:
    """Yield the name in DMN of each output of a table that another may name, as `policies.x.y`.

    A table of several outputs gives a context, of which each is a part. A list has no counterpart.
    """
    for policy in tables:
        if policy.hit_policy in MULTIPLE_HIT and policy.aggregation is None:
            continue
        for output in policy.entry.fields:
            alone = len(policy.entry.fields) == 1
            called = policy.name if alone else f"{policy.name}.{output}"
            yield f"policies.{policy.name}.{output}", called


def catalogues_of(fields: Sequence[Field]) -> list[CodeType]:
    """Return the catalogues that are types of fields, each once."""
    types = {str(each.type): each.type for each in fields}
    return [each for each in types.values() if isinstance(each, CodeType)]


def write_literal(value: object) -> str:
    """Return a value as FEEL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quote_feel(value) if isinstance(value, str) else str(value)
