"""Digests are of what rules mean: layout is in none of them, wording in one of its own."""

from __future__ import annotations

from datetime import date

import pytest

from telecom_rules.documents import format_text
from telecom_rules.findings import Findings
from telecom_rules.pack import Pack, link
from tests.pack.house import HOUSE, broken, house


def pack_of(files: dict[str, bytes]) -> Pack:
    """Return the pack that files make; none of them has a mistake."""
    reading = link(files)
    assert reading.pack is not None, [each.concise() for each in reading.findings]
    return reading.pack


PLAIN = pack_of(house())
CALENDAR = """\
calendar: china
title: {zh: 日历, en: Calendar}
years:
  "2026": {rest: [2026-01-01, 2026-05-01], work: [2026-02-14]}
"""


def renamed() -> dict[str, bytes]:
    return {f"all/{number}.yaml" if name != "pack.yaml" else name: data
            for number, (name, data) in enumerate(house().items())}  # fmt: skip


def written_otherwise() -> dict[str, bytes]:
    """Return the house with keys in another order, in block style, quoted, and in brackets."""
    files = house()
    files["facts/ticket.yaml"] = """\
facts: ticket
fields:
  grade:
    title:
      en: Grade
      zh: 级别
    type: 'grade?'
  loss: {title: {en: "Loss", zh: 损失}, type: money}
cites: book:1
title: {zh: 工单, en: Ticket}
""".encode()
    files["policies/grading.yaml"] = files["policies/grading.yaml"].replace(
        b"loss >= parameters.threshold", b"((loss)>=  parameters . threshold)"
    )
    return files


def formatted() -> dict[str, bytes]:
    """Return the house as `telecom-rules fmt` writes it."""
    files = written_otherwise()
    written = {name: format_text(data, name, Findings()) for name, data in files.items()}
    return {name: (text or "").encode() for name, text in written.items()}


LAYOUTS = {
    "as fmt writes it": formatted(),
    "CRLF": {name: data.replace(b"\n", b"\r\n") for name, data in house().items()},
    "a byte order mark": {name: b"\xef\xbb\xbf" + data for name, data in house().items()},
    "comments": {name: data + b"# a comment\n" for name, data in house().items()},
    "other names of files": renamed(),
    "another style": written_otherwise(),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_is_in_no_digest(name: str) -> None:
    pack = pack_of(LAYOUTS[name])
    assert pack.digests == PLAIN.digests
    assert (pack.digest, pack.wording_digest) == (PLAIN.digest, PLAIN.wording_digest)


WORDS = [
    ("pack.yaml", "en: House rules", "en: Rules of the house", None),
    ("pack.yaml", "version: 1.0.0", "version: 1.0.1", None),
    ("sources/book.yaml", "en: Grades", "en: Grading", "sources.book"),
    ("catalogues/grade.yaml", "en: Low", "en: Little", "catalogues.grade"),
    ("facts/ticket.yaml", "en: Loss", "en: Damage", "facts.ticket"),
    ("facts/ticket.yaml", "cites: [book:1]", "cites: [book:2]", "facts.ticket"),
    ("parameters/reply.yaml", "confidence: high", "confidence: medium", "parameters.reply"),
    ("policies/grading.yaml", "{grade: high}, cites: [book:1]", "{grade: high}, cites: [book:2]",
     "policies.grading"),
    ("workflows/handling.yaml", "en: Close}", "en: Shut}", "workflows.handling"),
    ("workflows/handling.yaml", "type: final", "type: final, tags: [over], maps: {tmf621: closed}",
     "workflows.handling"),
    ("workflows/handling.yaml", "version: 1.0.0", "version: 1.0.1", None),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "element"), WORDS)
def test_what_is_only_read_is_in_the_digest_of_wording(
    file: str, old: str, new: str, element: str | None
) -> None:
    pack = pack_of(broken(file, old, new))
    assert pack.digest == PLAIN.digest
    assert pack.wording_digest != PLAIN.wording_digest
    changed = {name for name, each in pack.digests.items() if each != PLAIN.digests[name]}
    assert element is None or element in changed
    assert all(each.meaning == PLAIN.digests[name].meaning for name, each in pack.digests.items())


