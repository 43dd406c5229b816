"""Reads what people send: a form or a JSON object of plain values, and nothing else.

Starlette's own form reader wants a multipart parser that we have no use for; ours says no to whatever a page of ours
would never send: a field twice, a field that nobody asked for, bytes that are no UTF-8, halves of surrogate pairs.
"""

import json
from collections.abc import Collection
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from catalogue.interview import LANGUAGES

from ..errors import BadForm, BadRequest, NotJson, TooLarge, UnsupportedMedia

MOST_BYTES = 16 * 1024
_MOST_FIELDS = 16


async def read(request: Request, required: Collection[str] = (), optional: Collection[str] = ()) -> dict[str, str]:
    """The fields of a body, each as text; whole numbers and booleans of JSON are spelled out, null is left out.

    BadForm or NotJson when it is not well-formed, UnsupportedMedia when it is neither, TooLarge above 16 KiB.
    """
    body = await _body(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        fields = {}
    elif kind == "application/json":
        fields = _json(body)
    elif kind == "application/x-www-form-urlencoded":
        fields = _form(body)
    else:
        raise UnsupportedMedia
    unknown = fields.keys() - {*required, *optional}
    missing = [name for name in required if not fields.get(name)]
    if unknown or missing or any(_unspeakable(value) for value in fields.values()):
        raise BadForm
    request.state.form_language = fields.get("lang")
    return fields


def form_language(request: Request) -> str:
    """The language that the body said, once it has been read; empty when it said none of ours."""
    said = getattr(request.state, "form_language", None)
    return said if said in LANGUAGES else ""


async def _body(request: Request) -> bytes:
    chunks, size = [], 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise BadRequest from error
    return b"".join(chunks)


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict", encoding="utf-8"
        )
    except ValueError as error:
        raise BadForm from error
    return _once(pairs)


def _json(body: bytes) -> dict[str, str]:
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_Pairs)
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not isinstance(found, _Pairs) or len(found) > _MOST_FIELDS:
        raise BadForm
    return _once([(name, _text(value)) for name, value in found if value is not None])


class _Pairs(list[tuple[str, object]]):
    """A JSON object as its pairs, so that a name said twice can be seen."""


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError as error:  # a number of more digits than Python will spell
            raise BadForm from error
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # 5000.0 is a whole number to JSON (JSON Schema 2020-12, 6.1.1)
    if isinstance(value, str):
        return value
    raise BadForm


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise BadForm
    return fields


def _unspeakable(value: str) -> bool:
    return "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value)


def whether(value: str | None) -> bool:
    """A yes or no as a form (`on`, `1`) or JSON (`true`) says it. BadForm for any other word."""
    if value in (None, "", "0", "false", "off"):
        return False
    if value in ("1", "true", "on", "yes"):
        return True
    raise BadForm


def language(value: str | None, otherwise: str) -> str:
    """`fr` or `en`. BadForm for any other."""
    lang = value or otherwise
    if lang not in LANGUAGES:
        raise BadForm
    return lang
