"""Reads records from JSON, JSON Lines and CSV files.

Numbers with a point are read as `Decimal`, so that money stays exact. A record that cannot be
read is reported with its line and does not hide the others.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from telecom_rules.errors import TelecomRulesError
from telecom_rules.vocabulary import BOOLEAN, INTEGER, ListType
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from telecom_rules.vocabulary import RecordType, Type


LARGEST_FILE = 200_000_000
"""Bytes of a file; larger ones are not for a command line but for a database."""


class Unreadable(TelecomRulesError):
    """A file or a record that cannot be read, with the reason in both languages."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One record of a file.

    Attributes:
        place: file and line, such as `violations.csv:17`.
        data: the record, or why it cannot be read.
    """

    place: str
    data: Mapping[str, object] | Unreadable


def read_records(file: Path, shape: RecordType | None = None) -> Iterator[FileRecord]:
    """Yield the records of `file` by its suffix: `.json`, `.jsonl` or `.csv`.

    Args:
        file: the file; UTF-8, with or without a byte order mark.
        shape: the record the columns of a CSV file are read as; a blank cell is an absent fact.

    Raises:
        Unreadable: the file cannot be opened, is too large, is not UTF-8, has an unknown suffix,
            or has no records.
    """
    found = iter_records(file, shape)
    first = next(found, None)
    if first is None:
        raise Unreadable(Wording(f"{file}：其中没有记录", f"{file}: there are no records in it"))
    return chain((first,), found)


def iter_records(file: Path, shape: RecordType | None) -> Iterator[FileRecord]:
    """Yield the records of `file` in the format of its suffix."""
    text = read_file_text(file)
    if file.suffix == ".csv":
        return iter_csv(text, file, shape)
    if file.suffix == ".jsonl":
        return iter_json_lines(text, file)
    if file.suffix == ".json":
        return iter(read_json(text, file))
    raise Unreadable(
        Wording(
            f"{file}：无法识别的文件类型；可用 .json、.jsonl、.csv",
            f"{file}: unknown kind of file; use .json, .jsonl or .csv",
        )
    )


def read_file_text(file: Path) -> str:
    """Return the text of `file`."""
    try:
        if file.is_dir():
            raise Unreadable(
                Wording(f"{file}：这是文件夹，不是文件", f"{file}: this is a folder, not a file")
            )
        if not file.is_file():
            raise Unreadable(Wording(f"{file}：没有这个文件", f"{file}: there is no such file"))
        if file.stat().st_size > LARGEST_FILE:
            raise Unreadable(Wording(f"{file}：文件过大", f"{file}: the file is too large"))
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable(
            Wording(
                f"{file}：第 {problem.start} 字节起不是 UTF-8 文本",
                f"{file}: not UTF-8 text from byte {problem.start}",
            )
        ) from None
    except OSError as problem:
        raise Unreadable(Wording.same(f"{file}: {problem.strerror}")) from None


def read_json(text: str, file: Path) -> list[FileRecord]:
    """Return the records of a JSON file: one object, or a list of them."""
    value = parse_json(text)
    if not isinstance(value, list):
        return [build_record(str(file), value)]
    return [build_record(f"{file}[{at}]", item) for at, item in enumerate(value)]


def iter_json_lines(text: str, file: Path) -> Iterator[FileRecord]:
    """Yield the records of a JSON Lines file; blank lines are skipped."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield build_record(f"{file}:{number}", parse_json(line))


def build_record(place: str, value: object) -> FileRecord:
    """Return `value` as a record, or an error if it is not an object."""
    if isinstance(value, Unreadable):
        return FileRecord(place, value)
    if not isinstance(value, dict):
        return FileRecord(
            place, Unreadable(Wording("此处应为一个 JSON 对象", "expected a JSON object"))
        )
    return FileRecord(place, value)


def parse_json(text: str) -> object:
    """Return the JSON value of `text`, or the error if it is not valid."""
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_constant=refuse_constant,
            object_pairs_hook=refuse_repeated_keys,
        )
    except Unreadable as problem:
        return problem
    except json.JSONDecodeError as problem:
        wording = Wording(
            "不是有效的 JSON（第 {line} 行第 {column} 列）",
            "not valid JSON (line {line}, column {column})",
        )
        return Unreadable(wording.fill(line=problem.lineno, column=problem.colno))
    except RecursionError:
        return Unreadable(
            Wording("不是有效的 JSON：嵌套过深", "not valid JSON: it is nested too deep")
        )
    except ValueError:
        return Unreadable(
            Wording("不是有效的 JSON：数字过长", "not valid JSON: a number is too long")
        )


def refuse_constant(name: str) -> object:
    """Refuse `NaN` and the infinities, which JSON does not have."""
    raise Unreadable(Wording(f"`{name}` 不是 JSON 数字", f"`{name}` is not a JSON number"))


def refuse_repeated_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; a repeated key is refused, not silently dropped."""
    record = dict(pairs)
    if len(record) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unreadable(Wording(f"键 `{twice}` 重复", f"the key `{twice}` is given twice"))
    return record


def iter_csv(text: str, file: Path, shape: RecordType | None) -> Iterator[FileRecord]:
    """Yield the records of a CSV file with a header line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if len(set(header)) != len(header):
            raise Unreadable(Wording(f"{file}：表头有重复的列", f"{file}: a column is named twice"))
        for cells in reader:
            if cells:
                yield FileRecord(
                    f"{file}:{reader.line_num}", build_csv_record(header, cells, shape)
                )
    except csv.Error as problem:
        yield FileRecord(f"{file}:{reader.line_num}", Unreadable(Wording.same(str(problem))))


def build_csv_record(
    header: list[str], cells: list[str], shape: RecordType | None
) -> Mapping[str, object] | Unreadable:
    """Return one line of a CSV file as a record; a blank cell is an absent fact."""
    if len(cells) != len(header):
        return Unreadable(
            Wording(
                f"应有 {len(header)} 列，实有 {len(cells)} 列",
                f"expected {len(header)} columns, found {len(cells)}",
            )
        )
    fields = shape.fields if shape else {}
    return {
        name: convert_cell(cell.strip(), fields[name].type) if name in fields else cell.strip()
        for name, cell in zip(header, cells, strict=True)
        if cell.strip()
    }


def convert_cell(cell: str, type: Type) -> object:
    """Return a CSV cell as the JSON value of its column's type.

    A cell that does not fit stays text, so that reading the facts reports it with its field.
    """
    if type is BOOLEAN:
        return {"true": True, "false": False}.get(cell.lower(), cell)
    if type is INTEGER and cell.lstrip("+-").isdecimal() and len(cell) <= len(str(2**63)):
        return int(cell)
    if isinstance(type, ListType):
        return [convert_cell(item.strip(), type.item) for item in cell.split(";") if item.strip()]
    return cell
