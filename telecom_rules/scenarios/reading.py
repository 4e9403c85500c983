"""Reads the scenarios of a pack from disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telecom_rules import pack as packs
from telecom_rules.findings import Findings, cap_findings
from telecom_rules.pack.files import NOTHING_UNSAVED, PACK_FILE, put_unsaved
from telecom_rules.scenarios.linking.layers import draft_layers
from telecom_rules.scenarios.linking.link import link

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Layer, Pack
    from telecom_rules.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class ScenarioReading:
    """The scenario files of a pack, as read.

    Attributes:
        scenarios: the valid scenarios, in the order of the files.
        findings: the mistakes in the others, in the order of their spans.
        texts: the text of each file by its name.
    """

    scenarios: tuple[Scenario, ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]


def read(
    path: str | os.PathLike[str] | None,
    pack: Pack | None,
    *,
    base: bool = False,
    unsaved: Mapping[str, bytes] = NOTHING_UNSAVED,
) -> ScenarioReading:
    """Read the scenarios in the folders called `scenarios` of a pack.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        pack: the pack; without one the files are read but not linked.
        base: whether the scenarios of the packs that it extends count too, and not only its own
            and those that it changes.
        unsaved: the bytes that are to be read for files of the pack, by their names, in the place
            of what is on disk.

    Raises:
        PackNotFound: there is no pack at `path`.
    """
    findings = Findings()
    layers = gather_layers(packs.find_pack(path), findings, unsaved)
    drafts = draft_layers(layers, findings)
    scenarios = link(drafts, pack, findings) if pack is not None else ()
    own = layers[-1].files
    # The common keys of a file are linked once per scenario: their mistakes come repeatedly.
    unique = {
        (each.id, each.span, each.wording): each
        for each in findings
        if base or each.span.file in own
    }
    texts = {
        name: data.decode("utf-8-sig", "replace")
        for layer in layers
        for name, data in layer.files.items()
    }
    chosen = tuple(each for each in scenarios if base or each.span.file in own)
    return ScenarioReading(chosen, cap_findings(unique.values()), texts)


def gather_layers(root: Path, findings: Findings, unsaved: Mapping[str, bytes]) -> list[Layer]:
    """Return the files of scenarios of a pack and of those that it extends, the lowest first.

    The mistakes of a base, and bases that cannot be used, are reported when the pack is read.
    """
    file = root / PACK_FILE
    files = put_unsaved({PACK_FILE: file.read_bytes()} if file.is_file() else {}, unsaved)
    layers = []
    for each in packs.find_layers(files, root, Findings()):
        found = findings if not each.label else Findings()
        names = packs.gather_files(each.root or root, found, scenarios=True)
        layers.append(replace(each, files={each.label + name: names[name] for name in names}))
    *below, own = layers
    return [*below, replace(own, files=put_unsaved(own.files, unsaved))]
