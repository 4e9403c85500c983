"""Changes of the shipped rules of which it is known whether they are laxer.

They are planted in the text of single files, by what the law means and not by how the checker looks
for it: nothing here is imported from the checks.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from telecom_rules.vocabulary import Duration
from telecom_rules.vocabulary.time.periods import Period
from tests.fast_yaml import BaseLoader

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from telecom_rules.pack import Pack, Reading
    from telecom_rules.vocabulary import Parameter
    from telecom_rules.vocabulary.parameters import ParameterValue
    from tests.rules.relinking import Relinker

Tree = dict[str, Any]


@dataclass(frozen=True)
class Plant:
    """A change of one file, or of one figure.

    Attributes:
        what: what was done, for the name of a failure.
        places: the parts of the pack of which one has to be told.
        make: returns the changed pack.
    """

    what: str
    places: tuple[str, ...]
    make: Callable[[Relinker], Pack]


class Plain(yaml.dumper.BaseDumper):
    """Writes texts as they are: the reader of the rules knows what each key holds."""


Plain.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text)
)
Plain.add_representer(
    dict, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
)
Plain.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data)
)
Plain.ignore_aliases = lambda *_: True  # type: ignore[method-assign]


def load(text: str) -> Tree:
    return yaml.load(text, BaseLoader)  # noqa: S506 - it makes texts, lists, mappings


def dump(tree: Tree) -> str:
    return yaml.dump(tree, Dumper=Plain, allow_unicode=True, sort_keys=False, width=1000)


def of_file(file: str, tree: Tree, what: str, *places: str) -> Plant:
    text = dump(tree)
    return Plant(f"{file}: {what}", places, lambda relinker: relinker.with_text(file, text))


def listed(value: Any) -> list:
    return value if isinstance(value, list) else [value]


@dataclass
class Soil:
    """The rules that are planted in.

    Attributes:
        reading: the shipped pack.
        rng: chooses.
    """

    reading: Reading
    rng: random.Random

    def __post_init__(self) -> None:
        trees = {
            name: load(text)
            for name, text in self.reading.texts.items()
            if "/scenarios/" not in name and "/law/s" not in name
        }
        self.tables = {n: t for n, t in trees.items() if "policy" in t and "rules" in t}
        self.checklists = {n: t for n, t in trees.items() if "policy" in t and "checks" in t}
        self.flows = {n: t for n, t in trees.items() if "workflow" in t}
        pack = self.reading.require_pack()
        self.roles = {n: sorted(pack.workflows[t["workflow"]].roles) for n, t in self.flows.items()}

    # Figures

    def figures(self) -> list[Parameter]:
        found = self.reading.require_pack().parameters.values()
        return [
            p for p in found if p.stricter != "none" and p.kind == "law" and p.measure != "none"
        ]

    def change_figure(self, *, laxer: bool) -> Plant:
        figure = self.rng.choice(self.figures())
        up = (figure.stricter == "higher") is not laxer
        at = self.rng.randrange(len(figure.values))
        value = figure.values[at]
        other = scale(value, up=up)
        if other is None:
            return self.change_figure(laxer=laxer)
        since = value.since or date(2016, 1, 1)
        day = since + timedelta(self.rng.randrange(3, 200))
        whole = self.rng.random() < 0.5 or (
            value.until is not None and day + timedelta(2) > value.until
        )
        if whole:
            values = (*figure.values[:at], other, *figure.values[at + 1 :])
            place = f"{figure.name}.{since.isoformat()}"
        else:
            after = day + timedelta(1)
            parts = (
                replace(value, in_force=Period(value.since, day)),
                replace(other, in_force=Period(day, after)),
                replace(value, in_force=Period(after, value.until)),
            )
            values = (*figure.values[:at], *parts, *figure.values[at + 1 :])
            place = f"{figure.name}.{day.isoformat()}"
        new = replace(figure, values=values)
        what = f"{figure.name} {value.value} -> {other.value} {'throughout' if whole else day}"
        return Plant(what, (place,), lambda relinker: relinker.with_figure(new))

    # Tables

    def orders(self, table: Tree) -> dict[str, Any]:
        found = {}
        for name, written in table["outputs"].items():
            if isinstance(written, dict) and "stricter" in written:
                found[name] = written["stricter"]
        return found

    def change_answer(self, *, laxer: bool) -> Plant:
        file = self.rng.choice([n for n, t in self.tables.items() if self.orders(t)])
        tree = deepcopy(self.tables[file])
        rule = self.rng.choice(tree["rules"])
        output, order = self.rng.choice(list(self.orders(tree).items()))
        value = rule["then"].get(output)
        other = None if value is None else step(value, order, laxer=laxer, rng=self.rng)
        if other is None:
            return self.change_answer(laxer=laxer)
        rule["then"] = {**rule["then"], output: other}
        place = f"{tree['policy']}.{rule['id']}"
        return of_file(file, tree, f"{rule['id']}.{output} {value} -> {other}", place)

    def answer_on_one_day(self) -> Plant:
        """Give the laxest answer to everybody on a single day."""
        files = [
            n for n, t in self.tables.items()
            if t["hit_policy"] == "first" and set(self.orders(t)) == set(t["outputs"])
            and all(isinstance(o, list) for o in self.orders(t).values())
        ]  # fmt: skip
        file = self.rng.choice(files)
        tree = deepcopy(self.tables[file])
        laxest = {name: order[-1] for name, order in self.orders(tree).items()}
        day = date(2027, 1, 1) + timedelta(self.rng.randrange(300))
        days = {"from": day.isoformat(), "until": (day + timedelta(1)).isoformat()}
        rule = {"id": "gift", "then": laxest, "in_force": days, "cites": tree["cites"]}
        tree["rules"].insert(0, rule)
        return of_file(file, tree, f"the laxest answer on {day}", f"{tree['policy']}.gift")

    # Checklists

    def change_check(self, *, laxer: bool) -> Plant:
        file = self.rng.choice(list(self.checklists))
        tree = deepcopy(self.checklists[file])
        at = self.rng.randrange(len(tree["checks"]))
        check = tree["checks"][at]
        place = f"{tree['policy']}.{check['id']}"
        fact = self.free_fact(tree, f"{check.get('when', '')} {check['require']}")
        severity = check.get("severity", "error")
        ways = LAXER_CHECKS if laxer else STRICTER_CHECKS
        way = self.rng.choice(ways)
        if way == "gone":
            if len(tree["checks"]) == 1:
                return self.change_check(laxer=laxer)
            del tree["checks"][at]
        elif way == "severity":
            rank = ["error", "warning", "advice"]
            to = rank.index(severity) + (1 if laxer else -1)
            if not 0 <= to < len(rank):
                return self.change_check(laxer=laxer)
            check["severity"] = rank[to]
        elif fact is None:
            return self.change_check(laxer=laxer)
        elif way == "when":
            before = check.get("when")
            check["when"] = fact if before is None else f"({before}) && {fact}"
        elif way == "require":
            sign = "||" if laxer else "&&"
            check["require"] = f"({check['require']}) {sign} {fact}"
        elif way == "until":
            if "in_force" in check or "in_force" in tree:
                return self.change_check(laxer=laxer)
            check["in_force"] = {"from": "2016-01-01", "until": "2027-03-01"}
        return of_file(file, tree, f"{check['id']} {way}", place)

    def free_fact(self, tree: Tree, text: str) -> str | None:
        """Return a boolean fact that some conditions do not read."""
        fields = self.reading.require_pack().vocabulary.facts[tree["facts"]].fields
        free = [
            name for name, field in fields.items()
            if str(field.type) == "boolean" and not field.optional and name not in text
        ]  # fmt: skip
        return self.rng.choice(free) if free else None

    # Workflows

    def transitions(self, tree: Tree) -> Iterator[tuple[str, Tree, str, int, int]]:
        """Yield each written transition: its place, itself, its event and number."""
        for name, state in walk_states(tree["states"]):
            for event, group in (state.get("on") or {}).items():
                several = listed(group)
                for number, each in enumerate(several):
                    if isinstance(each, dict):
                        mark = f"[{number + 1}]" if len(several) > 1 else ""
                        yield (
                            f"{tree['workflow']}.{name}.{event}{mark}",
                            each,
                            event,
                            number,
                            len(several),
                        )

    def is_right(self, tree: Tree, event: str) -> bool:
        return tree["events"].get(event, {}).get("right") == "true"

    def is_of_clock(self, tree: Tree, event: str) -> bool:
        return event in {each.get("on_expiry") for each in tree.get("clocks", {}).values()}

    def loosen_transition(self) -> Plant:  # noqa: C901, PLR0912 - a list of ways
        file = self.rng.choice(list(self.flows))
        tree = deepcopy(self.flows[file])
        place, each, event, _, count = self.rng.choice(list(self.transitions(tree)))
        right, way = self.is_right(tree, event), self.rng.choice(LAXER_TRANSITIONS)
        others = [r for r in self.roles[file] if r not in listed(each.get("by", []))]
        if way == "by" and each.get("by") and others and event in tree["events"]:
            each["by"] = [*listed(each["by"]), self.rng.choice(others)]
        elif way == "anybody" and each.get("by") and others and event in tree["events"]:
            del each["by"]
        elif (
            way == "requires"
            and each.get("requires")
            and "guard" not in each
            and not each.get("emit")
        ):
            facts = listed(each["requires"])
            dropped = self.rng.choice(facts)
            kept = [fact for fact in facts if fact != dropped]
            each["requires"] = kept
            if not kept:
                del each["requires"]
        elif way == "guard" and each.get("guard") and count == 1 and "has(" not in each["guard"]:
            del each["guard"]
        elif way == "emit" and each.get("emit"):
            each["emit"] = listed(each["emit"])[1:]
            if not each["emit"]:
                del each["emit"]
        elif way == "right" and right and count == 1:
            each["by"] = [self.rng.choice(others)] if others else []
            if not each["by"]:
                return self.loosen_transition()
        elif way == "right_guard" and right and count == 1:
            fact = self.free_fact(tree, str(each))
            if fact is None:
                return self.loosen_transition()
            each["guard"] = f"({each['guard']}) && {fact}" if "guard" in each else fact
        elif (
            way == "expiry" and self.is_of_clock(tree, event) and each.get("target") and count == 1
        ):
            del each["target"]
        else:
            return self.loosen_transition()
        return of_file(file, tree, f"{place} {way}", place)

    def loosen_clock(self) -> Plant:
        file = self.rng.choice([n for n, t in self.flows.items() if t.get("clocks")])
        tree = deepcopy(self.flows[file])
        name, clock = self.rng.choice(list(tree["clocks"].items()))
        place = f"{tree['workflow']}.{name}"
        figure = clock["limit"].removeprefix("parameters.")
        parameter = self.reading.require_pack().parameters.get(figure)
        if parameter is None or parameter.stricter != "lower" or parameter.kind != "law":
            return self.loosen_clock()
        way = self.rng.choice(LAXER_CLOCKS)
        states = [
            n for n, s in walk_states(tree["states"]) if s.get("type") not in {"final", "history"}
        ]
        if way == "limit":
            value = parameter.values[-1].value
            longest = max(each.value.amount for each in parameter.values)
            clock["limit"] = f"{longest + self.rng.randrange(1, 40)} {WORDS[value.unit]}"
        elif way == "until":
            state = self.rng.choice([s for s in states if s not in listed(clock["until"])])
            clock["until"] = [*listed(clock["until"]), state]
        elif way == "pause":
            state = self.rng.choice(
                [s for s in states if s not in listed(clock.get("pause_in", []))]
            )
            clock["pause_in"] = [*listed(clock.get("pause_in", [])), state]
        elif way == "warn" and clock.get("warn_at") and clock["warn_at"] < "90%":
            clock["warn_at"] = "95%"
        else:
            return self.loosen_clock()
        return of_file(file, tree, f"{place} {way}", place)

    def take_right(self) -> Plant:
        """Take a right away: its flag, or one of the transitions by which it is used."""
        files = [n for n, t in self.flows.items() if any(self.is_right(t, e) for e in t["events"])]
        file = self.rng.choice(files)
        tree = deepcopy(self.flows[file])
        event = self.rng.choice([each for each in tree["events"] if self.is_right(tree, each)])
        if self.rng.random() < 0.4:
            del tree["events"][event]["right"]
            return of_file(file, tree, f"{event} no right", f"{tree['workflow']}.{event}")
        held = [(n, s) for n, s in walk_states(tree["states"]) if event in (s.get("on") or {})]
        if len(held) < 2:  # without any transition the event itself would be a mistake
            del tree["events"][event]["right"]
            return of_file(file, tree, f"{event} no right", f"{tree['workflow']}.{event}")
        name, state = self.rng.choice(held)
        inner = any(n != name and n in dict(walk_states(state.get("states", {}))) for n, _ in held)
        outer = any(name in dict(walk_states(s.get("states", {}))) for n, s in held if n != name)
        if inner or outer:
            return self.take_right()  # another one may take its place
        group = listed(state["on"].pop(event))
        if not state["on"]:
            del state["on"]
        marks = [""] if len(group) == 1 else [f"[{n + 1}]" for n in range(len(group))]
        places = [f"{tree['workflow']}.{name}.{event}{mark}" for mark in marks]
        return of_file(file, tree, f"{event} gone in {name}", *places)

    # Changes that are not laxer

    def tighten_transition(self) -> Plant:
        file = self.rng.choice(list(self.flows))
        tree = deepcopy(self.flows[file])
        place, each, event, _, count = self.rng.choice(list(self.transitions(tree)))
        if self.is_right(tree, event) or self.is_of_clock(tree, event) or count > 1:
            return self.tighten_transition()
        way = self.rng.choice(["by", "guard", "requires", "emit", "title", "true"])
        fact = self.free_fact(tree, str(each))
        if way == "by" and len(listed(each.get("by", []))) > 1:
            each["by"] = listed(each["by"])[1:]
        elif way == "guard" and fact is not None and event in tree["events"]:
            each["guard"] = f"({each['guard']}) && {fact}" if "guard" in each else fact
        elif way == "true" and each.get("guard"):
            each["guard"] = f"true && ({each['guard']})"
        elif way == "requires" and fact is not None and event in tree["events"]:
            each["requires"] = [*listed(each.get("requires", [])), fact]
        elif way == "emit" and tree.get("effects"):
            plain = [n for n, e in tree["effects"].items() if not e.get("payload")]
            if not plain:
                return self.tighten_transition()
            each["emit"] = [*listed(each.get("emit", [])), self.rng.choice(plain)]
        elif way == "title":
            each["title"] = {"zh": "另一标题", "en": "Another title"}
        else:
            return self.tighten_transition()
        return of_file(file, tree, f"{place} {way}")

    def tighten_clock(self) -> Plant:
        file = self.rng.choice([n for n, t in self.flows.items() if t.get("clocks")])
        tree = deepcopy(self.flows[file])
        name, clock = self.rng.choice(list(tree["clocks"].items()))
        figure = clock["limit"].removeprefix("parameters.")
        parameter = self.reading.require_pack().parameters.get(figure)
        if parameter is None or parameter.stricter != "lower":
            return self.tighten_clock()
        way = self.rng.choice(["limit", "until", "pause", "warn", "note"])
        least = min(each.value.amount for each in parameter.values)
        if way == "limit" and least > 1:
            clock["limit"] = (
                f"{self.rng.randrange(1, least)} {WORDS[parameter.values[-1].value.unit]}"
            )
        elif way == "until" and len(listed(clock["until"])) > 1:
            clock["until"] = listed(clock["until"])[1:]
        elif way == "pause" and clock.get("pause_in"):
            del clock["pause_in"]
        elif way == "warn":
            clock["warn_at"] = "10%"
        elif way == "note":
            clock["title"] = {"zh": "另一标题", "en": "Another title"}
        else:
            return self.tighten_clock()
        return of_file(file, tree, f"{name} {way}")

    def reword(self) -> Plant:
        """Change what is only read, or write the same otherwise."""
        file = self.rng.choice([*self.tables, *self.checklists])
        tree = deepcopy({**self.tables, **self.checklists}[file])
        way = self.rng.choice(["title", "order", "brackets", "note", "extra"])
        if way == "order" and "checks" in tree:
            self.rng.shuffle(tree["checks"])
        elif way == "extra" and "checks" in tree:
            extra = {**deepcopy(tree["checks"][0]), "id": "of_the_house"}
            tree["checks"].append(extra)
        elif way == "brackets":
            part = self.rng.choice(tree.get("rules") or tree["checks"])
            key = "when" if "rules" in tree else "require"
            if not isinstance(part.get(key), str):
                return self.reword()
            part[key] = f"!(!({part[key]}))"
        elif way == "note" and "rules" in tree:
            self.rng.choice(tree["rules"])["note"] = {"zh": "备注", "en": "A note"}
        else:
            tree["title"] = {"zh": "另一标题", "en": "Another title"}
        return of_file(file, tree, way)

    def add_state(self) -> Plant:
        """Put a state of the house before one of the base, through which every case goes on."""
        file = self.rng.choice(list(self.flows))
        tree = deepcopy(self.flows[file])
        found = [
            (each, event) for _, each, event, _, count in self.transitions(tree)
            if isinstance(each.get("target"), str) and count == 1 and not self.is_right(tree, event)
            and each["target"] in tree["states"] and not each.get("reenter")
        ]  # fmt: skip
        if not found:
            return self.add_state()
        each, _ = self.rng.choice(found)
        onward = each["target"]
        each["target"] = "house_check"
        step = {"target": onward, "cites": tree["cites"]}
        if tree.get("roles"):
            step["by"] = self.roles[file][0]
        rights = {e: step for e in tree["events"] if self.is_right(tree, e)}
        if rights:
            return self.add_state()  # a right would have to be offered there as well
        tree["states"]["house_check"] = {
            "title": {"zh": "内部复核", "en": "House check"},
            "cites": tree["cites"],
            "on": {"house_checked": step},
        }
        title = {"zh": "复核完成", "en": "Checked"}
        tree["events"]["house_checked"] = {"title": title, "cites": tree["cites"]}
        return of_file(file, tree, f"a state before {onward}")


LAXER_CHECKS = ("gone", "severity", "when", "require", "until")
STRICTER_CHECKS = ("severity", "require")
LAXER_TRANSITIONS = (
    "by", "anybody", "requires", "guard", "emit", "right", "right_guard", "expiry",
)  # fmt: skip
LAXER_CLOCKS = ("limit", "until", "pause", "warn")
WORDS = {
    "calendar_days": "days", "working_days": "working days", "hours": "hours",
    "minutes": "minutes", "months": "months",
}  # fmt: skip


def walk_states(states: Tree) -> Iterator[tuple[str, Tree]]:
    for name, state in states.items():
        yield name, state
        yield from walk_states(state.get("states", {}))


def scale(value: ParameterValue, *, up: bool) -> ParameterValue | None:
    """Return a figure one step higher or lower, or `None` if there is no such figure."""
    by = 1 if up else -1
    if isinstance(value.value, bool | str):
        return None
    if isinstance(value.value, Duration):
        amount = value.value.amount + by
        if amount < 1:
            return None
        limit = Duration(amount, value.value.unit)
        return replace(value, value=limit, wording=limit.wording)
    number = value.value + by
    return None if number < 0 else replace(value, value=number)


def step(value: str, order: Any, *, laxer: bool, rng: random.Random) -> str | None:
    """Return an answer that is laxer, or stricter, than another; `None` if there is none."""
    if isinstance(order, list):
        if value not in order:
            return None
        at = order.index(value)
        others = order[at + 1 :] if laxer else order[:at]
        return rng.choice(others) if others else None
    up = (order == "higher") is not laxer
    if value in {"true", "false"}:
        return None if (value == "true") is up else ("true" if up else "false")
    if value.isdigit():
        number = int(value) + (7 if up else -7)
        return str(number) if number >= 0 else None
    return None


def plant_laxities(soil: Soil, count: int) -> Iterator[Plant]:
    makers: list[Callable[[], Plant]] = [
        lambda: soil.change_figure(laxer=True),
        lambda: soil.change_answer(laxer=True),
        soil.answer_on_one_day,
        lambda: soil.change_check(laxer=True),
        soil.loosen_transition,
        soil.loosen_transition,
        soil.loosen_clock,
        soil.take_right,
    ]
    for number in range(count):
        yield makers[number % len(makers)]()


def plant_others(soil: Soil, count: int) -> Iterator[Plant]:
    makers: list[Callable[[], Plant]] = [
        lambda: soil.change_figure(laxer=False),
        lambda: soil.change_answer(laxer=False),
        lambda: soil.change_check(laxer=False),
        soil.tighten_transition,
        soil.tighten_transition,
        soil.tighten_clock,
        soil.reword,
        soil.add_state,
    ]
    for number in range(count):
        yield makers[number % len(makers)]()
