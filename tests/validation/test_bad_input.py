"""Whatever lies in the folder of a pack gets one finding, soon, and the other files are checked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from telecom_rules.findings import render
from telecom_rules.pack import files as pack_files
from telecom_rules.validation import examine, fix
from tests.pack.house import house, lay
from tests.patience import within

if TYPE_CHECKING:
    from pathlib import Path

    from telecom_rules.validation import Validation

WRONG = {"parameters/threshold.yaml": b"parameter: threshold\nunit: yuan\nunti: x\n"}
"""A mistake in another file, which is told whatever lies beside it."""
FOREIGN = {
    "Kubernetes": "apiVersion: v1\nkind: Service\nspec: {ports: [{port: 80}]}\n",
    "several documents of Kubernetes": "apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\n",
    "a workflow of GitHub": "name: CI\non: [push]\njobs:\n  test: {runs-on: ubuntu-latest}\n",
    "a playbook of Ansible": "- hosts: all\n  tasks:\n    - apt: {name: nginx, state: present}\n",
    "OpenAPI": "openapi: 3.1.0\npaths:\n  /a: {get: {responses: {'200': {description: ok}}}}\n",
    "Compose, with anchors": "services:\n  web: &web {image: nginx}\n  other: {<<: *web}\n",
    "a template of Helm": "{{- if .Values.x }}\napiVersion: v1\n{{- end }}\n",
}
CONTENT = {
    "nothing": (b"", "TR017"),
    "a comment": (b"# nothing yet\n", "TR017"),
    "an alias bomb": (b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "TR020"),
    "brackets in brackets": (b"facts: " + b"[" * 200_000, "TR010"),
    "braces in braces": (b"facts: " + b"{a: " * 200_000, "TR010"),
    "lists in lists": (b"- " * 5_000 + b"x", "TR010"),
    "blocks in blocks": ("\n".join(" " * at + "a:" for at in range(900)).encode(), "TR010"),
    "a zero byte": (b"facts: a\0b\n", "TR004"),
    "zero bytes alone": (b"\0" * 1_000, "TR004"),
    "GBK": ("facts: a\ntitle: {zh: 投诉处理工单，必须填写, en: A}\n".encode("gbk"), "TR003"),
    "UTF-16": ("facts: a\n".encode("utf-16"), "TR003"),
    "GBK with a bracket": ("facts: a\ntitle: {zh: （）投诉处理, en: A}\n".encode("gbk"), "TR003"),
    "Latin-1": ("facts: a # caf\xe9\n".encode("latin-1"), "TR003"),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "TR003"),
    "a megabyte and more": (b"# " + b"x" * 1_000_000, "TR002"),
    "very many keys": (b"".join(b"k%d: v\n" % at for at in range(80_000)), "TR011"),
    "quotes that do not end": (b"facts: '" + b"x\n" * 1_000, "TR005"),
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return lay(tmp_path / "pack", house() | WRONG)


def told(validation: Validation, file: str) -> list[str]:
    return [each.id for each in validation.findings if each.span.file == file]


def is_rest_checked(validation: Validation) -> bool:
    return "TR102" in told(validation, "parameters/threshold.yaml")


@pytest.mark.parametrize("name", CONTENT)
def test_a_file_of_any_content_gets_one_finding(pack: Path, name: str) -> None:
    data, code = CONTENT[name]
    with within(5):
        found = examine(lay(pack, {"other/x.yaml": data}))
    assert told(found, "other/x.yaml") == [code]
    assert is_rest_checked(found)


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_of_somebody_else_gets_one_finding(pack: Path, name: str) -> None:
    found = examine(lay(pack, {"deploy/x.yml": FOREIGN[name].encode()}))
    assert len(told(found, "deploy/x.yml")) == 1
    assert is_rest_checked(found)


def test_a_file_with_a_slip_in_its_first_key_keeps_its_other_findings(pack: Path) -> None:
    found = examine(lay(pack, {"x.yaml": b"polcy: a\nfacts: &a b\n"}))
    assert told(found, "x.yaml") == ["TR020", "TR007"]


def make(place: Path, kind: str) -> None:
    """Make what is no regular file."""
    match kind:
        case "a link to itself":
            place.symlink_to(place)
        case "a link to nowhere":
            place.symlink_to(place.parent / "nowhere")
        case "a link that leads out":
            place.symlink_to("/etc/hostname")
        case "a device":
            place.symlink_to("/dev/zero")
        case "a pipe":
            os.mkfifo(place)
        case "a socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(place))


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("a link to itself", "TR001"),
        ("a link to nowhere", "TR001"),
        ("a link that leads out", "TR022"),
        ("a device", "TR022"),
        ("a pipe", "TR001"),
        ("a socket", "TR001"),
    ],
)
def test_what_is_no_file_is_not_opened(
    pack: Path, kind: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pack)  # the name of a socket has at most about a hundred bytes
    make(pack.__class__("x.yaml"), kind)
    found = examine(pack)
    assert told(found, "x.yaml") == [code]
    assert is_rest_checked(found)


def test_folders_that_link_to_one_another_are_entered_once(pack: Path) -> None:
    (pack / "round").mkdir()
    (pack / "round" / "again").symlink_to(pack)
    (pack / "round" / "itself").symlink_to(pack / "round")
    assert {each.span.file for each in examine(pack).findings} == {"parameters/threshold.yaml"}


def test_a_file_that_nobody_may_read_is_a_finding(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(pack, {"secret.yaml": b"facts: a\n"})
    opened = pack_files.open_inside

    def refuse(root: Path, parts: tuple[str, ...]) -> int:
        if parts == ("secret.yaml",):
            raise PermissionError(13, "Permission denied")
        return opened(root, parts)

    monkeypatch.setattr(pack_files, "open_inside", refuse)
    found = examine(pack)
    assert told(found, "secret.yaml") == ["TR001"]
    assert is_rest_checked(found)


@pytest.mark.parametrize("name", [b"a\nb.yaml", b"\xff\xfe.yaml", b"a\x1b[31m.yaml"])
def test_a_file_of_any_name_gets_one_finding_on_one_line(pack: Path, name: bytes) -> None:
    (pack / os.fsdecode(name)).write_bytes(b"nonsense")
    found = examine(pack)
    (other,) = [each for each in found.findings if each.span.file != "parameters/threshold.yaml"]
    assert other.concise("zh").isprintable()
    assert is_rest_checked(found)


def test_more_files_than_a_pack_may_have_are_one_finding(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack_files, "MOST_FILES", 20)
    lay(pack, {f"z/{at}.yaml": b"# none\n" for at in range(100)})
    found = examine(pack)
    told_of = [each.id for each in found.findings]
    assert told_of.count("TR023") == 1
    assert len(told_of) > 1  # those that are read are checked


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_a_file_of_a_hundred_megabytes_takes_the_memory_of_a_small_one(pack: Path) -> None:
    with (pack / "huge.yaml").open("wb") as file:
        file.write(b"facts: a\n")
        file.truncate(100_000_000)
    code = (
        "import re, sys\n"
        "from telecom_rules import validate\n"
        "print(*(each.id for each in validate(sys.argv[1]) if each.span.file == 'huge.yaml'))\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', open('/proc/self/status').read())[1])\n"
    )
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(pack)], capture_output=True, text=True, check=True
    )
    ids, kibibytes = done.stdout.splitlines()
    assert ids == "TR002"
    assert int(kibibytes) < 120_000


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_of_another_encoding_is_shown_as_its_author_sees_it(
    pack: Path, encoding: str
) -> None:
    text = "facts: a\ntitle: {zh: （投诉）处理工单, en: A}\n"
    found = examine(lay(pack, {"other/x.yaml": text.encode(encoding)}))
    (finding,) = (each for each in found.findings if each.span.file == "other/x.yaml")
    assert found.texts["other/x.yaml"] == text
    assert (finding.span.line, finding.span.column) in {(1, 1), (2, 13)}
    assert finding.fix is None
    assert text.split("\n")[finding.span.line - 1] in render([finding], found.texts)
    assert fix(pack, unsafe=True).files == ()


def test_scenarios_that_cannot_be_opened_are_told(pack: Path) -> None:
    (pack / "scenarios").mkdir()
    loop = pack / "scenarios" / "x.yaml"
    loop.symlink_to(loop)
    assert told(examine(pack), "scenarios/x.yaml") == ["TR001"]
