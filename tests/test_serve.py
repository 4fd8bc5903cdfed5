"""The review server from outside: what it serves and saves, and what it refuses to whom."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.archive import extract
from pipeline.desk import Desk
from pipeline.errors import UsageError
from pipeline.plan import Job, plan
from pipeline.review.rows import COLUMNS, Dialect, Row, read_log, write_rows
from pipeline.serve import ADDRESS, MOST_POSTED, Server
from tests.review.test_apply import row

TEXT = "Điều 1. Giao So Nội vụ.\nĐiều 2. Giao So Tài chính.\n"
CSV = {"Content-Type": "text/csv; charset=utf-8"}


@pytest.fixture
def server(quick: object, tmp_path: Path) -> Iterator[Server]:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    (raw / "xã").mkdir(parents=True)
    (raw / "a.txt").write_text(TEXT)
    (raw / "xã" / "b c.txt").write_text("Điều 1. Giao So Nội vụ và So Y tế.\n")
    list(extract(plan([raw], clean), clean))
    (clean / "index.html").write_text("index")
    (clean / "a.html").write_text("<p>trang</p>")
    (tmp_path / "secret.html").write_text("secret")
    (clean / "link.html").symlink_to(tmp_path / "secret.html")
    (clean / ".hidden.html").write_text("hidden")
    made = Server(Desk(raw, clean))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def ask(
    server: Server,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    *,
    prefix: str | None = None,
    **headers: str,
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(ADDRESS, server.server_port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, (f"/{server.token}/" if prefix is None else prefix) + path, body, named)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response, data


def post(server: Server, data: bytes, path: str = "a.corrections.csv", **headers: str) -> tuple[int, str]:
    headers = {"Content_Type": "text/csv"} | headers
    response, body = ask(server, path, "POST", data, prefix=None, **headers)
    return response.status, json.loads(body)["code"] if body else ""


def said(server: Server, **cells: str) -> bytes:
    digest = server.desk.document("a").source.sha256
    return write_rows([replace(row(TEXT, "So", "Sở"), **({"sha256": digest} | cells))], header=True)  # type: ignore[arg-type]


def test_pages_are_served_with_headers_that_keep_others_out(server: Server) -> None:
    response, body = ask(server, "a.html")
    assert (response.status, body) == (200, b"<p>trang</p>")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response.headers
    assert ask(server, "")[1] == b"index"
    assert ask(server, "a.html", "HEAD")[1] == b""


def test_what_is_posted_stands_beside_the_input_and_is_given_back(server: Server) -> None:
    assert ask(server, "a.corrections.csv")[0].status == 404
    assert post(server, said(server)) == (204, "")
    path = server.desk.raw / "a.corrections.csv"
    assert ask(server, "a.corrections.csv")[1] == path.read_bytes()
    later = said(server, corrected="Số", time="2026-11-25T09:00:00Z")
    assert post(server, later) == (204, "")
    assert [r.corrected for r in read_log(path.read_bytes()).rows] == ["Sở", "Số"]
    assert path.read_bytes().count(b"action") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_what_a_spreadsheet_has_saved_is_given_back_as_the_page_reads_it(
    server: Server, encoding: str, delimiter: str
) -> None:
    own = said(server)
    dialect = Dialect(encoding, delimiter, COLUMNS[::-1])
    (server.desk.raw / "a.corrections.csv").write_bytes(write_rows(read_log(own).rows, dialect, header=True))
    assert ask(server, "a.corrections.csv")[1] == own


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sha256": "1" * 64}, "correction_stale"),
        ({"raw": "Xo"}, "correction_stale"),
        ({"raw": "Giao"}, "correction_bad"),
        ({"time": "yesterday"}, "correction_bad"),
        ({"corrected": ""}, "correction_bad"),
        ({"corrected": "a\0b"}, "correction_bad"),
    ],
)
def test_rows_that_do_not_fit_are_refused_and_nothing_is_saved(
    server: Server, change: dict[str, str], code: str
) -> None:
    assert post(server, said(server, **change)) == (422, code)
    assert not (server.desk.raw / "a.corrections.csv").exists()


def test_only_csv_of_bearable_length_for_a_known_document(server: Server) -> None:
    good = said(server)
    assert post(server, good, Content_Type="text/plain") == (415, "not_csv")
    assert post(server, good, Content_Type="application/x-www-form-urlencoded") == (415, "not_csv")
    assert post(server, b"x", Content_Length=str(MOST_POSTED + 1)) == (413, "too_large")
    assert post(server, b"x", Content_Length="1" * 40) == (413, "too_large")
    assert post(server, b"x", Content_Length="-1") == (411, "length_missing")
    assert post(server, good, Transfer_Encoding="chunked") == (411, "length_missing")
    assert post(server, good, "other.corrections.csv") == (404, "document_unknown")
    assert post(server, good, "../raw/a.corrections.csv") == (404, "document_unknown")
    assert post(server, good, "a.html") == (404, "page_missing")
    assert post(server, b"no,log\r\n") == (422, "corrections_header")
    assert not (server.desk.raw / "a.corrections.csv").exists()
    assert ask(server, "a.html", "PUT", b"x")[0].status == 501


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1:{port}.evil.example", ""])
def test_foreign_hosts_get_nothing(server: Server, host: str) -> None:
    host = host.replace("{port}", str(server.server_port))
    assert ask(server, "a.html", Host=host)[0].status == 421
    assert post(server, said(server), Host=host)[0] == 421


def test_foreign_origins_get_nothing(server: Server) -> None:
    own = f"http://{ADDRESS}:{server.server_port}"
    assert ask(server, "a.html", Origin="https://evil.example")[0].status == 403
    assert post(server, said(server), Origin="null")[0] == 403
    assert post(server, said(server), Sec_Fetch_Site="cross-site")[0] == 403
    assert post(server, said(server), Origin=own, Sec_Fetch_Site="same-origin")[0] == 204


def test_without_the_token_there_is_nothing(server: Server) -> None:
    for path in ("/", "/a.html", "/x/a.html", f"/{server.token[:-1]}/a.html", f"/{server.token}x/a.html", "//a.html"):
        response, body = ask(server, path, prefix="")
        assert response.status == 404
        assert json.loads(body)["code"] == "token_wrong"
        assert server.token.encode() not in body
    other = Server(server.desk)
    other.server_close()
    assert other.token != server.token


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "%2e%2e/secret.html",
        "..%2fsecret.html",
        "..\\secret.html",
        "x/../../secret.html",
        "link.html",
        ".hidden.html",
        "a.json",
        "a.txt",
        "xã",
        "xã/",
        "/etc/passwd",
        "//a.html",
        "a.html%00.html",
        "a.html/",
    ],
)
def test_no_tricks_with_paths(server: Server, path: str) -> None:
    response, body = ask(server, quote(path, safe="/%\\"))
    assert response.status == 404
    assert b"secret" not in body


def test_series_over_documents(server: Server) -> None:
    start = TEXT.index("So")
    response, body = ask(server, f"series.json?document=a&start={start}&end={start + 2}&corrected={quote('Sở')}")
    assert response.status == 200
    everywhere = [place.document for place in server.desk.series("a", start, start + 2, "Sở")]
    assert everywhere == ["xã/b c", "a", "xã/b c"]
    found = json.loads(body)
    assert [(place["document"], place["raw"], place["restored"]) for place in found] == [
        ("xã/b c", "So", "So"),
        ("xã/b c", "So", "So"),
    ]
    assert set(found[0]) == {"document", "start", "end", "raw", "before", "after", "restored", "confidence", "sha256"}
    assert found[0]["before"].endswith("Giao ")
    assert ask(server, "series.json?document=a&start=x")[0].status == 404
    assert ask(server, "series.json?document=none&start=1&end=2")[0].status == 404
    place = found[0]
    taken = row("Điều 1. Giao So Nội vụ và So Y tế.\n", "So", "Sở", sha256=place["sha256"])
    path = quote("xã/b c.corrections.csv")
    assert post(server, write_rows([taken], header=True), path) == (204, "")
    again = json.loads(ask(server, f"series.json?document=a&start={start}&end={start + 2}&corrected=x")[1])
    assert [place["document"] for place in again] == ["xã/b c"]


def test_what_the_document_itself_has_takes_no_room_of_others(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.serve.MOST_LIKE", 1)
    path, start = quote("xã/b c"), len("Điều 1. Giao So Nội vụ và ")
    found = json.loads(ask(server, f"series.json?document={path}&start={start}&end={start + 2}&corrected=x")[1])
    assert [place["document"] for place in found] == ["a"]
    assert next(server.desk.series("xã/b c", start, start + 2, "x")).document == "xã/b c"


def test_what_stands_of_the_document_as_it_is_leaves_the_series(server: Server) -> None:
    raw = server.desk.document("xã/b c").text.raw
    digest = server.desk.document("xã/b c").source.sha256
    log = server.desk.raw / "xã/b c.corrections.csv"

    def like(*rows: Row) -> list[int]:
        log.write_bytes(write_rows(rows, header=True))
        start = TEXT.index("So")
        places = server.desk.series("a", start, start + 2, "Sở")
        return [place.start for place in places if place.document == "xã/b c"]

    first, second = raw.index("So"), raw.rindex("So")
    wide = row(raw, "Giao So", "Giao Sở", sha256=digest)
    assert like() == [first, second]
    assert like(wide) == [second]
    assert like(wide, replace(wide, action="withdraw", corrected="", time="2026-11-25T09:00:00Z")) == [first, second]
    assert like(replace(wide, sha256="1" * 64)) == [first, second]


def test_a_log_that_cannot_be_read_takes_its_document_out_of_a_series_alone(server: Server) -> None:
    start = TEXT.index("So")
    log = server.desk.raw / "xã/b c.corrections.csv"
    counts = list[int]()
    for data in (b"", b"no log"):
        log.write_bytes(data)
        counts.append([place.document for place in server.desk.series("a", start, start + 2, "Sở")].count("xã/b c"))
    assert counts == [2, 0]


def test_the_folder_of_inputs_is_looked_through_once_a_question(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[Path]()

    def counted(paths: list[Path], out: Path) -> list[Job]:
        asked.extend(paths)
        return plan(paths, out)

    data, start = said(server), TEXT.index("So")
    monkeypatch.setattr("pipeline.desk.plan", counted)
    assert post(server, data) == (204, "")
    assert asked == [server.desk.raw]
    assert list(server.desk.series("a", start, start + 2, "Sở"))
    assert asked == [server.desk.raw] * 2


def test_a_taken_port_is_told(server: Server) -> None:
    with pytest.raises(UsageError) as caught:
        Server(server.desk, server.server_port)
    assert caught.value.code == "port_taken"
