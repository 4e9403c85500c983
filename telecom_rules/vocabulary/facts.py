"""Facts: the typed records that policies and workflows read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol, TypeAlias

from telecom_rules.documents import (
    Definition,
    Flag,
    Identifier,
    Integer,
    Named,
    Number,
    OneOrMany,
    Raw,
    Reference,
    Title,
)
from telecom_rules.errors import FactProblem, FactsError, InconsistentFacts
from telecom_rules.frozen import Immutable, dump_value
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary.describe import describe
from telecom_rules.vocabulary.models import Shape, as_mapping, model_of
from telecom_rules.vocabulary.record import Record
from telecom_rules.vocabulary.values import Reader, Unfit, describe_found, reader_of
from telecom_rules.wording import Wording, join_wordings, read_language, read_type_name, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from telecom_rules.frozen import Json
    from telecom_rules.vocabulary.record import Value
    from telecom_rules.vocabulary.sources.sources import Clause
    from telecom_rules.vocabulary.types import Field, RecordType


FieldReaders: TypeAlias = "tuple[tuple[str, Field, Reader], ...]"
"""The fields of a record, each with its name and reader."""

MOST_UNKNOWN_LISTED = 50
"""Unknown names that an error lists one by one."""

FIELD_MISSING = Wording("缺少此项", "it is missing")
NOT_A_FACT = Wording("没有这一项", "there is no such field")
MORE_UNKNOWN = Wording("另有 {rest} 项未知名称", "and {rest} more that are unknown")
KNOWN_FACT = Wording("{title}（`{name}`）= {value}", "{title} (`{name}`) = {value}")
CONTRADICTION = Wording("{title}，但{values}", "{title}, but {values}")
MOST_NAMES = 10_000
"""Names that are looked at of a mapping that is not a `dict`."""
FAILED = Wording("读取时出错（{kind}）", "reading it failed ({kind})")
NOT_A_RECORD = Wording(
    "数据应为映射（字段名到值），而不是{found}",
    "expected a mapping of names to values, found {found}",
)


class FactDefinition(Definition):
    """One fact.

    Attributes:
        min: the least a number may be.
        max: the greatest a number may be.
        max_length: how many characters a text may have.
        fixed: whether it cannot become another, such as a day that is past; explanations then do
            not tell what would be if it were otherwise.
        effort: what it takes to find out, measured by a plain question, which is 1; an interview
            asks first for what spares the most.
    """

    type: Reference
    title: Title
    min: Number | None = None
    max: Number | None = None
    max_length: Integer | None = None
    fixed: Flag = False
    effort: Integer | None = None
    cites: OneOrMany[Reference] = ()


class ConsistencyDefinition(Definition):
    """One condition that the facts of a record meet together.

    Attributes:
        title: what cannot be otherwise, as a sentence.
        require: the condition; it says nothing while a fact that it reads is not known.
    """

    id: Identifier
    title: Title
    require: Raw
    cites: OneOrMany[Reference] = ()


class FactsDefinition(Definition):
    """A file that says which facts a kind of record has.

    Attributes:
        consistent: the conditions that its facts meet together.
    """

    facts: Identifier
    title: Title
    cites: OneOrMany[Reference] = ()
    fields: Named[FactDefinition]
    consistent: tuple[ConsistencyDefinition, ...] = ()


class Condition(Protocol):
    """A condition that facts of a record meet together, in whatever language it is written."""

    @property
    def id(self) -> str:
        """Its name within the kind of facts."""

    @property
    def title(self) -> Wording:
        """What cannot be otherwise, as a sentence for people."""

    @property
    def cites(self) -> tuple[Clause, ...]:
        """The clauses it comes from."""

    @property
    def reads(self) -> frozenset[str]:
        """The facts that it reads."""

    def is_broken_by(self, record: Record) -> bool:
        """Return whether facts that are all known contradict one another."""


@dataclass(frozen=True)
class FactType(Immutable):
    """A kind of record: the facts of a complaint, of a product, of a violation.

    Attributes:
        name: the name policies and workflows refer to.
        title: its name for people.
        record_type: the fields as a type.
        cites: the clauses it comes from.
        field_cites: the clauses each field comes from.
        conditions: the conditions that its facts meet together.
    """

    name: str
    title: Wording
    record_type: RecordType
    cites: tuple[Clause, ...] = ()
    field_cites: Mapping[str, tuple[Clause, ...]] = attribute(default_factory=dict, hash=False)
    conditions: tuple[Condition, ...] = attribute(default=(), compare=False)

    def __reduce__(self) -> tuple[type[FactType], tuple[object, ...]]:
        # Without what is only made from these: its model is a class of this process.
        parts = (
            self.name,
            self.title,
            self.record_type,
            self.cites,
            self.field_cites,
            self.conditions,
        )
        return type(self), parts

    @property
    def fields(self) -> Mapping[str, Field]:
        """Every field by name, in order."""
        return self.record_type.fields

    @cached_property
    def model(self) -> type[BaseModel]:
        """A frozen pydantic model of the same record, as strict with each fact as `read`.

        Whether facts contradict one another is asked where they are decided on. Optional facts
        default to `None`. A fact whose name pydantic needs for itself has the attribute `name_` and
        keeps its own name as alias.

        Titles are English, with the Chinese ones as descriptions; see `model_in`.
        """
        return model_of(Shape(self.record_type, self.title))

    @cached_property
    def partial(self) -> type[BaseModel]:
        """The same model with all facts optional: for a record whose facts come little by little.

        `Workflow.open` takes what it takes.
        """
        return model_of(Shape(self.record_type, self.title, partial=True))

    def model_in(self, language: str) -> type[BaseModel]:
        """Return `model` with its titles in one language, for the pages of an interface.

        Raises:
            ArgumentError: it is neither Chinese nor English.
        """
        return model_of(Shape(self.record_type, self.title, language=read_language(language)))

    def partial_in(self, language: str) -> type[BaseModel]:
        """Return `partial` with its titles in one language.

        Raises:
            ArgumentError: it is neither Chinese nor English.
        """
        chosen = read_language(language)
        return model_of(Shape(self.record_type, self.title, partial=True, language=chosen))

    @cached_property
    def readers(self) -> FieldReaders:
        """The reader of each field, cached because records are read most often of all."""
        return build_readers(self.record_type)

    @cached_property
    def _readers_of_one(self) -> Mapping[str, FieldReaders]:
        return {each[0]: (each,) for each in self.readers}

    def read(self, data: object, *, partial: bool = True) -> Record:
        """Return `data` as a record in canonical form, its facts in the order declared.

        Args:
            data: a mapping of names to values, either Python values or their JSON forms,
                an instance of `model`, or any object whose attributes are facts. A fact that is
                `None` is unknown. A name in a mapping that is not a fact is a mistake; an object
                may have other attributes.
            partial: whether facts that are not optional may be missing.

        Raises:
            FactsError: a value does not fit; every mistake is listed.
            InconsistentFacts: facts that are known contradict one another.
        """
        kind = self.record_type
        # As `read_values` does: one call less for each record.
        record = read_fields(
            kind, self.readers, data, self.name, names=kind.fields, partial=partial
        )
        if self.conditions:
            self.require_consistent(record)
        return record

    def read_values(self, data: object, *, partial: bool = True) -> Record:
        """Return `data` as `read` does, and do not ask whether its facts contradict one another.

        For records that were accepted before.

        Raises:
            FactsError: a value does not fit; every mistake is listed.
        """
        kind = self.record_type
        return read_fields(kind, self.readers, data, self.name, names=kind.fields, partial=partial)

    def read_fact(self, name: str, value: object) -> Record:
        """Return one fact of a record that has others, read as `read_values` does.

        Raises:
            FactsError: the value does not fit.
        """
        readers = self._readers_of_one[name]
        return read_fields(self.record_type, readers, {name: value}, self.name, partial=True)

    def find_broken(
        self, record: Record, changed: AbstractSet[str] | None = None
    ) -> tuple[Condition, ...]:
        """Return the conditions that known facts break: of `changed` facts, or all."""
        return tuple(
            each
            for each in self.conditions
            if (changed is None or not each.reads.isdisjoint(changed)) and each.is_broken_by(record)
        )

    def require_consistent(self, record: Record, changed: AbstractSet[str] | None = None) -> None:
        """Raise `InconsistentFacts` if known facts break a condition: of `changed` facts, or any.

        Raises:
            InconsistentFacts: they do; every condition is listed.
        """
        broken = self.find_broken(record, changed)
        if broken:
            problems = [describe_contradiction(each, self.fields, record) for each in broken]
            names = [tuple(sorted(each.reads, key=[*self.fields].index)) for each in broken]
            raise InconsistentFacts(self.name, problems, [each.id for each in broken], names)

    def dump(self, record: Mapping[str, Value]) -> dict[str, Json]:
        """Return `record` as JSON that `read` reads back as an equal record."""
        return dump_record(record)


def read_record(record_type: RecordType, data: object, name: str) -> Record:
    """Return `data` as a record of `record_type`, such as the payload of an event.

    Args:
        record_type: the fields; those that are not optional must be there.
        data: names and values, either Python values or their JSON forms, or an object with them.
        name: the name of the record in the error.

    Raises:
        FactsError: a value does not fit; every mistake is listed.
    """
    return read_fields(record_type, build_readers(record_type), data, name)


def build_record_reader(record_type: RecordType, name: str) -> Callable[[object], Record]:
    """Return `read_record` for one type and name, prepared for many records."""
    fields = build_readers(record_type)

    def read(data: object) -> Record:
        return read_fields(record_type, fields, data, name)

    return read


def dump_record(record: Mapping[str, Value]) -> dict[str, Json]:
    """Return a record as JSON from which an equal record is read."""
    if not record:
        return {}
    return {name: dump_value(value) for name, value in record.items()}


def build_readers(record_type: RecordType) -> FieldReaders:
    """Return each field of `record_type` with its name and reader."""
    return tuple((word, field, reader_of(field.type)) for word, field in record_type.fields.items())


def read_fields(  # noqa: C901 - one function: a call more would cost each record
    record_type: RecordType,
    readers: FieldReaders,
    data: object,
    name: str,
    *,
    names: Iterable[str] = (),
    partial: bool = False,
) -> Record:
    """Return `data` as a record, or raise `FactsError`, whatever the objects of a host do in it.

    Args:
        record_type: the fields.
        readers: the reader of each.
        data: names and values.
        name: the name of the record in the error.
        names: the facts that are read from an object which is not a mapping.
        partial: whether facts that are not optional may be missing.
    """
    problems: list[FactProblem] = []
    values: dict[str, Value] = {}
    try:
        given = data if type(data) is dict else require_mapping(data, names, name)
        for word, field, read in readers:
            value = given.get(word)
            if value is None:
                if not partial and not field.optional:
                    problems.append(FactProblem(word, prefix_title(field, FIELD_MISSING)))
                continue
            try:
                values[word] = read(field, value)
            except Unfit as problem:
                wording = prefix_title(field, problem.wording)
                problems.append(FactProblem(f"{word}{problem.place}", wording, problem.allowed))
            except MemoryError:
                raise
            except Exception as problem:  # code of the host: a time zone
                problems.append(FactProblem(word, prefix_title(field, describe_failure(problem))))
        if len(given) > len(values):
            problems.extend(find_unknown_names(record_type, given))
    except (FactsError, MemoryError):
        raise
    except Exception as problem:  # code of the host: its own mapping or class
        raise FactsError(name, [FactProblem("…", describe_failure(problem))]) from problem
    if problems:
        raise FactsError(name, problems)
    return Record(values)


def require_mapping(data: object, names: Iterable[str], name: str) -> Mapping[object, object]:
    """Return data as a mapping, or raise `FactsError`; `names` as in `read_fields`."""
    values = as_mapping(data, names)
    if not isinstance(values, Mapping):
        wording = NOT_A_RECORD.fill(found=describe_found(values))
        raise FactsError(name, [FactProblem(name, wording)])
    return values


def describe_contradiction(
    condition: Condition, fields: Mapping[str, Field], record: Record
) -> FactProblem:
    """Return the problem of facts that contradict one another: each with its value, and why."""
    names = sorted(condition.reads, key=[*fields].index)
    values = (
        KNOWN_FACT.fill(
            name=name,
            title=fields[name].title or name,
            value=describe(record[name], fields[name].type),
        )
        for name in names
    )
    why = CONTRADICTION.fill(title=condition.title, values=join_wordings(values, ("，", ", ")))
    return FactProblem(", ".join(names), why)


def prefix_title(field: Field, wording: Wording) -> Wording:
    """Return a problem of a field, after the title of the field."""
    if field.title is None:
        return wording
    return Wording("{title}：{wording}", "{title}: {wording}").fill(
        title=field.title, wording=wording
    )


def find_unknown_names(record_type: RecordType, data: Mapping[object, object]) -> list[FactProblem]:
    """Return a problem for each name that is not a field of `record_type`."""
    # A mapping of a host's own class may go on for ever.
    first = data if type(data) is dict else islice(data, MOST_NAMES)
    names = [name for name in first if not is_known(name, record_type.fields)]
    problems = [describe_unknown_name(name, record_type) for name in names[:MOST_UNKNOWN_LISTED]]
    if len(names) > MOST_UNKNOWN_LISTED:
        rest = MORE_UNKNOWN.fill(rest=len(names) - MOST_UNKNOWN_LISTED)
        problems.append(FactProblem("…", rest))
    return problems


def is_known(name: object, fields: Mapping[str, Field]) -> bool:
    """Return whether `name` is one of `fields`."""
    return issubclass(type(name), str) and str.__str__(name) in fields


def describe_unknown_name(name: object, record_type: RecordType) -> FactProblem:
    """Return the problem of a name that is not a field."""
    if not issubclass(type(name), str):
        return FactProblem(describe_found(name).en, NOT_A_FACT)
    near = find_nearest(str.__str__(name), record_type.fields)
    return FactProblem(shorten(name), NOT_A_FACT.suggest(near))


def describe_failure(problem: Exception) -> Wording:
    """Return that code of a host failed."""
    return FAILED.fill(kind=shorten(read_type_name(type(problem))))
