"""`telecom-rules show` of sources and clauses: texts, earlier numbers, what took their place."""

from __future__ import annotations

import pytest

from telecom_rules.cli import main

pytestmark = pytest.mark.usefixtures("shipped_is_read")

LOGS = "cybersecurity_law:23(3)"
EARLIER = "cybersecurity_law@2016:21(3)"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sms_rule_2015", "no longer in force from 2026-05-01"),
        ("sms_rule_2015", "replaced by sms_rule_2026"),
        ("cybersecurity_law", "earlier text: 2016"),
        (LOGS, "in the text of 2016: 21(3)"),
        (EARLIER, f"now {LOGS}"),
        (EARLIER, "(text of 2016), Art. 21(3)"),
        ("telecom_regulations@2000:33", "workflow fault_repair"),
        ("spec:6.3(1)", "guidance only: "),
        ("spec:11.3", "gap in the source: "),
        ("service_spec_2005:annex1(installation)", "unverified"),
    ],
)
def test_a_source_and_a_clause_say_all_that_is_known(
    capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    assert main(["show", name]) == 0
    assert told in capsys.readouterr().out


def test_the_same_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", EARLIER, "--lang", "zh"]) == 0
    assert f"现为 {LOGS}" in capsys.readouterr().out


def test_a_number_of_an_earlier_text_is_asked_for_with_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["show", "cybersecurity_law:21(3)"]) != 0
    assert LOGS in capsys.readouterr().err
