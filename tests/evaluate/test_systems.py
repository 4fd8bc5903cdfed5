"""What is measured side by side: the engine, the engine without a part, peers."""

from dataclasses import replace

import numpy as np
import pytest

from pipeline.evaluate.pages import HeldOut
from pipeline.evaluate.restoration import Row, measure
from pipeline.evaluate.rows import COLUMNS, crashes, head, shown
from pipeline.evaluate.systems import SpellChecker, Vanban, add_accents, as_read, shortened, without_marks
from pipeline.paths import models_folder
from pipeline.restore import Engine, Settings, load_engine
from pipeline.restore.language import advance

LINES = ("Uy ban nhan dan tinh to chirc thuc hién", "", "ke hoach phat trién kinh té - xa hOi", "lá p hồ sơ")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(models_folder())


def test_each_token_that_was_read_says_how_sure_it_is(engine: Engine) -> None:
    read = Vanban(engine)(LINES)
    assert [line.text for line in read][:3] == [
        "Ủy ban nhân dân tỉnh tổ chức thực hiện",
        "",
        "kế hoạch phát triển kinh tế - xã hội",
    ]
    for line in read:
        assert line.confidences is not None
        assert len(line.confidences) == len(line.text.split())


def test_without_joins_and_splits_a_hidden_space_stays_hidden(engine: Engine) -> None:
    glued = ("Uy ban nhan dan tinh Lam Dong thuchien ke hoach phat trien kinh te",)
    assert "thực hiện" in Vanban(engine)(glued)[0].text
    apart = Vanban(replace(engine, settings=Settings(joins=False)))(glued)[0].text
    assert "thực hiện" not in apart
    assert apart.startswith("Ủy ban nhân dân tỉnh Lâm Đồng ")


def test_a_shorter_model_remembers_fewer_words(engine: Engine) -> None:
    language = engine.language
    ids = {atom: i for i, atom in enumerate(language.vocabulary)}
    row = [ids[atom] for atom in ("theo", "quy", "định", "của", "pháp", "luật")]

    def chances(order: int, atoms: list[int]) -> list[float]:
        model = shortened(language, order)
        state, found = model.start, []
        for atom in atoms:
            chance, state = advance(model.automaton, state, atom)
            found.append(chance)
        return found

    assert np.allclose(chances(4, row), chances(9, row))
    assert chances(1, row) == pytest.approx([float(language.unigrams[atom]) for atom in row])
    other = [ids["và"], ids["các"], *row[2:]]
    assert chances(2, row)[3:] == chances(2, other)[3:]
    assert sum(chances(4, row)) > sum(chances(2, row)) > sum(chances(1, row))


def test_doing_nothing_mends_and_spoils_nothing() -> None:
    document = HeldOut("page", LINES, ("Ủy ban nhân dân tỉnh tổ chức thực hiện", None, None, "lập hồ sơ"))
    figures = measure([document], as_read)
    assert (figures.syllables, figures.mended, figures.spoiled) == (12, 0, (0, 3))
    assert figures.accuracy == pytest.approx(2 / 12)


def test_the_spell_checker_keeps_marks_numbers_and_capitals(engine: Engine) -> None:
    pytest.importorskip("symspellpy", reason="peers: pip install -r requirements-bench.txt")
    (read,) = SpellChecker(engine.language)(["Nghiị (quyếtt), 12/2021 - &"])
    words = read.text.split()
    assert words[0] == "Nghị"
    assert words[1].startswith("(quyết")
    assert words[2:] == ["12/2021", "-", "&"]


def test_lines_on_which_a_peer_crashes_stay_and_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip("pyvi.ViUtils", reason="peers: pip install -r requirements-bench.txt")

    def crash(line: str) -> str:
        raise IndexError("list index out of range")

    monkeypatch.setattr(module, "add_accents", crash)
    row = Row("invented", "peer", measure([HeldOut("d", ("Ủy ban", ""), ("Ủy ban", None))], add_accents))
    assert row.figures.accuracy == 1
    (told,) = crashes([row])
    assert "1 lines of invented" in told
    assert "IndexError" in told
    assert "'Ủy ban'" in told
    assert len(shown(row).split("|")) == len(COLUMNS) + 2 == len(next(head()).split("|"))


def test_text_without_marks() -> None:
    assert without_marks("Đồng ý ủy quyền, é") == "Dong y uy quyen, e"
