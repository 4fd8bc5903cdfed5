"""Rows of figures in, lines of one table out, each as soon as its row is measured; Markdown, for the model card."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from .restoration import Row

COLUMNS: tuple[tuple[str, int, Callable[[Row], str]], ...] = (
    ("text", 24, lambda row: row.material),
    ("system", 24, lambda row: row.system),
    ("syllables", 9, lambda row: f"{row.figures.syllables:,}"),
    ("right", 7, lambda row: _percent(row.figures.accuracy)),
    ("CER", 6, lambda row: _percent(row.figures.cer)),
    ("mended", 7, lambda row: _percent(row.figures.mended)),
    ("spoiled", 15, lambda row: _of(row.figures.spoiled)),
    ("digits", 6, lambda row: f"{row.figures.numbers:,}"),
    ("exact", 7, lambda row: _percent(row.figures.numbers_exact)),
    ("misses flagged", 14, lambda row: _of(row.figures.misses_flagged) if row.figures.confidences else "-"),
    ("errors in 3 %", 13, lambda row: _percent(row.figures.errors_least_sure)),
    ("ECE", 6, lambda row: _percent(row.figures.calibration_error)),
    ("CPU s", 6, lambda row: f"{row.figures.seconds:.1f}" if row.figures.seconds is not None else "-"),
)
LEGEND = """right: syllables, less invented ones (1 - word error rate); on scans of true words whose place is sure
mended: of what was read wrong; spoiled: of what was read right; digits: true tokens with a digit, those exact
misses flagged: those not exact whose confidence is under 0.9; errors in 3 %: share of errors that the least sure hold
ECE: expected calibration error over 15 bins; CPU s: processor seconds"""


def head() -> Iterator[str]:
    yield _joined(name for name, _, _ in COLUMNS)
    yield "|" + "|".join("-" * (width + 2) for _, width, _ in COLUMNS) + "|"


def shown(row: Row) -> str:
    return _joined(cell(row) for _, _, cell in COLUMNS)


def crashes(rows: Iterable[Row]) -> Iterator[str]:
    """What systems crashed on: how often, with which errors, and the first line."""
    for row in rows:
        if row.figures.crashes:
            kinds = ", ".join(
                f"{kind} ({count})" for kind, count in Counter(why for _, why in row.figures.crashes).items()
            )
            where = f"{len(row.figures.crashes)} lines of {row.material}"
            yield f"{row.system} crashed on {where}: {kinds}; first: {row.figures.crashes[0][0]!r}"


def misses(rows: Iterable[Row]) -> Iterator[str]:
    """Each error in a line: text, true token, token that was read, confidence."""
    for row in rows:
        for error in row.figures.errors:
            sure = "-" if error.confidence is None else f"{error.confidence:.3f}"
            yield f"{row.material}\t{error.true or '-'}\t{error.read or '-'}\t{sure}"


def _joined(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, (_, width, _) in zip(cells, COLUMNS, strict=True)) + " |"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.2f} %"


def _of(counts: tuple[int, int]) -> str:
    return "-" if not counts[1] else f"{counts[0]:,} of {counts[1]:,}"
