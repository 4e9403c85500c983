"""`telecom-rules compare`: which decisions on the records of a file differ between two packs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.cli.arguments import add_law_day, add_records, read_count
from telecom_rules.cli.decide import find_day, read_day_or_fact
from telecom_rules.cli.diff import read_two_packs
from telecom_rules.cli.screen import cut_name
from telecom_rules.cli.status import CLEAN, FINDINGS, NOT_CHECKED, ExitStatus, UsageError
from telecom_rules.errors import FactsError, TelecomRulesError, UnknownName
from telecom_rules.reports import json
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from telecom_rules.cli.records import FileRecord
    from telecom_rules.cli.screen import Screen
    from telecom_rules.pack import Pack
    from telecom_rules.policies import Decision, DecisionChange, Policy
    from telecom_rules.vocabulary import FactType


NAME = "compare"
SUMMARY = "tell which decisions on the records of a file another pack makes otherwise"
EXAMPLE = (
    "telecom-rules compare rules_2026/ rules_2027/ violation_penalty --records violations.csv"
    " --on 2027-01-01"
)
MOST_GROUPS = 1_000
"""Ways to be decided otherwise that are told apart."""
MOST_REASONS = 5
"""Records that are named of those that a pack cannot read."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("old", help="the older pack")
    parser.add_argument("new", help="the newer pack")
    parser.add_argument("policy", help="the policy's name, in both packs")
    add_records(parser)
    add_law_day(parser)
    parser.add_argument(
        "--examples",
        metavar="NUMBER",
        default="3",
        help="records that are named of each change (default: 3)",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people, or for machines"
    )


class Standing(StrEnum):
    """What became of a record."""

    SAME = "same"
    """Both packs give the same answer by the same rules."""
    OTHER_ANSWER = "other_answer"
    """They give different answers."""
    OTHER_REASON = "other_reason"
    """They give the same answer by different rules or checks."""
    ONLY_OLD = "only_old"
    """It fits the facts of the older pack only."""
    ONLY_NEW = "only_new"
    """It fits the facts of the newer pack only."""
    NEITHER = "neither"
    """It cannot be read, or fits neither."""


class Example(NamedTuple):
    """A record that is decided otherwise.

    Attributes:
        place: its place in the file.
        key: its `id`, if it has one.
        change: what differs.
    """

    place: str
    key: str
    change: DecisionChange

    @property
    def name(self) -> str:
        """Its `id`, or its place."""
        return cut_name(self.key) or self.place


class Misfit(NamedTuple):
    """A record that is not compared, and why."""

    place: str
    key: str
    standing: Standing
    why: Wording


@dataclass(slots=True)
class Group:
    """The records that are decided otherwise in the same way.

    Attributes:
        first: what differs about the first of them.
        examples: those that are named.
        count: how many they are.
        mixed: whether they differ in many ways, of which `first` is but one.
    """

    first: DecisionChange
    examples: list[Example] = field(default_factory=list)
    count: int = 0
    mixed: bool = False


