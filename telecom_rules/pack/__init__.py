"""A pack: a directory of YAML, loaded whole, linked, immutable, with a digest of its content."""

from telecom_rules.pack.compare import Change, ChangeKind, Difference, compare, settle
from telecom_rules.pack.definition import Drafts, PackDefinition
from telecom_rules.pack.files import find_pack, find_shipped, gather_files
from telecom_rules.pack.linking import Reading, link
from telecom_rules.pack.loading import gather, load, read
from telecom_rules.pack.matters import AskedFact, Matter, MatterDefinition, MatterKind
from telecom_rules.pack.overlay.layers import Layer, find_layers
from telecom_rules.pack.overlay.merge import Merge
from telecom_rules.pack.overlay.provenance import Overlay
from telecom_rules.pack.overlay.shapes import Shape
from telecom_rules.pack.overview import Overview
from telecom_rules.pack.pack import InForce, Pack
from telecom_rules.pack.packs import Packs
from telecom_rules.values.named import NamedMapping

__all__ = [
    "AskedFact",
    "Change",
    "ChangeKind",
    "Difference",
    "Drafts",
    "InForce",
    "Layer",
    "Matter",
    "MatterDefinition",
    "MatterKind",
    "Merge",
    "NamedMapping",
    "Overlay",
    "Overview",
    "Pack",
    "PackDefinition",
    "Packs",
    "Reading",
    "Shape",
    "compare",
    "find_layers",
    "find_pack",
    "find_shipped",
    "gather",
    "gather_files",
    "link",
    "load",
    "read",
    "settle",
]
