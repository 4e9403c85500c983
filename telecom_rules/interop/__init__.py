"""Workflows for the tools that a host already has.

`to_transitions` and `to_statemachine` give a native machine of the libraries `transitions` and
`python-statemachine`, with our guards, roles and assignments inside; each needs the extra of its
name. `to_xstate` and `to_scxml` write a workflow down for other tools, `from_scxml` reads one, and
`tmforum` holds it against the life cycles of the TM Forum. What a target cannot say is refused,
never left out.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telecom_rules.interop.dmn import from_dmn, to_dmn
    from telecom_rules.interop.expressible import Element, NotExpressible
    from telecom_rules.interop.imported import Imported, NotImportable
    from telecom_rules.interop.missing_extra import MissingExtra
    from telecom_rules.interop.native.model import Model
    from telecom_rules.interop.native.statemachine import to_statemachine
    from telecom_rules.interop.native.transitions import to_transitions
    from telecom_rules.interop.scxml import from_scxml, to_scxml
    from telecom_rules.interop.xstate import to_xstate

__all__ = [
    "Element",
    "Imported",
    "MissingExtra",
    "Model",
    "NotExpressible",
    "NotImportable",
    "from_dmn",
    "from_scxml",
    "to_dmn",
    "to_scxml",
    "to_statemachine",
    "to_transitions",
    "to_xstate",
]

HOMES = {
    "Element": "expressible",
    "Imported": "imported",
    "MissingExtra": "missing_extra",
    "Model": "native.model",
    "NotExpressible": "expressible",
    "NotImportable": "imported",
    "from_dmn": "dmn",
    "from_scxml": "scxml",
    "to_dmn": "dmn",
    "to_scxml": "scxml",
    "to_statemachine": "native.statemachine",
    "to_transitions": "native.transitions",
    "to_xstate": "xstate",
}
"""The module of each name. It is imported when the name is used, because some need an extra."""


def __getattr__(name: str) -> object:
    """Return a public name from its module, and keep it here.

    Raises:
        MissingExtra: it needs a library that is not installed.
    """
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
