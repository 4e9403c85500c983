"""The boxed expressions of a DMN document, each as a decision table.

Source: OMG, Decision Model and Notation 1.5, sections 7.3.1 and 10.2.1. A literal expression is a
table of one rule. A context is a table for each of its entries. An invocation is the table of the
function that it calls, in which the parameters stand for what they are bound to. A decision without
logic is made by a person, so that its result is a fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telecom_rules.findings import Severity
from telecom_rules.interop.dmn.feel import NO_NAMES, tokens_of
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.interop.markup import Markup
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from telecom_rules.interop.dmn.document import DmnDocument


NO_COUNTERPART_OF_BOX = Wording(
    "此类表达式没有对应；可转换决策表、文字表达式、上下文和函数调用",
    "no counterpart for this kind of expression; what is converted are decision tables, literal"
    " expressions, contexts and invocations",
)
ONE_LOGIC = Wording("决策只有一种逻辑", "a decision has one kind of logic")
NO_LOGIC = Wording("它没有内容", "it is empty")
MADE_BY_A_PERSON = Wording(
    "该决策没有逻辑，其结果视为一项数据", "the decision has no logic, so its result becomes a fact"
)
NO_SUCH_FUNCTION = Wording("文档中没有函数 `{name}`", "the document has no function `{name}`")
CALLS_ITSELF = Wording("函数 `{name}` 调用自身", "the function `{name}` calls itself")
UNBOUND = Wording(
    "函数 `{name}` 的参数 `{parameter}` 没有值",
    "`{parameter}` of the function `{name}` gets no value",
)
TOO_MANY = Wording("函数 `{name}` 没有这个参数", "the function `{name}` has no such parameter")
OF_JAVA = Wording("只转换 FEEL 函数", "only functions in FEEL are converted")
ENTRY_LAST = Wording(
    "没有名称的条目是上下文的结果，须在最后", "an entry without a name is the result and comes last"
)
LOGIC = frozenset({
    "decisionTable", "literalExpression", "context", "invocation", "relation", "list",
    "functionDefinition", "conditional", "for", "every", "some", "filter",
})  # fmt: skip
"""The boxed expressions of DMN. Source: the schema of DMN 1.5 (DMN15.xsd)."""
CALL_PATTERN = re.compile(r"\s*(?P<name>[^()\"]*?)\s*\((?P<given>.*)\)\s*", re.DOTALL)
NAME_PATTERN = re.compile(r"[^\W\d]\w*(?:[ .]\w+)*")
"""What can be the name of an input that is not declared."""
STEPS_OF_BOX = 20
"""Steps for one boxed expression, which becomes a policy."""


@dataclass(frozen=True, slots=True)
class Box:
    """A boxed expression as a decision table.

    Attributes:
        name: the name that others use: that of the decision, of an entry with those around it.
        decision: the decision that it belongs to.
        part: the decision, or the entry of a context.
        table: the table.
        local: the name in the document of what each name stands for in the table alone.
        whole: whether it gives the result of the decision.
    """

    name: str
    decision: Markup
    part: Markup
    table: Markup
    local: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True

    @property
    def title(self) -> str:
        """The last part of its name."""
        variable = next(self.part.iter_named("variable"), None) if not self.whole else None
        return self.name if variable is None else variable.attributes.get("name", self.name)

    @property
    def type_ref(self) -> str:
        """The type of its result, if it is declared."""
        of_table = self.table.attributes.get("typeRef", "")
        declared = next(self.part.iter_named("variable"), None)
        return of_table or ("" if declared is None else declared.attributes.get("typeRef", ""))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a boxed expression stands, as a box has it, and the functions that are open there."""

    name: str
    decision: Markup
    part: Markup
    local: Mapping[str, str]
    whole: bool = True
    open: tuple[str, ...] = ()


