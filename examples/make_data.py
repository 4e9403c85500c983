"""Make the example data: complaints and violations, all invented, the same ones every time.

    python examples/make_data.py            # writes examples/data/
    python examples/make_data.py elsewhere  # writes elsewhere/

`complaints.jsonl`   a history a line: `id`, `opened_at`, `facts`, `events` (`event at by payload`)
`complaints.csv`     the opening record of each, with what decides its grade
`violations.jsonl`   a violation case a line, for the policy `violation_penalty`
`violations.csv`     the same cases as a spreadsheet holds them

Most records are ordinary. The others are what a real file brings along, on purpose: answers that
come late, at the last instant, or a microsecond after it; records with something missing; steps in
the wrong order or sent twice; a channel and an act nobody knows; complaints taken up again, and
some too old for it; times in two offsets from UTC; gains at the thresholds of the Telecom
Regulations; blank cells, and cells that were not meant for a machine. `STORIES` in
`complaint_stories.py` and `BLANKS` and `BAD_CELLS` in `violation_cases.py` say which and how many.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chance import Dice
from complaint_stories import complaints, history_record, numbered, opening_record
from violation_cases import as_json, violations

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def json_lines(records: Iterable[Mapping[str, object]]) -> str:
    """Return records as JSON Lines."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def comma_separated(records: Sequence[Mapping[str, object]]) -> str:
    """Return records as CSV; the columns are those of all records, what one lacks is blank."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def files() -> dict[str, str]:
    """Return the content of every file by its name."""
    histories = list(numbered(complaints(Dice(seed=20260706))))
    cases = violations(Dice(seed=69))
    return {
        "complaints.jsonl": json_lines(history_record(*each) for each in histories),
        "complaints.csv": comma_separated([opening_record(*each) for each in histories]),
        "violations.jsonl": json_lines(as_json(each) for each in cases),
        "violations.csv": comma_separated(cases),
    }


def main(folder: Path) -> None:
    """Write every file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "data")
