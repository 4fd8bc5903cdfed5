"""Figures in, SVG pictures for the model card out: how far confidences hold, and what kinds of errors remain.

Same figures, same bytes: no date, no random id, coordinates with one decimal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import floor, log10, sqrt
from xml.sax.saxutils import escape

from .classes import CLASSES, count_classes
from .score import Verdict

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 560, 460, 70, 50, 20, 60
LEAST, PER_DECADE = -4, 3
"""The plot of confidences starts at 10 ** LEAST on both axes; bins a decade."""
Z = 1.96
"""Normal quantile of 95 % intervals."""
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""Okabe and Ito's palette, which colour-blind readers can tell apart."""


def calibration_svg(confidences: Iterable[tuple[float, bool]]) -> str:
    """Reliability diagram of errors on logarithmic axes: expected share of errors by observed share, a dot a bin.

    Nearly all syllables are nearly sure: plain axes would show a single dot. Bars: 95 % intervals (Wilson, 1927).
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    total = 0
    for chance, is_right in confidences:
        doubt = max(1 - chance, 10.0**LEAST)
        bins.setdefault(min(floor(log10(doubt) * PER_DECADE), -1), []).append((doubt, is_right))
        total += 1
    parts = [*_axes(), _line(_x(1e-4), _y(1e-4), _x(1), _y(1), "#999", "5 4")]
    for _, members in sorted(bins.items()):
        count, wrong = len(members), sum(not is_right for _, is_right in members)
        x = _x(sum(doubt for doubt, _ in members) / count)
        low, high = interval(wrong, count)
        parts.append(_line(x, _y(low), x, _y(high), COLOURS[0]))
        if wrong:
            parts.append(f'<circle cx="{x:.1f}" cy="{_y(wrong / count):.1f}" r="4" fill="{COLOURS[0]}"/>')
        parts.append(_text(x + 5, _y(high) - 3, f"{wrong}/{count}", 9))
    parts.append(_text(WIDTH / 2, 24, f"How far confidences hold: {total:,} syllables, wrong/all a bin", 14, "middle"))
    return _svg(WIDTH, HEIGHT, parts)


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    share, weight = part / whole, Z * Z / whole
    middle = (share + weight / 2) / (1 + weight)
    half = Z * sqrt(share * (1 - share) / whole + weight / (4 * whole)) / (1 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def classes_svg(errors: Mapping[str, Sequence[Verdict]]) -> str:
    """Bars of error classes, a colour a text; errors: by the name of the text."""
    counts = {text: count_classes(own) for text, own in errors.items()}
    totals = {name: sum(own[name] for own in counts.values()) for name, _ in CLASSES}
    names = sorted(totals, key=lambda name: -totals[name])
    scale = (WIDTH - 230) / max(*totals.values(), 1)
    parts = [_text(WIDTH / 2, 24, f"Errors that remain: {sum(totals.values()):,}", 14, "middle")]
    for row, name in enumerate(names):
        x, y = 150.0, TOP + 28.0 * row
        parts.append(_text(x - 8, y + 14, name, 12, "end"))
        for colour, own in zip(COLOURS, counts.values(), strict=False):
            width = own[name] * scale
            parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="20" fill="{colour}"/>')
            x += width
        parts.append(_text(x + 6, y + 14, str(totals[name]), 12))
    below = TOP + 28 * len(names) + 12
    for row, (text, colour) in enumerate(zip(counts, COLOURS, strict=False)):
        y = below + 20.0 * row
        parts.append(f'<rect x="150" y="{y:.1f}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(170, y + 11, f"{text}: {counts[text].total()}", 12))
    return _svg(WIDTH, below + 20 * len(counts) + 10, parts)


def _axes() -> Iterator[str]:
    width, height = _x(1) - LEFT, _y(1e-4) - TOP
    yield f'<rect x="{LEFT}" y="{TOP}" width="{width:.1f}" height="{height:.1f}" fill="none" stroke="#333"/>'
    for decade in range(LEAST, 1):
        at, label = 10.0**decade, f"{100 * 10.0**decade:g} %"
        yield _line(_x(at), _y(1), _x(at), _y(1e-4), "#eee")
        yield _line(LEFT, _y(at), _x(1), _y(at), "#eee")
        yield _text(_x(at), HEIGHT - BOTTOM + 18, label, 11, "middle")
        yield _text(LEFT - 6, _y(at) + 4, label, 11, "end")
    yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, "expected errors (1 - confidence)", 12, "middle")
    yield (
        f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2:.1f}) rotate(-90)" font-size="12" '
        'text-anchor="middle">errors found</text>'
    )


def _x(share: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (1 - log10(max(share, 10.0**LEAST)) / LEAST)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (1 - log10(max(share, 10.0**LEAST)) / LEAST)


def _line(x: float, y: float, x2: float, y2: float, colour: str, dashes: str = "none") -> str:
    return (
        f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-dasharray="{dashes}"/>'
    )


def _text(x: float, y: float, text: str, size: int, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: int, height: int, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" fill="#222">'
    )
    return "\n".join((head, f'<rect width="{width}" height="{height}" fill="#fff"/>', *parts, "</svg>")) + "\n"
