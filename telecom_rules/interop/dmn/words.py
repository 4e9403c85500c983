"""The words of DMN with their counterparts in a pack."""

from __future__ import annotations

from telecom_rules.vocabulary import BOOLEAN, DATE, DECIMAL, INSTANT, TEXT

DMN_NAMESPACES = (
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5, which we write
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
)
"""The namespaces of DMN 1.5 to 1.1, all of which are read."""
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
}
"""Our type for each basic type of FEEL that facts may have."""
