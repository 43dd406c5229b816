"""Logs: JSON lines on a server, words on one's own machine, both to standard error; and no secret in either.

Whatever is logged, by us or by a library, passes here: secrets and addresses are blotted out, and signs that could
forge a line or command a terminal are spelled out.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from .settings import Settings

_BLOT = "[removed]"
_SECRET = frozenset({"password", "current", "code", "token", "cookie", "authorization", "secret", "email", "recipient"})
_HIDDEN = (
    # The password in an address of a server; an address; a token of a letter, a link or a cookie; a code.
    (re.compile(r"(?<=://)[^/\s@]*:[^/\s@]*(?=@)"), _BLOT),
    (re.compile(r"(?<!\])[\w.+%-]+@[\w-]+(\.[\w-]+)+"), _BLOT),
    (re.compile(r"\b[\w-]{1,32}(\.[\w-]{1,400}){1,2}\.[\w-]{22}(?![\w-])"), _BLOT),
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"), _BLOT),
    (re.compile(r"(?<![\w.:-])\d{4}[ \u202f\u00a0]?\d{4}(?![\w:-]|\.\d)"), _BLOT),
)
# C0, C1, line separators of Unicode, and signs that turn the reading direction.
_COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def harmless(text: str, *, lines: bool = False) -> str:
    """A text without secrets, on one line unless `lines`; what commands a terminal stands as \\x1b or \\u202e."""
    for pattern, blot in _HIDDEN:
        text = pattern.sub(blot, text)
    return _COMMANDS.sub(lambda sign: sign[0] if lines and sign[0] == "\n" else _spelled(sign[0]), text)


def _spelled(sign: str) -> str:
    return f"\\x{ord(sign):02x}" if ord(sign) < 256 else f"\\u{ord(sign):04x}"


def _cleaned(name: str, value: object) -> object:
    if name.lower() in _SECRET and value not in (None, ""):
        return _BLOT
    if isinstance(value, str):
        return harmless(value, lines=name == "exception")
    if isinstance(value, bytes):
        return _BLOT
    if isinstance(value, dict):
        return {str(key): _cleaned(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(name, each) for each in value]
    return value


def clean(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor of structlog that every line passes."""
    return {name: _cleaned(name, value) for name, value in event.items()}


def say_less(settings: Settings) -> None:
    """Warnings in words on one's own machine, JSON lines of every event elsewhere."""
    level = logging.WARNING if settings.loopback else logging.INFO
    shown: structlog.types.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.loopback:
        shown = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    told: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    cleaned: list[structlog.types.Processor] = [structlog.processors.format_exc_info, clean, shown]
    structlog.configure(
        processors=[*told, *cleaned],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What libraries log takes the same way out.
    handler = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=told, processors=[remove, *cleaned]))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