@dataclass(slots=True)
class Comparison:
    """What comparing two packs on the records of a file has found so far.

    Only counts, the groups and a few records of each are kept, however long the file is.

    Attributes:
        old: the policy of the older pack.
        new: that of the newer one.
        most: the records that are kept of each group.
        counts: the number of records by what became of them.
        groups: the records decided otherwise, by rules and outputs.
        misfits: the first records that are not compared.
    """

    old: Policy
    new: Policy
    most: int
    counts: Counter[Standing] = field(default_factory=Counter)
    groups: dict[object, Group] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)

    def add(self, rows: tuple[FileRecord, FileRecord], day: str) -> None:
        """Decide one record by both packs, and take note of what differs.

        Args:
            rows: the record, as the facts of each pack have it read.
            day: the day, or the name of the fact that holds it.
        """
        from telecom_rules.policies.trials import find_change

        one, other = (
            ask(row, policy, peer, day)
            for row, policy, peer in zip(
                rows, (self.old, self.new), (self.new, self.old), strict=True
            )
        )
        if isinstance(one.answer, Wording) or isinstance(other.answer, Wording):
            self.add_misfit(one, other)
            return
        change = find_change(self.old.name, one.day, one.answer, other.answer)
        if change is None:
            self.counts[Standing.SAME] += 1
            return
        differs = change.changes_answer
        self.counts[Standing.OTHER_ANSWER if differs else Standing.OTHER_REASON] += 1
        group = self.find_group(change)
        group.count += 1
        if len(group.examples) < self.most:
            group.examples.append(Example(one.place, one.key or other.key, change))

    def find_group(self, change: DecisionChange) -> Group:
        """Return the group of a change; beyond `MOST_GROUPS`, that of all others."""
        key: object = key_of(change, self.loose)
        mixed = key not in self.groups and len(self.groups) >= MOST_GROUPS
        if mixed:
            key = change.changes_answer
        return self.groups.setdefault(key, Group(change, mixed=mixed))

    @property
    def loose(self) -> frozenset[str]:
        """The outputs whose values are any text, and so say nothing of the way."""
        from telecom_rules.vocabulary.types import TEXT

        outputs = [*self.old.outputs.fields.items(), *self.new.outputs.fields.items()]
        return frozenset(name for name, each in outputs if each.type is TEXT)

    def add_misfit(self, one: Asked, other: Asked) -> None:
        """Take note of a record that fits only one of the packs, or neither."""
        whys = [each.answer for each in (one, other) if isinstance(each.answer, Wording)]
        standing = Standing.NEITHER
        if len(whys) == 1:
            standing = Standing.ONLY_NEW if whys[0] is one.answer else Standing.ONLY_OLD
        self.counts[standing] += 1
        if self.counts[standing] <= MOST_REASONS:
            self.misfits.append(Misfit(one.place, one.key or other.key, standing, whys[0]))


class Asked(NamedTuple):
    """What one pack says of a record.

    Attributes:
        place: the place of the record in its file.
        key: the `id` of the record, if it has one.
        answer: the decision or the error, or why the record does not fit.
        day: the day that counts, where the record fits.
    """

    place: str
    key: str
    answer: Decision | TelecomRulesError | Wording
    day: date = date.min


def ask(row: FileRecord, policy: Policy, other: Policy, day: str) -> Asked:
    """Return what the policy of one pack says of a record.

    Facts that only the other pack has are left out, so that packs whose facts differ can be
    compared at all; a column `id` that is not a fact names the record.
    """
    from telecom_rules.cli.records import Unreadable, name_value
    from telecom_rules.policies.trials import keep_common_facts

    if isinstance(row.data, Unreadable):
        return Asked(row.place, "", row.data.wording)
    given = dict(row.data)
    key = "" if "id" in policy.facts.fields else name_value(given.pop("id", None))
    try:
        on = find_day(day, given)
        facts = keep_common_facts(given, policy.facts, other.facts)
        return Asked(row.place, key, policy.decide(facts, on=on), on)
    except FactsError as problem:
        return Asked(row.place, key, problem.wording)
    except TelecomRulesError as problem:
        return Asked(row.place, key, problem.with_traceback(None), on)


def key_of(change: DecisionChange, loose: frozenset[str]) -> object:
    """Return what is the same of records that are decided otherwise in the same way.

    Codes and truth values count as they are, other outputs only by their names.

    Args:
        change: what differs about one record.
        loose: the outputs whose values are any text.
    """
    outputs = tuple(
        (each.name, each.before, each.after)
        if each.name not in loose and is_telling(each.before, each.after)
        else each.name
        for each in change.outputs
    )
    missing = tuple(
        frozenset(getattr(each, "missing", ())) for each in (change.before, change.after)
    )
    kinds = type(change.before), type(change.after)
    return change.changes_answer, change.rules, outputs, missing, kinds


def is_telling(*values: object) -> bool:
    """Return whether records with these values of an output belong together."""
    return all(each is None or isinstance(each, str | bool) for each in values)


def run(arguments: argparse.Namespace, screen: Screen) -> ExitStatus:
    """Decide every record by both packs, and print what differs."""
    from telecom_rules.cli.records import read_records

    most = read_count("--examples", arguments.examples)
    readings = read_two_packs(arguments, screen)
    if readings is None:
        return NOT_CHECKED
    packs = [each.require_pack() for each in readings]
    old, new = (
        find_policy(pack, path, arguments.policy)
        for pack, path in zip(packs, (arguments.old, arguments.new), strict=True)
    )
    day = find_day_or_fact(arguments.on, old, new)
    if day is None:
        day = datetime.now(packs[0].zone).date().isoformat()
    found = Comparison(old, new, most)
    # Each pack reads the file by its own types: a column may be a number in one of them only.
    files = (read_records(arguments.records, each.facts.record_type) for each in (old, new))
    for rows in zip(*files, strict=False):  # a file may grow while it is read
        found.add(rows, day)
    if arguments.format == "json":
        screen.write_document(json.encode(dump_comparison(found, *packs)), "json")
    else:
        show_comparison(found, packs, screen)
    lost = (Standing.ONLY_OLD, Standing.ONLY_NEW, Standing.NEITHER)
    return FINDINGS if any(found.counts[each] for each in lost) else CLEAN


