"""Several readings of one page in, one out: the words of the first, with what the others read in the same places."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.folding import fold
from pipeline.ingest.layout import Token, holds, union

LEAST_CONFIDENCE = 0.7
"""Of a word that the first reading does not have at all, and another one has."""
MOST_ALTERNATIVES = 3
CODE_GAP = 0.3
"""Heights of a word by which the pieces of a code may part; spaces between words are wider."""
SURER = 0.2
"""By how much more sure of a word a reading must be for what is no figure to be taken from it."""


def fuse(first: Sequence[Token], *others: Sequence[Token]) -> list[Token]:
    """`first` with alternatives, and with the words that only another reading found, at the end."""
    fused = list(first)
    for other in others:
        fused = _added(fused, other)
    return fused


def with_numbers(words: Sequence[Token], other: Sequence[Token]) -> list[Token]:
    """Words as read with Vietnamese, their figures and numerals mended by a reading without it, which takes fewer for
    letters, and one digit for another less often; semicolons, which it takes less often for commas; and opening quotes,
    for which it takes less of dirt.

    Where the two differ in a word with figures, what was not taken is among its alternatives.
    """
    shelves = _Shelves(words)
    mended = list(words)
    for token in other:
        index = shelves.index_at(token)
        if index is None:
            continue
        if token.text.endswith(";") and mended[index].text.endswith((",", ".")):
            word = mended[index]
            mended[index] = replace(word, text=f"{word.text[:-1]};", alternatives=(word.text, *word.alternatives))
        if _is_dirt_before(mended[index], token):
            mended[index] = replace(mended[index], text=mended[index].text[1:])
        if _FIGURE.search(token.text):
            mended[index] = _mended(mended[index], token)
    return [word for word, following in zip(mended, [*mended[1:], None], strict=True) if not _is_twice(word, following)]


def with_whole_codes(words: Sequence[Token]) -> list[Token]:
    """Codes that were read in two words as one each: the pieces overlap, or hardly part behind a slash or hyphen."""
    whole: list[Token] = []
    for word in words:
        if whole and _goes_on(whole[-1], word):
            first = whole[-1]
            sure = [token.confidence for token in (first, word) if token.confidence is not None]
            box = union([first.box, word.box])
            whole[-1] = replace(first, text=first.text + word.text, box=box, confidence=min(sure, default=None))
        else:
            whole.append(word)
    return whole


def _goes_on(code: Token, following: Token) -> bool:
    """Is what follows the rest of a code?"""
    if code.line != following.line or not _CODE.match(code.text) or not following.text[0].isalnum():
        return False
    gap = (following.box[0] - code.box[2]) / max(code.box[3] - code.box[1], 1.0)
    return -CODE_GAP <= gap <= (CODE_GAP if code.text[-1] in "/-" else 0.0)


def _is_dirt_before(word: Token, other: Token) -> bool:
    """Does the word have a quote before it that a surer reading does not see?"""
    return word.text[0] in _QUOTES and fold(word.text[1:]) == other.text.lower() and _is_surer(other, word)


def _is_twice(word: Token, following: Token | None) -> bool:
    """Is the word a quote that the next one begins with, too? Its two strokes were read as one each."""
    return (
        following is not None
        and word.line == following.line
        and word.text in _QUOTES
        and len(following.text) > 1
        and following.text[0] == word.text
    )


def _is_surer(word: Token, other: Token) -> bool:
    return (word.confidence or 0.0) > (other.confidence or 0.0) + SURER


_CODE = re.compile(r"\d+/")
_QUOTES = frozenset("\"'“‘")
_END = '.,;:)”"'
_FIGURE = re.compile(r"\d|(?<![^\W_])[IVX]+(?![^\W_])")
_PART = re.compile(r"([^\w§\]|!°#]+)")
_FIGURES = re.compile(r"\d+|[A-Z]{1,3}\d+")
_NUMBERED = re.compile(r"[A-Z]{2,}\d+")
_ROMAN = re.compile(r"[IVXLC]+")
TAKEN_FOR_FIGURES = frozenset("0123456789IlLÌÍĨÏÎìíĩïî|]!§ŠSšsOoQBZzgT#")
TAKEN_FOR_NUMERALS = frozenset("IVXHLlỪỊ|⁄")


def _mended(word: Token, other: Token) -> Token:
    """Part by part, what the other reading has as figures where this one has look-alikes of figures."""
    core = word.text.rstrip(_END)
    own, others = _PART.split(core), _PART.split(other.text.rstrip(_END))
    if len(own) != len(others):
        return _with(word, [other])
    text = "".join(_part(a, b, word, other) for a, b in zip(own, others, strict=True))
    text += word.text[len(core) :]
    if text == word.text:
        return _with(word, [other])
    return replace(word, text=text, alternatives=(word.text, *word.alternatives))


def _part(own: str, figures: str, word: Token, other: Token) -> str:
    """What a part of a word is, of which the other reading, without Vietnamese, has `figures`."""
    if figures == "/" or _is_misread(own, figures):
        return figures
    if own.isdigit() and figures.isdigit():
        return figures if len(own) == len(figures) and not _is_surer(word, other) else own
    if not _is_surer(other, word):
        return own
    if _is_code(own, figures):
        return figures
    if len(own) == len(figures) and _NUMBERED.fullmatch(figures):
        return "".join(a if fold(a) == b.lower() else b for a, b in zip(own, figures, strict=True))
    return own


def _is_misread(read: str, figures: str) -> bool:
    if _ROMAN.fullmatch(figures):
        return _is_misread_numeral(read, figures)
    if read == figures or not _FIGURES.fullmatch(figures) or read.isdigit() or _ROMAN.fullmatch(read):
        return False
    letters = len(figures) - len(figures.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    return (
        abs(len(read) - len(figures)) <= 1
        and read[:letters] == figures[:letters]
        and len(read) > letters
        and set(read[letters:]) <= TAKEN_FOR_FIGURES
    )


def _is_misread_numeral(read: str, numeral: str) -> bool:
    """Is it a Roman numeral with other letters for its strokes, or with a stroke less?"""
    if _ROMAN.fullmatch(read):
        return len(read) < len(numeral) and read.rstrip("I") == numeral.rstrip("I")
    return abs(len(read) - len(numeral)) <= 1 and set(read) <= TAKEN_FOR_NUMERALS


def _is_code(read: str, code: str) -> bool:
    """Are both letters of a document's notation (TTr), the first with one more, which is not there?"""
    return len(read) == len(code) + 1 and read.isalpha() and code.isalpha() and code.isascii() and code[0].isupper()


