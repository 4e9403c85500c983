"""`telecom-rules verify`: its statuses, and the extra that it needs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from tests.checks.test_tables import AROUND

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """\
policy: table
$t
facts: ticket
hit_policy: first
outputs: {to: {type: integer, stricter: higher, $t}}
default: {to: 0}
rules:
  - {id: r0, when: "count > i + LEAST", then: {to: 1}}
"""


def write(folder: Path, least: int) -> str:
    folder.mkdir()
    for name, text in {**AROUND, "table.yaml": TABLE.replace("LEAST", str(least))}.items():
        (folder / name).write_text(
            text.replace("$t", "title: {zh: 名, en: Name}"), encoding="utf-8"
        )
    return str(folder)


def test_a_pack_without_mistakes_is_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", write(tmp_path / "a", 1)]) == 0
    assert "no findings" in capsys.readouterr().out


@pytest.mark.parametrize(("least", "status", "relation"), [(1, 0, "stricter"), (3, 1, "laxer")])
def test_a_laxer_policy_is_a_finding_with_its_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], least: int, status: int, relation: str
) -> None:
    old, new = write(tmp_path / "old", 2), write(tmp_path / "new", least)
    saved = tmp_path / "saved.yaml"
    command = ["verify", new, "--against", old, "--format", "json", "--save", str(saved)]
    assert main(command) == status
    (found,) = json.loads(capsys.readouterr().out)["policies"]
    assert (found["policy"], found["relation"]) == ("table", relation)
    assert found["shown"][0]["facts"]["count"] >= 0
    assert saved.read_text(encoding="utf-8").startswith("scenarios: table_counterexamples\n")
    assert main(["verify", new, "--against", old, "--language", "zh"]) == status
    assert {"stricter": "更严", "laxer": "更宽"}[relation] in capsys.readouterr().out


def test_without_the_extra_the_error_names_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['z3'] = None; from telecom_rules.cli import main; sys.exit(main())"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code, "verify", write(tmp_path / "a", 1)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'telecom-rules[proofs]'" in done.stderr
    assert "Traceback" not in done.stderr
