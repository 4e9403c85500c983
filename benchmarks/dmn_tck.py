"""Runs the models of the DMN TCK that have tables, and says which give the results it expects.

    git clone https://github.com/dmn-tck/tck
    python benchmarks/dmn_tck.py tck/TestCases/compliance-level-2 tck/TestCases/compliance-level-3

A model that is not imported as a whole is imported in part; then what is left out is not asked, and
a result that needs it counts as unanswered, not as wrong.

The TCK is not part of this project; docs/reference/dmn.md keeps what this printed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from telecom_rules.errors import TelecomRulesError
from telecom_rules.interop import NotImportable, from_dmn
from telecom_rules.pack import link
from telecom_rules.policies.hit_policies import MULTIPLE_HIT
from telecom_rules.vocabulary import CodeType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy

PACK = b"""pack: tck
version: 1.0.0
title: {zh: tck, en: TCK}
utc_offset: "+00:00"
require_cites: false
"""
SPAN_PATTERN = re.compile(
    r"-?P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
DAY = date(2026, 1, 1)
TEST = "{http://www.omg.org/spec/DMN/20160719/testcase}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass
class Model:
    """What became of one model of the TCK."""

    name: str
    part: bool = False
    asked: int = 0
    right: int = 0
    wrong: int = 0
    problems: list[str] = field(default_factory=list)


def models(root: Path) -> Iterator[Path]:
    """Yield the models that have a decision table."""
    for path in sorted(root.rglob("*.dmn")):
        if "decisionTable" in path.read_text("utf-8"):
            yield path


def run(path: Path) -> Model:
    """Import one model and ask it everything that its tests ask."""
    model = Model(path.parent.name)
    text = path.read_text("utf-8")
    try:
        imported = from_dmn(text, path.name)
    except NotImportable as refused:
        model.problems += [each.concise() for each in refused.findings]
        model.part = True
        try:
            imported = from_dmn(text, path.name, partial=True)
        except NotImportable:
            return model
    files = {name: text.encode() for name, text in imported.files.items()}
    reading = link({"pack.yaml": PACK, **files})
    if reading.pack is None:
        model.problems += [each.concise() for each in reading.findings]
        return model
    for tests in sorted(path.parent.glob("*test*.xml")):
        for case in ET.parse(tests).getroot().iter(f"{TEST}testCase"):  # noqa: S314 - by hand
            ask(model, reading.pack, case)
    return model


def ask(model: Model, pack: Pack, case: ET.Element) -> None:
    """Decide one case of the TCK and compare."""
    (facts,) = pack.facts.values()
    given: dict[str, object] = {}
    for node in case.iter(f"{TEST}inputNode"):
        for called, value in name_parts(node.get("name") or "", value_of(node)):
            for name, each in facts.fields.items():
                if each.title is not None and each.title.en == called and value is not None:
                    given[name] = code_of(each.type, value)
    for node in case.iter(f"{TEST}resultNode"):
        policy = next((p for p in pack.policies.values() if p.title.en == node.get("name")), None)
        if policy is None:
            continue
        model.asked += 1
        expected = value_of(node.find(f"{TEST}expected"))
        try:
            decision = policy.decide(given, on=DAY)
            decided: Any = shown(policy, decision)
            known = not decision.missing
        except TelecomRulesError as problem:
            decided, known = None, False
            if expected is not None:
                model.problems.append(f"{case.get('id')}: {problem}")
        model.right += decided == expected
        model.wrong += known and decided != expected
        if known and decided != expected:
            model.problems.append(f"{case.get('id')}: expected {expected}, decided {decided}")


def name_parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value by its name, or each part of a structure by that of the whole and its own."""
    if not isinstance(value, dict):
        yield name, value
        return
    for part, each in value.items():
        yield from name_parts(f"{name}.{part}", each)


def value_of(node: ET.Element | None) -> Any:
    """Return what an element of a test says."""
    if node is None:
        return None
    if (value := node.find(f"{TEST}value")) is not None:
        if value.get(NIL) == "true":
            return None
        kind, text = (value.get(TYPE) or "").partition(":")[2], value.text or ""
        if kind in {"decimal", "double", "integer"}:
            return Decimal(text)
        if kind == "duration" and (span := SPAN_PATTERN.fullmatch(text)):
            size = timedelta(**{unit: int(count or 0) for unit, count in span.groupdict().items()})
            return -size if text.startswith("-") else size
        return text == "true" if kind == "boolean" else text
    if (items := node.find(f"{TEST}list")) is not None:
        return [value_of(each) for each in items]
    parts = node.findall(f"{TEST}component")
    return {each.get("name"): value_of(each) for each in parts} if parts else None


def code_of(type_: object, value: object) -> object:
    """Return the code whose title a text is, where a fact holds codes."""
    if isinstance(type_, CodeType):
        return next((code for code, title in type_.codes.items() if title.en == value), value)
    return value


def shown(policy: Policy, decision: Any) -> Any:
    """Return a decision as the TCK writes one: by title, and of several rules one by one."""
    columns = {
        each.title.en: shown_as(each.type, decision.outputs.get(name))
        for name, each in policy.entry.fields.items()
    }
    if policy.hit_policy not in MULTIPLE_HIT or policy.aggregation is not None:
        return columns if len(columns) > 1 else next(iter(columns.values()))
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return rows if len(columns) > 1 else [next(iter(row.values())) for row in rows]


def shown_as(type_: object, value: Any) -> Any:
    """Return a value as the TCK writes it: a code by its title."""
    if isinstance(value, tuple):
        return [shown_as(type_, each) for each in value]
    if isinstance(type_, CodeType) and value is not None:
        return type_.codes[value].en
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def main() -> None:
    """Print what became of each model below the directories given."""
    results = [run(path) for root in sys.argv[1:] for path in models(Path(root))]
    for each in results:
        verdict = "wrong" if each.wrong else "ok" if each.asked == each.right else "unanswered"
        verdict = verdict if each.asked else "refused"
        part = " (in part)" if each.part and each.asked else ""
        print(f"{each.name}: {verdict}{part} {each.right}/{each.asked}")
        for problem in each.problems:
            print(f"    {problem}")
    whole = [each for each in results if each.asked and not each.part]
    right = [each for each in whole if each.asked == each.right]
    part = [each for each in results if each.asked and each.part]
    print(f"{len(right)} of {len(results)} models are imported and give every expected result")
    print(f"{len(part)} more are imported in part")
    print(f"{sum(each.wrong for each in results)} results are wrong")


if __name__ == "__main__":
    main()
