"""Open cases of every shipped workflow, walked at random, and edits to the pack they run in."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml

from telecom_rules.errors import FactsError
from telecom_rules.findings import Findings
from telecom_rules.pack.definition import Drafts
from telecom_rules.pack.drafts import draft_pack
from telecom_rules.pack.linking import assemble
from telecom_rules.scenarios import Runner, read
from telecom_rules.workflows import Accepted, Entry, EntryKind, Refused
from tests.fast_yaml import SafeDumper, SafeLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from telecom_rules.pack import Pack
    from telecom_rules.scenarios.scenario import ScenarioStep
    from telecom_rules.workflows import Case, Workflow

ROOT = Path(__file__).resolve().parents[2] / "rules"
ZONE = timezone(timedelta(hours=8))
FIRST = datetime(2026, 1, 5, 9, tzinfo=ZONE)
MOST_STEPS = 9
ORIGIN = ("version", "digest", "pin", "past", "head", "seal")
"""The parts of a snapshot that say by which rules it was made."""


class Seeds(Runner):
    """Runs scenarios, and keeps what cases start with and what is sent with each event."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.starts: dict[str, list[Mapping[str, object]]] = {}
        self.sends: dict[tuple[str, str], list[tuple[Any, str | None]]] = {}

    def send_event(self, case: Case, step: ScenarioStep, at: datetime):  # type: ignore[no-untyped-def]  # the runner's own
        name = case.workflow.name
        if step.event is not None:
            self.sends.setdefault((name, step.event), []).append((step.payload, step.by))
        if case.sequence == 1 and case.facts not in self.starts.setdefault(name, []):
            self.starts[name].append(case.facts)
        return super().send_event(case, step, at)


@dataclass(frozen=True)
class Walk:
    """An open case with its snapshot and its journal."""

    snapshot: dict[str, Any]
    journal: tuple[Entry, ...]

    @property
    def workflow(self) -> str:
        return str(self.snapshot["workflow"])


def walk_cases(pack: Pack, count: int, seed: int) -> list[Walk]:
    """Return `count` open cases, spread evenly over all workflows."""
    seeds = Seeds(pack)
    for scenario in read(None, pack).scenarios:
        seeds.run(scenario)
    dice = random.Random(seed)  # noqa: S311 - no secret
    names = sorted(pack.workflows)
    walks: list[Walk] = []
    while len(walks) < count:
        name = names[len(walks) % len(names)]
        walked = walk(pack.workflows[name], seeds, dice, f"case-{len(walks)}")
        if walked is not None:
            walks.append(walked)
    return walks


def walk(workflow: Workflow, seeds: Seeds, dice: random.Random, id: str) -> Walk | None:
    """Return a case after some random events, or `None` where it cannot start or is over."""
    at = FIRST + timedelta(hours=dice.randrange(24 * 270))
    try:
        opened = workflow.open(dice.choice(seeds.starts[workflow.name]), at=at, id=id)
    except FactsError:
        return None
    case, journal = opened.case, [*opened.entries]
    for _ in range(dice.randrange(MOST_STEPS)):
        at += timedelta(hours=dice.randrange(60))
        offers = [*offer(case, seeds, at)]
        if not offers or dice.random() < 0.1:
            ticked = case.tick(at)
            case, journal = ticked.case, [*journal, *ticked.entries]
            continue
        event, payload, by = dice.choice(offers)
        outcome = case.send(event, payload, at=at, by=by)
        if isinstance(outcome, Accepted) and not outcome.case.final:
            case, journal = outcome.case, [*journal, *outcome.entries]
    return Walk(case.dump(), tuple(journal)) if not case.final else None


def offer(case: Case, seeds: Seeds, at: datetime) -> Iterator[tuple[str, Any, str | None]]:
    """Yield what scenarios send that the case may accept, in the role that they send it in."""
    sends = {
        event: sent for (name, event), sent in seeds.sends.items() if name == case.workflow.name
    }
    for by in dict.fromkeys(by for sent in sends.values() for _, by in sent):
        for each in case.allowed(by, at=at):
            if each.allowed is not False:
                yield from (
                    (each.event, load, role)
                    for load, role in sends.get(each.event, ())
                    if role == by
                )


def runs_the_same(pack: Pack, walk: Walk) -> bool:
    """Return whether a case would have become what it is by the rules of `pack`.

    Its history is lived through again with the methods a host calls, and compared by what a host
    sees: states, effects and the case in the end.
    """
    workflow = pack.workflows.get(walk.workflow)
    try:
        return workflow is not None and bool(lives_again(workflow, walk))
    except FactsError:
        return False


