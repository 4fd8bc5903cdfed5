"""Which input goes to which output name."""

import os
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names import likeness, portable
from pipeline.plan import plan


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def planned(paths: list[Path], out: Path) -> dict[str, str]:
    """Input names to output names, or to the code of the failure."""
    return {
        job.path.name: job.error.code if job.error else job.json.relative_to(out).as_posix() for job in plan(paths, out)
    }


def test_only_the_last_suffix_is_replaced(tmp_path: Path) -> None:
    put(tmp_path, "in/X.ocr.txt")
    (job,) = plan([tmp_path / "in"], tmp_path / "out")
    assert (job.json, job.text) == (tmp_path / "out" / "X.ocr.json", tmp_path / "out" / "X.ocr.txt")


def test_folders_are_walked_and_kept_and_hidden_files_left_out(tmp_path: Path) -> None:
    put(tmp_path, "in/b.txt", "in/2019/a.txt", "in/.gitkeep", "in/.cache/c.txt", "in/table.xlsx")
    assert planned([tmp_path / "in"], tmp_path / "out") == {
        "b.txt": "b.json",
        "table.xlsx": "table.json",
        "a.txt": "2019/a.json",
    }


def test_inputs_of_the_same_stem_do_not_overwrite_each_other(tmp_path: Path) -> None:
    put(tmp_path, "in/a.pdf", "in/a.txt", "in/a.png")
    assert planned([tmp_path / "in"], tmp_path / "out") == {
        "a.txt": "a.json",
        "a.pdf": "a.pdf.json",
        "a.png": "a.png.json",
    }


def test_inputs_of_the_same_name_are_refused_but_for_the_first(tmp_path: Path) -> None:
    put(tmp_path, "one/a.txt", "two/a.txt")
    jobs = plan([tmp_path / "two", tmp_path / "one"], tmp_path / "out")
    assert [(job.path.parent.name, job.error and job.error.code) for job in jobs] == [
        ("one", None),
        ("two", "output_taken"),
    ]
    assert jobs[1].error
    assert str(jobs[0].path) in jobs[1].error.message


def test_a_stem_that_is_the_whole_name_of_another_input(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "in/a.pdf", "in/a.pdf.txt")
    assert planned([tmp_path / "in"], tmp_path / "out") == {
        "a.txt": "a.json",
        "a.pdf": "a.pdf.json",
        "a.pdf.txt": "a.pdf.txt.json",
    }


def test_a_file_named_twice_is_done_once(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt")
    assert len(plan([tmp_path / "in", tmp_path / "in" / "a.txt", tmp_path / "in" / ".." / "in"], tmp_path / "out")) == 1


def test_links_are_inputs_and_circles_end(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "elsewhere/c.txt")
    (tmp_path / "in" / "b.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "more").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "circle").symlink_to(tmp_path / "in")
    assert planned([tmp_path / "in"], tmp_path / "out") == {
        "a.txt": "a.json",
        "b.txt": "b.json",
        "c.txt": "more/c.json",
    }


def test_a_link_among_the_results_leads_nowhere_else(tmp_path: Path) -> None:
    put(tmp_path, "in/a/x.txt", "in/b/x.txt", "in/c/x.txt", "in/y.txt", "elsewhere/kept.txt", "really/d/kept.txt")
    out = tmp_path / "out"
    out.symlink_to(tmp_path / "really")  # by the user's own choice
    (out / "a").symlink_to(tmp_path / "elsewhere")
    (out / "b").symlink_to(out / "d")
    (out / "c").symlink_to(tmp_path / "elsewhere" / "not there")
    (tmp_path / "in" / "circle.txt").symlink_to(tmp_path / "in" / "circle.txt")
    found = {job.path.relative_to(tmp_path / "in").as_posix(): job.error for job in plan([tmp_path / "in"], out)}
    assert {name: error and error.code for name, error in found.items()} == {
        "a/x.txt": "output_outside",
        "b/x.txt": None,
        "c/x.txt": "output_outside",
        "circle.txt": None,
        "y.txt": None,
    }


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "in/b.json")
    assert planned([tmp_path / "in"], tmp_path / "in") == {"a.txt": "output_is_input", "b.json": "output_is_input"}


def test_a_scan_is_not_overwritten_by_its_searchable_pdf(tmp_path: Path) -> None:
    put(tmp_path, "in/scan.pdf")
    plain, searchable = (plan([tmp_path / "in"], tmp_path / "in", pdf)[0].error for pdf in (False, True))
    assert plain is None
    assert searchable
    assert searchable.code == "output_is_input"


def test_results_inside_the_input_folder_are_no_inputs(tmp_path: Path) -> None:
    put(tmp_path, "in/a.txt", "in/clean/a.txt", "in/clean/a.json")
    assert planned([tmp_path / "in"], tmp_path / "in" / "clean") == {"a.txt": "a.json"}


NFC, NFD = "biên bản", unicodedata.normalize("NFD", "biên bản")


ALIKE = [("A", "a"), (NFC, NFD), ("ﬁle", "file"), ("a_b", "a:b"), ("a_", "a\u202e")]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_names_that_a_file_system_or_an_eye_takes_for_one_stay_apart(tmp_path: Path, first: str, second: str) -> None:
    put(tmp_path, f"in/{first}.txt", f"in/{second}.txt", f"in/{second}.pdf")
    targets = [likeness(job.target) for job in plan([tmp_path / "in"], tmp_path / "out") if not job.error]
    assert len(set(targets)) == len(targets) == 3


def test_names_that_would_be_devices_elsewhere(tmp_path: Path) -> None:
    put(tmp_path, "in/CON.txt", "in/nul.2019/lpt1.pdf.txt", "in/contract.txt")
    assert planned([tmp_path / "in"], tmp_path / "out") == {
        "CON.txt": "CON_.json",
        "lpt1.pdf.txt": "nul_.2019/lpt1_.pdf.json",
        "contract.txt": "contract.json",
    }


def test_long_names_leave_room_for_what_comes_after_them(tmp_path: Path) -> None:
    names = ["ế" * 83 + ".txt", "ế" * 82 + "e.txt", "ế" * 82 + "o.txt"]
    put(tmp_path, *(f"in/{name}" for name in names))
    jobs = plan([tmp_path / "in"], tmp_path / "out")
    assert len({job.target for job in jobs}) == 3
    assert all(len(os.fsencode(job.corrections.name)) <= 255 for job in jobs)


@given(st.text(min_size=1, max_size=300))
def test_every_name_is_one_that_every_file_system_takes(name: str) -> None:
    safe = portable(name)
    assert safe == portable(safe)
    assert safe not in ("", ".", "..")
    assert not set(safe) & set('<>:"/\\|?*\0\n\u202e')
    assert safe[-1] not in " ."
    assert len(safe.encode()) <= 230
    assert not PureWindowsPath(safe).is_reserved()


@given(st.from_regex(r"[\w ,()\[\]+-]{1,50}(\.[a-z]{1,5})?", fullmatch=True))
def test_usual_names_stay_as_they_are(name: str) -> None:
    if not PureWindowsPath(name.lower()).is_reserved() and name[-1] != " ":
        assert portable(name) == name


def test_missing_files_stay_to_be_told(tmp_path: Path) -> None:
    assert planned([tmp_path / "none.txt"], tmp_path / "out") == {"none.txt": "none.json"}


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "in/a.txt", "in/closed/b.txt")
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert planned([tmp_path / "in"], tmp_path / "out") == {"closed": "input_unreadable", "a.txt": "a.json"}
