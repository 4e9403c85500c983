"""`telecom-rules run`: send the events of histories to a workflow and report each case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from telecom_rules.cli.arguments import INSTANT_EXPECTED, add_rules, find_instant, read_instant
from telecom_rules.cli.screen import cut_name
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus
from telecom_rules.errors import TelecomRulesError
from telecom_rules.reports import json
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.workflows import Breach, Case, Outcome, Refused, Workflow


T = TypeVar("T")

NAME = "run"
SUMMARY = "send the events of each history in a file to a workflow, and explain refused events"
EXAMPLE = "telecom-rules run complaint_handling --events examples/data/complaints.jsonl"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("workflow", help="the workflow's name; `telecom-rules show` lists them")
    parser.add_argument(
        "--events",
        required=True,
        type=Path,
        metavar="FILE",
        help=(
            "histories, .json or .jsonl; each has id, opened_at, facts, and events with event, at, "
            "by and payload, or with call (the state that called) and the events of that case"
        ),
    )
    parser.add_argument(
        "--until",
        metavar="INSTANT",
        help="let the clocks run on to this instant, such as 2026-11-01T00:00:00+08:00",
    )
    add_rules(parser)
    parser.add_argument(
        "--explain", action="store_true", help="also say why each event was accepted"
    )
    parser.add_argument("--json", action="store_true", help="write the final snapshot of each case")


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Run every history of the file; one that cannot be read is reported and skipped."""
    from telecom_rules.cli.records import read_records
    from telecom_rules.pack import load

    workflow = load(arguments.rules).workflows[arguments.workflow]
    walks: list[Walk] = []
    until = read_instant("--until", arguments.until)
    for row in read_records(arguments.events):
        walks.append(walk(workflow, row, until))
        if arguments.json:
            screen.write_document(json.encode(dump_walk(walks[-1]), indent=None), "json")
        else:
            show_walk(walks[-1], screen, explain=arguments.explain)
    if not arguments.json:
        screen.say(tally(walks))
    return FINDINGS if any(each.problem for each in walks) else CLEAN


