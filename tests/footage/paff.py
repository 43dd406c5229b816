"""H.264 whose fields are pictures of their own (PAFF), written sample by sample: no encoder at hand does.

Macroblocks are I_PCM (ITU-T H.264, 7.3.5), the samples themselves, so a decoder gives exactly what was put in.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 192
_ORDER_BITS, _NUMBER_BITS = 8, 4
_I_PCM = 25


class _Bits:
    def __init__(self) -> None:
        self.text: list[str] = []

    def u(self, value: int, size: int) -> None:
        self.text.append(f"{value:0{size}b}")

    def ue(self, *values: int) -> None:
        for value in values:
            code = f"{value + 1:b}"
            self.text.append("0" * (len(code) - 1) + code)

    def bytes(self) -> bytes:
        line = "".join(self.text) + "1"
        line += "0" * (-len(line) % 8)
        return int(line, 2).to_bytes(len(line) // 8)


def _unit(head: int, payload: bytes) -> bytes:
    """A unit of a byte stream; of the samples none is so low that start codes could be emulated, but headers are."""
    escaped, zeros = bytearray(), 0
    for value in payload:
        if zeros >= 2 and value <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(value)
        zeros = zeros + 1 if value == 0 else 0
    return b"\0\0\0\1" + bytes((head,)) + bytes(escaped)


def _sets() -> bytes:
    sequence = _Bits()
    for value in (77, 0, 40):
        sequence.u(value, 8)
    sequence.ue(0, _NUMBER_BITS - 4, 0, _ORDER_BITS - 4, 2)
    sequence.u(0, 1)
    sequence.ue(WIDTH // 16 - 1, HEIGHT // 32 - 1)
    for bit in (0, 0, 1, 0, 0):  # fields allowed, no MBAFF, 8x8 inference, no cropping, no VUI
        sequence.u(bit, 1)
    picture = _Bits()
    picture.ue(0, 0)
    picture.u(0, 2)
    picture.ue(0, 0, 0)
    picture.u(0, 3)
    picture.ue(0, 0, 0)
    picture.u(0b100, 3)
    return _unit(0x67, sequence.bytes()) + _unit(0x68, picture.bytes())


def _field(luma: NDArray[np.uint8], bottom: int, number: int, order: int, idr: bool) -> bytes:
    head = _Bits()
    head.ue(0, 7, 0)
    head.u(number % (1 << _NUMBER_BITS), _NUMBER_BITS)
    head.u(0b10 | bottom, 2)
    if idr:
        head.ue(0)
    head.u(order % (1 << _ORDER_BITS), _ORDER_BITS)
    head.u(0, 2 if idr else 1)
    head.ue(0, 1)
    text = "".join(head.text)
    data = bytearray()
    chroma = bytes((128,)) * 128
    first = True
    for down in range(0, luma.shape[0], 16):
        for across in range(0, luma.shape[1], 16):
            kind = "0" * 4 + f"{_I_PCM + 1:05b}"
            text = text + kind if first else kind
            text += "0" * (-len(text) % 8)
            data += int(text, 2).to_bytes(len(text) // 8)
            data += luma[down : down + 16, across : across + 16].tobytes() + chroma
            first, text = False, ""
    return _unit(0x65 if idr else 0x61, bytes(data) + b"\x80")


def stream(rasters: Iterator[NDArray[np.uint8]], group: int = 6) -> bytes:
    """A byte stream of luma rasters of WIDTH x HEIGHT, none darker than 4, each as a top and a bottom field; an IDR
    picture at each `group`."""
    parts = []
    for count, raster in enumerate(rasters):
        place = count % group
        parts.append(_sets() if not place else b"")
        parts.append(_field(raster[0::2], 0, place, 2 * place, idr=not place))
        parts.append(_field(raster[1::2], 1, place, 2 * place + 1, idr=False))
    return b"".join(parts)
