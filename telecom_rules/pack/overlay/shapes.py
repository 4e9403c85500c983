"""What the value of each key is, for laying one document over another.

It is read off the models of the files, so that a new key needs no word here.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias, Union, get_args, get_origin

from telecom_rules.documents import Definition, Items, Node, Scalar
from telecom_rules.documents import Mapping as Tree
from telecom_rules.policies import PolicyDefinition
from telecom_rules.policies.definition import (
    OutputDefinition,
)
from telecom_rules.vocabulary import FactsDefinition, ParameterDefinition, SourceDefinition
from telecom_rules.vocabulary.facts import FactDefinition
from telecom_rules.wording import Wording
from telecom_rules.workflows import WorkflowDefinition
from telecom_rules.workflows.definition import (
    EmissionDefinition,
    EventDefinition,
    FieldDefinition,
    MigrationDefinition,
    PropertyDefinition,
    RaiseDefinition,
    TransitionDefinition,
)
from telecom_rules.workflows.properties.templates import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


Model: TypeAlias = type[Definition]


class Shape(NamedTuple):
    """What a value is.

    Attributes:
        model: the definition that it is read as, if it is one.
        entries: of a mapping by name: what each entry is.
        items: of a list: what each item is.
    """

    model: Model | None = None
    entries: Shape | None = None
    items: Shape | None = None


PLAIN = Shape()
"""A value without parts that have names."""

BY_ID = (("id",),)
IDENTITIES: Mapping[Model, tuple[tuple[str, ...], ...]] = {
    TransitionDefinition: (("id",), ("target", "guard"), ("target",)),
    EmissionDefinition: (("effect", "when"), ("effect",)),
    RaiseDefinition: (("event", "when"), ("event",)),
    MigrationDefinition: (("from", "digest"), ("from",)),
    PropertyDefinition: tuple((each.value,) for each in Template),
}
"""The keys that tell the items of a list apart, where that is not their `id` alone.

Of several ways, the first that names exactly one item counts: transitions on one event are known by
their targets, and where two have the same, by their guards as well.
"""

FIXED: Mapping[Model, frozenset[str]] = {
    ParameterDefinition: frozenset({"parameter", "unit", "type", "stricter"}),
    FactsDefinition: frozenset({"facts"}),
    FactDefinition: frozenset({"type"}),
    PolicyDefinition: frozenset({"policy", "facts", "hit_policy", "aggregation"}),
    OutputDefinition: frozenset({"type", "stricter"}),  # codes of its own may go among the others
    WorkflowDefinition: frozenset({"workflow", "facts", "roles"}),
    EventDefinition: frozenset({"right"}),
    FieldDefinition: frozenset({"type"}),
}
"""The keys of a base that no overlay changes: other rules of the base rest on them."""

OTHERS_REST_ON_IT = Wording("基础规则包的其他规则以它为准", "other rules of the base rest on it")
WHY_FIXED: Mapping[str, Wording] = {
    "right": Wording(
        "某事件是否为客户的权利，由基础规则包规定，本规则包既不能取消也不能另定",
        "whether an event is a right of the customer is for the base to say",
    ),
    "stricter": Wording(
        "何者更严由基础规则包规定，是否放宽以此判断；列出代码时，只可在其间加入本规则包自己的代码",
        "which is stricter is for the base to say: by that it is judged whether this is laxer; in a"
        " list of codes, codes of this pack may only be put among those of the base",
    ),
}
"""Why a key cannot be changed, where it is more than that other rules rest on it."""
LAW_IS_NOT_OURS = Wording("法律原文不由本规则包改写", "the text of the law is not this pack's")
FIXED_WHOLE: frozenset[Model] = frozenset({SourceDefinition})
"""What no overlay changes at all: the text of the law is not the house's."""


def keeps_order(model: Model | None, key: str, base: Node, over: Node) -> bool:
    """Return whether a value only places codes of an overlay in the order of codes of a base."""
    if model is not OutputDefinition or key != "stricter":
        return False
    one, other = ([write_node(each) for each in list_items(node)] for node in (base, over))
    common = [each for each in one if each in other]
    return common == [each for each in other if each in one] != []


@cache
def identities_of(model: Model | None) -> tuple[tuple[str, ...], ...]:
    """Return the keys that tell the items of a list apart; none where nothing does."""
    if model is None or model in IDENTITIES:
        return () if model is None else IDENTITIES[model]
    return BY_ID if "id" in model.model_fields else ()


@cache
def fields_of(model: Model) -> Mapping[str, Shape]:
    """Return what each key of a definition is."""
    return {
        field.alias or name: read_shape(field.annotation)
        for name, field in model.model_fields.items()
    }


def read_shape(annotation: Any) -> Shape:
    """Return what a type says of a value."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return read_shape(arguments[0])
    if origin in {Union, UnionType}:
        shapes = [read_shape(each) for each in arguments]
        return next((each for each in shapes if each != PLAIN), PLAIN)
    if origin is dict:
        return Shape(entries=read_shape(arguments[1]))
    if origin is tuple:
        return Shape(items=read_shape(arguments[0]))
    if isinstance(annotation, type) and issubclass(annotation, Definition):
        return Shape(model=annotation)
    return PLAIN


def expand(node: Node, model: Model | None) -> Node:
    """Return a value that is written short in its long form."""
    if model is None or model.shorthand is None or not isinstance(node, Scalar):
        return node
    long = Tree(node.span)
    long[type(node.word)(model.shorthand, node.span)] = node
    return long


def list_items(node: Node) -> list[Node]:
    """Return the items of a list, or the one item that is written alone."""
    return list(node) if isinstance(node, Items) else [node]


def write_node(node: Node) -> object:
    """Return what a node says, without its places: equal for two that say the same."""
    match node:
        case Scalar(text=text, quoted=quoted):
            return text if quoted else text.strip()
        case Tree():
            return {str(key): write_node(each) for key, each in node.items()}
        case Items():
            return [write_node(each) for each in node]
    return None
