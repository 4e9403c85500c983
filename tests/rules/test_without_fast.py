"""The generated code may be deleted whole: without it every question has the same answer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWERS = """
import json, sys

class Deleted:
    def find_spec(self, name, path=None, target=None):
        if WITHOUT and name.startswith("telecom_rules.policies.fast"):
            raise ModuleNotFoundError(f"no module named {name}", name=name)

sys.meta_path.insert(0, Deleted())
from telecom_rules import TelecomRulesError, load
from telecom_rules.scenarios import PolicyScenario, read

answers = []
for scenario in read(None, load("rules")).scenarios:
    for question in scenario.examples if isinstance(scenario, PolicyScenario) else ():
        try:
            decision = scenario.policy.decide(dict(question.facts), on=question.on)
        except TelecomRulesError as problem:
            answers.append([type(problem).__name__, problem.explain("zh")])
        else:
            told = decision.explain("zh") if len(answers) % 5 == 0 else ""  # dear; the dump is all
            answers.append([decision.dump(), told])
loaded = any(name.startswith("telecom_rules.policies.fast") for name in sys.modules)
print(json.dumps([loaded, answers]))
"""


def answers(*, without: bool) -> tuple[bool, list[object]]:
    """Return whether the generated code was loaded, and the answer of each shipped question."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own text
        [sys.executable, "-c", f"WITHOUT = {without}\n{ANSWERS}"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    loaded, given = json.loads(done.stdout)
    return loaded, given


def test_every_shipped_question_is_answered_alike_without_the_generated_code() -> None:
    loaded, given = answers(without=False)
    assert loaded
    assert len(given) > 500
    assert answers(without=True) == (False, given)
