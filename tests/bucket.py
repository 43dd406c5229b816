"""A real S3 server for tests (SeaweedFS, from a wheel), and a line to it that can be made to fail.

The server lives in a folder of its own on free loopback ports and ends with the tests.
"""

import json
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

KEYS = {"AWS_ACCESS_KEY_ID": "duplex", "AWS_SECRET_ACCESS_KEY": "a secret of the tests", "AWS_REGION": "us-east-1"}
_WEED = str(Path(sys.executable).with_name("weed"))
_NAMES = ("master", "volume", "filer", "s3")


@dataclass(frozen=True)
class Server:
    """A server that runs; `port` is where it speaks S3."""

    port: int

    def address(self, name: str, port: int = 0, **options: str) -> str:
        """A place in it, as DUPLEX_MEDIA has one; by another port when a line leads to it."""
        given = {"endpoint": f"http://127.0.0.1:{port or self.port}", **options}
        return f"s3://films/{name}?" + "&".join(f"{key}={value}" for key, value in given.items())


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """Starts it and waits until it answers; killed at the end, because it says goodbye for half a minute."""
    identity = {"name": "duplex", "actions": ["Admin"]}
    keys = {"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}
    (home / "s3.json").write_text(json.dumps({"identities": [{**identity, "credentials": [keys]}]}))
    (home / "data").mkdir()
    ports = _free(2 * len(_NAMES))
    options = [
        word
        for name, http, grpc in zip(_NAMES, ports[::2], ports[1::2], strict=True)
        for word in (f"-{name}.port={http}", f"-{name}.port.grpc={grpc}")
    ]
    line = [_WEED, "server", "-filer", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *options]
    line += [f"-dir={home / 'data'}", f"-s3.config={home / 's3.json'}", "-volume.max=20", "-master.telemetry=false"]
    line += ["-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    line += [f"-{name}.localSocket={home / name}.sock" for name in ("filer", "s3")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(line, stdout=log, stderr=log, cwd=home)
    server = Server(ports[6])
    try:
        _wait(server, process, home / "log")
        yield server
    finally:
        process.kill()
        process.wait()
        for name, port in zip(_NAMES, ports[1::2], strict=True):
            Path(f"/tmp/seaweedfs-{name}-grpc-{port}.sock").unlink(missing_ok=True)  # it asks nobody where to put these


def _free(count: int) -> list[int]:
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    from footage.bucket import Bucket
    from footage.errors import StorageAway

    place, end = Bucket(server.address("first", timeout="5")), time.monotonic() + 60
    while True:
        assert process.poll() is None, log.read_text()
        try:
            place.write("word", b"there")
            return
        except StorageAway:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)


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
