"""A DMN document as the YAML of facts, catalogues and policies."""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from telecom_rules.findings import Finding, Findings
from telecom_rules.interop.dmn.boxes import (
    LOGIC,
    MADE_BY_A_PERSON,
    NAME_PATTERN,
    BoxReader,
    required_by,
)
from telecom_rules.interop.dmn.document import DmnDocument
from telecom_rules.interop.dmn.forms import FORMS
from telecom_rules.interop.dmn.kinds import UNKNOWN_KIND
from telecom_rules.interop.dmn.partial import leave_out
from telecom_rules.interop.dmn.scope import Input, Scope
from telecom_rules.interop.dmn.tables import SAME_NAME, DecisionTable, results_of
from telecom_rules.interop.dmn.words import DMN_NAMESPACES, FEEL_KEYWORDS, OF_ANOTHER_VERSION
from telecom_rules.interop.document import FACT_WORDS, NO_COUNTERPART, OTHER_DOCUMENT
from telecom_rules.interop.imported import Imported, NotImportable
from telecom_rules.interop.importing import import_text
from telecom_rules.interop.made import Made
from telecom_rules.interop.naming import Namer, identifier_of
from telecom_rules.values.arguments import read_text
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from telecom_rules.documents.formatting.layout import Data
    from telecom_rules.interop.dmn.boxes import Box
    from telecom_rules.interop.dmn.kinds import ValueKind
    from telecom_rules.interop.markup import Markup


