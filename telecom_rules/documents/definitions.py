"""Definitions: the nodes of a file, read as models and checked against them.

A definition is a frozen pydantic model whose leaves are the types of `scalars`. pydantic finds
every mistake of a tree in one pass; `read_as` makes each a finding at the place it was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import core_schema

from telecom_rules.documents.mistakes import MistakeReport
from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar, Word
from telecom_rules.documents.scalars import (
    A_MAPPING,
    Text,
    describe_kind,
    mistake,
    read_raw,
    validate_event,
    validate_name,
    validate_trigger,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import GetCoreSchemaHandler
    from pydantic.functional_validators import ModelWrapValidatorHandler

    from telecom_rules.findings import Findings, Span


def iter_scalar_spans(node: Node) -> Iterator[Span]:
    """Yield the place of each value in a node."""
    if isinstance(node, Mapping):
        for each in node.values():
            yield from iter_scalar_spans(each)
    elif isinstance(node, Items):
        for each in node:
            yield from iter_scalar_spans(each)
    else:
        yield node.span


class Definition(BaseModel):
    """The base class of all pydantic models that are read from nodes.

    Attributes:
        shorthand: the key whose value may be written alone. With `shorthand = "target"` in a
            subclass, `closed` is read as `{target: closed}`.
        shape: the name of the expected shape in messages.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True
    )

    shorthand: ClassVar[str | None] = None
    shape: ClassVar[Wording] = A_MAPPING

    _node: Mapping = PrivateAttr()

    @property
    def span(self) -> Span:
        """The place it was read from: its key, or its beginning without one."""
        return self._node.span

    def span_of_key(self, key: str) -> Span:
        """Return the place of the value of `key`, or of the definition without that key."""
        word = self._node.find_key(key)
        return self.span if word is None else self._node[word].span

    def spans_at_key(self, key: str) -> Iterator[Span]:
        """Yield the places of all that is written under `key`, and then that of the key."""
        word = self._node.find_key(key)
        if word is not None:
            yield from iter_scalar_spans(self._node[word])
            yield word.span

    @model_validator(mode="wrap")
    @classmethod
    def read_node(
        cls, node: object, handler: ModelWrapValidatorHandler[Definition], info: ValidationInfo
    ) -> Definition:
        """Keep the node in the definition, and record the model of the node for the report."""
        if cls.shorthand is not None and isinstance(node, Scalar):
            node = expand_shorthand(cls.shorthand, node)
        if not isinstance(node, Mapping):
            raise mistake("TR103", wanted=cls.shape, found=describe_kind(node))
        if isinstance(info.context, dict):
            info.context[id(node)] = cls
        definition = handler(node)
        definition._node = node  # noqa: SLF001 - its own
        return definition


def expand_shorthand(key: str, value: Scalar) -> Mapping:
    """Return the mapping `{key: value}` for a value that is written alone."""
    node = Mapping(value.span)
    node[Word(key, value.span)] = value
    return node


M = TypeVar("M", bound=Definition)


def read_as(model: type[M], node: Node, findings: Findings) -> M | None:
    """Return `node` as a `model`, or `None` after reporting every mistake."""
    models: dict[int, type[BaseModel]] = {}
    try:
        return model.model_validate(node, context=models)
    except ValidationError as problem:
        errors = problem.errors(include_url=False, include_input=False)
    findings.extend(MistakeReport(node, models).build_findings(errors))
    return None


def as_items(node: Node) -> object:
    """Return a list of nodes from a list or from a single node."""
    if not isinstance(node, Items):
        return [node]
    if not node:
        raise mistake("TR118")
    return node


class OrRaw:
    """Keeps a single value as written, and reads other nodes as the other member of the union."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the schema; pydantic asks for it."""
        (other,) = (each for each in get_args(source) if each is not Scalar)

        def read(node: Node, inner: core_schema.ValidatorFunctionWrapHandler) -> object:
            return read_raw(node) if isinstance(node, Scalar | Broken) else inner(node)

        return core_schema.no_info_wrap_validator_function(read, handler.generate_schema(other))


class TitleDefinition(Definition):
    """A title as written: both languages, neither empty."""

    shape: ClassVar[Wording] = Wording(
        "双语文本 `{zh: ..., en: ...}`", "a text in both languages, `{zh: ..., en: ...}`"
    )

    zh: Text
    en: Text


class AsWording:
    """Reads `{zh: ..., en: ...}` as a `Wording`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return the schema; pydantic asks for it."""

        def wording(read: TitleDefinition) -> Wording:
            return Wording(read.zh, read.en)

        return core_schema.no_info_after_validator_function(
            wording, handler.generate_schema(TitleDefinition)
        )


def accept_key(key: Word) -> Word:
    """Return a key as it is: `find_unusable_key` has accepted it."""
    return key


T = TypeVar("T")

Title = Annotated[Wording, AsWording()]
"""A text for people: `{zh: 投诉, en: Complaint}`."""
OneOrMany = Annotated[tuple[T, ...], BeforeValidator(as_items)]
"""One or several of a kind: `a` and `[a, b]` alike. An empty list is a mistake."""
Named = dict[Annotated[Word, PlainValidator(validate_name)], T]
"""A mapping by name, in the order written. Each name is an identifier with its place."""
Events = dict[Annotated[Word, PlainValidator(validate_event)], T]
"""A mapping by event name: identifiers joined by dots, such as `payment.received`."""
Triggers = dict[Annotated[Word, PlainValidator(validate_trigger)], T]
"""A mapping by event name or wildcard: `payment.*`, or `*` for any."""
Keyed = dict[Annotated[Word, PlainValidator(accept_key)], T]
"""A mapping by any valid key, such as the number of a clause."""
RawOr = Annotated[Scalar | T, OrRaw()]
"""A single value as written, or another shape: `RawOr[Named[Raw]]`."""
