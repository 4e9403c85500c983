"""`telecom-rules init`: start a pack that extends the shipped one, in a new folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.status import CLEAN, NOT_CHECKED, ExitStatus, UsageError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen


NAME = "init"
SUMMARY = "start a pack of house rules on top of the shipped pack, in a new folder"
EXAMPLE = "telecom-rules init house_rules/"

PACK_FILE = """\
# What the house changes and adds; everything else is as the pack below says it.
pack: {name}
version: 0.1.0
title: {{zh: 本企业服务规则, en: House rules}}
extends: {{pack: telecom_rules, version: "{versions}"}}
"""
HANDBOOK_FILE = """\
# What the house has decided or promised itself: its rules cite these clauses, as others the law.
source: handbook
title: {zh: 服务手册, en: Handbook}
kind: rule
clauses:
  "1": {title: {zh: 本企业的设置, en: Settings of the house}}
  "2": {title: {zh: 本企业的服务承诺, en: Promises of the house}}
"""
THERE_ALREADY = Wording(
    "`{path}` 已有内容；请给出新文件夹", "there is something at `{path}`; name a new folder"
)
BAD_NAME = Wording(
    "文件夹名 `{name}` 不能作为规则包名称；请用小写英文字母、数字和 `_`，以字母开头",
    "the name `{name}` of the folder cannot name a pack; use lower-case letters, digits and `_`,"
    " a letter first",
)
WRITTEN = Wording("已写入 {file}", "wrote {file}")
NEXT = Wording(
    "接下来：`telecom-rules validate {path}`；改写写作 `override: parameters.名称`",
    "next: `telecom-rules validate {path}`; a change begins with `override: parameters.NAME`",
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", help="the folder to make; its name is the pack's")


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Write the files, and say what comes next."""
    from telecom_rules.documents.scalars import IDENTIFIER_PATTERN

    folder = Path(arguments.path)
    name = folder.resolve().name
    if not IDENTIFIER_PATTERN.fullmatch(name):
        raise UsageError(BAD_NAME.fill(name=name))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        screen.complain_line(THERE_ALREADY.fill(path=arguments.path).say(screen.language))
        return NOT_CHECKED
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "pack.yaml": PACK_FILE.format(name=name, versions=find_versions()),
        "handbook.yaml": HANDBOOK_FILE,
    }
    for file, text in texts.items():
        path = folder / file
        path.write_text(text, encoding="utf-8")
        screen.say(WRITTEN.fill(file=path.as_posix()))
    screen.say(NEXT.fill(path=arguments.path))
    return CLEAN


def find_versions() -> str:
    """Return the range of the shipped pack's versions that begin with the same two numbers."""
    from telecom_rules.pack import find_shipped
    from telecom_rules.pack.overlay.layers import identify

    _, version = identify(find_shipped("rules"))
    major, minor, *_ = (*version.split("."), "0")
    return f">={version},<{major}.{int(minor) + 1}"
