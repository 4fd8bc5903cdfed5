"""Many documents from outside: what is kept whatever happens to the program, its folder and its inputs."""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from pipeline import __version__
from pipeline.archive import extract
from pipeline.errors import Exit
from pipeline.manifest import NAME
from pipeline.plan import Job, plan
from pipeline.restore import Engine
from pipeline.run import USUAL, Options, Reading

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

CommandLine = Callable[..., subprocess.CompletedProcess[bytes]]
LETTER = "QUYẾT ĐỊNH\n\nĐiều 1. Thành lập tổ công tác.\n1. Sở Nội vụ báo cáo.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    for number in range(12):
        (tmp_path / "raw" / f"{number:02}.txt").write_text(LETTER * (1 + number % 3))
    return tmp_path


def rows(archive: Path, columns: str = "input, state, codes") -> dict[str, tuple[object, ...]]:
    with sqlite3.connect(archive / "clean" / NAME) as connection:
        return {row[0]: row[1:] for row in connection.execute(f"select result, {columns} from documents")}


def states(archive: Path, options: Options = USUAL) -> dict[str, str]:
    outcomes = extract(plan([archive / "raw"], archive / "clean"), archive / "clean", options=options)
    return {outcome.job.path.name: outcome.state for outcome in outcomes}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".json", ".txt")}


def test_the_manifest_tells_of_every_document(quick: Engine, archive: Path) -> None:
    (archive / "raw" / "bad.pdf").write_bytes(b"%PDF-1.7")
    states(archive)
    found = rows(archive, "state, codes, version, model, pages, sha256")
    assert len(found) == 13
    assert found["bad.json"][:4] == ("failed", "pdf_damaged", __version__, "as-is")
    document = json.loads((archive / "clean" / "00.json").read_bytes())
    assert found["00.json"] == ("done", "", __version__, "as-is", 1, document["source"]["sha256"])


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"no manifest" * 1000)])
def test_a_manifest_that_is_lost_or_damaged_costs_nothing(
    quick: Engine, archive: Path, damage: Callable[[Path], object]
) -> None:
    states(archive)
    damage(archive / "clean" / NAME)
    assert set(states(archive).values()) == {"skipped"}
    assert {row[1] for row in rows(archive).values()} == {"done"}
    (archive / "clean" / "03.txt").unlink()
    assert states(archive)["03.txt"] == "done"
    assert rows(archive)["03.json"][1] == "done"


def test_readings_do_not_follow_a_link(quick: Engine, archive: Path) -> None:
    def strategy(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Job, Reading]]:
        folders.append(options.readings)
        yield from ()

    folders, out = list[Path | None](), archive / "clean"
    out.mkdir()
    list(extract((), out, strategy=strategy))
    (out / ".readings").symlink_to(archive)
    list(extract((), out, strategy=strategy))
    assert folders == [out / ".readings", None]


def test_texts_have_no_searchable_pdf_to_wait_for(quick: Engine, archive: Path) -> None:
    states(archive)
    assert set(states(archive, Options(pdf=True)).values()) == {"skipped"}