class HistoryStopped(Exception):
    """A history that cannot be run further, with the reason in both languages."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(wording.en)
        self.wording = wording


@dataclass(frozen=True, slots=True)
class WalkStep:
    """One event of a history and its outcome.

    Attributes:
        event: the event.
        at: when it was sent.
        outcome: the outcome.
        called_case: the id of the called case that it was sent to, or `None` for the case itself.
    """

    event: str
    at: datetime
    outcome: Outcome
    called_case: str | None = None

    @property
    def refusal(self) -> Refused | None:
        """The refusal, or `None` when the event was accepted."""
        from telecom_rules.workflows import Refused

        return self.outcome if isinstance(self.outcome, Refused) else None

    @property
    def left(self) -> str | None:
        """The innermost state that was left, or `None` when none was."""
        from telecom_rules.workflows import Accepted

        left = self.outcome.entry.left if isinstance(self.outcome, Accepted) else ()
        return left[0] if left else None


@dataclass(frozen=True, slots=True)
class Walk:
    """A history and the case it results in.

    Attributes:
        place: its place in the file.
        key: the `id` of the case.
        steps: every event that was sent, in the order of the file.
        case: the case after the last event, or `None` when it could not be started.
        problem: why the history could not be started or run to its end.
    """

    place: str
    key: str
    steps: tuple[WalkStep, ...] = ()
    case: Case | None = None
    problem: Wording | None = None


def walk(workflow: Workflow, row: FileRecord, until: datetime | None = None) -> Walk:
    """Start a case and send it every event of its history."""
    from telecom_rules.cli.records import Unreadable, name_value

    if isinstance(row.data, Unreadable):
        return Walk(row.place, "", problem=row.data.wording)
    key = name_value(row.data.get("id")) or row.place
    steps: list[WalkStep] = []
    case: Case | None = None
    try:
        refuse_unknown_keys(row.data, HISTORY_KEYS)
        facts = expect(row.data, "facts", dict)
        case = workflow.start(facts, at=parse_instant(expect(row.data, "opened_at", str)), id=key)
        for step in send_events(case, expect(row.data, "events", list)):
            steps.append(step)
            case = case if step.called_case else step.outcome.case
        case = case.tick(until).case if until and until >= case.at else case
    except HistoryStopped as problem:
        return Walk(row.place, key, tuple(steps), case, problem.wording)
    except TelecomRulesError as problem:
        return Walk(row.place, key, tuple(steps), case, problem.wording)
    return Walk(row.place, key, tuple(steps), case)


def send_events(case: Case, events: Sequence[object]) -> Iterator[WalkStep]:
    """Send `events` to `case` one by one; a refused event leaves the case as it is."""
    for event in events:
        if not isinstance(event, dict):
            raise HistoryStopped(
                Wording("每个事件应为一个 JSON 对象", "each event is a JSON object")
            )
        refuse_unknown_keys(event, CALL_KEYS if "call" in event else EVENT_KEYS)
        if "call" in event:
            for step in walk_called_case(case, event):
                yield step
                case = case if step.called_case else step.outcome.case
            continue
        name, at = expect(event, "event", str), parse_instant(expect(event, "at", str))
        by = None if event.get("by") is None else expect(event, "by", str)
        payload = {} if event.get("payload") is None else event["payload"]
        outcome = case.send(name, payload, at=at, by=by)
        yield WalkStep(name, at, outcome)
        case = outcome.case


def walk_called_case(case: Case, event: Mapping[str, object]) -> Iterator[WalkStep]:
    """Walk the case that a state of `case` has called, and give it back if it has ended."""
    state = expect(event, "call", str)
    call = next((each for each in case.calls if each.state == state), None)
    if call is None:
        raise HistoryStopped(
            Wording(
                "状态 `{state}` 没有在等待所调用的个案", "the state `{state}` has no called case"
            ).fill(state=shorten(state))
        )
    child = call.open().case
    for step in send_events(child, expect(event, "events", list)):
        child = child if step.called_case else step.outcome.case
        yield replace(step, called_case=step.called_case or call.id)
    if child.final:
        at = parse_instant(expect(event, "at", str)) if "at" in event else child.at
        yield WalkStep(f"done.call.{state}", at, case.returned(child, at=at))


def parse_instant(text: str) -> datetime:
    """Return `text` as an instant; it must have an offset from UTC."""
    at = find_instant(text)
    if at is None:
        raise HistoryStopped(INSTANT_EXPECTED.fill(text=shorten(text)))
    return at


def expect(data: Mapping[str, object], key: str, kind: type[T]) -> T:
    """Return `data[key]` if it is a `kind`."""
    value = data.get(key)
    if not isinstance(value, kind):
        wording = WRONG_TYPE if key in data else MISSING_KEY
        raise HistoryStopped(wording.fill(key=key, wanted=JSON_TYPE_NAMES[kind]))
    return value


def refuse_unknown_keys(data: Mapping[str, object], keys: Sequence[str]) -> None:
    """Stop at an unknown key, so that no input is ignored silently."""
    from telecom_rules.cli.records import find_unknown_key

    unknown = find_unknown_key(data, keys)
    if unknown is not None:
        raise HistoryStopped(unknown)


HISTORY_KEYS = ("id", "opened_at", "facts", "events")
EVENT_KEYS = ("event", "at", "by", "payload")
CALL_KEYS = ("call", "events", "at")
JSON_TYPE_NAMES: Mapping[type, Wording] = {
    dict: Wording("对象", "an object"),
    list: Wording("列表", "a list"),
    str: Wording("文本", "a text"),
}
MISSING_KEY = Wording("缺少 `{key}`（{wanted}）", "`{key}` is missing; it is {wanted}")
WRONG_TYPE = Wording("`{key}` 应为{wanted}", "`{key}` must be {wanted}")


def show_walk(one: Walk, screen: Screen, *, explain: bool = False) -> None:
    """Print one walk: its states, refused events with reasons, and time limits that ran out."""
    head = screen.paint(cut_name(one.key) or one.place, "bold")
    if one.case is None:
        screen.write_line(f"{head}  {screen.paint(screen.pick('未能开始', 'not started'), 'red')}")
    else:
        screen.write_line(f"{head}  {describe_path(one.steps, one.case)}")
    for step in one.steps:
        if explain or step.refusal is not None:
            screen.write_line(f"  {summarize_step(step, screen)}")
    for breach in one.case.breaches if one.case is not None else ():
        screen.write_line(f"  {screen.paint('!', 'yellow')} {summarize_breach(breach, screen)}")
    if one.problem is not None:
        screen.write_line(f"  {screen.paint('?', 'red')} {one.problem.say(screen.language)}")


def describe_path(steps: Sequence[WalkStep], case: Case) -> str:
    """Return the path of a case, such as `received → recorded → closed`."""
    left = [step.left for step in steps if step.called_case is None]
    return " → ".join([*(state for state in left if state is not None), case.state])


def summarize_step(step: WalkStep, screen: Screen) -> str:
    """Return the outcome of an event on one line."""
    refusal, event = step.refusal, cut_name(step.event)
    head = f"{format_minute(step.at)} {f'{step.called_case} ' if step.called_case else ''}{event}"
    if refusal is not None:
        return f"{screen.paint('×', 'red')} {head}: {summarize_refusal(refusal, screen)}"
    return f"{screen.paint('✓', 'green')} {head}{screen.cite(step.outcome.cites)}"


def summarize_refusal(refusal: Refused, screen: Screen) -> str:
    """Return on one line why an event was refused, with the clauses."""
    reasons = "; ".join(each.wording.say(screen.language) for each in refusal.reasons)
    return f"{reasons}{screen.cite(refusal.cites)}"


def summarize_breach(breach: Breach, screen: Screen) -> str:
    """Return on one line which time limit ran out, when, and the clauses it comes from."""
    from telecom_rules.vocabulary.sources.sources import mark_reading

    title, at = breach.title.say(screen.language), format_minute(breach.due)
    ended = screen.pick(f"{title}已于 {at} 届满", f"{title}: ran out at {at}")
    reading = mark_reading(ours=breach.interpretation).say(screen.language)
    return f"{ended}{screen.cite(breach.cites)}{reading}"


def format_minute(at: datetime) -> str:
    """Return an instant with its own offset, to the minute."""
    return at.isoformat(sep=" ", timespec="minutes")


def dump_walk(one: Walk) -> dict[str, object]:
    """Return a walk as a JSON object: the snapshot of its case, or why there is none."""
    refusals = [(step, step.refusal) for step in one.steps]
    return {
        "place": one.place,
        "id": one.key or None,
        "refused": [dump_refusal(step, each) for step, each in refusals if each is not None],
        "case": one.case.dump() if one.case is not None else None,
        "problem": one.problem,
    }


def dump_refusal(step: WalkStep, refusal: Refused) -> dict[str, object]:
    """Return a refused event with its reasons as a JSON object."""
    return {
        "event": step.event,
        "case": step.called_case,
        "at": step.at.isoformat(),
        "reasons": [{"kind": each.kind, **each.wording._asdict()} for each in refusal.reasons],
        "cites": [str(clause) for clause in refusal.cites],
    }


def tally(walks: list[Walk]) -> Wording:
    """Return one line with the number of events accepted and refused, breaches and stops."""
    steps = [step for one in walks for step in one.steps]
    refused = sum(1 for step in steps if step.refusal is not None)
    breaches = sum(len(one.case.breaches) for one in walks if one.case is not None)
    stopped = sum(1 for one in walks if one.problem is not None)
    return Wording(
        "{all} 件：接受 {accepted} 个事件，拒绝 {refused} 个；{breaches} 个时限届满；"
        "{stopped} 件无法办理",
        "{all} case{s}; events: {accepted} accepted, {refused} refused; "
        "time limits that ran out: {breaches}; {stopped} could not be run to the end",
    ).fill(
        all=len(walks),
        s="" if len(walks) == 1 else "s",
        accepted=len(steps) - refused,
        refused=refused,
        breaches=breaches,
        stopped=stopped,
    )
