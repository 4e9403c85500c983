"""Rules guard the status of Django models; the extra `django` has it.

An app like any other: add `telecom_rules.adapters.django` to `INSTALLED_APPS` and its middleware to
`MIDDLEWARE`, run `migrate`, and declare a guard in the module `rules` of an app of yours.

>>> @register(Ticket)
>>> class TicketGuard(Guard):
>>>     class Meta:
>>>         workflow = "complaint_handling"
>>>         field = "status"
>>>         statuses = {1: ["received", "recorded"], 3: "answered", 4: "closed"}
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telecom_rules.errors import MissingExtra

try:
    import django  # noqa: F401 - asked for once, here, for all modules of the room
except ImportError as problem:
    raise MissingExtra("django") from problem

if TYPE_CHECKING:
    # A name imported as itself is public to a type checker (typing spec, library interface).
    # isort: off
    from telecom_rules.adapters.django.guard import Guard as Guard
    from telecom_rules.adapters.django.language import lazy_say as lazy_say, say as say
    from telecom_rules.adapters.django.middleware import (
        acting_as as acting_as,
        read_sent as read_sent,
    )
    from telecom_rules.adapters.django.refusals import Forbidden as Forbidden
    from telecom_rules.adapters.django.rules import (
        Answer as Answer,
        Rules as Rules,
        load_cases as load_cases,
        register as register,
        rules_of as rules_of,
        send_each as send_each,
        set_status_of_each as set_status_of_each,
    )

_NAMES = {
    "guard": "Guard",
    "language": "lazy_say say",
    "middleware": "acting_as read_sent",
    "refusals": "Forbidden",
    "rules": "Answer Rules load_cases register rules_of send_each set_status_of_each",
}
"""The public names of each module. Django imports this one before its models may be imported."""
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

if not TYPE_CHECKING:  # type checkers cannot follow this; they read the imports above
    __all__ = tuple(sorted(_HOMES))


def __getattr__(name: str) -> object:
    """Return a public name from its module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(_HOMES)
