"""The measure from end to end on an invented document: what the program finds is laid over the labels' words."""

from pathlib import Path

from pipeline.evaluate.found import labels_of
from pipeline.evaluate.gold import Document, Labels, Limit, Node, Role
from pipeline.evaluate.places import Text, as_printed, read_in
from pipeline.evaluate.report import Report, numbered
from pipeline.evaluate.structure import from_true_text, pace, unchanged
from pipeline.structure import structure
from pipeline.tasks import find

TEXT = Text(
    (
        "CÔNG BÁO/Số 12/Ngày 01-02-2021 7",
        "II. TỔ CHỨC THỰC HIỆN",
        "1. Bộ Y tế chủ trì, phối hợp với Bộ Nội vụ xây dựng kế hoạch trồng cây",
        "dược liệu ở vùng cao, hoàn thành trước ngày 15 tháng 12 năm 2021.",
        "2. Bộ Tài chính bố trí kinh phí theo Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015.",
    ),
    (1, 1, 1, 2, 2),
)
WORDS = {place: TEXT.resolve(place) for place in ("2", "3-4", "5", "3.2-3.4", "3.9-3.11", "4.8-4.14", "5.2-5.4")}
HEADING, FIRST, SECOND = (min(WORDS[place]) for place in ("2", "3-4", "5"))
LABELS = Labels(
    nodes=(
        Node(WORDS["2"], "muc", "II", None),
        Node(WORDS["3-4"], "khoan", "1", HEADING),
        Node(WORDS["5"], "khoan", "2", HEADING),
    ),
    tasks=(FIRST, SECOND),
    roles=(
        Role(FIRST, "lead", "bo-y-te", WORDS["3.2-3.4"]),
        Role(FIRST, "coordinating", "bo-noi-vu", WORDS["3.9-3.11"]),
        Role(SECOND, "lead", "bo-tai-chinh", WORDS["5.2-5.4"]),
    ),
)


def _document(labels: Labels = LABELS) -> Document:
    return Document("invented", Path("invented.txt"), None, (1, 2), TEXT, labels, ())


def test_the_program_agrees_with_plain_labels() -> None:
    items = from_true_text(_document()).items
    for name in ("nodes", "tasks", "roles"):
        assert items[name].f1 == 1.0, items[name].misses


def test_found_deadlines_and_citations_have_the_words_they_stand_in() -> None:
    source, restoration = unchanged(TEXT)
    built = structure(source, restoration)
    found = labels_of(built, find(built), as_printed(TEXT, source.raw))
    assert [(limit.task, limit.words, limit.end.isoformat()) for limit in found.limits if limit.end] == [
        (FIRST, WORDS["4.8-4.14"], "2021-12-15")
    ]
    (reference,) = found.references
    assert TEXT.quote(reference.words, 99) == "Luật Ngân sách nhà nước ngày 25 tháng 6 năm 2015."
    assert reference.date == "2015-06-25"


def test_found_places_follow_a_reading() -> None:
    raw = "\n".join(TEXT.lines).replace("trồng cây\n", "trong cay |\n").replace("Bộ Y tế", "BO Y té")
    source, restoration = unchanged(Text(tuple(raw.split("\n")), TEXT.pages))
    built = structure(source, restoration)
    nodes = {node.marker: node for node in labels_of(built, find(built), read_in(TEXT, source.raw)).nodes}
    assert nodes["1"].words == WORDS["3-4"]


def test_an_unchanged_text_keeps_its_pages_and_words() -> None:
    source, restoration = unchanged(TEXT)
    assert [page.number for page in source.pages] == [1, 2]
    assert [source.raw[word.start : word.end] for line in source.lines for word in line.words] == list(TEXT.words)
    assert [syllable.text for line in restoration.lines for syllable in line.syllables] == list(TEXT.words)


def test_the_report_shows_figures_and_lists_disagreements() -> None:
    wrong = Labels(nodes=LABELS.nodes, tasks=(HEADING,), limits=(Limit(FIRST, WORDS["2"], None, None),))
    measured = from_true_text(_document(wrong))
    report = Report((measured,), (measured,), 12345.0)
    whole, each = report.tables()
    assert whole.row_count == len(measured.items)
    assert each.row_count == 1
    lines = list(report.misses())
    assert "invented\ttrue\ttasks\t2.1 (page 1)\texpected task 2.1\tcame nothing" in lines
    assert any(line.startswith("invented\tocr\tdeadlines\t2.1 (page 1)") for line in lines)


def test_numbered_lines_open_each_page() -> None:
    lines = list(numbered(TEXT))
    assert lines[0] == "--- page 1"
    assert lines[4] == "--- page 2"
    assert lines[2].split("\t") == ["2", "II. TỔ CHỨC THỰC HIỆN"]


def test_the_pace_counts_syllables_of_all_documents() -> None:
    assert 100 < pace([_document()] * 20) < 10_000_000
