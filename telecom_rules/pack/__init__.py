"""A pack: a directory of YAML, loaded whole, linked, immutable, with a digest of its content."""

from telecom_rules.named import NamedMapping
from telecom_rules.pack.compare import Change, ChangeKind, Difference, compare, settle
from telecom_rules.pack.definition import Drafts, PackDefinition
from telecom_rules.pack.files import find_pack, find_shipped, gather_files
from telecom_rules.pack.linking import Reading, link
from telecom_rules.pack.loading import load, read
from telecom_rules.pack.pack import InForce, Pack
from telecom_rules.pack.packs import Packs

__all__ = [
    "Change",
    "ChangeKind",
    "Difference",
    "Drafts",
    "InForce",
    "NamedMapping",
    "Pack",
    "PackDefinition",
    "Packs",
    "Reading",
    "compare",
    "find_pack",
    "find_shipped",
    "gather_files",
    "link",
    "load",
    "read",
    "settle",
]
