"""The YAML of scenarios: given, when, then; one model per mapping."""

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
"""Unquoted texts that YAML reads as null."""
ONE_OR_SEVERAL = Wording("单个值或列表", "a value, or a list of values")
A_MAPPING = Wording("映射", "a mapping")


def read_one(node: object) -> Scalar:
    """Return a scalar as written; only a quoted text may be empty."""
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
"""A value, or the values of a list, as written: the field it is for determines its type."""


class ExampleDefinition(Definition):
    """A record given to a policy on a day, and the expected decision.

    Attributes:
        without: inherited facts that are removed here.
        then: expected outputs; others are ignored.
        absent: outputs that must be absent.
        rule: the rule that must decide; with several, all of them in order; `default` if no rule
            may match.
        checks: the expected status of checks.
        needs: the missing facts because of which nothing may be decided, all of them.
        error: the expected error.
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
                "inconsistent_facts",
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
        examples: rows of a table; each adds to the facts and expectations of the scenario.
        cites: the clauses it tests.
    """

    title: Title
    examples: tuple[ExampleDefinition, ...] = ()
    cites: OneOrMany[Reference] = ()


class ExpectedEffectDefinition(Definition):
    """An effect that must be requested. `send_result` is short for `{effect: send_result}`."""

    shorthand: ClassVar[str | None] = "effect"

    effect: Reference
    values: Named[GivenValue] = Field({}, alias="with")


class ExpectedCaseDefinition(Definition):
    """The expected state of a case. `then: closed` is short for `then: {state: closed}`.

    Attributes:
        state: states that must be active.
        facts: facts that must be known, with their values.
        absent: facts that must not be known.
        effects: the effects of the step, all and in order; `none` for none.
        due: clocks that must run, with their last day or instant; or `none`, `paused`,
            `undetermined`.
        breaches: the breaches in this step, at the end of a scenario all; `none` for none.
        warnings: likewise.
        policies: expected outputs of policies for the facts of the case.
        cites: clauses that the outcome of the step must cite.
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
    """An expected refusal. `refused: guard` is short for `refused: {because: guard}`.

    Attributes:
        because: the kinds of the reasons, all of them.
        needs: the facts or fields that the reasons name as missing or invalid, all of them.
        cites: clauses that the refusal must cite.
    """

    shorthand: ClassVar[str | None] = "because"

    because: OneOrMany[Choice[ReasonKind]]
    needs: OneOrMany[Reference] = ()
    cites: OneOrMany[Reference] = ()


class StepDefinition(Definition):
    """One step of a case, and the expected outcome.

    Attributes:
        send: the event that is sent.
        wait: let time pass: a duration, an instant, or a moment of a clock.
        call: the state whose called case goes through `steps` and is then returned.
        steps: the steps of the called case.
        values: written `with`: the payload of the event.
        by: the role that sends it.
        moment: written `at`: when it is sent: an instant, or a moment of a clock.
        after: the time since the step before.
        then: the expected state of the case.
        refused: the expected refusal; without it the event must be accepted.
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
        goes_on: written `from`: an earlier scenario of the file that this one continues.
        then: the expected state of the case at the end.
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
    """The common keys of a file of scenarios.

    Attributes:
        given: facts of every scenario of the file.
    """

    scenarios: Identifier
    title: Title
    given: Named[GivenValue] = {}


class PolicyScenarioFileDefinition(ScenarioFileDefinition):
    """A file of scenarios of a policy.

    Attributes:
        on: the default day of the decisions.
    """

    policy: Reference
    on: Day | None = None
    tests: Named[PolicyScenarioDefinition]


class WorkflowScenarioFileDefinition(ScenarioFileDefinition):
    """A file of scenarios of a workflow.

    Attributes:
        start: the default start of the cases.
    """

    workflow: Reference
    start: Raw | None = None
    tests: Named[WorkflowScenarioDefinition]
