"""The packs that a process has registered, for the values that pickles name by a digest.

A case, a workflow, a policy or a decision is nothing without its rules, and these are no data of
the value. Its pickle holds their digest, and what unpickling makes of it comes through the same
door as what a host has stored: `restore` and `decide_again`, with all their checks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from telecom_rules.errors import SnapshotMismatch, UnknownPack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class RegisteredPack(Protocol):
    """A pack, as seen from below: `Any` stands for what only the rooms above can name."""

    @property
    def digest(self) -> str:
        """The digest of what it means."""

    @property
    def policies(self) -> Mapping[str, Any]:
        """Its policies by name."""

    @property
    def workflows(self) -> Mapping[str, Any]:
        """Its workflows by name."""

    def restore(self, snapshot: object) -> Any:
        """Return the case in a snapshot."""

    def decide_again(self, dump: object) -> Any:
        """Return the decision in a dump."""


P = TypeVar("P", bound=RegisteredPack)
T = TypeVar("T")

PACKS: list[RegisteredPack] = []
"""The packs of this process: unpickling has no other place to ask."""


def register(packs: Iterable[RegisteredPack]) -> None:
    """Register packs in this process, those first that are to be asked first."""
    PACKS.extend(each for each in packs if not any(each is known for known in PACKS))


def ask(packs: Iterable[P], read: Callable[[P], T], digest: str) -> T:
    """Return what the first pack reads whose rules are those, or as good as those, of a value.

    Raises:
        UnknownPack: no pack can.
    """
    asked = []
    for pack in packs:
        try:
            return read(pack)
        except SnapshotMismatch:
            asked.append(pack.digest)
    raise UnknownPack(digest, asked)


def find_pack(digest: str) -> RegisteredPack:
    """Return the registered pack with a digest."""
    found = next((pack for pack in PACKS if pack.digest == digest), None)
    if found is None:
        raise UnknownPack(digest, [pack.digest for pack in PACKS])
    return found


def find_policy(name: str, digest: str) -> Any:
    """Return the policy with a name and a digest from the registered packs."""
    known = [pack.digest for pack in PACKS]
    return find_member([pack.policies for pack in PACKS], name, digest, known)


def find_workflow(name: str, digest: str) -> Any:
    """Return the workflow with a name and a digest from the registered packs."""
    known = [pack.digest for pack in PACKS]
    return find_member([pack.workflows for pack in PACKS], name, digest, known)


def find_member(
    members: Iterable[Mapping[str, Any]], name: str, digest: str, known: Sequence[str]
) -> Any:
    """Return the thing with a name and a digest.

    Args:
        members: the things of each pack, by name.
        name: its name.
        digest: its digest.
        known: the digests of the packs, for the error.

    Raises:
        UnknownPack: none of the packs has it.
    """
    for each in members:
        if name in each and each[name].digest == digest:
            return each[name]
    raise UnknownPack(digest, known)


def restore_case(snapshot: Mapping[str, object]) -> Any:
    """Return the case in a snapshot, restored by a registered pack."""
    return ask(PACKS, lambda pack: pack.restore(snapshot), str(snapshot.get("digest")))


def decide_again(dump: Mapping[str, object]) -> Any:
    """Return the decision in a dump, made anew by a registered pack."""
    return ask(PACKS, lambda pack: pack.decide_again(dump), str(dump.get("digest")))
