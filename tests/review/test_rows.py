"""The corrections file: what is read of it however it was saved, and what is told of what can't be."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.review.log import append, load, unknown
from pipeline.review.rows import COLUMNS, LONGEST, Row, read_log, write_rows
from tests.review.test_apply import TEXT, row

SAID = row(TEXT, "vói", "với")
TEXTS = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from('\n\t",;='), max_size=20)
PRINTED = TEXTS.map(lambda text: " ".join(text.split())).filter(lambda text: text and "\t" not in text)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    raw = draw(TEXTS.filter(str.strip))
    start = draw(st.integers(0, 10**9))
    time = draw(st.datetimes().map(lambda moment: f"{max(moment.year, 1000):04}-01-02T03:04:05Z"))
    reviewer = draw(st.sampled_from(("An", "", "=cmd|' /C calc'!A0")))
    beside = draw(TEXTS), draw(TEXTS)
    return Row("correct", start, start + len(raw), raw, *beside, draw(TEXTS), "với", reviewer, time, "0" * 64)


@given(st.lists(rows(), max_size=5))
def test_what_is_written_is_read(said: list[Row]) -> None:
    log = read_log(write_rows(said, header=True))
    assert sorted(log.rows, key=repr) == sorted(said, key=repr)
    assert not log.bad


def test_the_form_is_that_of_the_contract_and_no_cell_is_a_formula() -> None:
    data = write_rows([row("= 5 b", "=", "-", reviewer="@An")], header=True)
    assert data.startswith(
        codecs.BOM_UTF8 + b"action,start,end,raw,before,after,restored,corrected,reviewer,time,sha256\r\n"
    )
    cells = next(csv.reader(io.StringIO(data.decode("utf-8-sig").split("\r\n")[1])))
    assert cells[3] == "'="
    assert "'@An" in cells
    assert read_log(data).rows[0].raw == "="


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_that_a_spreadsheet_has_saved_are_read_and_gone_on_with(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter)
    order = COLUMNS[::-1]
    writer.writerow([name.upper() for name in order] + ["note"])
    writer.writerow([getattr(SAID, name) for name in order] + ["x"])
    writer.writerow([""] * 12)
    path = tmp_path / "a.corrections.csv"
    path.write_bytes(stream.getvalue().rstrip("\r\n").encode(encoding))
    later = row(TEXT, "Noi", "Nơi", time="2026-11-26T07:10:00Z")
    append(path, [later])
    assert load(path).rows == (SAID, later)
    assert not load(path).bad


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "corrections_header"),
        (b"action;start\r\n", "corrections_header"),
        ((",".join((*COLUMNS, "raw")) + "\r\n").encode(), "corrections_header"),
        (b"\x89PNG\r\n", "corrections_encoding"),
        ("raw,truóc".encode("cp1258", "replace") + b"\xf3", "corrections_encoding"),
        (b"\xff\xfea", "corrections_encoding"),
    ],
)
def test_files_that_are_no_log(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_log(data)
    assert caught.value.code == code
    path = tmp_path / "a.corrections.csv"
    path.write_bytes(data or b"\r\n")
    with pytest.raises(InputError):
        append(path, [SAID])
    assert path.read_bytes() == (data or b"\r\n")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"action": "mend"}, "the action"),
        ({"start": "-1"}, "start is not a number"),
        ({"end": "1e9"}, "end is not a number"),
        ({"end": "٣"}, "end is not a number"),
        ({"raw": ""}, "raw is not"),
        ({"raw": "longer"}, "raw is not"),
        ({"corrected": " "}, "without a text"),
        ({"corrected": "a\x1b[2Jb"}, "nobody prints"),
        ({"corrected": "a\u202eb"}, "nobody prints"),
        ({"corrected": "x" * (LONGEST + 1)}, "longer than"),
        ({"time": "25/11/2026 07:10"}, "the time"),
        ({"time": "2026-13-25T07:10:00Z"}, "the time"),
        ({"sha256": "abc"}, "sha256"),
    ],
)
def test_bad_rows_are_told_by_line_and_the_others_read(cells: dict[str, str], reason: str) -> None:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    good = {name: str(getattr(row("a b", "a", "b"), name)) for name in COLUMNS}
    writer.writerows([good, good | cells, good])
    log = read_log(stream.getvalue().encode())
    assert len(log.rows) == 2
    assert [bad.line for bad in log.bad] == [3]
    assert reason in log.bad[0].reason


def test_a_torn_end_costs_its_own_row_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.corrections.csv"
    whole = write_rows([SAID], header=True)
    path.write_bytes(whole + b"correct,12,15,v")
    append(path, [row(TEXT, "Noi", "Nơi")])
    log = load(path)
    assert [said.raw for said in log.rows] == ["vói", "Noi"]
    assert len(log.bad) == 1
    assert path.read_bytes().startswith(whole + b"correct,12,15,v")


def test_what_is_known_is_told_from_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "a.corrections.csv"
    accepted, back = row(TEXT, "vói", "vói", "accept"), row(TEXT, "vói", "", "withdraw")
    append(path, [accepted, back])
    assert unknown(load(path), [accepted, back]) == []
    assert unknown(load(path), [accepted, back, accepted]) == [accepted]
    assert unknown(load(path), [SAID, back]) == [SAID]
    assert load(tmp_path / "none.csv").rows == ()


def test_a_hundred_thousand_quotes_are_no_trouble() -> None:
    log = read_log(write_rows([SAID], header=True) + b'"' * 300_001)
    assert log.rows == (SAID,)
    assert log.bad
