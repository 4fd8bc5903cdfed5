"""Words of a page in; the same with numerals of quarters that an engine took for letters mended: 'Quý H/2026'."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.layout import Token

_MISREAD = {"H": "II", "HI": "III", "IH": "III"}
"""Strokes side by side that the engine joined; nothing else looks like them."""
_QUARTER = re.compile(rf"({'|'.join(_MISREAD)})(/|$)")


def with_quarters(words: Sequence[Token]) -> list[Token]:
    """Between 'Quý' and a year stands a numeral; what was read there is kept as another reading."""
    done = list(words)
    for at, word in enumerate(words[1:], start=1):
        before, found = words[at - 1], _QUARTER.match(word.text)
        if not found or before.text.lower() != "quý" or before.line != word.line:
            continue
        after = words[at + 1] if at + 1 < len(words) else None
        if found[2] or (after and after.text.lower() == "năm" and after.line == word.line):
            text = _MISREAD[found[1]] + word.text[found.end(1) :]
            done[at] = replace(word, text=text, alternatives=(word.text, *word.alternatives))
    return done
