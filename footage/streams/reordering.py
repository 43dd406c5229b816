"""How far an H.264 stream says that its pictures are shown out of the order in which they are decoded (ITU-T H.264,
annex E, max_num_reorder_frames).

A decoder that was told of none shows each picture at once. If a stream behind it says that two are held back,
libavcodec takes the first pictures of that stream for ones that come too late, and drops them. So the first says it.
"""

from .bits import BitReader, with_emulation, without_emulation
from .h264 import sequence_from

_EXTENDED_ASPECT = 255


def reordered_like(unit: bytes, other: bytes) -> bytes:
    """A sequence parameter set that says at least as much reordering as another; itself when either says nothing."""
    wanted, payload = _said(other), without_emulation(unit[1:])
    own = _said(unit)
    if wanted is None or own is None or wanted[1] <= own[1]:
        return unit
    at, _count, buffered = own
    bits = f"{int.from_bytes(payload):0{8 * len(payload)}b}"[:at] + _code(wanted[1]) + _code(max(wanted[1], buffered))
    bits += "1" + "0" * (-(len(bits) + 1) % 8)
    return unit[:1] + with_emulation(int(bits, 2).to_bytes(len(bits) // 8))


def _code(value: int) -> str:
    """An unsigned Exp-Golomb code."""
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def _said(unit: bytes) -> tuple[int, int, int] | None:
    """At which bit a set says how many pictures are reordered, how many, and how many are kept; None if it does not."""
    bits = BitReader(without_emulation(unit[1:]))
    try:
        sequence = sequence_from(bits)
        if sequence is None:
            return None
        bits.take(1 if sequence.frames_only else 2)
        if bits.take(1):
            [bits.ue() for _ in range(4)]
        if not bits.take(1):
            return None
        _over_display(bits)
        if not bits.take(1):
            return None
        bits.take(1)
        [bits.ue() for _ in range(4)]
        return bits.at, bits.ue(), bits.ue()
    except EOFError:
        return None


def _over_display(bits: BitReader) -> None:
    """Reads over what a set says of display and buffers (E.1.1), up to bitstream_restriction_flag."""
    if bits.take(1) and bits.take(8) == _EXTENDED_ASPECT:
        bits.take(32)
    if bits.take(1):
        bits.take(1)
    if bits.take(1):
        bits.take(4)
        if bits.take(1):
            bits.take(24)
    if bits.take(1):
        bits.ue(), bits.ue()
    if bits.take(1):
        bits.take(65)
    modelled = False
    for _ in range(2):
        if bits.take(1):
            _over_model(bits)
            modelled = True
    bits.take(2 if modelled else 1)


def _over_model(bits: BitReader) -> None:
    """Reads over the parameters of a hypothetical decoder (E.1.2)."""
    count = bits.ue() + 1
    bits.take(8)
    for _ in range(count):
        bits.ue(), bits.ue(), bits.take(1)
    bits.take(20)