class BoxReader:
    """Reads the decisions of a document into boxes.

    Attributes:
        boxes: what was read so far.
        made_by_people: the decisions without logic.
        functions: the functions of the document by name.
    """

    def __init__(self, document: DmnDocument) -> None:
        self._document = document
        self.boxes: list[Box] = []
        self.made_by_people: list[Markup] = []
        self.functions: dict[str, Markup] = {}
        for each in document.root.iter_named("businessKnowledgeModel"):
            self.functions.setdefault(each.attributes.get("name", ""), each)

    def read_decision(self, decision: Markup) -> None:
        """Read one decision."""
        logic = [each for each in self._document.children_of(decision) if each.name in LOGIC]
        if not logic:
            self.made_by_people.append(decision)
            return
        for each in logic[1:]:
            self._document.refuse(each, ONE_LOGIC)
        name = decision.attributes.get("name", "")
        before, refused = len(self.boxes), len(self._document.findings)
        self._read(logic[0], Place(name, decision, decision, {}))
        more = self._document.findings[refused:]
        if any(each.severity is Severity.ERROR for each in more) and not any(
            each.whole for each in self.boxes[before:]
        ):
            # It is refused already; whoever names its result is not to be refused for that.
            self.made_by_people.append(decision)

    def _read(self, part: Markup, place: Place) -> None:
        """Read one boxed expression."""
        self._document.spend(STEPS_OF_BOX + sum(1 for _ in part.walk()))
        match part.name:
            case "decisionTable":
                self._add(place, part)
            case "literalExpression":
                self._read_literal(part, place)
            case "context":
                self._read_context(part, place)
            case "invocation":
                self._read_invocation(part, place)
            case _:
                self._document.refuse(part, NO_COUNTERPART_OF_BOX)

    def _add(self, place: Place, table: Markup) -> None:
        box = Box(place.name, place.decision, place.part, table, place.local, place.whole)
        self.boxes.append(box)

    def _read_literal(self, part: Markup, place: Place) -> None:
        """Read a literal expression: the call of a function, or a table of one rule."""
        self._document.require_feel(part)
        source = text_of(part)
        call = CALL_PATTERN.fullmatch(source)
        if call is not None and call["name"] in self.functions:
            given = split_arguments(call["given"])
            names = [each.attributes.get("name", "") for each in self._parameters(call["name"])]
            if len(given) > len(names):
                self._document.refuse(part, TOO_MANY.fill(name=shorten(call["name"])))
            bound = dict(zip(names, given, strict=False))
            self._call(call["name"], {each: (bound[each], part) for each in bound}, part, place)
            return
        self._add(place, table_of(part, source))

    def _read_invocation(self, part: Markup, place: Place) -> None:
        """Read the call of a function whose parameters are bound by name."""
        called = next(part.iter_named("literalExpression"), None)
        name = "" if called is None else text_of(called).strip()
        if name not in self.functions:
            self._document.refuse(part, NO_SUCH_FUNCTION.fill(name=shorten(name)))
            return
        names = {each.attributes.get("name", "") for each in self._parameters(name)}
        bound: dict[str, tuple[str, Markup]] = {}
        for binding in part.iter_named("binding"):
            parameter = next(binding.iter_named("parameter"), binding).attributes.get("name", "")
            value = next(binding.iter_named("literalExpression"), None)
            if parameter not in names:
                self._document.refuse(binding, TOO_MANY.fill(name=shorten(name)))
            elif value is None:
                self._document.refuse(binding, NO_COUNTERPART_OF_BOX)
            else:
                self._document.require_feel(value)
                bound[parameter] = (text_of(value), value)
        self._call(name, bound, part, place)

    def _parameters(self, name: str) -> list[Markup]:
        logic = next(self.functions[name].iter_named("encapsulatedLogic"), None)
        return [] if logic is None else list(logic.iter_named("formalParameter"))

    def _call(
        self, name: str, bound: Mapping[str, tuple[str, Markup]], part: Markup, place: Place
    ) -> None:
        """Read the logic of a function with its parameters bound to expressions.

        Args:
            name: the function.
            bound: the expression of each parameter, and its element.
            part: the element that calls.
            place: where that stands.
        """
        if name in place.open:
            self._document.refuse(part, CALLS_ITSELF.fill(name=shorten(name)))
            return
        logic = next(self.functions[name].iter_named("encapsulatedLogic"), None)
        if logic is None or logic.attributes.get("kind", "FEEL") != "FEEL":
            self._document.refuse(self.functions[name], OF_JAVA if logic is not None else NO_LOGIC)
            return
        local: dict[str, str] = {}
        for each in self._parameters(name):
            parameter = each.attributes.get("name", "")
            if parameter not in bound:
                why = UNBOUND.fill(name=shorten(name), parameter=shorten(parameter))
                self._document.refuse(part, why)
                continue
            source, value = bound[parameter]
            local[parameter] = self._bind(parameter, source.strip(), value, place)
        inside = [each for each in logic.children if each.name in LOGIC]
        if not inside:
            self._document.refuse(logic, NO_LOGIC)
        for each in inside:
            at = Place(
                place.name, place.decision, place.part, local, place.whole, (*place.open, name)
            )
            self._read(each, at)

    def _bind(self, parameter: str, source: str, value: Markup, place: Place) -> str:
        """Return the name that a parameter stands for; an expression becomes a table first."""
        if source in place.local:
            return place.local[source]
        for name, meant in place.local.items():
            if source.startswith(f"{name}."):
                return meant + source.removeprefix(name)
        if NAME_PATTERN.fullmatch(source) and source not in {"true", "false", "null"}:
            return source
        name = f"{place.name}.{parameter}"
        self._add(
            Place(name, place.decision, value, place.local, whole=False), table_of(value, source)
        )
        return name

    def _read_context(self, part: Markup, place: Place) -> None:
        """Read the entries of a context; later ones know the names of earlier ones."""
        local = dict(place.local)
        entries = list(part.iter_named("contextEntry"))
        if not entries:
            self._document.refuse(part, NO_LOGIC)
        for each in entries:
            variable = next(each.iter_named("variable"), None)
            logic = [child for child in each.children if child.name in LOGIC]
            if not logic:
                self._document.refuse(each, NO_LOGIC)
                continue
            if variable is None:
                if each is not entries[-1]:
                    self._document.refuse(each, ENTRY_LAST)
                at = Place(place.name, place.decision, place.part, local, place.whole, place.open)
                self._read(logic[0], at)
                continue
            called = variable.attributes.get("name", "")
            name = f"{place.name}.{called}"
            self._read(
                logic[0], Place(name, place.decision, each, {**local}, whole=False, open=place.open)
            )
            local[called] = name


