import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.document import Source
from pipeline.errors import InputError, MissingPartError
from pipeline.ingest import ingest, tesseract
from tests.ingest.papers import HEIGHT, WIDTH, put, saved, text_pdf

LETTER = [
    (80, 60, "ỦY BAN NHÂN DÂN"),
    (95, 76, "XÃ BẾN SỎI"),
    (300, 60, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (330, 76, "Độc lập - Tự do - Hạnh phúc"),
    (80, 110, "Số: 12/KH-UBND"),
    (330, 110, "Bến Sỏi, ngày 02 tháng 4 năm 2023"),
    (260, 160, "KẾ HOẠCH"),
    (90, 200, "Thực hiện chương trình nước sạch nông thôn, Ủy ban nhân dân xã"),
    (70, 216, "giao các thôn rà soát, báo cáo trước ngày 15 tháng 5 năm 2023."),
]


def lines_of(source: Source) -> list[str]:
    return [line for line in re.split(r"[\n\f]", source.raw) if line]


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise MissingPartError("tesseract_missing", "Tesseract is not installed.", "Install it.")

    monkeypatch.setattr(tesseract, "check", missing)


def test_a_text_layer_is_read_column_by_column_with_boxes(tmp_path: Path) -> None:
    source = ingest(put(tmp_path, "a.pdf", text_pdf(LETTER)))
    assert lines_of(source) == [
        "ỦY BAN NHÂN DÂN",
        "XÃ BẾN SỎI",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND",
        "Bến Sỏi, ngày 02 tháng 4 năm 2023",
        "KẾ HOẠCH",
        "Thực hiện chương trình nước sạch nông thôn, Ủy ban nhân dân xã",
        "giao các thôn rà soát, báo cáo trước ngày 15 tháng 5 năm 2023.",
    ]
    assert [page.kind for page in source.pages] == ["text"]
    for word in (word for line in source.lines for word in line.words):
        assert source.raw[word.start : word.end] == word.text
    first = source.lines[0].words[0].box
    assert first is not None
    assert first == pytest.approx((80, 60, 92, 72), abs=1)


def test_lines_of_all_pages_tile_the_raw_text(tmp_path: Path) -> None:
    source = ingest(put(tmp_path, "a.pdf", text_pdf(LETTER, [], LETTER)))
    end = 0
    for line in source.lines:
        assert source.raw[end : line.start].strip("\n\f") == ""
        end = line.end
    assert end == len(source.raw)
    assert [bool(page.lines) for page in source.pages] == [True, False, True]


def _grid(xs: list[float], ys: list[float]) -> list[tuple[float, float, float, float]]:
    return [(xs[0], y, xs[-1], y) for y in ys] + [(x, ys[0], x, ys[-1]) for x in xs]


def test_a_table_goes_on_over_the_page_break(tmp_path: Path) -> None:
    head = [(75, 105, "STT"), (125, 105, "Nhiệm vụ"), (355, 105, "Cơ quan")]
    first = [*head, (75, 145, "1"), (125, 145, "Rà soát giếng"), (125, 160, "khoan của"), (355, 145, "Thôn Một")]
    second = [*head, (125, 145, "từng hộ"), (75, 185, "2"), (125, 185, "Lập báo cáo"), (355, 185, "Thôn Hai")]
    rules = _grid([70, 120, 350, 500], [100, 140, 180, 220])
    source = ingest(put(tmp_path, "a.pdf", text_pdf(first, second, rules=rules)))
    (table,) = source.tables
    texts: dict[tuple[int, int], str] = {
        (cell.row, cell.column): " ".join(source.raw[slice(*span)].replace("\n", " ") for span in cell.raw_spans)
        for cell in table.cells
    }
    rows = [[texts[row, column] for column in range(3)] for row in range(4) if (row, 0) in texts]
    assert table.header == 1
    assert rows[0] == ["STT", "Nhiệm vụ", "Cơ quan"]
    assert rows[1] == ["1", "Rà soát giếng khoan của", "Thôn Một"]
    assert [" ".join(row).strip() for row in rows[2:]] != []
    assert {source.raw[slice(*span)] for span in table.repeated} == {"STT", "Nhiệm vụ", "Cơ quan"}
    assert "Lập báo cáo" in texts.values()


def test_a_merged_cell_is_one_cell(tmp_path: Path) -> None:
    rules = [*_grid([70, 120, 350, 500], [100, 140, 220]), (70, 180, 350, 180)]
    lines = [
        *((75, 105, "STT"), (125, 105, "Nhiệm vụ"), (355, 105, "Cơ quan")),
        *((75, 145, "1"), (125, 145, "Việc một"), (355, 160, "Thôn Một"), (75, 185, "2"), (125, 185, "Việc hai")),
    ]
    (table,) = ingest(put(tmp_path, "a.pdf", text_pdf(lines, rules=rules))).tables
    spans = {(cell.row, cell.column): (cell.row_span, cell.column_span) for cell in table.cells}
    assert spans[1, 2] == (2, 1)
    assert (2, 2) not in spans


def test_frames_and_underlines_are_no_tables(tmp_path: Path) -> None:
    rules = [(60, 90, 540, 90), (60, 93, 540, 93), *_grid([50, 545], [50, 800])]
    assert ingest(put(tmp_path, "a.pdf", text_pdf(LETTER, rules=rules))).tables == ()


def test_the_stamp_of_a_signature_is_no_text(tmp_path: Path, no_tesseract: None) -> None:
    stamp = [(10, 5, "Người ký: ỦY BAN NHÂN DÂN XÃ BẾN SỎI"), (10, 19, "Thời gian ký: 02.04.2023 08:00:00 +07:00")]
    source = ingest(put(tmp_path, "a.pdf", text_pdf([*stamp, *LETTER])))
    assert "Người ký" not in source.raw
    (found,) = source.stamps
    assert found.signer == "ỦY BAN NHÂN DÂN XÃ BẾN SỎI"
    picture = Image.new("L", (600, 850), 255)
    picture.paste(0, (100, 100, 500, 700))
    with pytest.raises(InputError) as caught:
        ingest(put(tmp_path, "b.pdf", text_pdf(stamp, picture=picture)))
    assert caught.value.code == "tesseract_missing"


def test_a_good_layer_over_a_picture_is_used_and_a_garbled_one_is_not_trusted(
    tmp_path: Path, no_tesseract: None
) -> None:
    picture = Image.new("L", (600, 850), 240)
    good = ingest(put(tmp_path, "a.pdf", text_pdf(LETTER, picture=picture)))
    assert good.pages[0].failure is None
    garbled = [(x, y, text.translate(str.maketrans("ỦÂẾỎỘỨựệạ", "U4EO0UqcQ"))[::-1]) for x, y, text in LETTER]
    source = ingest(put(tmp_path, "b.pdf", text_pdf(garbled, picture=picture)))
    assert source.pages[0].kind == "scan"
    assert source.pages[0].failure is not None
    assert source.raw.strip()


@pytest.mark.parametrize(("bottom", "kind"), [(720, "scan"), (620, "text")])
def test_text_in_a_small_picture_beside_words_is_read_and_an_emblem_is_none(
    tmp_path: Path, no_tesseract: None, bottom: int, kind: str
) -> None:
    picture = Image.new("L", (300, 100), 255)
    picture.paste(0, (20, 20, 280, 80))
    data = text_pdf(LETTER, picture=picture, place=(70, 600, 370, bottom))
    (page,) = ingest(put(tmp_path, "a.pdf", data)).pages
    assert (page.kind, bool(page.failure)) == (kind, kind == "scan")
    assert "nước sạch nông thôn" in " ".join(word.text for line in page.lines for word in line.words)


def test_legacy_fonts_are_converted(tmp_path: Path) -> None:
    lines = [(70, 60 + 16 * i, "Céng hoµ x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc") for i in range(3)]
    source = ingest(put(tmp_path, "a.pdf", text_pdf(lines)))
    assert lines_of(source)[0] == "Cộng hoà xã hội chủ nghĩa Việt Nam Độc lập Tự do Hạnh phúc"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n", "pdf_damaged"),
        (b"", "input_empty"),
        (b"not a PDF at all", "pdf_damaged"),
        (saved(pikepdf.new()), "pdf_empty"),
    ],
)
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        ingest(put(tmp_path, "a.pdf", data))
    assert caught.value.code in {code, "pdf_damaged"}
    assert caught.value.remedy


