"""Changes of a house pack of which it is known whether they are laxer than the law.

They are written as overlays, by what the law means and not by how the checker looks for it: nothing
here is imported from the checks.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from telecom_rules.vocabulary import Duration
from tests.rules.plants import WORDS, Soil, Tree, dump, listed, load, scale, step, walk_states

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Mapping

    from telecom_rules.pack import Reading

REASON = {"reason": {"zh": "本企业不用", "en": "Not used here"}}
CLAUSE = "handbook:2.1"
NEW_FILE = "planted.yaml"


@dataclass(frozen=True)
class HousePlant:
    """A change of a house pack.

    Attributes:
        what: what was done, for the name of a failure.
        target: the element of the base that the overlay changes.
        body: what it says about it.
    """

    what: str
    target: str
    body: Tree

    def put_into(self, files: Mapping[str, str]) -> tuple[str, str, frozenset[int]]:
        """Return the name and the text of the file with the change, and the lines that are new."""
        for name, text in files.items():
            tree = load(text)
            own = tree.get("overrides", {})
            if self.target in own:
                merged = deepcopy(tree)
                merge(merged["overrides"][self.target], self.body)
            elif tree.get("override") == self.target:
                merged = deepcopy(tree)
                merge(merged, self.body)
            else:
                continue
            return name, dump(merged), find_new_lines(dump(tree), dump(merged))
        text = dump({"override": self.target, **self.body})
        return NEW_FILE, text, frozenset(range(1, text.count("\n") + 2))


def merge(into: Tree, further: Tree) -> None:
    """Put one tree into another: mappings by key, lists one behind the other, the rest replaced."""
    for key, value in further.items():
        held = into.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            merge(held, value)
        elif key in {"rules", "checks"} and held is not None:
            into[key] = [*listed(held), *listed(value)]
        else:
            into[key] = value


def find_new_lines(before: str, after: str) -> frozenset[int]:
    """Return the numbers of the lines that a text has and another has not, with those around."""
    lines = before.splitlines(), after.splitlines()
    found: set[int] = set()
    for tag, _, _, start, end in SequenceMatcher(None, *lines, autojunk=False).get_opcodes():
        if tag != "equal":
            found |= set(range(start, end + 2))
    return frozenset(found)


class House(Soil):
    """A house pack that is planted in; `trees` of the soil are the files of the law below it."""

    def __init__(self, law: Reading, house: Reading, rng: random.Random) -> None:
        super().__init__(law, rng)
        self.house = house
        self.own = {
            name: text
            for name, text in house.texts.items()
            if ":" not in name and "scenarios/" not in name and name != "pack.yaml"
        }

    # Figures

    def promise(self, *, laxer: bool) -> HousePlant:
        """Promise another figure than the law gives, from a day on or on a single day."""
        figure = self.rng.choice(self.figures())
        held = self.house.require_pack().parameters[figure.name]
        day = date(2027, 1, 1) + timedelta(self.rng.randrange(3000))
        law, own = figure.find_on(day), held.find_on(day)
        if law is None or own is None:
            return self.promise(laxer=laxer)
        other = scale(law, up=(figure.stricter == "higher") is not laxer)
        if other is None:
            return self.promise(laxer=laxer)
        value: Tree = {"from": day.isoformat(), "value": self.write(other.value)}
        value["cites"] = [CLAUSE]
        single = self.rng.random() < 0.5
        if single:
            value["until"] = (day + timedelta(1)).isoformat()
        values = [value]
        if own.base is not None:  # what the house promises already goes on before it and after it
            values = [self.carry(own, until=day), value]
            if single:
                values.append(self.carry(own, since=day + timedelta(1)))
        body = {"kind": "promise", "values": values}
        what = f"{figure.name} {law.value} -> {other.value} {'on' if single else 'from'} {day}"
        return HousePlant(what, f"parameters.{figure.name}", body)

    def carry(self, own: Any, since: date | None = None, until: date | None = None) -> Tree:
        found = {"from": (since or own.since).isoformat()}
        if until is not None:
            found["until"] = until.isoformat()
        amount = own.value.amount if isinstance(own.value, Duration) else own.value
        return {**found, "value": str(amount), "cites": [CLAUSE]}

    def write(self, value: Any) -> str:
        return str(value.amount if isinstance(value, Duration) else value)

    # Tables and checklists

    def answer(self, *, laxer: bool) -> HousePlant:
        file = self.rng.choice([n for n, t in self.tables.items() if self.orders(t)])
        tree = self.tables[file]
        rule = self.rng.choice(tree["rules"])
        output, order = self.rng.choice(list(self.orders(tree).items()))
        value = rule["then"].get(output)
        other = None if value is None else step(value, order, laxer=laxer, rng=self.rng)
        if other is None:
            return self.answer(laxer=laxer)
        body = {"rules": [{"id": rule["id"], "then": {output: other}}]}
        return HousePlant(
            f"{rule['id']}.{output} {value} -> {other}", f"policies.{tree['policy']}", body
        )

    def gift(self) -> HousePlant:
        """Give the laxest answer to everybody on a single day."""
        files = [
            n for n, t in self.tables.items()
            if t["hit_policy"] == "first" and set(self.orders(t)) == set(t["outputs"])
            and all(isinstance(o, list) for o in self.orders(t).values())
        ]  # fmt: skip
        tree = self.tables[self.rng.choice(files)]
        day = date(2027, 1, 1) + timedelta(self.rng.randrange(3000))
        rule = {
            "id": "gift",
            "before": tree["rules"][0]["id"],
            "then": {name: order[-1] for name, order in self.orders(tree).items()},
            "in_force": {"from": day.isoformat(), "until": (day + timedelta(1)).isoformat()},
            "title": {"zh": "优惠", "en": "A gift"},
            "cites": [CLAUSE],
        }
        return HousePlant(f"a gift on {day}", f"policies.{tree['policy']}", {"rules": [rule]})

    def check(self, *, laxer: bool) -> HousePlant:
        tree = self.checklists[self.rng.choice(list(self.checklists))]
        check = self.rng.choice(tree["checks"])
        fact = self.free_fact(tree, f"{check.get('when', '')} {check['require']}")
        severity = check.get("severity", "error")
        ways = ["remove", "severity", "when", "require"] if laxer else ["severity", "require"]
        way = self.rng.choice(ways)
        said: Tree = {"id": check["id"]}
        if way == "remove":
            said["remove"] = REASON
        elif way == "severity":
            rank = ["error", "warning", "advice"]
            to = rank.index(severity) + (1 if laxer else -1)
            if not 0 <= to < len(rank):
                return self.check(laxer=laxer)
            said["severity"] = rank[to]
        elif fact is None:
            return self.check(laxer=laxer)
        elif way == "when":
            before = check.get("when")
            said["when"] = fact if before is None else f"({before}) && {fact}"
        else:
            said["require"] = f"({check['require']}) {'||' if laxer else '&&'} {fact}"
        return HousePlant(f"{check['id']} {way}", f"policies.{tree['policy']}", {"checks": [said]})

    # Workflows

    def pick_transition(self) -> tuple[Tree, list[str], str, Tree]:
        """Return a workflow, the path to a state, an event and its only transition there."""
        tree = self.flows[self.rng.choice(list(self.flows))]
        found = [
            (path, event, group)
            for path, state in walk_paths(tree["states"])
            for event, group in (state.get("on") or {}).items()
            if isinstance(group, dict) and event in tree["events"]
        ]
        if not found:
            return self.pick_transition()
        path, event, each = self.rng.choice(found)
        return tree, path, event, each

    def on(self, tree: Tree, path: list[str], event: str, said: Tree, way: str) -> HousePlant:
        """Return a change of a transition."""
        return HousePlant(
            f"{'.'.join(path)}.{event} {way}",
            f"workflows.{tree['workflow']}",
            {"states": nest(path, {"on": {event: said}})},
        )

    def transition(self, *, laxer: bool) -> HousePlant:
        tree, path, event, each = self.pick_transition()
        right = self.is_right(tree, event)
        if not laxer:
            said = self.strengthen(tree, event, each, right=right)
        elif right and self.rng.random() < 0.5:
            said = self.limit_right(tree, each)
        else:
            said = self.weaken(tree, each)
        if said is None:
            return self.transition(laxer=laxer)
        return self.on(tree, path, event, said, str(said))

    def weaken(self, tree: Tree, each: Tree) -> Tree | None:
        """Return what makes a transition possible for more, or ask less."""
        file = next(n for n, t in self.flows.items() if t is tree)
        others = [role for role in self.roles[file] if role not in listed(each.get("by", []))]
        fields = self.reading.require_pack().vocabulary.facts[tree["facts"]].fields
        ways: list[Tree] = []
        if each.get("by") and others:
            ways.append({"by": [*listed(each["by"]), self.rng.choice(others)]})
        if each.get("guard") and "has(" not in each["guard"]:
            ways.append({"guard": "true"})
            free = [n for n, f in fields.items() if str(f.type) == "boolean" and f.optional]
            free = [name for name in free if name not in str(each)]
            if free:
                name = self.rng.choice(free)
                ways.append({"guard": f"({each['guard']}) || (has({name}) && {name})"})
        if each.get("requires") and "guard" not in each and not each.get("emit"):
            rest = listed(each["requires"])[1:]
            ways.append({"requires": rest or {"remove": REASON}})
        emitted = [one for one in listed(each.get("emit", [])) if isinstance(one, str)]
        if len(emitted) > 1:
            gone = self.rng.choice(emitted)
            ways.append({"emit": [{"effect": gone, "remove": REASON}]})
        return self.rng.choice(ways) if ways else None

    def limit_right(self, tree: Tree, each: Tree) -> Tree | None:
        """Return what takes a right away, or leaves less of it."""
        fields = self.reading.require_pack().vocabulary.facts[tree["facts"]].fields
        free = [n for n, f in fields.items() if str(f.type) == "boolean" and n not in str(each)]
        ways: list[Tree] = []
        if free:
            name = self.rng.choice(free)
            guard = f"has({name}) && {name}"
            before = each.get("guard")
            ways.append({"guard": guard if before is None else f"({before}) && {guard}"})
            ways.append({"requires": [*listed(each.get("requires", [])), name]})
        if len(listed(each.get("by", []))) > 1:
            ways.append({"by": listed(each["by"])[1:]})
        return self.rng.choice(ways) if ways else None

    def strengthen(self, tree: Tree, event: str, each: Tree, *, right: bool) -> Tree:
        """Return what makes a transition possible for less, ask more, or call it otherwise."""
        ways: list[Tree] = [{"title": {"zh": "另一标题", "en": "Another title"}}]
        if not right and not self.is_of_clock(tree, event):
            fact = self.free_fact(tree, str(each))
            if len(listed(each.get("by", []))) > 1:
                ways.append({"by": listed(each["by"])[1:]})
            if fact is not None:
                before = each.get("guard")
                ways.append({"guard": fact if before is None else f"({before}) && {fact}"})
                ways.append({"requires": [*listed(each.get("requires", [])), fact]})
        plain = [n for n, e in tree.get("effects", {}).items() if not e.get("payload")]
        free = [name for name in plain if name not in str(each.get("emit", ""))]
        if free:
            ways.append({"emit": [self.rng.choice(free)]})
        return self.rng.choice(ways)

    def way_round(self) -> HousePlant:
        """Lead from a state straight to the end, on an event of the house."""
        tree, path, _, _ = self.pick_transition()
        ends = [n for n, s in tree["states"].items() if s.get("type") == "final"]
        if not ends:
            return self.way_round()
        step = {"target": self.rng.choice(ends), "cites": [CLAUSE]}
        file = next(n for n, t in self.flows.items() if t is tree)
        if self.roles[file]:
            step["by"] = self.roles[file][0]
        title = {"zh": "直接办结", "en": "Be done with it"}
        body = {
            "events": {"house_done": {"title": title, "cites": [CLAUSE]}},
            "states": nest(path, {"on": {"house_done": step}}),
        }
        return HousePlant(f"{'.'.join(path)} to the end", f"workflows.{tree['workflow']}", body)

    def side_step(self) -> HousePlant:
        """Let a case stay in a state of the house and come back, where nobody has a right."""
        flows = [
            t for t in self.flows.values()
            if not any(self.is_right(t, e) for e in t["events"]) and not t.get("clocks")
        ]  # fmt: skip
        tree = self.rng.choice(flows)
        names = [n for n, s in tree["states"].items() if not s.get("type") and not s.get("states")]
        if not names:
            return self.side_step()
        name = self.rng.choice(names)
        file = next(n for n, t in self.flows.items() if t is tree)
        by = {"by": self.roles[file][0]} if self.roles[file] else {}
        title = {"zh": "内部复核", "en": "House check"}
        events = {each: {"title": title, "cites": [CLAUSE]} for each in ("house_on", "house_off")}
        ways = {
            name: {"on": {"house_on": {"target": "house_check", "cites": [CLAUSE], **by}}},
            "house_check": {
                "title": title,
                "cites": [CLAUSE],
                "on": {"house_off": {"target": name, "cites": [CLAUSE], **by}},
            },
        }
        body = {"events": events, "states": ways}
        return HousePlant(f"a check beside {name}", f"workflows.{tree['workflow']}", body)

    def clock(self, *, laxer: bool) -> HousePlant:
        tree = self.rng.choice([t for t in self.flows.values() if t.get("clocks")])
        name, clock = self.rng.choice(list(tree["clocks"].items()))
        figure = clock["limit"].removeprefix("parameters.")
        parameter = self.reading.require_pack().parameters.get(figure)
        if parameter is None or parameter.stricter != "lower" or parameter.kind != "law":
            return self.clock(laxer=laxer)
        states = [
            n for n, s in walk_states(tree["states"]) if s.get("type") not in {"final", "history"}
        ]
        unit = WORDS[parameter.values[-1].value.unit]
        amounts = [each.value.amount for each in parameter.values]
        ways: list[Tree] = []
        if laxer:
            ways.append({"limit": f"{max(amounts) + self.rng.randrange(1, 40)} {unit}"})
            further = [each for each in states if each not in listed(clock["until"])]
            ways.append({"until": [*listed(clock["until"]), self.rng.choice(further)]})
            paused = listed(clock.get("pause_in", []))
            further = [each for each in states if each not in paused]
            ways.append({"pause_in": [*paused, self.rng.choice(further)]})
            if clock.get("warn_at") and clock["warn_at"] < "90%":
                ways.append({"warn_at": "95%"})
        else:
            if min(amounts) > 1:
                ways.append({"limit": f"{self.rng.randrange(1, min(amounts))} {unit}"})
            if len(listed(clock["until"])) > 1:
                ways.append({"until": listed(clock["until"])[1:]})
            ways.append({"warn_at": "10%"})
            ways.append({"title": {"zh": "另一标题", "en": "Another title"}})
        said = self.rng.choice(ways)
        return HousePlant(
            f"{name} {said}", f"workflows.{tree['workflow']}", {"clocks": {name: said}}
        )

    def reword(self) -> HousePlant:
        """Change what is only read, or write the same otherwise."""
        tree = self.rng.choice([*self.tables.values(), *self.checklists.values()])
        target = f"policies.{tree['policy']}"
        part = self.rng.choice(tree.get("rules") or tree["checks"])
        key, group = ("when", "rules") if "rules" in tree else ("require", "checks")
        if isinstance(part.get(key), str) and self.rng.random() < 0.5:
            said: Tree = {"id": part["id"], key: f"!(!({part[key]}))"}
            return HousePlant(f"{part['id']} in brackets", target, {group: [said]})
        title = {"title": {"zh": "另一标题", "en": "Another title"}}
        return HousePlant(f"the title of {target}", target, title)


def walk_paths(states: Tree, above: tuple[str, ...] = ()) -> Iterator[tuple[list[str], Tree]]:
    """Yield each state with the names of the states around it and its own."""
    for name, state in states.items():
        path = (*above, name)
        yield list(path), state
        yield from walk_paths(state.get("states", {}), path)


def nest(path: list[str], said: Tree) -> Tree:
    """Return what is said of a state as `states` of a workflow has it."""
    name, *rest = path
    return {name: {"states": nest(rest, said)} if rest else said}


def plant_laxities(house: House, count: int) -> Iterator[HousePlant]:
    makers: list[Callable[[], HousePlant]] = [
        lambda: house.promise(laxer=True),
        lambda: house.answer(laxer=True),
        house.gift,
        lambda: house.check(laxer=True),
        lambda: house.transition(laxer=True),
        lambda: house.transition(laxer=True),
        lambda: house.clock(laxer=True),
        house.way_round,
    ]
    for number in range(count):
        yield makers[number % len(makers)]()


def plant_others(house: House, count: int) -> Iterator[HousePlant]:
    makers: list[Callable[[], HousePlant]] = [
        lambda: house.promise(laxer=False),
        lambda: house.answer(laxer=False),
        lambda: house.check(laxer=False),
        lambda: house.transition(laxer=False),
        lambda: house.transition(laxer=False),
        lambda: house.clock(laxer=False),
        house.reword,
        house.side_step,
    ]
    for number in range(count):
        yield makers[number % len(makers)]()
