"""A pack is shared by threads that know nothing of each other."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from telecom_rules.pack import Pack, link
from tests.pack.house import house

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
LOSSES = [Decimal(f"{at * 7}.00") for at in range(20)]
DAYS = [date(2024, 12, 31), date(2025, 1, 1), date(2026, 3, 2)]


@pytest.fixture
def eager_switching() -> Iterator[None]:
    """Let threads take turns after every microsecond."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def fresh() -> Pack:
    """Return a pack that nobody has used yet."""
    pack = link(house()).pack
    assert pack is not None
    return pack


def work(pack: Pack) -> list[object]:
    """Return what a pack decides and what becomes of cases, as JSON and as text."""
    policy, workflow = pack.policies["grading"], pack.workflows["handling"]
    told: list[object] = []
    for loss in LOSSES:
        for day in DAYS:
            decision = policy.decide({"loss": loss}, on=day)
            told += [decision.dump(), decision.explain("zh"), policy.ask({}, on=day)]
        case = workflow.start({"loss": loss}, at=NOON, id=f"T-{loss}")
        outcome = case.send("close", at=NOON + timedelta(hours=1))
        told += [outcome.case.dump(), outcome.explain("en")]
    return told


@pytest.mark.usefixtures("eager_switching")
def test_eight_threads_on_one_fresh_pack_get_the_answers_of_one() -> None:
    wanted, shared = work(fresh()), fresh()
    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(work, shared) for _ in range(8)]
        assert all(run.result() == wanted for run in runs)