def test_results_changed_by_others_are_looked_at(quick: Engine, archive: Path) -> None:
    states(archive)
    (archive / "clean" / "05.json").write_bytes(b"{")
    assert [name for name, state in states(archive).items() if state == "done"] == ["05.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_can_only_be_read_is_told_and_left(quick: Engine, archive: Path) -> None:
    states(archive)
    (archive / "clean").chmod(0o555)
    assert set(states(archive).values()) == {"skipped"}
    (archive / "clean").chmod(0o755)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipeline", "extract", "raw", "--out", "clean", *arguments]


def whole(archive: Path) -> bool:
    """Are all results there are whole?"""
    clean = archive / "clean"
    return all(json.loads(path.read_bytes())["status"] == "ok" for path in clean.glob("*.json")) and all(
        (clean / f"{path.stem}.txt").exists() for path in clean.glob("*.json")
    )


def made(archive: Path) -> int:
    return len(list(archive.glob("clean/*.json")))


@pytest.fixture(scope="module")
def expected(vanban: CommandLine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The results of a run that nothing disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "raw").mkdir()
    for number in range(12):
        (folder / "raw" / f"{number:02}.txt").write_text(LETTER * (1 + number % 3))
    assert vanban("extract", "raw", "--out", "clean", "--jobs", "1", folder=folder).returncode == Exit.OK
    return contents(folder / "clean")


def test_several_processes_give_the_bytes_of_one(
    vanban: CommandLine, archive: Path, expected: dict[str, bytes]
) -> None:
    assert vanban("extract", "raw", "--out", "clean", "--jobs", "3", folder=archive).returncode == Exit.OK
    assert contents(archive / "clean") == expected


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment_it_goes_on_where_it_was(
    environment: dict[str, str], archive: Path, expected: dict[str, bytes], seed: int
) -> None:
    moments = random.Random(seed)
    for _ in range(2):
        had = made(archive)
        with subprocess.Popen(command("--jobs", "2"), cwd=archive, env=environment, stderr=subprocess.PIPE) as process:
            while process.poll() is None and made(archive) <= had:
                time.sleep(0.01)
            time.sleep(moments.uniform(0, 0.03))
            process.kill()
        assert whole(archive)
    done = subprocess.run(command(), cwd=archive, env=environment, capture_output=True, check=False)
    assert done.returncode == Exit.OK, done.stderr
    assert b" skipped" in done.stderr
    assert contents(archive / "clean") == expected
    assert not list(archive.rglob("*.part"))


def test_a_full_disk_loses_nothing_and_leaves_no_half_written_file(
    environment: dict[str, str], archive: Path, expected: dict[str, bytes]
) -> None:
    (archive / "raw" / "large.txt").write_text(LETTER * 200)

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    full = subprocess.run(command(), cwd=archive, env=environment, capture_output=True, check=False, preexec_fn=small)
    assert full.returncode in (Exit.SOME_FAILED, Exit.USAGE)
    assert b"large.txt: failed: clean/large.txt: File too large." in full.stderr
    assert b"Traceback" not in full.stderr
    assert whole(archive)
    assert not list(archive.rglob("*.part"))
    done = subprocess.run(command(), cwd=archive, env=environment, capture_output=True, check=False)
    assert done.returncode == Exit.OK, done.stderr
    assert expected.items() <= contents(archive / "clean").items()


@pytest.fixture
def hanging(tmp_path: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A run whose documents take for ever: a scan, and a Tesseract that never answers."""
    from PIL import Image

    (tmp_path / "raw").mkdir()
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "tesseract"
    fake.write_text(
        '#!/bin/sh\ncase "$*" in\n*--version*) echo tesseract 5.3.0;;\n*--list-langs*) echo "List:\neng\nvie\nosd";;\n'
        "*) exec sleep 1000;;\nesac\n"
    )
    fake.chmod(0o755)
    for number in range(3):
        Image.new("L", (800, 1000), 255).save(tmp_path / "raw" / f"{number}.png")
    with subprocess.Popen(
        command("--jobs", "2", "--max-seconds", "3"),
        cwd=tmp_path,
        env=environment | {"PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def test_inputs_that_hang_are_given_up_one_by_one(hanging: subprocess.Popen[bytes]) -> None:
    _, err = hanging.communicate(timeout=120)
    assert hanging.returncode == Exit.SOME_FAILED
    assert err.count(b"[input_too_slow]") == 3
    assert b"given up after 3 seconds" in err


def test_an_interrupt_ends_a_run_whose_processes_hang(hanging: subprocess.Popen[bytes], tmp_path: Path) -> None:
    time.sleep(2)
    os.killpg(hanging.pid, signal.SIGINT)
    _, err = hanging.communicate(timeout=30)
    assert hanging.returncode == Exit.INTERRUPTED
    assert b"Traceback" not in err
