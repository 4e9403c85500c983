"""Records as pydantic models.

A model reads each field with `read_value`, so it accepts exactly the values that a record accepts.
"""

from __future__ import annotations

from collections.abc import Mapping
from keyword import iskeyword
from math import ceil, floor
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    create_model,
)
from pydantic import Field as ModelField
from pydantic_core import PydanticCustomError

from telecom_rules.frozen import dump_value
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    CodeType,
    ListType,
)
from telecom_rules.vocabulary.values import (
    LONGEST_TEXT,
    MOST_ITEMS,
    Unfit,
    item_field_of,
    read_value,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telecom_rules.vocabulary.record import Value
    from telecom_rules.vocabulary.types import Field, RecordType, Type
    from telecom_rules.wording import Language


class FactsModel(BaseModel):
    """The root of every model of a record."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        protected_namespaces=(),
        arbitrary_types_allowed=True,
    )
    _shape: ClassVar[Shape]

    def __reduce__(self) -> tuple[Callable[..., BaseModel], tuple[object, ...]]:
        # Its class is made at run time, so no pickle can name it.
        return read_model, (self._shape, as_mapping(self))


class Shape(NamedTuple):
    """What a model is made of.

    Attributes:
        record_type: the fields.
        title: its name for people.
        partial: whether no field has to be there.
        language: the language of its titles; `None` for English titles with Chinese descriptions.
    """

    record_type: RecordType
    title: Wording
    partial: bool = False
    language: Language | None = None


MODELS: dict[tuple[object, ...], type[FactsModel]] = {}
"""The model made last of each name, so that what comes out of a pickle is of the same class."""
MOST_MODELS = 1_000
"""Models that are kept."""


def read_model(shape: Shape, values: object) -> BaseModel:
    """Return an instance of the model of a shape, for a pickle."""
    return model_of(shape).model_validate(values)


def model_of(shape: Shape) -> type[BaseModel]:
    """Return the model of a shape, the same as long as it is kept."""
    key = (shape.record_type.name, *shape[1:])
    kept = MODELS.get(key)
    if kept is not None and kept._shape == shape:  # noqa: SLF001 - its own
        return kept
    if len(MODELS) >= MOST_MODELS:
        MODELS.clear()
    model = MODELS[key] = build_model(shape)
    return model


def build_model(shape: Shape) -> type[FactsModel]:
    """Return a new model of a shape."""
    record_type = shape.record_type
    fields: dict[str, Any] = {
        attribute_of(name, record_type): build_member(name, field, shape)
        for name, field in record_type.fields.items()
    }
    title = shape.title.say(shape.language or "en")
    model = create_model(
        f"{record_type.name}_partial" if shape.partial else record_type.name,
        __base__=FactsModel,
        __cls_kwargs__={"title": title},
        **fields,
    )
    model._shape = shape  # noqa: SLF001 - its own
    return model


def attribute_of(name: str, record_type: RecordType) -> str:
    """Return the attribute for the field `name`: its own name, unless pydantic reserves it."""
    word = name
    while (
        hasattr(FactsModel, word)
        or iskeyword(word)
        or (word != name and word in record_type.fields)
    ):
        word += "_"
    return word


def build_member(name: str, field: Field, shape: Shape) -> tuple[object, object]:
    """Return the annotation and default of one field."""
    optional = field.optional or shape.partial
    schema = schema_of(field, shape.language or "en")
    if optional:
        schema = {"anyOf": [schema, {"type": "null"}]}

    def read(value: object) -> Value:
        if value is None and optional:
            return None
        try:
            return read_value(field, value)
        except Unfit as problem:
            raise PydanticCustomError("facts", "{problem}", {"problem": str(problem)}) from None

    annotation = Annotated[
        Any,
        PlainValidator(read),
        PlainSerializer(dump_value, return_type=Any, when_used="json"),
        WithJsonSchema(schema),
    ]
    title = field.title or Wording(name, name)
    default = None if optional else ...
    description = title.zh if shape.language is None else describe_codes(field, shape.language)
    said = title.say(shape.language or "en")
    return annotation, ModelField(default, alias=name, title=said, description=description)


def describe_codes(field: Field, language: Language) -> str | None:
    """Return the codes of a field with their titles, or `None` if it has none."""
    codes = titles_of(field.type, language)
    return "; ".join(f"{code}: {title}" for code, title in codes.items()) or None


def titles_of(kind: Type, language: Language) -> dict[str, str]:
    """Return the titles of the codes of a type; none if it is another one."""
    item = kind.item if isinstance(kind, ListType) else kind
    codes = item.codes if isinstance(item, CodeType) else {}
    return {str(code): title.say(language) for code, title in codes.items()}


NUMBER_PATTERNS = {
    DECIMAL: r"^[-+]?[0-9]+(\.[0-9]+)?$",
    MONEY: r"^[-+]?[0-9]+(\.[0-9]{1,2}0*)?$",
    SPAN: r"^-?[0-9]+(\.[0-9]{1,6})?s$",
}
FORMATS = {DATE: "date", INSTANT: "date-time"}


def schema_of(field: Field, language: Language) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a field's value."""
    kind = field.type
    if isinstance(kind, CodeType):
        titles = titles_of(kind, language)
        return {"type": "string", "enum": list(titles), "x-enum-titles": titles}
    if isinstance(kind, ListType):
        items = schema_of(item_field_of(field, kind), language)
        return {"type": "array", "items": items, "maxItems": MOST_ITEMS}
    if kind is BOOLEAN:
        return {"type": "boolean"}
    if kind is INTEGER:
        least = {} if field.least is None else {"minimum": ceil(field.least)}
        most = {} if field.most is None else {"maximum": floor(field.most)}
        return {"type": "integer", **least, **most}
    if kind in (DECIMAL, MONEY):
        return {"type": ["string", "integer"], "pattern": NUMBER_PATTERNS[kind]}
    if kind in NUMBER_PATTERNS:
        return {"type": "string", "pattern": NUMBER_PATTERNS[kind]}
    if kind in FORMATS:
        return {"type": "string", "format": FORMATS[kind]}
    return {"type": "string", "maxLength": LONGEST_TEXT if field.longest is None else field.longest}


def as_mapping(data: object, names: Iterable[str] = ()) -> object:
    """Return the data of a model or another object as a mapping; other values unchanged.

    Args:
        data: a mapping, an instance of a model of a record, or any object of a host's own whose
            attributes are facts: a dataclass, a pydantic model, a row of an ORM.
        names: the facts that are read; other attributes are ignored.
    """
    if isinstance(data, dict | Mapping):
        return data
    if isinstance(data, FactsModel):
        alias = {attribute: field.alias for attribute, field in type(data).model_fields.items()}
        return {alias[attribute] or attribute: value for attribute, value in data}
    if issubclass(type(data), type) or type(data).__module__ in NON_RECORD_MODULES:
        return data
    return {name: getattr(data, name) for name in names if hasattr(data, name)} or data


NON_RECORD_MODULES = frozenset({"builtins", "datetime", "decimal"})
"""Modules whose values are not records, though they have attributes."""
