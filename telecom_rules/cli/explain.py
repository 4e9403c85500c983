"""`telecom-rules explain`: what a code means, why it matters, and a wrong and a right example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, ExitStatus
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen


NAME = "explain"
SUMMARY = "tell what a code of a finding means, with a wrong and a right example"
EXAMPLE = "telecom-rules explain TR404"
CODE = Wording("代码", "code")
PLACEHOLDER = re.compile(r"\{\w+\}")
WHY = Wording("原因", "Why it matters")
WRONG = Wording("错误示例（{file}）", "Wrong ({file})")
RIGHT = Wording("正确示例", "Right")
REMEDY = Wording("建议：{text}", "help: {text}")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("code", metavar="CODE", help="the code, such as TR404, or its name")


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Print the page of a code."""
    from telecom_rules.errors import UnknownName
    from telecom_rules.findings.codes import CODES
    from telecom_rules.findings.frame import SEVERITIES
    from telecom_rules.findings.pages import read_page
    from telecom_rules.suggestions import find_nearest

    names = {each.name: each for each in CODES.values()}
    wanted = arguments.code
    code = CODES.get(wanted.upper()) or names.get(wanted.lower())
    if code is None:
        raise UnknownName(CODE, wanted, find_nearest(wanted, [*CODES, *names]))
    page = read_page(code.id)
    title = f"{code.id} {code.name} ({SEVERITIES[code.severity].say(screen.language)})"
    screen.write_line(screen.paint(title, "bold"))
    screen.write_line(fill_places(code.message.say(screen.language)))
    if code.help is not None:
        screen.write_line(fill_places(REMEDY.fill(text=code.help).say(screen.language)))
    screen.write_title(WHY)
    screen.say(page.why)
    for title_, text in ((WRONG.fill(file=page.file), page.wrong), (RIGHT, page.right)):
        screen.write_title(title_)
        for line in text.rstrip("\n").split("\n"):
            screen.write_line(f"  {line}")
    return CLEAN


def fill_places(text: str) -> str:
    """Return a text of the catalogue with dots where a finding names something."""
    return PLACEHOLDER.sub("…", text.replace("{{", "{").replace("}}", "}"))
