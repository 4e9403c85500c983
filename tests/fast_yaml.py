"""The loaders and the dumper of PyYAML, by libyaml where that is installed: many times as fast."""

from __future__ import annotations

import yaml

__all__ = ["BaseLoader", "SafeDumper", "SafeLoader"]

if yaml.__with_libyaml__:
    from yaml import CBaseLoader as BaseLoader
    from yaml import CSafeDumper as SafeDumper
    from yaml import CSafeLoader as SafeLoader
else:
    from yaml import BaseLoader, SafeDumper, SafeLoader  # type: ignore[assignment]
