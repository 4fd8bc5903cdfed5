"""Pages are read once, the same way each time, by a reader that stands in for Tesseract."""

from collections.abc import Sequence
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.train import read, render
from pipeline.train.read import Job, load_readings, read_pages

JOBS = [Job(f"page-{i}", "eng", paragraphs=(f"Dòng {i}",)) for i in range(5)]


class Reader:
    """Reads what it is told, and how often it was asked."""

    def __init__(self) -> None:
        self.images: list[bytes] = []

    def __call__(self, image: Image.Image, lang: str, config: str) -> str:
        self.images.append(image.tobytes())
        return f"Dong\n{lang}\n\n\f"


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    def page(paragraphs: Sequence[str], dpi: int, _: np.random.Generator) -> tuple[Image.Image, list[str]]:
        return Image.linear_gradient("L"), list(paragraphs)

    fake = Reader()
    monkeypatch.setattr(read, "Pool", ThreadPool)
    monkeypatch.setattr(render, "text_page", page)
    monkeypatch.setattr("pytesseract.image_to_string", fake)
    return fake


def test_every_page_is_read_to_a_file_of_its_own(reader: Reader, tmp_path: Path) -> None:
    assert sorted(read_pages(JOBS, tmp_path / "pages", seed=1, processes=2)) == [job.name for job in JOBS]
    readings = list(load_readings((tmp_path / "pages").iterdir()))
    assert [reading.truth for reading in readings] == [job.paragraphs for job in JOBS]
    assert {reading.read for reading in readings} == {("Dong", "eng")}


def test_pages_read_before_are_not_read_again(reader: Reader, tmp_path: Path) -> None:
    list(read_pages(JOBS[:3], tmp_path, seed=1))
    (tmp_path / "page-4.part").write_text("{")
    assert sorted(read_pages(JOBS, tmp_path, seed=1)) == ["page-3", "page-4"]
    assert len(reader.images) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"page-{i}.json" for i in range(5)]


def test_the_wear_of_a_page_depends_on_its_name_and_the_seed_alone(reader: Reader, tmp_path: Path) -> None:
    for folder, seed, jobs in (("a", 1, JOBS), ("b", 1, JOBS[::-1]), ("c", 2, JOBS)):
        list(read_pages(jobs, tmp_path / folder, seed, processes=1))
    first, second, third = (reader.images[i : i + 5] for i in (0, 5, 10))
    assert sorted(first) == sorted(second)
    assert len(set(first)) == 5
    assert sorted(third) != sorted(first)


def test_wear_keeps_the_size_and_a_threshold_leaves_black_and_white() -> None:
    wear = render.Wear(dpi=200, skew=0.4, blur=2.0, noise=10.0, ink=1, contrast=0.8, threshold=150)
    page = Image.new("L", (60, 80), 255)
    page.paste(0, (20, 20, 40, 60))
    worn = render.wear_image(page, wear, np.random.default_rng(1))
    assert worn.size == page.size
    assert set(np.unique(np.asarray(worn)).tolist()) == {0, 255}