def _added(first: Sequence[Token], other: Sequence[Token]) -> list[Token]:
    """Words of the other reading go to the word in which their middle lies, else they are words of their own."""
    shelves = _Shelves(first)
    found: dict[int, list[Token]] = {}
    alone: list[Token] = []
    for token in other:
        index = shelves.index_at(token)
        if index is not None:
            found.setdefault(index, []).append(token)
        elif (token.confidence or 0.0) >= LEAST_CONFIDENCE and not shelves.touches(token):
            alone.append(token)
    fused = [_with(token, found.get(index, ())) for index, token in enumerate(first)]
    return fused + alone


def _with(token: Token, tokens: Sequence[Token]) -> Token:
    text = " ".join(other.text for other in sorted(tokens, key=lambda other: other.box[0]))
    if not text or text == token.text or text in token.alternatives or len(token.alternatives) >= MOST_ALTERNATIVES:
        return token
    return replace(token, alternatives=(*token.alternatives, text))


class _Shelves:
    """Words by the height at which they stand, for looking up what is in a place."""

    def __init__(self, tokens: Sequence[Token], height: float = 24.0) -> None:
        self.tokens = tokens
        self.height = height
        self.shelves: dict[int, list[int]] = {}
        for index, token in enumerate(tokens):
            for shelf in range(int(token.box[1] // height), int(token.box[3] // height) + 1):
                self.shelves.setdefault(shelf, []).append(index)

    def _near(self, token: Token) -> list[int]:
        first, last = int(token.box[1] // self.height), int(token.box[3] // self.height)
        return [index for shelf in range(first, last + 1) for index in self.shelves.get(shelf, ())]

    def index_at(self, token: Token) -> int | None:
        """The word in which the middle of the token lies, or whose middle lies in the token."""
        for index in self._near(token):
            box = self.tokens[index].box
            if holds(box, token.box) or holds(token.box, box):
                return index
        return None

    def touches(self, token: Token) -> bool:
        """Does the token share room with a word?"""
        x0, top, x1, bottom = token.box
        boxes = (self.tokens[index].box for index in self._near(token))
        return any(min(x1, box[2]) > max(x0, box[0]) and min(bottom, box[3]) > max(top, box[1]) for box in boxes)
