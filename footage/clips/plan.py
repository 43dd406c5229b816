"""The plan of a clip, made before a byte is written: which frames are copied, which encoded again, and as what.

A master whose every frame stands alone (ProRes, DNxHD, all-intra) is copied whole. Of H.264 that is understood to the
letter the groups in the middle are copied and the edges encoded. Any other is encoded whole. A plan is a row of
pieces, so that copying more changes this module and not its readers.
"""

from typing import Literal

import msgspec

from ..errors import BadTarget
from ..reading.facts import Sound, first_heard
from ..reading.groups import Piece, spare_number, spliced
from ..reading.index import Index
from ..reading.packets import Taken, sample_bytes, taken
from ..reading.points import Passage, sample_window
from .recipes import Container, PictureRecipe, edge_like, in_order, like_master, web

Profile = Literal["master", "h264"]

CONTAINERS: dict[str, Container] = {".mp4": "mp4", ".m4v": "mp4", ".mov": "mov", ".mkv": "matroska", ".mxf": "mxf"}
_NOT_IN_MATROSKA = ("dnxhd",)
_COPIED_IN_MP4 = ("h264", "hevc", "mpeg4", "mjpeg", "av1", "vp9")


class SoundRecipe(msgspec.Struct, frozen=True, kw_only=True):
    """One track: packets of the master `taken` as they are, or PCM of its own kind, or AAC at `bit_rate` bits a second.
    No sample is moved. `right` is there when two tracks of one channel become one of two, with `track` at its left."""

    track: Sound
    encoder: str
    right: Sound | None = None
    bit_rate: int = 0
    taken: Taken | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A clip before it is a file: pieces in order of showing, recipes, and the source timecode of the first frame.

    `configuration` is the master's decoder configuration record where copied and encoded pieces follow each other.
    `laid` clips are the master's own samples under a new table of contents; others are written by an encoder's muxer.
    One in MXF is the plan of a MOV, which is then put into MXF.
    """

    container: Container
    pieces: tuple[Piece, ...]
    picture: PictureRecipe
    sounds: tuple[SoundRecipe, ...]
    timecode: str
    configuration: bytes = b""
    laid: bool = False

    @property
    def kept(self) -> bool:
        """Whether the clip need not be written: it can be read out of its master."""
        return self.laid and self.container != "mxf"

    @property
    def copied(self) -> bool:
        """Whether every byte of picture and sound is the master's own: then there is nothing to decode."""
        pieces = all(piece.how == "copy" for piece in self.pieces)
        return self.kept and pieces and all(sound.taken is not None for sound in self.sounds)

    def frames(self, how: Literal["copy", "encode"]) -> int:
        """How many frames are copied, or encoded."""
        return sum(piece.last - piece.first for piece in self.pieces if piece.how == how)


def container_of(name: str, suffix: str) -> Container:
    """The container that a suffix stands for. BadTarget when a clip cannot be written in it."""
    try:
        return CONTAINERS[suffix.lower()]
    except KeyError:
        what, cure = f"“{suffix}” is no container for a clip", f"end the name in {', '.join(CONTAINERS)}"
        raise BadTarget(name, what, cure) from None


def plan_clip(index: Index, cut: Passage, profile: Profile, container: Container) -> Plan:
    """The plan of a passage in a profile: `master` keeps the master's codec family, `h264` is 1080p for the web."""
    if container == "mxf" and (profile != "master" or index.facts.container != "mxf"):
        what = "a clip is MXF only when its master is, and the profile is master"
        raise BadTarget("the clip", what, "end the name in .mov or .mp4")
    if container == "mxf":
        plan = plan_clip(index, cut, profile, "mov")
        return msgspec.structs.replace(plan, container="mxf", picture=in_order(plan.picture))
    codec = index.facts.picture.codec
    held = codec in _COPIED_IN_MP4 if container == "mp4" else container != "matroska" or codec not in _NOT_IN_MATROSKA
    copied = profile == "master" and index.intra and held
    recipe = web(index) if profile == "h264" else like_master(index, container)
    pieces: tuple[Piece, ...] = (Piece("copy" if copied else "encode", cut.first, cut.last),)
    record = b""
    laid = profile == "master" and layable(index, container)
    if laid and not copied:
        pieces, recipe, record = _spliced(index, cut, recipe)
    laid = laid and (bool(record) or pieces[0].how == "copy")
    return Plan(
        container=container,
        pieces=pieces,
        picture=recipe,
        configuration=record,
        sounds=_sounds(index, cut, profile, container, laid=laid),
        timecode=index.timecode(cut.first),
        laid=laid,
    )


