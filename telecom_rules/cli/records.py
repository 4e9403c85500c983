"""Reads records from JSON, JSON Lines and CSV files.

Numbers with a point are read as `Decimal`, so that money stays exact. A record that cannot be
read is reported with its line and does not hide the others: JSON Lines and CSV are read on behind
any mistake, a list in a JSON file behind any but one of its syntax.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from telecom_rules.cli.screen import describe_system_error
from telecom_rules.errors import TelecomRulesError
from telecom_rules.suggestions import find_nearest
from telecom_rules.vocabulary import BOOLEAN, INTEGER, ListType
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from telecom_rules.vocabulary import RecordType, Type


LARGEST_FILE = 200_000_000
"""Bytes of a file that is read line by line; larger ones are for a database."""
LARGEST_DOCUMENT = 20_000_000
"""Bytes of a file that is read as a whole."""
LONGEST_LINE = 4_000_000
"""Characters of a line."""
LONGEST_NUMBER = 4_000
"""Characters of a number, fewer than the digits that Python refuses to convert."""
DEEPEST_VALUE = 100
"""Levels of lists and objects inside one another; the calls of a case take three each."""

WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
"""A cell that is read as a whole number; 64 bits have at most 19 digits."""
SPACES = re.compile(r"[ \t\n\r]*")
"""What may stand between the items of a list. Source: RFC 8259."""
STRAY_BYTES = re.compile("[\udc80-\udcff]")
"""Bytes that are not UTF-8, as `surrogateescape` reads them; UTF-8 has no such characters."""


class Unreadable(TelecomRulesError):
    """A file or a record that cannot be read, with the reason in both languages."""

    code = "unreadable"


TOO_LARGE = Wording(
    "{file}：文件过大，上限 {limit} 字节；记录可写作 .jsonl 或 .csv，逐行读取",
    "{file}: the file is too large, the limit is {limit} bytes; records may be written as .jsonl "
    "or .csv, which are read line by line",
)
UNKNOWN_KEY = Wording("没有名为 `{key}` 的键", "there is no key `{key}`")
TOO_DEEP = Wording("不是有效的 JSON：嵌套过深", "not valid JSON: it is nested too deep")
TOO_LONG_LINE = Wording("此行超过 {limit} 个字符", "the line is longer than {limit} characters")
NOT_UTF_8 = Wording(
    "第 {column} 个字符起不是 UTF-8 文本；在 Excel 中请另存为“CSV UTF-8”",
    "not UTF-8 text from character {column}; in Excel, save as “CSV UTF-8”",
)
FILE_NOT_UTF_8 = Wording(
    "{file}：第 {line} 行不是 UTF-8 文本（第 {byte} 字节起）；请另存为 UTF-8 编码，"
    "在 Excel 中为“CSV UTF-8”",
    "{file}: line {line} is not UTF-8 text (not UTF-8 text from byte {byte}); save the file as "
    "UTF-8, in Excel as “CSV UTF-8”",
)
NOTHING_AFTER = Wording("；其后的记录未读取", "; no record behind it is read")
CSV_MISTAKES = (
    (
        "field limit",
        Wording("单元格超过 {limit} 个字符", "a cell is longer than {limit} characters"),
    ),
    ("end of data", Wording("引号没有结束", "a quote is not closed")),
    ("expected after", Wording("结束的引号之后还有内容", "something follows the closing quote")),
)
"""What is wrong with a line of CSV, by a part of the message of Python's reader."""
BAD_CSV = Wording("不是有效的 CSV", "not valid CSV")


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
        Unreadable: the file cannot be opened, is too large, has an unknown suffix or no records,
            or is a JSON document or the header of a CSV file that is not UTF-8.
    """
    found = iter_records(file, shape)
    first = next(found, None)
    if first is None:
        raise Unreadable(Wording(f"{file}：其中没有记录", f"{file}: there are no records in it"))
    return chain((first,), found)


def iter_records(file: Path, shape: RecordType | None) -> Iterator[FileRecord]:
    """Yield the records of `file` in the format of its suffix."""
    if file.suffix == ".csv":
        return iter_csv(iter_lines(file), file, shape)
    if file.suffix == ".jsonl":
        return iter_json_lines(iter_lines(file), file)
    if file.suffix == ".json":
        return iter_json(read_file_text(file), file)
    require_file(file)
    raise Unreadable(
        Wording(
            f"{file}：无法识别的文件类型；可用 .json、.jsonl、.csv",
            f"{file}: unknown kind of file; use .json, .jsonl or .csv",
        )
    )


def require_file(file: Path, largest: int = LARGEST_FILE) -> None:
    """Raise `Unreadable` unless `file` is a regular file of at most `largest` bytes."""
    try:
        if file.is_dir():
            raise Unreadable(
                Wording(f"{file}：这是文件夹，不是文件", f"{file}: this is a folder, not a file")
            )
        if not file.is_file():
            raise Unreadable(Wording(f"{file}：没有这个文件", f"{file}: there is no such file"))
        if file.stat().st_size > largest:
            raise Unreadable(TOO_LARGE.fill(file=file, limit=largest))
    except (OSError, ValueError) as problem:
        raise Unreadable(describe_system_error(problem, file)) from None


def read_file_text(file: Path) -> str:
    """Return the text of `file`."""
    require_file(file, LARGEST_DOCUMENT)
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise Unreadable(describe_system_error(problem, file)) from None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        # The codec counts from behind a byte order mark.
        at = problem.start + (len(data) - len(problem.object))
        line = data.count(b"\n", 0, at) + 1
        raise Unreadable(FILE_NOT_UTF_8.fill(file=file, line=line, byte=at)) from None


def iter_lines(file: Path) -> Iterator[str]:
    """Yield the lines of `file` with their ends; of a line that is too long, only its beginning.

    Bytes that are not UTF-8 are kept as `STRAY_BYTES`.
    """
    require_file(file)
    try:
        with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
            while line := lines.readline(LONGEST_LINE + 1):
                yield line
                while len(line) > LONGEST_LINE and not line.endswith(("\n", "\r")):
                    line = lines.readline(LONGEST_LINE + 1)
    except OSError as problem:
        raise Unreadable(describe_system_error(problem, file)) from None


def find_bad_text(line: str) -> Unreadable | None:
    """Return why a line cannot be read as text, if it cannot."""
    if len(line) > LONGEST_LINE:
        return Unreadable(TOO_LONG_LINE.fill(limit=LONGEST_LINE))
    stray = STRAY_BYTES.search(line)
    return Unreadable(NOT_UTF_8.fill(column=stray.start() + 1)) if stray else None


def iter_json(text: str, file: Path) -> Iterator[FileRecord]:
    """Yield the records of a JSON file: one object, or a list of them."""
    at = skip_spaces(text, 0)
    if text[at : at + 1] != "[":
        yield build_record(str(file), parse_json(text))
        return
    number, at, more = 0, skip_spaces(text, at + 1), True
    if text[at : at + 1] == "]":
        more, at = False, at + 1
    while more:
        try:
            value, at = read_item(text, at)
        except (json.JSONDecodeError, RecursionError) as problem:
            wording = describe_json_mistake(problem)
            behind = Wording(wording.zh + NOTHING_AFTER.zh, wording.en + NOTHING_AFTER.en)
            yield FileRecord(f"{file}[{number}]", Unreadable(behind))
            return
        yield build_record(f"{file}[{number}]", value)
        number, more, at = number + 1, text[at] == ",", skip_spaces(text, at + 1)
    if skip_spaces(text, at) != len(text):
        behind = describe_json_mistake(json.JSONDecodeError("", text, at))
        yield FileRecord(f"{file}[{number}]", Unreadable(behind))


def read_item(text: str, at: int) -> tuple[object, int]:
    """Return the item of a JSON list that begins at `at`, and where the sign behind it is.

    Raises:
        json.JSONDecodeError: it is not JSON, or neither `,` nor `]` is behind it.
        RecursionError: it is nested too deep.
    """
    value, end = DECODER.raw_decode(text, at)
    end = skip_spaces(text, end)
    if text[end : end + 1] not in {",", "]"}:
        raise json.JSONDecodeError("", text, end)
    return value, end


def skip_spaces(text: str, at: int) -> int:
    """Return where the white space of a JSON text ends that begins at `at`."""
    found = SPACES.match(text, at)
    return found.end() if found else at


def iter_json_lines(lines: Iterator[str], file: Path) -> Iterator[FileRecord]:
    """Yield the records of a JSON Lines file; blank lines are skipped."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield build_record(
                f"{file}:{number}", find_bad_text(line) or parse_json(line.rstrip("\r\n"))
            )


