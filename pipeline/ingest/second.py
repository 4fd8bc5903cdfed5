"""A page image and its words as read with Vietnamese in; the same words after a second look out.

With Vietnamese, Tesseract misreads figures, codes and semicolons; without, it misreads most else. So only words that
may hold some are read a second time, with their neighbours, which tell it how large letters are.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from PIL import Image as Pictures

from pipeline.ingest.clean import Image
from pipeline.ingest.fuse import TAKEN_FOR_NUMERALS, with_numbers, with_whole_codes
from pipeline.ingest.layout import Token, union
from pipeline.ingest.quality import well_formed_share
from pipeline.ingest.strips import Strip, columns
from pipeline.ingest.tesseract import read_words

NEIGHBOURS = 2
"""Words before and after a doubtful one that are read with it."""
MARGIN = 2
"""Points of the page around such words."""
SPACE = 8
"""Points between them."""
HIGHEST = 36
"""Points; what is higher is no word, whatever was read in it, and might be as large as the page."""
UNSURE = 0.5
_LIKE_FIGURES = re.compile(r"[\d§]|^[Il|]$|^[\"'“‘]")
_EDGES = "\"'“”‘’().,;:"


def with_second_look(words: Sequence[Token], image: Image, dpi: float) -> list[Token]:
    """The words of an image, figures among them as read without Vietnamese where that is surer."""
    strips = [_strip(image, run, dpi) for run in _doubtful_runs(words)]
    again: list[Token] = []
    for column in columns(strips, int(SPACE * dpi / 72)):
        read = read_words(Pictures.fromarray(column.image), dpi, "eng", mode=6)
        again += with_whole_codes(column.placed(read, dpi))
    return with_numbers(words, again) if strips else list(words)


def _doubtful_runs(words: Sequence[Token]) -> Iterator[list[Token]]:
    """Words that stand side by side on a line, near to a doubtful one."""
    for _, tokens in groupby(words, key=lambda word: word.line):
        line = [word for word in tokens if word.box[3] - word.box[1] <= HIGHEST]
        doubtful = [_is_doubtful(word, is_last=word is line[-1]) for word in line]
        near = [any(doubtful[max(i - NEIGHBOURS, 0) : i + NEIGHBOURS + 1]) for i in range(len(line))]
        for is_near, run in groupby(zip(near, line, strict=True), key=lambda pair: pair[0]):
            if is_near:
                yield [word for _, word in run]


def _is_doubtful(word: Token, is_last: bool) -> bool:
    """May it be, or hold, what is misread with Vietnamese? What ends a line may end in a semicolon."""
    core = word.text.strip(_EDGES)
    return (
        bool(_LIKE_FIGURES.search(word.text))
        or (is_last and word.text[-1] in ",.")
        or set(core) <= TAKEN_FOR_NUMERALS
        or well_formed_share([core]) < 1
        or (word.confidence or 0.0) < UNSURE
    )


def _strip(image: Image, run: Sequence[Token], dpi: float) -> Strip:
    left, top, right, bottom = union([word.box for word in run])
    scale = dpi / 72
    x, y = max(int((left - MARGIN) * scale), 0), max(int((top - MARGIN) * scale), 0)
    return Strip(image[y : int((bottom + MARGIN) * scale), x : int((right + MARGIN) * scale)], x, y)
