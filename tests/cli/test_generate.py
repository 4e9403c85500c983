"""`telecom-rules generate`: what it writes, and what it says."""

from __future__ import annotations

import pytest

from telecom_rules.cli import main
from tests.testing.test_generation import TABLE, write_pack

CLEAN, USAGE = 0, 2


@pytest.fixture
def tell(capsys):
    def run(*arguments):
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        return status, *capsys.readouterr()

    return run


def test_the_file_is_one_that_the_verb_test_runs_and_fmt_leaves(tmp_path, tell):
    root = write_pack(tmp_path, TABLE)
    out = root / "scenarios" / "urgency.yaml"
    out.parent.mkdir()
    status, printed, said = tell("generate", "urgency", "--rules", root, "--out", out)
    assert (status, printed) == (CLEAN, "")
    assert said.startswith("Urgency: ")
    assert tell("fmt", "--check", root / "scenarios")[0] == CLEAN
    assert tell("test", root)[0] == CLEAN
    status, printed, said = tell("generate", "urgency", "--rules", root)
    assert (status, printed) == (CLEAN, "")
    assert said == "Urgency: the scenarios show everything; nothing to add\n"


def test_a_file_that_exists_is_left_alone(tmp_path, tell):
    root = write_pack(tmp_path / "pack", TABLE)
    out = tmp_path / "there.yaml"
    out.write_text("mine", encoding="utf-8")
    status, _, said = tell("generate", "urgency", "--rules", root, "--out", out)
    assert status == USAGE
    assert "exists and was left alone" in said
    assert out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("urgenc",), "did you mean `urgency`?"),
        (("urgency", "--on", "2026-13-01"), "`2026-13-01` is not a date such as 2026-03-01"),
        (("urgency", "--out", "{root}/no/such/file.yaml"), "no/such/file.yaml"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, tell, arguments, said):
    root = write_pack(tmp_path, TABLE)
    given = [each.replace("{root}", str(root)) for each in arguments]
    status, _, told = tell("generate", *given, "--rules", root)
    assert status != CLEAN
    assert said in told
    assert "Traceback" not in told


def test_the_comments_are_in_the_language_asked_for(tmp_path, tell):
    root = write_pack(tmp_path, TABLE)
    status, printed, said = tell("generate", "urgency", "--rules", root, "--language", "zh")
    assert status == CLEAN
    assert printed.startswith("# 由规则生成")
    assert said.startswith("“紧急程度”：场景缺少的共 ")
    assert "Shows" not in printed
