"""Write the public cases of CEL again, from the npm package `@bufbuild/cel-spec`.

    python tests/expressions/cel_spec/vendor.py

It needs npm and node, which nothing else here does; that is why what it writes is committed.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "@bufbuild/cel-spec@0.6.1"
SUITES = ("conformance", "parsing")
HERE = Path(__file__).parent
KEPT = (
    "container", "disableCheck", "checkOnly", "typeEnv", "bindings", "value", "typedResult",
    "evalError",
)  # fmt: skip
"""What is kept of a case as the specification writes it."""

KIND = re.compile(r"\^#\*?expr\.\w+#")
"""What the trees say about the kind of each node behind it."""
LAYOUT = re.compile(r"(?:\n\s*// \w+)?\n\s*")


def shortened(tree: str) -> str:
    """Return a tree without kinds, comments and layout."""
    return LAYOUT.sub("", KIND.sub("", tree))


def cases(suite: dict[str, Any], path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the cases of a suite and the suites in it."""
    for test in suite.get("tests", ()):
        original = test["original"]
        case = {
            "id": "/".join((*path, original.get("name", original["expr"]))),
            "expr": original["expr"],
        }
        case |= {key: original[key] for key in KEPT if key in original}
        if "ast" in test:
            case["ast"] = shortened(test["ast"])
        if "type" in test:
            case["type"] = test["type"]
        if "error" in test:
            case["error"] = test["error"].splitlines()[0]
        yield case
    for inner in suite.get("suites", ()):
        yield from cases(inner, (*path, inner["name"]))


def main() -> None:
    """Fetch the package and write one file for each suite."""
    with tempfile.TemporaryDirectory() as folder:
        run("npm", "pack", "--silent", PACKAGE, cwd=folder)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        for name in SUITES:
            module = f"{folder}/package/dist/esm/testdata/{name}.js"
            script = f"import('{module}').then(m => console.log(JSON.stringify(m.tests)))"
            write(name, json.loads(run("node", "-e", script, cwd=folder)))


def run(*command: str, cwd: str) -> bytes:
    """Return what a command prints."""
    return subprocess.run(command, cwd=cwd, capture_output=True, check=True).stdout  # noqa: S603


def write(name: str, suite: dict[str, Any]) -> None:
    """Write the cases of one suite; those of one name are numbered."""
    seen: Counter[str] = Counter()
    with (HERE / f"{name}.jsonl").open("w", encoding="utf-8") as file:
        for case in cases(suite, ()):
            seen[case["id"]] += 1
            if seen[case["id"]] > 1:
                case["id"] = f"{case['id']}#{seen[case['id']]}"
            file.write(json.dumps(case, ensure_ascii=True) + "\n")


if __name__ == "__main__":
    main()
