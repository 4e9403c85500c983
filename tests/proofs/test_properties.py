"""Properties whose guards are weighed: proved, refuted by a run of the engine, or left with why."""

from __future__ import annotations

import pytest

from telecom_rules.checks.analysis.verdicts import PropertyVerdict
from telecom_rules.pack import link
from telecom_rules.proofs.runs.properties import WeighedProof, weigh_property
from tests.checks.house import files

DESK = """\
properties:
  - PROPERTY
events:
  take: {title: {zh: 受理, en: Take}, payload: {loss: money}}
  solve: {title: {zh: 解决, en: Solve}, payload: {good: boolean}}
  late: {title: {zh: 逾期, en: Late}}
clocks: {time: {$t, from: open, until: done, limit: 5 hours, warn_at: 50%, on_expiry: late}}
initial: open
states:
  open:
    title: {zh: 待办, en: Open}
    on:
      take:
        - {target: large, guard: event.loss > 500, assign: event}
        - {target: small, assign: event}
      late: closed
  large:
    title: {zh: 大额, en: Large}
    on:
      solve:
        - {target: reviewed, guard: GUARD}
        - {target: done}
  small: {title: {zh: 小额, en: Small}, on: {solve: done}}
  reviewed: {title: {zh: 已复核, en: Reviewed}, on: {solve: {target: done, guard: event.good}}}
  closed: {title: {zh: 已关闭, en: Closed}, type: final}
  done: {title: {zh: 完成, en: Done}, type: final}
"""


def weigh(stated: str, guard: str) -> WeighedProof:
    found = link(files(DESK.replace("PROPERTY", stated).replace("GUARD", guard)))
    assert [each.concise() for each in found.findings] == []
    pack = found.require_pack()
    (workflow,) = pack.workflows.values()
    return weigh_property(workflow, pack, workflow.properties[0])


REVIEW = "precedence: {first: [reviewed, small], then: done}"


@pytest.mark.parametrize("guard", ["loss > 100", "loss * 2 > 1000", "has(loss) && loss >= 500"])
def test_what_a_guard_has_shown_stays_known_until_the_fact_is_set(guard: str) -> None:
    found = weigh(REVIEW, guard)
    assert found.proof.verdict is PropertyVerdict.HOLDS


@pytest.mark.parametrize(("guard", "loss"), [("loss > 600", range(500, 601))])
def test_a_counterexample_is_a_run_of_the_engine(guard: str, loss: range) -> None:
    found = weigh(REVIEW, guard)
    assert found.proof.verdict is PropertyVerdict.VIOLATED
    assert found.run.case.state == "done"
    assert int(found.run.case.facts["loss"]) in loss
    assert [each.event for each in found.run.steps] == ["take", "solve"]
