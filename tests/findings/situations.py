"""What no text shows: too many bytes, files that are none, limits that are reached."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from telecom_rules.checks import properties, shadowed_transitions
from telecom_rules.checks.analysis import state_space
from telecom_rules.documents import NodeBudget
from telecom_rules.pack import files as packs
from tests.pack.house import HOUSE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

    from telecom_rules.workflows.engine.configuration import Configuration


def repeat(text: str, start: str, times: int) -> bytes:
    """Return a text with the line that starts so repeated under numbered names."""
    lines = text.splitlines(keepends=True)
    (at,) = (at for at, line in enumerate(lines) if line.lstrip().startswith(start))
    more = (lines[at].replace("id: high", f"id: high_{each}") for each in range(times))
    return "".join([*lines[: at + 1], *more, *lines[at + 1 :]]).encode()


def build_wildcards(text: str) -> bytes:
    """Return a workflow with many events, and many states with a wildcard."""
    events = "".join(f"  e{each}: {{title: {{zh: 事, en: E}}}}\n" for each in range(300))
    start, state = text.index("  open:\n"), text.index("  closed:")
    states = "".join(text[start:state].replace("open:", f"open_{each}:") for each in range(300))
    return (
        (text[:state] + states + text[state:]).replace("initial:", f"{events}initial:", 1).encode()
    )


BUILT: Mapping[str, Callable[[str], bytes]] = {
    "TR002": lambda text: text.encode() + b"#" * 1_000_000,
    "TR003": lambda text: text.encode("gbk"),
    "TR010": lambda text: text.replace("[[[[", "[" * 40).replace("]]]]", "]" * 40).encode(),
    "TR011": lambda text: f"{text}more: [{'a, ' * 100_000}a]\n".encode(),
    "TR012": lambda text: text.replace("very", "very" * 20_000).encode(),
    "TR127": lambda text: repeat(text, "- {id: high", 500),
    "TR128": lambda text: repeat(text, "- {target: closed, guard", 200),
    "TR129": build_wildcards,
    "TR803": lambda text: text.replace("<log/>", "<log/>" * 200_000).encode(),
    "TR028": lambda text: text.replace("# 50 000", "#\n" * 30_000 + "# 50 000").encode(),
    "TR029": lambda text: (text + "".join(f"wrong_{each}: 1\n" for each in range(120))).encode(),
}
"""How the bytes of a wrong example are made of its text, where they are too many to be shown."""


def lay_pipe(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a named pipe where a file should be."""
    os.mkfifo(folder / "parameters" / "pipe.yaml")


def lay_nothing(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Take the `pack.yaml` away."""
    (folder / "pack.yaml").unlink()


def lay_link(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a link that leads out of the pack."""
    outside = folder.parent / "elsewhere.yaml"
    outside.write_text("x: 1\n", encoding="utf-8")
    (folder / "parameters" / "link.yaml").symlink_to(outside)


def lay_deep_folder(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay folders inside one another."""
    folder.joinpath(*["a"] * (packs.MOST_FOLDERS + 1)).mkdir(parents=True)


def lay_odd_name(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a file whose name is not UTF-8."""
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.yaml")).write_text("x: 1\n", encoding="utf-8")


def lay_other_ending(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay a file under the name that Notepad gives it."""
    (folder / "parameters" / "fee.yaml.txt").write_text("parameter: fee\n", encoding="utf-8")


def allow_few_files(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow one file less than the pack has."""
    monkeypatch.setattr(packs, "MOST_FILES", len(HOUSE) - 1)


def allow_few_bytes(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow fewer bytes than the pack has."""
    monkeypatch.setattr(packs, "MOST_BYTES", 1_000)


def allow_few_entries(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow no more entries than the pack has folders."""
    monkeypatch.setattr(packs, "MOST_ENTRIES", 5)


def allow_few_nodes(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow fewer values than the pack has."""
    monkeypatch.setattr("telecom_rules.pack.drafts.NodeBudget", lambda: NodeBudget(nodes=60))


def lay_long_row(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay policies that ask one another in a row."""
    text = (folder / "policies" / "grading.yaml").read_text("utf-8")
    last = HOUSE["policies/grading.yaml"]
    for at in range(1, 300):
        asking = text.replace("policy: grading", f"policy: q{at}").replace("q1.", f"q{at + 1}.")
        name = folder / "policies" / f"q{at}.yaml"
        name.write_text(
            last.replace("policy: grading", "policy: q299") if at == 299 else asking, "utf-8"
        )


def allow_no_moves(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow no step of a state space."""
    monkeypatch.setattr(state_space, "MOST_MOVES", 0)


def allow_one_before(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a transition be compared with one before it."""
    monkeypatch.setattr(shadowed_transitions, "MOST_BEFORE", 1)


def allow_no_end(_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no state space be explored to its end."""

    class Endless(state_space.StateSpace):
        def explore(self) -> tuple[Configuration, ...]:
            raise state_space.StateSpaceTooLarge

    monkeypatch.setattr(properties, "StateSpace", Endless)


def lay_scenario(folder: Path, _: pytest.MonkeyPatch) -> None:
    """Lay scenarios beside the rules."""
    (folder / "tests.yaml").write_text("scenarios: grading\n", encoding="utf-8")


SITUATIONS: Mapping[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "TR001": lay_pipe,
    "TR021": lay_nothing,
    "TR022": lay_link,
    "TR023": allow_few_files,
    "TR024": allow_few_bytes,
    "TR025": lay_deep_folder,
    "TR026": allow_few_entries,
    "TR027": lay_odd_name,
    "TR030": allow_few_nodes,
    "TR034": lay_other_ending,
    "TR126": lay_long_row,
    "TR315": allow_no_moves,
    "TR316": allow_one_before,
    "TR706": allow_no_moves,
    "TR708": allow_no_end,
    "TR720": lay_scenario,
}
"""What makes a pack wrong whose mistake lies in no text; the page tells it in words."""
NOT_WRITTEN = {
    "TR001", "TR021", "TR022", "TR023", "TR024", "TR025", "TR026", "TR027", "TR030", "TR034",
    "TR720",
}  # fmt: skip
"""Codes whose examples are words about files and not the text of one."""
