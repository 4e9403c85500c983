"""Links the order of outputs: which of two answers is stricter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from telecom_rules.findings.kinds import CODE
from telecom_rules.frozen import FrozenDict
from telecom_rules.policies.rules import Order
from telecom_rules.vocabulary import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INSTANT,
    INTEGER,
    MONEY,
    SPAN,
    CodeType,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.documents import Scalar, Word
    from telecom_rules.findings import Findings
    from telecom_rules.policies.definition import OutputDefinition
    from telecom_rules.policies.rules import Direction
    from telecom_rules.vocabulary import Field, RecordType


DIRECTIONS: Final = frozenset({"higher", "lower"})
ORDERED_TYPES: Final = frozenset({BOOLEAN, INTEGER, DECIMAL, MONEY, DATE, INSTANT, SPAN})
NEEDS_DIRECTION = Wording(
    "输出 `{name}` 的 `stricter` 应为 `higher` 或 `lower`",
    "`stricter` of the output `{name}` must be `higher` or `lower`",
)
NEEDS_CODES = Wording(
    "输出 `{name}` 的 `stricter` 应按从严到宽的次序列出代码，例如 `[{known}]`",
    "`stricter` of the output `{name}` must list its codes, the strictest first: `[{known}]`",
)
CODES_LEFT_OUT = Wording(
    "输出 `{name}` 的 `stricter` 未列出代码：{codes}",
    "`stricter` of the output `{name}` leaves out codes: {codes}",
)
NO_ORDER = Wording(
    "输出 `{name}` 的类型 {type} 没有宽严次序，不能写 `stricter`",
    "the output `{name}` has the type {type}, which has no order, so it cannot have `stricter`",
)


def link_orders(
    definitions: Mapping[Word, OutputDefinition], entry: RecordType | None, findings: Findings
) -> Mapping[str, Order]:
    """Return the order of each output that declares one, after reporting the mistakes in them."""
    fields = {} if entry is None else entry.fields
    orders = {
        str(name): link_order(name, fields[name], definition, findings)
        for name, definition in definitions.items()
        if definition.stricter and name in fields
    }
    return FrozenDict({name: each for name, each in orders.items() if each is not None})


def link_order(
    name: Word, field: Field, definition: OutputDefinition, findings: Findings
) -> Order | None:
    """Return the order of one output, or `None` after reporting its mistakes."""
    written = definition.stricter
    if isinstance(field.type, CodeType):
        return link_codes(name, field.type, written, findings)
    span = definition.span_of_key("stricter")
    if field.type not in ORDERED_TYPES:
        findings.misused(span, NO_ORDER, name=name, type=field.type)
        return None
    if len(written) != 1 or written[0].text not in DIRECTIONS:
        findings.misused(span, NEEDS_DIRECTION, name=name)
        return None
    return Order(cast("Direction", written[0].text))


def link_codes(
    name: Word, kind: CodeType, written: Sequence[Scalar], findings: Findings
) -> Order | None:
    """Return the order of codes, or `None` after reporting what is unknown, twice or left out."""
    codes = [each.text for each in written]
    span = written[0].span
    if len(codes) == 1 and codes[0] in DIRECTIONS - kind.codes.keys():
        findings.misused(span, NEEDS_CODES, name=name, known=", ".join(kind.codes))
        return None
    before = len(findings)
    for at, each in enumerate(written):
        if each.text in codes[:at]:
            findings.add("TR112", each.span, kind=CODE, name=each.text)
        elif each.text not in kind.codes:
            findings.unknown(each.word, CODE, kind.codes)
    missing = [f"`{code}`" for code in kind.codes if code not in codes]
    if missing:
        what = CODES_LEFT_OUT.fill(name=name, codes=", ".join(missing))
        findings.add("TR120", span, what=what, made_by=f"catalogues.{kind.catalogue}")
    return None if len(findings) > before else Order(None, tuple(codes))
