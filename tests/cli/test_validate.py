"""The options of `validate` that a CI uses: formats, selection, a baseline, a file."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from tests.pack.house import HOUSE, SPARE, broken, house, lay

if TYPE_CHECKING:
    from pathlib import Path

CLEAN, FINDINGS, USAGE, NOT_CHECKED = 0, 1, 2, 3


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a repository whose pack is in `house/`, outside any CI."""
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def wrong(here: Path) -> None:
    """Lay a pack with one error there."""
    lay(here / "house", broken("policies/grading.yaml", "loss >=", "los >="))


@pytest.fixture
def spare(here: Path) -> None:
    """Lay a pack with one warning there."""
    lay(here / "house", {**house(), "parameters/spare.yaml": SPARE.encode()})


@pytest.fixture
def tell(tell):
    return partial(tell, "validate")


@pytest.mark.usefixtures("wrong")
def test_places_can_be_opened_from_where_the_command_runs(tell, here):
    for place in ("house", "house/policies", str(here / "house")):
        status, text = tell(place, "--format", "concise")
        assert status == FINDINGS
        assert text.startswith("house/policies/grading.yaml:8:22: error[TR203] ")


@pytest.mark.usefixtures("wrong")
def test_places_of_a_pack_around_the_working_directory_are_its_own(tell, here, monkeypatch):
    monkeypatch.chdir(here / "house")
    assert tell(".", "--format", "concise")[1].startswith("policies/grading.yaml:8:22: ")


