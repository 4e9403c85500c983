"""`telecom-rules init`: start a pack, on the shipped one or of its own, in a new folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.cli.starters import OF_ITS_OWN, ON_BASE
from telecom_rules.cli.status import CLEAN, NOT_CHECKED, ExitStatus, UsageError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse

    from telecom_rules.cli.screen import Screen
    from telecom_rules.cli.starters import StarterFile
    from telecom_rules.wording import Language


NAME = "init"
SUMMARY = (
    "start a pack of house rules on top of the shipped pack, or one of its own, in a new folder"
)
EXAMPLE = "telecom-rules init house_rules/"

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
    "接下来：`telecom-rules validate {path}`、`telecom-rules test {path}`；"
    "改写写作 `override: parameters.名称`",
    "next: `telecom-rules validate {path}` and `telecom-rules test {path}`;"
    " a change begins with `override: parameters.NAME`",
)
NEXT_OF_ITS_OWN = Wording(
    "接下来：`telecom-rules validate {path}`、`telecom-rules test {path}`",
    "next: `telecom-rules validate {path}` and `telecom-rules test {path}`",
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", help="the folder to make; its name is the pack's")
    parser.add_argument(
        "--own",
        action="store_true",
        help="extend no pack: start with facts, a figure, a policy and a workflow",
    )


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
    for each in OF_ITS_OWN if arguments.own else ON_BASE:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_starter(each, name, screen.language), encoding="utf-8")
        screen.say(WRITTEN.fill(file=path.as_posix()))
    screen.say((NEXT_OF_ITS_OWN if arguments.own else NEXT).fill(path=arguments.path))
    return CLEAN


def write_starter(file: StarterFile, name: str, language: Language) -> str:
    """Return the text of a file for a pack of this name."""
    comment = "".join(f"# {line}\n" for line in file.comment.say(language).splitlines())
    text = file.text.replace("NAME", name).replace("LANGUAGE", language)
    if "VERSIONS" in text:
        text = text.replace("VERSIONS", find_versions())
    return comment + text


def find_versions() -> str:
    """Return the range of the shipped pack's versions that begin with the same two numbers."""
    from telecom_rules.pack import find_shipped
    from telecom_rules.pack.overlay.layers import identify

    _, version = identify(find_shipped("rules"))
    major, minor, *_ = (*version.split("."), "0")
    return f">={version},<{major}.{int(minor) + 1}"
