"""Reads the scenarios of a pack from disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from telecom_rules import pack as packs
from telecom_rules.findings import Findings, Severity, cap_findings
from telecom_rules.pack.files import NOTHING_UNSAVED, PACK_FILE, put_unsaved
from telecom_rules.pack.overlay.layers import read_texts
from telecom_rules.scenarios.definition import (
    PolicyScenarioFileDefinition,
    WorkflowScenarioFileDefinition,
)
from telecom_rules.scenarios.linking.layers import draft_layers
from telecom_rules.scenarios.linking.link import link

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from telecom_rules.findings import Finding
    from telecom_rules.pack import Layer, Pack
    from telecom_rules.scenarios.definition import ScenarioFileDefinition
    from telecom_rules.scenarios.linking.layers import ScenarioChange
    from telecom_rules.scenarios.scenario import Scenario


class GatheredScenarios(NamedTuple):
    """The files of scenarios of a pack and of those that it extends.

    Attributes:
        layers: the pack behind those that it extends, each with its scenarios alone.
        findings: the files of the pack that cannot be read.
    """

    layers: tuple[Layer, ...]
    findings: Findings


class FaultyScenario(NamedTuple):
    """What cannot be run because of its mistakes.

    Attributes:
        name: the name of a scenario, such as `complaint_grade/repeated`; `None` for a whole file
            that cannot be read, so that nobody knows what it holds.
        file: the file that it is written in.
    """

    name: str | None
    file: str


@dataclass(frozen=True, slots=True)
class ScenarioReading:
    """The scenario files of a pack, as read.

    Attributes:
        scenarios: the valid scenarios, in the order of the files.
        findings: the mistakes in the others, in the order of their spans.
        texts: the text of each file by its name.
        names: the names of all that are written, those of bases and those with mistakes among
            them; `None` where a file cannot be read, so that nobody knows what it holds.
        changes: the scenarios of bases that are changed or taken out.
        faulty: the scenarios and files with mistakes, which are not among `scenarios`.
    """

    scenarios: tuple[Scenario, ...]
    findings: tuple[Finding, ...]
    texts: Mapping[str, str]
    names: frozenset[str] | None
    changes: tuple[ScenarioChange, ...] = ()
    faulty: tuple[FaultyScenario, ...] = ()


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
    root = packs.find_pack(path)
    file = root / PACK_FILE
    files = put_unsaved({PACK_FILE: file.read_bytes()} if file.is_file() else {}, unsaved)
    layers = packs.find_layers(files, root, Findings())
    return read_gathered(gather(layers, root, unsaved=unsaved), pack, base=base)


def read_gathered(
    gathered: GatheredScenarios, pack: Pack | None, *, base: bool = False
) -> ScenarioReading:
    """Read the scenarios of files that are gathered; see `read`."""
    layers, findings = gathered.layers, Findings(gathered.findings)
    drafts, changes = draft_layers(layers, findings)
    names = None if findings.has_errors else frozenset(name_scenarios(drafts))
    scenarios = link(drafts, pack, findings) if pack is not None else ()
    own = {*layers[-1].files, *(each.span.file for each in gathered.findings)}
    # The common keys of a file are linked once per scenario: their mistakes come repeatedly.
    unique = {
        (each.id, each.span, each.wording): each
        for each in findings
        if base or each.span.file in own
    }
    chosen = tuple(each for each in scenarios if base or each.span.file in own)
    texts = read_texts(layers)
    faulty = tuple(
        each for each in find_faulty(drafts, scenarios, unique.values()) if base or each.file in own
    )
    return ScenarioReading(chosen, cap_findings(unique.values()), texts, names, changes, faulty)


def find_faulty(
    drafts: Iterable[ScenarioFileDefinition],
    scenarios: Iterable[Scenario],
    findings: Iterable[Finding],
) -> Iterator[FaultyScenario]:
    """Yield what is written and cannot be run."""
    valid = {each.id for each in scenarios}
    drafted = set[str]()
    for each in drafts:
        drafted.add(each.span.file)
        names = (name for name in name_scenarios([each]) if name not in valid)
        yield from (FaultyScenario(name, each.span.file) for name in names)
    errors = (each.span.file for each in findings if each.severity is Severity.ERROR)
    unread = (file for file in dict.fromkeys(errors) if file not in drafted)
    yield from (FaultyScenario(None, file) for file in unread)


def name_scenarios(drafts: Iterable[ScenarioFileDefinition]) -> Iterator[str]:
    """Yield the name of each scenario that is written, such as `complaint_grade/repeated`."""
    for each in drafts:
        if isinstance(each, PolicyScenarioFileDefinition | WorkflowScenarioFileDefinition):
            yield from (f"{each.scenarios}/{name}" for name in each.tests)


def gather(
    layers: Iterable[Layer], root: Path, *, unsaved: Mapping[str, bytes] = NOTHING_UNSAVED
) -> GatheredScenarios:
    """Return the files of scenarios of a pack and of those that it extends.

    The mistakes of a base, and bases that cannot be used, are reported when the pack is read.

    Args:
        layers: the pack behind those that it extends.
        root: the folder of the pack.
        unsaved: as `read` takes it.
    """
    findings = Findings()
    gathered = []
    for each in layers:
        found = findings if not each.label else Findings()
        names = packs.gather_files(each.root or root, found, scenarios=True)
        gathered.append(replace(each, files={each.label + name: names[name] for name in names}))
    *below, own = gathered
    own = replace(own, files=put_unsaved(own.files, unsaved))
    return GatheredScenarios((*below, own), findings)
