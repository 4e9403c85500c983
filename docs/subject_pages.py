"""Writes what the page of each subject in `rules/` says of its rules.

A page is `rules/<subject>/README.md`. What stands above the mark is written by people; what stands
below it comes from the pack alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from content_pages import codes

from telecom_rules.pack import MatterDefinition, read
from telecom_rules.pack.elements import iter_roots
from telecom_rules.policies import PolicyDefinition
from telecom_rules.reports.markdown import escape_text, quote_code, write_row
from telecom_rules.vocabulary import Confidence, ParameterDefinition, ParameterKind
from telecom_rules.workflows import WorkflowDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from telecom_rules.pack import Pack, Reading
    from telecom_rules.pack.elements import Element
    from telecom_rules.vocabulary import Parameter, ParameterValue
    from telecom_rules.wording import Wording

__all__ = ["subject_pages"]

MARK = "<!-- written by docs/generate.py from here on: run `make docs` -->\n"
PAGE = "README.md"
ACTING = (WorkflowDefinition, PolicyDefinition, MatterDefinition)
SPECIFICATION = "spec"


def subject_pages(rules: Path) -> dict[Path, str]:
    """Return each page about a subject of the pack in `rules` by its place."""
    reading = read(rules)
    pack = reading.require_pack()
    return {
        page: head_of(page) + MARK + "".join(f"{line}\n" for line in lines_of(page, reading, pack))
        for page in sorted(rules.glob(f"*/{PAGE}"))
    }


def head_of(page: Path) -> str:
    """Return what people have written on a page."""
    return page.read_text(encoding="utf-8").partition(MARK)[0]


def lines_of(page: Path, reading: Reading, pack: Pack) -> Iterator[str]:
    """Yield what is generated of a page."""
    folder = page.parent.name
    roots = [each for each in iter_roots(reading.drafts) if each.span.file.startswith(f"{folder}/")]
    yield from answers(roots)
    figures = [each for each in roots if isinstance(each.definition, ParameterDefinition)]
    yield from reviews([pack.parameters[each.name] for each in figures])


def answers(roots: list[Element]) -> Iterator[str]:
    """Yield the workflows and policies of a subject with the clauses of the specification."""
    acting = [
        (each, each.definition.title) for each in roots if isinstance(each.definition, ACTING)
    ]
    if not acting:
        return
    yield ""
    yield "## 回答什么 · What it answers"
    yield ""
    yield "| | 名称 | title | 规范书条款 · clauses of the specification |"
    yield "|---|---|---|---|"
    for each, title in acting:
        clauses = {
            str(cite).partition(":")[2]: None
            for element in each.walk()
            for cite in element.cites
            if str(cite).partition(":")[0] == SPECIFICATION
        }
        kind = f"{escape_both(each.kind)} {quote_code(each.name)}"
        yield write_row(kind, *map(escape_text, title), codes(clauses))


def escape_both(wording: Wording) -> str:
    """Return a text in both languages, as a cell shows it."""
    return " · ".join(map(escape_text, wording))


def reviews(parameters: list[Parameter]) -> Iterator[str]:
    """Yield the figures of a subject that are settings, or that are not of high confidence."""
    rows = [
        (parameter, value)
        for parameter in parameters
        for value in parameter.values
        if parameter.kind is ParameterKind.SETTING
        or value.confidence is not Confidence.HIGH
        or value.interpretation
    ]
    if not rows:
        return
    yield ""
    yield "## 先核对这些 · What to review first"
    yield ""
    yield "| | 名称 | title | 数值 · value | 把握 · confidence |"
    yield "|---|---|---|---|---|"
    for parameter, value in rows:
        yield review(parameter, value)


def review(parameter: Parameter, value: ParameterValue) -> str:
    """Return the line of one figure."""
    return write_row(
        quote_code(parameter.name),
        *map(escape_text, parameter.title),
        f"{escape_both(value.wording)}, {value.since}",
        escape_both(value.assurance),
    )
