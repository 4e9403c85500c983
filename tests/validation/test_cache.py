"""What is kept of a validation is used only while it would be found again, and never believed."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli import main
from telecom_rules.validation import cache as caches
from telecom_rules.validation import examination, examine
from tests.data.bad import FOLDER, NAMES
from tests.pack.chains import pack_file, write_packs
from tests.pack.house import SPARE, house, lay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.validation import Validation

IGNORED = f"# telecom-rules: ignore[TR901] kept for the next release\n{SPARE}"
SCENARIO = """\
scenarios: grading
policy: grading
on: 2026-01-01
examples:
  - {id: cheap, title: {zh: 低, en: Low}, facts: {loss: 1}, expect: {grade: low}}
"""
CALENDAR = """\
calendar: feasts
title: {zh: 节日, en: Feasts}
weekend: [saturday, sunday]
years:
  2026: {cites: [book:2], holidays: {}}
"""


def tell(validation: Validation) -> object:
    """Return everything that anybody is shown of a validation."""
    return (
        [tell_finding(each) for each in validation.findings],
        [tell_finding(each) for each in validation.ignored],
        validation.pack,
        dict(validation.texts),
    )


def tell_finding(finding: Finding) -> object:
    parts = (finding.wording, finding.label, finding.help, finding.related, finding.notes)
    parts = (*parts, finding.fix)
    return (finding.id, finding.span, finding.suggestion, finding.severity, *parts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that grows with each validation that is really done."""
    done: list[str] = []
    find = examination.find_outcome

    def note(*arguments: object, **options: object) -> object:
        done.append("done")
        return find(*arguments, **options)

    monkeypatch.setattr(examination, "find_outcome", note)
    return done


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return lay(tmp_path / "pack", house() | {"parameters/spare.yaml": SPARE.encode()})


def entry(folder: Path) -> Path:
    (only,) = folder.glob("*.json")
    return only


@pytest.mark.parametrize("name", NAMES[::6])
def test_what_is_kept_of_a_bad_file_is_what_was_found(name: str, tmp_path, folder, work):
    data = (FOLDER / f"{name}.yaml").read_bytes()
    first, _, _ = data.partition(b"\n")
    pack = lay(tmp_path / "pack", house() | {first.decode().removeprefix("# in "): data})
    told = [tell(each) for each in (examine(pack, cache=folder), examine(pack, cache=folder))]
    assert work == ["done"]
    assert told[0] == told[1]


def test_the_second_run_does_no_work_and_says_the_same(pack: Path, folder: Path, work) -> None:
    plain = tell(examine(pack))
    assert [tell(examine(pack, cache=folder)) for _ in range(3)] == [plain] * 3
    assert len(work) == 2  # the plain one, and the first of the three


def write(name: str, text: str) -> Callable[[Path], None]:
    return lambda root: lay(root, {name: text.encode()})


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return edit


EDITS: Mapping[str, Callable[[Path], None]] = {
    "a file comes": write("shop/parameters/spare.yaml", SPARE),
    "a finding is set aside": write("shop/parameters/spare.yaml", IGNORED),
    "a file is called otherwise": lambda root: (root / "shop/parameters/spare.yaml").rename(
        root / "shop/parameters/other.yaml"
    ),
    "only a comment is new": change("shop/parameters/other.yaml", "unit: yuan", "unit: yuan # ?"),
    "a scenario comes": write("shop/scenarios/grading.yaml", SCENARIO),
    "a scenario goes wrong": change("shop/scenarios/grading.yaml", "loss: 1", "los: 1"),
    "a calendar comes": write("shop/feasts.yaml", CALENDAR),
    "a calendar goes wrong": change("shop/feasts.yaml", "2026:", "26:"),
    "the base says otherwise": change("law/parameters/threshold.yaml", "value: 50", "value: x"),
    "the base is mended": change("law/parameters/threshold.yaml", "value: x", "value: 60"),
    "the base has another version": change("law/pack.yaml", "version: 1.0.0", "version: 2.0.0"),
    "pack.yaml demands less": change(
        "shop/pack.yaml", "pack: shop", "pack: shop\nrequire_cites: false"
    ),
    "a file goes": lambda root: (root / "shop/feasts.yaml").unlink(),
    "the base goes": lambda root: (root / "law/pack.yaml").unlink(),
}


def test_after_each_edit_what_is_said_is_what_a_run_without_a_cache_says(tmp_path, folder) -> None:
    write_packs(tmp_path, shop={"pack.yaml": pack_file("shop")})
    seen = [tell(examine(tmp_path / "shop", cache=folder))]
    for edit in EDITS.values():
        edit(tmp_path)
        for release in (False, True):
            plain = tell(examine(tmp_path / "shop", release=release))
            for _ in range(2):
                kept = examine(tmp_path / "shop", release=release, cache=folder)
                assert tell(kept) == plain
        seen.append(plain)
    assert len({repr(each) for each in seen}) == len(seen)  # each edit shows


def test_an_overlay_of_the_pack_that_ships_is_kept_too(tmp_path: Path, folder: Path, work) -> None:
    text = pack_file("shop").replace("path: ../law", "pack: telecom_rules")
    pack = lay(tmp_path / "shop", {"pack.yaml": text.encode()})
    assert tell(examine(pack, cache=folder)) == tell(examine(pack, cache=folder))
    assert work == ["done"]


