"""Bits as ITU-T H.264 writes them: fixed lengths, Exp-Golomb codes (9.1), and emulation prevention (7.4.1)."""

import re

_TO_EMULATE = re.compile(rb"\x00\x00(?=[\x00-\x03])")


class BitReader:
    """Reads bits from the highest of the first byte on. EOFError beyond the end."""

    def __init__(self, data: bytes) -> None:
        self._value, self.length = int.from_bytes(data), 8 * len(data)
        self.at = 0

    def take(self, count: int) -> int:
        """So many bits as a number: u(n)."""
        self.at += count
        if self.at > self.length:
            raise EOFError
        return self._value >> (self.length - self.at) & ((1 << count) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb code: ue(v)."""
        zeros = 0
        while not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)

    def se(self) -> int:
        """A signed Exp-Golomb code: se(v)."""
        code = self.ue()
        return (code + 1) // 2 if code % 2 else -(code // 2)


def without_emulation(data: bytes) -> bytes:
    """The payload of a unit, its emulation prevention bytes taken away."""
    return data.replace(b"\0\0\3", b"\0\0")


def with_emulation(data: bytes) -> bytes:
    """The payload of a unit made safe: no three bytes in it look like a start code."""
    return _TO_EMULATE.sub(b"\0\0\3", data)
