"""`telecom-rules init` starts a pack that loads, and writes over nothing."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
import yaml

from telecom_rules.cli import main
from telecom_rules.pack import find_shipped, load, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_what_it_writes_is_a_pack_that_means_what_the_shipped_one_means(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "house"
    assert main(["init", str(folder)]) == 0
    assert "override: parameters.NAME" in capsys.readouterr().out
    reading = read(folder)
    assert reading.findings == ()
    pack, shipped = reading.require_pack(), load(find_shipped("rules"))
    assert pack.name == "house"
    assert {name: pack.workflows[name].digest for name in pack.workflows} == {
        name: shipped.workflows[name].digest for name in shipped.workflows
    }
    assert main(["fmt", "--check", str(folder)]) == 0


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", [[], ["--own"]], ids=["on the shipped pack", "of its own"])
def test_what_it_writes_passes_every_check_of_a_pipeline(
    kind: list[str], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "house"
    assert main(["init", *kind, "--language", language, str(folder)]) == 0
    assert main(["validate", "--strict", str(folder)]) == 0
    assert main(["test", "--fail-under", "100", str(folder)]) == 0
    assert main(["fmt", "--check", str(folder)]) == 0
    monkeypatch.chdir(folder)
    hooks = yaml.safe_load((folder / ".pre-commit-config.yaml").read_text("utf-8"))
    commands = [each["entry"].split() for each in hooks["repos"][0]["hooks"]]
    assert [main(words) for _, *words in commands] == [0, 0]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_commands_that_it_writes_for_ci_work(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    assert main(["init", "--own", "--language", language, str(folder)]) == 0
    monkeypatch.chdir(folder)
    for job, steps in iter_jobs(folder):
        install, *commands = steps
        unset = subprocess.run(  # noqa: S603 - what `init` wrote itself
            ["/bin/sh", "-c", install], env={}, capture_output=True, text=True, check=False
        )
        assert "set this variable to what pip installs" in unset.stderr, job
        assert [main(each.split()[1:]) for each in commands] == [0, 0], job
        assert all(f"--language {language}" in each for each in commands)


def iter_jobs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of each job of CI, with the file that has it."""
    for name in (".github/workflows/rules.yml", ".gitlab-ci.yml"):
        document = yaml.safe_load((folder / name).read_text("utf-8"))
        for job in document.get("jobs", document).values():
            steps = [each["run"] for each in job.get("steps", ()) if "run" in each]
            yield name, steps or job["script"]


def test_a_pack_of_its_own_has_an_element_of_each_kind(tmp_path: Path) -> None:
    assert main(["init", "--own", str(tmp_path / "mine")]) == 0
    pack = load(tmp_path / "mine")
    assert (set(pack.policies), set(pack.workflows)) == ({"priority"}, {"request_handling"})


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "mine.txt").write_text("x", encoding="utf-8")
    assert main(["init", str(tmp_path / "house")]) == 3
    assert "there is something at" in capsys.readouterr().err
    assert [each.name for each in (tmp_path / "house").iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_name_a_pack_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "My House"), "--language", "zh"]) == 2
    assert "不能作为规则包名称" in capsys.readouterr().err
    assert not (tmp_path / "My House").exists()
