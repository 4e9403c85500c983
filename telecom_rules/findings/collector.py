"""The findings of one reading while they are collected."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from telecom_rules.findings.codes import Severity
from telecom_rules.findings.finding import Finding, Related
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, join_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from telecom_rules.findings.finding import Span

T = TypeVar("T")
N = TypeVar("N", bound=str)

MOST_SUGGESTIONS = 50
"""Findings of one reading that get a near miss: looking for one costs more than the rest."""
MOST_OF_FILE = 100
"""Findings of one file that are listed."""
MOST_OF_ALL = 1_000
"""Findings of one reading that are listed."""
MOST_NAMES_LISTED = 12
"""Known names that a finding lists."""
MOST_CHARACTERS = 60
"""Characters of a name that a finding quotes."""

FIRST_DEFINED_HERE = Wording("首次定义于此", "first defined here")
DEFINED_HERE = Wording("`{name}` 定义于此", "`{name}` is defined here")


class Name(Protocol):
    """A name as written in a file: a text with its place, such as `documents.Word`."""

    span: Span

    def __str__(self) -> str: ...


class Findings(list[Finding]):
    """A list of findings, with a verb for each mistake that many readers report."""

    @property
    def has_errors(self) -> bool:
        """Whether one of the findings is an error."""
        return any(each.severity is Severity.ERROR for each in self)

    def add(
        self,
        code: str,
        span: Span,
        *,
        suggestion: str | None = None,
        related: tuple[Related, ...] = (),
        notes: tuple[Wording, ...] = (),
        **values: object,
    ) -> None:
        """Report a mistake.

        Args:
            code: the code, such as `TR102`.
            span: where it is.
            suggestion: the word most likely meant.
            related: other places that explain it.
            notes: further lines.
            **values: what the code's texts name in braces.
        """
        self.append(Finding(code, span, values, suggestion, related, notes))

    def missing(self, span: Span, key: str) -> None:
        """Report that a key is missing (TR101)."""
        self.add("TR101", span, key=key)

    def misused(
        self, span: Span, what: Wording, *, suggestion: str | None = None, **values: object
    ) -> None:
        """Report a mistake that has no code of its own (TR120), as `what` says it."""
        self.add("TR120", span, what=what.fill(**values) if values else what, suggestion=suggestion)

    def unknown(self, name: Name, kind: Wording, known: Iterable[str]) -> None:
        """Report a name that nothing of its kind has (TR113), with the name most likely meant."""
        names = tuple(known)
        meant = self.nearest(str(name), names)
        self.add(
            "TR113",
            name.span,
            kind=kind,
            name=str(name)[:MOST_CHARACTERS],
            known=join_names(names, MOST_NAMES_LISTED),
            suggestion=meant,
            related=find_definition(meant, names),
        )

    def find(self, name: Name, kind: Wording, known: Mapping[N, T]) -> T | None:
        """Return what `name` names among `known`, or report it as unknown and return `None`."""
        key = cast("N", str(name))  # a name equals its text, whichever of them is the key
        if key in known:
            return known[key]
        self.unknown(name, kind, known)
        return None

    def duplicate(self, name: Name, first: Name, kind: Wording) -> None:
        """Report a name that was defined before (TR112)."""
        related = (Related(first.span, FIRST_DEFINED_HERE),)
        self.add("TR112", name.span, kind=kind, name=str(name), related=related)

    def drop_duplicates(
        self, definitions: Iterable[T], name_of: Callable[[T], Name], kind: Wording
    ) -> list[T]:
        """Return the first definition of each name, and report the others as duplicates."""
        first: dict[str, Name] = {}
        kept: list[T] = []
        for each in definitions:
            name = name_of(each)
            if str(name) in first:
                self.duplicate(name, first[str(name)], kind)
            else:
                first[str(name)] = name
                kept.append(each)
        return kept

    def nearest(self, word: str, known: Iterable[str]) -> str | None:
        """Return the near miss of `word`, unless there are too many findings to look for more."""
        return find_nearest(word, known) if len(self) < MOST_SUGGESTIONS else None


def cap_findings(
    findings: Iterable[Finding], *, of_file: int = MOST_OF_FILE, of_all: int = MOST_OF_ALL
) -> tuple[Finding, ...]:
    """Return as many findings as anybody reads, in the order of their places.

    What is left out of a file, or of all files of which nothing is kept, is counted in one more
    finding (TR029) where it begins. Errors are kept before warnings, so that what keeps a pack from
    loading is always told.

    Args:
        findings: the findings, in any order.
        of_file: the most that are kept of one file.
        of_all: the most that are kept altogether.
    """
    every = sorted(findings, key=lambda each: each.span)
    if len(every) <= min(of_file, of_all):
        return tuple(every)
    kept: list[Finding] = []
    left_out: dict[str, list[Finding]] = {}
    counts: Counter[str] = Counter()
    for each in sorted(every, key=lambda each: each.severity is not Severity.ERROR):
        if len(kept) < of_all and counts[each.span.file] < of_file:
            counts[each.span.file] += 1
            kept.append(each)
        else:
            file = each.span.file if counts[each.span.file] else ""
            left_out.setdefault(file, []).append(each)
    for several in left_out.values():
        first = min(several, key=lambda each: each.span)
        kept.append(Finding("TR029", first.span, {"count": len(several)}))
    return tuple(sorted(kept, key=lambda each: each.span))


def find_definition(name: str | None, known: Iterable[str]) -> tuple[Related, ...]:
    """Return the place where `name` is defined, if the known names remember theirs."""
    word = next((each for each in known if each == name), None)
    span: Span | None = getattr(word, "span", None)
    return () if span is None else (Related(span, DEFINED_HERE.fill(name=word)),)
