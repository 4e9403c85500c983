"""The result of an import: files of a pack, or every reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.findings import Severity, cap_findings
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings import Finding


MOST_IN_MESSAGE = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """The files of a pack that a document of another format was converted to.

    Attributes:
        files: the YAML of each file by its name in a pack, such as `workflows/repair.yaml`.
        findings: the parts that were added, changed or left out, each with its place.
    """

    files: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


class NotImportable(TelecomRulesError):
    """A document of another format contains something that a pack cannot express.

    Attributes:
        findings: every element that cannot be imported, with its place and the reason.
    """

    code = "not-importable"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        shown, rest = findings[:MOST_IN_MESSAGE], len(findings) - MOST_IN_MESSAGE
        super().__init__(
            Wording(
                "\n  ".join(["无法导入", *(each.concise("zh") for each in shown)])
                + (f"\n  另有 {rest} 处" if rest > 0 else ""),
                "\n  ".join(["it cannot be imported", *(each.concise("en") for each in shown)])
                + (f"\n  and {rest} more" if rest > 0 else ""),
            )
        )


def accept_findings(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings in the order of their places.

    Raises:
        NotImportable: one of them is an error.
    """
    if any(each.severity is Severity.ERROR for each in found):
        raise refuse_findings(found)
    return cap_findings(found)


def refuse_findings(found: Sequence[Finding]) -> NotImportable:
    """Return the error that lists the errors among the findings."""
    return NotImportable(cap_findings(each for each in found if each.severity is Severity.ERROR))
