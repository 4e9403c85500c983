"""A finding: one mistake, its place and its remedy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules.findings.codes import CODES, Code, Severity
from telecom_rules.findings.terminal import show_line
from telecom_rules.frozen import Portable, dump_value
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from telecom_rules.frozen import Json


class Stretch(NamedTuple):
    """What a span holds. It is a tuple because each value of each file has one."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Span(Stretch):
    """A stretch of a file. Lines and columns count from 1, columns in code points.

    Attributes:
        file: the name of the file as its reader knows it, with `/` between folders.
        line: the line of the first character.
        column: the column of the first character.
        end_line: the line of the character after the last.
        end_column: the column of the character after the last.
    """

    __slots__ = ()

    def __new__(
        cls, file: str, line: int = 1, column: int = 1, end_line: int = 0, end_column: int = 0
    ) -> Self:
        """Return a stretch; without an end that of one character."""
        return cls._make((file, line, column, end_line or line, end_column or column + 1))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def within(self, start: int, end: int) -> Span:
        """Return the part from offset `start` to `end` (code points) of a span of one line."""
        return Span(
            self.file, self.line, self.column + start, self.line, self.column + max(end, start + 1)
        )


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding: where a name was declared, a key first given."""

    span: Span
    wording: Wording


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file: what is to stand in a place instead of what stands there.

    Attributes:
        span: the place; nothing stands in one that ends where it begins.
        text: what is to stand there.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix(Portable):
    """The changes that mend a finding.

    Attributes:
        wording: what they do.
        edits: the changes, none of which overlap.
        is_safe: whether what is written can be read in one way only, and the changes say the same;
            where it is `False`, they are the likeliest reading.
    """

    wording: Wording
    edits: tuple[Edit, ...]
    is_safe: bool = True

    def dump(self) -> dict[str, Json]:
        """Return it as JSON: what it does, whether it is safe, and each edit with its place."""
        return {
            "message": self.wording.dump(),
            "safe": self.is_safe,
            "edits": [{**each.span._asdict(), "text": each.text} for each in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Finding(Portable):
    """One mistake.

    Attributes:
        id: the code, such as `TR102`; see `CODES`.
        span: where it is.
        values: what the code's texts name in braces.
        suggestion: the word most likely meant, or `None`.
        related: other places that explain it.
        notes: what else there is to say, line by line.
        titles: the titles of what its message names in backticks, by the name.
        fix: the changes that mend it, or `None`; a validation looks for them, reading does not.
    """

    id: str
    span: Span
    values: Mapping[str, object] = field(default_factory=dict)
    suggestion: str | None = None
    related: tuple[Related, ...] = ()
    notes: tuple[Wording, ...] = ()
    titles: Mapping[str, Wording] = field(default_factory=dict)
    fix: Fix | None = None

    @property
    def code(self) -> Code:
        """The entry of the catalogue this finding is an instance of."""
        return CODES[self.id]

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.code.severity

    @property
    def wording(self) -> Wording:
        """The message, in both languages; each name in it has its title behind it once."""
        told = self.untitled
        for name, title in self.titles.items():
            quoted = f"`{name}`"
            # The closing bracket is as wide as a character and needs no space behind it.
            spaced = f"{quoted} " if f"{quoted} " in told.zh else quoted
            told = Wording(
                told.zh.replace(spaced, f"{quoted}（{title.zh}）", 1),
                told.en.replace(quoted, f"{quoted} ({title.en})", 1),
            )
        return told

    @property
    def untitled(self) -> Wording:
        """The message without the titles of what it names."""
        return self.code.message.fill(**self.values)

    @property
    def label(self) -> Wording | None:
        """The text under the marked part, if it says more than the message."""
        return self.code.label.fill(**self.values) if self.code.label else None

    @property
    def help(self) -> Wording | None:
        """The remedy, if there is one."""
        if self.suggestion is not None:
            return Wording("是否指 `{word}`？", "did you mean `{word}`?").fill(word=self.suggestion)
        if self.code.help is None or self.values.get("known") == "":
            return None  # a list of nothing helps nobody
        return self.code.help.fill(**self.values)

    def dump(self) -> dict[str, Json]:
        """Return it as JSON: code, severity, place, and what there is to say in both languages."""
        return {
            "code": self.id,
            "severity": str(self.severity),
            **self.span._asdict(),
            "message": self.wording.dump(),
            "label": dump_value(self.label),
            "help": dump_value(self.help),
            "related": [
                {**each.span._asdict(), "message": each.wording.dump()} for each in self.related
            ],
            "notes": dump_value(self.notes),
            "fix": dump_value(self.fix),
        }

    def concise(self, language: str = "en") -> str:
        """Return the finding on one line: place, severity, code, message and help."""
        line = f"{self.span}: {self.severity}[{self.id}] {self.wording.say(language)}"
        hint = Wording("（{help}）", " ({help})").fill(help=self.help)
        return show_line(line + hint.say(language) if self.help else line)
