"""The review commands from outside: export to results, the terminal, a series over documents, versions compared."""

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.document import Restoration, Source
from pipeline.review.log import append, load
from pipeline.review.rows import Row, write_rows
from tests.conftest import read_as_is
from tests.documents import document
from tests.review.test_apply import row

FIRST = "QUYẾT ĐỊNH:\n\nĐiều 1. Giao So Nội vụ lập Đề án.\nĐiều 2. Giao So Tài chính bố trí kinh phí.\n"
SECOND = "QUYẾT ĐỊNH:\n\nĐiều 1. Giao So Nội vụ theo dõi.\n"


def doubting(source: Source, engine: object = None) -> Restoration:
    """As it is; of each 'So' it is unsure, 'Sở' comes next."""
    read = read_as_is(source)
    lines = [
        replace(
            line,
            syllables=tuple(
                replace(s, confidence=0.5, runner_up="Sở") if s.text == "So" else s for s in line.syllables
            ),
        )
        for line in read.lines
    ]
    return replace(read, lines=tuple(lines))


@pytest.fixture
def archive(quick: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("pipeline.run.restore", doubting)
    monkeypatch.chdir(tmp_path)
    raw = tmp_path / "corpus" / "raw"
    raw.mkdir(parents=True)
    (raw / "a.txt").write_text(FIRST)
    (raw / "b.txt").write_text(SECOND)
    assert main(["extract", "--jobs", "1"]) == 0
    return tmp_path


def result(archive: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((archive / "corpus" / "clean" / f"{name}.json").read_bytes())
    return found


def text(archive: Path, name: str) -> str:
    return (archive / "corpus" / "clean" / f"{name}.txt").read_text()


def said(archive: Path, name: str) -> list[tuple[str, str, str]]:
    log = load(archive / "corpus" / "raw" / f"{name}.corrections.csv")
    assert not log.bad
    return [(r.action, r.raw, r.corrected) for r in log.rows]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr(sys, "stdin", io.StringIO(text))


Typed = Callable[[str], None]


def exported(archive: Path, name: str, *rows: Row) -> Path:
    digest = result(archive, "a")["source"]["sha256"]  # type: ignore[index]
    path = archive / name
    path.write_bytes(write_rows([replace(one, sha256=digest) for one in rows], header=True))
    return path


@pytest.mark.parametrize("name", ["a.corrections.csv", "a.corrections (2).csv", "downloaded.csv"])
def test_applied_corrections_stand_beside_the_input_and_in_all_results(
    archive: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = exported(archive, name, row(FIRST, "So", "Sở"))
    assert main(["review", "--apply", str(path)]) == 0
    assert "Giao Sở Nội vụ lập" in text(archive, "a")
    assert said(archive, "a") == [("correct", "So", "Sở")]
    assert "Sở Nội vụ" in (archive / "corpus/clean/tasks.csv").read_text(encoding="utf-8-sig")
    assert main(["review", "--apply", str(path)]) == 0
    assert said(archive, "a") == [("correct", "So", "Sở")]
    capsys.readouterr()
    assert main(["extract", "--jobs", "1"]) == 0
    assert "nothing to do" in capsys.readouterr().err
    before = (archive / "corpus/clean/a.json").read_bytes()
    assert main(["extract", "--jobs", "1", "--force"]) == 0
    assert (archive / "corpus/clean/a.json").read_bytes() == before


def test_the_next_extract_hears_what_changed_and_what_was_taken_back(archive: Path) -> None:
    main(["review", "--apply", str(exported(archive, "a.corrections.csv", row(FIRST, "So", "Sở")))])
    beside = archive / "corpus/raw/a.corrections.csv"
    back = row(FIRST, "So", "", "withdraw", time="2026-11-25T09:00:00Z")
    digest = load(beside).rows[0].sha256
    beside.write_bytes(beside.read_bytes() + write_rows([replace(back, sha256=digest)]))
    assert main(["extract", "--jobs", "1"]) == 0
    assert "Giao So Nội vụ lập" in text(archive, "a")
    beside.unlink()
    assert main(["extract", "--jobs", "1"]) == 0
    assert result(archive, "a")["generator"]["corrections"] is None  # type: ignore[index]


def test_bad_rows_are_reported_and_the_others_taken(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(archive, "a.corrections.csv", row(FIRST, "So", "Sở"))
    path.write_bytes(path.read_bytes() + b"correct,x\r\n")
    assert main(["review", "--apply", str(path)]) == 1
    assert "correction_bad" in capsys.readouterr().err
    assert said(archive, "a") == [("correct", "So", "Sở")]
    stranger = archive / "z.csv"
    stranger.write_bytes(write_rows([row(FIRST, "So", "Sở")], header=True))
    assert main(["review", "--apply", str(stranger), str(archive / "none.csv")]) == 1
    told = capsys.readouterr().err
    assert "corrections_without_input" in told
    assert "input_missing" in told


def test_corrections_are_no_input_and_missed_ones_are_told(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (archive / "corpus/raw/gone.corrections.csv").write_bytes(write_rows([], header=True))
    capsys.readouterr()
    assert main(["extract", "--jobs", "1"]) == 1
    told = capsys.readouterr().err
    assert "gone.corrections.csv" in told
    assert "corrections_without_input" in told


def test_the_terminal_accepts_chooses_types_skips_and_undoes(archive: Path, typed: Typed) -> None:
    typed("r\n\na\nq\n")
    assert main(["review", "a", "--reviewer", "An"]) == 0
    assert said(archive, "a") == [("correct", "So", "Sở"), ("accept", "So", "So")]
    assert "Giao Sở Nội vụ" in text(archive, "a")
    assert "Giao So Tài chính" in text(archive, "a")
    corrections = result(archive, "a")["corrections"]
    assert [(c["source"], c["reviewer"], c["runner_up"]) for c in corrections] == [  # type: ignore[attr-defined]
        ("reviewer", "An", "So"),
        ("reviewer", "An", None),
    ]
    typed("s\n")
    assert main(["review", "b", "--reviewer", "An"]) == 0
    assert said(archive, "b") == []
    typed("x\nt\nSố\nu\nd\n")
    assert main(["review", "b", "--reviewer", "An"]) == 0
    assert [action for action, *_ in said(archive, "b")] == ["correct", "withdraw", "delete"]
    assert "Giao Nội vụ" in text(archive, "b")


def test_what_another_withdraws_stays_looked_at(
    archive: Path, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    accepted = row(SECOND, "So", "So", "accept")
    other = replace(accepted, reviewer="Bình", time="2026-11-26T09:00:00Z")
    back = replace(other, action="withdraw", corrected="", time="2026-11-27T09:00:00Z")
    digest = result(archive, "b")["source"]["sha256"]  # type: ignore[index]
    log = archive / "corpus/raw/b.corrections.csv"
    append(log, [replace(one, sha256=digest) for one in (accepted, other, back)])
    typed("")
    assert main(["review", "b"]) == 0
    assert "0 doubt(s) in b" in capsys.readouterr().err
    append(log, [replace(back, sha256=digest, reviewer="An")])
    assert main(["review", "b"]) == 0
    assert "1 doubt(s) in b" in capsys.readouterr().err


def test_one_correction_offers_the_same_for_like_places_of_all_documents(
    archive: Path, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("r\na\n")
    assert main(["review", "a"]) == 0
    assert "2 like place(s)" in capsys.readouterr().err
    assert "So" not in text(archive, "a") + text(archive, "b")
    typed("r\n1\n")
    (archive / "corpus/raw/a.corrections.csv").unlink()
    (archive / "corpus/raw/b.corrections.csv").unlink()
    main(["extract", "--jobs", "1"])
    assert main(["review", "a"]) == 0
    assert text(archive, "a").count("So") == 1
    assert text(archive, "b").count("So") == 0


def test_undoing_a_series_takes_all_of_it_back(archive: Path, typed: Typed) -> None:
    typed("r\na\nu\nq\n")
    assert main(["review", "a"]) == 0
    assert text(archive, "a").count("So") + text(archive, "b").count("So") == 3


def test_single_keys_on_a_terminal(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(theirs, "r") as stdin, os.fdopen(ours, "wb", buffering=0) as keys:
        monkeypatch.setattr(sys, "stdin", stdin)
        keys.write(b"zaq")
        assert main(["review", "a"]) == 0
    assert said(archive, "a") == [("accept", "So", "So")]


def test_unknown_names_and_nothing_to_do_are_wrong_usage(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["review", "none"]) == 2
    assert "document_unknown" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["review", "a", "--serve"])
    (archive / "corpus/clean/a.json").unlink()
    assert main(["review", "a"]) == 1
    assert "document_missing" in capsys.readouterr().err


def test_diff_tells_what_a_mend_changed_and_no_more(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = archive / "corpus" / "clean"
    (archive / "old.json").write_bytes((clean / "a.json").read_bytes())
    main(["review", "--apply", str(exported(archive, "a.corrections.csv", row(FIRST, "So", "Sở")))])
    capsys.readouterr()
    arguments = ["diff", str(archive / "old.json"), str(clean / "a.json")]
    assert main(arguments) == 0
    told = capsys.readouterr().out
    assert "nodes dieu-1: changed" in told
    assert "  + Điều 1. Giao Sở Nội vụ lập Đề án." in told
    assert "dieu-2" not in told
    assert main([*arguments, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(one["part"], one["where"]) for one in found} >= {("text", "2"), ("nodes", "dieu-1"), ("tasks", "dieu-1")}
    assert all(one["change"] != "renamed" for one in found)
    assert main(["diff", arguments[1], arguments[1]]) == 0
    assert "no difference" in capsys.readouterr().err
    assert main(["diff", arguments[1], str(archive / "none.json")]) == 1


def test_diff_keeps_each_value_on_a_line_of_its_own(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [archive / "old.json", archive / "new.json"]
    for path, text in zip(paths, ("Giao", "Giao\n- dieu-9: removed\x1b[2J"), strict=True):
        nodes = [("1\n+ x", None, "khoan", "1", None, text)]
        path.write_text(document(nodes, text={"raw": "", "restored": "", "map": ()}).model_dump_json())
    capsys.readouterr()
    assert main(["diff", *map(str, paths)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "nodes 1 + x: changed",
        "  - text: Giao",
        "  + text: Giao - dieu-9: removed\ufffd[2J",
    ]


def test_diff_tells_nodes_that_came_and_were_renamed(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (archive / "c.txt").write_text("Điều 1. Giao Sở Nội vụ.\nĐiều 2. Giao Sở Tài chính.\n")
    (archive / "d.txt").write_text("Điều 1. Bãi bỏ văn bản cũ.\nĐiều 2. Giao Sở Nội vụ.\nĐiều 3. Giao Sở Tài chính.\n")
    assert main(["extract", "c.txt", "d.txt", "--out", "out", "--jobs", "1"]) == 0
    capsys.readouterr()
    assert main(["diff", "out/c.json", "out/d.json", "--format", "json"]) == 0
    nodes = [one for one in json.loads(capsys.readouterr().out) if one["part"] == "nodes"]
    assert [(one["change"], one["where"], (one["old"] or {}).get("id")) for one in nodes] == [
        ("added", "dieu-1", None),
        ("renamed", "dieu-2", "dieu-1"),
        ("renamed", "dieu-3", "dieu-2"),
    ]
