"""Writes what the pages take from the code and the rules: `make docs`.

That is the page of codes, the pages about the content of the rules, and the output behind every
example of every page. Tests compare the committed pages with what this writes today.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from content_pages import content_pages
from subject_pages import subject_pages
from worked_examples import rendered

from telecom_rules.findings import CODES
from telecom_rules.findings.pages import read_page
from telecom_rules.values.registered import PACKS

if TYPE_CHECKING:
    from telecom_rules.findings import Code

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
CONTENT = ROOT / "docs" / "content"
CODES_PAGE = ROOT / "docs" / "reference" / "codes.md"
FIRST_PAGES = tuple(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))
PAGES = (*FIRST_PAGES, *sorted((ROOT / "docs").rglob("*.md")))
"""Every page whose examples run."""

GROUPS = {
    "0": "Files and YAML",
    "1": "Structure",
    "2": "Expressions and types",
    "3": "Reachability and liveness",
    "4": "Tables",
    "5": "Clauses and references",
    "6": "Dates in force",
    "7": "Scenarios, properties and strictness",
    "8": "Documents of other formats",
    "9": "Style",
}

CODES_INTRO = """\
<!-- written by docs/generate.py: run `make docs` -->
# Codes of findings

A code is stable and never used again for something else. A warning fails nothing. An error makes
`telecom-rules validate` fail and keeps the pack from loading, except where the pack works all the
same: TR504 and 3xx. Words in braces stand for what was found.
"""


def codes_page() -> str:
    """Return the page of all codes, group by group."""
    parts = [CODES_INTRO]
    known = sorted(CODES.values(), key=lambda code: code.id)
    for digit, codes in groupby(known, key=lambda code: code.id[2]):
        group = [*codes]
        parts.append(f"\n## {digit}xx: {GROUPS[digit]}\n")
        parts.append("\n| code | | what is wrong | what to do |\n|---|---|---|---|\n")
        parts.extend(map(row, group))
        parts.extend(map(section, group))
    return "".join(parts)


def row(code: Code) -> str:
    """Return the line of a table that tells one code."""
    help_ = f"{code.help.en}<br>{code.help.zh}" if code.help else ""
    cells = (
        f"[`{code.id}`](#{code.id.lower()})<br>{code.name}",
        code.severity.value,
        f"{code.message.en}<br>{code.message.zh}",
        help_,
    )
    return "| " + " | ".join(map(plain, cells)) + " |\n"


def section(code: Code) -> str:
    """Return the section of one code: why it matters, and its two examples."""
    page = read_page(code.id)
    examples = "".join(
        f"\n{words}:\n\n```yaml\n{text}```\n"
        for words, text in ((f"Wrong, in `{page.file}`", page.wrong), ("Right", page.right))
    )
    return f"\n### {code.id}\n\n{page.why.en}\n\n{page.why.zh}\n{examples}"


def plain(template: str) -> str:
    """Return a text of the catalogue as the cell of a table shows it."""
    return template.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


def main() -> None:
    """Write every page."""
    CODES_PAGE.write_text(codes_page(), encoding="utf-8")
    for name, text in content_pages(RULES).items():
        (CONTENT / name).write_text(text, encoding="utf-8")
    for path, text in subject_pages(RULES).items():
        path.write_text(text, encoding="utf-8")
    for page in PAGES:
        with TemporaryDirectory() as folder:
            page.write_text(rendered(page, Path(folder)), encoding="utf-8")
        PACKS.clear()  # what one page registers is at hand on no other


if __name__ == "__main__":
    main()