def lives_again(workflow: Workflow, walk: Walk) -> bool:
    """Return whether the history of a case ends in the same case by the rules of `workflow`."""
    first = walk.journal[0]
    outcome: Any = workflow.open(first.payload, at=first.at, id=first.case)
    entries = [*outcome.entries]
    while len(entries) < len(walk.journal):
        case, each = outcome.case, walk.journal[len(entries)]
        if each.kind is EntryKind.CLOCK:
            outcome = case.tick(each.at)  # which records all that is due at that instant
        else:
            outcome = case.send(each.event or "", each.payload, at=each.at, by=each.by)
        if isinstance(outcome, Refused) or not outcome.entries:
            return False
        entries += outcome.entries
    told, again = (
        [(each.entered, each.left, each.effects, each.calls) for each in entries]
        for entries in (walk.journal, entries)
    )
    return told == again and strip(outcome.case.dump()) == strip(walk.snapshot)


def strip(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {name: snapshot[name] for name in snapshot if name not in ORIGIN}


class House:
    """The shipped pack as files, of which some can be changed; the others are read once."""

    def __init__(self) -> None:
        self.files = {
            path.relative_to(ROOT).as_posix(): path.read_bytes()
            for path in sorted(ROOT.rglob("*.yaml"))
            if "scenarios" not in path.parts
        }
        self.drafts = {
            name: draft_pack({name: data}, Findings()) for name, data in self.files.items()
        }

    def edited(self, edit: Edit) -> Pack:
        """Return the pack after an edit."""
        files = dict(self.files)
        edit(files)
        findings = Findings()
        definitions = []
        for name, data in sorted(files.items()):
            same = self.files.get(name) is data
            draft = self.drafts[name] if same else draft_pack({name: data}, findings)
            definitions += draft.definitions
        pack = assemble(Drafts(tuple(definitions), frozenset()), findings)
        assert pack is not None
        assert not findings.has_errors, [each.concise() for each in findings]
        return pack


Edit: TypeAlias = "Callable[[dict[str, bytes]], None]"
"""What is done to the files of a pack."""


def replacing(file: str, old: str, new: str) -> Edit:
    """Return the edit that replaces a text in a file."""

    def edit(files: dict[str, bytes]) -> None:
        assert old.encode() in files[file], (file, old)
        files[file] = files[file].replace(old.encode(), new.encode(), 1)

    return edit


def every(change: Callable[[bytes], bytes]) -> Edit:
    """Return the edit that changes every file."""

    def edit(files: dict[str, bytes]) -> None:
        files.update({name: change(data) for name, data in files.items()})

    return edit


def moving(old: str, new: str) -> Edit:
    """Return the edit that moves files from one folder to another."""

    def edit(files: dict[str, bytes]) -> None:
        for name in [each for each in files if each.startswith(old)]:
            files[new + name.removeprefix(old)] = files.pop(name)

    return edit


class Loader(SafeLoader):
    """Reads YAML as the library does, to which `on` is no boolean."""


Loader.yaml_implicit_resolvers = {
    letter: [each for each in kept if each[0] != "tag:yaml.org,2002:bool"]
    for letter, kept in SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))  # type: ignore[no-untyped-call]

SHELVES = {
    "parameter": "parameters",
    "facts": "facts",
    "catalogue": "catalogues",
    "matter": "matters",
    "source": "sources",
}


def find_file(files: Mapping[str, bytes], kind: str, name: str) -> str:
    """Return the file that defines an element, alone or with others of its kind."""
    alone = re.compile(rf"\A(?:#.*\n|\n)*{kind}: {name}$".encode(), re.MULTILINE)
    shelf = re.compile(rf"^{SHELVES.get(kind, '-')}:$".encode(), re.MULTILINE)
    entry = re.compile(rf"^  {name}:".encode(), re.MULTILINE)
    return next(
        file
        for file, data in files.items()
        if alone.search(data) or (shelf.search(data) and entry.search(data))
    )


def rewriting(kind: str, name: str, change: Callable[[dict[str, Any]], object]) -> Edit:
    """Return the edit that changes what an element says, and writes its file anew."""

    def edit(files: dict[str, bytes]) -> None:
        file = find_file(files, kind, name)
        data = yaml.load(files[file], Loader)  # noqa: S506 - it is a safe one
        change(data if kind in data and data[kind] == name else data[SHELVES[kind]][name])
        text = yaml.dump(data, Dumper=SafeDumper, allow_unicode=True, sort_keys=False, width=10_000)
        files[file] = text.encode()

    return edit


def states_of(states: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every state as written with its name."""
    for name, state in states.items():
        yield name, state
        yield from states_of(state.get("states", {}))
