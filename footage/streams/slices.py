"""The beginning of slice headers of H.264 (ITU-T H.264, 7.3.3): where a picture stands in its sequence."""

import msgspec

from .bits import BitReader, without_emulation
from .h264 import PictureSet, SequenceSet
from .units import IDR, SEI, units_of

# No header of ours is longer; one that is reads as EOFError and is not understood.
_HEAD = 96
_RECOVERY_POINT = 6
P_SLICE, B_SLICE, I_SLICE = 0, 1, 2


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a slice's picture stands: its numbers, and at which bit of the payload each is written.

    `order_at` is -1 where the sequence counts no orders; `below` is by how much the lower field's order differs.
    """

    kind: int
    reference: int
    type: int
    field: bool
    picture: PictureSet
    frame_number: int
    number_at: int
    order: int
    order_at: int
    below: int
    ends: int

    @property
    def intra(self) -> bool:
        """Whether it is an I slice."""
        return self.type == I_SLICE


def place_of(unit: bytes, sequence: SequenceSet, pictures: dict[int, PictureSet]) -> Place:
    """The place of a slice. EOFError or KeyError when its header is not understood."""
    bits = BitReader(without_emulation(unit[1:_HEAD]))
    kind, reference = unit[0] & 31, unit[0] >> 5 & 3
    bits.ue()
    type, picture = bits.ue() % 5, pictures[bits.ue()]
    number_at, number = bits.at, bits.take(sequence.frame_number_bits)
    field = not sequence.frames_only and bool(bits.take(1))
    if field:
        bits.take(1)
    if kind == IDR:
        bits.ue()
    order_at, order, below = -1, 0, 0
    if sequence.order_type == 0:
        order_at, order = bits.at, bits.take(sequence.order_bits)
        below = bits.se() if picture.order_present and not field else 0
    return Place(
        kind=kind,
        reference=reference,
        type=type,
        field=field,
        picture=picture,
        frame_number=number,
        number_at=number_at,
        order=order,
        order_at=order_at,
        below=below,
        ends=bits.at,
    )


def recovers(sample: bytes) -> bool:
    """Whether a sample says that every picture shown from it on can be decoded from it on: a recovery point (D.1.8)
    that counts no frames."""
    for unit in units_of(sample):
        if unit[0] & 31 != SEI:
            continue
        data, at = without_emulation(unit[1:]), 0
        while at + 2 <= len(data) - 1:
            kind, at = _ff_coded(data, at)
            size, at = _ff_coded(data, at)
            if kind == _RECOVERY_POINT:
                return bool(data[at : at + 1] and data[at] & 0x80)
            at += size
    return False


def _ff_coded(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(data) and data[at] == 255:
        value, at = value + 255, at + 1
    return value + (data[at] if at < len(data) else 0), at + 1
