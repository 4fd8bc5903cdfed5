"""Measured documents in; tables of figures, lists of disagreements and numbered texts for people out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from ..restore import Engine
from .agreement import Agreement
from .gold import labelled
from .places import Text
from .structure import Measured, from_ocr, from_true_text, pace

LISTED = ("nodes", "tasks", "roles", "deadlines", "deliverables", "- period and indicator", "- issuer")
"""Items whose disagreements are listed: the strictest of each kind."""


@dataclass(frozen=True)
class Report:
    """All documents, from their true texts and from OCR; `pace`: syllables a second from text to findings."""

    true: tuple[Measured, ...]
    ocr: tuple[Measured, ...]
    pace: float

    def tables(self) -> Iterator[Table]:
        """One table over all documents with precision, recall and F1, and one with the F1 of each document."""
        both = (_total(self.true), _total(self.ocr))
        title = (
            f"sections and tasks, {self.pace:,.0f} syllables/s: from true text, and beside it from restored OCR text"
        )
        whole = Table("item", "labels", *("precision", "recall", "F1") * 2, title=title)
        for item, mine in both[0].items():
            figures = (_percent(x) for a in (mine, both[1][item]) for x in (a.precision, a.recall, a.f1))
            whole.add_row(item, str(mine.gold), *figures)
        yield whole
        names = [item for item in both[0] if not item.startswith("-")]
        each = Table("F1: true text / OCR text", *names)
        for mine_of, read_of in zip(self.true, self.ocr, strict=True):
            pairs = (f"{_percent(mine_of.items[n].f1)} / {_percent(read_of.items[n].f1)}" for n in names)
            each.add_row(mine_of.document.name, *pairs)
        yield each

    def misses(self) -> Iterator[str]:
        """Each disagreement in a line: document, text, item, place, what the label says, what came."""
        for label, measured in (("true", self.true), ("ocr", self.ocr)):
            for one in measured:
                text = one.document.text
                for item in LISTED:
                    for miss in one.items[item].misses:
                        told = f"expected {_say(miss.expected, text)}\tcame {_say(miss.came, text)}"
                        yield f"{one.document.name}\t{label}\t{item}\t{_where(text, miss.at)}\t{told}"


def measure(engine: Engine, shared: Path, build: Path) -> Report:
    """Structures and compares all labelled documents."""
    documents = [document for document in labelled(shared) if document.labels.nodes]
    true = tuple(from_true_text(document) for document in documents)
    ocr = tuple(from_ocr(document, engine, shared, build) for document in documents)
    return Report(true, ocr, pace(documents))


def numbered(text: Text) -> Iterator[str]:
    """The lines with their numbers, for those who write labels; each page opens with its own."""
    page = 0
    for number, (line, at) in enumerate(zip(text.lines, text.pages, strict=True), start=1):
        if at != page:
            yield f"--- page {at}"
            page = at
        yield f"{number}\t{line}"


def _total(measured: Sequence[Measured]) -> dict[str, Agreement]:
    items = measured[0].items
    return {item: sum((m.items[item] for m in measured), Agreement()) for item in items}


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _where(text: Text, word: int | None) -> str:
    if word is None:
        return "-"
    place = text.place(word)
    return f"{place} (page {text.pages[int(place.split('.')[0]) - 1]})"


def _say(item: object, text: Text) -> str:
    if item is None:
        return "nothing"
    parts = []
    for name, value in vars(item).items():
        if name == "words":
            parts.append(f"‹{text.place(min(value))}-{text.place(max(value))} {text.quote(value)}›" if value else "‹›")
        elif name in ("parent", "task", "target"):
            parts.append(f"{name} {text.place(value) if value is not None else '-'}")
        elif value not in ("", None, ()):
            parts.append(f"{name} {value}")
    return ", ".join(parts)
