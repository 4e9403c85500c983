"""Reads the scenarios of a pack from disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telecom_rules import pack as packs
from telecom_rules.findings import Findings, cap_findings
from telecom_rules.scenarios.linking.link import draft_scenarios, link

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Pack
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


def read(path: str | os.PathLike[str] | None, pack: Pack | None) -> ScenarioReading:
    """Read the scenarios in the folders called `scenarios` of a pack.

    Args:
        path: the pack's directory, or any file or folder inside one; `None` means the shipped one.
        pack: the pack; without one the files are read but not linked.

    Raises:
        PackNotFound: there is no pack at `path`.
    """
    findings = Findings()
    files = packs.gather_files(packs.find_pack(path), findings, scenarios=True)
    drafts = draft_scenarios(files, findings)
    scenarios = link(drafts, pack, findings) if pack is not None else ()
    # The common keys of a file are linked once per scenario: their mistakes come repeatedly.
    unique = {(each.id, each.span, each.wording): each for each in findings}
    texts = {name: data.decode("utf-8-sig", "replace") for name, data in files.items()}
    return ScenarioReading(scenarios, cap_findings(unique.values()), texts)
