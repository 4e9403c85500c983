"""Each mistake in a workflow is one finding, at the place it was made."""

from __future__ import annotations

import pytest

from tests.workflows.house import COMPLAINT, link, made

# What is written, what is written instead (§ marks where the finding stands), and its code.
MISTAKES = [
    # names
    ("record: {target: recorded,", "record: {target: §recoded,", "TR113"),
    ("contact: answering}}\n      general", "contact: §answring}}\n      general", "TR113"),
    ("          record: {target", "          §recrod: {target", "TR113"),
    ("{target: closed, by: customer,", "{target: closed, by: §custmer,", "TR113"),
    ("by: [agent, supervisor], assign: event}", "by: [agent, §supervsor], assign: event}", "TR113"),
    ("emit: alert}", "emit: §alrt}", "TR113"),
    ("{effect: notify,", "{effect: §notfy,", "TR113"),
    ("requires: [customer_id, grade]", "requires: [customer_id, §grad]", "TR113"),
    ("reworks: reworks + 1}", "§rework: reworks + 1}", "TR113"),
    ("facts: complaint", "facts: §complant", "TR113"),
    ("roles: role", "roles: §rol", "TR113"),
    ("from: received", "from: §recieved", "TR113"),
    ("until: [answered, closed]", "until: [answered, §closd]", "TR113"),
    ("on_expiry: reply_overdue", "on_expiry: §reply_ovrdue", "TR113"),
    ("parameters.complaint_reply", "§parameters.complaint_repl", "TR113"),
    ("initial: open", "initial: §opn", "TR113"),
    ("initial: open", "initial: §received", "TR113"),
    ("initial: received", "initial: §recieved", "TR113"),
    ("initial: received", "initial: §closed", "TR113"),
    (
        "with: {customer: customer_id,",
        "with: {§custmer: customer_id, customer: customer_id,",
        "TR113",
    ),
    # structure
    ("  closed: {type", "  §recorded: {title: {zh: 丁, en: D}}\n  closed: {type", "TR115"),
    ("    initial: received\n", "", "TR116"),
    ("{type: final, title", "{type: final, §on: {answer: open}, title", "TR117"),
    ("{type: final, title", "{type: final, initial: §open, title", "TR117"),
    ("Major complaint}, on:", "Major complaint}, type: final, §on:", "TR117"),
    ("      escalated:\n", "      escalated:\n        initial: §answered\n", "TR120"),
    ("roles: role\n", "", "TR101"),
    ("on: {answer: {target: answered, by: supervisor}}", "on: {§answer: []}", "TR118"),
    # types
    ("payload: {grade: grade}", "payload: {grade: §grad}", "TR114"),
    ('grade: "grade?"}\n  alert', 'grade: §"grad?"}\n  alert', "TR114"),
    ("payload: {amount: money}", "payload: {amount: text}", "TR204"),
    ("payload: {amount: money}", "payload: {sum: money}", "TR204"),
    ("{target: closed, by: customer,", "{target: closed, assign: §event, by: customer,", "TR120"),
    ("{target: closed, by: customer,", "{target: closed, assign: §evnt, by: customer,", "TR109"),
    ("with: {customer: customer_id, grade: event.grade}", "with: {grade: event.grade}", "TR101"),
    # expressions
    ("guard: event.grade == 'general'", "guard: event.§grad == 'general'", "TR203"),
    ("guard: event.grade == 'general'", "guard: event.grade == §'genral'", "TR208"),
    ("guard: event.grade == 'general'", "guard: §reworks", "TR207"),
    ("guard: event.grade == 'general'", "guard: §grade == 'general'", "TR205"),
    ("guard: event.grade == 'general'", "guard: in_state(§'opn')", "TR113"),
    ("guard: event.grade == 'general'", "guard: event.grade == (§)", "TR201"),
    ("guard: event.grade == 'general'", "guard: policies.§triag.urgent", "TR203"),
    ("guard: event.grade == 'general'", "guard: clocks.§repl.expired", "TR203"),
    ("guard: event.grade == 'general'", "guard: parameters.§large_amont > 1", "TR203"),
    ("reworks: reworks + 1}", "reworks: §amount}", "TR207"),
    ("grade: event.grade}", "grade: §reworks}", "TR207"),
    # clocks
    ("limit: parameters.complaint_reply", "limit: §15 dais", "TR110"),
    ("limit: parameters.complaint_reply", "limit: §0 days", "TR111"),
    ("limit: parameters.complaint_reply", "limit: §parameters.large_amount", "TR120"),
    ("warn_at: 80%", "warn_at: §0%", "TR120"),
    ("warn_at: 80%", "warn_at: §100%", "TR120"),
    ("warn_at: 80%", "warn_at: §soon", "TR120"),
    (
        "reply_overdue: {title: {zh: 答复超期, en: Reply overdue}}",
        "reply_overdue: {title: {zh: 答复超期, en: Reply overdue}, §payload: {days: integer}}",
        "TR120",
    ),
    # clauses
    ("cites: [spec:7.1.2(1)]\nfacts", "cites: [§spec:7.1.2(9)]\nfacts", "TR502"),
    ("cites: [spec:7.1.2(6)]}", "cites: [§spek:7.1.2(6)]}", "TR501"),
    ("cites: [appeal_measures:10]", "cites: [§appeal_measures]", "TR503"),
    ("        cites: [spec:7.1.2(2)]", "        cites: [§spec:7.1.2(22)]", "TR502"),
    # shape
    ("cites: [spec:7.1.2(6)]}", "§sites: [spec:7.1.2(6)]}", "TR102"),
    ("type: final", "type: §finall", "TR109"),
]
"""A few findings stand at the mapping and not at a word; those are placed by `AT`."""
AT = {
    "    initial: received\n": "§open:\n    title",
    "roles: role\n": "§workflow: complaint_handling",
    "with: {customer: customer_id, grade: event.grade}": "§emit: {effect: notify",
    "payload: {amount: money}": "assign: §event}\n    states",
}


