"""The catalogue on one's own machine while it is written: an edit is built at once, and the open page loads again.

Two processes: one watches and builds, a forked one serves. Pages are those of the site; only a script is added to them,
as they are served, and no other site may ask for anything here.
"""

import signal
import sys
import threading
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

_SCRIPT = (Path(__file__).parent / "preview.js").read_bytes()
_TAG = b'<script type="module" src="/preview/preview.js"></script></body>'
_ABSENT = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Duplex</title><body>'
    "<p>Nothing is here yet. As soon as it is built, it shows by itself.</p>"
    '<p lang="fr">Il n’y a encore rien ici. La page s’affichera d’elle-même, une fois construite.</p>'
).encode() + _TAG
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PATIENCE_S = 20


class News(msgspec.Struct, frozen=True):
    """What the builder has to tell: how many times it has told something, whether the site was built anew, and what is
    wrong with the pages."""

    number: int
    built: bool
    lines: tuple[str, ...]


class Served:
    """The process that serves a site. It ends with the one that began it."""

    def __init__(self, site: Path, port: int) -> None:
        self.line, far = get_context("fork").Pipe()
        # The address is taken here, so that a port in use is told before anything else.
        server = _Server(("127.0.0.1", port), partial(_Handler, directory=str(site)))
        self.port = server.server_port
        self.process = get_context("fork").Process(target=_serve, args=(server, far, self.line), daemon=True)
        self.process.start()
        server.socket.close()
        far.close()
        # As many as the server says of itself before it was told of any build.
        self.number = _Server.news.number

    def tell(self, lines: Sequence[str], *, built: bool) -> None:
        """Tells every open page."""
        self.number += 1
        self.line.send(News(self.number, built, tuple(lines)))

    def end(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    news = News(1, False, ())
    changed = threading.Condition()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was left before its answer came is nobody's mistake."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def listen(self, line: Connection) -> None:
        while True:
            try:
                news = line.recv()
            except EOFError:
                self.shutdown()
                return
            with self.changed:
                self.news = news
                self.changed.notify_all()


def _serve(server: _Server, line: Connection, parents: Connection) -> None:
    parents.close()
    # Ctrl-C is said to both processes; the one that builds ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=server.listen, args=(line,), daemon=True).start()
    server.serve_forever()


class _Handler(SimpleHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if self.headers.get("Host", "").rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            # A name that somebody else points at this machine.
            self.send_error(421)
        elif address.path == "/preview/preview.js":
            self._send(_SCRIPT, "text/javascript; charset=utf-8")
        elif address.path == "/preview/news":
            after = parse_qs(address.query).get("after", ["0"])[0]
            with self.server.changed:
                self.server.changed.wait_for(lambda: str(self.server.news.number) != after, _PATIENCE_S)
                news = self.server.news
            self._send(msgspec.json.encode(news), "application/json")
        elif (page := self._page()) is not None:
            self._send(page.read_bytes().replace(b"</body>", _TAG), "text/html; charset=utf-8")
        elif address.path == "/" or not Path(self.translate_path(self.path)).exists():
            # Not built yet, or not written yet: it shows as soon as it is there.
            self._send(_ABSENT, "text/html; charset=utf-8", 404)
        else:
            super().do_GET()

    def _page(self) -> Path | None:
        file = Path(self.translate_path(self.path))
        if file.is_dir() and urlsplit(self.path).path.endswith("/"):
            file /= "index.html"
        return file if file.suffix == ".html" and file.is_file() else None

    def _send(self, data: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Requests are not told: an editor looks for problems."""
