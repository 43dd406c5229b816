"""Sound alone, stills, small clips: made of masters by code, read back by other programs."""

import asyncio
import struct
import subprocess
import sys
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from PIL import ExifTags, Image, IptcImagePlugin

from footage.clips.labels import Labels
from footage.clips.profiles import SUFFIXES, PieceRequest, Profile, make_piece
from footage.clips.soundfile import write_mp3, write_wave
from footage.errors import BadPoint, NotVideo, UnknownMaster
from footage.masters.ingest import ingest
from footage.reading.indexing import read_index
from footage.reading.points import frame_at
from footage.store import Store
from tests.footage.masters import X264, clicks, ffmpeg, film, number_in

LABELS = Labels(
    title="La lampe d’Émilie",
    credit="Duplex / Émilie",
    reference="DPX-1",
    terms="Citer « la source ».",
    place="Brest",
    day="2026-03-14",
    timecode="10:00:00:20",
    source="lampe",
)
PCM = ("-c:a", "pcm_s16le")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    home = tmp_path_factory.mktemp("profiles")
    shelf = Store(home / "media")
    code = ("-timecode", "10:00:00:00")
    interlaced = ("-flags", "+ildct+ilme", "-x264-params", "tff=1", "-vf", "setfield=tff")
    masters = {
        "lampe": film(home / "lampe.mov", 75, "25", *X264, "-g", "24", *code, sound=PCM),
        "muet": film(home / "muet.mp4", 30, "25", *X264, sound=()),
        "carte": film(home / "carte.mov", 90, "30000/1001", *X264, "-timecode", "01:00:00;00", sound=PCM),
        "entrelace": film(home / "entrelace.mp4", 25, "25", *X264, *interlaced),
        "quatre": film(home / "quatre.mov", 25, "25", *X264, sound=("-c:a", "pcm_s24le"), channels=4),
    }
    for name, master in masters.items():
        ingest(master, name, shelf, home / "sheets")
    return shelf


@pytest.fixture
def piece(store: Store, tmp_path: Path) -> Callable[..., Path]:
    def made(master: str, profile: Profile, first: int = 20, last: int = 70, progress: object = None) -> Path:
        target = tmp_path / f"{master}{SUFFIXES[profile]}"
        request = PieceRequest(
            master=master,
            version=store.current(master) or "",
            first=first,
            last=last,
            profile=profile,
            target=target,
            labels=LABELS,
        )
        heard: list[int] = []
        asyncio.run(make_piece(store, request, store.index(request.master, request.version), heard.append))
        assert [path.name for path in tmp_path.iterdir()] == [target.name]
        return target

    return made


def chunks(path: Path) -> dict[bytes, bytes]:
    """The chunks of a wave file by name."""
    data, found, at = path.read_bytes(), {}, 12
    while at < len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    return found


def test_a_wave_file_holds_exactly_the_masters_samples(piece: Callable[..., Path]) -> None:
    with wave.open(str(piece("lampe", "wav"))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 48000, 2)
        assert file.readframes(file.getnframes()) == clicks(Fraction(3), 2)[20 * 1920 * 4 : 70 * 1920 * 4]


def test_a_wave_file_says_at_which_sample_since_midnight_it_begins(piece: Callable[..., Path]) -> None:
    bext = chunks(piece("lampe", "wav"))[b"bext"]
    assert struct.unpack("<Q", bext[338:346])[0] == (36_000 * 25 + 20) * 1920
    assert bext[:256].rstrip(b"\0") == b"La lampe d'Emilie - 10:00:00:20 - DPX-1"
    assert (bext[320:330], bext[330:338]) == (b"2026-03-14", b"10:00:00")


