"""The error of a library that a host did not install."""

from __future__ import annotations

from telecom_rules.errors import TelecomRulesError
from telecom_rules.wording import Wording


class MissingExtra(TelecomRulesError, ImportError):
    """A function needs a library that an extra of this package installs.

    Attributes:
        extra: the extra to install.
    """

    code = "missing-extra"

    def __init__(self, extra: str) -> None:
        super().__init__(
            Wording(
                "缺少可选组件 `{extra}`；请运行 pip install 'telecom-rules[{extra}]'",
                "the extra `{extra}` is missing: run pip install 'telecom-rules[{extra}]'",
            ).fill(extra=extra)
        )
        self.extra = extra
