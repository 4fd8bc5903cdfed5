"""Words of a page as Tesseract reads them with Vietnamese in; those that it took for capitals, in small letters, out.

Letters like c, o, s, v, x have one shape, large or small, and Tesseract sets a whole word in capitals for one of them:
"có hiệu lực" comes as "CÓ hiệu lực". No administrative text sets a single word with accents so, between small ones.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.ingest.fuse import TAKEN_FOR_FIGURES
from pipeline.ingest.layout import Token
from pipeline.ingest.quality import well_formed_share

_ENDS = tuple(".;:!?")
_NEXT_LINE = 1.0
"""What follows a line within so many of its heights goes on with it."""
_ROMAN = frozenset("IVX")


def with_small_letters(tokens: Sequence[Token]) -> list[Token]:
    """Words in capitals that stand between words in small letters; tokens in Tesseract's order, line by line."""
    return [
        _small(token, tokens[i - 1] if i else None) if _is_misread(tokens, i) else token
        for i, token in enumerate(tokens)
    ]


def _is_misread(tokens: Sequence[Token], i: int) -> bool:
    text = tokens[i].text
    if not text.isupper() or text.isascii() or not _is_syllable(text):
        return False
    before, after = _neighbour(tokens, i, -1), _neighbour(tokens, i, 1)
    if _is_numeral(text) and before[:1].isupper():
        return False
    around = [word for word in (before, after) if word]
    return bool(around) and all(_is_small(word) for word in around)


def _neighbour(tokens: Sequence[Token], i: int, step: int) -> str:
    """The next word on the line in that direction; single letters and marks don't tell how it is set."""
    at = i + step
    while 0 <= at < len(tokens) and tokens[at].line == tokens[i].line:
        if len(tokens[at].text) > 1:
            return tokens[at].text
        at += step
    return ""


def _is_syllable(text: str) -> bool:
    letters = text.strip('.,;:()"“”')
    may_be_number = set(letters) <= TAKEN_FOR_FIGURES
    return len(letters) > 1 and letters.isalpha() and not may_be_number and well_formed_share([letters.lower()]) == 1.0


def _is_small(word: str) -> bool:
    """Has it small letters, and no capital but the first?"""
    return any(c.islower() for c in word) and not any(c.isupper() for c in word[1:])


def _is_numeral(text: str) -> bool:
    """Might it be a Roman numeral with dirt on it, as in "Chương VỊ"?"""
    return text[:1] in _ROMAN and len(text.rstrip(".,;:")) == 2


def _small(token: Token, before: Token | None) -> Token:
    """In small letters, with a capital first one where a sentence begins."""
    goes_on = before is not None and not before.text.endswith(_ENDS) and _is_near(before, token)
    text = token.text.lower() if goes_on else token.text.capitalize()
    return replace(token, text=text, alternatives=(token.text, *token.alternatives))


def _is_near(before: Token, token: Token) -> bool:
    height = before.box[3] - before.box[1]
    return before.line == token.line or abs(token.box[1] - before.box[3]) < _NEXT_LINE * height
