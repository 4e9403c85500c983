"""Wordings in the language that Django has active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import get_language

if TYPE_CHECKING:
    from telecom_rules import Language, Wording


def active_language() -> Language:
    """Return the language to speak: Chinese where a kind of Chinese is active, else English."""
    return "zh" if (get_language() or "en").lower().startswith("zh") else "en"


def say(wording: Wording) -> str:
    """Return a wording in the active language."""
    return wording.say(active_language())


lazy_say = lazy(say, str)
"""Returns a wording whose language is chosen when it is shown."""
