"""The review page as a reviewer uses it: in a browser, by keys, from disk and served."""

import json
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipeline.archive import extract
from pipeline.desk import Desk
from pipeline.pages import write_pages
from pipeline.plan import plan
from pipeline.reader import load
from pipeline.review.rows import Dialect, read_log, write_rows
from pipeline.series import series
from pipeline.serve import Server
from pipeline.tabulate import tabulate
from tests.browser.conftest import Show, press, text_of, wait
from tests.conftest import REPOSITORY
from tests.export.test_review import HOSTILE, hostile_document

SAMPLE = "108-nq-cp-2019.ocr"
TEXT = "Điều 1. Giao So Nội vụ.\nĐiều 2. Giao So Tài chính lập dự toán.\nĐiều 3. Giao So Y tế lập báo cáo.\n"
LEFT = "return doubts.filter((place) => !log.isDecided(place)).length"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the sample."""
    folder = tmp_path_factory.mktemp("sample")
    name = f"{SAMPLE}.json"
    (folder / name).write_bytes((REPOSITORY / "corpus/clean" / name).read_bytes())
    write_pages(folder)
    return folder / f"{SAMPLE}.html"


@pytest.fixture
def archive(quick: object, tmp_path: Path) -> Path:
    """Inputs and results of an archive with two documents."""
    raw = tmp_path / "raw"
    (raw / "xã").mkdir(parents=True)
    (raw / "a.txt").write_text(TEXT)
    (raw / "xã" / "b c.txt").write_text("Điều 1. Giao So Nội vụ.\n")
    return make(tmp_path)


def make(archive: Path) -> Path:
    raw, clean = archive / "raw", archive / "clean"
    jobs = plan([raw], clean)
    list(extract(jobs, clean))
    assert not write_pages(clean, jobs).errors
    return archive


def words(browser: WebDriver, text: str) -> list[str]:
    """Which restored words read so."""
    return [e.text for e in browser.find_elements(By.CSS_SELECTOR, ".right .word") if e.text == text]


def mend(browser: WebDriver, text: str, corrected: str) -> None:
    """Choose a word, once it is drawn, type what is printed, and save."""
    wait(lambda: words(browser, text))
    word = next(e for e in browser.find_elements(By.CSS_SELECTOR, ".right .word") if e.text == text)
    word.click()
    press(browser, "e", corrected, Keys.ENTER)


def test_the_sample_opens_at_once(show: Show, sample: Path) -> None:
    assert sample.stat().st_size < 3_000_000
    browser = show(sample.as_uri())
    paints = browser.execute_script("return performance.getEntriesByType('paint').map((e) => e.startTime)")
    assert paints
    assert max(paints) < 5_000  # 0.2 s on an idle machine; this one may be busy


def test_all_doubts_are_gone_through_by_keys_alone(show: Show, sample: Path, downloads: Path) -> None:
    browser = show(sample.as_uri())
    all_doubts = browser.execute_script(LEFT)
    press(browser, "j")
    assert browser.execute_script("return document.activeElement.classList.contains('now')")
    while browser.execute_script("return !now.restored"):
        press(browser, "j")
    press(browser, Keys.ENTER)
    assert browser.execute_script(LEFT) == all_doubts - 1
    while browser.find_element(By.ID, "runner").get_attribute("hidden"):
        press(browser, "j")
    chosen = browser.execute_script("return [now.start, now.runnerUp]")
    press(browser, "2")
    press(browser, "e", "Bản thử", Keys.ENTER)
    press(browser, "x", "x", "u")
    actions = browser.execute_script("return log.rows.map((row) => row.action)")
    assert actions == ["accept", "correct", "correct", "delete", "delete", "withdraw"]
    browser.find_element(By.ID, "export").click()
    exported = downloads / f"{SAMPLE}.corrections.csv"
    wait(exported.exists)
    log = read_log(exported.read_bytes())
    assert not log.bad
    assert [row.action for row in log.rows] == actions
    assert (log.rows[1].start, log.rows[1].corrected) == tuple(chosen)
    raw = load(REPOSITORY / "corpus/clean" / f"{SAMPLE}.json").text.raw
    assert all(raw[row.start : row.end] == row.raw for row in log.rows)
    again = show(sample.as_uri())
    assert again.execute_script("return log.rows.length") == len(actions)
    exported.unlink()


def test_numbers_only_steps_from_number_to_number(show: Show, sample: Path) -> None:
    browser = show(sample.as_uri())
    press(browser, "n")
    for _ in range(5):
        press(browser, "j")
        assert browser.execute_script("return isNumber(now)")


def test_a_mend_lasts(show: Show, archive: Path, downloads: Path) -> None:
    browser = show((archive / "clean/a.html").as_uri())
    mend(browser, "So", "Sở")
    assert "2" in text_of(browser, "series-head")
    browser.execute_script("document.querySelectorAll('#series-list input').forEach((box) => { box.checked = true })")
    press(browser, "a")
    assert len(words(browser, "Sở")) == 3
    browser.find_element(By.ID, "export").click()
    exported = downloads / "a.corrections.csv"
    wait(exported.exists)
    exported.rename(archive / "raw/a.corrections.csv")
    make(archive)
    document = load(archive / "clean/a.json")
    assert document.text.restored.count("Sở") == 3
    assert {c.source for c in document.corrections} == {"reviewer"}
    assert any("Sở Y tế" in node.text for node in document.nodes)
    assert "Sở Y tế" in (archive / "clean/a.txt").read_text()
    assert tabulate(archive / "clean")
    assert "Sở Y tế" in (archive / "clean/tasks.csv").read_text()
    browser = show((archive / "clean/a.html").as_uri())
    wait(lambda: len(words(browser, "Sở")) == 3)


def test_several_words_are_one_place(show: Show, archive: Path) -> None:
    browser = show((archive / "clean/a.html").as_uri())
    next(e for e in browser.find_elements(By.CSS_SELECTOR, ".right .word") if e.text == "Nội").click()
    ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
    press(browser, "e", "Tư pháp.", Keys.ENTER)
    row = browser.execute_script("return log.rows.at(-1)")
    assert (row["raw"], row["corrected"]) == ("Nội vụ.", "Tư pháp.")
    press(browser, "u")
    assert words(browser, "Nội") == ["Nội"]


def test_the_page_finds_the_like_places_that_the_server_does(show: Show, archive: Path) -> None:
    text = "Điều 1. Giao - Sở Nội vụ\nĐIỀU 2. giáo - Số Y tế\nĐiều 3. Đưa - sơ nội vụ\nDua - Sơ nội\n"
    (archive / "raw/c.txt").write_text(text)
    make(archive)
    document = load(archive / "clean/c.json")
    browser = show((archive / "clean/c.html").as_uri())
    found = browser.execute_script(
        "return rawOrder.map((i) => likePlaces(placeOf(i, i + 1), 'x', () => false).map((place) => place.start))"
    )
    places = sorted(entry[2:] for entry in document.text.map)
    assert found == [[p.start for p in series("c", *place, "x", [("c", document)])] for place in places]
    assert found[text[: text.index("-")].count(" ")]


@pytest.fixture
def server(archive: Path) -> Iterator[Server]:
    made = Server(Desk(archive / "raw", archive / "clean"))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_served_page_saves_by_itself_and_knows_like_places_elsewhere(
    show: Show, server: Server, archive: Path
) -> None:
    browser = show(server.address + "a.html")
    mend(browser, "So", "Sở")
    saved = archive / "raw/a.corrections.csv"
    wait(saved.exists)
    wait(lambda: "xã/b c" in text_of(browser, "series-list"))
    browser.execute_script("document.querySelectorAll('#series-list input').forEach((box) => { box.checked = true })")
    press(browser, "a")
    elsewhere = archive / "raw/xã/b c.corrections.csv"
    wait(elsewhere.exists)
    assert [row.corrected for row in read_log(elsewhere.read_bytes()).rows] == ["Sở"]
    wait(lambda: len(read_log(saved.read_bytes()).rows) == 3)
    browser.execute_script("localStorage.clear()")
    assert len(words(show(server.address + "a.html"), "Sở")) == 3
    show(server.address + "xã/b%20c.html")
    assert browser.execute_script("return log.rows.length") == 1


def test_what_a_spreadsheet_has_saved_is_not_saved_again(show: Show, server: Server, archive: Path) -> None:
    (archive / "raw/c.txt").write_text('Điều 1. Giao "So" Nội vụ.\n')
    make(archive)
    browser = show(server.address + "c.html")
    mend(browser, '"So"', '"Sở"')
    saved = archive / "raw/c.corrections.csv"
    wait(lambda: browser.execute_script("return log.kept") == 1)
    rows = read_log(saved.read_bytes()).rows
    saved.write_bytes(write_rows(rows, Dialect("utf-16", ";"), header=True))
    show(server.address + "c.html")
    wait(lambda: words(browser, '"Sở"') == ['"Sở"'])
    wait(lambda: browser.execute_script("return log.kept === log.rows.length"))
    assert read_log(saved.read_bytes()).rows == rows
    assert browser.execute_script("return log.rows.length") == 1


def test_no_text_of_a_document_runs(show: Show, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(hostile_document().model_dump_json())
    assert not write_pages(tmp_path).errors
    for page in ("x.html", "index.html"):
        browser = show((tmp_path / page).as_uri())
        if page == "x.html":
            press(browser, "j")
            browser.find_element(By.ID, "language").click()
        assert browser.execute_script("return window.ran === undefined && !document.querySelector('img[src=x]')")
    browser = show((tmp_path / "x.html").as_uri())
    assert HOSTILE in text_of(browser, "sections")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_pass_axe(show: Show, sample: Path, width: int, dark: bool) -> None:
    axe = files("axe_core_python").joinpath("axe.min.js").read_text()
    for page in (sample, sample.parent / "index.html"):
        browser = show(page.as_uri(), width, dark=dark)
        if page == sample:
            press(browser, "j", "j")
        browser.execute_script(axe)
        found = browser.execute_async_script(
            "const done = arguments[0]; axe.run().then((r) => done(r.violations.map((v) => [v.id, v.nodes[0].html])))"
        )
        assert not json.loads(json.dumps(found))
        assert browser.execute_script("return document.documentElement.scrollWidth <= innerWidth")
