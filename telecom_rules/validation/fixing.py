"""Applies the fixes of a pack's findings until none is left, in memory: whoever asks may write.

A fix brings others to light, such as the second slip of a file that could not be read behind the
first, so the pack is validated again after each round. What a round made worse is taken back: a
line that is no YAML now, or begins with a key that nothing has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.documents import read
from telecom_rules.documents.characters import decode_for_display
from telecom_rules.findings import Findings
from telecom_rules.pack.files import find_pack, gather_files
from telecom_rules.validation.examination import examine
from telecom_rules.validation.fixes import add_fixes

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from telecom_rules.findings import Edit, Finding, Fix
    from telecom_rules.validation.examination import Validation

    Choose = Callable[[Validation], Iterable[Finding]]

MOST_ROUNDS = 50
"""Validations of one pack. Each but the last mends something, most packs need two or three."""
MOST_SLIPS = 500
"""Slips of YAML that are mended in one file before the pack is validated again."""
SYNTAX_CODES = frozenset({"TR004", "TR005", "TR008"})
"""Codes behind which a file is not read, or in part."""
WORSE_CODES = frozenset({"TR005", "TR007", "TR008", "TR013", "TR018", "TR020", "TR102"})
"""Codes that a fix must not bring to its line: nobody wrote what is there now."""


class FixedFile(NamedTuple):
    """A file that fixes change.

    Attributes:
        path: its path.
        before: its bytes.
        after: what its bytes become.
    """

    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What the fixes of a pack come to.

    Attributes:
        files: the files that they change, in the order of their names.
        count: the number of fixes.
        validation: what is left to be found once they are written.
    """

    files: tuple[FixedFile, ...]
    count: int
    validation: Validation


def fix(
    path: str | os.PathLike[str] | None = None,
    *,
    release: bool = False,
    unsafe: bool = False,
    choose: Choose = lambda validation: validation.findings,
) -> Fixed:
    """Return what the files of a pack become by the fixes of its findings. Nothing is written.

    Files of a base are never changed. A pack that loads means the same afterwards.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        release: whether unverified figures are findings, too.
        unsafe: whether to apply the fixes that are guesses.
        choose: returns the findings of a validation that are to be mended, by default all.

    Raises:
        ArgumentError: `path` is neither a text nor a path.
        PackNotFound: there is no pack at `path`.
    """
    root = find_pack(path)
    nothing = Findings()
    files = {**gather_files(root, nothing), **gather_files(root, nothing, scenarios=True)}
    now = dict(files)
    refused: set[tuple[str, str, str]] = set()
    count = 0
    validation = examine(path, release=release)
    for _ in range(MOST_ROUNDS):
        chosen = [
            each
            for each in choose(validation)
            if each.fix is not None
            and (unsafe or each.fix.is_safe)
            and each.span.file in now
            and mark_of(each, now) not in refused
        ]
        if not chosen:
            break
        applied, changed = apply_round(chosen, now)
        after = examine(path, release=release, unsaved={**now, **changed})
        worse = find_worse(applied, validation, after)
        if worse:
            refused |= {mark_of(each, now) for each in worse}
            continue
        count += len(applied)
        now |= changed
        validation = after
    return Fixed(
        files=tuple(
            FixedFile(root / name, data, now[name])
            for name, data in sorted(files.items())
            if now[name] != data
        ),
        count=count,
        validation=withdraw(validation, refused, now),
    )


def withdraw(
    validation: Validation, refused: AbstractSet[tuple[str, str, str]], files: Mapping[str, bytes]
) -> Validation:
    """Return a validation that does not offer the fixes that were tried and taken back."""
    findings = tuple(
        replace(each, fix=None)
        if each.fix is not None and each.span.file in files and mark_of(each, files) in refused
        else each
        for each in validation.findings
    )
    return replace(validation, findings=findings)


def mark_of(finding: Finding, files: Mapping[str, bytes]) -> tuple[str, str, str]:
    """Return what a finding is known by though lines above it come and go."""
    lines = files[finding.span.file].decode("utf-8", "replace").split("\n")
    return finding.id, finding.span.file, lines[finding.span.line - 1]


def apply_round(
    findings: Sequence[Finding], files: Mapping[str, bytes]
) -> tuple[list[Finding], dict[str, bytes]]:
    """Return the findings whose fixes are applied, and the files that they change."""
    applied: list[Finding] = []
    changed: dict[str, bytes] = {}
    for name in {each.span.file for each in findings}:
        mine = [*pick_apart(each for each in findings if each.span.file == name)]
        data = apply_edits(files[name], (edit for each in mine for edit in edits_of(each.fix)))
        applied += mine
        if any(each.id in SYNTAX_CODES for each in mine):
            slips, data = mend_syntax(data, name)
            applied += slips
        changed[name] = data
    return applied, changed


def edits_of(fix: Fix | None) -> tuple[Edit, ...]:
    """Return the edits of a fix."""
    return () if fix is None else fix.edits


def pick_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of a file whose fixes do not overlap; the others wait."""
    taken: list[Edit] = []
    for each in findings:
        edits = edits_of(each.fix)
        if not any(overlap(one, other) for one in edits for other in taken):
            taken += edits
            yield each


def overlap(one: Edit, other: Edit) -> bool:
    """Tell whether two edits share a character."""
    first, second = sorted((one.span, other.span))
    return (second.line, second.column) < (first.end_line, first.end_column)


def mend_syntax(data: bytes, name: str) -> tuple[list[Finding], bytes]:
    """Return the slips of YAML in a file that are mended one after the other, and the file."""
    mended: list[Finding] = []
    found = find_slip(data, name)
    while found is not None and len(mended) < MOST_SLIPS:
        new = apply_edits(data, edits_of(found.fix))
        following = find_slip(new, name)
        if following is not None and following.span <= found.span:
            break
        mended.append(found)
        data, found = new, following
    return mended, data


def find_slip(data: bytes, name: str) -> Finding | None:
    """Return the first slip of YAML in a file that has a safe fix."""
    findings = Findings()
    read(data, name, findings)
    slips = (each for each in findings if each.id in SYNTAX_CODES)
    fixed = add_fixes(slips, {name: decode_for_display(data)})
    return next((each for each in fixed if each.fix is not None and each.fix.is_safe), None)


def find_worse(
    applied: Sequence[Finding], before: Validation, after: Validation
) -> tuple[Finding, ...]:
    """Return the findings whose fixes made something worse, or changed a pack that loads."""
    if before.pack is not None and (after.pack is None or after.pack.digest != before.pack.digest):
        return tuple(applied)
    known = {(each.id, each.span.file, each.span.line) for each in before.findings}
    new = {
        (each.span.file, each.span.line)
        for each in after.findings
        if each.id in WORSE_CODES and (each.id, each.span.file, each.span.line) not in known
    }
    same = {(each.id, each.span) for each in after.findings}
    return tuple(
        each
        for each in applied
        if (each.span.file, each.span.line) in new or (each.id, each.span) in same
    )


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the bytes of a file with some places written anew.

    A byte order mark and the ends of lines stay as they are.

    Args:
        data: the file, in UTF-8.
        edits: what is to stand where; no two places overlap.
    """
    text = data.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    starts = [0]
    for line in text.split("\n")[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    starts.append(len(text) + 1)
    for each in sorted(edits, key=lambda each: each.span, reverse=True):
        span = each.span
        start = starts[span.line - 1] + span.column - 1
        end = starts[span.end_line - 1] + span.end_column - 1
        text = text[:start] + each.text + text[end:]
    return (mark + text).encode("utf-8")
