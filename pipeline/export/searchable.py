"""A scanned PDF and its restored text in, the same PDF with that text under its picture out: to search and to copy.

Where it holds nothing but pages of pictures, it is PDF/A, see archival.

The text is set in a font without glyphs (Type 3, ISO 32000-1, 9.6.5) whose ToUnicode map says what its codes mean, each
syllable as wide as it stands in the picture. The picture is not touched.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf

from pipeline.document import Box, Restoration, Source
from pipeline.errors import StageError
from pipeline.export.archival import mark_archival
from pipeline.export.places import Places

_CODES = 255
"""Characters that one font can have."""
_WIDTH = 0.5
"""Of each character, in type sizes."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A syllable with a space after it where the line goes on."""

    text: str
    box: Box
    goes_on: bool


def searchable_pdf(pdf: bytes, source: Source, restoration: Restoration) -> bytes:
    """Add the restored text to the pages that were read from images. `pdf` has a page for each of the source's."""
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PdfError as error:
        remedy = "Mend it first: qpdf IN.pdf OUT.pdf"
        raise StageError("pdf_unwritable", f"The PDF can't be written anew: {error}.", remedy) from error
    with document:
        mark_archival(document)
        placed = _placed(source, restoration)
        for page in source.pages:
            syllables = placed.get(page.number, [])
            if page.kind == "scan" and syllables and page.number <= len(document.pages):
                _add_layer(document, document.pages[page.number - 1], syllables)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, compress_streams=True, min_version="1.7")
        return out.getvalue()


def _placed(source: Source, restoration: Restoration) -> dict[int, list[_Placed]]:
    """Syllables by page, in reading order."""
    places = Places(source)
    found: dict[int, list[_Placed]] = {}
    for line in restoration.lines:
        for index, syllable in enumerate(line.syllables):
            span = syllable.raw_start, syllable.raw_end
            box = places.box([span])
            if box and syllable.text:
                placed = _Placed(syllable.text, box, index + 1 < len(line.syllables))
                found.setdefault(places.page([span]), []).append(placed)
    return found


def _add_layer(document: pikepdf.Pdf, page: pikepdf.Page, syllables: Sequence[_Placed]) -> None:
    characters = sorted({character for placed in syllables for character in f"{placed.text} "})
    groups = [characters[i : i + _CODES] for i in range(0, len(characters), _CODES)]
    codes = {
        character: (number, code)
        for number, group in enumerate(groups)
        for code, character in enumerate(group, start=1)
    }
    names = [page.add_resource(_font(document, group), pikepdf.Name.Font) for group in groups]
    turn, height = _frame(page)
    commands = [f"q {turn} cm BT 3 Tr"]
    for placed in syllables:
        commands += _commands(placed, codes, [str(name) for name in names], height)
    commands.append("ET Q")
    page.contents_coalesce()
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(("\nQ\n" + "\n".join(commands)).encode())


def _frame(page: pikepdf.Page) -> tuple[str, float]:
    """The transformation from the page as it is shown to its own coordinates, and its height as shown."""
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    width, height = right - left, top - bottom
    turned = int(page.obj.get("/Rotate", 0)) % 360
    matrix, shown = {
        90: ((0, 1, -1, 0, left + width, bottom), width),
        180: ((-1, 0, 0, -1, left + width, bottom + height), height),
        270: ((0, -1, 1, 0, left, bottom + height), width),
    }.get(turned, ((1, 0, 0, 1, left, bottom), height))
    return " ".join(f"{number:g}" for number in matrix), shown


def _commands(placed: _Placed, codes: dict[str, tuple[int, int]], names: Sequence[str], height: float) -> Iterable[str]:
    """Set a syllable over its box; characters of different fonts in runs."""
    x0, top, x1, bottom = placed.box
    size = max(bottom - top, 1.0)
    scale = 100 * (x1 - x0) / (_WIDTH * size * len(placed.text))
    yield f"1 0 0 1 {x0:.2f} {height - bottom:.2f} Tm {scale:.2f} Tz"
    font = None
    run = ""
    for character in placed.text + (" " if placed.goes_on else ""):
        number, code = codes[character]
        if number != font and run:
            yield f"<{run}> Tj"
            run = ""
        if number != font:
            yield f"{names[number]} {size:.2f} Tf"
            font = number
        run += f"{code:02X}"
    yield f"<{run}> Tj"


def _font(document: pikepdf.Pdf, characters: Sequence[str]) -> pikepdf.Object:
    width = round(1000 * _WIDTH)
    nothing = document.make_stream(f"{width} 0 d0".encode())
    return document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type3,
            FontBBox=pikepdf.Array([0, 0, width, 1000]),
            FontMatrix=pikepdf.Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=pikepdf.Dictionary({"/nothing": nothing}),
            Encoding=pikepdf.Dictionary(
                Type=pikepdf.Name.Encoding,
                Differences=pikepdf.Array([1, *[pikepdf.Name("/nothing")] * len(characters)]),
            ),
            FirstChar=1,
            LastChar=len(characters),
            Widths=pikepdf.Array([width] * len(characters)),
            Resources=pikepdf.Dictionary(),
            ToUnicode=document.make_stream(_to_unicode(characters)),
        )
    )


def _to_unicode(characters: Sequence[str]) -> bytes:
    """The map from codes to characters (Adobe technical note 5411)."""
    pairs = [f"<{code:02X}> <{c.encode('utf-16-be').hex().upper()}>" for code, c in enumerate(characters, start=1)]
    blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <00> <FF> endcodespacerange",
            *(line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    ).encode()
