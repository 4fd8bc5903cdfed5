"""A document or citation in; its names in the Akoma Ntoso Naming Convention, and the meta element, out."""

import re
from dataclasses import dataclass
from datetime import date

from lxml import etree

from pipeline.export import schema
from pipeline.export.akn_text import ElementIds, printable, slug
from pipeline.export.identity import issued_on, printed_number

PROGRAM = "vanban"
_ACTS = frozenset(
    {"hien-phap", "bo-luat", "luat", "phap-lenh", "lenh", "nghi-quyet", "nghi-quyet-lien-tich", "nghi-dinh"}
    | {"quyet-dinh", "chi-thi", "thong-tu", "thong-tu-lien-tich"}
)
"""Types of documents that order; all others are a `doc`."""
_NO_DAY = "0001-01-01"
"""Stands where the standard wants a day and the document has none."""
_FORMAT = "application/akn+xml"
_PROVENANCE = "urn:vanban:document:1"
_LOCAL = re.compile(r"-(?:ubnd|hdnd)$")
_BEFORE_DATE = re.compile(r"\s+(?:số|ngày|năm|của)(?!\w)")


@dataclass(frozen=True, slots=True)
class Work:
    """What identifies the document: `iri` of the work, its element, the day of issue, and the author's TLC id."""

    iri: str
    element: str
    subtype: str
    day: date | None
    number: str | None
    author: str
    author_id: str


def work_of(document: schema.Document, ids: ElementIds) -> Work:
    """As the letterhead has it; without a number the name of the file tells the document from others."""
    metadata = document.metadata
    subtype = _words(metadata.doc_type.value if metadata.doc_type else "") or "van-ban"
    day, number = issued_on(metadata), printed_number(metadata, document.nodes)
    last = slug(number or "") or slug(document.source.file_name.partition(".")[0]) or "nn"
    author = metadata.issuing_body.value if metadata.issuing_body else "không rõ"
    iri = _iri(subtype, day.isoformat() if day else _NO_DAY, last, author)
    return Work(iri, _element(subtype), subtype, day, number, author, ids.claim(slug(author) or "author"))


def iri_of_citation(citation: schema.Citation) -> str | None:
    """/akn/vn/act/luat/2015-06-19/luat-to-chuc-chinh-phu; None where too little is told to tell it from others."""
    day = citation.date.isoformat() if citation.date else str(citation.year) if citation.year else None
    subtype = _words(citation.type.replace("_", " "))
    last = slug(citation.number or _BEFORE_DATE.split(citation.raw)[0])
    if not day or not subtype or not last or (_LOCAL.search(last) and not _words(citation.issuer or "")):
        return None
    return _iri(subtype, day, last, citation.issuer or "")


def _iri(subtype: str, day: str, last: str, author: str) -> str:
    """The author is part of it only where provinces count each for itself."""
    actor = f"/{_words(author)}" if _LOCAL.search(last) and _words(author) else ""
    return f"/akn/vn/{_element(subtype)}/{subtype}{actor}/{day}/{last}"


def _words(text: str) -> str:
    """The slug without numbers, which would be taken for the date or the number in an IRI."""
    return "-".join(word for word in slug(text).split("-") if word.isalpha())


def _element(subtype: str) -> str:
    return "act" if subtype in _ACTS else "doc"


def add_meta(parent: etree._Element, document: schema.Document, work: Work, component: str) -> None:
    """Identification of the document ('!main') or of an annex ('!annex_1'); with the first, references and source.

    The day is that of issue on all levels: when the XML was made is not told, so that it is always the same.
    """
    meta = etree.SubElement(parent, "meta")
    identification = etree.SubElement(meta, "identification", source=f"#{PROGRAM}")
    day, name = (work.day.isoformat(), "issued") if work.day else (_NO_DAY, "unknown")
    subject = document.metadata.subject if component == "!main" else None
    expression = f"{work.iri}/vie@"
    for tag, this, uri, author, facts in (
        ("FRBRWork", f"{work.iri}/{component}", work.iri, work.author_id, _facts(work, subject)),
        ("FRBRExpression", f"{expression}/{component}", expression, work.author_id, [("FRBRlanguage", "vie")]),
        ("FRBRManifestation", f"{expression}/{component}.xml", f"{expression}.xml", PROGRAM, [("FRBRformat", _FORMAT)]),
    ):
        level = etree.SubElement(identification, tag)
        etree.SubElement(level, "FRBRthis", value=this)
        etree.SubElement(level, "FRBRuri", value=uri)
        etree.SubElement(level, "FRBRdate", date=day, name=name)
        etree.SubElement(level, "FRBRauthor", href=f"#{author}")
        for fact, value in facts:
            etree.SubElement(level, fact, {"language" if fact == "FRBRlanguage" else "value": printable(value)})
    if component == "!main":
        _add_references(meta, document, work)


def _facts(work: Work, subject: schema.Value | None) -> list[tuple[str, str]]:
    number = [("FRBRnumber", work.number)] if work.number else []
    name = [("FRBRname", subject.value)] if subject else []
    return [("FRBRcountry", "vn"), ("FRBRsubtype", work.subtype), *number, *name]


def _add_references(meta: etree._Element, document: schema.Document, work: Work) -> None:
    references = etree.SubElement(meta, "references", source=f"#{PROGRAM}")
    version = printable(f"{PROGRAM} {document.generator.version}")
    for eid, name, shown in (
        (PROGRAM, PROGRAM, version),
        (work.author_id, f"vn.{slug(work.author) or 'nn'}", printable(work.author)),
    ):
        href = f"/akn/ontology/organization/{name}"
        etree.SubElement(references, "TLCOrganization", eId=eid, href=href, showAs=shown)
    proprietary = etree.SubElement(meta, "proprietary", source=f"#{PROGRAM}")
    etree.SubElement(
        proprietary,
        f"{{{_PROVENANCE}}}source",
        nsmap={PROGRAM: _PROVENANCE},
        fileName=printable(document.source.file_name),
        sha256=document.source.sha256,
    )
