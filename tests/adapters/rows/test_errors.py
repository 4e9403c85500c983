"""Each error of a store carries what it is about, has a code that never changes, and pickles."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from telecom_rules.adapters.rows import errors
from telecom_rules.adapters.rows.errors import (
    CaseExists,
    CaseOpen,
    Conflict,
    EffectsWaiting,
    KeyOutlived,
    KeyReused,
    NotKept,
    SchemaMismatch,
    StrandedCase,
    UnexpectedState,
    UnknownCase,
    UnreadableCase,
)
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules.errors import TelecomRulesError

WHY = Wording("摘要不符", "a digest differs")
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
ERASED, ARCHIVED = NotKept("T-1", SINCE, erased=True), NotKept("T-1", SINCE, erased=False)
ABOUT: list[tuple[TelecomRulesError, str, dict[str, object]]] = [
    (UnknownCase("T-1"), "unknown-case", {"id": "T-1"}),
    (CaseExists("T-1"), "case-exists", {"id": "T-1"}),
    (UnreadableCase("T-1", WHY), "unreadable-case", {"id": "T-1", "why": WHY}),
    (StrandedCase("T-1", WHY, "d"), "stranded-case", {"id": "T-1", "why": WHY, "digest": "d"}),
    (ERASED, "not-kept", {"id": "T-1", "since": SINCE, "erased": True}),
    (ARCHIVED, "not-kept", {"id": "T-1", "since": SINCE, "erased": False}),
    (CaseOpen("T-1"), "case-open", {"id": "T-1"}),
    (EffectsWaiting("T-1", ["a", "b"]), "effects-waiting", {"id": "T-1", "keys": ("a", "b")}),
    (
        UnexpectedState("T-1", ["open", "late"], ["shut", "gone"]),
        "unexpected-state",
        {"id": "T-1", "states": ("open", "late"), "expected": ("shut", "gone")},
    ),
    (KeyReused("T-1", "k-7"), "key-reused", {"id": "T-1", "key": "k-7"}),
    (KeyOutlived("T-1", "k-7", 9), "key-outlived", {"id": "T-1", "key": "k-7", "sequence": 9}),
    (Conflict("T-1"), "conflict", {"id": "T-1"}),
    (SchemaMismatch(1, 2), "schema-mismatch", {"found": 1, "expected": 2}),
]


def test_every_error_is_in_the_table():
    defined = {
        each
        for each in vars(errors).values()
        if isinstance(each, type) and each.__module__ == errors.__name__
    }
    listed = {type(error) for error, _, _ in ABOUT}
    assert defined - listed == {errors.StoreError, errors.CaseError}
    assert errors.StoreError.code == "store"


@pytest.mark.parametrize(("error", "code", "about"), ABOUT)
def test_an_error_tells_what_it_is_about_and_still_does_when_it_was_pickled(error, code, about):
    for each in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own
        assert isinstance(each, errors.StoreError)
        assert each.code == code
        assert {name: getattr(each, name) for name in about} == about
        for language in ("zh", "en"):
            told = each.explain(language)
            assert "{" not in told
            assert about.get("id", "2") in told


def test_an_error_names_what_the_reader_needs():
    said = {
        ERASED: "erased on 2026-03-02",
        ARCHIVED: "archived on 2026-03-02",
        UnreadableCase("T-1", WHY): "a digest differs",
        EffectsWaiting("T-1", ["a", "b"]): "(2)",
        UnexpectedState("T-1", ["open", "late"], ["shut", "gone"]): (
            "is in `open`+`late` and not in `shut`, `gone`"
        ),
        KeyReused("T-1", "k-7"): "`k-7`",
        KeyOutlived("T-1", "k-7", 9): "`k-7` was done, see entry 9",
        SchemaMismatch(1, 2): "version 1, this library needs 2; run `store.upgrade(connection)`",
        SchemaMismatch(2, 1): "version 2, this library needs 1; install a newer release",
    }
    for error, part in said.items():
        assert part in error.explain("en")
