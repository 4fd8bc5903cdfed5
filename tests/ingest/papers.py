"""Inputs for the tests of ingest, made on the spot: PDFs with a text layer, rulings, pictures."""

import io
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from pipeline.document import Box
from pipeline.export import searchable_pdf
from pipeline.ingest.assemble import assemble
from pipeline.ingest.layout import Token
from pipeline.ingest.sheet import Sheet, Turn
from tests.conftest import REPOSITORY, read_as_is

SAMPLE = REPOSITORY / "corpus" / "raw" / "47-kh-ubnd-2024.scan.pdf"
WIDTH, HEIGHT = 595.0, 842.0

Written = tuple[float, float, str]
"""Left edge, top edge, text of one line."""


def words(lines: Sequence[Written], size: float = 12.0) -> list[Token]:
    """A token for each word, characters half as wide as high."""
    tokens = []
    for left, top, text in lines:
        x = left
        for word in text.split(" "):
            width = len(word) * size / 2
            tokens.append(Token(word, (x, top, x + width, top + size)))
            x += width + size / 2
    return tokens


def text_pdf(
    *pages: Sequence[Written],
    rules: Sequence[Box] = (),
    picture: Image.Image | None = None,
    place: Box = (0, 0, WIDTH, HEIGHT),
) -> bytes:
    """A PDF with these lines; `rules`: straight lines on each page, from corner to corner; `picture`: behind it all."""
    sheets = [
        Sheet(number, "scan", Turn(0, WIDTH, HEIGHT), tuple(words(lines)))
        for number, lines in enumerate(pages, start=1)
    ]
    source = assemble("x.pdf", "0" * 64, "application/pdf", sheets)
    blank = pikepdf.new()
    for _ in pages:
        page = blank.add_blank_page(page_size=(WIDTH, HEIGHT))
        drawn = "\n".join(f"{x0} {HEIGHT - top} m {x1} {HEIGHT - bottom} l S" for x0, top, x1, bottom in rules)
        page.contents_add(drawn.encode())
        if picture is not None:
            _add_picture(blank, page, picture, place)
    return searchable_pdf(saved(blank), source, read_as_is(source))


def _add_picture(document: pikepdf.Pdf, page: pikepdf.Page, picture: Image.Image, place: Box) -> None:
    stream = document.make_stream(
        picture.convert("L").tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceGray,
        BitsPerComponent=8,
    )
    name = page.add_resource(stream, pikepdf.Name.XObject)
    x0, top, x1, bottom = place
    drawn = f"q {x1 - x0} 0 0 {bottom - top} {x0} {HEIGHT - bottom} cm {name} Do Q"
    page.contents_add(drawn.encode(), prepend=True)


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    """The document's bytes."""
    buffer = io.BytesIO()
    document.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def sample_image(dpi: int = 200) -> Image.Image:
    """The page of the scan that ships with vanban."""
    document = pypdfium2.PdfDocument(SAMPLE)
    image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    document.close()
    return image


def put(folder: Path, name: str, data: bytes) -> Path:
    """A file of these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path