@pytest.mark.usefixtures("wrong")
def test_on_github_the_annotations_come_by_themselves(tell, here, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary.md"))
    status, text = tell("house")
    assert status == FINDINGS
    assert text.startswith("::error file=house/policies/grading.yaml,line=8,endLine=8,col=22,")
    assert "| `house/policies/grading.yaml:8:22` | TR203 |" in (here / "summary.md").read_text(
        "utf-8"
    )
    assert tell("house", "--format", "concise")[1].startswith("house/policies/")


@pytest.mark.usefixtures("wrong")
def test_a_report_can_go_to_a_file(tell, here):
    assert tell("house", "--format", "sarif", "--output", "out.sarif") == (FINDINGS, "")
    assert json.loads((here / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"
    status, text = tell("house", "--output", "no/such/folder")
    assert status == NOT_CHECKED
    assert "no/such/folder" in text


@pytest.mark.usefixtures("spare")
def test_a_warning_fails_a_strict_run_alone(tell):
    assert tell("house")[0] == CLEAN
    assert tell("house", "--strict")[0] == FINDINGS


@pytest.mark.usefixtures("spare")
def test_codes_are_chosen_by_their_beginning(tell):
    status, text = tell("house", "--strict", "--ignore", "TR5,tr9")
    assert (status, text.splitlines()[0]) == (CLEAN, "no findings")
    assert tell("house", "--strict", "--select", "TR2")[0] == CLEAN
    code = json.loads(tell("house", "--format", "json")[1])["findings"][0]["code"]
    assert tell("house", "--strict", "--select", code, "--ignore", code[:3])[0] == FINDINGS
    assert tell("house", "--strict", "--select", code.lower())[0] == FINDINGS
    status, text = tell("house", "--ignore", "TR8888")
    assert status == USAGE
    assert "no code begins with `TR8888`" in text


@pytest.mark.usefixtures("spare")
def test_statistics_count_the_findings_of_each_code(tell):
    code = json.loads(tell("house", "--format", "json")[1])["findings"][0]["code"]
    assert f"\n1 x {code} " in tell("house", "--statistics")[1]


@pytest.mark.usefixtures("wrong")
def test_a_baseline_lets_an_old_pack_keep_what_it_has(tell, here):
    status, text = tell("house", "--write-baseline", "base.json")
    assert (status, text) == (CLEAN, "findings written to the baseline base.json: 1\n")
    assert tell("house", "--baseline", "base.json") == (
        CLEAN,
        "no findings; 1 known from the baseline\n",
    )
    lay(here / "house", {"parameters/x.yaml": b"x: 1\n"})
    status, text = tell("house", "--baseline", "base.json", "--format", "concise")
    assert status == FINDINGS
    assert text.splitlines()[0].startswith("house/parameters/x.yaml:1:1: error[")
    lay(here / "house", house())
    (here / "house" / "parameters" / "x.yaml").unlink()
    assert (
        "gone, but still in the baseline: 1; write it anew"
        in tell("house", "--baseline", "base.json")[1]
    )


@pytest.mark.usefixtures("wrong")
def test_a_file_that_is_not_a_baseline_is_refused(tell, here):
    (here / "base.json").write_text("[]", "utf-8")
    status, text = tell("house", "--baseline", "base.json")
    assert status == NOT_CHECKED
    assert "`base.json` is not a baseline" in text
    assert tell("house", "--baseline", "none.json")[0] == NOT_CHECKED


@pytest.fixture
def slip(here: Path) -> Path:
    """Lay a pack with a full-width colon and a target with a slip there; return the file."""
    text = HOUSE["workflows/handling.yaml"]
    lay(here / "house", house())
    file = here / "house" / "workflows" / "handling.yaml"
    file.write_text(text.replace("limit: ", "limit：").replace("target: closed", "target: close"))
    file.chmod(0o640)
    return file


def test_a_difference_writes_nothing_and_fails_where_something_would_change(tell, slip):
    before = slip.read_bytes()
    status, text = tell("house", "--diff")
    assert status == FINDINGS
    assert "-    limit：parameters.reply\n+    limit: parameters.reply\n" in text
    assert text.endswith("1 would be mended in 1 file\n")
    assert tell("house", "--fix", "--diff")[1] == text
    assert slip.read_bytes() == before
    lay(slip.parents[1], house())
    assert tell("house", "--diff") == (CLEAN, "0 would be mended in 0 files\n")


def test_a_fix_writes_the_file_whole_and_reports_what_is_left(tell, slip):
    status, text = tell("house", "--fix", "--format", "concise")
    assert status == FINDINGS
    assert "1 mended in 1 file" in text
    assert "error[TR113] no state is named `close`" in text
    assert slip.stat().st_mode & 0o777 == 0o640
    assert {each.name for each in slip.parent.iterdir()} == {slip.name}
    assert tell("house", "--fix", "--unsafe-fixes")[0] == CLEAN
    assert slip.read_text("utf-8") == HOUSE["workflows/handling.yaml"]
    assert "mended" not in tell("house", "--fix")[1]


def test_a_fix_leaves_alone_what_is_ignored_or_known(tell, slip):
    before = slip.read_bytes()
    tell("house", "--write-baseline", "base.json")
    assert tell("house", "--fix", "--baseline", "base.json")[0] == CLEAN
    assert tell("house", "--fix", "--ignore", "TR005")[0] == CLEAN
    assert slip.read_bytes() == before


def test_guesses_need_a_verb_that_applies_them(tell, slip):
    assert tell("house", "--unsafe-fixes") == (
        USAGE,
        "`--unsafe-fixes` needs `--fix` or `--diff`\n",
    )


def test_a_report_says_how_many_findings_can_be_mended(tell, slip):
    assert "\n1 can be mended with `--fix`\n" in tell("house")[1]
    assert "\n可用 `--fix` 改正 1 个\n" in tell("house", "--language", "zh")[1]


def test_a_file_by_a_link_is_mended_and_the_link_stays(tell, slip):
    (slip.parents[1] / "kept").mkdir()
    target = slip.parents[1] / "kept" / "handling.txt"
    real = slip.rename(target)
    slip.symlink_to(real)
    tell("house", "--fix", "--unsafe-fixes")
    assert slip.is_symlink()
    assert real.read_text("utf-8") == HOUSE["workflows/handling.yaml"]


@pytest.mark.usefixtures("spare")
def test_a_folder_around_the_pack_names_the_pack_that_was_meant(tell):
    status, text = tell(".")
    assert status == NOT_CHECKED
    assert text == "there is no pack at `.`; did you mean `house`?\n"


def test_a_verb_with_a_slip_names_the_one_that_was_meant(capsys):
    with pytest.raises(SystemExit):
        main(["validat"])
    assert "did you mean `validate`?" in capsys.readouterr().err


def test_the_command_tells_its_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("telecom-rules ")
