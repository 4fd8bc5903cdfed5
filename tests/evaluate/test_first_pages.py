"""Pages whose true text stands in another order than it was read: words are judged where they stand."""

from pipeline.evaluate.first_pages import FirstPage, judge_page, text_of
from pipeline.evaluate.score import ReadLine

TRUTH = text_of(
    """ỦY BAN NHÂN DÂN HUYỆN HỒ SEN

CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM

Căn cứ Luật Tổ chức chính quyền địa phương; theo đề nghị của Trưởng phòng Nội vụ huyện tại Tờ trình số 15/TTr-NV."""
)
READ = (
    "CỘNG HOA XÃ HỘI CHỦ NGHIA VIỆT NAM",
    "UY BAN NHÂN DÂN HUYỆN HÒ SEN ~ |",
    "",
    "Căn cứ Luật Tổ chức chinh quyền địa phương; theo đề nghị",
    "của Trưởng phòng Nội vụ huyện tại Tờ trinh số 15/TTr-NV. @@ %% ##",
)


def judged(*lines: str) -> list[tuple[str, str, bool]]:
    page = FirstPage("page", READ, TRUTH)
    return [(v.true, v.read, v.before) for line in judge_page(page, [ReadLine(line) for line in lines]) for v in line]


def test_words_of_the_body_are_judged_and_dirt_is_not() -> None:
    verdicts = judged(*READ)
    assert [true for true, _, _ in verdicts[-20:]] == TRUTH.lines[-1].replace(";", "").split()[2:-1]
    assert [(true, read) for true, read, before in verdicts if not before] == [("chính", "chinh"), ("trình", "trinh")]


def test_the_letterhead_is_judged_where_the_page_has_it_in_the_same_order() -> None:
    truth = text_of("\n".join((TRUTH.lines[2], TRUTH.lines[0])))
    page = FirstPage("page", READ[:2], truth)
    wrong = [v.true for line in judge_page(page, [ReadLine(line) for line in READ[:2]]) for v in line if not v.is_right]
    assert {"HÒA", "NGHĨA", "ỦY"} <= set(wrong)


def test_restored_lines_are_judged_at_the_places_of_the_reading() -> None:
    restored = [line.replace("HOA", "HÒA").replace("chinh", "chính").replace("Luật", "Luât") for line in READ]
    wrong = {true for true, read, _ in judged(*restored) if true != read}
    assert "Luật" in wrong
    assert not {"HÒA", "chính"} & wrong


def test_words_that_are_not_on_the_page_are_not_judged() -> None:
    truth = text_of("\n".join((*TRUTH.lines, "Phần này không có trên trang giấy đã được quét lại")))
    page = FirstPage("page", READ, truth)
    judged_words = {v.true for line in judge_page(page, [ReadLine(line) for line in READ]) for v in line}
    assert not {"trang", "giấy", "quét"} & judged_words
