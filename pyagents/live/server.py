# SPDX-License-Identifier: GPL-2.0-only
"""Serves the page and the stream behind it, to this machine alone."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from pyagents.live.stream import Stream

HOST = "127.0.0.1"
_FILES = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:"


class LiveServer:
    """A web server on loopback, in threads of its own, from entry to exit.

    It answers to its own name only, so that no page from elsewhere can read it through a name of its own.

    Args:
        stream: what it hands on.
        port: TCP port; 0: one that is free.

    Raises:
        OSError: the port is taken, or not allowed.
    """

    def __init__(self, stream: Stream, port: int = 0) -> None:
        class Handler(_Handler):
            messages = stream

        self._server = ThreadingHTTPServer((HOST, port), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"http://{HOST}:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """Answers a request."""

    messages: Stream

    def do_GET(self) -> None:
        """Send a file of the page, or the stream."""
        port = self.connection.getsockname()[1]
        if self.headers.get("Host") not in (f"{HOST}:{port}", f"localhost:{port}"):
            self.send_error(403, "not by this name")
        elif self.path == "/events":
            self._send_events()
        elif self.path in _FILES:
            name, kind = _FILES[self.path]
            self._head(f"{kind}; charset=utf-8")
            self.wfile.write(Path(__file__).with_name(name).read_bytes())
        else:
            self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _head(self, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()

    def _send_events(self) -> None:
        """Server-sent events: each message as it comes, until the last one or until the reader has gone."""
        last = self.headers.get("Last-Event-ID", "")
        self._head("text/event-stream")
        following = self.messages.follow(int(last) if last.isdecimal() else -1)
        try:
            for number, kind, text in following:
                self.wfile.write(f"id: {number}\nevent: {kind}\ndata: {text}\n\n".encode())
                self.wfile.flush()
        except OSError:  # it closed its page
            pass
        finally:
            following.close()
