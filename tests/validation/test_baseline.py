"""A baseline lets an old pack keep what it has, and reports what is new and what is gone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.findings import Finding, Span
from telecom_rules.validation import Baseline, BaselineError

TEXTS = {"a.yaml": "one\ntwo\nthree\n"}
FIRST = Finding("TR604", Span("a.yaml", 1), {"name": "fee", "value": "1"})
SECOND = Finding("TR604", Span("a.yaml", 2), {"name": "fee", "value": "2"})


def test_what_is_known_stays_known_though_its_line_moves():
    baseline = Baseline.parse(Baseline.of([FIRST], TEXTS).dump().encode(), "base.json")
    moved = Finding("TR604", Span("a.yaml", 4), FIRST.values)
    texts = {"a.yaml": "\n\n\none\n"}
    assert baseline.divide([moved], texts) == ((), (moved,), ())


def test_a_second_of_the_same_kind_is_new():
    baseline = Baseline.of([FIRST], TEXTS)
    assert baseline.divide([FIRST, SECOND], TEXTS).new == (SECOND,)
    assert baseline.divide([FIRST, FIRST], TEXTS).new == (FIRST,)


def test_what_nobody_finds_any_more_is_gone():
    (gone,) = Baseline.of([FIRST], TEXTS).divide([], TEXTS).gone
    assert (gone.code, gone.file) == ("TR604", "a.yaml")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "its format is null"),
        (b'{"baseline": 2, "findings": []}', "its format is 2 and not 1"),
        (b'{"baseline": true, "findings": []}', "its format is true and not 1"),
        (b'{"baseline": 1}', "not complete"),
        (b'{"baseline": 1, "findings": [{"code": "TR604"}]}', "not complete"),
        (
            b'{"baseline": 1, "findings": [{"code": 1, "file": "a", "fingerprint": "b"}]}',
            "not complete",
        ),
    ],
)
def test_another_file_is_refused_with_the_reason_and_what_to_do(data, why):
    with pytest.raises(BaselineError) as problem:
        Baseline.parse(data, "base.json")
    assert why in problem.value.explain("en")
    assert "--write-baseline base.json" in problem.value.explain("zh")


KEYS = st.sampled_from(["baseline", "findings", "code", "file", "fingerprint"]) | st.text()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner),
)


@given(JSON)
def test_any_json_is_a_baseline_or_refused(value):
    try:
        parsed = Baseline.parse(json.dumps(value).encode(), "base.json")
    except BaselineError:
        return
    assert Baseline.parse(parsed.dump().encode(), "base.json") == parsed
