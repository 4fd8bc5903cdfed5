"""A source in; for spans of its raw text, where on which page they stand, out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from pipeline.document import Box, Source, Span


class Places:
    """Words of a source by their place in the raw text."""

    def __init__(self, source: Source) -> None:
        placed = [(word, page.number) for page in source.pages for line in page.lines for word in line.words]
        self._starts = [word.start for word, _ in placed]
        self._ends = [word.end for word, _ in placed]
        self._boxes = [word.box for word, _ in placed]
        self._numbers = [number for _, number in placed]
        self._last = source.pages[-1].number if source.pages else 1

    def page(self, raw_spans: Iterable[Span]) -> int:
        """The page on which the first of the spans begins."""
        start = min((start for start, _ in raw_spans), default=0)
        index = bisect_right(self._ends, start)
        return self._numbers[index] if index < len(self._numbers) else self._last

    def box(self, raw_spans: Iterable[Span]) -> Box | None:
        """Around the words of the spans, on the page where they begin; None where the input has no boxes."""
        spans = sorted(raw_spans)
        page = self.page(spans)
        boxes = []
        for start, end in spans:
            for index in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
                box = self._boxes[index]
                if box is not None and self._numbers[index] == page:
                    boxes.append(box)
        if not boxes:
            return None
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)
