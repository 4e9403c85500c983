from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.suggestions import edit_distance, find_nearest
from telecom_rules.wording import Wording, join_lines, keep_on_line

WORDS = st.text(alphabet="abcde", max_size=8)


def test_a_wording_speaks_both_languages() -> None:
    wording = Wording("投诉", "Complaint")
    assert wording.say("zh") == "投诉"
    assert wording.say("en") == "Complaint"
    assert Wording.same("15") == Wording("15", "15")


def test_a_wording_inside_a_wording_keeps_its_language() -> None:
    sentence = Wording("{what}有 {count} 件", "there are {count} of {what}")
    filled = sentence.fill(what=Wording("投诉", "complaints"), count=3)
    assert filled == Wording("投诉有 3 件", "there are 3 of complaints")


def test_braces_in_a_value_are_left_alone() -> None:
    assert Wording.same("{x}").fill(x="{y} {0} {{") == Wording.same("{y} {0} {{")


def test_a_near_miss_is_found_and_a_far_one_is_not() -> None:
    states = ["closed", "classified", "answered"]
    assert find_nearest("clasified", states) == "classified"
    assert find_nearest("clsoed", states) == "closed"
    assert find_nearest("Closed", states) == "closed"
    assert find_nearest("withdrawn", states) is None
    assert find_nearest("", states) is None
    assert find_nearest("a" * 65, ["a" * 64]) is None


def test_a_word_is_not_its_own_near_miss() -> None:
    assert find_nearest("closed", ["closed"]) is None


@given(WORDS, WORDS)
def test_distance_is_a_symmetric_count_of_edits(left: str, right: str) -> None:
    cost = edit_distance(left, right)
    assert cost == edit_distance(right, left)
    assert (cost == 0) == (left == right)
    assert abs(len(left) - len(right)) <= cost <= max(len(left), len(right))


@given(WORDS, st.data())
def test_one_slip_costs_one(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    slips = [word[:at] + "x" + word[at:]]
    if at < len(word):
        slips += [word[:at] + word[at + 1 :], word[:at] + "x" + word[at + 1 :]]
    if at + 1 < len(word) and word[at] != word[at + 1]:
        slips += [word[:at] + word[at + 1] + word[at] + word[at + 2 :]]
    assert {edit_distance(word, slip) for slip in slips} == {1}


@given(st.lists(st.text(alphabet="ab \n\r\v\x1c\x85\u2028\u3000投\x00", max_size=4), max_size=4))
def test_a_value_never_begins_a_line_of_its_own(lines: list[str]) -> None:
    assert join_lines(lines) == "\n".join(keep_on_line(each) for each in lines)
