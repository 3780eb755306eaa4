"""The part every fake platform shares: real HTTP on 127.0.0.1, and faults on demand.

A platform brings its routes. The server plays the faults of the wire by itself; a fault
it does not know is handed to the route, which plays it in the platform's own words.
"""

import json
import re
import socket
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

SLOW_S = 1.5


class Wire(StrEnum):
    """What can go wrong whatever the platform is."""

    DROP_BEFORE = "drop_before"  # connection gone, nothing stored
    DROP_AFTER = "drop_after"  # connection gone, stored
    SLOW_BEFORE = "slow_before"  # silent, then handled
    SLOW_AFTER = "slow_after"  # stored, then silent
    GATEWAY_504 = "gateway_504"  # stored, then 504 with a page
    ERROR_500 = "error_500"  # not stored
    HTML_403 = "html_403"  # a firewall's page, not stored
    RATE_LIMITED = "rate_limited"  # 429 with Retry-After: 7, not stored
    REDIRECT = "redirect"  # 307 to another path, not stored
    TRUNCATED = "truncated"  # stored, half of the JSON
    CUT_BODY = "cut_body"  # stored, fewer bytes than announced
    NULL_JSON = "null_json"  # stored, then `null`


SPOILS_JSON = frozenset({Wire.TRUNCATED, Wire.NULL_JSON})  # nothing to who reads no JSON
RETRY_AFTER_S = 7
_PAGE = b"<html><head><title>Oops</title></head><body>Request blocked. %s</body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client sent, and the platform's own fault to play, if any."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    fault: str = ""

    def json(self) -> Any:  # noqa: ANN401 - as raw as it came
        return json.loads(self.body or b"null")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a client gets."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: its name in the fault script, and who answers."""

    endpoint: str
    method: str
    path: str  # a regular expression for all of it
    handle: Callable[[Request], Reply]


class FakeServer:
    """Serves routes until its `with` ends; keeps every request."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, Request]] = []
        self.strays: list[str] = []
        self.routes: tuple[Route, ...] = ()
        self.url = ""
        self._script: dict[tuple[str, int], str] = {}
        self._asked: Counter[str] = Counter()
        self._lock = Lock()
        self._stopping = Event()

    @contextmanager
    def running(self, *routes: Route) -> Iterator["FakeServer"]:
        self.routes = routes
        with _Listener(self) as listener:
            self.url = f"http://127.0.0.1:{listener.server_port}"
            thread = Thread(target=listener.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield self
            finally:
                self._stopping.set()
                listener.shutdown()
                thread.join()

    def script(self, endpoint: str, fault: str, occurrence: int = 1) -> None:
        assert endpoint in {route.endpoint for route in self.routes}, endpoint
        with self._lock:
            self._script[endpoint, self._asked[endpoint] + occurrence] = fault

    def asked(self, endpoint: str) -> list[Request]:
        return [request for name, request in self.requests if name == endpoint]

    def wait(self) -> None:
        self._stopping.wait(SLOW_S)

    def find(self, request: Request) -> tuple[Route | None, str]:
        """Return who answers, and the fault of this occurrence."""
        for route in self.routes:
            if route.method == request.method and re.fullmatch(route.path, request.path):
                with self._lock:
                    self._asked[route.endpoint] += 1
                    self.requests.append((route.endpoint, request))
                    fault = self._script.pop((route.endpoint, self._asked[route.endpoint]), "")
                return route, fault
        self.strays.append(f"{request.method} {request.path}")
        return None, ""


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # joined at the end: no thread outlives its test
    request_queue_size = 64

    def __init__(self, fake: FakeServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake

    def handle_error(self, *_: object) -> None:
        """Be silent about a client that went away, but keep what a route found impossible."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.fake.strays.append(repr(error))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True  # else each answer waits 40 ms for an acknowledgement

    def log_message(self, *_: object) -> None:
        """Be silent."""

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        request = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
        )
        assert isinstance(self.server, _Listener)
        fake = self.server.fake
        route, fault = fake.find(request)
        if route is None:
            self._answer(Reply(status=404, body=b"<html>404</html>"))
        elif fault not in set(Wire):
            self._answer(route.handle(_with_fault(request, fault)))
        else:
            self._play(route, request, Wire(fault), fake)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815 - http.server's

    def _play(self, route: Route, request: Request, fault: Wire, fake: FakeServer) -> None:
        instead = _instead(request, fault)
        if instead is not None:
            self._answer(instead)
            return
        if fault is Wire.DROP_BEFORE:
            self._drop()
            return
        if fault is Wire.SLOW_BEFORE:
            fake.wait()
        reply = route.handle(request)
        if fault is Wire.DROP_AFTER:
            self._drop()
            return
        if fault is Wire.SLOW_AFTER:
            fake.wait()
        self._answer(_spoilt(reply, fault), missing=10 if fault is Wire.CUT_BODY else 0)

    def _answer(self, reply: Reply, *, missing: int = 0) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) + missing))
        self.end_headers()
        self.wfile.write(reply.body)
        if missing:
            self._drop()

    def _drop(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _with_fault(request: Request, fault: str) -> Request:
    return Request(
        method=request.method,
        path=request.path,
        query=request.query,
        headers=request.headers,
        body=request.body,
        fault=fault,
    )


def _instead(request: Request, fault: Wire) -> Reply | None:
    """Return what is answered without asking the platform. Echoes the headers, as some do."""
    page = _PAGE % " ".join(request.headers.values()).encode()
    replies = {
        Wire.ERROR_500: Reply(status=500, body=page),
        Wire.HTML_403: Reply(status=403, body=page, headers={"Content-Type": "text/html"}),
        Wire.RATE_LIMITED: Reply(
            status=429, body=page, headers={"Retry-After": str(RETRY_AFTER_S)}
        ),
        Wire.REDIRECT: Reply(status=307, headers={"Location": "/elsewhere"}),
    }
    return replies.get(fault)


def _spoilt(reply: Reply, fault: Wire) -> Reply:
    bodies = {
        Wire.TRUNCATED: (reply.status, reply.body[: len(reply.body) // 2]),
        Wire.NULL_JSON: (reply.status, b"null"),
        Wire.GATEWAY_504: (504, b"<html><h1>504 Gateway Time-out</h1></html>"),
    }
    status, body = bodies.get(fault, (reply.status, reply.body))
    return Reply(status=status, body=body, headers=reply.headers)
