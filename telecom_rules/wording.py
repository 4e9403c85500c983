"""A text for people, in Chinese and in English; the root of the errors, which carry one.

The errors stand here because a text is asked for in a language, and another language is an
`ArgumentError`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from telecom_rules.frozen import dump_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Self

    from telecom_rules.frozen import Json

Language = Literal["zh", "en"]


class Wording(NamedTuple):
    """One text in the two languages that every user of the rules reads.

    >>> Wording("投诉", "Complaint").say("en")
    'Complaint'
    """

    zh: str
    en: str

    def say(self, language: str) -> str:
        """Return the text in a language: `"zh"`, `"en"` or a tag that begins so, as `"zh-Hans"`.

        Raises:
            ArgumentError: it is another language.
        """
        return self.zh if read_language(language) == "zh" else self.en

    def fill(self, **values: object) -> Wording:
        """Return the wording with each `{name}` of both texts replaced by its value.

        A value that is itself a `Wording` is put in the language of the text around it.
        """
        english = dict(values)
        for name, value in values.items():
            if isinstance(value, Wording):
                values[name], english[name] = value
        return Wording(self.zh.format_map(values), self.en.format_map(english))

    def suggest(self, word: str | None) -> Wording:
        """Return the wording and, where there is a near miss, the word that was probably meant.

        >>> Wording("没有这一项", "there is no such field").suggest("channel").en
        'there is no such field; did you mean `channel`?'
        """
        if word is None:
            return self
        return Wording(f"{self.zh}；是否指 `{word}`？", f"{self.en}; did you mean `{word}`?")

    def dump(self) -> dict[str, Json]:
        """Return both texts as JSON: `{"zh": ..., "en": ...}`."""
        return {"zh": dump_value(self.zh), "en": dump_value(self.en)}

    @classmethod
    def same(cls, text: str) -> Wording:
        """Return a wording that reads the same in both languages, such as a code or a figure."""
        return cls(text, text)


class TelecomRulesError(Exception):
    """The root of every error this library raises.

    Attributes:
        wording: the message, in Chinese and English: what is wrong and what to do.
        code: a stable identifier for programs, such as `"facts"`.
    """

    code: str = "error"

    def __init__(self, wording: Wording) -> None:
        super().__init__(wording.en)
        self.wording = wording

    def explain(self, language: str = "en") -> str:
        """Return the message in a language: `"zh"`, `"en"` or a tag that begins so."""
        return self.wording.say(language)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON: its `code`, its `wording` in both languages, and its attributes."""
        attributes = {name: dump_value(value) for name, value in vars(self).items()}
        return {"code": self.code, **attributes}

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[object, ...], dict[str, object]]:
        """Return the parts of a copy or a pickle: made without `__init__`, whose arguments vary."""
        return type(self).__new__, (type(self), *self.args), self.__dict__


class ArgumentError(TelecomRulesError, TypeError):
    """An argument is not of the kind that a function takes: the calling code is at fault.

    Attributes:
        argument: the name of the argument.
        problem: what is wrong with it and what would be valid.
    """

    code = "argument"

    def __init__(self, argument: str, problem: Wording) -> None:
        super().__init__(
            Wording(
                "参数 `{argument}` 有误：{problem}", "the argument `{argument}`: {problem}"
            ).fill(argument=argument, problem=problem)
        )
        self.argument = argument
        self.problem = problem


OTHER_LANGUAGE = Wording(
    '应为 "zh"（中文）、"en"（英文）或以其开头的语言标签（如 "zh-Hans"），而不是 {found}',
    'expected "zh" (Chinese), "en" (English) or a tag that begins with one of them, such as'
    ' "zh-Hans", found {found}',
)
LANGUAGES: Mapping[str, Language] = {"zh": "zh", "en": "en"}
"""Each language by the first part of its tags."""
LANGUAGE_PARTS = re.compile("[-_.@]")
"""What stands between the parts of a tag of BCP 47 (`zh-Hans`) or of a locale (`zh_CN.UTF-8`)."""


