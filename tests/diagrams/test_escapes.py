"""No title, version or caption escapes the format of a diagram, whatever it holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telecom_rules.diagrams import to_dot, to_mermaid
from telecom_rules.diagrams.arrows import caption_of, iter_arrows
from telecom_rules.diagrams.dot import quote_dot, quote_label
from telecom_rules.diagrams.mermaid import RESERVED_WORDS, escape_name, escape_text
from telecom_rules.findings.terminal import escape_invisible
from telecom_rules.wording import Wording
from telecom_rules.workflows import Workflow
from tests.diagrams.readers import TEXT, read_dot, read_mermaid, undo_entities, unquote_dot
from tests.interop.house import made
from tests.interop.test_exports import SMALL

EVIL = [
    '1\n  click a href "https://evil.example"\n  %%',
    "%%{init: {'securityLevel': 'loose'}}%%",
    'x" as y\n  [*] --> y',
    '"; }\nevil -> "x',
    "<img src=x onerror=alert(1)> &lt;b&gt; &#60;",
    "a\\",
    '\\"',
    "#59;click",
    "$$x$$ `y` **z** _w_",
    "---",
    "}",
    "ﬂ°60¶ß",
    "line\u2028two",
]


@pytest.fixture
def entitled(monkeypatch: pytest.MonkeyPatch):
    """Return a function that gives a workflow whose version and English texts are all `title`.

    A file cannot hold every text; a diagram must be safe all the same.
    """

    def make(title: str):
        text = re.sub(r"en: (?:\w+|\"[^\"]+\")(?=\})", "en: TITLE", SMALL)
        say = Wording.say
        monkeypatch.setattr(
            Wording, "say", lambda self, language: say(self, language).replace("TITLE", title)
        )
        monkeypatch.setattr(Workflow, "version", property(lambda _: title))
        return made(text)

    return make


@pytest.mark.parametrize("title", EVIL)
def test_a_diagram_has_the_statements_of_its_chart_whatever_the_titles(title, entitled) -> None:
    plain = made(SMALL)
    expected, known = read_mermaid(to_mermaid(plain)), read_dot(to_dot(plain))
    workflow = entitled(title)
    shown = escape_invisible(" ".join(title.split()))
    drawn, graph = read_mermaid(to_mermaid(workflow)), read_dot(to_dot(workflow))
    assert [(kind, parts.get("name"), parts.get("to")) for kind, parts in drawn] == [
        (kind, parts.get("name"), parts.get("to")) for kind, parts in expected
    ]
    texts = [parts["text"] for kind, parts in drawn if kind == "title"]
    assert texts == [shown] * len(texts)
    assert [[token for token in each if token[0] != '"'] for each in graph] == [
        [token for token in each if token[0] != '"'] for each in known
    ]
    label = "\n".join(escape_invisible(line) for line in title.split("\n"))
    assert sum(f'"{label}' in each for each in graph) == 4


@given(st.text())
def test_any_text_is_one_text_of_mermaid(text: str) -> None:
    escaped = escape_text(text)
    assert re.fullmatch(TEXT, escaped, re.VERBOSE)
    shown = escape_invisible(" ".join(text.split()))
    assert undo_entities(escaped) == (shown or "\xa0")


@given(st.text())
def test_any_text_is_one_string_of_dot(text: str) -> None:
    assert read_dot(f"a [label={quote_label(text)}];")[0][:4] == ("a", "[", "label", "=")
    assert unquote_dot(quote_dot(text.replace("&", ""))) == '"' + text.replace("&", "")


def test_states_with_names_of_mermaid_keep_names_of_their_own() -> None:
    names = [
        f"{word}{end}"
        for word in (*RESERVED_WORDS, "open_start", "x_end")
        for end in ("", "_", "__")
    ]
    drawn = [escape_name(name) for name in names]
    assert len(set(drawn)) == len(names)
    assert not set(drawn) & RESERVED_WORDS
    assert not any(each.endswith(("_start", "_end")) for each in drawn)


def test_a_state_called_start_is_not_the_point_from_which_the_first_arrow_leads() -> None:
    workflow = made(SMALL.replace("waiting", "start"))
    graph = read_dot(to_dot(workflow))
    assert sum(each[0] == '"start' and "->" not in each for each in graph) == 1
    assert ('"[*]', "->", '"start') in [each[:3] for each in graph]


def test_every_caption_stands_in_the_diagram() -> None:
    workflow = made(SMALL)
    captions = [caption_of(workflow, each.transition).en for each in iter_arrows(workflow)]
    drawn = read_mermaid(to_mermaid(workflow))
    assert [parts["text"] for kind, parts in drawn if kind == "arrow"] == captions
