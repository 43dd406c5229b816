"""The technical facts of a master in one line, as a member reads them before a download: codec, colour, sounds."""

from babel import Locale
from babel.core import get_global

from catalogue.sheet import Audio, Sheet, Video
from catalogue.wording import NARROW, Words, rate_text, size_text

_CODECS = {
    "h264": "H.264",
    "hevc": "H.265",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
    "mpeg2video": "MPEG-2",
    "mjpeg": "Motion JPEG",
    "av1": "AV1",
    "vp9": "VP9",
}
_BRIGHT = {"smpte2084": "BT.2100 PQ", "arib-std-b67": "BT.2100 HLG"}
_COLOURS = {
    "bt2020": "BT.2020",
    "bt709": "BT.709",
    "bt470bg": "BT.601",
    "smpte170m": "BT.601",
    "smpte432": "P3",
    "smpte431": "P3",
}


def facts_text(sheet: Sheet, lang: str, words: Words) -> str:
    """`H.264 1280×720, 25 i/s, BT.709, son 48 kHz stéréo, 42 Mo`."""
    video = sheet.video
    codec = _CODECS.get(video.codec, video.codec)
    scan = "" if video.scan == "progressive" else f" {words['interlaced']}"
    facts = [f"{codec} {video.width}×{video.height}{scan}", rate_text(video.frame_rate, lang)]
    colour = colour_text(video)
    if colour:
        facts.append(colour)
    if sheet.audio:
        facts.append(_sound(sheet.audio, lang, words))
    return ", ".join([*facts, size_text(sheet.bytes, lang)])


def colour_text(video: Video) -> str:
    """The colour as its standard is called (high dynamic range by its transfer); empty when the master does not say."""
    said = _BRIGHT.get(video.transfer), _COLOURS.get(video.primaries), _COLOURS.get(video.matrix)
    return next((standard for standard in said if standard), "")


def _sound(tracks: tuple[Audio, ...], lang: str, words: Words) -> str:
    """`son 48 kHz stéréo (français)`; `son 48 kHz, 8 pistes mono`; `son 48 kHz, stéréo (français) + 5.1 (anglais)`."""
    tenths = round(tracks[0].sample_rate / 100)
    rate = f"{tenths / 10:g}".replace(".", "," if lang == "fr" else ".")
    head = f"{words['sound']['name']} {rate}{NARROW}kHz"
    each = [_track(track, lang, words) for track in tracks]
    if len(tracks) == 1:
        return f"{head} {each[0]}".rstrip()
    kinds = dict.fromkeys(each)
    counted = [_counted(kind, each.count(kind), words) for kind in kinds]
    return f"{head}, {' + '.join(counted)}"


def _track(track: Audio, lang: str, words: Words) -> str:
    layout = words["sound"].get(track.layout, track.layout)
    language = language_text(track.language, lang)
    return f"{layout} ({language})" if language else layout


def _counted(kind: str, count: int, words: Words) -> str:
    return kind if count == 1 else words["sound"]["tracks"].replace("{n}", str(count)).replace("{kind}", kind)


def language_text(code: str, lang: str) -> str:
    """The name of a language of ISO 639 in the reader's; the code itself when it has no name there."""
    if not code:
        return ""
    aliases = get_global("language_aliases")
    short = aliases.get(code, code)
    return str(Locale(lang).languages.get(short, code))
