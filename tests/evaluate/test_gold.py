"""The committed label files are well formed; labels of a document whose text has changed are refused."""

from pathlib import Path

import pytest

from pipeline.evaluate.gold import ASIDE, GOLD, HEADS, GoldError, checksum, load, table, true_text
from pipeline.evaluate.places import PlaceError, Text

FOLDERS = sorted(path for path in GOLD.iterdir() if path.is_dir())
WORDED = frozenset({"dieu", "chuong", "phan", "khoan", "diem", "muc", "gach_dau_dong"})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_label_files_refer_to_one_another(folder: Path) -> None:
    nodes = [row for row in table(folder, "nodes") if row["kind"] != ASIDE]
    ids = [row["id"] for row in nodes]
    assert len(ids) == len(set(ids))
    assert {row["parent"] for row in nodes} <= {"", *ids}
    assert all(row["marker"] for row in nodes if row["kind"] in WORDED)
    tasks = [row["node"] for row in table(folder, "tasks")]
    assert set(tasks) <= set(ids)
    assert len(tasks) == len(set(tasks))
    assert {row["target"] for row in table(folder, "citations")} <= {"", *ids}
    assert table(folder, "nodes") or table(folder, "rows")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_labels_hold_places_not_text(folder: Path) -> None:
    for name in HEADS:
        for row in table(folder, name):
            assert all(len(value) <= 64 for key, value in row.items() if key not in ("lead", "coordinating", "file"))


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    """A shared folder with one document, and its labels in `gold/one`."""
    (tmp_path / "one.txt").write_text("SỞ Y TẾ\ntrang 1\nĐiều 1. Giao Sở Nội vụ\nlập đề án.\n", encoding="utf-8")
    folder = tmp_path / "gold" / "one"
    folder.mkdir(parents=True)
    digest = checksum(true_text(tmp_path / "one.txt", (1,)))
    _write(folder, "source", f"one.txt\t1\t\t\t{digest}")
    _write(folder, "nodes", "1\tco_quan\t\tco-quan\t", "2\taside\t\t\t", "3-4\tdieu\tĐiều 1\tdieu-1\t")
    _write(folder, "tasks", "dieu-1\t3.4-3.6=so-noi-vu\t\t\t\t\t4.2-4.3")
    return folder


def _write(folder: Path, name: str, *rows: str) -> None:
    lines = ("\t".join(HEADS[name]), *rows)
    (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_labels_are_read_as_words(invented: Path) -> None:
    document = load(invented, invented.parents[1])
    assert [node.kind for node in document.labels.nodes] == ["co_quan", "dieu"]
    assert document.labels.tasks == (5,)
    assert document.text.quote(document.labels.roles[0].words) == "Sở Nội vụ"
    assert document.text.quote(document.labels.products[0].words) == "đề án."


def test_a_changed_text_is_refused(invented: Path) -> None:
    path = invented.parents[1] / "one.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Nội vụ", "Tư pháp"), encoding="utf-8")
    with pytest.raises(GoldError, match="not the one that was labelled"):
        load(invented, invented.parents[1])


def test_lines_that_the_page_does_not_show_are_blank(invented: Path) -> None:
    digest = table(invented, "source")[0]["sha256"]
    _write(invented, "source", f"one.txt\t1\t\t2\t{digest}")
    _write(invented, "nodes", "1\tco_quan\t\tco-quan\t", "3-4\tdieu\tĐiều 1\tdieu-1\t")
    assert load(invented, invented.parents[1]).text.lines[1] == ""


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("1\tco_quan\t\ta\t", "3\tdieu\tĐiều 1\ta\t"), "two nodes"),
        (("1\tco_quan\t\ta\tb", "3\tdieu\tĐiều 1\tb\t"), "before its parent"),
        (("1\tco_quan\t\ta",), "columns"),
    ],
)
def test_broken_label_files_are_refused(invented: Path, rows: tuple[str, ...], message: str) -> None:
    _write(invented, "nodes", *rows)
    (invented / "tasks.tsv").unlink()
    with pytest.raises(GoldError, match=message):
        load(invented, invented.parents[1])


def test_a_place_outside_the_text_is_refused(invented: Path) -> None:
    _write(invented, "nodes", "1-9\tco_quan\t\ta\t")
    with pytest.raises(PlaceError):
        load(invented, invented.parents[1])


def test_a_set_aside_line_belongs_to_no_node(invented: Path) -> None:
    _write(invented, "nodes", "1-4\tdoan\t\tdieu-1\t", "2\taside\t\t\t")
    document = load(invented, invented.parents[1])
    assert document.labels.nodes[0].words == document.text.resolve("1+3-4")


def test_the_checksum_tells_lines_apart() -> None:
    assert checksum(Text(("a b",), (1,))) != checksum(Text(("a", "b"), (1, 1)))
