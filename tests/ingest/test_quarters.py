from dataclasses import replace

import pytest

from pipeline.ingest.quarters import with_quarters
from tests.ingest.papers import words


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("trong Quý H/2031 và", "trong Quý II/2031 và"),
        ("quý HI năm 2031", "quý III năm 2031"),
        ("QUÝ IH/2031, quý H năm", "QUÝ III/2031, quý II năm"),
        ("Quý I/2031", "Quý I/2031"),
        ("Quý Hội đồng", "Quý Hội đồng"),
        ("bà Trần Thị Quý H.", "bà Trần Thị Quý H."),
        ("bà Trần Thị Quý H và", "bà Trần Thị Quý H và"),
        ("Quỹ H/2031", "Quỹ H/2031"),
        ("lớp H/2031", "lớp H/2031"),
        ("H/2031", "H/2031"),
    ],
)
def test_a_numeral_after_quarter_that_was_read_as_a_letter(read: str, meant: str) -> None:
    before = words([(60, 100, read)])
    after = with_quarters(before)
    assert " ".join(token.text for token in after) == meant
    assert all(new == old or old.text in new.alternatives for new, old in zip(after, before, strict=True))


def test_words_of_different_lines_do_not_belong_together() -> None:
    first, second = words([(60, 100, "Quý H/2031")])
    assert with_quarters([replace(first, line=1), replace(second, line=2)])[1].text == "H/2031"
