"""What the YAML of scenarios may say: given, when, then; one model per mapping."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field, PlainValidator

from telecom_rules.documents import (
    Broken,
    Choice,
    Day,
    Definition,
    Identifier,
    Items,
    Named,
    OneOrMany,
    Raw,
    Reference,
    Scalar,
    Title,
    mistake,
)
from telecom_rules.wording import Wording
from telecom_rules.workflows import ReasonKind

NULL_TEXTS = frozenset({"", "~", "null", "Null", "NULL"})
"""What YAML reads as nothing where it is not quoted."""
ONE_OR_SEVERAL = Wording("单个值或列表", "a value, or a list of values")
A_MAPPING = Wording("映射", "a mapping")


def read_one(node: object) -> Scalar:
    """Return a single value as written; a text may be empty where it is quoted."""
    if isinstance(node, Broken):
        raise mistake("broken")
    if not isinstance(node, Scalar):
        found = Wording("列表", "a list") if isinstance(node, Items) else A_MAPPING
        raise mistake("TR103", wanted=ONE_OR_SEVERAL, found=found)
    if not node.quoted and node.text in NULL_TEXTS:
        raise mistake("TR016")
    return node


def read_given(node: object) -> Scalar | tuple[Scalar, ...]:
    """Return a value, or the values of a list, as written."""
    return tuple(map(read_one, node)) if isinstance(node, Items) else read_one(node)


Written: TypeAlias = Scalar | tuple[Scalar, ...]
"""A value, or the values of a list, as written."""
GivenValue = Annotated[Written, PlainValidator(read_given)]
"""A value, or the values of a list, left as written: what is named in front of it says its type."""


class ExampleDefinition(Definition):
    """A record put to a policy on a day, and what must come of it.

    Attributes:
        without: facts of those given around it that are not known here.
        then: the outputs; other outputs do not matter.
        absent: the outputs that must not be there.
        rule: the rule that must decide; of a table that takes several all of them, in order;
            `default` where none holds.
        checks: the status of checks.
        needs: the facts without which nothing must be decided, all of them.
        error: the error that must be raised.
    """

    title: Title | None = None
    on: Day | None = None
    given: Named[GivenValue] = {}
    without: OneOrMany[Reference] = ()
    then: Named[GivenValue] = {}
    absent: OneOrMany[Reference] = ()
    rule: OneOrMany[Reference] = ()
    checks: Named[Choice[Literal["pass", "fail", "not_applicable", "unknown"]]] = {}
    needs: OneOrMany[Reference] = ()
    error: (
        Choice[
            Literal[
                "facts",
                "not_in_force",
                "no_rule_matches",
                "several_rules_match",
                "rules_disagree",
                "evaluation",
            ]
        ]
        | None
    ) = None


class PolicyScenarioDefinition(ExampleDefinition):
    """One scenario of a policy.

    Attributes:
        examples: the rows of a table; each adds to what the scenario gives and expects.
        cites: the clauses it shows at work.
    """

    title: Title
    examples: tuple[ExampleDefinition, ...] = ()
    cites: OneOrMany[Reference] = ()


class ExpectedEffectDefinition(Definition):
    """An effect that must be asked for. `send_result` is short for `{effect: send_result}`."""

    shorthand: ClassVar[str | None] = "effect"

    effect: Reference
    values: Named[GivenValue] = Field({}, alias="with")


class ExpectedCaseDefinition(Definition):
    """Where a case must stand. `then: closed` is short for `then: {state: closed}`.

    Attributes:
        state: states that must be active.
        facts: facts that must be known, with their values.
        absent: facts that must not be known.
        effects: the effects of the step, all and in order; `none` for none.
        due: clocks that must run, with their last day or instant; or `none`, `paused`,
            `undetermined`.
        breaches: the limits broken since the step before, at the end all of them; `none` for none.
        warnings: likewise.
        policies: what policies must say of the facts the case has.
        cites: clauses that the outcome of the step must rest on.
    """

    shorthand: ClassVar[str | None] = "state"

    state: OneOrMany[Reference] = ()
    facts: Named[GivenValue] = {}
    absent: OneOrMany[Reference] = ()
    effects: OneOrMany[ExpectedEffectDefinition] = ()
    due: Named[Raw] = {}
    breaches: OneOrMany[Reference] = ()
    warnings: OneOrMany[Reference] = ()
    policies: Named[Named[GivenValue]] = {}
    cites: OneOrMany[Reference] = ()


class ExpectedRefusalDefinition(Definition):
    """That an event must be refused. `refused: guard` is short for `refused: {because: guard}`.

    Attributes:
        because: the kinds of the reasons, all of them.
        needs: the facts or fields that the reasons say are missing or do not fit, all of them.
        cites: clauses that the refusal must rest on.
    """

    shorthand: ClassVar[str | None] = "because"

    because: OneOrMany[Choice[ReasonKind]]
    needs: OneOrMany[Reference] = ()
    cites: OneOrMany[Reference] = ()


class StepDefinition(Definition):
    """One thing that happens to a case, and what must come of it.

    Attributes:
        send: the event that is sent.
        wait: how long nothing happens: a duration, an instant, or a moment of a clock.
        call: the state whose called case is walked through `steps` and then given back.
        steps: what happens to the called case.
        values: written `with`: the payload of the event.
        by: the role that sends it.
        moment: written `at`: when it is sent: an instant, or a moment of a clock.
        after: how long after the step before.
        then: where the case must stand.
        refused: that the event must be refused; without it it must be accepted.
    """

    send: Reference | None = None
    wait: Raw | None = None
    call: Reference | None = None
    steps: tuple[StepDefinition, ...] = ()
    values: Named[GivenValue] = Field({}, alias="with")
    by: Reference | None = None
    moment: Raw | None = Field(None, alias="at")
    after: Raw | None = None
    then: ExpectedCaseDefinition | None = None
    refused: ExpectedRefusalDefinition | None = None


class WorkflowScenarioDefinition(Definition):
    """One scenario of a workflow.

    Attributes:
        start: when the case starts.
        goes_on: written `from`: the scenario above at whose end this one goes on.
        then: where the case must stand at the end.
    """

    title: Title
    start: Raw | None = None
    goes_on: Reference | None = Field(None, alias="from")
    given: Named[GivenValue] = {}
    without: OneOrMany[Reference] = ()
    steps: tuple[StepDefinition, ...] = ()
    then: ExpectedCaseDefinition | None = None
    cites: OneOrMany[Reference] = ()


class ScenarioFileDefinition(Definition):
    """A file of scenarios: what they have in common.

    Attributes:
        given: facts that every scenario of the file begins with.
    """

    scenarios: Identifier
    title: Title
    given: Named[GivenValue] = {}


class PolicyScenarioFileDefinition(ScenarioFileDefinition):
    """A file of scenarios of a policy.

    Attributes:
        on: the day on which the policy decides where no other is given.
    """

    policy: Reference
    on: Day | None = None
    tests: Named[PolicyScenarioDefinition]


class WorkflowScenarioFileDefinition(ScenarioFileDefinition):
    """A file of scenarios of a workflow.

    Attributes:
        start: when cases start where nothing else is given.
    """

    workflow: Reference
    start: Raw | None = None
    tests: Named[WorkflowScenarioDefinition]
