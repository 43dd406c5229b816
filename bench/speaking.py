"""A line to a server on this machine: HTTP/1.1 kept open, cheaper for the client than for the server."""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reply:
    """What came back, and after how many seconds its last byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


class Line:
    """One connection, one request at a time."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._host = urlsplit(origin).netloc
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        host, _, port = self._host.partition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._writer is not None
        self._writer.close()

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Asks as a page of the portal does; header names are written with _ for -."""
        assert self._reader is not None
        assert self._writer is not None
        content = b"" if body is None else json.dumps(body).encode()
        heads = {"Host": self._host, "Origin": self._origin, "Sec-Fetch-Site": "same-origin"} | headers
        if content:
            heads |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in heads.items())
        began = time.perf_counter()
        self._writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        length = 0 if method == "HEAD" else int(fields.get("content-length", "0"))
        said = await self._reader.readexactly(length)
        return Reply(int(first.split(" ")[1]), fields, said, time.perf_counter() - began)
