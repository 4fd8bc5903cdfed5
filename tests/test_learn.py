"""Learning from corrections: what is learned from, whether it helps, and that only then it takes effect."""

from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.export import schema, to_json
from pipeline.learn import LEAST_PLACES, Trial, reviewed, trial
from pipeline.paths import LESSONS
from pipeline.restore import Engine
from tests.documents import document
from tests.restore.conftest import engine  # noqa: F401 (a fixture)

RAW = (
    "Uy ban nhan dan xa Zoram bao cao ket qua thuc hien nhiem vu duoc giao truoc ngay 15 thang 12.\n"
    "Giao xa Zoram chu tri, phoi hop voi xa Vlong va cac co quan lien quan xay dung phuong an.\n"
)
PRINTED = (
    "Ủy ban nhân dân xã Zơrâm báo cáo kết quả thực hiện nhiệm vụ được giao trước ngày 15 tháng 12.\n"
    "Giao xã Zơrâm chủ trì, phối hợp với xã Vlông và các cơ quan liên quan xây dựng phương án.\n"
)


def said(raw: str, printed: str, *words: str, source: str = "reviewer") -> schema.Document:
    """A document of which a reviewer looked at these words of the raw text."""
    corrections = []
    for word in words:
        start = -1
        while (start := raw.find(word, start + 1)) >= 0:
            span = (start, start + len(word))
            place = printed[slice(*span)]
            corrections.append(
                {"raw": word, "restored": place, "span": span, "raw_span": span, "confidence": 1.0}
                | {"runner_up": None, "source": source}
            )
    text = {"raw": raw, "restored": printed, "map": ()}
    return document(text=text, corrections=corrections)


def archive(*words: str) -> list[schema.Document]:
    return [said(RAW * 2, PRINTED * 2, *words)] * 4


def test_names_of_an_archive_are_learned_and_help(engine: Engine) -> None:  # noqa: F811
    tried = trial(reviewed(archive("Zoram", "Vlong")), engine)
    assert (tried.places, tried.before, tried.after) == (24, 0, 24)
    assert tried.sure[1] == 0
    assert tried.clean[2] <= tried.clean[1]
    assert tried.helped


def test_what_was_right_before_teaches_nothing(engine: Engine) -> None:  # noqa: F811
    tried = trial(reviewed(archive("nhan", "ket")), engine)
    assert tried.before == tried.after == tried.places
    assert not tried.helped


def test_one_document_is_tried_on_its_other_half(engine: Engine) -> None:  # noqa: F811
    (alone,) = reviewed([said(RAW * 3, PRINTED * 3, "Zoram", "Vlong")])
    assert {place.fold for place in alone.places} == {0, 1}
    assert trial([alone], engine).after > 0


@pytest.mark.parametrize(
    ("figures", "helped"),
    [
        ((50, 10, 20, (900, 0), (99, 0, 0)), True),
        ((50, 10, 10, (900, 0), (99, 0, 0)), False),
        ((50, 10, 20, (900, 10), (99, 0, 0)), False),
        ((50, 10, 20, (900, 0), (99, 1, 2)), False),
    ],
)
def test_help_is_more_right_and_nothing_spoiled(figures: tuple[object, ...], helped: bool) -> None:
    assert Trial(*figures).helped is helped  # type: ignore[arg-type]


def test_only_whole_tokens_that_people_looked_at_are_learned_from() -> None:
    assert reviewed([said(RAW, PRINTED, "Zoram", source="model"), said(RAW, PRINTED, "oram", "Zoram bao")]) == []


def test_the_command_tells_its_figures_and_writes_only_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    clean = tmp_path / "corpus" / "clean"
    clean.mkdir(parents=True)
    for number, found in enumerate(archive("Zoram", "Vlong")[:3]):
        (clean / f"{number}.json").write_bytes(to_json(found))
    assert main(["train", "--from-corrections"]) == 0
    assert f"fewer than {LEAST_PLACES}" in capsys.readouterr().err
    assert not LESSONS.exists()
    (clean / "3.json").write_bytes(to_json(archive("Zoram", "Vlong")[0]))
    assert main(["train", "--from-corrections"]) == 0
    told = capsys.readouterr().err
    assert "0 before, 24 after, of 24" in told
    assert LESSONS.read_text(encoding="utf-8").count("Zơrâm") == 1
    (tmp_path / "a.txt").write_text(RAW, encoding="utf-8")
    assert main(["restore", "a.txt"]) == 0
    assert "xã Zơrâm chủ trì" in capsys.readouterr().out
    LESSONS.write_text("smudged", encoding="utf-8")
    assert main(["restore", "a.txt"]) == 3
    assert "lessons_broken" in capsys.readouterr().err
