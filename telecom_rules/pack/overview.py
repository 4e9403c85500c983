"""A pack at a glance: which one it is, and how much it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Self

    from telecom_rules.pack.pack import Pack


class Overview(NamedTuple):
    """Which pack it is, and the number of its parts.

    Attributes:
        name: its name.
        version: the version its author gave it.
        digest: the digest of what it means.
        policies: the number of its policies; of the other parts likewise.
    """

    name: str
    version: str
    digest: str
    policies: int
    workflows: int
    parameters: int
    facts: int
    catalogues: int
    sources: int
    clauses: int

    @classmethod
    def of(cls, pack: Pack) -> Self:
        """Return the overview of a pack."""
        return cls(
            name=pack.name,
            version=pack.version,
            digest=pack.digest,
            policies=len(pack.policies),
            workflows=len(pack.workflows),
            parameters=len(pack.parameters),
            facts=len(pack.facts),
            catalogues=len(pack.catalogues),
            sources=len(pack.sources),
            clauses=sum(len(source.clauses) for source in pack.sources.values()),
        )
