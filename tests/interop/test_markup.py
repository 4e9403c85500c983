"""XML as we write it is read back by a reader of XML as it was, and its cost is bounded."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from telecom_rules.findings import Findings
from telecom_rules.interop.markup import LONGEST_NAMES, NOT_XML_PATTERN, Markup, read_markup
from telecom_rules.interop.markup import write_markup as write

TEXTS = st.text(st.characters() | st.sampled_from("<>&\"'\r\n\t\x00\x0b\ufffe]"), max_size=20)


@given(TEXTS, TEXTS)
@example("\ud800 ]]>", 'a" b="1')
@example("&#10;&amp;", "\r\n\t")
def test_any_text_is_one_text_or_one_attribute(text: str, value: str) -> None:
    root = Markup("a", {"b": value})
    root.add("c", text=text)
    element = ET.fromstring(write(root).encode())  # noqa: S314 - our own text
    assert element.attrib == {"b": NOT_XML_PATTERN.sub("\ufffd", value)}
    assert [(each.tag, each.text or "") for each in element] == [
        ("c", NOT_XML_PATTERN.sub("\ufffd", text))
    ]


def test_texts_between_elements_are_joined_once() -> None:
    text = "<a>" + "bb<c/>" * 3 + "</a>"
    root = read_markup(text, "a.xml", Findings())
    assert root is not None
    assert root.text == "bbbbbb"


@pytest.mark.parametrize(
    "text",
    [
        '<a xmlns="{long}">' + "<b/>" * 100 + "</a>",
        '<a xmlns:x="{long}">' + '<b x:c="1"/>' * 100 + "</a>",
    ],
)
def test_a_long_namespace_is_not_kept_for_each_of_many_names(text: str) -> None:
    findings = Findings()
    assert read_markup(text.format(long="n" * (LONGEST_NAMES // 50)), "a.xml", findings) is None
    assert [each.id for each in findings] == ["TR803"]
