"""No message repeats more than a little of what a host gave for a name."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

import telecom_rules
from telecom_rules import Entry, Pack, Packs, TelecomRulesError, UnknownPack, interop, verify
from telecom_rules.cli import main
from telecom_rules.workflows.journal.snapshot import seal
from tests.pack.house import house

LONG = "x" * 100_000
LONGEST_MESSAGE = 600
"""Characters. A path may take `LONGEST_LINE` of them."""
START = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
DAY = date(2026, 3, 2)

PACK: Pack = telecom_rules.pack.link(house()).require_pack()
WORKFLOW = PACK.workflows["handling"]
POLICY = PACK.policies["grading"]
OPENED = WORKFLOW.open({"loss": 1}, at=START, id="C-1")
CASE = OPENED.case
SNAPSHOT = CASE.dump()
DECISION = POLICY.decide({"loss": 1}, on=DAY).dump()
ENTRY = OPENED.entry.dump()


def changed(data: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return stored data with one part replaced, sealed anew."""
    copied = json.loads(json.dumps(data))
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copied | ({"seal": seal(copied)} if "seal" in copied else {})


CALLS: dict[str, Any] = {
    "workflows": lambda: PACK.workflows[LONG],
    "policies": lambda: PACK.policies[LONG],
    "parameters": lambda: PACK.parameters[LONG],
    "sources": lambda: PACK.sources[LONG],
    "catalogues": lambda: PACK.catalogues[LONG],
    "facts": lambda: PACK.facts[LONG],
    "packs": lambda: Packs(PACK)[LONG],
    "events": lambda: WORKFLOW.events[LONG],
    "states": lambda: WORKFLOW.states[LONG],
    "clocks": lambda: WORKFLOW.clocks[LONG],
    "runs": lambda: CASE.clocks[LONG],
    "maps": lambda: CASE.maps(LONG),
    "event": lambda: CASE.send(LONG, at=START),
    "actor": lambda: CASE.send("close", at=START, actor=LONG),
    "payload": lambda: CASE.send("close", {LONG: 1}, at=START),
    "id": lambda: WORKFLOW.start({"loss": 1}, at=START, id=LONG),
    "fact": lambda: POLICY.decide({LONG: 1}, on=DAY),
    "value": lambda: POLICY.decide({"loss": LONG}, on=DAY),
    "code": lambda: POLICY.decide({"loss": 1, "grade": LONG}, on=DAY),
    "tick": lambda: CASE.tick(LONG),
    "day": lambda: PACK.on(LONG),
    "language": lambda: OPENED.explain(LONG),
    "head": lambda: verify(OPENED.entries, head=LONG)[0],
    "digest": lambda: UnknownPack(LONG, []),
    "dmn": lambda: interop.from_dmn(f"<{LONG}/>"),
    "scxml": lambda: interop.from_scxml(f"<{LONG}/>"),
    **{
        f"restore {key}": lambda key=key: WORKFLOW.restore(changed(SNAPSHOT, (key,), LONG))
        for key in (*SNAPSHOT, LONG)
    },
    **{
        f"restore clock {key}": lambda key=key: WORKFLOW.restore(
            changed(SNAPSHOT, ("clocks", 0, key), LONG)
        )
        for key in SNAPSHOT["clocks"][0]
    },
    "restore state": lambda: WORKFLOW.restore(changed(SNAPSHOT, ("states",), [LONG])),
    "restore fact": lambda: WORKFLOW.restore(changed(SNAPSHOT, ("facts", LONG), 1)),
    "restore history": lambda: WORKFLOW.restore(changed(SNAPSHOT, ("history",), {LONG: ["open"]})),
    "migrate": lambda: PACK.migrate(changed(SNAPSHOT, ("version",), LONG), at=START),
    "migrate state": lambda: PACK.migrate(
        changed(changed(SNAPSHOT, ("states",), [LONG]), ("version",), "2"), at=START
    ),
    **{
        f"again {key}": lambda key=key: PACK.decide_again(changed(DECISION, (key,), LONG))
        for key in (*DECISION, LONG)
    },
    **{
        f"entry {key}": lambda key=key: WORKFLOW.replay([Entry.load(changed(ENTRY, (key,), LONG))])
        for key in (*ENTRY, LONG)
    },
    "entry started": lambda: WORKFLOW.replay([Entry.load(changed(ENTRY, ("started", LONG), None))]),
    "entry entered": lambda: WORKFLOW.replay([Entry.load(changed(ENTRY, ("entered",), [LONG]))]),
    "entry facts": lambda: WORKFLOW.replay([Entry.load(changed(ENTRY, ("assigned", LONG), 1))]),
}


def messages_of(result: Any) -> list[str]:
    """Return what is told to people."""
    if isinstance(result, TelecomRulesError):
        return [str(result), result.explain("zh"), repr(result)]
    wordings = [result.wording] if hasattr(result, "wording") else []
    wordings += [each.wording for each in getattr(result, "reasons", ())]
    said = [result.explain(each) for each in ("zh", "en") if hasattr(result, "explain")]
    return [*said, *(text for each in wordings for text in each)]


@pytest.mark.parametrize("name", CALLS)
def test_a_long_name_is_cut_in_the_message(name):
    try:
        result = CALLS[name]()
    except TelecomRulesError as problem:
        result = problem
    assert max(map(len, messages_of(result)), default=0) <= LONGEST_MESSAGE


def test_the_error_itself_carries_the_name_as_it_was_given():
    with pytest.raises(telecom_rules.UnknownName) as caught:
        PACK.policies[LONG]
    assert caught.value.name == LONG


LINES = (
    ("show", LONG), ("graph", LONG), ("export", LONG, "--to", "dmn"), ("graph", LONG),
    ("decide", LONG, "--facts", "a.json"), ("decide", "grading", "--facts", LONG),
    ("decide", "grading", "--facts", "a.json", "--on", LONG), ("show", f"--{LONG}"),
    ("run", LONG, "--events", "a.json"), ("run", "handling", "--events", LONG),
    ("run", "handling", "--events", "a.json", "--until", LONG),
    ("graph", "handling", "--format", LONG), ("export", "grading", "--to", LONG),
)  # fmt: skip
"""Command lines about the small pack."""
BARE_LINES = (
    (LONG,), ("validate", LONG), ("test", LONG), ("coverage", LONG), ("diff", LONG, LONG),
    ("fmt", LONG), ("import", LONG), ("import", f"{LONG}.dmn"), ("show", "--rules", LONG),
    ("show", "--language", LONG),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return the folder of the small pack."""
    folder = tmp_path_factory.mktemp("pack")
    for name, data in house().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    return str(folder)


@pytest.mark.parametrize("line", [*LINES, *BARE_LINES], ids=lambda line: "-".join(line)[:30])
def test_a_long_word_on_the_command_line_is_cut(line, folder, capsys):
    try:
        status = main([*line, "--rules", folder] if line in LINES else line)
    except SystemExit as ended:
        status = ended.code
    assert status in {2, 3}
    assert all(len(each) <= 1_100 for each in "".join(capsys.readouterr()).splitlines())
