"""Every bad input we know of ends in exactly the findings it deserves, with either parser."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Mapping
    from telecom_rules.findings import Finding

    Reading = Callable[..., tuple[Mapping | None, list[Finding]]]


def merge_bomb(n: int) -> bytes:
    lines = [f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, n + 1)]
    return "\n".join(["a0: &a0 {k: 1}", *lines]).encode()


def laughs(depth: int, width: int) -> bytes:
    first = "a0: &a0 [" + ",".join(["lol"] * 10) + "]"
    lines = [f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * width) + "]" for i in range(1, depth)]
    return "\n".join([first, *lines]).encode()


def flat(megabytes: float) -> bytes:
    row = (
        "- {id: case-%07d, state: investigating, amount: 12.50, "
        "note: some words about the case, open: true}\n"
    )
    return "".join(row % i for i in range(int(megabytes * 1e6 / len(row % 0)))).encode()


def lines(pattern: bytes, count: int) -> bytes:
    return b"\n".join(pattern % i for i in range(count))


BOMBS = {
    "alias_laughs": (laughs(9, 10), ["TR007"] * 9),
    "alias_quadratic": (
        b"a: &a [" + b"x," * 20_000 + b"x]\nb: [" + b"*a," * 20_000 + b"*a]\n",
        ["TR007"] * 2,
    ),
    "merge_bomb_20": (merge_bomb(20), ["TR007"] * 21),
    "merge_bomb_24": (merge_bomb(24), ["TR007"] * 25),
    "recursive_alias_map": (b"&a {k: *a}", ["TR007"]),
    "recursive_merge": (b"a: &a {<<: *a, k: 1}", ["TR007"]),
    "deep_flow_seq_5k": (b"[" * 5_000 + b"]" * 5_000, ["TR010"]),
    "deep_flow_seq_50k": (b"[" * 50_000 + b"]" * 50_000, ["TR010"]),
    "deep_flow_map_5k": (b"{a: " * 5_000 + b"1" + b"}" * 5_000, ["TR010"]),
    "deep_flow_map_200kB": (b"{a: " * 50_000, ["TR010"]),
    "deep_block_seq_5k": (b"- " * 5_000 + b"x", ["TR010"]),
    "deep_block_map_1k": (b"".join(b" " * i + b"a:\n" for i in range(1_000)), ["TR010"]),
    "deep_block_map_2k": (b"".join(b" " * i + b"a:\n" for i in range(2_000)), ["TR002"]),
    "deep_complex_key_5k": (b"? " * 5_000 + b"x", ["TR010"]),
    "int_decimal_1M_digits": (b"a: " + b"9" * 1_000_000, ["TR002"]),
    "int_hex_1M_digits": (b"a: 0x" + b"f" * 1_000_000, ["TR002"]),
    "int_sexagesimal_20k": (b"a: 1" + b":59" * 20_000, []),
    "int_sexagesimal_100k": (b"a: 1" + b":59" * 100_000, ["TR012"]),
    "anchors_60k": (lines(b"- &a%d x", 60_000), ["TR007"] * 100),
    "anchors_200k": (lines(b"- &a%d x", 200_000), ["TR002"]),
    "duplicate_keys_190k": (b"k: 1\n" * 190_000, ["TR006"] * 100),
    "long_anchor_900kB": (b"&" + b"a" * 900_000 + b" x", ["TR007", "TR018"]),
    "long_anchor_10MB": (b"&" + b"a" * 10_000_000 + b" x", ["TR002"]),
    "scalar_10MB": (b"a: " + b"x" * 10_000_000, ["TR002"]),
    "quoted_escapes_900kB": (b'a: "' + b"\\x41" * 225_000 + b'"', ["TR012"]),
    "folded_900kB": (b"a: >\n" + b"  y\n" * 225_000, ["TR012"]),
    "flat_1MB": (flat(1), ["TR011"]),
    "flat_2MB": (flat(2), ["TR002"]),
    "keys_10k": (lines(b"k%d: 1", 10_000), []),
    "keys_200k": (lines(b"k%d: 1", 200_000), ["TR002"]),
    "flow_spaces_900kB": (b"[" + b" " * 900_000 + b"]", ["TR018"]),
    "colon_run_200k": (b"a" + b":a" * 200_000, ["TR012"]),
    "qmark_run": (b"?" * 100_000, ["TR012"]),
    "tag_long_900kB": (b"!" + b"a" * 900_000 + b" x", ["TR008"]),
    "exclamations_900kB": (b"a: " + b"!" * 900_000, ["TR008"]),
    "line_feeds_900kB": (b"\n" * 900_000, ["TR017"]),
    "spaces_then_tag": (b" " * 500_000 + b"! x", ["TR008"]),
    "unclosed_quote_200kB": (b'a: "' + b"x\n" * 100_000, ["TR005"]),
    "unclosed_bracket_30kB": (b"a: [" + b"x,\n" * 10_000, ["TR005"]),
}

MEANING = {
    "dup_key": (b"a: 1\na: 2", ["TR006"]),
    "dup_key_nested_flow": (b"{a: 1, a: 2}", ["TR006"]),
    "dup_key_quoted": (b"a: 1\n'a': 2", ["TR006"]),
    "dup_merge_override": (b"x: &x {a: 1}\ny: {<<: *x, a: 2}", ["TR007"] * 2),
    "norway": (b"[no, yes, on, off, y, n, NO, True, ~, null, Null, '']", ["TR018"]),
    "sexagesimal": (b"a: [1:30, 190:20:30, 09:30, '1:30', 22:22]", []),
    "floats": (b"a: [1e3, 1.0e+3, .5, 1., .inf, -.INF, .nan, 1.0e+400]", []),
    "dates": (b"a: [2001-01-01, 2001-1-1, 2001-12-14 21:59:43]", []),
    "bad_date": (b"a: 2001-02-30", []),
    "value_tag": (b"a: =", []),
    "version_float": (b"version: 1.10", []),
    "null_key": (b"~: 1", ["TR013"]),
    "null_word_key": (b"null: 1", ["TR013"]),
    "empty_key": (b"? \n: 2", ["TR013"]),
    "lonely_colon": (b": 2", ["TR005"]),
    "date_key": (b"2001-01-01: x", ["TR014"]),
    "number_key": (b"7.1: x", ["TR014"]),
    "quoted_number_key": (b"'7.1': x", []),
    "clause_key": (b"7.1.2(3): x\n'11.1#1': y", []),
    "list_key": (b"? [a, b]\n: 1", ["TR013"]),
    "map_key": (b"? {a: b}\n: 1", ["TR013"]),
    "on_key": (b"on: 1\nno: 2\ny: 3\ntrue: 4", []),
    "flow_json_like": (b'{"a":1,"b":[1,2]}', []),
    "nan_key": (b".nan: 1\n.NaN: 2", ["TR014"] * 2),
    "question_in_flow": (b"a: {fine: money?, b: [c?, d ?e]}", []),
    "empty_key_in_flow": (b"a: [b, ? , c: d]", ["TR013"]),
    "expr_bang": (b"when: !vulnerable", ["TR008"]),
    "expr_bang_and": (b"when: !a && !b", ["TR008"]),
    "expr_star": (b"when: *x", ["TR007"]),
    "expr_star_equal": (b"when: *x == y", ["TR007"]),
    "expr_and": (b"when: &x", ["TR007"]),
    "expr_and_and": (b"when: &&x", ["TR007"]),
    "expr_pct": (b"when: %x", ["TR005"]),
    "expr_at": (b"when: @x", ["TR005"]),
    "expr_backtick": (b"when: `x`", ["TR005"]),
    "expr_quote_tail": (b"when: 'a' == b", ["TR005"]),
    "expr_gt": (b"when: > 5", ["TR005"]),
    "expr_list_tail": (b"when: [a] + b", ["TR005"]),
    "tab_indent": (b"a:\n\tb: 1", ["TR005"]),
    "tab_after_colon": (b"a:\t1", []),
    "tab_in_value": (b"a: b\tc", ["TR005"]),
    "missing_space": (b"a:1\nb:2", ["TR005"]),
    "missing_space_later": (b"a: 1\nb:2\nc: 3", ["TR005"]),
    "missing_space_in_flow": (b"a: {b:1, c: 2}", ["TR005"]),
    "multi_doc": (b"a: 1\n---\nb: 2", ["TR009"]),
    "one_doc_marked": (b"---\na: 1\n...\n", []),
    "empty": (b"", ["TR017"]),
    "only_comment": (b"# x\n", ["TR017"]),
    "top_list": (b"- 1", ["TR018"]),
    "top_text": (b"hello", ["TR018"]),
    "null_doc": (b"---\n...\n", ["TR017"]),
    "null_value": (b"a:\nb: 1", ["TR016"]),
    "null_item": (b"a:\n- \n- b", ["TR016"]),
    "null_in_flow": (b"a: {b c: d, e}", ["TR013", "TR016"]),
    "yaml_directive_3": (b"%YAML 3.0\n---\na: 1", ["TR019"]),
    "yaml_directive_1_1": (b"%YAML 1.1\n---\na: 1", ["TR019"]),
    "yaml_directive_comment": (b"%YAML 1.1# c\n---\na: 1", ["TR019"]),
    "tag_directive": (b"%TAG ! tag:x,2000:\n---\na: !b c", ["TR019"]),
    "unknown_directive": (b"%FOO x\n---\na: 1", ["TR019"]),
    "long_key": (b"k" * 2_000 + b": 1", ["TR005"]),
}

TAGS_AND_ANCHORS = {
    "tag_python_name": (b"!!python/name:os.system", ["TR008"]),
    "tag_python_object": (b"a: !!python/object/apply:os.system ['true']", ["TR008"]),
    "tag_unknown": (b"a: !foo bar", ["TR008"]),
    "tag_undefined_handle": (b"a: !e!foo bar", ["TR008"]),
    "tag_omap": (b"!!omap [a: 1, b: 2]", ["TR008"]),
    "tag_binary": (b"!!binary aGVsbG8=", ["TR008"]),
    "tag_int_bad": (b"!!int abc", ["TR008"]),
    "tag_int_empty": (b"a: !!int ''", ["TR008"]),
    "tag_bool_bad": (b"a: !!bool maybe", ["TR008"]),
    "tag_null_bad": (b"a: !!null x", ["TR008"]),
    "tag_str_map": (b"!!str {a: 1}", ["TR008"]),
    "tag_map_scalar": (b"!!map x", ["TR008"]),
    "tag_timestamp": (b"a: !!timestamp x", ["TR008"]),
    "merge_list_scalars": (b"<<: [1, 2]", ["TR007"]),
    "merge_scalar": (b"<<: x", ["TR007"]),
    "merge_quoted": (b"'<<': x", ["TR013"]),
    "anchor_redefined": (b"a:\n- &a 1\n- &a 2\n- *a", ["TR007"] * 3),
}

CHARACTERS = {
    "latin1": ("name: caf\xe9".encode("latin-1"), ["TR003"]),
    "utf8_surrogate": (b"a: \xed\xa0\x80", ["TR003"]),
    "utf8_bom": (b"\xef\xbb\xbfa: 1", []),
    "bom_inside": ("a: \ufeffx".encode(), ["TR004"]),
    "utf16_bom": ("a: 1".encode("utf-16"), ["TR003"]),
    "utf16_nobom": ("a: 1".encode("utf-16-le"), ["TR004"]),
    "nul": (b"a: x\x00y", ["TR004"]),
    "nul_after": (b'a: 1\n\x00garbage: ["', ["TR004"]),
    "nul_and_escape": (b"a: \x00\x00\x1b\x00\x1b", ["TR004", "TR004"]),
    "ctrl_esc_1b": (b'a: "\x1b[31mred"', ["TR004"]),
    "carriage_return": (b"a: 1\rb: 2", ["TR004"]),
    "esc_null": (b'a: "x\\0y"', ["TR004"]),
    "esc_bidi": (b'a: "x\\u202ey"', ["TR004"]),
    "esc_surrogate": (b'a: "x\\ud800y"', ["TR004"]),
    "esc_tab_and_break": (b'a: "x\\ty\\nz"', []),
    "esc_big": (b'a: "\\U00110000"', ["TR005"]),
    "esc_huge": (b'a: "\\UFFFFFFFF"', ["TR005"]),
    "esc_unknown": (b'a: "\\q"', ["TR005"]),
    "bidi": ("a: \u202eevil".encode(), ["TR004"]),
    "zero_width": ("st\u200bate: x".encode(), ["TR004"]),
    "soft_hyphen": ("a: sta\xadte".encode(), ["TR004"]),
    "invisible_tag": ("a: x\U000e0041".encode(), ["TR004"]),
    "noncharacter": ("a: x\U0001ffff".encode(), ["TR004"]),
    "line_separator": ("a: x\u2028b: 2".encode(), ["TR004"]),
    "nel": ("a: x\u0085b: 2".encode(), ["TR004"]),
    "nbsp_indent": ("a:\n\u00a0\u00a0b: 1".encode(), ["TR005"]),
    "nfd_key": ("\u00e9: 1\ne\u0301: 2".encode(), ["TR013"] * 2),
    "homoglyph_key": ("st\u0430te: x\nstate: y".encode(), ["TR013"]),
    "chinese_key": ("a: 1\n标题: 投诉".encode(), ["TR013"]),
    "full_width_colon": ("标题：投诉\na: 1".encode(), ["TR005"]),
    "crlf": (b"a: 1\r\nb: 2\r\n", []),
    "emoji": ("a: \U0001f600".encode(), []),
    "chinese": ("a: 客户投诉　处理".encode(), []),
    "gzip": (gzip.compress(b"a: 1"), ["TR003"]),
    "random_8k": (b"".join(hashlib.sha256(bytes([i])).digest() for i in range(256)), ["TR003"]),
}

CASES = {**BOMBS, **MEANING, **TAGS_AND_ANCHORS, **CHARACTERS}


@pytest.mark.parametrize(("data", "codes"), CASES.values(), ids=CASES)
def test_a_bad_input_has_exactly_its_findings(
    data: bytes, codes: list[str], reading: Reading
) -> None:
    root, found = reading(data)
    assert [each.id for each in found] == codes
    assert root is not None or found
    for each in found[:3]:
        assert len(each.concise("zh")) < 300
        assert len(each.concise("en")) < 300
