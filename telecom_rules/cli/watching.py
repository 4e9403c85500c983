"""`--watch`: a verb runs again whenever a file of its pack changes, until Ctrl-C.

Files are looked at by their content, once a second: no library is needed, and what an editor or a
network drive does to the times of files does not matter.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from telecom_rules.cli.screen import describe_system_error
from telecom_rules.cli.status import CLEAN, ExitStatus, UsageError
from telecom_rules.errors import TelecomRulesError
from telecom_rules.wording import Wording

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from telecom_rules.cli.screen import Screen

SECONDS = 1.0
"""Seconds between two looks at the files."""
WATCHING = Wording("正在监视改动，按 Ctrl-C 结束", "watching for changes; Ctrl-C ends it")


def add_watch(parser: argparse.ArgumentParser) -> None:
    """Add `--watch`."""
    parser.add_argument(
        "--watch", action="store_true", help="run again when a file changes, until Ctrl-C"
    )


def watch(path: str | None, run: Callable[[], ExitStatus], screen: Screen) -> ExitStatus:
    """Run a verb now and whenever a file of its pack changes; return when Ctrl-C ends it.

    A pack that cannot be read the first time ends it too; later that is told, and it goes on.

    Args:
        path: the pack, as the verb was given it.
        run: runs the verb once.
        screen: where it is told that files are watched.
    """
    seen = digest_files(path)
    try:
        run()
        screen.complain(WATCHING.say(screen.language))
        while True:
            time.sleep(SECONDS)
            now = digest_files(path)
            if now != seen:
                seen = now
                run_on(run, screen)
    except KeyboardInterrupt:
        return CLEAN


def run_on(run: Callable[[], ExitStatus], screen: Screen) -> None:
    """Run a verb, and tell an error that would end it: the next change may mend that."""
    screen.write_line()
    try:
        run()
    except UsageError:
        raise
    except TelecomRulesError as problem:
        screen.complain(problem.explain(screen.language))
    except OSError as problem:
        screen.complain(describe_system_error(problem).say(screen.language))


def digest_files(path: str | None) -> bytes:
    """Return a digest of the files of a pack and of those it extends; another one if any changes.

    A pack that cannot be read has one, too.
    """
    from telecom_rules.findings import Findings
    from telecom_rules.pack import find_layers, find_pack
    from telecom_rules.pack.files import gather_files

    digest = hashlib.sha256()
    try:
        root = find_pack(path)
        own = gather_files(root, Findings())
        roots = [each.root for each in find_layers(own, root, Findings()) if each.root is not None]
    except (TelecomRulesError, OSError) as problem:
        return repr(problem).encode()
    for each in {root: None, **dict.fromkeys(roots)}:
        for scenarios in (False, True):
            files = gather_files(each, Findings(), scenarios=scenarios)
            for name, data in files.items():
                digest.update(f"{len(name)} {name} {len(data)} ".encode())
                digest.update(data)
    return digest.digest()
