"""What all stores share: rows, their chain, and what makes two requests the same."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules import Packs
from telecom_rules.adapters.rows import (
    ERASED,
    StrandedCase,
    UnreadableCase,
    build_archive,
    chain_entries,
    describe_case,
    describe_effects,
    describe_refusal,
    digest_body,
    erase_archive,
    find_faults,
    read_entry,
    read_refusal,
    restore_case,
    verify_archive,
)
from telecom_rules.adapters.rows.chain import calculate_seal
from telecom_rules.adapters.rows.requests import LONGEST_KEY, read_key
from telecom_rules.errors import ArgumentError
from telecom_rules.workflows import Accepted
from tests.adapters.desk import BEGUN, FACTS, FILES, RENAMED, build, desk

STEPS = [("take", None), ("note", {"note": "x"}), ("note", {"note": "y"}), ("put_back", None)]


def write_rows():
    """The rows of a ticket with six entries: its case, its journal, its values."""
    salts = map(str, count())
    outcome = desk().workflows["handling"].open(FACTS, at=BEGUN, id="T-1", actor="u1")
    entries = [*outcome.entries]
    for event, payload in STEPS:
        outcome = outcome.case.send(event, payload, at=BEGUN + timedelta(minutes=1), actor="u2")
        assert isinstance(outcome, Accepted)
        entries += outcome.entries
    rows = chain_entries(entries[:2], None, lambda: next(salts))
    rows += chain_entries(entries[2:], rows[-1][0].seal, lambda: next(salts))
    case = describe_case(outcome.case, rows[-1][0].seal)
    return case, [row for row, _ in rows], {each.sequence: each for _, each in rows}, entries


CASE, ROWS, VALUES, ENTRIES = write_rows()


def faults(case=CASE, rows=ROWS, values=VALUES):
    return [(str(each.kind), each.sequence) for each in find_faults(case, rows, values)]


def test_rows_are_read_back_as_what_they_were_written_of():
    assert [read_entry(row, VALUES[row.sequence]) for row in ROWS] == ENTRIES
    case = restore_case(CASE, Packs(desk()))
    assert case.head == ENTRIES[-1].digest
    assert describe_case(case, CASE.head) == CASE


@pytest.mark.parametrize(
    ("column", "other"),
    [("id", "T-2"), ("workflow", "repair"), ("state", "solved"), ("sequence", 9), ("final", True)],
)
def test_a_row_whose_column_says_another_thing_than_its_snapshot_is_unreadable(column, other):
    row = CASE._replace(**{column: other})
    with pytest.raises(UnreadableCase) as caught:
        restore_case(row, Packs(desk()))
    expected = f"its column `{column}` says {other}, its snapshot {getattr(CASE, column)}"
    assert caught.value.why.en == expected
    assert caught.value.id == row.id


@pytest.mark.parametrize("snapshot", [None, "", "{", "[]", '"text"'])
def test_a_row_whose_snapshot_is_not_an_object_is_unreadable(snapshot):
    with pytest.raises(UnreadableCase, match="not an object of JSON"):
        restore_case(CASE._replace(snapshot=snapshot), Packs(desk()))


def test_a_row_of_rules_that_are_not_at_hand_names_them():
    with pytest.raises(StrandedCase) as caught:
        restore_case(CASE, Packs(build({**FILES, "handling.yaml": RENAMED})))
    assert caught.value.digest in caught.value.why.en
    changed = json.loads(CASE.snapshot) | {"state": []}
    with pytest.raises(UnreadableCase) as caught:
        restore_case(CASE._replace(snapshot=json.dumps(changed)), Packs(desk()))
    assert not isinstance(caught.value, StrandedCase)


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ("grab", "grab"),
        ("不存在", "不存在"),
        ("a\0b\ud800", "a\N{REPLACEMENT CHARACTER}b" + "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_the_row_of_a_refusal_can_be_shown_whatever_was_sent(event, shown):
    refused = (
        desk()
        .workflows["handling"]
        .open(FACTS, at=BEGUN, id="T-1")
        .case.send(event, at=BEGUN, actor="u1")
    )
    row = describe_refusal(refused)
    assert (row.case, row.event, row.actor, row.at) == ("T-1", shown, "u1", BEGUN)
    assert row.sequence == refused.entry.sequence
    row.entry.encode()
    kept = read_refusal(row)
    assert kept.reasons == refused.entry.reasons
    assert kept.event == event.encode("utf-8", "backslashreplace").decode()


def test_a_long_event_is_shortened_in_its_column_and_whole_in_its_entry():
    case = desk().workflows["handling"].open(FACTS, at=BEGUN, id="T-1").case
    row = describe_refusal(case.send("x" * 500, at=BEGUN))
    assert len(row.event) < 110
    assert len(read_refusal(row).event) == 500
    longest = "x" * 100
    assert describe_refusal(case.send(longest, at=BEGUN)).event == longest


def test_a_row_that_holds_no_entry_is_a_changed_one_whatever_its_seal():
    for said in ({}, {"effects": 7}, {"kind": "event"}):
        entry = json.dumps({"case": "T-1", "sequence": 4, **said})
        row = ROWS[4]._replace(
            entry=entry, seal=calculate_seal(ROWS[3].seal, entry, ROWS[4].commitment)
        )
        case = CASE._replace(head=row.seal)
        assert faults(case=case, rows=[*ROWS[:4], row]) == [("changed", 4)]


def test_a_whole_journal_has_no_faults():
    assert faults() == []


@pytest.mark.parametrize("first", range(5))
@pytest.mark.parametrize("length", range(1, 5))
def test_each_hole_is_found_and_named(first, length):
    left = [row for row in ROWS if not first <= row.sequence < first + length]
    kind = "cut" if first + length >= len(ROWS) else "hole"
    assert faults(rows=left) == [(kind, first)]


def test_a_hole_says_what_is_missing():
    for left, said in (([0, 2, 3, 4], "entry 1 of"), ([0, 3, 4], "the entries 1 to 2 of")):
        (fault,) = find_faults(CASE, [ROWS[each] for each in left], VALUES)
        assert fault.wording.en == f"{said} the journal {'is' if len(left) == 4 else 'are'} missing"
        assert fault.wording.zh.startswith("日志缺少第 1")


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("column", ["at", "kind", "event", "entry", "commitment", "seal"])
def test_each_changed_row_is_found_and_named(number, column):
    row = ROWS[number]
    other = {
        "at": row.at + timedelta(seconds=1),
        "event": "other",
        "entry": row.entry.replace('"by":null', '"by":"agent"'),
    }
    rows = [*ROWS]
    rows[number] = row._replace(**{column: other.get(column, "other")})
    assert ("changed", number) in faults(rows=rows)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("column", ["salt", "held"])
def test_changed_and_missing_values_are_found_and_named(number, column):
    changed = {**VALUES, number: VALUES[number]._replace(**{column: "other"})}
    assert faults(values=changed) == [("values", number)]
    missing = {key: each for key, each in VALUES.items() if key != number}
    assert faults(values=missing) == [("values", number)]
    half = {**VALUES, number: VALUES[number]._replace(**{column: ERASED})}
    assert faults(values=half) == [("values", number)]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (1, 2), (2, 3), (0, 4), (3, 4)])
def test_swapped_rows_are_found_and_named(one, other):
    rows = [*ROWS]
    rows[one] = ROWS[other]._replace(sequence=one)
    rows[other] = ROWS[one]._replace(sequence=other)
    assert {("moved", one), ("moved", other)} <= set(faults(rows=rows))


def test_a_row_of_another_case_is_found_and_named():
    stranger = ROWS[2]._replace(entry=ROWS[2].entry.replace('"T-1"', '"T-2"'))
    assert ("moved", 2) in faults(rows=[*ROWS[:2], stranger, *ROWS[3:]])


def test_a_row_written_anew_with_its_seal_breaks_the_next_one():
    (again, _), *_ = chain_entries([ENTRIES[2]], ROWS[1].seal, lambda: "other salt")
    rows = [*ROWS[:2], again, *ROWS[3:]]
    assert faults(rows=rows) == [("values", 2), ("changed", 3)]


def test_a_tail_that_was_cut_off_with_the_count_is_found_by_the_head():
    case = CASE._replace(sequence=4)
    assert faults(case=case, rows=ROWS[:4]) == [("cut", 4)]
    assert faults(case=CASE._replace(head=ROWS[-2].seal)) == [("cut", 5)]


def test_a_snapshot_that_does_not_go_on_from_its_journal_is_found():
    other = json.loads(CASE.snapshot)
    other["head"] = ENTRIES[1].digest
    assert faults(case=CASE._replace(snapshot=json.dumps(other))) == [("snapshot", 4)]


def test_values_can_be_erased_and_the_chain_stays_whole():
    gone = {key: each._replace(salt=ERASED, held=ERASED) for key, each in VALUES.items()}
    case = CASE._replace(snapshot=None)
    assert faults(case=case, values=gone) == []
    assert faults(case=case, values={**VALUES, 2: gone[2]}) == []
    # A tombstone in a case that was not erased was put there by somebody else.
    assert faults(values={**VALUES, 2: gone[2]}) == [("values", 2)]
    said = "".join(row.entry + row.commitment for row in ROWS)
    for value in ("no signal", "K-100001", "u1", "u2", '"x"', ENTRIES[0].digest):
        assert value not in said
    entry = read_entry(ROWS[2], gone[2])
    assert (entry.event, entry.payload, entry.actor, entry.effects) == (
        "note", {}, None, (("tell", {}),),
    )  # fmt: skip


def test_the_facts_of_a_call_are_values_that_can_be_erased():
    case = desk().workflows["handling"].open(FACTS, at=BEGUN, id="T-1").case
    sent = case.send("take", at=BEGUN).case.send("send_out", at=BEGUN)
    ((row, values),) = chain_entries(sent.entries, None, lambda: "salt")
    assert "no signal" not in row.entry
    assert "no signal" in values.held
    assert read_entry(row, values) == sent.entries[0]
    (call,) = sent.entries[0].calls
    (erased,) = read_entry(row, values._replace(salt=ERASED, held=ERASED)).calls
    assert erased != call
    assert "no signal" not in repr(erased)


def test_an_archive_is_json_that_can_be_verified_and_erased():
    document = json.loads(json.dumps(build_archive(CASE, ROWS, VALUES.values(), [])))
    assert verify_archive(document, CASE.head) == ()
    erased = json.loads(json.dumps(erase_archive(document)))
    assert verify_archive(erased, CASE.head) == ()
    assert "no signal" not in json.dumps(erased)
    del document["journal"][2]
    assert [str(each.kind) for each in verify_archive(document, CASE.head)] == ["hole"]
    assert verify_archive(erased, ROWS[0].seal) != ()
    erased["journal"][4]["sequence"] = "4"
    assert [str(each.kind) for each in verify_archive(erased, CASE.head) if each.sequence == 4] == [
        "unreadable"
    ]
    for bad in ({}, {"case": {}}, {"case": 1, "journal": 1, "values": 1}, 5, "{}", None):
        with pytest.raises(ArgumentError):
            verify_archive(bad, CASE.head)
    with pytest.raises(ArgumentError):
        erase_archive({"case": {}})


def test_effects_have_keys_that_never_change():
    keys = [each.key for each in describe_effects(ENTRIES)]
    assert keys == ["T-1/0/0", "T-1/2/0", "T-1/3/0", "T-1/4/0"]
    assert [each.key for each in describe_effects(ENTRIES[:1], "acme")] == ["acme:T-1/0/0"]


def test_requests_are_the_same_whatever_their_order_and_types():
    when = datetime(2026, 3, 2, 9, tzinfo=BEGUN.tzinfo)
    one = digest_body("note", {"a": Decimal("1.5"), "b": [when, date(2026, 3, 2)]}, "u1")
    other = {"b": ("2026-03-02T09:00:00+08:00", "2026-03-02"), "a": "1.5"}
    assert digest_body("note", other, "u1") == one
    assert digest_body("note", None, None) == digest_body("note", {}, None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=5,
)


REQUESTS = st.tuples(st.text("ab"), st.dictionaries(st.text("ab"), JSON), st.none() | st.text("ab"))


@given(REQUESTS, REQUESTS)
def test_requests_have_one_digest_if_and_only_if_they_are_the_same(one, other):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest_body(*one) == digest_body(*other)) == same


class Hostile(dict):
    def __getitem__(self, key):
        raise RuntimeError

    def keys(self):
        return [1]


HOSTILE = [{"a": object()}, {"a": float("nan")}, Hostile(a=1), {"a": "\ud800"}, {1: {2}}]


def test_a_member_of_an_enumeration_is_the_same_request_as_its_value():
    class Cause(Enum):
        CABLE = "cable"

    digests = [digest_body("note", {"c": each}, None) for each in (Cause.CABLE, "cable", None)]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize("key", ["k", "0", "订单-7", "x" * LONGEST_KEY])
def test_a_key_is_any_text_that_can_be_printed(key):
    assert read_key(key) == key


@pytest.mark.parametrize("key", ["", "x" * (LONGEST_KEY + 1), "a\nb", "a\0", 5, None, b"k"])
def test_any_other_key_is_a_typed_error(key):
    with pytest.raises(ArgumentError) as caught:
        read_key(key)
    assert caught.value.argument == "key"


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_request_that_cannot_be_compared_is_an_error(payload):
    with pytest.raises(ArgumentError, match="idempotency key"):
        digest_body("note", payload, None)
