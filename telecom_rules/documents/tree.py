"""The nodes of one file, built from the events of its YAML.

Nothing is composed and nothing is typed. Depth and size are limited while reading; anchors,
aliases, merge keys, tags and directives are mistakes. After a mistake that leaves the rest readable
reading goes on, with `Broken` in the place of the value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from yaml.events import (
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from telecom_rules.documents.characters import FORBIDDEN_CHARACTERS, describe_character
from telecom_rules.documents.keys import find_ambiguous_key, find_unusable_key
from telecom_rules.documents.nodes import Broken, Items, Mapping, Node, Scalar, Word
from telecom_rules.documents.positions import TEXT_START
from telecom_rules.documents.yaml_slips import find_leading_space, find_missing_space
from telecom_rules.findings import Finding, Findings, Related, Span
from telecom_rules.wording import Wording, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from yaml.events import Event

    from telecom_rules.documents.positions import Mark, Positions


QUOTE_STYLES = frozenset("'\"")
BLOCK_STYLES = frozenset("|>")

SIGN_CODES = frozenset({"TR007", "TR008"})
"""Mistakes usually due to an unquoted expression; others on its line are consequences."""

FIRST_GIVEN = Wording("首次出现在此处", "first given here")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one file.

    Attributes:
        size: bytes.
        depth: levels of nesting.
        nodes: values, keys, lists and mappings together.
        scalar: characters of one value.
        mistakes: findings after which the rest of the file is not read.
    """

    size: int = 1_000_000
    depth: int = 32
    nodes: int = 100_000
    scalar: int = 65_536
    mistakes: int = 100


class StopReading(Exception):
    """Raised to stop reading at a limit that has been reported."""


@dataclass(slots=True)
class Branch:
    """A list or mapping that is being read.

    Attributes:
        node: the part of it read so far.
        start: where it begins.
        flow: whether it is written in brackets.
        tagged: whether it carries a tag, which makes its meaning unknown.
        key: the key whose value comes next; `None` when that value is to be dropped.
        awaits_value: whether a value comes next, and not a key.
    """

    node: Mapping | Items
    start: Mark
    flow: bool
    tagged: bool
    key: Word | None = None
    awaits_value: bool = False


