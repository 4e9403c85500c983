"""`telecom-rules diff`: what it tells people, machines and the shell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

import telecom_rules
from telecom_rules.cli import main
from tests.pack.chains import HANDBOOK, pack_file, write_packs
from tests.pack.house import HOUSE, house, lay

if TYPE_CHECKING:
    from pathlib import Path

NONE_STRANDED, SOME_STRANDED, USAGE, NOT_CHECKED = 0, 1, 2, 3
FLOW = HOUSE["workflows/handling.yaml"]
RENAMED = FLOW.replace("  open:\n", "  waiting:\n").replace("initial: open", "initial: waiting")
RENAMED = RENAMED.replace("from: open", "from: waiting")


def pack(folder: Path, flow: str = FLOW) -> Path:
    return lay(folder, house(workflows_handling=flow))


def migrating(states: str) -> str:
    stated = f"migrations: {{from: 1.0.0{states}}}\ninitial: waiting"
    return RENAMED.replace("initial: waiting", stated, 1)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return pack(tmp_path / "old")


@pytest.fixture
def cases(tmp_path: Path, old: Path) -> Path:
    """Return a file with an open case and one that is over."""
    at = datetime(2026, 3, 2, tzinfo=UTC)
    handling = telecom_rules.load(old).workflows["handling"]
    opened = handling.start({"loss": 1}, at=at, id="T-1")
    over = handling.start({"loss": 1}, at=at, id="T-2").send("close", at=at).case
    assert over.final
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(json.dumps(each.dump()) for each in (opened, over)), "utf-8")
    return file


@pytest.fixture
def tell(tell):
    return partial(tell, "diff")


def test_a_pack_is_the_same_as_itself_and_strands_nobody(tell, old, cases):
    status, printed = tell(old, old, "--cases", cases)
    assert status == NONE_STRANDED
    assert "the two packs have the same content" in printed
    assert "2 cases: 1 unchanged, 0 to be migrated, 1 ended, 0 stranded" in printed


def test_without_a_migration_the_open_case_is_stranded_and_named_with_its_clauses(
    tell, tmp_path, old, cases
):
    status, printed = tell(old, pack(tmp_path / "new", RENAMED), "--cases", cases)
    assert status == SOME_STRANDED
    assert "+ state handling.waiting  Open  [book:2]" in printed
    assert "- state handling.open  Open  [book:2]" in printed
    assert "~ workflow handling  Handling  [book:2]\n    initial: open → waiting" in printed
    assert "1 × handling: open 1  (T-1)\n    what the case may have done has changed" in printed
    assert "1 ended, 1 stranded" in printed


def test_a_state_without_an_image_is_told_before_any_case_is_in_it(tell, tmp_path, old, cases):
    new = pack(tmp_path / "new", migrating(""))
    status, printed = tell(old, new)
    assert status == NONE_STRANDED
    assert "the older state `open` has no counterpart in version 1.0.0" in printed
    assert tell(old, new, "--cases", cases)[0] == SOME_STRANDED


def test_with_a_migration_the_open_case_goes_on(tell, tmp_path, old, cases):
    new = pack(tmp_path / "new", migrating(", states: {open: waiting}"))
    status, printed = tell(old, new, "--cases", cases)
    assert status == NONE_STRANDED
    assert "stranded:" not in printed
    assert "2 cases: 0 unchanged, 1 to be migrated, 1 ended, 0 stranded" in printed


def test_chinese_is_spoken(tell, tmp_path, old, cases):
    new = pack(tmp_path / "new", migrating(""))
    _, printed = tell(old, new, "--cases", cases, "--language", "zh")
    assert "+ 状态 handling.waiting  待办  [book:2]" in printed
    assert "1 × 办理：待办 1  (T-1)\n" in printed
    assert "原状态“待办”（`open`）在 1.0.0 版中没有对应状态" in printed
    assert "无法继续 1" in printed


def test_json_holds_everything(tell, tmp_path, old, cases):
    new = pack(tmp_path / "new", migrating(""))
    status, printed = tell(old, new, "--cases", cases, "--format", "json")
    told = json.loads(printed)
    assert status == SOME_STRANDED
    assert told["old"]["digest"] != told["new"]["digest"]
    assert {each["change"] for each in told["changes"]} == {"added", "removed", "changed"}
    assert told["positions"] == []
    (stranded,) = (each for each in told["groups"] if each["fate"] == "stranded")
    assert (stranded["count"], stranded["first"], stranded["states"]) == (1, ["T-1"], {"open": 1})
    bare = json.loads(tell(old, new, "--format", "json")[1])
    assert [each["state"] for each in bare["positions"]] == ["*"]
    assert [(each["id"], each["fate"]) for each in told["cases"]] == [
        ("T-1", "stranded"),
        ("T-2", "closed"),
    ]


def test_what_cannot_be_read_is_not_checked(tell, tmp_path, old, cases):
    assert tell(old, tmp_path / "nowhere")[0] == NOT_CHECKED
    assert tell(old, pack(tmp_path / "bad", FLOW.replace("initial: open", "initial: opn")))[0] == (
        NOT_CHECKED
    )
    assert tell(old, old, "--cases", tmp_path / "nothing.jsonl")[0] == NOT_CHECKED
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    assert tell(old, old, "--cases", empty)[0] == NOT_CHECKED
    damaged = tmp_path / "damaged.jsonl"
    lines = [*cases.read_text("utf-8").split("\n"), "{}", "[]", '{"workflow": "handling"}', "{"]
    damaged.write_text("\n".join(lines), "utf-8")
    status, printed = tell(old, old, "--cases", damaged)
    assert status == NOT_CHECKED
    assert "4 unreadable" in printed
    assert tell(old)[0] == USAGE


def test_a_workflow_that_is_no_more_strands_its_cases(tell, tmp_path, old, cases):
    new = pack(tmp_path / "new")
    (new / "workflows" / "handling.yaml").unlink()
    status, printed = tell(old, new, "--cases", cases)
    assert status == SOME_STRANDED
    assert (
        "1 × handling: open 1  (T-1)\n    the newer pack does not have this workflow  [book:2]"
        in printed
    )


def test_what_run_writes_as_json_can_be_given(tell, tmp_path, old, cases):
    wrapped = tmp_path / "run.jsonl"
    lines = [{"case": json.loads(each)} for each in cases.read_text("utf-8").split("\n")]
    wrapped.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    status, printed = tell(old, old, "--cases", wrapped)
    assert status == NONE_STRANDED
    assert "2 cases" in printed


def test_cases_with_one_reason_are_told_in_one_place_with_the_first_of_them(tell, tmp_path, old):
    handling = telecom_rules.load(old).workflows["handling"]
    at = datetime(2026, 3, 2, tzinfo=UTC)
    many = [
        handling.start({"loss": 1}, at=at + timedelta(hours=number), id=f"T-{number}").dump()
        for number in range(40)
    ]
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(map(json.dumps, many)), "utf-8")
    stricter = pack(tmp_path / "new", FLOW.replace("limit: parameters.reply", "limit: 14 days"))
    status, printed = tell(old, stricter, "--cases", file, "--at", "2026-03-09T00:00+08:00")
    assert status == SOME_STRANDED
    assert "40 × handling: open 40  (T-0, T-1, T-2, T-3, T-4, …)\n" in printed
    assert len(printed.splitlines()) < 15
    assert tell(old, stricter, "--cases", file, "--at", "2026-03-09")[0] == USAGE


def test_the_instant_decides_which_limits_have_ended(tell, tmp_path, old, cases):
    """A limit that is an hour longer ends otherwise once it has ended, if that is not on record."""
    new = pack(
        tmp_path / "new",
        migrating(", states: {open: waiting}").replace(
            "limit: parameters.reply", "limit: 361 hours"
        ),
    )
    early, late = (tell(old, new, "--cases", cases, "--at", f"2026-{day}T00:00+08:00")
                   for day in ("03-10", "04-10"))  # fmt: skip
    assert early[0] == NONE_STRANDED
    assert late[0] == SOME_STRANDED
    assert "which is not recorded yet" in late[1]


def test_a_journal_beside_the_snapshot_is_asked_too(tell, tmp_path, old):
    handling = telecom_rules.load(old).workflows["handling"]
    opened = handling.open({"loss": 1}, at=datetime(2026, 3, 2, tzinfo=UTC), id="T-1")
    # Fifteen days, said otherwise: another digest, and the same comes of it.
    other = pack(tmp_path / "new", FLOW.replace("limit: parameters.reply", "limit: 15 days"))
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"case": opened.case.dump()}), "utf-8")
    assert tell(old, other, "--cases", file)[0] == SOME_STRANDED
    journal = [each.dump() for each in opened.entries]
    file.write_text(json.dumps({"case": opened.case.dump(), "journal": journal}), "utf-8")
    assert tell(old, other, "--cases", file)[0] == NONE_STRANDED
    file.write_text(json.dumps({"case": opened.case.dump(), "journal": ["x"]}), "utf-8")
    assert tell(old, other, "--cases", file)[0] == NOT_CHECKED


@pytest.mark.parametrize("gone", [False, True])
def test_a_journal_that_was_altered_cannot_be_read_whatever_has_changed(tell, tmp_path, old, gone):
    handling = telecom_rules.load(old).workflows["handling"]
    opened = handling.open({"loss": 1}, at=datetime(2026, 3, 2, tzinfo=UTC), id="T-1")
    name = ("workflow: handling", "workflow: elsewhere")
    days = ("limit: parameters.reply", "limit: 10 days")
    other = pack(tmp_path / "new", FLOW.replace(*name) if gone else FLOW.replace(*days))
    journal = [each.dump() | {"actor": "somebody"} for each in opened.entries]
    file = tmp_path / "one.json"
    for written in (journal, [], journal * 2):
        file.write_text(json.dumps({"case": opened.case.dump(), "journal": written}), "utf-8")
        code, said = tell(old, other, "--cases", file)
        assert code == NOT_CHECKED
        assert "the journal is not that of the snapshot, whole and unchanged" in said
        assert "0 stranded, 1 unreadable" in said


def test_what_only_reads_otherwise_is_told_apart(tell, tmp_path, old):
    new = pack(tmp_path / "new", FLOW.replace("en: Close}", "en: Shut}"))
    _, printed = tell(old, new)
    assert "the two packs have the same rules" in printed
    assert (
        "Only worded otherwise (titles, notes, clauses):\n~ event handling.close  Shut" in printed
    )
    laid_out = pack(tmp_path / "again", FLOW.replace("== 'low'", "==  ('low')"))
    assert "the two packs have the same content" in tell(old, laid_out)[1]


LONGER = migrating(", states: {open: waiting}").replace(
    "limit: parameters.reply", "limit: 361 hours"
)


def write_cases(file: Path, cases: list[object]) -> Path:
    file.write_text("\n".join(map(json.dumps, cases)), "utf-8")
    return file


def test_cases_whose_limits_ended_at_other_instants_are_one_group_with_the_span(
    tell, tmp_path, old
):
    handling = telecom_rules.load(old).workflows["handling"]
    starts = [datetime(2026, 3, day, tzinfo=UTC) for day in (4, 2, 9)]
    opened = [handling.start({"loss": 1}, at=at, id=f"T-{at.day}").dump() for at in starts]
    file = write_cases(tmp_path / "many.jsonl", opened)
    asked = (old, pack(tmp_path / "new", LONGER), "--cases", file, "--at", "2026-06-01T00:00+08:00")
    _, printed = tell(*asked)
    assert "3 × handling: open 3  (T-4, T-2, T-9)\n" in printed
    assert "ended at 2026-03-18 00:00+08:00 to 2026-03-25 00:00+08:00, which is not" in printed
    assert (
        "已于 2026-03-18 00:00+08:00 至 2026-03-25 00:00+08:00 届满"
        in (tell(*asked, "--language", "zh")[1])
    )
    (told,) = json.loads(tell(*asked, "--format", "json")[1])["groups"]
    assert "2026-03-18 00:00+08:00 to 2026-03-25" in told["reasons"][0]["en"]


def test_what_the_replay_of_a_journal_says_is_told_too(tell, tmp_path, old):
    handling = telecom_rules.load(old).workflows["handling"]
    opened = [
        handling.open({"loss": 1}, at=datetime(2026, 3, day, tzinfo=UTC), id=f"T-{day}")
        for day in (2, 3)
    ]
    lines = [
        {"case": each.case.dump(), "journal": [entry.dump() for entry in each.entries]}
        for each in opened
    ]
    stricter = pack(tmp_path / "new", FLOW.replace("limit: parameters.reply", "limit: 14 days"))
    status, printed = tell(old, stricter, "--cases", write_cases(tmp_path / "told.jsonl", [*lines]))
    assert status == SOME_STRANDED
    assert "2 × handling: open 2  (T-2, T-3)\n    by these rules the case would" in printed
    assert "its time limits would differ: `reply` would end at 2026-03-1" in printed
    assert "journals beside them" not in printed
    assert printed.count("`migrations:`") == 1


def test_snapshots_without_journals_are_told_what_may_help(tell, tmp_path, old, cases):
    asked = (old, pack(tmp_path / "new", RENAMED), "--cases", cases)
    _, printed = tell(*asked)
    assert printed.count("with their journals beside them") == 1
    assert printed.count("an entry of `migrations:` in the newer workflow moves them") == 1
    assert "若在快照旁给出日志" in tell(*asked, "--language", "zh")[1]


@pytest.mark.parametrize(
    ("beside", "why"),
    [
        ({"jurnal": []}, "there is no key `jurnal`; did you mean `journal`?"),
        ({"journal": {}}, "`journal` must be a list of entries"),
        ({"journal": "x"}, "`journal` must be a list of entries"),
        ({"journal": ["x"]}, "not a journal entry"),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_unreadable(tell, tmp_path, old, cases, beside, why):
    snapshot = json.loads(cases.read_text("utf-8").split("\n")[0])
    file = write_cases(tmp_path / "beside.jsonl", [{"case": snapshot, **beside}])
    # A journal is read even where the snapshot can do without it.
    status, printed = tell(old, old, "--cases", file)
    assert status == NOT_CHECKED
    assert why in printed
    assert "1 ×   (" not in printed


def test_a_line_that_is_not_json_has_no_gap_in_its_header(tell, tmp_path, old):
    file = tmp_path / "bad.jsonl"
    file.write_text("{", "utf-8")
    assert f"1 ×  ({file}:1)\n" in tell(old, old, "--cases", file)[1]


def test_stranded_and_unreadable_cases_end_in_the_more_severe_status(tell, tmp_path, old, cases):
    with cases.open("a", encoding="utf-8") as file:
        file.write("\n{")
    status, printed = tell(old, pack(tmp_path / "new", RENAMED), "--cases", cases)
    assert "1 stranded, 1 unreadable" in printed
    assert status == NOT_CHECKED


def test_states_with_one_reason_are_told_together(tell, tmp_path):
    two = FLOW.replace(
        "  closed: {title",
        "  held: {title: {zh: 搁置, en: Held}, cites: [book:2], on: {close: {target: closed,"
        " cites: [book:2]}}}\n"
        "  shelved: {title: {zh: 留存, en: Shelved}, cites: [book:2], on: {close: {target: closed,"
        " cites: [book:2]}}}\n  closed: {title",
    ).replace(
        "events:\n", "events:\n  hold: {title: {zh: 搁置, en: Hold}}\n"
        "  shelve: {title: {zh: 留存, en: Shelve}}\n"
    ).replace(
        "    on:\n      close:",
        "    on:\n      hold: {target: held, cites: [book:2]}\n"
        "      shelve: {target: shelved, cites: [book:2]}\n      close:",
    )  # fmt: skip
    changed = two.replace("{target: held,", "{target: held, guard: loss > 1,").replace(
        "{target: shelved,", "{target: shelved, guard: loss > 1,"
    )
    asked = (pack(tmp_path / "old", two), pack(tmp_path / "new", changed))
    _, printed = tell(*asked)
    assert printed.count("declares no migration") == 1, printed
    assert "  handling: held, shelved\n" in printed
    assert "  办理：“搁置”、“留存”\n" in tell(*asked, "--language", "zh")[1]


def test_the_first_adoption_of_a_promise_says_what_becomes_of_each_open_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    promise = (
        "override: parameters.reply\nkind: promise\n"
        "values: {from: 2027-01-01, value: 10, cites: [handbook:4]}\n"
    )
    shop = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "reply.yaml": promise}
    write_packs(tmp_path, shop=shop)
    law = telecom_rules.load(tmp_path / "law")
    rows = []
    for id, day in (("before", "2026-12-30"), ("after", "2027-01-04")):
        at = datetime.fromisoformat(f"{day}T09:00:00+08:00")
        case = law.workflows["handling"].start({"loss": 3}, at=at, id=id)
        rows.append(json.dumps(case.dump()))
    (tmp_path / "cases.jsonl").write_text("\n".join(rows), encoding="utf-8")
    packs = [str(tmp_path / name) for name in ("law", "shop")]
    assert main(["diff", *packs, "--cases", str(tmp_path / "cases.jsonl")]) == 1
    printed = capsys.readouterr().out
    assert "was 15 days when it started; the newer pack has 10 days for that day" in printed
    digest = law.workflows["handling"].digest
    way_on = f'migrations: [{{from: 1.0.0, digest: "{digest}"}}]'
    assert f"`override: workflows.handling` with `{way_on}`" in printed
    (tmp_path / "shop" / "handling.yaml").write_text(
        f"override: workflows.handling\n{way_on}\n", encoding="utf-8"
    )
    assert main(["diff", *packs, "--cases", str(tmp_path / "cases.jsonl")]) == 0
    assert "1 unchanged, 1 to be migrated" in capsys.readouterr().out


def test_whose_a_figure_is_is_told_in_the_language_of_the_reader(tell, tmp_path):
    promise = "override: parameters.reply\nkind: promise\n"
    promise += "values: {from: 2027-01-01, value: 10, cites: [handbook:4]}\n"
    files = {"pack.yaml": pack_file("shop"), "handbook.yaml": HANDBOOK, "reply.yaml": promise}
    write_packs(tmp_path, shop=files)
    for language, told in (
        ("en", "kind: law → promise"),
        ("zh", "kind：法定数值（law） → 承诺（promise）"),
    ):
        _, printed = tell(tmp_path / "law", tmp_path / "shop", "--language", language)
        assert told in printed


def test_the_shipped_pack_is_called_by_its_name(tell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "the two packs have the same content" in tell("telecom_rules", "telecom_rules")[1]
    (tmp_path / "telecom_rules").mkdir()  # a folder comes first
    status, printed = tell("telecom_rules", "telecom_rules")
    assert status == NOT_CHECKED
    assert "there is no pack at `telecom_rules`" in printed
