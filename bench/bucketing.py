"""A real S3 server (SeaweedFS, from a wheel) in a folder of its own on free loopback ports, ended afterwards."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.ports import free_port
from footage.errors import StorageAway
from footage.places.bucket import Bucket

KEYS = {"AWS_ACCESS_KEY_ID": "duplex", "AWS_SECRET_ACCESS_KEY": "kept by nobody", "AWS_REGION": "us-east-1"}
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
    """Starts it in a folder and waits until it answers; killed at the end: its goodbye takes half a minute."""
    identity = {"name": "duplex", "actions": ["Admin"]}
    keys = {"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}
    (home / "s3.json").write_text(json.dumps({"identities": [{**identity, "credentials": [keys]}]}))
    (home / "data").mkdir()
    ports = [free_port() for _ in range(2 * len(_NAMES))]
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


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    place, end = Bucket(server.address("first", timeout="5")), time.monotonic() + 60
    while True:
        assert process.poll() is None, log.read_text()
        try:
            place.write("word", b"there")
            return
        except StorageAway:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
