"""Which frames of an MXF its own metadata leave out: those before the zero point of its track, and those before and
behind the piece that it presents (SMPTE ST 377-1, Origin, StartPosition, Duration). libavformat gives them all.

Cameras keep such frames so that the first one shown can be decoded, and servers that copy a part of a film leave them.
"""

from typing import BinaryIO, NamedTuple

from ..places.place import Source

_KEY, _METADATA = bytes.fromhex("060e2b34"), bytes.fromhex("060e2b34025301010d01010101")
_ESSENCE = bytes.fromhex("060e2b34010201010d010301")
_MATERIAL, _FILE, _CLIP = 0x36, 0x37, 0x11
_UID, _TRACKS, _NUMBER, _SEQUENCE, _ORIGIN = 0x3C0A, 0x4403, 0x4804, 0x4803, 0x4B02
_PARTS, _MEANS, _START, _DURATION = 0x1001, 0x0201, 0x1201, 0x0202
_IS_PICTURE, _OF_PICTURE = bytes.fromhex("0103020201"), (0x05, 0x15)
# No header is longer, and no set in it.
_HEADER_AT_MOST, _SET_AT_MOST = 16 << 20, 1 << 16


class Shown(NamedTuple):
    """What an MXF presents, in frames of its picture track: how many it leaves out first, and how many follow that it
    shows (0 when it does not say)."""

    before: int
    frames: int


class _Set(NamedTuple):
    kind: int
    fields: dict[int, bytes]

    def number(self, tag: int) -> int:
        return int.from_bytes(self.fields.get(tag, b""), signed=True)

    def many(self, tag: int) -> list[bytes]:
        """References of a batch: their count and size in four bytes each, then sixteen bytes for each."""
        data = self.fields.get(tag, b"")[8:]
        return [data[at : at + 16] for at in range(0, len(data) - 15, 16)]


def presented(path: Source) -> Shown:
    """What an MXF presents; all of it when its header does not say otherwise, or cannot be read."""
    with path.open("rb") as file:
        sets = _sets(file)
    before = frames = 0
    for package in [each for each in sets.values() if each.kind in (_MATERIAL, _FILE)]:
        for track in (sets[uid] for uid in package.many(_TRACKS) if uid in sets):
            sequence = sets.get(track.fields.get(_SEQUENCE, b""))
            if sequence is None or sequence.fields.get(_MEANS, b"")[8:13] != _IS_PICTURE:
                continue
            parts = [sets[uid] for uid in sequence.many(_PARTS) if uid in sets]
            if package.kind == _FILE and track.fields.get(_NUMBER, b"\0")[0] in _OF_PICTURE:
                before += max(0, track.number(_ORIGIN))
            elif package.kind == _MATERIAL and len(parts) == 1 and parts[0].kind == _CLIP:
                before += max(0, parts[0].number(_START))
                frames = max(0, parts[0].number(_DURATION))
    return Shown(before, frames)


def _sets(file: BinaryIO) -> dict[bytes, _Set]:
    """The sets of the header's metadata by their own references."""
    sets: dict[bytes, _Set] = {}
    while file.tell() < _HEADER_AT_MOST:
        key = file.read(16)
        if len(key) < 16 or not key.startswith(_KEY) or key.startswith(_ESSENCE):
            break
        length = int.from_bytes(file.read(1))
        if length & 0x80:
            length = int.from_bytes(file.read(length & 0x7F))
        if length > _HEADER_AT_MOST:
            break
        if not key.startswith(_METADATA) or length > _SET_AT_MOST:
            file.seek(length, 1)
            continue
        fields, data, at = {}, file.read(length), 0
        while at + 4 <= len(data):
            size = int.from_bytes(data[at + 2 : at + 4])
            fields[int.from_bytes(data[at : at + 2])] = data[at + 4 : at + 4 + size]
            at += 4 + size
        sets[fields.get(_UID, b"")] = _Set(key[14], fields)
    return sets
