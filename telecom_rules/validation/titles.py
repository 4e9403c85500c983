"""The titles of what findings name: they stand behind the name of a state, a rule or a policy.

A name is looked up in the file of the finding first, then in the pack. Where a file has several of
a name, such as a state and an event, the one at the place of the finding is meant, or none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from telecom_rules.pack.elements import iter_elements

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.wording import Wording

QUOTED_NAME = re.compile(r"`([A-Za-z_][\w.]*)`", re.ASCII)
NAMING_CODES = re.compile(r"TR(?:208|[3-79]..)")
"""Codes whose names are those of elements; files, keys and expressions quote what is written."""


def add_titles(findings: Iterable[Finding], reading: Reading) -> tuple[Finding, ...]:
    """Return findings with the titles of what they name.

    Args:
        findings: the findings.
        reading: the pack.
    """
    several = tuple(findings)
    if not any(NAMING_CODES.fullmatch(each.id) for each in several):
        return several
    titled = [each for each in iter_elements(reading.drafts) if each.title is not None]
    paths = {each.path: each for each in titled}
    files: dict[str, dict[str, list[Element]]] = {}
    for each in titled:
        files.setdefault(each.span.file, {}).setdefault(each.name, []).append(each)

    def titles_of(finding: Finding) -> Mapping[str, Wording]:
        own = files.get(finding.span.file, {})
        found: dict[str, Wording] = {}
        for name in QUOTED_NAME.findall(finding.wording.en):
            element = choose(own.get(name, ()), finding) or paths.get(name)
            if element is not None and element.title is not None:
                found[name] = element.title
        return found

    return tuple(
        replace(each, titles=titles_of(each)) if NAMING_CODES.fullmatch(each.id) else each
        for each in several
    )


def choose(elements: Iterable[Element], finding: Finding) -> Element | None:
    """Return the element that a finding means among those of one name in its file, or `None`."""
    several = tuple(elements)
    here = [each for each in several if each.span == finding.span]
    return here[0] if here else several[0] if len(several) == 1 else None
