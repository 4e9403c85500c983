"""Each figure of a pack as it holds on a day, beside what its base says and by how much it differs.

What `telecom-rules show --effective` prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telecom_rules.vocabulary import link_parameters
from telecom_rules.vocabulary.parameters import Stricter
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from telecom_rules.pack import Pack
    from telecom_rules.vocabulary import Parameter, ParameterValue


HEADING = Wording(
    "{pack} {version}，{day} 有效的数值", "{pack} {version}, the figures in force on {day}"
)
ALIKE = Wording("其余 {count} 个数值与基础规则包相同：", "as the base has them, {count} more:")
ALL_OWN = Wording("{count} 个数值：", "figures, {count}:")
BESIDE = Wording("    基础规则包：{value}  {margin}", "    the base: {value}  {margin}")
ORIGIN = Wording("    {origin}", "    {origin}")
TIGHTER = Wording("严 {by}", "tighter by {by}")
LAXER = Wording("宽 {by}", "laxer by {by}")
CHANGED = Wording("已改", "changed")
NOTHING_BELOW = Wording("（无）", "(none)")


def describe_effective(pack: Pack, day: date) -> Iterator[Wording]:
    """Yield the figures that an overlay gives, each beside that of its base, then the others."""
    yield HEADING.fill(pack=pack.name, version=pack.version, day=day)
    figures = sorted(pack.parameters.values(), key=lambda each: each.name)
    found = [(each, each.find_on(day)) for each in figures]
    held = [(each, value) for each, value in found if value is not None]
    own = [(each, value) for each, value in held if value.base is not None]
    width = max((len(each.name) for each, _ in held), default=0)
    for parameter, value in own:
        yield describe_line(parameter, value, width)
        if value.base is not None:
            margin = describe_margin(parameter, value, value.base)
            yield BESIDE.fill(value=value.base.wording, margin=margin)
        yield ORIGIN.fill(origin=value.assurance)
        if value.note is not None:
            yield ORIGIN.fill(origin=value.note)
    same = [(each, value) for each, value in held if value.base is None]
    yield (ALIKE if own else ALL_OWN).fill(count=len(same))
    for parameter, value in same:
        yield describe_line(parameter, value, width)


def describe_line(parameter: Parameter, value: ParameterValue, width: int) -> Wording:
    """Return a figure with its name, as wide as the longest, and its title."""
    return Wording.same("  {name}  {value}  {title}").fill(
        name=parameter.name.ljust(width), value=value.wording, title=parameter.title
    )


def describe_margin(parameter: Parameter, value: ParameterValue, base: ParameterValue) -> Wording:
    """Return by how much a figure is tighter or laxer than that of its base."""
    one, other = value.size, base.size
    if one is None or other is None or parameter.stricter is Stricter.NONE or one == other:
        return CHANGED
    margin = link_parameters.describe_margin(parameter, abs(one - other))
    return (LAXER if parameter.is_laxer(value, base) else TIGHTER).fill(by=margin)
