"""Bytes in, NFC text out, with a notice for each guess and each loss; what is no text is refused.

Tried in this order: a byte order mark; UTF-16 without one; UTF-8, also with a few broken bytes; Windows-1258.
"""

import re
import unicodedata
from itertools import groupby, product

from pipeline.document import Notice
from pipeline.errors import InputError

_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"PK\x03\x04", "a Word, Excel or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip file"),
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b\x7f]")
_MOST_CONTROLS = 0.02
_LONGEST_PILE = 200

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE = frozenset(
    unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product("aăâeêioôơuưyAĂÂEÊIOÔƠUƯY", _TONES)
) | frozenset("đĐ")
_TYPOGRAPHIC = frozenset("\u00a0–—‘’“”„…•°§«»·×±²³₫€")
_LEAST_VIETNAMESE = 0.7

_SAVE_AS_UTF8 = "Open it in the program that made it and save it as plain text in UTF-8."


def decode(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    """The text of `data` in normal form C, and what a reader should know about how it was decoded."""
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise InputError("input_binary", f"This is {kind}, not text.", _SAVE_AS_UTF8)
    text, notices = _decoded(data)
    if _is_binary(text):
        raise InputError("input_binary", "Binary data, not text.", _SAVE_AS_UTF8)
    if _has_pile_of_marks(text):
        message = f"More than {_LONGEST_PILE} accents on one letter, so damaged or no text."
        raise InputError("input_binary", message, _SAVE_AS_UTF8)
    return unicodedata.normalize("NFC", text), notices


def _decoded(data: bytes) -> tuple[str, tuple[Notice, ...]]:
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _with_losses(data[len(mark) :].decode(codec, "replace"), codec)
    if utf16 := _unmarked_utf16(data):
        text, notices = _with_losses(data.decode(utf16, "replace"), utf16)
        return text, (_guess(utf16), *notices)
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    sound = len(text) - len(text.encode("ascii", "ignore")) - broken
    if broken <= sound or _is_binary(text):
        return _with_losses(text, "utf-8")
    return _windows_1258(data), (_guess("windows-1258"),)


def _with_losses(text: str, codec: str) -> tuple[str, tuple[Notice, ...]]:
    losses = text.count("\ufffd")
    if not losses:
        return text, ()
    message = f"{losses} character(s) are not valid {codec.upper()} and are shown as \ufffd."
    return text, (Notice("broken_characters", message),)


def _guess(codec: str) -> Notice:
    return Notice("guessed_encoding", f"The encoding is not marked; the text was read as {codec.upper()}.")


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark shows in ASCII characters: every second byte of them is zero."""
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    for codec, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high > 0.2 * len(head) / 2 and low < 0.05 * high:
            return codec
    return None


def _windows_1258(data: bytes) -> str:
    """Tones are combining marks in Windows-1258. What comes out as other than Vietnamese is in another encoding."""
    error = InputError("input_encoding", "An encoding that vanban does not know.", _SAVE_AS_UTF8)
    try:
        text = unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        raise error from None
    telling = [character for character in text if character > "\x7f" and character not in _TYPOGRAPHIC]
    if sum(character in _VIETNAMESE for character in telling) < _LEAST_VIETNAMESE * len(telling):
        raise error
    return text


def _is_binary(text: str) -> bool:
    return "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text)


def _has_pile_of_marks(text: str) -> bool:
    """Normalisation takes quadratic time on a pile of combining marks, so a pile is refused before it."""
    for run in re.finditer(rf"[^\x00-\u02ff]{{{_LONGEST_PILE},}}", text):
        for is_mark, characters in groupby(run[0], lambda character: unicodedata.combining(character) > 0):
            if is_mark and sum(1 for _ in characters) >= _LONGEST_PILE:
                return True
    return False
