"""A real browser on the page of `examples/fastapi_crm`: `make test-browser` runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpdesk import browser, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
__all__ = ["browser"]  # the fixture


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the service on a free port, with an empty database."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tmp_path_factory.mktemp("crm") / "crm.db"
    server = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-m", "uvicorn", "examples.fastapi_crm.crm:app", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "CRM_DATABASE": f"sqlite:///{place}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)  # the worker ends with the service
        finally:
            server.kill()


def test_a_complaint_is_clicked_from_its_receipt_to_its_grade(service: str, browser) -> None:
    page: Page = browser.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(service)
    page.click("#open")
    expect(page.locator("#title")).to_contain_text("已接收")
    barred = page.locator("#buttons button", has_text="撤回投诉")
    expect(barred).to_be_disabled()
    assert "“客户服务人员”无权执行" in (barred.get_attribute("title") or "")
    page.click("#buttons >> text=归档记录")
    expect(page.locator("#title")).to_contain_text("已记录")
    page.locator("#buttons button", has_text="初步评估").click()
    for each in page.locator("#form select").all():
        values = [option.get_attribute("value") for option in each.locator("option").all()]
        each.select_option("false" if "false" in values else values[1])
    for each in page.locator("#form input").all():
        each.fill("1")
    page.click("#form button")
    expect(page.locator("#journal tr")).to_have_count(3)
    page.click("#buttons >> text=投诉分级")
    expect(page.locator("#title")).to_contain_text("inProgress")
    page.select_option("#user", "guest")
    expect(page.locator("#buttons button:enabled")).to_have_count(0)
    assert problems == []
