"""The command line: what goes where, exit codes, and the trained engine on texts of every sort."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline import __version__, archive, cli, run
from pipeline.commands.extract import report
from pipeline.document import Notice, Restoration, Source
from pipeline.errors import Exit, MissingPartError
from pipeline.manifest import NAME
from pipeline.plan import Job
from tests.documents import KEPT

CommandLine = Callable[..., subprocess.CompletedProcess[bytes]]
Captured = pytest.CaptureFixture[bytes]

TABLES = [f"{name}.{kind}" for name in ("citations", "targets", "tasks") for kind in ("csv", "parquet")]
RESULTS = sorted(["a.html", "a.json", "a.txt", "index.html", *TABLES])
"""Of an archive with one document."""
LETTER = "QUYẾT ĐỊNH\n\nĐiều 1. Thành lập tổ công tác.\n1. Sở Nội vụ báo cáo.\n"


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive with one document; the tests run in it."""
    folder = tmp_path / "corpus" / "raw"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text(LETTER)
    monkeypatch.chdir(tmp_path)
    return folder


def names(folder: str | Path) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir() if path.name != NAME)


def give_stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


def test_extract_goes_from_raw_to_clean_and_says_so_on_stderr(quick: object, raw: Path, capsysbinary: Captured) -> None:
    assert cli.main(["extract"]) == Exit.OK
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert b"corpus/raw/a.txt -> corpus/clean/a.json" in err
    assert b"\nvanban: tables with " in err
    assert re.search(
        rb"\nvanban: 1 done, 0 partial, 0 failed, 0 skipped in [0-9.]+ s, [0-9.]+ pages/s;"
        rb" results in corpus/clean\.\n$",
        err,
    )
    assert names("corpus/clean") == RESULTS


def test_a_second_run_says_that_there_is_nothing_to_do(quick: object, raw: Path, capsysbinary: Captured) -> None:
    cli.main(["extract"])
    before = Path("corpus/clean/a.json").stat().st_mtime_ns
    capsysbinary.readouterr()
    assert cli.main(["extract"]) == Exit.OK
    assert capsysbinary.readouterr().err == (
        b"vanban: nothing to do, 1 file(s) unchanged since their results in corpus/clean.\n"
    )
    assert Path("corpus/clean/a.json").stat().st_mtime_ns == before


def test_failures_name_file_reason_remedy_and_code(quick: object, raw: Path, capsysbinary: Captured) -> None:
    (raw / "b.txt").write_bytes(b"")
    assert cli.main(["extract", "--out", "results"]) == Exit.SOME_FAILED
    err = capsysbinary.readouterr().err.decode()
    assert "corpus/raw/b.txt: failed: No text in it. Check that the OCR ran, or take the file out. [input_empty]" in err
    assert "\nvanban: 1 done, 0 partial, 1 failed, 0 skipped in " in err
    assert Path("results/a.json").exists()


def test_a_log_for_programs_has_codes_and_figures_and_no_text(quick: object, raw: Path) -> None:
    (raw / "a.txt").write_bytes(LETTER.encode("utf-16-le"))
    (raw / "b.txt").write_bytes(b"")
    assert cli.main(["extract", "--json-log", "log"]) == Exit.SOME_FAILED
    assert cli.main(["extract", "--json-log", "log"]) == Exit.SOME_FAILED
    text = Path("log").read_text()
    assert "công" not in text.encode().decode("unicode_escape")
    started, first, second, ended, *again = map(json.loads, text.splitlines())
    assert (started["event"], started["documents"], started["version"]) == ("started", 2, __version__)
    assert (first["input"], first["result"]) == ("corpus/raw/a.txt", "corpus/clean/a.json")
    assert (first["state"], first["pages"], first["errors"]) == ("done", 1, [])
    assert "guessed_encoding" in first["warnings"]
    assert (second["state"], second["result"], second["errors"]) == ("failed", None, ["input_empty"])
    assert {state: ended[state] for state in ("done", "partial", "failed", "skipped")} == {
        "done": 1,
        "partial": 0,
        "failed": 1,
        "skipped": 0,
    }
    assert {line.get("state") for line in again} == {None, "skipped", "failed"}


def test_warnings_are_shown(quick: object, raw: Path, capsysbinary: Captured) -> None:
    (raw / "a.txt").write_bytes(LETTER.encode("utf-16-le"))
    assert cli.main(["extract"]) == Exit.OK
    assert b"corpus/raw/a.txt: warning: " in capsysbinary.readouterr().err


