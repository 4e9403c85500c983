"""Our syntax tree in the notation of the public cases, which is that of cel-go.

There, macros are calls of `__comprehension__`, `&&` and `||` have two operands each, and a chain of
them is a balanced tree.
"""

from __future__ import annotations

import math
from decimal import Decimal

from telecom_rules.expressions.syntax.tree import (
    Bind,
    Call,
    Conditional,
    ListOf,
    Literal,
    Logic,
    Macro,
    MacroCall,
    MapOf,
    Name,
    PresenceTest,
    Select,
    SyntaxNode,
)
from telecom_rules.vocabulary.types import BYTES, DOUBLE, TEXT, UNSIGNED


def written_tree(node: SyntaxNode) -> str:  # noqa: C901, PLR0912 - one case a kind of node
    """Return a tree as the cases write it."""
    match node:
        case Literal():
            return literal(node)
        case Name(name=name, absolute=absolute):
            return f".{name}" if absolute else name
        case Select(operand=operand, field=field):
            return f"{written_tree(operand)}.{field}"
        case PresenceTest(operand=operand):
            return f"{written_tree(operand)}~test-only~"
        case Call(function="_?._" | "_[?_]" as function, arguments=arguments):
            return called(function, *map(written_tree, arguments))
        case Call(function=function, arguments=arguments, method=True):
            target, *rest = map(written_tree, arguments)
            return f"{target}.{called(function, *rest)}"
        case Call(function=function, arguments=arguments):
            return called(function, *map(written_tree, arguments))
        case Logic(every=every, operands=operands):
            return balanced("_&&_" if every else "_||_", [written_tree(each) for each in operands])
        case Conditional(test=test, yes=yes, no=no):
            return called("_?_:_", *map(written_tree, (test, yes, no)))
        case ListOf(items=items, optional=optional):
            marked = (
                f"{'?' * (at in optional)}{written_tree(each)}" for at, each in enumerate(items)
            )
            return f"[{','.join(marked)}]"
        case MapOf(entries=entries, optional=optional):
            pairs = (
                f"{'?' * (at in optional)}{written_tree(key)}:{written_tree(value)}"
                for at, (key, value) in enumerate(entries)
            )
            return f"{{{','.join(pairs)}}}"
        case Bind(variable=variable, value=value, body=body):
            parts = (variable.name, written_tree(value), written_tree(body))
            return f"cel.{called('bind', *parts)}"
        case MacroCall():
            return loop(node)
    raise AssertionError(node)


def called(function: str, *arguments: str) -> str:
    return f"{function}({','.join(arguments)})"


def literal(node: Literal) -> str:
    match node.value:
        case None:
            return "null"
        case bool() as value:
            return str(value).lower()
        case str() as digits if node.type is DOUBLE:
            return double(float(digits))
        case str() as text if node.type is TEXT:
            return quoted(text)
        case bytes() as octets if node.type is BYTES:
            return f"b{quoted_bytes(octets)}"
    return f"{node.value}u" if node.type is UNSIGNED else str(node.value)


def double(value: float) -> str:
    """A double as Go writes it with `%g` and as few digits as tell it."""
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    number = Decimal(repr(value)).normalize()
    if not value or -4 <= number.adjusted() < 6:
        return format(number, "f")
    digits, _, exponent = f"{number:e}".partition("e")
    return f"{digits}e{exponent[0]}{exponent[1:]:0>2}"


ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def quoted(text: str) -> str:
    """A text as Go quotes it."""
    return '"' + "".join(map(escaped, text)) + '"'


def escaped(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quoted_bytes(octets: bytes) -> str:
    """Bytes as Go quotes a text that may be no UTF-8."""
    text = octets.decode("utf-8", "surrogateescape")
    parts = [
        f"\\x{ord(each) - 0xDC00:02x}" if "\udc80" <= each <= "\udcff" else escaped(each)
        for each in text
    ]
    return '"' + "".join(parts) + '"'


def balanced(operator: str, operands: list[str]) -> str:
    """A chain of `&&` or `||` as a balanced tree of pairs."""
    if len(operands) == 1:
        return operands[0]
    middle = (len(operands) + 1) // 2
    left, right = operands[:middle], operands[middle:]
    return called(operator, balanced(operator, left), balanced(operator, right))


def loop(node: MacroCall) -> str:
    """A macro as the comprehension it stands for."""
    over, variable = written_tree(node.over), node.variable.name
    test = None if node.test is None else written_tree(node.test)
    step = None if node.step is None else written_tree(node.step)
    if node.kind is Macro.OPTIONAL_MAP or node.kind is Macro.OPTIONAL_FLAT_MAP:
        return f"{over}.{called(node.kind.value, variable, step or '')}"
    going = called("@not_strictly_false", "@result")
    match node.kind:
        case Macro.ALL:
            parts = ("true", going, called("_&&_", "@result", test or ""), "@result")
        case Macro.EXISTS:
            open_ = called("@not_strictly_false", called("!_", "@result"))
            parts = ("false", open_, called("_||_", "@result", test or ""), "@result")
        case Macro.EXISTS_ONE:
            counted = called("_?_:_", test or "", "_+_(@result,1)", "@result")
            parts = ("0", "true", counted, "_==_(@result,1)")
        case _:
            added = called("_+_", "@result", f"[{variable if step is None else step}]")
            if test is not None:
                added = called("_?_:_", test, added, "@result")
            parts = ("[]", "true", added, "@result")
    return called("__comprehension__", variable, over, "@result", *parts)
