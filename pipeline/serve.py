"""A desk in, a web server on the loopback address out, at which its pages are read and their mends are saved.

Whoever has not the token in the path gets nothing. The Host header is checked, so that no other site reaches it under a
name of its own (DNS rebinding); what is posted must say that it is CSV and come from a page of this server, so that no
other site's form or script writes through a browser that has the token.
"""

import json
import secrets
import threading
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pipeline.desk import Desk
from pipeline.errors import InputError, OutputError, UsageError, VanbanError
from pipeline.review.rows import SUFFIX, read_log, write_rows

ADDRESS = "127.0.0.1"
MOST_POSTED = 2_000_000
"""Bytes of one save: some 5,000 rows."""
MOST_LIKE = 500
"""Places of a series."""
SECONDS = 20
"""A client that says nothing for so long is left."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
"""What is served of the folder of results."""
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
        " blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""The page's own policy names its scripts by hash; that of the server says that nothing comes from elsewhere."""


class Server(ThreadingHTTPServer):
    """`address` is what to open. Ends with `shutdown`."""

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk = desk
        self.token = secrets.token_urlsafe()
        self.lock = threading.Lock()
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as error:
            message = f"Port {port} of {ADDRESS} can't be had: {error.strerror}."
            raise UsageError("port_taken", message, "Name another --port, or none for any that is free.") from error

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a Host header may say."""
        return f"{ADDRESS}:{self.server_port}", f"localhost:{self.server_port}"

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.server_port}/{self.token}/"

    def handle_error(self, *_: object) -> None:
        """A client that went away is no news."""


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, code: str, message: str, remedy: str) -> None:
        super().__init__(code)
        self.status = status
        self.told = {"code": code, "message": message, "remedy": remedy}


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = SECONDS
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "vanban", ""
    error_message_format = ""

    def do_GET(self) -> None:
        self._answer(_get)

    def do_HEAD(self) -> None:
        self._answer(_get)

    def do_POST(self) -> None:
        self._answer(_post)

    def log_message(self, *_: object) -> None:
        """The token stands in every path: nothing is written down."""

    def _answer(self, work: Any) -> None:
        try:
            status, kind, body = work(self, self._path())
        except _RefusedError as refused:
            self.close_connection = True
            status, kind, body = refused.status, "application/json", json.dumps(refused.told).encode()
        except VanbanError as error:
            status, kind = _STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR), "application/json"
            body = json.dumps({"code": error.code, "message": error.message, "remedy": error.remedy}).encode()
        self.send_response(status)
        headers = {**_HEADERS, "Content-Length": str(len(body))}
        for name, value in (headers | ({"Content-Type": kind} if body else {})).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _path(self) -> str:
        """What stands behind the token. Raises where the request comes from elsewhere, or has not the token."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            raise _refused(HTTPStatus.MISDIRECTED_REQUEST, "host_foreign")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in self.server.hosts}:
            raise _refused(HTTPStatus.FORBIDDEN, "origin_foreign")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise _refused(HTTPStatus.FORBIDDEN, "origin_foreign")
        token, _, path = urlsplit(self.path).path.removeprefix("/").partition("/")
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            raise _refused(HTTPStatus.NOT_FOUND, "token_wrong")
        return unquote(path)

    def body(self) -> bytes:
        """What was posted, within limits."""
        length = self.headers.get("Content-Length", "")
        if "Transfer-Encoding" in self.headers or not (length.isascii() and length.isdecimal()):
            raise _refused(HTTPStatus.LENGTH_REQUIRED, "length_missing")
        if len(length) > 12 or int(length) > MOST_POSTED:
            raise _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        if self.headers.get_content_type() != "text/csv":
            raise _refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not_csv")
        return self.rfile.read(int(length))


_Answer = tuple[HTTPStatus, str, bytes]
_STATUS: Mapping[type[VanbanError], HTTPStatus] = {
    UsageError: HTTPStatus.NOT_FOUND,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    OutputError: HTTPStatus.INSUFFICIENT_STORAGE,
}
_TOLD: Mapping[str, tuple[str, str]] = {
    "host_foreign": ("This server answers under its own address alone.", "Open the address that vanban named."),
    "origin_foreign": ("Another site asked for this.", "Open the address that vanban named."),
    "token_wrong": ("There is nothing here.", "Open the address that vanban named, all of it."),
    "length_missing": ("The length of what was posted is not told.", "Reload the page."),
    "too_large": (f"More than {MOST_POSTED} bytes at once.", "Save in smaller parts."),
    "not_csv": ("What was posted is not text/csv.", "Reload the page."),
    "page_missing": ("There is no such page.", "Make the pages: vanban review."),
}


def _refused(status: HTTPStatus, code: str) -> _RefusedError:
    return _RefusedError(status, code, *_TOLD[code])


def _get(request: _Handler, path: str) -> _Answer:
    desk = request.server.desk
    if path == "series.json":
        with request.server.lock:  # a log is not read while it is written
            return HTTPStatus.OK, "application/json", _series(desk, urlsplit(request.path).query)
    if path.endswith(SUFFIX):
        with request.server.lock:
            rows = desk.log(path.removesuffix(SUFFIX)).rows
        if not rows:
            raise _refused(HTTPStatus.NOT_FOUND, "page_missing")
        return HTTPStatus.OK, "text/csv; charset=utf-8", write_rows(rows, header=True)
    file = _file(desk.clean, path or "index.html")
    return HTTPStatus.OK, _TYPES[file.suffix], file.read_bytes()


def _post(request: _Handler, path: str) -> _Answer:
    if not path.endswith(SUFFIX):
        raise _refused(HTTPStatus.NOT_FOUND, "page_missing")
    log = read_log(request.body())
    if log.bad:
        message = f"Line {log.bad[0].line}: {log.bad[0].reason}."
        raise InputError("correction_bad", message, "Nothing was saved. Reload the page and mend it again.")
    with request.server.lock:
        request.server.desk.save(path.removesuffix(SUFFIX), log.rows)
    return HTTPStatus.NO_CONTENT, "", b""


def _series(desk: Desk, query: str) -> bytes:
    """Like places in other documents; those in its own the page finds itself."""
    asked = {name: values[-1] for name, values in parse_qs(query, max_num_fields=8).items()}
    try:
        name, start, end = asked["document"], int(asked["start"]), int(asked["end"])
    except (KeyError, ValueError) as error:
        raise UsageError("series_unknown", f"A series needs document, start and end: {error}.", "Reload.") from error
    places = desk.series(name, start, end, asked.get("corrected", ""))
    elsewhere = islice((asdict(place) for place in places if place.document != name), MOST_LIKE)
    return json.dumps(list(elsewhere), ensure_ascii=False).encode()


def _file(folder: Path, path: str) -> Path:
    """A page, or what belongs to one, of the folder of results; nothing hidden, nothing that links lead out to."""
    parts = path.split("/")
    if not any(part.startswith(".") or not part or "\\" in part or "\0" in part or ":" in part for part in parts):
        root = folder.resolve()
        file = root.joinpath(*parts).resolve()
        if file.suffix in _TYPES and file.is_relative_to(root) and file.is_file():
            return file
    raise _refused(HTTPStatus.NOT_FOUND, "page_missing")
