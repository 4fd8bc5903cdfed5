"""What users rely on, with the trained models: the contract on any text, doubts, and how well it reads."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document import DOUBT, Restoration, RestoredLine, Source
from pipeline.restore import Engine, restore
from tests.support import read

NOISED = (
    (
        "Ủy ban nhân dân thành phố giao Sở Tài chính chủ trì, phối hợp với các cơ quan liên quan",
        "Uy ban nhan dan thanh phé giao Sé Tai chinh chi tri, phdi hop véi cac co quan lién quan",
    ),
    (
        "rà soát việc quản lý tài sản công tại các trường học trên địa bàn huyện.",
        "ra soat viéc quan ly tai san céng tai cac trudng hoc trén dia ban huyén.",
    ),
    (
        "Thủ trưởng các đơn vị chịu trách nhiệm thi hành Quyết định này kể từ ngày ký.",
        "Thi trudng cac don vi chiu trach nhiém thi hanh Quyét dinh nay ké tir ngay ky.",
    ),
    (
        "Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo quy định hiện hành.",
        "Kinh phi thuc hién duoc bé tri tir ngudn ngan sach nha nude theo quy dinh hién hanh.",
    ),
    (
        "Giám đốc Sở Giáo dục và Đào tạo báo cáo kết quả trước ngày 15 tháng 9 năm 2021.",
        "Giam déc Sé Giao duc va Dao tao bao cao két qua trudc ngay 15 thang 9 nam 2021.",
    ),
    (
        "Tổ chức kiểm tra, giám sát việc chấp hành pháp luật về bảo vệ môi trường",
        "T6 chitc kiém tra, giam sat viéc chap hanh phap luat vé bao vé mdi trudng",
    ),
    (
        "đối với các cơ sở sản xuất, kinh doanh trong khu công nghiệp.",
        "déi voi cac coso san xuat, kinh doanh trong khu céng nghiép.",
    ),
    (
        "Nâng cao chất lượng khám bệnh, chữa bệnh cho người cao tuổi ở các xã miền núi",
        "Nang cao chat lugng kham bénh, chita bénh cho ngudi cao tudi 6 cac xa mién nui",
    ),
    (
        "và hoàn thành việc cấp thẻ bảo hiểm y tế trong quý II.",
        "va hoan thanh viéc cap thé bao hiém y té trong quy II.",
    ),
    (
        "Văn phòng tổng hợp ý kiến góp ý của các phòng, ban để hoàn thiện dự thảo kế hoạch.",
        "Van phong téng hop y kién gop y cua cac phong, ban dé hoan thién du thao ké hoach.",
    ),
)
"""Sentences of our own, and what an engine without Vietnamese makes of them."""
CLEAN = "\n".join(printed for printed, _ in NOISED)

WORDS = st.sampled_from(" ".join(noised for _, noised in NOISED).split())
NUMBERS = st.text("0123456789lOoISB.,/-%", min_size=1, max_size=8)
MARKS = st.sampled_from(["-", "+", ".", "'", "~", "*", "|", "(", "“", "…", "_.", "a", "•"])
ANYTHING = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60)
LINES = st.lists(st.one_of(WORDS, WORDS, NUMBERS, MARKS, ANYTHING), max_size=8).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map("\n".join)


def restored(text: str, engine: Engine) -> tuple[Source, Restoration]:
    source, _ = read(text)
    return source, restore(source, engine)


def texts(text: str, engine: Engine) -> list[str]:
    return [line.text for line in restored(text, engine)[1].lines]


def digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def check_line(line: RestoredLine, raw: str) -> None:
    """Syllables tile the line's text but for spaces, their raw spans and the specks the raw line."""
    at = 0
    for syllable in line.syllables:
        assert not line.text[at : syllable.start].strip()
        assert line.text[syllable.start : syllable.end] == syllable.text != ""
        assert len(syllable.text.split()) == 1
        assert 0 <= syllable.confidence <= 1
        assert syllable.runner_up != syllable.text
        at = syllable.end
    assert not line.text[at:].strip()
    raw_at = line.raw_start
    for start, end in sorted([(s.raw_start, s.raw_end) for s in line.syllables] + list(line.specks)):
        assert not raw[raw_at:start].strip()
        assert raw_at <= start < end <= line.raw_end
        raw_at = end
    assert not raw[raw_at : line.raw_end].strip()


@given(TEXTS)
def test_any_text_keeps_the_contract(engine: Engine, text: str) -> None:
    source, restoration = restored(text, engine)
    assert [(line.raw_start, line.raw_end) for line in restoration.lines] == [(a.start, a.end) for a in source.lines]
    for line in restoration.lines:
        check_line(line, text)


