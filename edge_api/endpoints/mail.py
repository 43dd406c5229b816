"""/dev/mail: the letters in the folder, for whoever tries Duplex on one's own machine. Nowhere else does it exist."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ..errors import NotFound
from ..post.mailer import FolderMailer, mailer_of
from ..web.accepting import preferred
from ..web.rendering import rendered, words

_NAME = re.compile(r"[0-9]{1,16}-[0-9a-f]{32}")
_MOST = 100
# The letter's own style may show, and nothing in it may run, load or lead away from its frame.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


async def every(request: Request) -> Response:
    """GET /dev/mail: the letters, the latest first."""
    letters = await to_thread.run_sync(_latest, _folder(request))
    lang = preferred(request.headers)
    return rendered("mail.html", lang, letters=letters, shown=None, said=words(lang)["mail"])


async def one(request: Request) -> Response:
    """GET /dev/mail/{name}: a letter as text, and as HTML in a frame that can do nothing."""
    message = await to_thread.run_sync(_read, _folder(request), request.path_params["name"])
    lang = preferred(request.headers)
    shown = _summary(request.path_params["name"], message) | {"text": _part(message, "plain")}
    return rendered("mail.html", lang, letters=[], shown=shown, said=words(lang)["mail"])


async def html_part(request: Request) -> Response:
    """GET /dev/mail/{name}/html: the HTML of a letter alone, under a policy that forbids it everything."""
    message = await to_thread.run_sync(_read, _folder(request), request.path_params["name"])
    # Links open beside the frame, which is no place for a page of ours.
    letter = _part(message, "html").replace("<head>", '<head><base target="_blank">', 1)
    return HTMLResponse(letter, headers={"Content-Security-Policy": _LETTER_POLICY})


def _folder(request: Request) -> Path:
    settings = request.app.state.world.settings
    mailer = mailer_of(settings.mail)
    if not settings.shows_letters or not isinstance(mailer, FolderMailer):
        raise NotFound
    return mailer.path


def _latest(folder: Path) -> list[dict[str, str]]:
    names = sorted((file.stem for file in folder.glob("*.eml") if _NAME.fullmatch(file.stem)), key=_age, reverse=True)
    return [_summary(name, _read(folder, name)) for name in names[:_MOST]]


def _age(name: str) -> tuple[int, str]:
    sent_ms, _, id = name.partition("-")
    return int(sent_ms), id


def _read(folder: Path, name: str) -> EmailMessage:
    if not _NAME.fullmatch(name):
        raise NotFound
    try:
        message = message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=default)
    except OSError as error:
        raise NotFound from error
    if not isinstance(message, EmailMessage):
        raise NotFound
    return message


def _summary(name: str, message: EmailMessage) -> dict[str, str]:
    heads = {"subject": "Subject", "to": "To", "date": "Date", "lang": "Content-Language"}
    return {"name": name} | {key: str(message.get(head, "")) for key, head in heads.items()}


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return "" if body is None else str(body.get_content())


routes = [
    Route("/dev/mail", every, methods=["GET"]),
    Route("/dev/mail/{name}", one, methods=["GET"]),
    Route("/dev/mail/{name}/html", html_part, methods=["GET"]),
]
