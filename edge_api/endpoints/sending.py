"""Sends a file as RFC 9110 wants it: whole, in part, or not at all."""

from collections.abc import AsyncIterator, Callable, Mapping

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from footage.errors import StorageAway
from footage.places.place import Source

from ..downloads.bodies import Body, open_file
from ..web.ranges import NotModified, NotSatisfiable, Part, PreconditionFailed, Validators, Whole, answer


async def send_file(
    request: Request, path: Source, headers: Mapping[str, str], *, status: int = 200
) -> Response | None:
    """The answer to a GET or HEAD for a file; None when it cannot be opened. Its tag is made of time and size."""
    return await send(request, lambda: open_file(path), headers, status=status)


async def send(
    request: Request,
    opened: Callable[[], Body],
    headers: Mapping[str, str],
    *,
    content: str | None = None,
    status: int = 200,
    rest_only: bool = False,
) -> Response | None:
    """The answer to a GET or HEAD for what `opened` gives; None when it cannot be opened (OSError), and for the whole
    of it where only the rest may be had.

    `content` names what it holds, for the entity tag; without it the tag is made of time and size. StorageAway when a
    bucket does not answer, before anything is sent.
    """
    try:
        body = await to_thread.run_sync(opened)
    except StorageAway:
        raise
    except OSError:
        return None
    size = body.size
    tag = f'"{content or f"{body.modified_ns:x}"}-{size:x}"'
    validators = Validators(tag, body.modified_ns // 1_000_000_000)
    said = {
        **headers,
        "Accept-Ranges": "bytes",
        "ETag": validators.etag,
        "Last-Modified": validators.last_modified,
    }
    # An error page is sent under any condition: it is not the thing that was asked for.
    decided = answer(request.method, request.headers, size, validators) if status == 200 else Whole()
    match decided:
        case Whole() if rest_only:
            body.close()
            return None
        case Whole():
            start, end = 0, size
        case Part(start=start, end=end):
            status = 206
            said["Content-Range"] = decided.content_range(size)
        case NotModified():
            body.close()
            return Response(status_code=304, headers=said)
        case NotSatisfiable():
            body.close()
            return Response(status_code=416, headers=_refusal(said) | {"Content-Range": f"bytes */{size}"})
        case PreconditionFailed():
            body.close()
            return Response(status_code=412, headers=_refusal(said))
    said["Content-Length"] = str(end - start)
    if request.method == "HEAD":
        body.close()
        return Response(status_code=status, headers=said)
    pieces = body.read(start, end)
    if body.remote and start < end:
        # What fails at once is told as a failure, not as a transfer that breaks.
        try:
            pieces = _with(await anext(pieces), pieces)
        except StorageAway:
            raise
        except OSError:
            return None
    return StreamingResponse(pieces, status_code=status, headers=said)


async def _with(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in others:
        yield piece


def _refusal(said: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer that carries no part of the file, and that nobody may keep."""
    kept = {name: value for name, value in said.items() if name in ("Accept-Ranges", "ETag")}
    return kept | {"Cache-Control": "no-store"}