def test_words_of_the_document_are_not_shown() -> None:
    said = Notice("arrival_stamp", "Page 1: left out as an arrival stamp: ĐẾN Sở Nội vụ")
    known = Notice("pages_out_of_order", "Page numbers as printed: 3, 2.")
    lines = report(archive.Outcome(Job(Path("a.pdf"), Path("clean/a")), "done", (said, known)))
    assert lines[1:] == [
        f"a.pdf: warning: see warnings in {Path('clean/a.json')} [arrival_stamp]",
        "a.pdf: warning: Page numbers as printed: 3, 2. [pages_out_of_order]",
    ]


def test_a_terminal_gets_a_progress_bar_and_the_same_lines(
    quick: object, raw: Path, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    (raw / "[red]b.txt").write_text(LETTER)
    assert cli.main(["extract"]) == Exit.OK
    err = capsysbinary.readouterr().err
    assert b"2 of 2, 0.0 s left" in err
    assert b"corpus/raw/[red]b.txt -> corpus/clean/[red]b.json" in err


def test_an_empty_folder_is_no_failure(quick: object, raw: Path, capsysbinary: Captured) -> None:
    (raw / "a.txt").unlink()
    assert cli.main(["extract"]) == Exit.OK
    assert b"no files" in capsysbinary.readouterr().err


def test_tables_are_rebuilt_over_all_results_and_say_what_they_leave_out(
    quick: object, raw: Path, capsysbinary: Captured
) -> None:
    cli.main(["extract"])
    Path("corpus/clean/b.json").write_text("{")
    capsysbinary.readouterr()
    assert cli.main(["extract"]) == Exit.SOME_FAILED
    err = capsysbinary.readouterr().err.decode()
    assert "corpus/clean/b.json: left out of the tables: Invalid JSON: EOF while parsing an object" in err
    assert "[document_not_json]\nvanban: tables with " in err
    Path("corpus/clean/b.json").unlink()
    assert cli.main(["extract"]) == Exit.OK
    capsysbinary.readouterr()
    assert cli.main(["extract"]) == Exit.OK
    assert capsysbinary.readouterr().err.startswith(b"vanban: nothing to do")


def test_a_table_that_cannot_be_written_is_2(quick: object, raw: Path, capsysbinary: Captured) -> None:
    Path("corpus/clean/tasks.csv").mkdir(parents=True)
    assert cli.main(["extract"]) == Exit.USAGE
    assert b"tasks.csv" in capsysbinary.readouterr().err
    assert names("corpus/clean") == ["a.html", "a.json", "a.txt", "index.html", "tasks.csv"]


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of results with one document that has tasks; the tests run above it."""
    folder = tmp_path / "corpus" / "clean"
    folder.mkdir(parents=True)
    (folder / "a.json").write_bytes((KEPT / "schema-1.0.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    return folder


def test_tasks_of_all_results_go_to_stdout(results: Path, capsysbinary: Captured) -> None:
    assert cli.main(["tasks", "--agency", "so giao thong van tai", "--role", "lead"]) == Exit.OK
    out, err = capsysbinary.readouterr()
    assert out.decode().startswith(
        "a\tphu-luc/II/1/1\t1\t2024-12-31\tSở Giao thông vận tải\tBộ Giao thông vận tải\tSở Gi"
    )
    assert out.count(b"\n") == 1
    assert err == b"vanban: 1 of 6 task(s) in 1 document(s).\n"
    assert cli.main(["tasks", "--due-after", "2025-01-01", "--due-before", "2025-12-31"]) == Exit.OK
    assert capsysbinary.readouterr() == (b"", b"vanban: 0 of 6 task(s) in 1 document(s).\n")
    assert cli.main(["tasks", "--text", "de an"]) == Exit.OK
    assert capsysbinary.readouterr().out.count(b"\n") == 1


def test_tasks_as_csv_and_json_and_as_a_table_on_a_terminal(
    results: Path, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.main(["tasks", "--format", "csv"])
    assert capsysbinary.readouterr().out.startswith("\N{BYTE ORDER MARK}document,document_type".encode())
    cli.main(["tasks", "--format", "json", "corpus/clean/a.json"])
    assert json.loads(capsysbinary.readouterr().out)[0]["lead"] == ["Sở Nội vụ"]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    cli.main(["tasks", "--due-before", "2021-06-30"])
    table = capsysbinary.readouterr().out.decode()
    assert "9731/QĐ-UBND" in table
    assert "dieu-2/1/a, p. 1" in table


@pytest.mark.parametrize("command", ["tasks", "export"])
def test_results_that_cannot_be_read_are_told_and_the_others_go_on(
    results: Path, capsysbinary: Captured, command: str
) -> None:
    Path("corpus/clean/0.json").write_text("[]")
    Path("corpus/clean/00.json").write_text("x")
    assert cli.main([command, "corpus/clean", "none.json", "corpus/clean/0.json"]) == Exit.SOME_FAILED
    err = capsysbinary.readouterr().err.decode()
    codes = ("document_not_json", "input_missing", "document_other_schema")
    assert [err.count(f"[{code}]") for code in codes] == [1, 1, 1]
    assert "corpus/clean/00.json: failed: " in err
    assert "6 of 6 task" in err or "1 exported, 3 failed" in err


@pytest.mark.parametrize("command", ["tasks", "export"])
def test_no_results_here_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([command]) == Exit.USAGE


def test_export_writes_beside_the_document_or_elsewhere(results: Path, capsysbinary: Captured) -> None:
    (results / "sub").mkdir()
    (results / "sub" / "b.c.json").write_bytes((results / "a.json").read_bytes())
    assert cli.main(["export"]) == Exit.OK
    assert b"corpus/clean/a.json -> corpus/clean/a.akn.xml\n" in capsysbinary.readouterr().err
    assert Path("corpus/clean/sub/b.c.akn.xml").read_bytes().startswith(b"<?xml")
    assert cli.main(["export", "--out", "xml", "corpus/clean"]) == Exit.OK
    assert names("xml") == ["a.akn.xml", "sub"]
    assert Path("xml/a.akn.xml").read_bytes() == Path("corpus/clean/a.akn.xml").read_bytes()
    assert cli.main(["export", "--out", "corpus/clean/a.json"]) == Exit.SOME_FAILED
    assert b"[output_unwritable]" in capsysbinary.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["extrct"],
        ["extract", "--jobs", "0"],
        ["extract", "--max-bytes", "many"],
        ["extract", "--forc"],
        ["restore"],
        ["restore", "a.txt", "--mark", "--below", "2"],
        ["unmark"],
        ["schema", "x"],
        ["tasks", "--due-before", "2025"],
        ["tasks", "--role", "boss"],
        ["export", "--format", "docx"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str], capsysbinary: Captured) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == Exit.USAGE
    assert b"usage: vanban" in capsysbinary.readouterr().err


def test_no_archive_here_is_2(
    quick: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["extract"]) == Exit.USAGE
    assert b"corpus/raw" in capsysbinary.readouterr().err


def test_an_output_folder_that_cannot_be_written_is_2(quick: object, raw: Path, capsysbinary: Captured) -> None:
    Path("file").write_text("")
    assert cli.main(["extract", "--out", "file/clean"]) == Exit.USAGE
    assert b"[output_unwritable]" in capsysbinary.readouterr().err


def test_an_output_file_that_cannot_be_written_is_2(quick: object, raw: Path, capsysbinary: Captured) -> None:
    assert cli.main(["restore", "corpus/raw/a.txt", "-o", "corpus/raw/a.txt/out.txt"]) == Exit.USAGE
    assert b"[output_unwritable]" in capsysbinary.readouterr().err


def test_the_work_goes_on_when_nobody_reads_the_messages(
    quick: object, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(sys.stderr, "write", broken)
    assert cli.main(["extract"]) == Exit.OK
    assert names("corpus/clean") == RESULTS


def test_missing_models_are_3(raw: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured) -> None:
    def missing() -> None:
        raise MissingPartError("models_missing", "No models.", "Run `make train`.")

    monkeypatch.setattr(archive, "load", missing)
    assert cli.main(["extract"]) == Exit.MISSING_PART
    assert capsysbinary.readouterr().err == b"vanban: No models. Run `make train`. [models_missing]\n"


def test_a_missing_package_is_3(raw: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", None)
    for name in [name for name in sys.modules if name.startswith(("pipeline.run", "pipeline.export"))]:
        monkeypatch.delitem(sys.modules, name)
    assert cli.main(["extract"]) == Exit.MISSING_PART
    assert b"pip install -r requirements.txt" in capsysbinary.readouterr().err


def test_interruption_is_130(raw: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "load", interrupt)
    assert cli.main(["extract"]) == Exit.INTERRUPTED
    assert b"interrupted" in capsysbinary.readouterr().err


def test_restore_from_file_and_stdin_to_stdout_and_file(
    quick: object, raw: Path, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli.main(["restore", "corpus/raw/a.txt"]) == Exit.OK
    assert capsysbinary.readouterr() == (LETTER.encode(), b"")
    give_stdin(monkeypatch, LETTER.strip().encode())
    assert cli.main(["restore", "-"]) == Exit.OK
    assert capsysbinary.readouterr() == (LETTER.strip().encode(), b"")
    assert cli.main(["restore", "corpus/raw/a.txt", "-o", "out.txt"]) == Exit.OK
    assert capsysbinary.readouterr() == (b"", b"")
    assert Path("out.txt").read_text() == LETTER


def test_marks_go_in_and_out_again(
    quick: object,
    raw: Path,
    capsysbinary: Captured,
    monkeypatch: pytest.MonkeyPatch,
    read_as_is: Callable[[Source], Restoration],
) -> None:
    def doubting(source: Source, engine: object) -> Restoration:
        restored = read_as_is(source)
        lines = (
            replace(line, syllables=tuple(replace(s, confidence=0.8, runner_up="tồ") for s in line.syllables))
            for line in restored.lines
        )
        return replace(restored, lines=tuple(lines))

    monkeypatch.setattr(run, "restore", doubting)
    text = "Tổ  công ⟦tác|\n"
    (raw / "a.txt").write_text(text)
    assert cli.main(["restore", "--mark", "corpus/raw/a.txt", "-o", "marked.txt"]) == Exit.OK
    assert Path("marked.txt").read_text() == "⟦Tổ|Tổ|tồ⟧  ⟦công|công|tồ⟧ ⟦\\⟦tác\\||\\⟦tác\\||tồ⟧\n"
    assert cli.main(["unmark", "marked.txt"]) == Exit.OK
    assert capsysbinary.readouterr().out == text.encode()
    assert cli.main(["restore", "--mark", "--below", "0.7", "corpus/raw/a.txt"]) == Exit.OK
    assert capsysbinary.readouterr().out == text.replace("⟦", "⟦⟦").encode()


def test_a_limit_for_marks_needs_marks(quick: object, raw: Path, capsysbinary: Captured) -> None:
    assert cli.main(["restore", "--below", "0.5", "corpus/raw/a.txt"]) == Exit.USAGE
    assert b"--mark" in capsysbinary.readouterr().err


def test_restore_reads_any_encoding_and_writes_utf8(
    quick: object, raw: Path, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, LETTER.replace("\n", "\r\n").encode("utf-16"))
    assert cli.main(["restore", "-"]) == Exit.OK
    assert capsysbinary.readouterr().out == LETTER.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("data", "code"), [(b"\0" * 100, "input_binary"), (b"x" * 101, "input_too_large"), (b"%PDF-1.4", "input_binary")]
)
def test_restore_refuses_what_it_cannot_read(
    quick: object, raw: Path, capsysbinary: Captured, monkeypatch: pytest.MonkeyPatch, data: bytes, code: str
) -> None:
    give_stdin(monkeypatch, data)
    assert cli.main(["restore", "-", "--max-bytes", "100"]) == Exit.SOME_FAILED
    out, err = capsysbinary.readouterr()
    assert out == b""
    assert f"[{code}]".encode() in err


@pytest.mark.parametrize(("path", "code"), [("corpus", "input_folder"), ("none.txt", "input_missing")])
def test_restore_needs_a_file(quick: object, raw: Path, capsysbinary: Captured, path: str, code: str) -> None:
    assert cli.main(["restore", path]) == Exit.SOME_FAILED
    assert f"[{code}]".encode() in capsysbinary.readouterr().err


def test_schema_and_version(capsysbinary: Captured) -> None:
    assert cli.main(["schema"]) == Exit.OK
    assert json.loads(capsysbinary.readouterr().out)["title"] == "Document"
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert not caught.value.code
    assert capsysbinary.readouterr().out == f"vanban {__version__}\n".encode()


def test_exit_codes_are_in_the_help(capsysbinary: Captured) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    help_text = capsysbinary.readouterr().out.decode()
    assert all(f"\n  {code.value}  " in help_text for code in Exit)


def test_a_reader_that_stops_reading_is_no_error() -> None:
    command = [sys.executable, "-m", "pipeline", "schema"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.wait(60) == Exit.OK
        assert process.stderr.read() == b""


# With the trained engine

CLEAN = """UBND TỈNH LÂM ĐỒNG
SỞ KHOA HỌC VÀ CÔNG NGHỆ

KẾ HOẠCH
Triển khai hoạt động hỗ trợ doanh nghiệp đổi mới công nghệ năm 2022

I. MỤC ĐÍCH, YÊU CẦU
1. Nâng cao nhận thức của cán bộ, công chức, viên chức và người lao động về vai trò của khoa học và công nghệ.
2. Bảo đảm tiết kiệm, hiệu quả, đúng quy định của pháp luật về ngân sách nhà nước.
II. NHIỆM VỤ
1. Phòng Quản lý công nghệ chủ trì, phối hợp với các đơn vị liên quan:
a) Tổ chức 03 lớp tập huấn cho ít nhất 120 học viên trước ngày 30/6/2022;
b) Xây dựng cơ sở dữ liệu về nhu cầu đổi mới công nghệ của các doanh nghiệp nhỏ và vừa trên địa bàn tỉnh.
2. Văn phòng Sở có trách nhiệm bố trí kinh phí, theo dõi, đôn đốc việc thực hiện Kế hoạch này và báo cáo kết quả.
Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị các đơn vị phản ánh kịp thời để xem xét, giải quyết.
"""
ENGLISH = """The committee met on Tuesday morning to discuss the annual report.
Members agreed that the budget should be reviewed before the end of the year, and asked the
secretary to send a written summary to every department by Friday 14 October.
There were no further questions, so the chairwoman closed the meeting at noon.
"""


def test_clean_vietnamese_stays_as_it_is(vanban: CommandLine) -> None:
    done = vanban("restore", "-", stdin=CLEAN.encode())
    assert done.returncode == Exit.OK
    assert done.stdout.decode() == CLEAN


def test_english_is_left_alone_with_a_warning(vanban: CommandLine) -> None:
    done = vanban("restore", "-", stdin=ENGLISH.encode())
    assert done.returncode == Exit.OK
    assert done.stdout.decode() == ENGLISH
    assert b"-: warning: " in done.stderr


def test_damaged_vietnamese_is_restored_line_by_line(vanban: CommandLine) -> None:
    damaged = "Uy ban nhan dan tinh to chirc thuc hién\n\nke hoach phat trién kinh té - xa hOi\n".encode()
    done = vanban("restore", "-", stdin=damaged)
    assert done.returncode == Exit.OK
    assert done.stdout.decode() == "Ủy ban nhân dân tỉnh tổ chức thực hiện\n\nkế hoạch phát triển kinh tế - xã hội\n"


def test_a_line_of_a_million_characters_without_space(vanban: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("báo cáo\n" + "aơ" * 500_000 + "\nbáo cáo")
    done = vanban("extract", "a.txt", "--out", "clean", folder=tmp_path)
    assert done.returncode == Exit.OK, done.stderr
    assert json.loads((tmp_path / "clean" / "a.json").read_bytes())["status"] == "ok"


def test_50_megabytes_are_refused_beside_a_good_file(vanban: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"Bao cao so lieu.\n" * 3_000_000)
    (tmp_path / "a.txt").write_text(LETTER)
    done = vanban("extract", "a.txt", "large.txt", "--out", "clean", "--jobs", "1", folder=tmp_path)
    assert done.returncode == Exit.SOME_FAILED
    assert b"large.txt: failed: Larger than 10000000 bytes." in done.stderr
    assert b"--max-bytes" in done.stderr
    assert names(tmp_path / "clean") == RESULTS


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_leaves_whole_files_alone(environment: dict[str, str], tmp_path: Path, jobs: str) -> None:
    (tmp_path / "raw").mkdir()
    for number in range(400):
        (tmp_path / "raw" / f"{number}.txt").write_text(CLEAN * 10)
    command = [sys.executable, "-m", "pipeline", "extract", "raw", "--out", "clean", "--jobs", jobs]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        until = time.monotonic() + 180
        while not list(tmp_path.glob("clean/*.json")) and time.monotonic() < until:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == Exit.INTERRUPTED
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
    written = [path for path in (tmp_path / "clean").iterdir() if path.name != NAME]
    assert 0 < len(written) < 800
    for path in written:
        assert path.suffix in {".json", ".txt"}
        assert path.suffix == ".txt" or json.loads(path.read_bytes())["status"] == "ok"
