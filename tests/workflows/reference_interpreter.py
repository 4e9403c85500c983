"""A plain interpreter of SCXML 1.0, appendix D, over our charts. It is written to be read.

Nothing is worked out beforehand and nothing is shared with the library's own step: not which
states a transition leaves or enters, not which transitions get in each other's way. The functions
are those of the appendix, in its order and under its names, in the way Python writes names. Where
we deviate the place says DEVIATION; `docs/reference/semantics.md` has the same list.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from telecom_rules.errors import EvaluationError, MissingData, TelecomRulesError
from telecom_rules.expressions import Context
from telecom_rules.vocabulary import Record, read_record
from telecom_rules.workflows.chart import Assignment, Emission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from telecom_rules.vocabulary import Value
    from telecom_rules.workflows import State, Transition, Workflow
    from telecom_rules.workflows.chart import Action, Raising


START = datetime(2026, 3, 1, tzinfo=UTC)


class RefusedError(Exception):
    """A macrostep that cannot be made; nothing of it happens."""


@dataclass
class Interpreter:
    """A case of `workflow`, as the appendix runs it.

    Attributes:
        limit: the microsteps that may follow from one event.
        descriptors: what each state has in `on`, as written.
        configuration: the active states.
        history_value: what each history state remembers.
        datamodel: the facts.
        effects: the effects of the last macrostep, with their payloads.
        trace: the states left and entered by each of its microsteps.
        invoked: the states that wait for a called case, with what it began with.
        cancelled: the states that waited and were left in the last macrostep.
    """

    workflow: Workflow
    limit: int
    descriptors: Mapping[str, list[str]]
    configuration: set[str] = field(default_factory=set)
    history_value: dict[str, set[str]] = field(default_factory=dict)
    datamodel: Record = field(default_factory=Record)
    effects: list[tuple[str, Mapping[str, Value]]] = field(default_factory=list)
    trace: list[tuple[list[str], list[str]]] = field(default_factory=list)
    internal_queue: deque[tuple[str, Record]] = field(default_factory=deque)
    running: bool = True
    states_to_invoke: set[str] = field(default_factory=set)
    invoked: dict[str, Record] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)

    # What a host does.

    def interpret(self, facts: Record) -> bool:
        """Start; return whether that could be done."""
        self.datamodel = facts
        return self.attempt(self.start)

    def send(self, name: str) -> bool:
        """Take an external event; return whether a state took it."""
        return self.attempt(lambda: self.external_event(name))

    def attempt(self, macrostep: object) -> bool:
        """Make a macrostep wholly or not at all. DEVIATION: in SCXML an error is one more event."""
        before = (
            set(self.configuration), dict(self.history_value), self.datamodel, self.running,
            dict(self.invoked),
        )  # fmt: skip
        self.effects, self.trace, self.cancelled = [], [], set()
        self.states_to_invoke.clear()
        self.internal_queue.clear()
        try:
            macrostep()
        except (RefusedError, TelecomRulesError):
            (
                self.configuration, self.history_value, self.datamodel, self.running, self.invoked,
            ) = before  # fmt: skip
            return False
        return True

    def start(self) -> None:
        states = self.new_set_for_initial()
        self.trace.append(([], states))
        self.enter(states, states)
        self.main_event_loop()

    def new_set_for_initial(self) -> list[str]:
        states_to_enter: set[str] = set()
        self.add_descendant_states_to_enter(self.workflow._machine.chart.initial, states_to_enter)
        return self.entry_order(states_to_enter)

    def finish(self, state: str, payload: Record) -> bool:
        """Take back the case that `state` waits for; return whether a transition took it."""
        return self.attempt(lambda: self.done_invoke(state, payload))

    def done_invoke(self, state: str, payload: Record) -> None:
        del self.invoked[state]
        self.external_event(f"done.call.{state}", payload)

    def external_event(self, name: str, payload: Record | None = None) -> None:
        payload = Record() if payload is None else payload
        enabled = self.select_transitions(name, payload)
        # DEVIATION: an event that no state takes is refused, not thrown away.
        if not enabled:
            raise RefusedError(name)
        self.microstep(enabled, payload)
        self.main_event_loop()

    # procedure mainEventLoop(), the part that makes a macrostep

    def main_event_loop(self) -> None:
        microsteps = 0
        while self.running:
            payload = Record()
            enabled = self.select_eventless_transitions()
            if not enabled:
                if not self.internal_queue:
                    self.invoke_all()
                    return
                name, payload = self.internal_queue.popleft()
                enabled = self.select_transitions(name, payload)
            if enabled:
                microsteps += 1
                if microsteps > self.limit:  # DEVIATION: SCXML would go on for ever.
                    raise RefusedError("endless")
                self.microstep(enabled, payload)

    def invoke_all(self) -> None:
        for name in self.entry_order(self.states_to_invoke):
            call = self.state(name).call
            given = {fact: value.evaluate(self.datamodel, self.context(Record()))
                     for fact, value in call.facts}  # fmt: skip
            callee = self.workflow._callees[call.workflow]
            # DEVIATION: what cannot begin refuses the macrostep; SCXML has one more event.
            callee.start(given, at=START, id="called")
            self.invoked[name] = callee.facts.read(given)

    # function selectEventlessTransitions()

    def select_eventless_transitions(self) -> list[Transition]:
        enabled: list[Transition] = []
        for state in self.atomic_states():
            for transition in self.candidates(state, ""):
                holds = self.condition_match(transition, Record())
                # DEVIATION: SCXML takes a condition without a value for false. Here what needs no
                # event waits until it has one, and what is written behind it waits as well.
                if holds is None:
                    break
                if holds:
                    if transition not in enabled:
                        enabled.append(transition)
                    break
        return self.remove_conflicting_transitions(enabled)

    # function selectTransitions(event)

    def select_transitions(self, name: str, payload: Record) -> list[Transition]:
        enabled: list[Transition] = []
        for state in self.atomic_states():
            for transition in self.candidates(state, name):
                holds = self.condition_match(transition, payload)
                # DEVIATION: likewise; an event cannot wait, so it is refused.
                if holds is None:
                    raise RefusedError(name)
                if holds:
                    if transition not in enabled:
                        enabled.append(transition)
                    break
        return self.remove_conflicting_transitions(enabled)

    def candidates(self, state: State, name: str) -> Iterable[Transition]:
        """The transitions of a state and its ancestors for an event, in the order tried."""
        for each in [state.name, *self.proper_ancestors(state.name, None)]:
            for descriptor in self.descriptors[each] if name in self.workflow.events else [name]:
                if self.name_match(descriptor, name):
                    yield from self.written_under(each, descriptor, name)

    def written_under(self, state: str, descriptor: str, name: str) -> Iterable[Transition]:
        """The transitions that a state has under `descriptor`, as they are for `name`."""
        for one in self.state(state).transitions:
            if one.event.name == name and (one.wildcard or name) == descriptor:
                yield one

    # function nameMatch(event, descriptor)

    def name_match(self, descriptor: str, name: str) -> bool:
        if descriptor in {"*", name}:
            return True
        # DEVIATION: SCXML's `a.*` is the same as `a` and matches `a` itself, too.
        *prefix, last = descriptor.split(".")
        tokens = name.split(".")
        return last == "*" and tokens[: len(prefix)] == prefix and len(tokens) > len(prefix)

    def condition_match(self, transition: Transition, payload: Record) -> bool | None:
        if any(fact not in self.datamodel for fact in transition.requires):
            return False
        if transition.guard is None:
            return True
        try:
            name = transition.event.name
            return bool(transition.guard.evaluate(self.datamodel, self.context(payload, name)))
        except (MissingData, EvaluationError):
            return None

    # function removeConflictingTransitions(enabledTransitions)

    def remove_conflicting_transitions(self, enabled: list[Transition]) -> list[Transition]:
        filtered: list[Transition] = []
        for t1 in enabled:
            t1_preempted = False
            transitions_to_remove: list[Transition] = []
            for t2 in filtered:
                if self.compute_exit_set([t1]) & self.compute_exit_set([t2]):
                    if self.is_descendant(t1.source, t2.source):
                        transitions_to_remove.append(t2)
                    else:
                        t1_preempted = True
                        break
            if not t1_preempted:
                filtered = [each for each in filtered if each not in transitions_to_remove]
                filtered.append(t1)
        return filtered

    # procedure microstep(enabledTransitions)

    def microstep(self, enabled: list[Transition], payload: Record) -> None:
        left = self.exit_states(enabled)
        for transition in enabled:
            self.execute(transition.actions, payload, transition.event.name)
        entered = self.enter_states(enabled)
        self.trace.append((left, entered))

    # procedure exitStates(enabledTransitions)

    def exit_states(self, enabled: list[Transition]) -> list[str]:
        states_to_exit = self.exit_order(self.compute_exit_set(enabled))
        for name in states_to_exit:
            for history in self.workflow.states.values():
                if history.history is None or history.ancestors[-1] != name:
                    continue
                if history.history == "deep":
                    value = {
                        each
                        for each in self.configuration
                        if self.is_atomic(each) and self.is_descendant(each, name)
                    }
                else:
                    value = {each for each in self.configuration if self.parent(each) == name}
                self.history_value[history.name] = value
        for name in states_to_exit:
            self.execute(self.state(name).exit, Record())
            self.configuration.remove(name)
            self.states_to_invoke.discard(name)
            if self.invoked.pop(name, None) is not None:
                self.cancelled.add(name)
        return states_to_exit

    # function computeExitSet(transitions)

    def compute_exit_set(self, transitions: list[Transition]) -> set[str]:
        states_to_exit: set[str] = set()
        for transition in transitions:
            if transition.targets:
                domain = self.transition_domain(transition)
                states_to_exit |= {
                    each for each in self.configuration if self.is_descendant(each, domain)
                }
        return states_to_exit

    # procedure enterStates(enabledTransitions)

    def enter_states(self, enabled: list[Transition]) -> list[str]:
        states = self.entry_order(self.compute_entry_set(enabled))
        self.enter(states, states)
        return states

    def enter(self, states: list[str], _: object) -> None:
        for name in states:
            self.configuration.add(name)
            if self.state(name).call is not None:
                self.states_to_invoke.add(name)
            self.execute(self.state(name).entry, Record())
            if self.state(name).final:
                parent = self.parent(name)
                if parent is None:
                    self.running = False
                    continue
                self.internal_queue.append((f"done.state.{parent}", Record()))
                # DEVIATION: SCXML looks at the grandparent only; a parallel state in a parallel
                # state is done as well when all its regions are (XState 5).
                around = self.parent(parent)
                while around and self.state(around).parallel and self.is_in_final_state(around):
                    self.internal_queue.append((f"done.state.{around}", Record()))
                    around = self.parent(around)

    # procedure computeEntrySet(transitions)

    def compute_entry_set(self, transitions: list[Transition]) -> set[str]:
        states_to_enter: set[str] = set()
        for transition in transitions:
            if not transition.targets:
                continue
            ancestor = self.transition_domain(transition)
            for name in transition.targets:
                if name == ancestor:  # DEVIATION: a source that is its own target stays.
                    self.add_children_to_enter(name, states_to_enter)
                else:
                    self.add_descendant_states_to_enter(name, states_to_enter)
            for name in self.effective_target_states(transition):
                self.add_ancestor_states_to_enter(name, ancestor, states_to_enter)
            # DEVIATION: the domain may be a parallel state (see there), whose regions are left.
            if ancestor is not None and self.state(ancestor).parallel:
                self.add_regions_to_enter(ancestor, states_to_enter)
        return states_to_enter

    # procedure addDescendantStatesToEnter(state, statesToEnter, ...)

    def add_descendant_states_to_enter(self, name: str, states_to_enter: set[str]) -> None:
        state = self.state(name)
        if state.history is not None:
            values = self.history_value.get(name) or set(state.default)
            for each in values:
                self.add_descendant_states_to_enter(each, states_to_enter)
            for each in values:
                self.add_ancestor_states_to_enter(each, self.parent(name), states_to_enter)
            return
        states_to_enter.add(name)
        self.add_children_to_enter(name, states_to_enter)

    def add_children_to_enter(self, name: str, states_to_enter: set[str]) -> None:
        state = self.state(name)
        if state.parallel:
            self.add_regions_to_enter(name, states_to_enter)
        elif state.children:
            self.add_descendant_states_to_enter(state.initial, states_to_enter)
            self.add_ancestor_states_to_enter(state.initial, name, states_to_enter)

    # procedure addAncestorStatesToEnter(state, ancestor, statesToEnter, ...)

    def add_ancestor_states_to_enter(
        self, name: str, ancestor: str | None, states_to_enter: set[str]
    ) -> None:
        if name == ancestor:  # DEVIATION: a source that is its own target stays (see the domain).
            return
        for each in self.proper_ancestors(name, ancestor):
            states_to_enter.add(each)
            if self.state(each).parallel:
                self.add_regions_to_enter(each, states_to_enter)

    def add_regions_to_enter(self, name: str, states_to_enter: set[str]) -> None:
        for child in self.state(name).children:
            # DEVIATION: the appendix asks for a descendant only; a region that was itself the
            # target would be entered by its default twice, which comes to the same.
            if not any(
                each == child or self.is_descendant(each, child) for each in states_to_enter
            ):
                self.add_descendant_states_to_enter(child, states_to_enter)

    # procedure isInFinalState(s)

    def is_in_final_state(self, name: str) -> bool:
        state = self.state(name)
        if state.parallel:
            return all(self.is_in_final_state(each) for each in state.children)
        return any(self.state(each).final and each in self.configuration for each in state.children)

    # function getTransitionDomain(transition)

    def transition_domain(self, transition: Transition) -> str | None:
        # DEVIATION: a history state stands for itself here, not for what it remembers.
        states = list(transition.targets)
        source = transition.source
        # DEVIATION: XState's `reenter`. In SCXML only a transition that says `type="internal"`, and
        # whose source is compound, stays inside its source.
        if not transition.reenter and all(
            each == source or self.is_descendant(each, source) for each in states
        ):
            return source
        return self.find_lcca([source, *states])

    # function findLCCA(stateList)

    def find_lcca(self, states: list[str]) -> str | None:
        head, *tail = states
        for ancestor in self.proper_ancestors(head, None):
            if not self.state(ancestor).parallel and all(
                self.is_descendant(each, ancestor) for each in tail
            ):
                return ancestor
        return None

    # function getEffectiveTargetStates(transition)

    def effective_target_states(self, transition: Transition) -> list[str]:
        targets: list[str] = []
        for name in transition.targets:
            state = self.state(name)
            if state.history is None:
                targets.append(name)
            else:
                targets += self.history_value.get(name) or state.default
        return targets

    # function getProperAncestors(state1, state2) and its kind

    def proper_ancestors(self, name: str, up_to: str | None) -> list[str]:
        found: list[str] = []
        parent = self.parent(name)
        while parent is not None and parent != up_to:
            found.append(parent)
            parent = self.parent(parent)
        return found

    def is_descendant(self, one: str, other: str | None) -> bool:
        return other is None or other in self.proper_ancestors(one, None)

    def parent(self, name: str) -> str | None:
        around = self.state(name).ancestors
        return around[-1] if around else None

    def is_atomic(self, name: str) -> bool:
        return not self.state(name).children

    def state(self, name: str) -> State:
        return self.workflow.states[name]

    def atomic_states(self) -> list[State]:
        return [
            self.state(each)
            for each in self.entry_order(self.configuration)
            if self.is_atomic(each)
        ]

    def entry_order(self, states: Iterable[str]) -> list[str]:
        document = list(self.workflow.states)
        return sorted(states, key=document.index)

    def exit_order(self, states: Iterable[str]) -> list[str]:
        return self.entry_order(states)[::-1]

    # Executable content

    def execute(self, actions: Iterable[Action], payload: Record, name: str = "") -> None:
        for action in actions:
            # Like an `if` of the appendix around one action. DEVIATION: without a value, see above.
            context = self.context(payload, name)
            if action.when is not None and not action.when.evaluate(self.datamodel, context):
                continue
            if isinstance(action, Assignment):
                if action.value is not None:
                    value = action.value.evaluate(self.datamodel, context)
                    news = self.workflow.facts.read({action.fact: value})
                    self.datamodel = self.datamodel | news
            elif isinstance(action, Emission):
                given = self.filled(action, action.effect.payload, context)
                self.effects.append((action.effect.name, given))
            else:
                given = self.filled(action, action.event.payload, context)
                self.internal_queue.append((action.event.name, given))

    def filled(self, action: Emission | Raising, kind: object, context: Context) -> Record:
        values = {name: value.evaluate(self.datamodel, context) for name, value in action.payload}
        return read_record(kind, values, "payload")

    def context(self, payload: Record, name: str = "") -> Context:
        return Context(event=payload, states=frozenset(self.configuration), event_name=name)