def find_policy(pack: Pack, path: str, name: str) -> Policy:
    """Return a policy of one of the packs.

    Raises:
        UsageError: it has none of this name; the pack is told.
    """
    try:
        return pack.policies[name]
    except UnknownName as problem:
        told = Wording("{path}：{why}", "{path}: {why}")
        raise UsageError(told.fill(path=path, why=problem.wording)) from None


def find_day_or_fact(on: str | None, old: Policy, new: Policy) -> str | None:
    """Return the argument `--on` if it is a day, or a fact of either pack.

    Raises:
        UsageError: it is neither.
    """
    return on if on in new.facts.fields else read_day_or_fact(on, old)


# Facts


class FactDifferences(NamedTuple):
    """The facts of a policy that only one of two packs has, or has with another type."""

    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    retyped: tuple[tuple[str, str, str], ...]


def compare_facts(old: FactType, new: FactType) -> FactDifferences:
    """Return how the facts of two packs differ."""
    one, other = old.fields, new.fields
    return FactDifferences(
        tuple(name for name in one if name not in other),
        tuple(name for name in other if name not in one),
        tuple(
            (name, str(each.type), str(other[name].type))
            for name, each in one.items()
            if name in other and str(each.type) != str(other[name].type)
        ),
    )


# For people

ONLY_OLD_FACTS = Wording(
    "仅旧规则包有的数据项（新规则包不读取）：{names}",
    "facts that only the older pack has, which the newer one is not given: {names}",
)
ONLY_NEW_FACTS = Wording(
    "仅新规则包有的数据项（旧规则包不读取）：{names}",
    "facts that only the newer pack has, which the older one is not given: {names}",
)
RETYPED_FACTS = Wording("类型不同的数据项：{names}", "facts of another type: {names}")
ANSWERS_TITLE = Wording("结论不同：", "Decided otherwise:")
REASONS_TITLE = Wording("结论相同，依据不同：", "Decided the same by other rules:")
MISFITS_TITLE = Wording("未比较：", "Not compared:")
MANY_WAYS = Wording("其他各种变化", "in many other ways")
NO_RULE = Wording("（无规则）", "(no rule)")
COUNTED = Wording("{n} 条", "{n} record{s}")
AND_MORE = Wording("另有 {n} 条", "and {n} more")
STANDING_WORDINGS: Mapping[Standing, Wording] = {
    Standing.ONLY_OLD: Wording("仅符合旧规则包", "fits the older pack only"),
    Standing.ONLY_NEW: Wording("仅符合新规则包", "fits the newer pack only"),
    Standing.NEITHER: Wording("两者均不符合", "fits neither pack"),
}
TALLY = Wording(
    "共 {all} 条记录：结论不同 {other_answer}，结论相同而依据不同 {other_reason}，完全相同 {same}，"
    "仅符合旧规则包 {only_old}，仅符合新规则包 {only_new}，两者均不符合 {neither}",
    "{all} record{s}: {other_answer} decided otherwise, {other_reason} the same by other rules,"
    " {same} the same; {only_old} fit the older pack only, {only_new} the newer only,"
    " {neither} neither",
)


def show_comparison(found: Comparison, packs: Iterable[Pack], screen: Screen) -> None:
    """Print what differs, change by change, and count all records."""
    for pack in packs:
        screen.write_line(f"{pack.name} {pack.version} ({pack.digest[:19]})")
    show_facts(compare_facts(found.old.facts, found.new.facts), screen)
    groups = sorted(found.groups.values(), key=lambda each: -each.count)
    for title, answers in ((ANSWERS_TITLE, True), (REASONS_TITLE, False)):
        shown = [each for each in groups if is_answer(each) is answers]
        if shown:
            screen.write_title(title)
        for each in shown:
            show_group(each, screen)
    if found.misfits:
        screen.write_title(MISFITS_TITLE)
    for standing, wording in STANDING_WORDINGS.items():
        show_misfits(found, standing, wording, screen)
    screen.write_line()
    screen.say(tally(found.counts))


