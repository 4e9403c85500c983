"""Interchange with other tools: state machine libraries, XState, SCXML, DMN and TM Forum.

`to_transitions` and `to_statemachine` give a native machine of the libraries `transitions` and
`python-statemachine`, with our guards, roles and assignments inside; each needs the extra of its
name. `to_xstate` and `to_scxml` write a workflow for other tools, `from_scxml` reads one, and
`tmforum` checks it against the life cycles of the TM Forum. A workflow that a target cannot express
is refused, never simplified.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # A name imported as itself is public to a type checker (typing spec, library interface).
    # isort: off
    from telecom_rules.interop.dmn import from_dmn as from_dmn, to_dmn as to_dmn
    from telecom_rules.interop.expressible import (
        Element as Element,
        NotExpressible as NotExpressible,
    )
    from telecom_rules.interop.imported import Imported as Imported, NotImportable as NotImportable
    from telecom_rules.interop.native.model import Model as Model
    from telecom_rules.interop.native.statemachine import to_statemachine as to_statemachine
    from telecom_rules.interop.native.transitions import to_transitions as to_transitions
    from telecom_rules.interop.scxml import from_scxml as from_scxml, to_scxml as to_scxml
    from telecom_rules.interop.xstate import to_xstate as to_xstate

_NAMES = {
    "dmn": "from_dmn to_dmn",
    "expressible": "Element NotExpressible",
    "imported": "Imported NotImportable",
    "native.model": "Model",
    "native.statemachine": "to_statemachine",
    "native.transitions": "to_transitions",
    "scxml": "from_scxml to_scxml",
    "xstate": "to_xstate",
}
"""The public names of each module. Some need an extra: none is imported before its use."""
_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

if not TYPE_CHECKING:  # type checkers cannot follow this; they read the imports above
    __all__ = tuple(sorted(_HOMES))


def __getattr__(name: str) -> object:
    """Return a public name from its module, and keep it here.

    Raises:
        MissingExtra: it needs a library that is not installed.
    """
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(_HOMES)
