"""Each error of a store carries what it is about, has a code that never changes, and pickles."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from functools import partial

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
    StoreError,
    StrandedCase,
    UnexpectedState,
    UnknownCase,
    UnreadableCase,
)
from telecom_rules.wording import Wording

WHY = Wording("摘要不符", "a digest differs")
SINCE = datetime(2026, 3, 2, tzinfo=UTC)
ERASED = partial(NotKept, "T-1", SINCE, erased=True)
ARCHIVED = partial(NotKept, "T-1", SINCE, erased=False)
WAITING = partial(EffectsWaiting, "T-1", ["a", "b"])
UNEXPECTED = partial(UnexpectedState, "T-1", ["open", "late"], ["shut", "gone"])
ABOUT: list[tuple[partial[StoreError], str, dict[str, object]]] = [
    (partial(UnknownCase, "T-1"), "unknown-case", {"id": "T-1"}),
    (partial(CaseExists, "T-1"), "case-exists", {"id": "T-1"}),
    (partial(UnreadableCase, "T-1", WHY), "unreadable-case", {"id": "T-1", "why": WHY}),
    (
        partial(StrandedCase, "T-1", WHY, "d"),
        "stranded-case",
        {"id": "T-1", "why": WHY, "digest": "d"},
    ),
    (ERASED, "not-kept", {"id": "T-1", "since": SINCE, "erased": True}),
    (ARCHIVED, "not-kept", {"id": "T-1", "since": SINCE, "erased": False}),
    (partial(CaseOpen, "T-1"), "case-open", {"id": "T-1"}),
    (WAITING, "effects-waiting", {"id": "T-1", "keys": ("a", "b")}),
    (
        UNEXPECTED,
        "unexpected-state",
        {"id": "T-1", "states": ("open", "late"), "expected": ("shut", "gone")},
    ),
    (partial(KeyReused, "T-1", "k-7"), "key-reused", {"id": "T-1", "key": "k-7"}),
    (
        partial(KeyOutlived, "T-1", "k-7", 9),
        "key-outlived",
        {"id": "T-1", "key": "k-7", "sequence": 9},
    ),
    (partial(Conflict, "T-1"), "conflict", {"id": "T-1"}),
    (partial(SchemaMismatch, 1, 2), "schema-mismatch", {"found": 1, "expected": 2}),
]


def test_every_error_is_in_the_table():
    defined = {
        each
        for each in vars(errors).values()
        if isinstance(each, type) and each.__module__ == errors.__name__
    }
    listed = {make.func for make, _, _ in ABOUT}
    assert defined - listed == {StoreError, errors.CaseError}
    assert StoreError.code == "store"


@pytest.mark.parametrize(("make", "code", "about"), ABOUT)
def test_an_error_tells_what_it_is_about_and_still_does_when_it_was_pickled(make, code, about):
    error = make()
    for each in (error, pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own
        assert isinstance(each, StoreError)
        assert each.code == code
        assert {name: getattr(each, name) for name in about} == about
        for language in ("zh", "en"):
            told = each.explain(language)
            assert "{" not in told
            assert about.get("id", "2") in told


def test_an_error_names_what_the_reader_needs():
    said = {
        ERASED(): "erased on 2026-03-02",
        ARCHIVED(): "archived on 2026-03-02",
        UnreadableCase("T-1", WHY): "a digest differs",
        WAITING(): "(2)",
        UNEXPECTED(): "is in `open`+`late` and not in `shut`, `gone`",
        KeyReused("T-1", "k-7"): "`k-7`",
        KeyOutlived("T-1", "k-7", 9): "`k-7` was done, see entry 9",
        SchemaMismatch(1, 2): "version 1, this library needs 2; run `store.upgrade(connection)`",
        SchemaMismatch(2, 1): "version 2, this library needs 1; install a newer release",
    }
    for error, part in said.items():
        assert part in error.explain("en")
