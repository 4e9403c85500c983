"""Only regular files inside a pack are read, and whatever is wrong with one is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from telecom_rules.documents import Limits
from telecom_rules.errors import PackNotFound
from telecom_rules.findings import Findings
from telecom_rules.pack.files import find_pack, find_shipped, gather_files

if TYPE_CHECKING:
    from pathlib import Path


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


def test_no_more_of_a_huge_file_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"x" * (Limits().size + 100))
    assert len(gather_files(tmp_path, Findings())["a.yaml"]) == Limits().size + 1


def test_a_pack_is_found_from_any_file_inside_it(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "pack.yaml").write_text("x")
    (tmp_path / "policies" / "a.yaml").write_text("x")
    assert find_pack(tmp_path / "policies" / "a.yaml") == tmp_path
    assert find_pack(tmp_path) == tmp_path


def test_a_place_without_a_pack_says_what_a_pack_is(tmp_path: Path) -> None:
    with pytest.raises(PackNotFound, match=r"a pack is a directory with a `pack.yaml`"):
        find_pack(tmp_path)


def test_the_shipped_pack_is_found_from_a_checkout() -> None:
    assert (find_shipped("rules") / "pack.yaml").is_file()
    assert find_pack() == find_shipped("rules")
