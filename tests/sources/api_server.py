"""A real HTTP server that answers as departments agreed, and misbehaves on order."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from include.sources.connections import SourceConnection

Answer = tuple[int, dict[str, str], bytes]
Fault = Callable[["Api", dict[str, Any]], Answer | None]


class Api:
    """One department's lists by period, and what is to go wrong at which request."""

    def __init__(self, department: str, dataset: str) -> None:
        self.department, self.dataset = department, dataset
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, int]] = []
        self.faults: list[Fault | None] = []
        self.largest_page = 1000
        self.says_rows_as_size = False
        self.port = 0

    @property
    def connection(self) -> SourceConnection:
        """What the bureau is given."""
        return SourceConnection(self.department, "http", "127.0.0.1", self.port, password="key")

    def answer(self, path: str, key: str | None) -> Answer:
        """The next fault on order, where there is a list, or a page of it."""
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        period, number, size = query["period"], int(query["page"]), min(int(query["size"]), self.largest_page)
        self.asked.append((period, number))
        rows = self.lists.get(period)
        page = {"total": len(rows or []), "page": number, "size": size,
                "rows": (rows or [])[(number - 1) * size : number * size]}  # fmt: skip
        if self.says_rows_as_size:
            page["size"] = len(page["rows"])
        fault = self.faults.pop(0) if self.faults and rows is not None else None
        if fault is not None and (wrong := fault(self, page)) is not None:
            return wrong
        if parts.path != f"/{self.department}/{self.dataset}" or rows is None:
            return 404, {}, b""
        if key != "key":
            return 401, {}, b"no"
        return json_answer(page)


def json_answer(page: Any, status: int = 200) -> Answer:
    """An answer as JSON."""
    return status, {"Content-Type": "application/json; charset=utf-8"}, json.dumps(page).encode()


def status(code: int, **headers: str) -> Fault:
    """An answer of this status and nothing in it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda api, page: (code, named, b"<html>busy</html>")


def instead(kind: str, body: bytes) -> Fault:
    """Another answer in place of the page."""
    return lambda api, page: (200, {"Content-Type": kind}, body)


def changed(**fields: Any) -> Fault:
    """The page with some of its fields as given."""
    return lambda api, page: json_answer({**page, **fields})


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """The API on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            code, headers, body = api.answer(self.path, self.headers.get("X-Api-Key"))
            if code == 0:  # the line breaks in the middle of an answer
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{")
                self.close_connection = True
                return
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