def test_a_locked_pdf_is_refused_and_one_without_a_password_to_open_is_read(tmp_path: Path) -> None:
    with pikepdf.open(put(tmp_path, "a.pdf", text_pdf(LETTER))) as document:
        locked = saved(document, encryption=pikepdf.Encryption(owner="a", user="b"))
        closed = saved(document, encryption=pikepdf.Encryption(owner="a", user=""))
    with pytest.raises(InputError) as caught:
        ingest(put(tmp_path, "b.pdf", locked))
    assert caught.value.code == "pdf_encrypted"
    assert "KẾ HOẠCH" in ingest(put(tmp_path, "c.pdf", closed)).raw


def test_a_truncated_pdf_gives_what_is_left_or_a_coded_error(tmp_path: Path) -> None:
    whole = text_pdf(LETTER, LETTER)
    for share in (0.3, 0.6, 0.9):
        path = put(tmp_path, "a.pdf", whole[: int(share * len(whole))])
        try:
            assert ingest(path).raw
        except InputError as error:
            assert error.code in {"pdf_damaged", "pdf_empty", "input_empty", "page_damaged"}


def test_two_thousand_pages_are_read(tmp_path: Path) -> None:
    line = (70, 60, "Trang này có mười hai từ để không cần phải nhìn lại")
    with pikepdf.open(put(tmp_path, "a.pdf", text_pdf([line]))) as document:
        for _ in range(1999):
            document.pages.append(document.pages[0])
        path = put(tmp_path, "b.pdf", saved(document))
    source = ingest(path)
    assert len(source.pages) == 2000
    assert source.raw.count("mười hai từ") == 2000


