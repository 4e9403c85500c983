"""A small pack of policies over violations, and the way to make others from YAML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from textwrap import dedent
from typing import TYPE_CHECKING, TypeVar

from telecom_rules import policies, vocabulary
from telecom_rules.documents import Definition, read, read_as
from telecom_rules.expressions.consistency import link_consistency
from telecom_rules.findings import Findings
from telecom_rules.policies import Policy, PolicyDefinition
from telecom_rules.vocabulary import (
    CatalogueDefinition,
    FactsDefinition,
    ParameterDefinition,
    SourceDefinition,
    Vocabulary,
)

if TYPE_CHECKING:
    from telecom_rules.findings import Finding

DAY = date(2026, 3, 1)

KINDS: dict[str, type[Definition]] = {
    "source": SourceDefinition,
    "catalogue": CatalogueDefinition,
    "facts": FactsDefinition,
    "parameter": ParameterDefinition,
    "policy": PolicyDefinition,
}

LAW = """
source: law
title: {zh: 电信条例, en: Telecommunications Regulations}
kind: regulation
clauses:
  "69": {title: {zh: 无证经营的处罚, en: Penalty for operating without a licence}}
  "73": {title: {zh: 拒绝提供清单的处罚, en: Penalty for refusing a bill}}
"""
SPEC = """
source: spec
title: {zh: 业务规范书, en: Specification}
kind: specification
clauses:
  "3.3(2)": {title: {zh: 警告, en: Warning}}
"""
SEVERITY = """
catalogue: severity
title: {zh: 情节, en: Severity}
codes:
  minor: {title: {zh: 轻微, en: minor}}
  serious: {title: {zh: 较重, en: serious}}
  grave: {title: {zh: 严重, en: grave}}
"""
MEASURE = """
catalogue: measure
title: {zh: 处罚措施, en: Measure}
codes:
  none: {title: {zh: 不予处罚, en: no penalty}}
  warning: {title: {zh: 警告, en: warning}}
  fine: {title: {zh: 罚款, en: fine}}
  revocation: {title: {zh: 吊销许可证, en: revocation of the licence}}
"""
VIOLATION = """
facts: violation
title: {zh: 违规行为, en: Violation}
fields:
  severity: {type: severity, title: {zh: 情节, en: Severity}}
  illegal_gain: {type: money, title: {zh: 违法所得, en: Illegal gain}, min: 0}
  is_crime: {type: boolean, title: {zh: 涉嫌犯罪, en: Suspected crime}}
  repeats: {type: integer, title: {zh: 再犯次数, en: Repeats}, min: 0}
  harm: {type: money?, title: {zh: 用户损失, en: Loss of users}, min: 0}
  corrected_on: {type: date?, title: {zh: 改正日期, en: Corrected on}}
"""
SHOP = """
facts: shop
title: {zh: 营业厅, en: Shop}
fields:
  tariffs_shown: {type: boolean, title: {zh: 资费已公示, en: Tariffs shown}}
"""
GAIN = """
parameter: gain
title: {zh: 违法所得起点, en: Gain from which the fine is a multiple}
unit: yuan
stricter: lower
values:
  - {from: 2000-09-25, until: 2016-02-06, value: 30000, confidence: low, cites: law:69}
  - {from: 2016-02-06, value: 50000, confidence: high, cites: law:69}
"""
VOCABULARY = (LAW, SPEC, SEVERITY, MEASURE, VIOLATION, SHOP, GAIN)

PENALTY = """
policy: penalty
title: {zh: 违规处罚, en: Penalty}
cites: law:69
facts: violation
hit_policy: first
outputs:
  measure: measure
  fine_min: {type: money?, title: {zh: 罚款下限, en: Lowest fine}}
  fine_max: {type: money?, title: {zh: 罚款上限, en: Highest fine}}
