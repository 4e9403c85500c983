"""The checker: syntax tree to typed tree, with every mistake of an expression in one pass.

A part that cannot be typed is `None` and its mistake reported; parts that depend on it report
nothing.

Types flow upwards. Only the type that a literal should take flows downwards: a numeric literal
takes the type of its other operand (`illegal_gain * 0.5` is exact), a text beside a code is a code.
Whole numbers among themselves stay whole numbers (`1 / 2` is 0, as in CEL), whatever type is wanted
of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.expressions import typed
from telecom_rules.expressions.checking.advice import describe_expected
from telecom_rules.expressions.checking.calls import check_call
from telecom_rules.expressions.checking.coercion import (
    coerce,
    convert_literal,
    find_common_type,
    promote,
)
from telecom_rules.expressions.checking.comprehensions import check_bind, check_comprehension
from telecom_rules.expressions.checking.narrowing import Environment, path_of
from telecom_rules.expressions.checking.node_checker import NodeChecker
from telecom_rules.expressions.functions.overloads import resolve
from telecom_rules.expressions.operations.kinds import TypeValue, type_name_of
from telecom_rules.expressions.syntax.mistakes import Mistake
from telecom_rules.expressions.syntax.tree import (
    Bind,
    Call,
    Conditional,
    ListOf,
    Literal,
    Logic,
    MacroCall,
    MapOf,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DYNAMIC,
    INTEGER,
    NOTHING,
    TEXT,
    UNSIGNED,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    TypeOf,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telecom_rules.expressions.typed import Typed


KEY_TYPES = frozenset({BOOLEAN, INTEGER, UNSIGNED, TEXT, DYNAMIC, NOTHING})
"""The types that the keys of a map may have; `NOTHING` is that of the keys of an empty one."""


class Checker(NodeChecker):
    """Types the nodes of one expression, each by its kind."""

    def check_root(self, node: SyntaxNode, expected: Type | None) -> Typed | None:
        """Return `node` typed and coerced to `expected` (`None`: of any type)."""
        value = self.check(node, Environment(), expected)
        if value is None or (expected is None and self.profile.dynamic):
            return value
        fit = coerce(value, expected)
        if fit is None:
            found = Wording.same(f"`{value.type}`")
            self.report("TR207", node, wanted=describe_expected(expected, value.type), found=found)
        return fit

    def check(
        self, node: SyntaxNode, around: Environment, wanted: Type | None = None
    ) -> Typed | None:
        """Return `node` typed; a literal in it becomes a `wanted` if it can."""
        value = self.check_by_kind(node, around, wanted)
        return value if self.profile.checked else self.erase_type(node, value)

    def erase_type(self, node: SyntaxNode, value: Typed | None) -> Typed:
        """Return a node typed as dynamic; one that has no meaning fails when it is evaluated."""
        if value is not None:
            return replace(value, type=DYNAMIC)
        self.mistakes.clear()
        what = typed.Constant(node.start, node.end, TEXT, path_of(node) or type(node).__name__)
        return typed.Apply(node.start, node.end, DYNAMIC, "refuse_undefined", (what,))

    def check_by_kind(  # noqa: C901 - one case for each kind of node
        self, node: SyntaxNode, around: Environment, wanted: Type | None
    ) -> Typed | None:
        """Return `node` typed, by its kind."""
        match node:
            case Literal():
                return self.check_literal(node, wanted)
            case Name():
                return self.check_name(node, around)
            case Select():
                return self.check_select(node, around)
            case PresenceTest():
                return self.check_presence(node, around)
            case Logic():
                return self.check_logic(node, around)
            case Conditional():
                return self.check_conditional(node, around, wanted)
            case ListOf():
                return self.check_list(node, around, wanted)
            case MapOf():
                return self.check_map(node, around, wanted)
            case MacroCall():
                return check_comprehension(self, node, around)
            case Bind():
                return check_bind(self, node, around, wanted)
            case Call():
                return check_call(self, node, around, wanted)

    def check_literal(self, node: Literal, wanted: Type | None) -> Typed | None:
        """Return a literal as a constant."""
        value = convert_literal(node, wanted if self.profile.literals_yield else None)
        if isinstance(value, Mistake):
            self.mistakes.append(value)
            return None
        return value

    def check_name(self, node: Name, around: Environment) -> Typed | None:
        """Return the variable, fact or part of the context that a name refers to."""
        name = node.name
        if name in around.variables and not node.absolute:
            return typed.Local(node.start, node.end, around.variables[name], name)
        if self.profile.dynamic and (declared := self.resolve_qualified(node, around)) is not None:
            return declared
        fact = self.scope.facts.get(name)
        if fact is not None:
            value = typed.Fact(node.start, node.end, fact.type, name, fact)
            return self.require_present(node, value, around)
        given = self.scope.context.get(name)
        if given is not None:
            if not isinstance(given, RecordType):
                self.reads.add(name)
            return typed.ContextValue(node.start, node.end, given, name)
        if name not in self.scope.lost:
            known = (*around.variables, *self.scope.facts, *self.scope.context)
            self.report_unknown("TR203", node.end - len(name), name, known)
        return None

    def resolve_qualified(self, node: Name | Select, around: Environment) -> Typed | None:
        """Return the variable or type of standard CEL that a name with dots refers to.

        It is resolved in the container first, then in the enclosing ones.
        """
        path = path_of(node)
        if path is None:
            return None
        name = path.removeprefix(".")
        if path == name and name.partition(".")[0] in around.variables:
            return None
        inside = self.scope.container if path == name else ""
        while True:
            full = f"{inside}.{name}" if inside else name
            if (fact := self.scope.facts.get(full)) is not None:
                self.reads.add(full)
                return typed.Fact(node.start, node.end, fact.type, full, fact)
            if (kind := self.profile.types.get(full)) is not None:
                value = TypeValue(
                    type_name_of(kind)
                )  # no value of a pack, whose profile has no types
                return typed.Constant(node.start, node.end, TypeOf(kind), value)  # type: ignore[arg-type]
            if not inside:
                return None
            inside = inside.rpartition(".")[0]

    def require_present(
        self, node: Name | Select, value: typed.Fact | typed.FieldAccess, around: Environment
    ) -> Typed | None:
        """Return the value of a fact or field, unless it may be absent here."""
        self.record_read(value)
        path = path_of(node)
        if not value.field.optional or path in around.known:
            return value
        if not self.has_reported("TR205", path or value.name):
            self.report("TR205", node, name=path or value.name)
        return None

    def record_read(self, value: typed.Fact | typed.FieldAccess) -> None:
        """Record that a fact or field is read; of a record only its fields count."""
        path = value.name if isinstance(value, typed.Fact) else value.path
        if path and not isinstance(value.type, RecordType):
            self.reads.add(path)

    def check_select(self, node: Select, around: Environment) -> Typed | None:
        """Return a field of a record, or the entry of a map under a text."""
        if self.profile.dynamic and (declared := self.resolve_qualified(node, around)) is not None:
            return declared
        part = self.resolve_field(node, around)
        return (
            self.require_present(node, part, around)
            if isinstance(part, typed.FieldAccess)
            else part
        )

    def resolve_field(
        self, node: Select, around: Environment
    ) -> typed.FieldAccess | typed.Apply | None:
        """Return the field or entry that `node` selects, whether or not it is present."""
        record = self.check(node.operand, around)
        if record is None:
            return None
        match record.type:
            case RecordType(fields=fields) as kind:
                path = path_of(node) or f"{kind}.{node.field}"
                if node.field in kind.lost:
                    return None  # its definition is reported
                if node.field in kind.partial:
                    self.report("TR210", node, name=path, why=kind.partial[node.field])
                    return None
                if node.field not in fields:
                    self.report_unknown("TR203", node.field_start, path, fields, node.end)
                    return None
                what = fields[node.field]
                return typed.FieldAccess(
                    node.start,
                    node.end,
                    what.type,
                    record=record,
                    name=node.field,
                    path=path,
                    field=what,
                )
            case kind:
                select = self.profile.functions["_._"]
                resolved = resolve(select, (kind, TEXT))
                if resolved is not None:
                    name = typed.Constant(node.field_start, node.end, TEXT, node.field)
                    return typed.Apply(
                        node.start, node.end, resolved.type, resolved.overload, (record, name)
                    )
        self.report_mismatch(
            node, "`{type}` 没有字段 `{name}`", "`{type}` has no field `{name}`",
            type=record.type, name=node.field,
        )  # fmt: skip
        return None

    def check_presence(self, node: PresenceTest, around: Environment) -> Typed | None:
        """Return `has(...)` of a fact, of a field or of a key."""
        subject = self.resolve_subject(node.operand, around)
        if subject is None:
            return None
        if not isinstance(subject, typed.Apply):
            self.record_read(subject)
        return typed.IsPresent(node.start, node.end, BOOLEAN, subject)

    def resolve_subject(
        self, node: Select | Name, around: Environment
    ) -> typed.Fact | typed.FieldAccess | typed.Apply | None:
        """Return the fact, field or entry that `has()` asks about."""
        if isinstance(node, Select):
            return self.resolve_field(node, around)
        if self.profile.dynamic:
            self.report_mismatch(node, "`has` 的参数应为字段", "`has` takes a field")
            return None
        fact = self.scope.facts.get(node.name)
        if fact is not None and (node.absolute or node.name not in around.variables):
            return typed.Fact(node.start, node.end, fact.type, node.name, fact)
        if self.check_name(node, around) is not None:
            self.report_mismatch(
                node,
                "`{name}` 总是有值，不必用 `has`",
                "`{name}` is always present: omit `has`",
                name=node.name,
            )  # fmt: skip
        return None

    def check_logic(self, node: Logic, around: Environment) -> Typed | None:
        """Return `&&` or `||`; each operand is narrowed by the ones before it."""
        operands = []
        for operand in node.operands:
            operands.append(self.check_boolean(operand, around))
            around = around.after(operand, holds=node.every)
        complete = tuple(operand for operand in operands if operand is not None)
        if len(complete) < len(operands):
            return None
        return typed.Logic(node.start, node.end, BOOLEAN, node.every, complete)

    def check_conditional(
        self, node: Conditional, around: Environment, wanted: Type | None
    ) -> Typed | None:
        """Return `test ? yes : no`, whose branches have one type."""
        test = self.check_boolean(node.test, around)
        # `has(fine) ? fine : 0` may read `fine` in the branch where it is known to be present.
        ways = [around.after(node.test, holds=holds) for holds in (True, False)]
        branches = self.check_alike((node.yes, node.no), ways, wanted)
        if branches is None:
            return None
        common = find_common_type(branches)
        if common is None:
            self.report_mismatch(
                node, "两个分支的类型不同：`{yes}` 和 `{no}`",
                "the branches differ in type: `{yes}` and `{no}`",
                yes=branches[0].type, no=branches[1].type,
            )  # fmt: skip
        if test is None or common is None:
            return None
        yes, no = (promote(branch, common) for branch in branches)
        return typed.Choose(node.start, node.end, common, test, yes, no)

    def check_list(self, node: ListOf, around: Environment, wanted: Type | None) -> Typed | None:
        """Return a list, whose items have one type."""
        hint = wanted.item if isinstance(wanted, ListType) and wanted.item is not DYNAMIC else None
        items = self.check_alike(node.items, [around] * len(node.items), hint)
        if items is None:
            return None
        common = self.find_element_type(items, node.optional, hint)
        if common is None:
            self.report_mismatch(node, "列表各项的类型不同", "the items of the list differ in type")
            return None
        if self.refuse_depth(node, common):
            return None
        values = tuple(promote(item, common) for item in items)
        return typed.CreateList(node.start, node.end, ListType(common), values, node.optional)

    def find_element_type(
        self, values: Sequence[Typed], optional: frozenset[int], wanted: Type | None
    ) -> Type | None:
        """Return the type of the elements of a list or map; optional ones count by their values."""
        if not values:
            return NOTHING
        opened = list(values)
        for at in optional:
            match values[at].type:
                case OptionalType(value=type):
                    opened[at] = replace(values[at], type=type)
                case kind if kind is not DYNAMIC:
                    return None
        common = find_common_type(opened, wanted)
        return DYNAMIC if common is None and self.profile.dynamic else common

    def check_map(self, node: MapOf, around: Environment, wanted: Type | None) -> Typed | None:
        """Return a map, whose keys have one type and whose values have one type."""
        hints = (wanted.key, wanted.value) if isinstance(wanted, MapType) else (None, None)
        arounds = [around] * len(node.entries)
        keys = self.check_alike([key for key, _ in node.entries], arounds, hints[0])
        values = self.check_alike([value for _, value in node.entries], arounds, hints[1])
        if keys is None or values is None:
            return None
        key = self.find_element_type(keys, frozenset(), None)
        value = self.find_element_type(values, node.optional, hints[1])
        if key is None or value is None or (key not in KEY_TYPES and not self.profile.dynamic):
            self.report_mismatch(
                node, "映射的键应同为文本、整数或布尔值，值应同类型",
                "the keys of a map are all texts, integers or booleans, its values of one type",
            )  # fmt: skip
            return None
        if self.refuse_depth(node, value):
            return None
        entries = zip(keys, (promote(each, value) for each in values), strict=True)
        kind = MapType(key, value)
        return typed.CreateMap(node.start, node.end, kind, tuple(entries), node.optional)
