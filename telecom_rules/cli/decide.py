"""`telecom-rules decide`: decide the records of a file by a policy, with the reasons."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from telecom_rules.cli.arguments import add_law_day, add_records, add_rules
from telecom_rules.cli.screen import cut_name
from telecom_rules.cli.status import CLEAN, FINDINGS, ExitStatus, UsageError
from telecom_rules.errors import FactProblem, FactsError, TelecomRulesError
from telecom_rules.reports import json
from telecom_rules.suggestions import find_nearest
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.policies import Decision, Policy


NAME = "decide"
SUMMARY = "decide the records of a file by a policy, with the reasons"
EXAMPLE = (
    "telecom-rules decide violation_penalty --facts examples/data/violations.csv --on committed_on"
)


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("policy", help="the policy's name; `telecom-rules show` lists them")
    add_records(parser, "--facts")
    add_law_day(parser)
    add_rules(parser)
    parser.add_argument(
        "--explain",
        action="store_const",
        const="full",
        dest="detail",
        help="explain every decision at length",
    )
    parser.add_argument(
        "--detail",
        choices=("short", "full", "trace"),
        help="explain every decision: in a dozen lines, at length, or condition by condition",
    )
    parser.add_argument("--json", action="store_true", help="write one JSON object a record")


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Decide every record of the file; one that cannot be read is reported and skipped."""
    from telecom_rules.cli.records import read_records
    from telecom_rules.pack import load

    pack = load(arguments.rules)
    policy = pack.policies[arguments.policy]
    day = read_day_or_fact(arguments.on, policy) or datetime.now(pack.zone).date().isoformat()
    counts: Counter[Standing] = Counter()
    for row in read_records(arguments.facts, policy.facts.record_type):
        answer = decide_record(row, policy, day)
        show_outcome(answer, arguments, screen)
        counts[answer.standing] += 1
    if not arguments.json:
        screen.say(tally(counts))
    return FINDINGS if counts[Standing.NOT_DECIDED] else CLEAN


def read_day_or_fact(on: str | None, policy: Policy) -> str | None:
    """Return the argument `--on` if it is a day or a fact of the policy.

    Raises:
        UsageError: it is neither.
    """
    if on is None or on in policy.facts.fields:
        return on
    try:
        return date.fromisoformat(on).isoformat()
    except ValueError:
        problem = NEITHER_DAY_NOR_FACT.fill(on=shorten(on), facts=policy.facts.name)
        raise UsageError(problem.suggest(find_nearest(on, policy.facts.fields))) from None


NEITHER_DAY_NOR_FACT = Wording(
    "--on：`{on}` 既不是日期（如 2026-03-01），也不是 `{facts}` 的数据项",
    "--on: `{on}` is neither a day such as 2026-03-01 nor a fact of `{facts}`",
)


class Standing(Enum):
    """Whether a record is decided."""

    DECIDED = "decided"
    UNKNOWN = "unknown"
    """Facts are missing."""
    NOT_DECIDED = "not decided"
    """It cannot be read, or its facts are not valid."""


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """A record and its decision.

    Attributes:
        place: the place of the record in its file.
        key: the `id` of the record, if it has one.
        result: the decision, known or unknown, or the reason why there is none.
    """

    place: str
    key: str
    result: Decision | Wording

    @property
    def standing(self) -> Standing:
        """Whether the record is decided."""
        if isinstance(self.result, Wording):
            return Standing.NOT_DECIDED
        return Standing.DECIDED if self.result.known else Standing.UNKNOWN

    @property
    def name(self) -> str:
        """The name of the record: its number, or its place."""
        return cut_name(self.key) or self.place


def decide_record(row: FileRecord, policy: Policy, day: str) -> RecordOutcome:
    """Decide one record as of `day`: a date, or the name of the fact that holds it.

    A column `id` that is not a fact of the policy names the record and is not passed to it.
    """
    from telecom_rules.cli.records import Unreadable, name_value

    if isinstance(row.data, Unreadable):
        return RecordOutcome(row.place, "", row.data.wording)
    facts = dict(row.data)
    key = "" if "id" in policy.facts.fields else name_value(facts.pop("id", None))
    try:
        return RecordOutcome(row.place, key, policy.decide(facts, on=find_day(day, facts)))
    except TelecomRulesError as problem:
        return RecordOutcome(row.place, key, problem.wording)


def find_day(day: str, facts: Mapping[str, object]) -> date:
    """Return `day` as a date, or the date in the fact of that name."""
    value = facts.get(day, day)
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        wording = TEXT_NOT_A_DAY.fill(text=shorten(value)) if day in facts else BLANK_DAY
        raise FactsError("on", [FactProblem(day, wording)]) from None


BLANK_DAY = Wording(
    "没有填写，无法确定适用哪一天的规定",
    "it is missing, so the applicable law cannot be determined",
)
TEXT_NOT_A_DAY = Wording(
    "应为日期（如 2026-03-01），才能确定适用的规定，而不是 `{text}`",
    "expected a date such as 2026-03-01, which determines the applicable law, found `{text}`",
)


def show_outcome(one: RecordOutcome, arguments: argparse.Namespace, screen: Screen) -> None:
    """Print one decision in the form asked for."""
    if arguments.json:
        screen.write_document(json.encode(dump_outcome(one, arguments.detail), indent=None), "json")
    elif arguments.detail and not isinstance(one.result, Wording):
        name = one.place if one.name == one.place else f"{one.place} {one.name}"
        screen.write_line(screen.paint(name, "bold"))
        screen.write_lines(one.result.explain(screen.language, detail=arguments.detail))
        screen.write_line()
    else:
        screen.write_line(describe_outcome(one, screen))


def dump_outcome(one: RecordOutcome, detail: str | None) -> dict[str, object]:
    """Return a decision as a JSON object, with its short explanation where one is asked for."""
    record: dict[str, object] = {"place": one.place, "id": one.key or None}
    if isinstance(one.result, Wording):
        return record | {"problem": one.result}
    record["decision"] = one.result.dump()
    return record | {"explanation": one.result.explanation.dump()} if detail else record


def describe_outcome(one: RecordOutcome, screen: Screen) -> str:
    """Return a decision on one line, with its rule and clauses."""
    head, result = screen.paint(one.name, "bold"), one.result
    if isinstance(result, Wording):
        refused = screen.paint(screen.pick("无法判定", "not decided"), "red")
        return f"{head}  {refused}  {result.say(screen.language)}"
    if not result.known:
        return f"{head}  {screen.paint(result.summary(screen.language), 'yellow')}"
    return f"{head}  {result.summary(screen.language)}{screen.cite(result.cites)}"


def tally(counts: Counter[Standing]) -> Wording:
    """Return one line with the number of records decided, unknown and not decided."""
    return Wording(
        "{all} 条记录：已判定 {known} 条，待补充 {unknown} 条，无法判定 {unread} 条",
        "{all} record{s}: {known} decided, {unknown} unknown because facts are missing, "
        "{unread} not decided",
    ).fill(
        all=counts.total(),
        s="" if counts.total() == 1 else "s",
        known=counts[Standing.DECIDED],
        unknown=counts[Standing.UNKNOWN],
        unread=counts[Standing.NOT_DECIDED],
    )
