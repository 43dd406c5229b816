"""Archives laid out before they are sent, read by other programs; beyond four gigabytes too."""

import io
import zipfile
import zlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_api.downloads.zipping import Member, layout, member

DAY = date(2026, 3, 14)


def written(members: list[Member], media: bytes) -> bytes:
    return b"".join(part if isinstance(part, bytes) else media for part in layout(members, DAY))


@given(st.lists(st.binary(max_size=200), max_size=6), st.binary(min_size=1, max_size=500))
def test_a_zip_program_reads_every_member_as_it_was(papers: list[bytes], media: bytes) -> None:
    members = [member(f"dossier/é {number}.txt", data) for number, data in enumerate(papers)]
    members.append(Member("dossier/film.mp4", len(media), zlib.crc32(media)))
    with zipfile.ZipFile(io.BytesIO(written(members, media))) as archive:
        assert archive.testzip() is None
        assert [archive.read(info) for info in archive.infolist()] == [*papers, media]
        assert [info.filename for info in archive.infolist()] == [each.name for each in members]
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in archive.infolist()} == {(2026, 3, 14, 12, 0, 0)}


class Sparse(io.RawIOBase):
    """An archive whose media is nothing but zeros, read without being written anywhere."""

    def __init__(self, parts: list[bytes | Member]) -> None:
        self.parts, self.at = parts, 0
        self.size = sum(len(part) if isinstance(part, bytes) else part.size for part in parts)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.at

    def seek(self, offset: int, whence: int = 0) -> int:
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def readinto(self, buffer: Any) -> int:
        data, start = b"", 0
        want = min(len(buffer), self.size - self.at)
        for part in self.parts:
            size = len(part) if isinstance(part, bytes) else part.size
            first, last = max(self.at, start), min(self.at + want, start + size)
            if first < last:
                data += part[first - start : last - start] if isinstance(part, bytes) else bytes(last - first)
            start += size
        buffer[: len(data)] = data
        self.at += len(data)
        return len(data)


@pytest.mark.parametrize("size", [0xFFFFFFFE, 0xFFFFFFFF, 0x1_0000_0000, 40_000_000_000])
def test_a_film_over_four_gigabytes_is_in_an_archive_that_says_so(size: int) -> None:
    members = [member("a.txt", b"before"), Member("film.mov", size, 0), member("b.txt", b"after")]
    with zipfile.ZipFile(Sparse(layout(members, DAY))) as archive:
        assert [info.file_size for info in archive.infolist()] == [6, size, 5]
        assert archive.read("b.txt") == b"after"
        with archive.open("film.mov") as film:
            assert film.read(1000) == bytes(1000)
