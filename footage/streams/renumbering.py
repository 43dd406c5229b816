"""How a picture of an open group of H.264 gets another place in its sequence without a bit of its content changing.

An open group begins with an I picture that is no IDR picture. Copied, it becomes one, and every picture up to the next
IDR picture counts from it: frame numbers and display orders are fields of fixed length, so only their bits change; and
pictures no longer forget those from before, which they never met.
"""

from collections.abc import Sequence

from .bits import BitReader, with_emulation, without_emulation
from .h264 import PictureSet, SequenceSet
from .marking import Marking, marking_of
from .slices import Place, place_of
from .units import IDR, SEI, SLICE, units_of

# No header is longer, not even one that weighs 32 references.
_HEADER = 512
# No decoder remembers more pictures (A.3.1), and none is forgotten later than so many after it.
_REMEMBERED = 64


class Renumbering:
    """Counts the pictures after an I picture from that picture on; told them one after another, in decode order."""

    def __init__(self, first: bytes, sequence: SequenceSet, pictures: dict[int, PictureSet]) -> None:
        """`first` is the sample of the I picture. EOFError or KeyError when it is not understood."""
        self.sequence, self.pictures = sequence, pictures
        unit = next((unit for unit in units_of(first) if unit[0] & 31 == SLICE), b"")
        place = self._place(unit)
        # The earlier of both fields has the order 0.
        self._first, self._order = place.frame_number, place.order + min(0, place.below)
        self._latest, self._passed = place.frame_number, 0

    def sample(self, data: bytes, *, first: bool) -> bytes:
        """A sample with its slices renumbered, those of the `first` as IDR slices; parameter sets are left out, for
        they stand in the configuration. Recovery points stay, by which players seek. EOFError when it is not
        understood."""
        kinds = (SLICE, IDR) if first else (SLICE, IDR, SEI)
        units = [unit for unit in units_of(data) if unit[0] & 31 in kinds]
        moved = [unit if unit[0] & 31 == SEI else self._rewritten(unit, first=first) for unit in units]
        return b"".join(len(unit).to_bytes(4) + unit for unit in moved)

    def _place(self, unit: bytes) -> Place:
        return place_of(unit, self.sequence, self.pictures)

    def _rewritten(self, unit: bytes, *, first: bool) -> bytes:
        place = self._place(unit)
        count = 1 << self.sequence.frame_number_bits
        self._passed += (place.frame_number - self._latest) % count
        self._latest = place.frame_number
        number, order = (place.frame_number - self._first) % count, place.order - self._order
        order %= 1 << max(1, self.sequence.order_bits)
        if not first and (not place.reference or self._passed > _REMEMBERED):
            return _in_place(unit, place, self.sequence, number, order)
        marking = marking_of(BitReader(without_emulation(unit[1:_HEADER])), place, self.sequence)
        forgotten = [command for command in marking.commands if command[2] > self._passed]
        if first:
            if not place.intra or place.field or not place.reference or marking.kept:
                raise EOFError
        elif not forgotten:
            return _in_place(unit, place, self.sequence, number, order)
        return self._written(unit, place, marking, forgotten, (number, order), first=first)

    def _written(
        self,
        unit: bytes,
        place: Place,
        marking: Marking,
        forgotten: Sequence[tuple[int, int, int]],
        numbers: tuple[int, int],
        *,
        first: bool,
    ) -> bytes:
        """A slice with a header of another length. As the `first` it becomes an IDR slice: another kind, a number for
        the IDR picture, the marking of one; else it no longer forgets pictures from before the first. After the header
        data coded arithmetically stand at a whole byte again (7.3.4)."""
        payload, sequence = without_emulation(unit[1:]), self.sequence
        out = _Bits(payload, place.number_at)
        out.put(numbers[0], sequence.frame_number_bits)
        at = place.number_at + sequence.frame_number_bits
        if not sequence.frames_only:
            out.copy(payload, at, at + 1)
        if first:
            out.put(0b010, 3)  # idr_pic_id 1, as Exp-Golomb: our encoder's own IDR pictures are number 0
        at = place.ends
        if place.order_at >= 0:
            out.put(numbers[1], sequence.order_bits)
            out.copy(payload, place.order_at + sequence.order_bits, at)
        out.copy(payload, at, marking.begins)
        at = marking.begins
        if first:
            out.put(0, 2)
            at, forgotten = marking.after, ()
        for start, end, _ in forgotten:
            out.copy(payload, at, start)
            at = end
        out.copy(payload, at, marking.ends)
        if place.picture.cabac:
            out.align()
            data = out.bytes() + payload[(marking.ends + 7) // 8 :]
        else:
            out.copy(payload, marking.ends, 8 * len(payload))
            data = out.bytes().rstrip(b"\0")
        kind = unit[0] & 0xE0 | IDR if first else unit[0]
        return bytes((kind,)) + with_emulation(data)


def _in_place(unit: bytes, place: Place, sequence: SequenceSet, number: int, order: int) -> bytes:
    """A slice with other numbers, which are of fixed length: nothing else moves."""
    payload = bytearray(without_emulation(unit[1:_HEADER]))
    _put(payload, place.number_at, sequence.frame_number_bits, number)
    if place.order_at >= 0:
        _put(payload, place.order_at, sequence.order_bits, order)
    # Up to a byte that is not zero and was not touched: what follows it is escaped as before.
    touched, end = (place.ends + 7) // 8, len(payload) - 3 * (len(unit) > _HEADER)
    whole = next((at + 1 for at in range(touched, end) if payload[at]), 0)
    if not whole:
        raise EOFError
    return unit[:1] + with_emulation(bytes(payload[:whole])) + unit[1 + _escaped(unit[1:_HEADER], whole) :]


class _Bits:
    """Bits put one behind the other, after the first `count` of a payload."""

    def __init__(self, payload: bytes, count: int) -> None:
        self._value = int.from_bytes(payload[: (count + 7) // 8]) >> -count % 8
        self._count = count

    def put(self, value: int, count: int) -> None:
        self._value, self._count = self._value << count | value, self._count + count

    def copy(self, payload: bytes, first: int, last: int) -> None:
        part = int.from_bytes(payload[first // 8 : (last + 7) // 8]) >> -last % 8
        self.put(part & ((1 << (last - first)) - 1), last - first)

    def align(self) -> None:
        self.put((1 << -self._count % 8) - 1, -self._count % 8)

    def bytes(self) -> bytes:
        short = -self._count % 8
        return (self._value << short).to_bytes((self._count + short) // 8)


def _put(payload: bytearray, at: int, count: int, value: int) -> None:
    """Writes a number of `count` bits at a bit of the payload."""
    first, last = at // 8, (at + count + 7) // 8
    shift = 8 * last - at - count
    span = int.from_bytes(payload[first:last]) & ~(((1 << count) - 1) << shift)
    payload[first:last] = (span | value << shift).to_bytes(last - first)


def _escaped(data: bytes, count: int) -> int:
    """How many bytes of an escaped payload hold its first `count` bytes."""
    at = zeros = 0
    while count:
        if zeros >= 2 and data[at] == 3:
            at, zeros = at + 1, 0
            continue
        zeros = zeros + 1 if data[at] == 0 else 0
        at, count = at + 1, count - 1
    return at
