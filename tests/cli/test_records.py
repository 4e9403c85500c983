"""Records read from files stay exact, and a broken one never hides the others."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from telecom_rules.cli.records import Unreadable, read_records
from telecom_rules.vocabulary.types import (
    BOOLEAN,
    INTEGER,
    MONEY,
    TEXT,
    Field,
    ListType,
    RecordType,
)
from tests.patience import within

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = RecordType(
    "case",
    {
        "gain": Field(MONEY),
        "grave": Field(BOOLEAN),
        "users": Field(INTEGER),
        "acts": Field(ListType(TEXT)),
        "note": Field(TEXT),
    },
)


def read(folder: Path, name: str, text: str | bytes) -> list[object]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [
        row.data.wording.en if isinstance(row.data, Unreadable) else row.data
        for row in read_records(file, SHAPE)
    ]


def test_a_json_number_with_a_point_stays_exact(tmp_path: Path) -> None:
    assert read(tmp_path, "a.json", '{"gain": 49999.99}') == [{"gain": Decimal("49999.99")}]


def test_a_json_file_may_hold_one_record_or_a_list(tmp_path: Path) -> None:
    assert read(tmp_path, "a.json", "[{}, {}]") == [{}, {}]


def test_a_broken_line_does_not_hide_the_next_one(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, "a.jsonl", '{"gain": 1}\n{"gain": \n{"gain": 2}\n')
    assert (first, third) == ({"gain": 1}, {"gain": 2})
    assert "not valid JSON" in str(second)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"gain": NaN}', "`NaN` is not a JSON number"),
        ('{"gain": 1, "gain": 2}', "the key `gain` is given twice"),
        ("[1]", "expected a JSON object"),
        ('{"gain": 1}  x', "not valid JSON (line 1, column 14)"),
        ("[" * 100_000, "not valid JSON: it is nested too deep"),
        ('{"gain": ' + "9" * 5000 + "}", "not valid JSON: a number is too long"),
    ],
)
def test_what_json_would_let_through_or_choke_on_is_refused(
    tmp_path: Path, text: str, reason: str
) -> None:
    (found,) = read(tmp_path, "a.jsonl", text)
    assert reason in str(found)


def test_csv_cells_are_typed_by_their_column_and_blank_cells_are_absent(tmp_path: Path) -> None:
    text = "gain,grave,users,acts,note\n80000.50,TRUE,3,a;b,true\n,,,,\n"
    assert read(tmp_path, "a.csv", text) == [
        {"gain": "80000.50", "grave": True, "users": 3, "acts": ["a", "b"], "note": "true"},
        {},
    ]


def test_a_csv_cell_that_does_not_fit_stays_text_for_the_facts_to_refuse(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", "grave,users\nyes,1.5\n") == [{"grave": "yes", "users": "1.5"}]


@pytest.mark.parametrize("cell", ["--7", "-+6", "+-1", "６", "٣", "1_0", "7 7", "9" * 30])
def test_a_cell_is_a_whole_number_only_in_the_figures_that_convert(
    tmp_path: Path, cell: str
) -> None:
    assert read(tmp_path, "a.csv", f"users,note\n7,x\n{cell},x\n8,x\n") == [
        {"users": 7, "note": "x"},
        {"users": cell, "note": "x"},
        {"users": 8, "note": "x"},
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('6,"x" y', "something follows the closing quote"),
        ('6,"x', "a quote is not closed"),
        ('6,"' + "x" * 140_000, "a cell is longer than 131072 characters"),
        ("6," + "x" * 140_000, "a cell is longer than 131072 characters"),
        ("6," + "x," * 2_100_000, "the line is longer than 4000000 characters"),
        ("6,\udcb1\udcea", "not UTF-8 text from character 3; in Excel, save as “CSV UTF-8”"),
    ],
)
def test_a_bad_line_of_csv_is_one_record_and_the_others_are_read(
    tmp_path: Path, line: str, reason: str
) -> None:
    text = f'users,note\n5,"a\nb"\n{line}\n7,y\n8,z'.encode("utf-8", "surrogateescape")
    assert read(tmp_path, "a.csv", text) == [
        {"users": 5, "note": "a\nb"},
        reason,
        {"users": 7, "note": "y"},
        {"users": 8, "note": "z"},
    ]
    places = [row.place for row in read_records(tmp_path / "a.csv", SHAPE)]
    assert [place.rpartition(":")[2] for place in places] == ["2", "4", "5", "6"]


@pytest.mark.parametrize("number", ["1e9999999999999999999", "9" * 5000, "NaN", "-Infinity"])
def test_a_bad_number_ends_the_reading_of_its_record_alone(tmp_path: Path, number: str) -> None:
    first, second, third = read(
        tmp_path, "a.jsonl", f'{{"gain": 1}}\n{{"note": [{{"x": {number}}}]}}\n{{"gain": 2}}'
    )
    assert (first, third) == ({"gain": 1}, {"gain": 2})
    assert "number" in str(second)
    listed = read(tmp_path, "a.json", f'[{{"gain": 1}}, {{"gain": {number}}}, {{"gain": 2}}]')
    assert (listed[0], listed[2]) == ({"gain": 1}, {"gain": 2})


def test_a_line_that_is_not_utf_8_is_refused_alone_with_advice(tmp_path: Path) -> None:
    first, second, third = read(tmp_path, "a.jsonl", b'{}\n{"note": "\xb1\xea"}\n{"gain": 2}')
    assert (first, third) == ({}, {"gain": 2})
    assert "not UTF-8 text from character 11" in str(second)


def test_a_list_that_breaks_off_gives_the_records_before_and_says_that_none_follow(
    tmp_path: Path,
) -> None:
    first, second = read(tmp_path, "a.json", '[{"gain": 1},\n {"gain": ]')
    assert first == {"gain": 1}
    assert second == "not valid JSON (line 2, column 11); no record behind it is read"


def test_a_repeated_key_among_many_is_found_at_once(tmp_path: Path) -> None:
    pairs = ", ".join(f'"k{each}": 1' for each in range(100_000))
    for name in ("a.json", "a.jsonl"):
        with within(2):
            assert read(tmp_path, name, f'{{{pairs}, "k99999": 2}}') == [
                "the key `k99999` is given twice"
            ]


def test_a_record_nested_deeper_than_anybody_writes_is_refused(tmp_path: Path) -> None:
    deep = '{"note": ' + "[" * 200 + "]" * 200 + "}"
    assert read(tmp_path, "a.jsonl", f"{deep}\n{{}}") == [
        "not valid JSON: it is nested too deep",
        {},
    ]


def test_a_file_in_gbk_is_refused_with_its_line_and_with_advice(tmp_path: Path) -> None:
    table = "gain,备注\n1,x\n".encode("gbk")
    with pytest.raises(Unreadable, match=r"a\.csv:1: not UTF-8 text .* save as “CSV UTF-8”"):
        read(tmp_path, "a.csv", table)
    with pytest.raises(Unreadable, match=r"line 2 is not UTF-8 text .*from byte 12"):
        read(tmp_path, "a.json", '[\n{"note": "标"}]'.encode("gbk"))


def test_a_csv_line_with_a_missing_cell_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", "gain,note\n1\n2,x\n") == [
        "expected 2 columns, found 1",
        {"gain": "2", "note": "x"},
    ]


def test_a_byte_order_mark_is_not_part_of_the_first_column(tmp_path: Path) -> None:
    assert read(tmp_path, "a.csv", b"\xef\xbb\xbfnote\nx\n") == [{"note": "x"}]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "unknown kind of file"),
        ("a.json", b"\xff\xfe", "not UTF-8 text from byte 0"),
        ("a.csv", b"note,note\nx,y\n", "a column is named twice"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(tmp_path, name, content)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="there is no such file"):
        list(read_records(tmp_path / "nothing.json"))
