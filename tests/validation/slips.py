"""Slips planted in the pack that ships, one at a time, and what is said of each.

A slip is one that people make: a key with a letter too few, a name that nothing has, a line one
column to the left. It changes one line. Of what is found the first finding on that line counts as
the catch, and every other one as noise.

    python -m tests.validation.slips --count 1000 --seed 1
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter, defaultdict
from functools import cache
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import yaml

from telecom_rules.checks import unreachable
from telecom_rules.findings import Findings
from telecom_rules.pack import drafts, gather_files, link
from telecom_rules.pack.definition import FILE_KINDS
from telecom_rules.pack.overlay import parts
from tests.shipped import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from telecom_rules.findings import Finding

KEY_LINE = re.compile(r"^( *(?:- )?)([a-z_]+):(?= |$)")
REFERENCE = re.compile(r"(?<=\b)(target|initial|from|until|facts|limit): ([a-z_]+)(?=[,}\s]|$)")
CITE = re.compile(r"\b([a-z_]+):(\d[\w.]*)(?=[(\],]|$)")
CONDITION = re.compile(r"^ *(?:- )?(?:when|guard): [^\"'>|].*$|\b(?:when|guard): [^\"'>|{},]+")
WHOLE = re.compile(r"\b(value|count|order): (\d+)\b")
DAY = re.compile(r"\b(from|since|until): (\d{4}-\d{2})-\d{2}\b")
FLAG = re.compile(r"\b(?:interpretation|right|has_default): (true|false)\b")
TYPE = re.compile(r"(?<=type: )([a-z_]+)(?=\??[,}\s]|$)")
STATE = re.compile(r"^  ([a-z_]+):\n", re.MULTILINE)
LEAST_CAUGHT, MOST_NOISE = 0.99, 0.05
"""The promise: slips told at their line, and findings beside these for each slip."""
TEXT_KEYS = frozenset({"zh", "en", "note", "title"})


class Slip(NamedTuple):
    """A slip in one line.

    Attributes:
        kind: what kind of slip it is.
        file: the file.
        line: the line, counted from 1.
        text: the text of the file with it.
    """

    kind: str
    file: str
    line: int
    text: str


@cache
def list_keys() -> frozenset[str]:
    """Return the keys that files of a pack may have, besides names."""
    found: set[str] = set()
    seen: set[type] = set()

    def visit(model: type) -> None:
        if model in seen:
            return
        seen.add(model)
        for name, field in model.model_fields.items():
            found.add(field.alias or name)
        for each in model.__subclasses__():
            visit(each)

    for each in (*FILE_KINDS.values(),):
        visit(each)
    return frozenset(found) - set(FILE_KINDS)


def misspell(random: Random, word: str) -> str:
    """Return a word with one letter too few, too many, or two of them swapped."""
    at = random.randrange(len(word))
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    forms = {word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], swapped} - {word, ""}
    return random.choice(sorted(forms))


def replace_at(match: re.Match[str], group: int, new: str) -> str:
    """Return the text of a match with one of its groups replaced."""
    return match.string[: match.start(group)] + new + match.string[match.end(group) :]


def pick_line(
    random: Random, text: str, pattern: re.Pattern[str]
) -> tuple[int, re.Match[str]] | None:
    """Return the number of a line, from 0, in which a pattern is found, with what was found."""
    inside = iter_block_lines(text)
    found = [
        (at, match)
        for at, line in enumerate(text.split("\n"))
        if at not in inside and not line.lstrip().startswith("#")
        for match in pattern.finditer(line)
    ]
    return random.choice(found) if found else None


@cache
def iter_block_lines(text: str) -> frozenset[int]:
    """Return the lines inside texts of several lines, counted from 0."""
    return frozenset(
        line
        for token in yaml.scan(text, Loader=yaml.CSafeLoader)
        if isinstance(token, yaml.ScalarToken)
        for line in range(token.start_mark.line + 1, token.end_mark.line + (token.style is None))
    )


def plant_key(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, KEY_LINE)
    if found is None or found[1][2] not in list_keys() - TEXT_KEYS or len(found[1][2]) == 1:
        return None
    wrong = misspell(random, found[1][2])
    return None if wrong in list_keys() else (found[0], replace_at(found[1], 2, wrong))


def plant_target(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, REFERENCE)
    # What a clause is about is told in words, and so is a title.
    if found is None or "\nclauses:" in text or "title" in found[1].string[: found[1].start()]:
        return None
    return found[0], replace_at(found[1], 2, misspell(random, found[1][2]) + "_x")


def plant_cite(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, CITE)
    if found is None or "cites" not in found[1].string:
        return None
    return found[0], replace_at(found[1], 2, f"99.{found[1][2]}")


def plant_duplicate(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, KEY_LINE)
    line = found[1].string if found else ""
    value = line[found[1].end() :].strip() if found else ""
    whole = (value and value[0] not in "|>" and not value.startswith(("[", "{"))) or value[
        -1:
    ] in "]}"
    if found is None or not value or not whole or "- " in found[1][1]:
        return None
    if found[0] + 1 in iter_block_lines(text):
        return None
    return found[0] + 1, f"{line}\n{text.split(chr(10))[found[0] + 1]}"


def plant_type(random: Random, text: str) -> tuple[int, str] | None:
    pattern = random.choice((WHOLE, DAY, FLAG, TYPE))
    found = pick_line(random, text, pattern)
    if found is None:
        return None
    at, match = found
    if pattern is TYPE and match[1] == "final":
        return None
    new = {
        WHOLE: lambda: replace_at(match, 2, random.choice(("abc", "1.5.2", "[1]", "十五"))),
        DAY: lambda: replace_at(match, 2, f"{match[2][:5]}13"),
        FLAG: lambda: replace_at(match, 1, random.choice(("yes", "maybe", "1"))),
        TYPE: lambda: replace_at(match, 1, misspell(random, match[1]) + "q"),
    }[pattern]()
    return at, new


BAD_OPERATORS = (
    ("==", "="),
    ("&&", "&"),
    ("&&", "and"),
    ("||", "or"),
    (">=", "=>"),
    ("(", ""),
    ("'", ""),
)
WIDE_OPERATORS = (
    ("==", "＝＝"),
    (">=", "≥"),
    ("'", "‘"),
    ("(", "（"),
    ("&&", "＆＆"),
    ("!", "！"),
    (",", "，"),
)


ASKED = re.compile(r"\b(?:when|guard): .*\b((?:parameters|policies)\.[a-z_]+)")
WIDE_SIGNS = {",": "，", "{": "｛", "[": "［"}


def plant_in_condition(
    random: Random, text: str, swaps: tuple[tuple[str, str], ...]
) -> tuple[int, str] | None:
    found = pick_line(random, text, CONDITION)
    old, new = random.choice(swaps)
    if found is None or old not in found[1][0].partition(": ")[2]:
        return None
    at, match = found
    start = match.start() + match[0].index(": ") + 2
    place = match.string.index(old, start)
    return at, match.string[:place] + new + match.string[place + len(old) :]


def plant_expression(random: Random, text: str) -> tuple[int, str] | None:
    if random.random() < 0.3:
        found = pick_line(
            random,
            text,
            re.compile(r"\b(?:when|guard): .*\b(parameters\.[a-z_]+|policies\.[a-z_]+)"),
        )
        return found and (found[0], replace_at(found[1], 1, found[1][1] + "_x"))
    return plant_in_condition(random, text, BAD_OPERATORS)


def plant_wide(random: Random, text: str) -> tuple[int, str] | None:
    """Plant a full-width sign where the half-width one separates or calculates."""
    kind = random.choice(("colon", "comma", "bracket", "digit", "space", "condition"))
    if kind == "condition":
        return plant_in_condition(random, text, WIDE_OPERATORS)
    if kind == "digit":
        found = pick_line(random, text, WHOLE)
        return found and (
            found[0],
            replace_at(found[1], 2, "".join(chr(ord(each) + 0xFEE0) for each in found[1][2])),
        )
    if kind in {"colon", "space"}:
        found = pick_line(random, text, KEY_LINE)
        if found is None:
            return None
        at, match = found
        line = match.string
        if kind == "colon":
            return at, f"{line[: match.end() - 1]}：{line[match.end() :].lstrip()}"
        if not match[1]:
            return None
        return at, f"\u3000{line[1:]}"
    return plant_wide_sign(random, text, "," if kind == "comma" else "{[")


def plant_wide_sign(random: Random, text: str, signs: str) -> tuple[int, str] | None:
    kinds = (yaml.FlowEntryToken, yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
    lines = text.split("\n")
    places = [
        (each.start_mark.line, each.start_mark.column)
        for each in yaml.scan(text, Loader=yaml.CSafeLoader)
        if isinstance(each, kinds)
    ]
    places = [(line, at) for line, at in places if lines[line][at] in signs]
    if not places:
        return None
    line, at = random.choice(places)
    return line, lines[line][:at] + WIDE_SIGNS[lines[line][at]] + lines[line][at + 1 :]


def plant_left(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, KEY_LINE)
    return (found[0], found[1].string[1:]) if found and found[1].string.startswith(" ") else None


def plant_right(random: Random, text: str) -> tuple[int, str] | None:
    found = pick_line(random, text, KEY_LINE)
    return (found[0], " " + found[1].string) if found else None


def plant_state(random: Random, text: str) -> tuple[int, str] | None:
    head, found, rest = text.partition("\nstates:\n")
    if not found or (not text.partition("\nworkflow: ")[1] and not text.startswith("workflow: ")):
        return None
    first = rest.split("\n")[0]
    state = "  left_alone: {title: {zh: 孤立, en: Left alone}, type: final, cites: [spec:1.1]}"
    return head.count("\n") + 2, f"{state}\n{first}"


PLANTS: Mapping[str, Callable[[Random, str], tuple[int, str] | None]] = {
    "key misspelt": plant_key,
    "unknown name": plant_target,
    "unknown clause": plant_cite,
    "duplicate key": plant_duplicate,
    "bad type": plant_type,
    "bad expression": plant_expression,
    "full-width": plant_wide,
    "column left": plant_left,
    "column right": plant_right,
    "unreachable state": plant_state,
}


@cache
def shipped_files() -> Mapping[str, bytes]:
    """Return the files of the pack that ships."""
    return gather_files(RULES, Findings())


def iter_slips(seed: int, count: int, kinds: Sequence[str]) -> Iterator[Slip]:
    """Yield slips, as many of each kind, anywhere in the pack. Each changes what the file says."""
    random = Random(seed)  # noqa: S311 - no secret
    files = sorted(shipped_files())
    made = 0
    while made < count:
        kind, file = kinds[made % len(kinds)], random.choice(files)
        text = shipped_files()[file].decode()
        planted = PLANTS[kind](random, text)
        if planted is None:
            continue
        at, line = planted
        lines = text.split("\n")
        lines[at] = line
        slip = Slip(kind, file, at + 1, "\n".join(lines))
        if says_the_same(text, slip.text):
            continue
        made += 1
        yield slip


def says_the_same(one: str, other: str) -> bool:
    """Return whether two texts are the same YAML, as where a line in brackets moves."""
    try:
        same = yaml.load(one, yaml.CSafeLoader) == yaml.load(other, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return False
    return same and one.count("\n") == other.count("\n")


class Reader:
    """Links the pack with one file changed, and reads the others once for all slips."""

    def __init__(self) -> None:
        self._trees: dict[tuple[str, bytes], object] = {}
        self._roots: set[int] = set()
        self._definitions: dict[int, object] = {}
        self._read, self._read_as = parts.read, drafts.read_as

    def find(self, slip: Slip) -> tuple[Finding, ...]:
        """Return what is found in the pack with a slip."""
        parts.read, drafts.read_as = self._read_once, self._define_once
        try:
            reading = link({**shipped_files(), slip.file: slip.text.encode()})
        finally:
            parts.read, drafts.read_as = self._read, self._read_as
        checked = unreachable.check(reading) if reading.pack is not None else ()
        return (*reading.findings, *checked)

    def _read_once(self, data: bytes, name: str, findings: Findings, **options: object) -> object:
        if data != shipped_files()[name]:
            return self._read(data, name, findings, **options)
        if (name, data) not in self._trees:
            self._trees[name, data] = self._read(data, name, findings, **options)
            self._roots.add(id(self._trees[name, data]))
        return self._trees[name, data]

    def _define_once(self, model: type, node: object, findings: Findings) -> object:
        if id(node) not in self._roots:
            return self._read_as(model, node, findings)
        if id(node) not in self._definitions:
            self._definitions[id(node)] = self._read_as(model, node, findings)
        return self._definitions[id(node)]


class Score(NamedTuple):
    """What is said of a slip.

    Attributes:
        slip: the slip.
        found: the findings.
    """

    slip: Slip
    found: tuple[Finding, ...]

    @property
    def is_caught(self) -> bool:
        """Whether a finding is on its line."""
        return any((each.span.file, each.span.line) == self.slip[1:3] for each in self.found)

    @property
    def noise(self) -> int:
        """How many findings there are beside the one that catches it."""
        return max(0, len(self.found) - 1)


def judge(seed: int, count: int, kinds: Sequence[str] = tuple(PLANTS)) -> list[Score]:
    """Return what is said of so many slips."""
    reader = Reader()
    return [Score(each, reader.find(each)) for each in iter_slips(seed, count, kinds)]


def share(scores: list[Score]) -> tuple[float, float]:
    """Return the share of slips that are caught, and the other findings for each slip."""
    caught = sum(each.is_caught for each in scores)
    return caught / len(scores), sum(each.noise for each in scores) / len(scores)


def describe(scores: list[Score]) -> str:
    """Return the figures of some slips, by kind, and the slips that are not caught or noisy."""
    by_kind: dict[str, list[Score]] = defaultdict(list)
    for each in scores:
        by_kind[each.slip.kind].append(each)
    lines = ["kind | slips | caught at the line | follow-up findings each"]
    for kind, several in (*by_kind.items(), ("all", scores)):
        caught, noise = share(several)
        lines.append(f"{kind} | {len(several)} | {caught:.1%} | {noise:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Print the figures, and what went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", choices=PLANTS, help="only slips of this kind")
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args()
    begun = time.process_time()
    scores = judge(chosen.seed, chosen.count, chosen.kind or [*PLANTS])
    for each in scores if chosen.verbose else ():
        if not each.is_caught or each.noise:
            print(f"--- {each.slip.kind} {each.slip.file}:{each.slip.line}")
            print("   ", each.slip.text.split("\n")[each.slip.line - 1])
            for finding in each.found[:5]:
                print("    >", finding.concise("en")[:220])
    print(Counter(each.slip.kind for each in scores if not each.is_caught))
    print(describe(scores))
    print(f"{time.process_time() - begun:.0f} s of a processor")
    caught, noise = share(scores)
    sys.exit(caught < LEAST_CAUGHT or noise > MOST_NOISE)


if __name__ == "__main__":
    main()
