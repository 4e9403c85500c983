"""What the rules of a pack may name: sources, catalogues, facts, figures, limits, calendars.

A definition says what a file says; `link` turns the definitions of a pack into one `Vocabulary`.
"""

from telecom_rules.vocabulary.calendars import (
    Calendar,
    CalendarDefinition,
    CalendarYear,
    YearDefinition,
)
from telecom_rules.vocabulary.catalogues import (
    Catalogue,
    CatalogueCode,
    CatalogueDefinition,
    CodeDefinition,
)
from telecom_rules.vocabulary.deadlines import Pause, Undetermined, deadline
from telecom_rules.vocabulary.describe import describe
from telecom_rules.vocabulary.durations import Duration, Unit, read_duration
from telecom_rules.vocabulary.facts import (
    FactDefinition,
    FactsDefinition,
    FactType,
    dump_record,
    read_record,
)
from telecom_rules.vocabulary.lexicon import BASIC_TYPES, Vocabulary
from telecom_rules.vocabulary.link import link
from telecom_rules.vocabulary.parameters import (
    Measure,
    Parameter,
    ParameterDefinition,
    ParameterKind,
    ParameterType,
    ParameterValue,
    Stricter,
    ValueDefinition,
)
from telecom_rules.vocabulary.periods import ALWAYS, Period, PeriodDefinition, read_period
from telecom_rules.vocabulary.record import Json, Record, Value
from telecom_rules.vocabulary.sources import (
    Clause,
    ClauseDefinition,
    Confidence,
    Source,
    SourceDefinition,
    SourceKind,
)
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    BYTES,
    DATE,
    DECIMAL,
    DOUBLE,
    DYNAMIC,
    INSTANT,
    INTEGER,
    LIMIT,
    MONEY,
    NULL,
    SPAN,
    TEXT,
    UNSIGNED,
    CodeType,
    Field,
    ListType,
    MapType,
    Primitive,
    RecordType,
    Type,
)
from telecom_rules.vocabulary.values import Unfit, dump_value, read_value

__all__ = [
    "ALWAYS",
    "BASIC_TYPES",
    "BOOLEAN",
    "BYTES",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "DYNAMIC",
    "INSTANT",
    "INTEGER",
    "LIMIT",
    "MONEY",
    "NULL",
    "SPAN",
    "TEXT",
    "UNSIGNED",
    "Calendar",
    "CalendarDefinition",
    "CalendarYear",
    "Catalogue",
    "CatalogueCode",
    "CatalogueDefinition",
    "Clause",
    "ClauseDefinition",
    "CodeDefinition",
    "CodeType",
    "Confidence",
    "Duration",
    "FactDefinition",
    "FactType",
    "FactsDefinition",
    "Field",
    "Json",
    "ListType",
    "MapType",
    "Measure",
    "Parameter",
    "ParameterDefinition",
    "ParameterKind",
    "ParameterType",
    "ParameterValue",
    "Pause",
    "Period",
    "PeriodDefinition",
    "Primitive",
    "Record",
    "RecordType",
    "Source",
    "SourceDefinition",
    "SourceKind",
    "Stricter",
    "Type",
    "Undetermined",
    "Unfit",
    "Unit",
    "Value",
    "ValueDefinition",
    "Vocabulary",
    "YearDefinition",
    "deadline",
    "describe",
    "dump_record",
    "dump_value",
    "link",
    "read_duration",
    "read_period",
    "read_record",
    "read_value",
]
