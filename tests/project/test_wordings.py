"""The texts of the package in Chinese are set as Chinese is: with its own punctuation."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HAN = "\u4e00-\u9fff"
CODE = re.compile("`[^`]*`")
HALF_WIDTH = re.compile(f"[{HAN}}}][,;:!?(]|[,;:!?)][{HAN}]")
"""Punctuation of Latin script beside a Chinese character or a value put into a text."""


def iter_chinese(path: Path) -> Iterator[tuple[int, str]]:
    """Yield each text with a Chinese character in it that stands beside one without, by line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        parts = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
        texts = [each.value for each in parts if isinstance(each, ast.Constant)]
        for text in texts:
            if isinstance(text, str) and re.search(f"[{HAN}]", text):
                yield node.lineno, CODE.sub("", text)


def test_chinese_texts_have_chinese_punctuation(root: Path) -> None:
    found = [
        (path.name, line, text)
        for path in sorted((root / "telecom_rules").rglob("*.py"))
        for line, text in iter_chinese(path)
        if HALF_WIDTH.search(text)
    ]
    assert found == []
