"""Scans come out as PDF/A where they hold pictures alone; whatever else they hold, nothing is claimed."""

import io
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageCms

from pipeline.export.archival import mark_archival
from pipeline.ingest import as_pdf


def _scan(folder: Path, mode: str = "RGB") -> bytes:
    path = folder / "scan.tif"
    Image.new(mode, (80, 100), "white").save(path, dpi=(300, 300))
    return as_pdf(path) or b""


def _claim(document: pikepdf.Pdf) -> str | None:
    with document.open_metadata() as metadata:
        return metadata.get("pdfaid:part")


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_a_scan_says_that_it_is_pdf_a_and_what_its_colours_mean(tmp_path: Path, mode: str) -> None:
    document = pikepdf.open(io.BytesIO(_scan(tmp_path, mode)))
    assert mark_archival(document)
    assert _claim(document) == "2"
    profile = bytes(document.Root.OutputIntents[0].DestOutputProfile.read_bytes())
    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile)))


def test_the_same_scan_gives_the_same_bytes_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _scan(tmp_path)
    monkeypatch.setattr(time, "gmtime", lambda *_: time.struct_time((2031, 1, 1, 0, 0, 0, 0, 1, 0)))
    assert _scan(tmp_path) == first


def _with_annotation(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Annots = pikepdf.Array([])


def _with_form(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]))


def _with_font(document: pikepdf.Pdf) -> None:
    document.pages[0].add_resource(pikepdf.Dictionary(Type=pikepdf.Name.Font), pikepdf.Name.Font)


def _with_ink_of_printers(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(b"0 0 0 1 k 0 0 9 9 re f")


def _with_transparency(document: pikepdf.Pdf) -> None:
    picture, *_ = document.pages[0].Resources.XObject.as_dict().values()
    picture.SMask = picture


@pytest.mark.parametrize(
    "change", [_with_annotation, _with_form, _with_font, _with_ink_of_printers, _with_transparency]
)
def test_what_would_have_to_be_converted_is_left_unclaimed(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    document = pikepdf.open(io.BytesIO(_scan(tmp_path)))
    change(document)
    assert not mark_archival(document)
    assert "/OutputIntents" not in document.Root
    assert _claim(document) is None
