"""A comment sets a finding of its line aside, with a reason, and only as long as there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from telecom_rules import validate
from telecom_rules.validation import examine
from tests.pack.chains import pack_file, write_packs
from tests.pack.house import HOUSE, SPARE, broken, house, lay

if TYPE_CHECKING:
    from pathlib import Path

COMMENT = "# telecom-rules: ignore[TR901] kept for the next release"


@pytest.fixture
def found(tmp_path: Path):
    def look(**files: str):
        own = {name: text.encode() for name, text in files.items()}
        return examine(lay(tmp_path, house() | own))

    return look


def ids(examined) -> list[str]:
    return [f"{each.id}:{each.span.line}" for each in examined.findings]


@pytest.fixture
def unused(found) -> str:
    """Return the finding that the spare parameter has without a comment."""
    (only,) = ids(found(**{"parameters/spare.yaml": SPARE}))
    return only


def test_a_comment_behind_a_value_sets_the_findings_of_its_line_aside(found, unused):
    code, line = unused.split(":")
    lines = SPARE.splitlines()
    lines[int(line) - 1] += f"  # telecom-rules: ignore[{code}] kept for later"
    examined = found(**{"parameters/spare.yaml": "\n".join(lines)})
    assert ids(examined) == []
    assert [each.id for each in examined.ignored] == [code]


@pytest.mark.parametrize("between", ["", "\n", "# another comment\n"])
def test_a_comment_of_its_own_speaks_of_the_next_line_with_text(found, unused, between):
    code, line = unused.split(":")
    lines = SPARE.splitlines(keepends=True)
    lines.insert(int(line) - 1, f"# telecom-rules: ignore[{code}] 保留给下一版\n{between}")
    assert ids(found(**{"parameters/spare.yaml": "".join(lines)})) == []


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("# telecom-rules: ignore[{code}]", "gives no reason"),
        ("# telecom-rules: ignore because", "names no code"),
        ("# telecom-rules: ignore[] because", "names no code"),
        ("# telecom-rules: ignore[TR999x] because", "no code TR999x"),
        ("# telecom-rules: disable[{code}] because", "not understood"),
    ],
)
def test_a_comment_without_code_or_reason_sets_nothing_aside(found, unused, comment, why):
    code, line = unused.split(":")
    lines = SPARE.splitlines()
    lines[int(line) - 1] += "  " + comment.format(code=code)
    examined = found(**{"parameters/spare.yaml": "\n".join(lines)})
    assert sorted(ids(examined)) == sorted([unused, f"TR031:{line}"])
    (problem,) = (each for each in examined.findings if each.id == "TR031")
    assert why in problem.wording.en


def test_a_comment_that_sets_nothing_aside_is_found(found):
    files = {"facts/ticket.yaml": f"{COMMENT}\n{HOUSE['facts/ticket.yaml']}"}
    (problem,) = found(**files).findings
    assert (problem.id, problem.span.line) == ("TR032", 1)
    assert "TR901" in problem.wording.en


def test_what_keeps_a_pack_from_loading_is_not_set_aside(found):
    text = HOUSE["policies/grading.yaml"].replace("loss >=", "los >=")
    (line,) = (each for each in text.splitlines() if "los >=" in each)
    marked = text.replace(line, f"{line}  # telecom-rules: ignore[TR203] so be it")
    assert sorted(each.id for each in found(**{"policies/grading.yaml": marked}).findings) == [
        "TR033",
        "TR203",
    ]


@pytest.mark.parametrize("value", ["'{mark}'", '"{mark}"', "|\n        {mark}"])
def test_a_text_that_looks_like_a_comment_is_a_text(found, value):
    mark = value.format(mark="x # telecom-rules: ignore[TR901] no")
    note = f"note:\n      zh: {mark}\n      en: Ours"
    start, _, _ = SPARE.partition("  - {from")
    text = f"{start}  - from: 2020-01-01\n    value: 5\n    cites: [book:1]\n    {note}\n"
    examined = found(**{"parameters/spare.yaml": text})
    assert {"TR031", "TR032"}.isdisjoint(each.id for each in examined.findings)


def test_the_function_returns_what_the_command_lists(found, tmp_path):
    examined = found(**{"parameters/spare.yaml": SPARE})
    assert validate(tmp_path) == examined.findings


def test_a_comment_on_a_warning_that_a_release_makes_an_error_is_not_unused(tmp_path):
    when = "loss >= parameters.threshold && string(loss) != 'x'"
    comment = "# telecom-rules: ignore[TR762] no amount is x"
    write_packs(
        tmp_path,
        shop={
            "pack.yaml": pack_file("shop"),
            "grading.yaml": f"override: policies.grading\nrules:\n  {comment}\n"
            f'  - {{id: high, when: "{when}"}}\n',
        },
    )
    assert ids(examine(tmp_path / "shop")) == []
    assert ids(examine(tmp_path / "shop", release=True)) == ["TR763:4"]


@pytest.mark.parametrize(
    "mark", ["telecom-rules：", "Telecom-Rules:", "telecom_rules:", "telecom-rules"]
)
def test_a_mark_with_a_slip_is_told(tmp_path: Path, mark: str) -> None:
    comment = f"codes:  # {mark} ignore[TR310] why"
    found = validate(lay(tmp_path, broken("catalogues/grade.yaml", "codes:", comment)))
    assert [(each.id, each.span.line) for each in found] == [("TR031", 4)]
