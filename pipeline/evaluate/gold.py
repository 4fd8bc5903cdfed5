"""Label files and the shared documents in, labelled documents out. The rules of the labels: tests/gold/README.md."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pypdfium2

from .places import Text, Words

GOLD = Path("tests/gold")
HEADS = {
    "source": ("file", "pages", "ocr", "unseen", "sha256"),
    "nodes": ("place", "kind", "marker", "id", "parent"),
    "tasks": ("node", "lead", "coordinating", "deadline", "start", "end", "deliverable"),
    "targets": ("place", "indicator", "comparator", "value", "unit", "years"),
    "citations": ("place", "type", "number", "date", "issuer", "target"),
    "rows": ("table", "stt", "task", "lead", "coordinating", "time", "start", "end", "product"),
}
CELLS = ("stt", "task", "lead", "coordinating", "time", "product")
ASIDE = "aside"
_SOFT_HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at a line's end."""


class GoldError(ValueError):
    """Label files that don't fit their text or one another."""


@dataclass(frozen=True)
class Node:
    """A unit of the document. `words`: marker and text; `parent`: first word of the unit above."""

    words: Words
    kind: str
    marker: str
    parent: int | None


@dataclass(frozen=True)
class Role:
    """`task`: first word of the unit that orders; `agency`: its id in the gazetteer, '' where it has none."""

    task: int | None
    role: str
    agency: str
    words: Words


@dataclass(frozen=True)
class Limit:
    """A deadline of a task, with its words and its days."""

    task: int | None
    words: Words
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Product:
    """What a task is to bring forth; only where its first word stands is compared."""

    task: int | None
    words: Words


@dataclass(frozen=True)
class Aim:
    """A target. `words`: comparator, value and unit; `years`: those of its period, rising."""

    words: Words
    indicator: str
    comparator: str
    value: str
    unit: str
    years: tuple[int, ...]


@dataclass(frozen=True)
class Reference:
    """A citation. `date`: ISO day or year; `target`: first word of the unit meant, for internal ones."""

    words: Words
    type: str
    number: str
    date: str
    issuer: str
    target: int | None


