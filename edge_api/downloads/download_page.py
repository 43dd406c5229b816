"""The page of one download, for browsers without script: it asks again by itself until there is a link."""

from dataclasses import dataclass
from datetime import UTC, datetime

from babel.numbers import format_decimal

from catalogue.manifest import Entry
from catalogue.timecode import format_short
from catalogue.wording import date_text, size_text

from .orders import fragment
from .schema import Download

_AT = {"fr": "à", "en": "at"}
_LOCALES = {"fr": "fr_FR", "en": "en_GB"}
# The stable codes of failures that a person can be told more of, and under which of the page's words.
_REASONS = {
    "cancelled": "cancelled",
    "bad_target": "no_room",
    "disk_failed": "no_room",
    "unknown_master": "no_master",
    "unreadable_file": "no_master",
    "damaged_file": "no_master",
    "storage_away": "away",
    "catalogue_changed": "changed",
}


@dataclass(frozen=True)
class Shown:
    """What the page says, in the member's language: texts are ready to be read, `share` is in hundredths."""

    state: str
    film: bool
    title: str
    filename: str
    url: str | None
    share: int | None
    frames: int
    frames_text: str
    size_text: str
    length_text: str
    first: str
    last: str
    until_text: str
    back: str
    credit: str
    terms: str
    renew: str
    cancel: str
    profile: str
    package: bool
    words_lang: str
    still: bool
    reason: str


def shown_in(lang: str, download: Download, view: dict[str, object], entry: Entry, points: tuple[str, str]) -> Shown:
    """The page of a download. `view` is what programs are told of it, `points` the timecodes of its two points."""
    frames, order = download.out_frame - download.in_frame, download.order
    locale = _LOCALES[lang]
    until = datetime.fromtimestamp(download.expires_ms // 1000, UTC)
    share, url = view.get("progress"), view.get("url")
    passage = f"#{fragment(download.in_ms, download.out_ms)}" if download.kind == "clip" else ""
    return Shown(
        state=str(view["state"]),
        film=download.kind == "film",
        title=entry.title,
        filename=download.filename,
        url=str(url) if url else None,
        share=round(share * 100) if isinstance(share, float) else None,
        frames=frames,
        frames_text=format_decimal(frames, locale=locale),
        size_text="" if download.bytes is None else size_text(download.bytes, lang),
        length_text=format_short(download.out_ms - download.in_ms),
        first=points[0],
        last=points[1],
        until_text=f"{date_text(until.date(), lang)} {_AT[lang]} {until:%H:%M}",
        back=entry.url + passage,
        credit=entry.credit,
        terms=entry.terms,
        renew=f"/api/downloads/{download.id}/link",
        cancel=f"/api/downloads/{download.id}/cancel",
        profile=download.profile,
        package=download.package,
        words_lang=order.words_lang if order is not None else "",
        still=download.profile == "still",
        reason=_REASONS.get(download.reason or "", ""),
    )
