"""The layout of a PDF page (pdfminer's) in, its words and rulings in points from the top left corner out."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pdfminer.layout import LTChar, LTComponent, LTContainer, LTCurve, LTImage, LTPage, LTRect

from pipeline.document import Box
from pipeline.ingest.grid import Segment
from pipeline.ingest.layout import Token, rows_of
from pipeline.ingest.legacy import converter

THICKEST_RULING = 3.0
WORD_GAP = 0.18
"""Of the type size: a wider gap parts words where no space is written."""
TOUCHING = 0.07
"""Of the type size: parts of a word that were not written one after the other."""
SMALLEST_TYPE = 3.0
RAISED_TYPE = 0.75
"""A digit of this share of the size of the word before it is the mark of a footnote, and stays one: a superscript."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Contents:
    """What a page shows. Images: their boxes and sizes in pixels; `paths`: how many lines, rectangles and curves."""

    words: list[Token] = field(default_factory=list)
    horizontal: list[Segment] = field(default_factory=list)
    vertical: list[Segment] = field(default_factory=list)
    images: list[tuple[Box, tuple[int, int]]] = field(default_factory=list)
    paths: int = 0


@dataclass(slots=True)
class _Run:
    """Characters in a row of one word, as they were written."""

    font: str
    size: float
    box: Box
    text: list[str]


def contents(page: LTPage) -> Contents:
    """Words, rulings and images of a page."""
    found = Contents()
    runs: list[_Run] = []
    written: set[tuple[str, int, int]] = set()
    is_open = False
    for item in _items(page):
        if isinstance(item, LTChar):
            is_open = _add(item, page, runs, written, is_open)
        elif isinstance(item, LTCurve):
            found.paths += 1
            _add_rulings(item, page.height, found)
        elif isinstance(item, LTImage):
            found.images.append((_box(item, page.height), item.srcsize))
    found.words = _whole(_tokens(runs))
    return found


def _items(container: LTContainer[LTComponent]) -> Iterator[LTComponent]:
    for item in container:
        if isinstance(item, LTContainer):
            yield from _items(item)
        else:
            yield item


def _box(item: LTComponent, height: float) -> Box:
    return item.x0, height - item.y1, item.x1, height - item.y0


def _add(char: LTChar, page: LTPage, runs: list[_Run], written: set[tuple[str, int, int]], is_open: bool) -> bool:
    """Add a character to the open run or to a new one; False where it ends a word."""
    text = char.get_text()
    if not text.strip():
        return False
    key = text, round(char.x0), round(char.y0)
    if key in written or not _is_shown(char, page):
        return is_open
    written.add(key)
    box = _box(char, page.height)
    if is_open and _continues(runs[-1], box, char, text):
        run = runs[-1]
        run.box = run.box[0], min(run.box[1], box[1]), max(run.box[2], box[2]), max(run.box[3], box[3])
        run.text.append(text)
    else:
        runs.append(_Run(char.fontname, char.size, box, [text]))
    return True


def _is_shown(char: LTChar, page: LTPage) -> bool:
    """Not off the page, nor white, nor too small to be read."""
    colour = char.graphicstate.ncolor
    values = colour if isinstance(colour, tuple | list) else (colour,)
    is_white = len(values) in (1, 3) and all(isinstance(value, int | float) and value >= 1 for value in values)
    is_inside = 0 <= (char.x0 + char.x1) / 2 <= page.width and 0 <= (char.y0 + char.y1) / 2 <= page.height
    return is_inside and char.size >= SMALLEST_TYPE and not is_white


def _continues(run: _Run, box: Box, char: LTChar, text: str) -> bool:
    is_other = char.fontname != run.font or char.size < RAISED_TYPE * run.size
    if is_other or abs(box[3] - run.box[3]) > 0.5 * run.size:
        return bool(unicodedata.combining(text[0]))
    gap = box[0] - run.box[2]
    return -0.5 * run.size < gap < WORD_GAP * run.size


def _tokens(runs: Sequence[_Run]) -> list[Token]:
    by_font: dict[str, list[str]] = defaultdict(list)
    for run in runs:
        by_font[run.font].append("".join(run.text))
    converters = {font: converter(font, words) for font, words in by_font.items()}
    tokens = []
    for run in runs:
        text = "".join(run.text)
        convert = converters[run.font]
        name = run.font.lower()
        tokens.append(
            Token(
                text=unicodedata.normalize("NFC", convert(text) if convert else text),
                box=run.box,
                bold="bold" in name or "black" in name,
                italic="italic" in name or "oblique" in name,
            )
        )
    return tokens


def _whole(tokens: Sequence[Token]) -> list[Token]:
    """Parts of one word, of two fonts or written at different times, made one."""
    words: list[Token] = []
    for row in rows_of(tokens):
        last: Token | None = None
        for token in row:
            if last and token.box[0] - last.box[2] < TOUCHING * (last.box[3] - last.box[1]):
                if _is_raised(token, last):
                    token = replace(token, text=token.text.translate(_SUPERSCRIPT))
                joined = (
                    last.box[0],
                    min(last.box[1], token.box[1]),
                    max(last.box[2], token.box[2]),
                    max(last.box[3], token.box[3]),
                )
                text = unicodedata.normalize("NFC", last.text + token.text)
                words[-1] = last = replace(last, text=text, box=joined)
            else:
                words.append(token)
                last = token
    return words


def _is_raised(token: Token, before: Token) -> bool:
    (_, _, _, bottom), (_, top, _, base) = token.box, before.box
    return token.text.isdigit() and bottom - token.box[1] < RAISED_TYPE * (base - top) and bottom < base


def _add_rulings(item: LTCurve, height: float, found: Contents) -> None:
    """Lines and thin rectangles are rulings; of a rectangle that is drawn, each side is."""
    x0, top, x1, bottom = _box(item, height)
    colour = item.non_stroking_color if item.fill and not item.stroke else item.stroking_color
    values = colour if isinstance(colour, tuple | list) else (colour,)
    if len(values) in (1, 3) and all(isinstance(value, int | float) and value >= 0.95 for value in values):
        return
    width, depth = x1 - x0, bottom - top
    if depth <= THICKEST_RULING and width <= THICKEST_RULING:
        found.horizontal.append(((top + bottom) / 2, x0, x1))
        found.vertical.append(((x0 + x1) / 2, top, bottom))
    elif depth <= THICKEST_RULING:
        found.horizontal.append(((top + bottom) / 2, x0, x1))
    elif width <= THICKEST_RULING:
        found.vertical.append(((x0 + x1) / 2, top, bottom))
    elif isinstance(item, LTRect) and item.stroke:
        found.horizontal += (top, x0, x1), (bottom, x0, x1)
        found.vertical += (x0, top, bottom), (x1, top, bottom)
