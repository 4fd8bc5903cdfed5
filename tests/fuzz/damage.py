"""Bytes in, the same bytes with bits flipped, pieces cut, doubled, overwritten or taken from another file out."""

from collections.abc import Callable, Sequence
from random import Random


def damaged(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    """One to four injuries, one after the other; `others`: what pieces are taken from."""
    for _ in range(random.randint(1, 4)):
        data = random.choice(_INJURIES)(data, others, random)
    return data


def _flip(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    changed = bytearray(data)
    for _count in range(random.choice((1, 1, 8, 64)) if data else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _truncate(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _cut(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:start] + data[end:]


def _double(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 20)) + data[end:]


def _overwrite(data: bytes, _: Sequence[bytes], random: Random) -> bytes:
    start, end = _piece(data, random)
    filling = random.choice((b"\0", b"\xff", b"9", b"(", b"<", random.randbytes(1)))
    return data[:start] + filling * (end - start) + data[end:]


def _splice(data: bytes, others: Sequence[bytes], random: Random) -> bytes:
    other = random.choice(others)
    start, end = _piece(other, random)
    at = random.randint(0, len(data))
    return data[:at] + other[start:end] + data[at + random.choice((0, end - start)) :]


def _piece(data: bytes, random: Random) -> tuple[int, int]:
    """Mostly short, sometimes of any length."""
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 4, 32, 500, len(data))))


_INJURIES: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _flip,
    _flip,
    _truncate,
    _cut,
    _double,
    _overwrite,
    _splice,
)