class Tree:
    """The nodes of one file.

    Attributes:
        findings: every mistake met so far.
        mapping: the root after reading, if it can be used.
        last: the place of the value read last.
        nodes: values, keys, lists and mappings read so far: the measure of the work done.
    """

    def __init__(self, places: Positions, limits: Limits) -> None:
        self.findings = Findings()
        self.mapping: Mapping | None = None
        self.last: Span | None = None
        self._places = places
        self._limits = limits
        self._branches: list[Branch] = []
        self._root: Node | None = None
        self._headless = False
        self.nodes = 0
        self._documents = 0

    @property
    def bracket(self) -> Mark | None:
        """The innermost bracket that is still open."""
        return self._branches[-1].start if self._branches and self._branches[-1].flow else None

    def grow(self, events: Iterable[Event]) -> None:
        """Read events to the end, or until a limit stops the reading.

        Raises:
            yaml.YAMLError: the text of the events is not YAML.
        """
        try:
            for event in events:
                self._take(event)
            self._finish()
        except StopReading:
            pass

    def end_with(self, finding: Finding) -> None:
        """Add the mistake that ends the reading, unless it may follow from one before it."""
        # What stands behind it was read as something else than was meant, as in an open bracket.
        self.findings[:] = [each for each in self.findings if each.span < finding.span]
        if not self._has_slip and not self._has_sign(finding.span.line):
            self.findings.append(finding)

    def _take(self, event: Event) -> None:
        if isinstance(event, NodeEvent):
            self._node(event)
        elif isinstance(event, CollectionEndEvent):
            self._close(event.end_mark or TEXT_START)
        elif isinstance(event, DocumentStartEvent):
            self._document(event.start_mark or TEXT_START)

    def _document(self, start: Mark) -> None:
        self._documents += 1
        if self._documents > 1:
            # What is missing in the first may well stand behind the mark: nothing of it is used.
            self._stop(Finding("TR009", self._places.span_at(start)))
        if self._places.text_from(start).startswith("%"):
            self._stop(Finding("TR019", self._places.span_of_word(start, "%")))

    def _node(self, event: NodeEvent) -> None:
        start, end = event.start_mark or TEXT_START, event.end_mark or TEXT_START
        self.nodes += 1
        if self.nodes > self._limits.nodes:
            self._stop(Finding("TR011", self._places.span_at(start), {"limit": self._limits.nodes}))
        if event.anchor is not None:
            self._report_anchor(start)
        if isinstance(event, ScalarEvent):
            self._attach(self._scalar(event, start, end))
        elif isinstance(event, CollectionStartEvent):
            self._open(event, start)
        else:
            self._attach(Broken(self._places.span_between(start, end)))

    def _report_anchor(self, start: Mark) -> None:
        self._report(Finding("TR007", self._places.span_of_word(start, "&*")))

    def _report_tag(self, start: Mark) -> None:
        span = self._places.span_of_word(start, "!")
        self._report(Finding("TR008", span, {"tag": shorten(self._places.text_of(span))}))

    def _open(self, event: CollectionStartEvent, start: Mark) -> None:
        span = self._places.span_at(start)
        if len(self._branches) >= self._limits.depth:
            self._stop(Finding("TR010", span, {"limit": self._limits.depth}))
        if event.tag is not None:
            self._report_tag(start)
        node = Mapping(span) if isinstance(event, MappingStartEvent) else Items(span)
        branch = Branch(node, start, bool(event.flow_style), event.tag is not None)
        self._branches.append(branch)

    def _close(self, end: Mark) -> None:
        branch = self._branches.pop()
        parent = self._branches[-1] if self._branches else None
        branch.node.span = parent.key.span if parent and parent.key else self._extent(branch, end)
        self._attach(Broken(branch.node.span) if branch.tagged else branch.node)

    def _extent(self, branch: Branch, end: Mark) -> Span:
        """Return the place of a node without a key of its own: its brackets, or its first key."""
        if branch.flow and end.line == branch.start.line:
            return self._places.span_between(branch.start, end)
        first = next(iter(branch.node), None)
        return first.span if isinstance(first, Word) and not branch.flow else branch.node.span

    def _scalar(self, event: ScalarEvent, start: Mark, end: Mark) -> Scalar | Broken:
        in_block, in_quotes = event.style in BLOCK_STYLES, event.style in QUOTE_STYLES
        plain = not in_block and not in_quotes
        between = self._places.span_of_block if in_block else self._places.span_between
        span = self.last = between(start, end)
        if event.tag is not None:
            self._report_tag(start)
            return Broken(span)
        if event.anchor is not None and not event.value:
            return Broken(span)
        if len(event.value) > self._limits.scalar:
            self._report(
                Finding("TR012", self._places.span_at(start), {"limit": self._limits.scalar})
            )
            return Broken(span)
        hidden = FORBIDDEN_CHARACTERS.search(event.value) if in_quotes else None
        if hidden is not None:
            self._report(Finding("TR004", span, {"character": describe_character(hidden[0])}))
            return Broken(span)
        commented = plain and self._places.has_comment_after(end)
        written = ""
        if span.end_line > span.line:
            written = self._places.lines_of(span, in_block=in_block, in_quotes=in_quotes)
        return Scalar(event.value, span, not plain, int(in_quotes), commented, written)

    def _attach(self, node: Node) -> None:
        """Add a finished node to its parent."""
        if not self._branches:
            self._root = node
            return
        branch = self._branches[-1]
        if isinstance(branch.node, Items):
            if is_blank(node):
                node = self._refuse_empty(self._list_key(), node.span)
            branch.node.append(node)
        elif not branch.awaits_value:
            branch.key = self._key(node, branch.node)
            branch.awaits_value = True
        else:
            if branch.key is not None:
                if is_blank(node):
                    node = self._refuse_empty(branch.key, branch.key.span)
                branch.node[branch.key] = node
            elif isinstance(node, Mapping | Items):
                branch.node.damaged = True  # what is dropped may have defined a name
            branch.key, branch.awaits_value = None, False

    def _refuse_empty(self, key: str, place: Span) -> Broken:
        """Return what takes the place of a value that is not written, after reporting it."""
        self._report(Finding("TR016", place, {"key": key}))
        return Broken(place)

    def _list_key(self) -> str:
        """Return the key of the list that is being read."""
        above = self._branches[-2].key if len(self._branches) > 1 else None
        return above or "-"

    def _key(self, node: Node, mapping: Mapping) -> Word | None:
        """Return a node as a key of `mapping`, or `None` where its value is to be dropped."""
        finding = find_unusable_key(node)
        if finding is not None or not isinstance(node, Scalar):
            self._headless |= len(self._branches) == 1 and not mapping
            mapping.damaged = True
            self._withdraw_empty_value(node)
            if isinstance(node, Scalar) and find_leading_space(node.span, node.text) is not None:
                damage_last(mapping)
            if finding is not None and not self._is_told(finding):
                self._report(finding)
            return None
        first = mapping.find_key(node.text)
        if first is not None:
            related = Related(first.span, FIRST_GIVEN)
            self._report(Finding("TR006", node.span, {"key": first}, related=(related,)))
            return None
        self._report(find_ambiguous_key(node))
        return node.word

    def _withdraw_empty_value(self, key: Node) -> None:
        """Take back that the line above has no value: a wide space hid that `key` belongs to it."""
        last = self.findings[-1] if self.findings else None
        if (
            isinstance(key, Scalar)
            and find_leading_space(key.span, key.text) is not None
            and last is not None
            and (last.id, last.span.line) == ("TR016", key.span.line - 1)
        ):
            self.findings.pop()

    def _usable_root(self) -> Mapping | None:
        """Return the root if it is a mapping whose first key can be read."""
        return self._root if isinstance(self._root, Mapping) and not self._headless else None

    def _finish(self) -> None:
        """Keep the root, or report why it cannot be used if that is not reported yet."""
        self.mapping, root = self._usable_root(), self._root
        if root is None or is_blank(root):
            self._report(Finding("TR017", Span(self._places.file)))
        elif isinstance(root, Items):
            self._report(Finding("TR018", root.span))
        elif isinstance(root, Scalar):
            slip = None if root.quoted else find_missing_space(root.span, root.text.split(" ")[0])
            self._report(slip or Finding("TR018", root.span))

    def _report(self, finding: Finding | None) -> None:
        if finding is None or (finding.id in SIGN_CODES and self._has_sign(finding.span.line)):
            return
        self.findings.append(finding)
        if len(self.findings) >= self._limits.mistakes:
            raise StopReading

    @property
    def _has_slip(self) -> bool:
        """Whether a line is not YAML as it was meant: those behind it may belong elsewhere."""
        return any(each.id == "TR005" for each in self.findings)

    def _is_told(self, finding: Finding) -> bool:
        """Return whether the same name is told elsewhere in the file: uses repeat a definition."""
        return finding.id == "TR013" and any(
            each.id == "TR013" and each.values == finding.values for each in self.findings
        )

    def _has_sign(self, line: int) -> bool:
        """Return whether one of `SIGN_CODES` is reported for a line already."""
        return any(each.span.line == line and each.id in SIGN_CODES for each in self.findings)

    def _stop(self, finding: Finding) -> NoReturn:
        self.findings.append(finding)
        raise StopReading


def damage_last(mapping: Mapping) -> None:
    """Mark what was read last in a mapping: a line that looks as if it stood left of it is its."""
    last: Node | None = mapping
    while isinstance(last, Mapping | Items) and last:
        last = last[-1] if isinstance(last, Items) else last[next(reversed(last))]
        if isinstance(last, Mapping):
            last.damaged = True


def is_blank(node: Node) -> bool:
    """Return whether nothing is written where a value could be."""
    return isinstance(node, Scalar) and not node.quoted and not node.text
