"""A headless Chromium, where the machine has one."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
Show = Callable[..., WebDriver]


@pytest.fixture(scope="session")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="session")
def chromium(downloads: Path) -> Iterator[WebDriver]:
    if not (CHROMIUM and DRIVER):
        pytest.skip("the review page is tried out in Chromium: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield browser
    browser.quit()


@pytest.fixture
def show(chromium: WebDriver) -> Iterator[Show]:
    """Open a page and wait until it is ready; in the end it must have run without an error of its scripts."""

    def open_page(address: str, width: int = 1280, height: int = 860, dark: bool = False) -> WebDriver:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        chromium.get(address)
        wait(lambda: chromium.execute_script("return !byId('sections') || document.body.dataset.ready === 'yes'"))
        return chromium

    told_by(chromium)
    yield open_page
    told = [entry["message"] for entry in told_by(chromium) if "404" not in entry["message"]]
    chromium.execute_script("try { localStorage.clear() } catch {}")
    assert not told


def told_by(browser: Any) -> list[dict[str, str]]:
    return list(browser.get_log("browser"))


def wait(come: Callable[[], object], seconds: float = 20) -> None:
    """Until something has come true; a test fails where it doesn't."""
    end = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < end, "the page did not do it"
        time.sleep(0.05)


def press(browser: WebDriver, *keys: str) -> None:
    """Keys, one after another, to what has the focus."""
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def text_of(browser: WebDriver, element: str) -> str:
    return str(browser.find_element(By.ID, element).get_attribute("textContent"))
