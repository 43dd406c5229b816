"""What a file is, without decoding it: codec, raster, rate, sound, timecode.

`open_film` is the one door through which films are opened, so every damaged file gets the same clear sentence.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from av import VideoFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from catalogue.timecode import counting_base, format_rate, parse_timecode

from ..errors import DamagedFile, NotVideo, UnreadableFile
from ..places.place import Source
from .facts import BOTTOM_FIRST, PROGRESSIVE, TOP_FIRST, Chapter, Facts, Picture, Sound
from .wholeness import check_clear

_STANDARD = (
    *(Fraction(base * 1000, 1001) for base in (24, 30, 48, 60, 120)),
    *(Fraction(rate) for rate in (10, 12, 15, 24, 25, 30, 48, 50, 60, 100, 120)),
)
_SCANS = {2: TOP_FIRST, 3: BOTTOM_FIRST, 4: TOP_FIRST, 5: BOTTOM_FIRST}
# Formats that hold their own pictures. Playlists and scripts (HLS, concat and their like) name other files, which a
# stranger could make us read.
SAFE = {"format_whitelist": "mov,matroska,mxf,avi,mpegts,mpeg,ogg,asf,flv,dv,gxf", "protocol_whitelist": "file"}
_LOOKED_AT = 100
_CHAPTERS_AT_MOST = 500
# A picture of this many pixels takes hundreds of megabytes decoded; no film has more.
_RASTER_AT_MOST = 8192 * 8192
_WHOLE_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


@contextmanager
def open_film(path: Source, **options: str) -> Iterator[InputContainer]:
    """The film, opened for reading with options of libavformat.

    UnreadableFile, NotVideo or DamagedFile when it cannot be.
    """
    with ExitStack() as held, _opened(path, SAFE | options, held) as film:
        try:
            yield film
        except (av.error.InvalidDataError, av.error.EOFError) as error:
            raise DamagedFile(str(path), "is damaged and cannot be read to its end", "copy it again") from error


def _opened(path: Source, options: dict[str, str], held: ExitStack) -> InputContainer:
    if not path.is_file():
        what, cure = ("is a folder", "name a file in it") if path.is_dir() else ("does not exist", "check the name")
        raise UnreadableFile(str(path), what, cure)
    if path.stat().st_size == 0:
        raise UnreadableFile(str(path), "is empty (0 bytes)", "copy it again from its source")
    try:
        # From the root, for libavformat takes `12:30.mov` for an address. Old tags are often not UTF-8; they are no
        # reason to refuse a film.
        film = str(path.absolute()) if isinstance(path, Path) else held.enter_context(path.open())
        return av.open(film, "r", options=options, metadata_errors="replace")
    except PermissionError as error:
        raise UnreadableFile(str(path), "may not be read by this user", "change its permissions") from error
    except av.error.FFmpegError as error:
        with path.open("rb") as file:
            head = file.read(8)
        if head[4:8] in _WHOLE_BOXES:
            what = "is cut short or still being written: its table of contents (moov) is missing or broken"
            raise DamagedFile(str(path), what, "finish the recording or copy it again") from error
        what = "is not a video file, or is damaged from its first bytes"
        raise NotVideo(str(path), what, "export it again") from error


def film_picture(path: Source, film: InputContainer) -> VideoStream:
    """The picture stream (a cover image is none). NotVideo when there is no picture, or one that cannot be decoded."""
    for stream in film.streams.video:
        if stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails):
            continue
        context: VideoCodecContext | None = stream.codec_context
        if context is None:
            raise NotVideo(str(path), "has a picture in a codec that is not known here", "export it again")
        if context.codec_tag in ("encv", "drmi"):
            raise NotVideo(str(path), "is encrypted", "ask its owner for a copy without protection")
        if stream.width * stream.height > _RASTER_AT_MOST:
            what = f"claims to show pictures of {stream.width} x {stream.height}"
            raise DamagedFile(str(path), what, "export it again, in 8192 x 8192 at most")
        if stream.width and stream.height and stream.codec_context.pix_fmt:
            return stream
        # What is encrypted may look like a picture that is broken.
        for packet in islice(film.demux(stream), 1):
            check_clear(path, packet)
        raise DamagedFile(str(path), "has a picture track without a readable picture", "export it again")
    raise NotVideo(str(path), "has no picture, only sound or data", "name a film")


def film_sounds(film: InputContainer) -> list[AudioStream]:
    """The sound streams that can be decoded: of one in a codec that nobody knows there is no context at all."""
    contexts = [(sound, sound.codec_context) for sound in film.streams.audio]
    return [sound for sound, context in contexts if context and context.sample_rate and context.format]


def nominal_rate(measured: Fraction) -> Fraction:
    """The standard rate a measured one stands for (within 0.03 %, a third of what parts 29.97 from 30), else itself."""
    nearest = min(_STANDARD, key=lambda rate: abs(rate - measured))
    return nearest if abs(nearest / measured - 1) < Fraction(3, 10_000) else measured.limit_denominator(1001)


def _rate(picture: VideoStream) -> Fraction:
    """The nominal rate: of what a file says on the average and what libavformat sees in its times the first that is a
    standard one. Averages go wrong where a film is in fragments, begins late, or has a rate that varies."""
    # One that rounds to nothing comes of spoilt times.
    said = [rate for each in (picture.average_rate, picture.guessed_rate) if each and (rate := nominal_rate(each)) > 0]
    return next((rate for rate in said if rate in _STANDARD), said[0] if said else Fraction(25))


def _start_timecode(film: InputContainer, picture: VideoStream, rate: Fraction) -> tuple[int, bool]:
    labels = [picture.metadata, *(stream.metadata for stream in film.streams), film.metadata]
    for label in (data["timecode"] for data in labels if "timecode" in data):
        drop_frame = ";" in label and rate.denominator == 1001 and counting_base(rate) % 30 == 0
        try:
            return parse_timecode(label if drop_frame else label.replace(";", ":"), rate), drop_frame
        except ValueError:
            continue
    return 0, False


def _first_frame(path: Source) -> VideoFrame | None:
    """The first frame that can be decoded: some facts stand only there."""
    with open_film(path) as film:
        for packet in islice(film.demux(film_picture(path, film)), _LOOKED_AT):
            check_clear(path, packet)
            with suppress(av.error.InvalidDataError):
                for frame in packet.decode():
                    return frame
    return None


def _chapters(film: InputContainer) -> tuple[Chapter, ...]:
    told = film.chapters()[:_CHAPTERS_AT_MOST]
    return tuple(
        Chapter(max(0, round(each["start"] * (each["time_base"] or 0) * 1000)), each["metadata"].get("title", "")[:200])
        for each in told
    )


def film_facts(path: Source, film: InputContainer) -> Facts:
    """The facts of an opened film."""
    picture = film_picture(path, film)
    first = _first_frame(path)
    if first is None:
        raise DamagedFile(str(path), "none of its first frames can be decoded", "export it again")
    context = picture.codec_context
    rate = _rate(picture)
    start, drop_frame = _start_timecode(film, picture, rate)
    aspect = picture.sample_aspect_ratio or Fraction(1)
    return Facts(
        container=film.format.name,
        bytes=path.stat().st_size,
        start=start,
        drop_frame=drop_frame,
        picture=Picture(
            stream=picture.index,
            codec=context.name,
            tag=context.codec_tag if context.codec_tag.isprintable() else "",
            profile=picture.profile or "",
            width=picture.width,
            height=picture.height,
            pixel_format=context.pix_fmt or "",
            rate=format_rate(rate),
            time_base=format_rate(picture.time_base or Fraction(1, 1000)),
            pixel_aspect=format_rate(aspect if aspect > 0 else Fraction(1)),
            scan=_SCANS.get(context.field_order, TOP_FIRST if first.interlaced_frame else PROGRESSIVE),
            range=context.color_range,
            primaries=context.color_primaries,
            transfer=context.color_trc,
            matrix=context.colorspace,
            rotation=first.rotation,
            bit_rate=picture.codec_context.bit_rate or 0,
        ),
        sounds=tuple(
            Sound(
                stream=sound.index,
                codec=sound.codec_context.name,
                sample_rate=sound.codec_context.sample_rate,
                channels=sound.codec_context.channels,
                # One channel without a name is no riddle; two may be stereo, or two voices.
                layout="mono" if sound.codec_context.channels == 1 else sound.codec_context.layout.name,
                sample_format=sound.codec_context.format.name,
                language="" if sound.language in (None, "und") else str(sound.language),
                # In MOV and MP4 (`udta/name`) libavformat calls it otherwise than in MXF and Matroska.
                name=sound.metadata.get("title") or sound.metadata.get("name", ""),
            )
            for sound in film_sounds(film)
        ),
        chapters=_chapters(film),
    )


def probe(path: Source) -> Facts:
    """The facts of a film. FootageError when it is none."""
    with open_film(path) as film:
        return film_facts(path, film)