def test_one_bad_page_leaves_the_others(tmp_path: Path) -> None:
    bomb = b"q Q " * 40_000_000
    with pikepdf.open(put(tmp_path, "a.pdf", text_pdf(LETTER, LETTER, LETTER))) as document:
        document.pages[1].obj.Contents = document.make_stream(bomb)
        path = put(tmp_path, "b.pdf", saved(document, compress_streams=True))
    source = ingest(path)
    failures = {page.number: page.failure.code for page in source.pages if page.failure}
    assert failures == {2: "page_bomb"}
    assert source.raw.count("KẾ HOẠCH") == 2


def test_a_page_of_absurd_size_fails_alone(tmp_path: Path) -> None:
    with pikepdf.open(put(tmp_path, "a.pdf", text_pdf(LETTER, [(70, 60, "Trang")]))) as document:
        page = document.pages[1]
        page.mediabox = pikepdf.Array([0, 0, 200_000, 200_000])
        page.contents_add(b"0 0 200000 100000 re f")
        path = put(tmp_path, "b.pdf", saved(document))
    source = ingest(path)
    failures = {page.number: page.failure.code for page in source.pages if page.failure}
    assert failures == {2: "page_too_large"}
    assert "Trang" in source.raw or "KẾ HOẠCH" in source.raw


def test_blank_pages_are_pages_without_text(tmp_path: Path) -> None:
    source = ingest(put(tmp_path, "a.pdf", text_pdf(LETTER, [])))
    assert [page.failure for page in source.pages] == [None, None]
    with pytest.raises(InputError) as caught:
        ingest(put(tmp_path, "b.pdf", text_pdf([])))
    assert caught.value.code == "input_empty"


def test_the_text_of_a_searchable_pdf_is_unicode_in_its_place(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(put(tmp_path, "a.pdf", text_pdf(LETTER)))
    page = document[0].get_textpage()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page.get_text_range()
    here = page.get_text_bounded(left=250, bottom=HEIGHT - 90, right=WIDTH, top=HEIGHT - 70)
    assert "Hạnh phúc" in here
    document.close()
