"""What the true text of a scan has otherwise than its page is not scored, and nothing else is left out."""

from pathlib import Path

import pytest

from pipeline.evaluate.gold import GOLD
from pipeline.evaluate.scan_pages import Labels, compare, load_labels, scored, true_words

TRUTH = "ỦY BAN NHÂN DÂN\nCỘNG HÒA\n\nSố: 7/TB-UBND\nNay thông báo cho các thôn biết"


def test_words_are_left_out_and_lines_moved() -> None:
    labels = Labels(places=("5.4", "5.6-5.7"), moves=((4, 1),))
    assert " ".join(true_words(TRUTH, labels)) == "ỦY BAN NHÂN DÂN Số: 7/TB-UBND CỘNG HÒA Nay thông báo các"


def test_words_in_boxes_are_not_scored() -> None:
    words = [("Nay", (10.0, 10.0, 20.0, 20.0)), ("sửa", (30.0, 10.0, 40.0, 20.0)), ("báo", None)]
    assert scored(words, Labels(boxes=((28.0, 8.0, 42.0, 22.0),))) == ["Nay", "báo"]


def test_a_reading_is_compared_by_syllables_codes_and_order() -> None:
    truth = ["Số", "7/TB-UBND,", "hoà", "giải", "“thôn”"]
    assert compare(truth, ["Số", "7/TB-UBND", "hòa", "giải", '"thôn"']).found == 1.0
    worse = compare(truth, ["Số", "1/TB-UBND,", "giải", "hoà", "thôn", "x"])
    assert worse.codes == 0.0
    assert worse.found == pytest.approx(6 / 7)
    assert worse.true == pytest.approx(6 / 8)
    assert worse.cer > 0
    assert compare(["7/TB-UBND"], ["7/TB-", "UBND"]).codes == 1.0
    assert compare(["7/TB-UBND"], ["7/TB-", "UBNĐ"]).codes == 0.0


def test_labels_are_read_and_a_reason_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scans.tsv"
    head = "scan\tplace\tboxes\twhy\n"
    path.write_text(f"{head}a\t5.2\t1,2,3,4 5,6,7,8\thand\na\t4\t\tafter 1\n", encoding="utf-8")
    assert load_labels(path) == {"a": Labels(("5.2",), ((1, 2, 3, 4), (5, 6, 7, 8)), ((4, 1),))}
    path.write_text(f"{head}a\t5.2\t\tworse so\n", encoding="utf-8")
    with pytest.raises(ValueError, match="worse so"):
        load_labels(path)


def test_the_committed_labels_are_well_formed() -> None:
    for labels in load_labels(GOLD / "scans.tsv").values():
        assert all(x0 < x1 and top < bottom for x0, top, x1, bottom in labels.boxes)
