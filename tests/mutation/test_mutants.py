"""What is changed in a module and what is not, and that a change is only that."""

from __future__ import annotations

import ast
from dataclasses import replace
from textwrap import dedent

import pytest

from tests.mutation.mutants.equivalents import Equivalent, find_stale
from tests.mutation.mutants.mutant import compile_mutant, iter_mutants
from tests.mutation.mutants.sample import draw_sample, share_out
from tests.mutation.rooms import ROOMS, ROOT


def mutants(text: str, room: str = "toy"):
    return list(iter_mutants(room, f"{room}/part.py", dedent(text)))


def changes(text: str) -> set[str]:
    return {mutant.change for mutant in mutants(text)}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("a < b", {"a < b -> a <= b"}),
        ("a == b", {"a == b -> a != b"}),
        ("a is None", {"a is None -> a is not None"}),
        ("a in b", {"a in b -> a not in b"}),
        ("a < b > c", {"a < b > c -> a <= b > c", "a < b > c -> a < b >= c"}),
        ("a and b", {"a and b -> a or b"}),
        ("not a", {"not a -> a"}),
        ("a + b", {"a + b -> a - b"}),
        ("f(a)", set()),
        ("a if b else c", {"a if b else c -> a if not b else c"}),
        ("[a for a in b if c]", {"if c -> if not c"}),
        ("a[7]", {"7 -> 8", "7 -> 6"}),
        ("f('x')", {"'x' -> ''"}),
        ("f(a, on=True)", {"True -> False"}),
    ],
)
def test_an_expression_is_changed_by_its_operators(statement, expected):
    assert changes(f"x = {statement}") == expected


def test_a_condition_is_denied_once():
    assert changes("if a: f()") == {"if a -> if not a"}
    assert changes("if not a: f()") == {"not a -> a"}
    assert changes("if a == b: f()") == {"a == b -> a != b"}
    assert changes("if a < b: f()") == {"a < b -> a <= b", "if a < b -> if not a < b"}


def test_a_statement_is_removed_where_its_names_keep_a_value():
    text = """
        def f(a):
            b = g()
            a = h()
            self.c = a
            for b in a:
                g(b)
                continue
    """
    assert changes(text) == {
        "a = h() -> pass",
        "self.c = a -> pass",
        "g(b) -> pass",
        "continue -> pass",
    }


def test_a_result_is_dropped_unless_there_is_none():
    assert changes("def f():\n    return g()") == {"return g() -> return None"}
    assert not changes("def f():\n    return None")


@pytest.mark.parametrize(
    "text",
    [
        '"""A module."""',
        'x = f\n"""About it."""',
        "a: Literal['x'] = f",
        "def f(a: Literal[1]) -> Literal['x']: pass",
        "__all__ = ['f']",
        "Kind = Literal['x', 'y']",
        "T = TypeVar('T', bound='Record')",
        "if TYPE_CHECKING:\n    x = 1",
        "x = Wording('投诉', 'Complaint')",
        "raise Problem(f'no {name}', 'x')",
        "assert a < b",
        "def __repr__(self): return 'x'",
        "x = zip(a, b, strict=True)",
        "@dataclass(frozen=True)\nclass A: pass",
        "x = f'a{b}c'",
        "x = cast('Record', a)",
    ],
)
def test_types_documentation_and_messages_are_left_alone(text):
    assert not changes(text)


def test_each_mutant_has_a_name_and_a_place_of_its_own():
    found = mutants("x = a < 1 < 1\n\ny = f(2)\n")
    assert len({mutant.id for mutant in found}) == len(found)
    assert found[-1].id == "toy.part:3:6:constant:1"
    assert found[-1].text == "y = f(2)"


def test_a_mutant_is_the_module_with_one_change():
    text = (
        "def f(a):\n    if a < 2:\n        return 1\n    return sum([b for b in (1, 2) if b > a])\n"
    )
    whole = ast.dump(ast.parse(text))
    for mutant in mutants(text):
        compile_mutant(mutant, text, "part.py")
        assert mutant.before != mutant.after
    names: dict[str, object] = {}
    (boundary,) = (mutant for mutant in mutants(text) if mutant.after == "a <= 2")
    exec(compile_mutant(boundary, text, "part.py"), names)  # noqa: S102 - the text above
    assert names["f"](2) == 1
    unchanged = compile_mutant(replace(boundary, node=None), text, "part.py")
    exec(unchanged, names)  # noqa: S102 - the text above
    assert names["f"](1) == 1
    assert names["f"](2) == 0
    assert ast.dump(ast.parse(text)) == whole


def test_what_runs_at_import_is_told_from_what_runs_in_a_call():
    found = mutants("A = 1\n\n\ndef f(a=2):\n    return 3\n")
    where = {mutant.before: mutant.in_function for mutant in found}
    assert where == {"1": False, "2": False, "3": True, "return 3": True}


def test_a_sample_is_in_proportion_to_the_rooms():
    many = [*mutants("x = 1\n" * 30, "large"), *mutants("x = 1\n" * 10, "small")]
    sample = draw_sample(many, 8, seed=1)
    assert [sum(each.room == room for each in sample) for room in ("large", "small")] == [6, 2]
    assert draw_sample(many, 8, seed=1) == sample != draw_sample(many, 8, seed=2)
    assert len(draw_sample(many, 500, seed=1)) == len(many)
    assert share_out(5, {"a": 1, "b": 1, "c": 1}) == {"a": 2, "b": 2, "c": 1}


def test_an_edit_elsewhere_leaves_a_sample_as_it_is():
    lines = [f"x{at} = {at}\n" for at in range(10, 50)]
    before = {each.change for each in draw_sample(mutants("".join(lines)), 10, seed=1)}
    after = {each.change for each in draw_sample(mutants("y = f\n" + "".join(lines)), 10, seed=1)}
    assert before == after


def test_an_equivalent_is_known_by_its_line_wherever_that_stands():
    entry = Equivalent("toy.part", "x = a < b", "a < b -> a <= b", "a is never b")
    assert not find_stale([entry], mutants("x = a < b"))
    assert not find_stale([entry], mutants("y = 1\nif f:\n    x = a < b"))
    assert find_stale([entry], mutants("x = a < c")) == [entry]
    twice = Equivalent("toy.part", "x = a[0] + b[0]", "0 -> 1", "all are alike")
    assert find_stale([twice], mutants("if f:\n    x = a[0] + b[0]")) == [twice]
    assert not find_stale([replace(twice, at=6)], mutants("if f:\n    x = a[0] + b[0]"))
    other = replace(entry, module="toy.other")
    assert not find_stale([other], mutants("x = a < c"))


def test_every_room_has_its_modules_and_its_tests():
    for room in ROOMS:
        assert all(list(ROOT.glob(glob)) for glob in room.code), room.name
        assert all(list((ROOT / tests).rglob("test_*.py")) for tests in (*room.tests, *room.more))
