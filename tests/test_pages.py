"""Pages of a folder: what can't be drawn costs its pictures alone."""

from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import InputError
from pipeline.pages import _drawn

SAMPLE = Path(__file__).parent.parent / "corpus/raw/47-kh-ubnd-2024.scan.pdf"


def test_pages_of_an_input_are_drawn_as_webp() -> None:
    assert [(number, data[:4], data[8:12]) for number, data in _drawn(SAMPLE, {1})] == [(1, b"RIFF", b"WEBP")]


def test_pages_that_cannot_be_drawn_leave_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    page = Image.effect_noise((300, 400), 64)
    page.save(folder / "1.tif", save_all=True, append_images=[page])
    (folder / "2.png").write_bytes(b"\x89PNG\r\n")
    page.save(folder / "3.jpg")
    (folder / "3.jpg").write_bytes((folder / "3.jpg").read_bytes()[:2_000])
    page.save(folder / "4.png")
    assert [number for number, _ in _drawn(folder, {1, 2, 3, 4, 5})] == [1, 2, 5]


def test_pages_none_of_which_can_be_drawn_are_a_coded_error(tmp_path: Path) -> None:
    damaged = tmp_path / "a.jpg"
    Image.effect_noise((300, 400), 64).save(damaged)
    damaged.write_bytes(damaged.read_bytes()[:2_000])
    with pytest.raises(InputError) as caught:
        _drawn(damaged, {1})
    assert caught.value.code == "pictures_unreadable"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", SAMPLE.read_bytes()[:3_000]), ("a.tif", b"II*\0\x08\0\0\0\0\0\0\0\0\0")],
    ids=["a PDF cut short", "a TIFF without dimensions"],
)
def test_an_input_that_cannot_be_drawn_is_a_coded_error(tmp_path: Path, name: str, data: bytes) -> None:
    damaged = tmp_path / name
    damaged.write_bytes(data)
    with pytest.raises(InputError) as caught:
        _drawn(damaged, {1})
    assert caught.value.code == "pictures_unreadable"
    assert "can't be drawn" in caught.value.message
