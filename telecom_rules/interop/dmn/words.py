"""The words of DMN with their counterparts in a pack."""

from __future__ import annotations

import re

from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, INTEGER, TEXT
from telecom_rules.vocabulary.types import SPAN

DMN_1_5 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
"""The namespace that we write."""
DMN_NAMESPACES = frozenset({
    "https://www.omg.org/spec/DMN/20240513/MODEL/",  # 1.6
    DMN_1_5,
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",  # 1.1, as some tools write it
})  # fmt: skip
"""The namespaces of DMN 1.1 to 1.6, all of which are read."""
OF_ANOTHER_VERSION = re.compile(
    r"https?://www\.omg\.org/spec/DMN/([0-9]{4})([0-9]{2})([0-9]{2})/.*"
)
"""The namespace of any version of DMN, with its date."""
HIT_POLICIES = {
    "UNIQUE": "unique",
    "FIRST": "first",
    "ANY": "any",
    "PRIORITY": "priority",
    "COLLECT": "collect",
    "RULE ORDER": "rule_order",
    "OUTPUT ORDER": "output_order",
}
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}
FEEL_TYPES = {
    "string": TEXT,
    "number": DECIMAL,
    "boolean": BOOLEAN,
    "date": DATE,
    "dateTime": INSTANT,
    "date and time": INSTANT,
    "days and time duration": SPAN,
    "dayTimeDuration": SPAN,
}
"""Our type for each basic type of FEEL that facts may have."""
OTHER_TYPES = {"integer": INTEGER, "long": INTEGER, "double": DECIMAL}
"""Our type for each type that other tools write and FEEL does not have."""
ANY_TYPE = "Any"
"""The type of FEEL that leaves the type open."""
FEEL_KEYWORDS = frozenset({
    "and", "between", "else", "every", "external", "false", "for", "function", "if", "in",
    "instance", "not", "null", "of", "or", "return", "satisfies", "some", "then", "true",
})  # fmt: skip
"""Words that cannot be a name. Source: DMN 1.5, the grammar of FEEL in section 10.3.1."""
