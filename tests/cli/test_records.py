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
