"""A restored line in, the line with its doubts marked out; and marked text in, the text without marks out.

A doubt is written ⟦restored|raw|runner-up⟧: what it was restored to, what was read, and what else it could be, if
anything. In its parts a backslash stands before each ⟦, ⟧, | and backslash; elsewhere a ⟦ of the text itself is written
twice. So the marks can be taken out again, and what is left is the text as it was.
"""

import re

from pipeline.document import RestoredLine, Syllable

_SPECIAL = re.compile(r"[⟦⟧|\\]")
_PART = r"(?:\\.|[^\\|⟦⟧\n])*"
_MARK = re.compile(rf"⟦⟦|⟦({_PART})(?:\|{_PART}){{1,2}}⟧")


def marked(line: RestoredLine, raw: str, below: float) -> str:
    """The line's text, syllables with a confidence under `below` marked; raw: the whole input text."""
    pieces, end = list[str](), 0
    for syllable in line.syllables:
        if syllable.confidence < below:
            pieces += _plain(line.text[end : syllable.start]), _mark(syllable, raw)
            end = syllable.end
    return "".join((*pieces, _plain(line.text[end:])))


def unmarked(text: str) -> str:
    """Marked text as it was before; each doubt stays as its first part says, edited or not."""
    return _MARK.sub(lambda mark: "⟦" if mark[1] is None else re.sub(r"\\(.)", r"\1", mark[1]), text)


def _plain(text: str) -> str:
    return text.replace("⟦", "⟦⟦")


def _mark(syllable: Syllable, raw: str) -> str:
    parts = [syllable.text, raw[syllable.raw_start : syllable.raw_end], *filter(None, [syllable.runner_up])]
    return f"⟦{'|'.join(_SPECIAL.sub(_escaped, part) for part in parts)}⟧"


def _escaped(special: re.Match[str]) -> str:
    return f"\\{special[0]}"