def layable(index: Index, container: Container) -> bool:
    """Whether samples of a master can stand under a new table of contents in a container, its sound with them."""
    tables = index.tables
    if tables is None or container == "matroska" or min(index.positions) < 0:
        return False
    if container == "mp4" and (index.facts.container == "mxf" or index.facts.picture.codec == "mpeg2video"):
        return False
    if len(tables.sounds) != len(index.facts.sounds):
        return False
    pairs = zip(index.facts.sounds, tables.sounds, strict=True)
    return container == "mp4" or all(
        not track.codec.startswith("pcm_") or (table is not None and sample_bytes(track)) for track, table in pairs
    )


def _spliced(index: Index, cut: Passage, recipe: PictureRecipe) -> tuple[tuple[Piece, ...], PictureRecipe, bytes]:
    """Pieces, recipe and record when groups can be copied; one piece to encode when none can.

    The encoder's parameter sets stand under a number that the master does not use, and do not depend on the pictures.
    """
    number = spare_number(index)
    whole = (Piece("encode", cut.first, cut.last),)
    # `yuvj` is libavformat's old name for the same pixels in full range, as telephones have them.
    pixels = index.facts.picture.pixel_format.replace("yuvj", "yuv")
    if number is None or index.coding is None or recipe.pixel_format != pixels:
        return whole, recipe, b""
    pieces = spliced(index, cut)
    if all(piece.how == "copy" for piece in pieces):
        return pieces, recipe, b""
    return pieces, edge_like(recipe, number), index.coding.configuration


def _sounds(
    index: Index, cut: Passage, profile: Profile, container: Container, *, laid: bool
) -> tuple[SoundRecipe, ...]:
    pair = first_heard(index.facts.sounds) if profile == "h264" else ()
    if len(pair) == 2:
        # Broadcasters keep the stereo programme in the first two tracks; players of the web play one track.
        left, right = pair
        stereo = msgspec.structs.replace(left, channels=2, layout="stereo", name="")
        return (msgspec.structs.replace(_sound(stereo, profile, container), right=right),)
    if not laid or index.tables is None or container == "matroska" or container == "mxf":
        return tuple(_sound(track, profile, container) for track in index.facts.sounds)
    recipes = []
    for track, table in zip(index.facts.sounds, index.tables.sounds, strict=True):
        recipe = _sound(track, profile, container)
        window = sample_window(index, cut.first, cut.last, track.sample_rate)
        encoder = recipe.encoder if recipe.encoder == "aac" else track.codec
        part = taken(table, track, container, *window) if table else None
        recipes.append(msgspec.structs.replace(recipe, encoder=encoder, taken=part))
    return tuple(recipes)


def _sound(track: Sound, profile: Profile, container: Container) -> SoundRecipe:
    if profile == "master" and track.codec.startswith("pcm_") and container != "mp4":
        encoder = "pcm_s16le" if track.codec in ("pcm_u8", "pcm_alaw", "pcm_mulaw") else track.codec
        return SoundRecipe(track=track, encoder=encoder)
    each = 160_000 if profile == "master" else 96_000
    bits = min(each * track.channels, 3 * track.sample_rate * max(2, track.channels))
    return SoundRecipe(track=track, encoder="aac", bit_rate=bits)
