"""vanban doctor: a whole installation, and what it says of each thing that can be missing."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import cli, doctor
from pipeline.checksums import checksums, damaged, write_checksums
from pipeline.doctor import Check
from pipeline.errors import Exit, MissingPartError
from pipeline.ingest import tesseract
from pipeline.paths import models_folder
from pipeline.pins import pins

Captured = pytest.CaptureFixture[bytes]


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if Tesseract were there with all that it needs."""
    monkeypatch.setattr(tesseract, "check", lambda: "5.3.0")
    monkeypatch.setattr(tesseract, "languages", lambda: frozenset({"vie", "osd"}))


def examined(out: Path) -> dict[str, list[Check]]:
    """Checks by name."""
    found: dict[str, list[Check]] = {}
    for check in doctor.examine(out):
        found.setdefault(check.name, []).append(check)
    return found


def states(checks: list[Check]) -> set[str]:
    return {check.state for check in checks}


def test_a_whole_installation_is_complete(whole: None, tmp_path: Path, capsysbinary: Captured) -> None:
    assert cli.main(["doctor", "--out", str(tmp_path / "new"), "--format", "json"]) == Exit.OK
    report = json.loads(capsysbinary.readouterr().out)
    assert report["complete"]
    assert {check["state"] for check in report["checks"]} <= {"ok", "warning"}
    assert list(tmp_path.iterdir()) == []


def test_text_has_a_line_a_check(whole: None, tmp_path: Path, capsysbinary: Captured) -> None:
    assert cli.main(["doctor", "--out", str(tmp_path)]) == Exit.OK
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert len(lines) == len(list(doctor.examine(tmp_path)))
    assert all(line.startswith(("ok ", "warning ")) for line in lines)


def test_what_is_missing_is_3_with_a_remedy(
    whole: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Captured
) -> None:
    def missing() -> str:
        raise MissingPartError("tesseract_missing", "No Tesseract.", "Install it.")

    monkeypatch.setattr(tesseract, "check", missing)
    assert cli.main(["doctor", "--out", str(tmp_path)]) == Exit.MISSING_PART
    assert b"missing  Tesseract      No Tesseract. Install it.\n" in capsysbinary.readouterr().out


def test_data_that_turns_pages_may_lack(whole: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "languages", lambda: frozenset({"vie"}))
    assert states(examined(tmp_path)["Tesseract"]) == {"ok", "warning"}


def test_packages_are_held_against_the_pins(whole: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("numpy==0.1\nno-such-package-of-vanban==2.0\n")
    monkeypatch.setattr(doctor, "pins_file", lambda: file)
    other, missing, count = examined(tmp_path)["packages"]
    assert other.state == "warning"
    assert "numpy" in other.found
    assert "0.1" in other.found
    assert missing.state == "missing"
    assert "no-such-package-of-vanban 2.0" in missing.found
    assert "pip install" in missing.remedy
    assert count.found.startswith("0 of 2")


def test_a_package_that_cannot_be_loaded_stops_nothing(
    vanban: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith(("pipeline.restore", "pipeline.ingest"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    found = examined(tmp_path)
    assert states(found["compiled code"]) == states(found["Tesseract"]) == {"missing"}
    assert states(found["results"]) == {"ok"}


def test_a_damaged_model_is_named(whole: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "models"
    shutil.copytree(models_folder(), models)
    monkeypatch.setattr(doctor, "models_folder", lambda: models)
    damage = bytearray((models / "context.npz").read_bytes())
    damage[len(damage) // 2] ^= 1
    (models / "context.npz").write_bytes(damage)
    (models / "small.txt").unlink()
    found = examined(tmp_path)
    assert [check.found.split()[0] for check in found["models"]] == ["context.npz", "small.txt"]
    assert states(found["models"]) == {"missing"}
    assert len(found["model"]) == len(checksums(models)) - 2
    (models / "SHA256SUMS").unlink()
    assert states(examined(tmp_path)["models"]) == {"missing"}


def test_a_folder_that_cannot_be_written_is_missing(whole: None, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    (check,) = examined(file)["results"]
    assert check.state == "missing"
    assert "--out" in check.remedy


def test_little_memory_is_told(whole: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "memory", lambda: 3 << 29)
    monkeypatch.setattr(doctor, "processors", lambda: 2)
    (check,) = examined(tmp_path)["memory"]
    assert (check.state, check.remedy) == ("warning", "Run with --jobs 1.")


def test_the_models_are_those_of_their_checksums() -> None:
    """After a change of the models: `make train`, or `sha256sum *.npy *.npz *.txt > SHA256SUMS` in their folder."""
    folder = models_folder()
    assert damaged(folder) == []
    models = {path.name for path in folder.iterdir() if path.suffix in {".npy", ".npz", ".txt"}}
    assert checksums(folder).keys() == models


def test_checksums_are_written_as_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_bytes(b"abc")
    write_checksums(tmp_path)
    assert checksums(tmp_path) == {"a b.txt": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
    assert damaged(tmp_path) == []
    (tmp_path / "a b.txt").write_bytes(b"abd")
    assert damaged(tmp_path) == ["a b.txt"]


def test_pins_are_read_with_hashes_and_inclusions(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# x==1\nOne.two==1.0 \\\n    --hash=sha256:00\nthree==2rc1; sys_platform=='x'\n")
    (tmp_path / "b.txt").write_text("-r a.txt\nfour==4\n")
    assert pins(tmp_path / "b.txt") == {"One.two": "1.0", "three": "2rc1", "four": "4"}
