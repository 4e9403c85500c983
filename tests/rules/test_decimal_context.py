"""No answer of the shipped rules depends on the decimal context of the host's thread."""

from __future__ import annotations

import decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from telecom_rules import checks
from telecom_rules.errors import TelecomRulesError
from telecom_rules.pack import read as read_pack
from telecom_rules.scenarios import Runner, read
from telecom_rules.workflows import Refused
from tests.rules.records import ON, records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from telecom_rules.pack import Pack
    from telecom_rules.policies import Policy
    from telecom_rules.scenarios.scenario import ScenarioStep
    from telecom_rules.workflows import Case

SIGNALS = list(decimal.Context().traps)
HOSTILE = {
    "one digit, everything raises": decimal.Context(prec=1, Emin=-1, Emax=1, traps=SIGNALS),
    "one digit, nothing raises": decimal.Context(
        prec=1, Emin=-1, Emax=1, rounding=decimal.ROUND_UP, clamp=1, capitals=0, traps=[]
    ),
}
RECORDS = 5
"""Records by chance for each policy."""
SCENARIOS = 3
"""Of so many scenarios one is run; all of them in a long run."""
MANY = 1_000
"""Examples of a test in a long run, at least."""


class Watcher(Runner):
    """Runs scenarios and keeps what the cases say on the way."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.said: list[object] = []

    def send_event(self, case: Case, step: ScenarioStep, at: datetime):  # type: ignore[no-untyped-def]  # as above
        """Send an event, and keep what is said of it."""
        outcome = super().send_event(case, step, at)
        self.said += [outcome.explain("zh"), outcome.explain("en")]
        if not isinstance(outcome, Refused):
            self.said.append(outcome.case.dump())
        return outcome


def iter_answers(pack: Pack) -> Iterator[object]:
    """Yield what the policies decide and explain, and what the cases do, on the same questions."""
    for at, (name, policy) in enumerate(sorted(pack.policies.items())):
        with decimal.localcontext(decimal.Context()):
            some = list(islice(records(policy, Random(name)), RECORDS))  # noqa: S311 - no secret
        for record in some:
            try:
                decision = policy.decide(record, on=ON)
            except TelecomRulesError as problem:
                yield type(problem).__name__, problem.explain("zh"), problem.explain("en")
            else:
                yield decision.dump(), decision.explain("zh"), decision.explain("en")
                yield [each.told for each in decision.results]
        if at % 4 == 0:
            yield from iter_questions(policy, some[0])
    watcher = Watcher(pack)
    scenarios = read(None, pack).scenarios[:: SCENARIOS if settings().max_examples < MANY else 1]
    yield [watcher.run(each).passed for each in scenarios]
    yield from watcher.said


def iter_questions(policy: Policy, record: dict[str, object]) -> Iterator[object]:
    """Yield what an interview asks, with the answers of a record."""
    known: dict[str, object] = {}
    question = policy.ask(known, on=ON)
    while question is not None and question.fact not in known:
        yield question.fact, question.type, question.least, question.most
        known[question.fact] = record.get(question.fact)
        question = policy.ask(known, on=ON)


def answer_all(context: decimal.Context | None) -> list[object]:
    """Load the rules and return their answers, all in one decimal context."""
    with decimal.localcontext(context):
        reading = read_pack(Path(__file__).parents[2] / "rules")
        assert reading.pack is not None
        findings = [str(each) for each in checks.check(reading)]
        return [reading.pack.digest, findings, *iter_answers(reading.pack)]


@pytest.fixture(scope="module")
def usual() -> list[object]:
    return answer_all(decimal.Context())


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_the_rules_answer_alike_in_every_decimal_context(name: str, usual: list[object]) -> None:
    found = answer_all(HOSTILE[name])
    assert len(found) == len(usual) > 500
    assert all(one == other for one, other in zip(found, usual, strict=True))
