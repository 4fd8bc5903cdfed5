import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.layout import Token
from pipeline.ingest.strips import HIGHEST, Strip, columns

DPI = 144
_strips = st.lists(
    st.builds(
        lambda height, width, left, top: Strip(np.zeros((height, width), np.uint8), left, top),
        *(st.integers(1, 60), st.integers(1, 200), st.integers(0, 900), st.integers(0, 900)),
    ),
    min_size=1,
    max_size=12,
)


@given(_strips, st.integers(2, 20))
def test_words_read_in_a_column_stand_where_their_strips_are_on_the_page(strips: list[Strip], space: int) -> None:
    (together,) = columns(strips, space)
    assert (together.image == 0).sum() == sum(strip.image.size for strip in strips)
    read = []
    for strip, top in zip(strips, together.tops, strict=True):
        height, width = strip.image.shape
        assert not together.image[top : top + height, space : space + width].any()
        read.append(Token("a", (space / 2, top / 2, (space + width) / 2, (top + height) / 2)))
    boxes = [token.box for token in together.placed(read, DPI)]
    assert boxes == [
        (
            strip.left / 2,
            strip.top / 2,
            (strip.left + strip.image.shape[1]) / 2,
            (strip.top + strip.image.shape[0]) / 2,
        )
        for strip in strips
    ]


def test_no_image_is_higher_than_tesseract_takes_and_every_strip_is_in_one() -> None:
    strips = [Strip(np.zeros((100, 3), np.uint8), 0, top) for top in range(700)]
    found = list(columns(strips, 10))
    assert max(column.image.shape[0] for column in found) <= HIGHEST
    assert [strip for column in found for strip in column.strips] == strips
    assert len(found) == 3
    assert not list(columns([], 10))
