from dataclasses import replace
from pathlib import Path

import numpy as np
import pytesseract
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.document import Failure, Source
from pipeline.errors import InputError, MissingPartError
from pipeline.ingest import (
    Limits,
    arrival,
    as_pdf,
    clean,
    covered,
    ingest,
    is_page_folder,
    raster,
    scan,
    second,
    tesseract,
)
from pipeline.ingest.capitals import with_small_letters
from pipeline.ingest.fuse import fuse, with_numbers, with_whole_codes
from pipeline.ingest.layout import Token
from pipeline.restore.restoration import kind_of_text
from tests.ingest.papers import SAMPLE, sample_image, words


def _is_ready() -> bool:
    try:
        tesseract.check()
    except MissingPartError:
        return False
    return True


reads = pytest.mark.skipif(not _is_ready(), reason="Tesseract with Vietnamese (tesseract-ocr-vie) is not installed")


@pytest.fixture(scope="module")
def sample() -> Source:
    return ingest(SAMPLE)


@reads
def test_the_sample_is_read_with_its_table_and_without_its_stamp(sample: Source) -> None:
    assert [page.kind for page in sample.pages] == ["scan"]
    lines = [line for line in sample.raw.split("\n") if line]
    assert lines[:6] == [
        "ỦY BAN NHÂN DÂN",
        "XÃ BẾN SỎI",
        "Số: 47/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Bến Sỏi, ngày 12 tháng 3 năm 2024",
    ]
    assert "TM. ỦY BAN NHÂN DÂN" in lines
    (table,) = sample.tables
    assert table.header == 1
    assert len(table.cells) == 20
    texts = [" ".join(sample.raw[slice(*span)].split()) for cell in table.cells for span in cell.raw_spans]
    assert {"Trưởng các thôn", "Quý II năm 2024", "15/12/2024"} <= set(texts)


@reads
def test_words_have_boxes_on_the_page_and_confidences(sample: Source) -> None:
    width, height = sample.pages[0].width, sample.pages[0].height
    assert width is not None
    assert height is not None
    words = [word for line in sample.lines for word in line.words]
    for word in words:
        assert word.box is not None
        assert 0 <= word.box[0] < word.box[2] <= width
        assert 0 <= word.box[1] < word.box[3] <= height
        assert word.confidence is not None
    assert sum(word.confidence or 0 for word in words) > 0.8 * len(words)