def read_language(value: object) -> Language:
    """Return the language that a host names, by the first part of its tag: `zh-Hans`, `en_GB`.

    Raises:
        ArgumentError: it is neither Chinese nor English.
    """
    if type(value) is str and value in LANGUAGES:
        return LANGUAGES[value]  # at once: an explanation asks this for each of its lines
    if issubclass(type(value), str):  # `isinstance` would ask the value for its class
        first = LANGUAGE_PARTS.split(str.__str__(value), maxsplit=1)[0].lower()
        if first in LANGUAGES:
            return LANGUAGES[first]
    raise ArgumentError("language", OTHER_LANGUAGE.fill(found=quote_found(value)))


read_type_name = vars(type)["__name__"].__get__
"""Reads the name of a class, whatever its metaclass says."""
ODD_SPACE = re.compile(r"[\u00A0\u2000-\u200A\u202F\u205F\u3000]")
"""A space that is not the usual one and looks like it."""
LONGEST_SHOWN = 60
"""Characters of a value from outside that a message repeats."""


def join_wordings(
    items: Iterable[Wording],
    between: tuple[str, str] = ("、", ", "),
    last: tuple[str, str] | None = None,
) -> Wording:
    """Return `items` as one enumeration.

    Args:
        items: what is enumerated.
        between: what stands between two, in Chinese and in English.
        last: what stands before the last instead, such as `("或", " or ")`.
    """
    words = tuple(items)
    last = last or between
    return Wording(
        join_words([each.zh for each in words], between[0], last[0]),
        join_words([each.en for each in words], between[1], last[1]),
    )


def drop_contained(items: Iterable[Wording]) -> tuple[Wording, ...]:
    """Return `items` once each, without those that another of them says as a part of it."""
    words = tuple(dict.fromkeys(items))
    return tuple(
        each
        for each in words
        if not any(each.zh in other.zh and each.en in other.en for other in words if other != each)
    )


def join_or_none(items: Iterable[Wording]) -> Wording:
    """Return `items` as one enumeration, or the word for an empty one."""
    words = tuple(items)
    return join_wordings(words) if words else Wording("无", "none")


def join_names(names: Iterable[str], most: int) -> str:
    """Return at most `most` of some names as one enumeration in both languages."""
    known = tuple(names)
    return ", ".join((*known[:most], "…") if len(known) > most else known)


def join_words(words: list[str], between: str, last: str) -> str:
    """Return `words` with `between` between them, and `last` before the last."""
    if len(words) <= 1:
        return "".join(words)
    return between.join(words[:-1]) + last + words[-1]


def quote_title(title: Wording) -> Wording:
    """Return a title in quotation marks."""
    return Wording(f"“{title.zh}”", f"“{title.en}”")


def make_encodable(text: str) -> str:
    r"""Return a text with `\ud800` in the place of an unpaired surrogate, which has no bytes."""
    return text.encode("utf-8", "backslashreplace").decode()


def shorten(value: object, longest: int = LONGEST_SHOWN) -> str:
    """Return what somebody sent as a message repeats it: one short line, fit for every encoding.

    A space that is not the usual one is named, since nobody would see the difference.
    """
    kind = type(value)  # `isinstance` would ask the value for its class, and it may lie
    text = str.__str__(value) if issubclass(kind, str) else f"({read_type_name(kind)})"
    # Cut first: a text from outside may be long, and a lone surrogate has no bytes.
    short = text if len(text) <= longest else f"{text[:longest]}…"
    seen = ODD_SPACE.sub(lambda match: f"<U+{ord(match[0]):04X}>", short)
    return " ".join(make_encodable(seen).split())


def quote_found(value: object) -> str:
    """Return what somebody sent as a message says it: a text in quotation marks, else its type.

    >>> quote_found(""), quote_found(5)
    ('""', '(int)')
    """
    told = shorten(value)
    return f'"{told}"' if issubclass(type(value), str) else told


LINE_ENDS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""Every character that ends a line for `str.splitlines`, and so for some reader."""


def keep_on_line(text: str) -> str:
    r"""Return `text` on one line: a character that ends a line is written as in Python, `\n`."""
    return LINE_ENDS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def join_lines(lines: Iterable[str]) -> str:
    """Return lines as one text. A value inside one of them cannot begin a line of its own."""
    texts = [*lines]
    text = "\n".join(texts)
    # Hardly a value has the end of a line in it, and no such character is printable. One look at
    # all lines takes a tenth of a search in each.
    if text.count("\n") < max(len(texts), 1) and text.replace("\n", "").isprintable():
        return text
    return "\n".join(map(keep_on_line, texts))