def table_of(part: Markup, source: str) -> Markup:
    """Return the decision table of one rule that gives the value of an expression."""
    table = Markup(
        "decisionTable", {"hitPolicy": "FIRST"}, namespace=part.namespace, span=part.span
    )
    type_ref = part.attributes.get("typeRef")
    if type_ref:
        table.attributes["typeRef"] = type_ref
    add(table, "output")
    add(add(add(table, "rule"), "outputEntry"), "text").text = source.strip()
    return table


def add(part: Markup, name: str) -> Markup:
    """Return a new element of DMN at the end of another."""
    made = part.add(name)
    made.namespace = part.namespace
    return made


def split_arguments(text: str) -> list[str]:
    """Return the arguments of a call: what commas part that are in no brackets and no text."""
    given, depth, start = [], 0, 0
    try:
        tokens = tokens_of(text, NO_NAMES)
    except NoCounterpart:  # whoever reads the arguments says why
        return [text]
    for token in tokens:
        depth += (token.kind == "sign") * (
            (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
        )
        if token.kind == "sign" and token.text == "," and not depth:
            given.append(text[start : token.start])
            start = token.start + 1
    return [*given, text[start:]] if text.strip() else []


def required_by(decisions: Sequence[Markup]) -> Iterator[str]:
    """Yield the ids of the decisions that decisions require."""
    for decision in decisions:
        for needed in decision.iter_named("informationRequirement"):
            for each in needed.iter_named("requiredDecision"):
                yield each.attributes.get("href", "").removeprefix("#")


def text_of(part: Markup) -> str:
    """Return the text inside an element."""
    return "".join(each.text for each in part.iter_named("text"))