def build_record(place: str, value: object) -> FileRecord:
    """Return `value` as a record, or an error if it is not an object or holds a mistake."""
    if isinstance(value, Unreadable):
        return FileRecord(place, value)
    if not isinstance(value, dict):
        return FileRecord(
            place, Unreadable(Wording("此处应为一个 JSON 对象", "expected a JSON object"))
        )
    return FileRecord(place, find_mistake(value) or value)


def name_value(value: object) -> str:
    """Return what names a record or a case, for people: a text as it is, else as JSON writes it.

    Nothing, which is `null`, names nothing.
    """
    if value is None:
        return ""
    return value if isinstance(value, str) else write_json(value)


def write_json(value: object) -> str:
    """Return a value that was read from JSON as JSON on one line, its decimals with every place."""
    if isinstance(value, dict):
        members = (f"{write_json(key)}: {write_json(each)}" for key, each in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(write_json, value))}]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def find_unknown_key(record: Mapping[str, object], keys: Sequence[str]) -> Wording | None:
    """Return the first key of a record that is not one of `keys`: no input is ignored silently."""
    unknown = next((key for key in record if key not in keys), None)
    if unknown is None:
        return None
    return UNKNOWN_KEY.fill(key=shorten(unknown)).suggest(find_nearest(unknown, keys))


