"""Sends a file as RFC 9110 wants it: whole, in part, or not at all, in pieces that a thread reads."""

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import BinaryIO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .ranges import NotModified, NotSatisfiable, Part, PreconditionFailed, Validators, Whole, answer

_PIECE = 256 * 1024


async def send_file(
    request: Request, path: Path, headers: Mapping[str, str], *, content: str | None = None, status: int = 200
) -> Response | None:
    """The answer to a GET or HEAD for a file; None when it cannot be opened.

    `content` names what the file holds, for the entity tag; without it the tag is made of the file's time and size.
    The file is opened before anything is said of it: one that is replaced meanwhile is still sent as it was.
    """
    try:
        file = await to_thread.run_sync(open, path, "rb")
    except OSError:
        return None
    facts = os.fstat(file.fileno())
    size = facts.st_size
    tag = f'"{content or f"{facts.st_mtime_ns:x}"}-{size:x}"'
    validators = Validators(tag, int(facts.st_mtime))
    said = {
        **headers,
        "Accept-Ranges": "bytes",
        "ETag": validators.etag,
        "Last-Modified": validators.last_modified,
    }
    # An error page is sent under any condition: it is not the thing that was asked for.
    decided = answer(request.method, request.headers, size, validators) if status == 200 else Whole()
    match decided:
        case Whole():
            start, end = 0, size
        case Part(start=start, end=end):
            status = 206
            said["Content-Range"] = decided.content_range(size)
        case NotModified():
            file.close()
            return Response(status_code=304, headers=said)
        case NotSatisfiable():
            file.close()
            return Response(status_code=416, headers=_refusal(said) | {"Content-Range": f"bytes */{size}"})
        case PreconditionFailed():
            file.close()
            return Response(status_code=412, headers=_refusal(said))
    said["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        file.close()
        return Response(status_code=status, headers=said)
    return StreamingResponse(_pieces(file, start, end), status_code=status, headers=said)


def _refusal(said: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that carries no part of the file, and that nobody may keep."""
    kept = {name: value for name, value in said.items() if name in ("Accept-Ranges", "ETag")}
    return kept | {"Cache-Control": "no-store"}


async def _pieces(file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes of [start, end); a file that ends too early breaks the transfer, so that the asker sees it."""
    with file:
        at = start
        while at < end:
            piece = await to_thread.run_sync(os.pread, file.fileno(), min(_PIECE, end - at), at)
            if not piece:
                raise OSError(f"the file ended at {at}, {end - at} bytes short")
            at += len(piece)
            yield piece
