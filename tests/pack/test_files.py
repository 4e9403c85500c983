"""Only regular files inside a pack are read, and whatever is wrong with one is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Limits
from telecom_rules.errors import PackNotFound
from telecom_rules.findings import Findings
from telecom_rules.pack import files, load
from telecom_rules.pack.files import find_pack, find_shipped, gather_files
from telecom_rules.validation import validate
from tests.pack.house import house, lay

if TYPE_CHECKING:
    from collections.abc import Sequence


def codes(found: Findings) -> list[tuple[str, str]]:
    return [(finding.id, finding.span.file) for finding in found]


def test_files_are_read_in_the_order_of_their_names_whatever_the_disk_says(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("z.yaml", "b/c.yml", "a.yaml"):
        (tmp_path / name).write_text(name)
    found = Findings()
    assert list(gather_files(tmp_path, found)) == ["a.yaml", "b/c.yml", "z.yaml"]
    assert not found


def test_hidden_files_and_other_kinds_are_not_part_of_a_pack(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.yaml", ".b.yaml", "c.txt"):
        (tmp_path / name).write_text("x")
    assert gather_files(tmp_path, Findings()) == {}


def test_a_link_that_leads_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("x")
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    found = Findings()
    assert gather_files(pack, found) == {}
    assert codes(found) == [("TR022", "a.yaml")]


def test_a_link_to_a_folder_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    assert gather_files(tmp_path, Findings()) == {}


def test_a_pipe_is_refused_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.yaml")
    found = Findings()
    assert gather_files(tmp_path, found) == {}
    assert codes(found) == [("TR001", "a.yaml")]


def test_a_link_to_nothing_is_a_finding_and_not_an_exception(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone.yaml")
    found = Findings()
    assert gather_files(tmp_path, found) == {}
    assert codes(found) == [("TR001", "a.yaml")]


def test_a_link_that_leads_back_to_itself_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "c.yaml")
    (tmp_path / "c.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "d.yaml").write_text("x")
    found = Findings()
    assert list(gather_files(tmp_path, found)) == ["d.yaml"]
    assert codes(found) == [("TR001", "a.yaml"), ("TR001", "b.yaml"), ("TR001", "c.yaml")]
    assert found[0].wording.zh == "无法读取文件：链接指向自身"


def test_a_name_that_is_not_utf_8_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.yaml")).write_text("x")
    found = Findings()
    assert list(gather_files(tmp_path, found)) == ["a.yaml"]
    assert codes(found) == [("TR027", "caf\\xe9.yaml")]


def test_folders_deeper_than_anybody_nests_them_are_a_finding(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * (files.MOST_FOLDERS + 8))
    deep.mkdir(parents=True)
    for folder in (tmp_path, deep.parents[7], deep):
        (folder / "a.yaml").write_text("x")
    found = Findings()
    kept = ["a.yaml", "d/" * files.MOST_FOLDERS + "a.yaml"]
    assert list(gather_files(tmp_path, found)) == kept
    assert codes(found) == [("TR025", "d/" * files.MOST_FOLDERS + "d")]


def test_a_folder_that_cannot_be_opened_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.yaml").write_text("x")
    scan = os.scandir

    def refuse(folder: Path) -> object:
        if folder.name == "b":
            raise PermissionError(13, "Permission denied")
        return scan(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = Findings()
    assert list(gather_files(tmp_path, found)) == ["a.yaml"]
    assert codes(found) == [("TR001", "b/")]


def test_a_link_that_takes_the_place_of_a_file_while_it_is_opened_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.yaml").write_text("secret")
    pack = tmp_path / "pack"
    (pack / "b").mkdir(parents=True)
    for name in ("a.yaml", "b/a.yaml"):
        (pack / name).write_text("x")
    opened = files.open_inside

    def swap(root: Path, parts: Sequence[str]) -> int:
        if parts == ("a.yaml",):
            (pack / "a.yaml").unlink()
            (pack / "a.yaml").symlink_to(tmp_path / "secret" / "a.yaml")
        else:
            (pack / "b" / "a.yaml").unlink()
            (pack / "b").rmdir()
            (pack / "b").symlink_to(tmp_path / "secret")
        return opened(root, parts)

    monkeypatch.setattr(files, "open_inside", swap)
    found = Findings()
    assert gather_files(pack, found) == {}
    assert codes(found) == [("TR001", "a.yaml"), ("TR001", "b/a.yaml")]


def test_the_files_of_a_pack_have_a_budget_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.yaml", "b.yaml", "c.yaml"):
        (tmp_path / name).write_bytes(b"x" * 40)
    monkeypatch.setattr(files, "MOST_BYTES", 100)
    found = Findings()
    assert list(gather_files(tmp_path, found)) == ["a.yaml", "b.yaml"]
    assert codes(found) == [("TR024", "c.yaml")]


def test_what_is_looked_at_for_files_has_a_budget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in range(20):
        (tmp_path / f"{each}.txt").write_text("")
    monkeypatch.setattr(files, "MOST_ENTRIES", 10)
    found = Findings()
    assert gather_files(tmp_path, found) == {}
    assert codes(found) == [("TR026", ".")]


def test_no_more_of_a_huge_file_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"x" * (Limits().size + 100))
    assert len(gather_files(tmp_path, Findings())["a.yaml"]) == Limits().size + 1


def test_a_pack_is_found_from_any_file_inside_it(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "pack.yaml").write_text("x")
    (tmp_path / "policies" / "a.yaml").write_text("x")
    assert find_pack(tmp_path / "policies" / "a.yaml") == tmp_path
    assert find_pack(tmp_path) == tmp_path


IS_ROOT = getattr(os, "geteuid", lambda: -1)() == 0


@pytest.mark.skipif(not IS_ROOT, reason="only root may give a file to somebody else")
def test_a_pack_of_somebody_else_further_up_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "mine" / "deep").mkdir(parents=True)
    (tmp_path / "pack.yaml").write_text("x")
    os.chown(tmp_path / "pack.yaml", 12_345, -1)
    with pytest.raises(PackNotFound):
        find_pack(tmp_path / "mine" / "deep")
    assert find_pack(tmp_path) == tmp_path  # named itself, it is what was asked for


@pytest.mark.parametrize("path", ["a\0b", "loop", "x" * 10_000])
def test_a_path_that_no_system_has_is_no_pack(tmp_path: Path, path: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(PackNotFound):
        find_pack(tmp_path / path)


def test_a_place_without_a_pack_says_what_a_pack_is(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match=r"a pack is a directory with a `pack.yaml`"):
        find_pack(tmp_path)


def test_the_shipped_pack_is_found_from_a_checkout() -> None:
    assert (find_shipped("rules") / "pack.yaml").is_file()
    assert find_pack() == find_shipped("rules")


def test_a_path_that_no_system_can_have_holds_no_pack() -> None:
    with pytest.raises(PackNotFound, match="ud800"):
        find_pack("\ud800")


@pytest.mark.parametrize(
    "name", ["fee.yaml.txt", "fee.yml.TXT", "fee.YAML", "fee．yaml", "fee。yaml", "fee.yaml "]
)
def test_a_file_that_only_almost_has_the_ending_of_yaml_is_told_once(
    tmp_path: Path, name: str
) -> None:
    lay(tmp_path, house())
    for folder in ("parameters", "scenarios"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text("parameter: fee\n", encoding="utf-8")
    found = validate(tmp_path)
    assert [(each.id, each.span.file) for each in found] == [
        ("TR034", f"parameters/{name}"),
        ("TR034", f"scenarios/{name}"),
    ]
    assert load(tmp_path).name == "house"


@pytest.mark.parametrize("name", ["fee.txt", "fee.yaml.bak", "fee.yaml~", "fee.yaml.j2"])
def test_a_copy_or_another_kind_of_file_is_nobodys_mistake(tmp_path: Path, name: str) -> None:
    lay(tmp_path, house())
    (tmp_path / name).write_text("parameter: fee\n", encoding="utf-8")
    assert validate(tmp_path) == ()


def test_a_folder_that_is_not_read_is_told_once(tmp_path: Path) -> None:
    lay(tmp_path, house())
    tmp_path.joinpath("scenarios", *["a"] * (files.MOST_FOLDERS + 1)).mkdir(parents=True)
    assert [each.id for each in validate(tmp_path)] == ["TR025"]