NOT_DMN = Wording("这不是 DMN 文档", "this is not a DMN document")
NEWER_DMN = Wording(
    "它是 {date} 的 DMN；可读取的是 DMN 1.1 至 1.6",
    "it is DMN of {date}; what is read is DMN 1.1 to 1.6",
)
NO_DECISION_TABLE = Wording(
    "文档中没有可转换的决策", "the document has no decision with logic that is converted"
)
NO_INPUT = Wording(
    "文档没有输入，而决策须依据数据", "the document has no input, and a policy decides on facts"
)
NOT_NEEDED = Wording("它不影响决策的结果", "it does not affect any decision")
NO_SUCH_ELEMENT = Wording(
    "文档中没有 id 为 `{id}` 的此类元素", "the document has no such element with the id `{id}`"
)
SAME_ID = Wording("另一个决策也有此 id", "another decision has this id as well")
TAKEN_AS_FACT = Wording(
    "文档没有声明它，视为一项数据", "the document does not declare it, so it becomes a fact"
)
REFUSED_ELEMENTS = {"import": OTHER_DOCUMENT}
KNOWN_ELEMENTS = frozenset({
    "itemDefinition", "decision", "inputData", "description", "businessKnowledgeModel"
})  # fmt: skip
NEEDLESS_ELEMENTS = frozenset({
    "knowledgeSource", "decisionService", "textAnnotation", "association", "group",
    "elementCollection", "performanceIndicator", "organizationUnit",
})  # fmt: skip
"""The other elements of a document that DMN has. Source: the schema of DMN 1.5 (DMN15.xsd)."""
REQUIRED_ELEMENTS = {"requiredDecision": "decision", "requiredInput": "inputData"}
"""What each kind of reference leads to."""
REMARKS = frozenset({
    "description", "question", "allowedAnswers", "authorityRequirement", "supportedObjective",
    "usingProcess", "usingTask", "impactedPerformanceIndicator", "decisionMaker", "decisionOwner",
})  # fmt: skip
"""Elements about those around them; only the description of a rule is read, as its note."""
WORD_PATTERN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|(?<![\w.])([^\W\d][\w.]*)(?!\s*\()")
"""A text, which is passed over, or a word that no bracket follows."""
MOST_PASSES = 32
"""Times that the types of outputs are looked for, each time with those found before."""
STEPS_OF_PART = 20
"""Steps for a part of a structure, which becomes a fact."""
DECISION_ELEMENTS = REMARKS | LOGIC | {
    "variable", "informationRequirement", "knowledgeRequirement"
}  # fmt: skip


def from_dmn(
    text: str,
    file: str = "document.dmn",
    *,
    beside: Mapping[str, bytes] | None = None,
    partial: bool = False,
) -> Imported:
    """Return the YAML of the decisions in a DMN document.

    Each decision becomes a policy, its inputs become facts, and lists of allowed texts become
    catalogues, unless the document names facts and catalogues that a pack has already.

    Args:
        text: the document.
        file: its name, for the places of findings.
        beside: the bytes of each file of the pack that the files join, by name; without it they
            are linked by themselves, and names of a pack that the document belongs to are taken
            on trust.
        partial: whether what cannot be converted is left out, with a finding TR807, and the rest
            imported; what is left out becomes a fact where another decision requires it.

    Raises:
        ArgumentError: `text` or `file` is not a text, or `beside` not files.
        NotImportable: it is not XML, not DMN, contains elements that a policy cannot express, or
            becomes files that do not load; all of them are listed.
    """
    file = read_text("file", file)
    convert = functools.partial(convert_decisions, file=file)
    return import_text(text, file, convert, beside, leave_out if partial else None)


def convert_decisions(
    root: Markup, findings: Findings, file: str
) -> tuple[DmnDocument, Mapping[str, Made]]:
    """Return the document and the files that it becomes.

    Raises:
        NotImportable: it is not DMN, or not of a version that is read.
    """
    if root.name != "definitions" or root.namespace not in DMN_NAMESPACES:
        version = OF_ANOTHER_VERSION.fullmatch(root.namespace)
        why = NOT_DMN if version is None else NEWER_DMN.fill(date="-".join(version.groups()))
        part = shorten(root.name)
        raise NotImportable([Finding("TR804", root.span, {"part": part, "why": why})])
    document = DmnDocument(root, findings)
    document.require_feel(root)
    document.refuse_unread(root, FORMS)
    omit_the_rest(document)
    for each in document.children_of(root):
        if each.name in REFUSED_ELEMENTS:
            document.refuse(each, REFUSED_ELEMENTS[each.name])
        elif each.name in NEEDLESS_ELEMENTS:
            document.omit(each, NOT_NEEDED)
        elif each.name not in KNOWN_ELEMENTS:
            document.refuse(each, NO_COUNTERPART)
    refuse_repeated_types(document)
    return document, read_files(document, file)


def refuse_repeated_types(document: DmnDocument) -> None:
    """Refuse a type whose name another has as well: either might be meant."""
    seen: set[str] = set()
    for each in document.root.iter_named("itemDefinition"):
        name = each.attributes.get("name", "")
        if name in seen:
            document.refuse(each, SAME_NAME.fill(name=shorten(name)))
        seen.add(name)


def omit_the_rest(document: DmnDocument) -> None:
    """Report what is left out inside the elements that are read: it changes no decision."""
    for part in document.root.walk():
        if part.namespace == document.root.namespace and part.name in FORMS:
            for each in document.children_of(part):
                if each.name in REMARKS and part.name != "rule":
                    document.omit(each, NOT_NEEDED)


def read_files(document: DmnDocument, file: str) -> dict[str, Made]:
    """Return the files that a document becomes."""
    root = document.root
    called = root.attributes.get("name", "") or PurePosixPath(file).stem
    decisions = list(root.iter_named("decision"))
    reader = BoxReader(document)
    for each in decisions:
        refuse_unknown(document, each)
        reader.read_decision(each)
    if not reader.boxes:
        document.refuse(root, NO_DECISION_TABLE)
        return {}
    named = (document.our_attribute(each, "facts") for each in decisions)
    facts = next(filter(None, named), "")
    tables = read_tables(document, reader.boxes)
    by_id = index_by_id(document, decisions, tables)
    inputs = read_inputs(document, tables, reader.made_by_people, known=bool(facts))
    share_results(document, tables, inputs, by_id)
    record = facts or identifier_of(called) or "facts"
    policies = {f"policies/{each.name}.yaml": each.write_policy(record) for each in tables}
    if facts:
        return policies
    # The facts come last: a table tells the kind of an input of which nothing else is said.
    written = {f"facts/{record}.yaml": write_facts(document, record, called, inputs)}
    for name, (title, codes, span) in document.catalogues.items():
        catalogue: dict[str, Data] = {
            "catalogue": name,
            "title": document.read_title(None, title, span),
            "codes": {
                code: {"title": document.read_title(None, text, span)}
                for text, code in codes.items()
            },
        }
        written[f"catalogues/{name}.yaml"] = Made(title, span, catalogue)
    return {**written, **policies}


def refuse_unknown(document: DmnDocument, decision: Markup) -> None:
    """Refuse the elements of a decision that DMN does not have."""
    for each in document.children_of(decision):
        if each.name not in DECISION_ELEMENTS:
            document.refuse(each, NO_COUNTERPART)


def read_tables(document: DmnDocument, boxes: Sequence[Box]) -> list[DecisionTable]:
    """Return the tables of a document."""
    namer = document.add_namer("decision")
    tables: list[DecisionTable] = []
    seen: set[str] = set()
    for each in boxes:
        if each.name in seen:
            document.refuse(each.part, SAME_NAME.fill(name=shorten(each.name)))
        seen.add(each.name)
        tables.append(DecisionTable(document, each, namer.name_of(each.name, each.part.span)))
    return tables


def share_results(
    document: DmnDocument,
    tables: Sequence[DecisionTable],
    inputs: dict[str, Input],
    by_id: Mapping[str, DecisionTable],
) -> None:
    """Let each table name the inputs, the results of all, and the outputs of what it requires."""
    for table in tables:
        for name, each in name_results(table):
            inputs.setdefault(name, each)
    scope = Scope(inputs, document.spend)
    scopes = []
    for table in tables:
        needed = [by_id[id] for id in required_by([table.box.decision]) if id in by_id]
        results: dict[str, Input] = {}
        for other in needed:
            results |= results_of(other)
        scopes.append(scope.narrow(results, table.box.local))
    for table, own in zip(tables, scopes, strict=True):
        table.know(own)
    # A type may follow from that of another output, which may follow from a third.
    for _ in range(MOST_PASSES):
        pairs = zip(tables, scopes, strict=True)
        found = [table for table, own in pairs if table.infer_outputs(own)]
        for table in found:
            scope.learn_results(name_results(table))
        if not found:
            return


def name_results(table: DecisionTable) -> Iterator[tuple[str, Input]]:
    """Yield the outputs of a table by the names that every other may use."""
    results = results_of(table)
    for name, each in results.items():
        yield (table.box.name if len(results) == 1 else f"{table.box.name}.{name}"), each


def index_by_id(
    document: DmnDocument, decisions: Sequence[Markup], tables: Sequence[DecisionTable]
) -> dict[str, DecisionTable]:
    """Return the tables by the id of their decision, after looking at what refers to an id."""
    seen: set[str] = set()
    for each in decisions:
        id = each.attributes.get("id", "")
        if id and id in seen:
            document.refuse(each, SAME_ID)
        seen.add(id)
    refuse_lost_references(document, decisions)
    return {each.box.decision.attributes.get("id", ""): each for each in tables if each.box.whole}


def refuse_lost_references(document: DmnDocument, decisions: Iterable[Markup]) -> None:
    """Refuse each reference of a decision that leads to no element of the document."""
    ids = {
        reference: {each.attributes.get("id") for each in document.root.iter_named(kind)}
        for reference, kind in REQUIRED_ELEMENTS.items()
    }
    for decision in decisions:
        for needed in decision.iter_named("informationRequirement"):
            for each in needed.iter_named(*ids):
                id = each.attributes.get("href", "").removeprefix("#")
                if id not in ids[each.name]:
                    document.refuse(each, NO_SUCH_ELEMENT.fill(id=shorten(id)))


def read_inputs(
    document: DmnDocument,
    tables: Sequence[DecisionTable],
    made_by_people: Sequence[Markup],
    *,
    known: bool,
) -> dict[str, Input]:
    """Return the inputs of a document by name; if the facts are `known`, they keep their names."""
    namer = document.add_namer("fact", frozenset() if known else FACT_WORDS)
    inputs: dict[str, Input] = {}
    for part in document.root.iter_named("inputData"):
        name = part.attributes.get("name", "")
        if name in inputs:
            document.refuse(part, SAME_NAME.fill(name=shorten(name)))
        inputs |= read_input(document, part, name, namer)
    required = set(required_by([each.box.decision for each in tables]))
    for part in made_by_people:
        name = part.attributes.get("name", "")
        if part.attributes.get("id") in required and name not in inputs:
            document.tell("TR808", part.span, name, MADE_BY_A_PERSON)
            inputs |= read_input(document, part, name, namer)
    if document.declares_inputs:
        return inputs
    return {**inputs, **find_undeclared(document, tables, namer, inputs)}


def read_input(document: DmnDocument, part: Markup, name: str, namer: Namer) -> dict[str, Input]:
    """Return an input, or one for each part of it."""
    variable = next(part.iter_named("variable"), part)
    type_ref = variable.attributes.get("typeRef", "")
    parts = document.find_parts(type_ref)
    if parts:
        return dict(read_parts(document, parts, name, namer, (type_ref,)))
    kind = document.read_kind(type_ref, variable, listed=True) if type_ref else UNKNOWN_KIND
    return {name: Input(namer.name_of(name, part.span), kind or UNKNOWN_KIND, part)}


def read_parts(
    document: DmnDocument, parts: Sequence[Markup], name: str, namer: Namer, around: tuple[str, ...]
) -> Iterator[tuple[str, Input]]:
    """Yield an input for each part of a structure, by its name behind that of the whole.

    Args:
        document: the document.
        parts: the parts.
        name: the name of the whole.
        namer: gives each its name here.
        around: the types around, to which no part may lead back.
    """
    for part in parts:
        document.spend(STEPS_OF_PART)
        called = f"{name}.{part.attributes.get('name', '')}"
        type_ref = next((each.text.strip() for each in part.iter_named("typeRef")), "")
        inside = list(part.iter_named("itemComponent")) or document.find_parts(type_ref)
        if inside and part.attributes.get("isCollection") != "true" and type_ref not in around:
            yield from read_parts(document, inside, called, namer, (*around, type_ref))
            continue
        kind = document.read_component(part, called)
        if kind is not None:
            yield called, Input(namer.name_of(called, part.span), kind, part)


def find_undeclared(
    document: DmnDocument,
    tables: Sequence[DecisionTable],
    namer: Namer,
    known: Mapping[str, Input],
) -> dict[str, Input]:
    """Return the names that tables refer to, in a document that declares no input."""
    taken = {name for table in tables for name in (*table.results, table.box.name)}
    taken |= known.keys() | {name for table in tables for name, _ in name_results(table)}
    inputs: dict[str, Input] = {}
    for table in tables:
        local = table.box.local
        for part, found in iter_references(table):
            name = local.get(found, found)
            if name not in inputs and name not in taken and NAME_PATTERN.fullmatch(name):
                document.tell("TR808", part.span, name, TAKEN_AS_FACT)
                inputs[name] = Input(namer.name_of(name, part.span), UNKNOWN_KIND, part)
    return inputs


def iter_references(table: DecisionTable) -> Iterator[tuple[Markup, str]]:
    """Yield what a table may refer to: the texts of its inputs; without inputs, its words."""
    columns = list(table.columns)
    for each in columns:
        yield each.expression, each.source
    if not columns:
        for part in table.box.table.walk():
            for found in WORD_PATTERN.finditer(part.text):
                if found[1] is not None and found[1] not in FEEL_KEYWORDS:
                    yield part, found[1]


def write_facts(document: DmnDocument, record: str, called: str, inputs: dict[str, Input]) -> Made:
    """Return the file of the facts that a document reads."""
    root = document.root
    fields: dict[str, Data] = {}
    for name, each in inputs.items():
        if each.part is None:
            continue
        one: dict[str, Data] = {
            "type": write_type(each.kind),
            "title": document.read_title(each.part, name),
        }
        bounds = (("min", each.kind.least), ("max", each.kind.most))
        one |= {key: Decimal(bound) for key, bound in bounds if bound}
        fields[each.name] = Made(name, each.part.span, one)
    if not fields:
        document.refuse(root, NO_INPUT)
    data: dict[str, Data] = {
        "facts": record,
        "title": document.read_title(root, called),
        "fields": fields,
    }
    return Made(root.name, root.span, data)


def write_type(kind: ValueKind) -> str:
    """Return the type of a fact as a pack writes it."""
    type_ = kind.type or "text"
    return (f"list[{type_}]" if kind.many else type_) + "?" * kind.optional
