"""The annotations of a PDF page in; what its electronic signatures say, and what they print into the text, out.

A signature field has a picture of its own on the page. Most are stamps ("Người ký: ...", "Thời gian ký: ..."), which
are no part of the document. Some print a part of it: the number, the day and the month that an office gives a document
when it is signed.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pdfminer.layout import LTPage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.utils import apply_matrix_rect, decode_text
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from pipeline.document import Box, Stamp
from pipeline.folding import fold
from pipeline.ingest.glyphs import contents
from pipeline.ingest.layout import Token

_STAMP = re.compile(r"nguoi ky|ky boi|thoi gian ky|ngay ky|email|co quan:|signed|da ky|@|chu ky so|digital")
_SIGNER = re.compile(r"(?:Người ký|Ký bởi|Signed by|Ký bởi:)\s*:?\s*([^\n]+?)\s*(?:$|\n|Email|Cơ quan|Thời gian|Ngày)")
_REASON_SIGNER = re.compile(r"\s*(.+?)\s*(?:<[^>]*>)?\s*đã ký")
_TIME = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?(?:([+-]\d\d)'?(\d\d)|(Z))?")
_LONGEST_PRINTED = 40
"""Characters: a longer text of a signature's picture is a stamp."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """`stamps` are no part of the document, `printed` are words of it."""

    stamps: tuple[Stamp, ...]
    printed: tuple[Token, ...]


def signatures(page: Page) -> Signatures:
    """Signatures on a page; annotations that are damaged are left out."""
    stamps: list[Stamp] = []
    printed: list[Token] = []
    for annotation in _signature_fields(page):
        box = _place(annotation, page)
        tokens: tuple[Token, ...] = ()
        with suppress(Exception):
            tokens = _pictured(annotation, page)
        text = " ".join(token.text for token in tokens)
        value = _dictionary(annotation.get("V"))
        if tokens and len(text) <= _LONGEST_PRINTED and not _STAMP.search(fold(text)):
            printed += tokens
        else:
            reason = _text(value.get("Reason"))
            stamps.append(
                Stamp(text or reason, _signer(value, text, reason), _time(value.get("M")), page.page_number, box)
            )
    return Signatures(tuple(stamps), tuple(printed))


def _signature_fields(page: Page) -> Iterator[dict[str, Any]]:
    annotations = resolve1(page.page_obj.annots)
    for reference in annotations if isinstance(annotations, list) else ():
        annotation = _dictionary(reference)
        parent = _dictionary(annotation.get("Parent"))
        merged = {**parent, **annotation}
        if getattr(resolve1(merged.get("FT")), "name", None) == "Sig" and resolve1(merged.get("V")):
            yield merged


def _dictionary(value: Any) -> dict[Any, Any]:
    found = resolve1(value)
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    found = resolve1(value)
    return decode_text(found).strip() if isinstance(found, bytes) else ""


def _numbers(value: Any, count: int) -> list[float] | None:
    found = resolve1(value)
    if not isinstance(found, list) or len(found) != count:
        return None
    numbers = [resolve1(item) for item in found]
    return [float(item) for item in numbers] if all(isinstance(item, int | float) for item in numbers) else None


def _place(annotation: Mapping[str, Any], page: Page) -> Box | None:
    """Where the signature's picture stands; None for one that has none."""
    rectangle = _numbers(annotation.get("Rect"), 4)
    if rectangle is None or rectangle[0] == rectangle[2] or rectangle[1] == rectangle[3]:
        return None
    left, bottom = page.mediabox[0], page.mediabox[1]
    height = page.mediabox[3] - bottom
    x0, x1 = sorted((rectangle[0] - left, rectangle[2] - left))
    y0, y1 = sorted((rectangle[1] - bottom, rectangle[3] - bottom))
    return round(x0, 1), round(height - y1, 1), round(x1, 1), round(height - y0, 1)


def _pictured(annotation: Mapping[str, Any], page: Page) -> tuple[Token, ...]:
    """Words of the signature's picture, where they stand on the page."""
    picture = resolve1(_dictionary(annotation.get("AP")).get("N"))
    rectangle = _numbers(annotation.get("Rect"), 4)
    if not isinstance(picture, PDFStream) or rectangle is None or page.rotation:
        return ()
    matrix = _numbers(picture.get("Matrix"), 6) or [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    bounds = _numbers(picture.get("BBox"), 4) or [0.0, 0.0, rectangle[2] - rectangle[0], rectangle[3] - rectangle[1]]
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = apply_matrix_rect((a, b, c, d, e, f), (bounds[0], bounds[1], bounds[2], bounds[3]))
    across = (rectangle[2] - rectangle[0]) / max(x1 - x0, 0.01)
    up = (rectangle[3] - rectangle[1]) / max(y1 - y0, 0.01)
    left = rectangle[0] - x0 * across - page.mediabox[0]
    low = rectangle[1] - y0 * up - page.mediabox[1]
    manager = PDFResourceManager()
    device = PDFPageAggregatorWithMarkedContent(manager, laparams=None)
    interpreter = PDFPageInterpreter(manager, device)
    device.begin_page(page.page_obj, (1, 0, 0, 1, -page.mediabox[0], -page.mediabox[1]))
    placed = (a * across, b * up, c * across, d * up, e * across + left, f * up + low)
    interpreter.render_contents(_dictionary(picture.get("Resources")), [picture], ctm=placed)
    layout = device.cur_item
    return tuple(contents(layout).words) if isinstance(layout, LTPage) else ()


def _signer(value: Mapping[str, Any], text: str, reason: str) -> str | None:
    name = _text(value.get("Name"))
    for pattern, source in ((_SIGNER, text), (_REASON_SIGNER, reason)):
        if not name and (found := pattern.search(source)):
            name = found[1]
    return name or None


def _time(value: Any) -> str | None:
    """A PDF date as ISO 8601."""
    found = _TIME.match(_text(value))
    if not found:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes, utc = found.groups()
    iso = f"{year}-{month}-{day}"
    if hour:
        iso += f"T{hour}:{minute}:{second}"
        iso += "Z" if utc else f"{zone}:{zone_minutes}" if zone else ""
    return iso
