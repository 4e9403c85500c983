"""Idempotency: what makes two requests the same."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from telecom_rules.digests import calculate_digest
from telecom_rules.errors import ArgumentError
from telecom_rules.values.arguments import read_text
from telecom_rules.vocabulary import dump_value
from telecom_rules.wording import Wording, quote_found

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_KEY = 200
"""Characters of an idempotency key."""
NOT_A_KEY = Wording(
    f"应为 1 至 {LONGEST_KEY} 个可打印字符的文本，而不是 {{found}}",
    f"expected a text of 1 to {LONGEST_KEY} printable characters, found {{found}}",
)
NOT_JSON = Wording(
    "带幂等键的请求须由 JSON 值、日期、时刻和精确小数组成",
    "a request with an idempotency key is made of JSON, dates, instants and exact numbers",
)


def read_key(value: object) -> str:
    """Return an idempotency key.

    Raises:
        ArgumentError: it is not a printable text, empty or too long.
    """
    key = read_text("key", value)
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise ArgumentError("key", NOT_A_KEY.fill(found=quote_found(value)))
    return key


def digest_body(event: str, payload: Mapping[str, object] | None, actor: str | None) -> str:
    """Return the digest of a request: equal digests are the same request.

    Roles do not count, because they may be granted between two attempts; nor does the time.

    Args:
        event: the event, or the workflow in which a case is opened.
        payload: the data that come with it, or the facts of the new case.
        actor: who asks.

    Raises:
        ArgumentError: `event` is not a text, or the payload has values that cannot be compared.
    """
    event = read_text("event", event)
    try:
        body = to_json({"event": event, "payload": payload or {}, "actor": actor})
        return calculate_digest(body)
    except MemoryError:
        raise
    except Exception:  # objects of the host may raise anything
        raise ArgumentError("payload", NOT_JSON) from None


def to_json(value: object) -> object:
    """Return a value of a host as JSON."""
    if isinstance(value, Enum):
        return to_json(value.value)
    if isinstance(value, date | timedelta | Decimal):  # an instant is a date
        return dump_value(value)
    if isinstance(value, list | tuple):
        return [to_json(each) for each in value]
    if hasattr(value, "keys"):
        return {str(name): to_json(value[name]) for name in value.keys()}  # type: ignore[index]  # noqa: SIM118 - a mapping
    return value