def test_a_wave_file_spells_out_what_ascii_lacks(store: Store, tmp_path: Path) -> None:
    labels = Labels(title="« L’œuvre »", credit="© Ærø")
    version = store.current("lampe") or ""
    index = store.index("lampe", version)
    target = tmp_path / "sound.wav"
    write_wave(store.master("lampe", version), index, 20, 30, target, labels, lambda done: None)
    bext = chunks(target)[b"bext"]
    assert (bext[:256].rstrip(b"\0"), bext[256:288].rstrip(b"\0")) == (b'" L\'oeuvre "', b"(c) AEro")


def test_drop_frame_timecode_is_counted_in_real_time(piece: Callable[..., Path]) -> None:
    path = piece("carte", "wav", 30, 60)
    frames = 107_892 + 30  # the label 01:00:00;00 is this many frames after midnight
    assert struct.unpack("<Q", chunks(path)[b"bext"][338:346])[0] == round(Fraction(frames * 1001, 30_000) * 48_000)
    with av.open(str(path)) as read:
        assert read.metadata["time_reference"] == str(round(Fraction(frames * 1001, 30_000) * 48_000))
        assert read.metadata["title"] == LABELS.title


def test_four_channels_of_24_bits_stay_four_channels_of_24_bits(piece: Callable[..., Path]) -> None:
    with av.open(str(piece("quatre", "wav", 0, 25))) as read:
        track = read.streams.audio[0]
        assert (track.codec_context.name, track.channels, track.duration) == ("pcm_s24le", 4, 48_000)


@pytest.mark.parametrize(("languages", "layout"), [(("fra", "fra"), "stereo"), (("fra", "eng"), "mono")])
def test_an_mp3_of_two_mono_tracks_is_stereo_unless_they_speak_two_languages(
    tmp_path: Path, languages: tuple[str, str], layout: str
) -> None:
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=1")
    said = [option for place, code in enumerate(languages) for option in (f"-metadata:s:a:{place}", f"language={code}")]
    path, target = tmp_path / "two.mov", tmp_path / "sound.mp3"
    ffmpeg(*shown, "-map", "0", "-map", "1", "-map", "1", *said, "-c:v", "libx264", "-c:a", "pcm_s16le", path)
    write_mp3(path, read_index(path), 0, 25, target, LABELS, lambda done: None)
    with av.open(str(target)) as read:
        assert read.streams.audio[0].codec_context.layout.name == layout


def test_an_mp3_of_5_1_has_the_voice_that_is_in_the_middle(tmp_path: Path) -> None:
    path, target = tmp_path / "around.mov", tmp_path / "sound.mp3"
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=1")
    heard = ("-f", "lavfi", "-i", "sine=r=48000:d=1,pan=5.1|FC=c0")
    ffmpeg(*shown, *heard, "-c:v", "libx264", "-c:a", "pcm_s16le", path)
    write_mp3(path, read_index(path), 0, 25, target, LABELS, lambda done: None)
    with av.open(str(target)) as read:
        left, right = np.concatenate([frame.to_ndarray() for frame in read.decode(audio=0)], axis=1)
    assert float(np.abs(left).max()) > 0.02
    assert np.allclose(left, right, atol=1e-3)


def test_a_wave_file_of_a_film_that_runs_past_midnight_begins_a_new_day(tmp_path: Path) -> None:
    shown = ("-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=2", "-f", "lavfi", "-i", "anoisesrc=r=48000:d=2")
    path, target = tmp_path / "late.mov", tmp_path / "sound.wav"
    ffmpeg(*shown, "-c:v", "libx264", "-c:a", "pcm_s16le", "-timecode", "23:59:59:00", path)
    write_wave(path, read_index(path), 30, 40, target, LABELS, lambda done: None)
    assert struct.unpack("<Q", chunks(target)[b"bext"][338:346])[0] == 5 * 1920  # 00:00:00:05


