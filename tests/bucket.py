"""A line to the S3 server of the tests that can be made to fail, and what anybody gets from an address."""

import socket
import socketserver
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.bucketing import Server


@dataclass
class Heard:
    """One request: its first line, and how many bytes of an answer were passed on so far."""

    first: str
    size: int = 0


@dataclass
class Line:
    """A line to the server. `fault` says what becomes of requests: "" (nothing), "500", "reset" (no answer), "silent"
    (no answer for `seconds`), "slow" (an answer after `seconds`).

    `only` limits it to requests that begin so; `heard` holds what was asked.
    """

    port: int
    fault: str = ""
    only: str = ""
    seconds: float = 0.3
    heard: list[Heard] = field(default_factory=list)

    @contextmanager
    def failing(self, fault: str, only: str = "") -> Iterator[None]:
        """The fault for as long as the block lasts."""
        self.fault, self.only = fault, only
        try:
            yield
        finally:
            self.fault, self.only = "", ""

    def bytes_of(self, word: str) -> int:
        """How many bytes were answered to requests whose first line holds a word."""
        return sum(each.size for each in self.heard if word in each.first)


@contextmanager
def line_to(server: Server) -> Iterator[Line]:
    """A line that listens on a port of its own: one request a connection."""

    class Request(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            first = self.rfile.readline()
            head = [first]
            while (each := self.rfile.readline()) not in (b"\r\n", b""):
                head.append(each)
            length = next((int(each[15:]) for each in head if each.lower().startswith(b"content-length:")), 0)
            body = self.rfile.read(length)
            said = first.decode().strip()
            fault = line.fault if said.startswith(line.only) else ""
            heard = Heard(said)
            line.heard.append(heard)
            if fault == "500":
                self.wfile.write(
                    b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            if fault in ("slow", "silent"):
                ended.wait(line.seconds)
            if fault == "reset":
                self._break()
            if fault in ("500", "silent", "reset"):
                return
            kept = b"".join(each for each in head if not each.lower().startswith(b"connection:"))
            with socket.create_connection(("127.0.0.1", server.port)) as there:
                there.sendall(kept + b"Connection: close\r\n\r\n" + body)
                while data := there.recv(1 << 16):
                    heard.size += len(data)
                    try:
                        self.wfile.write(data)
                    except OSError:
                        break

        def _break(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    ended = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Request) as listener:
        listener.daemon_threads = True
        line = Line(int(listener.server_address[1]))
        threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield line
        finally:
            ended.set()
            listener.shutdown()


def fetched(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """What anybody gets from an address: status, headers, bytes."""
    request = urllib.request.Request(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
