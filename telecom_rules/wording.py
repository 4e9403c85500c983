"""A text for people, in Chinese and in English."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Wording(NamedTuple):
    """One text in the two languages that every user of the rules reads.

    >>> Wording("投诉", "Complaint").say("en")
    'Complaint'
    """

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the text in `language` (`"zh"` or `"en"`)."""
        return self.zh if language == "zh" else self.en

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

    @classmethod
    def same(cls, text: str) -> Wording:
        """Return a wording that reads the same in both languages, such as a code or a figure."""
        return cls(text, text)
