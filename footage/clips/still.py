"""One frame of a film as a JPEG picture, with its credit inside as three kinds of programs look for it: Exif, IPTC and
XMP."""

import struct
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from av import VideoFrame
from av.filter import Graph
from PIL import Image

from ..errors import BadTarget
from ..places.place import Source
from ..reading.facts import PROGRESSIVE
from ..reading.index import Index, shape
from .labels import Labels
from .picture import frames_of, pulled
from .toning import is_hdr, toned

_QUALITY = 95
# JPEG counts its sides in 16 bits.
_LONGEST = 65_500
_DESCRIPTION, _SOFTWARE, _ARTIST, _COPYRIGHT = 0x010E, 0x0131, 0x013B, 0x8298


def write_still(source: Source, index: Index, frame: int, target: Path, labels: Labels) -> None:
    """Writes a frame as it is shown: square pixels, upright, one picture of two fields."""
    picture = upright(shown_whole(source, index, frame), index)
    width, height = picture.width, picture.height
    wanted = round(height * shape(index))
    if wanted != width and 0 < wanted < _LONGEST:
        picture = picture.resize((wanted, height), Image.Resampling.LANCZOS)
    exif = Image.Exif()
    for tag, text in (
        (_DESCRIPTION, labels.line),
        (_ARTIST, labels.credit),
        (_COPYRIGHT, labels.terms or labels.credit),
        (_SOFTWARE, "Duplex"),
    ):
        if text:
            exif[tag] = text.encode()  # in UTF-8, as the Metadata Working Group advises
    try:
        picture.save(target, "JPEG", quality=_QUALITY, subsampling=0, optimize=True, exif=exif, xmp=_xmp(labels))
        target.write_bytes(with_iptc(target.read_bytes(), labels))
    except OSError as error:
        what = f"the picture cannot be written ({error.strerror or error})"
        raise BadTarget(str(target.parent), what, "make room there or choose another folder") from error


def upright(frame: VideoFrame, index: Index) -> Image.Image:
    """A frame in the pixels that it has, without lines that hold no picture, turned as it is shown; of one in high
    dynamic range what a JPEG can show."""
    said = index.facts.picture
    raster = toned(frame.to_ndarray(format="rgb48le"), said) if is_hdr(said) else frame.to_ndarray(format="rgb24")
    picture = Image.fromarray(raster)
    return picture.crop((0, said.above, said.width, said.height)).rotate(said.rotation, expand=True)


def shown_whole(source: Source, index: Index, frame: int) -> VideoFrame:
    """A frame; of two fields shown after each other one picture is made, with the help of its neighbours."""
    if index.facts.picture.scan == PROGRESSIVE:
        return next(frames_of(source, index, frame, frame + 1))
    first, last = max(0, frame - 1), min(index.frames, frame + 2)
    return list(_deinterlaced(frames_of(source, index, first, last)))[frame - first]


def _deinterlaced(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    graph: Graph | None = None
    for frame in frames:
        if graph is None:
            graph = Graph()
            begin = graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
            )
            both = graph.add("bwdif", "mode=send_frame:deint=all"), graph.add("buffersink")
            graph.link_nodes(begin, *both).configure()
        graph.vpush(frame)
        yield from pulled(graph)
    if graph is not None:
        graph.vpush(None)
        yield from pulled(graph)


def _xmp(labels: Labels) -> bytes:
    """An XMP packet (ISO 16684-1) with the Dublin Core, rights and Photoshop fields that picture desks read."""

    def alternative(name: str, text: str) -> str:
        item = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
        return f"<{name}>{item}</{name}>" if text else ""

    def plain(name: str, text: str) -> str:
        return f"<{name}>{escape(text)}</{name}>" if text else ""

    creator = f"<dc:creator><rdf:Seq><rdf:li>{escape(labels.credit)}</rdf:li></rdf:Seq></dc:creator>"
    fields = "".join(
        [
            alternative("dc:title", labels.title),
            alternative("dc:description", labels.line),
            alternative("dc:rights", labels.terms or labels.credit),
            alternative("xmpRights:UsageTerms", labels.terms),
            creator if labels.credit else "",
            plain("dc:identifier", labels.reference),
            plain("dc:source", " ".join(part for part in (labels.source, labels.timecode) if part)),
            plain("photoshop:Credit", labels.credit),
            plain("photoshop:DateCreated", labels.day),
            plain("Iptc4xmpCore:Location", labels.place),
        ]
    )
    names = " ".join(
        f'xmlns:{short}="{long}"'
        for short, long in (
            ("dc", "http://purl.org/dc/elements/1.1/"),
            ("xmpRights", "http://ns.adobe.com/xap/1.0/rights/"),
            ("photoshop", "http://ns.adobe.com/photoshop/1.0/"),
            ("Iptc4xmpCore", "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"),
        )
    )
    about = f'<rdf:Description rdf:about="" {names}>{fields}</rdf:Description>'
    rdf = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{about}</rdf:RDF>'
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>'
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{packet}<?xpacket end="w"?>'.encode()


def with_iptc(jpeg: bytes, labels: Labels) -> bytes:
    """A JPEG with the fields of IPTC-IIM (version 4) in an APP13 segment behind its first one, in UTF-8."""
    fields = (
        (5, labels.title, 64),
        (80, labels.credit, 32),
        (103, labels.reference, 32),
        (110, labels.credit, 32),
        (115, labels.source, 32),
        (116, labels.terms or labels.credit, 128),
        (120, labels.line, 2000),
        (55, labels.day.replace("-", ""), 8),
        (92, labels.place, 32),
    )
    # Record 1 says that the text of record 2 is UTF-8 (ISO 2022: ESC % G).
    records = b"\x1c\x01\x5a\x00\x03\x1b%G" + b"\x1c\x02\x00\x00\x02\x00\x04"
    records += b"".join(
        b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(value)) + value
        for number, text, most in fields
        if (value := text.encode()[:most].decode("utf-8", "ignore").encode())
    )
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records + b"\0" * (len(records) % 2)
    body = b"Photoshop 3.0\0" + resource
    # Behind SOI and the APP0 segment that begins the file.
    at = 4 + struct.unpack(">H", jpeg[4:6])[0]
    return jpeg[:at] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + jpeg[at:]
