"""Clean text in; (Source, Restoration) out as if it had been read and restored without a change."""

import hashlib
import re

from pipeline.document import Line, Page, Restoration, RestoredLine, Source, Syllable, Word


def read(text: str, name: str = "test.txt") -> tuple[Source, Restoration]:
    """Each token between spaces is one syllable; form feeds part pages."""
    pages: list[Page] = []
    restored: list[RestoredLine] = []
    position = 0
    for number, page_text in enumerate(text.split("\f"), start=1):
        lines: list[Line] = []
        for raw in page_text.split("\n"):
            tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", raw)]
            words = tuple(Word(t, position + a, position + b) for t, a, b in tokens)
            syllables = tuple(Syllable(t, a, b, position + a, position + b, 1.0) for t, a, b in tokens)
            lines.append(Line(words, position, position + len(raw)))
            restored.append(RestoredLine(raw, syllables, position, position + len(raw)))
            position += len(raw) + 1
        pages.append(Page(number, tuple(lines)))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Source(name, digest, "text/plain", text, tuple(pages)), Restoration(tuple(restored), "identity")
