"""A real browser in the helpdesk: `make test-browser` runs it, `make test` does not.

With the variable SCREENSHOTS it leaves pictures of what it saw in that folder.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

MANAGE = Path(__file__).resolve().parents[2] / "examples" / "helpdesk" / "manage.py"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update",
         "--disable-sync"]  # fmt: skip
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[str]:
    """Start the helpdesk on a free port, with its sample data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "HELPDESK_DATA": str(tmp_path_factory.mktemp("helpdesk"))}
    manage = [sys.executable, str(MANAGE)]
    subprocess.run([*manage, "sample"], env=environment, check=True)  # noqa: S603 - our own
    server = subprocess.Popen(  # noqa: S603 - our own
        [*manage, "runserver", f"127.0.0.1:{port}", "--noreload"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/login/")
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address)  # noqa: S310 - our own server
        except urllib.error.URLError:
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "install chromium, such as by `apt-get install chromium`"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def open_as(browser, site):
    """Log somebody in, in a language, and return the page."""
    contexts = []

    def log_in(name: str, locale: str = "en") -> Page:
        context = browser.new_context(
            base_url=site, locale=locale, viewport={"width": 1180, "height": 820}
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/login/")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", "demo")
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/tickets/**")
        return page

    yield log_in
    for each in contexts:
        each.close()


def picture(page: Page, name: str, height: int = 820) -> None:
    if SCREENSHOTS:
        clip = {"x": 0, "y": 0, "width": 1180, "height": height}
        page.screenshot(path=f"{SCREENSHOTS}/{name}.png", clip=clip)


def card(page: Page, title: str):
    return page.locator(".kanban-card", has_text=title)


def column(page: Page, status: int):
    return page.locator(f'.kanban-drop-zone[data-status="{status}"]')


def test_a_card_dragged_where_it_may_not_go_is_refused_in_words(open_as):
    page = open_as("agnes")
    page.goto("/kanban/")
    card(page, "Charged twice").drag_to(column(page, 4))
    toast = page.locator("#kanban-toast-msg")
    expect(toast).to_contain_text("“Closed” was refused")
    expect(toast).to_contain_text("7.1.2")
    expect(column(page, 4).locator(".kanban-card", has_text="Charged twice")).to_have_count(1)
    picture(page, "helpdesk-board")
    page.reload()
    expect(column(page, 1).locator(".kanban-card")).to_have_count(3)


def test_a_card_dragged_without_data_opens_the_form_of_the_event(open_as):
    page = open_as("agnes")
    page.goto("/kanban/")
    card(page, "Line noise").drag_to(column(page, 3))
    page.wait_for_url("**/rules/helpdesk.ticket/*/answer/**")
    page.fill("[name=event-result]", "The joint was renewed")
    page.select_option("[name=event-opinion_asked]", "true")
    picture(page, "helpdesk-form", 460)
    page.click("button[type=submit]")
    page.wait_for_url("**/kanban/")
    expect(column(page, 3).locator(".kanban-card", has_text="Line noise")).to_have_count(1)


def test_the_form_of_the_ticket_is_refused_with_the_clause_in_chinese(open_as):
    page = open_as("agnes", "zh-CN")
    page.goto("/kanban/")
    number = card(page, "Broadband").get_attribute("data-ticket-id")
    page.goto(f"/tickets/{number}/")
    page.click("#respond-tab")
    page.fill("#commentBox", "Done")
    page.check("input[name=new_status][value='3']", force=True)
    page.locator("#ticket-respond-form button.btn-success").click()
    expect(page.locator("h1")).to_have_text("“已解决”未被接受")
    expect(page.locator(".rules-refusal")).to_contain_text("《电信业务管理与客户服务规范书》")
    picture(page, "helpdesk-refused", 320)
    page.get_by_text("返回").click()
    expect(page).to_have_url(f"{page.url.split('/tickets/')[0]}/tickets/{number}/")


def test_the_admin_shows_why_not_and_the_picture(open_as):
    page = open_as("sun", "zh-CN")
    page.goto("/kanban/")
    number = card(page, "Charged twice").get_attribute("data-ticket-id")
    page.goto(f"/admin/helpdesk/ticket/{number}/change/")
    expect(page.locator("svg rect.active")).to_have_count(1)
    expect(page.locator(".rules-journal")).to_contain_text("归档记录")
    expect(page.locator(".rules-options")).to_contain_text("初步评估")
    page.locator(".rules-options").scroll_into_view_if_needed()
    picture(page, "helpdesk-admin")
