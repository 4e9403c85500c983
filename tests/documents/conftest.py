from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from telecom_rules.documents import Limits, Mapping, read, read_as
from telecom_rules.documents.parsers import parse_libyaml, parse_pure
from telecom_rules.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from telecom_rules.documents import Definition
    from telecom_rules.findings import Finding

PARSERS = (parse_libyaml, parse_pure) if yaml.__with_libyaml__ else (parse_pure,)


def read_everywhere(
    data: bytes | str, limits: Limits | None = None
) -> tuple[Mapping | None, list[Finding]]:
    """Read with every parser there is; they must agree on the tree and on the findings."""
    encoded = data.encode() if isinstance(data, str) else data
    readings = []
    for parser in PARSERS:
        found = Findings()
        root = read(encoded, "f.yaml", found, limits or Limits(), parser=parser)
        readings.append((root, found))
    first, *others = readings
    for other in others:
        assert repr(other) == repr(first)
    return first


def places(found: Findings) -> list[str]:
    """Return the findings as `TR006 2:1`."""
    return [f"{each.id} {each.span.line}:{each.span.column}" for each in found]


@pytest.fixture(scope="session")
def reading() -> Callable[..., tuple[Mapping | None, list[Finding]]]:
    return read_everywhere


@pytest.fixture(scope="session")
def mistakes() -> Callable[..., list[str]]:
    """Return what is wrong with a text, read as a model if one is given."""

    def mistakes(data: bytes | str, model: type[Definition] | None = None) -> list[str]:
        root, found = read_everywhere(data)
        if model is not None and root is not None:
            before = len(found)
            made = read_as(model, root, found)
            assert made is not None or found
            assert made is None or len(found) == before
        return places(found)

    return mistakes
