"""An archive laid out before it is sent: stored, not deflated, so that each byte's place is known without writing it.

PKWARE's APPNOTE 6.3.10: local headers (4.3.7), central directory (4.3.12), and ZIP64 (4.3.14, 4.5.3) where a size or a
place goes beyond four bytes. The media stays where it is: the layout only says where it belongs, so a package costs no
second copy of a film, and any part of it can be sent.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_MOST = 0xFFFF_FFFF
_MOST_MEMBERS = 0xFFFF
_UTF8 = 0x0800
_PLAIN, _ZIP64 = 20, 45
_UNIX_FILE = 0o100644 << 16


@dataclass(frozen=True)
class Member:
    """One file of the archive. `data` is what it holds; None for the media, which is named by its size and CRC-32."""

    name: str
    size: int
    crc: int
    data: bytes | None = None


def member(name: str, data: bytes) -> Member:
    """A member of a few bytes, held in memory."""
    return Member(name, len(data), zlib.crc32(data), data)


def layout(members: Sequence[Member], day: date) -> list[bytes | Member]:
    """The archive in order: bytes as they are, and in their place the members whose bytes lie elsewhere.

    `day` is the date that every member gets, at noon: the same members always make the same archive.
    """
    stamp = (12 << 11, (max(day.year, 1980) - 1980 << 9) | day.month << 5 | day.day)
    parts: list[bytes | Member] = []
    places: list[int] = []
    at = 0
    held = bytearray()
    for each in members:
        places.append(at)
        head = _local_header(each, stamp)
        held += head
        at += len(head) + each.size
        if each.data is None:
            parts += [bytes(held), each]
            held.clear()
        else:
            held += each.data
    directory = b"".join(_central_header(each, place, stamp) for each, place in zip(members, places, strict=True))
    held += directory + _end(len(members), len(directory), at)
    return [*parts, bytes(held)]


def _local_header(each: Member, stamp: tuple[int, int]) -> bytes:
    name = each.name.encode()
    large = each.size >= _MOST
    extra = struct.pack("<HHQQ", 1, 16, each.size, each.size) if large else b""
    size = _MOST if large else each.size
    version = _ZIP64 if large else _PLAIN
    fields = (0x04034B50, version, _UTF8, 0, *stamp, each.crc, size, size, len(name), len(extra))
    return struct.pack("<IHHHHHIIIHH", *fields) + name + extra


def _central_header(each: Member, place: int, stamp: tuple[int, int]) -> bytes:
    name = each.name.encode()
    far = [each.size, each.size] if each.size >= _MOST else []
    far += [place] if place >= _MOST else []
    extra = struct.pack(f"<HH{len(far)}Q", 1, 8 * len(far), *far) if far else b""
    size, version = min(each.size, _MOST), _ZIP64 if far else _PLAIN
    made_by = 3 << 8 | version
    fields = (0x02014B50, made_by, version, _UTF8, 0, *stamp, each.crc, size, size, len(name), len(extra))
    more = (0, 0, 0, _UNIX_FILE, min(place, _MOST))
    return struct.pack("<IHHHHHHIIIHHHHHII", *fields, *more) + name + extra


def _end(count: int, size: int, place: int) -> bytes:
    """The end of the archive, preceded by its ZIP64 kin when a number is too large."""
    end = b""
    if count >= _MOST_MEMBERS or size >= _MOST or place >= _MOST:
        fields = (0x06064B50, 44, 3 << 8 | _ZIP64, _ZIP64, 0, 0, count, count, size, place)
        end = struct.pack("<IQHHIIQQQQ", *fields) + struct.pack("<IIQI", 0x07064B50, 0, place + size, 1)
    short = min(count, _MOST_MEMBERS)
    return end + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, short, short, min(size, _MOST), min(place, _MOST), 0)