@given(st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=12).map(" ".join))
def test_a_number_never_changes_without_a_doubt(engine: Engine, text: str) -> None:
    for line in restored(text, engine)[1].lines:
        for syllable in line.syllables:
            raw = text[syllable.raw_start : syllable.raw_end]
            number = digits(syllable.text) or 2 * len(digits(raw)) > sum(c.isalnum() for c in raw)
            if number and digits(syllable.text) != digits(raw):
                assert syllable.confidence < 0.9
        assert not any(digits(text[start:end]) for start, end in line.specks)


@settings(max_examples=15)
@given(TEXTS)
def test_the_same_text_is_read_the_same_twice(engine: Engine, text: str) -> None:
    assert restored(text, engine)[1] == restored(text, engine)[1]


def test_noised_sentences_are_restored(engine: Engine) -> None:
    lines = texts("\n".join(noised for _, noised in NOISED), engine)
    pairs = [
        pair
        for line, (printed, _) in zip(lines, NOISED, strict=True)
        for pair in zip(line.split(), printed.split(), strict=True)
    ]
    assert sum(a == b for a, b in pairs) >= 0.95 * len(pairs)


def test_line_breaks_do_not_hide_the_context(engine: Engine) -> None:
    assert texts("Phat trién co\nso ha tang", engine) == ["Phát triển cơ", "sở hạ tầng"]


@pytest.mark.parametrize("number", ["15", "2021", "12.345", "6,5%", "30/6/2022", "12/2021/QĐ-UBND"])
def test_numbers_stay_where_nothing_speaks_against_them(engine: Engine, number: str) -> None:
    (line,) = texts(f"Ké hoach thuc hién sé {number} cua thanh phé", engine)
    assert digits(line) == digits(number)


def test_headings_in_capitals_stay_in_capitals(engine: Engine) -> None:
    assert texts("UY BAN NHAN DAN\n\nQUYET DINH\n\nVé viéc ban hanh Quy ché", engine) == [
        "ỦY BAN NHÂN DÂN",
        "",
        "QUYẾT ĐỊNH",
        "",
        "Về việc ban hành Quy chế",
    ]


def test_numbering_tells_what_a_misread_label_is(engine: Engine) -> None:
    heading = ("MUC DICH, YEU CAU", "NHIEM VU VA GIAI PHAP", "TO CHUC THUC HIEN")
    item = "Bao cao két qua thuc hién véi Uy ban nhan dan thanh phé."
    read = [*(f"{numeral}. {title}" for numeral, title in zip(("1", "II", "II"), heading, strict=True))]
    read += [f"{letter}) {item}" for letter in ("a", "b", "c", "d", "d", "e")]
    labels = [line.split()[0] for line in texts("\n\n".join(read), engine) if line]
    assert labels == ["I.", "II.", "III.", "a)", "b)", "c)", "d)", "đ)", "e)"]


def test_chapters_are_counted_in_roman_numerals_unless_all_speak_for_figures(engine: Engine) -> None:
    body = "Diéu {}. Pham vi diéu chinh\n\nQuy ché nay quy dinh viéc quan ly tai san céng.\n\n"

    def chapters(*read: str) -> list[str]:
        text = "".join(f"Chuong {numeral}\n\n{body.format(i + 1)}" for i, numeral in enumerate(read))
        return [line.split()[1] for line in texts(text, engine) if line.startswith("Chương")]

    assert chapters("1", "II", "II") == ["I", "II", "III"]
    assert chapters("1", "2", "3", "4") == ["1", "2", "3", "4"]


def test_an_item_in_brackets_that_is_cited_stays(engine: Engine) -> None:
    items = "gom: (i) ngan sach nha nude; (ii) von vay; (iil) nguén khac."
    first, second = texts(f"{items}\nViéc thuc hién theo diém (ii) do don vi quyét dinh.", engine)
    assert [word for word in first.split() if word.startswith("(")] == ["(i)", "(ii)", "(iii)"]
    assert "(ii)" in second.split()


def test_a_bullet_of_a_clean_text_is_no_doubt(engine: Engine) -> None:
    _, restoration = restored(f"-{CLEAN}", engine)
    assert restoration.lines[0].text.startswith("-Ủy")
    assert restoration.lines[0].syllables[0].confidence > 0.9


def test_a_bullet_that_opens_a_line_stands_apart(engine: Engine) -> None:
    assert texts("+Déi vói cac don vi", engine) == ["+ Đối với các đơn vị"]
    (line,) = restored("+ Déi vói cac don vi", engine)[1].lines
    assert [syllable.text for syllable in line.syllables] == ["+", "Đối", "với", "các", "đơn", "vị"]
    marked = "Thủ trửơng các đơn vị chịu trách nhiêm thi hành\n+Đối với các đơn vị"
    assert texts(marked, engine)[1] == "+ Đối với các đơn vị"
    assert texts("cac don vi -Bao cao", engine) == ["các đơn vị -Báo cáo"]


