"""The sessions on the pages about CI that no page can run by itself: the hooks and pytest.

A session is a text block that begins with `$`. It is run on the pack of its page, after the fixes,
and has to come out as it is recorded there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml
from worked_examples import write_file

from telecom_rules.validation import fix

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "how-to" / name for name in ("validate-in-ci.md", "validate-in-ci.zh.md")]
BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
SESSION = re.compile(r"\$ (?P<command>[^\n]*)\n(?P<printed>.*)", re.DOTALL)
HOOK_FILES = (
    "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml",
    "telecom_rules", "rules", "examples/data",
)  # fmt: skip
REUSED = {
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it the other way round: `0` means no isolation
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),
}
"""Lets the environment of a hook use the packages of this one, so that nothing is fetched."""
TIME = re.compile(r"in [0-9.]+s")


def read_blocks(page: Path) -> list[tuple[str, str]]:
    """Return the kind and the text of each block of a page."""
    return [(each["kind"], each["body"]) for each in BLOCK.finditer(page.read_text("utf-8"))]


def find_session(page: Path, command: str) -> tuple[str, str]:
    """Return the command of a session that begins so, and what it prints."""
    texts = (body for kind, body in read_blocks(page) if kind == "text")
    (found,) = (each for each in map(SESSION.match, texts) if each and each[1].startswith(command))
    return found["command"], found["printed"]


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """A function that enters a folder with the pack of a page, as its fixes leave it."""

    def enter(page: Path) -> None:
        folder = tmp_path / page.name
        folder.mkdir()
        monkeypatch.chdir(folder)
        for kind, body in read_blocks(page):
            if kind == "yaml":
                write_file(body)
        for each in fix("house_rules").files:
            each.path.write_bytes(each.after)

    return enter


def run(command: str, **variables: str) -> str:
    """Run a command with the tools of this environment, outside any CI; return all it prints."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    left_out = {"GITHUB_ACTIONS", "CI", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST", "GIT_DIR"}
    environment = {k: v for k, v in os.environ.items() if k not in left_out}
    done = subprocess.run(  # noqa: S603 - commands of our own pages
        command.split(),
        env={**environment, "PATH": path, "PYTHONUTF8": "1", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return TIME.sub("in 0.01s", done.stdout + done.stderr)


@pytest.mark.parametrize("page", PAGES, ids=lambda each: each.name)
def test_pytest_prints_what_the_page_shows(page, stand_in):
    stand_in(page)
    command, printed = find_session(page, "pytest")
    told = run(
        f"{command} -p no:cacheprovider",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",  # those of the other packages take longer than the run
        PYTEST_PLUGINS="telecom_rules.pytest_plugin",
    )
    assert told == TIME.sub("in 0.01s", printed)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory) -> Path:
    """Return a git repository with what a hook is made of, as of this checkout."""
    folder = tmp_path_factory.mktemp("hooks") / "telecom_rules"
    for name in HOOK_FILES:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    identity = "-c user.name=tests -c user.email=tests@example.org"
    for command in ("init --quiet", "add .", f"{identity} commit --quiet -m hooks", "tag v0.1.0"):
        run(f"git -C {folder} {command}")
    return folder


@pytest.mark.slow
def test_pre_commit_installs_the_hooks_and_prints_what_the_pages_show(stand_in, hooks, is_long):
    """The real pre-commit makes an environment and installs the hooks into it.

    `make test-long` does so for each page, and fetches what they need from the package registry.
    """
    for page in PAGES if is_long else PAGES[:1]:
        stand_in(page)
        command, printed = find_session(page, "pre-commit")
        (settings,) = (body for kind, body in read_blocks(page) if body.startswith("repos:"))
        document = yaml.safe_load(settings)
        document["repos"][0]["repo"] = str(hooks)
        Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(document), "utf-8")
        run("git init --quiet")
        run("git add .")
        told = run(
            command,
            PRE_COMMIT_HOME=str(hooks.parent / "environments"),
            PRE_COMMIT_COLOR="never",
            **({} if is_long else REUSED),
        )
        assert re.sub(r"^\[INFO\].*\n", "", told, flags=re.MULTILINE) == printed
