"""Text in; the same text out without accents and in lower case, character by character, so that offsets stay valid."""

import unicodedata

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""Capital letters, for a character class of a regular expression."""

_LATIN = (range(0x41, 0x5B), range(0xC0, 0x250), range(0x1E00, 0x1F00))


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFD", char)[0].lower()
    return "d" if base in "đð" else base[0]


_TABLE = {code: _plain(chr(code)) for block in _LATIN for code in block}


def fold(text: str) -> str:
    """'Điều 1. Phạm vi' -> 'dieu 1. pham vi'; the result is as long as the text."""
    return text.translate(_TABLE)
