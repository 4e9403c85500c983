"""Wordings in the language that Django has active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import get_language

from telecom_rules.values.arguments import read_instance
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    from telecom_rules import Language


def active_language() -> Language:
    """Return the language to speak: Chinese where a kind of Chinese is active, else English."""
    return "zh" if (get_language() or "en").lower().startswith("zh") else "en"


def say(wording: Wording) -> str:
    """Return a wording in the active language.

    Raises:
        ArgumentError: it is not one.
    """
    return read_instance("wording", wording, Wording).say(active_language())


lazy_say = lazy(say, str)
"""Returns a wording whose language is chosen when it is shown."""