def test_options_of_the_command_are_heeded_whether_or_not_a_run_is_kept(
    pack: Path, folder: Path, tmp_path: Path, capsys, work
) -> None:
    baseline = tmp_path / "known.json"

    def say(*options: str) -> str:
        main(["validate", str(pack), "--format", "json", *options])
        return capsys.readouterr().out

    kept = ["--cache-dir", str(folder)]
    say("--no-cache", "--write-baseline", str(baseline))
    for options in ([], ["--ignore", "TR9"], ["--select", "TR1"], ["--baseline", str(baseline)]):
        plain = say("--no-cache", *options)
        assert say(*kept, *options) == plain == say(*kept, *options)
    assert len(work) == 1 + 4 + 1  # what is chosen from the findings needs no new run


def test_another_library_finds_its_own(pack: Path, folder: Path, work, monkeypatch) -> None:
    examine(pack, cache=folder)
    monkeypatch.setattr(caches, "iter_library", lambda: iter([b"another"]))
    examine(pack, cache=folder)
    assert len(work) == 2


def test_a_damaged_entry_is_as_good_as_none_and_is_written_anew(pack, folder, work) -> None:
    plain = tell(examine(pack, cache=folder))
    whole = entry(folder).read_bytes()
    damaged = [whole[: len(whole) * at // 40] for at in range(40)]
    damaged += [whole[: 7 * at] + b"\xff" + whole[7 * at + 1 :] for at in range(20)]
    for data in damaged:
        entry(folder).write_bytes(data)
        assert tell(examine(pack, cache=folder)) == plain
        assert entry(folder).read_bytes() == whole
    assert len(work) == 1 + len(damaged)


def poison(entry: dict[str, object]) -> Mapping[str, object]:
    """Return entries that somebody made up."""
    (finding,) = entry["findings"]
    overview = entry["overview"]

    def with_finding(at: int, value: object) -> object:
        return entry | {"findings": [[*finding[:at], value, *finding[at + 1 :]]]}

    return {
        "no object": [],
        "nothing": None,
        "no findings": {"key": entry["key"]},
        "findings that are none": entry | {"findings": {}},
        "no ignored": {each: entry[each] for each in entry if each != "ignored"},
        "no overview": {each: entry[each] for each in entry if each != "overview"},
        "an overview that is too short": entry | {"overview": overview[:-1]},
        "a count that is none": entry | {"overview": [*overview[:-1], True]},
        "a count below nothing": entry | {"overview": [*overview[:-1], -1]},
        "a code that is none": with_finding(0, "TR000"),
        "a code that is a list": with_finding(0, ["TR901"]),
        "a place without a line": with_finding(1, ["parameters/spare.yaml"]),
        "a line that is a text": with_finding(1, ["a.yaml", "1", 1, 1, 2]),
        "a message without its values": with_finding(2, {}),
        "a value that reaches into objects": with_finding(2, {"kind": 1.5, "name": [["x"]]}),
        "a suggestion that is a number": with_finding(3, 7),
        "related to nothing": with_finding(4, [[]]),
        "a note in one language": with_finding(5, [["一"]]),
        "a finding that is too long": entry | {"findings": [[*finding, 0]]},
    }


def test_a_made_up_entry_is_as_good_as_none(pack: Path, folder: Path, work) -> None:
    plain = tell(examine(pack, cache=folder))
    made_up = poison(json.loads(entry(folder).read_text()))
    for name, each in made_up.items():
        entry(folder).write_text(json.dumps(each))
        assert tell(examine(pack, cache=folder)) == plain, name
    assert len(work) == 1 + len(made_up)


@pytest.mark.parametrize("data", [b"[" * 100_000, b'{"key": ' + b"9" * 10_000 + b"}", b""])
def test_an_entry_that_no_parser_likes_is_as_good_as_none(pack, folder, data: bytes) -> None:
    plain = tell(examine(pack, cache=folder))
    entry(folder).write_bytes(data)
    assert tell(examine(pack, cache=folder)) == plain


def test_an_entry_of_any_size_is_read_to_a_bound(pack, folder, work, monkeypatch) -> None:
    examine(pack, cache=folder)
    monkeypatch.setattr(caches, "LARGEST_ENTRY", entry(folder).stat().st_size - 1)
    examine(pack, cache=folder)
    assert len(work) == 2


def test_the_folder_of_somebody_else_is_not_read(pack, folder, work, monkeypatch) -> None:
    examine(pack, cache=folder)
    monkeypatch.setattr(caches, "find_trusted", lambda _: frozenset())
    examine(pack, cache=folder)
    assert len(work) == 2


def test_where_nothing_can_be_written_nothing_is_kept(pack: Path, tmp_path: Path, work) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        assert tell(examine(pack, cache=place)) == tell(examine(pack))
    assert len(work) == 4


def test_runs_at_the_same_time_find_the_same_and_leave_one_entry(pack: Path, folder: Path) -> None:
    plain = tell(examine(pack))
    found: list[object] = []

    def run() -> None:
        found.extend(tell(examine(pack, cache=folder)) for _ in range(5))

    several = [threading.Thread(target=run) for _ in range(6)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert found == [plain] * 30
    assert sorted(each.suffix for each in folder.iterdir()) == ["", ".TAG", ".json"]


def test_git_and_backups_leave_the_folder_out(pack: Path, folder: Path) -> None:
    examine(pack, cache=folder)
    assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886")


def test_the_library_keeps_nothing_that_nobody_asked_it_to_keep(pack, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examine(pack)
    assert [each.name for each in tmp_path.iterdir()] == ["pack"]
