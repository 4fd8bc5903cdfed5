"""What reviewers taught: which units it is, how it is kept, and that the engine reads by it."""

from pathlib import Path

import pytest

from pipeline.restore import Engine, load_lessons, restore
from pipeline.restore.lessons import Lesson, counted, lessons_of, lessons_text, new_words
from tests.support import read

NAMES = counted(lessons_of("plain", [("Zơrâm", "Zoram"), ("Zơrâm,", "Zoram,"), ("Vlông", "Vlong")] * 2))
LINE = "Uy ban nhan dan xa Zoram bao cao ket qua thuc hien nhiem vu duoc giao truoc ngay 15 thang 12."


def restored(engine: Engine, text: str) -> str:
    return restore(read(text)[0], engine).lines[0].text


def test_units_are_counted_without_the_marks_around_them() -> None:
    assert (Lesson("plain", "Vlông", "Vlong", 2), Lesson("plain", "Zơrâm", "Zoram", 4)) == NAMES
    assert not lessons_of("plain", [("NĐ-CP", "ND-CP"), (".", ","), ("a", "…")])


def test_words_of_no_vocabulary_are_new_when_seen_twice() -> None:
    assert new_words(NAMES, ["vlông", "xã"]) == ["Zơrâm"]
    assert new_words([Lesson("plain", "Zơrâm", "Zoram", 1), Lesson("plain", "12", "l2", 5)], []) == []


def test_names_that_the_models_do_not_know_are_read_once_taught(engine: Engine) -> None:
    assert "Zơrâm" not in restored(engine, LINE)
    taught = engine.having_learned(NAMES)
    assert restored(taught, LINE) == (
        "Ủy ban nhân dân xã Zơrâm báo cáo kết quả thực hiện nhiệm vụ được giao trước ngày 15 tháng 12."
    )
    assert restored(taught.having_learned(()), LINE) == restored(engine, LINE)


def test_the_version_tells_lessons_apart(engine: Engine) -> None:
    versions = {engine.having_learned(lessons).version for lessons in ((), NAMES, NAMES[:1])}
    assert len(versions) == 3
    assert engine.version in versions
    assert engine.having_learned(NAMES).having_learned(NAMES).version == engine.having_learned(NAMES).version


def test_lessons_are_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "lessons.tsv"
    assert load_lessons(path) == ()
    path.write_text(lessons_text(NAMES), encoding="utf-8")
    assert load_lessons(path) == NAMES


@pytest.mark.parametrize(
    "line", ["plain\ta\tb", "odd\ta\tb\t1", "plain\ta\tb\tmany", "plain\ta\tb\t0", "plain\t\tb\t1"]
)
def test_damaged_lessons_are_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lessons.tsv"
    path.write_text(f"{lessons_text(NAMES)}{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"lesson|unpack|int\(\)"):
        load_lessons(path)
