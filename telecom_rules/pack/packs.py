"""Several versions of a pack side by side: new cases begin by the newest, old ones go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from telecom_rules.digests import DIGEST_LENGTH
from telecom_rules.errors import ArgumentError, UnknownPack
from telecom_rules.pack.pack import NOT_A_PACK, Pack
from telecom_rules.values import registered
from telecom_rules.values.arguments import read_object, read_text
from telecom_rules.wording import quote_found, shorten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from telecom_rules.policies import Decision
    from telecom_rules.workflows import Case, Workflow


T = TypeVar("T")


class Packs:
    """The newest pack and older ones: what was made by any of them is read by the right one.

    >>> packs = Packs(load(), load("rules-2025"))
    >>> case = packs.restore(snapshot)
    """

    __slots__ = ("_packs",)

    def __init__(self, newest: Pack, *older: Pack) -> None:
        """Make a collection of packs.

        Args:
            newest: the pack by which new cases begin. It is asked first.
            older: packs that still have open cases, in the order in which they are asked.

        Raises:
            ArgumentError: one of them is not a pack.
        """
        for each in (newest, *older):
            if not issubclass(type(each), Pack):
                name = "newest" if each is newest else "older"
                raise ArgumentError(name, NOT_A_PACK.fill(found=quote_found(each)))
        self._packs = (newest, *older)

    @property
    def newest(self) -> Pack:
        """The pack by which new cases begin."""
        return self._packs[0]

    @property
    def digests(self) -> tuple[str, ...]:
        """The digest of each pack, the newest first."""
        return tuple(pack.digest for pack in self._packs)

    def __getitem__(self, name: str) -> Workflow:
        """Return a workflow of the newest pack.

        Raises:
            UnknownName: it has none of this name.
        """
        return self.newest.workflows[name]

    def find_workflow(self, name: str, digest: str) -> Workflow:
        """Return the workflow with a name and a digest, of the first pack that has it.

        Args:
            name: its name.
            digest: the digest of what it means, as a journal entry names it.

        Raises:
            UnknownPack: none of the packs has it.
            ArgumentError: one of them is not a text.
        """
        name, digest = read_text("name", name), read_text("digest", digest)
        members = [pack.workflows for pack in self._packs]
        found: Workflow = registered.find_member(members, name, digest, self.digests)
        return found

    def restore(self, snapshot: object) -> Case:
        """Return the case that `Case.dump` stored, by the first pack that can go on with it.

        Args:
            snapshot: what `dump` returned, read back from JSON.

        Raises:
            SnapshotError: the snapshot is damaged, or not one of a case.
            UnknownPack: none of the packs has the rules it was made by, or as good as those.
            ArgumentError: `snapshot` is not an object.
        """
        return self._ask(lambda pack: pack.restore(snapshot), "snapshot", snapshot)

    def decide_again(self, dump: object, *, other_rules: bool = False) -> Decision:
        """Return the decision that `Decision.dump` wrote down, made anew from its facts and day.

        Args:
            dump: what `dump` returned, read back from JSON.
            other_rules: whether the newest pack decides where none has the rules it was made by;
                see `Pack.decide_again`.

        Raises:
            SnapshotError: it is damaged, or the answer in it is not the one the rules give.
            UnknownPack: none of the packs has the rules it was made by.
            ArgumentError: `dump` is not an object.
            TelecomRulesError: other rules cannot decide on the facts.
        """
        try:
            return self._ask(lambda pack: pack.decide_again(dump), "dump", dump)
        except UnknownPack:
            if other_rules is not True:
                raise
        return self.newest.decide_again(dump, other_rules=True)

    def register(self) -> Self:
        """Register the packs in this process, so that pickles of their values can be read.

        Call it once in each process that unpickles: in a worker of a pool, in its initializer. What
        a forked process inherits is registered there as well.
        """
        registered.register(self._packs)
        return self

    def _ask(self, read: Callable[[Pack], T], argument: str, stored: object) -> T:
        """Return what the first pack reads that can."""
        digest = read_object(argument, stored).get("digest")
        return registered.ask(self._packs, read, shorten(digest, DIGEST_LENGTH))

    def __repr__(self) -> str:
        return f"<Packs {', '.join(map(repr, self._packs))}>"