def place(text: str) -> tuple[str, int, int]:
    """Return `text` without its mark, and the line and column of the mark."""
    before, _, rest = text.partition("§")
    return before + rest, before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize(("old", "new", "code"), MISTAKES, ids=lambda text: text.strip()[:40])
def test_a_mistake_is_one_finding_in_its_place(old: str, new: str, code: str) -> None:
    assert COMPLAINT.count(old) >= 1
    text = COMPLAINT.replace(old, new, 1)
    if "§" not in new:
        mark = AT[old]
        assert text.count(mark.replace("§", "")) == 1
        text = text.replace(mark.replace("§", ""), mark)
    text, line, column = place(text)
    workflow, found = link(text)
    assert workflow is None
    assert [(each.id, each.span.line, each.span.column) for each in found] == [
        (code, line, column)
    ], [each.concise() for each in found]
    assert found[0].wording.zh
    assert found[0].concise("zh")
    assert found[0].concise("en")


@pytest.mark.parametrize(
    ("old", "new", "suggestion", "declared"),
    [
        ("{target: recorded,", "{target: recoded,", "recorded", "      recorded:"),
        ("          record: {target", "          recrod: {target", "record", "  record: {title"),
        ("emit: alert}", "emit: alrt}", "alert", "  alert: {title"),
    ],
)
def test_a_near_miss_is_suggested_with_the_place_it_is_declared(
    old: str, new: str, suggestion: str, declared: str
) -> None:
    text = COMPLAINT.replace(old, new, 1)
    _, (finding,) = link(text)
    assert finding.suggestion == suggestion
    (related,) = finding.related
    assert related.span.line == text[: text.index(declared)].count("\n") + 1
    assert related.wording.zh == f"`{suggestion}` 定义于此"


def test_an_event_of_a_clock_is_not_a_right() -> None:
    right = "reply_overdue: {title: {zh: 答复超期, en: Reply overdue}, right: true}"
    text = COMPLAINT.replace("reply_overdue: {title: {zh: 答复超期, en: Reply overdue}}", right)
    _, (finding,) = link(text)
    assert finding.id == "TR120"
    assert "cannot be a right" in finding.wording.en


