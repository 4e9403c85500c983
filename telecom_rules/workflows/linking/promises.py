"""Links the promises of an operator beside the time limits of the law.

A promise is broken before the law is. So what follows from a time limit follows on the figure of
the law, and the promise has a clock of its own beside it, from which nothing follows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.vocabulary import Parameter
from telecom_rules.vocabulary.parameters import ParameterKind, Stricter
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telecom_rules.vocabulary.parameters import ParameterValue
    from telecom_rules.workflows.chart import Clock


PROMISED = Wording("{title}（本企业承诺）", "{title} (our promise)")
SUFFIX = "__promise"
"""Ends the name of the clock of a promise."""
RESERVED_NAME = Wording(
    "以 `__promise` 结尾的时限名称留给承诺使用；请改名",
    "names of clocks that end in `__promise` are those of promises; rename the clock",
)


def split_promise(clock: Clock) -> Clock:
    """Return `clock` by the figures of the law, with the clock of a promise beside it if any.

    A time that the customer has, of which longer is stricter, is not split: what follows on its
    end would then follow while the customer still has the time that was promised.
    """
    limit = clock.limit
    if not isinstance(limit, Parameter) or limit.stricter is not Stricter.LOWER:
        return clock
    laws = {each: find_law(limit, each) for each in limit.values}
    promised = tuple(each for each, law in laws.items() if law is not each)
    if not promised:
        return clock
    clauses = dict.fromkeys(clause for each in promised for clause in each.cites)
    promise = replace(
        clock,
        name=f"{clock.name}{SUFFIX}",
        title=PROMISED.fill(title=clock.title),
        on_expiry=None,
        cites=tuple(clauses),
        interpretation=False,
        promised=promised,
        beside=clock.name,
    )
    law = replace(limit, values=tuple(laws.values()))
    return replace(clock, limit=law, promised=promised, promise=promise)


def find_law(limit: Parameter, value: ParameterValue) -> ParameterValue:
    """Return the figure of the law on the days of a stricter promise; any other figure itself."""
    law = value.law if value.kind is ParameterKind.PROMISE else None
    if law is None or not limit.is_laxer(law, value):
        return value
    return replace(law, in_force=value.in_force)


def iter_with_promises(clocks: Iterable[Clock]) -> Iterator[Clock]:
    """Yield clocks, each with that of its promise behind it."""
    for each in clocks:
        yield each
        if each.promise is not None:
            yield each.promise
