"""Review pages without a browser: nothing of a document is HTML, all of it is there, sizes hold, files are kept."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipeline.archive import extract
from pipeline.export.review import overview, to_page
from pipeline.export.review.layout import lay_out
from pipeline.pages import write_pages
from pipeline.plan import plan
from pipeline.reader import Document, load
from tests import documents
from tests.conftest import REPOSITORY

HOSTILE = """</script><script>ran=1</script><img src=x onerror="ran=1">&lt;'"><!--\u2028{{ 7*7 }}"""


def hostile_document() -> Document:
    """Markup in every field that holds text."""
    first = HOSTILE.split(" ")[0]
    value = {"value": HOSTILE, "raw": HOSTILE, "span": (0, 5), "page": 1, "confidence": 1.0}
    names = ("doc_type", "number", "notation", "subject", "issuing_body", "issued_date")
    lead = {"raw": HOSTILE, "agency_id": None, "name": HOSTILE, "score": 100, "span": (0, 1)}
    words = [(m.start(), m.end()) * 2 for m in re.finditer(r"\S+", HOSTILE)]
    doubt = {"raw": first, "restored": first, "span": (0, len(first)), "raw_span": (0, len(first)), "confidence": 0.2}
    return documents.document(
        [("1", None, "khoan", HOSTILE, HOSTILE, HOSTILE)],
        source={"file_name": HOSTILE, "sha256": "0" * 64, "media_type": "text/plain", "pages": ()},
        text={"raw": HOSTILE, "restored": HOSTILE, "map": words},
        metadata=documents.NOTHING | dict.fromkeys(names, value),
        tasks=[documents.task("1", HOSTILE, lead=[lead])],
        warnings=[{"code": HOSTILE, "message": HOSTILE}],
        corrections=[doubt | {"runner_up": HOSTILE, "source": "model"}],
    )


def sample() -> Document:
    return load(REPOSITORY / "corpus/clean/108-nq-cp-2019.ocr.json")


def _parsed(page: bytes) -> Any:
    return html.fromstring(page)


def page_of(document: Document, name: str = "x") -> bytes:
    return to_page(document, overview(name, document, ""), index="index.html").html


def test_nothing_of_a_document_is_html() -> None:
    page = _parsed(page_of(hostile_document(), HOSTILE))
    kinds = [script.get("type") for script in page.iter("script")]
    assert kinds == ["application/json", "application/json", "application/json", None]
    assert not list(page.iter("img"))
    assert all(name[:2] != "on" for element in page.iter() for name in element.attrib)
    payload = json.loads(page.get_element_by_id("payload").text)
    assert payload["raw"] == HOSTILE


def test_the_title_has_the_number_as_it_is_printed() -> None:
    value = {"raw": "", "page": 1, "confidence": 1.0}
    parts = {"number": ("45", 3, 5), "notation": ("NQ/TU", 6, 11), "doc_type": ("NGHỊ QUYẾT", 0, 1)}
    told = {name: value | {"value": text, "span": (start, end)} for name, (text, start, end) in parts.items()}
    document = documents.document(
        [("so", None, "so_ky_hieu", None, None, "Số 45-NQ/TU")], metadata=documents.NOTHING | told
    )
    assert overview("x", document, "").title == "Nghị quyết 45-NQ/TU"
    page = _parsed(page_of(document))
    assert page.findtext(".//title") == "Nghị quyết 45-NQ/TU – vanban"
    assert page.findtext(".//h1") == "Nghị quyết 45-NQ/TU"


def test_each_syllable_is_shown_once_and_each_raw_character_stands_in_a_row() -> None:
    document = sample()
    layout = lay_out(document)
    shown, covered = list[int](), set[int]()
    for row in (row for section in layout.sections for row in section.rows):
        cells = [cell.passage for cells in row.table.rows for cell in cells] if row.table else [row.passage]
        for passage in filter(None, cells):
            shown += range(passage.first, passage.last)
        covered.update(at for start, end in row.raw for at in range(start, end))
    assert sorted(shown) == list(range(len(document.text.map)))
    assert not [at for at, character in enumerate(document.text.raw) if not character.isspace() and at not in covered]
    assert set(layout.rows_of) == {node.id for node in document.nodes}


def test_the_page_of_a_long_document_stays_small() -> None:
    document = sample()
    data = page_of(document)
    assert len(data) < 3_000_000
    pages = len(document.text.restored) / 2_500  # characters of a printed page
    each = (len(data) - len(page_of(documents.document()))) / pages
    assert each * 500 < 20_000_000 - 12_000_000  # the rest is for pictures


def test_pictures_beyond_the_limit_lie_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.export.review.page.MOST_EMBEDDED", 10)
    document = sample()
    made = to_page(
        document, overview("a/b c", document, ""), [(1, b"12345678"), (2, b"12345678")], index="../index.html"
    )
    assert made.beside == {"0002.webp": b"12345678"}
    page = _parsed(made.html)
    assert json.loads(page.get_element_by_id("payload").text)["files"] == {"2": "b%20c.pages/0002.webp"}
    assert page.get_element_by_id("picture-1").text == "MTIzNDU2Nzg="


def test_pictures_do_not_follow_a_link(quick: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.export.review.page.MOST_EMBEDDED", 10)
    drawn = [(1, b"12345678"), (2, b"12345678")]
    monkeypatch.setattr(
        "pipeline.pages.to_page", lambda document, told, _, index: to_page(document, told, drawn, index=index)
    )
    raw, clean, elsewhere = tmp_path / "raw", tmp_path / "clean", tmp_path / "elsewhere"
    for folder in (raw, clean, elsewhere):
        folder.mkdir()
    (raw / "a.txt").write_text("Điều 1. Giao Sở Nội vụ.\n")
    (clean / "a.pages").symlink_to(elsewhere)
    jobs = plan([raw], clean)
    list(extract(jobs, clean))
    assert [error.code for _, error in write_pages(clean, jobs).errors] == ["output_outside"]
    assert not list(elsewhere.iterdir())


def test_pages_are_made_where_they_are_out_of_date(quick: object, tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    for name in ("a", "index"):
        (raw / f"{name}.txt").write_text("Điều 1. Giao Sở Nội vụ.\n")
    jobs = plan([raw], clean)
    list(extract(jobs, clean))
    assert write_pages(clean, jobs).pages == 2
    assert {path.name for path in clean.glob("*.html")} == {"a.html", "index.document.html", "index.html"}
    first = {path: path.read_bytes() for path in clean.glob("*.html")}
    assert write_pages(clean, jobs).pages == 0
    (clean / "a.html").unlink()
    assert write_pages(clean, jobs).pages == 1
    assert {path: path.read_bytes() for path in clean.glob("*.html")} == first


def test_a_page_of_somebody_else_is_never_written_over(quick: object, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Điều 1. Giao Sở Nội vụ.\n")
    (tmp_path / "a.html").write_text("<p>mine</p>")
    jobs = plan([tmp_path / "a.txt"], tmp_path / "clean")
    list(extract(jobs, tmp_path / "clean"))
    (tmp_path / "clean/a.html").write_text("<p>mine</p>")
    written = write_pages(tmp_path / "clean", jobs)
    assert [error.code for _, error in written.errors] == ["page_taken"]
    assert (tmp_path / "clean/a.html").read_text() == "<p>mine</p>"
