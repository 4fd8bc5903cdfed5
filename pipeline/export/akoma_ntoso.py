"""A contract document in; Akoma Ntoso 3.0 XML (OASIS LegalDocML) out.

Identifiers follow the Akoma Ntoso Naming Convention 1.0. GUID holds the node's id in the JSON, so that tasks, targets
and citations there can be joined to the XML.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile

from lxml import etree

from pipeline.errors import InputError
from pipeline.export import schema
from pipeline.export.akn_meta import PROGRAM, Work, add_meta, iri_of_citation, work_of
from pipeline.export.akn_text import ElementIds, Mark, add_text, guid_of, number_of, printable
from pipeline.export.identity import issued_on
from pipeline.export.tree import Branch, grow

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"

_PROVISIONS = {
    "phan": ("part", "part"),
    "chuong": ("chapter", "chp"),
    "muc": ("section", "sec"),
    "tieu_muc": ("subsection", "subsec"),
    "dieu": ("article", "art"),
    "khoan": ("paragraph", "para"),
    "diem": ("point", "point"),
    "gach_dau_dong": ("indent", "indent"),
    "doan": ("alinea", "al"),
}
"""The element of each kind of provision, and how eIds name it; other kinds are a hcontainer of their name."""
_PREFACE = frozenset(
    {"quoc_hieu", "tieu_ngu", "co_quan", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban", "trich_yeu", "kinh_gui"}
    | {"kem_theo"}
)
_PREAMBLE = frozenset({"co_quan", "can_cu", "lenh_ban_hanh"})
_CONCLUSIONS = frozenset({"chu_ky", "noi_nhan"})
_ATTACHED = frozenset({"phu_luc", "van_ban"})
_MIXED = frozenset(
    {"p", "num", "heading", "docTitle", "docType", "docNumber", "docDate", "docAuthority", "signature", "ref"}
)
_DEEPEST = 100
"""XML parsers refuse some 250 levels."""


def to_akoma_ntoso(document: schema.Document) -> bytes:
    """The document as an `act` where its type is one that orders, else as a `doc`; annexes are its attachments.

    Each node's text is in it once, in reading order, save that the title of an annex comes before the letterhead
    printed above it. Characters that XML can't hold become U+FFFD. Raises InputError for a tree too deep for XML.
    """
    branches = grow(document.nodes)
    _check_depth(branches)
    ids = ElementIds()
    ids.claim(PROGRAM)
    writer = _Writer(document, work_of(document, ids), ids, tuple(_marks(document)))
    root = etree.Element("akomaNtoso", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs know no default namespace
    writer.add_document(root, writer.work.element, writer.work.subtype, branches, "", "!main")
    for reference, node_id in writer.references:
        reference.set("href", f"#{writer.given[node_id]}")
    _finish(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


@dataclass(slots=True)
class _Writer:
    """`given`: the eId of each node; `references`: refs to nodes, whose eIds are known once all is written."""

    document: schema.Document
    work: Work
    ids: ElementIds
    marks: tuple[Mark, ...]
    given: dict[str, str] = field(default_factory=dict)
    references: list[tuple[etree._Element, str]] = field(default_factory=list)

    def add_document(
        self, parent: etree._Element, tag: str, name: str, branches: Sequence[Branch], prefix: str, component: str
    ) -> None:
        """An act or doc with all its parts; `prefix` of its eIds, `component` of its IRIs."""
        element = etree.SubElement(parent, tag, name=name)
        add_meta(element, self.document, self.work, component)
        main, annexes = _divide(branches)
        preface, preamble, body, conclusions = _parts(main)
        self._add_blocks(element, "preface", preface, prefix)
        self._add_preamble(element, preamble, prefix)
        inner = etree.SubElement(element, "body" if tag == "act" else "mainBody")
        for branch in body:
            self._add_provision(inner, branch, prefix)
        if not body:
            empty = etree.SubElement(inner, "hcontainer", eId=self.ids.next(prefix, "hcontainer"), name="empty")
            etree.SubElement(empty, "content")
        self._add_blocks(element, "conclusions", conclusions, prefix)
        if annexes:
            attachments = etree.SubElement(element, "attachments")
            for index, (head, contents) in enumerate(annexes, start=1):
                below = f"{'!' if component == '!main' else f'{component}/'}annex_{index}"
                self._add_annex(attachments, head, contents, prefix, below)

    def _add_annex(
        self, parent: etree._Element, head: schema.Node, contents: Sequence[Branch], prefix: str, component: str
    ) -> None:
        attachment = self._element(parent, "attachment", "att", head, prefix)
        self._add_number(attachment, head)
        if head.text:
            heading = etree.SubElement(attachment, "heading")
            self._write(heading, head.text, head.span[0])
        self.add_document(attachment, "doc", head.kind.replace("_", "-"), contents, self.given[head.id], component)

    def _add_provision(self, parent: etree._Element, branch: Branch, prefix: str) -> None:
        node = branch.node
        tag, reference = _PROVISIONS.get(node.kind, ("hcontainer", "hcontainer"))
        element = self._element(parent, tag, reference, node, prefix)
        if tag == "hcontainer":
            element.set("name", node.kind)
        eid = self.given[node.id]
        self._add_number(element, node)
        titled = len(node.heading) if node.heading and node.text.startswith(node.heading) else 0
        if titled:
            heading = etree.SubElement(element, "heading")
            self._write(heading, node.text[:titled], node.span[0])
        if node.text[titled:]:
            inner = "intro" if branch.children else "content"
            block = etree.SubElement(element, inner, eId=f"{eid}__{inner}")
            paragraph = etree.SubElement(block, "p", eId=f"{eid}__{inner}__p_1")
            self._write(paragraph, node.text[titled:], node.span[0] + titled)
        for child in branch.children:
            self._add_provision(element, child, eid)

    def _add_preamble(self, parent: etree._Element, branches: Sequence[Branch], prefix: str) -> None:
        if not branches:
            return
        preamble = etree.SubElement(parent, "preamble", eId=self._part(prefix, "preamble"))
        above = preamble.get("eId", "")
        for kind, group in groupby(branches, key=lambda branch: branch.node.kind):
            if kind == "can_cu":
                citations = etree.SubElement(preamble, "citations", eId=self.ids.next(above, "cits"))
                for branch in group:
                    citation = self._element(citations, "citation", "cit", branch.node, citations.get("eId", ""))
                    self._add_lines(citation, branch, self.given[branch.node.id], named=True)
            elif kind == "lenh_ban_hanh":
                for branch in group:
                    formula = self._element(preamble, "formula", "formula", branch.node, above)
                    formula.set("name", kind)
                    self._add_lines(formula, branch, self.given[branch.node.id], named=True)
            else:
                for branch in group:
                    self._add_lines(preamble, branch, above)

    def _add_blocks(self, parent: etree._Element, tag: str, branches: Sequence[Branch], prefix: str) -> None:
        if branches:
            part = etree.SubElement(parent, tag, eId=self._part(prefix, tag))
            for branch in branches:
                self._add_lines(part, branch, part.get("eId", ""))

    def _add_lines(self, parent: etree._Element, branch: Branch, prefix: str, named: bool = False) -> None:
        """A paragraph for each node of a branch; `named`: the parent stands for the first one and has its ids."""
        for each in branch.walk():
            node = each.node
            if named and each is branch:
                paragraph = etree.SubElement(parent, "p", eId=self.ids.next(prefix, "p"))
            else:
                paragraph = self._element(parent, "p", "p", node, prefix)
                paragraph.set("class", node.kind)
            if node.marker:
                marker = etree.SubElement(paragraph, "inline", name="num")
                marker.text = printable(node.marker)
                marker.tail = " "
            self._write(paragraph, node.text, node.span[0])

    def _element(
        self, parent: etree._Element, tag: str, reference: str, node: schema.Node, prefix: str
    ) -> etree._Element:
        number = None if tag == "p" else number_of(node.marker)
        eid = self.given[node.id] = self.ids.next(prefix, reference, number)
        return etree.SubElement(parent, tag, eId=eid, GUID=guid_of(node.id))

    def _add_number(self, parent: etree._Element, node: schema.Node) -> None:
        if node.marker:
            etree.SubElement(parent, "num").text = printable(node.marker)

    def _write(self, parent: etree._Element, text: str, offset: int) -> None:
        for element, mark in add_text(parent, text, offset, self.marks):
            if mark.node_id is not None:
                self.references.append((element, mark.node_id))

    @staticmethod
    def _part(prefix: str, tag: str) -> str:
        return f"{prefix}__{tag}" if prefix else tag


def _divide(branches: Sequence[Branch]) -> tuple[list[Branch], list[tuple[schema.Node, list[Branch]]]]:
    """The document's own branches, and each annex with all that belongs to it: the letterhead above, its units, what
    comes after it."""
    main, annexes = list[Branch](), list[tuple[schema.Node, list[Branch]]]()
    here, loose = main, list[Branch]()
    for branch in branches:
        if branch.node.kind not in _ATTACHED:
            loose.append(branch)
            continue
        above = _trailing(loose, _PREFACE)
        if here is main and len(above) == len(loose):
            above = []
        here += loose[: len(loose) - len(above)]
        here, loose = [*above, *branch.children], []
        annexes.append((branch.node, here))
    here += loose
    return main, annexes


def _parts(branches: Sequence[Branch]) -> tuple[Sequence[Branch], ...]:
    """Preface, preamble, body, conclusions; an issuing body printed again above the legal bases is of the preamble."""
    preface = list(takewhile(lambda branch: branch.node.kind in _PREFACE, branches))
    after = branches[len(preface) : len(preface) + 1]
    if after and after[0].node.kind in _PREAMBLE and len(preface) > 1 and preface[-1].node.kind == "co_quan":
        del preface[-1]
    rest = branches[len(preface) :]
    preamble = list(takewhile(lambda branch: branch.node.kind in _PREAMBLE, rest))
    rest = rest[len(preamble) :]
    conclusions = _trailing(rest, _CONCLUSIONS)
    return preface, preamble, rest[: len(rest) - len(conclusions)], conclusions


def _trailing(branches: Sequence[Branch], kinds: frozenset[str]) -> list[Branch]:
    return list(takewhile(lambda branch: branch.node.kind in kinds, reversed(branches)))[::-1]


def _marks(document: schema.Document) -> Iterator[Mark]:
    """What the letterhead tells, and the citations that can be named."""
    metadata, day = document.metadata, issued_on(document.metadata)
    for value, tag in (
        (metadata.issuing_body, "docAuthority"),
        (metadata.doc_type, "docType"),
        (metadata.subject, "docTitle"),
        (metadata.signatory, "signature"),
    ):
        if value:
            yield Mark(*value.span, tag)
    if metadata.issued_date and day:
        yield Mark(*metadata.issued_date.span, "docDate", (("date", day.isoformat()),))
    if metadata.number:
        yield Mark(metadata.number.span[0], (metadata.notation or metadata.number).span[1], "docNumber")
    known = {node.id for node in document.nodes}
    for citation in document.citations:
        if citation.target_id in known:
            yield Mark(*citation.span, "ref", node_id=citation.target_id)
        elif citation.target_id is None and (iri := iri_of_citation(citation)):
            yield Mark(*citation.span, "ref", (("href", iri),))


def _check_depth(branches: Sequence[Branch]) -> None:
    level, depth = list(branches), 0
    while level:
        depth += 1
        level = [child for branch in level for child in branch.children]
    if depth > _DEEPEST:
        message = f"Its units stand {depth} deep in one another; XML takes {_DEEPEST}."
        raise InputError("document_too_deep", message, "Look at its structure; use the JSON.")


def _finish(root: etree._Element) -> None:
    """All in the namespace, and what holds no text on lines of its own, so that versions can be compared."""
    for element in root.iter():
        if len(element) and element.tag not in _MIXED:
            element.text = "\n"
            for child in element:
                child.tail = "\n"
        if not element.tag.startswith("{"):
            element.tag = f"{{{NAMESPACE}}}{element.tag}"