def find_mistake(record: Mapping[str, object]) -> Unreadable | None:
    """Return the first mistake that stands in the place of a value of `record`, if there is one."""
    level: list[object] = [record]
    for _ in range(DEEPEST_VALUE):
        inner: list[object] = []
        for each in level:
            if isinstance(each, (dict, list)):
                inner += each.values() if isinstance(each, dict) else each
        mistake = next((each for each in inner if isinstance(each, Unreadable)), None)
        if mistake is not None or not inner:
            return mistake
        level = inner
    return Unreadable(TOO_DEEP)


def parse_json(text: str) -> object:
    """Return the JSON value of `text`, or the error if it is not valid."""
    try:
        value: object = DECODER.decode(text)
    except (json.JSONDecodeError, RecursionError) as problem:
        return Unreadable(describe_json_mistake(problem))
    return value


def describe_json_mistake(problem: json.JSONDecodeError | RecursionError) -> Wording:
    """Return where a text is not JSON, or that it is nested too deep."""
    if isinstance(problem, RecursionError):
        return TOO_DEEP
    return Wording(
        "不是有效的 JSON（第 {line} 行第 {column} 列）",
        "not valid JSON (line {line}, column {column})",
    ).fill(line=problem.lineno, column=problem.colno)


# The functions below are called by the decoder in the middle of a text. A mistake takes the place
# of its value: one that was raised would end the reading of the whole text.


def read_number(text: str, convert: Callable[[str], object]) -> object:
    """Return a number, or the mistake if it has more digits or places than anything counted."""
    try:
        if len(text) <= LONGEST_NUMBER:
            return convert(text)
    except (ArithmeticError, ValueError):
        pass
    return Unreadable(
        Wording(
            "不是有效的 JSON：数字过长（{text}）", "not valid JSON: a number is too long ({text})"
        ).fill(text=shorten(text))
    )


def read_constant(name: str) -> Unreadable:
    """Return the mistake for `NaN` and the infinities, which JSON does not have."""
    return Unreadable(Wording(f"`{name}` 不是 JSON 数字", f"`{name}` is not a JSON number"))


def read_object(pairs: list[tuple[str, object]]) -> dict[str, object] | Unreadable:
    """Return an object; a repeated key is a mistake, not silently dropped."""
    record = dict(pairs)
    if len(record) == len(pairs):
        return record
    counts = Counter(key for key, _ in pairs)
    twice = shorten(next(key for key, count in counts.items() if count > 1))
    return Unreadable(Wording(f"键 `{twice}` 重复", f"the key `{twice}` is given twice"))


DECODER = json.JSONDecoder(
    parse_float=lambda text: read_number(text, Decimal),
    parse_int=lambda text: read_number(text, int),
    parse_constant=read_constant,
    object_pairs_hook=read_object,
)


def iter_csv(lines: Iterator[str], file: Path, shape: RecordType | None) -> Iterator[FileRecord]:
    """Yield the records of a CSV file with a header line."""
    rows = iter_csv_rows(lines)
    number, first = next(rows, (1, []))
    if isinstance(first, Unreadable):
        raise Unreadable(
            Wording(f"{file}:{number}：{first.wording.zh}", f"{file}:{number}: {first.wording.en}")
        )
    header = [name.strip() for name in first]
    if len(set(header)) != len(header):
        raise Unreadable(Wording(f"{file}：表头有重复的列", f"{file}: a column is named twice"))
    for number, cells in rows:
        data = cells if isinstance(cells, Unreadable) else build_csv_record(header, cells, shape)
        yield FileRecord(f"{file}:{number}", data)


def iter_csv_rows(lines: Iterator[str]) -> Iterator[tuple[int, list[str] | Unreadable]]:
    """Yield each row with the number of its first line; blank lines are skipped.

    A bad row is one line: reading goes on with the next, whatever a quote has swallowed of them.
    """
    ahead: list[str] = []  # the lines that come first, the next of them last
    number = 1
    while True:
        taken: list[str] = []
        try:
            cells = next(csv.reader(iter_row(lines, ahead, taken), strict=True), None)
            row = next(filter(None, map(find_bad_text, taken)), cells)
        except csv.Error as problem:
            row = find_bad_text(taken[0]) or describe_csv_mistake(problem)
        if not taken:
            return
        if isinstance(row, Unreadable):
            ahead += reversed(taken[1:])
            del taken[1:]
        if row:
            yield number, row
        number += len(taken)


def iter_row(lines: Iterator[str], ahead: list[str], taken: list[str]) -> Iterator[str]:
    """Yield the lines of one row as its reader asks for them, and keep them in `taken`."""
    while (line := ahead.pop() if ahead else next(lines, None)) is not None:
        taken.append(line)
        yield line


def describe_csv_mistake(problem: csv.Error) -> Unreadable:
    """Return why a row of a CSV file cannot be read."""
    wordings = (wording for part, wording in CSV_MISTAKES if part in str(problem))
    return Unreadable(next(wordings, BAD_CSV).fill(limit=csv.field_size_limit()))


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
    if type is INTEGER and (number := WHOLE_NUMBER.fullmatch(cell)):
        return int(number[0])
    if isinstance(type, ListType):
        return [convert_cell(item.strip(), type.item) for item in cell.split(";") if item.strip()]
    return cell
