"""What a code is: one kind of mistake.

Messages follow one style: no capital, no full stop, the user's words in backticks, one sentence;
what to do goes into the help.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from telecom_rules.wording import Wording


class Severity(StrEnum):
    """How bad a finding is: an error fails a validation, a warning does not.

    An error that is found while a pack is linked also stops it from loading.
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of mistake.

    Attributes:
        id: the stable code, such as `TR102`.
        name: the same for people who search, in kebab-case.
        severity: error or warning.
        message: what is wrong; `{braces}` name values of the finding.
        label: what to say under the marked text, if more than the message.
        help: what to do about it, if there is one thing to do.
    """

    id: str
    name: str
    severity: Severity
    message: Wording
    label: Wording | None = None
    help: Wording | None = None


def error(id: str, name: str, zh: str, en: str, *, help: tuple[str, str] | None = None) -> Code:
    """Return the entry of a mistake that has to be mended."""
    return Code(id, name, Severity.ERROR, Wording(zh, en), help=Wording(*help) if help else None)


def warning(id: str, name: str, zh: str, en: str, *, help: tuple[str, str] | None = None) -> Code:
    """Return the entry of a mistake that is worth mending and stops nothing."""
    return Code(id, name, Severity.WARNING, Wording(zh, en), help=Wording(*help) if help else None)
