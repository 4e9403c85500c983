"""What a finding is known by from one run to the next, though its line has moved.

GitLab, GitHub and a baseline each ask whether a finding is new. Its code, its file and the marked
line say so; the number of the line does not, or every line above would make all below it new.
Source: SARIF 2.1.0, section 3.27.17 (`partialFingerprints`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING

from telecom_rules.findings.frame import split_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from telecom_rules.findings import Finding


def fingerprint(findings: Sequence[Finding], texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return a fingerprint for each finding: 64 hexadecimal digits, all of them different.

    Args:
        findings: the findings, in the order of their places.
        texts: the text of each file by its name.
    """
    lines = split_files({each.span.file for each in findings}, texts)
    seen: Counter[tuple[str, str, str, str]] = Counter()
    found: list[str] = []
    for each in findings:
        file = lines.get(each.span.file, ())
        line = file[each.span.line - 1].strip() if each.span.line <= len(file) else ""
        key = (each.id, each.span.file, line, each.untitled.en)
        seen[key] += 1
        # As ASCII, because a file may hold what has no bytes in UTF-8.
        text = json.dumps([*key, seen[key]])
        found.append(hashlib.sha256(text.encode("ascii")).hexdigest())
    return tuple(found)
