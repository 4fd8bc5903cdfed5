"""A document and pictures of its scanned pages in; its page, and pictures that lie beside that, out."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from pipeline.export import schema
from pipeline.export.review.layout import Layout, lay_out
from pipeline.export.review.overview import Overview, as_head
from pipeline.export.review.payload import as_script, payload
from pipeline.export.review.shell import render

MOST_EMBEDDED = 9_000_000
"""Bytes of pictures within a page, which are 12,000,000 there; further ones lie beside it."""
_OUTLINE = frozenset({"phan", "chuong", "muc", "tieu_muc", "dieu", "phu_luc", "loai_van_ban"})
_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Pages:
    """The HTML, and pictures by the name under which they lie in the folder `NAME.pages` beside it."""

    html: bytes
    beside: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class _Link:
    row: int
    depth: int
    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class _TaskLink:
    row: int
    who: str
    due: str
    text: str


def to_page(
    document: schema.Document, shown: Overview, pictures: Iterable[tuple[int, bytes]] = (), *, index: str
) -> Pages:
    """`pictures`: WebP of scanned pages by number; index: relative address of the index."""
    embedded, beside, files, size = dict[int, str](), dict[str, bytes](), dict[int, str](), 0
    short = shown.name.rpartition("/")[2]
    for number, data in pictures:
        size += len(data)
        if size <= MOST_EMBEDDED:
            embedded[number] = base64.b64encode(data).decode()
        else:
            beside[f"{number:04}.webp"] = data
            files[number] = f"{quote(short)}.pages/{number:04}.webp"
    layout = lay_out(document)
    html = render(
        "page.html",
        overview=shown,
        head=Markup(as_head(shown)),
        payload=Markup(as_script(payload(shown.name, document, layout, files))),
        pictures=_markup(embedded),
        outline=list(_outline(document, layout)),
        tasks=list(_tasks(document, layout)),
        notices=[*document.errors, *document.warnings],
        index=index,
        short=short,
    )
    return Pages(html, beside)


def _markup(pictures: Mapping[int, str]) -> dict[int, Markup]:
    return {number: Markup(data) for number, data in pictures.items()}


def _outline(document: schema.Document, layout: Layout) -> Iterable[_Link]:
    depths = dict[str, int]()
    for node in document.nodes:
        above = depths.get(node.parent_id or "", -1)
        if (node.kind in _OUTLINE or node.heading) and node.id in layout.rows_of and node.kind != "doan":
            depths[node.id] = min(above + 1, 5)
            yield _Link(layout.rows_of[node.id], depths[node.id], node.marker or "", _short(node.text))
        else:
            depths[node.id] = above


def _tasks(document: schema.Document, layout: Layout) -> Iterable[_TaskLink]:
    for task in document.tasks:
        if task.node_id in layout.rows_of:
            who = ", ".join(agency.name or agency.raw for agency in task.lead)
            due = task.deadline.end.strftime("%d/%m/%Y") if task.deadline and task.deadline.end else ""
            yield _TaskLink(layout.rows_of[task.node_id], who, due, _short(task.text))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST].rpartition(" ")[0] + " …"
