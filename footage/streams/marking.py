"""The rest of a slice header of H.264 (ITU-T H.264, 7.3.3.1 to 7.3.3.3), read over to where the slice's data begin."""

import msgspec

from .bits import BitReader
from .h264 import SequenceSet
from .slices import B_SLICE, I_SLICE, P_SLICE, Place


class Marking(msgspec.Struct, frozen=True, kw_only=True):
    """Which pictures a slice takes out of memory (8.2.5.4): each command's first and last bit, and how many pictures
    back it looks (0 for commands that name no short-term picture). `kept` when one keeps the picture itself for long.
    The commands stand between the bits `begins` and `after`; `ends` is where the header ends."""

    commands: tuple[tuple[int, int, int], ...]
    kept: bool
    begins: int
    after: int
    ends: int


def marking_of(bits: BitReader, place: Place, sequence: SequenceSet) -> Marking:
    """Reads on from where the place ends. EOFError when the header is longer than what was given, or never heard of."""
    bits.at = place.ends
    if place.picture.redundant:
        bits.ue()
    if place.type not in (P_SLICE, B_SLICE, I_SLICE):
        raise EOFError
    _over_references(bits, place, sequence)
    begins, adaptive, kept, commands = bits.at, False, False, []
    if place.reference:
        adaptive = bool(bits.take(1))
        while adaptive:
            first, kind = bits.at, bits.ue()
            if kind == 0:
                break
            if kind not in (1, 2, 3, 4, 6):
                raise EOFError
            kept |= kind == 6
            back = bits.ue() + 1 if kind in (1, 3) else 0
            if kind != 1:
                bits.ue()
            commands.append((first, bits.at, back))
    after = bits.at
    if place.picture.cabac and place.type != I_SLICE:
        bits.ue()
    bits.se()
    if place.picture.deblocking and bits.ue() != 1:
        bits.se(), bits.se()
    return Marking(commands=tuple(commands), kept=kept, begins=begins, after=after, ends=bits.at)


def _over_references(bits: BitReader, place: Place, sequence: SequenceSet) -> None:
    if place.type == I_SLICE:
        return
    lists = 2 if place.type == B_SLICE else 1
    if place.type == B_SLICE:
        bits.take(1)
    counts = list(place.picture.references[:lists])
    if bits.take(1):
        counts = [bits.ue() + 1 for _ in range(lists)]
    for _ in range(lists):
        if bits.take(1):
            while (kind := bits.ue()) != 3:
                if kind > 2:
                    raise EOFError
                bits.ue()
    if (place.picture.weighted and place.type == P_SLICE) or (
        place.picture.weighted_both == 1 and place.type == B_SLICE
    ):
        bits.ue(), bits.ue()
        for count in counts:
            for _ in range(count):
                for numbers in (2, 4):
                    if bits.take(1):
                        [bits.se() for _ in range(numbers)]