def test_no_case_runs_otherwise_by_a_right() -> None:
    plain, right = (link(text)[0] for text in (COMPLAINT, as_right(COMPLAINT)))
    assert plain is not None
    assert right is not None
    assert right.events["record"].right
    assert right.digest == plain.digest
    assert right.wording_digest != plain.wording_digest


def as_right(text: str) -> str:
    """Return a workflow in which to record is a right."""
    assert "  record: {title" in text
    return text.replace("  record: {title", "  record: {right: true, title", 1)


def test_a_state_named_twice_points_to_the_first() -> None:
    again = "  recorded: {title: {zh: 丁, en: D}}\n  closed: {type"
    _, (finding,) = link(COMPLAINT.replace("  closed: {type", again))
    (related,) = finding.related
    assert related.wording == ("首次定义于此", "first defined here")


def test_several_mistakes_are_all_found() -> None:
    text = (
        COMPLAINT.replace("{target: recorded,", "{target: recoded,")
        .replace("emit: alert}", "emit: alrt}")
        .replace("limit: parameters.complaint_reply", "limit: never")
        .replace("warn_at: 80%", "warn_at: 0%")
        .replace("[spec:7.1.2(6)]", "[spec:0]")
    )
    _, found = link(text)
    assert sorted(each.id for each in found) == ["TR110", "TR113", "TR113", "TR120", "TR502"]


def test_a_name_that_is_both_a_state_and_an_event_cannot_drive_a_clock() -> None:
    text = COMPLAINT.replace("      answered:\n", "      answer:\n").replace(
        "target: answered", "target: answer"
    )
    text, line, column = place(
        text.replace("until: [answered, closed]", "until: [§answer, closed]")
    )
    _, found = link(text)
    assert [(each.id, each.span.line, each.span.column) for each in found] == [
        ("TR120", line, column)
    ]


def test_what_hangs_on_a_mistake_is_passed_over_in_silence() -> None:
    lost_event = COMPLAINT.replace("payload: {grade: grade}", "payload: {grade: nonsense}")
    assert [each.id for each in link(lost_event)[1]] == ["TR114"]
    lost_facts = COMPLAINT.replace("facts: complaint", "facts: nonsense")
    assert [each.id for each in link(lost_facts)[1]] == ["TR113"]


def test_a_transition_has_a_short_form_and_may_be_a_list() -> None:
    short = made(COMPLAINT)
    long = made(
        COMPLAINT.replace("on: {contact: answering}", "on: {contact: [{target: answering}]}")
    )
    assert short.states["major"].on["contact"] == long.states["major"].on["contact"]


def test_a_required_fact_may_be_read_without_asking_whether_it_is_there() -> None:
    made(
        COMPLAINT.replace(
            "requires: [customer_id, grade]", "requires: grade, guard: grade == 'major'"
        )
    )


def test_a_fact_that_was_just_set_may_be_read_by_what_follows() -> None:
    made(
        COMPLAINT.replace(
            "reply_overdue: {target: escalated, emit: alert}",
            "reply_overdue: {target: escalated, assign: {grade: major},"
            " emit: {effect: notify, with: {customer: customer_id, grade: grade}}}",
        )
    )


def test_the_workflow_shows_its_states_events_and_clocks() -> None:
    workflow = made(COMPLAINT)
    assert list(workflow.states) == [
        "open", "received", "recorded", "major", "general", "answering", "answered", "escalated",
        "closed",
    ]  # fmt: skip
    assert workflow.states["received"].ancestors == ("open",)
    assert workflow.events["reply_overdue"].internal
    assert not workflow.events["record"].internal
    assert list(workflow.clocks) == ["reply", "first_contact"]
    assert workflow.roles["agent"] == ("客服", "Agent")
    assert [str(clause) for clause in workflow.cites] == ["spec:7.1.2(1)"]
    assert repr(workflow) == "<Workflow complaint_handling 1.0.0>"
