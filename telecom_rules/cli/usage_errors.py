"""What argparse says of a wrong command line, in Chinese: it only speaks English itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LANGUAGE = "--language"
LIST = re.compile(r"'([^']*)'|([^\s,'()]+)")
"""A word of a list, in quotes or not: that depends on the release of Python."""


def wants_chinese(arguments: Sequence[str]) -> bool:
    """Return whether a command line asks for Chinese, however wrong the rest of it is."""
    for at, each in enumerate(arguments):
        name, sign, value = each.partition("=")
        if name == LANGUAGE:
            asked = value if sign else "".join(arguments[at + 1 : at + 2])
            return asked.lower().startswith("zh")
    return False


def translate(message: str) -> str:
    """Return a message of argparse in Chinese; one that is not known as it is."""
    for pattern, write in MESSAGES:
        match = pattern.fullmatch(message)
        if match is not None:
            return write(match)
    return message


def join(words: str) -> str:
    """Return the words of a list as Chinese lists them."""
    return "、".join(quoted or plain for quoted, plain in LIST.findall(words))


MESSAGES: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = (
    (
        re.compile(r"unrecognized arguments: (.*)", re.DOTALL),
        lambda match: f"没有 `{match[1]}` 这个参数",
    ),
    (
        re.compile(r"the following arguments are required: (.*)"),
        lambda match: f"缺少参数：{join(match[1])}",
    ),
    (
        re.compile(
            r"argument ([^:]*): invalid choice: '(.*)' "
            r"\(choose from (.*)\)",
            re.DOTALL,
        ),
        lambda match: f"{match[1]}：没有 `{match[2]}`，可选：{join(match[3])}",
    ),
    (
        re.compile(r"argument ([^:]*): expected one argument"),
        lambda match: f"{match[1]}：应带一个值",
    ),
    (
        re.compile(r"argument ([^:]*): expected at least one argument"),
        lambda match: f"{match[1]}：至少应带一个值",
    ),
    (
        re.compile(r"argument ([^:]*): not allowed with argument (.*)"),
        lambda match: f"{match[1]}：不能与 {match[2]} 同用",
    ),
    (
        re.compile(r"argument ([^:]*): ignored explicit argument '(.*)'", re.DOTALL),
        lambda match: f"{match[1]}：不带值，却给了 `{match[2]}`",
    ),
    (
        re.compile(r"(?:ambiguous option: )(\S+) could match (.*)"),
        lambda match: f"`{match[1]}` 不明确，可能是：{join(match[2])}",
    ),
)
"""What argparse says, with how it is said in Chinese."""
