"""The sound of a passage as a file of its own: Broadcast Wave (EBU Tech 3285) for edit suites, MP3 for everyone else.

A wave file says in its `bext` chunk at which sample since midnight it begins, counted from the source timecode, so it
falls into place beside the picture. One that grows over 4 GB is RF64 (EBU Tech 3306).
"""

import struct
import unicodedata
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av import AudioFrame
from av.audio.stream import AudioStream
from av.codec.context import Flags
from numpy.typing import NDArray

from catalogue.timecode import parse_timecode

from ..errors import NotVideo
from ..places.place import Source
from ..reading.facts import Sound, first_heard
from ..reading.index import Index
from ..reading.points import sample_window
from .labels import Labels
from .sound import samples_of

Heard = Callable[[int], object]
_DEEP = ("s32", "s32p", "flt", "fltp", "dbl", "dblp", "s64")
_MP3_RATES = (48_000, 44_100, 32_000)
_MP3_BITS = 192_000
_MOST_RIFF = 0xFFFF_FFFF
_BLOCK = 1152 * 8
# What Unicode does not take apart into ASCII.
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "©": "(c)"}
    | {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O"}
)


def write_wave(source: Source, index: Index, first: int, last: int, target: Path, labels: Labels, heard: Heard) -> None:
    """Writes all channels of all sound tracks for frames [first, last), at the first track's rate: 16 bits when the
    master has no more, else 24. `heard` hears how many samples are done. NotVideo when the film is silent."""
    tracks = _tracks(source, index)
    rate = tracks[0].sample_rate
    start, count = sample_window(index, first, last, rate)
    depth = 3 if any(track.sample_format in _DEEP for track in tracks) else 2
    channels = sum(track.channels for track in tracks)
    with target.open("wb") as file:
        _write_head(file, channels, rate, depth, count, _broadcast(index, first, rate, labels), labels)
        done = 0
        for block in _together(source, tracks, rate, start, count):
            file.write(_packed(block, depth))
            done += block.shape[1]
            heard(done)
        if done * channels * depth % 2:
            file.write(b"\0")


def write_mp3(source: Source, index: Index, first: int, last: int, target: Path, labels: Labels, heard: Heard) -> None:
    """Writes the sound that is heard first for frames [first, last) as MP3 at 192 kb/s, in one or two channels."""
    tracks = first_heard(_tracks(source, index))
    rate = tracks[0].sample_rate if tracks[0].sample_rate in _MP3_RATES else _MP3_RATES[0]
    start, count = sample_window(index, first, last, rate)
    layout = "mono" if sum(track.channels for track in tracks) == 1 else "stereo"
    # In 5.1 the voice is in the middle; of channels that nobody named the first two are left and right.
    mixed = layout if tracks[0].channels > 2 and "channels" not in tracks[0].layout else ""
    said = {
        "title": labels.title,
        "artist": labels.credit,
        "copyright": labels.terms or labels.credit,
        "comment": labels.line,
        "date": labels.day,
    }
    with av.open(str(target), "w", format="mp3", options={"fflags": "+bitexact", "id3v2_version": "3"}) as output:
        output.metadata.update({name: value for name, value in said.items() if value})
        stream = output.add_stream("libmp3lame", rate=rate, layout=layout)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = _MP3_BITS
        stream.codec_context.flags |= Flags.bitexact
        done = 0
        for block in _together(source, tracks, rate, start, count, mixed):
            floats = np.ascontiguousarray(block[:2], "float32") / np.float32(2**31)
            for at in range(0, floats.shape[1], _BLOCK):
                piece = np.ascontiguousarray(floats[:, at : at + _BLOCK])
                frame = AudioFrame.from_ndarray(piece, "fltp", layout)
                frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), done
                done += frame.samples
                output.mux(stream.encode(frame))
            heard(done)
        output.mux(stream.encode(None))


def _tracks(source: Source, index: Index) -> tuple[Sound, ...]:
    if not index.facts.sounds:
        raise NotVideo(str(source), "has no sound", "choose a profile with picture")
    return index.facts.sounds


