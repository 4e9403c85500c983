"""Converts conditions and values of SCXML into CEL.

With the data model `cel` only `In` is converted. ECMAScript is limited to expressions that mean
the same in both languages: literals, data, comparisons, `&&`, `||`, `!`, `+`, `-`, `*`,
`? :` and `In`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.expressions.syntax.mistakes import ParseError
from telecom_rules.expressions.syntax.parse import parse
from telecom_rules.expressions.syntax.tokens import LONGEST_EXPRESSION, Kind, Token, tokenize
from telecom_rules.expressions.syntax.tree import (
    Call,
    Conditional,
    Literal,
    Logic,
    Name,
    Select,
    SyntaxNode,
    children_of,
)
from telecom_rules.findings import CODES
from telecom_rules.interop.document import NoCounterpart
from telecom_rules.vocabulary import BOOLEAN, INTEGER, TEXT
from telecom_rules.vocabulary.types import DECIMAL, DOUBLE
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from telecom_rules.vocabulary.types import Type


SCRIPT_PATTERN = re.compile(
    r"""("(?:[^"\\]|\\.)*(?:"|\\?\Z)|'(?:[^'\\]|\\.)*(?:'|\\?\Z))|(===|!==)|\b_event\.data\b""",
    re.DOTALL,
)
"""A text, closed or up to the end, and what is written otherwise in CEL."""
STEPS_OF_TOKEN = 3
"""Steps for a token of an expression, which is read here and again when the files are linked."""
SHARED_OPERATORS = frozenset({
    "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_+_", "_-_", "_*_", "!_", "-_", "in_state",
})  # fmt: skip
"""Operators that ECMAScript and CEL evaluate alike on the values of facts."""
BOOLEAN_OPERATORS = frozenset(
    {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "!_", "in_state", "@in"}
)

BEYOND_ECMASCRIPT = Wording(
    "`{text}` 不属于可转换的 ECMAScript",
    "`{text}` is not in the part of ECMAScript that is converted",
)
NO_SUCH_STATE = Wording("没有状态 `{name}`", "there is no state `{name}`")
NO_SUCH_DATA = Wording("没有数据 `{name}`", "there is no data `{name}`")
NO_SUCH_FIELD = Wording(
    "无法确定事件带有 `{name}`，或无法确定其类型",
    "the event is not known to have a field `{name}`, or its type is not known",
)
EVENT_UNCLEAR = Wording(
    "此处无法确定是哪个事件，不能读取其数据",
    "the event is not known at this place, so its data cannot be read",
)


class Converted(NamedTuple):
    """An expression in CEL.

    Attributes:
        cel: the expression.
        type: the type of its value, or `None` if it is not known.
    """

    cel: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class Converter:
    """Converts the expressions of one document into CEL.

    Attributes:
        is_cel: whether they are in CEL already.
        states: the name of each state by its id.
        facts: the name of each fact by the id of its data.
        names: the names of all facts.
        types: the known types of facts, by name.
        spend: counts the tokens of expressions as steps of work.
    """

    is_cel: bool
    states: Mapping[str, str]
    facts: Mapping[str, str]
    names: Collection[str]
    types: Mapping[str, Type]
    spend: Callable[[int], None]

    def convert(self, source: str, event: Collection[str] | None = None) -> Converted:
        """Return the expression in CEL.

        Args:
            source: the expression in the document's data model.
            event: the fields of the event, or `None` if the event is not known.

        Raises:
            NoCounterpart: it has no counterpart.
        """
        written = source.strip()
        if not self.is_cel and len(written) <= LONGEST_EXPRESSION:
            written = SCRIPT_PATTERN.sub(convert_token, written)
        try:
            named = self._rename(written)
            tree = parse(named)
        except ParseError as problem:
            mistake = problem.mistake
            raise NoCounterpart(CODES[mistake.code].message.fill(**mistake.values)) from None
        self._check(tree, named, event)
        return Converted(named, self._type(tree))

    def _type(self, node: SyntaxNode) -> Type | None:
        match node:
            case Literal(type=kind):
                return DECIMAL if kind is DOUBLE else kind
            case Name(name=name):
                return self.types.get(name)
            case Logic():
                return BOOLEAN
            case Call(function=name) if name in BOOLEAN_OPERATORS:
                return BOOLEAN
            case Conditional(yes=yes, no=no):
                return self._type(yes) or self._type(no)
            case Call(arguments=arguments, method=False):
                known = (self._type(each) for each in arguments)
                return next((each for each in known if each not in {None, INTEGER}), None) or (
                    INTEGER if all(self._type(each) is INTEGER for each in arguments) else None
                )
        return None

    def _rename(self, source: str) -> str:
        """Return an expression with the names of the workflow, and `in_state` for `In`."""
        tokens = tokenize(source)
        self.spend(len(tokens) * STEPS_OF_TOKEN)
        for place in reversed(range(len(tokens))):
            token = tokens[place]
            word = self._word(token, tokens[max(place - 1, 0)], tokens[place + 1 : place + 3])
            if word is None:
                continue
            if word == "in_state" and tokens[place + 2].kind is Kind.TEXT:
                state = tokens[place + 2]
                source = f"{source[: state.start]}{self._state(state)}{source[state.end :]}"
            source = f"{source[: token.start]}{word}{source[token.end :]}"
        return source

    def _word(self, token: Token, before: Token, behind: tuple[Token, ...]) -> str | None:
        """Return the new text of a word, or `None` to keep it."""
        if token.kind is not Kind.WORD or before.is_sign("."):
            return None
        if behind and behind[0].is_sign("("):
            return "in_state" if token.text in {"In", "in_state"} else None
        return self.facts.get(token.text)

    def _state(self, token: Token) -> str:
        if str(token.value) not in self.states:
            raise NoCounterpart(NO_SUCH_STATE.fill(name=shorten(str(token.value))))
        return f"'{self.states[str(token.value)]}'"

    def _check(self, tree: SyntaxNode, source: str, event: Collection[str] | None) -> None:
        """Raise `NoCounterpart` unless all of `tree` means the same in the document and here."""
        match tree:
            case Name(name="event") if event is None:
                raise NoCounterpart(EVENT_UNCLEAR)
            case Select(operand=Name(name="event"), field=field) if event is not None:
                if field not in event:
                    raise NoCounterpart(NO_SUCH_FIELD.fill(name=field))
            case Name(name=name) if not self.is_cel and not (name == "event" or name in self.names):
                raise NoCounterpart(NO_SUCH_DATA.fill(name=name))
            case _ if not self.is_cel and not is_shared(tree):
                text = shorten(source[tree.start : tree.end])
                raise NoCounterpart(BEYOND_ECMASCRIPT.fill(text=text))
        for each in children_of(tree):
            self._check(each, source, event)


def is_shared(node: SyntaxNode) -> bool:
    """Return whether a node has the same syntax and meaning in ECMAScript and CEL."""
    match node:
        case Call(function=name):
            return name in SHARED_OPERATORS
        case Literal(type=kind):
            return kind in {BOOLEAN, INTEGER, DOUBLE, TEXT}
    return isinstance(node, Name | Logic | Conditional)


def convert_token(found: re.Match[str]) -> str:
    """Return a token of ECMAScript in the syntax of CEL."""
    if found[1] is not None:
        return found[1]
    return found[2][:2] if found[2] is not None else "event"
