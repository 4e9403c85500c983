"""A baseline: the findings that an old pack is allowed to keep for now, in a file.

Whoever adopts the tool on a pack with a hundred findings writes them down once, and from then on
reads of new ones only. A finding is known by its fingerprint, which does not depend on the number
of its line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings.fingerprints import fingerprint
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings import Finding

FORMAT = 1
"""The version of the file's format."""
LARGEST_FILE = 20_000_000
"""Bytes of a baseline."""
NOT_A_BASELINE = Wording(
    "`{path}` 不是基线文件：{why}；可用 `telecom-rules validate --write-baseline {path}` 重新生成",
    "`{path}` is not a baseline: {why}; write it anew with "
    "`telecom-rules validate --write-baseline {path}`",
)
NOT_JSON = Wording("不是 JSON", "it is not JSON")
OTHER_FORMAT = Wording(
    "其格式版本为 {found}，而不是 {format}", "its format is {found} and not {format}"
)
WRONG_SHAPE = Wording("内容不完整", "it is not complete")
TOO_LARGE = Wording("文件过大", "it is too large")


class BaselineError(TelecomRulesError):
    """A file is not a baseline of this format.

    Attributes:
        path: the file as it was named.
    """

    code = "baseline"

    def __init__(self, path: str, why: Wording) -> None:
        super().__init__(NOT_A_BASELINE.fill(path=shorten(path), why=why))
        self.path = path


class Known(NamedTuple):
    """A finding of a baseline.

    Attributes:
        code: its code.
        file: its file, told from the folder of the pack.
        fingerprint: what it is known by.
    """

    code: str
    file: str
    fingerprint: str


class Division(NamedTuple):
    """Findings divided by a baseline.

    Attributes:
        new: those that it does not have.
        known: those that it has.
        gone: what it has and nobody finds any more.
    """

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Known, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Findings that are known.

    Attributes:
        known: the findings, in the order of their places.
    """

    known: tuple[Known, ...]

    @classmethod
    def of(cls, findings: Sequence[Finding], texts: Mapping[str, str]) -> Self:
        """Return the baseline that knows some findings.

        Args:
            findings: the findings of a validation.
            texts: the text of each file by its name.
        """
        marks = fingerprint(findings, texts)
        pairs = zip(findings, marks, strict=True)
        return cls(tuple(Known(each.id, each.span.file, mark) for each, mark in pairs))

    @classmethod
    def parse(cls, data: bytes, path: str) -> Self:
        """Return the baseline of a file.

        Args:
            data: the file.
            path: its name, for errors.

        Raises:
            BaselineError: it is not a baseline of this format.
        """
        if len(data) > LARGEST_FILE:
            raise BaselineError(path, TOO_LARGE)
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            raise BaselineError(path, NOT_JSON) from None
        found = document.get("baseline") if isinstance(document, dict) else None
        if found != FORMAT or isinstance(found, bool):
            told = shorten(json.dumps(found, ensure_ascii=False))
            raise BaselineError(path, OTHER_FORMAT.fill(found=told, format=FORMAT))
        entries = document.get("findings")
        if not isinstance(entries, list) or not all(is_entry(each) for each in entries):
            raise BaselineError(path, WRONG_SHAPE)
        return cls(tuple(Known(*(each[key] for key in Known._fields)) for each in entries))

    def dump(self) -> str:
        """Return the text of its file: JSON, a finding a line, so that a change is a short diff."""
        lines = (json.dumps(each._asdict(), ensure_ascii=False) for each in self.known)
        inside = ",\n".join(f"    {line}" for line in lines)
        return f'{{\n  "baseline": {FORMAT},\n  "findings": [\n{inside}\n  ]\n}}\n'

    def divide(self, findings: Sequence[Finding], texts: Mapping[str, str]) -> Division:
        """Return which of some findings are new, which are known, and what is gone.

        Args:
            findings: the findings of a validation.
            texts: the text of each file by its name.
        """
        marks = fingerprint(findings, texts)
        mine, theirs = {each.fingerprint for each in self.known}, frozenset(marks)
        pairs = tuple(zip(findings, marks, strict=True))
        return Division(
            tuple(each for each, mark in pairs if mark not in mine),
            tuple(each for each, mark in pairs if mark in mine),
            tuple(each for each in self.known if each.fingerprint not in theirs),
        )


def is_entry(value: object) -> bool:
    """Tell whether a JSON value has the parts of a known finding."""
    return isinstance(value, dict) and all(isinstance(value.get(key), str) for key in Known._fields)