@reads
def test_a_page_on_its_head_among_others_is_turned(tmp_path: Path) -> None:
    image = sample_image(150).convert("L")
    top = image.crop((0, 0, image.width, image.height // 2))
    paper = Image.new("L", image.size, 255)
    paper.paste(top, (0, 0))
    paper.rotate(180).save(tmp_path / "a.png", dpi=(150, 150))
    source = ingest(tmp_path / "a.png")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in source.raw
    first = next(word for line in source.lines for word in line.words if word.text == "CỘNG")
    height = source.pages[0].height
    assert first.box is not None
    assert height is not None
    assert first.box[1] > 0.8 * height


@reads
@pytest.mark.parametrize("turn", [90, 270])
def test_a_page_on_its_side_is_turned_and_its_boxes_lie_on_the_page_as_it_is(tmp_path: Path, turn: int) -> None:
    page = sample_image(150).convert("L").rotate(turn, expand=True)
    page.save(tmp_path / "a.png", dpi=(150, 150))
    source = ingest(tmp_path / "a.png")
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in source.raw
    first = next(word.box for line in source.lines for word in line.words if word.text == "CỘNG")
    assert first is not None
    width = page.width * 72 / 150
    assert first[0] < 0.2 * width if turn == 90 else first[2] > 0.8 * width


@reads
def test_handwriting_is_no_text_that_one_could_trust(tmp_path: Path) -> None:
    page = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(page)
    for line in range(14):
        at = np.arange(120, 1100, 3)
        strokes = 200 + 100 * line + 22 * np.sin(at / (4 + line % 5)) + 12 * np.sin(at / 17 + line)
        pen.line(list(zip(at.tolist(), strokes.tolist(), strict=True)), fill=40, width=4)
    page.save(tmp_path / "a.png", dpi=(150, 150))
    try:
        words = [word for line in ingest(tmp_path / "a.png").lines for word in line.words]
    except InputError as error:
        assert error.code == "input_empty"
    else:
        assert sum(word.confidence or 0.0 for word in words) < 0.6 * len(words)


@reads
def test_a_page_in_another_language_is_known_as_such(tmp_path: Path) -> None:
    page = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(page)
    for line in range(12):
        text = "This is the list of goods that were sent by the port and are not on board."
        pen.text((120, 150 + 70 * line), text, fill=0, font=ImageFont.load_default(28))
    page.save(tmp_path / "a.png", dpi=(150, 150))
    words = [word.text for line in ingest(tmp_path / "a.png").lines for word in line.words]
    assert kind_of_text(words) == "other"


def test_blank_pages_and_photographs_have_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "check", lambda: "5")
    monkeypatch.setattr(scan, "read_words", lambda *_, **__: [])
    Image.new("L", (800, 1100), 255).save(tmp_path / "a.png")
    with pytest.raises(InputError) as caught:
        ingest(tmp_path / "a.png")
    assert caught.value.code == "input_empty"


_WORDS = ["Căn", "cứ", "theo", "đề", "nghị", "của", "bộ", "tài", "chính"]
"""Of which none is doubtful."""


def _pages(folder: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Images of pages, read by a stand-in for Tesseract that tells them by their width."""
    monkeypatch.setattr(tesseract, "check", lambda: "5")

    def read(image: Image.Image, dpi: float, *_: object, **__: object) -> list[Token]:
        return [Token(word, (10 + 20 * i, 10, 25 + 20 * i, 20), 0.9, line=0) for i, word in enumerate(_WORDS)]

    monkeypatch.setattr(scan, "read_words", read)
    for number in range(1, count + 1):
        image = Image.new("L", (400, 560), 255)
        ImageDraw.Draw(image).rectangle((20, 20, 60, 30), 0)
        image.save(folder / f"trang-{number}.png")


def test_a_folder_of_page_images_is_one_document_in_page_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pages(tmp_path, 11, monkeypatch)
    (tmp_path / "trang-3.png").write_bytes(b"no image")
    assert is_page_folder(tmp_path)
    source = ingest(tmp_path)
    assert len(source.pages) == 11
    assert [page.number for page in source.pages if page.failure] == [3]
    assert [path.name for path in raster.page_images(tmp_path)][1::9] == ["trang-2.png", "trang-11.png"]


def test_a_folder_with_too_many_pages_is_refused_whichever_image_they_are_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pages(tmp_path, 2, monkeypatch)
    page = Image.open(tmp_path / "trang-1.png")
    page.save(tmp_path / "trang-3.tif", save_all=True, append_images=[page, page])
    assert len(ingest(tmp_path, Limits(pages=5)).pages) == 5
    with pytest.raises(InputError) as caught:
        ingest(tmp_path, Limits(pages=4))
    assert caught.value.code == "input_too_many_pages"


def test_all_pages_of_a_tiff_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pages(tmp_path, 1, monkeypatch)
    page = Image.open(tmp_path / "trang-1.png")
    page.save(tmp_path / "a.tif", save_all=True, append_images=[page, page])
    assert [page.number for page in ingest(tmp_path / "a.tif").pages] == [1, 2, 3]


def test_a_page_that_hangs_or_dies_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pages(tmp_path, 3, monkeypatch)
    ends = iter([None, RuntimeError("Tesseract process timeout"), pytesseract.TesseractError(-9, "killed")])

    def run(*_: object, **__: object) -> dict[str, list[object]]:
        error = next(ends)
        if error:
            raise error
        place: dict[str, list[object]] = {name: [1] * 9 for name in ("block_num", "par_num", "line_num")}
        boxes: dict[str, list[object]] = {
            "left": [*range(0, 900, 100)],
            "top": [10] * 9,
            "width": [80] * 9,
            "height": [30] * 9,
        }
        return {"text": [*_WORDS], "conf": ["90"] * 9, **place, **boxes}

    monkeypatch.setattr(scan, "read_words", tesseract.read_words)
    monkeypatch.setattr(pytesseract, "image_to_data", run)
    source = ingest(tmp_path)
    assert [page.failure and page.failure.code for page in source.pages] == [None, "page_timeout", "page_ocr_failed"]
    assert source.raw.startswith("Căn cứ theo")


def test_a_later_run_reads_only_the_pages_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    _pages(folder, 3, monkeypatch)
    read, count = vars(scan)["read_words"], [0]

    def failing(*arguments: object, **options: object) -> list[Token]:
        count[0] += 1
        if count[0] == 2:
            raise tesseract.PageFailedError(Failure("page_timeout", "Too slow.", "Again."))
        found: list[Token] = read(*arguments, **options)
        return found

    monkeypatch.setattr(scan, "read_words", failing)
    readings = tmp_path / "readings"
    first = ingest(folder, readings=readings)
    assert [page.failure is None for page in first.pages] == [True, False, True]
    assert len(list(readings.rglob("*.json"))) == 2
    second = ingest(folder, readings=readings)
    assert count[0] == 4
    assert [page.failure for page in second.pages] == [None, None, None]
    assert second.pages[0] == first.pages[0]
    assert not readings.exists()
    assert second == ingest(folder)


def test_too_many_pixels_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "check", lambda: "5")
    Image.new("1", (20_000, 20_000), 1).save(tmp_path / "a.png")
    with pytest.raises(InputError) as caught:
        ingest(tmp_path / "a.png")
    assert caught.value.code == "page_too_large"
    assert "2480" in caught.value.remedy
    with pytest.raises(InputError) as caught:
        as_pdf(tmp_path / "a.png")
    assert caught.value.code == "page_too_large"


@pytest.mark.parametrize("pixels", [1_000, 10_000, 19_999])
def test_the_limit_of_pixels_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pixels: int) -> None:
    monkeypatch.setattr(tesseract, "check", lambda: "5")
    monkeypatch.setattr(raster, "read_scan", lambda *_: scan.ScannedPage(0, (Token("Điều", (0, 0, 9, 9)),), ()))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 5_000)
    Image.new("L", (100, 200), 255).save(tmp_path / "a.png")
    assert ingest(tmp_path / "a.png", Limits(pixels=20_000)).raw == "Điều"
    assert as_pdf(tmp_path / "a.png", Limits(pixels=20_000))
    for read in (ingest, as_pdf):
        with pytest.raises(InputError, match=f"more than .*{pixels:,}") as caught:
            read(tmp_path / "a.png", Limits(pixels=pixels))
        assert caught.value.code == "page_too_large"
    assert Image.MAX_IMAGE_PIXELS == 5_000


@pytest.mark.parametrize(
    ("answer", "code"),
    [(["eng", "osd"], "tesseract_language_missing"), (pytesseract.TesseractNotFoundError(), "tesseract_missing")],
)
def test_what_is_missing_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, answer: object, code: str
) -> None:
    def answered(*_: object) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer

    tesseract.check.cache_clear()
    tesseract.languages.cache_clear()
    monkeypatch.setattr(pytesseract, "get_tesseract_version", lambda: "5.3.0")
    monkeypatch.setattr(pytesseract, "get_languages", answered)
    with pytest.raises(MissingPartError) as caught:
        tesseract.check()
    tesseract.check.cache_clear()
    tesseract.languages.cache_clear()
    assert caught.value.code == code
    assert "apt-get install" in caught.value.remedy


def test_coloured_ink_over_print_goes_and_print_stays() -> None:
    page = np.full((300, 300, 3), 255, np.uint8)
    page[140:160, 20:280] = 20
    page[50:250, 140:160] = (210, 30, 40)
    page[140:160, 140:160] = (90, 10, 15)
    grey = clean.grey(page, 200)
    assert grey[60:130, 130:170].min() > 200
    assert grey[145:155, 141:159].max() < 128


def test_a_dark_border_is_cleared_and_print_within_stays() -> None:
    photograph = np.full((1200, 900), 30, np.uint8)
    photograph[80:1120, 80:820] = 250
    photograph[300:320, 200:600] = 10
    cleared = clean.clear_edges(photograph)
    assert cleared[10, 10] == 255
    assert cleared[310, 400] == 10


@pytest.mark.parametrize("angle", [-3.0, -0.6, 0.0, 1.4])
def test_skew_is_measured(angle: float) -> None:
    page = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(page)
    for row in range(30):
        for word in range(12):
            draw.rectangle((120 + word * 80, 200 + row * 45, 180 + word * 80, 215 + row * 45), 0)
    turned = np.asarray(page.rotate(angle, fillcolor=255))
    assert clean.skew(turned, 150) == pytest.approx(angle, abs=0.1)


def test_a_second_reading_gives_alternatives_and_missing_words() -> None:
    first = [Token("Uy", (0, 0, 20, 10), 0.5), Token("ban", (25, 0, 45, 10), 0.9)]
    second = [Token("Ủy", (1, 0, 20, 10), 0.8), Token("ban", (25, 1, 45, 11), 0.9), Token("nhân", (50, 0, 75, 10), 0.9)]
    fused = fuse(first, second)
    assert [(token.text, token.alternatives) for token in fused] == [("Uy", ("Ủy",)), ("ban", ()), ("nhân", ())]


def test_failures_are_values_that_say_what_to_do() -> None:
    failure = raster.too_large(30_000, 30_000)
    assert isinstance(failure, Failure)
    assert "30000 x 30000" in failure.message


def test_only_words_that_may_hold_figures_are_read_again_and_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.full((600, 900), 255, np.uint8)
    lines = [
        ["Căn", "cứ", "Luật", "số", "63/2O25/QH15", "ngày", "ban", "hành", "của", "Quốc", "hội", "về", "việc", "này"],
        ["Theo", "đề", "nghị", "của", "bộ", "tài", "chính"],
    ]
    words = [
        Token(word, (10.0 + 14 * i, 20.0 + 40 * j, 22.0 + 14 * i, 30.0 + 40 * j), 0.9, line=j)
        for j, line in enumerate(lines)
        for i, word in enumerate(line)
    ]
    code = words[4]
    page[40:60, int(2 * code.box[0]) : int(2 * code.box[2])] = 0
    sizes = []

    def read(image: Image.Image, dpi: float, languages: str, mode: int) -> list[Token]:
        ink = np.nonzero(np.asarray(image) == 0)
        box = tuple(float(edge) / 2 for edge in (ink[1].min(), ink[0].min(), ink[1].max() + 1, ink[0].max() + 1))
        sizes.append(image.width * 72 / dpi)
        return [Token("63/2025/QH15", (box[0], box[1], box[2], box[3]), 0.9, line=0)]

    monkeypatch.setattr(second, "read_words", read)
    looked = second.with_second_look(words, page, 144)
    assert [word.text for word in looked] == [*lines[0][:4], "63/2025/QH15", *lines[0][5:], *lines[1]]
    assert sizes == [pytest.approx(words[6].box[2] - words[2].box[0] + 2 * (second.MARGIN + second.SPACE), abs=1)]
    undoubted = [*words[-7:], Token("2", (0.0, 0.0, 400.0, 300.0), 0.3, line=2)]
    assert second.with_second_look(undoubted, page, 144) == undoubted
    assert len(sizes) == 1


def test_numbers_of_rows_are_added_where_they_are_read_surely(monkeypatch: pytest.MonkeyPatch) -> None:
    header = [(60.0, 100.0, "TT"), (100.0, 100.0, "Nhiệm vụ"), (320.0, 100.0, "Cơ quan"), (430.0, 100.0, "Thời hạn")]
    page = words([*header, *((100.0, 120.0 + 20 * row, "Báo cáo kết quả") for row in range(3))])
    numbers = [("1", 0.9), ("I", 0.3), ("3", 0.6)]
    column = [Token(text, (10, 5 + 20 * row, 16, 17 + 20 * row), sure) for row, (text, sure) in enumerate(numbers)]
    monkeypatch.setattr(scan, "read_words", lambda *_, mode: column if mode == 6 else page)
    monkeypatch.setattr(second, "read_words", lambda *_, **__: [])
    read = scan.read_scan(np.full((842, 595), 255, np.uint8), 72)
    assert [token.text for token in read.tokens] == [*(token.text for token in page), "1", "3"]


@reads
def test_tesseract_itself_is_stopped_at_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "PAGE_SECONDS", 0.05)
    with pytest.raises(tesseract.PageFailedError) as caught:
        tesseract.read_words(sample_image(300).convert("L"), 300)
    assert caught.value.failure.code == "page_timeout"


@pytest.mark.parametrize(
    ("vietnamese", "english", "fused"),
    [
        ("I§-NQ/TW;", "18-NQ/TW", "18-NQ/TW;"),
        ("2§9/2025/NĐ-CP", "289/2025/ND-CP,", "289/2025/NĐ-CP"),
        ("190.2025/QHIŠ", "190/2025/QH15", "190/2025/QH15"),
        ("III/2026", "111/2026", "III/2026"),
        ("06", "08", "08"),
        ("13/2021/NĐ-CP", "18/2021/ND-CP", "18/2021/NĐ-CP"),
        ("L4", "14", "14"),
        ("và", "14", "và"),
        ("Bộ", "B6", "Bộ"),
        ("II/2027", "III/2027", "III/2027"),
        ("HI.", "III.", "III."),
        ("III.", "II.", "III."),
        ("2027,", "2027;", "2027;"),
        ("02-NQ/TW", "02-NO/TW", "02-NQ/TW"),
        ("#45", "745", "745"),
    ],
)
def test_figures_are_mended_by_a_reading_without_vietnamese(vietnamese: str, english: str, fused: str) -> None:
    box = (0.0, 0.0, 30.0, 10.0)
    (token,) = with_numbers([Token(vietnamese, box)], [Token(english, box)])
    assert token.text == fused
    assert token.alternatives


@pytest.mark.parametrize(
    ("vietnamese", "english", "fused"),
    [
        ([("BCĐQNGI8", 0.5)], [("BCDQNQ18", 0.9)], "BCĐQNQ18"),
        ([("BCĐQNGI8", 0.9)], [("BCDQNQ18", 0.9)], "BCĐQNGI8"),
        ([("13/NQ-CP", 0.9)], [("18/NQ-CP", 0.8)], "18/NQ-CP"),
        ([("13/NQ-CP", 0.9)], [("18/NQ-CP", 0.6)], "13/NQ-CP"),
        ([("13/NQ-CP", 0.9)], [("118/NQ-CP", 0.9)], "13/NQ-CP"),
        ([('"bản', 0.3)], [("ban", 0.9)], "bản"),
        ([("“bản", 0.9)], [("ban", 0.9)], "“bản"),
        ([("“", 0.7), ("“Tổng", 0.7)], [], "“Tổng"),
        ([("“", 0.7), ("Tổng", 0.7)], [], "“ Tổng"),
    ],
)
def test_codes_and_quotes_are_mended_where_the_other_reading_is_surer(
    vietnamese: list[tuple[str, float]], english: list[tuple[str, float]], fused: str
) -> None:
    def placed(words: list[tuple[str, float]]) -> list[Token]:
        return [Token(text, (40.0 * i, 0, 40.0 * i + 30, 10), sure, line=0) for i, (text, sure) in enumerate(words)]

    assert " ".join(token.text for token in with_numbers(placed(vietnamese), placed(english))) == fused


@pytest.mark.parametrize(
    ("pieces", "gap", "read"),
    [
        (("7/TTr-", "SYT"), 2.0, "7/TTr-SYT"),
        (("31/2019/", "QH14,"), 2.0, "31/2019/QH14,"),
        (("7/TT", "r-SYT"), -1.0, "7/TTr-SYT"),
        (("7/TTr-SYT", "ngày"), 2.0, "7/TTr-SYT ngày"),
        (("7/TTr-", "SYT"), 5.0, "7/TTr- SYT"),
        (("7/TTr-", "-"), 2.0, "7/TTr- -"),
        (("17", "tháng"), -1.0, "17 tháng"),
    ],
)
def test_a_code_that_was_read_in_two_pieces_is_one(pieces: tuple[str, str], gap: float, read: str) -> None:
    first = Token(pieces[0], (0, 0, 40, 10), 0.9, line=0)
    second = Token(pieces[1], (40 + gap, 0, 70, 10), 0.6, line=0)
    whole = with_whole_codes([first, second])
    assert " ".join(token.text for token in whole) == read
    assert len(whole) == 2 or (whole[0].box, whole[0].confidence) == ((0, 0, 70, 10), 0.6)
    other_line = [first, replace(second, line=1)]
    assert with_whole_codes(other_line) == other_line


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("này CÓ hiệu lực", "này có hiệu lực"),
        ("các đơn VỊ, tổ chức", "các đơn vị, tổ chức"),
        ("nơi CƯ V trú", "nơi cư V trú"),
        ("VIỆC tổ chức", "Việc tổ chức"),
        ("Chương VỊ", "Chương VỊ"),
        ("tháng TÌ năm", "tháng TÌ năm"),
        ("ỦY BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN"),
        ("CÔNG BÁO/Số 12", "CÔNG BÁO/Số 12"),
        ("gửi UBND xã", "gửi UBND xã"),
        ("số 15/QĐ-SYT ngày", "số 15/QĐ-SYT ngày"),
    ],
)
def test_a_single_word_in_capitals_between_small_ones_was_set_small(line: str, read: str) -> None:
    tokens = [Token(word, (40.0 * i, 0, 40.0 * i + 30, 10), 0.9, line=0) for i, word in enumerate(line.split())]
    assert " ".join(token.text for token in with_small_letters(tokens)) == read


def _page_with_frame(turn: float) -> np.ndarray:
    """An empty page at 200 dpi with a frame of two by one inch, turned by so many degrees, and a line of blocks."""
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    draw.rectangle((300, 400, 700, 600), outline=0, width=4)
    draw.rectangle((340, 480, 420, 500), 0)
    turned = page.rotate(turn, center=(500, 500), fillcolor=255)
    ImageDraw.Draw(turned).rectangle((300, 900, 900, 920), 0)
    return np.array(turned)


@pytest.mark.parametrize("turn", [-3.0, 0.0, 2.0])
def test_an_arrival_stamp_is_taken_off_and_told_of(turn: float, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [Token(word, (0, 0, 10, 10), 0.5) for word in ("ĐẾN", "Ngày:", "3/5/2031")]
    monkeypatch.setattr(arrival, "read_words", lambda *_, **__: words)
    page, texts = arrival.without_arrival_stamps(_page_with_frame(turn), 200)
    assert texts == ("ĐẾN Ngày: 3/5/2031",)
    assert page[380:640, 280:720].min() == 255
    assert page[910, 600] == 0


def test_a_frame_with_other_words_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    words = [Token(word, (0, 0, 10, 10), 0.9) for word in ("Đến", "ngày", "MẬT")]
    monkeypatch.setattr(arrival, "read_words", lambda *_, **__: words)
    page = _page_with_frame(0)
    kept, texts = arrival.without_arrival_stamps(page, 200)
    assert texts == ()
    assert (kept == page).all()


def test_names_that_run_into_a_stamp_are_read_and_its_edges_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.full((2339, 1654), 255, np.uint8)
    page[1500:1800, 800:810] = page[1500:1800, 1090:1100] = page[1500:1510, 800:1100] = 0
    read = [
        Token("Trần", (80, 90, 110, 102), 0.95, line=0),
        Token("Sỏi", (115, 90, 135, 102), 0.75, line=0),
        Token("tà", (10, 20, 20, 32), 0.9, line=1),
        Token("Suy", (10, 40, 30, 52), 0.72, line=2),
        Token("X2", (10, 60, 30, 72), 0.9, line=3),
    ]
    monkeypatch.setattr(covered, "read_words", lambda *_, **__: read)
    known = [Token("Điều", (50, 100, 80, 112), 0.9, line=0)]
    words = covered.with_covered_words(known, page, 200)
    assert [word.text for word in words] == ["Điều", "Trần", "Sỏi"]
    left, top = words[1].box[:2]
    assert left > 288
    assert top > 540
    assert words[1].line == words[2].line != known[0].line


def test_a_page_without_stamps_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(covered, "read_words", lambda *_, **__: pytest.fail("read again"))
    page = np.full((2339, 1654), 255, np.uint8)
    page[900:920, 300:900] = 0
    assert covered.with_covered_words([], page, 200) == []


def test_strokes_of_a_stamp_go_and_print_in_it_and_frames_stay() -> None:
    page = Image.new("L", (1654, 2339), 255)
    draw = ImageDraw.Draw(page)
    draw.ellipse((300, 300, 600, 600), outline=0, width=4)
    draw.rectangle((400, 440, 430, 460), 0)
    draw.rectangle((100, 800, 1500, 1400), outline=0, width=4)
    drawn = np.asarray(page)
    bare, boxes = covered.without_strokes(drawn, 200)
    assert (bare[440:460, 400:430] == 0).all()
    assert not (bare[:440] < 128).any()
    assert (bare[700:] == drawn[700:]).all()
    ((left, top, right, bottom),) = boxes
    assert left < 108 < 216 < right
    assert top < 108 < 216 < bottom


def test_where_strokes_were_only_what_was_read_well_stays() -> None:
    strokes = [(0.0, 0.0, 100.0, 100.0)]
    read = {"PHÓ": 0.68, "1.": 0.8, "a)": 0.9, "Ẳ": 0.9, "Na": 0.1, "+": 0.95, "qtx": 0.9}
    words = [Token(text, (10, 10, 30, 20), sure) for text, sure in read.items()]
    assert [word.text for word in covered.without_pieces(words, strokes)] == ["PHÓ", "1.", "a)"]
    elsewhere = [replace(word, box=(210, 10, 230, 20)) for word in words]
    assert covered.without_pieces(elsewhere, strokes) == elsewhere


@pytest.mark.parametrize(
    ("texts", "stay"),
    [(("-", "VPCP", "+"), ["-", "VPCP"]), (("VPCP", "-", "KTTH"), ["VPCP", "KTTH"]), (("-", "Ẳ"), []), (("-",), [])],
)
def test_where_strokes_were_a_mark_stays_that_opens_a_line_of_a_list(texts: tuple[str, ...], stay: list[str]) -> None:
    words = [Token(text, (10, 10, 30, 20), 0.9, line=4) for text in texts]
    assert [word.text for word in covered.without_pieces(words, [(0.0, 0.0, 100.0, 100.0)])] == stay


@reads
def test_the_rows_of_a_table_without_rulings_keep_their_numbers(tmp_path: Path) -> None:
    page = Image.new("L", (2480, 1400), 255)
    pen = ImageDraw.Draw(page)
    rows = [("TT", "Noi dung nhiem vu", "Co quan chu tri", "Thoi han")]
    rows += [(str(n), f"Sua cau thu {n} tren song", "So Xay dung", f"Thang {n}/2031") for n in range(1, 6)]
    for order, row in enumerate(rows):
        for left, text in zip((200, 420, 1300, 1900), row, strict=True):
            pen.text((left, 200 + 150 * order), text, fill=0, font=ImageFont.load_default(54))
            if left == 420 and order:
                pen.text((left, 270 + 150 * order), "va duong ven song", fill=0, font=ImageFont.load_default(54))
    page.save(tmp_path / "a.png", dpi=(300, 300))
    source = ingest(tmp_path / "a.png")
    (table,) = source.tables
    numbers = [cell for cell in table.cells if cell.column == 0 and cell.row]
    assert [source.raw[slice(*cell.raw_spans[0])] for cell in numbers] == ["1", "2", "3", "4", "5"]
    assert len(table.cells) == 4 * len(rows)