POLICY, FLOW = "policies.grading", "workflows.handling"
MEANINGS = [
    ("catalogues/grade.yaml", "  low:", "  least: {title: {zh: 最低, en: Least}}\n  low:",
     {"catalogues.grade", "facts.ticket", FLOW}),
    ("facts/ticket.yaml", "en: Loss}}", "en: Loss}, max: 9}", {"facts.ticket", POLICY, FLOW}),
    ("facts/ticket.yaml", "type: money", "type: decimal", {"facts.ticket", POLICY, FLOW}),
    ("parameters/threshold.yaml", "value: 50", "value: 51",
     {"parameters.threshold", POLICY, FLOW}),
    ("parameters/reply.yaml", "value: 15", "value: 14", {"parameters.reply", FLOW}),
    ("parameters/reply.yaml", "calendar_days", "working_days", {"parameters.reply", FLOW}),
    ("policies/grading.yaml", "loss >=", "loss >", {POLICY, FLOW}),
    ("policies/grading.yaml", "then: {grade: low}", "then: {grade: high}", {POLICY, FLOW}),
    ("policies/grading.yaml", "hit_policy: first", "hit_policy: rule_order", {POLICY, FLOW}),
    ("workflows/handling.yaml", "== 'low'", "== 'high'", {FLOW}),
    ("workflows/handling.yaml", "until: closed", "until: [closed, close]", {FLOW}),
    ("workflows/handling.yaml", "initial: open\n", "initial: open\noutputs: loss\n", {FLOW}),
    ("sources/book.yaml", "kind: rule", "kind: rule\nin_force: {from: 2019-01-01}",
     {"sources.book"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "elements"), MEANINGS)
def test_a_change_of_meaning_is_in_the_digests_of_what_reaches_it_and_in_no_other(
    file: str, old: str, new: str, elements: set[str]
) -> None:
    if "rule_order" in new:
        files = broken("workflows/handling.yaml", ", guard: policies.grading.grade == 'low'", "")
        plain, files = (
            pack_of(files),
            {**files, file: files[file].replace(old.encode(), new.encode())},
        )
        elements = elements - {FLOW}
    else:
        plain, files = PLAIN, broken(file, old, new)
    pack = pack_of(files)
    assert pack.digest != plain.digest
    assert {
        name for name, each in pack.digests.items() if each.meaning != plain.digests[name].meaning
    } == elements


def test_the_days_and_the_calendar_of_a_pack_are_in_its_digest() -> None:
    shifted = pack_of(broken("pack.yaml", "+08:00", "+09:00"))
    assert shifted.digest != PLAIN.digest
    named = broken("pack.yaml", "require_titles", "calendar: china\nrequire_titles")
    named["calendar.yaml"] = CALENDAR.encode()
    counted = pack_of(named)
    assert counted.workflows["handling"].digest != PLAIN.workflows["handling"].digest
    again = {**named, "calendar.yaml": CALENDAR.replace("2026-05-01", "2026-05-04").encode()}
    assert pack_of(again).digest != counted.digest


def test_a_policy_has_the_digest_of_each_day() -> None:
    policy = PLAIN.policies["grading"]
    old, new = date(2024, 12, 31), date(2025, 1, 1)
    assert policy.digest_on(old) == policy.digest_on(date(2021, 3, 4))
    assert policy.digest_on(new) == policy.digest_on(date(9999, 12, 31))
    assert policy.digest_on(old) != policy.digest_on(new)
    later = pack_of(broken("parameters/threshold.yaml", "value: 50", "value: 51")).policies[
        "grading"
    ]
    assert later.digest_on(old) == policy.digest_on(old)
    assert later.digest_on(new) != policy.digest_on(new)


def test_digests_stay_what_they_are_from_one_release_to_the_next() -> None:
    """A change here strands stored cases and decisions of every pack: say so in the CHANGELOG."""
    handling, grading = PLAIN.workflows["handling"], PLAIN.policies["grading"]
    assert [PLAIN.digest, handling.digest, grading.digest_on(date(2026, 1, 1))] == [
        "sha256:3f4acaa28b087d3f4d52b64c736daa6f469a90f86cb3e96f68ce5cc7820570d4",
        "sha256:b5b3a821b8a6308cb62a5a2d316c963ce29ee59585dd5054c232a86e610dee73",
        "sha256:e2e4e2929e8660d04bd0212bf499eea61bb8c192b870377fc303f4f20d49cd30",
    ]


def test_workflows_that_call_each_other_have_digests() -> None:
    text = HOUSE["workflows/handling.yaml"].replace(
        "closed: {title", "asking:\n    title: {zh: 询问, en: Asking}\n    cites: [book:2]\n"
        "    call: {workflow: OTHER, onDone: closed}\n  closed: {title"
    ).replace("{target: closed, guard", "{target: asking, guard")  # fmt: skip
    files = house()
    for name, other in (("handling", "checking"), ("checking", "handling")):
        own = text.replace("OTHER", other).replace("workflow: handling", f"workflow: {name}", 1)
        files[f"workflows/{name}.yaml"] = own.encode()
    pack = pack_of(files)
    changed = files["workflows/checking.yaml"].replace(b"== 'low'", b"== 'high'")
    other = pack_of({**files, "workflows/checking.yaml": changed})
    for name in ("handling", "checking"):
        assert pack.workflows[name].digest == pack_of(files).workflows[name].digest
        assert pack.workflows[name].digest != other.workflows[name].digest