def _together(
    source: Source, tracks: tuple[Sound, ...], rate: int, start: int, count: int, mixed: str = ""
) -> Iterator[NDArray[np.int32]]:
    """Samples of all tracks side by side, (channels, samples), as whole numbers of 32 bits, each `mixed` to a layout
    if one is given."""
    each = [_even(samples_of(source, track.stream, rate, start, count, "s32", mixed)) for track in tracks]
    for blocks in zip_longest(*each):
        present = [block for block in blocks if block is not None]
        yield np.concatenate(present) if len(present) > 1 else present[0]


def _even(blocks: Iterator[NDArray[Any]], size: int = 48_000) -> Iterator[NDArray[Any]]:
    """The same samples in blocks of one size, the last one shorter, so that tracks lie side by side."""
    kept: list[NDArray[Any]] = []
    have = 0
    for block in blocks:
        kept.append(block)
        have += block.shape[1]
        if have >= size:
            whole = np.concatenate(kept, axis=1)
            for at in range(0, have - size + 1, size):
                yield whole[:, at : at + size]
            kept = [whole[:, have - have % size :]]
            have %= size
    if have:
        yield np.concatenate(kept, axis=1)


def _packed(block: NDArray[np.int32], depth: int) -> bytes:
    """Samples as a wave file holds them: interleaved, little-endian, the highest two or three of four bytes."""
    interleaved = np.ascontiguousarray(block.T.astype("<i4"))
    return interleaved.view(np.uint8).reshape(-1, 4)[:, 4 - depth :].tobytes()


def _broadcast(index: Index, first: int, rate: int, labels: Labels) -> bytes:
    """The bext chunk's content, version 1 (EBU Tech 3285, 2.3): fields of fixed size in ASCII."""
    frames = parse_timecode(index.timecode(first), index.rate)
    midnight = round(frames / index.rate * rate)
    head = _ascii(labels.line, 256) + _ascii(labels.credit, 32) + _ascii(labels.reference, 32)
    clock = labels.timecode.replace(";", ":")[:8]
    head += _ascii(labels.day, 10) + _ascii(clock, 8)
    history = f"A=PCM,F={rate},T=Duplex; {labels.source}\r\n"
    return head + struct.pack("<QH", midnight, 1) + bytes(64 + 190) + history.encode("ascii", "replace")


def _ascii(text: str, size: int) -> bytes:
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore")
    return plain[:size].ljust(size, b"\0")


def _write_head(file: BinaryIO, channels: int, rate: int, depth: int, count: int, bext: bytes, labels: Labels) -> None:
    """Everything before the samples. The size of what follows is known, so nothing is written twice."""
    said = ((b"INAM", labels.title), (b"IART", labels.credit), (b"ICOP", labels.terms), (b"ICRD", labels.day))
    info = b"INFO" + b"".join(_chunk(name, value.encode() + b"\0") for name, value in said if value)
    form = _form(channels, rate, depth)
    data = count * channels * depth
    before = _chunk(b"bext", bext) + _chunk(b"fmt ", form) + _chunk(b"LIST", info)
    whole = 4 + len(before) + 8 + data + data % 2
    if whole + 36 > _MOST_RIFF:
        sizes = struct.pack("<QQQI", whole + 36, data, count, 0)
        file.write(b"RF64" + struct.pack("<I", _MOST_RIFF) + b"WAVE" + _chunk(b"ds64", sizes) + before)
        file.write(b"data" + struct.pack("<I", _MOST_RIFF))
    else:
        file.write(b"RIFF" + struct.pack("<I", whole) + b"WAVE" + before + b"data" + struct.pack("<I", data))


def _form(channels: int, rate: int, depth: int) -> bytes:
    """The fmt chunk's content: plain PCM, or extensible from three channels on, which are then no loudspeakers."""
    size = channels * depth
    plain = struct.pack("<HHIIHH", 1 if channels < 3 else 0xFFFE, channels, rate, rate * size, size, depth * 8)
    if channels < 3:
        return plain
    pcm = bytes.fromhex("0100000000001000800000aa00389b71")
    return plain + struct.pack("<HHI", 22, depth * 8, 0) + pcm


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
