"""Reading H.264 streams: bits, parameter sets, and what a sample is."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footage.reading.index import Index
from footage.streams.bits import BitReader, with_emulation, without_emulation
from footage.streams.h264 import merged, read_configuration
from footage.streams.units import IDR, SLICE, kind_of, units_of

Film = tuple[Path, Index]
Named = Callable[[str], Film]

risky = st.lists(st.sampled_from([b"\0", b"\1", b"\2", b"\3", b"\xff"]), max_size=40).map(b"".join)


@given(risky)
def test_a_safe_payload_holds_no_start_code_and_reads_back(data: bytes) -> None:
    payload = data + b"\x80"  # a payload ends with its stop bit, so never with zeros
    safe = with_emulation(payload)
    assert without_emulation(safe) == payload
    assert not any(code in safe for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))


def test_exponential_codes_read_as_the_standard_lists_them() -> None:
    bits = BitReader(bytes((0b10100110, 0b01000010, 0b10000000)))
    assert [bits.ue() for _ in range(5)] == [0, 1, 2, 3, 4]
    signed = BitReader(bytes((0b10100110, 0b01000010, 0b10000000)))
    assert [signed.se() for _ in range(5)] == [0, 1, -1, 2, -2]
    with pytest.raises(EOFError):
        BitReader(b"\0").ue()


def record_of(film: Film) -> bytes:
    with av.open(str(film[0])) as opened:
        return opened.streams.video[0].codec_context.extradata or b""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("closed", (0, 100, 1, 8, 0, True, True)),
        ("sliced", (1, 100, 1, 8, 0, True, False)),
        ("deep", (0, 122, 2, 10, 0, True, True)),
        ("forward", (0, 66, 1, 8, 2, True, False)),
        ("interlaced", (0, 100, 1, 8, 0, False, True)),
        ("example.mp4", (0, 77, 1, 8, 0, True, True)),
    ],
)
def test_parameter_sets_say_what_the_encoder_was_told(
    film_named: Named, name: str, said: tuple[int, int, int, int, int, bool, bool]
) -> None:
    read = read_configuration(record_of(film_named(name)))
    assert read is not None
    sequence = read.sequence
    seen = (sequence.id, sequence.profile, sequence.chroma, sequence.depth, sequence.order_type, sequence.frames_only)
    assert (*seen, read.pictures[0].cabac) == said


@pytest.mark.parametrize("name", ["closed", "deep", "forward"])
def test_a_record_cut_short_is_not_read(film_named: Named, name: str) -> None:
    record = record_of(film_named(name))
    read = read_configuration(record)
    assert read is not None
    sets = len(read.sequence_bytes) + sum(map(len, read.picture_bytes))
    assert all(read_configuration(record[:size]) is None for size in range(sets + 6))


def test_one_record_does_not_take_two_sets_under_one_number(film_named: Named) -> None:
    own = read_configuration(record_of(film_named("closed")))
    other = read_configuration(record_of(film_named("sliced")))
    assert own is not None
    assert other is not None
    record = merged(own, other.sequence_bytes, other.picture_bytes)
    assert own.sequence_bytes in record
    assert other.sequence_bytes in record
    assert read_configuration(record) is None
    with pytest.raises(ValueError, match="cannot stand beside"):
        merged(own, own.sequence_bytes, own.picture_bytes)


def test_a_sample_with_a_foreign_parameter_set_or_two_pictures_is_not_understood(film_named: Named) -> None:
    path, index = film_named("closed")
    read = read_configuration(record_of((path, index)))
    assert read is not None
    known = frozenset((read.sequence_bytes, *read.picture_bytes))
    with av.open(str(path)) as opened:
        first, second = [bytes(packet) for packet in opened.demux(video=0) if packet.size][:2]
    assert (kind_of(first, known), kind_of(second, known)) == (IDR, SLICE)
    assert kind_of(second + second, known) is None
    assert kind_of(second[:-1], known) is None
    own = len(read.sequence_bytes).to_bytes(4) + read.sequence_bytes
    assert kind_of(own + first, known) == IDR
    assert kind_of(own + first, frozenset()) is None
    assert b"".join(len(unit).to_bytes(4) + unit for unit in units_of(first)) == first
