"""First pages of real scans in, how well each was read out: by Tesseract alone, by `ingest`, and once restored.

The true texts (`scans/*.p1.txt`) come from their publishers and differ from the pages here and there. A person compared
them with the page images; `tests/gold/scans.tsv` names what is not scored: words of the true text that the page does
not have, and boxes on the page that it lacks, has otherwise, or that someone wrote by hand.
"""

import csv
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from rapidfuzz.distance import Levenshtein

from ..document import Box, Restoration, Source
from ..ingest import ingest
from ..ingest.layout import holds
from ..ingest.tesseract import read_words
from ..restore import Engine, restore
from .first_pages import text_of
from .gold import GOLD

LANGUAGES = ("eng", "vie", "vie+eng")
DPI = 300
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\S*\d\S*")
_CUT_CODE = re.compile(r"(\d/\S*-) (?=\w)")
"""A code at a line end may go on after a hyphen; the lines of the true text end elsewhere."""

Placed = tuple[str, Box | None]
"""A word that was read, and where it stands in points."""


@dataclass(frozen=True)
class Reading:
    """found: share of true syllables that were read; true: share of read ones that are true; codes: share of true
    tokens with a digit that were read exactly; cer: character errors in reading order."""

    found: float
    true: float
    codes: float
    cer: float


@dataclass(frozen=True)
class Labels:
    """What of a page is not scored, and where the true text has lines in another order than the page.

    places: words of the true text (see `places`); boxes: on the page, in points; moves: a line, the one it comes after.
    """

    places: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    moves: tuple[tuple[int, int], ...] = ()


def page_readings(scans: Path, engine: Engine, gold: Path = GOLD) -> Iterator[tuple[str, str, Reading]]:
    """For each first page that has a true text: its name, how it was read, how well."""
    labels = load_labels(gold / "scans.tsv")
    for path in sorted(scans.glob("*.p1.txt")):
        name = path.name.removesuffix(".p1.txt")
        marked = labels.get(name, Labels())
        truth = true_words(path.read_text(encoding="utf-8"), marked)
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / f"{name}.pdf"
            copy_pages(scans / page.name, [1], page)
            source = ingest(page)
            if source.pages[0].kind == "scan":
                image = pypdfium2.PdfDocument(page)[0].render(scale=DPI / 72, draw_annots=False).to_pil()
                for language in LANGUAGES:
                    words = [(token.text, token.box) for token in read_words(image, DPI, language)]
                    yield name, f"tesseract -l {language}", compare(truth, scored(words, marked))
        yield name, f"as read, {source.pages[0].kind}", compare(truth, scored(_read(source), marked))
        yield name, "restored", compare(truth, scored(_restored(source, restore(source, engine)), marked))


def load_labels(path: Path) -> dict[str, Labels]:
    """The labels of each scan; ValueError for a row that is none."""
    labels: dict[str, Labels] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            known = labels.get(row["scan"], Labels())
            moved = re.fullmatch(r"after (\d+)", row["why"])
            if moved:
                known = Labels(known.places, known.boxes, (*known.moves, (int(row["place"]), int(moved[1]))))
            elif row["why"] in ("differs", "hand"):
                places = (row["place"],) if row["place"] else ()
                boxes = tuple(_box(box) for box in row["boxes"].split())
                known = Labels((*known.places, *places), (*known.boxes, *boxes), known.moves)
            else:
                raise ValueError(f"no reason to leave something out: {row['why']!r}")
            labels[row["scan"]] = known
    return labels


def _box(text: str) -> Box:
    x0, top, x1, bottom = map(float, text.split(","))
    return x0, top, x1, bottom


def true_words(truth: str, labels: Labels) -> list[str]:
    """The true words that are scored, in the order of the page."""
    text = text_of(truth)
    out = {number for place in labels.places for number in text.resolve(place)}
    lines: list[list[str]] = []
    number = 0
    for line in text.lines:
        words = line.split()
        lines.append([word for i, word in enumerate(words, start=number) if i not in out])
        number += len(words)
    order = list(range(1, len(lines) + 1))
    for line_number, after in labels.moves:
        order.remove(line_number)
        order.insert(order.index(after) + 1, line_number)
    return [word for line_number in order for word in lines[line_number - 1]]


def scored(words: Sequence[Placed], labels: Labels) -> list[str]:
    """The words that were read, without those in boxes that are not scored."""
    return [text for text, box in words if box is None or not any(holds(out, box) for out in labels.boxes)]


def _read(source: Source) -> list[Placed]:
    return [(word.text, word.box) for line in source.lines for word in line.words]


def _restored(source: Source, restoration: Restoration) -> list[Placed]:
    """Restored syllables, each where the word stands that it was read from."""
    boxes = {offset: word.box for line in source.lines for word in line.words for offset in range(word.start, word.end)}
    syllables = (syllable for line in restoration.lines for syllable in line.syllables if syllable.text)
    return [(syllable.text, boxes.get(syllable.raw_start)) for syllable in syllables]


def compare(truth: Sequence[str], read: Sequence[str]) -> Reading:
    """Compare the words of one page, the place of tone marks (hoà, hòa) and kinds of quotes and dashes aside."""
    wanted_text, had_text = plain(" ".join(truth)), plain(" ".join(read))
    wanted, had = Counter(_WORD.findall(wanted_text)), Counter(_WORD.findall(had_text))
    both = (wanted & had).total()
    codes, codes_read = (
        Counter(word.strip(_EDGES) for word in _CODE.findall(_CUT_CODE.sub(r"\1", text)))
        for text in (wanted_text, had_text)
    )
    return Reading(
        found=both / max(wanted.total(), 1),
        true=both / max(had.total(), 1),
        codes=(codes & codes_read).total() / max(codes.total(), 1),
        cer=Levenshtein.distance(wanted_text, had_text) / max(len(wanted_text), 1),
    )


_EDGES = '.,;:()"'


def plain(text: str) -> str:
    """One space between words, tone marks of oa, oe, uy on the second letter, quotes and dashes of one kind."""
    spread = unicodedata.normalize("NFD", " ".join(text.split()))
    moved = re.sub("([ou])([\u0300\u0301\u0303\u0309\u0323])([aey])(?![\\w\u0302])", r"\1\3\2", spread, flags=re.I)
    return unicodedata.normalize("NFC", moved).translate(_ALIKE)


_ALIKE = str.maketrans("–—“”‘’", "--\"\"''")


def copy_pages(path: Path, pages: Sequence[int], target: Path) -> None:
    """Some pages of a PDF, counted from 1, as one of their own."""
    whole, part = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    part.import_pages(whole, [number - 1 for number in pages])
    part.save(target)
