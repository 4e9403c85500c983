"""Files with one mistake each, beside what is said of them in English and in Chinese.

The first line of a file says which file of the pack of `tests/pack/house.py` it takes the place of.
"""

from __future__ import annotations

from pathlib import Path

from telecom_rules.checks import check
from telecom_rules.pack import link
from telecom_rules.validation.suppressions import apply_suppressions
from tests.pack.house import house

FOLDER = Path(__file__).parent
NAMES = sorted(each.stem for each in FOLDER.glob("*.yaml"))


def tell(name: str) -> str:
    """Return the findings of the pack with a bad file, in English and in Chinese."""
    data = (FOLDER / f"{name}.yaml").read_bytes()
    first, _, _ = data.partition(b"\n")
    files = house() | {first.decode().removeprefix("# in "): data}
    reading = link(dict(sorted(files.items())))
    applied = apply_suppressions(reading.findings, check(reading), reading.texts)
    found = sorted((*applied.kept, *applied.problems), key=lambda each: (each.span, each.id))
    lines = [each.concise(language) for language in ("en", "zh") for each in found]
    return "".join(f"{line}\n" for line in lines)
