"""A document in; what the index tells of it out. It stands in the head of the document's page, so that the index of
many documents is made without reading them all again."""

import json
import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.export import schema
from pipeline.export.identity import printed_number
from pipeline.export.review.payload import as_script

STRIPS = 80
"""Parts of a document of which each is told how many doubts it has."""
BINS = 20
"""Of the histogram of confidences, from 0 to 1."""
_HEAD = 60_000
"""Bytes of a page in which its overview is."""
_OVERVIEW = re.compile(rb'<script type="application/json" id="overview">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Overview:
    """made_by: digest of the templates that the page was made by, and of whether its input was there; doubts: left to
    look at; reviewed: readings that reviewers said something of; strip: doubts in each part of the raw text;
    confidences: readings in the corrections by confidence; agencies, years: tasks by who leads and by year of the
    deadline."""

    made_by: str
    name: str
    kind: str
    number: str
    date: str
    body: str
    subject: str
    status: str
    pages: int
    syllables: int
    doubts: int
    reviewed: int
    tasks: int
    strip: tuple[int, ...]
    confidences: tuple[int, ...]
    agencies: dict[str, int]
    years: dict[str, int]

    @property
    def title(self) -> str:
        """Type and number, or what else there is to call it by."""
        return " ".join(filter(None, (self.kind.capitalize(), self.number))) or self.name


def overview(name: str, document: schema.Document, made_by: str) -> Overview:
    """What the index tells of a document."""
    meta = document.metadata
    doubts = [reading for reading in document.corrections if reading.is_doubt]
    length = max(len(document.text.raw), 1)
    strip = Counter(reading.raw_span[0] * STRIPS // length for reading in doubts)
    bins = Counter(min(int(reading.confidence * BINS), BINS - 1) for reading in document.corrections)
    agencies = Counter(agency.name or agency.raw for task in document.tasks for agency in task.lead)
    years = Counter(
        str(task.deadline.end.year) for task in document.tasks if task.deadline is not None and task.deadline.end
    )

    def said(value: schema.Value | None) -> str:
        return " ".join(value.value.split()) if value else ""

    return Overview(
        made_by=made_by,
        name=name,
        kind=said(meta.doc_type),
        number=" ".join((printed_number(meta, document.nodes) or "").split()),
        date=said(meta.issued_date),
        body=said(meta.issuing_body),
        subject=said(meta.subject)[:400],
        status=document.status,
        pages=len(document.source.pages),
        syllables=len(document.text.map),
        doubts=len(doubts),
        reviewed=sum(reading.source == "reviewer" for reading in document.corrections),
        tasks=len(document.tasks),
        strip=tuple(strip[part] for part in range(STRIPS)),
        confidences=tuple(bins[part] for part in range(BINS)),
        agencies=dict(agencies.most_common(200)),
        years=dict(sorted(years.items())),
    )


def as_head(shown: Overview) -> str:
    """What `read_overview` reads."""
    return as_script(asdict(shown))


def read_overview(page: Path) -> Overview | None:
    """The overview in a page; None where the file is not there, or is no page that this program wrote."""
    try:
        with page.open("rb") as stream:
            found = _OVERVIEW.search(stream.read(_HEAD))
        told = json.loads(found[1]) if found else None
        return Overview(**(told | {name: tuple(told[name]) for name in ("strip", "confidences")})) if told else None
    except (OSError, ValueError, LookupError, TypeError):
        return None
