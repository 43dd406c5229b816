"""The parameter sets of an H.264 stream, and the configuration record that holds them in MP4 and MOV.

ITU-T H.264 (ISO/IEC 14496-10), 7.3.2, says how the sets are laid, ISO/IEC 14496-15, 5.3.3.1, how the record is.
Nothing here decodes a picture. What is not understood to the letter is no splice: the readers answer None.
"""

from collections.abc import Iterable

import msgspec

from .bits import BitReader, without_emulation

# From the weakest to the strongest (H.264, annex A): a decoder of one is promised for all before it.
_PROFILES = (66, 77, 100, 110, 122, 244)
# Those whose parameter sets and configuration name the chroma sampling and the depth.
_HIGH = (100, 110, 122, 244)
_LENGTH = 4


class SequenceSet(msgspec.Struct, frozen=True, kw_only=True):
    """What a sequence parameter set (7.3.2.1.1) says, up to the frame's shape."""

    id: int
    profile: int
    flags: int
    level: int
    chroma: int = 1
    depth: int = 8
    frame_number_bits: int
    order_type: int
    order_bits: int
    gaps: bool
    frames_only: bool


class PictureSet(msgspec.Struct, frozen=True, kw_only=True):
    """What a picture parameter set (7.3.2.2) says before its transforms."""

    id: int
    sequence: int
    cabac: bool
    order_present: bool
    references: tuple[int, int]
    weighted: bool
    weighted_both: int
    deblocking: bool
    redundant: bool


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    """An AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1): one sequence set and its picture sets, as bytes."""

    sequence: SequenceSet
    pictures: tuple[PictureSet, ...]
    sequence_bytes: bytes
    picture_bytes: tuple[bytes, ...]

    @property
    def spare_id(self) -> int:
        """A number under which another sequence set and picture set can stand beside these (both stay below 32)."""
        taken = {self.sequence.id, *(each.id for each in self.pictures)}
        return next(number for number in range(1, 32) if number not in taken)


def read_sequence(unit: bytes) -> SequenceSet | None:
    """A sequence parameter set; None when it says something this splice does not understand."""
    return sequence_from(BitReader(without_emulation(unit[1:])))


def sequence_from(bits: BitReader) -> SequenceSet | None:
    """The same from a reader, which stands behind frame_mbs_only_flag afterwards."""
    profile, flags, level, number = bits.take(8), bits.take(8), bits.take(8), bits.ue()
    chroma, depth = 1, 8
    if profile not in _PROFILES:
        return None
    if profile in _HIGH:
        chroma = bits.ue()
        if chroma not in (1, 2, 3) or (chroma == 3 and bits.take(1)):
            return None
        depth, depth_of_chroma, _lossless, scaled = 8 + bits.ue(), 8 + bits.ue(), bits.take(1), bits.take(1)
        if depth != depth_of_chroma or scaled:
            return None
    frame_number_bits, order_type = bits.ue() + 4, bits.ue()
    if order_type == 1:
        return None
    order_bits = bits.ue() + 4 if order_type == 0 else 0
    _references, gaps, _width, _height, frames_only = bits.ue(), bits.take(1), bits.ue(), bits.ue(), bits.take(1)
    return SequenceSet(
        id=number,
        profile=profile,
        flags=flags,
        level=level,
        chroma=chroma,
        depth=depth,
        frame_number_bits=frame_number_bits,
        order_type=order_type,
        order_bits=order_bits,
        gaps=bool(gaps),
        frames_only=bool(frames_only),
    )


def read_picture(unit: bytes) -> PictureSet | None:
    """A picture parameter set; None when it has slice groups, which only Baseline knows and nobody makes."""
    bits = BitReader(without_emulation(unit[1:]))
    number, sequence, cabac, order_present = bits.ue(), bits.ue(), bits.take(1), bits.take(1)
    if bits.ue():
        return None
    references, weighted, weighted_both = (bits.ue() + 1, bits.ue() + 1), bits.take(1), bits.take(2)
    bits.se(), bits.se(), bits.se()
    deblocking, _constrained, redundant = bits.take(1), bits.take(1), bits.take(1)
    return PictureSet(
        id=number,
        sequence=sequence,
        cabac=bool(cabac),
        order_present=bool(order_present),
        references=references,
        weighted=bool(weighted),
        weighted_both=weighted_both,
        deblocking=bool(deblocking),
        redundant=bool(redundant),
    )


def read_configuration(record: bytes) -> Configuration | None:
    """A configuration record; None unless it is whole, counts lengths in four bytes and has one sequence set."""
    try:
        if record[0] != 1 or record[4] & 3 != _LENGTH - 1 or record[5] & 31 != 1:
            return None
        sequences, at = _counted(record, 6, 1)
        pictures, at = _counted(record, at + 1, record[at])
        sequence = read_sequence(sequences[0])
        read = tuple(each for each in map(read_picture, pictures) if each)
    except (IndexError, EOFError):
        return None
    alike = sequence and all(each.sequence == sequence.id for each in read)
    # After the sets may come the shape again (High profiles), then extensions of the sequence set: none may be there.
    if sequence is None or not alike or len(read) < max(1, len(pictures)) or any(record[at + 3 : at + 4]):
        return None
    return Configuration(sequence=sequence, pictures=read, sequence_bytes=sequences[0], picture_bytes=tuple(pictures))


def _counted(record: bytes, at: int, count: int) -> tuple[list[bytes], int]:
    units = []
    for _ in range(count):
        size = int.from_bytes(record[at : at + 2])
        units.append(record[at + 2 : at + 2 + size])
        if len(units[-1]) != size or not size:
            raise EOFError
        at += 2 + size
    return units, at


def merged(master: Configuration, sequence_bytes: bytes, picture_bytes: Iterable[bytes]) -> bytes:
    """One record for both streams: profile and level enough for either (ISO/IEC 14496-15, 5.3.3.1.2).

    ValueError when the other sequence set is of another kind, or stands under the master's number.
    """
    own, other = master.sequence, read_sequence(sequence_bytes)
    if other is None or other.id == own.id or (other.chroma, other.depth) != (own.chroma, own.depth):
        raise ValueError("the encoder made a stream that cannot stand beside the master's")
    profile = max(own.profile, other.profile, key=_PROFILES.index)
    sequences = (master.sequence_bytes, sequence_bytes)
    pictures = (*master.picture_bytes, *picture_bytes)
    record = bytes((1, profile, own.flags & other.flags, max(own.level, other.level), 0xFC | _LENGTH - 1, 0xE0 | 2))
    record += b"".join(len(unit).to_bytes(2) + unit for unit in sequences)
    record += bytes((len(pictures),)) + b"".join(len(unit).to_bytes(2) + unit for unit in pictures)
    if profile in _HIGH:
        record += bytes((0xFC | own.chroma, 0xF8 | own.depth - 8, 0xF8 | own.depth - 8, 0))
    return record
