"""Figures and pictures from verdicts that are known."""

import xml.etree.ElementTree as ET

import pytest

from pipeline.evaluate.figures import Figures
from pipeline.evaluate.plots import calibration_svg, classes_svg, interval
from pipeline.evaluate.score import Verdict


def verdict(is_right: bool, confidence: float | None, before: bool = False, true: str = "sở") -> Verdict:
    return Verdict(true, true if is_right else "xx", before, confidence)


def test_figures_of_a_hundred_syllables() -> None:
    line = (
        *[verdict(True, 0.99, before=True)] * 60,
        *[verdict(True, 0.99)] * 36,
        verdict(False, 0.2),
        verdict(False, 0.3, before=True),
        verdict(False, 0.5, true="12"),
        verdict(False, 0.95, true="2021"),
    )
    figures = Figures((line,), 300, 6, 1.0)
    assert figures.syllables == 100
    assert figures.accuracy == pytest.approx(0.96)
    assert figures.cer == pytest.approx(0.02)
    assert figures.mended == pytest.approx(36 / 39)
    assert figures.spoiled == (1, 61)
    assert (figures.numbers, figures.numbers_exact) == (2, 0)
    assert figures.misses_flagged == (1, 2)
    assert figures.errors_least_sure == pytest.approx(3 / 4)
    # bins of one fifteenth; 96 right ones share theirs with the wrong one at 0.95
    assert figures.calibration_error == pytest.approx(((96 - 96 * 0.99 - 0.95) + 0.2 + 0.3 + 0.5) / 100)


def test_equally_sure_syllables_hold_errors_by_their_share() -> None:
    line = (*[verdict(True, 0.5)] * 90, *[verdict(False, 0.5)] * 10)
    assert Figures((line,)).errors_least_sure == pytest.approx(0.03)


def test_systems_that_do_not_say_how_sure_they_are_have_no_such_figures() -> None:
    figures = Figures(((verdict(True, None), verdict(False, None)),))
    assert figures.errors_least_sure is None
    assert figures.calibration_error is None
    assert figures.misses_flagged == (0, 0)


def test_invented_tokens_count_against_accuracy() -> None:
    assert Figures(((verdict(True, 1.0), Verdict("", "l", False, 0.1)),)).accuracy == 0


def test_pictures_are_well_formed_and_the_same_each_time() -> None:
    sure = [(0.999999, True)] * 50 + [(0.97, True)] * 9 + [(0.97, False), (0.0, False), (1.0, True)]
    errors = {"a & b": [Verdict("là", "13", False, 0.3), Verdict("bộ", "bố", False, 0.3)], "none": []}
    for picture, again in (
        (calibration_svg(sure), calibration_svg(sure)),
        (classes_svg(errors), classes_svg(errors)),
    ):
        assert picture == again
        assert ET.fromstring(picture).tag.endswith("svg")
    assert ">1/10<" in calibration_svg(sure)
    assert " 62 syllables" in calibration_svg(sure)
    assert "a &amp; b: 2" in classes_svg(errors)


def test_intervals_hold_their_share_and_stay_within_bounds() -> None:
    for part, whole in ((0, 10), (10, 10), (3, 10), (1, 1000)):
        low, high = interval(part, whole)
        assert 0 <= low <= part / whole <= high <= 1
    assert interval(0, 10)[1] == pytest.approx(0.2775, abs=1e-4)
