"""Random expressions of standard CEL, well typed by the way they are put together, and values.

What implementations do differently on purpose is left out, and has tests of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from telecom_rules.expressions.operations.kinds import Unsigned

LEAVES = {
    "int": ["i", "j", "0", "1", "-3", "7", "9223372036854775807", "-9223372036854775808"],
    "uint": ["u", "0u", "2u", "18446744073709551615u"],
    "double": ["d", "0.0", "-1.5", "2.0", "1e300", "0.1"],
    "string": ["s", "t", "''", "'投诉'", "'a'", "'A b'", "'7'"],
    "bool": ["b", "true", "false"],
    "bytes": ["y", "b''", "b'ab'"],
    "timestamp": ["at", "timestamp('2024-02-29T23:59:59.125Z')", "timestamp(0)"],
    "duration": ["du", "duration('90s')", "duration('-1h')"],
    "ints": ["li", "[1, 2, 3]", "[0]"],
    "strings": ["ls", "['a', 'b']"],
    "map": ["m", "{'a': 1, 'c': 2}"],
    "dyn": ["x", "dyn(1)", "dyn('a')", "dyn(2u)", "dyn(1.0)", "dyn([1])", "dyn(null)", "dyn(true)"],
}  # fmt: skip
BUILT = {
    "int": [
        "({int} + {int})", "({int} - {int})", "({int} * {int})", "({int} / {int})",
        "({int} % {int})", "-({int})", "size({string})", "{string}.size()", "size({ints})",
        "size({bytes})", "size({map})", "{ints}[{int}]", "{map}[{string}]", "{map}.a",
        "({bool} ? {int} : {int})", "int({uint})", "int({double})", "int({string})",
        "int({timestamp})", "{timestamp}.getFullYear()", "{timestamp}.getMonth()",
        "{timestamp}.getDate()", "{timestamp}.getDayOfMonth()", "{timestamp}.getDayOfWeek()",
        "{timestamp}.getDayOfYear()", "{timestamp}.getHours()", "{timestamp}.getMinutes()",
        "{timestamp}.getSeconds()", "{timestamp}.getMilliseconds()",
        "{timestamp}.getHours('+08:00')", "{timestamp}.getDate('-11:30')", "{duration}.getHours()",
        "{duration}.getMinutes()", "{duration}.getSeconds()", "{string}.indexOf({string})",
        "{string}.lastIndexOf({string})", "{string}.indexOf({string}, {int})",
        "math.greatest({int}, {int})", "math.least({int}, {int}, {int})", "math.abs({int})",
        "math.sign({int})", "math.bitAnd({int}, {int})", "math.bitXor({int}, {int})",
        "math.bitNot({int})", "math.bitShiftLeft({int}, {int})",
        "math.bitShiftRight({int}, {int})", "math.greatest({ints})",
        "{string}.lastIndexOf({string}, {int})", "cel.bind(v, {int}, v + v)", "dyn({int})",
    ],
    "uint": [
        "({uint} + {uint})", "({uint} - {uint})", "({uint} * {uint})", "({uint} / {uint})",
        "({uint} % {uint})", "uint({int})", "uint({double})", "uint({string})",
        "math.bitOr({uint}, {uint})", "math.bitShiftRight({uint}, {int})", "math.sign({uint})",
        "math.bitNot({uint})", "math.greatest({uint}, {uint})",
    ],
    "double": [
        "({double} + {double})", "({double} - {double})", "({double} * {double})",
        "({double} / {double})", "-({double})", "double({int})", "double({uint})",
        "math.ceil({double})", "math.floor({double})", "math.round({double})",
        "math.trunc({double})", "math.sqrt({double})", "math.sqrt({int})", "math.sign({double})",
        "math.abs({double})", "math.greatest({double}, {double})",
    ],
    "string": [
        "({string} + {string})", "string({int})", "string({uint})", "string({bool})",
        "string({bytes})", "string({timestamp})", "string({duration})",
        "({bool} ? {string} : {string})", "{strings}[{int}]", "{string}.charAt({int})",
        "{string}.lowerAscii()", "{string}.upperAscii()", "{string}.substring({int})",
        "{string}.substring(0, 0)", "{string}.trim()",
        "{string}.replace({string}, {string})", "{string}.replace({string}, {string}, {int})",
        "strings.quote({string})", "'%s, %d'.format([{string}, {int}])", "{strings}.join()",
        "{strings}.join({string})", "{string}.reverse()",
    ],
    "bool": [
        "({bool} && {bool})", "({bool} || {bool})", "!{bool}", "({int} < {int})",
        "({int} == {int})", "({double} <= {double})", "({double} == {double})",
        "({uint} > {uint})", "({string} < {string})", "({string} != {string})",
        "({bytes} == {bytes})", "({bytes} < {bytes})", "({bool} == {bool})", "({bool} < {bool})",
        "({timestamp} < {timestamp})", "({duration} >= {duration})", "({int} in {ints})",
        "({string} in {map})", "({string} in {strings})", "({ints} == {ints})", "({map} == {map})",
        "has(m.a)", "{string}.contains({string})", "{string}.startsWith({string})",
        "{string}.endsWith({string})", "{string}.matches('^[a-z]*$')",
        "{string}.matches({string})", "{ints}.all(e, e > {int})",
        "{ints}.exists(e, {int} / e == 1)", "{ints}.exists_one(e, e == {int})",
        "{map}.all(k, k != {string})", "({dyn} == {dyn})", "({dyn} != {dyn})", "({dyn} == {int})",
        "({dyn} < {dyn})", "({dyn} > {int})", "({dyn} in {ints})", "(type({dyn}) == type({dyn}))",
        "(type({int}) == int)", "bool({string})", "math.isNaN({double})", "math.isInf({double})",
        "math.isFinite({double})", "({bool} ? {bool} : {bool})", "({dyn} && {bool})",
        "({ints} == {dyn})",
    ],
    "bytes": [
        "({bytes} + {bytes})", "bytes({string})",
    ],
    "timestamp": [
        "({timestamp} + {duration})", "({timestamp} - {duration})", "({duration} + {timestamp})",
        "timestamp({int})",
    ],
    "duration": [
        "({duration} + {duration})", "({timestamp} - {timestamp})", "({duration} - {duration})",
    ],
    "ints": [
        "({ints} + {ints})", "{ints}.map(e, e + {int})", "{ints}.filter(e, e > {int})",
        "{ints}.map(e, e > {int}, e * 2)", "[{int}, {int}]", "({bool} ? {ints} : {ints})",
    ],
    "strings": [
        "({strings} + {strings})", "{strings}.filter(e, e != {string})", "{string}.split('a')",
        "{string}.split(' ', {int})",
    ],
    "map": [
        "{'a': {int}}", "{{string}: {int}}", "{{string}: {int}, 'b': {int}}",
    ],
    "dyn": [
        "dyn({int})", "dyn({string})", "dyn({double})", "dyn({ints})", "dyn({map})",
        "({dyn} + {dyn})", "({dyn} - {int})", "[{int}, {string}][{int}]", "dyn({uint})",
        "dyn({ints})[{dyn}]", "({dyn} * {double})", "-({dyn})", "({dyn} + {ints})",
    ],
}  # fmt: skip


@st.composite
def expressions(draw, kind=None, depth=3):
    """An expression of a kind."""
    kind = kind or draw(st.sampled_from(list(LEAVES)))
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(LEAVES[kind]))
    form = draw(st.sampled_from(BUILT[kind]))
    for part in LEAVES:
        while f"{{{part}}}" in form:
            form = form.replace(f"{{{part}}}", draw(expressions(part, depth - 1)), 1)
    return form


EARLIEST, LATEST = datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2100-01-01")
small = st.integers(-5, 5) | st.integers(-(2**63), 2**63 - 1)
words = st.sampled_from(["", "a", "投诉", "A b", "ab", " x\t", "true", "12"])
VALUES = {
    "i": small,
    "j": small,
    "u": (st.integers(0, 9) | st.integers(0, 2**64 - 1)).map(Unsigned),
    "d": st.sampled_from([0.0, -0.0, 0.5, -2.5, 1e18, float("inf"), float("nan")])
    | st.floats(-1e6, 1e6),
    "s": words,
    "t": words,
    "b": st.booleans(),
    # The binding ends bytes at the first zero.
    "y": st.binary(max_size=3).filter(lambda octets: 0 not in octets),
    "at": st.datetimes(EARLIEST, LATEST).map(
        lambda at: at.replace(tzinfo=UTC, microsecond=at.microsecond // 10_000 * 10_000 + 7000)
    ),
    "du": st.timedeltas(timedelta(days=-400), timedelta(days=400)).map(
        lambda du: timedelta(seconds=du // timedelta(seconds=1))
    ),
    "li": st.lists(small, max_size=4).map(tuple),
    "ls": st.lists(words, max_size=3).map(tuple),
    "m": st.dictionaries(words, small, max_size=3),
    "x": small | words | st.booleans() | st.none(),
}
values = st.fixed_dictionaries(VALUES)