@dataclass(frozen=True)
class Labels:
    """What a document holds, by a person's or by the program's reading. `tasks`: first words of units that order."""

    nodes: tuple[Node, ...] = ()
    tasks: tuple[int | None, ...] = ()
    roles: tuple[Role, ...] = ()
    limits: tuple[Limit, ...] = ()
    products: tuple[Product, ...] = ()
    aims: tuple[Aim, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Row:
    """A row of a task table: the words of its cells; the days that its time names; `table`: which one, from 1."""

    table: int
    cells: dict[str, Words]
    start: date | None
    end: date | None


@dataclass(frozen=True)
class Document:
    """`pages`: those that are labelled; `ocr`: a text whose lines are those of `text` as an engine read them."""

    name: str
    file: Path
    ocr: Path | None
    pages: tuple[int, ...]
    text: Text
    labels: Labels
    rows: tuple[Row, ...]


def labelled(shared: Path, gold: Path = GOLD) -> Iterator[Document]:
    """All labelled documents. Raises GoldError where the true text is not the one that was labelled."""
    for folder in sorted(path for path in gold.iterdir() if path.is_dir()):
        yield load(folder, shared)


def load(folder: Path, shared: Path) -> Document:
    source = table(folder, "source")[0]
    pages = tuple(_numbers(source["pages"]))
    file = shared / source["file"]
    text = true_text(file, pages)
    if checksum(text) != source["sha256"]:
        raise GoldError(f"{folder}: the true text of {source['file']} is not the one that was labelled")
    if source["unseen"]:
        unseen = {int(number) for number in source["unseen"].split()}
        text = replace(text, lines=tuple("" if n in unseen else line for n, line in enumerate(text.lines, start=1)))
    ocr = shared / source["ocr"] if source["ocr"] else None
    return Document(folder.name, file, ocr, pages, text, read_labels(folder, text), tuple(_rows(folder, text)))


def true_text(file: Path, pages: tuple[int, ...]) -> Text:
    """Lines of a text file as they are; of a PDF those of the text layers of its pages (from 1) without blank ones."""
    if file.suffix != ".pdf":
        lines = file.read_text(encoding="utf-8").splitlines()
        return Text(tuple(lines), (1,) * len(lines))
    document = pypdfium2.PdfDocument(file)
    found = [
        (" ".join(line.replace(_SOFT_HYPHEN, "-").split()), number)
        for number in pages
        for line in document[number - 1].get_textpage().get_text_range().splitlines()
        if line.strip()
    ]
    document.close()
    return Text(tuple(line for line, _ in found), tuple(number for _, number in found))


def checksum(text: Text) -> str:
    return hashlib.sha256("\n".join(text.lines).encode()).hexdigest()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a label file; none where there is no such file."""
    path = folder / f"{name}.tsv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != HEADS[name]:
            raise GoldError(f"{path}: columns must be {', '.join(HEADS[name])}")
        rows = list(reader)
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise GoldError(f"{path}: line {number} has not {len(HEADS[name])} columns")
    return rows


def _numbers(text: str) -> Iterator[int]:
    """'1-3,7' -> 1 2 3 7"""
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def read_labels(folder: Path, text: Text) -> Labels:
    """The labels of a folder as words of the text."""
    starts, nodes = _nodes(folder, text)
    return Labels(nodes, *_tasks(folder, text, starts), _aims(folder, text), _references(folder, text, starts))


def _nodes(folder: Path, text: Text) -> tuple[dict[str, int], tuple[Node, ...]]:
    rows = table(folder, "nodes")
    aside = frozenset[int]().union(*(text.resolve(row["place"]) for row in rows if row["kind"] == ASIDE))
    starts: dict[str, int] = {}
    nodes: list[Node] = []
    for row in rows:
        if row["kind"] == ASIDE:
            continue
        words = text.resolve(row["place"]) - aside
        if row["id"] in starts:
            raise GoldError(f"{folder}: two nodes have the id {row['id']}")
        if row["parent"] and row["parent"] not in starts:
            raise GoldError(f"{folder}: {row['id']} stands before its parent {row['parent']}")
        starts[row["id"]] = min(words)
        nodes.append(Node(words, row["kind"], row["marker"], starts.get(row["parent"])))
    return starts, tuple(nodes)


def _tasks(
    folder: Path, text: Text, starts: dict[str, int]
) -> tuple[tuple[int, ...], tuple[Role, ...], tuple[Limit, ...], tuple[Product, ...]]:
    tasks: list[int] = []
    roles: list[Role] = []
    limits: list[Limit] = []
    products: list[Product] = []
    for row in table(folder, "tasks"):
        task = starts[row["node"]]
        tasks.append(task)
        for role in ("lead", "coordinating"):
            for item in row[role].split():
                place, _, agency = item.partition("=")
                roles.append(Role(task, role, agency, text.resolve(place)))
        if row["deadline"]:
            limits.append(Limit(task, text.resolve(row["deadline"]), _day(row["start"]), _day(row["end"])))
        if row["deliverable"]:
            products.append(Product(task, text.resolve(row["deliverable"])))
    return tuple(tasks), tuple(roles), tuple(limits), tuple(products)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _aims(folder: Path, text: Text) -> tuple[Aim, ...]:
    return tuple(
        Aim(
            text.resolve(row["place"]),
            text.quote(text.resolve(row["indicator"]), 99) if row["indicator"] else "",
            row["comparator"],
            row["value"],
            row["unit"],
            tuple(int(year) for year in row["years"].split()),
        )
        for row in table(folder, "targets")
    )


def _references(folder: Path, text: Text, starts: dict[str, int]) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            text.resolve(row["place"]),
            row["type"],
            row["number"],
            row["date"],
            row["issuer"],
            starts[row["target"]] if row["target"] else None,
        )
        for row in table(folder, "citations")
    )


def _rows(folder: Path, text: Text) -> Iterator[Row]:
    for row in table(folder, "rows"):
        cells = {name: text.resolve(row[name]) for name in CELLS if row[name]}
        yield Row(int(row["table"]), cells, _day(row["start"]), _day(row["end"]))