def is_answer(group: Group) -> bool:
    """Return whether the answer of the records of a group differs."""
    return group.first.changes_answer


def show_facts(facts: FactDifferences, screen: Screen) -> None:
    """Print how the facts of the packs differ, if they do."""
    retyped = tuple(f"{name} ({one} → {other})" for name, one, other in facts.retyped)
    for wording, names in (
        (ONLY_OLD_FACTS, facts.only_old),
        (ONLY_NEW_FACTS, facts.only_new),
        (RETYPED_FACTS, retyped),
    ):
        if names:
            screen.say(wording.fill(names=screen.pick("、", ", ").join(names)))


def show_group(group: Group, screen: Screen) -> None:
    """Print one change: its rules with their clauses, how many records, and the first of them."""
    first = group.first
    before, after = (
        f"{' + '.join(rules) or NO_RULE.say(screen.language)}{screen.cite(cites)}"
        for rules, cites in zip(first.rules, first.cites, strict=True)
    )
    what = before if before == after else f"{before} → {after}"
    if group.mixed:
        what = MANY_WAYS.say(screen.language)
    counted = COUNTED.fill(n=group.count, s="" if group.count == 1 else "s")
    screen.write_line(f"  {screen.paint(counted.say(screen.language), 'bold')}  {what}")
    for each in group.examples:
        told = f": {each.change.wording.say(screen.language)}" if is_answer(group) else ""
        screen.write_line(f"    {each.name}{told}")
    left = group.count - len(group.examples)
    if left and group.examples:
        screen.write_line(f"    {AND_MORE.fill(n=left).say(screen.language)}")


def show_misfits(found: Comparison, standing: Standing, wording: Wording, screen: Screen) -> None:
    """Print the first records that are not compared for one reason."""
    count = found.counts[standing]
    if not count:
        return
    counted = COUNTED.fill(n=count, s="" if count == 1 else "s").say(screen.language)
    screen.write_line(f"  {screen.paint(counted, 'bold')}  {wording.say(screen.language)}")
    shown = [each for each in found.misfits if each.standing is standing]
    for each in shown:
        name = cut_name(each.key) or each.place
        screen.write_line(f"    {name}: {each.why.say(screen.language)}")
    if count > len(shown):
        screen.write_line(f"    {AND_MORE.fill(n=count - len(shown)).say(screen.language)}")


def tally(counts: Counter[Standing]) -> Wording:
    """Return one line with the number of records by what became of them."""
    numbers = {str(each): counts[each] for each in Standing}
    return TALLY.fill(all=counts.total(), s="" if counts.total() == 1 else "s", **numbers)


# For machines


def dump_comparison(found: Comparison, old: Pack, new: Pack) -> dict[str, object]:
    """Return what differs as a JSON object."""
    groups = sorted(found.groups.values(), key=lambda each: -each.count)
    return {
        "policy": found.old.name,
        "old": dump_pack(old),
        "new": dump_pack(new),
        "facts": compare_facts(found.old.facts, found.new.facts)._asdict(),
        "counts": {"records": found.counts.total()}
        | {str(each): found.counts[each] for each in Standing},
        "changes": list(map(dump_group, groups)),
        "not_compared": [
            {
                "place": each.place,
                "id": each.key or None,
                "standing": each.standing,
                "why": each.why,
            }
            for each in found.misfits
        ],
    }


def dump_pack(pack: Pack) -> dict[str, str]:
    """Return which pack it is."""
    return {"name": pack.name, "version": pack.version, "digest": pack.digest}


def dump_group(group: Group) -> dict[str, object]:
    """Return one change as a JSON object."""
    first = group.first
    return {
        "changes_answer": first.changes_answer,
        "count": group.count,
        "mixed": group.mixed,
        **{
            side: {"rules": rules, "cites": [str(each) for each in cites]}
            for side, rules, cites in zip(
                ("before", "after"), first.rules, first.cites, strict=True
            )
        },
        "outputs": [each.name for each in first.outputs],
        "examples": [
            {"place": each.place, "id": each.key or None, **each.change.dump()}
            for each in group.examples
        ],
    }