def test_dirt_at_the_edge_is_set_aside(engine: Engine) -> None:
    text = "Thi trudng cac don vi chiu trach nhiém ~\nthi hanh Quyét dinh nay."
    _, restoration = restored(text, engine)
    assert [line.text for line in restoration.lines] == [
        "Thủ trưởng các đơn vị chịu trách nhiệm",
        "thi hành Quyết định này.",
    ]
    assert [text[start:end] for start, end in restoration.lines[0].specks] == ["~"]


def test_a_long_string_stays_as_it_was_read(engine: Engine) -> None:
    assert texts(f"theo quy dinh {'x1y-' * 20}", engine) == [f"theo quy định {'x1y-' * 20}"]


def test_clean_vietnamese_stays_to_the_letter_and_the_space(engine: Engine) -> None:
    text = CLEAN.replace(", ", ",  ")
    _, restoration = restored(text, engine)
    assert "\n".join(line.text for line in restoration.lines) == text
    assert restoration.notices == ()


@pytest.mark.parametrize(
    ("number", "other", "disputed"),
    [
        ("37/2020/NĐ-CP", "57/2020/NĐ-CP", True),
        ("37/2020/NĐ-CP", "37/2020/ND-CP", False),
        ("37/2020/NĐ-CP", "37/202", False),
        ("II/2031", "H/2031", True),
    ],
)
def test_a_number_that_another_reading_has_otherwise_is_a_doubt(
    engine: Engine, number: str, other: str, disputed: bool
) -> None:
    source, _ = read("Nghị định số 37/2020/NĐ-CP của Chính phủ được sửa đổi trong Quý II/2031 và năm sau;\n")
    (page,) = source.pages
    line = page.lines[0]
    words = [replace(word, confidence=0.9, alternatives=(other,) if word.text == number else ()) for word in line.words]
    lines = (replace(line, words=tuple(words)), *page.lines[1:])
    restored = restore(replace(source, pages=(replace(page, lines=lines),)), engine).lines[0]
    (found,) = [syllable for syllable in restored.syllables if syllable.text == number]
    assert (found.confidence < DOUBT) == disputed
    assert not disputed or found.runner_up == other


def test_a_misread_letter_in_vietnamese_text_is_mended(engine: Engine) -> None:
    text = CLEAN.replace("trách nhiệm", "trach nhiém").replace("kết quả", "két quả")
    assert "\n".join(texts(text, engine)) == CLEAN


ENGLISH = "The board met on Friday and agreed that the report of the year should be sent to the members by post."


def test_english_is_left_alone_and_this_is_said(engine: Engine) -> None:
    _, restoration = restored(ENGLISH, engine)
    assert [line.text for line in restoration.lines] == [ENGLISH]
    assert [notice.code for notice in restoration.notices] == ["not_vietnamese"]


def test_an_english_name_in_vietnamese_does_not_stop_the_restoration(engine: Engine) -> None:
    (line,) = texts("Phong Giao duc phdi hop véi Save the Children té chtre tap huan cho gido vién", engine)
    assert line == "Phòng Giáo dục phối hợp với Save the Children tổ chức tập huấn cho giáo viên"


@pytest.mark.parametrize("text", ["", "\n\n", " \t \n"])
def test_nothing_gives_nothing(engine: Engine, text: str) -> None:
    _, restoration = restored(text, engine)
    assert all(not line.text.strip() and not line.syllables for line in restoration.lines)
    assert len(restoration.lines) == text.count("\n") + 1


@pytest.mark.parametrize(
    ("read_as", "printed"),
    [
        ("Can cu Nghi quyét s6 37-NO/TW ngay 24 thang 6 nam 2020 cua B6 Chinh tri", "37-NQ/TW"),
        ("Thuc hién Quyét dinh s6 512/OD-TTg ngay 3 thang 8 nam 2022 cua Thu tudng", "512/QĐ-TTg"),
        ("theo Chuong trinh sé 21-CTr/BCD ngay 30 thang 12 nam 2023", "21-CTr/BCĐ"),
        ("Can cir Nghi quyét sé 14/2022/UBTVOH15 ngay 24 thang 9 nam 2022", "14/2022/UBTVQH15"),
    ],
)
def test_document_numbers_follow_their_grammar(engine: Engine, read_as: str, printed: str) -> None:
    assert printed in texts(read_as, engine)[0].split()


def test_numbers_that_were_read_stay(engine: Engine) -> None:
    line = "b) Thdi gian déng bao hiém that nghiép tir dd 12 thang dén dudi 84 thang: 60 ngay"
    assert {"12", "84", "60"} <= set(texts(line, engine)[0].split())
