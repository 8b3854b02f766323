"""The page as a person meets it: the real command, the sample reports, Debian's Chromium."""

from __future__ import annotations

import os
import re
import selectors
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
# Root may not use the sandbox; the rest keeps a new profile from calling its maker.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
START_SECONDS = 60
ANSWER_MILLISECONDS = 20_000


@pytest.fixture(scope="module")
def address(sample_library: Path) -> Iterator[str]:
    """Serve the page from app.py on a free port; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "app.py", "--library", str(sample_library), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            yield read_address(server)
        finally:
            server.terminate()


def read_address(server: subprocess.Popen) -> str:
    printed = ""
    with selectors.DefaultSelector() as ready:
        ready.register(server.stdout, selectors.EVENT_READ)
        while ready.select(timeout=START_SECONDS):
            line = server.stdout.readline()
            if not line:
                break
            printed += line
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                return found.group()
    raise AssertionError(f"the page did not start:\n{printed}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing: run tests/install-programs.sh as root")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, address: str, tmp_path: Path) -> Iterator[Page]:
    """Open the page as a new visitor; afterwards keep a picture, and see that nothing went wrong on it."""
    context = browser.new_context(locale="vi-VN", viewport={"width": 1200, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    yield page
    page.screenshot(path=tmp_path / "page.png")
    context.close()
    assert errors == []
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []


def ask(page: Page, question: str) -> Locator:
    """Type a question, press Enter, and return the new answer."""
    answers = page.locator("#chat .bot-row")
    before = answers.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(answers).to_have_count(before + 1, timeout=ANSWER_MILLISECONDS)
    return answers.nth(before)


def test_the_page_gives_both_accident_counts_with_their_sources(page: Page) -> None:
    answer = ask(page, "Trong 9 tháng có bao nhiêu vụ tai nạn lao động?")
    text = answer.locator(".answer").inner_text()
    assert "05 vụ" in text
    assert "14 vụ" in text
    assert "[1]" in text and "[2]" in text
    sources = answer.locator(".source")
    fatal = sources.filter(has_text="tổng cộng 05 vụ")
    expect(fatal.locator(".place")).to_contain_text(re.compile(r"mục 2\.2", re.IGNORECASE))
    expect(fatal.locator(".path")).to_contain_text(re.compile(r"2\.? Lĩnh vực lao động.* › 2\.2\.? Quan hệ lao động"))
    expect(fatal.locator(".quote strong").filter(has_text="05 vụ")).to_be_visible()
    investigated = sources.filter(has_text="thụ lý 14 vụ")
    expect(investigated.locator(".place")).to_contain_text(re.compile(r"mục 7", re.IGNORECASE))
    expect(investigated.locator(".quote strong").filter(has_text="14 vụ")).to_be_visible()


def test_a_figure_of_a_footnote_is_shown_with_the_footnote(page: Page) -> None:
    answer = ask(page, "Vụ tai nạn ở Công ty cổ phần Khoáng sản Đá Vách làm mấy người chết trong 9 tháng năm 2024?")
    source = answer.locator(".source").filter(has_text="chú thích 3").first
    expect(source.locator(".place")).to_contain_text(re.compile(r"mục 2\.2, chú thích 3", re.IGNORECASE))
    expect(source.locator(".quote strong").filter(has_text="02 người").first).to_be_visible()


def test_what_a_visitor_types_stays_text_and_starting_again_clears_it(page: Page) -> None:
    attack = "<img src=x onerror=alert(1)> ![ảnh](http://example.org/a.png)"
    ask(page, attack)
    assert page.locator("#chat .user-row").inner_text().strip() == attack
    assert page.locator("#chat .message img").count() == 0
    page.locator("#again").click()
    expect(page.locator("#chat .message")).to_have_count(0)


def test_two_visitors_do_not_see_each_other(page: Page, browser: Browser, address: str) -> None:
    ask(page, "Có bao nhiêu hộ nghèo?")
    with browser.new_context() as context:
        other = context.new_page()
        other.goto(address)
        expect(other.locator("#question textarea")).to_be_visible()
        expect(other.locator("#chat .message")).to_have_count(0)


def test_one_report_can_be_asked_alone(page: Page) -> None:
    page.locator("#scope input").click()
    options = page.get_by_role("option")
    assert options.count() == 4
    options.filter(has_text=re.compile("năm 2023", re.IGNORECASE)).first.click()
    answer = ask(page, "Giải quyết việc làm cho bao nhiêu lao động?")
    reports = answer.locator(".source .report")
    assert reports.count() >= 1
    assert all("2023" in name for name in reports.all_inner_texts())


def run_page_command(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        check=False, cwd=ROOT, capture_output=True, text=True, timeout=START_SECONDS,
    )


def test_a_taken_port_is_named_with_another_to_try(address: str, sample_library: Path) -> None:
    port = int(address.rsplit(":", 1)[1])
    done = run_page_command("--library", str(sample_library), "--port", str(port))
    assert done.returncode == 2
    assert f"Cổng {port} đang được chương trình khác dùng" in done.stderr
    assert f"--port {port + 1}" in done.stderr


def test_a_missing_library_is_said_in_a_sentence(tmp_path: Path) -> None:
    done = run_page_command("--library", str(tmp_path / "không có"))
    assert done.returncode == 2
    assert str(tmp_path / "không có") in done.stderr
    assert "Traceback" not in done.stderr