rules:
  - id: minor
    title: {zh: 情节轻微, en: Minor case}
    when: severity == 'minor' && !is_crime
    then: {measure: warning}
    cites: spec:3.3(2)
  - id: by_gain
    title: {zh: 按违法所得罚款, en: Fine by the gain}
    when: {severity: "serious, grave", illegal_gain: ">= parameters.gain"}
    where: "!is_crime"
    then: {measure: fine, fine_min: illegal_gain * 3, fine_max: illegal_gain * 5}
    cites: law:69
    note: {zh: 达到起点后上限可能反而降低, en: At the threshold the highest fine may fall}
  - id: flat
    when: "!is_crime"
    then: {measure: fine, fine_min: 100000, fine_max: 1000000}
    cites: law:69
  - id: crime
    then: {measure: revocation}
"""

GRADE = """
policy: grade
title: {zh: 违规等级, en: Grade}
facts: violation
hit_policy: unique
outputs: {level: integer}
rules:
  - {id: light, when: illegal_gain < 10000, then: {level: "1"}, cites: law:73}
  - {id: middle, when: "illegal_gain >= 10000 && illegal_gain <= 50000", then: {level: "2"}}
  - {id: heavy, when: illegal_gain >= 50000, then: {level: "3"}, cites: law:69}
"""

CONDUCT = """
policy: conduct
title: {zh: 整改检查, en: Conduct check}
facts: violation
checks:
  - id: corrected
    title: {zh: 已按期改正, en: Corrected in time}
    when: severity != 'minor'
    require: has(corrected_on) && corrected_on <= today
    severity: error
    remedy: {zh: 责令改正, en: Order to correct}
    cites: law:69
  - id: no_repeat
    title: {zh: 没有再犯, en: Not repeated}
    require: repeats == 0
    severity: warning
    remedy: {zh: 约谈负责人, en: Summon the person in charge}
  - id: compensated
    title: {zh: 用户损失较小, en: Small loss of users}
    when: has(harm)
    require: harm < 1000
    severity: error
    remedy: {zh: 赔偿用户, en: Compensate the users}
    cites: [law:73, spec:3.3(2)]
"""

FACTS = {"severity": "serious", "illegal_gain": "80000", "is_crime": False, "repeats": 0}

D = TypeVar("D", bound=Definition)


@dataclass(frozen=True)
class House:
    """What became of some files.

    Attributes:
        vocabulary: what the policies may name.
        policies: the policies that link, by name.
        found: every mistake.
    """

    vocabulary: Vocabulary
    policies: dict[str, Policy]
    found: Findings

    def __getitem__(self, name: str) -> Policy:
        assert not self.found, [each.concise() for each in self.found]
        return self.policies[name]

    @property
    def told(self) -> list[str]:
        """The code and message of every mistake, with its line."""
        return [f"{each.id} {each.span.line}: {each.wording.en}" for each in self.found]


def house(*texts: str, words: tuple[str, ...] = VOCABULARY) -> House:
    """Return the policies that `texts` define, over the vocabulary of `words`."""
    known, mistakes = vocabulary_of(words)
    found = Findings(mistakes)
    written = of(PolicyDefinition, [definition(text, found) for text in texts])
    signatures = {str(each.policy): policies.link_signature(each, known, found) for each in written}
    shapes = {name: shape for name, shape in signatures.items() if shape is not None}
    linked: dict[str, Policy] = {}
    for each in written:
        policy = policies.link(each, known, shapes, linked, found)
        if policy is not None:
            linked[policy.name] = policy
    found.extend(policies.check_asked_policies(linked))
    return House(known, linked, found)


@cache
def vocabulary_of(words: tuple[str, ...]) -> tuple[Vocabulary, tuple[Finding, ...]]:
    """Return the vocabulary that files define, and what is wrong with them."""
    found = Findings()
    files = [definition(text, found) for text in words]
    known = vocabulary.link(
        of(SourceDefinition, files),
        of(CatalogueDefinition, files),
        of(FactsDefinition, files),
        of(ParameterDefinition, files),
        found,
    )
    known = link_consistency(of(FactsDefinition, files), known, found)
    return known, tuple(found)


def definition(text: str, found: Findings) -> Definition | None:
    """Return what one file says."""
    node = read(dedent(text).lstrip().encode(), "test.yaml", found)
    return None if node is None else read_as(KINDS[next(iter(node))], node, found)


def of(kind: type[D], files: list[Definition | None]) -> list[D]:
    """Return the definitions of one kind."""
    return [each for each in files if isinstance(each, kind)]
