"""The page of each code: why it matters, and a wrong and a right example.

A page is a file of YAML beside this one, named after its code. Its examples are run by a test
against the pack of `tests/pack/house.py`: the wrong one yields this finding, the right one none.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import yaml

from telecom_rules.wording import Wording

LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The fastest there is: both read our own pages alike."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a code.

    Attributes:
        why: why it matters, in two or three sentences.
        file: the name of the file of the examples.
        wrong: an example that has the finding.
        right: the same, mended.
    """

    why: Wording
    file: str
    wrong: str
    right: str


def read_page(code: str) -> Page:
    """Return the page of a code.

    Args:
        code: a code of the catalogue, such as `TR204`.

    Raises:
        FileNotFoundError: there is no page of it.
    """
    text = files(__name__).joinpath(f"{code}.yaml").read_text(encoding="utf-8")
    page = yaml.load(text, LOADER)  # noqa: S506 - both are safe ones
    why = Wording(page["why"]["zh"], page["why"]["en"])
    return Page(why, page["file"], page["wrong"], page["right"])
