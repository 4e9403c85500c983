"""Strict readers of the diagrams that we write: what is not a statement of ours is an error.

Sources: the lexer of stateDiagram-v2 in mermaid-js/mermaid; "The DOT Language" of graphviz.org.
"""

from __future__ import annotations

import re

NAME = r"[a-z][a-z0-9_]*"
TEXT = r"(?:[^][#;:\"'`{}<>&%$\\|*_~\s]|\ (?=\S)|\#[0-9]+;)+"
"""A text in Mermaid: no character with a meaning, but for entities by number."""
STATEMENTS = {
    "comment": rf"%%\ (?P<name>{NAME})(?:,\ staying:)?\ (?P<text>{TEXT})",
    "title": rf"state\ \"(?P<text>{TEXT})\"\ as\ (?P<name>{NAME})",
    "open": rf"state\ (?P<name>{NAME})\ \{{",
    "close": r"\}",
    "region": r"--",
    "line": rf"(?P<name>{NAME})\ :\ (?P<text>{TEXT})",
    "arrow": rf"(?P<name>{NAME})\ -->\ (?P<to>{NAME})\ :\ (?P<text>{TEXT})",
    "start": rf"\[\*\]\ -->\ (?P<name>{NAME})",
    "end": rf"(?P<name>{NAME})\ -->\ \[\*\]",
}
DOT_TOKEN = re.compile(
    r'\s*(?:("(?:[^"\\]|\\.)*")|(->|[{}\[\];,=])|([A-Za-z_][A-Za-z_0-9]*|[0-9]+))'
)


def read_mermaid(text: str) -> list[tuple[str, dict[str, str]]]:
    """Return the statements of a diagram, each with its names and its text, entities undone."""
    head, *lines = text.removesuffix("\n").split("\n")
    assert head == "stateDiagram-v2"
    statements = []
    for line in lines:
        kind, match = next(
            (kind, match)
            for kind, pattern in STATEMENTS.items()
            if (match := re.fullmatch(pattern, line.lstrip(" "), re.VERBOSE))
        )
        parts = {key: undo_entities(value) for key, value in match.groupdict().items()}
        statements.append((kind, parts))
    return statements


def undo_entities(text: str) -> str:
    """Return a text of Mermaid as it is shown."""
    return re.sub(r"#([0-9]+);", lambda found: chr(int(found[1])), text)


def read_dot(text: str) -> list[tuple[str, ...]]:
    """Return the statements of a graph: the tokens of each, strings unquoted and marked by `"`."""
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = DOT_TOKEN.match(stripped, at)
        assert match is not None, stripped[at : at + 40]
        assert match.end() > at
        tokens.append(unquote_dot(match[1]) if match[1] is not None else match[0].strip())
        at = match.end()
    statements, statement, depth = [], [], 0
    for token in tokens:
        if token in {";", "{", "}"}:
            statements.append((*statement, token))
            statement = []
            depth += {"{": 1, "}": -1}.get(token, 0)
        else:
            statement.append(token)
    assert (depth, statement) == (0, [])
    return statements


def unquote_dot(text: str) -> str:
    """Return what a quoted string of DOT stands for, after a `"` that no other token has."""
    inside = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text[1:-1])
    return '"' + inside.replace("&lt;", "<").replace("&amp;", "&")