def test_an_mp3_lasts_as_long_as_the_passage_and_says_its_credit(piece: Callable[..., Path]) -> None:
    with av.open(str(piece("lampe", "mp3"))) as read:
        assert read.metadata["artist"] == LABELS.credit
        assert read.metadata["copyright"] == LABELS.terms
        samples = np.concatenate([frame.to_ndarray() for frame in read.decode(audio=0)], axis=1)
    assert abs(samples.shape[1] - 96_000) <= 1152
    loud = int(np.argmax(np.abs(samples[0]) > 0.3))
    assert abs(loud - 9_600) < 100  # the click of the first second, 200 ms into the passage


def test_a_still_is_the_frame_that_was_chosen(piece: Callable[..., Path]) -> None:
    for frame in (0, 41, 74):
        with Image.open(piece("lampe", "still", frame, frame + 1)) as picture:
            assert picture.size == (320, 180)
            assert number_in(np.asarray(picture.convert("L"))) == frame


def test_a_still_of_two_fields_is_one_picture(piece: Callable[..., Path]) -> None:
    with Image.open(piece("entrelace", "still", 24, 25)) as picture:
        assert number_in(np.asarray(picture.convert("L"))) == 24


def test_a_still_carries_its_credit_where_programs_look_for_it(piece: Callable[..., Path]) -> None:
    with Image.open(piece("lampe", "still", 20, 21)) as picture:
        exif = picture.getexif()
        assert exif[ExifTags.Base.Copyright].encode("latin-1").decode() == LABELS.terms
        assert exif[ExifTags.Base.Artist].encode("latin-1").decode() == LABELS.credit
        iptc = IptcImagePlugin.getiptcinfo(picture)
        assert iptc is not None
        assert iptc[2, 110] == LABELS.credit.encode()
        assert iptc[2, 5] == LABELS.title.encode()
        assert iptc[2, 55] == b"20260314"
        xmp = picture.info["xmp"]
    text = "".join(ElementTree.fromstring(xmp.decode().split("?>", 1)[1].rsplit("<?", 1)[0]).itertext())
    for said in (LABELS.terms, LABELS.credit, "DPX-1", "lampe 10:00:00:20"):
        assert said in text


def test_a_small_clip_has_the_same_frames_and_the_masters_timecode(piece: Callable[..., Path]) -> None:
    path = piece("lampe", "proxy", 31, 60)
    with av.open(str(path)) as read:
        numbers = [number_in(frame.to_ndarray()[:180]) for frame in read.decode(video=0)]
        assert numbers == list(range(31, 60))
        assert {stream.metadata["timecode"] for stream in read.streams if "timecode" in stream.metadata} == {
            "10:00:01:06"
        }


def test_a_silent_film_has_no_sound_to_give(piece: Callable[..., Path]) -> None:
    for profile in ("wav", "mp3"):
        with pytest.raises(NotVideo, match="no sound"):
            piece("muet", profile, 0, 10)


def test_frames_outside_the_film_are_refused(piece: Callable[..., Path]) -> None:
    with pytest.raises(BadPoint):
        piece("lampe", "still", 75, 76)


def test_a_proxy_of_other_frames_is_not_cut(store: Store, piece: Callable[..., Path], tmp_path: Path) -> None:
    proxy = store.public("muet", store.current("muet") or "", "proxy.mp4")
    assert proxy is not None
    ffmpeg("-i", proxy, "-frames:v", "20", "-c", "copy", tmp_path / "short.mp4")
    (tmp_path / "short.mp4").replace(proxy)
    with pytest.raises(UnknownMaster, match="same frames"):
        piece("muet", "proxy", 0, 10)


def test_work_on_a_film_may_not_take_all_memory() -> None:
    greedy = "from footage.confines import confine; confine(1); bytearray(9 * 2**30)"
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def test_work_on_a_film_may_not_take_all_day() -> None:
    asked = "confine(10); print(resource.getrlimit(resource.RLIMIT_CPU))"
    program = f"import resource; from footage.confines import confine; {asked}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"(160, 160)"


def test_a_still_at_a_time_is_the_first_frame_that_starts_then(store: Store) -> None:
    index = store.index("lampe", store.current("lampe") or "")
    assert frame_at(index, 841) == 22
