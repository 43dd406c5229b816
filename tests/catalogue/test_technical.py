"""A master in one line: what a member reads before a download."""

from pathlib import Path

import msgspec
import pytest

import catalogue
from catalogue.pages.technical import facts_text, language_text
from catalogue.sheet import Audio, Sheet, Video

VIDEO = Video(codec="h264", width=1280, height=720, frame_rate="25/1", frames=250)
STEREO = Audio(codec="aac", sample_rate=48_000, channels=2, layout="stereo")
MONO = Audio(codec="pcm_s24le", sample_rate=48_000, channels=1, layout="mono")


WORDS = {
    lang: msgspec.yaml.decode((Path(catalogue.__file__).parent / "words" / f"{lang}.yml").read_bytes())
    for lang in ("fr", "en")
}


def line(lang, *audio, **video):
    picture = msgspec.structs.replace(VIDEO, **video)
    sheet = Sheet(
        id="phare",
        version="0" * 12,
        sha256="0" * 64,
        bytes=42_000_000,
        container="mov",
        duration_ms=10_000,
        video=picture,
        audio=audio,
    )
    return facts_text(sheet, lang, WORDS[lang]).replace("\u202f", " ")


def test_a_plain_master():
    assert line("fr", STEREO) == "H.264 1280×720, 25 i/s, son 48 kHz stéréo, 42 Mo"
    assert line("en", STEREO) == "H.264 1280×720, 25 fps, sound 48 kHz stereo, 42 MB"
    assert line("fr") == "H.264 1280×720, 25 i/s, 42 Mo"


def test_a_broadcaster_s_master():
    broadcast = {"codec": "mpeg2video", "scan": "top field first", "primaries": "bt709", "transfer": "bt709"}
    assert line("fr", *[MONO] * 8, **broadcast) == (
        "MPEG-2 1280×720 entrelacé, 25 i/s, BT.709, son 48 kHz, 8 pistes mono, 42 Mo"
    )
    assert line("en", *[MONO] * 8, **broadcast) == (
        "MPEG-2 1280×720 interlaced, 25 fps, BT.709, sound 48 kHz, 8 mono tracks, 42 MB"
    )


def test_sounds_tell_their_languages():
    french, english = (msgspec.structs.replace(STEREO, language=code) for code in ("fra", "eng"))
    around = msgspec.structs.replace(english, layout="5.1", channels=6)
    assert line("fr", french) == "H.264 1280×720, 25 i/s, son 48 kHz stéréo (français), 42 Mo"
    assert line("fr", french, around).endswith("son 48 kHz, stéréo (français) + 5.1 (anglais), 42 Mo")
    assert line("en", french, around).endswith("sound 48 kHz, stereo (French) + 5.1 (English), 42 MB")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"primaries": "bt2020", "transfer": "smpte2084"}, "BT.2100 PQ"),
        ({"primaries": "bt2020", "transfer": "arib-std-b67"}, "BT.2100 HLG"),
        ({"primaries": "bt2020", "transfer": "bt2020-10"}, "BT.2020"),
        ({"primaries": "bt470bg", "matrix": "bt470bg"}, "BT.601"),
        ({"matrix": "bt709"}, "BT.709"),
    ],
)
def test_colour_is_told_by_its_standard(said, told):
    assert f", {told}, 42 Mo" in line("fr", **said)


def test_languages_have_names_in_both():
    named = [(language_text(code, "fr"), language_text(code, "en")) for code in ("fre", "de", "bre", "qqq", "")]
    assert named == [("français", "French"), ("allemand", "German"), ("breton", "Breton"), ("qqq", "qqq"), ("", "")]
